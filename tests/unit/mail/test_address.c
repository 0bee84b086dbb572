/* Addresses of From fields, strictly and as careless readers take them; and SMTP paths. */
#include "unit.h"

#include "base/limits.h"
#include "base/sbuf.h"
#include "mail/mail_address.h"
#include "mail/mail_address_scan.h"

static struct mail_address_list *parse(void **state, const char *value)
{
    return mail_address_list_parse(*state, span_of(value));
}

/* one address: display name, local part, domain */
struct one_case {
    const char *value;
    const char *display;
    const char *local_part;
    const char *domain; /* NULL: no domain name */
};

static void assert_one(void **state, const struct one_case *one)
{
    struct mail_address_list *list = parse(state, one->value);

    if (list->fault != NULL)
        fail_msg("\"%s\": %s", one->value, list->fault);
    if (list->count != 1 || list->first == NULL || list->first->next != NULL)
        fail_msg("\"%s\": %zu addresses", one->value, list->count);
    if (strcmp(list->first->display, one->display) != 0)
        fail_msg("\"%s\": display name \"%s\"", one->value, list->first->display);
    if (!span_equal_text(list->first->local_part, one->local_part))
        fail_msg("\"%s\": local part \"%.*s\"", one->value, SPAN_ARG(list->first->local_part));
    if (one->domain == NULL)
        assert_null(list->first->domain);
    else if (list->first->domain == NULL || strcmp(list->first->domain->text, one->domain) != 0)
        fail_msg("\"%s\": domain", one->value);
}

static void single_addresses_in_all_their_forms(void **state)
{
    static const struct one_case cases[] = {
        {"a@example.com", "", "a", "example.com"},
        {"<a@example.com>", "", "a", "example.com"},
        {" \r\n a@example.com \r\n ", "", "a", "example.com"},
        {"Joe Doe <joe@example.com>", "Joe Doe", "joe", "example.com"},
        {"\"Doe, Joe\" <joe@example.com>", "Doe, Joe", "joe", "example.com"},
        {"\"Joe \\\"J\\\" Doe\"<joe@example.com>", "Joe \"J\" Doe", "joe", "example.com"},
        {"Joe Q. Public <john.q.public@example.com>", "Joe Q. Public", "john.q.public",
         "example.com"},
        {"joe@EXAMPLE.Com", "", "joe", "example.com"},
        {"joe@example.com (Joe Doe)", "", "joe", "example.com"},
        {"joe(his (nested \\) comment))@(at)example(dot).com", "", "joe", "example.com"},
        {"Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>", "Pete", "pete",
         "silly.test"},
        {"joe . doe @ example . com", "", "joe.doe", "example.com"},
        {"\"joe doe\"@example.com", "", "joe doe", "example.com"},
        {"\"a@b\"@example.com", "", "a@b", "example.com"},
        {"\"a\\\\b\".c@example.com", "", "a\\b.c", "example.com"},
        {"\"\"@example.com", "", "", "example.com"},
        {"!#$%&'*+-/=?^_`{|}~@example.com", "", "!#$%&'*+-/=?^_`{|}~", "example.com"},
        {"<@a.example,@b.example:joe@example.com>", "", "joe", "example.com"},
        {"< , @a.example , , @b.example :joe@example.com>", "", "joe", "example.com"},
        {"joe@[192.0.2.1]", "", "joe", NULL},
        {"joe@[IPv6:2001:db8::1]", "", "joe", NULL},
        {"joe@m\xc3\xbcller.example", "", "joe", "xn--mller-kva.example"},
        {"j\xc3\xb6 <j\xc3\xb6@example.com>", "j\xc3\xb6", "j\xc3\xb6", "example.com"},
        {"Group: joe@example.com;", "", "joe", "example.com"},
        {"Group: , Joe <joe@example.com> ,;", "Joe", "joe", "example.com"},
        {", joe@example.com, ,", "", "joe", "example.com"},
        {"joe@_dmarc.example.com", "", "joe", "_dmarc.example.com"},
        {"a.\"b c\".d@example.com", "", "a.b c.d", "example.com"},
        {"joe@192.0.2.1", "", "joe", NULL},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_one(state, &cases[i]);
}

static void display_names_are_decoded_and_made_safe(void **state)
{
    static const struct one_case cases[] = {
        {"=?utf-8?q?J=C3=B6rg?= <j@example.com>", "J\xc3\xb6rg", "j", "example.com"},
        {"=?UTF-8?B?SsO2cmc=?= <j@example.com>", "J\xc3\xb6rg", "j", "example.com"},
        {"=?UTF-8?B?SsO2cmc?= <j@example.com>", "J\xc3\xb6rg", "j", "example.com"},
        {"=?iso-8859-1?Q?J=F6rg_M=fcller?= <j@example.com>", "J\xc3\xb6rg M\xc3\xbcller", "j",
         "example.com"},
        {"=?us-ascii*en?q?Joe_Doe?= <j@example.com>", "Joe Doe", "j", "example.com"},
        {"=?utf-8?q?J=C3?= =?utf-8?q?=B6rg?= <j@example.com>", "J\xc3\xb6rg", "j",
         "example.com"},
        {"=?utf-8?q?Joe?= Doe <j@example.com>", "Joe Doe", "j", "example.com"},
        {"=?utf-8?q?Joe.Q.?= <j@example.com>", "Joe.Q.", "j", "example.com"},
        {"\"=?utf-8?q?Joe?=\" <j@example.com>", "=?utf-8?q?Joe?=", "j", "example.com"},
        {"=?koi8-r?q?=F0?= <j@example.com>", "=?koi8-r?q?=F0?=", "j", "example.com"},
        {"=?utf-8?q?=ZZ?= <j@example.com>", "=?utf-8?q?=ZZ?=", "j", "example.com"},
        {"=?utf-8?b?****?= <j@example.com>", "=?utf-8?b?****?=", "j", "example.com"},
        {"=?utf-8?x?Joe?= <j@example.com>", "=?utf-8?x?Joe?=", "j", "example.com"},
        {"=?\?= <j@example.com>", "=?\?=", "j", "example.com"},
        {"=?utf-8?q?=1B[31mred?= <j@example.com>", "=?utf-8?q?=1B [31mred ?=", "j", NULL},
        {"=?utf-8?q?=1B=E2=80=AEcod?= <j@example.com>", "\\x1b\\u{202e}cod", "j",
         "example.com"},
        {"\"a\r\n b\" <j@example.com>", "a b", "j", "example.com"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (cases[i].domain == NULL) { /* "[" cannot stand in a phrase */
            assert_non_null(parse(state, cases[i].value)->fault);
            continue;
        }
        assert_one(state, &cases[i]);
    }
}

static void several_addresses_are_all_found(void **state)
{
    struct mail_address_list *list =
        parse(state, "A <a@one.example>, b@two.example, Team: c@three.example, \"D\" "
                     "<d@four.example>;, e@five.example");
    static const char *const domains[] = {"one.example", "two.example", "three.example",
                                          "four.example", "five.example"};
    size_t i = 0;

    assert_null(list->fault);
    assert_int_equal(list->count, 5);
    for (const struct mail_address *one = list->first; one != NULL; one = one->next)
        assert_string_equal(one->domain->text, domains[i++]);
    assert_int_equal(i, 5);
    assert_string_equal(list->lenient->text, "four.example"); /* the last <...> wins */
}

static void an_empty_group_is_a_list_without_addresses(void **state)
{
    struct mail_address_list *list = parse(state, "undisclosed-recipients:;");

    assert_null(list->fault);
    assert_int_equal(list->count, 0);
    assert_null(list->first);
    assert_null(list->lenient);
}

static void what_is_no_list_says_why(void **state)
{
    static const struct {
        const char *value;
        const char *fault;
    } cases[] = {
        {"", "the field is empty"},
        {" \r\n ", "the field is empty"},
        {"(only a comment)", "the field is empty"},
        {",,", "the field is empty"},
        {"Joe", "expected an \"@\", but the field ends"},
        {"Joe Doe", "expected an \"@\", but the field ends"},
        {"@example.com", "nothing before \"@\""},
        {"joe@", "expected a domain after \"@\", but the field ends"},
        {"joe@example..com", "expected a domain after \"@\", found \".\""},
        {"joe@.example.com", "expected a domain after \"@\", found \".\""},
        {"joe@example.com.", "expected a domain after \"@\", but the field ends"},
        {".joe@example.com", "the part before \"@\" is not a valid local part"},
        {"joe.@example.com", "the part before \"@\" is not a valid local part"},
        {"joe..doe@example.com", "the part before \"@\" is not a valid local part"},
        {"joe doe@example.com", "the part before \"@\" is not a valid local part"},
        {"joe@example.com doe", "expected a \",\" or the end after an address, found "
                                "\"doe\""},
        {"joe@example.com; doe@example.com",
         "expected a \",\" or the end after an address, found \";\""},
        {"joe@good.example <joe@evil.example>", "an unquoted \"@\" in the display name"},
        {"joe@good.example@evil.example",
         "expected a \",\" or the end after an address, found \"@\""},
        {"<joe@example.com", "expected a \">\" after the address, but the field ends"},
        {"<>", "no address between \"<\" and \">\""},
        {"Joe <>", "no address between \"<\" and \">\""},
        {"<<joe@example.com>>", "expected an \"@\", found \"<\""},
        {"<a@good.example> <b@evil.example>",
         "expected a \",\" or the end after an address, found \"<\""},
        {"<a@good.example,b@evil.example>", "expected a \">\" after the address, found \",\""},
        {"\"Joe <joe@example.com>", "a quote is never closed"},
        {"(Joe joe@example.com", "a comment that begins with \"(\" is never closed"},
        {"joe@[192.0.2.1", "a \"[\" is never closed"},
        {"joe)@example.com", "\")\" is not allowed here"},
        {"joe\\@example.com", "\"\\\\\" is not allowed here"},
        {"jo\xff@example.com", "it holds octets that are not UTF-8"},
        {"joe@exa\x01mple.com", "\"\\x01\" is not allowed here"},
        {"Group: joe@example.com", "a group that begins with \":\" is never closed with \";\""},
        {": joe@example.com;", "a group has no name before \":\""},
        {"A: B: joe@example.com;;", "expected an \"@\", found \":\""},
        {". <joe@example.com>", "a display name cannot begin with a dot"},
        {"<@a.example joe@example.com>", "expected a \":\" after the route, found "
                                         "\"joe\""},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct mail_address_list *list = parse(state, cases[i].value);

        if (list->fault == NULL)
            fail_msg("\"%s\" is taken", cases[i].value);
        else if (strcmp(list->fault, cases[i].fault) != 0)
            print_error("\"%s\": %s\n", cases[i].value, list->fault);
        assert_string_equal(list->fault, cases[i].fault);
        assert_null(list->first);
        assert_int_equal(list->count, 0);
    }
}

static void a_nul_is_no_part_of_an_address(void **state)
{
    struct mail_address_list *list =
        mail_address_list_parse(*state, span_make("a\0b@example.com", 15));

    assert_string_equal(list->fault, "\"\\x00\" is not allowed here");
    list = mail_address_list_parse(*state, span_make("a@example.com\0.evil.example", 27));
    assert_non_null(list->fault);
    assert_string_equal(list->lenient->text, "example.com");
}

static void careless_readers_see_another_sender(void **state)
{
    static const struct {
        const char *value;
        const char *strict;    /* NULL: fault */
        const char *lenient;   /* NULL: none */
        const char *displayed; /* NULL: none */
    } cases[] = {
        {"Joe <a@good.example>", "good.example", "good.example", NULL},
        {"a@good.example <b@evil.example>", NULL, "evil.example", NULL},
        {"\"a@good.example\" <b@evil.example>", "evil.example", "evil.example", "good.example"},
        {"\"Joe <a@good.example>\" <b@evil.example>", "evil.example", "evil.example",
         "good.example"},
        {"<b@evil.example> \"<a@good.example>\"", NULL, "good.example", NULL},
        {"=?utf-8?q?a=40good=2Eexample?= <b@evil.example>", "evil.example", "evil.example",
         "good.example"},
        {"a@good.example, b@evil.example", "good.example", "evil.example", NULL},
        {"<a@good.example> <b@evil.example>", NULL, "evil.example", NULL},
        {"a@good.example b@evil.example", NULL, "evil.example", NULL},
        {"a@good.example@evil.example", NULL, "evil.example", NULL},
        {"a@good.example (b@evil.example)", "good.example", "good.example", NULL},
        {"a@good.example (b@evil.example", NULL, "evil.example", NULL},
        {"\"Smith (Joe\" <a@good.example>", "good.example", "good.example", NULL},
        {"\"a@good.example <b@evil.example>", NULL, "evil.example", NULL},
        {"Joe @ Work <a@good.example>", NULL, "good.example", NULL},
        {"\"Joe @ Work\" <a@good.example>", "good.example", "good.example", NULL},
        {"a@good.example: b@evil.example;", NULL, "evil.example", NULL},
        {"\"x@good.example\": b@evil.example;", "evil.example", "evil.example", "good.example"},
        {"a@good.example junk", NULL, "good.example", NULL},
        {"Joe <a@good.example", NULL, "good.example", NULL},
        {"Joe a@good.example>", NULL, "good.example", NULL},
        {"\"b@evil.example\"@good.example", "good.example", "good.example", NULL},
        {"<a@good.example\xff>", NULL, NULL, NULL},
        {"nobody", NULL, NULL, NULL},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct mail_address_list *list = parse(state, cases[i].value);
        const char *strict = list->first == NULL ? "none" : list->first->domain->text;
        const char *lenient = list->lenient == NULL ? "none" : list->lenient->text;
        const char *displayed = list->displayed == NULL ? "none" : list->displayed->text;

        if (strcmp(strict, cases[i].strict == NULL ? "none" : cases[i].strict) != 0)
            fail_msg("\"%s\": strict %s", cases[i].value, strict);
        if (strcmp(lenient, cases[i].lenient == NULL ? "none" : cases[i].lenient) != 0)
            fail_msg("\"%s\": lenient %s", cases[i].value, lenient);
        if (strcmp(displayed, cases[i].displayed == NULL ? "none" : cases[i].displayed) != 0)
            fail_msg("\"%s\": displayed %s", cases[i].value, displayed);
    }
}

static void the_domain_is_kept_as_written(void **state)
{
    struct mail_address_list *list = parse(state, "joe@Example (x) . COM");

    assert_true(span_equal_text(list->first->domain_text, "Example (x) . COM"));
    list = parse(state, "joe@[192.0.2.1]");
    assert_true(span_equal_text(list->first->domain_text, "[192.0.2.1]"));
}

/* bound: LIMIT_ADDRESS_BYTES both */
static void long_values_are_refused_or_read_in_time(void **state)
{
    static const char *const units[] = {"(", "\"", "<",  "@",  "a@b.c,",
                                        "[", "\\", "()", "=?", "a "};
    size_t len = LIMIT_ADDRESS_BYTES;

    for (size_t i = 0; i < COUNT_OF(units); i++) {
        struct arena *arena = arena_open();
        char *text = arena_alloc(arena, len + 1);

        for (size_t at = 0; at < len + 1; at++)
            text[at] = units[i][at % strlen(units[i])];
        struct mail_address_list *list = mail_address_list_parse(arena, span_make(text, len));

        assert_true(list->fault != NULL || list->count == 10922);
        list = mail_address_list_parse(arena, span_make(text, len + 1));
        assert_string_equal(list->fault, "it is longer than 65,536 octets");
        arena_close(arena);
    }
    (void)state;
}

/* bound: LIMIT_FIELD_TOKENS both */
static void parts_of_a_field_are_bounded(void **state)
{
    struct sbuf text = sbuf_start(*state);

    for (int i = 0; i < LIMIT_FIELD_TOKENS / 2; i++)
        sbuf_add(&text, "a.");
    text.len--; /* "a.a.a": one part below the limit, then at it, then over it */
    for (int extra = -1; extra <= 1; extra++) {
        struct mail_token *token = mail_tokens(*state, sbuf_span(&text), NULL);
        size_t count = 0;

        while (token->kind != MAIL_TOKEN_END && token->kind != MAIL_TOKEN_BAD)
            token++, count++;
        assert_int_equal(count, LIMIT_FIELD_TOKENS + (extra < 0 ? -1 : 0));
        assert_int_equal(token->kind, extra > 0 ? MAIL_TOKEN_BAD : MAIL_TOKEN_END);
        sbuf_add_octet(&text, ';');
    }
}

static void paths_are_taken_apart(void **state)
{
    static const struct {
        const char *text;
        const char *path;   /* NULL: no path */
        const char *domain; /* NULL: none */
    } cases[] = {
        {"<a@example.com>", "a@example.com", "example.com"},
        {"a@example.com", "a@example.com", "example.com"},
        {" <a@Example.COM>\r\n", "a@Example.COM", "example.com"},
        {"<>", "", NULL},
        {"", NULL, NULL},
        {"<", NULL, NULL},
        {"< >", NULL, NULL},
        {"a", NULL, NULL},
        {"<a>", NULL, NULL},
        {"<a@>", NULL, NULL},
        {"<@example.com>", "@example.com", "example.com"}, /* postmaster@: RFC 7208, 4.3 */
        {"<@>", NULL, NULL},
        {"@a.example:", NULL, NULL},
        {"<a@b@example.com>", NULL, NULL},
        {"<a b@example.com>", NULL, NULL},
        {"<a@example.com", NULL, NULL},
        {"a@example.com>", NULL, NULL},
        {"<a@exam ple.com>", NULL, NULL},
        {"<a@example.com> <b@example.com>", NULL, NULL},
        {"<\"a b\"@example.com>", "\"a b\"@example.com", "example.com"},
        {"<\"a@evil.example\"@example.com>", "\"a@evil.example\"@example.com", "example.com"},
        {"<\"a\\\"@evil.example\"@example.com>", "\"a\\\"@evil.example\"@example.com",
         "example.com"},
        {"<\"a>b\"@example.com>", "\"a>b\"@example.com", "example.com"},
        {"<\"a@example.com>", NULL, NULL},
        {"<\"a\"b@example.com>", NULL, NULL},
        {"<a\"b\"@example.com>", NULL, NULL},
        {"<@a.example,@b.example:joe@example.com>", "joe@example.com", "example.com"},
        {"<@a.example:joe@example.com>", "joe@example.com", "example.com"},
        {"<a@[192.0.2.1]>", "a@[192.0.2.1]", NULL},
        {"<a@[IPv6:2001:db8::1]>", "a@[IPv6:2001:db8::1]", NULL},
        {"<a@b\xc3\xbc"
         "cher.example>",
         "a@b\xc3\xbc"
         "cher.example",
         "xn--bcher-kva.example"},
        {"<postmaster>", "postmaster", NULL},
        {"Postmaster", "Postmaster", NULL},
        {"<prvs=123=a@example.com>", "prvs=123=a@example.com", "example.com"},
        {"<bounce+a=b.example@example.com>", "bounce+a=b.example@example.com", "example.com"},
        {"<a@-example-.com>", "a@-example-.com", "-example-.com"},
        {"<a@example..com>", "a@example..com", NULL},
        {"<a\x01@example.com>", NULL, NULL},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *path = NULL;
        const struct dns_name *domain = NULL;
        bool is_path = mail_path_parse(*state, span_of(cases[i].text), &path);

        if (is_path != (cases[i].path != NULL))
            fail_msg("\"%s\" is %s path", cases[i].text, is_path ? "a" : "no");
        if (!is_path)
            continue;
        assert_string_equal(path, cases[i].path);
        domain = mail_path_domain(*state, path, NULL);
        if (cases[i].domain == NULL && domain != NULL)
            fail_msg("\"%s\" has the domain %s", cases[i].text, domain->text);
        if (cases[i].domain != NULL)
            assert_string_equal(domain == NULL ? "none" : domain->text, cases[i].domain);
    }
}

static void a_path_without_a_domain_says_why(void **state)
{
    struct err why;

    assert_null(mail_path_domain(*state, "", &why));
    assert_string_equal(why.text, "the null reverse-path has no domain");
    assert_null(mail_path_domain(*state, NULL, &why));
    assert_null(mail_path_domain(*state, "a@[192.0.2.1]", &why));
    assert_string_equal(why.text, "[192.0.2.1]: an address literal is not a domain name");
    assert_null(mail_path_domain(*state, "nobody", &why));
    assert_string_equal(why.text, "nobody: not a mail address");
}

static void mutated_fields_never_break_the_parser(void **state)
{
    static const char seed_text[] =
        "\"A. (x) B\" <@r.example:\"a\\\"b\".c@ex(c)ample.com>, =?utf-8?q?J=C3=B6?= "
        "=?iso-8859-1?b?9g==?= <j@[192.0.2.1]>, G: a@b.example, <c@d.example>;";
    uint32_t seed = 5322;

    for (int round = 0; round < 4000; round++) {
        struct arena *arena = arena_open();
        char *text = arena_strdup(arena, seed_text);
        size_t len = strlen(text);
        const char *path = NULL;
        size_t count = 0;

        for (int i = 0; i < 1 + round % 7; i++) {
            seed = seed * 1664525U + 1013904223U;
            text[(seed >> 8) % len] = "\"\\()<>@,;:.[]=? \r\n\0\xc3\xff"
                                      "a"[(seed >> 24) % 22];
        }
        len -= (seed >> 4) % 60;
        struct span value = arena_span(arena, span_make(text, len));
        struct mail_address_list *list = mail_address_list_parse(arena, value);

        for (const struct mail_address *one = list->first; one != NULL; one = one->next)
            count++;
        assert_int_equal(count, list->count);
        assert_true(list->fault == NULL || count == 0);
        if (mail_path_parse(arena, value, &path))
            mail_path_domain(arena, path, NULL);
        arena_close(arena);
    }
    (void)state;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, unit_open_arena, unit_close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(single_addresses_in_all_their_forms),
        TEST(display_names_are_decoded_and_made_safe),
        TEST(several_addresses_are_all_found),
        TEST(an_empty_group_is_a_list_without_addresses),
        TEST(what_is_no_list_says_why),
        TEST(a_nul_is_no_part_of_an_address),
        TEST(careless_readers_see_another_sender),
        TEST(the_domain_is_kept_as_written),
        TEST(long_values_are_refused_or_read_in_time),
        TEST(parts_of_a_field_are_bounded),
        TEST(paths_are_taken_apart),
        TEST(a_path_without_a_domain_says_why),
        cmocka_unit_test(mutated_fields_never_break_the_parser),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
