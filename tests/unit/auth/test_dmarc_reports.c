/* External report destinations (RFC 9990, 4), walks and the public suffix list by themselves.
 */
#include "unit.h"
#include "world.h"

#include "auth/auth_dmarc.h"
#include "base/limits.h"
#include "base/sbuf.h"

struct fixture {
    struct arena *arena;
    struct ledger *ledger;
    const struct dns_name *domain;
    const struct auth_dmarc_policy *policy;
    struct auth_dmarc_report *reports;
};

static int setup(void **state)
{
    struct fixture *f = test_calloc(1, sizeof(*f));

    f->arena = arena_open();
    f->ledger = ledger_open(f->arena);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    arena_close(f->arena);
    test_free(f);
    return 0;
}

static bool find_reports(void *ctx)
{
    struct fixture *f = ctx;
    bool is_pending = false;

    f->policy = auth_dmarc_discover(f->arena, f->ledger, f->domain);
    if (f->policy->is_pending)
        return false;
    f->reports = auth_dmarc_reports(f->arena, f->ledger, f->policy->step, &is_pending);
    return !is_pending;
}

static struct auth_dmarc_report *reports_of(struct fixture *f, const char *domain,
                                            const char *world)
{
    f->domain = dns_name_from_text(f->arena, domain);
    assert_non_null(f->domain);
    world_run(f->ledger, world_source(f->arena, world), find_reports, f);
    return f->reports;
}

static void a_destination_of_the_same_organisation_needs_no_agreement(void **state)
{
    struct fixture *f = *state;
    struct auth_dmarc_report *report =
        reports_of(f, "news.example.com",
                   "_dmarc.example.com TXT \"v=DMARC1; p=none\"\n"
                   "_dmarc.news.example.com TXT \"v=DMARC1; p=none; "
                   "rua=mailto:a@news.example.com,mailto:b@reports.example.com;"
                   "ruf=mailto:c@example.com\"\n");

    for (size_t i = 0; i < 3; i++, report = report->next) {
        assert_non_null(report);
        assert_false(report->is_external);
        assert_true(report->is_authorised);
        assert_false(report->is_undetermined);
        assert_null(report->question);
        assert_null(report->answer);
        assert_int_equal(report->is_failure, i == 2);
    }
    assert_null(report);
}

/* the example of RFC 9990, 4 */
static void an_external_destination_is_asked_for_its_agreement(void **state)
{
    struct fixture *f = *state;
    struct auth_dmarc_report *report = reports_of(
        f, "blue.example.com",
        "_dmarc.blue.example.com TXT \"v=DMARC1; p=none; rua=mailto:reports@red.example.net\"\n"
        "blue.example.com._report._dmarc.red.example.net TXT \"v=DMARC1\"\n");

    assert_true(report->is_external);
    assert_true(report->is_authorised);
    assert_false(report->is_undetermined);
    assert_string_equal(report->question->text,
                        "blue.example.com._report._dmarc.red.example.net");
    assert_int_equal(report->answer->status, DNS_OK);
    assert_int_equal(ledger_rounds(f->ledger), 2);
}

static void what_counts_as_an_agreement(void **state)
{
    static const struct {
        const char *txt;
        bool is_authorised;
    } cases[] = {
        {"\"v=DMARC1\"", true},
        {"\"v=DMARC1;\"", true},
        {"\"v=DMARC1; rua=mailto:other@example.net\"", true},
        {"\"v=DMARC1 ;\"", true},
        {"\"v=DMA\" \"RC1;\"", true},
        {"\"v=DMARC2\"", false},
        {"\"DMARC1\"", false},
        {"\"v=dmarc1\"", false},
        {"\"yes\"", false},
        {"\"rua=mailto:x@example.net; v=DMARC1\"", false},
        {"\"nothing\"\na.example._report._dmarc.example.net TXT \"v=DMARC1;\"", true},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture f = {.arena = arena_open()};
        struct auth_dmarc_report *report = NULL;

        f.ledger = ledger_open(f.arena);
        report = reports_of(
            &f, "a.example",
            arena_printf(f.arena,
                         "_dmarc.a.example TXT \"v=DMARC1; p=none; rua=mailto:r@example.net\"\n"
                         "a.example._report._dmarc.example.net TXT %s\n",
                         cases[i].txt));
        if (report->is_authorised != cases[i].is_authorised)
            fail_msg("%s", cases[i].txt);
        assert_true(report->is_external);
        arena_close(f.arena);
    }
    (void)state;
}

static void a_wildcard_agrees_for_everybody(void **state)
{
    struct auth_dmarc_report *report =
        reports_of(*state, "example.com",
                   "_dmarc.example.com TXT \"v=DMARC1; p=none; rua=mailto:a@example.net\"\n"
                   "*._report._dmarc.example.net TXT \"v=DMARC1;\"\n");

    assert_true(report->is_external);
    assert_true(report->is_authorised);
}

static void no_agreement_is_told_from_not_asked(void **state)
{
    struct auth_dmarc_report *report =
        reports_of(*state, "example.com",
                   "_dmarc.example.com TXT \"v=DMARC1; p=none; rua=mailto:a@example.net,"
                   "mailto:b@example.org\"\n"
                   "example.com._report._dmarc.example.org TXT !SERVFAIL\n");

    assert_true(report->is_external);
    assert_false(report->is_authorised);
    assert_false(report->is_undetermined);
    assert_int_equal(report->answer->status, DNS_NXDOMAIN);
    assert_true(report->next->is_external);
    assert_false(report->next->is_authorised);
    assert_true(report->next->is_undetermined);
}

static void an_agreement_makes_the_organisation_irrelevant(void **state)
{
    struct auth_dmarc_report *report =
        reports_of(*state, "a.example.com",
                   "_dmarc.a.example.com TXT \"v=DMARC1; p=none; rua=mailto:a@b.example.com,"
                   "mailto:a@c.example.com\"\n"
                   "_dmarc.example.com TXT !TIMEOUT\n"
                   "a.example.com._report._dmarc.b.example.com TXT \"v=DMARC1\"\n");

    assert_true(report->is_authorised);
    assert_false(report->is_undetermined);
    assert_false(report->next->is_authorised);
    assert_true(report->next->is_undetermined);
}

static void a_question_that_is_too_long_is_no_agreement(void **state)
{
    struct fixture *f = *state;
    struct sbuf name = sbuf_start(f->arena);
    struct auth_dmarc_report *report = NULL;

    for (int i = 0; i < 3; i++)
        sbuf_add(&name, "a23456789a23456789a23456789a23456789a23456789a23456789a2345678.");
    sbuf_add(&name, "example.com");
    report = reports_of(f, sbuf_text(&name),
                        arena_printf(f->arena,
                                     "_dmarc.%s TXT \"v=DMARC1; p=none; "
                                     "rua=mailto:a@a-rather-long-name-of-a-report-consumer."
                                     "example.net\"\n",
                                     sbuf_text(&name)));
    assert_true(report->is_external);
    assert_false(report->is_authorised);
    assert_false(report->is_undetermined);
    assert_null(report->question);
    assert_null(report->answer);
}

static void entries_without_a_mail_domain_are_listed_and_not_asked_for(void **state)
{
    struct fixture *f = *state;
    struct auth_dmarc_report *report = reports_of(
        f, "example.com",
        "_dmarc.example.com TXT \"v=DMARC1; p=none; rua=https://example.net/x,foo\"\n");

    assert_non_null(report->next);
    assert_null(report->next->next);
    assert_false(report->is_external);
    assert_false(report->is_authorised);
    assert_null(report->question);
}

static void the_number_of_destinations_is_bounded(void **state)
{
    struct fixture *f = *state;
    struct sbuf world = sbuf_start(f->arena);
    struct auth_dmarc_report *report = NULL;
    size_t count = 0;

    sbuf_add(&world, "_dmarc.example.com TXT \"v=DMARC1; p=none; rua=mailto:a@x0.example\"");
    for (int i = 1; i < 40; i++)
        sbuf_addf(&world, " \",mailto:a@x%d.example\"", i);
    sbuf_add(&world, "\n");
    for (report = reports_of(f, "example.com", sbuf_text(&world)); report != NULL;
         report = report->next)
        count++;
    assert_int_equal(count, LIMIT_REPORT_URIS);
}

static void no_record_has_no_reports(void **state)
{
    assert_null(reports_of(*state, "example.com", "example.com A 192.0.2.1\n"));
}

static void a_walk_asks_everything_in_one_round(void **state)
{
    struct fixture *f = *state;
    const struct dns_name *name = dns_name_from_text(f->arena, "a.b.example.com");
    const struct auth_dmarc_walk *walk = auth_dmarc_walk(f->arena, f->ledger, name);

    assert_true(walk->is_pending);
    assert_int_equal(ledger_wanted(f->ledger), 4);
    ledger_fill(f->ledger, world_source(f->arena, "_dmarc.b.example.com TXT "
                                                  "\"v=DMARC1; p=none; psd=n\"\n"));
    walk = auth_dmarc_walk(f->arena, f->ledger, name);
    assert_false(walk->is_pending);
    assert_int_equal(ledger_wanted(f->ledger), 0);
    assert_int_equal(walk->step_count, 2);
    assert_string_equal(walk->organizational_domain->text, "b.example.com");
    assert_string_equal(walk->steps[1].answer->question.name->text, "_dmarc.b.example.com");
    assert_non_null(walk->steps[1].record);
    assert_null(walk->steps[0].record);
    assert_null(walk->trouble);
}

static void a_name_too_long_for_the_prefix_still_walks(void **state)
{
    struct fixture *f = *state;
    struct sbuf text = sbuf_start(f->arena);
    const struct dns_name *name = NULL;
    const struct auth_dmarc_walk *walk = NULL;

    for (int i = 0; i < 120; i++)
        sbuf_add(&text, "a.");
    sbuf_add(&text, "example.com"); /* 251 octets: "_dmarc." does not fit any more */
    name = dns_name_from_text(f->arena, sbuf_text(&text));
    auth_dmarc_walk(f->arena, f->ledger, name);
    ledger_fill(f->ledger,
                world_source(f->arena, "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n"));
    walk = auth_dmarc_walk(f->arena, f->ledger, name);
    assert_int_equal(walk->step_count, 7);
    assert_string_equal(walk->organizational_domain->text, "example.com");
    const struct auth_dmarc_policy *policy = auth_dmarc_discover(f->arena, f->ledger, name);

    assert_string_equal(policy->step->domain->text, "example.com");
    assert_int_equal(policy->policy, REC_DMARC_REJECT);
}

static void the_root_has_no_walk(void **state)
{
    struct fixture *f = *state;
    const struct dns_name *root = dns_name_from_text(f->arena, ".");

    if (root == NULL)
        root = dns_name_suffix(f->arena, dns_name_from_text(f->arena, "com"), 0);
    const struct auth_dmarc_walk *walk = auth_dmarc_walk(f->arena, f->ledger, root);

    assert_int_equal(walk->step_count, 0);
    assert_false(walk->is_pending);
    assert_true(dns_name_equal(walk->organizational_domain, root));
    assert_null(auth_dmarc_discover(f->arena, f->ledger, root)->step);
}

static void without_an_author_domain_there_is_no_verdict(void **state)
{
    struct fixture *f = *state;
    struct auth_dmarc_input input = {.author = NULL,
                                     .author_fault = "there are two From fields"};
    const struct auth_dmarc_verdict *verdict = auth_dmarc_check(f->arena, f->ledger, &input);

    assert_false(verdict->is_pending);
    assert_int_equal(verdict->result, DMARC_PERMERROR);
    assert_int_equal(verdict->rfc7489.result, DMARC_PERMERROR);
    assert_string_equal(verdict->reason, "there are two From fields");
    assert_null(verdict->policy);
    assert_int_equal(ledger_wanted(f->ledger), 0);
}

/* nothing was asked and nothing will be: a snapshot that holds nothing */
static void an_empty_ledger_is_pending_and_never_a_verdict(void **state)
{
    struct fixture *f = *state;
    const struct dns_name *author = dns_name_from_text(f->arena, "example.com");
    struct auth_dmarc_input input = {.author = author, .spf = {author, true, false}};
    const struct auth_dmarc_verdict *verdict = auth_dmarc_check(f->arena, f->ledger, &input);

    assert_true(verdict->is_pending);
    ledger_fill(f->ledger, world_source(f->arena, ". TXT !UNKNOWN\n"));
    verdict = auth_dmarc_check(f->arena, f->ledger, &input);
    assert_false(verdict->is_pending);
    assert_int_equal(verdict->result, DMARC_TEMPERROR);
    assert_true(verdict->policy->is_undetermined);
    assert_null(verdict->policy->step);
    assert_int_equal(verdict->rfc7489.result, DMARC_TEMPERROR);
}

static void the_list_knows_suffixes(void **state)
{
    static const struct {
        const char *name;
        const char *organizational; /* NULL: a public suffix */
    } cases[] = {
        {"example.com", "example.com"},
        {"a.b.example.com", "example.com"},
        {"com", NULL},
        {"co.uk", NULL},
        {"example.co.uk", "example.co.uk"},
        {"x.y.example.co.uk", "example.co.uk"},
        {"test.ck", NULL},
        {"a.test.ck", "a.test.ck"},
        {"www.ck", "www.ck"},
        {"city.kawasaki.jp", "city.kawasaki.jp"},
        {"kawasaki.jp", NULL},
        {"a.example.kawasaki.jp", "a.example.kawasaki.jp"},
        {"xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn"},
        {"xn--55qx5d.cn", NULL},
        {"host.corp.internal", "corp.internal"},
        {"internal", NULL},
        {"_dmarc.example.com", "example.com"},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct dns_name *found = auth_psl_organizational_domain(
            f->arena, dns_name_from_text(f->arena, cases[i].name));
        const char *text = found == NULL ? "none" : found->text;
        const char *wanted = cases[i].organizational == NULL ? "none" : cases[i].organizational;

        if (strcmp(text, wanted) != 0)
            fail_msg("%s: %s, not %s", cases[i].name, text, wanted);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_destination_of_the_same_organisation_needs_no_agreement),
        TEST(an_external_destination_is_asked_for_its_agreement),
        cmocka_unit_test(what_counts_as_an_agreement),
        TEST(a_wildcard_agrees_for_everybody),
        TEST(no_agreement_is_told_from_not_asked),
        TEST(an_agreement_makes_the_organisation_irrelevant),
        TEST(a_question_that_is_too_long_is_no_agreement),
        TEST(entries_without_a_mail_domain_are_listed_and_not_asked_for),
        TEST(the_number_of_destinations_is_bounded),
        TEST(no_record_has_no_reports),
        TEST(a_walk_asks_everything_in_one_round),
        TEST(a_name_too_long_for_the_prefix_still_walks),
        TEST(the_root_has_no_walk),
        TEST(without_an_author_domain_there_is_no_verdict),
        TEST(an_empty_ledger_is_pending_and_never_a_verdict),
        TEST(the_list_knows_suffixes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
