/* The record with more terms, over a copy of the ledger. */
#include <string.h>

#include "app/app_what_if.h"
#include "app/app_options.h"
#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/fault.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "check/check.h"
#include "compare/compare.h"
#include "dns/dns_rr.h"
#include "gather/gather.h"
#include "ledger/ledger.h"
#include "model/dns_answer.h"
#include "model/rec_spf.h"
#include "model/spf_verdict.h"
#include "model/subject.h"
#include "record/rec_spf.h"
#include "remedy/remedy.h"

static const char marker[] = "v=spf1 ";

#define MARKER_LEN (sizeof(marker) - 1)

/* ---- the option ---- */

/* what_if_refuse - the sentence about a term that cannot be added */
static bool what_if_refuse(const struct app_options *options, const char *text,
                           const char *reason, struct err *why)
{
    err_set_kind(why, ERR_USAGE, "--spf-add %s: %s", escape_shown(options->arena, text),
                 reason);
    return false;
}

bool option_spf_add(struct app_options *options, const char *text, struct err *why)
{
    struct rec_spf record;
    const struct fault *fault = NULL;

    rec_spf_parse(options->arena, span_of(arena_printf(options->arena, "%s%s", marker, text)),
                  &record);
    fault = fault_fatal(record.faults);
    if (fault != NULL)
        return what_if_refuse(
            options, text,
            arena_printf(options->arena, "column %zu: %s",
                         fault->at < MARKER_LEN ? 1 : fault->at - MARKER_LEN + 1, fault->text),
            why);
    if (record.term_count != 1)
        return what_if_refuse(options, text, "one term at a time; the option can be repeated",
                              why);
    if (record.terms[0].qualifier == '\0' || record.terms[0].kind == REC_SPF_ALL)
        return what_if_refuse(
            options, text,
            "only mechanisms that name senders can be added, such as ip4:, a:, include:", why);
    arena_append(options->arena, options->spf_added.texts, options->spf_added.count, text);
    return true;
}

/* ---- the assumed world ---- */

/* add_terms - the record with the terms where they count */
static const char *add_terms(struct arena *arena, const struct rec_spf *record,
                             const struct app_list *terms)
{
    struct sbuf text = sbuf_start(arena);
    bool is_added = false;

    sbuf_add(&text, "v=spf1");
    for (size_t i = 0; i <= record->term_count; i++) {
        const struct rec_spf_term *term = i < record->term_count ? &record->terms[i] : NULL;
        bool is_end =
            term == NULL || term->kind == REC_SPF_ALL || term->kind == REC_SPF_REDIRECT;

        for (size_t j = 0; is_end && !is_added && j < terms->count; j++)
            sbuf_addf(&text, " %s", terms->texts[j]);
        is_added = is_added || is_end;
        if (term != NULL)
            sbuf_addf(&text, " %.*s", SPAN_ARG(term->text));
    }
    return sbuf_text(&text);
}

/* new_record - the text of the record with the terms; NULL and `why_out` */
static const char *new_record(struct arena *arena, const struct auth_spf_node *root,
                              const struct app_list *terms, const char **why_out)
{
    static const struct rec_spf none;

    if (!dns_status_is_answer(root->answer->status))
        *why_out = "the record is unknown";
    else if (root->record_count > 1)
        *why_out = "there are several records; merge them first";
    else if (root->record != NULL && root->record->is_fatal)
        *why_out = "the record is malformed; correct it first";
    else if (root->record_count == 1 && root->record == NULL)
        *why_out = "the record is too large";
    else if (root->record != NULL)
        return add_terms(arena, root->record, terms);
    else
        return arena_printf(arena, "%s ~all", add_terms(arena, &none, terms));
    return NULL;
}

/* edited_answer - the TXT answer of the domain with the new record */
static struct dns_answer edited_answer(struct arena *arena, const struct auth_spf_node *root,
                                       const char *text)
{
    struct dns_answer edited = *root->answer;
    const struct dns_name *owner = dns_answer_final_name(root->answer);
    const struct dns_rr_head head = {owner, DNS_TXT, root->rr != NULL ? root->rr->ttl : 0};

    edited.records = NULL;
    edited.record_count = 0;
    edited.status = DNS_OK;
    edited.proofs = NULL; /* nobody has signed it yet */
    edited.unchecked = NULL;
    for (const struct dns_rr *rr = root->answer->records; rr != NULL; rr = rr->next) {
        struct dns_rr *same = arena_new_of(arena, struct dns_rr);

        *same = *rr;
        if (rr != root->rr)
            dns_answer_append(&edited, same);
    }
    dns_answer_append(&edited, (struct dns_rr *)remedy_text_rr(arena, &head, span_of(text)));
    return edited;
}

/* copy_ledger - all answers, with that of the domain edited */
static struct ledger *copy_ledger(struct arena *arena, const struct facts *facts,
                                  const struct dns_answer *edited)
{
    struct ledger *ledger = ledger_open(arena);

    for (size_t i = 0; i < ledger_count(facts->ledger); i++) {
        const struct dns_answer *answer = ledger_get(facts->ledger, i);
        bool is_edited = answer->question.type == DNS_TXT &&
                         dns_name_equal(answer->question.name, edited->question.name);

        ledger_add(ledger, is_edited ? edited : answer);
    }
    return ledger;
}

/* what_if_assume - the facts with the new record */
static const struct facts *what_if_assume(const struct pipeline *pipeline,
                                          const struct facts *facts, const char *text)
{
    struct gather_work work = pipeline->work;
    struct subject *subject = arena_new_of(work.arena, struct subject);
    const struct dns_answer edited = edited_answer(work.arena, facts->domain.spf->root, text);
    const struct facts *assumed = NULL;

    *subject = *facts->subject;
    work.engine = NULL;
    work.engine_trouble = NULL;
    work.ledger = copy_ledger(work.arena, facts, &edited);
    assumed = gather_run(&work, subject);
    /* what was asked for the assumed record belongs to the snapshot too */
    ledger_join(pipeline->work.ledger, work.ledger);
    return assumed;
}

void app_what_if(const struct pipeline *pipeline, struct report *report)
{
    const struct app_list *terms = &pipeline->app->options.spf_added;
    struct arena *arena = pipeline->app->arena;
    const struct auth_spf_tree *tree = report->facts->domain.spf;
    struct report_what_if *what = NULL;
    const struct compare *compare = NULL;

    if (terms->count == 0 || tree == NULL)
        return;
    what = arena_new_of(arena, struct report_what_if);
    what->terms = terms->texts;
    what->term_count = terms->count;
    what->before = report->facts;
    what->record = new_record(arena, tree->root, terms, &what->impossible);
    report->what_if = what;
    if (what->record == NULL)
        return;
    what->after = what_if_assume(pipeline, report->facts, what->record);
    remedy_compare(arena, check_run(arena, what->before), check_run(arena, what->after),
                   &what->proof);
    compare = compare_facts(arena, what->before, what->after);
    memcpy(what->gained, compare->gained, sizeof(what->gained));
    memcpy(what->lost, compare->lost, sizeof(what->lost));
}
