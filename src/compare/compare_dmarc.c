/*
 * DMARC by what receivers do with mail that fails, and by who gets the reports. The policy of
 * a subdomain may come from the organizational domain in one world and not in the other: what
 * counts is the policy that applies.
 */
#include <string.h>

#include "base/dns_name.h"
#include "base/sbuf.h"
#include "compare/compare_private.h"
#include "model/dmarc_verdict.h"
#include "model/provider.h"
#include "model/rec_dmarc.h"

/* dmarc_policy_trouble - why a world's policy is not known; NULL: it is */
static const struct dns_answer *dmarc_policy_trouble(const struct auth_dmarc_policy *policy)
{
    return policy->is_undetermined && policy->walk->trouble != NULL &&
                   !compare_is_nothing(policy->walk->trouble->answer)
               ? policy->walk->trouble->answer
               : NULL;
}

/* step_answer - where the record is, or should be */
static const struct dns_answer *step_answer(const struct auth_dmarc_policy *policy)
{
    return policy->step != NULL ? policy->step->answer : policy->walk->steps[0].answer;
}

/* note_policy - a change at the record of the new world, or of the old one if none is left */
static struct compare_change *note_policy(struct comparison *comparison, enum compare_kind kind)
{
    const struct auth_dmarc_policy *old = comparison->before->dmarc;
    const struct auth_dmarc_policy *new = comparison->after->dmarc;

    if (new->step != NULL)
        return compare_note(comparison, kind, new->step->answer, new->step->rr);
    if (dns_answer_first(new->walk->steps[0].answer) != NULL) /* a record that does not count */
        return compare_note(comparison, kind, new->walk->steps[0].answer,
                            dns_answer_first(new->walk->steps[0].answer));
    return compare_note_old(comparison, kind, step_answer(old),
                            old->step != NULL ? old->step->rr : NULL);
}

/* ---- strength ---- */

#define STRENGTHS 6 /* tags that say how strict a record is */

/* how one thing that a record asks for differs */
struct strength {
    const char *tag;
    int before;
    int after;
    const char *words[2];
};

/* percent_of - the share of mail for which older receivers follow the policy */
static int percent_of(const struct rec_dmarc *record)
{
    return record->has_percent ? (int)record->percent : 100;
}

/* dmarc_applied - what a record asks for, once t=y and a missing policy are taken into
 * account */
static int dmarc_applied(const struct rec_dmarc *record, enum rec_dmarc_policy policy)
{
    if (record->is_replaced_by_none || policy == REC_DMARC_NONE)
        return REC_DMARC_NONE;
    return (int)policy - (record->is_testing ? 1 : 0);
}

/* value_words - as the tag would be written */
static const char *value_words(struct arena *arena, size_t index, int value)
{
    if (index < 3)
        return rec_dmarc_policy_to_text((enum rec_dmarc_policy)value);
    if (index == 3)
        return arena_printf(arena, "%d", value);
    return value != 0 ? "s" : "r";
}

/* is_organization - others inherit from the record of the domain: sp and np mean something only
 * there (RFC 9989, 4.10.1) */
static bool is_organization(const struct auth_dmarc_policy *policy)
{
    return policy->walk->organizational_domain != NULL &&
           dns_name_equal(policy->walk->organizational_domain, policy->walk->domain);
}

/* is_of_one_world - the domain comes to exist, or goes: no mail of it had the other policy */
static bool is_of_one_world(const struct auth_dmarc_policy *policies[2])
{
    return policies[0]->domain_exists != policies[1]->domain_exists;
}

/* policy_strengths - what applies to the domain, to subdomains, to names that do not exist; sp
 * and np are left out where they only follow, or nobody inherits them */
static size_t policy_strengths(struct arena *arena, const struct auth_dmarc_policy *policies[2],
                               struct strength out[])
{
    const struct rec_dmarc *old = policies[0]->step->record;
    const struct rec_dmarc *new = policies[1]->step->record;
    const struct strength list[STRENGTHS] = {
        {"p", policies[0]->policy, policies[1]->policy, {NULL, NULL}},
        {"sp",
         dmarc_applied(old, old->sub_policy),
         dmarc_applied(new, new->sub_policy),
         {NULL, NULL}},
        {"np",
         dmarc_applied(old, old->np_policy),
         dmarc_applied(new, new->np_policy),
         {NULL, NULL}},
        {"pct", percent_of(old), percent_of(new), {NULL, NULL}},
        {"adkim", old->adkim_strict, new->adkim_strict, {NULL, NULL}},
        {"aspf", old->aspf_strict, new->aspf_strict, {NULL, NULL}},
    };
    size_t count = 0;

    for (size_t i = 0; i < STRENGTHS; i++) {
        bool is_for_others = i == 1 || i == 2;
        bool follows = is_for_others && list[i].before == list[i - 1].before &&
                       list[i].after == list[i - 1].after;

        if (follows || (is_for_others && !is_organization(policies[1])) ||
            (i == 0 && is_of_one_world(policies)))
            continue;
        out[count] = list[i];
        out[count].words[0] = value_words(arena, i, list[i].before);
        out[count].words[1] = value_words(arena, i, list[i].after);
        if (i < 3 && new->is_testing && !old->is_testing) /* the tag itself says more */
            out[count].words[1] = arena_printf(arena, "%s while t=y", out[count].words[1]);
        count++;
    }
    return count;
}

/* tag_in - the tag as it is in the record; empty: it is not there */
static struct span tag_in(const struct dns_rr *rr, const char *text)
{
    const char *at = rr == NULL || rr->joined.len == 0
                         ? NULL
                         : memmem(rr->joined.at, rr->joined.len, text, strlen(text));

    return at != NULL ? span_make(at, strlen(text)) : span_make("", 0);
}

/* note_strength - one change for all tags that got weaker, or stronger */
static bool note_strength(struct comparison *comparison, const struct strength list[],
                          size_t count, bool is_weaker)
{
    struct sbuf texts[2] = {sbuf_start(comparison->arena), sbuf_start(comparison->arena)};
    struct compare_change *change = NULL;

    for (size_t i = 0; i < count; i++) {
        if (list[i].before == list[i].after || (list[i].after < list[i].before) != is_weaker)
            continue;
        for (size_t j = 0; j < 2; j++)
            sbuf_addf(&texts[j], "%s%s=%s", texts[j].len > 0 ? "; " : "", list[i].tag,
                      list[i].words[j]);
    }
    if (texts[0].len == 0)
        return false;
    change = note_policy(comparison, is_weaker ? COMPARE_KIND_dmarc_weakened
                                               : COMPARE_KIND_dmarc_strengthened);
    change->before = sbuf_text(&texts[0]);
    change->after = sbuf_text(&texts[1]);
    change->term = tag_in(change->rr, change->after);
    return true;
}

/* ---- services that a stricter policy hits ---- */

/* has_own_address - its mail has a return path in the domain by default */
static bool has_own_address(const struct provider *provider)
{
    return provider->kind == PROVIDER_MAILBOX || provider->kind == PROVIDER_HOSTING ||
           provider->kind == PROVIDER_GATEWAY;
}

/* lists_selector - it is usual with the provider */
static bool lists_selector(const struct provider *provider, const char *selector)
{
    const struct provider_names *names = &provider->lists[PROVIDER_BY_SELECTOR];

    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->names[i], selector) == 0)
            return true;
    return false;
}

/* signs_for - a key of the provider is below the domain */
static bool signs_for(const struct provider *provider, const struct domain_facts *domain)
{
    for (const struct selector_facts *selector = domain->selectors; selector;
         selector = selector->next)
        if ((selector->rr != NULL || selector->target != NULL) &&
            (selector->host == provider ||
             (selector->host == NULL && lists_selector(provider, selector->selector->text))))
            return true;
    return false;
}

/* compare_services - who sends for the domain and can pass DMARC by neither way */
static void compare_services(struct comparison *comparison)
{
    const struct domain_facts *domain = comparison->after;

    for (const struct provider_seen *seen = domain->providers; seen; seen = seen->next) {
        struct compare_change *change = NULL;

        if (seen->by != PROVIDER_BY_SPF || has_own_address(seen->provider) ||
            signs_for(seen->provider, domain))
            continue;
        change = note_policy(comparison, COMPARE_KIND_dmarc_service_unaligned);
        change->provider = seen->provider;
        change->what = seen->name->text;
        change->after = rec_dmarc_policy_to_text(domain->dmarc->policy);
    }
}

/* ---- reports ---- */

/* plain_uri - without the size limit; the part before the first "!" */
static struct span plain_uri(struct span uri)
{
    return span_cut(&uri, '!');
}

/* is_same_uri - to the same address: a domain has no letter case, and none is expected of the
 * local part of a report address */
static bool is_same_uri(struct span a, struct span b)
{
    return span_same_nocase(plain_uri(a), plain_uri(b));
}

/* find_uri - where the list has the address; NULL: nowhere */
static const struct rec_dmarc_uri *find_uri(const struct rec_dmarc_uri *list,
                                            const struct rec_dmarc_uri *wanted)
{
    while (list != NULL && !(list->is_valid && is_same_uri(list->text, wanted->text)))
        list = list->next;
    return list;
}

/* compare_uris - addresses of one list that another lacks; most are in both in the same
 * order, so each is looked for behind the one before it first */
static void compare_uris(struct comparison *comparison, enum compare_kind kind,
                         const struct rec_dmarc_uri *has, const struct rec_dmarc_uri *lacks)
{
    const struct rec_dmarc_uri *next = lacks;

    for (; has != NULL; has = has->next) {
        const struct rec_dmarc_uri *found = NULL;
        struct compare_change *change = NULL;

        if (!has->is_valid)
            continue;
        if (next != NULL && next->is_valid && is_same_uri(next->text, has->text))
            found = next;
        else
            found = find_uri(lacks, has);
        if (found != NULL) {
            next = found->next;
            continue;
        }
        change = note_policy(comparison, kind);
        change->what = compare_shown(comparison->arena, has->text);
        if (kind == COMPARE_KIND_dmarc_reports_new && !change->is_old)
            change->term = has->text;
    }
}

/* compare_reports - who gets aggregate and failure reports */
static void compare_reports(struct comparison *comparison, const struct rec_dmarc *old,
                            const struct rec_dmarc *new)
{
    compare_uris(comparison, COMPARE_KIND_dmarc_reports_lost, old->rua, new->rua);
    compare_uris(comparison, COMPARE_KIND_dmarc_reports_lost, old->ruf, new->ruf);
    compare_uris(comparison, COMPARE_KIND_dmarc_reports_new, new->rua, old->rua);
    compare_uris(comparison, COMPARE_KIND_dmarc_reports_new, new->ruf, old->ruf);
}

/* report_of - the same destination in the other world; NULL: it gets no reports there */
static const struct auth_dmarc_report *report_of(const struct domain_facts *domain,
                                                 const struct auth_dmarc_report *wanted)
{
    const struct auth_dmarc_report *report = domain->reports;

    while (report != NULL && !is_same_uri(report->uri->text, wanted->uri->text))
        report = report->next;
    return report;
}

/* compare_authorisations - destinations elsewhere that no longer accept reports */
static void compare_authorisations(struct comparison *comparison)
{
    for (const struct auth_dmarc_report *old = comparison->before->reports; old != NULL;
         old = old->next) {
        const struct auth_dmarc_report *new = NULL;
        struct compare_change *change = NULL;

        if (!old->is_external || old->answer == NULL || old->is_undetermined ||
            !old->is_authorised)
            continue; /* few are queried, and only these are looked up */
        new = report_of(comparison->after, old);
        if (new == NULL || !new->is_external || new->answer == NULL || new->is_authorised)
            continue;
        if (new->is_undetermined &&
            !compare_is_known(comparison, COMPARE_KIND_report_authorisation_lost, old->answer,
                              new->answer))
            continue;
        change = compare_note_old(comparison, COMPARE_KIND_report_authorisation_lost,
                                  old->answer, dns_answer_first(old->answer));
        change->what = compare_shown(comparison->arena, old->uri->text);
        change->before = comparison->before->name->text;
    }
}

/* ---- together ---- */

/* note_missing_policy - a policy could not be looked up in one of the worlds */
static bool note_missing_policy(struct comparison *comparison)
{
    const struct dns_answer *old = dmarc_policy_trouble(comparison->before->dmarc);
    const struct dns_answer *new = dmarc_policy_trouble(comparison->after->dmarc);
    struct compare_change *change = NULL;

    if (old == NULL && new == NULL)
        return false;
    if ((old != NULL && old->status == DNS_UNKNOWN) || /* nobody spoke for it before */
        (old == NULL && comparison->before->dmarc->step == NULL))
        return true;
    change =
        compare_note(comparison, COMPARE_KIND_dmarc_record_lost, old != NULL ? old : new, NULL);
    change->unknown = dns_answer_reason(comparison->arena, old != NULL ? old : new);
    return true;
}

void compare_dmarc(struct comparison *comparison)
{
    const struct auth_dmarc_policy *policies[2] = {comparison->before->dmarc,
                                                   comparison->after->dmarc};
    struct strength strengths[STRENGTHS];
    size_t count = 0;
    bool is_stricter = false;

    if (policies[0] == NULL || policies[1] == NULL || note_missing_policy(comparison))
        return;
    if (policies[0]->step == NULL && policies[1]->step != NULL) {
        note_policy(comparison, COMPARE_KIND_dmarc_record_new)->after =
            rec_dmarc_policy_to_text(policies[1]->policy);
        is_stricter = policies[1]->policy > REC_DMARC_NONE;
    } else if (policies[0]->step != NULL && policies[1]->step == NULL) {
        note_policy(comparison, COMPARE_KIND_dmarc_record_lost)->before =
            rec_dmarc_policy_to_text(policies[0]->policy);
    } else if (policies[0]->step != NULL) {
        count = policy_strengths(comparison->arena, policies, strengths);
        note_strength(comparison, strengths, count, true);
        is_stricter = note_strength(comparison, strengths, count, false) &&
                      policies[1]->policy > REC_DMARC_NONE;
        compare_reports(comparison, policies[0]->step->record, policies[1]->step->record);
        compare_authorisations(comparison);
    }
    if (is_stricter)
        compare_services(comparison);
}
