/*
 * NAME
 *     bounce_private - the readers behind bounce_read()
 * DESCRIPTION
 *     Private to the room. Each reader takes bytes of its kind and adds recipients.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None.
 */
#ifndef BOUNCE_PRIVATE_H
#define BOUNCE_PRIVATE_H

#include "base/arena.h"
#include "base/span.h"
#include "bounce/bounce.h"
#include "bounce/bounce_part.h"
#include "model/bounce.h"
#include "model/reply.h"
#include "model/reply_cause.h"

/* a recipient while it is read */
struct bounce_draft {
    struct bounce_recipient said;
    struct span diagnostic;      /* of a field: the reply as it was reported */
    struct smtp_enhanced status; /* kind 0: none */
    struct span excerpt;         /* of the text, about this recipient */
    enum reply_cause_id cause;   /* known by the form of the report; REPLY_CAUSES: not */
};

struct bounce_reader {
    struct arena *arena;
    struct bounce *out;
    struct bounce_draft *drafts;
    size_t count;
    bool is_full;         /* more recipients were found than are kept */
    const char *reporter; /* of all; NULL */
    bool has_time;
    int64_t time;              /* of all */
    enum reply_cause_id cause; /* of recipients from now on; REPLY_CAUSES: by their texts */
    struct span everything;    /* the text of the report, without the original */
};

struct bounce_draft *bounce_draft_add(struct bounce_reader *in, struct span address);
struct bounce_draft *bounce_draft_find(struct bounce_reader *in, struct span address);

/* delivery-status fields, in a part of their own or in a text; false: no recipient in them */
bool bounce_status_read(struct bounce_reader *in, struct span text, bool is_part);
/* recipients and excerpts from text written for people */
void bounce_text_read(struct bounce_reader *in, struct span text,
                      const struct bounce_parts *parts);
bool bounce_feedback_read(struct bounce_reader *in, const struct bounce_parts *parts);
/* an answer of a person's program: RFC 3834 */
bool bounce_is_auto_reply(struct arena *arena, const struct bounce_parts *parts);
/* a receipt that the recipient's program sends: RFC 8098 */
bool bounce_is_receipt(const struct bounce_parts *parts);
/* the report is about a message that is still in the queue */
bool bounce_is_warning(struct arena *arena, const struct bounce_parts *parts, struct span text);
bool bounce_feedback_is(const struct bounce_parts *parts);
bool bounce_log_read(struct bounce_reader *in, struct span line);
bool bounce_event_read(struct bounce_reader *in, struct span json);
/* the text has words of a report */
bool bounce_text_says(struct arena *arena, struct span text);
/* the message looks like a report of any form */
bool bounce_is_report(struct arena *arena, const struct bounce_parts *parts);
/* the header is complete and not that of a report: a person wrote the message */
bool bounce_is_of_person(struct arena *arena, const struct bounce_parts *parts);

/* ---- words ---- */

/* the line begins with a reply code of a failure: "550 " or "421-" */
bool bounce_code_at(struct span line);
/* the address that a text begins with, "<a@b>" or "a@b" or "\"a@b\""; its octets, 0: none */
size_t bounce_address_at(struct span text, struct span *address_out);
/* the next address of a list, from `at` on; the offset behind it, 0: none */
size_t bounce_address_next(struct span list, size_t at, struct span *address_out);
/* "rfc822; <a@b>" */
struct span bounce_typed_address(struct span value);
/* the date of RFC 5322, 3.3, or of RFC 3339 */
bool bounce_date(struct span text, int64_t *seconds_out);

/* add to `faults` */
void bounce_fault(struct bounce_reader *in, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
