/* Sources laid one over another: authority decides, and "does not exist" is final. */
#include "ledger/ledger.h"
#include "source/source.h"
#include "hostile.h"
#include "unit.h"
#include "world.h"

static struct arena *arena;

/* a source that speaks only for the names below an apex; the rest is a world's */
struct domain_source {
    struct source source;
    struct source *world;
    const struct dns_name *apex;
    int closed; /* how often */
};

static int open_arena(void **state)
{
    (void)state;
    arena = arena_open();
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_close(arena);
    return 0;
}

static bool domain_submit(struct source *source, const struct dns_question *question,
                          void *token)
{
    struct domain_source *domain = (struct domain_source *)source;

    return domain->world->ops->submit(domain->world, question, token);
}

static int domain_poll(struct source *source, int timeout_ms, source_answered_fn *answered,
                       void *ctx)
{
    struct domain_source *domain = (struct domain_source *)source;

    return domain->world->ops->poll(domain->world, timeout_ms, answered, ctx);
}

static bool domain_speaks_for(const struct source *source, const struct dns_name *name)
{
    return dns_name_is_below(name, ((const struct domain_source *)source)->apex);
}

static void domain_close(struct source *source)
{
    ((struct domain_source *)source)->closed++;
}

/* domain_source - a world that is an authority for one domain */
static struct domain_source *domain_source(const char *apex, const char *world)
{
    static const struct source_ops ops = {
        .type = "domain",
        .submit = domain_submit,
        .poll = domain_poll,
        .speaks_for = domain_speaks_for,
        .close = domain_close,
    };
    struct domain_source *domain = arena_new_of(arena, struct domain_source);

    domain->source = (struct source){.ops = &ops, .arena = arena, .spec = apex};
    domain->world = world_source(arena, world);
    domain->apex = dns_name_from_text(arena, apex);
    return domain;
}

/* ask_overlay - one question to sources in their order */
static const struct dns_answer *ask_overlay(struct source *const *sources, size_t count,
                                            const char *name, enum dns_type type)
{
    struct ledger *ledger = ledger_open(arena);
    const struct dns_answer *answer = ledger_ask(ledger, dns_name_from_text(arena, name), type);

    ledger_fill(ledger, source_overlay_open(arena, sources, count));
    assert_int_equal(ledger_wanted(ledger), 0);
    return answer;
}

static const char upper_text[] = "example.com TXT \"proposed\"\n"
                                 "away.example.com CNAME a.example.net\n"
                                 "twice.example.com CNAME back.example.net\n";
static const char lower_text[] = "example.com TXT \"live\"\n"
                                 "www.example.com A 192.0.2.66\n"
                                 "a.example.net A 192.0.2.1\n"
                                 "back.example.net CNAME example.com\n"
                                 "chain.example.net CNAME example.com\n";

static void the_first_that_speaks_for_a_name_answers(void **state)
{
    struct source *sources[] = {&domain_source("example.com", upper_text)->source,
                                world_source(arena, lower_text)};
    const struct dns_answer *answer = ask_overlay(sources, 2, "example.com", DNS_TXT);

    (void)state;
    assert_true(span_equal_text(answer->records->joined, "proposed"));
    answer = ask_overlay(sources, 2, "a.example.net", DNS_A);
    assert_int_equal(answer->status, DNS_OK);
}

static void its_absence_is_final(void **state)
{
    struct source *sources[] = {&domain_source("example.com", upper_text)->source,
                                world_source(arena, lower_text)};

    (void)state;
    assert_int_equal(ask_overlay(sources, 2, "www.example.com", DNS_A)->status, DNS_NXDOMAIN);
    assert_int_equal(ask_overlay(sources, 2, "example.com", DNS_MX)->status, DNS_NODATA);
}

static void an_alias_that_leaves_is_followed_below(void **state)
{
    struct source *sources[] = {&domain_source("example.com", upper_text)->source,
                                world_source(arena, lower_text)};
    const struct dns_answer *answer = ask_overlay(sources, 2, "away.example.com", DNS_A);

    (void)state;
    assert_int_equal(answer->status, DNS_OK);
    assert_int_equal(answer->record_count, 2);
    answer = ask_overlay(sources, 2, "twice.example.com", DNS_TXT);
    assert_int_equal(answer->record_count, 3);
    assert_true(span_equal_text(dns_answer_first(answer)->joined, "proposed"));
}

static void nobody_speaking_is_unknown(void **state)
{
    struct source *sources[] = {&domain_source("example.com", upper_text)->source};
    const struct dns_answer *answer = ask_overlay(sources, 1, "a.example.net", DNS_A);

    (void)state;
    assert_int_equal(answer->status, DNS_UNKNOWN);
    assert_string_equal(answer->detail, "no source knows it");
    assert_non_null(answer->source);
    answer = ask_overlay(sources, 1, "away.example.com", DNS_A);
    assert_int_equal(answer->status, DNS_UNKNOWN);
    assert_int_equal(answer->record_count, 0); /* nothing of a chain that ends in the dark */
}

static void a_resolvers_chain_is_cut_where_a_zone_above_begins(void **state)
{
    struct hostile server = hostile_start(arena);
    struct err why = {0};
    struct source *live = source_open(arena, server.spec, NULL, &why);
    struct source *sources[] = {
        &domain_source("ok.example", "ok.example A 198.51.100.7\n")->source, live};
    /* the server sends the alias and two addresses of ok.example along */
    const struct dns_answer *answer = ask_overlay(sources, 2, "aliasfull.example", DNS_A);

    (void)state;
    assert_int_equal(answer->status, DNS_OK);
    assert_int_equal(answer->record_count, 2);
    assert_string_equal(answer->records->next->text, "ok.example.\t300\tIN\tA\t198.51.100.7");
    source_close(live);
    hostile_stop(&server);
}

static void two_live_members_answer_beside_each_other(void **state)
{
    struct hostile server = hostile_start(arena);
    struct err why = {0};
    struct source_options options = {.timeout_ms = 300, .retries = 1};
    struct source *live = source_open(arena, server.spec, &options, &why);
    struct domain_source *domain = domain_source("test", "x.test A 192.0.2.9\n");
    struct source *members[2] = {&domain->source, live};
    struct ledger *ledger = ledger_open(arena);
    const struct dns_answer *slow =
        ledger_ask(ledger, dns_name_from_text(arena, "drop1.test"), DNS_A);
    const struct dns_answer *fast =
        ledger_ask(ledger, dns_name_from_text(arena, "ok.example"), DNS_A);
    struct source *overlay = NULL;

    (void)state;
    domain->world = source_open(arena, server.spec, &options, &why);
    overlay = source_overlay_open(arena, members, 2);
    ledger_fill(ledger, overlay);
    assert_int_equal(slow->status, DNS_OK); /* at the second try */
    assert_int_equal(fast->status, DNS_OK);
    source_close(overlay);
    assert_int_equal(domain->closed, 1);
    source_close(domain->world);
    hostile_stop(&server);
}

static void an_overlay_has_the_time_of_its_snapshot(void **state)
{
    struct source *sources[] = {world_source(arena, ""), world_source(arena, "")};

    (void)state;
    assert_int_equal(source_overlay_open(arena, sources, 2)->taken, 0);
    sources[1]->taken = 1700000000;
    assert_int_equal(source_overlay_open(arena, sources, 2)->taken, 1700000000);
}

static void a_failing_source_fails_as_it_was_told(void **state)
{
    static const struct {
        const char *spec;
        enum dns_status status;
    } rows[] = {
        {"fail:timeout", DNS_TIMEOUT},  {"fail:servfail", DNS_SERVFAIL},
        {"fail:refused", DNS_SERVFAIL}, {"fail:nxdomain", DNS_NXDOMAIN},
        {"fail:nodata", DNS_NODATA},    {"fail:malformed", DNS_MALFORMED},
        {"fail:bogus", DNS_BOGUS},      {"fail:unknown", DNS_UNKNOWN},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct err why = {0};
        struct source *source = source_open(arena, rows[i].spec, NULL, &why);
        const struct dns_answer *answer = NULL;

        assert_non_null(source);
        answer = ask_overlay(&source, 1, "example.com", DNS_TXT);
        assert_int_equal(answer->status, rows[i].status);
        assert_string_equal(answer->source, rows[i].spec);
        assert_true(dns_status_is_answer(answer->status) == (answer->detail == NULL));
        source_close(source);
    }
}

static void an_unknown_failure_names_those_that_are_known(void **state)
{
    struct err why = {0};

    (void)state;
    assert_null(source_open(arena, "fail:never", NULL, &why));
    assert_int_equal(why.kind, ERR_USAGE);
    assert_string_equal(why.text,
                        "unknown failure \"fail:never\": expected one of timeout, servfail, "
                        "refused, nxdomain, nodata, malformed, bogus or unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_that_speaks_for_a_name_answers),
        cmocka_unit_test(its_absence_is_final),
        cmocka_unit_test(an_alias_that_leaves_is_followed_below),
        cmocka_unit_test(nobody_speaking_is_unknown),
        cmocka_unit_test(a_resolvers_chain_is_cut_where_a_zone_above_begins),
        cmocka_unit_test(two_live_members_answer_beside_each_other),
        cmocka_unit_test(an_overlay_has_the_time_of_its_snapshot),
        cmocka_unit_test(a_failing_source_fails_as_it_was_told),
        cmocka_unit_test(an_unknown_failure_names_those_that_are_known),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
