/*
 * What edits take away as text: a key, a report address, a policy, a term. That sees what
 * nobody could parse, and depends on no reading of it.
 */
#include <string.h>

#include "base/escape.h"
#include "base/ip.h"
#include "base/ip_ranges.h"
#include "base/span.h"
#include "base/table.h"
#include "model/compare.h"
#include "model/rec_dmarc.h"
#include "model/rec_meant.h"
#include "record/rec_dmarc.h"
#include "record/rec_meant.h"
#include "record/rec_spf.h"
#include "record/rec_tags.h"
#include "remedy/remedy_private.h"

#define KEY_LETTERS 40 /* of base64: fewer may be a word of a note */

/* add_remaining - the texts that are at the name after the edits */
static void add_remaining(const struct remedy_meaning *meaning, const struct dns_name *name,
                          struct sbuf *text)
{
    const struct dns_answer *answer =
        ledger_find(meaning->remedy->proof.facts_after->ledger, name, DNS_TXT);

    for (const struct dns_rr *rr = answer != NULL ? dns_answer_first(answer) : NULL; rr != NULL;
         rr = dns_answer_next(answer, rr)) {
        sbuf_add_span(text, rr->joined);
        sbuf_add_octet(text, '\n');
    }
}

/* text_after - the text that is edited, and all that takes its place at any name */
static struct span text_after(struct remedy_meaning *meaning, const struct remedy_edit *old)
{
    struct sbuf text = sbuf_start(meaning->arena);

    for (const struct remedy_edit *edit = meaning->remedy->edits; edit != NULL;
         edit = edit->next) {
        if (edit->action == REMEDY_REMOVE || edit->rr->type != DNS_TXT ||
            (old->action == REMEDY_REPLACE && edit != old))
            continue;
        sbuf_add_span(&text, edit->rr->joined);
        sbuf_add_octet(&text, '\n');
    }
    if (old->action == REMEDY_REMOVE)
        add_remaining(meaning, old->rr->owner, &text);
    return sbuf_span(&text);
}

/* text_has - both are folded */
static bool text_has(struct span text, struct span part)
{
    return part.len == 0 || memmem(text.at, text.len, part.at, part.len) != NULL;
}

/* is_key_letter - of base64, either alphabet */
static bool is_key_letter(char octet)
{
    return ascii_is_alnum(octet) || octet == '+' || octet == '/' || octet == '-' ||
           octet == '_';
}

/* key_run - the longest run of base64 in a text, blanks left out; {NULL, 0}: none */
static struct span key_run(struct arena *arena, struct span text)
{
    struct span plain = rec_without_blanks(arena, text);
    struct span best = {NULL, 0};
    size_t from = 0;

    for (size_t i = 0; i <= plain.len; i++) {
        if (i < plain.len && is_key_letter(plain.at[i]))
            continue;
        if (i - from > best.len)
            best = span_sub(plain, from, i - from);
        from = i + 1;
    }
    return best.len >= KEY_LETTERS ? best : (struct span){NULL, 0};
}

/* is_reading - the edit publishes one of the readings of the record that it replaces */
static bool is_reading(const struct meant_facts *facts, const struct remedy_edit *edit)
{
    for (const struct rec_meant *meant = facts->meant; meant != NULL; meant = meant->other)
        if (edit->action == REMEDY_REPLACE && edit->old == facts->rr &&
            span_equal(meant->text, edit->rr->joined))
            return true;
    return false;
}

bool remedy_publishes(const struct remedy *remedy, const struct meant_facts *facts)
{
    for (const struct remedy_edit *edit = remedy->edits; edit != NULL; edit = edit->next)
        if (is_reading(facts, edit))
            return true;
    return false;
}

/* is_meant_text - the new text is what the reading made of the old one */
static bool is_meant_text(const struct remedy_meaning *meaning, const struct remedy_edit *edit)
{
    for (const struct selector_facts *selector = meaning->before->domain.selectors;
         selector != NULL; selector = selector->next)
        if (is_reading(&selector->meant, edit))
            return true;
    return is_reading(&meaning->before->domain.dmarc_meant, edit) &&
           meaning->before->domain.dmarc_meant.meant->other == NULL;
}

/* meaning_key_text - a key of the old text has to be in a new one */
static void meaning_key_text(struct remedy_meaning *meaning, const struct remedy_edit *edit,
                             struct span old)
{
    struct span key = key_run(meaning->arena, old);
    struct span after = rec_without_blanks(meaning->arena, text_after(meaning, edit));

    if (key.len > 0 && !is_meant_text(meaning, edit) &&
        memmem(after.at, after.len, key.at, key.len) == NULL)
        remedy_meaning_note(meaning, "dkim_key",
                            arena_printf(meaning->arena, "the key that ends in %.*s",
                                         SPAN_ARG(span_from(key, key.len - 8))));
}

/* address_around - the mail address that the "@" is in */
static struct span address_around(struct span text, size_t at)
{
    size_t from = at;
    size_t to = at + 1;

    while (from > 0 &&
           (ascii_is_alnum(text.at[from - 1]) || strchr(".-_+", text.at[from - 1]) != NULL))
        from--;
    while (to < text.len && (ascii_is_alnum(text.at[to]) || strchr(".-_", text.at[to])))
        to++;
    return span_sub(text, from, to - from);
}

/* meaning_uris - entries of a list of report addresses that no new text has, which is folded;
 * those with an "@" are found in the text */
static void meaning_uris(struct remedy_meaning *meaning, const struct rec_dmarc_uri *uri,
                         struct span after)
{
    for (; uri != NULL; uri = uri->next) {
        struct span bare = uri->text;

        if (span_starts_with_nocase(bare, "mailto:"))
            bare = span_from(bare, strlen("mailto:"));
        while (bare.len > 0 && bare.at[0] == '"')
            bare = span_from(bare, 1);
        while (bare.len > 0 && bare.at[bare.len - 1] == '"')
            bare.len--;
        if (bare.len > 0 && span_find(bare, '@') < 0 &&
            !text_has(after, arena_lower(meaning->arena, bare)))
            remedy_meaning_note(
                meaning, "dmarc_reports",
                arena_printf(meaning->arena, "the reports to %s",
                             escape_to_text(meaning->arena, bare, LIMIT_SHOWN_BYTES)));
    }
}

/* meaning_addresses - mail addresses of the old text that no new text has, which is folded */
static void meaning_addresses(struct remedy_meaning *meaning, struct span old,
                              struct span after)
{
    struct table *kept = table_open(meaning->arena);
    struct span folded = arena_lower(meaning->arena, old);
    bool is_new = false;

    for (size_t i = 0; i < after.len; i++)
        if (after.at[i] == '@')
            table_slot(kept, address_around(after, i), &is_new);
    for (size_t i = 0; i < old.len; i++) {
        struct span address = {NULL, 0};

        if (old.at[i] != '@' || (address = address_around(old, i)).len <= 2)
            continue;
        table_slot(kept, address_around(folded, i), &is_new);
        if (is_new)
            remedy_meaning_note(
                meaning, "dmarc_reports",
                arena_printf(meaning->arena, "the reports to %s",
                             escape_to_text(meaning->arena, address, LIMIT_SHOWN_BYTES)));
    }
}

/* meaning_dmarc_text - report addresses and the strictest policy that the old text speaks of */
static void meaning_dmarc_text(struct remedy_meaning *meaning, const struct remedy_edit *edit,
                               struct span old)
{
    static const char *const policies[] = {"reject", "quarantine"};
    struct span after = arena_lower(meaning->arena, text_after(meaning, edit));
    struct span folded = arena_lower(meaning->arena, old);
    struct rec_dmarc record;

    if (is_meant_text(meaning, edit))
        return;
    rec_dmarc_parse(meaning->arena, old, &record);
    if (meaning->before->domain.parked == PARKED_NOT) {
        meaning_uris(meaning, record.rua, after);
        meaning_uris(meaning, record.ruf, after);
        meaning_addresses(meaning, old, after);
    }
    for (size_t i = 0; i < COUNT_OF(policies); i++)
        if (text_has(folded, span_of(policies[i]))) {
            if (!text_has(after, span_of(policies[i])) &&
                !text_has(after, span_of(policies[0])))
                remedy_meaning_note(meaning, "dmarc_policy",
                                    arena_printf(meaning->arena, "the policy %s", policies[i]));
            return;
        }
}

/* ---- an SPF record that goes while another stays ---- */

/* networks_of - what the terms of a record that are addresses let pass */
static void networks_of(struct arena *arena, const struct rec_spf *record,
                        struct ip_ranges out[AUTH_SPF_SET_FAMILIES])
{
    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++)
        out[i] = ip_ranges_none(i == 0 ? IP_V4 : IP_V6);
    for (size_t i = 0; record != NULL && i < record->term_count; i++) {
        const struct rec_spf_term *term = &record->terms[i];

        if (term->qualifier != '+' || term->address.family == IP_NONE)
            continue;
        ip_ranges_add_network(arena, &out[term->address.family == IP_V4 ? 0 : 1],
                              &term->address,
                              term->kind == REC_SPF_IP4 ? term->prefix4 : term->prefix6);
    }
    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++)
        ip_ranges_settle(&out[i]);
}

/* what the record that stays has */
struct staying {
    struct table *terms;    /* their texts in lower case */
    struct table *includes; /* domains */
    struct ip_ranges networks[AUTH_SPF_SET_FAMILIES];
};

/* staying_read - NULL record: nothing stays */
static struct staying staying_read(struct arena *arena, const struct rec_spf *record)
{
    struct staying staying = {remedy_terms_of(arena, record), table_open(arena), {{0}}};
    bool is_new = false;

    for (size_t i = 0; record != NULL && i < record->term_count; i++)
        if (record->terms[i].kind == REC_SPF_INCLUDE)
            table_slot(staying.includes, record->terms[i].domain_spec, &is_new);
    networks_of(arena, record, staying.networks);
    return staying;
}

/* meaning_has_term - the record that stays has the term, or all its addresses */
static bool meaning_has_term(struct arena *arena, const struct staying *staying,
                             const struct rec_spf_term *term)
{
    if (remedy_has_term(arena, staying->terms, term->text) ||
        (term->kind == REC_SPF_REDIRECT && table_has(staying->includes, term->domain_spec)))
        return true;
    return term->address.family != IP_NONE &&
           ip_ranges_cover(&staying->networks[term->address.family == IP_V4 ? 0 : 1],
                           &term->address,
                           term->kind == REC_SPF_IP4 ? term->prefix4 : term->prefix6);
}

/* meaning_spf_text - terms of a record that goes, which the one that stays does not have */
static void meaning_spf_text(struct remedy_meaning *meaning, const struct dns_rr *old)
{
    const struct rec_meant *meant =
        rec_meant_spf(meaning->arena, old->strings, old->string_count, NULL);
    const struct auth_spf_node *root = check_spf_root(meaning->remedy->proof.facts_after);
    struct staying staying;
    struct rec_spf record;

    if (meaning->before->domain.parked != PARKED_NOT)
        return;
    rec_spf_parse(meaning->arena, meant != NULL ? meant->text : old->joined, &record);
    staying = staying_read(meaning->arena, root != NULL ? root->record : NULL);
    for (size_t i = 0; i < record.term_count; i++)
        if ((record.terms[i].qualifier == '+' || record.terms[i].kind == REC_SPF_REDIRECT) &&
            record.terms[i].kind != REC_SPF_ALL &&
            !meaning_has_term(meaning->arena, &staying, &record.terms[i]))
            remedy_meaning_note(
                meaning, "spf_term",
                arena_printf(
                    meaning->arena, "whatever is sent through %s",
                    escape_to_text(meaning->arena, record.terms[i].text, LIMIT_SHOWN_BYTES)));
}

/* ---- mail hosts ---- */

/* is_same_host - the new record names the host that the old one means: what was misspelt, the
 * name behind an alias, or a name for an address */
static bool is_same_host(const struct facts *facts, const struct dns_name *old,
                         const struct dns_name *new)
{
    struct ip_address ip;

    for (const struct mx_host *mx = facts->domain.mx_hosts; mx != NULL; mx = mx->next) {
        if (!dns_name_equal(mx->host, old))
            continue;
        return (mx->meant != NULL && dns_name_equal(mx->meant, new)) ||
               ip_parse(span_of(old->text), &ip) ||
               dns_name_equal(dns_answer_final_name(mx->a), new);
    }
    return false;
}

/* meaning_mx - a mail host that goes, and whose place no other record takes */
static void meaning_mx(struct remedy_meaning *meaning, const struct remedy_edit *edit)
{
    const struct dns_name *host =
        edit->action == REMEDY_REPLACE ? edit->old->target : edit->rr->target;

    if (host->len == 0 || meaning->before->domain.parked != PARKED_NOT ||
        (edit->action == REMEDY_REPLACE &&
         (dns_name_equal(host, edit->rr->target) ||
          is_same_host(meaning->before, host, edit->rr->target))))
        return;
    remedy_meaning_note(meaning, compare_kind_to_text(COMPARE_KIND_mx_lost),
                        arena_printf(meaning->arena, "the mail host %s",
                                     remedy_name_text(meaning->arena, host)));
}

/* is_about_spf_text - an SPF record, or what was meant as that of the domain */
static bool is_about_spf_text(const struct remedy_meaning *meaning, const struct dns_rr *old)
{
    return rec_spf_is_record(old->joined) ||
           (dns_name_equal(old->owner, meaning->before->domain.name) &&
            rec_meant_spf(meaning->arena, old->strings, old->string_count, NULL) != NULL);
}

/* ---- together ---- */

void remedy_meaning_texts(struct remedy_meaning *meaning)
{
    for (const struct remedy_edit *edit = meaning->remedy->edits; edit != NULL;
         edit = edit->next) {
        const struct dns_rr *old = edit->action == REMEDY_REPLACE ? edit->old : edit->rr;
        const char *owner = old->owner->text;

        if (edit->action != REMEDY_ADD && old->type == DNS_MX)
            meaning_mx(meaning, edit);
        if (edit->action == REMEDY_ADD || old->type != DNS_TXT)
            continue;
        if (edit->action == REMEDY_REMOVE && is_about_spf_text(meaning, old))
            meaning_spf_text(meaning, old);
        else if (strstr(owner, "._domainkey.") != NULL)
            meaning_key_text(meaning, edit, old->joined);
        else if (span_starts_with_nocase(span_of(owner), "_dmarc."))
            meaning_dmarc_text(meaning, edit, old->joined);
    }
}
