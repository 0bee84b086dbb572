/*
 * What nobody may publish without a person, whatever the comparisons say: a record that lets
 * nobody send, a key that is none, a domain that takes no mail. The only exception is a domain
 * that is known to have no mail.
 */
#include <string.h>

#include "model/rec_dkim.h"
#include "record/rec_dkim.h"
#include "record/rec_spf.h"
#include "remedy/remedy_private.h"

/* is_bare_spf - an SPF record that lets nobody pass: "-all" or "~all" alone */
static bool is_bare_spf(struct arena *arena, struct span text)
{
    struct rec_spf record;

    if (!rec_spf_is_record(text))
        return false;
    rec_spf_parse(arena, text, &record);
    for (size_t i = 0; i < record.term_count; i++)
        if (record.terms[i].kind != REC_SPF_ALL && record.terms[i].kind != REC_SPF_EXP &&
            record.terms[i].kind != REC_SPF_UNKNOWN_MODIFIER)
            return false;
    return record.all != NULL && (record.all->qualifier == '-' || record.all->qualifier == '~');
}

/* is_no_key - the text at the name of a key holds none */
static bool is_no_key(struct arena *arena, const struct dns_rr *rr)
{
    struct rec_dkim_key key;

    if (strstr(rr->owner->text, "._domainkey.") == NULL)
        return false;
    rec_dkim_key_parse(arena, rr->joined, &key);
    return key.octets.len == 0;
}

const char *remedy_guard(struct arena *arena, const struct facts *facts,
                         const struct remedy *remedy)
{
    if (facts->domain.parked != PARKED_NOT)
        return NULL;
    for (const struct remedy_edit *edit = remedy->edits; edit != NULL; edit = edit->next) {
        const struct dns_rr *rr = edit->rr;
        const struct dns_rr *old = edit->old;

        if (edit->action == REMEDY_REMOVE)
            continue;
        if (rr->type == DNS_MX && rr->target->len == 0)
            return "if it has no mail";
        if (rr->type != DNS_TXT)
            continue;
        if (is_no_key(arena, rr))
            return "if the key is given up";
        if (is_bare_spf(arena, rr->joined) && (old == NULL || !rec_spf_is_record(old->joined) ||
                                               !is_bare_spf(arena, old->joined)))
            return "if the domain sends no mail";
    }
    return NULL;
}
