/* Domain names: one text for one name, however it was written. */
#include "base/dns_name.h"
#include "base/err.h"
#include "unit_arena.h"

/* parse_text - the text of a typed name; NULL if it is refused */
static const char *parse_text(const char *typed)
{
    struct err why = {0};
    const struct dns_name *name = dns_name_parse(arena, span_of(typed), &why);

    return name == NULL ? NULL : name->text;
}

/* assert_refused - the reason holds `part` and the kind is that of a wrong command line */
static void assert_refused(const char *typed, const char *part)
{
    struct err why = {0};

    assert_null(dns_name_parse(arena, span_of(typed), &why));
    assert_int_equal(why.kind, ERR_USAGE);
    if (strstr(why.text, part) == NULL)
        fail_msg("\"%s\": \"%s\" does not say \"%s\"", typed, why.text, part);
}

static void a_name_is_lower_case_without_its_final_dot(void **state)
{
    const struct dns_name *name = NULL;
    struct err why = {0};

    (void)state;
    name = dns_name_parse(arena, span_of("WWW.Example.COM."), &why);
    assert_non_null(name);
    assert_string_equal(name->text, "www.example.com");
    assert_int_equal(name->len, 15);
    assert_int_equal(name->labels, 3);
}

static void underscores_and_hyphens_are_allowed(void **state)
{
    (void)state;
    assert_string_equal(parse_text("_dmarc.ex-ample.com"), "_dmarc.ex-ample.com");
    assert_string_equal(parse_text("s1._domainkey.xn--bcher-kva.example"),
                        "s1._domainkey.xn--bcher-kva.example");
}

static void u_labels_become_a_labels(void **state)
{
    (void)state;
    assert_string_equal(parse_text("b\xc3\xbc"
                                   "cher.example"),
                        "xn--bcher-kva.example");
    assert_string_equal(parse_text("B\xc3\x9c"
                                   "CHER.Example"),
                        "xn--bcher-kva.example");
    /* the same letter as "u" and a combining diaeresis */
    assert_string_equal(parse_text("bu\xcc\x88"
                                   "cher.example"),
                        "xn--bcher-kva.example");
}

static void sharp_s_is_kept_as_nontransitional_processing_wants(void **state)
{
    (void)state;
    assert_string_equal(parse_text("fa\xc3\x9f.example"), "xn--fa-hia.example");
}

static void an_ideographic_full_stop_separates_labels(void **state)
{
    (void)state;
    assert_string_equal(parse_text("b\xc3\xbc"
                                   "cher\xe3\x80\x82"
                                   "example"),
                        "xn--bcher-kva.example");
}

static void underscores_stand_beside_u_labels(void **state)
{
    (void)state;
    assert_string_equal(parse_text("_dmarc.b\xc3\xbc"
                                   "cher.example"),
                        "_dmarc.xn--bcher-kva.example");
}

static void what_is_no_name_is_refused_with_its_reason(void **state)
{
    (void)state;
    assert_refused("", "empty");
    assert_refused("exa mple.com", "white space");
    assert_refused("example.com\n", "white space");
    assert_refused("192.0.2.1", "IP address");
    assert_refused("2001:db8::1", "IP address");
    assert_refused("[192.0.2.1]", "IP address");
    assert_refused("user@example.com", "mail address");
    assert_refused("https://example.com/", "URL");
    assert_refused("a..example.com", "empty label");
    assert_refused(".example.com", "empty label");
    assert_refused(".", "empty label");
    assert_refused("*.example.com", "wildcard");
    assert_refused("exa!mple.com", "only letters");
    assert_refused("exa\\046mple.com", "only letters");
    assert_refused("b\xfc"
                   "cher.example",
                   "UTF-8");
    assert_refused("\xef\xbc\x91\xef\xbc\x99\xef\xbc\x92.0.2.1", "IP address"); /* full width */
    assert_refused("a\xe2\x80\xae"
                   "b.example",
                   "internationalized"); /* a bidirectional override */
}

static void a_nul_is_no_part_of_a_typed_name(void **state)
{
    struct err why = {0};

    (void)state;
    assert_null(dns_name_parse(arena, span_make("a\0b.example", 11), &why));
    assert_null(dns_name_parse(arena, span_make("b\xc3\xbc\0b.example", 13), &why));
}

static void a_reason_shows_no_controls(void **state)
{
    struct err why = {0};

    (void)state;
    assert_null(dns_name_parse(arena, span_of("a\x1b[31m.example"), &why));
    assert_null(strchr(why.text, '\x1b'));
    assert_non_null(strstr(why.text, "\\x1b"));
}

/* repeated - `count` times the text */
static char *repeated(const char *text, size_t count)
{
    size_t len = strlen(text);
    char *result = arena_alloc(arena, len * count + 1);

    for (size_t i = 0; i < count; i++)
        memcpy(result + i * len, text, len);
    return result;
}

static void labels_have_at_most_63_octets(void **state)
{
    const char *longest = arena_printf(arena, "%s.example", repeated("a", 63));

    (void)state;
    assert_string_equal(parse_text(longest), longest);
    assert_refused(arena_printf(arena, "%s.example", repeated("a", 64)), "63 octets");
}

static void names_have_at_most_253_octets(void **state)
{
    const char *longest = arena_printf(arena, "%sabc", repeated("a.", 125)); /* 253 */

    (void)state;
    assert_int_equal(strlen(longest), 253);
    assert_string_equal(parse_text(longest), longest);
    assert_refused(arena_printf(arena, "a%s", longest), "253 octets");
    assert_refused(repeated("a", 300), "63 octets");
    assert_refused(repeated("abcdefghi.", 30), "253 octets");
    assert_refused(repeated("a.", 5000), "253 octets");
}

static void octets_may_be_anything_and_are_escaped(void **state)
{
    static const char odd[] = "A b.c\\d.\0;(\xff";
    const struct dns_name *name = dns_name_from_octets(arena, span_make(odd, sizeof(odd) - 1));

    (void)state;
    assert_non_null(name);
    assert_string_equal(name->text, "a\\032b.c\\\\d.\\000\\;\\(\\255");
    assert_int_equal(name->labels, 3);
}

static void octets_drop_one_final_dot_only(void **state)
{
    (void)state;
    assert_string_equal(dns_name_from_octets(arena, span_of("a.b."))->text, "a.b");
    assert_null(dns_name_from_octets(arena, span_of("a.b..")));
    assert_null(dns_name_from_octets(arena, span_of("")));
    assert_null(dns_name_from_octets(arena, span_of(".")));
    assert_null(dns_name_from_octets(arena, span_of("a..b")));
    assert_null(dns_name_from_octets(arena, span_of(repeated("a", 64))));
}

static void the_limit_counts_octets_and_not_escapes(void **state)
{
    const char *octets = arena_printf(arena, "%s   ", repeated(" .", 125)); /* 253 octets */
    const struct dns_name *name = dns_name_from_octets(arena, span_of(octets));

    (void)state;
    assert_non_null(name);
    assert_int_equal(name->len, 125 * 5 + 3 * 4);
    assert_null(dns_name_from_octets(arena, span_of(arena_printf(arena, "%s ", octets))));
}

static void text_understands_escapes(void **state)
{
    (void)state;
    assert_string_equal(dns_name_from_text(arena, "A\\.b.Example.")->text, "a\\.b.example");
    assert_string_equal(dns_name_from_text(arena, "\\097\\032.example")->text,
                        "a\\032.example");
    assert_int_equal(dns_name_from_text(arena, "a\\.b.example")->labels, 2);
    assert_null(dns_name_from_text(arena, "a\\"));
    assert_null(dns_name_from_text(arena, "a\\25.example"));
    assert_null(dns_name_from_text(arena, "a\\256.example"));
    assert_null(dns_name_from_text(arena, "a..example"));
    assert_null(dns_name_from_text(arena, ".."));
}

static void the_root_is_empty_text(void **state)
{
    const struct dns_name *root = dns_name_from_text(arena, ".");

    (void)state;
    assert_string_equal(root->text, "");
    assert_int_equal(root->labels, 0);
    assert_true(dns_name_equal(root, dns_name_from_text(arena, "")));
    assert_true(dns_name_equal(root, dns_name_from_wire(arena, (const uint8_t *)"", 1)));
    assert_true(dns_name_is_below(dns_name_from_text(arena, "example"), root));
    assert_null(dns_name_parent(arena, root));
}

static void wire_is_bounded(void **state)
{
    static const uint8_t good[] = "\3wWw\7example\3com";
    static const uint8_t pointer[] = {0xc0, 0x0c};

    (void)state;
    assert_string_equal(dns_name_from_wire(arena, good, sizeof(good))->text, "www.example.com");
    assert_null(dns_name_from_wire(arena, good, sizeof(good) - 1)); /* no root label */
    assert_null(dns_name_from_wire(arena, good, 6));                /* label beyond the end */
    assert_null(dns_name_from_wire(arena, pointer, sizeof(pointer)));
    assert_null(dns_name_from_wire(arena, good, 0));
}

static void equal_names_are_equal_whatever_they_were_made_from(void **state)
{
    const struct dns_name *typed = dns_name_from_text(arena, "Mail.Example.COM");
    const struct dns_name *octets = dns_name_from_octets(arena, span_of("mail.example.com."));

    (void)state;
    assert_true(dns_name_equal(typed, octets));
    assert_int_equal(typed->hash, octets->hash);
    assert_false(dns_name_equal(typed, dns_name_from_text(arena, "mail.example.org")));
}

static void below_looks_at_labels(void **state)
{
    const struct dns_name *example = dns_name_from_text(arena, "example.com");

    (void)state;
    assert_true(dns_name_is_below(example, example));
    assert_true(dns_name_is_below(dns_name_from_text(arena, "a.b.example.com"), example));
    assert_false(dns_name_is_below(dns_name_from_text(arena, "badexample.com"), example));
    assert_false(dns_name_is_below(dns_name_from_text(arena, "bad\\.example.com"), example));
    assert_false(dns_name_is_below(dns_name_from_text(arena, "com"), example));
}

static void parents_suffixes_and_first_labels_respect_escapes(void **state)
{
    const struct dns_name *name = dns_name_from_text(arena, "a\\.b\\\\.example.com");

    (void)state;
    assert_string_equal(dns_name_parent(arena, name)->text, "example.com");
    assert_true(span_equal_text(dns_name_first_label(name), "a\\.b\\\\"));
    assert_string_equal(dns_name_suffix(arena, name, 1)->text, "com");
    assert_string_equal(dns_name_suffix(arena, name, 0)->text, "");
    assert_ptr_equal(dns_name_suffix(arena, name, 3), name);
    assert_int_equal(dns_name_suffix(arena, name, 1)->hash,
                     dns_name_from_text(arena, "com")->hash);
}

static void the_wire_gives_the_name_again(void **state)
{
    static const char *const texts[] = {
        ".", "a", "www.example.com", "a\\.b.example", "\\032\\255\\(.example", "*.\\000.x"};
    uint8_t wire[DNS_NAME_WIRE_MAX];
    char label[DNS_LABEL_MAX + 1] = "";
    const struct dns_name *longest = NULL;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        const struct dns_name *name = dns_name_from_text(arena, texts[i]);
        size_t len = dns_name_to_wire(name, wire);

        assert_true(dns_name_equal(dns_name_from_wire(arena, wire, len), name));
    }
    memset(label, 'x', DNS_LABEL_MAX);
    longest = dns_name_from_text(
        arena, arena_printf(arena, "%s.%s.%s.%.61s", label, label, label, label));
    assert_int_equal(longest->len, DNS_NAME_MAX);
    assert_int_equal(dns_name_to_wire(longest, wire), DNS_NAME_WIRE_MAX);
    assert_int_equal(wire[DNS_NAME_WIRE_MAX - 1], 0);
}

static void prepending_keeps_to_the_limit(void **state)
{
    const struct dns_name *name = dns_name_from_text(arena, "example.com");
    const struct dns_name *longest = dns_name_from_text(arena, repeated("abcdefghi.", 25));

    (void)state;
    assert_string_equal(dns_name_prepend(arena, "S1._domainkey", name)->text,
                        "s1._domainkey.example.com");
    assert_int_equal(dns_name_prepend(arena, "_dmarc", name)->labels, 3);
    assert_null(dns_name_prepend(arena, "_dmarc", longest));
    assert_null(dns_name_prepend(arena, "", name));
    name = dns_name_from_text(arena, "a\\.b.example");
    assert_string_equal(dns_name_prepend(arena, "_dmarc", name)->text, "_dmarc.a\\.b.example");
    assert_int_equal(dns_name_prepend(arena, "_dmarc", name)->labels, 3);
    assert_string_equal(dns_name_prepend(arena, "com", dns_name_from_text(arena, "."))->text,
                        "com");
}

static void canonical_order_is_that_of_rfc_4034(void **state)
{
    /* RFC 4034, 6.1, and octets that are written as escapes */
    static const char *const ordered[] = {
        ".",           "example",         "a.example",    "yljkjljk.a.example",
        "z.a.example", "zabc.a.example",  "z.example",    "\\001.z.example",
        "*.z.example", "a\\.b.z.example", "ab.z.example", "\\200.z.example",
        "example1",    "a.example1",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ordered); i++)
        for (size_t j = 0; j < COUNT_OF(ordered); j++) {
            int order = dns_name_compare(dns_name_from_text(arena, ordered[i]),
                                         dns_name_from_text(arena, ordered[j]));

            if ((order < 0) != (i < j) || (order == 0) != (i == j))
                fail_msg("%s against %s: %d", ordered[i], ordered[j], order);
        }
}

static void people_see_u_labels(void **state)
{
    (void)state;
    assert_string_equal(
        dns_name_to_unicode(arena, dns_name_from_text(arena, "xn--bcher-kva.example")),
        "b\xc3\xbc"
        "cher.example");
    assert_null(dns_name_to_unicode(arena, dns_name_from_text(arena, "example.com")));
    assert_null(dns_name_to_unicode(arena, dns_name_from_text(arena, "xn--a.example")));
    assert_null(dns_name_to_unicode(arena, dns_name_from_text(arena, "xn--zzzzzzzzz.example")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_lower_case_without_its_final_dot),
        cmocka_unit_test(underscores_and_hyphens_are_allowed),
        cmocka_unit_test(u_labels_become_a_labels),
        cmocka_unit_test(sharp_s_is_kept_as_nontransitional_processing_wants),
        cmocka_unit_test(an_ideographic_full_stop_separates_labels),
        cmocka_unit_test(underscores_stand_beside_u_labels),
        cmocka_unit_test(what_is_no_name_is_refused_with_its_reason),
        cmocka_unit_test(a_nul_is_no_part_of_a_typed_name),
        cmocka_unit_test(a_reason_shows_no_controls),
        cmocka_unit_test(labels_have_at_most_63_octets),
        cmocka_unit_test(names_have_at_most_253_octets),
        cmocka_unit_test(octets_may_be_anything_and_are_escaped),
        cmocka_unit_test(octets_drop_one_final_dot_only),
        cmocka_unit_test(the_limit_counts_octets_and_not_escapes),
        cmocka_unit_test(text_understands_escapes),
        cmocka_unit_test(the_root_is_empty_text),
        cmocka_unit_test(wire_is_bounded),
        cmocka_unit_test(equal_names_are_equal_whatever_they_were_made_from),
        cmocka_unit_test(below_looks_at_labels),
        cmocka_unit_test(parents_suffixes_and_first_labels_respect_escapes),
        cmocka_unit_test(the_wire_gives_the_name_again),
        cmocka_unit_test(prepending_keeps_to_the_limit),
        cmocka_unit_test(canonical_order_is_that_of_rfc_4034),
        cmocka_unit_test(people_see_u_labels),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
