/*
 * MTA-STS, TLS-RPT and BIMI share a pattern: one TXT record at a name of its own. What was
 * meant is picked out of a text that is none; of several records each may be the one to keep.
 */
#include <string.h>

#include "model/dmarc_verdict.h"
#include "model/rec_dmarc.h"
#include "model/rec_tlsa.h"
#include "record/rec_bimi.h"
#include "record/rec_mta_sts.h"
#include "record/rec_tls_rpt.h"
#include "remedy/remedy_private.h"

#define ID_MAX 32 /* characters of id=: RFC 8461, 3.1 */

/* ---- several records ---- */

void remedy_mta_sts_several(struct remedy_maker *maker)
{
    remedy_keep_one(maker, maker->facts->domain.mta_sts.text.answer, rec_mta_sts_is_record);
}

void remedy_tls_rpt_several(struct remedy_maker *maker)
{
    remedy_keep_one(maker, maker->facts->domain.tls_rpt.text.answer, rec_tls_rpt_is_record);
}

void remedy_bimi_several(struct remedy_maker *maker)
{
    remedy_keep_one(maker, maker->facts->domain.bimi.text.answer, rec_bimi_is_record);
}

/* ---- a text as it was meant ---- */

/* transport_rr_of - the record itself, or the text that the finding takes for one */
static const struct dns_rr *transport_rr_of(const struct remedy_maker *maker,
                                            const struct text_facts *text)
{
    return text->rr != NULL ? text->rr : maker->finding->where.rr;
}

/* transport_next_word - cut the next word off; what separates tags and lists of addresses
 * separates */
static struct span transport_next_word(struct span *rest)
{
    size_t start = 0;
    size_t end = 0;
    struct span word = {NULL, 0};

    while (start < rest->len && strchr(" \t,;\"'<>", rest->at[start]) != NULL)
        start++;
    end = start;
    while (end < rest->len && strchr(" \t,;\"'<>", rest->at[end]) == NULL)
        end++;
    word = span_sub(*rest, start, end - start);
    *rest = span_from(*rest, end);
    return word;
}

/* transport_value_of - what follows "name=" in the word; {NULL, 0}: it is another tag */
static struct span transport_value_of(struct span word, const char *name)
{
    size_t len = strlen(name);

    if (!span_starts_with_nocase(word, name) || word.len <= len ||
        (word.at[len] != '=' && word.at[len] != ':'))
        return (struct span){NULL, 0};
    return span_from(word, len + 1);
}

/* id_of - the letters and digits of an id that is there, else the moment: it has to change with
 * the policy */
static const char *id_of(const struct remedy_maker *maker, struct span text)
{
    struct sbuf id = sbuf_start(maker->arena);

    while (text.len > 0) {
        struct span value = transport_value_of(transport_next_word(&text), "id");

        for (size_t i = 0; i < value.len && id.len < ID_MAX; i++)
            if (ascii_is_alnum(value.at[i]))
                sbuf_add_octet(&id, value.at[i]);
    }
    if (id.len == 0)
        sbuf_addf(&id, "%lld", (long long)maker->facts->subject->now);
    return sbuf_text(&id);
}

/* offer_no_policy - the domain gives MTA-STS up */
static void offer_no_policy(struct remedy_maker *maker, const struct dns_rr *rr)
{
    remedy_remove(maker,
                  remedy_offer(maker, "remove the record, which promises a policy",
                               "if you will not serve a policy"),
                  rr);
}

void remedy_mta_sts_text(struct remedy_maker *maker)
{
    const struct dns_rr *rr = transport_rr_of(maker, &maker->facts->domain.mta_sts.text);

    if (rr == NULL)
        return;
    remedy_replace_text(
        maker, remedy_offer(maker, "write the record as senders read it", NULL), rr,
        span_of(arena_printf(maker->arena, "v=STSv1; id=%s;", id_of(maker, rr->joined))));
    offer_no_policy(maker, rr);
}

void remedy_mta_sts_no_host(struct remedy_maker *maker)
{
    if (maker->facts->domain.mta_sts.text.rr != NULL)
        offer_no_policy(maker, maker->facts->domain.mta_sts.text.rr);
}

/* is_uri - a place where reports can go */
static bool is_uri(struct span word)
{
    return span_starts_with_nocase(word, "mailto:") || span_starts_with_nocase(word, "https:");
}

void remedy_tls_rpt_text(struct remedy_maker *maker)
{
    const struct dns_rr *rr = transport_rr_of(maker, &maker->facts->domain.tls_rpt.text);
    struct sbuf list = sbuf_start(maker->arena);
    struct span rest = rr != NULL ? rr->joined : (struct span){NULL, 0};

    while (rest.len > 0) {
        struct span word = transport_next_word(&rest);
        struct span value = transport_value_of(word, "rua");

        if (value.at != NULL)
            word = value;
        if (!is_uri(word) && (span_find(word, ':') >= 0 || span_find(word, '@') < 1))
            continue;
        sbuf_add_item(&list, ",", is_uri(word) ? "" : "mailto:");
        sbuf_add_span(&list, word);
    }
    if (list.len > 0)
        remedy_replace_text(
            maker,
            remedy_offer(maker, "write the record with the addresses that are in it", NULL), rr,
            span_of(arena_printf(maker->arena, "v=TLSRPTv1; rua=%s", sbuf_text(&list))));
    else if (rr != NULL)
        remedy_remove(maker,
                      remedy_offer(maker, "remove the record: no reports are requested",
                                   "if nobody reads them"),
                      rr);
}

/* transport_secure - the URI with https:, as receivers want it */
static const char *transport_secure(struct arena *arena, struct span uri)
{
    bool is_open = span_starts_with_nocase(uri, "http:");
    struct span rest = is_open ? span_from(uri, sizeof("http:") - 1) : uri;

    return arena_printf(arena, "%s%.*s", is_open ? "https:" : "", SPAN_ARG(rest));
}

void remedy_bimi_text(struct remedy_maker *maker)
{
    const struct dns_rr *rr = transport_rr_of(maker, &maker->facts->domain.bimi.text);
    struct span rest = rr != NULL ? rr->joined : (struct span){NULL, 0};
    struct span logo = {NULL, 0};
    struct span certificate = {NULL, 0};

    while (rest.len > 0) {
        struct span word = transport_next_word(&rest);

        if (transport_value_of(word, "l").len > 0)
            logo = transport_value_of(word, "l");
        else if (transport_value_of(word, "a").len > 0)
            certificate = transport_value_of(word, "a");
    }
    if (rr == NULL)
        return;
    if (logo.len > 0)
        remedy_replace_text(maker,
                            remedy_offer(maker, "write the record as receivers read it",
                                         "if the files can be fetched there"),
                            rr,
                            span_of(arena_printf(maker->arena, "v=BIMI1; l=%s; a=%s",
                                                 transport_secure(maker->arena, logo),
                                                 transport_secure(maker->arena, certificate))));
    remedy_replace_text(maker,
                        remedy_offer(maker, "declare that the domain has no logo",
                                     "if no logo should be shown"),
                        rr, span_of("v=BIMI1; l=; a="));
}

/* the other half of a logo: a DMARC policy that means it */
void remedy_bimi_policy(struct remedy_maker *maker)
{
    const struct auth_dmarc_step *step = check_dmarc_own_record(maker->facts);
    const struct dns_rr *rr = maker->facts->domain.bimi.text.rr;
    struct remedy_tags tags = {0};

    if (step != NULL) {
        tags = remedy_tags_of(maker->arena, &step->record->tags);
        remedy_tags_remove(&tags, "t");
        remedy_tags_remove(&tags, "pct");
        if (step->record->has_sub_policy && step->record->sub_policy == REC_DMARC_NONE)
            remedy_tags_remove(&tags, "sp");
        if (step->record->policy == REC_DMARC_NONE)
            remedy_tags_set(&tags, "p", span_of("quarantine"), true);
        remedy_replace_text(maker,
                            remedy_offer(maker, "publish a DMARC policy that receivers act on",
                                         "if the reports show that all senders pass"),
                            step->rr, remedy_tags_text(&tags));
    }
    remedy_remove(
        maker, remedy_offer(maker, "remove the BIMI record", "if no logo should be shown yet"),
        rr);
}

/* ---- DANE ---- */

/* transport_host_of - the mail host whose TLSA records the finding is about; NULL */
static const struct mx_host *transport_host_of(const struct remedy_maker *maker)
{
    const struct mx_host *mx = maker->facts->domain.mx_hosts;
    const char *name = maker->finding->where.name;

    while (mx != NULL && (mx->tlsa == NULL || name == NULL ||
                          (strcmp(mx->tlsa->question.name->text, name) != 0 &&
                           strcmp(dns_answer_final_name(mx->tlsa)->text, name) != 0)))
        mx = mx->next;
    return mx;
}

void remedy_dane_insecure(struct remedy_maker *maker)
{
    const struct mx_host *mx = transport_host_of(maker);
    struct remedy *remedy = NULL;

    if (mx == NULL)
        return;
    remedy = remedy_offer(maker, "remove the TLSA records, which senders must ignore",
                          "if the zone will not be signed");
    for (const struct tlsa_facts *one = mx->tlsa_records; one != NULL; one = one->next)
        remedy_remove(maker, remedy, one->rr);
}

void remedy_dane_malformed(struct remedy_maker *maker)
{
    const struct mx_host *mx = transport_host_of(maker);
    struct remedy *remedy = NULL;

    if (mx == NULL)
        return;
    remedy = remedy_offer(maker, "remove the record that matches no certificate",
                          "until it is created again from the certificate of the host");
    for (const struct tlsa_facts *one = mx->tlsa_records; one != NULL; one = one->next)
        if (one->record->faults != NULL && one->record->faults->kind != REC_TLSA_FAULT_PKIX)
            remedy_remove(maker, remedy, one->rr);
}

/* has_value - the host has a TLSA record with these numbers and data */
static bool has_value(const struct mx_host *mx, const char *value)
{
    for (const struct tlsa_facts *one = mx->tlsa_records; one != NULL; one = one->next)
        if (strcmp(remedy_value(one->rr), value) == 0)
            return true;
    return false;
}

/* usages 0 and 1 name the same certificates as 2 and 3: RFC 7672, 3.1.3 */
void remedy_dane_pkix(struct remedy_maker *maker)
{
    const struct mx_host *mx = transport_host_of(maker);
    struct remedy *remedy = NULL;

    if (mx == NULL)
        return;
    remedy = remedy_offer(maker, "write the same certificate in the form that mail servers use",
                          "if the host presents it now, with that of its issuer");
    for (const struct tlsa_facts *one = mx->tlsa_records; one != NULL; one = one->next) {
        char *value = arena_strdup(maker->arena, remedy_value(one->rr));

        if (!one->record->is_readable || one->record->usage > 1)
            continue;
        value[0] = one->record->usage == 0 ? '2' : '3';
        if (has_value(mx, value))
            remedy_remove(maker, remedy, one->rr);
        else
            remedy_replace_value(maker, remedy, one->rr, value);
    }
}
