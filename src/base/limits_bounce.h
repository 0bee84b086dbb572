/*
 * NAME
 *     limits_bounce - bounds of bounces and replies, each with its reason
 * DESCRIPTION
 *     A part of limits.h: what reading replies, bounces and logs, and explaining
 *     them, may cost.
 */
#ifndef LIMITS_BOUNCE_H
#define LIMITS_BOUNCE_H

/* One reply of an SMTP server: octets of a line, lines, octets in all. The standard allows
 * 512 octets a line (RFC 5321, 4.5.3.1.5); the longest EHLO reply measured has 25 lines. */
#define LIMIT_REPLY_LINE_BYTES 4096
#define LIMIT_REPLY_LINES      200
#define LIMIT_REPLY_BYTES      (64 * 1024)

/* Words of a reply given as arguments, unquoted: a long one has 100. */
#define LIMIT_REPLY_WORDS 1000

/* Octets that a "*" in a phrase of policies/replies.yaml stands for: a name, an address and a
 * link between two words of a reply. */
#define LIMIT_PHRASE_GAP 200

/* A bounce: octets of the file that are read, of its beginning by which its kind is found,
 * parts and depth of MIME, recipients. The longest of 334 real ones has 120 KB, the returned
 * message included; a report names up to some hundred recipients. A forward is two levels, and
 * people forward a bounce up to some ten times. */
#define LIMIT_BOUNCE_BYTES      (4 * 1024 * 1024)
#define LIMIT_BOUNCE_HEAD       (64 * 1024)
#define LIMIT_BOUNCE_PARTS      200
#define LIMIT_BOUNCE_DEPTH      50
#define LIMIT_BOUNCE_RECIPIENTS 1000

/* Fields of the header of a bounce or one of its parts, octets of the name of one (RFC 5322,
 * 2.1.1 allows a line of 998), lines by which a header in a text or a log is recognised. */
#define LIMIT_BOUNCE_FIELDS 2000
#define LIMIT_FIELD_NAME    128
#define LIMIT_BOUNCE_LOOK   40

/* Rows of the table by cause and receiver; checks of one run, each of them a subject;
 * recipients that a text shows one by one before it becomes a table. */
#define LIMIT_EXPLAIN_ROWS   1000
#define LIMIT_EXPLAIN_CHECKS 5
#define LIMIT_EXPLAIN_BLOCKS 8

/* Results that others wrote into a message, compared with ours: a hop writes four or five. */
#define LIMIT_STATED 200

/* Folders inside a folder: a Maildir has two levels, one with folders of its own three. */
#define LIMIT_EXPLAIN_FOLDERS 3

/* Octets of a text about one recipient: after how many an empty line ends it, and how many are
 * kept. Octets of an HTML tag. */
#define LIMIT_BOUNCE_EXCERPT 1200
#define LIMIT_BOUNCE_TEXT    2000
#define LIMIT_HTML_TAG       2000

#endif
