/*
 * Words that are in records of rule books: the domain's own record next to a rule's,
 * and all else that it says. A record that cannot be edited safely is unknown, and the line of
 * the rule book that names it is left out.
 */
#include "base/dns_name.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "check/check_facts.h"
#include "model/dmarc_verdict.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/rec_dmarc.h"
#include "model/rec_spf.h"
#include "model/rec_tags.h"
#include "model/spf_verdict.h"
#include "policy/policy_fact.h"

#define NOT_EDITABLE "the record has to be repaired first"

/* record_spf_asked - the record of the domain was looked for, and certainly is there or not */
static bool record_spf_asked(const struct facts *facts)
{
    return facts->domain.txt != NULL && dns_status_is_answer(facts->domain.txt->status);
}

/* record_spf - the SPF record ending in `all`; the terms before it as they are */
static struct policy_value record_spf(const struct policy_lookup *in, const char *all)
{
    const struct auth_spf_node *root = check_spf_root(in->facts);
    const struct rec_spf *record = root != NULL ? root->record : NULL;
    const struct policy_value valid = policy_fact_spf_valid(in);
    struct sbuf text = sbuf_start(in->arena);

    if (!record_spf_asked(in->facts))
        return policy_value_unknown(NOT_EDITABLE);
    sbuf_add(&text, "v=spf1");
    if (root == NULL || root->record_count == 0) {
        sbuf_addf(&text, "%s %s", in->facts->domain.is_null_mx ? "" : " mx", all);
        return policy_value_text(sbuf_text(&text));
    }
    if (record == NULL || !valid.is_known || !valid.truth || record->redirect != NULL)
        return policy_value_unknown(NOT_EDITABLE);
    for (size_t i = 0; i < record->term_count; i++)
        if (record->terms[i].kind != REC_SPF_ALL && !record->terms[i].is_after_all)
            sbuf_addf(&text, " %.*s", SPAN_ARG(record->terms[i].text));
    sbuf_addf(&text, " %s", all);
    return policy_value_text(sbuf_text(&text));
}

struct policy_value policy_fact_record_spf_soft(const struct policy_lookup *in)
{
    return record_spf(in, "~all");
}

struct policy_value policy_fact_record_spf_hard(const struct policy_lookup *in)
{
    return record_spf(in, "-all");
}

/* ---- DMARC ---- */

/* record_is_kept - the tag does not make the policy weaker */
static bool record_is_kept(const struct rec_tag *tag)
{
    static const char *const dropped[] = {"v", "p", "sp", "np", "t", "pct"};

    for (size_t i = 0; i < COUNT_OF(dropped); i++)
        if (span_equal_text(tag->name, dropped[i]))
            return false;
    return true;
}

/* record_dmarc - the DMARC record of the domain with a policy for all names that is not weaker
 * than asked for, or than what it is; and with an address for reports where it has none */
static struct policy_value record_dmarc(const struct policy_lookup *in,
                                        enum rec_dmarc_policy least)
{
    const struct dns_name *name = in->facts->domain.name;
    const struct auth_dmarc_policy *dmarc = in->facts->domain.dmarc;
    const struct rec_dmarc *record = NULL;
    /* without mail it needs a mailbox elsewhere */
    bool takes_none = in->facts->domain.parked != PARKED_NOT || in->facts->domain.is_null_mx;
    struct policy_value reports = policy_fact_dmarc_reports(in);
    bool is_asked = takes_none && reports.is_known && !reports.truth;
    struct sbuf text = sbuf_start(in->arena);

    if (name == NULL || dmarc == NULL || dmarc->is_undetermined)
        return policy_value_unknown(NOT_EDITABLE);
    if (dmarc->step != NULL && dns_name_equal(dmarc->step->domain, name))
        record = dmarc->step->record;
    if (dmarc->step != NULL && dmarc->policy > least)
        least = dmarc->policy;
    if (record != NULL && record->has_policy && record->policy > least)
        least = record->policy;
    sbuf_addf(&text, "v=DMARC1; p=%s", rec_dmarc_policy_to_text(least));
    for (const struct rec_tag *tag = record != NULL ? record->tags.first : NULL; tag != NULL;
         tag = tag->next)
        if (record_is_kept(tag) && !(is_asked && span_equal_text(tag->name, "rua")))
            sbuf_addf(&text, "; %.*s=%.*s", SPAN_ARG(tag->name), SPAN_ARG(tag->value));
    if (is_asked || record == NULL || record->rua == NULL)
        sbuf_addf(&text, "; rua=mailto:%s%s", takes_none ? "..." : "reports@",
                  takes_none ? "" : name->text);
    return policy_value_text(sbuf_text(&text));
}

/* the policy as it is, none without one: for a rule that asks for another tag */
struct policy_value policy_fact_record_dmarc(const struct policy_lookup *in)
{
    return record_dmarc(in, REC_DMARC_NONE);
}

struct policy_value policy_fact_record_dmarc_quarantine(const struct policy_lookup *in)
{
    return record_dmarc(in, REC_DMARC_QUARANTINE);
}

struct policy_value policy_fact_record_dmarc_reject(const struct policy_lookup *in)
{
    return record_dmarc(in, REC_DMARC_REJECT);
}
