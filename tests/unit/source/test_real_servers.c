/* nsd as an authority and unbound as a resolver: the live source understands what real servers
 * say, and a zone file read as a source says the same as the servers do. */
#include "ledger/ledger.h"
#include "source/source.h"
#include "servers.h"
#include "unit.h"

#define MANY 300

static struct arena *arena;
static struct server authority;
static struct server resolver;
static struct source *sources[3]; /* the zone files, nsd, unbound */

enum { FROM_ZONE, FROM_AUTHORITY, FROM_RESOLVER };

static const char soa[] = "@ 3600 IN SOA ns.zone.example. admin.zone.example. 1 7200 3600 "
                          "1209600 300\n"
                          "@ 3600 IN NS ns.zone.example.\n";

static struct server_zone zones[] = {
    {"zone.example", NULL},
    {"other.example", NULL},
    {"unsigned.example", NULL},
    {NULL, NULL},
};

/* main_zone - with every kind of answer in it */
static const char *main_zone(void)
{
    const char *text =
        arena_printf(arena,
                     "$ORIGIN zone.example.\n$TTL 3600\n%s"
                     "ns A 127.0.0.1\n"
                     "@ MX 20 mail2\n"
                     "@ MX 10 mail\n"
                     "@ MX 10 backup.other.example.\n"
                     "@ TXT \"v=spf1 a mx -all\"\n"
                     "mail A 192.0.2.25\n"
                     "mail AAAA 2001:db8::25\n"
                     "mail2 A 192.0.2.26\n"
                     "odd TXT \"two \" \"parts\" \"\\000\\255\\\"\\\\;\"\n"
                     "_dmarc TXT \"v=DMARC1; p=reject\"\n"
                     "a.b.c.deep A 192.0.2.3\n"
                     "*.wild TXT \"wild\"\n"
                     "alias CNAME mail\n"
                     "alias2 CNAME alias\n"
                     "away CNAME www.other.example.\n"
                     "nowhere CNAME none.other.example.\n"
                     "empty CNAME mail.other.example.\n"
                     "circle CNAME elcric\n"
                     "elcric CNAME circle\n"
                     "moved DNAME other.example.\n"
                     "below NS ns.below\n"
                     "ns.below A 192.0.2.53\n"
                     "caa CAA 0 issue \"ca.example\"\n"
                     "_25._tcp.mail TLSA 3 1 1 "
                     "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n",
                     soa);

    for (int i = 0; i < 20; i++) /* 20 strings of 200 octets: too large for a datagram */
        text = arena_printf(arena, "%slarge TXT \"%0200d\"\n", text, i);
    for (int i = 0; i < MANY; i++)
        text = arena_printf(arena, "%sn%d A 192.0.2.%d\n", text, i, i % 250 + 1);
    return text;
}

/* open_source - by its spec */
static struct source *open_source(const char *spec)
{
    struct err why = {0};
    struct source_options options = {.timeout_ms = 10000, .retries = 2};
    struct source *source = source_open(arena, spec, &options, &why);

    if (source == NULL)
        fail_msg("%s", why.text);
    return source;
}

static int start_servers(void **state)
{
    static const char options[] =
        " trust-anchor: \"unsigned.example. DS 12345 8 2 "
        "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF\"\n"
        " ede: yes\n"
        "stub-zone:\n name: \"lame.example\"\n stub-addr: 127.0.0.1@%u\n";
    struct source *files[2] = {NULL, NULL};

    (void)state;
    arena = arena_open();
    zones[0].text = main_zone();
    zones[1].text = arena_printf(arena,
                                 "$ORIGIN other.example.\n$TTL 3600\n%s"
                                 "www A 198.51.100.1\nmail A 198.51.100.2\nmail MX 0 .\n"
                                 "empty TXT \"x\"\nbackup A 198.51.100.3\n",
                                 soa);
    zones[2].text =
        arena_printf(arena, "$ORIGIN unsigned.example.\n$TTL 3600\n%swww A 192.0.2.1\n", soa);
    authority = server_start_nsd(arena, zones, 3);
    resolver = server_start_unbound(arena, &authority, zones,
                                    arena_printf(arena, options, authority.port));
    for (int i = 0; i < 2; i++)
        files[i] = open_source(
            arena_printf(arena, "zone:%s", server_zone_path(arena, &authority, &zones[i])));
    sources[FROM_ZONE] = source_overlay_open(arena, files, 2);
    sources[FROM_AUTHORITY] = open_source(authority.spec);
    sources[FROM_RESOLVER] = open_source(resolver.spec);
    return 0;
}

static int stop_servers(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(sources); i++)
        source_close(sources[i]);
    server_stop(&resolver);
    server_stop(&authority);
    arena_close(arena);
    return 0;
}

/* ask - one question, a fresh ledger */
static const struct dns_answer *ask(int from, const char *name, enum dns_type type)
{
    struct ledger *ledger = ledger_open(arena);
    const struct dns_answer *answer = ledger_ask(ledger, dns_name_from_text(arena, name), type);

    ledger_fill(ledger, sources[from]);
    return answer;
}

/* without_ttl - "owner IN TYPE rdata": a resolver counts TTLs down */
static const char *without_ttl(const struct dns_rr *rr)
{
    const char *tab = strchr(rr->text, '\t');

    return arena_printf(arena, "%s.%s", rr->owner->text, strchr(tab + 1, '\t'));
}

/* has_record - the answer holds the same record */
static bool has_record(const struct dns_answer *answer, const struct dns_rr *wanted)
{
    for (const struct dns_rr *rr = answer->records; rr != NULL; rr = rr->next)
        if (strcmp(without_ttl(rr), without_ttl(wanted)) == 0)
            return true;
    return false;
}

/* assert_same - status and records, in whatever order */
static void assert_same(const struct dns_answer *zone, const struct dns_answer *live)
{
    const char *what = arena_printf(arena, "%s %s from %s", zone->question.name->text,
                                    dns_type_to_text(arena, zone->question.type), live->source);

    if (zone->status != live->status)
        fail_msg("%s: %s, but the zone says %s", what, dns_status_to_text(live->status),
                 dns_status_to_text(zone->status));
    if (zone->record_count != live->record_count)
        fail_msg("%s: %zu records, but the zone has %zu", what, live->record_count,
                 zone->record_count);
    for (const struct dns_rr *rr = zone->records; rr != NULL; rr = rr->next)
        if (!has_record(live, rr))
            fail_msg("%s: lacks %s", what, rr->text);
}

static void zone_files_and_servers_agree(void **state)
{
    static const struct {
        const char *name;
        enum dns_type type;
        enum dns_status status;
        size_t count;
    } rows[] = {
        {"zone.example", DNS_MX, DNS_OK, 3},
        {"zone.example", DNS_TXT, DNS_OK, 1},
        {"zone.example", DNS_SOA, DNS_OK, 1},
        {"zone.example", DNS_AAAA, DNS_NODATA, 0},
        {"MAIL.zone.example", DNS_AAAA, DNS_OK, 1},
        {"odd.zone.example", DNS_TXT, DNS_OK, 1},
        {"none.zone.example", DNS_TXT, DNS_NXDOMAIN, 0},
        {"b.c.deep.zone.example", DNS_TXT, DNS_NODATA, 0},
        {"x.b.c.deep.zone.example", DNS_TXT, DNS_NXDOMAIN, 0},
        {"any.wild.zone.example", DNS_TXT, DNS_OK, 1},
        {"any.wild.zone.example", DNS_A, DNS_NODATA, 0},
        {"a.b.wild.zone.example", DNS_TXT, DNS_OK, 1},
        {"wild.zone.example", DNS_TXT, DNS_NODATA, 0},
        {"alias.zone.example", DNS_A, DNS_OK, 2},
        {"alias2.zone.example", DNS_AAAA, DNS_OK, 3},
        {"alias.zone.example", DNS_CNAME, DNS_OK, 1},
        {"alias.zone.example", DNS_MX, DNS_NODATA, 1},
        {"away.zone.example", DNS_A, DNS_OK, 2},
        {"nowhere.zone.example", DNS_A, DNS_NXDOMAIN, 1},
        {"empty.zone.example", DNS_TXT, DNS_NODATA, 1},
        {"mail.other.example", DNS_MX, DNS_OK, 1},
        {"www.moved.zone.example", DNS_A, DNS_OK, 2},
        {"none.moved.zone.example", DNS_A, DNS_NXDOMAIN, 1},
        {"moved.zone.example", DNS_A, DNS_NODATA, 0},
        {"moved.zone.example", DNS_DNAME, DNS_OK, 1},
        {"large.zone.example", DNS_TXT, DNS_OK, 20},
        {"caa.zone.example", DNS_CAA, DNS_OK, 1},
        {"_25._tcp.mail.zone.example", DNS_TLSA, DNS_OK, 1},
        {"_tcp.mail.zone.example", DNS_TLSA, DNS_NODATA, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct dns_answer *zone = ask(FROM_ZONE, rows[i].name, rows[i].type);

        if (zone->status != rows[i].status || zone->record_count != rows[i].count)
            fail_msg("%s: %s with %zu records", rows[i].name, dns_status_to_text(zone->status),
                     zone->record_count);
        assert_same(zone, ask(FROM_AUTHORITY, rows[i].name, rows[i].type));
        assert_same(zone, ask(FROM_RESOLVER, rows[i].name, rows[i].type));
    }
}

static void octets_come_through_unchanged(void **state)
{
    (void)state;
    for (int from = FROM_ZONE; from <= FROM_RESOLVER; from++) {
        const struct dns_rr *rr = ask(from, "odd.zone.example", DNS_TXT)->records;

        assert_int_equal(rr->string_count, 3);
        assert_true(span_equal(rr->joined, span_make("two parts\0\xff\"\\;", 14)));
    }
}

static void mail_exchangers_come_in_one_order(void **state)
{
    (void)state;
    for (int from = FROM_AUTHORITY; from <= FROM_RESOLVER; from++) {
        const struct dns_rr *rr = ask(from, "zone.example", DNS_MX)->records;

        assert_string_equal(rr->target->text, "backup.other.example");
        assert_string_equal(rr->next->target->text, "mail.zone.example");
        assert_string_equal(rr->next->next->target->text, "mail2.zone.example");
    }
}

static void an_absence_has_the_negative_ttl(void **state)
{
    const struct dns_answer *answer = ask(FROM_AUTHORITY, "gone.zone.example", DNS_A);

    (void)state;
    assert_int_equal(answer->status, DNS_NXDOMAIN);
    assert_int_equal(answer->ttl, 300); /* the last field of the SOA */
    assert_false(answer->ad);
}

static void a_circle_is_a_failure_everywhere(void **state)
{
    (void)state;
    for (int from = FROM_ZONE; from <= FROM_RESOLVER; from++)
        assert_int_equal(ask(from, "circle.zone.example", DNS_A)->status, DNS_SERVFAIL);
}

static void an_authority_refers_and_refuses(void **state)
{
    const struct dns_answer *answer = ask(FROM_AUTHORITY, "x.below.zone.example", DNS_A);

    (void)state;
    assert_int_equal(answer->status, DNS_SERVFAIL);
    assert_non_null(strstr(answer->detail, "referral by 127.0.0.1@"));
    answer = ask(FROM_AUTHORITY, "example.org", DNS_A);
    assert_int_equal(answer->status, DNS_SERVFAIL);
    assert_non_null(strstr(answer->detail, "REFUSED by 127.0.0.1@"));
}

static void a_validating_resolver_says_bogus(void **state)
{
    const struct dns_answer *answer = ask(FROM_RESOLVER, "www.unsigned.example", DNS_A);

    (void)state;
    assert_int_equal(ask(FROM_AUTHORITY, "www.unsigned.example", DNS_A)->status, DNS_OK);
    assert_int_equal(answer->status, DNS_BOGUS);
    assert_non_null(strstr(answer->detail, "DNSSEC validation failed at 127.0.0.1@"));
}

static void a_resolver_that_finds_no_authority_says_servfail(void **state)
{
    const struct dns_answer *answer = ask(FROM_RESOLVER, "www.lame.example", DNS_A);

    (void)state;
    assert_int_equal(answer->status, DNS_SERVFAIL);
    assert_non_null(strstr(answer->detail, "SERVFAIL by 127.0.0.1@"));
}

static void many_questions_are_answered_in_one_round(void **state)
{
    (void)state;
    for (int from = FROM_AUTHORITY; from <= FROM_RESOLVER; from++) {
        struct ledger *ledger = ledger_open(arena);

        for (int i = 0; i < MANY; i++)
            ledger_ask(ledger,
                       dns_name_from_text(arena, arena_printf(arena, "n%d.zone.example", i)),
                       DNS_A);
        ledger_fill(ledger, sources[from]);
        assert_int_equal(ledger_rounds(ledger), 1);
        for (size_t i = 0; i < MANY; i++) {
            const struct dns_answer *answer = ledger_get(ledger, i);

            assert_int_equal(answer->status, DNS_OK);
            assert_string_equal(ip_to_text(arena, answer->records->address),
                                arena_printf(arena, "192.0.2.%zu", i % 250 + 1));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zone_files_and_servers_agree),
        cmocka_unit_test(octets_come_through_unchanged),
        cmocka_unit_test(mail_exchangers_come_in_one_order),
        cmocka_unit_test(an_absence_has_the_negative_ttl),
        cmocka_unit_test(a_circle_is_a_failure_everywhere),
        cmocka_unit_test(an_authority_refers_and_refuses),
        cmocka_unit_test(a_validating_resolver_says_bogus),
        cmocka_unit_test(a_resolver_that_finds_no_authority_says_servfail),
        cmocka_unit_test(many_questions_are_answered_in_one_round),
    };

    if (!server_is_installed("nsd") || !server_is_installed("unbound")) {
        printf("skipped: nsd and unbound are wanted (apt-get install nsd unbound)\n");
        return 77;
    }
    return cmocka_run_group_tests(tests, start_servers, stop_servers);
}
