/* Words for statuses and types, and walking over the records of an answer. */
#include <string.h>

#include "model/dns_answer.h"
#include "base/must.h"

struct type_word {
    enum dns_type type;
    const char *word;
};

static const char *const status_words[] = {
    [DNS_PENDING] = "PENDING",     [DNS_UNKNOWN] = "UNKNOWN",
    [DNS_BUDGET] = "BUDGET",       [DNS_TIMEOUT] = "TIMEOUT",
    [DNS_SERVFAIL] = "SERVFAIL",   [DNS_BOGUS] = "BOGUS",
    [DNS_MALFORMED] = "MALFORMED", [DNS_OK] = "OK",
    [DNS_NODATA] = "NODATA",       [DNS_NXDOMAIN] = "NXDOMAIN",
};

static const struct type_word type_words[] = {
#define TYPE(word, code, ...) {DNS_##word, #word},
#include "model/dns_type.def"
};

static const char type_prefix[] = "TYPE"; /* RFC 3597, 5 */

const char *dns_status_to_text(enum dns_status status)
{
    must((size_t)status < COUNT_OF(status_words));
    return status_words[status];
}

bool dns_status_parse(struct span text, enum dns_status *status_out)
{
    for (size_t i = 0; i < COUNT_OF(status_words); i++) {
        if (span_equal_text(text, status_words[i])) {
            *status_out = (enum dns_status)i;
            return true;
        }
    }
    return false;
}

bool dns_status_is_answer(enum dns_status status)
{
    return status == DNS_OK || dns_status_is_absent(status);
}

bool dns_status_is_absent(enum dns_status status)
{
    return status == DNS_NODATA || status == DNS_NXDOMAIN;
}

bool dns_status_is_failure(enum dns_status status)
{
    return status == DNS_SERVFAIL || status == DNS_BOGUS || status == DNS_MALFORMED;
}

enum dns_status dns_status_stronger(enum dns_status a, enum dns_status b)
{
    return a < b ? a : b;
}

const char *dns_type_to_text(struct arena *arena, enum dns_type type)
{
    for (size_t i = 0; i < COUNT_OF(type_words); i++)
        if (type_words[i].type == type)
            return type_words[i].word;
    return arena_printf(arena, "%s%u", type_prefix, (unsigned)type);
}

bool dns_type_parse(struct span text, enum dns_type *type_out)
{
    uint64_t code = 0;

    for (size_t i = 0; i < COUNT_OF(type_words); i++) {
        if (span_equal_nocase(text, type_words[i].word)) {
            *type_out = type_words[i].type;
            return true;
        }
    }
    if (!span_starts_with_nocase(text, type_prefix) ||
        !span_to_number(span_from(text, strlen(type_prefix)), UINT16_MAX, &code))
        return false;
    *type_out = (enum dns_type)code;
    return true;
}

/* answer_first_of - the first record of the type in a list */
static const struct dns_rr *answer_first_of(const struct dns_rr *rr, enum dns_type type)
{
    while (rr != NULL && rr->type != type)
        rr = rr->next;
    return rr;
}

const struct dns_rr *dns_answer_first(const struct dns_answer *answer)
{
    return answer_first_of(answer->records, answer->question.type);
}

const struct dns_rr *dns_answer_next(const struct dns_answer *answer, const struct dns_rr *rr)
{
    return answer_first_of(rr->next, answer->question.type);
}

size_t dns_answer_count(const struct dns_answer *answer)
{
    size_t count = 0;

    for (const struct dns_rr *rr = dns_answer_first(answer); rr != NULL;
         rr = dns_answer_next(answer, rr))
        count++;
    return count;
}

const struct dns_name *dns_answer_final_name(const struct dns_answer *answer)
{
    const struct dns_name *name = answer->question.name;

    if (answer->question.type == DNS_CNAME)
        return name; /* the record itself was queried, nothing is followed */
    for (const struct dns_rr *rr = answer->records; rr != NULL; rr = rr->next)
        if (rr->type == DNS_CNAME && dns_name_equal(rr->owner, name))
            name = rr->target;
    return name;
}

bool dns_answer_is_circle(const struct dns_answer *answer)
{
    const struct dns_name *name = dns_answer_final_name(answer);

    if (answer->status != DNS_SERVFAIL || answer->question.type == DNS_CNAME)
        return false;
    for (const struct dns_rr *rr = answer->records; rr != NULL; rr = rr->next)
        if (rr->type == DNS_CNAME && dns_name_equal(rr->owner, name))
            return true;
    return false;
}

bool dns_answer_is_empty_below(const struct dns_answer *answer)
{
    return answer->status == DNS_NXDOMAIN && answer->records == NULL;
}

const char *dns_answer_trouble(struct arena *arena, const struct dns_answer *answer)
{
    const char *status = dns_status_to_text(answer->status);

    return answer->detail == NULL ? status
                                  : arena_printf(arena, "%s (%s)", status, answer->detail);
}

void dns_answer_append(struct dns_answer *answer, struct dns_rr *rr)
{
    struct dns_rr **end = &answer->records;

    while (*end != NULL)
        end = &(*end)->next;
    rr->next = NULL;
    *end = rr;
    answer->record_count++;
}

const struct dns_rr *dns_answer_find_target(const struct dns_answer *answer,
                                            const struct dns_name *target)
{
    const struct dns_rr *rr = dns_answer_first(answer);

    while (rr != NULL && (rr->target == NULL || !dns_name_equal(rr->target, target)))
        rr = dns_answer_next(answer, rr);
    return rr;
}

bool dns_answer_has_address(const struct dns_answer *answer, const struct ip_address *address)
{
    const struct dns_rr *rr = answer != NULL ? dns_answer_first(answer) : NULL;

    while (rr != NULL && (rr->address == NULL || !ip_equal(rr->address, address)))
        rr = dns_answer_next(answer, rr);
    return rr != NULL;
}

bool dns_answer_has_text(const struct dns_answer *answer, struct span text)
{
    const struct dns_rr *rr = answer != NULL ? dns_answer_first(answer) : NULL;

    while (rr != NULL && (rr->type != DNS_TXT || !span_equal(rr->joined, text)))
        rr = dns_answer_next(answer, rr);
    return rr != NULL;
}

const char *dns_answer_reason(struct arena *arena, const struct dns_answer *answer)
{
    const char *type = dns_type_to_text(arena, answer->question.type);
    const char *status = dns_status_to_text(answer->status);

    if (answer->detail == NULL || span_starts_with(span_of(answer->detail), status))
        return arena_printf(arena, "%s of %s: %s", type, answer->question.name->text,
                            answer->detail != NULL ? answer->detail : status);
    return arena_printf(arena, "%s of %s: %s (%s)", type, answer->question.name->text, status,
                        answer->detail);
}
