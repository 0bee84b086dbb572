/* Reports in every form that people have them, and what is said of those that are none. */
#include <sys/stat.h>
#include <unistd.h>

#include "unit_arena.h"

#include "base/limits_reports.h"
#include "feedback/feedback.h"
#include "feedback_maker.h"

#define SPACE_9990 "urn:ietf:params:xml:ns:dmarc-2.0"

/* read_bytes - a set of one file */
static struct feedback_set *read_bytes(struct span bytes)
{
    struct feedback_set *set = feedback_open(arena);

    feedback_add_bytes(set, "file", bytes);
    return set;
}

static struct feedback_set *read_text(const char *text)
{
    return read_bytes(span_of(text));
}

/* one_report - a report with one row of seven messages */
static const char *one_report(void)
{
    return maker_report(
        arena, &(struct maker_report){
                   .records = maker_record(arena, "192.0.2.1 7 none dkim=pass spf=fail "
                                                  "from=Example.COM. d=example.com:S1:pass "
                                                  "s=bounce.example.net:softfail")});
}

/* assert_one - what one_report() says was read, without a word */
static void assert_one(const struct feedback_set *set)
{
    if (set->notes != NULL)
        print_message("%s\n", set->notes->text);
    assert_null(set->notes);
    assert_int_equal(set->report_count, 1);
    assert_int_equal(set->row_count, 1);
    assert_int_equal(set->rows[0].count, 7);
    assert_ptr_equal(set->rows[0].report, set->reports);
}

static void every_value_of_a_report_is_read(void **state)
{
    const struct feedback_set *set = read_text(maker_report(
        arena, &(struct maker_report){
                   .space = SPACE_9990,
                   .published = "<discovery_method>treewalk</discovery_method><p>reject</p>"
                                "<sp>quarantine</sp><np>none</np><adkim>s</adkim><aspf>r</aspf>"
                                "<testing>y</testing><fo>1</fo><pct>50</pct>",
                   .records = maker_record(arena, "2001:db8::1 3 quarantine dkim=fail spf=pass "
                                                  "from=example.com envelope=news.example.com "
                                                  "d=example.com:s1:fail d=example.net:k:pass "
                                                  "s=news.example.com:pass reason=mailing_list "
                                                  "comment=arc=pass")}));
    const struct feedback_report *report = set->reports;
    const struct feedback_row *row = set->rows;

    (void)state;
    assert_int_equal(set->row_count, 1);
    assert_string_equal(report->reporter, "receiver.example");
    assert_string_equal(report->contact, "reports@receiver.example");
    assert_string_equal(report->id, "1");
    assert_true(report->is_rfc9990);
    assert_int_equal(report->begin, 1793491200);
    assert_int_equal(report->end, 1793577599);
    assert_string_equal(report->policy.domain, "example.com");
    assert_string_equal(report->policy.p, "reject");
    assert_string_equal(report->policy.sp, "quarantine");
    assert_string_equal(report->policy.np, "none");
    assert_string_equal(report->policy.adkim, "s");
    assert_string_equal(report->policy.aspf, "r");
    assert_string_equal(report->policy.testing, "y");
    assert_string_equal(report->policy.method, "treewalk");
    assert_string_equal(report->policy.pct, "50");
    assert_int_equal(report->messages, 3);
    assert_string_equal(ip_to_text(arena, &row->ip), "2001:db8::1");
    assert_int_equal(row->disposition, FEEDBACK_QUARANTINE);
    assert_false(row->dkim_passed);
    assert_true(row->spf_passed);
    assert_int_equal(row->reasons,
                     FEEDBACK_MAILING_LIST | FEEDBACK_LOCAL_POLICY | FEEDBACK_ARC);
    assert_string_equal(row->identity->header_from, "example.com");
    assert_string_equal(row->identity->envelope_from, "news.example.com");
    assert_int_equal(row->identity->dkim_count, 2);
    assert_string_equal(row->identity->dkim[1].domain, "example.net");
    assert_string_equal(row->identity->dkim[1].selector, "k");
    assert_int_equal(row->identity->dkim[1].result, DKIM_PASS);
    assert_int_equal(row->identity->spf_count, 1);
    assert_int_equal(row->identity->spf[0].result, SPF_PASS);
}

static void names_are_compared_without_case_and_dot(void **state)
{
    const struct feedback_set *set = read_text(one_report());

    (void)state;
    assert_one(set);
    assert_string_equal(set->rows[0].identity->header_from, "example.com");
    assert_string_equal(set->rows[0].identity->dkim[0].selector, "s1");
    assert_ptr_equal(set->rows[0].identity->header_from, set->reports->policy.domain);
}

static void content_decides_what_a_file_is(void **state)
{
    struct span plain = span_of(one_report());
    struct span gzip = maker_gzip(arena, plain);
    struct span zip = maker_zip(arena, "receiver.example!example.com!1!2.xml", plain);

    (void)state;
    assert_one(read_bytes(plain));
    assert_one(read_bytes(gzip));
    assert_one(read_bytes(zip));
    assert_one(read_bytes(maker_gzip(arena, gzip)));
    assert_one(read_bytes(maker_zip(arena, "a.xml.gz", gzip)));
    assert_one(read_text(arena_printf(arena, "\xEF\xBB\xBF\n%s", one_report() + 39)));
    assert_one(read_text(arena_printf(arena, "\r\n %s", one_report())));
}

/* wrapped_with - the report inside of another element, whose end is `end` */
static const char *wrapped_with(const char *end)
{
    return arena_printf(arena,
                        "<?xml version=\"1.0\"?>\n<xs:schema "
                        "xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\n%s%s",
                        one_report() + 39, end);
}

static void what_reporters_wrap_around_a_report_is_read(void **state)
{
    (void)state;
    assert_one(read_text(wrapped_with("</xs:schema>\n")));
    assert_one(read_text(wrapped_with("")));
    assert_int_equal(read_text(wrapped_with(one_report() + 39))->report_count, 0);
    assert_int_equal(read_text(wrapped_with("</xs:schema>") + 22)->report_count, 1);
}

static void seconds_may_have_a_fraction(void **state)
{
    (void)state;
    assert_int_equal(
        read_text(maker_report(arena, &(struct maker_report){.begin = "1793491200.0",
                                                             .end = "1793577599.000"}))
            ->report_count,
        1);
}

/* message_with - a mail that carries a report */
static const char *message_with(const char *type, const char *coding, const char *body)
{
    return arena_printf(
        arena,
        "From: reports@receiver.example\nSubject: Report Domain: example.com\n"
        "MIME-Version: 1.0\nContent-Type: multipart/mixed;\n boundary=\"b; 1\"\n\n"
        "preamble\n--b; 1\nContent-Type: text/plain\n\nThis is a report.\n"
        "--b; 1\nContent-Type: %s;\n name=\"x\"\n"
        "Content-Transfer-Encoding: %s\n\n%s\n--b; 1--\n\nepilogue\n",
        type, coding, body);
}

static void attachments_are_read(void **state)
{
    struct span plain = span_of(one_report());
    const char *zip = maker_base64(arena, maker_zip(arena, "a.xml", plain));
    const char *gzip = maker_base64(arena, maker_gzip(arena, plain));
    struct sbuf quoted = sbuf_start(arena);
    const char *inner = message_with("application/zip", "base64", zip);

    (void)state;
    for (size_t i = 0; i < plain.len; i++)
        if (plain.at[i] == '=')
            sbuf_add(&quoted, "=3D=\r\n");
        else
            sbuf_add_octet(&quoted, plain.at[i]);
    assert_one(read_text(message_with("application/gzip", "base64", gzip)));
    assert_one(read_text(inner));
    assert_one(read_text(message_with("application/octet-stream", "BASE64", gzip)));
    assert_one(read_text(message_with("text/xml", "7bit", one_report())));
    assert_one(read_text(message_with("text/xml", "quoted-printable", sbuf_text(&quoted))));
    assert_one(read_text(message_with("text/plain", "7bit", one_report())));
    assert_one(read_text(message_with("message/rfc822", "7bit", inner)));
    assert_one(read_text(arena_printf(
        arena, "Content-Type: application/gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n%s",
        gzip)));
    assert_one(read_bytes(maker_gzip(arena, span_of(inner))));
}

static void every_message_of_a_mailbox_is_read(void **state)
{
    struct sbuf box = sbuf_start(arena);
    const struct feedback_set *set = NULL;

    (void)state;
    for (int i = 0; i < 5; i++) {
        const char *report = maker_report(
            arena, &(struct maker_report){.id = arena_printf(arena, "id%d", i % 4),
                                          .records = maker_record(arena, "192.0.2.1 1 none")});

        sbuf_addf(&box, "From r@receiver.example Sun Nov  1 11:00:00 2026\n%s\n",
                  message_with("application/gzip", "base64",
                               maker_base64(arena, maker_gzip(arena, span_of(report)))));
    }
    sbuf_add(&box, "From a@example.org Sun Nov  1 11:00:00 2026\nFrom: a@example.org\n\n"
                   "No report.\n\nFrom here on there is text only\n");
    set = read_text(sbuf_text(&box));
    assert_int_equal(set->messages, 6);
    assert_int_equal(set->report_count, 4);
    assert_int_equal(set->row_count, 4);
    assert_int_equal(set->duplicates, 1);
    assert_int_equal(set->note_count, 2);
    assert_string_equal(set->notes->place, "file, message 5");
    assert_string_equal(set->notes->text,
                        "is the same report as file, message 1: counted once");
    assert_string_equal(set->notes->next->text, "1 of 6 messages have no report");
}

static void a_report_that_differs_from_itself_is_noted(void **state)
{
    struct feedback_set *set = feedback_open(arena);

    (void)state;
    feedback_add_bytes(set, "first", span_of(one_report()));
    feedback_add_bytes(
        set, "second",
        span_of(maker_report(arena, &(struct maker_report){
                                        .records = maker_record(arena, "192.0.2.1 8 none")})));
    assert_int_equal(set->report_count, 1);
    assert_int_equal(set->rows[0].count, 7);
    assert_int_equal(set->notes->kind, FEEDBACK_NOTE_DIFFERS);
}

/* ---- what is wrong ---- */

struct bad_case {
    const char *text;
    const char *sentence; /* of the first note */
    size_t reports;
    size_t rows;
};

static void assert_bad(const struct bad_case *one)
{
    const struct feedback_set *set = read_text(one->text);

    if (set->notes == NULL)
        print_message("no note: %s\n", one->sentence);
    assert_non_null(set->notes);
    if (strcmp(set->notes->text, one->sentence) != 0)
        print_message("%s\n", set->notes->text);
    assert_string_equal(set->notes->text, one->sentence);
    assert_int_equal(set->report_count, one->reports);
    assert_int_equal(set->row_count, one->rows);
}

static void what_is_wrong_is_said_in_one_sentence(void **state)
{
    const char *good = maker_record(arena, "192.0.2.1 1 none");
    const struct bad_case cases[] = {
        {"<?xml version=\"1.0\"?>\n<!DOCTYPE feedback [<!ENTITY x \"xxxxxxxx\">]>\n"
         "<feedback>&x;</feedback>",
         "line 2: declares a document type; reports have none", 0, 0},
        {"<feedback xmlns=\"http://example.com/ns\"></feedback>",
         "line 1: the namespace \"http://example.com/ns\" is not that of aggregate reports "
         "(urn:ietf:params:xml:ns:dmarc-2.0)",
         0, 0},
        {"<html><body/></html>",
         "is not an aggregate report: the root element is <html> instead of <feedback>", 0, 0},
        {"<feedback>\n<report_metadata>\n", "line 3: ends before the report does", 0, 0},
        {"<feedback>\n<a></b></feedback>", "line 2: not well-formed XML: mismatched tag", 0, 0},
        {"<feedback><a>\xFF\xFE</a></feedback>    ", "line 1: is not valid UTF-8", 0, 0},
        {"<feedback></feedback>", "has no domain (policy_published, domain)", 0, 0},
        {maker_report(arena, &(struct maker_report){.begin = "soon"}),
         "line 4: \"soon\" in date_range is not a time in seconds since 1970", 0, 0},
        {maker_report(arena,
                      &(struct maker_report){.begin = "1793577599", .end = "1793491200"}),
         "ends (2026-11-01T00:00:00Z) before it begins (2026-11-01T23:59:59Z)", 0, 0},
        {maker_report(arena,
                      &(struct maker_report){
                          .records = arena_printf(arena, "%s%s", good,
                                                  maker_record(arena, "192.0.2.1 -5 none"))}),
         "line 9: \"-5\" is not a number of messages: the record is left out", 1, 1},
        {maker_report(arena, &(struct maker_report){.records = maker_record(
                                                        arena, "192.0.2.256 5 none")}),
         "line 6: \"192.0.2.256\" is not an address: the record is left out", 1, 0},
        {maker_report(arena, &(struct maker_report){.records = "<record></record>"}),
         "line 6: a record without an address (source_ip): the record is left out", 1, 0},
        {maker_report(arena, &(struct maker_report){.records = maker_record(
                                                        arena, "192.0.2.1 5 none "
                                                               "s=example.com:maybe")}),
         "line 8: \"maybe\" is not a SPF result, and counts as \"none\"", 1, 1},
        {maker_report(arena,
                      &(struct maker_report){
                          .records = "<record><row><source_ip>192.0.2.1</source_ip><count>1"
                                     "</count></row><row></row></record>"}),
         "line 6: a record with more than one row: the record is left out", 1, 0},
        {maker_report(arena, &(struct maker_report){.begin = "1793491200.x"}),
         "line 4: \"1793491200.x\" in date_range is not a time in seconds since 1970", 0, 0},
        {"{\"a\": ", "line 1: not valid JSON: unexpected token near end of file", 0, 0},
        {"{\"policies\": []}", "is not a TLS report: \"policies\" or \"date-range\" is missing",
         0, 0},
        {"just text", "is neither a report nor a message", 0, 0},
        {"From: a@example.com\n\nHello\n", "is a message without a report", 0, 0},
        {" \n", "is empty", 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_bad(&cases[i]);
}

/* refused - the sentence about bytes that hold no report */
static const char *refused(struct span bytes)
{
    const struct feedback_set *set = read_bytes(bytes);

    assert_int_equal(set->report_count, 0);
    assert_int_equal(set->note_count, 1);
    assert_int_equal(set->notes->kind, FEEDBACK_NOTE_REFUSED);
    return set->notes->text;
}

static void archives_that_are_cut_or_damaged_are_refused(void **state)
{
    struct span plain = span_of(one_report());
    struct span gzip = maker_gzip(arena, plain);
    struct span zip = maker_zip(arena, "a.xml", plain);
    char *broken = arena_strdup_span(arena, zip);

    (void)state;
    assert_string_equal(refused(span_sub(gzip, 0, gzip.len / 2)), "the gzip data is cut off");
    assert_string_equal(refused(span_sub(gzip, 0, gzip.len - 1)), "the gzip data is cut off");
    assert_string_equal(refused(span_sub(zip, 0, zip.len - 30)), "the zip archive is cut off");
    for (size_t i = 40; i < 60; i++)
        broken[i] = '\xFF';
    assert_string_equal(refused(span_make(broken, zip.len)),
                        "the data in the zip archive is damaged or cut off");
    for (size_t i = 0; i < zip.len; i++) /* whatever is damaged, nothing breaks */
        for (unsigned bit = 0; bit < 8; bit += 5) {
            char *damaged = arena_strdup_span(arena, zip);

            damaged[i] = (char)(damaged[i] ^ (1 << bit));
            read_bytes(span_make(damaged, zip.len));
        }
}

/* blanks_after - a report with so many octets of blanks behind it */
static struct span blanks_after(size_t size)
{
    struct span plain = span_of(one_report());
    char *bytes = arena_alloc(arena, size + 1);

    memset(bytes, ' ', size);
    memcpy(bytes, plain.at, plain.len);
    return span_make(bytes, size);
}

/* noise_after - the same with octets that pack badly, in a comment */
static struct span noise_after(size_t size)
{
    struct span bytes = blanks_after(size);
    char *text = (char *)bytes.at;
    size_t start = strlen(one_report());
    uint32_t number = 1;

    memcpy(text + start, "<!--", 4);
    for (size_t i = start + 4; i < size - 3; i++) {
        number = number * 1103515245 + 12345;
        text[i] = (char)('a' + (number >> 16) % 26);
    }
    memcpy(text + size - 3, "-->", 3);
    return bytes;
}

/* bound: LIMIT_FEEDBACK_BYTES both, LIMIT_FEEDBACK_RATIO past, LIMIT_FEEDBACK_RATIO_FROM both */
static void a_report_is_bounded_and_a_bomb_is_refused(void **state)
{
    const char *large = "unpacks to more than 10 MB, the most that is read of a report";
    const char *bomb = "unpacks to more than 100 times its size, as no report does";
    struct span most = noise_after(LIMIT_FEEDBACK_BYTES);
    struct span past = noise_after(LIMIT_FEEDBACK_BYTES + 1);

    (void)state;
    assert_one(read_bytes(most));
    assert_one(read_bytes(maker_gzip(arena, most)));
    assert_string_equal(refused(past),
                        "is larger than 10 MB, the most that is read of a report");
    assert_string_equal(refused(maker_gzip(arena, past)), large);
    assert_one(read_bytes(maker_gzip(arena, blanks_after(LIMIT_FEEDBACK_RATIO_FROM))));
    assert_string_equal(refused(maker_gzip(arena, blanks_after(5 * 1000 * 1000))), bomb);
    assert_string_equal(refused(maker_zip(arena, "a", blanks_after(5 * 1000 * 1000))), bomb);
}

/* bound: LIMIT_FEEDBACK_PACKINGS both, LIMIT_FEEDBACK_ARCHIVE_BYTES past */
static void packings_around_each_other_are_bounded(void **state)
{
    struct span twice = maker_gzip(arena, maker_gzip(arena, span_of(one_report())));
    char *large = arena_alloc(arena, LIMIT_FEEDBACK_ARCHIVE_BYTES + 1);

    (void)state;
    assert_one(read_bytes(twice));
    assert_string_equal(refused(maker_gzip(arena, twice)),
                        "is packed more often than reports are");
    memcpy(large, "PK\x03\x04", 4);
    assert_string_equal(refused(span_make(large, LIMIT_FEEDBACK_ARCHIVE_BYTES + 1)),
                        "is larger than 10 MB, the most that is read of a zip archive");
}

/* bound: LIMIT_FEEDBACK_MEMBERS both */
static void members_of_an_archive_are_bounded(void **state)
{
    struct span plain = span_of(one_report());
    const struct feedback_set *set =
        read_bytes(maker_zip_times(arena, plain, LIMIT_FEEDBACK_MEMBERS));

    (void)state;
    assert_int_equal(set->report_count, 1);
    assert_int_equal(set->duplicates, LIMIT_FEEDBACK_MEMBERS - 1);
    set = read_bytes(maker_zip_times(arena, plain, LIMIT_FEEDBACK_MEMBERS + 1));
    assert_int_equal(set->duplicates, LIMIT_FEEDBACK_MEMBERS - 1);
}

/* bound: LIMIT_FEEDBACK_FOLDERS both */
static void folders_are_read_in_order_and_to_a_depth(void **state)
{
    char path[4096] = "/tmp/feedback-XXXXXX";
    const char *report = one_report();
    const char *folder = NULL;
    const char *deep = NULL;
    struct feedback_set *set = feedback_open(arena);
    struct err why = {0};

    (void)state;
    assert_non_null(mkdtemp(path));
    folder = deep = path;
    for (int i = 0; i < LIMIT_FEEDBACK_FOLDERS; i++) {
        const char *file = arena_printf(arena, "%s/%c.txt", deep, i == 0 ? 'b' : 'a');
        FILE *out = fopen(file, "w");

        assert_non_null(out);
        fputs(report, out);
        fclose(out);
        deep = arena_printf(arena, "%s/c", deep);
        assert_int_equal(mkdir(deep, 0700), 0);
    }
    assert_true(feedback_add_path(set, folder, &why));
    assert_int_equal(set->files, LIMIT_FEEDBACK_FOLDERS);
    assert_int_equal(set->duplicates, LIMIT_FEEDBACK_FOLDERS - 1);
    assert_string_equal(set->reports->place, arena_printf(arena, "%s/b.txt", folder));
    assert_int_equal(set->note_count, LIMIT_FEEDBACK_FOLDERS);
    for (int i = LIMIT_FEEDBACK_FOLDERS; i > 0; i--) {
        assert_int_equal(rmdir(deep), 0);
        deep = arena_strdup_span(arena, span_sub(span_of(deep), 0, strlen(deep) - 2));
        assert_int_equal(unlink(arena_printf(arena, "%s/%c.txt", deep, i == 1 ? 'b' : 'a')), 0);
    }
    assert_int_equal(rmdir(folder), 0);
    assert_false(feedback_add_path(set, folder, &why));
}

/* nested_message - a report inside of messages inside of each other */
static const char *nested_message(unsigned depth)
{
    struct sbuf text = sbuf_start(arena);

    for (unsigned i = 0; i < depth; i++)
        sbuf_addf(&text, "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i, i);
    sbuf_addf(&text, "Content-Type: text/xml\n\n%s\n", one_report());
    return sbuf_text(&text);
}

/* bound: LIMIT_FEEDBACK_MIME_DEPTH both */
static void parts_inside_of_each_other_are_bounded(void **state)
{
    (void)state;
    assert_one(read_text(nested_message(LIMIT_FEEDBACK_MIME_DEPTH)));
    assert_int_equal(read_text(nested_message(LIMIT_FEEDBACK_MIME_DEPTH + 1))->report_count, 0);
}

/* bound: LIMIT_FEEDBACK_ROW_NOTES both, LIMIT_FEEDBACK_NOTES both, LIMIT_FEEDBACK_COUNT both */
static void notes_are_bounded(void **state)
{
    struct sbuf records = sbuf_start(arena);
    const struct feedback_set *set = NULL;
    struct feedback_set *many = feedback_open(arena);

    (void)state;
    for (int i = 0; i <= LIMIT_FEEDBACK_ROW_NOTES; i++)
        sbuf_add(&records, maker_record(arena, "192.0.2.1 0 none"));
    sbuf_add(&records, maker_record(arena, "192.0.2.1 1000000000000 none"));
    set =
        read_text(maker_report(arena, &(struct maker_report){.records = sbuf_text(&records)}));
    assert_int_equal(set->note_count, LIMIT_FEEDBACK_ROW_NOTES + 1);
    assert_int_equal(set->row_count, 1);
    assert_int_equal(set->reports->bad_rows, LIMIT_FEEDBACK_ROW_NOTES + 1);
    set = read_text(maker_report(
        arena, &(struct maker_report){
                   .records = maker_record(arena, "192.0.2.1 1000000000001 none")}));
    assert_int_equal(set->row_count, 0);
    for (int i = 0; i <= LIMIT_FEEDBACK_NOTES; i++)
        feedback_add_bytes(many, "file", span_of("text"));
    assert_int_equal(many->note_count, LIMIT_FEEDBACK_NOTES);
    assert_int_equal(many->notes_left_off, 1);
}

/* bound: LIMIT_FEEDBACK_RESULTS both */
static void results_of_a_record_are_bounded(void **state)
{
    struct sbuf record = sbuf_start(arena);
    const struct feedback_set *set = NULL;

    (void)state;
    sbuf_add(&record, "192.0.2.1 1 none");
    for (int i = 0; i <= LIMIT_FEEDBACK_RESULTS; i++)
        sbuf_addf(&record, " d=d%d.example:s:fail s=s%d.example:fail", i, i);
    set = read_text(maker_report(
        arena, &(struct maker_report){.records = maker_record(arena, sbuf_text(&record))}));
    assert_int_equal(set->rows[0].identity->dkim_count, LIMIT_FEEDBACK_RESULTS);
    assert_int_equal(set->rows[0].identity->spf_count, LIMIT_FEEDBACK_RESULTS);
    assert_string_equal(set->rows[0].identity->dkim[49].domain, "d49.example");
}

/* ---- RFC 8460 ---- */

#define TLS_REPORT                                                                             \
    "{\"organization-name\":\"Receiver\",\"date-range\":{\"start-datetime\":"                  \
    "\"2026-11-01T00:00:00Z\",\"end-datetime\":\"2026-11-01T23:59:59Z\"},"                     \
    "\"contact-info\":\"tls@receiver.example\",\"report-id\":\"t1\",\"policies\":[{"           \
    "\"policy\":"                                                                              \
    "{\"policy-type\":\"sts\",\"policy-string\":[\"version: STSv1\",\"mode: testing\"],"       \
    "\"policy-domain\":\"Example.com\"},\"summary\":{\"total-successful-session-count\":5326," \
    "\"total-failure-session-count\":303},\"failure-details\":[{\"result-type\":"              \
    "\"certificate-expired\",\"sending-mta-ip\":\"2001:db8:abcd:12::1\","                      \
    "\"receiving-mx-hostname\":\"mx1.example.com\",\"failed-session-count\":%s}]}]}"

static void a_tls_report_is_read(void **state)
{
    struct span plain = span_of(arena_printf(arena, TLS_REPORT, "100"));
    const struct feedback_set *set = read_bytes(maker_gzip(arena, plain));
    const struct feedback_tls_policy *policy = NULL;

    (void)state;
    assert_int_equal(set->tls_count, 1);
    assert_string_equal(set->tls->reporter, "Receiver");
    assert_int_equal(set->tls->begin, 1793491200);
    policy = set->tls->policies;
    assert_string_equal(policy->type, "sts");
    assert_string_equal(policy->domain, "example.com");
    assert_int_equal(policy->string_count, 2);
    assert_int_equal(policy->successful, 5326);
    assert_int_equal(policy->failed, 303);
    assert_string_equal(policy->failures->type, "certificate-expired");
    assert_string_equal(policy->failures->mx, "mx1.example.com");
    assert_int_equal(policy->failures->sessions, 100);
    assert_string_equal(refused(span_of(arena_printf(arena, TLS_REPORT, "-1"))),
                        "failed-session-count is not a number of sessions");
}

/* bound: LIMIT_FEEDBACK_JSON_BYTES both */
static void a_tls_report_is_bounded(void **state)
{
    struct span plain = span_of(arena_printf(arena, TLS_REPORT, "1"));
    char *bytes = arena_alloc(arena, LIMIT_FEEDBACK_JSON_BYTES + 1);

    (void)state;
    memset(bytes, ' ', LIMIT_FEEDBACK_JSON_BYTES + 1);
    memcpy(bytes, plain.at, plain.len);
    assert_int_equal(read_bytes(span_make(bytes, LIMIT_FEEDBACK_JSON_BYTES))->tls_count, 1);
    assert_string_equal(refused(span_make(bytes, LIMIT_FEEDBACK_JSON_BYTES + 1)),
                        "is larger than 2 MB, the most that is read of a TLS report");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_of_a_report_is_read),
        cmocka_unit_test(names_are_compared_without_case_and_dot),
        cmocka_unit_test(content_decides_what_a_file_is),
        cmocka_unit_test(what_reporters_wrap_around_a_report_is_read),
        cmocka_unit_test(seconds_may_have_a_fraction),
        cmocka_unit_test(attachments_are_read),
        cmocka_unit_test(every_message_of_a_mailbox_is_read),
        cmocka_unit_test(a_report_that_differs_from_itself_is_noted),
        cmocka_unit_test(what_is_wrong_is_said_in_one_sentence),
        cmocka_unit_test(archives_that_are_cut_or_damaged_are_refused),
        cmocka_unit_test(a_report_is_bounded_and_a_bomb_is_refused),
        cmocka_unit_test(packings_around_each_other_are_bounded),
        cmocka_unit_test(members_of_an_archive_are_bounded),
        cmocka_unit_test(folders_are_read_in_order_and_to_a_depth),
        cmocka_unit_test(parts_inside_of_each_other_are_bounded),
        cmocka_unit_test(notes_are_bounded),
        cmocka_unit_test(results_of_a_record_are_bounded),
        cmocka_unit_test(a_tls_report_is_read),
        cmocka_unit_test(a_tls_report_is_bounded),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
