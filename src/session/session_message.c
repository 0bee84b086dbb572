/* The message itself, and what is decided about it. */
#include <string.h>

#include "base/span.h"
#include "model/arc_verdict.h"
#include "model/dkim_verdict.h"
#include "model/dmarc_verdict.h"
#include "model/finding.h"
#include "model/rec_dmarc.h"
#include "model/result.h"
#include "session/session_part.h"

/* ---- the header ---- */

/* is_of_header - the finding is about fields or octets of the message */
static bool is_of_header(const struct finding *finding)
{
    return finding->status == FINDING_FIRES && finding->severity <= SEV_NOTICE &&
           span_starts_with(span_of(finding->id), "message_") &&
           (finding->where.type == NULL || strcmp(finding->where.type, "envelope") != 0);
}

void session_note_header(struct arena *arena, const struct report *report,
                         struct session_step *step)
{
    const struct message_facts *message = &report->facts->message;
    size_t count = 0;

    if (message->author != NULL)
        session_notef(arena, step, SESSION_PLAIN, "From %s, %zu octets", message->author->text,
                      message->message->size);
    for (const struct finding *one = report->findings; one != NULL; one = one->next) {
        if (!is_of_header(one))
            continue;
        session_note(arena, step, one->severity == SEV_ERROR ? SESSION_BAD : SESSION_DOUBT,
                     check_text(arena, one));
        count++;
    }
    if (message->author == NULL && count == 0)
        session_note(arena, step, SESSION_BAD, message->author_fault);
    else if (count == 0)
        session_note(arena, step, SESSION_GOOD,
                     "all required header fields are present exactly once (RFC 5322, 3.6)");
}

/* ---- signatures and policy ---- */

/* note_dkim - each signature */
static void note_dkim(struct arena *arena, const struct facts *facts, struct session_step *step)
{
    const struct message_facts *message = &facts->message;

    for (size_t i = 0; i < message->dkim_count; i++) {
        const struct auth_dkim_verdict *verdict = &message->dkim[i];
        const struct dns_name *domain = verdict->signature->parsed.domain;
        bool passes = verdict->result == DKIM_PASS;

        session_notef(arena, step, passes ? SESSION_GOOD : SESSION_BAD, "DKIM %s by %s: %s",
                      dkim_result_to_text(verdict->result),
                      domain != NULL ? domain->text : "no usable domain", verdict->reason);
    }
    if (message->dkim_count == 0)
        session_note(arena, step, SESSION_DOUBT, "DKIM none: the message is not signed");
}

/* newest_sealer - " (newest of 3 sets sealed by list.example.org)", where that is proved */
static const char *newest_sealer(struct arena *arena, const struct auth_arc_verdict *arc)
{
    if (arc->is_undetermined || arc->result != ARC_PASS)
        return "";
    return arena_printf(arena, " (newest of %zu set%s sealed by %s)", arc->count,
                        arc->count == 1 ? "" : "s",
                        arc->instances[arc->count - 1].set->seal.domain->text);
}

/* note_arc - only where there is a chain, valid or not */
static void note_arc(struct arena *arena, const struct facts *facts, struct session_step *step)
{
    const struct auth_arc_verdict *arc = facts->message.arc;

    if (arc == NULL || (!arc->is_undetermined && arc->result == ARC_NONE))
        return;
    session_notef(arena, step, SESSION_PLAIN, "ARC %s%s: %s",
                  arc->is_undetermined ? "undetermined" : arc_result_to_text(arc->result),
                  newest_sealer(arena, arc), arc->reason);
}

void session_note_content(struct arena *arena, const struct session_setting *setting,
                          struct session_step *step)
{
    const struct facts *facts = setting->report->facts;
    const struct auth_dmarc_verdict *dmarc = facts->message.dmarc;

    if (facts->message.message == NULL) {
        session_note(arena, step, SESSION_DOUBT, "no message was given");
        return;
    }
    session_note_header(arena, setting->report, step);
    note_dkim(arena, facts, step);
    note_arc(arena, facts, step);
    if (dmarc != NULL)
        session_notef(arena, step, dmarc->result == DMARC_PASS ? SESSION_GOOD : SESSION_BAD,
                      "DMARC %s: %s", dmarc_result_to_text(dmarc->result), dmarc->reason);
}

/* ---- the decision ---- */

/* session_message_policy - of the author domain, where DMARC fails; NULL: none */
static const char *session_message_policy(const struct auth_dmarc_verdict *dmarc)
{
    if (dmarc->result != DMARC_FAIL || dmarc->policy == NULL || dmarc->policy->step == NULL)
        return NULL;
    return rec_dmarc_policy_to_text(dmarc->policy->policy);
}

bool session_is_refused(const struct facts *facts)
{
    const struct auth_dmarc_verdict *dmarc = facts->message.dmarc;
    const char *wish = dmarc != NULL ? session_message_policy(dmarc) : NULL;

    return wish != NULL && strcmp(wish, "reject") == 0;
}

void session_note_decision(struct arena *arena, const struct session_setting *setting,
                           struct session_step *step)
{
    const struct facts *facts = setting->report->facts;
    const struct auth_dmarc_verdict *dmarc = facts->message.dmarc;
    const char *wish = dmarc != NULL ? session_message_policy(dmarc) : NULL;

    if (dmarc == NULL)
        session_note(arena, step, SESSION_DOUBT, "without a message nothing is decided");
    else if (wish != NULL && strcmp(wish, "none") == 0)
        session_note(arena, step, SESSION_DOUBT,
                     "DMARC fails with policy none: the receiver's own rules decide");
    else if (wish != NULL)
        session_notef(arena, step, SESSION_BAD, "DMARC fails; the author domain's policy is %s",
                      wish);
    else if (dmarc->result == DMARC_PASS)
        session_note(arena, step, SESSION_GOOD,
                     "authenticated: reputation and content decide from here on");
    else
        session_notef(arena, step, SESSION_DOUBT, "DMARC %s: the receiver's own rules decide",
                      dmarc_result_to_text(dmarc->result));
}
