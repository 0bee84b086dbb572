/*
 * NAME
 *     limits_serve - bounds of what serves others, each with its reason
 * DESCRIPTION
 *     A part of limits.h: what the local page and the sandbox accept from
 *     clients.
 */
#ifndef LIMITS_SERVE_H
#define LIMITS_SERVE_H

/* serve: octets of a request's body, which is what mail systems take (25 MB); of all fields of
 * a form that stay in memory; of all JSON bodies at once. Queued jobs, reports that are kept,
 * seconds of a process, octets read of its messages; connections, seconds without a request. */
#define LIMIT_WEB_BODY_BYTES     (25 * 1024 * 1024)
#define LIMIT_WEB_FIELDS_BYTES   (64 * 1024)
#define LIMIT_WEB_BUFFERED_BYTES (100 * 1024 * 1024)
#define LIMIT_WEB_QUEUE          200
#define LIMIT_WEB_REPORTS        1000
#define LIMIT_WEB_SECONDS        120
#define LIMIT_WEB_ERRORS_BYTES   (1024 * 1024)
#define LIMIT_WEB_CONNECTIONS    400
#define LIMIT_WEB_IDLE_SECONDS   30

/* The sandbox's page: octets of a message that a list or a search looks at, which hold the
 * header and the beginning of the text, and of one that is shown; messages of a list, and those
 * that a search looks at; seconds of a wait for messages; clients that listen to its events, so
 * that connections are left for others. */
#define LIMIT_WEB_LOOK_BYTES (64 * 1024)
#define LIMIT_WEB_MAIL_BYTES (4 * 1024 * 1024)
#define LIMIT_WEB_LISTED     200
#define LIMIT_WEB_SEARCHED   1000
#define LIMIT_WEB_WAIT       300
#define LIMIT_WEB_LISTENERS  50
/* Processes at once of one server or scan. */
#define LIMIT_JOBS 1024
/* Nesting of a stored report; that of the deepest SPF tree has 30. */
#define LIMIT_DOCUMENT_DEPTH 100

/* The sandbox: connections at a time; octets that wait for it, which hold the longest line,
 * of AUTH (RFC 4954, 4), and octets of replies that wait for the client; octets of a
 * command line (RFC 5321, 4.5.3.1.4 wants 512 and more for parameters), and its parameters,
 * of which there are seven; recipients, ten times what a server must take (RFC 5321,
 * 4.5.3.1.8). Lines of a script of faults, and the longest delay, which is longer than clients
 * wait (RFC 5321, 4.5.3.2). */
#define LIMIT_SANDBOX_CONNECTIONS   500
#define LIMIT_SANDBOX_SCRIPT_LINES  1000
#define LIMIT_SANDBOX_DELAY_MS      600000
#define LIMIT_SANDBOX_INPUT_BYTES   (16 * 1024)
#define LIMIT_SANDBOX_REPLY_BYTES   (16 * 1024)
#define LIMIT_SANDBOX_COMMAND_BYTES 2048
#define LIMIT_SANDBOX_PARAMETERS    20
#define LIMIT_SANDBOX_RECIPIENTS    1000

/* Of one session: errors, commands, greetings (whose names are kept), and lines of its
 * transcript, before the first message and for each. Octets above the limit of a message
 * that are read and dropped, so that clients hear why; milliseconds a message may take;
 * octets of a PROXY header, whose addresses take 52. */
#define LIMIT_SANDBOX_ERRORS        20
#define LIMIT_SANDBOX_COMMANDS      100000
#define LIMIT_SANDBOX_HELOS         1000
#define LIMIT_SANDBOX_LINES         100
#define LIMIT_SANDBOX_DROPPED_BYTES (64 * 1024 * 1024)
#define LIMIT_SANDBOX_MESSAGE_MS    1800000
#define LIMIT_SANDBOX_PROXY_BYTES   1024

/* Processes that judge its messages; octets of what each sends back, a reply and a summary;
 * milliseconds a client waits for it: RFC 5321, 4.5.3.2.6 has clients wait ten minutes. */
#define LIMIT_SANDBOX_JUDGES       4
#define LIMIT_SANDBOX_ANSWER_BYTES 4096
#define LIMIT_SANDBOX_JUDGE_MS     300000

/* Of a run: pairs of sender and recipient whose tries it remembers, messages in its folder,
 * those that its result lists, expectations, addresses that it listens on, seconds to wait
 * for messages, octets of a message that a delivery report returns whole, octets of a file
 * of users or addresses, and words of the command that it runs. */
#define LIMIT_SANDBOX_MESSAGES       100000
#define LIMIT_SANDBOX_TRIED          1000
#define LIMIT_SANDBOX_RETURNED_BYTES (1024 * 1024)
#define LIMIT_SANDBOX_SHOWN          1000
#define LIMIT_SANDBOX_EXPECTED       100
#define LIMIT_SANDBOX_LISTENERS      256
#define LIMIT_SANDBOX_SECONDS        86400
#define LIMIT_SANDBOX_USERS_BYTES    (1024 * 1024)
#define LIMIT_COMMAND_WORDS          1000

#endif
