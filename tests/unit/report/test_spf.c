/* For whom an SPF record is a permerror, and why: worlds and sentences written by hand. */
#include <string.h>

#include "unit_arena.h"
#include "world.h"

#include "gather/gather.h"
#include "report/report_spf.h"

/* spf_in - what the record of example.com is good for */
static struct report_spf spf_in(const char *world)
{
    struct subject *subject = arena_new_of(arena, struct subject);
    struct gather_work work = {
        .arena = arena, .ledger = ledger_open(arena), .source = world_source(arena, world)};

    subject->domain = dns_name_from_text(arena, "example.com");
    subject->domain_shown = "example.com";
    return report_spf_of(arena, gather_run(&work, subject));
}

#define LOOKUPS_10                                                             \
    "v=spf1 a:h1.example a:h2.example a:h3.example a:h4.example a:h5.example " \
    "a:h6.example a:h7.example a:h8.example a:h9.example a:h10.example "

#define HOSTS                                                                  \
    "h1.example A 192.0.2.1\nh2.example A 192.0.2.2\nh3.example A 192.0.2.3\n" \
    "h4.example A 192.0.2.4\nh5.example A 192.0.2.5\nh6.example A 192.0.2.6\n" \
    "h7.example A 192.0.2.7\nh8.example A 192.0.2.8\nh9.example A 192.0.2.9\n" \
    "h10.example A 192.0.2.10\nh11.example A 192.0.2.11\nmail.example.com A 192.0.2.25\n"

static const struct {
    const char *world;
    enum report_spf_state state;
    const char *whom; /* NULL: nobody */
    const char *why;
} cases[] = {
    {"example.com TXT \"v=spf1 ip4:192.0.2.1 -all\"", REPORT_SPF_USABLE, NULL, NULL},
    {"example.com TXT \"v=spf1 +all\"", REPORT_SPF_OPEN, "every address of the Internet", NULL},
    {"example.com TXT \"v=spf1 ip4:192.0.2.1 ip6:::/0 -all\"", REPORT_SPF_OPEN,
     "every IPv6 address", NULL},
    {"example.com TXT \"v=spf1 ip4:0.0.0.0/0 -all\"", REPORT_SPF_OPEN, "every IPv4 address",
     NULL},
    {"example.com TXT \"v=spf1 -all ip4:192.0.2.1\"", REPORT_SPF_SHUT, NULL,
     "no address passes: nothing behind \"-all\" is read"},
    {"example.com TXT \"v=spf1 -all\"", REPORT_SPF_USABLE, NULL, NULL},
    {"example.com TXT \"v=spf1 exists:%{l}.x.example -all ip4:192.0.2.1\"", REPORT_SPF_USABLE,
     NULL, NULL},
    {"example.com TXT \"no record\"", REPORT_SPF_ABSENT, NULL, NULL},
    {"example.com TXT !TIMEOUT", REPORT_SPF_UNKNOWN, NULL,
     "no answer about TXT of example.com (TIMEOUT)"},
    {"example.com TXT \"v=spf1 include:x.example -all\"\nx.example TXT !SERVFAIL",
     REPORT_SPF_UNKNOWN, NULL, "no answer about TXT of x.example (SERVFAIL)"},
    /* the record itself */
    {"example.com TXT \"v=spf1 -all\"\nexample.com TXT \"v=spf1 mx -all\"",
     REPORT_SPF_PERMERROR, "every address", "2 SPF records, at most one is allowed"},
    {"example.com TXT \"v=spf1 ip4:192.0.2.300 -all\"", REPORT_SPF_PERMERROR, "every address",
     "the record is malformed"},
    /* a term on the way */
    {"example.com TXT \"v=spf1 include:gone.example -all\"", REPORT_SPF_PERMERROR,
     "every address", "gone.example has no SPF record"},
    {"example.com TXT \"v=spf1 ip4:192.0.2.1 include:gone.example -all\"", REPORT_SPF_PERMERROR,
     "every address that the terms before include:gone.example do not match",
     "gone.example has no SPF record"},
    {"example.com TXT \"v=spf1 ip4:192.0.2.1 redirect=gone.example\"", REPORT_SPF_PERMERROR,
     "every address that the terms before redirect=gone.example do not match",
     "gone.example has no SPF record"},
    /* behind "all" nothing is looked at */
    {"example.com TXT \"v=spf1 ip4:192.0.2.1 -all include:gone.example\"", REPORT_SPF_USABLE,
     NULL, NULL},
    /* in a record below */
    {"example.com TXT \"v=spf1 include:x.example -all\"\n"
     "x.example TXT \"v=spf1 ip4:192.0.2.1 include:gone.example -all\"",
     REPORT_SPF_PERMERROR,
     "every address that the terms before include:gone.example in the record of x.example do "
     "not match",
     "gone.example has no SPF record"},
    {"example.com TXT \"v=spf1 ip4:192.0.2.1 include:x.example -all\"\n"
     "x.example TXT \"v=spf1 ip4:1.2.3 -all\"",
     REPORT_SPF_PERMERROR, "every address that the terms before include:x.example do not match",
     "the record of x.example is malformed"},
    {"example.com TXT \"v=spf1 ip4:192.0.2.1 include:x.example -all\"\n"
     "x.example TXT \"v=spf1 include:example.com -all\"",
     REPORT_SPF_PERMERROR,
     "every address that the terms before include:example.com in the record of x.example do "
     "not match",
     "it leads back to example.com"},
    /* limits: the tenth lookup is fine, the eleventh is not */
    {"example.com TXT \"" LOOKUPS_10 "-all\"\n" HOSTS, REPORT_SPF_USABLE, NULL, NULL},
    {"example.com TXT \"" LOOKUPS_10 "a:h11.example -all\"\n" HOSTS, REPORT_SPF_PERMERROR,
     "every address that the terms before a:h11.example do not match",
     "11 DNS lookups, at most 10 are allowed"},
    {"example.com TXT \"v=spf1 ip4:192.0.2.1 a:v1.example a:v2.example -all\"",
     REPORT_SPF_USABLE, NULL, NULL},
    {"example.com TXT \"v=spf1 ip4:192.0.2.1 a:v1.example a:v2.example a:v3.example -all\"",
     REPORT_SPF_PERMERROR, "every address that the terms before a:v3.example do not match",
     "3 lookups without an answer, at most 2 are allowed"},
};

static void a_permerror_says_for_whom_and_why(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct report_spf spf = spf_in(cases[i].world);

        if (spf.state != cases[i].state)
            fail_msg("state %d, not %d, of %s", spf.state, cases[i].state, cases[i].world);
        if (cases[i].whom == NULL)
            assert_null(spf.whom);
        else
            assert_string_equal(spf.whom, cases[i].whom);
        if (cases[i].why == NULL)
            assert_null(spf.why);
        else
            assert_string_equal(spf.why, cases[i].why);
    }
}

static void what_strangers_get_is_named(void **state)
{
    (void)state;
    assert_string_equal(spf_in("example.com TXT \"v=spf1 mx -all\"").unlisted, "fail");
    assert_string_equal(spf_in("example.com TXT \"v=spf1 mx ~all\"").unlisted, "softfail");
    assert_string_equal(spf_in("example.com TXT \"v=spf1 mx\"").unlisted, "neutral");
    assert_null(spf_in("example.com TXT \"none\"").unlisted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_permerror_says_for_whom_and_why, open_arena,
                                        close_arena),
        cmocka_unit_test_setup_teardown(what_strangers_get_is_named, open_arena, close_arena),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
