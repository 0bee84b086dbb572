/*
 * Where libspf2 reads a record otherwise than RFC 7208. The records looked at are those that
 * the identity's record leads to by include and redirect, as far as they are known.
 */
#include <string.h>

#include "auth/auth_spf.h"
#include "base/arena.h"
#include "base/escape.h"
#include "base/fault.h"
#include "base/ip.h"
#include "base/limits.h"
#include "base/span.h"
#include "check/check_engine_cause.h"
#include "check/check_facts.h"
#include "ledger/ledger.h"
#include "model/result.h"
#include "record/rec_spf.h"
#include "record/rec_spf_macro.h"

/* libspf2 compiles a record into this many octets; a term is begun only if its header fits */
#define COMPILED_MAX     511
#define COMPILED_HEADER  4
#define COMPILED_PREFIX  4
#define COMPILED_IP4     4
#define COMPILED_IP6     16
#define COMPILED_ROUNDED 4

struct records {
    struct engine_spf_record at[LIMIT_SPF_NODES];
    size_t count;
};

/* ---- the records of a case ---- */

/* engine_spf_add_record - what is known at the name, unless it is listed */
static void engine_spf_add_record(struct engine_case *one, struct records *records,
                                  const struct dns_name *name)
{
    const struct dns_answer *answer = NULL;
    const struct dns_rr *rr = NULL;
    struct rec_spf *record = NULL;

    for (size_t i = 0; i < records->count && name != NULL; i++)
        if (dns_name_equal(records->at[i].name, name))
            return;
    if (name == NULL || records->count == LIMIT_SPF_NODES)
        return;
    answer = ledger_find(one->facts->ledger, name, DNS_TXT);
    if (answer == NULL || auth_spf_select(answer, &rr) != 1)
        return;
    record = arena_new_of(one->out->arena, struct rec_spf);
    rec_spf_parse(one->out->arena, rr->joined, record);
    records->at[records->count++] = (struct engine_spf_record){name, answer, rr, record};
}

/* add_targets - the records that a record leads to */
static void add_targets(struct engine_case *one, struct records *records,
                        const struct rec_spf *record)
{
    for (size_t i = 0; i < record->term_count; i++) {
        const struct rec_spf_term *term = &record->terms[i];

        if ((term->kind == REC_SPF_INCLUDE || term->kind == REC_SPF_REDIRECT) &&
            !term->has_macro)
            engine_spf_add_record(one, records,
                                  dns_name_from_octets(one->out->arena, term->domain_spec));
    }
}

const struct auth_spf_verdict *check_engine_identity(const struct engine_case *one)
{
    if (one->verdict == NULL)
        return NULL;
    return check_spf_verdict(one->facts, strcmp(one->verdict->about, "spf.helo") == 0
                                             ? AUTH_SPF_HELO
                                             : AUTH_SPF_MAILFROM);
}

/* engine_spf_collect - from the audit's tree, or from the identity's domain on */
static void engine_spf_collect(struct engine_case *one, struct records *records)
{
    const struct auth_spf_verdict *identity = check_engine_identity(one);
    const struct auth_spf_node *node = one->verdict == NULL ? check_spf_root(one->facts) : NULL;

    records->count = 0;
    for (; node != NULL && records->count < LIMIT_SPF_NODES; node = node->next)
        if (node->record != NULL)
            records->at[records->count++] =
                (struct engine_spf_record){node->name, node->answer, node->rr, node->record};
    if (identity == NULL)
        return;
    engine_spf_add_record(one, records, dns_name_from_text(one->out->arena, identity->domain));
    for (size_t i = 0; i < records->count; i++)
        add_targets(one, records, records->at[i].record);
}

/* engine_spf_place - a part of a record */
static struct finding_where
engine_spf_place(struct engine_case *one, const struct engine_spf_record *at, struct span part)
{
    struct finding_where where = where_rr(one->out, at->answer, at->rr);

    where.term = escape_to_text(one->out->arena, part, LIMIT_SHOWN_BYTES);
    return where;
}

bool check_case_find_term(struct engine_case *one, check_spf_term_fn *holds)
{
    struct records records;

    engine_spf_collect(one, &records);
    for (size_t i = 0; i < records.count; i++) {
        const struct rec_spf *record = records.at[i].record;

        for (size_t j = 0; j < record->term_count && !record->is_fatal; j++)
            if (holds(one, &records.at[i], &record->terms[j])) {
                one->where = engine_spf_place(one, &records.at[i], record->terms[j].text);
                return true;
            }
    }
    return false;
}

/* ---- what is compiled ---- */

/* engine_spf_rounded - a literal run with its header */
static size_t engine_spf_rounded(size_t run)
{
    const size_t unit = COMPILED_ROUNDED;

    return run == 0 ? 0 : COMPILED_HEADER + (run + unit - 1) / unit * unit;
}

/* compiled_spec - octets of a domain-spec: literal runs, and a header for each macro */
static size_t compiled_spec(struct span spec)
{
    struct rec_spf_macro piece;
    size_t size = 0;
    size_t run = 0;

    while (spec.len > 0 && rec_spf_macro_next(&spec, false, &piece) == REC_SPF_MACRO_FINE)
        if (piece.letter == '\0')
            run += piece.literal.len;
        else if (piece.letter == '-')
            run += strlen("%20"); /* RFC 7208, 7.1 */
        else if (piece.letter == '%' || piece.letter == '_')
            run++;
        else {
            size += engine_spf_rounded(run) + COMPILED_HEADER;
            run = 0;
        }
    return size + engine_spf_rounded(run);
}

/* is_compiled - mechanisms, and redirect, which libspf2 takes for one */
static bool is_compiled(const struct rec_spf_term *term)
{
    return term->kind <= REC_SPF_REDIRECT;
}

/* compiled_size - octets of a term */
static size_t compiled_size(const struct rec_spf_term *term)
{
    size_t size = COMPILED_HEADER;

    if (term->kind == REC_SPF_IP4)
        return size + COMPILED_IP4;
    if (term->kind == REC_SPF_IP6)
        return size + COMPILED_IP6;
    if (term->prefix4 != 32 || term->prefix6 != 128)
        size += COMPILED_PREFIX;
    return size + (term->has_domain_spec ? compiled_spec(term->domain_spec) : 0);
}

/* is_first_lost - the terms before this one fill the room */
static bool is_first_lost(struct engine_case *one, const struct engine_spf_record *at,
                          const struct rec_spf_term *term)
{
    const struct rec_spf *record = at->record;
    size_t used = 0;
    size_t read = 0;
    size_t all = 0;

    for (size_t i = 0; i < record->term_count; i++) {
        if (!is_compiled(&record->terms[i]))
            continue;
        all++;
        if (&record->terms[i] < term) {
            used += compiled_size(&record->terms[i]);
            read++;
        }
    }
    if (!is_compiled(term) || used + COMPILED_HEADER <= COMPILED_MAX)
        return false;
    one->cause = arena_printf(one->out->arena, "%zu of %zu", read, all);
    return true;
}

/* check_cause_spf_cut - everything past the room for compiled terms is lost, unnoticed */
bool check_cause_spf_cut(struct engine_case *one)
{
    return check_case_find_term(one, is_first_lost);
}

/* ---- single terms ---- */

/* has_zero_prefix - "/0" */
static bool has_zero_prefix(struct engine_case *one, const struct engine_spf_record *at,
                            const struct rec_spf_term *term)
{
    (void)at;
    one->cause = "a prefix length of 0";
    return is_compiled(term) && (term->prefix4 == 0 || term->prefix6 == 0);
}

/* check_cause_spf_prefix_zero - /0 is a syntax error for libspf2 */
bool check_cause_spf_prefix_zero(struct engine_case *one)
{
    return check_case_is(one, NULL, "permerror") && check_case_find_term(one, has_zero_prefix);
}

/* is_early_redirect - mechanisms follow, and no "all" precedes it */
static bool is_early_redirect(struct engine_case *one, const struct engine_spf_record *at,
                              const struct rec_spf_term *term)
{
    const struct rec_spf *record = at->record;

    one->cause = "mechanisms come after it";
    if (term->kind != REC_SPF_REDIRECT || (record->all != NULL && record->all < term))
        return false;
    for (size_t i = 0; i < record->term_count; i++)
        if (&record->terms[i] > term && record->terms[i].kind < REC_SPF_REDIRECT)
            return true;
    return false;
}

/* check_cause_spf_redirect_first - libspf2 follows redirect at its place, not last */
bool check_cause_spf_redirect_first(struct engine_case *one)
{
    return check_case_find_term(one, is_early_redirect);
}

/* has_dotted_name - a modifier name with a dot, which the grammar allows */
static bool has_dotted_name(struct engine_case *one, const struct engine_spf_record *at,
                            const struct rec_spf_term *term)
{
    (void)at;
    one->cause = "a dot in the name of a modifier";
    return term->kind == REC_SPF_UNKNOWN_MODIFIER && span_find(term->name, '.') >= 0;
}

/* check_cause_spf_modifier_name - a syntax error for libspf2 */
bool check_cause_spf_modifier_name(struct engine_case *one)
{
    return check_case_is(one, NULL, "permerror") && check_case_find_term(one, has_dotted_name);
}

/* is_ptr - asks for the names of the client */
static bool is_ptr(struct engine_case *one, const struct engine_spf_record *at,
                   const struct rec_spf_term *term)
{
    (void)at;
    one->cause =
        arena_printf(one->out->arena, "%zu names", dns_answer_count(one->facts->client_ptr));
    return term->kind == REC_SPF_PTR;
}

/* check_cause_spf_ptr_over_ten - libspf2 gives up instead of ignoring the rest */
bool check_cause_spf_ptr_over_ten(struct engine_case *one)
{
    return one->facts->client_ptr != NULL && check_case_is(one, NULL, "permerror") &&
           dns_answer_count(one->facts->client_ptr) > AUTH_SPF_PTR_MAX &&
           check_case_find_term(one, is_ptr);
}

/* ---- what the whole evaluation runs into ---- */

/* about_domain - the identity's domain as the place */
static struct finding_where about_domain(const struct auth_spf_verdict *identity)
{
    return (struct finding_where){.name = identity->domain, .type = "TXT"};
}

/* check_cause_spf_void_unlimited - libspf2 does not count void lookups */
bool check_cause_spf_void_unlimited(struct engine_case *one)
{
    const struct auth_spf_verdict *identity = check_engine_identity(one);

    return identity != NULL && check_case_is(one, "permerror", NULL) &&
           identity->void_lookups > AUTH_SPF_VOID_MAX &&
           check_case_holds(one, about_domain(identity),
                            arena_printf(one->out->arena, "%u", identity->void_lookups));
}

/* check_cause_spf_lookups_per_include - libspf2 counts to ten again in each include */
bool check_cause_spf_lookups_per_include(struct engine_case *one)
{
    const struct auth_spf_verdict *identity = check_engine_identity(one);

    return identity != NULL && check_case_is(one, "permerror", NULL) &&
           identity->lookups > AUTH_SPF_LOOKUP_MAX &&
           check_case_holds(one, about_domain(identity),
                            arena_printf(one->out->arena, "%u", identity->lookups));
}

/* check_cause_spf_local_client - libspf2 lets the local host pass unasked */
bool check_cause_spf_local_client(struct engine_case *one)
{
    return check_case_is(one, NULL, "pass") && ip_is_loopback(&one->facts->subject->ip) &&
           check_case_holds(
               one,
               where_envelope("client", ip_to_text(one->out->arena, &one->facts->subject->ip)),
               "the client is the receiver itself");
}

/* says_the_same - the detail of a fail is as it would be with these words, cut or not */
static bool says_the_same(struct arena *arena, const char *detail, const char *found,
                          const char *words)
{
    const char *whole = arena_printf(arena, "%.*s" ENGINE_SPF_EXPLAINED "%s",
                                     (int)(found - detail), detail, words);

    return strcmp(detail, escape_to_text(arena, span_of(whole), LIMIT_SHOWN_BYTES)) == 0;
}

/* is_explained_otherwise - both fail, and say it in different words */
static bool is_explained_otherwise(struct engine_case *one,
                                   const struct engine_verdict *verdict,
                                   const struct auth_spf_verdict *ours)
{
    struct arena *arena = one->out->arena;
    const char *found = strstr(verdict->detail, ENGINE_SPF_EXPLAINED);
    const char *shown = NULL;

    if (ours == NULL || ours->explanation == NULL || ours->result != SPF_FAIL ||
        (found != NULL && says_the_same(arena, verdict->detail, found, ours->explanation)))
        return false;
    shown = escape_to_text(arena, span_of(ours->explanation), LIMIT_SHOWN_BYTES);
    one->cause = found == NULL ? arena_printf(arena, "its own text instead of \"%s\"", shown)
                               : arena_printf(arena, "\"%s\" instead of \"%s\"",
                                              found + strlen(ENGINE_SPF_EXPLAINED), shown);
    return true;
}

/* check_cause_spf_explanation - libspf2 writes "%" for blanks, and gives long texts up. It
 * does not change the verdict, so it is reported where verdicts agree. */
bool check_cause_spf_explanation(struct engine_case *one)
{
    const struct facts *facts = one->facts;

    for (size_t i = 0; one->verdict == NULL && i < facts->engine_count; i++) {
        const struct engine_verdict *verdict = &facts->engines[i];
        struct engine_case about = {.facts = facts, .verdict = verdict};

        if (verdict->library == ENGINE_LIBSPF2 && verdict->result != NULL &&
            strcmp(verdict->result, "fail") == 0 &&
            is_explained_otherwise(one, verdict, check_engine_identity(&about)))
            return check_case_holds(one, about_domain(check_engine_identity(&about)),
                                    one->cause);
    }
    return false;
}

/* check_cause_spf_fault_overlooked - libspf2 accepts what the grammar does not */
bool check_cause_spf_fault_overlooked(struct engine_case *one)
{
    struct records records;

    if (!check_case_is(one, "permerror", NULL))
        return false;
    engine_spf_collect(one, &records);
    for (size_t i = 0; i < records.count; i++) {
        const struct fault *fault = fault_fatal(records.at[i].record->faults);

        if (fault != NULL)
            return check_case_holds(one, engine_spf_place(one, &records.at[i], fault->part),
                                    fault->text);
    }
    return false;
}
