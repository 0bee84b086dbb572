/* Messages as files hold them: line ends, odd header sections, refusals, large bodies. */
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "temp_file.h"
#include "unit.h"

#include "base/limits.h"
#include "base/sbuf.h"
#include "mail/mail_message.h"

struct fixture {
    struct arena *arena;
    const char *path; /* a file to be written and read; removed afterwards */
    struct err why;
};

static int setup(void **state)
{
    struct fixture *f = test_calloc(1, sizeof(*f));

    f->arena = arena_open();
    f->path = temp_file(f->arena, (struct span){"", 0});
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    unlink(f->path);
    arena_close(f->arena);
    test_free(f);
    return 0;
}

#define SPAN(text) span_make((text), sizeof(text) - 1)

static void write_file(struct fixture *f, struct span bytes)
{
    int fd = open(f->path, O_WRONLY | O_TRUNC);

    assert_true(fd >= 0);
    while (bytes.len > 0) {
        ssize_t put = write(fd, bytes.at, bytes.len);

        assert_true(put > 0);
        bytes = span_from(bytes, (size_t)put);
    }
    close(fd);
}

static struct span body_of(struct arena *arena, struct mail_message *message)
{
    struct sbuf all = sbuf_start(arena);
    struct span chunk;

    mail_body_rewind(message);
    while (mail_body_next(message, &chunk))
        sbuf_add_span(&all, chunk);
    assert_null(mail_body_failed(message));
    return sbuf_span(&all);
}

static void assert_span(struct span got, const char *want)
{
    if (!span_equal_text(got, want))
        fail_msg("got \"%.*s\", want \"%s\"", SPAN_ARG(got), want);
}

static const struct fault *fault_of(const struct mail_message *message, enum mail_fault kind)
{
    for (const struct fault *fault = message->faults; fault != NULL; fault = fault->next)
        if (fault->kind == (int)kind)
            return fault;
    return NULL;
}

static size_t fault_count(const struct mail_message *message)
{
    size_t count = 0;

    for (const struct fault *fault = message->faults; fault != NULL; fault = fault->next)
        count++;
    return count;
}

static void fields_keep_their_octets_and_lines(void **state)
{
    struct fixture *f = *state;
    struct mail_message *m = mail_message_parse(
        f->arena, SPAN("From: a@example.com\r\nSubject : one\r\n\ttwo\r\nX:\r\n\r\nbody\r\n"));

    assert_int_equal(m->header_count, 3);
    assert_span(m->headers[0].name, "From");
    assert_span(m->headers[0].value, " a@example.com");
    assert_span(m->headers[1].name, "Subject");
    assert_span(m->headers[1].value, " one\r\n\ttwo");
    assert_span(m->headers[1].raw, "Subject : one\r\n\ttwo\r\n");
    assert_int_equal(m->headers[1].line, 2);
    assert_span(m->headers[2].name, "X");
    assert_span(m->headers[2].value, "");
    assert_int_equal(m->headers[2].line, 4);
    assert_int_equal(m->body_line, 6);
    assert_true(m->has_body);
    assert_int_equal(m->size, 54);
    assert_int_equal(fault_count(m), 0);
    assert_span(body_of(f->arena, m), "body\r\n");
    assert_span(body_of(f->arena, m), "body\r\n"); /* again, from the start */
}

static void a_unix_file_reads_like_its_crlf_twin(void **state)
{
    struct fixture *f = *state;
    struct mail_message *m = mail_message_parse(
        f->arena, SPAN("From: a@example.com\nSubject: one\n two\n\nline\r\n\nlast"));

    assert_int_equal(m->header_count, 2);
    assert_span(m->headers[0].raw, "From: a@example.com\r\n");
    assert_span(m->headers[1].raw, "Subject: one\r\n two\r\n");
    assert_span(m->headers[1].value, " one\r\n two");
    assert_span(body_of(f->arena, m), "line\r\n\r\nlast");
    assert_int_equal(fault_count(m), 0);
    assert_int_equal(m->body_line, 5);
}

static void stray_line_ends_in_a_crlf_file_are_kept(void **state)
{
    struct fixture *f = *state;
    struct mail_message *m = mail_message_parse(
        f->arena, SPAN("From: a@example.com\r\nX: a\nY: b\r\n\r\nx\ny\rz\r\n"));

    assert_int_equal(m->header_count, 2);
    assert_span(m->headers[1].value, " a\nY: b");
    assert_span(body_of(f->arena, m), "x\ny\rz\r\n");
    assert_string_equal(fault_of(m, MAIL_FAULT_BARE_LF)->text,
                        "line 2: LF without CR in a file with CRLF");
    assert_string_equal(fault_of(m, MAIL_FAULT_BARE_CR)->text, "line 4: CR without LF");
    assert_int_equal(fault_count(m), 2);
}

static void an_mbox_line_is_dropped(void **state)
{
    struct fixture *f = *state;
    struct mail_message *m =
        mail_message_parse(f->arena, SPAN("From a@example.com Tue Nov 24 10:00:00 2026\n"
                                          "From: a@example.com\r\n\r\nx\r\n"));

    assert_int_equal(m->header_count, 1);
    assert_int_equal(m->headers[0].line, 2);
    assert_span(m->headers[0].raw, "From: a@example.com\r\n");
    assert_non_null(fault_of(m, MAIL_FAULT_MBOX_LINE));
    assert_int_equal(fault_count(m), 1); /* the rest is a CRLF file */
}

static void a_line_without_colon_begins_the_body(void **state)
{
    struct fixture *f = *state;
    struct mail_message *m = mail_message_parse(
        f->arena, SPAN("From: a@example.com\r\nno field here\r\nTo: b@example.com\r\n\r\nx"));

    assert_int_equal(m->header_count, 1);
    assert_int_equal(m->body_line, 2);
    assert_string_equal(fault_of(m, MAIL_FAULT_NO_COLON)->text,
                        "line 2: not a header field; the body begins here");
    assert_null(fault_of(m, MAIL_FAULT_NO_BODY));
    assert_span(body_of(f->arena, m), "no field here\r\nTo: b@example.com\r\n\r\nx");

    m = mail_message_parse(f->arena, SPAN("A: b\r\nsome words: x\r\n\r\n"));
    assert_int_equal(m->header_count, 1);
    m = mail_message_parse(f->arena, SPAN("A: b\r\n: x\r\n\r\n"));
    assert_int_equal(m->header_count, 1);
    m = mail_message_parse(f->arena, SPAN(" A: b\r\n\r\n"));
    assert_int_equal(m->header_count, 0);
    assert_span(body_of(f->arena, m), " A: b\r\n\r\n");
}

static void a_message_may_end_in_its_header(void **state)
{
    struct fixture *f = *state;
    struct mail_message *m = mail_message_parse(f->arena, SPAN("From: a@example.com\r\nX: y"));

    assert_int_equal(m->header_count, 2);
    assert_span(m->headers[1].raw, "X: y\r\n");
    assert_span(m->headers[1].value, " y");
    assert_false(m->has_body);
    assert_non_null(fault_of(m, MAIL_FAULT_NO_BODY));
    assert_span(body_of(f->arena, m), "");

    m = mail_message_parse(f->arena, SPAN("X: y\n\n"));
    assert_false(m->has_body);
    assert_null(fault_of(m, MAIL_FAULT_NO_BODY));
    assert_int_equal(fault_count(m), 0);
}

static void odd_octets_are_noted_and_kept(void **state)
{
    struct fixture *f = *state;
    struct mail_message *m =
        mail_message_parse(f->arena, SPAN("A: x\0y\r\nB\xC3\xA9: \xE4\r\n\r\nbody\0\r\n"));

    assert_int_equal(m->header_count, 2);
    assert_int_equal(m->headers[0].value.len, 4);
    assert_memory_equal(m->headers[0].value.at, " x\0y", 4);
    assert_string_equal(fault_of(m, MAIL_FAULT_NUL)->text, "line 1: NUL octet");
    assert_string_equal(fault_of(m, MAIL_FAULT_FIELD_NAME)->text,
                        "line 2: octets in a field name that may not be there");
    assert_string_equal(fault_of(m, MAIL_FAULT_NON_ASCII)->text,
                        "line 2: 8-bit octets in the header section");
    struct span body = body_of(f->arena, m);

    assert_int_equal(body.len, 7);
    assert_memory_equal(body.at, "body\0\r\n", 7);
}

static void empty_memory_is_a_message_without_anything(void **state)
{
    struct fixture *f = *state;
    struct mail_message *m = mail_message_parse(f->arena, SPAN(""));

    assert_int_equal(m->header_count, 0);
    assert_false(m->has_body);
    assert_span(body_of(f->arena, m), "");
    m = mail_message_parse(f->arena, SPAN("\r\nonly a body"));
    assert_int_equal(m->header_count, 0);
    assert_span(body_of(f->arena, m), "only a body");
    m = mail_message_parse(f->arena, SPAN("\n"));
    assert_false(m->has_body);
}

static void fields_are_found_without_case(void **state)
{
    struct fixture *f = *state;
    struct mail_message *m =
        mail_message_parse(f->arena, SPAN("From: 1\r\nTo: 2\r\nFROM: 3\r\nFro: 4\r\n\r\n"));
    const struct mail_header *second = mail_header_find(m, "from", 1);

    assert_int_equal(mail_header_count(m, "fRom"), 2);
    assert_span(second->value, " 3");
    assert_int_equal(mail_header_index(m, second), 2);
    assert_null(mail_header_find(m, "From", 3));
    assert_null(mail_header_find(m, "Cc", 0));
}

static void refusals_name_the_file_and_the_way_out(void **state)
{
    struct fixture *f = *state;
    static const struct {
        struct span bytes;
        const char *sentence;
    } cases[] = {
        {{"", 0}, "is empty"},
        {{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest", 12}, "save the message as .eml"},
        {{"\xFF\xFE"
          "F\0r\0",
          6},
         "UTF-16"},
        {{"PK\x03\x04zip", 7}, "ZIP"},
        {{"\x1F\x8B\x08", 3}, "gzip"},
        {{"\x7F"
          "ELF\x02\x01\x00\x00",
          8},
         "does not begin with a header field"},
        {{"Hello,\nthis is text: really\n", 28}, "does not begin with a header field"},
        {{"\r\nbody", 6}, "does not begin with a header field"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        write_file(f, cases[i].bytes);
        assert_null(mail_message_choose(f->arena, f->path, &(struct mail_choice){0}, &f->why));
        assert_int_equal(f->why.kind, ERR_INPUT);
        assert_non_null(strstr(f->why.text, f->path));
        if (strstr(f->why.text, cases[i].sentence) == NULL)
            fail_msg("case %zu: %s", i, f->why.text);
    }
    assert_null(mail_message_choose(f->arena, "/nonexistent/message", &(struct mail_choice){0},
                                    &f->why));
    assert_string_equal(f->why.text, "/nonexistent/message: No such file or directory");
    assert_null(mail_message_choose(f->arena, "/", &(struct mail_choice){0}, &f->why));
    assert_string_equal(f->why.text, "/: is a directory, not a file");
}

static void a_long_line_is_accepted_and_noted(void **state)
{
    struct fixture *f = *state;
    size_t len = 1024 * 1024;
    struct sbuf text = sbuf_start(f->arena);

    sbuf_add(&text, "X: ");
    for (size_t i = 0; i < len; i++)
        sbuf_add_octet(&text, 'x');
    sbuf_add(&text, "\nFrom: a@example.com\n\nbody\n");
    write_file(f, sbuf_span(&text));
    struct mail_message *m =
        mail_message_choose(f->arena, f->path, &(struct mail_choice){0}, &f->why);

    assert_non_null(m);
    assert_int_equal(m->header_count, 2);
    assert_int_equal(m->headers[0].value.len, len + 1);
    assert_string_equal(fault_of(m, MAIL_FAULT_LONG_LINE)->text,
                        "line 1: 1048579 octets, 998 are allowed");
    assert_span(body_of(f->arena, m), "body\r\n");
    mail_message_close(m);
}

static void a_line_of_998_octets_is_not_long(void **state)
{
    struct fixture *f = *state;
    char text[1100];

    for (int len = 998; len <= 999; len++) {
        int all = snprintf(text, sizeof(text), "From: a\r\n\r\n%0*d\r\n", len, 0);
        struct mail_message *m = mail_message_parse(f->arena, span_make(text, (size_t)all));

        assert_int_equal(fault_of(m, MAIL_FAULT_LONG_LINE) != NULL, len == 999);
    }
}

static void an_endless_header_section_is_refused(void **state)
{
    struct fixture *f = *state;
    struct sbuf text = sbuf_start(f->arena);

    while (text.len <= LIMIT_HEADER_BYTES)
        sbuf_add(&text, "X-Filler: 0123456789012345678901234567890123456789\r\n");
    sbuf_add(&text, "\r\nbody\r\n");
    write_file(f, sbuf_span(&text));
    assert_null(mail_message_choose(f->arena, f->path, &(struct mail_choice){0}, &f->why));
    assert_non_null(strstr(f->why.text, "has a header section over 4194304 octets"));
}

/* section_of - fields of 1,000 octets and a last one, `size` in all */
static struct span section_of(struct arena *arena, size_t size)
{
    struct sbuf text = sbuf_start(arena);

    while (text.len + 1000 < size)
        sbuf_addf(&text, "X: %0995d\r\n", 1);
    sbuf_addf(&text, "X: %0*d\r\n", (int)(size - text.len - 5), 1);
    assert_int_equal(text.len, size);
    sbuf_add(&text, "\r\nbody\r\n");
    return sbuf_span(&text);
}

/* bound: LIMIT_HEADER_BYTES both */
static void a_header_section_in_memory_is_bounded_as_in_a_file(void **state)
{
    struct fixture *f = *state;
    struct mail_message *m =
        mail_message_parse(f->arena, section_of(f->arena, LIMIT_HEADER_BYTES));
    size_t count = m->header_count;

    assert_null(fault_of(m, MAIL_FAULT_TOO_MANY_FIELDS));
    assert_span(body_of(f->arena, m), "body\r\n");
    m = mail_message_parse(f->arena, section_of(f->arena, LIMIT_HEADER_BYTES + 1));
    assert_int_equal(m->header_count, count - 1); /* the last field went over it */
    assert_non_null(fault_of(m, MAIL_FAULT_TOO_MANY_FIELDS));
    assert_span(body_of(f->arena, m), "body\r\n");
}

/* bound: LIMIT_HEADER_FIELDS both */
static void header_fields_are_bounded(void **state)
{
    struct fixture *f = *state;
    struct sbuf text = sbuf_start(f->arena);

    for (int i = 0; i < LIMIT_HEADER_FIELDS; i++)
        sbuf_add(&text, "X: y\n");
    sbuf_add(&text, "\nbody\n");
    struct mail_message *m = mail_message_parse(f->arena, sbuf_span(&text));

    assert_int_equal(m->header_count, LIMIT_HEADER_FIELDS);
    assert_null(fault_of(m, MAIL_FAULT_TOO_MANY_FIELDS));

    text = sbuf_start(f->arena);
    for (int i = 0; i <= LIMIT_HEADER_FIELDS; i++)
        sbuf_add(&text, "X: y\n");
    sbuf_add(&text, "\nbody\n");
    m = mail_message_parse(f->arena, sbuf_span(&text));
    assert_int_equal(m->header_count, LIMIT_HEADER_FIELDS);
    assert_non_null(fault_of(m, MAIL_FAULT_TOO_MANY_FIELDS));
    assert_span(body_of(f->arena, m), "body\r\n");
}

/* a message of about `size` octets whose header is in LF or CRLF */
static struct span large_message(struct arena *arena, size_t size, const char *eol)
{
    struct sbuf text = sbuf_start(arena);

    sbuf_addf(&text, "From: a@example.com%s%s", eol, eol);
    for (int i = 0; text.len < size; i++)
        sbuf_addf(&text, "%*d%s", i % 97, i, eol);
    return sbuf_span(&text);
}

static void a_large_file_reads_like_the_same_octets_in_memory(void **state)
{
    struct fixture *f = *state;
    const char *const eols[] = {"\n", "\r\n"};
    struct span bodies[2];

    for (size_t i = 0; i < 2; i++) {
        struct span bytes = large_message(f->arena, 700000, eols[i]);
        struct mail_message *m = mail_message_parse(f->arena, bytes);

        bodies[i] = body_of(f->arena, m);
        write_file(f, bytes);
        m = mail_message_choose(f->arena, f->path, &(struct mail_choice){0}, &f->why);
        assert_non_null(m);
        assert_int_equal(m->size, bytes.len);
        assert_true(span_equal(body_of(f->arena, m), bodies[i]));
        assert_true(span_equal(body_of(f->arena, m), bodies[i]));
        mail_message_close(m);
    }
    size_t common = bodies[0].len < bodies[1].len ? bodies[0].len : bodies[1].len;

    assert_true(common > 600000);
    assert_memory_equal(bodies[0].at, bodies[1].at, common);
}

/* open a message whose standard input is a pipe that gets `bytes` */
static void with_pipe(struct fixture *f, struct span bytes)
{
    int ends[2];
    pid_t child = 0;
    int saved = dup(STDIN_FILENO);
    struct span want = body_of(f->arena, mail_message_parse(f->arena, bytes));

    assert_int_equal(pipe(ends), 0);
    if ((child = fork()) == 0) {
        close(ends[0]);
        while (bytes.len > 0) {
            ssize_t put = write(ends[1], bytes.at, bytes.len < 7777 ? bytes.len : 7777);

            if (put <= 0)
                _exit(1);
            bytes = span_from(bytes, (size_t)put);
        }
        _exit(0);
    }
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    struct mail_message *m =
        mail_message_choose(f->arena, "-", &(struct mail_choice){0}, &f->why);

    dup2(saved, STDIN_FILENO);
    close(saved);
    waitpid(child, NULL, 0);
    assert_non_null(m);
    assert_int_equal(m->size, bytes.len);
    assert_true(span_equal(body_of(f->arena, m), want));
    assert_true(span_equal(body_of(f->arena, m), want));
    mail_message_close(m);
}

static void pipes_small_and_large_can_be_read_twice(void **state)
{
    struct fixture *f = *state;

    with_pipe(f, SPAN("From: a@example.com\n\nbody\n"));
    with_pipe(f, large_message(f->arena, 262144 - 40, "\r\n"));
    with_pipe(f, large_message(f->arena, 262145, "\n"));
    with_pipe(f, large_message(f->arena, 3000000, "\n"));
}

static void an_empty_pipe_is_refused(void **state)
{
    struct fixture *f = *state;
    int saved = dup(STDIN_FILENO);
    int fd = open("/dev/null", O_RDONLY);

    dup2(fd, STDIN_FILENO);
    close(fd);
    struct mail_message *m =
        mail_message_choose(f->arena, "-", &(struct mail_choice){0}, &f->why);

    dup2(saved, STDIN_FILENO);
    close(saved);
    assert_null(m);
    assert_string_equal(f->why.text, "standard input: is empty, not a message");
}

static void a_file_that_shrinks_is_told(void **state)
{
    struct fixture *f = *state;
    struct span chunk;

    write_file(f, large_message(f->arena, 700000, "\n"));
    struct mail_message *m =
        mail_message_choose(f->arena, f->path, &(struct mail_choice){0}, &f->why);

    assert_non_null(m);
    assert_int_equal(truncate(f->path, 300000), 0);
    mail_body_rewind(m);
    while (mail_body_next(m, &chunk))
        continue;
    assert_string_equal(mail_body_failed(m), "the file became shorter while it was read");
    mail_message_close(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(fields_keep_their_octets_and_lines, setup, teardown),
        cmocka_unit_test_setup_teardown(a_unix_file_reads_like_its_crlf_twin, setup, teardown),
        cmocka_unit_test_setup_teardown(stray_line_ends_in_a_crlf_file_are_kept, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(an_mbox_line_is_dropped, setup, teardown),
        cmocka_unit_test_setup_teardown(a_line_without_colon_begins_the_body, setup, teardown),
        cmocka_unit_test_setup_teardown(a_message_may_end_in_its_header, setup, teardown),
        cmocka_unit_test_setup_teardown(odd_octets_are_noted_and_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(empty_memory_is_a_message_without_anything, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(fields_are_found_without_case, setup, teardown),
        cmocka_unit_test_setup_teardown(refusals_name_the_file_and_the_way_out, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_long_line_is_accepted_and_noted, setup, teardown),
        cmocka_unit_test_setup_teardown(a_line_of_998_octets_is_not_long, setup, teardown),
        cmocka_unit_test_setup_teardown(an_endless_header_section_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(header_fields_are_bounded, setup, teardown),
        cmocka_unit_test_setup_teardown(a_header_section_in_memory_is_bounded_as_in_a_file,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_large_file_reads_like_the_same_octets_in_memory,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(pipes_small_and_large_can_be_read_twice, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(an_empty_pipe_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(a_file_that_shrinks_is_told, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
