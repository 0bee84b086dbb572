/* Candidates and their edits. A candidate that became void keeps no edits. */
#include <string.h>

#include "base/err.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/span.h"
#include "remedy/remedy_private.h"

#define STRING_MAX 255  /* octets of a character-string: RFC 1035, 3.3 */
#define TTL_NEW    3600 /* of a name without records: an hour is what most zones use */

/* a resolver counts the TTL down; the usual value above what is left was probably set */
static const uint32_t usual_ttls[] = {300,  600,   900,   1800,  3600,
                                      7200, 14400, 28800, 43200, 86400};

bool remedy_may_offer(struct remedy_maker *maker)
{
    if (maker->count < LIMIT_REMEDY_CHOICES)
        return true;
    maker->left_out++;
    return false;
}

struct remedy *remedy_offer(struct remedy_maker *maker, const char *summary,
                            const char *condition)
{
    struct remedy *remedy = arena_new_of(maker->arena, struct remedy);

    remedy->summary = summary;
    remedy->condition = condition;
    if (remedy_may_offer(maker))
        maker->candidates[maker->count++] = remedy;
    return remedy;
}

/* remedy_void - take the candidate back */
static void remedy_void(struct remedy_maker *maker, struct remedy *remedy)
{
    size_t kept = 0;

    for (size_t i = 0; i < maker->count; i++)
        if (maker->candidates[i] != remedy)
            maker->candidates[kept++] = maker->candidates[i];
    maker->count = kept;
}

/* is_synthesised - a wildcard gives the same record to a name that cannot exist */
static bool is_synthesised(const struct remedy_maker *maker, const struct dns_rr *rr)
{
    const struct dns_answer *wildcard = maker->facts->domain.wildcard_dmarc;

    if (wildcard == NULL || rr->type != DNS_TXT ||
        dns_name_equal(rr->owner, maker->facts->domain.name))
        return false;
    for (const struct dns_rr *same = dns_answer_first(wildcard); same != NULL;
         same = dns_answer_next(wildcard, same))
        if (strcmp(remedy_value(same), remedy_value(rr)) == 0)
            return true;
    return false;
}

bool remedy_is_ours(const struct remedy_maker *maker, const struct dns_rr *rr)
{
    return rr != NULL && maker->facts->domain.name != NULL &&
           dns_name_is_below(rr->owner, maker->facts->domain.name) &&
           !is_synthesised(maker, rr);
}

/* usual_ttl - what was probably set where a resolver says how much is left */
static uint32_t usual_ttl(uint32_t left)
{
    for (size_t i = 0; i < COUNT_OF(usual_ttls); i++)
        if (left <= usual_ttls[i])
            return usual_ttls[i];
    return left;
}

/* is_candidate - it is kept so far */
static bool is_candidate(const struct remedy_maker *maker, const struct remedy *remedy)
{
    for (size_t i = 0; i < maker->count; i++)
        if (maker->candidates[i] == remedy)
            return true;
    return false;
}

/* make_append - an edit at the end; one without a record makes the candidate void, and so does
 * one too many */
static void make_append(struct remedy_maker *maker, struct remedy *remedy,
                        const struct remedy_edit *edit)
{
    struct remedy_edit **tail = &remedy->edits;
    size_t count = 0;

    if (edit->rr == NULL ||
        (edit->old != NULL && strcmp(remedy_value(edit->old), remedy_value(edit->rr)) == 0)) {
        remedy_void(maker, remedy);
        return;
    }
    for (; *tail != NULL; tail = &(*tail)->next)
        count++;
    if (count == LIMIT_REMEDY_EDITS) {
        maker->left_out++;
        remedy_void(maker, remedy);
        return;
    }
    *tail = arena_new_of(maker->arena, struct remedy_edit);
    **tail = *edit;
}

const struct dns_rr *remedy_text_rr(struct arena *arena, const struct dns_rr_head *head,
                                    struct span text)
{
    size_t count = text.len / STRING_MAX + 1;
    struct span *strings = arena_array_of(arena, struct span, count);

    if (text.len > 0 && text.len % STRING_MAX == 0)
        count--;
    for (size_t i = 0; i < count; i++)
        strings[i] = span_sub(text, i * STRING_MAX, STRING_MAX);
    return dns_rr_from_strings(arena, head, strings, count);
}

void remedy_replace_text(struct remedy_maker *maker, struct remedy *remedy,
                         const struct dns_rr *old, struct span text)
{
    struct remedy_edit edit = {.action = REMEDY_REPLACE, .old = old};

    if (!is_candidate(maker, remedy))
        return;
    if (remedy_is_ours(maker, old)) {
        const struct dns_rr_head head = {old->owner, old->type, usual_ttl(old->ttl)};

        edit.rr = remedy_text_rr(maker->arena, &head, text);
    }
    make_append(maker, remedy, &edit);
}

/* value_rr - a record from its presentation form; NULL if it is not one */
static const struct dns_rr *value_rr(struct arena *arena, const struct dns_name *owner,
                                     uint32_t ttl, const char *type_and_value)
{
    struct err why = {0};

    return dns_rr_from_text(
        arena, arena_printf(arena, "%s. %u IN %s", owner->text, (unsigned)ttl, type_and_value),
        &why);
}

void remedy_replace_value(struct remedy_maker *maker, struct remedy *remedy,
                          const struct dns_rr *old, const char *value)
{
    struct remedy_edit edit = {.action = REMEDY_REPLACE, .old = old};

    if (!is_candidate(maker, remedy))
        return;
    if (remedy_is_ours(maker, old))
        edit.rr = value_rr(maker->arena, old->owner, usual_ttl(old->ttl),
                           arena_printf(maker->arena, "%s %s",
                                        dns_type_to_text(maker->arena, old->type), value));
    make_append(maker, remedy, &edit);
}

void remedy_remove(struct remedy_maker *maker, struct remedy *remedy, const struct dns_rr *old)
{
    struct remedy_edit edit = {.action = REMEDY_REMOVE};

    if (!is_candidate(maker, remedy))
        return;
    edit.rr = remedy_is_ours(maker, old) ? old : NULL;
    make_append(maker, remedy, &edit);
}

/* ttl_at - of the records that a new one joins */
static uint32_t ttl_at(const struct remedy_maker *maker, const struct dns_name *name,
                       enum dns_type type)
{
    const struct dns_answer *answer = ledger_find(maker->facts->ledger, name, type);
    const struct dns_rr *rr = answer != NULL ? dns_answer_first(answer) : NULL;

    return rr != NULL && answer->status == DNS_OK ? usual_ttl(rr->ttl) : TTL_NEW;
}

void remedy_add_text(struct remedy_maker *maker, struct remedy *remedy,
                     const struct dns_name *name, const char *text)
{
    const struct dns_rr_head head = {name, DNS_TXT, ttl_at(maker, name, DNS_TXT)};
    const struct remedy_edit edit = {.action = REMEDY_ADD,
                                     .rr = remedy_text_rr(maker->arena, &head, span_of(text))};

    make_append(maker, remedy, &edit);
}

void remedy_add_value(struct remedy_maker *maker, struct remedy *remedy,
                      const struct dns_name *name, const char *type_and_value)
{
    struct remedy_edit edit = {.action = REMEDY_ADD};
    const struct dns_rr *rr = value_rr(maker->arena, name, 0, type_and_value);

    if (rr != NULL)
        edit.rr = value_rr(maker->arena, name, ttl_at(maker, name, rr->type), type_and_value);
    make_append(maker, remedy, &edit);
}

struct span remedy_unquoted(struct arena *arena, struct span text)
{
    struct sbuf plain = sbuf_start(arena);

    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] != '"' && text.at[i] != '\\')
            sbuf_add_octet(&plain, text.at[i]);
    return span_trim(sbuf_span(&plain));
}

/* make_keep - the summary of the candidate that keeps the record */
static const char *make_keep(struct arena *arena, const struct remedy_competing *competing,
                             struct span text)
{
    if (competing->tail_len > 0 && text.len > competing->tail_len)
        text = span_from(text, text.len - competing->tail_len);
    return arena_printf(arena, "%s%s", competing->keep,
                        escape_to_text(arena, text, LIMIT_SHOWN_BYTES));
}

/* competing_count - of the records that compete */
static size_t competing_count(const struct remedy_competing *competing)
{
    size_t count = 0;

    for (const struct dns_rr *rr = dns_answer_first(competing->answer); rr != NULL;
         rr = dns_answer_next(competing->answer, rr))
        count += competing->is_record(rr->joined);
    return count;
}

void remedy_offer_each(struct remedy_maker *maker, const struct remedy_competing *competing)
{
    const struct dns_answer *answer = competing->answer;
    size_t count = answer != NULL ? competing_count(competing) : 0;

    if (count > LIMIT_REMEDY_EDITS + 1) {
        maker->left_out += count; /* none of them would be kept */
        return;
    }
    for (const struct dns_rr *kept = count > 0 ? dns_answer_first(answer) : NULL; kept != NULL;
         kept = dns_answer_next(answer, kept)) {
        struct remedy *remedy = NULL;

        if (!competing->is_record(kept->joined) || !remedy_may_offer(maker))
            continue;
        remedy = remedy_offer(maker, make_keep(maker->arena, competing, kept->joined),
                              competing->condition);
        for (const struct dns_rr *rr = dns_answer_first(answer); rr != NULL;
             rr = dns_answer_next(answer, rr))
            if (rr != kept && competing->is_record(rr->joined))
                remedy_remove(maker, remedy, rr);
    }
}

void remedy_keep_one(struct remedy_maker *maker, const struct dns_answer *answer,
                     remedy_is_record_fn *is_record)
{
    const struct remedy_competing competing = {.answer = answer,
                                               .is_record = is_record,
                                               .keep = "keep ",
                                               .condition = "if this is the one you want"};

    remedy_offer_each(maker, &competing);
}
