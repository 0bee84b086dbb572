/*
 * NAME
 *     app_options - the command line, read
 * DESCRIPTION
 *     Every option is a row of option_table.def: from it come reading, help,
 *     suggestions and the tests that walk all options. A group of options
 *     (enum app_takes) belongs to the commands whose row names it; elsewhere
 *     it is refused. "--name value" and "--name=value" are the same, letters
 *     may be joined ("-qv", "-oFILE"), "--" ends the options.
 * OWNERSHIP
 *     In the arena, or in argv.
 * ERRORS
 *     app_options_read() returns false and fills `why` (ERR_USAGE).
 */
#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/ip.h"
#include "base/span.h"
#include "dnssec/dnssec_anchor.h"
#include "mail/mail_message.h"
#include "model/report.h"
#include "queue/queue.h"
#include "render/render_view.h"
#include "model/smtp_dialogue.h"
#include "source/source.h"

/* one position a group, so that no two share a bit */
enum app_group {
#define OPTION_GROUP(name) GROUP_##name,
#include "app/option_group.def"
};

enum app_takes {
    TAKES_NOTHING = 0, /* of an option: every command takes it */
#define OPTION_GROUP(name) TAKES_##name = 1 << GROUP_##name,
#include "app/option_group.def"
};

enum app_color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };
enum app_bulk { BULK_BOTH, BULK_YES, BULK_NO };
enum app_engines { ENGINES_DEFAULT, ENGINES_ON, ENGINES_OFF };

enum app_demand { DEMAND_TLS = 1, DEMAND_AUTH = 2 };

struct app_list { /* values of a repeatable option, in order */
    const char **texts;
    size_t count;
};

/* smtp --live; what is NULL or 0 was not given */
struct app_live {
    const char *target;    /* "HOST[:PORT]", "mx[:PORT]" */
    enum ip_family family; /* IP_NONE: both */
    enum smtp_tls_mode tls;
    const char *ehlo;
    bool has_stop;
    enum smtp_state stop_after;
    const char *user;
    const char *mechanism;
    const char *password_file;
    bool has_password_fd;
    int password_fd;
    bool allows_clear;
    bool allows_untrusted;
    bool has_versions; /* ask for each version of TLS */
    bool allows_local; /* targets within networks of ours, although DNS names them */
    const char *ca_file;
    unsigned wait_ms;
    bool has_pause;
    unsigned pause_ms;
};

/* sandbox */
struct app_sandbox_options {
    struct app_list listen; /* "ADDR:PORT[=NAME]"; serve takes the last */
    struct app_list listen_tls;
    struct ip_address client; /* IP_NONE: not given */
    const char *client_map;
    bool has_proxy;
    const char *spool;
    const char *ca_out;
    const char *auth_file;
    const char *http;  /* NULL: no page */
    const char *after; /* folder; NULL: not asked for */
    unsigned demands;  /* sum of enum app_demand */
    bool is_strict;
    bool has_chaos;
    uint64_t chaos;
    const char *faults; /* NULL: no script */
    struct app_list expected;
    uint64_t count; /* 0: not given */
    bool has_within;
    unsigned within_ms;
};

struct app_options {
    struct arena *arena;
    struct ip_address ip; /* IP_NONE: not given */
    const char *helo;
    const char *mail_from; /* without <> */
    const char *rcpt;
    /* why SMTP could not send the envelope; only check_host() takes it. NULL: it could */
    const char *unsendable;
    struct mail_choice message;
    struct app_list selectors;
    struct app_list reports; /* files and folders of --reports */
    struct app_list dns;
    struct source_options source;
    const struct dnssec_anchor *anchors; /* NULL: the root's */
    const char *save_snapshot;
    bool has_now;
    int64_t now;
    bool has_no_https;
    const char *https_connect; /* "ADDR:PORT": all HTTPS goes there; NULL */
    enum app_engines engines;
    struct app_live live;
    unsigned port;              /* of the session; 0: not given */
    uint64_t size_limit;        /* likewise */
    enum render_format format;  /* FORMAT_NONE: not given */
    const char *unknown_format; /* the value of --format; NULL: there is such a format */
    struct app_list outputs;
    unsigned in_flight; /* of scan; 0: adapted */
    bool is_unordered;
    const char *resume;       /* file of reports; NULL */
    struct queue_place queue; /* of --queue; URL NULL: none */
    enum app_color color;
    enum report_threshold threshold;
    struct app_list ignored; /* ids */
    const char *baseline;
    int record_form;           /* enum render_record_form */
    struct app_list spf_added; /* terms of --spf-add */
    bool is_parked;
    bool has_no_check;
    struct app_list old_worlds; /* of gate and diff */
    struct app_list new_worlds;
    struct app_list beside;
    struct app_list messages;
    struct app_list allowed; /* values of --allow */
    bool has_all;
    bool allows_undetermined;
    struct app_sandbox_options sandbox;
    const char *fix;          /* file to write; NULL: none */
    const char *policy_file;  /* for the MTA-STS policy of record; NULL: none */
    const char *key;          /* file for a private key; NULL: none */
    const char *providers;    /* file of --providers; NULL: what is built in */
    struct app_list policies; /* values of --policy: names with commas between */
    enum app_bulk bulk;
    bool has_stale;
    int64_t stale_days;
    bool has_as_of;
    int64_t as_of;  /* days since 1970-01-01 */
    unsigned shown; /* sum of enum report_part */
    unsigned width; /* columns of text; 0: not given */
    bool has_no_pager;
    bool has_progress; /* lines, also where there is no terminal */
    const char *keep;
    const char *run_as;
    unsigned jobs; /* processes at once; 0: one per processor */
    bool allows_https;
    bool is_redacted;
    bool is_quiet;
    bool is_verbose;
    bool wants_version;
    bool wants_help;
};

enum app_option_kind {
    OPTION_SWITCH,  /* bool */
    OPTION_CHOICE,  /* one of two switches; the other contradicts it */
    OPTION_TEXT,    /* not empty */
    OPTION_LINE,    /* not empty and without line ends */
    OPTION_TAKEN,   /* a file that a library opens */
    OPTION_LIST,    /* texts of a repeatable option */
    OPTION_NUMBER,  /* from `least` to `most` */
    OPTION_SECONDS, /* likewise, in milliseconds; `places`: decimals that it may have */
    OPTION_WORD,    /* of `words` */
    OPTION_WORDS,   /* a list of these; their sum */
    OPTION_ADDRESS,
    OPTION_CALL
};

struct app_option_word {
    const char *text; /* NULL ends the list */
    int value;
};

/* what a value must be, and where it goes: offsets into struct app_options */
struct app_option_type {
    enum app_option_kind kind;
    size_t at;
    size_t size;
    size_t given_at; /* bool: the option was given; 0: nobody asks */
    uint64_t least;
    uint64_t most; /* of a list: texts; 0: no bound */
    unsigned places;
    const struct app_option_word *words;
    const char *rival;
    bool (*call)(struct app_options *options, const char *value, struct err *why);
};

struct app_option {
    const char *name; /* without the dashes */
    char letter;      /* '\0': none */
    /* what help calls the value; NULL: a switch; "[DAYS]": a number that may be left out */
    const char *value;
    unsigned group; /* sum of enum app_takes; 0: everywhere */
    struct app_option_type type;
    const char *help;
};

struct app_command {
    const char *name;
    const char *arguments;
    size_t least; /* arguments */
    size_t most;
    unsigned takes; /* sum of enum app_takes */
    const char *summary;
    const char *details;
    const char *statuses; /* "0 done", one a line; those of every command are left out */
    const char *examples; /* one a line */
};

size_t app_option_count(void);
const struct app_option *app_option_get(size_t index);
const struct app_option *app_option_find(struct span name); /* NULL: none */
size_t app_command_count(void);
const struct app_command *app_command_get(size_t index);
const struct app_command *app_command_find(const char *name); /* NULL: none */

/* what it is for; the formats that --format may name are those of the command, NULL: all */
const char *app_option_help(struct arena *arena, const struct app_option *option,
                            const struct app_command *command);

/* has the option a meaning for the command; NULL: for any */
bool app_option_applies(const struct app_option *option, const struct app_command *command);

/* what was read: the command and its arguments */
struct app_line {
    const struct app_command *command; /* NULL: none was given */
    const char *const *arguments;
    size_t argument_count;
    bool is_ended; /* "--" stood before the arguments, or among them */
};

/* NULL: as many were not given */
const char *app_line_argument(const struct app_line *line, size_t index);

/* fills `why`: no such command, and which was probably meant */
void app_command_refuse(struct arena *arena, const char *name, struct err *why);

bool app_options_read(struct app_options *options, char **argv, struct app_line *line_out,
                      struct err *why);

/* why a value is refused that is not in a list like "a, b or c", with the nearest of them */
const char *app_option_unlisted(const struct app_options *options, const char *text,
                                const char *list);

/* --now, else the clock */
int64_t app_options_now(const struct app_options *options);

/* store the value, or say why not; "--NAME" is in front */
bool app_option_set(struct app_options *options, const struct app_option *option,
                    const char *text, struct err *why);

/* what CALL() names in option_table.def */
#define OPTION_CALLED(id) \
    bool option_##id(struct app_options *options, const char *text, struct err *why)
OPTION_CALLED(helo);
OPTION_CALLED(mail_from);
OPTION_CALLED(rcpt);
OPTION_CALLED(message_number);
OPTION_CALLED(selector);
OPTION_CALLED(trust_anchor);
OPTION_CALLED(now);
OPTION_CALLED(https_connect);
OPTION_CALLED(as_of);
OPTION_CALLED(stale);
OPTION_CALLED(port);
OPTION_CALLED(ehlo);
OPTION_CALLED(mechanism);
OPTION_CALLED(format);
OPTION_CALLED(ignore);
OPTION_CALLED(record_format);
OPTION_CALLED(spf_add);

#endif
