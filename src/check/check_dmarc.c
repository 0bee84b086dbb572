/*
 * What the domain publishes for DMARC: is there a record, is it where it belongs, does every
 * tag of it mean what somebody wanted.
 */
#include "auth/auth_dmarc.h"
#include "base/arena.h"
#include "base/dns_name.h"
#include "base/escape.h"
#include "base/fault.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "check/check_emit.h"
#include "check/check_facts.h"
#include "model/dmarc_verdict.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/finding_id.h"
#include "model/rec_dmarc.h"
#include "model/rec_tags.h"

static const char marker[] = "v=DMARC1";

/* check_dmarc_missing - no record applies to the domain */
void check_dmarc_missing(const struct facts *facts, struct emitter *out)
{
    const struct auth_dmarc_policy *policy = facts->domain.dmarc;
    const struct auth_dmarc_step *own = check_dmarc_own_step(facts);

    if (own == NULL || policy->step != NULL || facts->domain.sends_no_mail ||
        check_domain_is_missing(facts))
        return;
    if (policy->is_undetermined) {
        emit_undetermined(out, where_name(out, own->answer->question.name, DNS_TXT),
                          policy->reason);
        return;
    }
    for (size_t i = 0; i < policy->walk->step_count; i++)
        if (policy->walk->steps[i].record_count > 0)
            return; /* there are records, and rows about what is wrong with them */
    emit(out, where_name(out, own->answer->question.name, DNS_TXT));
}

/* check_dmarc_several - more than one record at a name: all of them are dropped */
void check_dmarc_several(const struct facts *facts, struct emitter *out)
{
    const struct auth_dmarc_policy *policy = facts->domain.dmarc;

    if (check_dmarc_own_step(facts) == NULL)
        return;
    for (size_t i = 0; i < policy->walk->step_count; i++) {
        const struct auth_dmarc_step *step = &policy->walk->steps[i];

        if (step->record_count > 1)
            found_number(emit(out, where_rr(out, step->answer, dns_answer_first(step->answer))),
                         "count", (int64_t)step->record_count);
    }
}

/* own_texts - the TXT records at _dmarc.<domain>, NULL unless there are any */
static const struct dns_rr *own_texts(const struct facts *facts)
{
    const struct auth_dmarc_step *step = check_dmarc_own_step(facts);

    return step != NULL && step->answer->status == DNS_OK ? dns_answer_first(step->answer)
                                                          : NULL;
}

/* dmarc_emit_text - a finding about a text that is not a record, and what was meant */
static void dmarc_emit_text(const struct facts *facts, struct emitter *out,
                            const struct dns_rr *rr)
{
    struct found *found = emit(out, where_rr(out, check_dmarc_own_step(facts)->answer, rr));

    found_span(found, "text", rr->joined);
    if (rr == facts->domain.dmarc_meant.rr)
        found_meant(found, &facts->domain.dmarc_meant);
    else
        found_meant_alias(found, check_dmarc_own_step(facts)->answer->question.name,
                          facts->domain.dmarc_alias_meant);
}

/* check_dmarc_quoted - quotes or backslashes became part of the text */
void check_dmarc_quoted(const struct facts *facts, struct emitter *out)
{
    for (const struct dns_rr *rr = own_texts(facts); rr != NULL;
         rr = dns_answer_next(check_dmarc_own_step(facts)->answer, rr))
        if ((check_holds(rr->joined, marker) || rr == facts->domain.dmarc_meant.rr) &&
            check_is_quoted(rr->joined))
            dmarc_emit_text(facts, out, rr);
}

/* is_meant_as_dmarc - somebody wanted to write a DMARC record; where there is one, the word in
 * the middle of another text is only talk about it */
static bool is_meant_as_dmarc(const struct auth_dmarc_step *own, struct span text)
{
    if (own->record_count > 0)
        return span_starts_with_nocase(span_trim(text), "v=dmarc");
    return check_holds(text, "dmarc") || check_holds(text, "p=none") ||
           check_holds(text, "p=quarantine") || check_holds(text, "p=reject");
}

/* check_dmarc_version - a text that looks like DMARC and is none */
void check_dmarc_version(const struct facts *facts, struct emitter *out)
{
    for (const struct dns_rr *rr = own_texts(facts); rr != NULL;
         rr = dns_answer_next(check_dmarc_own_step(facts)->answer, rr))
        if ((is_meant_as_dmarc(check_dmarc_own_step(facts), rr->joined) ||
             rr == facts->domain.dmarc_meant.rr || facts->domain.dmarc_alias_meant != NULL) &&
            !rec_dmarc_is_record(rr->joined) && !check_is_quoted(rr->joined))
            dmarc_emit_text(facts, out, rr);
}

/* check_dmarc_wrong_name - a record at the domain itself, where nobody looks */
void check_dmarc_wrong_name(const struct facts *facts, struct emitter *out)
{
    for (const struct dns_rr *rr = check_apex_txt(facts); rr != NULL;
         rr = dns_answer_next(facts->domain.dmarc_misplaced, rr))
        if (rec_dmarc_is_record(rr->joined))
            emit(out, where_rr(out, facts->domain.txt, rr));
}

/* check_dmarc_wildcard - every name below the domain seems to have a record */
void check_dmarc_wildcard(const struct facts *facts, struct emitter *out)
{
    const struct dns_answer *answer = facts->domain.wildcard_dmarc;

    if (answer == NULL || answer->status != DNS_OK)
        return;
    for (const struct dns_rr *rr = dns_answer_first(answer); rr != NULL;
         rr = dns_answer_next(answer, rr))
        if (rec_dmarc_is_record(rr->joined)) {
            struct finding_where where = where_rr(out, answer, rr);

            where.name = arena_printf(out->arena, "*.%s", facts->domain.name->text);
            found_name(emit(out, where), "domain", facts->domain.name);
        }
}

/* inherited_policy - that of the record of a domain above; NULL: none, or it has its own */
static const struct auth_dmarc_policy *inherited_policy(const struct facts *facts)
{
    const struct auth_dmarc_policy *policy = facts->domain.dmarc;

    return check_dmarc_own_step(facts) != NULL && policy->step != NULL &&
                   !dns_name_equal(policy->step->domain, facts->domain.name)
               ? policy
               : NULL;
}

/* check_dmarc_inherited - the record of a domain above speaks for this one */
void check_dmarc_inherited(const struct facts *facts, struct emitter *out)
{
    const struct auth_dmarc_policy *policy = inherited_policy(facts);
    struct found *found = NULL;

    if (policy == NULL)
        return;
    found = emit(out, where_rr(out, policy->step->answer, policy->step->rr));
    found_name(found, "domain", facts->domain.name);
    found_text(found, "policy", rec_dmarc_policy_to_text(policy->policy));
    found_text(found, "because", policy->reason);
}

/* check_dmarc_inherited_none - the record above leaves this domain open, mostly by sp=none */
void check_dmarc_inherited_none(const struct facts *facts, struct emitter *out)
{
    const struct auth_dmarc_policy *policy = inherited_policy(facts);
    struct found *found = NULL;

    if (policy == NULL || facts->domain.parked != PARKED_NOT ||
        policy->policy != REC_DMARC_NONE)
        return;
    found = emit(out, where_rr(out, policy->step->answer, policy->step->rr));
    found_name(found, "domain", facts->domain.name);
    found_text(found, "because", policy->reason);
}

/* check_dmarc_no_organization - the name is a public suffix: nothing is organised below it */
void check_dmarc_no_organization(const struct facts *facts, struct emitter *out)
{
    const struct dns_name *name = facts->domain.name;

    if (name != NULL && auth_psl_organizational_domain(out->arena, name) == NULL)
        emit(out, where_name(out, name, DNS_TXT));
}

/* ---- tags of the domain's own record ---- */

/* emit_tag - a finding at a tag of the domain's own record */
static struct found *emit_tag(struct emitter *out, const char *term)
{
    const struct auth_dmarc_step *step = check_dmarc_own_record(out->facts);
    struct finding_where where = where_rr(out, step->answer, step->rr);

    where.term = term;
    return emit(out, where);
}

/* tag_of - the whole tag that a fault is in: "pct=50" */
static const char *tag_of(struct arena *arena, const struct rec_dmarc *record,
                          const struct fault *fault)
{
    const struct rec_tag *found = NULL;
    struct sbuf text = sbuf_start(arena);

    for (const struct rec_tag *tag = record->tags.first; tag != NULL && tag->at <= fault->at;
         tag = tag->next)
        found = tag;
    if (found == NULL || fault->part.len == 0)
        return NULL;
    sbuf_add_span(&text, found->name);
    sbuf_add_octet(&text, '=');
    sbuf_add_span(&text, found->value);
    return escape_to_text(arena, sbuf_span(&text), LIMIT_SHOWN_BYTES);
}

/* is_spared - the tag is a pct= by which older receivers spare mail that fails */
static bool is_spared(const struct rec_dmarc *record, const struct finding *finding)
{
    return finding->row == ID_dmarc_removed_tag && record->percent < 100 &&
           record->policy != REC_DMARC_NONE && finding->where.term != NULL &&
           span_starts_with(span_of(finding->where.term), "pct");
}

/* dmarc_emit_kind - a finding for each fault of the kind in the domain's own record */
static void dmarc_emit_kind(struct emitter *out, int kind)
{
    const struct auth_dmarc_step *step = check_dmarc_own_record(out->facts);
    const struct meant_facts *meant = &out->facts->domain.dmarc_meant;

    for (const struct fault *fault = step != NULL ? step->record->faults : NULL; fault != NULL;
         fault = fault->next)
        if (fault->kind == kind) {
            struct found *found = emit_tag(out, tag_of(out->arena, step->record, fault));

            found_fault(found, fault);
            if (kind != REC_DMARC_FAULT_REMOVED && step->rr == meant->rr)
                found_meant(found, meant);
            if (is_spared(step->record, found->finding))
                found->finding->severity = SEV_WARNING;
        }
}

CHECK_AS(dmarc_policy_invalid, dmarc_emit_kind(out, REC_DMARC_FAULT_POLICY))
CHECK_AS(dmarc_policy_absent, dmarc_emit_kind(out, REC_DMARC_FAULT_NO_POLICY))
CHECK_AS(dmarc_removed_tag, dmarc_emit_kind(out, REC_DMARC_FAULT_REMOVED))
CHECK_AS(dmarc_unknown_tag, dmarc_emit_kind(out, REC_DMARC_FAULT_UNKNOWN))

/* emit_skipped - a finding for each part of the record that receivers skip */
static void emit_skipped(struct emitter *out)
{
    static const int kinds[] = {REC_TAG_NO_EQUALS,   REC_TAG_NAME,        REC_TAG_VALUE,
                                REC_TAG_DUPLICATE,   REC_TAG_EMPTY,       REC_DMARC_FAULT_VALUE,
                                REC_DMARC_FAULT_URI, REC_DMARC_FAULT_TAGS};

    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        dmarc_emit_kind(out, kinds[i]);
}

CHECK_AS(dmarc_syntax, emit_skipped(out))

/* applied_record - the domain's own record says p= and applies */
static const struct rec_dmarc *applied_record(const struct facts *facts)
{
    const struct auth_dmarc_step *step = check_dmarc_own_record(facts);

    return step != NULL && step->record->has_policy && !step->record->is_fatal ? step->record
                                                                               : NULL;
}

/* check_dmarc_policy_none - mail that fails is only counted */
void check_dmarc_policy_none(const struct facts *facts, struct emitter *out)
{
    const struct rec_dmarc *record = applied_record(facts);

    if (record != NULL && record->policy == REC_DMARC_NONE)
        emit_tag(out, "p=none");
}

/* check_dmarc_testing - t=y lowers the policy by one level */
void check_dmarc_testing(const struct facts *facts, struct emitter *out)
{
    const struct rec_dmarc *record = applied_record(facts);

    if (record != NULL && record->is_testing && record->policy != REC_DMARC_NONE) {
        struct found *found = emit_tag(out, "t=y");

        found_text(found, "policy", rec_dmarc_policy_to_text(record->policy));
        found_text(found, "lowered",
                   record->policy == REC_DMARC_REJECT ? "quarantine" : "none");
    }
}

/* check_dmarc_no_reports - nobody hears what receivers see */
void check_dmarc_no_reports(const struct facts *facts, struct emitter *out)
{
    const struct rec_dmarc *record = applied_record(facts);

    if (record != NULL && record->rua == NULL && rec_tags_find(&record->tags, "rua") == NULL)
        emit_tag(out, "rua");
}

/* is_organizational - only there sp and np have a meaning worth a word */
static bool is_organizational(const struct facts *facts)
{
    const struct auth_dmarc_walk *walk = facts->domain.dmarc->walk;

    return walk->organizational_domain != NULL &&
           dns_name_equal(walk->organizational_domain, facts->domain.name);
}

/* check_dmarc_sp_weaker - subdomains are less protected than the domain */
void check_dmarc_sp_weaker(const struct facts *facts, struct emitter *out)
{
    const struct rec_dmarc *record = applied_record(facts);
    struct found *found = NULL;

    if (record == NULL || !record->has_sub_policy || record->sub_policy >= record->policy ||
        !is_organizational(facts))
        return;
    found = emit_tag(
        out, arena_printf(out->arena, "sp=%s", rec_dmarc_policy_to_text(record->sub_policy)));
    found_text(found, "policy", rec_dmarc_policy_to_text(record->policy));
}

/* check_dmarc_np_weaker - names that do not exist are less protected than those that do */
void check_dmarc_np_weaker(const struct facts *facts, struct emitter *out)
{
    const struct rec_dmarc *record = applied_record(facts);
    struct found *found = NULL;

    if (record == NULL || !record->has_np_policy || record->np_policy >= record->sub_policy ||
        !is_organizational(facts))
        return;
    found = emit_tag(
        out, arena_printf(out->arena, "np=%s", rec_dmarc_policy_to_text(record->np_policy)));
    found_text(found, "policy", rec_dmarc_policy_to_text(record->sub_policy));
}

/* check_dmarc_np_open - the one policy that hurts nobody is not used; where a wildcard makes
 * all names exist it would say nothing */
void check_dmarc_np_open(const struct facts *facts, struct emitter *out)
{
    const struct rec_dmarc *record = applied_record(facts);
    const struct dns_answer *missing = facts->domain.wildcard_dmarc;

    if (record == NULL || record->has_np_policy || record->np_policy != REC_DMARC_NONE ||
        !is_organizational(facts) || missing == NULL || missing->status != DNS_NXDOMAIN)
        return;
    found_name(emit_tag(out, "np"), "domain", facts->domain.name);
}

/* ---- where reports go ---- */

/* emit_reports - external destinations that did not agree to get reports */
static void emit_reports(struct emitter *out, bool about_failures)
{
    const struct domain_facts *domain = &out->facts->domain;
    const struct dns_name *from = domain->dmarc != NULL && domain->dmarc->step != NULL
                                      ? domain->dmarc->step->domain
                                      : NULL;

    for (const struct auth_dmarc_report *report = domain->reports; report != NULL;
         report = report->next) {
        struct found *found = NULL;

        if (!report->is_external || report->is_authorised ||
            report->is_failure != about_failures)
            continue;
        if (report->is_undetermined) {
            emit_undetermined(out, where_name(out, report->question, DNS_TXT),
                              dns_answer_reason(out->arena, report->answer));
            continue;
        }
        found = emit(out, where_name(out, report->question, DNS_TXT));
        found_span(found, "uri", report->uri->text);
        found_name(found, "destination", report->uri->domain);
        found_name(found, "domain", from);
    }
}

CHECK_AS(dmarc_rua_unauthorised, emit_reports(out, false))
CHECK_AS(dmarc_ruf_unauthorised, emit_reports(out, true))

/* why_undeliverable - one clause about the mail of the destination */
static const char *why_undeliverable(struct arena *arena,
                                     const struct auth_dmarc_report *report)
{
    const char *domain = report->uri->domain->text;

    if (report->mx->status == DNS_OK)
        return arena_printf(arena, "%s has a null MX and accepts no mail", domain);
    if (report->mx->status == DNS_NXDOMAIN)
        return arena_printf(arena, "%s does not exist", domain);
    return arena_printf(arena, "%s has neither MX nor address records", domain);
}

/* emit_undeliverable - destinations whose domain takes no mail; what will not be sent anyway
 * has a finding of its own */
static void emit_undeliverable(struct emitter *out, bool about_failures)
{
    for (const struct auth_dmarc_report *report = out->facts->domain.reports; report != NULL;
         report = report->next) {
        struct found *found = NULL;

        if (report->is_failure != about_failures || !report->is_authorised ||
            (!report->takes_no_mail && report->mail_trouble == NULL))
            continue;
        if (report->mail_trouble != NULL) {
            emit_undetermined(out,
                              where_name(out, report->mail_trouble->question.name,
                                         report->mail_trouble->question.type),
                              dns_answer_reason(out->arena, report->mail_trouble));
            continue;
        }
        found = emit(out, where_name(out, report->uri->domain, DNS_MX));
        found_span(found, "uri", report->uri->text);
        found_name(found, "destination", report->uri->domain);
        found_text(found, "because", why_undeliverable(out->arena, report));
    }
}

CHECK_AS(dmarc_rua_undeliverable, emit_undeliverable(out, false))
CHECK_AS(dmarc_ruf_undeliverable, emit_undeliverable(out, true))
