/* Logos: what keeps one out of the profile. */
#include "record/rec_svg.h"
#include "records.h"

RECORDS_PARSER(rec_svg)

#define OPEN \
    "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.2\" baseProfile=\"tiny-ps\" "
#define BOX   "viewBox=\"0 0 64 64\">"
#define TITLE "<title>Example</title>"
#define XLINK "xmlns:xlink=\"http://www.w3.org/1999/xlink\" "

static void a_sound_logo_has_its_title_and_no_fault(void **state)
{
    struct rec_svg svg =
        parse("<?xml version=\"1.0\"?>\n" OPEN XLINK "viewBox=\"0, 0, 64.0, 64\">" TITLE
              "<g id=\"a\"/><use xlink:href=\"#a\"/></svg>\n");

    (void)state;
    assert_null(svg.faults);
    assert_string_equal(svg.title, "Example");
}

static void each_departure_has_its_kind(void **state)
{
    static const struct {
        const char *text;
        int kind;
    } cases[] = {
        {"", REC_SVG_XML},
        {"<svg", REC_SVG_XML},
        {"<html><title>a</title></html>", REC_SVG_ROOT},
        {"<svg version=\"1.2\" baseProfile=\"tiny-ps\"/>", REC_SVG_ROOT},
        {OPEN BOX "</svg>", REC_SVG_TITLE},
        {OPEN BOX "<title> </title></svg>", REC_SVG_TITLE},
        {OPEN BOX "<g>" TITLE "</g></svg>", REC_SVG_TITLE},
        {OPEN ">" TITLE "</svg>", REC_SVG_VIEW_BOX},
        {OPEN "viewBox=\"0 0 64 32\">" TITLE "</svg>", REC_SVG_VIEW_BOX},
        {OPEN "viewBox=\"0 0 nan nan\">" TITLE "</svg>", REC_SVG_VIEW_BOX},
        {OPEN "x=\"0\" " BOX TITLE "</svg>", REC_SVG_POSITION},
        {OPEN BOX TITLE "<script>a()</script></svg>", REC_SVG_ELEMENT},
        {OPEN BOX TITLE "<g><animate/></g></svg>", REC_SVG_ELEMENT},
        {OPEN "onload=\"a()\" " BOX TITLE "</svg>", REC_SVG_ATTRIBUTE},
        {OPEN XLINK BOX TITLE "<use xlink:href=\"https://example.com/a\"/></svg>",
         REC_SVG_REFERENCE},
        {"\x1f\x8b\x08", REC_SVG_ENCODING},
        {"<!DOCTYPE svg [<!ENTITY a \"b\">]>" OPEN BOX "<title>&a;</title></svg>", REC_SVG_XML},
        {"<!DOCTYPE svg [<!ENTITY a SYSTEM \"file:///etc/hostname\">]>" OPEN BOX
         "<title>&a;</title></svg>",
         REC_SVG_XML},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rec_svg svg = parse(cases[i].text);

        if (svg.faults == NULL || svg.faults->kind != cases[i].kind)
            fail_msg("%s: %s", cases[i].text,
                     svg.faults == NULL ? "no fault" : svg.faults->text);
    }
}

static void version_and_profile_are_both_told(void **state)
{
    struct rec_svg svg = parse("<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" "
                               "viewBox=\"0 0 1 1\">" TITLE "</svg>");

    (void)state;
    assert_int_equal(svg.fault_count, 2);
    assert_string_equal(svg.faults->text,
                        "line 1: the root has version=\"1.1\" instead of \"1.2\"");
}

static void every_fault_is_told(void **state)
{
    char text[4000] = OPEN BOX TITLE;

    (void)state;
    for (size_t i = 0; i < 100; i++)
        strncat(text, "<script/>", sizeof(text) - strlen(text) - 1);
    strncat(text, "</svg>", sizeof(text) - strlen(text) - 1);
    assert_int_equal(parse(text).fault_count, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RECORDS_TEST(a_sound_logo_has_its_title_and_no_fault),
        RECORDS_TEST(each_departure_has_its_kind),
        RECORDS_TEST(version_and_profile_are_both_told),
        RECORDS_TEST(every_fault_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
