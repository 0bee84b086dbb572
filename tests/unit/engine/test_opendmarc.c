/* libopendmarc in its child, with what a milter passes to it. */
#include <unistd.h>

#include "engine_fixture.h"

#define SUFFIX_LIST "/usr/share/publicsuffix/public_suffix_list.dat"

/* name - a domain name of the test */
static const struct dns_name *name(struct arena *arena, const char *text)
{
    return text != NULL ? dns_name_from_text(arena, text) : NULL;
}

/* one case: SPF and up to two DKIM results against a record */
struct row {
    const char *author;
    const char *inherited_from; /* NULL: the record is the author's own */
    const char *record;         /* NULL: none */
    const char *spf_domain;
    const char *spf_result;
    struct engine_dmarc_dkim dkim[2];
    const char *result;
    const char *detail;
};

/* expect - the row's verdict */
static void expect(const struct row *row)
{
    struct fixture fixture = fixture_open("");
    struct engine_dmarc_dkim dkim[2] = {row->dkim[0], row->dkim[1]};
    struct engine_dmarc dmarc = {.record = row->record,
                                 .spf_domain = row->spf_domain,
                                 .spf_result = row->spf_result,
                                 .dkim = dkim};
    struct engine_request request = {.dmarc = &dmarc, .now = NOW};

    dmarc.author = name(fixture.arena, row->author);
    dmarc.organizational_domain = name(fixture.arena, row->inherited_from);
    while (dmarc.dkim_count < 2 && dkim[dmarc.dkim_count].domain != NULL)
        dmarc.dkim_count++;
    judge(&fixture, &request);
    assert_int_equal(fixture.count, 1);
    assert_int_equal(fixture.passes, 1);
    assert_int_equal(fixture.verdicts[0].library, ENGINE_LIBOPENDMARC);
    assert_string_equal(fixture.verdicts[0].about, "dmarc");
    assert_false(fixture.verdicts[0].is_lost);
    assert_string_equal(fixture.verdicts[0].detail, row->detail);
    assert_string_equal(fixture.verdicts[0].result, row->result);
    arena_close(fixture.arena);
}

/* expect_all - a table of cases */
static void expect_all(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        expect(&rows[i]);
}

#define PASSED "an aligned identifier passed"
#define REJECT "v=DMARC1; p=reject"
#define AUTHOR "news.example.com"

static void ordinary_mail_gets_the_ordinary_words(void **state)
{
    const struct row rows[] = {
        {"example.com",
         NULL,
         REJECT,
         "example.com",
         "pass",
         {{NULL, NULL, NULL}},
         "pass",
         PASSED},
        {"example.com",
         NULL,
         REJECT,
         "example.com",
         "fail",
         {{NULL, NULL, NULL}},
         "fail",
         "policy reject"},
        {"example.com",
         NULL,
         REJECT,
         "example.com",
         "softfail",
         {{NULL, NULL, NULL}},
         "fail",
         "policy reject"},
        {"example.com",
         NULL,
         REJECT,
         "other.example",
         "pass",
         {{NULL, NULL, NULL}},
         "fail",
         "policy reject"},
        {"example.com",
         NULL,
         REJECT,
         NULL,
         NULL,
         {{"example.com", "one", "pass"}},
         "pass",
         PASSED},
        {"example.com",
         NULL,
         REJECT,
         NULL,
         NULL,
         {{"example.com", "one", "fail"}},
         "fail",
         "policy reject"},
        {"example.com",
         NULL,
         "v=DMARC1; p=quarantine",
         NULL,
         NULL,
         {{NULL, NULL, NULL}},
         "fail",
         "policy quarantine"},
        {"example.com",
         NULL,
         "v=DMARC1; p=none",
         NULL,
         NULL,
         {{NULL, NULL, NULL}},
         "fail",
         "policy none"},
        {"example.com",
         NULL,
         NULL,
         "example.com",
         "pass",
         {{NULL, NULL, NULL}},
         "none",
         "no policy"},
    };

    (void)state;
    expect_all(rows, COUNT_OF(rows));
}

static void strict_alignment_wants_the_very_name(void **state)
{
    const struct row rows[] = {
        {AUTHOR,
         NULL,
         "v=DMARC1; p=reject",
         "bounce.news.example.com",
         "pass",
         {{NULL, NULL, NULL}},
         "pass",
         PASSED},
        {AUTHOR,
         NULL,
         "v=DMARC1; p=reject; aspf=s",
         AUTHOR,
         "pass",
         {{NULL, NULL, NULL}},
         "pass",
         PASSED},
    };

    (void)state;
    expect_all(rows, COUNT_OF(rows));
}

static void an_inherited_record_speaks_through_sp(void **state)
{
    const struct row rows[] = {
        {AUTHOR,
         "example.com",
         "v=DMARC1; p=reject; sp=none",
         NULL,
         NULL,
         {{NULL, NULL, NULL}},
         "fail",
         "policy none"},
        {AUTHOR,
         NULL,
         "v=DMARC1; p=reject; sp=none",
         NULL,
         NULL,
         {{NULL, NULL, NULL}},
         "fail",
         "policy reject"},
    };

    (void)state;
    expect_all(rows, COUNT_OF(rows));
}

static void siblings_align_through_the_suffix_list(void **state)
{
    const struct row rows[] = {
        {"news.example.co.uk",
         "example.co.uk",
         REJECT,
         "mail.example.co.uk",
         "pass",
         {{NULL, NULL, NULL}},
         "pass",
         PASSED},
        {"news.example.co.uk",
         "example.co.uk",
         REJECT,
         "news.other.co.uk",
         "pass",
         {{NULL, NULL, NULL}},
         "fail",
         "policy reject"},
    };

    (void)state;
    if (access(SUFFIX_LIST, R_OK) != 0)
        skip(); /* the package publicsuffix is not installed */
    expect_all(rows, COUNT_OF(rows));
}

static void its_known_differences_are_reported_as_they_are(void **state)
{
    const struct row rows[] = {
        /* the order of signatures decides: the standard says pass to both */
        {"example.com",
         NULL,
         REJECT,
         NULL,
         NULL,
         {{"mail.example.com", "a", "pass"}, {"example.com", "b", "fail"}},
         "fail",
         "policy reject"},
        {"example.com",
         NULL,
         REJECT,
         NULL,
         NULL,
         {{"example.com", "b", "fail"}, {"mail.example.com", "a", "pass"}},
         "pass",
         PASSED},
        /* t=y is not known */
        {"example.com",
         NULL,
         "v=DMARC1; p=reject; t=y",
         NULL,
         NULL,
         {{NULL, NULL, NULL}},
         "fail",
         "policy reject"},
    };

    (void)state;
    expect_all(rows, COUNT_OF(rows));
}

static void a_record_it_refuses_is_permerror(void **state)
{
    const struct row rows[] = {
        {"example.com",
         NULL,
         "v=DMARC1; rua=mailto:a@example.com",
         "example.com",
         "pass",
         {{NULL, NULL, NULL}},
         "permerror",
         "Found DMARC record lacked a required p= entry"},
        {"example.com",
         NULL,
         "v=DMARC1; p=bob",
         "example.com",
         "pass",
         {{NULL, NULL, NULL}},
         "permerror",
         "Found DMARC record contained a bad token value"},
    };

    (void)state;
    expect_all(rows, COUNT_OF(rows));
}

static void a_long_record_is_taken_whole(void **state)
{
    struct arena *arena = arena_open();
    struct sbuf record = sbuf_start(arena);
    struct row row = {.author = "example.com", .result = "fail", .detail = "policy reject"};

    (void)state;
    sbuf_add(&record, "v=DMARC1; p=reject; rua=mailto:a0@example.com");
    for (int i = 1; i < 600; i++)
        sbuf_addf(&record, ",mailto:a%d@example.com", i);
    row.record = sbuf_text(&record);
    expect(&row);
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ordinary_mail_gets_the_ordinary_words),
        cmocka_unit_test(strict_alignment_wants_the_very_name),
        cmocka_unit_test(an_inherited_record_speaks_through_sp),
        cmocka_unit_test(siblings_align_through_the_suffix_list),
        cmocka_unit_test(its_known_differences_are_reported_as_they_are),
        cmocka_unit_test(a_record_it_refuses_is_permerror),
        cmocka_unit_test(a_long_record_is_taken_whole),
    };

    if (!library_runs(ENGINE_LIBOPENDMARC))
        return 77;
    return cmocka_run_group_tests(tests, open_engine, close_engine);
}
