/* SPF records in parsed form: every kind of term, every fault, and rubbish. */
#include "base/limits.h"
#include "record/rec_spf.h"
#include "record/rec_spf_macro.h"
#include "unit.h"

/* parse - a record in its own arena */
static struct rec_spf parse(struct arena *arena, const char *text)
{
    struct rec_spf record;

    rec_spf_parse(arena, span_of(text), &record);
    return record;
}

static void version_ends_at_a_blank_or_the_end(void **state)
{
    (void)state;
    assert_true(rec_spf_is_record(span_of("v=spf1")));
    assert_true(rec_spf_is_record(span_of("v=spf1 -all")));
    assert_true(rec_spf_is_record(span_of("V=SpF1 -all")));
    assert_true(rec_spf_is_record(span_of("v=spf1 ")));
    assert_false(rec_spf_is_record(span_of("v=spf10 -all")));
    assert_false(rec_spf_is_record(span_of("v=spf1-all")));
    assert_false(rec_spf_is_record(span_of("v=spf1\t-all")));
    assert_false(rec_spf_is_record(span_of(" v=spf1 -all")));
    assert_false(rec_spf_is_record(span_of("\"v=spf1 -all")));
    assert_false(rec_spf_is_record(span_of("v=spf")));
    assert_false(rec_spf_is_record(span_make("v=spf1\0", 7)));
    assert_false(rec_spf_is_record(span_make(NULL, 0)));
}

static void terms_keep_their_places(void **state)
{
    struct arena *arena = arena_open();
    const char *text = "v=spf1  ip4:192.0.2.0/24 ~mx:example.com//64 exp=e.example.com -all ";
    struct rec_spf record = parse(arena, text);

    (void)state;
    assert_false(record.is_fatal);
    assert_null(record.faults);
    assert_int_equal(record.term_count, 4);
    assert_int_equal(record.terms[0].kind, REC_SPF_IP4);
    assert_int_equal(record.terms[0].at, 8);
    assert_int_equal(record.terms[0].qualifier, '+');
    assert_int_equal(record.terms[0].prefix4, 24);
    assert_int_equal(record.terms[0].address.family, IP_V4);
    assert_int_equal(record.terms[0].address.octets[0], 192);
    assert_int_equal(record.terms[1].kind, REC_SPF_MX);
    assert_int_equal(record.terms[1].at, 25);
    assert_int_equal(record.terms[1].qualifier, '~');
    assert_true(span_equal_text(record.terms[1].name, "mx"));
    assert_true(span_equal_text(record.terms[1].domain_spec, "example.com"));
    assert_int_equal(record.terms[1].prefix4, 32);
    assert_int_equal(record.terms[1].prefix6, 64);
    assert_int_equal(record.terms[2].kind, REC_SPF_EXP);
    assert_int_equal(record.terms[2].qualifier, '\0');
    assert_ptr_equal(record.exp, &record.terms[2]);
    assert_ptr_equal(record.all, &record.terms[3]);
    assert_true(span_equal_text(record.terms[3].text, "-all"));
    assert_null(record.redirect);
    arena_close(arena);
}

static void names_are_without_case(void **state)
{
    struct arena *arena = arena_open();
    struct rec_spf record = parse(
        arena, "v=spf1 Include:a.example A MX PTR IP4:192.0.2.1 iP6:2001:DB8::1 EXISTS:b.test "
               "REDIRECT=c.test");
    static const enum rec_spf_kind kinds[] = {REC_SPF_INCLUDE, REC_SPF_A,       REC_SPF_MX,
                                              REC_SPF_PTR,     REC_SPF_IP4,     REC_SPF_IP6,
                                              REC_SPF_EXISTS,  REC_SPF_REDIRECT};

    (void)state;
    assert_false(record.is_fatal);
    assert_int_equal(record.term_count, COUNT_OF(kinds));
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        assert_int_equal(record.terms[i].kind, kinds[i]);
    arena_close(arena);
}

static void terms_after_all_are_marked(void **state)
{
    struct arena *arena = arena_open();
    struct rec_spf record = parse(arena, "v=spf1 a -all mx redirect=b.test exp=c.test all");

    (void)state;
    assert_false(record.is_fatal);
    assert_false(record.terms[0].is_after_all);
    assert_false(record.terms[1].is_after_all);
    assert_true(record.terms[2].is_after_all);
    assert_false(record.terms[3].is_after_all);
    assert_false(record.terms[4].is_after_all);
    assert_true(record.terms[5].is_after_all);
    assert_ptr_equal(record.all, &record.terms[1]);
    arena_close(arena);
}

static void an_empty_record_has_no_terms(void **state)
{
    struct arena *arena = arena_open();

    (void)state;
    assert_int_equal(parse(arena, "v=spf1").term_count, 0);
    assert_int_equal(parse(arena, "v=spf1   ").term_count, 0);
    assert_false(parse(arena, "v=spf1").is_fatal);
    assert_true(parse(arena, "").is_fatal);
    assert_true(parse(arena, "spf2.0/mfrom -all").is_fatal);
    arena_close(arena);
}

static void what_the_grammar_allows_is_accepted(void **state)
{
    static const char *const good[] = {
        "a",
        "a/0",
        "a//0",
        "a/24//64",
        "a:example.com",
        "a:example.com.",
        "a:example.com/24",
        "a:example.com/24//64",
        "a:foo:bar/baz.example.com",
        "a:foo.example.xn--zckzah",
        "a:a.1-2",
        "a:..example.com",
        "a:_x.example.com",
        "a:%{d}",
        "a:%{d}/24",
        "a:%%.example.com",
        "a:%_%-%%",
        "exists:%{ir}.%{l1r+-}._spf.%{d}",
        "exists:%{i}.%{l2r-}.user.%{d2}",
        "exists:%{D127R.-+,/_=}",
        "exists:%{s}.%{o}.%{h}.%{v}.%{p}.example.com",
        "include:%{d99999999999999999999}",
        "ptr",
        "ptr:example.com",
        "ip4:192.0.2.1",
        "ip4:192.0.2.1/0",
        "ip4:192.0.2.1/32",
        "ip6:2001:db8::",
        "ip6:2001:DB8::1/128",
        "ip6:2001:db8::192.0.2.1/0",
        "+all",
        "?all",
        "moo.cow-far_out=man:dog/cat",
        "x=",
        "unknown=%{d}",
        "redirect=_spf.example.com",
        "exp=%{d}.example.com",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        struct arena *arena = arena_open();
        struct rec_spf record = parse(arena, arena_printf(arena, "v=spf1 %s", good[i]));

        if (record.is_fatal)
            fail_msg("%s: %s", good[i], record.faults->text);
        assert_int_equal(record.term_count, 1);
        assert_int_not_equal(record.terms[0].kind, REC_SPF_INVALID);
        arena_close(arena);
    }
}

static void every_fault_is_fatal_and_says_what_to_do(void **state)
{
    static const struct {
        const char *term;
        enum rec_spf_fault kind;
        const char *text;
    } bad[] = {
        {"ipv4:192.0.2.1", REC_SPF_FAULT_UNKNOWN,
         "unknown mechanism \"ipv4\", did you mean ip4?"},
        {"ipv6:2001:db8::1", REC_SPF_FAULT_UNKNOWN, "did you mean ip6?"},
        {"ip:192.0.2.1", REC_SPF_FAULT_UNKNOWN, "did you mean ip4?"},
        {"inlcude:example.com", REC_SPF_FAULT_UNKNOWN, "did you mean include?"},
        {"includes:example.com", REC_SPF_FAULT_UNKNOWN, "did you mean include?"},
        {"exist:example.com", REC_SPF_FAULT_UNKNOWN, "did you mean exists?"},
        {"-al", REC_SPF_FAULT_UNKNOWN, "unknown mechanism \"al\", did you mean all?"},
        {"moo", REC_SPF_FAULT_UNKNOWN, "unknown mechanism \"moo\""},
        {"redirect:example.com", REC_SPF_FAULT_UNKNOWN,
         "redirect is a modifier: write redirect="},
        {"192.0.2.1", REC_SPF_FAULT_UNKNOWN, "did you mean ip4:192.0.2.1?"},
        {"192.0.2.0/24", REC_SPF_FAULT_UNKNOWN, "did you mean ip4:192.0.2.0/24?"},
        {"2001:db8::1", REC_SPF_FAULT_UNKNOWN, "did you mean ip6:2001:db8::1?"},
        {"example.com", REC_SPF_FAULT_UNKNOWN, "did you mean include:example.com"},
        {"-all\"", REC_SPF_FAULT_UNKNOWN, "quotation mark"},
        {"-all;", REC_SPF_FAULT_UNKNOWN, "without \";\""},
        {"mx-all", REC_SPF_FAULT_UNKNOWN, "is a blank missing before \"all\"?"},
        {":192.0.2.1", REC_SPF_FAULT_UNKNOWN, "no blank is allowed before \":\""},
        {"1up=foo", REC_SPF_FAULT_UNKNOWN, "is not a valid modifier name"},
        {"=all", REC_SPF_FAULT_UNKNOWN, "is not a valid modifier name"},
        {"moo.cow/far_out=man", REC_SPF_FAULT_UNKNOWN, ""},
        {"--all", REC_SPF_FAULT_QUALIFIER, "two qualifiers"},
        {"-", REC_SPF_FAULT_QUALIFIER, "without a mechanism"},
        {"-redirect=example.com", REC_SPF_FAULT_QUALIFIER, "takes no qualifier"},
        {"+exp=example.com", REC_SPF_FAULT_QUALIFIER, "takes no qualifier"},
        {"all:example.com", REC_SPF_FAULT_ARGUMENT, "all takes no argument"},
        {"-all/8", REC_SPF_FAULT_ARGUMENT, "all takes no argument"},
        {"ptr/24", REC_SPF_FAULT_ARGUMENT, "ptr takes no prefix length"},
        {"include", REC_SPF_FAULT_DOMAIN_SPEC, "include needs a domain"},
        {"include:", REC_SPF_FAULT_DOMAIN_SPEC, "include needs a domain"},
        {"exists", REC_SPF_FAULT_DOMAIN_SPEC, "exists needs a domain"},
        {"a:", REC_SPF_FAULT_DOMAIN_SPEC, "a needs a domain"},
        {"mx:/24", REC_SPF_FAULT_DOMAIN_SPEC, "mx needs a domain"},
        {"ptr:", REC_SPF_FAULT_DOMAIN_SPEC, "ptr needs a domain"},
        {"redirect=", REC_SPF_FAULT_DOMAIN_SPEC, "redirect= needs a domain"},
        {"exp=", REC_SPF_FAULT_DOMAIN_SPEC, "exp= needs a domain"},
        {"exp=-all", REC_SPF_FAULT_DOMAIN_SPEC, "one label"},
        {"a:museum", REC_SPF_FAULT_DOMAIN_SPEC, "\"museum\" is one label"},
        {"a:museum.", REC_SPF_FAULT_DOMAIN_SPEC, "\"museum.\" is one label"},
        {"a:abc.123", REC_SPF_FAULT_DOMAIN_SPEC, "top-level domain"},
        {"a:example.-com", REC_SPF_FAULT_DOMAIN_SPEC, "top-level domain"},
        {"a:example.com-", REC_SPF_FAULT_DOMAIN_SPEC, "top-level domain"},
        {"a:example.com..", REC_SPF_FAULT_DOMAIN_SPEC, "top-level domain"},
        {"a:example.com:8080", REC_SPF_FAULT_DOMAIN_SPEC, "top-level domain"},
        {"a:%{d}.", REC_SPF_FAULT_DOMAIN_SPEC, "drop the dot at the end"},
        {"a:%{d}com", REC_SPF_FAULT_DOMAIN_SPEC, "one label"},
        {"a:192.0.2.1", REC_SPF_FAULT_DOMAIN_SPEC, "did you mean ip4:192.0.2.1?"},
        {"include:2001:db8::1", REC_SPF_FAULT_DOMAIN_SPEC, "did you mean ip6:2001:db8::1?"},
        {"include:example.com,", REC_SPF_FAULT_DOMAIN_SPEC, "without \",\""},
        {"include:example.com\"", REC_SPF_FAULT_DOMAIN_SPEC, "quotation mark"},
        {"include:example.com/24", REC_SPF_FAULT_PREFIX, "include takes no prefix length"},
        {"exists:example.com/24", REC_SPF_FAULT_PREFIX, "exists takes no prefix length"},
        {"a/33", REC_SPF_FAULT_PREFIX, "/33 is longer than an IPv4 address"},
        {"a//129", REC_SPF_FAULT_PREFIX, "/129 is longer than an IPv6 address"},
        {"a/24/64", REC_SPF_FAULT_PREFIX, "takes two slashes"},
        {"a:example.com/24/64", REC_SPF_FAULT_PREFIX, "takes two slashes"},
        {"a/", REC_SPF_FAULT_PREFIX, "missing"},
        {"a//", REC_SPF_FAULT_PREFIX, "missing"},
        {"a/x", REC_SPF_FAULT_PREFIX, "\"/x\" is not a prefix length"},
        {"mx/024", REC_SPF_FAULT_PREFIX, "\"/024\" begins with a zero"},
        {"ip4:192.0.2.1/00", REC_SPF_FAULT_PREFIX, "begins with a zero"},
        {"ip4:192.0.2.1/33", REC_SPF_FAULT_PREFIX, "/33 is longer than an IPv4 address"},
        {"ip4:192.0.2.1/4294967320", REC_SPF_FAULT_PREFIX, "longer than an IPv4 address"},
        {"ip4:192.0.2.1/99999999999999999999999", REC_SPF_FAULT_PREFIX, "longer than"},
        {"ip4:192.0.2.1//32", REC_SPF_FAULT_PREFIX, "one prefix length"},
        {"ip6:2001:db8::/129", REC_SPF_FAULT_PREFIX, "/129 is longer than an IPv6 address"},
        {"ip4", REC_SPF_FAULT_ADDRESS, "ip4 needs an address"},
        {"ip4:", REC_SPF_FAULT_ADDRESS, "blank too many"},
        {"ip4/24", REC_SPF_FAULT_ADDRESS, "ip4 needs an address"},
        {"ip6", REC_SPF_FAULT_ADDRESS, "ip6 needs an address"},
        {"ip4:192.0.2", REC_SPF_FAULT_ADDRESS, "not an IPv4 address"},
        {"ip4:192.0.2.01", REC_SPF_FAULT_ADDRESS, "not an IPv4 address"},
        {"ip4:192.0.2.256", REC_SPF_FAULT_ADDRESS, "not an IPv4 address"},
        {"ip4:192.0.2.1:25", REC_SPF_FAULT_ADDRESS, "neither port nor IPv6"},
        {"ip4:2001:db8::1", REC_SPF_FAULT_ADDRESS, "write ip6:2001:db8::1"},
        {"ip6:192.0.2.1", REC_SPF_FAULT_ADDRESS, "write ip4:192.0.2.1"},
        {"ip4:192.0.2.1-all", REC_SPF_FAULT_ADDRESS, "a blank is missing"},
        {"ip4:192.0.2.1include:a.test", REC_SPF_FAULT_ADDRESS, "a blank is missing"},
        {"ip4:192.0.2.1,", REC_SPF_FAULT_ADDRESS, "without \",\""},
        {"ip6::CAFE::BABE", REC_SPF_FAULT_ADDRESS, "not an IPv6 address"},
        {"ip6:fe80::1%eth0", REC_SPF_FAULT_ADDRESS, "not an IPv6 address"},
        {"exists:%(ir).example.com", REC_SPF_FAULT_MACRO, "after \"%\""},
        {"exists:foo%.example.com", REC_SPF_FAULT_MACRO, "after \"%\""},
        {"exists:example.com%", REC_SPF_FAULT_MACRO, "after \"%\""},
        {"exists:%{a}.example.com", REC_SPF_FAULT_MACRO, "unknown macro letter \"a\""},
        {"exists:%{}.example.com", REC_SPF_FAULT_MACRO, "unknown macro letter"},
        {"exists:%{c}.example.com", REC_SPF_FAULT_MACRO, "macro letter c is allowed only in"},
        {"exists:%{R}.example.com", REC_SPF_FAULT_MACRO, "macro letter R is allowed only in"},
        {"exp=%{t}.example.com", REC_SPF_FAULT_MACRO, "macro letter t is allowed only in"},
        {"exists:%{d0}.example.com", REC_SPF_FAULT_MACRO, "zero parts"},
        {"exists:%{dr2}.example.com", REC_SPF_FAULT_MACRO, "are allowed"},
        {"exists:%{d!}.example.com", REC_SPF_FAULT_MACRO, "are allowed"},
        {"exists:%{d.example.com", REC_SPF_FAULT_MACRO, "no closing"},
        {"foo=%abc", REC_SPF_FAULT_MACRO, "after \"%\""},
        {"\x80"
         "a:example.com",
         REC_SPF_FAULT_OCTET, "octet 0x80"},
        {"a:example.com\x01", REC_SPF_FAULT_OCTET, "octet 0x01"},
        {"a\tmx", REC_SPF_FAULT_OCTET, "a tab"},
        {"a:example.com\rptr", REC_SPF_FAULT_OCTET, "a line break"},
        {"-all\xe2\x80\x9d", REC_SPF_FAULT_OCTET, "typographic quotation mark"},
        {"\xe2\x80\x93"
         "all",
         REC_SPF_FAULT_OCTET, "a dash"},
        {"mx\xc2\xa0-all", REC_SPF_FAULT_OCTET, "no-break space"},
        {"redirect=a.test redirect=b.test", REC_SPF_FAULT_DUPLICATE, "redirect= appears twice"},
        {"exp=a.test exp=a.test", REC_SPF_FAULT_DUPLICATE, "exp= appears twice"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct arena *arena = arena_open();
        struct rec_spf record =
            parse(arena, arena_printf(arena, "v=spf1 %s -all", bad[i].term));

        if (!record.is_fatal)
            fail_msg("%s: accepted", bad[i].term);
        if (record.faults->kind != (int)bad[i].kind ||
            strstr(record.faults->text, bad[i].text) == NULL)
            fail_msg("%s: fault %d: %s", bad[i].term, record.faults->kind, record.faults->text);
        assert_true(record.faults->is_fatal);
        assert_null(record.faults->next);
        assert_in_range(record.faults->at, 7, 7 + strlen(bad[i].term));
        arena_close(arena);
    }
}

static void suspicious_terms_are_noted_but_valid(void **state)
{
    static const struct {
        const char *term;
        const char *text;
    } odd[] = {
        {"include=example.com", "a mechanism takes \":\""},
        {"v=spf1", "were two records joined?"},
        {"include:example.com-all", "is a blank missing"},
        {"include:a.exampleinclude:b.example", "is a blank missing"},
        {"ip6:::ffff:192.0.2.1", "never matches"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(odd); i++) {
        struct arena *arena = arena_open();
        struct rec_spf record =
            parse(arena, arena_printf(arena, "v=spf1 %s -all", odd[i].term));

        assert_false(record.is_fatal);
        if (record.faults == NULL || strstr(record.faults->text, odd[i].text) == NULL)
            fail_msg("%s: not noted as it should be", odd[i].term);
        assert_false(record.faults->is_fatal);
        arena_close(arena);
    }
}

static void a_mapped_address_stays_ipv6(void **state)
{
    struct arena *arena = arena_open();
    struct rec_spf record = parse(arena, "v=spf1 ip6:::ffff:192.0.2.1/128");

    (void)state;
    assert_int_equal(record.terms[0].address.family, IP_V6);
    assert_int_equal(record.terms[0].address.octets[10], 0xff);
    assert_int_equal(record.terms[0].address.octets[15], 1);
    arena_close(arena);
}

static void nul_octets_are_faults(void **state)
{
    static const char text[] = "v=spf1 a:foo.example.com\0 -all";
    struct arena *arena = arena_open();
    struct rec_spf record;

    (void)state;
    rec_spf_parse(arena, span_make(text, sizeof(text) - 1), &record);
    assert_true(record.is_fatal);
    assert_int_equal(record.term_count, 2);
    assert_int_equal(record.faults->kind, REC_SPF_FAULT_OCTET);
    assert_int_equal(record.faults->at, 24);
    arena_close(arena);
}

static void a_blank_before_the_colon_is_two_faults(void **state)
{
    struct arena *arena = arena_open();
    struct rec_spf record = parse(arena, "v=spf1 ip4 :192.0.2.1 -all");

    (void)state;
    assert_string_equal(record.faults->text, "ip4 needs an address");
    assert_string_equal(record.faults->next->text,
                        "\":192.0.2.1\": no blank is allowed before \":\"");
    arena_close(arena);
}

/* bound: LIMIT_SPF_FAULTS both */
static void faults_of_rubbish_are_all_told(void **state)
{
    struct arena *arena = arena_open();
    char text[6 + 2 * 5000 + 1] = "v=spf1";
    struct rec_spf record;
    size_t count = 0;
    size_t explained = 0;

    (void)state;
    for (size_t i = 0; i < 5000; i++)
        memcpy(text + 6 + 2 * i, " !", 2);
    record = parse(arena, text);
    for (const struct fault *fault = record.faults; fault != NULL; fault = fault->next) {
        count++;
        explained += strstr(fault->text, "many faults") == NULL ? 1 : 0;
    }
    assert_true(record.is_fatal);
    assert_int_equal(record.term_count, 5000);
    assert_int_equal(count, 5000);
    assert_int_equal(explained, LIMIT_SPF_FAULTS);
    arena_close(arena);
}

static void macros_are_cut_into_pieces(void **state)
{
    struct span rest = span_of("foo%{L2R-+}%%bar");
    struct rec_spf_macro macro;

    (void)state;
    assert_int_equal(rec_spf_macro_next(&rest, false, &macro), REC_SPF_MACRO_FINE);
    assert_true(span_equal_text(macro.literal, "foo"));
    assert_int_equal(macro.letter, '\0');
    assert_int_equal(rec_spf_macro_next(&rest, false, &macro), REC_SPF_MACRO_FINE);
    assert_int_equal(macro.letter, 'l');
    assert_true(macro.is_url_escaped);
    assert_true(macro.is_reversed);
    assert_int_equal(macro.parts, 2);
    assert_true(span_equal_text(macro.delimiters, "-+"));
    assert_int_equal(rec_spf_macro_next(&rest, false, &macro), REC_SPF_MACRO_FINE);
    assert_int_equal(macro.letter, '%');
    assert_int_equal(rec_spf_macro_next(&rest, false, &macro), REC_SPF_MACRO_FINE);
    assert_true(span_equal_text(macro.literal, "bar"));
    assert_int_equal(rest.len, 0);
}

/* macro_fault_at - the offset of what is wrong; -1: nothing is */
static int macro_fault_at(const char *text, bool is_exp)
{
    struct rec_spf_macro macro;
    struct span rest = span_of(text);

    while (rest.len > 0)
        if (rec_spf_macro_next(&rest, is_exp, &macro) != REC_SPF_MACRO_FINE)
            return (int)(strlen(text) - rest.len);
    return -1;
}

static void explanations_may_hold_blanks_and_three_more_letters(void **state)
{
    (void)state;
    assert_int_equal(macro_fault_at("%{c} not for %{r} at %{t}", true), -1);
    assert_int_equal(macro_fault_at("%{c} not", false), 0);
    assert_int_equal(macro_fault_at("not for", false), 3);
    assert_int_equal(macro_fault_at("ok %{x}", true), 3);
    assert_int_equal(macro_fault_at("caf\xc3\xa9", true), 3);
}

static void only_six_kinds_cost_a_lookup(void **state)
{
    struct arena *arena = arena_open();
    struct rec_spf record = parse(
        arena, "v=spf1 a mx ptr include:a.test exists:b.test redirect=c.test ip4:192.0.2.1 "
               "ip6:2001:db8::1 exp=d.test x=y all");

    (void)state;
    for (size_t i = 0; i < record.term_count; i++)
        assert_int_equal(rec_spf_term_costs_lookup(&record.terms[i]), i < 6);
    arena_close(arena);
}

/* next_random - a small generator with a fixed seed: the same mutations on every run */
static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

static void mutated_records_never_break_the_parser(void **state)
{
    static const char *const seeds[] = {
        "v=spf1 include:_spf.example.com ip4:192.0.2.0/24 ip6:2001:db8::/32 a/24//64 mx -all",
        "v=spf1 exists:%{ir}.%{l1r+-}._spf.%{d2} redirect=%{d}.example.net "
        "exp=%{h}.example.com",
    };
    uint32_t seed = 7208;

    (void)state;
    for (int round = 0; round < 5000; round++) {
        struct arena *arena = arena_open();
        struct span seed_text = span_of(seeds[round % 2]);
        char *text = arena_strdup_span(arena, seed_text);
        unsigned edits = 1 + next_random(&seed) % 6;
        struct rec_spf record;
        struct span whole = span_make(text, seed_text.len - next_random(&seed) % 8);

        for (unsigned i = 0; i < edits; i++)
            text[next_random(&seed) % whole.len] = (char)next_random(&seed);
        rec_spf_parse(arena, whole, &record);
        assert_int_equal(record.is_fatal,
                         record.faults != NULL && (record.faults->is_fatal || record.is_fatal));
        for (size_t i = 0; i < record.term_count; i++)
            assert_true(record.terms[i].at + record.terms[i].text.len <= whole.len);
        for (const struct fault *fault = record.faults; fault != NULL; fault = fault->next)
            assert_true(fault->at <= whole.len);
        arena_close(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(version_ends_at_a_blank_or_the_end),
        cmocka_unit_test(terms_keep_their_places),
        cmocka_unit_test(names_are_without_case),
        cmocka_unit_test(terms_after_all_are_marked),
        cmocka_unit_test(an_empty_record_has_no_terms),
        cmocka_unit_test(what_the_grammar_allows_is_accepted),
        cmocka_unit_test(every_fault_is_fatal_and_says_what_to_do),
        cmocka_unit_test(suspicious_terms_are_noted_but_valid),
        cmocka_unit_test(a_mapped_address_stays_ipv6),
        cmocka_unit_test(nul_octets_are_faults),
        cmocka_unit_test(a_blank_before_the_colon_is_two_faults),
        cmocka_unit_test(faults_of_rubbish_are_all_told),
        cmocka_unit_test(macros_are_cut_into_pieces),
        cmocka_unit_test(explanations_may_hold_blanks_and_three_more_letters),
        cmocka_unit_test(only_six_kinds_cost_a_lookup),
        cmocka_unit_test(mutated_records_never_break_the_parser),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
