/* The mechanisms one by one: RFC 7208, 5.3 to 5.7. */
#include "spf_case.h"

#define IN4  "192.0.2.1"
#define IN6  "2001:db8::1"
#define HEAD "example.com TXT \"v=spf1 "

static void addresses_match_by_family_and_prefix(void **state)
{
    static const struct spf_row rows[] = {
        {HEAD "ip4:192.0.2.128/24 -all\"", IN4, SPF_PASS, "ip4"},
        {HEAD "ip4:192.0.2.128/25 -all\"", IN4, SPF_FAIL, "-all"},
        {HEAD "ip4:198.51.100.1/0 -all\"", IN4, SPF_PASS, "ip4"},
        {HEAD "ip4:192.0.2.1/32 -all\"", IN4, SPF_PASS, "ip4"},
        {HEAD "ip4:0.0.0.0/0 -all\"", IN6, SPF_FAIL, "-all"},
        {HEAD "ip6:2001:db8::/32 -all\"", IN6, SPF_PASS, "ip6"},
        {HEAD "ip6:2001:db8::/33 -all\"", "2001:db8:8000::1", SPF_FAIL, "-all"},
        {HEAD "ip6:2001:db8:8000::/33 -all\"", "2001:db8:8000::1", SPF_PASS, "ip6"},
        {HEAD "ip6:::/0 -all\"", IN4, SPF_FAIL, "-all"},
        {HEAD "ip6:::/0 -all\"", "::ffff:192.0.2.1", SPF_FAIL, "-all"},
        {HEAD "ip6:::ffff:192.0.2.1 -all\"", "::ffff:192.0.2.1", SPF_FAIL, "-all"},
        {HEAD "ip4:192.0.2.1 -all\"", "::ffff:192.0.2.1", SPF_PASS, "matches 192.0.2.1"},
        {HEAD "-all\"", "127.0.0.1", SPF_FAIL, "-all"},
    };

    (void)state;
    spf_rows_expect(rows, COUNT_OF(rows));
}

static void a_asks_for_the_family_of_the_client(void **state)
{
    static const struct spf_row rows[] = {
        {HEAD "a -all\"\nexample.com A 198.51.100.1\nexample.com A 192.0.2.1", IN4, SPF_PASS,
         "a in the record"},
        {HEAD "a:h.test -all\"\nh.test AAAA 2001:db8::1", IN6, SPF_PASS, "a:h.test"},
        {HEAD "a:h.test -all\"\nh.test AAAA 2001:db8::1\nh.test A 192.0.2.9", IN4, SPF_FAIL,
         "-all"},
        {HEAD "a:h.test/24//64 -all\"\nh.test A 192.0.2.9", IN4, SPF_PASS, "a:h.test"},
        {HEAD "a:h.test/24//64 -all\"\nh.test AAAA 2001:db8::9", IN6, SPF_PASS, "a:h.test"},
        {HEAD "a:h.test//64 -all\"\nh.test A 192.0.2.9", IN4, SPF_FAIL, "-all"},
        {HEAD "a:h.test/24 -all\"\nh.test AAAA 2001:db8::9", IN6, SPF_FAIL, "-all"},
        {HEAD "a:h.test/0 -all\"\nh.test A 198.51.100.9", IN4, SPF_PASS, "a:h.test/0"},
        {HEAD "a:h.test/0 -all\"\nh.test TXT \"x\"", IN4, SPF_FAIL, "-all"},
        {HEAD "a:h.test//0 -all\"\nh.test A 198.51.100.9", IN6, SPF_FAIL, "-all"},
        {HEAD "a:h.test -all\"\nh.test CNAME r.test\nr.test A 192.0.2.1", IN4, SPF_PASS,
         "a:h.test"},
        {HEAD "a:h.test +all\"\nh.test A !SERVFAIL", IN4, SPF_TEMPERROR, "A h.test: SERVFAIL"},
        {HEAD "a:h.test +all\"\nh.test AAAA !TIMEOUT", IN6, SPF_TEMPERROR,
         "AAAA h.test: TIMEOUT"},
        {HEAD "a:h.test +all\"\nh.test AAAA !TIMEOUT", IN4, SPF_PASS, "+all"},
        {HEAD "a:x:y/z.test -all\"\nx:y/z.test A 192.0.2.1", IN4, SPF_PASS, "a:x:y/z.test"},
    };

    (void)state;
    spf_rows_expect(rows, COUNT_OF(rows));
}

static void mx_matches_the_addresses_of_its_hosts(void **state)
{
    static const struct spf_row rows[] = {
        {HEAD "mx -all\"\nexample.com MX 10 a.test\nexample.com MX 20 b.test\n"
              "a.test A 198.51.100.1\nb.test A 192.0.2.1",
         IN4, SPF_PASS, "mx in the record"},
        {HEAD "mx:d.test/24 -all\"\nd.test MX 10 a.test\na.test A 192.0.2.200", IN4, SPF_PASS,
         "mx:d.test/24"},
        {HEAD "mx//64 -all\"\nexample.com MX 10 a.test\na.test AAAA 2001:db8::9", IN6, SPF_PASS,
         "mx//64"},
        {HEAD "mx -all\"\nexample.com A 192.0.2.1", IN4, SPF_FAIL, "-all"},
        {HEAD "mx ?all\"\nexample.com MX 0 .", IN4, SPF_NEUTRAL, "?all"},
        {HEAD "mx -all\"\nexample.com MX 10 a.test", IN4, SPF_FAIL, "-all"},
        {HEAD "mx +all\"\nexample.com MX !SERVFAIL", IN4, SPF_TEMPERROR, "MX example.com"},
        {HEAD "mx +all\"\nexample.com MX 10 a.test\na.test A !TIMEOUT", IN4, SPF_TEMPERROR,
         "A a.test: TIMEOUT"},
        {HEAD "mx -all\"\nexample.com MX 10 b.test\nexample.com MX 10 a.test\n"
              "b.test A 192.0.2.1\na.test A !TIMEOUT",
         IN4, SPF_PASS, "mx"},
    };

    (void)state;
    spf_rows_expect(rows, COUNT_OF(rows));
}

static void ptr_needs_a_name_that_leads_back(void **state)
{
    static const struct spf_row rows[] = {
        {HEAD "ptr -all\"\n1.2.0.192.in-addr.arpa PTR m.example.com\nm.example.com A 192.0.2.1",
         IN4, SPF_PASS, "ptr in the record"},
        {HEAD "ptr -all\"\n1.2.0.192.in-addr.arpa PTR example.com\nexample.com A 192.0.2.1",
         IN4, SPF_PASS, "ptr"},
        {HEAD "ptr:example.NET -all\"\n1.2.0.192.in-addr.arpa PTR m.Example.net\n"
              "m.example.net A 192.0.2.1",
         IN4, SPF_PASS, "ptr:example.NET"},
        {HEAD "ptr -all\"\n1.2.0.192.in-addr.arpa PTR m.example.com\nm.example.com A 192.0.2.9",
         IN4, SPF_FAIL, "-all"},
        {HEAD "ptr -all\"\n1.2.0.192.in-addr.arpa PTR m.badexample.com\n"
              "m.badexample.com A 192.0.2.1",
         IN4, SPF_FAIL, "-all"},
        {HEAD "ptr -all\"\n1.2.0.192.in-addr.arpa PTR !SERVFAIL", IN4, SPF_FAIL, "-all"},
        {HEAD "ptr +all\"\n1.2.0.192.in-addr.arpa PTR !UNKNOWN", IN4, SPF_TEMPERROR,
         "PTR 1.2.0.192.in-addr.arpa: UNKNOWN"},
        {HEAD "ptr -all\"\n1.2.0.192.in-addr.arpa PTR x.example.com\n"
              "1.2.0.192.in-addr.arpa PTR m.example.com\n"
              "x.example.com A !TIMEOUT\nm.example.com A 192.0.2.1",
         IN4, SPF_PASS, "ptr"},
        {HEAD "ptr +all\"\n1.2.0.192.in-addr.arpa PTR x.example.com\nx.example.com A !BUDGET",
         IN4, SPF_TEMPERROR, "A x.example.com: BUDGET"},
        {HEAD "ptr -all\"\n"
              "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR "
              "m.example.com\nm.example.com AAAA 2001:db8::1",
         IN6, SPF_PASS, "ptr"},
        {HEAD "ptr -all\"\n1.2.0.192.in-addr.arpa PTR l.example.com\n"
              "l.example.com CNAME l.example.com",
         IN4, SPF_FAIL, "-all"},
    };

    (void)state;
    spf_rows_expect(rows, COUNT_OF(rows));
}

static void exists_asks_for_a_whatever_the_client(void **state)
{
    static const struct spf_row rows[] = {
        {HEAD "exists:e.test -all\"\ne.test A 127.0.0.2", IN4, SPF_PASS, "exists:e.test"},
        {HEAD "exists:e.test -all\"\ne.test A 127.0.0.2", IN6, SPF_PASS, "exists:e.test"},
        {HEAD "exists:e.test -all\"\ne.test AAAA 2001:db8::2", IN6, SPF_FAIL, "-all"},
        {HEAD "exists:e.test -all\"", IN4, SPF_FAIL, "-all"},
        {HEAD "exists:e.test +all\"\ne.test A !TIMEOUT", IN4, SPF_TEMPERROR,
         "A e.test: TIMEOUT"},
    };

    (void)state;
    spf_rows_expect(rows, COUNT_OF(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_match_by_family_and_prefix),
        cmocka_unit_test(a_asks_for_the_family_of_the_client),
        cmocka_unit_test(mx_matches_the_addresses_of_its_hosts),
        cmocka_unit_test(ptr_needs_a_name_that_leads_back),
        cmocka_unit_test(exists_asks_for_a_whatever_the_client),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
