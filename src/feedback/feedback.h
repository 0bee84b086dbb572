/*
 * NAME
 *     feedback - reports of receivers, read
 * DESCRIPTION
 *     DMARC aggregate reports and TLS reports from files as people have them:
 *     plain, packed with gzip or zip, attached to messages, several in one
 *     mailbox, in folders. What a file is follows from its content alone.
 *     Everything is read as a stream; only rows are kept, and texts once.
 *
 *     A set collects the reports of all paths that are added. A report that
 *     cannot be read is left out whole, with a sentence in `notes`; a row that
 *     cannot be read is left out alone. A report that was added before is
 *     counted once. Whether a report is about the domain in question is for the
 *     reader of the set to say.
 * OWNERSHIP
 *     The set and all it holds live in the arena given to feedback_open().
 * ERRORS
 *     feedback_add_path() returns false and fills `why` if the path itself
 *     cannot be opened or read. What is wrong inside is in `notes`.
 * STANDARDS
 *     RFC 7489, appendix C, and RFC 9990 (aggregate reports); RFC 8460, 4 (TLS
 *     reports); RFC 1952 (gzip); RFC 2045 and RFC 2046 (MIME); RFC 4155 (mbox)
 * BUGS
 *     Of zip only members that are stored or deflated are read. What is
 *     encrypted is not.
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

/* does a file that begins so hold reports, or may it: XML, gzip, zip, JSON of RFC 8460; not a
 * message, which is recognised by its other content */
bool feedback_is_likely(struct span head);

/* one bit: "mailing_list" */
const char *feedback_reason_to_text(enum feedback_reason reason);

#endif
