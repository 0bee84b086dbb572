/*
 * NAME
 *     render_sandbox - the messages that a sandbox received
 * DESCRIPTION
 *     The records of messages with the answers they got and what was expected of them, as
 *     text or JSON. In JSON each message has its whole report.
 * OWNERSHIP
 *     Bytes go to `out`; scratch is in its arena. Records belong to the caller.
 * ERRORS
 *     None.
 */
#ifndef RENDER_SANDBOX_H
#define RENDER_SANDBOX_H

#include <jansson.h>

#include "base/arena.h"
#include "model/issue.h"
#include "base/sbuf.h"
#include "model/report.h"

struct render_sandbox_message {
    json_t *record;
    json_t *report; /* NULL: none could be made; text does without */
};

/* a sender and a recipient, and what the client did */
struct render_sandbox_tried {
    const char *from; /* escaped, as the next */
    const char *to;
    uint64_t count;
    const char *text; /* "tried 2 times, 1.2 s apart (451, 250): came back and was accepted" */
};

struct render_sandbox {
    const char *time;          /* of the end, RFC 3339 */
    enum report_result result; /* of all together */
    const char *reason;        /* why it is no pass; NULL */
    const struct render_sandbox_message *messages;
    size_t message_count;
    const struct render_sandbox_tried *tried;
    size_t tried_count;
    uint64_t came;                      /* messages, also those that are not listed */
    uint64_t wanted;                    /* --count; 0: not said */
    const char *command;                /* NULL: none */
    int command_status;                 /* its exit status; 128 and more: a signal */
    bool is_command_running;            /* it was ended */
    const struct report_issues *issues; /* for formats of CI */
};

void render_sandbox_text(const struct render_sandbox *sandbox,
                         const struct report_options *options, struct sbuf *out);
/* the same, which is the caller's */
json_t *render_sandbox_document(const struct render_sandbox *sandbox,
                                const struct report_options *options, struct arena *arena);
/* a record a line */
void render_sandbox_jsonl(const struct render_sandbox *sandbox,
                          const struct report_options *options, struct sbuf *out);

#endif
