/* SPF records as people break them, and what they meant. "|" parts the strings of a record. */
#include "base/limits.h"
#include "meant_cases.h"

static const struct rec_meant_name known[] = {
    {"_spf.google.com", false},
    {"spf.protection.outlook.com", false},
    {"sendgrid.net", false},
    {"_spf.example.net", false},
    {"_spf.gogle.com", true},
    {"spf.protection.outlok.com", true},
    {"sendgrid.com", true},
    {"spf.protection.outlook", true},
    {"spf.nothing-like-it.example", true},
    {"spf.google.com", true},
    {"protection.outlook.com", true},
    {"outlook.com", true},
    {"_spf.example.net.example.com", true},
    {"web.example.com", true},
};

static const struct rec_meant_name hosts[] = {
    {"mail.example.com", false}, {"mial.example.com", true},
    {"mx1.example.com", false},  {"mx2.example.com", true},
    {"web.example.com", false},  {"web.example.com.example.com", true},
};

static const struct rec_meant_names names = {known, COUNT_OF(known), hosts, COUNT_OF(hosts),
                                             "example.com"};

static const struct rec_meant *read_strings(struct arena *arena, const struct span *strings,
                                            size_t count)
{
    return rec_meant_spf(arena, strings, count, &names);
}

/* read_text - the reading of one text */
static const struct rec_meant *read_text(struct arena *arena, const char *text)
{
    return meant_read(arena, read_strings, text);
}

static const struct meant_case cases[] = {
    /* blanks */
    {"v=spf1 include:_spf.example.net|include:_spf2.example.net -all",
     "v=spf1 include:_spf.example.net include:_spf2.example.net -all"},
    {"v=spf1|include:_spf.example.net|-all", "v=spf1 include:_spf.example.net -all"},
    {"v=spf1 mx|a|-all", "v=spf1 mx a -all"},
    {"v=spf1 ip4:192.0.2.1|2 -all", "v=spf1 ip4:192.0.2.12 -all"},
    {"v=spf1 include:_spf.exam|ple.net -all", "v=spf1 include:_spf.example.net -all"},
    {"v=spf1 ip4: 192.0.2.25 -all", "v=spf1 ip4:192.0.2.25 -all"},
    {"v=spf1 ip4 :192.0.2.25 -all", "v=spf1 ip4:192.0.2.25 -all"},
    {"v=spf1 ip4 192.0.2.25 -all", "v=spf1 ip4:192.0.2.25 -all"},
    {"v=spf1 include: _spf.example.net -all", "v=spf1 include:_spf.example.net -all"},
    {"v=spf1 include _spf.example.net -all", "v=spf1 include:_spf.example.net -all"},
    {"v=spf1 redirect= _spf.example.net", "v=spf1 redirect=_spf.example.net"},
    {"v=spf1 ip4:192.0.2.0 /24 -all", "v=spf1 ip4:192.0.2.0/24 -all"},
    {"v=spf1 ip4:192.0.2.0/ 24 -all", "v=spf1 ip4:192.0.2.0/24 -all"},
    {"v=spf1 mx - all", "v=spf1 mx -all"},
    {"v=spf1 include:_spf. example.net -all", "v=spf1 include:_spf.example.net -all"},
    {"v=spf1 ip4:192.0.2.1ip4:192.0.2.9 -all", "v=spf1 ip4:192.0.2.1 ip4:192.0.2.9 -all"},
    {"v=spf1 include:a.exampleinclude:b.example -all",
     "v=spf1 include:a.example include:b.example -all"},
    {"v=spf1 mx-all", "v=spf1 mx -all"},
    {"v=spf1 ip4:192.0.2.1~all", "v=spf1 ip4:192.0.2.1 ~all"},
    {"v=spf1 include:_spf.example.net-all", "v=spf1 include:_spf.example.net -all"},
    {"v=spf1include:_spf.example.net -all", "v=spf1 include:_spf.example.net -all"},
    {"v=spf1 a: mx: -all", "v=spf1 a mx -all"},
    {"v=spf1 mx include:_spf.example.net =all", "v=spf1 mx include:_spf.example.net -all"},
    /* several in one */
    {"v=spf1 include:_spf.example.net:_spf2.example.net -all",
     "v=spf1 include:_spf.example.net include:_spf2.example.net -all"},
    {"v=spf1 include:_spf,example.net -all", "v=spf1 include:_spf.example.net -all"},
    {"v=spf1 mx -all # our mail", "v=spf1 mx -all"},
    {"v=spf1 mx -all ; our mail", "v=spf1 mx -all"},
    {"v=spf1 mx # -all", NULL},
    {"v=spf1+mx+include:_spf.example.net+-all", "v=spf1 mx include:_spf.example.net -all"},
    {"<p>v=spf1 mx -all</p>", "v=spf1 mx -all"},
    {"v=spf1 mx<br />a -all", "v=spf1 mx a -all"},
    {"spf2.0/mfrom mx -all", "v=spf1 mx -all"},
    {"spf2.0/pra mx -all", NULL},
    {"v=spf1 mx and a -all", "v=spf1 mx a -all"},
    {"mx a -all v=spf1", "v=spf1 mx a -all"},
    {"( \"v=spf1 mx \" \"a -all\" )", "v=spf1 mx a -all"},
    {"v=spf1 include:'_spf.example.net' -all", "v=spf1 include:_spf.example.net -all"},
    {"v=spf1 mx \x07-all", "v=spf1 mx -all"},
    {"v=spf1 include:gr\xc3\xbcn.example -all", "v=spf1 include:xn--grn-ioa.example -all"},
    {"v=spf1 include:gr\xfcn.example -all", NULL},
    {"v=spf1 ip4:192.O.2.l2 -all", "v=spf1 ip4:192.0.2.12 -all"},
    {"v=spf1 ip4:192.0.2.0,24 -all", "v=spf1 ip4:192.0.2.0/24 -all"},
    {"v=spf1 ip4:192.0.2.0/24. -all", "v=spf1 ip4:192.0.2.0/24 -all"},
    {"v=spf1 mx:10 -all", NULL},
    /* names and prefixes that lack something */
    {"v=spf1 a:mail -all", "v=spf1 a:mail.example.com -all"},
    {"v=spf1 include:_spf -all", "v=spf1 include:_spf.example.com -all"},
    {"v=spf1 include:mx -all", NULL},
    {"v=spf1 mx/ -all", "v=spf1 mx -all"},
    {"v=spf1 ip4:192.0.2.25/ -all", "v=spf1 ip4:192.0.2.25 -all"},
    {"v=spf1 ip6:2001:db8::/ -all", NULL},
    {"v=spf1 a:2001:db8::25 -all", "v=spf1 ip6:2001:db8::25 -all"},
    {"v=spf1 ip4:x.x.x.x -all", NULL},
    {"v=spf1 !all", "v=spf1 -all"},
    {"v=spf1 include:outlook.com -all", "v=spf1 include:spf.protection.outlook.com -all"},
    /* octets */
    {"v=spf1 mx\xc2\xa0include:_spf.example.net -all",
     "v=spf1 mx include:_spf.example.net -all"},
    {"v=spf1 mx\xa0include:_spf.example.net -all", "v=spf1 mx include:_spf.example.net -all"},
    {"v=spf1 mx\tinclude:_spf.example.net -all", "v=spf1 mx include:_spf.example.net -all"},
    {"v=spf1 mx\r\ninclude:_spf.example.net\n-all", "v=spf1 mx include:_spf.example.net -all"},
    {"\xef\xbb\xbfv=spf1 mx -all", "v=spf1 mx -all"},
    {"v=spf1 mx \xe2\x80\x8b-all", "v=spf1 mx -all"},
    {"v=spf1 mx \xe2\x80\x93"
     "all",
     "v=spf1 mx -all"},
    {"\xe2\x80\x9cv=spf1 mx -all\xe2\x80\x9d", "v=spf1 mx -all"},
    {"\"v=spf1 mx -all\"", "v=spf1 mx -all"},
    {"\\\"v=spf1 mx -all\\\"", "v=spf1 mx -all"},
    {"\"v=spf1 include:_spf.example.net\" \"ip4:192.0.2.1 -all\"",
     "v=spf1 include:_spf.example.net ip4:192.0.2.1 -all"},
    {"v=spf1 ip4\xef\xbc\x9a"
     "192.0.2.1 -all",
     "v=spf1 ip4:192.0.2.1 -all"},
    {" v=spf1 mx -all", "v=spf1 mx -all"},
    {"\xc3\xaf\xc2\xbb\xc2\xbfv=spf1 mx -all", "v=spf1 mx -all"},
    {"v=spf1%20mx%20-all", "v=spf1 mx -all"},
    {"v=3Dspf1 mx -all", "v=spf1 mx -all"},
    {"v=spf1 mx -\xd0\xb0ll", "v=spf1 mx -all"},
    /* order, version, separators */
    {"v=spf1.0 mx -all", "v=spf1 mx -all"},
    {"v=spf1_mx -all", "v=spf1 mx -all"},
    {"txt=v=spf1 mx -all", "v=spf1 mx -all"},
    {"v=spf1 ip4:192,0,2,1 -all", "v=spf1 ip4:192.0.2.1 -all"},
    {"v=spf1 include:_spf.example,net -all", "v=spf1 include:_spf.example.net -all"},
    {"v=spf1 include:a.example,b.example -all",
     "v=spf1 include:a.example include:b.example -all"},
    {"v=spf1 a,mx,-all", "v=spf1 a mx -all"},
    {"include:_spf.example.net -all|v=spf1 ip4:192.0.2.1 ",
     "v=spf1 ip4:192.0.2.1 include:_spf.example.net -all"},
    {"v=spf1; mx; -all", "v=spf1 mx -all"},
    {"v=spf1,mx,-all", "v=spf1 mx -all"},
    {"v=spf mx -all", "v=spf1 mx -all"},
    {"v=spf2 mx -all", "v=spf1 mx -all"},
    {"v=sfp1 mx -all", "v=spf1 mx -all"},
    {"v:spf1 mx -all", "v=spf1 mx -all"},
    {"v = spf1 mx -all", "v=spf1 mx -all"},
    {"spf1 mx -all", "v=spf1 mx -all"},
    {"v=spf 1 mx -all", "v=spf1 mx -all"},
    {"mx include:_spf.example.net -all", "v=spf1 mx include:_spf.example.net -all"},
    {"example.com. 3600 IN TXT \"v=spf1 mx -all\"", "v=spf1 mx -all"},
    {"TXT v=spf1 mx -all", "v=spf1 mx -all"},
    {"v=spf1 include:a.example -all v=spf1 include:b.example -all",
     "v=spf1 include:a.example include:b.example -all"},
    /* marks, names, values */
    {"v=spf1 include=_spf.example.net -all", "v=spf1 include:_spf.example.net -all"},
    {"v=spf1 ip4=192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all"},
    {"v=spf1 redirect:_spf.example.net", "v=spf1 redirect=_spf.example.net"},
    {"v=spf1 include::_spf.example.net -all", "v=spf1 include:_spf.example.net -all"},
    {"v=spf1 inlcude:_spf.example.net -all", "v=spf1 include:_spf.example.net -all"},
    {"v=spf1 includes:_spf.example.net -all", "v=spf1 include:_spf.example.net -all"},
    {"v=spf1 ipv4:192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all"},
    {"v=spf1 ip:192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all"},
    {"v=spf1 ip:2001:db8::1 -all", "v=spf1 ip6:2001:db8::1 -all"},
    {"v=spf1 192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all"},
    {"v=spf1 ip4:2001:db8::1 -all", "v=spf1 ip6:2001:db8::1 -all"},
    {"v=spf1 a:192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all"},
    {"v=spf1 include:192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all"},
    {"v=spf1 ip4:mail.example.com -all", "v=spf1 a:mail.example.com -all"},
    {"v=spf1 ip4:192.0.2.0/255.255.255.0 -all", "v=spf1 ip4:192.0.2.0/24 -all"},
    {"v=spf1 ip4:192.0.2.0/024 -all", "v=spf1 ip4:192.0.2.0/24 -all"},
    {"v=spf1 ip4:192.0.2.0\\24 -all", "v=spf1 ip4:192.0.2.0/24 -all"},
    {"v=spf1 ip4:192.0.2.* -all", "v=spf1 ip4:192.0.2.0/24 -all"},
    {"v=spf1 ip4:192.0.2 -all", "v=spf1 ip4:192.0.2.0/24 -all"},
    {"v=spf1 include:https://_spf.example.net/ -all", "v=spf1 include:_spf.example.net -all"},
    {"v=spf1 include:@_spf.example.net -all", "v=spf1 include:_spf.example.net -all"},
    {"v=spf1 include:ann@_spf.example.net -all", "v=spf1 include:_spf.example.net -all"},
    {"v=spf1 include:include:_spf.example.net -all", "v=spf1 include:_spf.example.net -all"},
    {"v=spf1 include:<_spf.example.net> -all", "v=spf1 include:_spf.example.net -all"},
    {"v=spf1 ip6:[2001:db8::1] -all", "v=spf1 ip6:2001:db8::1 -all"},
    {"v=spf1 a:mail.example.com:25 -all", "v=spf1 a:mail.example.com -all"},
    {"v=spf1 ip4:192.0.2.1:25 -all", "v=spf1 ip4:192.0.2.1 -all"},
    {"v=spf1 ip4:192.0.2.0 255.255.255.0 -all", "v=spf1 ip4:192.0.2.0/24 -all"},
    {"v=spf1 ip4:192.0.2.0/0.0.0.255 -all", "v=spf1 ip4:192.0.2.0/24 -all"},
    {"v=spf1 ip4:192.0..2.1 -all", "v=spf1 ip4:192.0.2.1 -all"},
    {"v=spf1 ip4:192.0.2.1. -all", "v=spf1 ip4:192.0.2.1 -all"},
    {"v=spf1 ip4:192.0.2.4-192.0.2.7 -all", "v=spf1 ip4:192.0.2.4/30 -all"},
    {"v=spf1 ip4:192.0.2.4-6 -all", "v=spf1 ip4:192.0.2.4/31 ip4:192.0.2.6/32 -all"},
    {"v=spf1 ip4:192.0.2.7-192.0.2.4 -all", NULL},
    {"v=spf1 exists:%i._spf.example.net -all", "v=spf1 exists:%{i}._spf.example.net -all"},
    {"v=spf1 exists:%{i._spf.example.net -all", "v=spf1 exists:%{i}._spf.example.net -all"},
    {"v=spf1 mxx -all", "v=spf1 mx -all"},
    {"v=spf1 redirection=_spf.example.net", "v=spf1 redirect=_spf.example.net"},
    {"v=spf1 ip4:_spf.example.net -all", "v=spf1 include:_spf.example.net -all"},
    {"v=spf1 mx --all", "v=spf1 mx -all"},
    {"v=spf1 mx -all.", "v=spf1 mx -all"},
    {"v=spf1 mx all-", "v=spf1 mx -all"},
    {"v=spf1 mx \"-all\"", "v=spf1 mx -all"},
    {"v=spf1 (mx) -all", "v=spf1 mx -all"},
    /* names at hand */
    {"v=spf1 include:_spf.gogle.com -all", "v=spf1 include:_spf.google.com -all"},
    {"v=spf1 include:spf.google.com -all", "v=spf1 include:_spf.google.com -all"},
    {"v=spf1 include:spf.protection.outlok.com -all",
     "v=spf1 include:spf.protection.outlook.com -all"},
    {"v=spf1 include:spf.protection.outlook.example -all",
     "v=spf1 include:spf.protection.outlook.example -all"},
    {"v=spf1 include:sendgrid.com -all", "v=spf1 include:sendgrid.net -all"},
    {"v=spf1 include:spf.nothing-like-it.example -all",
     "v=spf1 include:spf.nothing-like-it.example -all"},
    {"v=spf1 include:protection.outlook.com -all",
     "v=spf1 include:spf.protection.outlook.com -all"},
    {"v=spf1 include:_spf.example.net.example.com -all",
     "v=spf1 include:_spf.example.net -all"},
    {"v=spf1 a:mial.example.com -all", "v=spf1 a:mail.example.com -all"},
    {"v=spf1 a:mial.example.com/28 -all", "v=spf1 a:mail.example.com/28 -all"},
    {"v=spf1 a:mx2.example.com -all", "v=spf1 a:mx2.example.com -all"},
    {"v=spf1 a:web.example.com.example.com -all", "v=spf1 a:web.example.com -all"},
    {"v=spf1 web.example.com -all", "v=spf1 a:web.example.com -all"},
    /* what is well-formed stays as it is */
    {"v=spf1 -all", "v=spf1 -all"},
    {"v=spf1", "v=spf1"},
    {"V=SPF1 MX ~ALL", "v=spf1 MX ~ALL"},
    {"v=spf1 exists:%{ir}.%{l1r+-}._spf.%{d} -all",
     "v=spf1 exists:%{ir}.%{l1r+-}._spf.%{d} -all"},
    {"v=spf1 mx ra=postmaster rr=all -all", "v=spf1 mx ra=postmaster rr=all -all"},
    {"v=spf1 a:spf-all.example.net include:_spf.example.net/ -all",
     "v=spf1 a:spf-all.example.net include:_spf.example.net -all"},
    {"v=spf1 ip6:2001:db8::/32 ip6:::1 -all", "v=spf1 ip6:2001:db8::/32 ip6:::1 -all"},
    /* nobody knows */
    {"spf2.0/pra mx -all", NULL},
    {"google-site-verification=abcdef", NULL},
    {"our mail server is mail.example.com", NULL},
    {"v=spf1 ip4:999.1.2.3 -all", NULL},
    {"v=spf1 gibberish -all", NULL},
    {"v=spf1 mx %{x}.example.net -all", NULL},
    {"", NULL},
    {"v=DMARC1; p=none", NULL},
    {"v=DKIM1; k=rsa; p=MIIB", NULL},
};

static void each_record_is_read_as_it_was_meant(void **state)
{
    meant_assert(*state, read_strings, cases, COUNT_OF(cases));
}

static void two_readings_are_both_given(void **state)
{
    const struct rec_meant *host = read_text(*state, "v=spf1 mail.example.com -all");
    const struct rec_meant *all = read_text(*state, "v=spf1 mx ~all -all");

    assert_true(span_equal_text(host->text, "v=spf1 include:mail.example.com -all"));
    assert_true(span_equal_text(host->other->text, "v=spf1 a:mail.example.com -all"));
    assert_true(span_equal_text(all->text, "v=spf1 mx ~all"));
    assert_true(span_equal_text(all->other->text, "v=spf1 mx -all"));
    assert_true(span_equal_text(read_text(*state, "v=spf1 ip4:192.0.2.0/ -all")->other->text,
                                "v=spf1 ip4:192.0.2.0/24 -all"));
    /* a known name of a record needs no choice */
    assert_null(read_text(*state, "v=spf1 _spf.google.com -all")->other);
}

static void repairs_are_named(void **state)
{
    const struct rec_meant *meant =
        read_text(*state, "v=spf1 ip4: 192.0.2.25 includ:a.example");

    assert_int_equal(meant->repair_count, 2);
    assert_int_equal(meant->repairs->kind, REC_REPAIR_BLANK_EXTRA);
    assert_string_equal(meant->repairs->written, "ip4:");
    assert_string_equal(meant->repairs->meant, "ip4:192.0.2.25");
    assert_int_equal(meant->repairs->next->kind, REC_REPAIR_NAME);
}

/* bound: LIMIT_RANGE_NETWORKS both */
static void a_range_of_too_many_networks_is_not_read(void **state)
{
    /* 16 networks, one for each bit, and 17 */
    assert_non_null(read_text(*state, "v=spf1 ip4:10.0.0.1-10.0.255.255 -all"));
    assert_null(read_text(*state, "v=spf1 ip4:10.0.0.1-10.1.0.0 -all"));
}

/* a text of `len` octets that is a record but for a tab */
static const struct rec_meant *read_long(struct arena *arena, size_t len)
{
    char *text = arena_alloc(arena, len);
    const char start[] = "v=spf1\tmx";
    struct span string = {text, len};

    memset(text, ' ', len);
    memcpy(text, start, sizeof(start) - 1);
    return rec_meant_spf(arena, &string, 1, &names);
}

/* bound: LIMIT_MEANT_BYTES both */
static void a_text_beyond_the_bound_is_not_read(void **state)
{
    assert_non_null(read_long(*state, LIMIT_MEANT_BYTES));
    assert_null(read_long(*state, LIMIT_MEANT_BYTES + 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_record_is_read_as_it_was_meant),
        cmocka_unit_test(two_readings_are_both_given),
        cmocka_unit_test(repairs_are_named),
        cmocka_unit_test(a_range_of_too_many_networks_is_not_read),
        cmocka_unit_test(a_text_beyond_the_bound_is_not_read),
    };

    return cmocka_run_group_tests(tests, unit_open_arena, unit_close_arena);
}
