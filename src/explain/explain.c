/* One answer from the reply, the original message, and a check. */
#include "explain/explain.h"

#include <string.h>

#include "base/escape.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "explain/explain_now.h"
#include "mail/mail_message.h"
#include "model/mail_message.h"
#include "model/remedy.h"
#include "model/reply.h"
#include "model/reply_class.h"

#define STEPS_SHOWN 4 /* the report of the check has all */

/* ---- what the bounce leaves out ---- */

/* is_about_dkim - the signature would decide */
static bool is_about_dkim(enum reply_cause_id cause)
{
    return cause == REPLY_CAUSE_DKIM_FAIL || cause == REPLY_CAUSE_UNAUTHENTICATED ||
           cause == REPLY_CAUSE_DMARC_POLICY || cause == REPLY_CAUSE_UNALIGNED ||
           cause == REPLY_CAUSE_AUTH_LEVEL || cause == REPLY_CAUSE_AUTH_FAILED ||
           cause == REPLY_CAUSE_POLICY_MAYBE_AUTH;
}

/* gap_of - what the bounce lacks, where it matters */
static const char *gap_of(struct arena *arena, const struct bounce *bounce,
                          const struct explain_one *one)
{
    const struct mail_message *message = NULL;
    bool is_signed = false;

    if (!explain_is_checked(one->said->class->cause_id))
        return NULL;
    if (is_about_dkim(one->said->class->cause_id)) {
        if (bounce->original.bytes.len > 0)
            message = mail_message_parse(arena, bounce->original.bytes);
        is_signed = message != NULL && mail_header_find(message, "DKIM-Signature", 0) != NULL;
        if (!is_signed)
            return bounce->kind == BOUNCE_REPLY
                       ? "the reply does not carry the message; give the bounce or the message"
                       : "the bounce does not carry the signature; give the message";
        if (bounce->original.is_header_only)
            return "the bounce carries the header only: the body hash is not judged; give the "
                   "message";
    }
    if (one->facts.ip == NULL)
        return "the receiver does not name the client that it saw: give --ip";
    return NULL;
}

/* ---- who ---- */

const char *explain_receiver_of(const struct bounce_recipient *said)
{
    const char *at = strrchr(said->address, '@');

    if (said->class->receiver != NULL)
        return said->class->receiver->title;
    if (said->host != NULL)
        return said->host;
    return at != NULL ? at + 1 : NULL;
}

/* explain_finality - by the action of the report, else by the reply code */
static enum reply_finality explain_finality(const struct bounce *bounce,
                                            const struct bounce_recipient *said)
{
    const char *action = said->action;

    if (action != NULL && strcmp(action, "failed") == 0)
        return REPLY_FINAL;
    if (action != NULL && strcmp(action, "delayed") == 0)
        return REPLY_RETRY;
    if (action != NULL && (strcmp(action, "delivered") == 0 || strcmp(action, "relayed") == 0 ||
                           strcmp(action, "expanded") == 0))
        return REPLY_NO_FAILURE;
    if (bounce->kind == BOUNCE_REPORT && said->class->finality == REPLY_FINAL_UNKNOWN)
        return REPLY_FINAL; /* servers that keep trying say so */
    return said->class->finality;
}

/* ---- what happened, in one line ---- */

/* explain_shown - untrusted octets, made safe and not too long */
static const char *explain_shown(struct arena *arena, const char *text)
{
    return escape_to_text(arena, span_of(text), LIMIT_SHOWN_BYTES);
}

/* explain_outcome - what became of the message */
static const char *explain_outcome(const struct explain_one *one)
{
    static const char *const actions[] = {"refused", "has not yet accepted", "refused",
                                          "accepted"};

    if (one->said->class->cause_id == REPLY_CAUSE_AUTO_REPLY)
        return "answered automatically";
    if (one->said->class->cause_id == REPLY_CAUSE_FEEDBACK)
        return one->failure != NULL ? "reports a failed check of" : "reports a complaint about";
    return actions[one->finality];
}

/* explain_codes - "550 5.7.26, final" */
static const char *explain_codes(struct arena *arena, const struct explain_one *one)
{
    static const char *const finality[] = {"", "retry", "final", "no failure"};
    const struct reply_input *input = &one->said->class->input;
    struct sbuf text = sbuf_start(arena);

    if (input->code >= 100)
        sbuf_addf(&text, "%u ", input->code);
    if (input->enhanced.kind != 0)
        sbuf_addf(&text, "%s ", smtp_enhanced_to_text(arena, &input->enhanced));
    while (text.len > 0 && text.bytes[text.len - 1] == ' ')
        text.len--;
    if (finality[one->finality][0] != '\0')
        sbuf_add_item(&text, ", ", finality[one->finality]);
    return sbuf_text(&text);
}

/* explain_undelivered - what became of mail that nobody answered */
static const char *explain_undelivered(const struct explain_one *one)
{
    return one->finality == REPLY_RETRY ? "has not been delivered yet"
                                        : "could not be delivered";
}

/* explain_headline - who refused which mail, and why */
static const char *explain_headline(struct arena *arena, const struct explain_one *one)
{
    const struct explain_facts *facts = &one->facts;
    const char *from = facts->from != NULL ? facts->from : facts->mail_from;
    struct sbuf text = sbuf_start(arena);

    if (one->is_unanswered)
        sbuf_addf(&text, "Mail");
    else
        sbuf_addf(&text, "%s %s mail",
                  one->receiver != NULL ? explain_shown(arena, one->receiver) : "A server",
                  explain_outcome(one));
    if (from != NULL && from[0] != '\0')
        sbuf_addf(&text, " from %s", explain_shown(arena, from));
    if (one->said->address[0] != '\0')
        sbuf_addf(&text, " to %s", explain_shown(arena, one->said->address));
    if (one->is_unanswered)
        sbuf_addf(&text, " %s", explain_undelivered(one));
    sbuf_addf(&text, ": %s", one->said->class->means);
    return sbuf_text(&text);
}

/* ---- what to do ---- */

/* add_step - one more, unless there are enough */
static void add_step(struct arena *arena, struct explain_one *one, const char *text,
                     const struct remedy *remedy)
{
    struct explain_step step = {text, remedy};

    if (text == NULL || text[0] == '\0' || one->step_count >= STEPS_SHOWN)
        return;
    arena_append(arena, one->steps, one->step_count, step);
}

/* step_is_about - one of its findings has one of the prefixes */
static bool step_is_about(const struct report_step *step, struct span prefixes)
{
    while (prefixes.len > 0) {
        struct span prefix = span_cut(&prefixes, ' ');

        for (size_t i = 0; i < step->about_count; i++)
            if (strncmp(step->about[i]->id, prefix.at, prefix.len) == 0)
                return true;
    }
    return false;
}

/* add_report_steps - steps of the check that cure the cause, the most harmful first */
static void add_report_steps(struct arena *arena, struct explain_one *one)
{
    const struct report_steps *steps = one->now->steps;
    const char *prefixes = explain_now_findings(one->said->class->cause_id);

    for (size_t i = 0; steps != NULL && i < steps->count && prefixes != NULL; i++) {
        const struct report_step *step = &steps->list[i];

        if (!step_is_about(step, span_of(prefixes)))
            continue;
        add_step(arena, one, arena_printf(arena, "%s: %s", step->who, step->text),
                 step->publish != NULL  ? step->publish
                 : step->rest_count > 0 ? step->rest[0]->remedy
                                        : NULL);
    }
}

/* add_gap_step - how to check a signature that the bounce does not have whole */
static void add_gap_step(struct arena *arena, struct explain_one *one)
{
    const struct explain_facts *facts = &one->facts;

    if (one->gap == NULL || !is_about_dkim(one->said->class->cause_id) || facts->domain == NULL)
        return;
    add_step(arena, one,
             arena_printf(arena,
                          "to check the signature, use the message as it was sent: "
                          "mailassay check %s MESSAGE%s%s",
                          explain_shown(arena, facts->domain),
                          facts->ip != NULL ? " --ip " : "",
                          facts->ip != NULL ? explain_shown(arena, facts->ip) : ""),
             NULL);
}

/* add_steps - by the cause, then in DNS */
static void add_steps(struct arena *arena, struct explain_one *one)
{
    if (one->still == EXPLAIN_NEVER) {
        add_step(arena, one,
                 "the forwarder must rewrite the envelope sender (SRS), and not change the "
                 "message",
                 NULL);
        add_step(arena, one,
                 "sign with DKIM, so that forwarded mail passes; do not list the forwarder in "
                 "SPF",
                 NULL);
        return;
    }
    if (one->still == EXPLAIN_NO)
        add_step(arena, one, "send the message again: it would pass now", NULL);
    else
        add_step(arena, one, one->said->class->todo, NULL);
    if (one->now != NULL && one->still != EXPLAIN_NO)
        add_report_steps(arena, one);
    if (one->still != EXPLAIN_NO)
        add_gap_step(arena, one);
}

/* ---- a sentence for the customer ---- */

/* customer_move - who has to act, and how */
static const char *customer_move(struct arena *arena, const struct explain_one *one)
{
    static const char *const whose[] = {
        "Nothing has to be done",
        "The sender has to act",
        "The operator of the sending server has to act",
        "The forwarder has to act",
        "The recipient has to act",
        "The operator of the receiving server has to act",
    };
    const char *todo = one->step_count > 0 ? one->steps[0].text : "";

    return arena_printf(arena, "%s%s%s.", whose[one->move], todo[0] != '\0' ? ": " : "", todo);
}

/* customer_of - one or two sentences without a code in them */
static const char *customer_of(struct arena *arena, const struct explain_one *one)
{
    const struct reply_class *class = one->said->class;
    const char *who =
        one->receiver != NULL ? explain_shown(arena, one->receiver) : "The receiving server";
    const char *to =
        one->said->address[0] != '\0'
            ? arena_printf(arena, " to %s", explain_shown(arena, one->said->address))
            : "";

    if (class->cause_id == REPLY_CAUSE_AUTO_REPLY)
        return arena_printf(arena, "Your message%s was delivered; this is an automatic reply.",
                            to);
    if (one->failure != NULL)
        return arena_printf(arena, "%s reports that %s failed for a message%s. %s", who,
                            one->failure, to, customer_move(arena, one));
    if (class->cause_id == REPLY_CAUSE_FEEDBACK)
        return arena_printf(arena, "%s reports a complaint about a message%s.", who, to);
    if (one->is_unanswered)
        return arena_printf(arena, "The message%s %s. The reason: %s. %s", to,
                            explain_undelivered(one), class->means, customer_move(arena, one));
    if (one->finality == REPLY_NO_FAILURE)
        return arena_printf(arena, "%s accepted the message%s.", who, to);
    if (!one->is_known)
        return arena_printf(arena,
                            "%s did not accept the message%s; its reply gives no reason that "
                            "is known here. %s",
                            who, to, customer_move(arena, one));
    return arena_printf(arena, "%s %s the message%s. The reason: %s. %s", who,
                        one->finality == REPLY_RETRY ? "has not yet accepted"
                                                     : "did not accept",
                        to, class->means, customer_move(arena, one));
}

/* explain_is_unanswered - the sending server itself gave up: no server has said anything */
static bool explain_is_unanswered(const struct explain_one *one)
{
    enum reply_cause_id cause = one->said->class->cause_id;

    return one->said->class->input.code == 0 && one->finality != REPLY_NO_FAILURE &&
           (cause == REPLY_CAUSE_RECIPIENT_DOMAIN || cause == REPLY_CAUSE_TIMEOUT ||
            cause == REPLY_CAUSE_DNS || cause == REPLY_CAUSE_DANE ||
            cause == REPLY_CAUSE_EXPIRED);
}

/* ---- reports of a failed check (RFC 6591) ---- */

static const char failure_todo[] =
    "find out whether the client is yours: if so, make it pass SPF or DKIM; if not, somebody "
    "else sends in your name, and only a DMARC policy stops that";

/* explain_failed - what failed, by its name; NULL: it is not such a report */
static const char *explain_failed(const struct bounce *bounce)
{
    const char *failure = bounce->kind == BOUNCE_FEEDBACK ? bounce->failure : NULL;

    if (failure == NULL)
        return NULL;
    return strcmp(failure, "dmarc") == 0 ? "DMARC"
           : strcmp(failure, "spf") == 0 ? "SPF"
                                         : "DKIM";
}

/* explain_failure - the same recipient where a check failed and nobody complained */
static const struct bounce_recipient *
explain_failure(struct arena *arena, const struct bounce_recipient *said, const char *failure)
{
    struct bounce_recipient *own = arena_new_of(arena, struct bounce_recipient);
    struct reply_class *class = arena_new_of(arena, struct reply_class);

    *own = *said;
    *class = *said->class;
    class->means =
        arena_printf(arena, "%s failed at the receiver", explain_shown(arena, failure));
    class->todo = failure_todo;
    own->class = class;
    return own;
}

/* ---- all together ---- */

struct explain_one *explain_one(struct arena *arena, const struct bounce *bounce,
                                const struct bounce_recipient *said, const struct report *now)
{
    struct explain_one *one = arena_new_of(arena, struct explain_one);

    *one = (struct explain_one){.said = said, .now = now, .move = said->class->move};
    one->failure = explain_failed(bounce);
    if (one->failure != NULL)
        one->said = said = explain_failure(arena, said, one->failure);
    one->receiver = explain_receiver_of(said);
    one->facts = explain_facts_of(arena, bounce, said);
    one->finality = explain_finality(bounce, said);
    one->is_unanswered = explain_is_unanswered(one);
    one->is_known = said->class->cause_id != REPLY_CAUSE_UNKNOWN;
    one->gap = gap_of(arena, bounce, one);
    if (now != NULL)
        explain_now_judge(arena, one);
    add_steps(arena, one);
    one->customer = customer_of(arena, one);
    one->headline = explain_headline(arena, one);
    one->codes = explain_codes(arena, one);
    return one;
}

/* ---- exit status ---- */

/* worse_of - still applies, then unknown, then fine */
static int worse_of(int one, int other)
{
    if (one == EXPLAIN_STILL_SO || other == EXPLAIN_STILL_SO)
        return EXPLAIN_STILL_SO;
    return one == EXPLAIN_NOT_KNOWN || other == EXPLAIN_NOT_KNOWN ? EXPLAIN_NOT_KNOWN
                                                                  : EXPLAIN_FINE;
}

/* status_of_cause - where only the cause is kept */
static int status_of_cause(const char *id)
{
    enum reply_cause_id cause = reply_cause_find(span_of(id));
    enum reply_move move =
        cause < REPLY_CAUSES ? reply_cause_get(cause)->move : REPLY_MOVE_NOBODY;

    if (cause == REPLY_CAUSE_UNKNOWN)
        return EXPLAIN_NOT_KNOWN;
    return cause != REPLY_CAUSE_FEEDBACK &&
                   (move == REPLY_MOVE_SENDER || move == REPLY_MOVE_PROVIDER)
               ? EXPLAIN_STILL_SO
               : EXPLAIN_FINE;
}

int explain_status_of_row(const struct explain *explain, const struct explain_row *row)
{
    int status = EXPLAIN_FINE;

    for (size_t i = 0; i < explain->count; i++) {
        const struct explain_one *one = explain->list[i];

        if (strcmp(one->said->class->cause->id, row->cause) == 0 &&
            (row->receiver[0] == '\0' ||
             (one->receiver != NULL && strcmp(one->receiver, row->receiver) == 0)))
            status = worse_of(status, explain_status(one));
    }
    return explain->count > 0 ? status : status_of_cause(row->cause);
}

int explain_status(const struct explain_one *one)
{
    bool is_ours = one->move == REPLY_MOVE_SENDER || one->move == REPLY_MOVE_PROVIDER;
    enum reply_cause_id cause = one->said->class->cause_id;

    if (!one->is_known)
        return EXPLAIN_NOT_KNOWN;
    if (one->finality == REPLY_NO_FAILURE || cause == REPLY_CAUSE_AUTO_REPLY ||
        cause == REPLY_CAUSE_FEEDBACK || !is_ours)
        return EXPLAIN_FINE;
    switch (one->still) {
    case EXPLAIN_NO:
    case EXPLAIN_NEVER:
        return EXPLAIN_FINE;
    case EXPLAIN_UNKNOWN:
        return one->now != NULL ? EXPLAIN_NOT_KNOWN : EXPLAIN_STILL_SO;
    case EXPLAIN_YES:
        break;
    }
    return EXPLAIN_STILL_SO;
}

int explain_status_of_all(const struct explain *explain)
{
    int status = EXPLAIN_FINE;

    if (explain->count == 0 && explain->total == 0)
        return EXPLAIN_NOT_KNOWN;
    for (size_t i = 0; i < explain->count; i++)
        status = worse_of(status, explain_status(explain->list[i]));
    for (size_t i = 0; explain->count == 0 && i < explain->row_count; i++)
        status = worse_of(status, status_of_cause(explain->rows[i].cause));
    return status;
}
