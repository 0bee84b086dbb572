/* Files as people have them: each wrapping is left out and named, and only that. */
#include <time.h>
#include <unistd.h>

#include "temp_file.h"
#include "unit.h"

#include "base/limits.h"
#include "base/sbuf.h"
#include "mail/mail_message.h"

#define MESSAGE          "From: a@example.com\nSubject: x\n\nHello\n"
#define SECOND           "From: b@example.com\nSubject: y\n\nBye\n"
#define MESSAGE_OF_THREE "From: a@example.com\nTo: b@example.net\nSubject: x\n\nHello\n"
#define STAMP            "From a@example.com Sun Nov 29 11:00:00 2026\n"

static const char delivery_report[] =
    "From: daemon@example.net\nContent-Type: multipart/report;\n "
    "report-type=delivery-status;\n"
    "\tboundary=\"b 1\"\n\nx\n--b 1\n\nrefused\n--b 1\nContent-Type: "
    "message/delivery-status\n\n"
    "Final-Recipient: rfc822; bob@example.org\nStatus: 5.0.0\n"
    "Diagnostic-Code: smtp; 550-5.7.26 Not so.\n\n--b 1\nContent-Type: "
    "message/rfc822\n\n" MESSAGE "\n--b 1--\n";

struct unwrap_case {
    const char *file;
    size_t number; /* --message-number; 0 is the default here */
    const char *from;
    const char *body;
    int line;          /* of the first field */
    const char *notes; /* joined by "; "; parts of each */
};

static const struct unwrap_case unwrap_cases[] = {
    {MESSAGE, 0, " a@example.com", "Hello\r\n", 1, ""},
    {"\xEF\xBB\xBF" MESSAGE, 0, " a@example.com", "Hello\r\n", 1, "byte order mark"},
    {"\n \r\n\n" MESSAGE, 0, " a@example.com", "Hello\r\n", 4, "3 empty lines"},
    {"\xEF\xBB\xBF\n" MESSAGE, 0, " a@example.com", "Hello\r\n", 2, "mark; 1 empty line "},
    {"Microsoft Mail Internet Headers Version 2.0\n" MESSAGE, 0, " a@example.com", "Hello\r\n",
     2, "1 line of text"},
    {"Internet headers of the message\n\n" MESSAGE, 0, " a@example.com", "Hello\r\n", 3,
     "2 lines of text"},
    /* mbox */
    {STAMP MESSAGE, 0, " a@example.com", "Hello\r\n", 2, ""},
    {STAMP MESSAGE "\n" STAMP SECOND, 0, " a@example.com", "Hello\r\n", 2, "2 messages"},
    {STAMP MESSAGE "\n" STAMP SECOND, 1, " a@example.com", "Hello\r\n", 2, "number 1"},
    {STAMP MESSAGE "\n" STAMP SECOND, 2, " b@example.com", "Bye\r\n", 8, "number 2"},
    {STAMP MESSAGE "From here on\n", 0, " a@example.com", "Hello\r\nFrom here on\r\n", 2, ""},
    {STAMP MESSAGE "\nFrom here on\n", 0, " a@example.com", "Hello\r\n\r\nFrom here on\r\n", 2,
     ""},
    {"From - Sun Nov 29 11:00:00 2026\nX-Mozilla-Status: 0001\n>From - Sun Nov 29 11:00:00\n",
     0, NULL, NULL, 0, NULL},
    {"From - Sun Nov 29 11:00:00 2026\n>From - Sun Nov 29 11:00:00 2026\n" MESSAGE, 0,
     " a@example.com", "Hello\r\n", 3, "second, quoted"},
    /* Apple Mail */
    {"38  \n" MESSAGE "<?xml version=\"1.0\"?>\n", 0, " a@example.com", "Hello\r\n", 2,
     ".emlx"},
    {"9999\n" MESSAGE, 0, " a@example.com", "Hello\r\n", 2, ".emlx"},
    /* captures */
    {"+OK 77 octets\n" MESSAGE "..dot\n.\n", 0, " a@example.com", "Hello\r\n.dot\r\n", 2,
     "POP3"},
    {"+OK ready\nUSER ann\n+OK\nPASS x\n+OK\nRETR 1\n+OK 77\n" MESSAGE ".\nQUIT\n+OK bye\n", 0,
     " a@example.com", "Hello\r\n", 8, "POP3"},
    {"220 mx.example.net ESMTP\nEHLO c\n250-mx\n250 SIZE\nMAIL FROM:<a@example.com>\n250 ok\n"
     "RCPT TO:<b@example.net>\n250 ok\nDATA\n354 go on\n" MESSAGE "..\n...x\n.\n250 ok\n",
     0, " a@example.com", "Hello\r\n.\r\n..x\r\n", 11, "SMTP"},
    {"EHLO c\nDATA\n" MESSAGE ".\n", 0, " a@example.com", "Hello\r\n", 3, "SMTP"},
    {"* 1 FETCH (BODY[] {38}\n" MESSAGE ")\na OK\n", 0, " a@example.com", "Hello\r\n", 2,
     "IMAP"},
    {STAMP MESSAGE ">From here on\n>>From there\n> From x\n>Fromage\n", 0, " a@example.com",
     "Hello\r\nFrom here on\r\n>From there\r\n> From x\r\n>Fromage\r\n", 2, "2 lines that"},
    {STAMP MESSAGE "\n" STAMP SECOND ">From me\n", 0, " a@example.com", "Hello\r\n", 2,
     "2 messages"},
    {STAMP MESSAGE "\n" STAMP SECOND ">From me\n", 2, " b@example.com", "Bye\r\nFrom me\r\n", 8,
     "1 line that"},
    {MESSAGE ">From here on\n", 0, " a@example.com", "Hello\r\n>From here on\r\n", 1, ""},
    /* carried by another message */
    {delivery_report, 0, " a@example.com", "Hello\r\n", 20, "delivery report"},
    {"From: daemon@example.net\nContent-Type: multipart/report; boundary=b\n\n--b\n"
     "Content-Type: text/rfc822-headers\n\nFrom: a@example.com\nSubject: x\n\n--b--\n",
     0, " a@example.com", "", 7, "header of the original"},
    {"From: c@example.net\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nsee below\n--b\n"
     "Content-Type: message/rfc822\n\n" MESSAGE "\n--b--\n",
     0, " a@example.com", "Hello\r\n", 10, "carries another one"},
    {"From: c@example.net\nContent-Type: multipart/mixed; name=\"x; boundary=y\";\n"
     " boundary=\"b;1\"\n\n--b;12\nno part\n--b;1\nContent-Type: message/rfc822\n\n" MESSAGE
     "\n--b;1--\n",
     0, " a@example.com", "Hello\r\n", 10, "carries another one"},
    {"From: c@example.net\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
     "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nRnJvbQ==\n--b--\n",
     0, " c@example.net", NULL, 1, ""},
    {"From: c@example.net\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
     "Content-Type: message/rfc822\n\nno field\n--b--\n",
     0, " c@example.net", NULL, 1, ""},
    {"From: c@example.net\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
     "Content-Type: application/octet-stream;\n name=\"a.EML\"\n\n" MESSAGE "\n--b--\n",
     0, " a@example.com", "Hello\r\n", 8, "carries another one"},
    {"From: c@example.net\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
     "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
     "RnJvbTogYUBleGFtcGxlLmNvbQpTdWJqZWN0OiB4CgpI\nZWxsbwo=\n--b--\n",
     0, " a@example.com", "Hello\r\n", 8, "(line 8, encoded)"},
    {"From: c@example.net\nContent-Type: message/rfc822\n\n" MESSAGE, 0, " a@example.com",
     "Hello\r\n", 4, "carries another one"},
    /* in the text of a report */
    {"Return-Path: <>\nSubject: failure notice\n\nHi. This is qmail.\nFrom: not a header\n\n"
     "--- Below this line is a copy.\n\n" MESSAGE_OF_THREE,
     0, " a@example.com", "Hello\r\n", 9, "delivery report"},
    {"From: Mailer-Daemon@mx.example.net\n\nno\n\n" MESSAGE_OF_THREE, 0, " a@example.com",
     "Hello\r\n", 5, "delivery report"},
    {"From: c@example.net\n\nlook:\n\n" MESSAGE_OF_THREE, 0, " c@example.net", NULL, 1, ""},
    {"From: postmaster@example.net\n\nlook:\n\nFrom: a\nTo: b\nand so on\n", 0,
     " postmaster@example.net", NULL, 1, ""},
    /* no separator is missed, and no part of a dialogue */
    {STAMP STAMP MESSAGE, 0, " a@example.com", "Hello\r\n", 3, "a second \"From \" line"},
    {"DATA\n354 go on\n" MESSAGE "..x\n.\n250 ok\n", 0, " a@example.com", "Hello\r\n.x\r\n", 3,
     "SMTP"},
    {"MAIL FROM:<a@example.com>\n250 ok\nDATA\n354 go on\n" MESSAGE ".\n", 0, " a@example.com",
     "Hello\r\n", 5, "SMTP"},
    {"RETR 1\n+OK\n" MESSAGE ".\n", 0, " a@example.com", "Hello\r\n", 3, "POP3"},
    {"From: c@example.net\nContent-Type: multipart/mixed; boundary=b\n\nno part\n", 0,
     " c@example.net", "no part\r\n", 1, ""},
    {"From: c@example.net\nContent-Type: multipart/mixed; boundary=b\n", 0, " c@example.net",
     "", 1, ""},
};

static struct span body_of(struct arena *arena, struct mail_message *message)
{
    struct sbuf all = sbuf_start(arena);
    struct span chunk;

    mail_body_rewind(message);
    while (mail_body_next(message, &chunk))
        sbuf_add_span(&all, chunk);
    return sbuf_span(&all);
}

/* as_file - the bytes in a file, and the message in it */
static struct mail_message *as_file(struct arena *arena, struct span bytes,
                                    const struct mail_choice *choice, struct err *why)
{
    const char *path = temp_file(arena, bytes);
    struct mail_message *message = mail_message_choose(arena, path, choice, why);

    unlink(path);
    return message;
}

/* notes_fit - each part of `wanted` stands in the note of its turn */
static void notes_fit(struct arena *arena, const struct mail_message *message,
                      const struct unwrap_case *one)
{
    struct span rest = span_of(one->notes);
    size_t i = 0;

    for (; rest.len > 0; i++) {
        struct span part = span_cut(&rest, ';');

        part = span_trim(part);
        if (i >= message->wrapping_count ||
            strstr(message->wrappings[i], arena_strdup_span(arena, part)) == NULL)
            fail_msg("%s\nnote %zu: %s", one->file, i,
                     i < message->wrapping_count ? message->wrappings[i] : "none");
        if (part.len == 0)
            break;
    }
    if (one->notes[0] == '\0')
        assert_int_equal(message->wrapping_count, 0);
}

/* check_case - in memory, or in a file */
static void check_case(const struct unwrap_case *one, struct mail_message *message,
                       struct arena *arena)
{
    if (one->from == NULL)
        return;
    if (!span_equal_text(message->headers[0].value, one->from))
        fail_msg("%s\nfirst field: %.*s", one->file, SPAN_ARG(message->headers[0].raw));
    if (one->body != NULL && !span_equal_text(body_of(arena, message), one->body))
        fail_msg("%s\nbody: %.*s", one->file, SPAN_ARG(body_of(arena, message)));
    assert_int_equal(message->headers[0].line, one->line);
    notes_fit(arena, message, one);
}

static void every_wrapping_is_left_out_and_named(void **state)
{
    for (size_t i = 0; i < COUNT_OF(unwrap_cases); i++) {
        const struct unwrap_case *one = &unwrap_cases[i];
        struct err why = {0};
        struct mail_message *message = as_file(
            *state, span_of(one->file), &(struct mail_choice){.number = one->number}, &why);

        if (message == NULL)
            fail_msg("%s\n%s", one->file, why.text);
        check_case(one, message, *state);
        mail_message_close(message);
        if (one->number == 0)
            check_case(one, mail_message_parse(*state, span_of(one->file)), *state);
    }
}

static void line_ends_of_the_wire_make_no_difference(void **state)
{
    for (size_t i = 0; i < COUNT_OF(unwrap_cases); i++) {
        const struct unwrap_case *one = &unwrap_cases[i];
        struct sbuf crlf = sbuf_start(*state);
        struct mail_message *message = NULL;

        if (strstr(one->file, "emlx") != NULL || strstr(one->file, "FETCH") != NULL ||
            one->file[0] == '3' || one->number != 0 || strchr(one->file, '\r') != NULL)
            continue; /* these count octets */
        for (const char *at = one->file; *at != '\0'; at++)
            sbuf_addf(&crlf, *at == '\n' ? "\r%c" : "%c", *at);
        message = mail_message_parse(*state, sbuf_span(&crlf));
        check_case(one, message, *state);
    }
}

/* the mark and what decides about it lie on both sides of every edge between two pieces */
static void a_mark_is_found_over_the_edge_of_a_piece(void **state)
{
    for (size_t shift = 0; shift < 12; shift++) {
        struct sbuf file = sbuf_start(*state);
        struct sbuf wanted = sbuf_start(*state);
        struct err why = {0};
        struct mail_message *message = NULL;

        sbuf_addf(&file, "%s", STAMP "From: a@example.com\r\n\r\n");
        sbuf_addf(&file, "%.*s\r\n", (int)shift, "............");
        sbuf_addf(&wanted, "%.*s\r\n", (int)shift, "............");
        for (int i = 0; i < 20000; i++) {
            sbuf_addf(&file, ">>From me\r\n");
            sbuf_addf(&wanted, ">From me\r\n");
        }
        message = as_file(*state, sbuf_span(&file), &(struct mail_choice){0}, &why);
        assert_non_null(message);
        assert_true(span_equal(body_of(*state, message), sbuf_span(&wanted)));
        mail_message_close(message);
    }
}

static void a_message_that_is_not_there_is_refused(void **state)
{
    struct err why = {0};

    assert_null(as_file(*state, span_of(STAMP MESSAGE "\n" STAMP SECOND),
                        &(struct mail_choice){.number = 3}, &why));
    assert_non_null(strstr(why.text, "holds 2 messages; there is no message 3"));
    assert_null(as_file(*state, span_of(MESSAGE), &(struct mail_choice){.number = 2}, &why));
    assert_non_null(strstr(why.text, "holds 1 message; there is no message 2"));
}

static void the_outer_message_can_be_chosen(void **state)
{
    const char *file = "From: c@example.net\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
                       "Content-Type: message/rfc822\n\n" MESSAGE "\n--b--\n";
    struct err why = {0};
    struct mail_message *message =
        as_file(*state, span_of(file), &(struct mail_choice){.is_outer = true}, &why);

    assert_non_null(message);
    assert_true(span_equal_text(message->headers[0].value, " c@example.net"));
    mail_message_close(message);
}

static void a_report_says_who_refused_what(void **state)
{
    const struct mail_message *message = mail_message_parse(*state, span_of(delivery_report));

    assert_non_null(message->report);
    assert_string_equal(message->report->recipient, "bob@example.org");
    assert_string_equal(message->report->code, "550");
    assert_string_equal(message->report->enhanced, "5.7.26");
}

static void a_header_without_a_body_is_known_as_one(void **state)
{
    static const struct {
        const char *file;
        bool is_header_only;
    } files[] = {{"From: a@example.com\n", true},
                 {"From: a@example.com\n\n", true},
                 {"From: a@example.com\n\n\n\n", true},
                 {"From: a@example.com\n\nx", false}};

    for (size_t i = 0; i < COUNT_OF(files); i++)
        assert_int_equal(mail_message_parse(*state, span_of(files[i].file))->is_header_only,
                         files[i].is_header_only);
}

/* messages - an mbox of so many, each with a body of so many octets */
static struct span mbox_of(struct arena *arena, size_t count, size_t octets)
{
    struct sbuf buf = sbuf_start(arena);

    for (size_t i = 0; i < count; i++) {
        sbuf_addf(&buf, "%s" STAMP "From: a%zu@example.com\n\n", i > 0 ? "\n" : "", i + 1);
        for (size_t at = 0; at < octets; at += 50)
            sbuf_add(&buf, "0123456789012345678901234567890123456789012345678\n");
    }
    return sbuf_span(&buf);
}

static void large_files_are_read_in_pieces(void **state)
{
    struct span bytes = mbox_of(*state, 5, 300000);
    struct err why = {0};
    struct mail_message *message =
        as_file(*state, bytes, &(struct mail_choice){.number = 4}, &why);
    struct span body = {NULL, 0};

    assert_non_null(message);
    assert_true(span_equal_text(message->headers[0].value, " a4@example.com"));
    body = body_of(*state, message);
    assert_int_equal(body.len, 300000 / 50 * 51);
    mail_message_close(message);
}

/* bound: LIMIT_LINE_LOOK_BYTES both */
static void only_the_start_of_a_line_is_looked_at(void **state)
{
    for (size_t blanks = LIMIT_LINE_LOOK_BYTES - 10; blanks <= LIMIT_LINE_LOOK_BYTES;
         blanks += 10) {
        struct sbuf buf = sbuf_start(*state);

        sbuf_add(&buf, STAMP MESSAGE "\nFrom ");
        for (size_t i = 0; i < blanks - 5; i++)
            sbuf_add_octet(&buf, ' ');
        sbuf_add(&buf, "11:00:00\n" SECOND);
        assert_int_equal(mail_message_parse(*state, sbuf_span(&buf))->wrapping_count,
                         blanks < LIMIT_LINE_LOOK_BYTES ? 1 : 0);
    }
}

/* bound: LIMIT_BANNER_LINES both */
static void a_banner_has_few_lines(void **state)
{
    for (int lines = LIMIT_BANNER_LINES; lines <= LIMIT_BANNER_LINES + 1; lines++) {
        struct sbuf buf = sbuf_start(*state);

        for (int i = 0; i < lines; i++)
            sbuf_add(&buf, "some text\n");
        sbuf_add(&buf, MESSAGE);
        assert_int_equal(mail_message_parse(*state, sbuf_span(&buf))->header_count == 2,
                         lines <= LIMIT_BANNER_LINES);
    }
}

/* bound: LIMIT_ENCODED_BYTES both */
static void a_long_original_that_is_encoded_stays_closed(void **state)
{
    static const char line[] = "RnJvbTogYUBleGFtcGxlLmNvbQpTdWJqZWN0OiB4CgpIZWxsbwo=\n";
    static const char head[] = "From: c@example.net\nContent-Transfer-Encoding: base64\n"
                               "Content-Type: message/rfc822\n\n";
    char *bytes = arena_alloc(*state, strlen(head) + LIMIT_ENCODED_BYTES + 1);

    memcpy(bytes, head, strlen(head));
    memset(bytes + strlen(head), '\n', LIMIT_ENCODED_BYTES + 1);
    memcpy(bytes + strlen(head), line, strlen(line));
    for (size_t more = 0; more <= 1; more++) {
        struct span file = span_make(bytes, strlen(head) + LIMIT_ENCODED_BYTES + more);

        assert_int_equal(mail_message_parse(*state, file)->wrapping_count, more == 0 ? 1 : 0);
    }
}

static void what_holds_no_message_is_refused_by_name(void **state)
{
    static const struct {
        struct span head;
        const char *name;
    } files[] = {
        {{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8}, "Outlook .msg"},
        {{"!BDN", 4}, ".pst"},
        {{"\xCF\xAD\x12\xFE", 4}, ".dbx"},
        {{"\x78\x9F\x3E\x22", 4}, "winmail.dat"},
        {{"-----BEGIN PGP MESSAGE-----", 27}, "encrypted with PGP"},
        {{"-----BEGIN PGP SIGNED MESSAGE-----", 34}, "signed with PGP"},
        {{"-----BEGIN PKCS7-----", 21}, "S/MIME"},
        {{"-----BEGIN CMS-----", 19}, "S/MIME"},
        {{"\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x03", 13}, ".p7m"},
        {{"\x30\x82\x01\x00\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02", 15}, ".p7m"},
        {{"\x30\x82\x01\x00\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x09\x02", 15}, "not a message"},
        {{"%PDF-1.4", 8}, "PDF"},
        {{"<!DOCTYPE html>", 15}, "web page"},
        {{"PK\x03\x04", 4}, "ZIP"},
        {{"\x1F\x8B", 2}, "gzip"},
        {{"BZh9", 4}, "bzip2"},
        {{"\xFD"
          "7zXZ",
          5},
         "xz"},
        {{"\x28\xB5\x2F\xFD", 4}, "zstd"},
        {{"\xFF\xFE", 2}, "UTF-16"},
    };

    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct err why = {0};

        assert_null(as_file(*state, files[i].head, &(struct mail_choice){0}, &why));
        if (strstr(why.text, files[i].name) == NULL)
            fail_msg("%s: %s", files[i].name, why.text);
    }
}

/* bound: LIMIT_WRAPPINGS both */
static void wrappings_are_counted_and_the_rest_is_the_message(void **state)
{
    for (int layers = LIMIT_WRAPPINGS; layers <= LIMIT_WRAPPINGS + 1; layers++) {
        struct sbuf buf = sbuf_start(*state);

        for (int i = 0; i < layers; i++)
            sbuf_add(&buf, "\xEF\xBB\xBF");
        sbuf_add(&buf, MESSAGE);
        assert_int_equal(
            mail_header_find(mail_message_parse(*state, sbuf_span(&buf)), "From", 0) != NULL,
            layers <= LIMIT_WRAPPINGS);
    }
}

/* captures within captures: each layer looks through all that is left */
static void many_wrappings_take_no_time(void **state)
{
    struct sbuf buf = sbuf_start(*state);
    clock_t begun = clock();

    for (int i = 0; i < 15000; i++)
        sbuf_add(&buf, "+OK\n220 x\nDATA\n");
    sbuf_add(&buf, MESSAGE);
    mail_message_parse(*state, sbuf_span(&buf));
    assert_true(clock() - begun < 5 * CLOCKS_PER_SEC); /* it was fifty seconds */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, unit_open_arena, unit_close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_wrapping_is_left_out_and_named),
        TEST(line_ends_of_the_wire_make_no_difference),
        TEST(a_mark_is_found_over_the_edge_of_a_piece),
        TEST(a_message_that_is_not_there_is_refused),
        TEST(the_outer_message_can_be_chosen),
        TEST(a_report_says_who_refused_what),
        TEST(a_header_without_a_body_is_known_as_one),
        TEST(large_files_are_read_in_pieces),
        TEST(only_the_start_of_a_line_is_looked_at),
        TEST(a_banner_has_few_lines),
        TEST(a_long_original_that_is_encoded_stays_closed),
        TEST(what_holds_no_message_is_refused_by_name),
        TEST(wrappings_are_counted_and_the_rest_is_the_message),
        TEST(many_wrappings_take_no_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
