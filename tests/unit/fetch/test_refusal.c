/* What is not connected to is settled before there is a connection: nothing here needs a
 * network.
 */
#include "base/limits.h"
#include "dns/dns_rr.h"
#include "fetch/fetch.h"
#include "source/source.h"
#include "unit_arena.h"

/* host - the name that all URLs here have */
static const struct dns_name *host(void)
{
    const struct dns_name *name = dns_name_from_text(arena, "logo.example.com");

    assert_non_null(name);
    return name;
}

/* ledger_with - one that holds this address for the host */
static struct ledger *ledger_with(const char *record, enum dns_type type)
{
    struct ledger *ledger = ledger_open(arena);
    struct dns_answer answer = {.question = {host(), type}, .status = DNS_OK, .source = "test"};
    struct err why = {0};
    struct dns_rr *rr = dns_rr_from_text(
        arena, arena_printf(arena, "logo.example.com. 300 IN %s", record), &why);

    assert_non_null(rr);
    dns_answer_append(&answer, rr);
    ledger_add(ledger, &answer);
    return ledger;
}

/* fetched - what becomes of one URL */
static const struct https_fact *fetched(struct ledger *ledger, const char *url)
{
    struct fetch_options options = {.timeout_ms = 1};
    struct source *source = NULL;
    struct err why = {0};
    const struct https_fact *fact = ledger_https_ask(ledger, url, host(), LIMIT_LOGO_BYTES);

    source = source_open(arena, "fail:timeout", NULL, &why);
    assert_non_null(source);
    ledger_https_fill(ledger, source, fetch_all, &options);
    source_close(source);
    return fact;
}

static void an_address_of_no_internet_host_is_refused(void **state)
{
    static const struct {
        const char *record;
        enum dns_type type;
    } rows[] = {
        {"A 127.0.0.1", DNS_A}, {"A 10.0.0.1", DNS_A},      {"A 169.254.169.254", DNS_A},
        {"AAAA ::1", DNS_AAAA}, {"AAAA fd00::1", DNS_AAAA}, {"AAAA ::ffff:127.0.0.1", DNS_AAAA},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct https_fact *fact = fetched(ledger_with(rows[i].record, rows[i].type),
                                                "https://logo.example.com/a.svg");

        assert_int_equal(fact->status, HTTPS_REFUSED);
        assert_non_null(strstr(fact->detail, "is not a public address"));
    }
}

static void a_url_that_leads_elsewhere_is_refused(void **state)
{
    static const char *const urls[] = {
        "https://logo.example.com:22/a",
        "https://logo.example.com:4430/a",
        "https://u@logo.example.com:443/a",
        "https://logo.example.com@192.0.2.1/a",
        "https://192.0.2.1/a",
        "http://logo.example.com/a",
        "https://logo.example.com\\@192.0.2.1/",
        "file:///etc/passwd",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(urls); i++)
        assert_int_equal(fetched(ledger_with("A 8.8.8.8", DNS_A), urls[i])->status,
                         HTTPS_REFUSED);
}

static void the_port_of_https_may_be_named(void **state)
{
    (void)state;
    assert_int_equal(fetched(ledger_open(arena), "https://logo.example.com:443/a")->status,
                     HTTPS_NO_ADDRESS);
}

static void a_host_without_addresses_is_told(void **state)
{
    (void)state;
    assert_int_equal(fetched(ledger_open(arena), "https://logo.example.com/a")->status,
                     HTTPS_NO_ADDRESS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_address_of_no_internet_host_is_refused, open_arena,
                                        close_arena),
        cmocka_unit_test_setup_teardown(a_url_that_leads_elsewhere_is_refused, open_arena,
                                        close_arena),
        cmocka_unit_test_setup_teardown(the_port_of_https_may_be_named, open_arena,
                                        close_arena),
        cmocka_unit_test_setup_teardown(a_host_without_addresses_is_told, open_arena,
                                        close_arena),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
