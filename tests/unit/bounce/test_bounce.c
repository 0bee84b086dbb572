/* Every sample of testdata/explain is what expected.tsv says; and the bounds of the reader. */
#include <stdio.h>

#include "base/file.h"
#include "base/limits_bounce.h"
#include "base/sbuf.h"
#include "bounce/bounce.h"
#include "bounce/bounce_part.h"
#include "unit_arena.h"

/* loaded - a file of testdata/explain */
static struct span loaded(const char *name)
{
    struct span bytes = {0};
    struct err why = {0};
    const char *path = arena_printf(arena, TESTDATA_DIR "/explain/%s", name);

    assert_true(file_load(arena, path, LIMIT_BOUNCE_BYTES, &bytes, &why));
    return bytes;
}

/* as_text - recipients as expected.tsv writes them */
static const char *as_text(const struct bounce_recipient *said)
{
    const struct reply_input *input = &said->class->input;
    const char *receiver = said->class->receiver != NULL ? said->class->receiver->title : "-";
    char *title = arena_strdup(arena, receiver);

    for (char *at = title; *at != '\0'; at++)
        if (*at == ' ')
            *at = '_';
    return arena_printf(
        arena, "%s=%s=%u=%s=%s", said->address, said->class->cause->id, input->code,
        input->enhanced.kind != 0 ? smtp_enhanced_to_text(arena, &input->enhanced) : "-",
        title);
}

/* fits - the same but for the receiver, which may be one of several with "|" between */
static bool fits(const char *found, struct span wanted)
{
    struct span receivers = span_from(wanted, (size_t)span_find_last(wanted, '=') + 1);
    struct span head = span_sub(wanted, 0, wanted.len - receivers.len);

    if (!span_equal(span_sub(span_of(found), 0, head.len), head))
        return false;
    while (receivers.len > 0)
        if (span_equal_text(span_cut(&receivers, '|'), found + head.len))
            return true;
    return false;
}

/* check_line - a line of expected.tsv; how many recipients are not as it says */
static size_t check_line(struct span line)
{
    struct span name = span_cut(&line, '\t');
    struct span kind = span_cut(&line, '\t');
    struct bounce *bounce = bounce_read(arena, loaded(arena_strdup_span(arena, name)));
    size_t wrong = 0;
    size_t count = 0;

    if (!span_equal_text(kind, bounce_kind_to_text(bounce->kind))) {
        print_message("%.*s: is a %s\n", SPAN_ARG(name), bounce_kind_to_text(bounce->kind));
        wrong++;
    }
    while (line.len > 0 && !span_equal_text(line, "-")) {
        struct span wanted = span_cut(&line, ' ');
        const char *found =
            count < bounce->count ? as_text(&bounce->recipients[count]) : "nobody";

        count++;
        if (!fits(found, wanted)) {
            print_message("%.*s: %s, not %.*s\n", SPAN_ARG(name), found, SPAN_ARG(wanted));
            wrong++;
        }
    }
    return wrong + (count != bounce->count);
}

/* each sample has the kind, the recipients and the causes that are written down */
static void samples_are_read(void **state)
{
    struct span rest = loaded("expected.tsv");
    size_t wrong = 0;
    size_t lines = 0;

    (void)state;
    while (rest.len > 0) {
        struct span line = span_cut(&rest, '\n');

        if (line.len == 0 || line.at[0] == '#')
            continue;
        wrong += check_line(line);
        lines++;
    }
    assert_true(lines > 30);
    assert_int_equal(wrong, 0);
}

/* what came back of the message is handed out, and known to be a header only */
static void original_is_found(void **state)
{
    struct bounce *whole = bounce_read(arena, loaded("postfix-gmail.eml"));
    struct bounce *header = bounce_read(arena, loaded("postfix-delayed.eml"));
    struct bounce *text = bounce_read(arena, loaded("exim.eml"));
    struct bounce *none = bounce_read(arena, loaded("sendmail.eml"));

    (void)state;
    assert_true(span_starts_with(whole->original.bytes, "Return-Path: <news@shop.example>"));
    assert_false(whole->original.is_header_only);
    assert_string_equal(whole->original.mail_from, "news@shop.example");
    assert_true(header->original.bytes.len > 0);
    assert_true(header->original.is_header_only);
    assert_true(span_starts_with(text->original.bytes, "Return-Path:"));
    assert_int_equal(none->original.bytes.len, 0);
}

/* reports of recipients name the client and who reports */
static void feedback_has_facts(void **state)
{
    struct bounce *failure = bounce_read(arena, loaded("failure.arf"));

    (void)state;
    assert_string_equal(failure->feedback, "auth-failure");
    assert_string_equal(failure->failure, "dmarc");
    assert_string_equal(failure->original.client, "198.51.100.99");
    assert_string_equal(failure->original.selector, "s1");
    assert_string_equal(failure->recipients[0].reporter, "mx.example.net");
}

/* the time and the reporter of a delivery report, the action of each recipient */
static void fields_are_read(void **state)
{
    struct bounce *bounce = bounce_read(arena, loaded("postfix-delayed.eml"));

    (void)state;
    assert_string_equal(bounce->recipients[0].action, "delayed");
    assert_string_equal(bounce->recipients[0].host, "mx.example.net");
    assert_string_equal(bounce->recipients[0].reporter, "mail.shop.example");
    assert_true(bounce->recipients[0].has_time);
    assert_int_equal(bounce->recipients[0].time, 1795946405); /* 2026-11-29T10:00:05Z */
}

/* a charset that does not exist is said to be one */
static void charset_is_told(void **state)
{
    struct bounce *bounce = bounce_read(arena, loaded("unknown-charset.eml"));

    (void)state;
    assert_int_equal(bounce->fault_count, 1);
    assert_non_null(strstr(bounce->faults[0], "x-no-such-charset"));
}

/* text of any charset of the table becomes UTF-8 */
static void charsets_are_converted(void **state)
{
    struct span latin = span_make("\xe4\xf6", 2);
    struct span broken = span_make("a\xff", 2);

    (void)state;
    assert_true(bounce_charset(arena, span_of("ISO-8859-1"), &latin));
    assert_true(span_equal_text(latin, "\xc3\xa4\xc3\xb6"));
    assert_true(bounce_charset(arena, span_of("euc-jp"), &broken));
    assert_true(span_equal_text(broken, "a?"));
    assert_false(bounce_charset(arena, span_of("x-none"), &latin));
}

/* ---- bounds ---- */

/* nested - a delivery report inside so many forwards */
static struct span nested(size_t depth)
{
    struct sbuf text = sbuf_start(arena);

    for (size_t i = 0; i < depth; i++)
        sbuf_addf(&text,
                  "From: a@example.com\nTo: b@example.com\nSubject: Fwd\n"
                  "Content-Type: multipart/mixed; boundary=\"n%zu\"\n\n--n%zu\n"
                  "Content-Type: message/rfc822\n\n",
                  i, i);
    sbuf_add_span(&text, loaded("postfix-two.eml"));
    return sbuf_span(&text);
}

/* bound: LIMIT_BOUNCE_DEPTH both: each forward takes two levels, the report two more */
static void depth_is_bounded(void **state)
{
    (void)state;
    assert_int_equal(bounce_read(arena, nested(LIMIT_BOUNCE_DEPTH / 2 - 1))->count, 2);
    assert_int_equal(bounce_read(arena, nested(LIMIT_BOUNCE_DEPTH / 2))->count, 0);
}

/* many_parts - a multipart with so many texts */
static struct bounce_parts many_parts(size_t count)
{
    struct sbuf text = sbuf_start(arena);
    struct bounce_parts parts;

    sbuf_add(&text, "From: a@example.com\nContent-Type: multipart/mixed; boundary=b\n\n");
    for (size_t i = 0; i < count; i++)
        sbuf_add(&text, "--b\nContent-Type: text/plain\n\nx\n");
    bounce_parts_read(arena, sbuf_span(&text), &parts);
    return parts;
}

/* bound: LIMIT_BOUNCE_PARTS both */
static void parts_are_bounded(void **state)
{
    struct bounce_parts at = many_parts(LIMIT_BOUNCE_PARTS);
    struct bounce_parts past = many_parts(LIMIT_BOUNCE_PARTS + 1);

    (void)state;
    assert_int_equal(at.count, LIMIT_BOUNCE_PARTS);
    assert_false(at.is_cut);
    assert_int_equal(past.count, LIMIT_BOUNCE_PARTS);
    assert_true(past.is_cut);
}

/* add_recipients - a delivery report that names so many */
static void add_recipients(struct sbuf *text, size_t count)
{
    sbuf_add(text, "Reporting-MTA: dns; mail.shop.example\n");
    for (size_t i = 0; i < count; i++)
        sbuf_addf(text, "\nFinal-Recipient: rfc822; u%zu@example.net\nStatus: 5.1.1\n", i);
}

/* many_recipients - such a report, read */
static struct bounce *many_recipients(size_t count)
{
    struct sbuf text = sbuf_start(arena);

    add_recipients(&text, count);
    return bounce_read(arena, sbuf_span(&text));
}

/* bound: LIMIT_BOUNCE_RECIPIENTS both */
static void recipients_are_bounded(void **state)
{
    struct bounce *past = many_recipients(LIMIT_BOUNCE_RECIPIENTS + 1);

    (void)state;
    assert_int_equal(many_recipients(LIMIT_BOUNCE_RECIPIENTS)->fault_count, 0);
    assert_int_equal(past->count, LIMIT_BOUNCE_RECIPIENTS);
    assert_int_equal(past->fault_count, 1);
}

static void each_cut_is_reported(void **state)
{
    struct sbuf text = sbuf_start(arena);

    (void)state;
    add_recipients(&text, LIMIT_BOUNCE_RECIPIENTS + 1);
    while (text.len <= LIMIT_BOUNCE_BYTES)
        sbuf_add(&text, "\n");
    assert_int_equal(bounce_read(arena, sbuf_span(&text))->fault_count, 2);
}

/* many_fields - a header with so many fields */
static struct bounce_fields many_fields(size_t count)
{
    struct sbuf text = sbuf_start(arena);

    for (size_t i = 0; i < count; i++)
        sbuf_add(&text, "A: b\n");
    return bounce_fields_read(arena, sbuf_span(&text));
}

/* bound: LIMIT_BOUNCE_FIELDS both */
static void fields_are_bounded(void **state)
{
    (void)state;
    assert_int_equal(many_fields(LIMIT_BOUNCE_FIELDS).count, LIMIT_BOUNCE_FIELDS);
    assert_int_equal(many_fields(LIMIT_BOUNCE_FIELDS + 2).count, LIMIT_BOUNCE_FIELDS);
}

/* named_field - a field with a name of that length is one */
static size_t named_field(size_t len)
{
    char *name = arena_alloc(arena, len + 1);

    memset(name, 'n', len);
    return bounce_fields_read(arena, span_of(arena_printf(arena, "%s: x\n", name))).count;
}

/* bound: LIMIT_FIELD_NAME both */
static void names_are_bounded(void **state)
{
    (void)state;
    assert_int_equal(named_field(LIMIT_FIELD_NAME), 1);
    assert_int_equal(named_field(LIMIT_FIELD_NAME + 1), 0);
}

/* with_tag - a tag of HTML of that length is taken out */
static bool is_tag_gone(size_t len)
{
    char *tag = arena_alloc(arena, len + 1);

    memset(tag, 'x', len);
    tag[0] = '<';
    tag[len - 1] = '>';
    return span_find(bounce_html_to_text(arena, span_of(tag)), 'x') < 0;
}

/* bound: LIMIT_HTML_TAG both */
static void tags_are_bounded(void **state)
{
    (void)state;
    assert_true(is_tag_gone(LIMIT_HTML_TAG));
    assert_false(is_tag_gone(LIMIT_HTML_TAG + 1));
}

/* original_behind - where a header is found that so many unknown fields begin */
static bool is_original(size_t lines)
{
    struct sbuf text = sbuf_start(arena);
    struct span bytes = {0};

    for (size_t i = 0; i + 3 < lines; i++)
        sbuf_add(&text, "X-Other: b\n");
    sbuf_add(&text, "From: a\nTo: b\nSubject: c\n");
    bytes = sbuf_span(&text);
    return bounce_original_at(bytes) == 0;
}

/* bound: LIMIT_BOUNCE_LOOK both */
static void header_in_text_is_bounded(void **state)
{
    (void)state;
    assert_true(is_original(LIMIT_BOUNCE_LOOK));
    assert_false(is_original(LIMIT_BOUNCE_LOOK + 1));
}

/* text_of - what is kept of a text of that length */
static size_t text_of(size_t len)
{
    char *text = arena_alloc(arena, len + 1);
    struct bounce *bounce = NULL;

    memset(text, 'w', len);
    bounce = bounce_read(arena, span_of(arena_printf(arena,
                                                     "Final-Recipient: rfc822; a@example.net\n"
                                                     "Diagnostic-Code: smtp; %s\n",
                                                     text)));
    assert_int_equal(bounce->count, 1);
    return bounce->recipients[0].text.len;
}

/* bound: LIMIT_BOUNCE_TEXT both */
static void text_is_bounded(void **state)
{
    (void)state;
    assert_int_equal(text_of(LIMIT_BOUNCE_TEXT), LIMIT_BOUNCE_TEXT);
    assert_int_equal(text_of(LIMIT_BOUNCE_TEXT + 1), LIMIT_BOUNCE_TEXT);
}

/* of_size - a report of that many octets */
static struct bounce *of_size(size_t size)
{
    struct sbuf text = sbuf_start(arena);

    sbuf_add_span(&text, loaded("exim.eml"));
    while (text.len < size)
        sbuf_add_octet(&text, 'x');
    return bounce_read(arena, sbuf_span(&text));
}

/* bound: LIMIT_BOUNCE_BYTES both: what is cut is said, and its body is not judged */
static void octets_are_bounded(void **state)
{
    struct bounce *at = of_size(LIMIT_BOUNCE_BYTES);
    struct bounce *past = of_size(LIMIT_BOUNCE_BYTES + 1);

    (void)state;
    assert_int_equal(at->fault_count, 0);
    assert_false(at->original.is_header_only);
    assert_int_equal(past->count, 1);
    assert_int_equal(past->fault_count, 1);
    assert_true(past->original.is_header_only);
}

/* bound: LIMIT_BOUNCE_HEAD past: a header that ends beyond it still begins a message */
static void head_is_bounded(void **state)
{
    struct sbuf text = sbuf_start(arena);

    (void)state;
    sbuf_add(&text, "From: MAILER-DAEMON@example.com\nSubject: Undelivered Mail\n");
    while (text.len < LIMIT_BOUNCE_HEAD)
        sbuf_add(&text, "X-Filler: 0123456789012345678901234567890123456789012345678901234\n");
    sbuf_add(&text, "\n<bob@example.net>: host mx.example.net said: 550 5.1.1 User unknown\n");
    assert_int_equal(bounce_read(arena, sbuf_span(&text))->count, 1);
}

/* bound: LIMIT_BOUNCE_EXCERPT past: a text goes on behind an empty line until then */
static void excerpt_is_bounded(void **state)
{
    struct sbuf text = sbuf_start(arena);
    struct bounce *bounce = NULL;

    (void)state;
    sbuf_add(&text, "From: MAILER-DAEMON@example.com\nTo: a@example.com\n"
                    "Subject: Undelivered Mail\n\n<bob@example.net>\n");
    while (text.len < LIMIT_BOUNCE_EXCERPT + 200)
        sbuf_add(&text, "nothing that is known stands here\n");
    sbuf_add(&text, "\n\nUser unknown\n<eve@example.net>\nMailbox full\n");
    bounce = bounce_read(arena, sbuf_span(&text));
    assert_int_equal(bounce->count, 2);
    assert_string_equal(bounce->recipients[0].class->cause->id, "unknown");
    assert_string_equal(bounce->recipients[1].class->cause->id, "mailbox-full");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_are_read),       cmocka_unit_test(original_is_found),
        cmocka_unit_test(feedback_has_facts),     cmocka_unit_test(fields_are_read),
        cmocka_unit_test(charset_is_told),        cmocka_unit_test(charsets_are_converted),
        cmocka_unit_test(depth_is_bounded),       cmocka_unit_test(parts_are_bounded),
        cmocka_unit_test(recipients_are_bounded), cmocka_unit_test(each_cut_is_reported),
        cmocka_unit_test(fields_are_bounded),     cmocka_unit_test(names_are_bounded),
        cmocka_unit_test(tags_are_bounded),       cmocka_unit_test(header_in_text_is_bounded),
        cmocka_unit_test(text_is_bounded),        cmocka_unit_test(octets_are_bounded),
        cmocka_unit_test(head_is_bounded),        cmocka_unit_test(excerpt_is_bounded),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
