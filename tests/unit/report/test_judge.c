/* Result and exit status, from verdicts, findings and what is excused. */
#include "report/report.h"
#include "unit.h"

struct fixture {
    struct arena *arena;
    struct facts facts;
    struct subject subject;
    struct auth_spf_verdict spf;
    struct auth_dkim_verdict dkim;
    struct auth_dmarc_verdict dmarc;
    struct report report;
};

/* begin - nothing but findings */
static struct fixture *begin(void)
{
    struct arena *arena = arena_open();
    struct fixture *f = arena_new_of(arena, struct fixture);

    f->arena = arena;
    f->facts.subject = &f->subject;
    f->report.facts = &f->facts;
    return f;
}

/* with_message - a message with one signature and these results */
static struct fixture *with_message(enum spf_result spf, enum dkim_result dkim,
                                    enum dmarc_result dmarc)
{
    struct fixture *f = begin();

    f->spf.result = spf;
    f->dkim.result = dkim;
    f->dmarc.result = dmarc;
    f->facts.spf[0] = &f->spf;
    f->facts.spf_count = 1;
    f->facts.message.dkim = &f->dkim;
    f->facts.message.dkim_count = 1;
    f->facts.message.dmarc = &f->dmarc;
    return f;
}

/* add - one more finding; returns it */
static struct finding *add(struct fixture *f, const char *id, enum severity severity)
{
    struct finding *finding = arena_new_of(f->arena, struct finding);

    finding->id = id;
    finding->severity = severity;
    finding->fingerprint = id;
    finding->next = f->report.findings;
    f->report.findings = finding;
    return finding;
}

/* result - judged now */
static enum report_result result(struct fixture *f)
{
    return report_judge(&f->facts, f->report.findings);
}

static void nothing_found_is_a_pass(void **state)
{
    struct fixture *f = begin();

    (void)state;
    assert_int_equal(result(f), REPORT_PASS);
    assert_int_equal(report_exit_status(&f->report, THRESHOLD_NOTICE), 0);
    assert_null(report_exit_reason(f->arena, &f->report, THRESHOLD_NOTICE));
    arena_close(f->arena);
}

static void the_threshold_decides_about_the_status(void **state)
{
    /* status for a finding of each severity at each threshold */
    static const int want[4][4] = {
        /* error warning notice never */
        {1, 1, 1, 0}, /* an error */
        {0, 1, 1, 0}, /* a warning */
        {0, 0, 1, 0}, /* a notice */
        {0, 0, 0, 0}, /* an info */
    };

    (void)state;
    for (int severity = 0; severity < 4; severity++)
        for (int threshold = 0; threshold < 4; threshold++) {
            struct fixture *f = begin();
            int status = 0;

            add(f, "spf_syntax", (enum severity)severity);
            status = report_exit_status(&f->report, (enum report_threshold)threshold);
            assert_int_equal(status, want[severity][threshold]);
            assert_int_equal(status != 0,
                             report_exit_reason(f->arena, &f->report,
                                                (enum report_threshold)threshold) != NULL);
            arena_close(f->arena);
        }
}

static void verdicts_make_the_result(void **state)
{
    static const struct {
        enum spf_result spf;
        enum dkim_result dkim;
        enum dmarc_result dmarc;
        enum report_result want;
        int status;
    } cases[] = {
        {SPF_PASS, DKIM_PASS, DMARC_PASS, REPORT_PASS, 0},
        {SPF_SOFTFAIL, DKIM_PASS, DMARC_PASS, REPORT_PASS, 0},
        {SPF_NONE, DKIM_NEUTRAL, DMARC_PASS, REPORT_PASS, 0},
        {SPF_PASS, DKIM_FAIL, DMARC_PASS, REPORT_PASS, 0},
        {SPF_PASS, DKIM_FAIL, DMARC_NONE, REPORT_FAIL, 1},
        {SPF_FAIL, DKIM_PASS, DMARC_PASS, REPORT_FAIL, 1},
        {SPF_PERMERROR, DKIM_PASS, DMARC_PASS, REPORT_FAIL, 1},
        {SPF_PASS, DKIM_PASS, DMARC_FAIL, REPORT_FAIL, 1},
        {SPF_PASS, DKIM_PASS, DMARC_PERMERROR, REPORT_FAIL, 1},
        {SPF_PASS, DKIM_PASS, DMARC_TEMPERROR, REPORT_UNDETERMINED, 3},
        {SPF_TEMPERROR, DKIM_PASS, DMARC_PASS, REPORT_UNDETERMINED, 3},
        {SPF_PASS, DKIM_TEMPERROR, DMARC_PASS, REPORT_UNDETERMINED, 3},
        {SPF_TEMPERROR, DKIM_PASS, DMARC_FAIL, REPORT_FAIL, 1},
        {SPF_FAIL, DKIM_TEMPERROR, DMARC_TEMPERROR, REPORT_FAIL, 1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture *f = with_message(cases[i].spf, cases[i].dkim, cases[i].dmarc);

        assert_int_equal(result(f), cases[i].want);
        assert_int_equal(report_exit_status(&f->report, THRESHOLD_ERROR), cases[i].status);
        arena_close(f->arena);
    }
}

static void a_failing_helo_beside_a_passing_sender_does_not_fail(void **state)
{
    struct fixture *f = with_message(SPF_PASS, DKIM_PASS, DMARC_PASS);
    struct auth_spf_verdict helo = {.identity = AUTH_SPF_HELO, .result = SPF_FAIL};

    (void)state;
    f->facts.spf[1] = &helo;
    f->facts.spf_count = 2;
    assert_int_equal(result(f), REPORT_PASS);
    arena_close(f->arena);
}

static void an_open_question_of_weight_is_undetermined(void **state)
{
    struct fixture *f = begin();

    (void)state;
    add(f, "spf_long", SEV_NOTICE)->status = FINDING_UNDETERMINED;
    assert_int_equal(result(f), REPORT_PASS);
    add(f, "spf_missing", SEV_WARNING)->status = FINDING_UNDETERMINED;
    assert_int_equal(result(f), REPORT_UNDETERMINED);
    assert_int_equal(report_exit_status(&f->report, THRESHOLD_NEVER), 3);
    add(f, "spf_syntax", SEV_ERROR);
    assert_int_equal(report_exit_status(&f->report, THRESHOLD_ERROR), 1);
    arena_close(f->arena);
}

static void an_mx_that_could_not_be_asked_is_undetermined(void **state)
{
    struct fixture *f = begin();
    struct dns_answer mx = {.status = DNS_TIMEOUT};

    (void)state;
    f->facts.domain.mx = &mx;
    assert_int_equal(result(f), REPORT_UNDETERMINED);
    mx.status = DNS_NXDOMAIN;
    assert_int_equal(result(f), REPORT_PASS);
    arena_close(f->arena);
}

static void what_is_ignored_is_gone_and_counted(void **state)
{
    struct fixture *f = with_message(SPF_PASS, DKIM_FAIL, DMARC_NONE);

    (void)state;
    add(f, "dkim_body_changed", SEV_ERROR);
    add(f, "spf_syntax", SEV_ERROR);
    add(f, "dkim_body_changed", SEV_ERROR);
    report_ignore(&f->report, "dkim_body_changed");
    assert_int_equal(f->report.ignored_count, 2);
    assert_string_equal(f->report.findings->id, "spf_syntax");
    assert_null(f->report.findings->next);
    assert_int_equal(report_count(&f->report, SEV_ERROR), 1);
    report_ignore(&f->report, "spf_syntax");
    assert_null(f->report.findings);
    /* the verdict that fails was what the ignored finding spoke of */
    assert_int_equal(report_exit_status(&f->report, THRESHOLD_ERROR), 0);
    arena_close(f->arena);
}

static void what_is_known_stays_and_does_not_count(void **state)
{
    static const char *const known[] = {"one", "two"};
    struct fixture *f = begin();

    (void)state;
    add(f, "spf_syntax", SEV_ERROR)->fingerprint = "two";
    f->report.known = known;
    f->report.known_count = COUNT_OF(known);
    assert_true(report_is_known(&f->report, f->report.findings));
    assert_int_equal(report_exit_status(&f->report, THRESHOLD_ERROR), 0);
    add(f, "spf_syntax", SEV_ERROR)->fingerprint = "three";
    assert_int_equal(report_count(&f->report, SEV_ERROR), 1);
    assert_int_equal(report_exit_status(&f->report, THRESHOLD_ERROR), 1);
    arena_close(f->arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_found_is_a_pass),
        cmocka_unit_test(the_threshold_decides_about_the_status),
        cmocka_unit_test(verdicts_make_the_result),
        cmocka_unit_test(a_failing_helo_beside_a_passing_sender_does_not_fail),
        cmocka_unit_test(an_open_question_of_weight_is_undetermined),
        cmocka_unit_test(an_mx_that_could_not_be_asked_is_undetermined),
        cmocka_unit_test(what_is_ignored_is_gone_and_counted),
        cmocka_unit_test(what_is_known_stays_and_does_not_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
