/* Facts behind URLs: what a source holds wins, time is shared with DNS, snapshots keep all. */
#include <jansson.h>

#include "base/limits.h"
#include "ledger/ledger_https.h"
#include "ledger/ledger_private.h"
#include "source/snapshot_https.h"
#include "source/source.h"
#include "unit.h"

#define URL "https://mta-sts.example.com/.well-known/mta-sts.txt"

static struct arena *arena;
static unsigned calls;
static char seen[128];

static int set_up(void **state)
{
    (void)state;
    arena = arena_open();
    calls = 0;
    seen[0] = '\0';
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_close(arena);
    return 0;
}

/* give_up - waits once and leaves everything as it was */
static void give_up(void *ctx, struct ledger *ledger, struct https_fact *const *wanted,
                    size_t count)
{
    (void)ctx;
    (void)wanted;
    assert_int_equal(count, 1);
    assert_true(ledger_https_wait(ledger) > 0);
    calls++;
}

/* look - who looks on */
static void look(void *ctx, const struct ledger_waiting *waiting)
{
    (void)ctx;
    assert_int_equal(waiting->asked, 1);
    assert_int_equal(waiting->open, 1);
    assert_null(waiting->first);
    snprintf(seen, sizeof(seen), "%s", waiting->url);
}

/* filled - the fact about the URL after a round over a source that holds nothing */
static const struct https_fact *filled(struct ledger *ledger)
{
    struct err why = {0};
    struct source *source = source_open(arena, "fail:timeout", NULL, &why);
    const struct https_fact *fact =
        ledger_https_ask(ledger, URL, dns_name_from_text(arena, "mta-sts.example.com"), 100);

    assert_non_null(source);
    ledger_https_fill(ledger, source, give_up, NULL);
    source_close(source);
    return fact;
}

static void what_there_was_no_time_for_is_said_so(void **state)
{
    struct ledger *ledger = ledger_open(arena);

    (void)state;
    ledger_watch(ledger, look, NULL);
    assert_int_equal(filled(ledger)->status, HTTPS_BUDGET);
    assert_int_equal(calls, 1);
    assert_string_equal(seen, URL);
}

/* bound: LIMIT_SECONDS past */
static void time_spent_on_dns_is_not_there_for_https(void **state)
{
    struct ledger *ledger = ledger_open(arena);
    const struct https_fact *fact = NULL;

    (void)state;
    ledger->spent_ms = (int64_t)LIMIT_SECONDS * 1000;
    fact = filled(ledger);
    assert_int_equal(fact->status, HTTPS_BUDGET);
    assert_non_null(strstr(fact->detail, "60 seconds"));
    assert_int_equal(calls, 0);
    assert_true(ledger->spent_ms >= (int64_t)LIMIT_SECONDS * 1000);
}

/* bound: LIMIT_FETCHES both */
static void urls_have_a_ceiling(void **state)
{
    struct ledger *ledger = ledger_open(arena);
    const struct dns_name *host = dns_name_from_text(arena, "mta-sts.example.com");
    const struct https_fact *fact = NULL;

    (void)state;
    for (int i = 0; i < LIMIT_FETCHES; i++) {
        fact = ledger_https_ask(ledger, arena_printf(arena, "%s%d", URL, i), host, 100);
        assert_int_equal(fact->status, HTTPS_PENDING);
    }
    fact = ledger_https_ask(ledger, URL, host, 100);
    assert_int_equal(fact->status, HTTPS_BUDGET);
    assert_string_equal(fact->detail, "not fetched: 12 URLs have been");
    assert_int_equal(ledger_https_wanted(ledger), LIMIT_FETCHES);
}

/* copy_of - through JSON and back */
static struct https_fact copy_of(const struct https_fact *fact)
{
    struct https_fact copy = {.url = NULL};
    json_t *object = snapshot_https_json(arena, fact);

    assert_null(snapshot_https_read(arena, object, &copy));
    json_decref(object);
    assert_string_equal(copy.url, fact->url);
    assert_int_equal(copy.status, fact->status);
    assert_int_equal(copy.http_status, fact->http_status);
    return copy;
}

static void every_octet_of_a_body_survives_a_snapshot(void **state)
{
    struct https_fact fact = {.url = URL,
                              .status = HTTPS_OK,
                              .http_status = 200,
                              .content_type = "text/plain",
                              .source = "live"};
    char octets[256];

    (void)state;
    for (size_t i = 0; i < sizeof(octets); i++)
        octets[i] = (char)i;
    for (size_t len = 0; len <= sizeof(octets); len += 64) {
        struct https_fact copy;

        fact.body = span_make(octets, len);
        copy = copy_of(&fact);
        assert_int_equal(copy.body.len, len);
        assert_memory_equal(copy.body.at, octets, len);
        assert_string_equal(copy.content_type, "text/plain");
        assert_string_equal(copy.source, "live");
    }
}

static void every_failure_survives_a_snapshot(void **state)
{
    struct https_fact fact = {.url = URL, .detail = "because \\195\\164"};

    (void)state;
    for (int status = HTTPS_UNRESOLVED; status < HTTPS_OK; status++) {
        fact.status = (enum https_status)status;
        fact.certificate = status == HTTPS_CERTIFICATE ? "expired" : NULL;
        fact.location = status == HTTPS_REDIRECT ? "https://a.example/" : NULL;
        if (!snapshot_https_is_kept(&fact)) {
            assert_int_equal(status, HTTPS_BUDGET);
            continue;
        }
        struct https_fact copy = copy_of(&fact);

        assert_string_equal(copy.detail, fact.detail);
        assert_true((copy.certificate == NULL) == (fact.certificate == NULL));
        assert_true((copy.location == NULL) == (fact.location == NULL));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_there_was_no_time_for_is_said_so, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(time_spent_on_dns_is_not_there_for_https, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(urls_have_a_ceiling, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_octet_of_a_body_survives_a_snapshot, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(every_failure_survives_a_snapshot, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
