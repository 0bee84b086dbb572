/* html_dump() writes what jansson writes, octet by octet: every kind of value, every octet in a
 * string, nested and empty, compact and indented. In a page nothing of it is markup. */
#include <string.h>

#include "html/html_dump.h"
#include "unit_arena.h"
#include "base/sbuf.h"

/* compare_dumps - both writers, both forms */
static void compare_dumps(json_t *value)
{
    static const size_t indents[] = {0, 2};

    assert_non_null(value);
    for (size_t i = 0; i < sizeof(indents) / sizeof(indents[0]); i++) {
        struct sbuf out = sbuf_start(arena);
        size_t flags = indents[i] > 0 ? JSON_INDENT(indents[i]) : JSON_COMPACT;
        char *theirs = json_dumps(value, flags | JSON_ENCODE_ANY);

        assert_non_null(theirs);
        html_dump(value, indents[i], &out);
        assert_string_equal(sbuf_text(&out), theirs);
        free(theirs);
    }
    json_decref(value);
}

static void every_kind_of_value(void **state)
{
    static const char *const texts[] = {
        "null",
        "true",
        "false",
        "0",
        "-1",
        "9223372036854775807",
        "-9223372036854775808",
        "1.5",
        "-2e300",
        "1e-7",
        "0.1",
        "\"\"",
        "[]",
        "{}",
        "[[],{},[{}]]",
        "{\"b\":1,\"a\":[1,2,{\"c\":null}],\"\":{\"x\\ny\":[true]}}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        compare_dumps(json_loads(texts[i], JSON_DECODE_ANY, NULL));
}

static void every_octet_of_a_string(void **state)
{
    (void)state;
    for (int octet = 0; octet < 0x80; octet++) {
        const char text[] = {'a', (char)octet, (char)octet, 'z'};

        compare_dumps(json_stringn(text, sizeof(text)));
        compare_dumps(json_stringn(text + 1, 1));
    }
    compare_dumps(json_string("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x93\xa7 \xe2\x80\xa8"));
}

static void nothing_is_markup_in_a_page(void **state)
{
    json_t *value = json_pack("{s:s}", "a<b", "</script>&\"");
    struct sbuf out = sbuf_start(arena);

    (void)state;
    html_dump_embedded(value, &out);
    assert_string_equal(sbuf_text(&out),
                        "{\"a\\u003Cb\":\"\\u003C/script\\u003E\\u0026\\\"\"}");
    json_decref(value);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_value),
        cmocka_unit_test(every_octet_of_a_string),
        cmocka_unit_test(nothing_is_markup_in_a_page),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
