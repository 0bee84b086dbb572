/*
 * Two worlds of a few lines each; every row says by hand what is lost, at risk and gained
 * between them. "+" and "-" in front of a line of a row add it to or take it out of the
 * world that all rows start from.
 */
#include <string.h>

#include "unit.h"
#include "world.h"

#include "base/sbuf.h"
#include "compare/compare.h"
#include "gather/gather.h"
#include "ledger/ledger.h"

#define NOW 1795478400 /* 2026-11-24T00:00:00Z */

#define SPF  "example.com TXT \"v=spf1 ip4:192.0.2.0/24 include:s.example.net mx ~all\"\n"
#define KEY  "s1._domainkey.example.com TXT \"v=DKIM1; k=ed25519; p=" KEY1 "\"\n"
#define KEY1 "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
#define KEY2 "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw="
#define DMARC                                                                           \
    "_dmarc.example.com TXT \"v=DMARC1; p=quarantine; rua=mailto:d@example.com,mailto:" \
    "r@reports.example.net\"\n"
#define MX      "example.com MX 10 mx1.example.com\n"
#define MX2     "example.com MX 20 mx2.example.com\n"
#define STS     "_mta-sts.example.com TXT \"v=STSv1; id=1\"\n"
#define TLS_RPT "_smtp._tls.example.com TXT \"v=TLSRPTv1; rua=mailto:t@example.com\"\n"
#define DANE    "_25._tcp.mx1.example.com TLSA 3 1 1 " HASH1 "\n"
#define HASH1   "0d6fce3a1a8f5b2e0d6fce3a1a8f5b2e0d6fce3a1a8f5b2e0d6fce3a1a8f5b2e"
#define HASH2   "1d6fce3a1a8f5b2e0d6fce3a1a8f5b2e0d6fce3a1a8f5b2e0d6fce3a1a8f5b2e"
#define BIMI    "default._bimi.example.com TXT \"v=BIMI1; l=https://example.com/a.svg\"\n"
#define SITE    "example.com TXT \"site-verification=abc\"\n"
#define ALLOW   "example.com._report._dmarc.reports.example.net TXT \"v=DMARC1\"\n"
#define OTHERS                                               \
    "s.example.net TXT \"v=spf1 ip4:203.0.113.0/24 -all\"\n" \
    "mx1.example.com A 198.51.100.1\n"                       \
    "mx2.example.com A 198.51.100.2\n"                       \
    "mta-sts.example.com A 198.51.100.9\n"                   \
    "reports.example.net MX 10 mx.reports.example.net\n"     \
    "mx.reports.example.net A 203.0.113.200\n"

static const char all[] = SPF KEY DMARC MX MX2 STS TLS_RPT DANE BIMI SITE ALLOW OTHERS;

static const struct {
    const char *what;
    const char *without; /* lines that the new world lacks */
    const char *with;    /* lines that it has instead */
    const char *expected;
} rows[] = {
    {"nothing", "", "", ""},
    {"no SPF record", SPF, "", "spf_record_lost"},
    {"an include gone", SPF, "example.com TXT \"v=spf1 ip4:192.0.2.0/24 mx ~all\"\n",
     "spf_addresses_lost"},
    {"an include mistyped", SPF,
     "example.com TXT \"v=spf1 ip4:192.0.2.0/24 inlcude:s.example.net mx ~all\"\n",
     "spf_addresses_lost spf_addresses_lost"},
    {"a network narrowed", SPF,
     "example.com TXT \"v=spf1 ip4:192.0.2.0/25 include:s.example.net mx ~all\"\n",
     "spf_addresses_lost"},
    {"terms in another order, case and cut", SPF,
     "example.com TXT \"v=spf1 MX include:S.example.net \" \"ip4:192.0.2.0/24 ~all\"\n", ""},
    {"mx replaced by its addresses", SPF,
     "example.com TXT \"v=spf1 ip4:192.0.2.0/24 include:s.example.net ip4:198.51.100.1 "
     "ip4:198.51.100.2 ~all\"\n",
     ""},
    {"a second SPF record", "", "example.com TXT \"v=spf1 -all\"\n",
     "spf_addresses_lost spf_addresses_lost"},
    {"a network added", SPF,
     "example.com TXT \"v=spf1 ip4:192.0.2.0/24 ip4:198.51.100.7 include:s.example.net mx "
     "~all\"\n",
     "spf_addresses_gained"},
    {"a /8 added and a hard fail", SPF,
     "example.com TXT \"v=spf1 ip4:192.0.2.0/24 ip4:10.0.0.0/8 include:s.example.net mx "
     "-all\"\n",
     "spf_widened spf_addresses_gained spf_all_changed"},
    {"the included record shrank", "s.example.net TXT \"v=spf1 ip4:203.0.113.0/24 -all\"\n",
     "s.example.net TXT \"v=spf1 ip4:203.0.113.0/25 -all\"\n", "spf_addresses_lost"},
    {"the included record grew past the limit",
     "s.example.net TXT \"v=spf1 ip4:203.0.113.0/24 -all\"\n",
     "s.example.net TXT \"v=spf1 ip4:203.0.113.0/24 a:mx1.example.com a:mx1.example.com "
     "a:mx1.example.com a:mx1.example.com a:mx1.example.com a:mx1.example.com "
     "a:mx1.example.com a:mx1.example.com a:mx1.example.com -all\"\n",
     "spf_addresses_lost"},
    {"a key gone", KEY, "", "dkim_key_lost"},
    {"a key revoked", KEY, "s1._domainkey.example.com TXT \"v=DKIM1; k=ed25519; p=\"\n",
     "dkim_key_lost"},
    {"another key", KEY, "s1._domainkey.example.com TXT \"v=DKIM1; k=ed25519; p=" KEY2 "\"\n",
     "dkim_key_replaced"},
    {"the same key written otherwise", KEY,
     "s1._domainkey.example.com TXT \"k=ed25519;p=\" \"" KEY1 "; n=note\"\n", ""},
    {"the same key behind an alias", KEY,
     "s1._domainkey.example.com CNAME k.example.net\n"
     "k.example.net TXT \"v=DKIM1; k=ed25519; p=" KEY1 "\"\n",
     ""},
    {"a further key", "",
     "google._domainkey.example.com TXT \"v=DKIM1; k=ed25519; p=" KEY2 "\"\n", "dkim_key_new"},
    {"no DMARC record", DMARC, "", "dmarc_record_lost"},
    {"a DMARC record that is none", DMARC,
     "_dmarc.example.com TXT \"v=DMARC; p=quarantine; rua=mailto:d@example.com\"\n",
     "dmarc_record_lost"},
    {"a weaker policy", DMARC,
     "_dmarc.example.com TXT \"v=DMARC1; p=none; rua=mailto:d@example.com,mailto:r@reports."
     "example.net\"\n",
     "dmarc_weakened"},
    {"a testing policy", DMARC,
     "_dmarc.example.com TXT \"v=DMARC1; p=quarantine; t=y; rua=mailto:d@example.com,mailto:"
     "r@reports.example.net\"\n",
     "dmarc_weakened"},
    {"subdomains let go", DMARC,
     "_dmarc.example.com TXT \"v=DMARC1; p=quarantine; sp=none; "
     "rua=mailto:d@example.com,mailto:r@reports.example.net\"\n",
     "dmarc_weakened"},
    {"a stricter policy", DMARC,
     "_dmarc.example.com TXT \"v=DMARC1; p=reject; rua=mailto:R@reports.example.net,"
     "mailto:d@EXAMPLE.com!10m\"\n",
     "dmarc_strengthened"},
    {"no reports", DMARC, "_dmarc.example.com TXT \"v=DMARC1; p=quarantine\"\n",
     "dmarc_reports_lost dmarc_reports_lost"},
    {"an authorisation of reports gone", ALLOW, "", "report_authorisation_lost"},
    {"no MX", MX MX2, "", "spf_addresses_lost mx_lost"},
    {"a null MX", MX MX2, "example.com MX 0 .\n", "spf_addresses_lost mx_lost"},
    {"an MX that leads nowhere", MX2, "example.com MX 20 mxx.example.com\n",
     "spf_addresses_lost mx_unresolvable ?mta_sts_mismatch mx_changed"},
    {"an MX without its address", "mx2.example.com A 198.51.100.2\n", "",
     "spf_addresses_lost mx_unresolvable"},
    {"one of two MX taken out", MX2, "", "spf_addresses_lost mx_changed"},
    {"no MTA-STS record", STS, "", "mta_sts_lost"},
    {"an MTA-STS record without id", STS, "_mta-sts.example.com TXT \"v=STSv1\"\n",
     "mta_sts_lost"},
    {"no host for the MTA-STS policy", "mta-sts.example.com A 198.51.100.9\n", "",
     "mta_sts_lost"},
    {"no TLS-RPT record", TLS_RPT, "", "tls_rpt_lost"},
    {"TLS reports to somebody else", TLS_RPT,
     "_smtp._tls.example.com TXT \"v=TLSRPTv1; rua=mailto:x@example.com\"\n", "tls_rpt_lost"},
    {"no TLSA record", DANE, "", "tlsa_lost"},
    {"another TLSA record", DANE, "_25._tcp.mx1.example.com TLSA 3 1 1 " HASH2 "\n",
     "tlsa_mismatch"},
    {"a TLSA record added", "", "_25._tcp.mx1.example.com TLSA 3 1 1 " HASH2 "\n", ""},
    {"no BIMI record", BIMI, "", "bimi_lost"},
    {"BIMI declined", BIMI, "default._bimi.example.com TXT \"v=BIMI1; l=; a=;\"\n",
     "bimi_lost"},
    {"no neighbour", SITE, "", "txt_neighbours_lost"},
    {"a neighbour cut otherwise", SITE, "example.com TXT \"site-\" \"verification=abc\"\n", ""},
    {"no answer for DMARC", DMARC, "_dmarc.example.com TXT !SERVFAIL\n", "?dmarc_record_lost"},
    {"no answer for the included record",
     "s.example.net TXT \"v=spf1 ip4:203.0.113.0/24 -all\"\n", "s.example.net TXT !TIMEOUT\n",
     "?spf_addresses_lost"},
    {"no answer for the key", KEY, "s1._domainkey.example.com TXT !TIMEOUT\n",
     "?dkim_key_replaced"},
    {"no answer for MX", MX MX2, "example.com MX !SERVFAIL\n", "?spf_addresses_lost ?mx_lost"},
};

/* world_less - the world without some of its lines */
static const char *world_less(struct arena *arena, const char *lines)
{
    struct sbuf text = sbuf_start(arena);
    struct span rest = span_of(all);

    while (rest.len > 0) {
        struct span cut = span_cut(&rest, '\n');
        const char *line = arena_printf(arena, "%.*s\n", SPAN_ARG(cut));

        if (strstr(lines, line) == NULL)
            sbuf_add(&text, line);
    }
    return sbuf_text(&text);
}

/* facts_of - example.com in a world */
static const struct facts *facts_of(struct arena *arena, const char *world)
{
    static const char *const selectors[] = {"s1", "google"};
    struct subject *subject = arena_new_of(arena, struct subject);
    struct gather_work work = {.arena = arena, .ledger = ledger_open(arena)};

    work.source = world_source(arena, world);
    subject->domain = dns_name_from_text(arena, "example.com");
    subject->domain_shown = "example.com";
    subject->selectors = selectors;
    subject->selector_count = COUNT_OF(selectors);
    subject->now = NOW;
    return gather_run(&work, subject);
}

/* ids_of - the changes in their order; "?" before those that could not be determined */
static const char *ids_of(struct arena *arena, const struct compare *compare)
{
    struct sbuf text = sbuf_start(arena);

    for (const struct compare_change *change = compare->changes; change; change = change->next)
        sbuf_addf(&text, "%s%s%s", text.len > 0 ? " " : "", change->unknown != NULL ? "?" : "",
                  compare_kind_to_text(change->kind));
    return sbuf_text(&text);
}

static void what_differs_is_named_and_nothing_else(void **state)
{
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct arena *arena = arena_open();
        const char *world =
            arena_printf(arena, "%s%s", world_less(arena, rows[i].without), rows[i].with);
        const struct compare *compare =
            compare_facts(arena, facts_of(arena, all), facts_of(arena, world));

        if (strcmp(ids_of(arena, compare), rows[i].expected) != 0) {
            fprintf(stderr, "%s: \"%s\" expected, \"%s\" found\n", rows[i].what,
                    rows[i].expected, ids_of(arena, compare));
            wrong++;
        }
        arena_close(arena);
    }
    assert_int_equal(wrong, 0);
}

static void nothing_is_lost_where_nobody_spoke_before(void **state)
{
    struct arena *arena = *state;
    const struct compare *compare = compare_facts(
        arena, facts_of(arena, ". TXT !UNKNOWN\n. MX !UNKNOWN\n"), facts_of(arena, all));

    for (const struct compare_change *change = compare->changes; change; change = change->next)
        assert_true(change->unknown != NULL ||
                    compare_kind_class(change->kind) != COMPARE_LOSS);
}

static void lost_and_gained_addresses_are_sets(void **state)
{
    struct arena *arena = *state;
    const char *world = arena_printf(
        arena, "%s%s", world_less(arena, SPF),
        "example.com TXT \"v=spf1 ip4:192.0.2.0/25 ip4:198.51.100.128/25 mx ~all\"\n");
    const struct compare *compare =
        compare_facts(arena, facts_of(arena, all), facts_of(arena, world));
    const struct compare_change *change = compare->changes;

    assert_string_equal(compare_networks_text(arena, compare->lost, 9),
                        "192.0.2.128/25, 203.0.113.0/24");
    assert_string_equal(compare_networks_text(arena, compare->gained, 9), "198.51.100.128/25");
    assert_string_equal(compare_size_text(arena, compare->lost), "384 addresses");
    /* each include for itself, and what it is now */
    assert_string_equal(change->what, "include:s.example.net");
    assert_string_equal(change->result, "softfail");
    assert_string_equal(compare_networks_text(arena, change->addresses, 9), "203.0.113.0/24");
    assert_false(change->is_foreign);
    assert_false(change->is_old);
}

static void a_record_of_somebody_else_is_told_from_our_own(void **state)
{
    struct arena *arena = *state;
    const char *line = "s.example.net TXT \"v=spf1 ip4:203.0.113.0/24 -all\"\n";
    const char *world = arena_printf(arena, "%s%s", world_less(arena, line),
                                     "s.example.net TXT \"v=spf1 ip4:198.51.100.0/24 -all\"\n");
    const struct compare *compare =
        compare_facts(arena, facts_of(arena, all), facts_of(arena, world));

    assert_string_equal(ids_of(arena, compare), "spf_addresses_lost spf_addresses_gained");
    assert_true(compare->changes->is_foreign);
    assert_true(compare->changes->next->is_foreign);
    assert_true(span_equal_text(compare->changes->next->term, "include:s.example.net"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_differs_is_named_and_nothing_else),
        cmocka_unit_test_setup_teardown(nothing_is_lost_where_nobody_spoke_before,
                                        unit_open_arena, unit_close_arena),
        cmocka_unit_test_setup_teardown(lost_and_gained_addresses_are_sets, unit_open_arena,
                                        unit_close_arena),
        cmocka_unit_test_setup_teardown(a_record_of_somebody_else_is_told_from_our_own,
                                        unit_open_arena, unit_close_arena),
    };

    return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
