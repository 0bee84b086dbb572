/*
 * One domain: both worlds are gathered, checked and compared in an arena that is given up once
 * the result is rendered, so that memory does not grow with the number of domains. What the old
 * world shows of keys is asked of the new one too.
 */
#include <string.h>

#include "app/app_gate.h"
#include "app/app_gate_subjects.h"
#include "app/app_options.h"
#include "app/app_policies.h"
#include "app/app_run.h"
#include "app/app_traffic.h"
#include "app/app_world.h"
#include "app/pipeline.h"
#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "check/check.h"
#include "compare/compare.h"
#include "issue/issue_column.h"
#include "issue/issue_gate.h"
#include "ledger/ledger.h"
#include "ledger/ledger_https.h"
#include "model/compare.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/gate.h"
#include "model/https_fact.h"
#include "model/policy.h"
#include "model/rec_spf.h"
#include "model/report.h"
#include "model/subject.h"
#include "model/traffic.h"
#include "remedy/remedy.h"
#include "render/render_gate.h"
#include "render/render_page.h"
#include "report/report_gate.h"
#include "report/report_traffic.h"
#include "source/source.h"
#include "source/source_plan.h"

#define OLD APP_GATE_OLD
#define NEW APP_GATE_NEW

/* one domain, with a sample of mail or without, in both worlds */
struct trial {
    struct app_gate *gate;
    struct app apps[2];
    struct app_gate_subject *subject;
    struct pipeline pipelines[2];
    const struct facts *facts[2];
    struct finding *findings[2];
    struct traffic *traffic; /* NULL: no reports, or this is a sample */
};

/* ---- one domain in both worlds ---- */

/* set_subject - what the files say about the domain */
static void set_subject(const struct trial *trial, struct subject *subject)
{
    subject->found_selectors = trial->subject->selectors.texts;
    subject->found_selector_count = trial->subject->selectors.count;
    subject->asks_common_selectors =
        trial->gate->worlds[OLD].has_live && trial->gate->worlds[OLD].own == 0;
    subject->accepts_reports = trial->subject->accepts_reports;
    subject->accepts_report_count = trial->subject->accepts_report_count;
}

/* learn_selectors - the keys that the old world has belong to the new one's questions */
static void learn_selectors(const struct trial *trial, const struct facts *facts)
{
    struct app_gate_subject *subject = trial->subject;

    for (const struct selector_facts *selector = facts->domain.selectors; selector != NULL;
         selector = selector->next) {
        bool is_named = false;

        if (selector->origin == SELECTOR_WILDCARD ||
            dns_status_is_absent(selector->answer->status) ||
            selector->answer->status == DNS_UNKNOWN ||
            !dns_name_equal(selector->domain, subject->domain))
            continue;
        for (size_t i = 0; i < subject->selectors.count; i++)
            is_named |= strcmp(subject->selectors.texts[i], selector->selector->text) == 0;
        if (!is_named)
            arena_append(trial->gate->app->arena, subject->selectors.texts,
                         subject->selectors.count,
                         arena_strdup(trial->gate->app->arena, selector->selector->text));
    }
}

/* open_trial - gather in one world after the other */
static bool open_trial(struct trial *trial, const char *message, struct err *why)
{
    const struct pipeline_request request = {.name = trial->subject->domain,
                                             .message = message};

    for (size_t i = 0; i < 2; i++) {
        if (!pipeline_open(&trial->pipelines[i], &trial->apps[i], &request, why))
            return false;
        set_subject(trial, &trial->pipelines[i].subject);
        if (trial->gate->reports != NULL && message == NULL)
            trial->traffic = app_traffic_of(&trial->pipelines[i], trial->gate->reports);
        trial->facts[i] = pipeline_run(&trial->pipelines[i]);
        trial->findings[i] = check_run(trial->apps[i].arena, trial->facts[i]);
        if (i == OLD)
            learn_selectors(trial, trial->facts[i]);
        trial->gate->shown.questions += trial->facts[i]->questions;
        if (trial->facts[i]->rounds > trial->gate->shown.rounds)
            trial->gate->shown.rounds = trial->facts[i]->rounds;
    }
    return true;
}

/* close_trial - sources and the message */
static void close_trial(struct trial *trial)
{
    pipeline_close(&trial->pipelines[OLD]);
    pipeline_close(&trial->pipelines[NEW]);
}

/* compare_outcomes - receivers that answer otherwise */
static void compare_outcomes(const struct trial *trial, const char *message,
                             struct report_gate *result)
{
    struct app_judged judged[2];
    struct report_switch **tail = &result->switches;

    while (*tail != NULL)
        tail = &(*tail)->next;
    for (size_t i = 0; i < 2; i++)
        judged[i] = app_policies_outcomes((struct app *)&trial->apps[i], &trial->gate->policies,
                                          trial->facts[i], trial->findings[i]);
    for (size_t i = 0; i < judged[NEW].count; i++)
        for (size_t j = 0; j < judged[OLD].count; j++) {
            const struct policy_outcome *before = &judged[OLD].outcomes[j];
            const struct policy_outcome *after = &judged[NEW].outcomes[i];

            if (before->policy != after->policy ||
                (before->is_for_bulk != after->is_for_bulk &&
                 before->is_for_bulk != before->is_for_others &&
                 after->is_for_bulk != after->is_for_others) ||
                before->disposition == after->disposition || before->rule == NULL ||
                after->rule == NULL)
                continue;
            *tail = arena_new_of(trial->apps[NEW].arena, struct report_switch);
            (*tail)->before = before;
            (*tail)->after = after;
            (*tail)->message = message;
            tail = &(*tail)->next;
        }
}

/* ---- is anything left ---- */

/* has_key_record - some selector has a key */
static bool has_key_record(const struct domain_facts *domain)
{
    const struct selector_facts *selector = domain->selectors;

    while (selector != NULL && selector->rr == NULL && selector->target == NULL)
        selector = selector->next;
    return selector != NULL;
}

/* count_things - the mail records of a domain, and how many the new world has too */
static void count_things(struct app_gate *gate, const struct facts *const facts[2])
{
    bool has[2][5];

    /* what could not be queried may well be there */
    gate->kept += !dns_status_is_answer(facts[NEW]->domain.txt->status);
    for (size_t i = 0; i < 2; i++) {
        const struct domain_facts *domain = &facts[i]->domain;

        has[i][0] = domain->spf->root->record_count > 0;
        has[i][1] = domain->mx->status == DNS_OK;
        has[i][2] = domain->dmarc->step != NULL;
        has[i][3] = has_key_record(domain);
        has[i][4] = domain->mta_sts.text.rr != NULL || domain->tls_rpt.text.rr != NULL;
    }
    for (size_t i = 0; i < 5; i++) {
        gate->had += has[OLD][i];
        gate->kept += has[OLD][i] && has[NEW][i];
    }
}

/* ---- one domain ---- */

/* is_made_by - the answer comes from a file of the world itself, or amended by one */
static bool is_made_by(const struct app_world *world, const struct dns_answer *answer)
{
    const struct source_world *file = NULL;

    for (size_t i = 0; (file = app_world_file(world, i)) != NULL; i++) {
        if (answer->source != NULL && strcmp(answer->source, file->name) == 0)
            return true;
        for (size_t j = 0; j < file->change_count; j++)
            for (const struct dns_rr *rr = answer->records; rr != NULL; rr = rr->next)
                if (rr->file != NULL && strcmp(rr->file, file->changes[j].file) == 0)
                    return true;
    }
    return false;
}

/* leads_into - some answer comes from the files of the world itself */
static bool leads_into(const struct facts *facts, const struct app_world *world)
{
    for (size_t i = 0; i < ledger_count(facts->ledger); i++)
        if (is_made_by(world, ledger_get(facts->ledger, i)))
            return true;
    return false;
}

/* has_mail - a domain that sends or receives; "v=spf1 -all" and a null MX are none */
static bool has_mail(const struct facts *facts)
{
    const struct domain_facts *domain = &facts->domain;
    const struct rec_spf *record = domain->spf->root->record;

    return (domain->mx->status == DNS_OK && !domain->is_null_mx) ||
           domain->spf->root->record_count > 1 || (record != NULL && record->term_count > 1);
}

/* is_wanted - the domain has to do with the change, and with mail */
static bool is_wanted(const struct trial *trial, const struct report_gate *result)
{
    const struct app_gate *gate = trial->gate;

    if (trial->subject->is_doubled)
        return false;
    if (trial->subject->is_candidate && !leads_into(trial->facts[OLD], &gate->worlds[OLD]) &&
        !leads_into(trial->facts[NEW], &gate->worlds[NEW]))
        return false;
    if (trial->subject->is_candidate && trial->subject->is_quiet)
        return has_mail(trial->facts[OLD]) || has_mail(trial->facts[NEW]);
    return !trial->subject->is_quiet || result->losses != NULL || result->gains != NULL;
}

/* gate_judge_keep_answers - the new world's, for the snapshot */
static void gate_judge_keep_answers(struct app_gate *gate, const struct ledger *ledger)
{
    if (gate->answers == NULL)
        return;
    ledger_join(gate->answers, ledger);
    for (const struct https_fact *fact = ledger_https_first(ledger); fact; fact = fact->next)
        ledger_https_add(gate->answers, fact);
}

/* judge_messages - the samples of the domain */
static bool judge_messages(struct trial *trial, struct report_gate *result, struct err *why)
{
    for (size_t i = 0; i < trial->gate->message_count; i++) {
        const struct app_gate_message *message = &trial->gate->messages[i];
        struct trial sample = *trial;
        bool is_open = false;

        if (message->domain == NULL || !dns_name_equal(message->domain, trial->subject->domain))
            continue;
        sample.pipelines[OLD] = sample.pipelines[NEW] = (struct pipeline){0};
        is_open = open_trial(&sample, message->path, why);
        if (is_open) {
            compare_outcomes(&sample, message->path, result);
            report_gate_add_message(result, sample.findings[OLD], sample.findings[NEW]);
        }
        close_trial(&sample);
        if (!is_open)
            return false;
    }
    return true;
}

/* gate_judge_dismiss - what is ignored, known or accepted does not count */
static void gate_judge_dismiss(const struct app_gate *gate, struct report_gate *result)
{
    const struct app_list *ignored = &gate->app->options.ignored;

    for (size_t i = 0; i < ignored->count; i++)
        report_gate_ignore(result, ignored->texts[i]);
    report_gate_know(result, &gate->baseline);
    report_gate_accept_new(result, &gate->accepts);
}

/* has_new_finding - some finding of the new world is not in the old one */
static bool has_new_finding(const struct trial *trial)
{
    for (const struct finding *a = trial->findings[NEW]; a != NULL; a = a->next) {
        const struct finding *b = trial->findings[OLD];

        while (b != NULL && (a->row != b->row || strcmp(a->fingerprint, b->fingerprint) != 0))
            b = b->next;
        if (b == NULL && a->severity <= SEV_WARNING)
            return true;
    }
    return false;
}

/* judge_traffic - what receivers reported, in one world after the other */
static void judge_traffic(struct trial *trial, struct report_gate *result)
{
    if (trial->traffic == NULL || trial->traffic->messages == 0)
        return;
    app_traffic_judge(&trial->pipelines[OLD], trial->traffic, trial->facts[OLD]);
    result->traffic_after =
        app_traffic_again(&trial->pipelines[NEW], trial->traffic, trial->facts[NEW]);
    result->traffic = trial->traffic;
}

/* mark_causes - distinguish changes by others from the change itself */
static void mark_causes(const struct trial *trial, const struct compare *compare)
{
    for (struct compare_change *change = compare->changes; change; change = change->next)
        if (change->cause.answers[NEW] != NULL &&
            is_made_by(&trial->gate->worlds[NEW], change->cause.answers[NEW]))
            compare_mark_cause(change);
}

/* judge_trial - losses, new findings, receivers */
static bool judge_trial(struct trial *trial, struct report_gate *result, struct err *why)
{
    struct app_gate *gate = trial->gate;
    struct arena *arena = trial->apps[NEW].arena;
    const struct compare *compare = compare_facts(arena, trial->facts[OLD], trial->facts[NEW]);
    const struct compare *counted = NULL;

    mark_causes(trial, compare);
    counted = report_gate_accept(arena, compare, &gate->accepts, &result->dismissed);
    result->compare = compare;
    if (has_new_finding(trial))
        remedy_find(arena, trial->facts[NEW], trial->findings[NEW]);
    compare_outcomes(trial, NULL, result);
    report_gate_split(result, trial->findings[OLD], trial->findings[NEW],
                      check_changes(arena, counted));
    if (!judge_messages(trial, result, why))
        return false;
    report_gate_keep_of_name(result, trial->subject->domain);
    judge_traffic(trial, result);
    gate_judge_dismiss(gate, result);
    report_gate_judge(result, gate->app->options.has_all);
    return true;
}

/* ---- results ---- */

/* weight_of - findings of a list that weigh */
static size_t weight_of(const struct finding *list)
{
    size_t count = 0;

    for (; list != NULL; list = list->next)
        count += list->severity <= SEV_WARNING;
    return count;
}

/* add_result - to all outputs and to the sums */
static void add_result(struct app_gate *gate, const struct trial *trial,
                       const struct report_gate *result)
{
    const struct app_options *options = &gate->app->options;
    struct arena *arena = trial->apps[NEW].arena;
    struct report report = {.facts = trial->facts[NEW], .record_form = options->record_form};
    struct finding *const lists[] = {result->losses, result->added, result->gone,
                                     result->already, result->gains};
    size_t counting = report_gate_count(result, options->threshold, options->has_all);

    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        remedy_note_none(arena, report.facts, lists[i]);
        report_add_evidence(arena, &report, lists[i]);
    }
    for (size_t i = 0; i < 2; i++) {
        struct sbuf text = sbuf_start(arena);
        struct page page = page_open(&gate->shown.texts[i].options, &text);

        render_gate_text_subject(&page, result, &report, options->has_all);
        sbuf_add(&gate->shown.texts[i].text, sbuf_text(&text));
    }
    json_array_append_new(gate->shown.subjects,
                          render_gate_json_subject(arena, result, &report));
    issue_add_gate(&gate->change, result, trial->facts[NEW]);
    gate->counting += counting;
    gate->shown.sum.subjects++;
    gate->shown.sum.changed += !report_gate_is_same(result);
    gate->shown.sum.failing += counting > 0;
    gate->shown.sum.undetermined += report_gate_is_undetermined(result, options->has_all);
    gate->shown.sum.dismissed += result->dismissed;
    gate->shown.sum.already += weight_of(result->already);
    if (result->result == REPORT_FAIL)
        gate->shown.result = REPORT_FAIL;
    else if (result->result == REPORT_UNDETERMINED && gate->shown.result == REPORT_PASS)
        gate->shown.result = REPORT_UNDETERMINED;
}

/* judge_once - the domain in both worlds as they are now */
static bool judge_once(struct trial *trial, struct report_gate *result, struct err *why)
{
    return open_trial(trial, NULL, why) && judge_trial(trial, result, why);
}

/* choose_variant - which of several answers both worlds give */
static void choose_variant(struct app_gate *gate, const char *variant)
{
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < gate->worlds[i].specs.count; j++)
            if (gate->worlds[i].held[j] != NULL)
                source_plan_choose(gate->worlds[i].held[j], variant);
}

/* variants_of - the identifiers of both worlds, each once */
static struct app_list variants_of(const struct app_gate *gate)
{
    struct app_list list = {NULL, 0};
    const struct source_world *file = NULL;

    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; (file = app_world_file(&gate->worlds[i], j)) != NULL; j++)
            for (size_t k = 0; k < file->variant_count; k++) {
                bool is_there = false;

                for (size_t m = 0; m < list.count && !is_there; m++)
                    is_there = strcmp(list.texts[m], file->variants[k]) == 0;
                if (!is_there)
                    arena_append(gate->app->arena, list.texts, list.count, file->variants[k]);
            }
    return list;
}

/* has_unknown - an answer of the domain is not known */
static bool has_unknown(const struct facts *facts)
{
    for (size_t i = 0; i < ledger_count(facts->ledger); i++)
        if (ledger_get(facts->ledger, i)->status == DNS_UNKNOWN)
            return true;
    return false;
}

/* judge_variants - where several answers differ, each of them: what one loses is lost */
static bool judge_variants(struct trial *trial, struct report_gate *result, struct err *why)
{
    struct app_gate *gate = trial->gate;
    const struct app_list variants = variants_of(gate);
    bool is_fine = true;

    if (variants.count < 2 || variants.count > LIMIT_PLAN_VARIANTS ||
        (!has_unknown(trial->facts[OLD]) && !has_unknown(trial->facts[NEW])))
        return true;
    for (size_t i = 0; i < variants.count && is_fine; i++) {
        struct report_gate one = {0};

        choose_variant(gate, variants.texts[i]);
        close_trial(trial);
        is_fine = judge_once(trial, &one, why);
        if (i == 0)
            *result = one;
        else if (is_fine)
            report_gate_join(result, &one);
    }
    choose_variant(gate, NULL);
    report_gate_judge(result, gate->app->options.has_all);
    return is_fine;
}

bool app_gate_judge(struct app_gate *gate, struct app_gate_subject *subject,
                    struct issue_file *file, struct err *why)
{
    struct arena *arena = arena_open();
    struct trial trial = {.gate = gate, .subject = subject};
    struct report_gate result = {0};
    bool is_fine = false;

    for (size_t i = 0; i < 2; i++) {
        trial.apps[i] = app_world_use(gate->app, &gate->worlds[i], arena);
        trial.apps[i].options.engines = ENGINES_OFF;
    }
    is_fine = judge_once(&trial, &result, why) && judge_variants(&trial, &result, why);
    if (is_fine && is_wanted(&trial, &result)) {
        issue_column_set(file, result.losses);
        issue_column_set(file, result.added);
        issue_column_set(file, result.gains);
        if (gate->app->options.has_all)
            issue_column_set(file, result.already);
        if (!subject->is_candidate)
            count_things(gate, trial.facts);
        gate_judge_keep_answers(gate, trial.facts[NEW]->ledger);
        add_result(gate, &trial, &result);
    }
    close_trial(&trial);
    if (gate->answers == NULL)
        arena_close(arena);
    return is_fine;
}
