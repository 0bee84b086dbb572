/*
 * Outcomes of receivers become replies at the step where each would speak. Those with the same
 * line are one reply with several names.
 */
#include <string.h>

#include "report/render_policies.h"
#include "report/report_story.h"

/* state_of - whose reply it is; a client is refused in place of the greeting */
static enum smtp_state state_of(const struct policy_outcome *outcome)
{
    enum policy_step step = outcome->rule != NULL ? outcome->rule->at : POLICY_AT_DOT;

    switch (step) {
    case POLICY_AT_CONNECT:
        return SMTP_STATE_GREETING;
    case POLICY_AT_EHLO:
        return SMTP_STATE_EHLO;
    case POLICY_AT_MAIL:
        return SMTP_STATE_MAIL;
    case POLICY_AT_RCPT:
        return SMTP_STATE_RCPT;
    case POLICY_AT_DOT:
        break;
    }
    return SMTP_STATE_DOT;
}

/* style_of - how loud a reply speaks */
static enum page_style style_of(enum policy_disposition disposition)
{
    if (disposition == POLICY_ACCEPT)
        return PAGE_GOOD;
    return disposition == POLICY_REJECT ? PAGE_BAD : PAGE_DOUBT;
}

/* refusal - "550 5.7.26 text", with what of it is known */
static const char *refusal(struct arena *arena, const struct policy_outcome *outcome,
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
        return refusal(arena, outcome, "4xx");
    case POLICY_REJECT:
        return refusal(arena, outcome, "5xx");
    case POLICY_UNKNOWN:
        break;
    }
    return "(cannot be told)";
}

/* find_reply - the one with this line and disposition; a new one at the end if there is none */
static struct moment_reply *find_reply(struct arena *arena, struct moment *moment,
                                       const char *line, const char *disposition)
{
    struct moment_reply **at = &moment->replies;

    while (*at != NULL && (strcmp((*at)->server, line) != 0 ||
                           strcmp((*at)->disposition, disposition) != 0))
        at = &(*at)->next;
    if (*at == NULL) {
        *at = arena_new_of(arena, struct moment_reply);
        **at = (struct moment_reply){.server = line, .disposition = disposition};
    }
    return *at;
}

/* add_who - "Gmail: would reject ...", or one more name in front of what is said already */
static void add_who(struct arena *arena, struct moment_reply *reply,
                    const struct policy_outcome *outcome)
{
    const char *label = policy_outcome_label(arena, outcome);
    const char *deed = policy_outcome_deed(arena, outcome);
    struct moment_note **at = &reply->notes;

    while (*at != NULL) {
        struct span names = span_of((*at)->text);
        ptrdiff_t end = (ptrdiff_t)names.len - (ptrdiff_t)strlen(deed) - 2;

        if (end > 0 && strcmp((*at)->text + end + 2, deed) == 0) {
            (*at)->text = arena_printf(arena, "%.*s; %s: %s", (int)end, (*at)->text, label,
                                       deed);
            return;
        }
        at = &(*at)->next;
    }
    *at = arena_new_of(arena, struct moment_note);
    **at = (struct moment_note){.style = style_of(outcome->disposition),
                                .text = arena_printf(arena, "%s: %s", label, deed)};
}

/* add_profile - each name once */
static void add_profile(struct arena *arena, struct moment_reply *reply, const char *name)
{
    for (size_t i = 0; i < reply->profile_count; i++)
        if (strcmp(reply->profiles[i], name) == 0)
            return;
    arena_append(arena, reply->profiles, reply->profile_count, name);
}

void report_story_replies(struct arena *arena, const struct report *report,
                          enum smtp_state state, struct moment *moment)
{
    for (size_t i = 0; i < report->outcome_count; i++) {
        const struct policy_outcome *outcome = &report->outcomes[i];
        struct moment_reply *reply = NULL;

        if (outcome->policy->kind != POLICY_RECEIVER || state_of(outcome) != state ||
            !render_policy_is_shown(report, outcome))
            continue;
        reply = find_reply(arena, moment, line_of(arena, outcome),
                           policy_disposition_to_text(outcome->disposition));
        add_who(arena, reply, outcome);
        add_profile(arena, reply, outcome->policy->name);
    }
    moment->is_answered_by_all = state == SMTP_STATE_DOT && moment->replies != NULL;
}
