/*
 * Outcomes of receivers become transcripts, and replies at the step where each receiver
 * decides. Those with the same line are one reply with several names. Replies to the final dot
 * may differ within one transcript, because nothing before them differs.
 */
#include <string.h>

#include "model/report.h"
#include "session/session_part.h"
#include "base/sbuf.h"
#include "base/span.h"

#define CODE_CLOSING "421" /* RFC 5321, 3.8: the server closes the connection */

/* ---- transcripts ---- */

unsigned session_place(enum smtp_state state)
{
    unsigned place = 0;

    for (enum smtp_state at = SMTP_STATE_CONNECT; at != state && at != SMTP_STATE_CLOSED;
         at = smtp_dialogue_session_next(at))
        place++;
    return place;
}

/* session_receivers_state_of - where the receiver's rule decides; a client is refused in
 * place of the greeting */
static enum smtp_state session_receivers_state_of(const struct policy_outcome *outcome)
{
    static const enum smtp_state states[] = {
        [POLICY_AT_CONNECT] = SMTP_STATE_GREETING, [POLICY_AT_EHLO] = SMTP_STATE_EHLO,
        [POLICY_AT_MAIL] = SMTP_STATE_MAIL,        [POLICY_AT_RCPT] = SMTP_STATE_RCPT,
        [POLICY_AT_DATA] = SMTP_STATE_DATA,        [POLICY_AT_HEADER] = SMTP_STATE_CONTENT,
        [POLICY_AT_DOT] = SMTP_STATE_DOT,
    };

    return states[outcome->rule != NULL ? outcome->rule->at : POLICY_AT_DOT];
}

/* session_receivers_is_closing - the reply ends the connection, too */
static bool session_receivers_is_closing(const struct policy_outcome *outcome)
{
    return outcome->code != NULL && strcmp(outcome->code, CODE_CLOSING) == 0;
}

/* find_transcript - the one that ends so, else a new one, after the longer ones */
static struct session_transcript *find_transcript(struct arena *arena,
                                                  struct session_transcript **first,
                                                  enum smtp_state ends_at, bool is_closed)
{
    struct session_transcript **at = first;
    struct session_transcript *transcript = NULL;

    for (; *at != NULL && session_place((*at)->ends_at) >= session_place(ends_at);
         at = &(*at)->next)
        if ((*at)->ends_at == ends_at && (*at)->is_closed == is_closed)
            return *at;
    transcript = arena_new_of(arena, struct session_transcript);
    *transcript =
        (struct session_transcript){.ends_at = ends_at, .is_closed = is_closed, .next = *at};
    *at = transcript;
    return transcript;
}

/* transcript_of_port - where port and TLS mode decide, for any receiver; NULL: they do not */
static struct session_transcript *transcript_of_port(struct arena *arena,
                                                     const struct session_setting *setting)
{
    const struct smtp_port *port = setting->port;
    bool is_implicit = setting->tls == SMTP_TLS_IMPLICIT;
    struct session_transcript *transcript = arena_new_of(arena, struct session_transcript);

    *transcript = (struct session_transcript){.ends_at = SMTP_STATE_DOT};
    if (is_implicit != (port->tls == SMTP_TLS_IMPLICIT))
        *transcript = (struct session_transcript){.ends_at = is_implicit ? SMTP_STATE_TLS_FIRST
                                                                         : SMTP_STATE_GREETING,
                                                  .is_closed = true,
                                                  .why = port->mismatch};
    else if (port->has_login && setting->tls == SMTP_TLS_NONE)
        *transcript = (struct session_transcript){
            .ends_at = SMTP_STATE_AUTH,
            .server = "530 5.7.0",
            .why = "without TLS the server lists no AUTH, and replies 530 5.7.0, STARTTLS "
                   "first (RFC 3207, 4), or 538 5.7.11, encryption required"};
    else if (!port->has_login)
        return NULL;
    return transcript;
}

/* transcripts_of_receivers - by their rules; without receivers up to the final dot */
static struct session_transcript *transcripts_of_receivers(struct arena *arena,
                                                           const struct report *report)
{
    struct session_transcript *first = NULL;

    for (size_t i = 0; i < report->outcome_count; i++) {
        const struct policy_outcome *outcome = &report->outcomes[i];
        enum smtp_state state = session_receivers_state_of(outcome);
        struct session_transcript *transcript = NULL;

        if (outcome->policy->kind != POLICY_RECEIVER)
            continue;
        transcript =
            find_transcript(arena, &first, state,
                            state != SMTP_STATE_DOT && session_receivers_is_closing(outcome));
        arena_append(arena, transcript->outcomes, transcript->outcome_count, outcome);
    }
    if (first == NULL)
        find_transcript(arena, &first, SMTP_STATE_DOT, false);
    return first;
}

/* cut_at_size - a server refuses the size in reply to MAIL FROM, unless it refuses before */
static void cut_at_size(struct arena *arena, struct session_transcript **first)
{
    struct session_transcript *cut = arena_new_of(arena, struct session_transcript);

    *cut = (struct session_transcript){
        .ends_at = SMTP_STATE_MAIL,
        .server = "552 5.3.4",
        .why = "the message is too large for this server, and is not sent (RFC 1870, 6.1)"};
    if (session_place((*first)->ends_at) < session_place(cut->ends_at))
        return;
    while (*first != NULL && session_place((*first)->ends_at) >= session_place(cut->ends_at)) {
        for (size_t i = 0; i < (*first)->outcome_count; i++)
            arena_append(arena, cut->outcomes, cut->outcome_count, (*first)->outcomes[i]);
        *first = (*first)->next;
    }
    cut->next = *first;
    *first = cut;
}

struct session_transcript *session_transcripts(struct arena *arena,
                                               const struct session_setting *setting)
{
    struct session_transcript *first = transcript_of_port(arena, setting);

    if (first == NULL)
        first = transcripts_of_receivers(arena, setting->report);
    if (session_is_too_large(setting))
        cut_at_size(arena, &first);
    return first;
}

/* ---- headings ---- */

/* turned_away - one word for what all its receivers do */
static const char *turned_away(const struct session_transcript *transcript)
{
    enum policy_disposition first = transcript->outcomes[0]->disposition;

    if (transcript->why != NULL)
        return "refused";
    for (size_t i = 1; i < transcript->outcome_count; i++)
        if (transcript->outcomes[i]->disposition != first)
            return "refused or deferred";
    return first == POLICY_REJECT ? "refused" : "deferred";
}

/* session_receivers_is_whole - the receiver's bulk mail and its other mail follow each other */
static bool session_receivers_is_whole(const struct session_transcript *transcript, size_t at)
{
    return at + 1 < transcript->outcome_count && transcript->outcomes[at]->is_for_bulk &&
           transcript->outcomes[at + 1]->is_for_others &&
           transcript->outcomes[at]->policy == transcript->outcomes[at + 1]->policy;
}

/* labels_of - "Gmail; iCloud, bulk mail" */
static const char *labels_of(struct arena *arena, const struct session_transcript *transcript)
{
    struct sbuf labels = sbuf_start(arena);

    for (size_t i = 0; i < transcript->outcome_count; i++) {
        bool is_both = session_receivers_is_whole(transcript, i);

        sbuf_add_item(&labels, "; ",
                      is_both ? transcript->outcomes[i]->policy->title
                              : policy_outcome_label(arena, transcript->outcomes[i]));
        i += is_both;
    }
    return sbuf_text(&labels);
}

const char *session_heading(struct arena *arena, const struct session_transcript *transcript)
{
    static const char *const where[SMTP_STATES] = {
        [SMTP_STATE_GREETING] = "in place of the greeting",
        [SMTP_STATE_EHLO] = "at EHLO",
        [SMTP_STATE_MAIL] = "at MAIL FROM",
        [SMTP_STATE_RCPT] = "at RCPT TO",
        [SMTP_STATE_DATA] = "at DATA",
        [SMTP_STATE_CONTENT] = "for the header, sent after the final dot",
    };

    if (transcript->outcome_count == 0)
        return NULL;
    if (transcript->ends_at == SMTP_STATE_DOT)
        return arena_printf(arena, "%s: to the final dot", labels_of(arena, transcript));
    return arena_printf(arena, "%s: %s %s%s", labels_of(arena, transcript),
                        turned_away(transcript), where[transcript->ends_at],
                        transcript->is_closed ? ", and the connection closes" : "");
}

/* add_receiver - each once */
static void add_receiver(struct arena *arena, struct session_receivers *receivers,
                         const struct policy_outcome *outcome)
{
    const struct session_receiver one = {outcome->policy->name, outcome->is_for_bulk,
                                         outcome->is_for_others};

    arena_append(arena, receivers->list, receivers->count, one);
}

void session_receivers(struct arena *arena, const struct session_transcript *transcript,
                       struct session_step *step)
{
    for (size_t i = 0; i < transcript->outcome_count; i++)
        add_receiver(arena, &step->receivers, transcript->outcomes[i]);
}

/* tone_of_disposition - how a reply is shown */
static enum session_tone tone_of_disposition(enum policy_disposition disposition)
{
    if (disposition == POLICY_ACCEPT)
        return SESSION_GOOD;
    return disposition == POLICY_REJECT ? SESSION_BAD : SESSION_DOUBT;
}

/* refusal_line - "550 5.7.26 text", with what of it is known */
static const char *refusal_line(struct arena *arena, const struct policy_outcome *outcome,
                                const char *class)
{
    return arena_printf(arena, "%s%s%s%s%s", outcome->code != NULL ? outcome->code : class,
                        outcome->enhanced != NULL ? " " : "",
                        outcome->enhanced != NULL ? outcome->enhanced : "",
                        outcome->reply != NULL ? " " : "",
                        outcome->reply != NULL ? outcome->reply : "");
}

/* line_of - the reply, as far as it is certain */
static const char *line_of(struct arena *arena, const struct policy_outcome *outcome)
{
    switch (outcome->disposition) {
    case POLICY_ACCEPT:
    case POLICY_JUNK:
        return "250";
    case POLICY_DEFER:
        return refusal_line(arena, outcome, "4xx");
    case POLICY_REJECT:
        return refusal_line(arena, outcome, "5xx");
    case POLICY_UNKNOWN:
        break;
    }
    return "(unknown)";
}

/* ---- replies ---- */

/* find_reply - the one with this line and disposition, else a new one at the end */
static struct session_reply *find_reply(struct arena *arena, struct session_step *step,
                                        const char *line, const char *disposition)
{
    struct session_reply **at = &step->replies;

    while (*at != NULL &&
           (strcmp((*at)->server, line) != 0 || strcmp((*at)->disposition, disposition) != 0))
        at = &(*at)->next;
    if (*at == NULL) {
        *at = arena_new_of(arena, struct session_reply);
        **at = (struct session_reply){.server = line, .disposition = disposition};
    }
    return *at;
}

/* add_who - "Gmail: would reject ...", or one more name in front of the same text */
static void add_who(struct arena *arena, struct session_reply *reply,
                    const struct policy_outcome *outcome)
{
    const char *label = policy_outcome_label(arena, outcome);
    const char *action = policy_outcome_action(arena, outcome);

    for (struct session_note *at = reply->notes; at != NULL; at = at->next) {
        struct span names = span_of(at->text);
        ptrdiff_t end = (ptrdiff_t)names.len - (ptrdiff_t)strlen(action) - 2;

        if (end > 0 && strcmp(at->text + end + 2, action) == 0) {
            at->text = arena_printf(arena, "%.*s; %s: %s", (int)end, at->text, label, action);
            return;
        }
    }
    session_note_add(arena, &reply->notes, tone_of_disposition(outcome->disposition),
                     arena_printf(arena, "%s: %s", label, action));
}

/* settle_replies - what follows from all replies together: a line that all send is the
 * server's */
static void settle_replies(struct arena *arena, const struct session_transcript *transcript,
                           struct session_step *step)
{
    bool is_one = step->replies != NULL && step->replies->next == NULL;

    for (struct session_reply *reply = step->replies; reply != NULL; reply = reply->next)
        if (span_starts_with(span_of(reply->server), CODE_CLOSING))
            session_note_add(arena, &reply->notes, SESSION_FAINT,
                             "the server closes the connection (RFC 5321, 3.8)");
    step->is_answered_by_all = step->replies != NULL;
    if (transcript->ends_at != SMTP_STATE_DOT)
        step->server = is_one ? step->replies->server : NULL;
}

void session_replies(struct arena *arena, const struct session_setting *setting,
                     const struct session_transcript *transcript, struct session_step *step)
{
    for (size_t i = 0; i < transcript->outcome_count; i++) {
        const struct policy_outcome *outcome = transcript->outcomes[i];
        struct session_reply *reply = NULL;

        if (!report_outcome_is_shown(setting->report, outcome))
            continue;
        reply = find_reply(arena, step, line_of(arena, outcome),
                           policy_disposition_to_text(outcome->disposition));
        add_who(arena, reply, outcome);
        add_receiver(arena, &reply->receivers, outcome);
    }
    settle_replies(arena, transcript, step);
}
