/*
 * NAME
 *     feedback - read reports of receivers
 * DESCRIPTION
 *     DMARC aggregate reports and TLS reports: plain, packed with gzip or zip,
 *     attached to messages, in mailboxes and folders. What a file is follows from
 *     its content alone. Everything is read as a stream; only rows are kept, and
 *     each text once.
 *
 *     A set collects the reports of all paths. A report that cannot be read is
 *     left out, with a sentence in `notes`; of a row that cannot be read only the
 *     row. A report that is added again is counted once. The caller selects the
 *     reports about its domain.
 * OWNERSHIP
 *     The set and all it holds live in the arena given to feedback_open().
 * ERRORS
 *     feedback_add_path() returns false and fills `why` if the path itself
 *     cannot be opened or read. What is wrong inside is in `notes`.
 * STANDARDS
 *     RFC 7489, appendix C, and RFC 9990 (aggregate reports); RFC 8460, 4 (TLS
 *     reports); RFC 1952 (gzip); RFC 2045 and RFC 2046 (MIME); RFC 4155 (mbox)
 * BUGS
 *     Of zip archives only stored and deflated members are read, and no encrypted
 *     ones.
 */
#ifndef FEEDBACK_H
#define FEEDBACK_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "model/feedback.h"

struct feedback_set *feedback_open(struct arena *arena);

/* a file, a folder with all below it, a mailbox; "-" is standard input */
bool feedback_add_path(struct feedback_set *set, const char *path, struct err *why);

/* the same of bytes in memory; `place` is their name */
void feedback_add_bytes(struct feedback_set *set, const char *place, struct span bytes);

/* the beginning of a file that may hold reports: XML, gzip, zip, JSON of RFC 8460; not a
 * message */
bool feedback_is_likely(struct span head);

/* one bit: "mailing_list" */
const char *feedback_reason_to_text(enum feedback_reason reason);

#endif
