/*
 * What can be published as it is comes from the plan, already joined by record; what the plan
 * leaves is added to the step about the same record, or becomes one of its own. Harm and who
 * acts come from tables by the beginning of ids.
 */
#include <string.h>

#include "report/report_step.h"
#include "base/dns_name.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "check/check.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/finding_id.h"
#include "model/policy.h"
#include "model/remedy.h"
#include "report/report_outcome.h"
#include "report/report_owner.h"

/* ---- harm and who acts ---- */

static const char in_dns[] = REPORT_YOU_IN_DNS;
static const char at_sender[] = REPORT_YOU_AT_SENDER;
static const char at_address[] = "the owner of the address";

/* whom a finding harms and who acts: of one id, or else of the first family it belongs to */
struct harm {
    /* of errors and warnings; a notice is hygiene unless it is forgery */
    enum report_harm harm;
    const char *who;
};

static const struct harm harms[FINDING_IDS] = {
    [ID_dmarc_dkim_unaligned] = {REPORT_HARM_MESSAGE, at_sender},
    [ID_dmarc_spf_unaligned] = {REPORT_HARM_MESSAGE, at_sender},
    [ID_dmarc_rua_unauthorised] = {REPORT_HARM_HYGIENE, "you"},
    [ID_dmarc_ruf_unauthorised] = {REPORT_HARM_HYGIENE, "you"},
    [ID_dmarc_no_reports] = {REPORT_HARM_HYGIENE, in_dns},
    [ID_dmarc_removed_tag] = {REPORT_HARM_HYGIENE, in_dns},
    [ID_dmarc_unknown_tag] = {REPORT_HARM_HYGIENE, in_dns},
    [ID_parked_dmarc] = {REPORT_HARM_FORGERY, in_dns},
    [ID_parked_spf] = {REPORT_HARM_FORGERY, in_dns},
    [ID_spf_all_pass] = {REPORT_HARM_FORGERY, in_dns},
    [ID_spf_network_huge] = {REPORT_HARM_FORGERY, in_dns},
    [ID_spf_wide] = {REPORT_HARM_FORGERY, in_dns},
    [ID_spf_ptr] = {REPORT_HARM_HYGIENE, in_dns},
    [ID_dkim_key_weak] = {REPORT_HARM_HYGIENE, at_sender},
    [ID_dkim_key_short] = {REPORT_HARM_ALL, at_sender},
    [ID_dkim_key_missing] = {REPORT_HARM_ALL, in_dns},
    [ID_dkim_key_long] = {REPORT_HARM_HYGIENE, at_sender},
    [ID_dkim_no_key] = {REPORT_HARM_MESSAGE, in_dns},
    [ID_dkim_unsigned] = {REPORT_HARM_BULK, at_sender},
    [ID_dns_servfail] = {REPORT_HARM_ALL, "the operator of the name servers"},
    [ID_dns_timeout] = {REPORT_HARM_ALL, "the operator of the name servers"},
    [ID_dns_malformed] = {REPORT_HARM_ALL, "the operator of the name servers"},
    [ID_dns_bogus] = {REPORT_HARM_ALL, "whoever signs the zone"},
    [ID_dnssec_bogus] = {REPORT_HARM_ALL, "whoever signs the zone"},
    [ID_dns_domain_missing] = {REPORT_HARM_ALL, "you, at the registrar"},
    [ID_dns_mx_address] = {REPORT_HARM_ALL, in_dns},
    [ID_dns_mx_no_ptr] = {REPORT_HARM_HYGIENE, at_address},
    [ID_dns_mx_unconfirmed] = {REPORT_HARM_HYGIENE, at_address},
    [ID_engine_dkim_from_unparsed] = {REPORT_HARM_MESSAGE, at_sender},
    [ID_engine_unavailable] = {REPORT_HARM_HYGIENE, "you, where mailassay runs"},
    [ID_dns_not_internet] = {REPORT_HARM_HYGIENE, "you, where mailassay runs"},
    [ID_dns_no_mail_host] = {REPORT_HARM_ALL, in_dns},
    [ID_dns_null_mx_mixed] = {REPORT_HARM_ALL, in_dns},
};

static const struct family {
    const char *prefix;
    struct harm harm;
} families[] = {
    {"dmarc_result_", {REPORT_HARM_MESSAGE, at_sender}},
    {"dmarc_rua_", {REPORT_HARM_HYGIENE, in_dns}},
    {"dmarc_ruf_", {REPORT_HARM_HYGIENE, in_dns}},
    {"dmarc_", {REPORT_HARM_FORGERY, in_dns}},
    {"parked_", {REPORT_HARM_HYGIENE, in_dns}},
    {"spf_result_", {REPORT_HARM_MESSAGE, in_dns}},
    {"spf_helo_", {REPORT_HARM_BULK, in_dns}},
    {"spf_all_", {REPORT_HARM_HYGIENE, in_dns}},
    {"spf_", {REPORT_HARM_ALL, in_dns}},
    {"dkim_key_", {REPORT_HARM_ALL, in_dns}},
    {"dkim_", {REPORT_HARM_MESSAGE, at_sender}},
    {"message_", {REPORT_HARM_MESSAGE, at_sender}},
    {"dns_client_", {REPORT_HARM_BULK, at_address}},
    {"dnssec_", {REPORT_HARM_HYGIENE, "whoever signs the zone"}},
    {"mta_sts_policy_", {REPORT_HARM_ALL, "you, at the web server"}},
    {"bimi_logo_", {REPORT_HARM_HYGIENE, "you, at the web server"}},
    {"bimi_evidence_", {REPORT_HARM_HYGIENE, "you, at the web server"}},
    {"bimi_", {REPORT_HARM_HYGIENE, in_dns}},
    {"mta_sts_", {REPORT_HARM_ALL, in_dns}},
    {"dane_", {REPORT_HARM_ALL, in_dns}},
};

/* harm_row - NULL: hygiene, in DNS */
static const struct harm *harm_row(const struct finding *finding)
{
    if (harms[finding->row].who != NULL)
        return &harms[finding->row];
    for (size_t i = 0; i < COUNT_OF(families); i++)
        if (span_starts_with(span_of(finding->id), families[i].prefix))
            return &families[i].harm;
    return NULL;
}

/* step_is_refusal - receivers refuse the message because of the finding */
static bool step_is_refusal(const struct report *report, const struct finding *finding)
{
    for (size_t i = 0; i < report->outcome_count; i++) {
        const struct policy_outcome *outcome = &report->outcomes[i];

        if (report->facts->message.message == NULL || !report_outcome_is_sure(outcome) ||
            outcome->disposition == POLICY_ACCEPT)
            continue;
        for (size_t k = 0; k < outcome->because_count; k++)
            if (strcmp(outcome->because[k], finding->id) == 0)
                return true;
    }
    return false;
}

/* harm_of - of one finding */
static enum report_harm harm_of(const struct report *report, const struct finding *finding)
{
    const struct harm *row = harm_row(finding);

    if (step_is_refusal(report, finding))
        return REPORT_HARM_MESSAGE;
    if (row == NULL || (finding->severity > SEV_WARNING && row->harm != REPORT_HARM_FORGERY))
        return REPORT_HARM_HYGIENE;
    return row->harm;
}

/* who_acts - for a finding that has no records to publish */
static const char *who_acts(struct arena *arena, const struct report *report,
                            const struct finding *finding)
{
    const struct harm *row = harm_row(finding);
    const char *owner = report_owner(arena, report, finding);

    if (owner != NULL)
        return owner;
    if (finding->steps != NULL)
        return arena_printf(arena, "you, at %s", finding->steps->title);
    if (finding->remedy != NULL || row == NULL)
        return in_dns;
    return row->who;
}

/* ---- what belongs together ---- */

/* is_of_set - the remedy edits the records that the finding speaks of */
static bool is_of_set(const struct remedy *remedy, const struct finding *finding)
{
    const struct remedy_edit *edit = remedy != NULL ? remedy->edits : NULL;

    for (; edit != NULL; edit = edit->next)
        if (finding->where.name != NULL && finding->where.type != NULL &&
            strcmp(edit->rr->owner->text, finding->where.name) == 0 &&
            strcmp(edit->rr->type == DNS_TXT ? "TXT" : "", finding->where.type) == 0)
            return true;
    return false;
}

/* share_set - both are cured by edits of one set of TXT records */
static bool share_set(const struct remedy *a, const struct remedy *b)
{
    const struct remedy_edit *one = a != NULL ? a->edits : NULL;

    for (; one != NULL; one = one->next)
        for (const struct remedy_edit *two = b != NULL ? b->edits : NULL; two != NULL;
             two = two->next)
            if (one->rr->type == DNS_TXT && two->rr->type == DNS_TXT &&
                dns_name_equal(one->rr->owner, two->rr->owner))
                return true;
    return false;
}

/* is_same_provider - keys of one provider, for it to change */
static bool is_same_provider(const struct report *report, const struct report_step *step,
                             const struct finding *finding)
{
    const char *provider = report_key_provider(report, finding);

    return provider != NULL && step->publish == NULL && step->rest_count > 0 &&
           strcmp(step->who, provider) == 0 && strcmp(step->rest[0]->id, finding->id) == 0;
}

/* step_record - the name of the TXT record that the finding is about; NULL: of none */
static const char *step_record(const struct finding *finding)
{
    if (finding->where.name != NULL && finding->where.type != NULL)
        return strcmp(finding->where.type, "TXT") == 0 ? finding->where.name : NULL;
    return finding_text_of(finding, "key_name"); /* of a signature */
}

/* is_same_record - both are about one TXT record */
static bool is_same_record(const struct finding *a, const struct finding *b)
{
    const char *one = step_record(a);
    const char *other = step_record(b);

    return one != NULL && other != NULL && strcmp(one, other) == 0;
}

/* step_belongs - the finding is one more about the record, or the provider, of the step */
static bool step_belongs(const struct report *report, const struct report_step *step,
                         const struct finding *finding)
{
    if (is_of_set(step->publish, finding) || share_set(step->publish, finding->remedy) ||
        is_same_provider(report, step, finding))
        return true;
    for (size_t i = 0; i < step->rest_count; i++)
        if (share_set(step->rest[i]->remedy, finding->remedy) ||
            is_same_record(step->rest[i], finding))
            return true;
    return false;
}

/* original_of - the finding of the report; NULL: it is new in the world of the steps */
static const struct finding *original_of(const struct report *report,
                                         const struct finding *finding)
{
    const struct finding *first = report->findings;

    while (first != NULL && strcmp(first->fingerprint, finding->fingerprint) != 0)
        first = first->next;
    return first;
}

/* about_add - the step is there for this one too; what it does harm counts */
static void about_add(struct arena *arena, const struct report *report,
                      struct report_step *step, const struct finding *finding)
{
    enum report_harm harm = harm_of(report, finding);

    if (harm < step->harm)
        step->harm = harm;
    if (finding->severity < step->severity)
        step->severity = finding->severity;
    arena_append(arena, step->about, step->about_count, finding);
}

/* is_cause - mail may fail DMARC because of it */
static bool is_cause(const struct finding *finding)
{
    static const char *const causes[] = {"spf_result_", "dkim_", "dns_client_",
                                         "message_from_"};

    if (finding->status != FINDING_FIRES || finding->severity > SEV_NOTICE)
        return false;
    for (size_t i = 0; i < COUNT_OF(causes); i++)
        if (span_starts_with(span_of(finding->id), causes[i]))
            return true;
    return finding->row == ID_dmarc_dkim_unaligned || finding->row == ID_dmarc_spf_unaligned;
}

/* report_has - some finding of the row fires */
static bool report_has(const struct report *report, enum finding_id row)
{
    const struct finding *finding = report->findings;

    while (finding != NULL && (finding->row != row || finding->status != FINDING_FIRES))
        finding = finding->next;
    return finding != NULL;
}

/* is_consequence - it goes with what causes it, and has no step of its own */
static bool is_consequence(const struct report *report, const struct finding *finding)
{
    if (finding->row == ID_receiver_refuses || finding->row == ID_rule_unmet ||
        finding->row == ID_spf_result_permerror)
        return true;
    if (finding->row == ID_engine_dkim_from_unparsed)
        return report_has(report, ID_dmarc_result_permerror);
    if (!span_starts_with(span_of(finding->id), "dmarc_result_"))
        return false;
    for (const struct finding *one = report->findings; one != NULL; one = one->next)
        if (is_cause(one))
            return true;
    return false;
}

/* is_step - of what the records leave: somebody must do something about it. The way to a
 * policy goes on from a record that is published first. */
static bool is_step(const struct report *report, const struct finding *finding)
{
    const struct finding *first = original_of(report, finding);

    if (finding->status != FINDING_FIRES || is_consequence(report, finding))
        return false;
    if (first == NULL)
        return finding->row == ID_dmarc_policy_none;
    return (first->severity <= SEV_WARNING || step_is_refusal(report, first)) &&
           !first->is_dismissed;
}

/* ---- the list ---- */

/* is_same_action - nobody does the same thing twice: one actor, one text, no records */
static bool is_same_action(const struct report_step *step, const struct report_step *fresh)
{
    return step->publish == NULL && step->rest_count > 0 && step->rest[0]->remedy == NULL &&
           strcmp(step->who, fresh->who) == 0 && strcmp(step->text, fresh->text) == 0;
}

/* step_for - the step that it belongs to; a new one at the end */
static struct report_step *step_for(struct arena *arena, const struct report *report,
                                    struct report_steps *steps, const struct finding *finding)
{
    struct report_step fresh = {.harm = REPORT_HARM_HYGIENE, .severity = SEV_INFO};

    for (size_t i = 0; i < steps->count; i++)
        if (step_belongs(report, &steps->list[i], finding))
            return &steps->list[i];
    fresh.who = who_acts(arena, report, finding);
    /* what to do at a provider that is known says more than the hint for everybody */
    fresh.text = finding->steps != NULL ? finding->steps->text : check_hint(arena, finding);
    for (size_t i = 0; i < steps->count; i++)
        if (is_same_action(&steps->list[i], &fresh) && finding->remedy == NULL)
            return &steps->list[i];
    arena_append(arena, steps->list, steps->count, fresh);
    return &steps->list[steps->count - 1];
}

/* name_selectors - the step of a provider names all selectors */
static void name_selectors(struct arena *arena, const struct report *report,
                           struct report_step *step)
{
    struct sbuf names = sbuf_start(arena);

    if (step->publish != NULL || report_key_provider(report, step->rest[0]) == NULL)
        return;
    for (size_t i = 0; i < step->rest_count; i++) {
        struct span name = span_of(step->rest[i]->where.name);
        struct span selector = span_cut(&name, '.');

        sbuf_addf(&names, "%s%.*s", i > 0 ? ", " : "", SPAN_ARG(selector));
    }
    step->text = arena_printf(arena,
                              step->rest[0]->row == ID_dkim_key_missing ||
                                      step->rest[0]->row == ID_dkim_key_cname_dangling
                                  ? "for selector%s %s: %s"
                                  : "change the key%s of %s there: %s",
                              step->rest_count == 1 ? "" : "s", sbuf_text(&names),
                              check_hint(arena, step->rest[0]));
}

/* is_own_signature - the provider that signs in its own name is to sign in that of the author:
 * that holds for every way the mail takes, SPF for the first only */
static bool is_own_signature(const struct report_step *step)
{
    return step->rest_count > 0 && step->rest[0]->row == ID_dmarc_dkim_unaligned &&
           step->rest[0]->steps != NULL;
}

/* step_before - harm; a signature; then severity */
static bool step_before(const struct report_step *a, const struct report_step *b)
{
    if (a->harm == b->harm && is_own_signature(a) != is_own_signature(b))
        return is_own_signature(a);
    return a->harm != b->harm ? a->harm < b->harm : a->severity < b->severity;
}

/* sort_steps - what is equal keeps its order */
static void sort_steps(struct report_steps *steps)
{
    for (size_t i = 1; i < steps->count; i++)
        for (size_t j = i; j > 0 && step_before(&steps->list[j], &steps->list[j - 1]); j--) {
            struct report_step moved = steps->list[j];

            steps->list[j] = steps->list[j - 1];
            steps->list[j - 1] = moved;
        }
}

/* add_notices - notices have no step of their own; where one is about the record of a step it
 * goes with that */
static void add_notices(struct arena *arena, const struct report *report,
                        struct report_steps *steps)
{
    for (const struct finding *rest = report->plan->rest; rest != NULL; rest = rest->next) {
        const struct finding *first = original_of(report, rest);

        if (rest->status != FINDING_FIRES || rest->severity != SEV_NOTICE || first == NULL ||
            first->is_dismissed)
            continue;
        for (size_t i = 0; i < steps->count; i++)
            if (step_belongs(report, &steps->list[i], rest)) {
                about_add(arena, report, &steps->list[i], rest);
                arena_append(arena, steps->list[i].rest, steps->list[i].rest_count, rest);
                break;
            }
    }
}

/* about_road - where there is no DMARC record, the first one asks for nothing yet: the step
 * leads on from there, too */
static void about_road(struct arena *arena, const struct report *report,
                       struct report_step *step, const struct finding *missing)
{
    const struct facts *then = missing->row == ID_dmarc_missing && missing->remedy != NULL
                                   ? missing->remedy->proof.facts_after
                                   : NULL;

    for (const struct finding *next = then != NULL ? check_run(arena, then) : NULL;
         next != NULL; next = next->next)
        if (next->row == ID_dmarc_policy_none)
            about_add(arena, report, step, next);
}

struct report_steps report_steps_of(struct arena *arena, const struct report *report)
{
    struct report_steps steps = {NULL, 0};

    if (report->plan == NULL)
        return steps;
    for (const struct remedy *publish = report->plan->steps; publish; publish = publish->next) {
        struct report_step step = {.harm = REPORT_HARM_HYGIENE,
                                   .severity = SEV_INFO,
                                   .who = in_dns,
                                   .text = publish->summary,
                                   .publish = publish};

        for (size_t i = 0; i < publish->proof.cleared_count; i++)
            about_add(arena, report, &step, publish->proof.cleared[i]);
        arena_append(arena, steps.list, steps.count, step);
    }
    for (const struct finding *rest = report->plan->rest; rest != NULL; rest = rest->next)
        if (is_step(report, rest)) {
            struct report_step *step = step_for(arena, report, &steps, rest);

            about_add(arena, report, step, rest);
            about_road(arena, report, step, rest);
            arena_append(arena, step->rest, step->rest_count, rest);
        }
    add_notices(arena, report, &steps);
    for (size_t i = 0; i < steps.count; i++)
        if (steps.list[i].rest_count > 0)
            name_selectors(arena, report, &steps.list[i]);
    sort_steps(&steps);
    return steps;
}
