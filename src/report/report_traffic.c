/* The same traffic in one world after the other. */
#include "report/report_traffic.h"

#include <string.h>

#include "base/escape.h"
#include "base/limits.h"
#include "base/limits_reports.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "ledger/ledger.h"
#include "model/dmarc_verdict.h"
#include "model/dns_answer.h"
#include "model/finding.h"
#include "model/rec_dmarc.h"
#include "record/rec_dmarc.h"
#include "traffic/traffic.h"

/* is_about_mail - an SPF or DMARC record is changed */
static bool is_about_mail(const struct remedy *remedy)
{
    for (const struct remedy_edit *edit = remedy->edits; edit != NULL; edit = edit->next)
        if (edit->rr->type == DNS_TXT && (span_starts_with_nocase(edit->rr->joined, "v=spf1") ||
                                          span_starts_with_nocase(edit->rr->joined, "v=dmarc")))
            return true;
    return false;
}

/* traffic_policy_of - that a DMARC record asks for; REC_DMARC_NONE: none, or no such record */
static enum rec_dmarc_policy traffic_policy_of(struct arena *arena, const struct dns_rr *rr)
{
    struct rec_dmarc record;

    if (rr == NULL || rr->type != DNS_TXT || !rec_dmarc_is_record(rr->joined))
        return REC_DMARC_NONE;
    rec_dmarc_parse(arena, rr->joined, &record);
    return record.rfc7489_policy > record.policy ? record.rfc7489_policy : record.policy;
}

/* raises_policy - what fails is treated worse then: another policy, or t=y goes */
static bool raises_policy(struct arena *arena, const struct remedy *remedy)
{
    for (const struct remedy_edit *edit = remedy->edits; edit != NULL; edit = edit->next) {
        enum rec_dmarc_policy policy =
            edit->action == REMEDY_REMOVE ? REC_DMARC_NONE : traffic_policy_of(arena, edit->rr);

        if (policy > REC_DMARC_NONE && policy >= traffic_policy_of(arena, edit->old) &&
            (edit->old == NULL || !span_equal(edit->old->joined, edit->rr->joined)))
            return true;
    }
    return false;
}

/* add_effect_text - "90 would be refused then" */
static void add_effect_text(struct sbuf *text, uint64_t number, const char *what)
{
    if (number > 0)
        sbuf_addf(text, "%s%s %s", text->len > 0 ? "; " : "",
                  traffic_number(text->arena, number), what);
}

/* effect_text - what the policy of the world asks for; "": nothing */
static const char *effect_text(struct arena *arena, const struct traffic_sum *sum)
{
    struct sbuf text = sbuf_start(arena);

    add_effect_text(&text, sum->refused, "would be refused then");
    add_effect_text(&text, sum->junked, "would go to junk then");
    if (sum->refused_before > sum->refused)
        add_effect_text(&text, sum->refused_before,
                        "would be refused by receivers that go by RFC 7489");
    if (sum->junked_before > sum->junked)
        add_effect_text(&text, sum->junked_before,
                        "would go to junk at receivers that go by RFC 7489");
    return sbuf_text(&text);
}

/* add_world - judge the traffic in the world of one remedy */
static void add_world(struct arena *arena, struct report *report, const struct remedy *remedy)
{
    struct traffic *traffic = report->traffic;
    struct report_traffic world = {.remedy = remedy};
    struct report_traffic *list = (struct report_traffic *)report->traffic_worlds;

    if (remedy->proof.facts_after == NULL || !is_about_mail(remedy) ||
        report_traffic_of(report, remedy) != NULL ||
        report->traffic_world_count >= LIMIT_TRAFFIC_WORLDS)
        return;
    world.sum =
        traffic_judge(traffic, (struct ledger *)remedy->proof.facts_after->ledger, false);
    world.effect = effect_text(arena, &world.sum);
    world.evidence = arena_printf(arena, "%s%s%s", traffic_evidence(traffic, &world.sum),
                                  world.effect[0] != '\0' ? "; " : "", world.effect);
    arena_append(arena, list, report->traffic_world_count, world);
    report->traffic_worlds = list;
}

void report_add_traffic(struct arena *arena, struct report *report, struct traffic *traffic)
{
    report->traffic = traffic;
    if (report->plan != NULL) {
        if (report->plan->fix != NULL)
            add_world(arena, report, report->plan->fix);
        for (const struct finding *one = report->plan->rest; one != NULL; one = one->next)
            for (const struct remedy *remedy = one->remedy; remedy; remedy = remedy->next)
                add_world(arena, report, remedy);
    }
    for (const struct finding *one = report->findings; one != NULL; one = one->next)
        for (const struct remedy *remedy = one->remedy; remedy; remedy = remedy->next)
            add_world(arena, report, remedy);
}

static const char mailto[] = "mailto:";

/* missing_text - how to know it */
static const char *missing_text(struct arena *arena, const struct report *report)
{
    const struct auth_dmarc_policy *policy = report->facts->domain.dmarc;
    const struct auth_dmarc_step *step = policy != NULL ? policy->step : NULL;
    const struct rec_dmarc *record = step != NULL ? step->record : NULL;
    struct span address = {NULL, 0};

    if (record == NULL || record->rua == NULL)
        return "no reports: ask for them with rua= and wait two weeks, then give them with "
               "--reports";
    address = record->rua[0].text;
    if (span_starts_with_nocase(address, mailto))
        address = span_from(address, sizeof(mailto) - 1);
    return arena_printf(arena,
                        "no reports given: --reports PATH with those that %s got shows which "
                        "mail would suffer",
                        escape_to_text(arena, address, LIMIT_SHOWN_BYTES));
}

/* traffic_evidence_text - NULL: the remedy does not let the policy act on more mail, or it was
 * not judged */
static const char *traffic_evidence_text(struct arena *arena, const struct report *report,
                                         const struct remedy *remedy)
{
    const struct report_traffic *world = report_traffic_of(report, remedy);

    if (!raises_policy(arena, remedy))
        return NULL;
    if (report->traffic == NULL)
        return missing_text(arena, report);
    return world != NULL ? arena_printf(arena, "reports: %s", world->evidence) : NULL;
}

/* add_evidence - of each choice, once */
static void add_evidence(struct arena *arena, struct report *report,
                         const struct remedy *choice)
{
    struct report_evidence *list = (struct report_evidence *)report->evidence;

    for (; choice != NULL; choice = choice->next) {
        struct report_evidence one = {choice, traffic_evidence_text(arena, report, choice)};

        if (one.text != NULL && report_evidence_of(report, choice) == NULL)
            arena_append(arena, list, report->evidence_count, one);
        report->evidence = list;
    }
}

void report_add_evidence(struct arena *arena, struct report *report,
                         const struct finding *findings)
{
    for (; findings != NULL; findings = findings->next)
        add_evidence(arena, report, findings->remedy);
}

void report_add_plan_evidence(struct arena *arena, struct report *report)
{
    if (report->plan == NULL)
        return;
    add_evidence(arena, report, report->plan->fix);
    add_evidence(arena, report, report->plan->steps);
    report_add_evidence(arena, report, report->plan->rest);
}
