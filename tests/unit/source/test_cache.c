/* What is kept of packets, and for how long. */
#include "base/limits.h"
#include "source/source_cache.h"
#include "unit_arena.h"

#define SECOND 1000

static struct source_cache *cache;

static void open_cache(void)
{
    cache = source_cache_open(arena);
    source_cache_tick(cache, SECOND);
}

/* question_of - the address of a name */
static struct dns_question question_of(const char *name)
{
    return (struct dns_question){dns_name_from_text(arena, name), DNS_A};
}

/* answer_of - what was found about it */
static struct dns_answer answer_of(const char *name, enum dns_status status, uint32_t ttl)
{
    return (struct dns_answer){
        .question = question_of(name), .status = status, .has_ttl = true, .ttl = ttl};
}

/* store - `packet` as what the answer was read from */
static void store(const struct dns_answer *answer, const char *packet)
{
    struct source_cached cached = {.packet = span_of(packet), .server = 1, .has_edns = true};

    source_cache_store(cache, answer, false, &cached);
}

/* found - the packet that is kept; NULL */
static const char *found(const char *name, bool wants_proofs)
{
    struct dns_question question = question_of(name);
    struct source_cached cached;

    if (!source_cache_find(cache, &question, wants_proofs, &cached))
        return NULL;
    assert_int_equal(cached.server, 1);
    assert_true(cached.has_edns);
    return arena_strdup_span(arena, cached.packet);
}

static void answers_are_kept_for_their_ttl(void **state)
{
    static const enum dns_status kept[] = {DNS_OK, DNS_NODATA, DNS_NXDOMAIN};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(kept); i++) {
        struct dns_answer answer = answer_of("a.example", kept[i], 30);

        open_cache();
        store(&answer, "packet");
        assert_string_equal(found("a.example", false), "packet");
        source_cache_tick(cache, 30 * SECOND + SECOND - 1);
        assert_string_equal(found("a.example", false), "packet");
        source_cache_tick(cache, 31 * SECOND);
        assert_null(found("a.example", false));
        source_cache_close(cache);
    }
}

static void failures_and_what_has_no_ttl_are_not_kept(void **state)
{
    static const enum dns_status failures[] = {DNS_TIMEOUT, DNS_SERVFAIL, DNS_BOGUS,
                                               DNS_MALFORMED};
    struct dns_answer answer = answer_of("a.example", DNS_OK, 0);

    (void)state;
    open_cache();
    store(&answer, "packet");
    answer.ttl = 30;
    answer.has_ttl = false;
    store(&answer, "packet");
    for (size_t i = 0; i < COUNT_OF(failures); i++) {
        answer = answer_of("a.example", failures[i], 30);
        store(&answer, "packet");
    }
    assert_null(found("a.example", false));
    source_cache_close(cache);
}

static void name_type_and_proofs_tell_queries_apart(void **state)
{
    struct dns_answer answer = answer_of("a.example", DNS_OK, 30);
    struct dns_question other = {answer.question.name, DNS_TXT};
    struct source_cached cached;

    (void)state;
    open_cache();
    store(&answer, "packet");
    assert_null(found("b.example", false));
    assert_null(found("a.example", true));
    assert_false(source_cache_find(cache, &other, false, &cached));
    store(&answer, "newer");
    assert_string_equal(found("a.example", false), "newer");
    source_cache_close(cache);
}

/* bound: LIMIT_CACHE_SECONDS both */
static void a_long_ttl_is_cut(void **state)
{
    struct dns_answer answer = answer_of("a.example", DNS_OK, UINT32_MAX);

    (void)state;
    open_cache();
    store(&answer, "packet");
    source_cache_tick(cache, (int64_t)LIMIT_CACHE_SECONDS * SECOND + SECOND - 1);
    assert_non_null(found("a.example", false));
    source_cache_tick(cache, (int64_t)LIMIT_CACHE_SECONDS * SECOND + SECOND);
    assert_null(found("a.example", false));
    source_cache_close(cache);
}

/* bound: LIMIT_CACHE_BYTES past */
static void what_is_used_stays_and_the_rest_makes_place(void **state)
{
    struct dns_answer used = answer_of("used.example", DNS_OK, 300);
    char *packet = arena_alloc(arena, 65000);
    size_t stored = 0;

    (void)state;
    memset(packet, 'p', 64999);
    open_cache();
    store(&used, "used");
    for (size_t i = 0; stored < 3 * (size_t)LIMIT_CACHE_BYTES; i++) {
        struct dns_answer answer =
            answer_of(arena_printf(arena, "n%zu.example", i), DNS_OK, 300);

        store(&answer, packet);
        stored += 65000;
        assert_string_equal(found("used.example", false), "used");
    }
    assert_null(found("n0.example", false));
    source_cache_close(cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_kept_for_their_ttl),
        cmocka_unit_test(failures_and_what_has_no_ttl_are_not_kept),
        cmocka_unit_test(name_type_and_proofs_tell_queries_apart),
        cmocka_unit_test(a_long_ttl_is_cut),
        cmocka_unit_test(what_is_used_stays_and_the_rest_makes_place),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
