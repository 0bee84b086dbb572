/* Words of a report, and the way about it. */
#include "model/report.h"

#include <string.h>

#include "base/arena.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/span.h"
#include "model/rec_dkim.h"
#include "model/rec_dmarc.h"

const char *report_result_to_text(enum report_result result)
{
    static const char *const words[] = {"pass", "fail", "undetermined"};

    return words[result];
}

enum report_result report_result_of_text(const char *word)
{
    int result = REPORT_PASS;

    while (
        result < REPORT_UNDETERMINED &&
        (word == NULL || strcmp(report_result_to_text((enum report_result)result), word) != 0))
        result++;
    return (enum report_result)result;
}

bool report_is_known(const struct report *report, const struct finding *finding)
{
    for (size_t i = 0; i < report->known_count; i++)
        if (strcmp(report->known[i], finding->fingerprint) == 0)
            return true;
    return false;
}

size_t report_count(const struct report *report, enum severity severity)
{
    size_t count = 0;

    for (const struct finding *finding = report->findings; finding; finding = finding->next)
        count += finding->severity == severity && finding->status == FINDING_FIRES &&
                 !report_is_known(report, finding);
    return count;
}

const char *report_place(struct arena *arena, const struct finding_where *where)
{
    if (where->file != NULL && where->line > 0)
        return arena_printf(arena, "%s:%d", escape_to_text(arena, span_of(where->file), 0),
                            where->line);
    if (where->name != NULL && where->type != NULL)
        return arena_printf(arena, "%s %s", where->name, where->type);
    return where->name;
}

bool report_is_unjudged(const struct report *report, const struct remedy *remedy)
{
    for (size_t i = 0; i < report->unjudged_count; i++)
        if (report->unjudged[i] == remedy)
            return true;
    return false;
}

const char *report_harm_to_text(enum report_harm harm)
{
    static const char *const words[] = {"message", "all", "forgery", "bulk", "hygiene"};

    return words[harm];
}

size_t report_step_number(const struct report_steps *steps, const struct finding *finding)
{
    for (size_t i = 0; i < steps->count; i++)
        for (size_t k = 0; k < steps->list[i].about_count; k++)
            if (strcmp(steps->list[i].about[k]->fingerprint, finding->fingerprint) == 0)
                return i + 1;
    return 0;
}

const char *report_forgery_to_text(enum report_forgery forgery)
{
    static const char *const words[] = {"closed", "partly", "open", "unknown"};

    return words[forgery];
}

const char *report_own_mail_to_text(enum report_own_mail own_mail)
{
    static const char *const words[] = {"believed", "junked", "refused", "ready",
                                        "missing",  "broken", "unknown"};

    return words[own_mail];
}

const char *report_headline(struct arena *arena, const struct report_summary *summary)
{
    return arena_printf(arena, "%s: %s", summary->word, summary->clause);
}

const struct report_traffic *report_traffic_of(const struct report *report,
                                               const struct remedy *remedy)
{
    for (size_t i = 0; i < report->traffic_world_count; i++)
        if (report->traffic_worlds[i].remedy == remedy)
            return &report->traffic_worlds[i];
    return NULL;
}

bool report_outcome_is_shown(const struct report *report, const struct policy_outcome *outcome)
{
    bool is_receiver = outcome->policy->kind == POLICY_RECEIVER;
    bool is_trouble =
        outcome->disposition != POLICY_UNKNOWN && outcome->disposition != POLICY_ACCEPT;

    return is_receiver && (is_trouble || report->has_chosen_policies ||
                           report->facts->message.message != NULL);
}

const char *report_evidence_of(const struct report *report, const struct remedy *remedy)
{
    for (size_t i = 0; i < report->evidence_count; i++)
        if (report->evidence[i].remedy == remedy)
            return report->evidence[i].text;
    return NULL;
}

const char *report_evidence_of_all(const struct report *report, const struct remedy *choices)
{
    const char *evidence = NULL;

    for (; choices != NULL; choices = choices->next) {
        const char *one = report_evidence_of(report, choices);

        evidence = one != NULL ? one : evidence;
    }
    return evidence;
}

const char *report_signature_text(struct arena *arena, const struct auth_dkim_verdict *verdict)
{
    const struct rec_dkim_signature *parsed = &verdict->signature->parsed;

    return arena_printf(
        arena, "d=%s s=%s a=%s: %s", parsed->domain != NULL ? parsed->domain->text : "?",
        parsed->selector != NULL ? parsed->selector->text : "?",
        escape_to_text(arena, parsed->algorithm_text, LIMIT_SHOWN_BYTES), verdict->reason);
}

const char *report_policy_text(struct arena *arena, const struct auth_dmarc_policy *policy)
{
    return arena_printf(arena, "policy %s (%s= at %s)",
                        rec_dmarc_policy_to_text(policy->policy),
                        auth_dmarc_tag_to_text(policy->tag), policy->step->domain->text);
}
