/* Records: the same text whatever they were made from, and no escapes inside strings. */
#include "dns/dns_rr.h"
#include "unit_arena.h"

/* rr_of - a record that must be one */
static struct dns_rr *rr_of(const char *text)
{
    struct err why = {0};
    struct dns_rr *rr = dns_rr_from_text(arena, text, &why);

    if (rr == NULL)
        fail_msg("%s", why.text);
    return rr;
}

/* assert_no_record - refused with a reason */
static void assert_no_record(const char *text)
{
    struct err why = {0};

    if (dns_rr_from_text(arena, text, &why) != NULL)
        fail_msg("\"%s\" is taken for a record", text);
    assert_non_null(strstr(why.text, "not a record"));
}

static void text_is_written_in_one_way(void **state)
{
    static const char *const pairs[][2] = {
        {"Example.COM. 300 IN A 192.0.2.1", "example.com.\t300\tIN\tA\t192.0.2.1"},
        {"example.com in 60 aaaa 2001:DB8:0::1", "example.com.\t60\tIN\tAAAA\t2001:db8::1"},
        {"example.com MX 10 Mail.Example.", "example.com.\t0\tIN\tMX\t10 mail.example."},
        {"a.example\t5\tIN\tCNAME\tb.example", "a.example.\t5\tIN\tCNAME\tb.example."},
        {"a.example NS ns.example.", "a.example.\t0\tIN\tNS\tns.example."},
        {"example.com MX 10 @.example.com.", "example.com.\t0\tIN\tMX\t10 @.example.com."},
        {"a. TYPE65 \\# 6 043362306B00", "a.\t0\tIN\tTYPE65\t\\# 6 043362306b00"},
        {". 0 IN NS a.example.", ".\t0\tIN\tNS\ta.example."},
        {"example.com TXT \"a b\" c", "example.com.\t0\tIN\tTXT\t\"a b\" \"c\""},
        {"example.com TXT \"\"", "example.com.\t0\tIN\tTXT\t\"\""},
        {"example.com TXT \"a;b(\" \"c\"", "example.com.\t0\tIN\tTXT\t\"a;b(\" \"c\""},
        {"example.com TXT \"q\\\"b\\\\n\\010\\255\"",
         "example.com.\t0\tIN\tTXT\t\"q\\\"b\\\\n\\010\\255\""},
        {"example.com SPF \"v=spf1 -all\"", "example.com.\t0\tIN\tSPF\t\"v=spf1 -all\""},
        {"example.com CAA 0 issue \"ca.example; x=1\"",
         "example.com.\t0\tIN\tCAA\t0 issue \"ca.example; x=1\""},
        {"example.com TYPE65280 \\# 3 0A0b0c", "example.com.\t0\tIN\tTYPE65280\t\\# 3 0a0b0c"},
        {"example.com TXT \\# 3 026869", "example.com.\t0\tIN\tTXT\t\"hi\""},
        {"example.com A \\#\t4 c0000201", "example.com.\t0\tIN\tA\t192.0.2.1"},
        {"example.com MX (10 a.example)", "example.com.\t0\tIN\tMX\t10 a.example."},
        {"example.com MX 10 a\\(b\\;.example", "example.com.\t0\tIN\tMX\t10 a\\(b\\;.example."},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        assert_string_equal(rr_of(pairs[i][0])->text, pairs[i][1]);
}

static void what_is_written_is_read_back(void **state)
{
    static const char *const lines[] = {
        "example.com.\t300\tIN\tTXT\t\"v=spf1 -all\" \"\\000\\\"\"",
        "example.com.\t300\tIN\tSOA\tns.example. admin.example. 1 7200 3600 1209600 300",
        "example.com.\t300\tIN\tTYPE65280\t\\# 4 00010203",
        "example.com.\t300\tIN\tTLSA\t3 1 1 00ff",
        "a\\.b\\032c.example.\t300\tIN\tAAAA\t2001:db8::1",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        assert_string_equal(rr_of(lines[i])->text, lines[i]);
}

static void fields_of_the_type_are_set(void **state)
{
    const struct dns_rr *mx = rr_of("example.com 300 MX 65535 .");
    const struct dns_rr *txt = rr_of("example.com TXT \"v=spf1 \" \"\" \"-all\"");

    (void)state;
    assert_int_equal(mx->type, DNS_MX);
    assert_int_equal(mx->ttl, 300);
    assert_int_equal(mx->preference, 65535);
    assert_string_equal(mx->target->text, "");
    assert_int_equal(txt->string_count, 3);
    assert_true(span_equal_text(txt->strings[0], "v=spf1 "));
    assert_int_equal(txt->strings[1].len, 0);
    assert_true(span_equal_text(txt->joined, "v=spf1 -all"));
}

static void strings_are_raw_octets(void **state)
{
    const struct span octets[] = {span_make("\\032\0\"\xff", 6)};
    const struct dns_rr_head head = {
        .owner = dns_name_from_text(arena, "example.com"), .type = DNS_TXT, .ttl = 7};
    const struct dns_rr *rr = dns_rr_from_strings(arena, &head, octets, 1);

    (void)state;
    assert_true(span_equal(rr->joined, octets[0]));
    assert_string_equal(rr->text, "example.com.\t7\tIN\tTXT\t\"\\\\032\\000\\\"\"");
}

static void a_string_has_at_most_255_octets(void **state)
{
    char string[257];

    (void)state;
    memset(string, 'x', sizeof(string));
    string[255] = '\0';
    assert_int_equal(rr_of(arena_printf(arena, "a.example TXT \"%s\"", string))->joined.len,
                     255);
    string[255] = 'x';
    string[256] = '\0';
    assert_no_record(arena_printf(arena, "a.example TXT \"%s\"", string));
}

static void what_is_no_record_is_refused(void **state)
{
    static const char *const lines[] = {
        "",
        "example.com",
        "example.com TXT",
        "example.com IN 300",
        "example.com NOTYPE x",
        "example.com CH TXT \"x\"",
        "a..example A 192.0.2.1",
        "example.com A 192.0.2.256",
        "example.com A",
        "example.com A 192.0.2.1 192.0.2.2",
        "example.com AAAA 192.0.2.1",
        "example.com MX mail.example",
        "example.com MX 65536 mail.example",
        "example.com TYPE65 \\#( a00 3b0k",
        "example.com DS 0 \\# 3 0a000b",
        "example.com TXT \"open",
        "example.com TXT \"escape\\",
        "example.com TXT \"\\256\"",
        "example.com TXT \"\\25\"",
        "example.com A 192.0.2.1\nexample.com A 192.0.2.2",
        "example.com TYPE65280 \\# 4 0a",
        "example.com SOA ns.example. admin.example. 1 2 3 4",
        "example.com DS 12345 13 2",
        "example.com NSEC (\\# 3 016100 )",
        "example.com NSEC b.example (\\# 3 016100 )",
        "example.com NSEC b.example\r\\# 3 016100",
        "example.com NSEC \\#\r\\#\r1 E6",
        "example.com MX 10\rmail.example",
        "example.com MX 10 mail.example ; the first",
        "example.com MX 10 mail(er.example",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        assert_no_record(lines[i]);
}

static void an_owner_may_be_longer_in_text_than_ldns_reads(void **state)
{
    const char *label =
        "\\001\\001\\001\\001\\001\\001\\001\\001\\001\\001\\001\\001\\001\\001";
    const char *owner =
        arena_printf(arena, "%s%s.%s%s.%s%s", label, label, label, label, label, label);

    (void)state;
    assert_string_equal(rr_of(arena_printf(arena, "%s A 192.0.2.1", owner))->text,
                        arena_printf(arena, "%s.\t0\tIN\tA\t192.0.2.1", owner));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_written_in_one_way),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(fields_of_the_type_are_set),
        cmocka_unit_test(strings_are_raw_octets),
        cmocka_unit_test(a_string_has_at_most_255_octets),
        cmocka_unit_test(what_is_no_record_is_refused),
        cmocka_unit_test(an_owner_may_be_longer_in_text_than_ldns_reads),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
