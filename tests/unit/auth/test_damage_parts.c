/* Texts that lists put into several places, or into a part that is encoded. */
#include "unit.h"

#include "auth/auth_damage.h"
#include "base/sbuf.h"
#include "dkim_case.h"

#define FOOTER "____________\r\nPlans mailing list\r\nhttps://lists.example.net/plans\r\n"
#define BANNER "CAUTION: from outside.\r\n\r\n"

/* "Dear all,\r\n\r\nspring comes, and the plans are ready.\r\n\r\nAnn\r\n", and with the footer */
#define BASE64                                                                 \
    "RGVhciBhbGwsDQoNCnNwcmluZyBjb21lcywgYW5kIHRoZSBwbGFucyBhcmUgcmVhZHku\r\n" \
    "DQoNCkFubg0K\r\n"
#define BASE64_FOOTER                                                          \
    "RGVhciBhbGwsDQoNCnNwcmluZyBjb21lcywgYW5kIHRoZSBwbGFucyBhcmUgcmVhZHku\r\n" \
    "DQoNCkFubg0KX19fX19fX19fX19fDQpQbGFucyBtYWlsaW5nIGxpc3QNCg==\r\n"

/* signed_parts - a message of these fields and this body, signed */
static struct span signed_parts(struct dkim_case *f, const char *fields, const char *body)
{
    const struct dkim_signing signing = {.domain = "example.com",
                                         .selector = "sel",
                                         .key = "rsa2048",
                                         .canon = "relaxed/relaxed",
                                         .headers = "from:to:subject:date"};

    return dkim_signer_sign(
        f->arena,
        span_of(arena_printf(f->arena,
                             "From: Ann <ann@example.com>\r\nTo: list@example.net\r\n"
                             "Subject: Plans\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\n"
                             "MIME-Version: 1.0\r\n%s\r\n%s",
                             fields, body)),
        &signing);
}

/* found_in - "kind: text" of each damage of the first signature */
static const char *found_in(struct dkim_case *f, struct span message)
{
    struct sbuf text = sbuf_start(f->arena);
    const struct auth_damage *damage = NULL;

    dkim_case_judge(f, message, dkim_case_sound_world(f));
    damage = auth_damage_find(f->arena, (struct mail_message *)f->prepared->message,
                              f->prepared, f->verdicts)[0];
    for (; damage != NULL; damage = damage->next)
        sbuf_addf(&text, "%s: %s\n", auth_damage_kind_to_text(damage->kind), damage->text);
    return sbuf_text(&text);
}

/* assert_found - after one text was replaced by another */
static void assert_found(struct dkim_case *f, struct span message, const char *what,
                         const char *with, const char *found)
{
    assert_string_equal(found_in(f, dkim_case_replaced(f->arena, message, what, with)), found);
}

static void a_banner_and_a_footer(void **state)
{
    struct dkim_case *f = *state;
    struct span message = signed_parts(f, "", "Dear all,\r\n\r\nspring comes.\r\n");

    assert_found(
        f, message, "Dear all,\r\n\r\nspring comes.\r\n",
        BANNER "Dear all,\r\n\r\nspring comes.\r\n" FOOTER,
        "body_prepended: 26 octets (\"CAUTION: from outside.\") were put in front of "
        "the text in line 16\n"
        "body_appended: 67 octets (\"Plans mailing list\") were appended in line 21\n");
    /* a word changed beside them: neither is claimed */
    assert_found(f, message, "Dear all,\r\n\r\nspring comes.\r\n",
                 BANNER "Dear me,\r\n\r\nspring comes.\r\n" FOOTER, "");
}

#define PARTS(text, html)                                                                   \
    "--b\r\nContent-Type: text/plain\r\n\r\n" text "\r\n--b\r\nContent-Type: text/html\r\n" \
    "\r\n" html "\r\n--b--\r\n"

static void a_footer_in_each_part(void **state)
{
    struct dkim_case *f = *state;
    const char *body = PARTS("Hello\r\n", "<p>Hello</p>\r\n");
    struct span message =
        signed_parts(f, "Content-Type: multipart/alternative; boundary=b\r\n", body);

    assert_found(f, message, body, PARTS("Hello\r\n" FOOTER, "<p>Hello</p>\r\n"),
                 "body_appended: 67 octets (\"Plans mailing list\") were put in front of a "
                 "boundary in line 21\n");
    assert_found(f, message, body,
                 PARTS("Hello\r\n" FOOTER, "<p>Hello</p>\r\n<hr>\r\n<p>Plans</p>\r\n"),
                 "body_appended: 67 octets (\"Plans mailing list\") were put in front of a "
                 "boundary in line 21\n"
                 "body_appended: 20 octets (\"<hr>\") were put in front of a boundary in line "
                 "29\n");
}

static void a_part_more(void **state)
{
    struct dkim_case *f = *state;
    struct span message = signed_parts(f, "Content-Type: multipart/mixed; boundary=b\r\n",
                                       PARTS("Hello\r\n", "<p>Hello</p>\r\n"));

    assert_found(
        f, message, "\r\n--b--\r\n",
        "\r\n--b\r\nContent-Type: text/plain\r\n\r\n" FOOTER "\r\n--b--\r\n",
        "body_appended: 102 octets (\"Content-Type: text/plain\") were put in front of "
        "a boundary in line 27\n");
}

static void parts_that_became_one_part(void **state)
{
    struct dkim_case *f = *state;
    const char *body = PARTS("Hello\r\n", "<p>Hello</p>\r\n");
    struct span message =
        signed_parts(f, "Content-Type: multipart/alternative; boundary=b\r\n", body);

    message = dkim_case_replaced(f->arena, message, "multipart/alternative; boundary=b",
                                 "multipart/mixed; boundary=out");
    assert_found(f, message, body,
                 "--out\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n" PARTS(
                     "Hello\r\n",
                     "<p>Hello</p>\r\n") "\r\n--out\r\nContent-Type: text/plain\r\n\r\n" FOOTER
                                         "\r\n--out--\r\n",
                 "body_appended: the body became one part of several: 113 octets "
                 "(\"Content-Type: text/plain\") follow it\n");
}

static void a_footer_in_base64(void **state)
{
    struct dkim_case *f = *state;
    const char *fields = "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n";

    assert_found(
        f, signed_parts(f, fields, BASE64), BASE64, BASE64_FOOTER,
        "body_appended: 34 octets (\"Plans mailing list\") were appended to the base64 "
        "text in line 19\n");
    /* a letter of the text changed beside it: not claimed */
    assert_found(f, signed_parts(f, fields, "RGVh" BASE64), "RGVh" BASE64, "RGVi" BASE64_FOOTER,
                 "");
}

static void a_second_author(void **state)
{
    struct dkim_case *f = *state;
    struct span message = signed_parts(f, "", "Hello\r\n");

    assert_found(f, message, "MIME-Version", "From: Eve <eve@example.org>\r\nMIME-Version",
                 "field_added: From was added: \"Eve <eve@example.org>\"\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, dkim_case_setup, dkim_case_teardown)
        TEST(a_banner_and_a_footer),      TEST(a_footer_in_each_part), TEST(a_part_more),
        TEST(parts_that_became_one_part), TEST(a_footer_in_base64),    TEST(a_second_author),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
