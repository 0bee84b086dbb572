/* Parameters of MIME, and the lines between parts. */
#include "base/mime.h"
#include "unit.h"

static const struct {
    const char *field;
    const char *name;
    const char *value;
} parameters[] = {
    {"multipart/mixed; boundary=b", "boundary", "b"},
    {"multipart/mixed; BOUNDARY = \"b 1\" ; charset=utf-8", "boundary", "b 1"},
    {"multipart/mixed; boundary=\"a;b\"", "boundary", "a;b"},
    {"multipart/mixed; name=\"x; boundary=y\"; boundary=b", "boundary", "b"},
    {"multipart/mixed; name=\"a \\\"; boundary=y\"; boundary=b", "boundary", "b"},
    {"multipart/mixed; boundary=\"b\" (after a crash)", "boundary", "b"},
    {"text/plain; charset=us-ascii (Plain text)", "charset", "us-ascii"}, /* RFC 2045, 5.1 */
    {"attachment; filename=my message.eml", "filename", "my message.eml"},
    {"attachment; filename=message (1).eml", "filename", "message (1).eml"},
    {"multipart/mixed; boundary=\"b; charset=x", "boundary", "b; charset=x"},
    {"\tboundary=b", "boundary", "b"},
    {"text/plain; boundary", "boundary", ""},
    {"text/plain; charset=", "charset", ""},
    {"text/plain", "boundary", ""},
    {"", "boundary", ""},
};

static void a_parameter_has_quotes_or_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(parameters); i++) {
        struct span value = mime_parameter(span_of(parameters[i].field), parameters[i].name);

        if (!span_equal_text(value, parameters[i].value))
            fail_msg("%s: \"%.*s\"", parameters[i].field, SPAN_ARG(value));
    }
}

static void a_boundary_fills_its_line(void **state)
{
    bool is_last = true;

    (void)state;
    assert_true(mime_is_boundary(span_of("--b"), span_of("b"), &is_last));
    assert_false(is_last);
    assert_true(mime_is_boundary(span_of("--b-- \t\r"), span_of("b"), &is_last));
    assert_true(is_last);
    assert_false(mime_is_boundary(span_of("--b2"), span_of("b"), &is_last));
    assert_false(mime_is_boundary(span_of("b"), span_of("b"), &is_last));
    assert_false(mime_is_boundary(span_of("--"), span_of("b"), &is_last));
    assert_false(mime_is_boundary(span_of(""), span_of(""), &is_last));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_parameter_has_quotes_or_not),
        cmocka_unit_test(a_boundary_fills_its_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
