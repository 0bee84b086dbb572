/* Who could send in the domain's name: policies and worlds, outcomes written by hand. */
#include <string.h>

#include "records.h"
#include "world.h"

#include "base/sbuf.h"
#include "gather/gather.h"
#include "remedy/remedy_spoof.h"

/* one letter an outcome: ? unknown, ! passes, - no policy, n none, q quarantine, r reject */
static const char letters[] = "?!-nqr";

/* judge - the domain in a world of these lines */
static const struct remedy_spoof *judge(const char *domain, const char *lines)
{
    struct subject *subject = arena_new_of(records_arena, struct subject);
    struct gather_work work = {.arena = records_arena,
                               .ledger = ledger_open(records_arena),
                               .source = world_source(records_arena, lines)};

    subject->domain = dns_name_from_text(records_arena, domain);
    subject->domain_shown = domain;
    return remedy_spoof_judge(records_arena, gather_run(&work, subject));
}

/* row - what one sender gets by the policies in their order */
static const char *row(const struct remedy_spoof *spoof, size_t sender, bool is_older)
{
    struct sbuf text = sbuf_start(records_arena);

    for (size_t i = 0; i < REMEDY_SPOOF_POLICIES; i++) {
        const struct remedy_spoof_cell *cell = &spoof->policies[i].cells[sender];

        sbuf_add_octet(&text, letters[is_older ? cell->rfc7489 : cell->outcome]);
    }
    return sbuf_text(&text);
}

/* assert_rows - domain, existing and missing subdomain by RFC 9989, then by RFC 7489 */
static void assert_rows(const struct remedy_spoof *spoof, const char *const expected[6])
{
    for (size_t i = 0; i < 6; i++)
        if (strcmp(row(spoof, i % 3, i >= 3), expected[i]) != 0)
            fail_msg("row %zu is %s, not %s", i, row(spoof, i % 3, i >= 3), expected[i]);
}

static void each_policy_is_judged_by_both_standards(void **state)
{
    static const struct {
        const char *record;
        const char *rows[6];
    } cases[] = {
        {"v=DMARC1; p=none", {"nnqrr", "nnqrr", "nrqrr", "nnqrr", "nnqrr", "nnqrr"}},
        {"v=DMARC1; p=reject; sp=none", {"rrqrr", "nnnnr", "nrnnr", "rrqrr", "nnnnr", "nnnnr"}},
        {"v=DMARC1; p=none; np=reject", {"nnqrr", "nnqrr", "rrrrr", "nnqrr", "nnqrr", "nnqrr"}},
        /* t=y lowers by one level, and is unknown to the older standard */
        {"v=DMARC1; p=reject; t=y", {"qqnqr", "qqnqr", "qqnqr", "rrqrr", "rrqrr", "rrqrr"}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_rows(judge("example.com", arena_printf(records_arena,
                                                      "example.com TXT \"v=spf1 -all\"\n"
                                                      "_dmarc.example.com TXT \"%s\"\n",
                                                      cases[i].record)),
                    cases[i].rows);
}

static void without_a_record_everything_is_open(void **state)
{
    static const char *const rows[] = {"-nqrr", "-nqrr", "-rqrr", "-nqrr", "-nqrr", "-nqrr"};
    const struct remedy_spoof *spoof =
        judge("example.com", "example.com TXT \"v=spf1 -all\"\n");

    (void)state;
    assert_rows(spoof, rows);
    assert_null(spoof->policies[0].record);
    assert_string_equal(spoof->policies[1].record, "v=DMARC1; p=none; np=reject");
    assert_string_equal(spoof->policies[4].record, "v=DMARC1; p=reject; sp=reject; np=reject");
}

static void the_share_of_the_older_standard_is_kept(void **state)
{
    const struct remedy_spoof *spoof =
        judge("example.com", "_dmarc.example.com TXT \"v=DMARC1; p=quarantine; pct=25\"\n");

    (void)state;
    assert_int_equal(spoof->policies[0].cells[0].percent, 25);
    assert_int_equal(spoof->policies[3].cells[0].percent, 25);
    assert_int_equal(spoof->policies[4].cells[0].percent, 100);
    assert_true(spoof->policies[4].is_stricter);
    assert_true(spoof->policies[3].is_stricter);
    assert_false(spoof->policies[2].is_stricter); /* the same as today */
}

static void a_wildcard_leaves_no_name_missing(void **state)
{
    const struct remedy_spoof *spoof =
        judge("example.com", "_dmarc.example.com TXT \"v=DMARC1; p=none; np=reject\"\n"
                             "_mailassay-no-such-name.example.com A 192.0.2.80\n");

    (void)state;
    assert_true(spoof->has_wildcard);
    assert_string_equal(row(spoof, REMEDY_SPOOF_MISSING, false), "nnqrr");
}

/* a record that *.example.com gives to _dmarc below names that do not exist */
static void a_wildcard_record_is_the_one_that_counts(void **state)
{
    const struct remedy_spoof *spoof =
        judge("example.com", "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n"
                             "_mailassay-no-such-name.example.com TXT \"v=DMARC1; p=none\"\n");

    (void)state;
    assert_string_equal(row(spoof, REMEDY_SPOOF_MISSING, false), "nnnnn");
    assert_string_equal(row(spoof, REMEDY_SPOOF_EXISTING, false), "rrqrr");
}

static void names_below_go_by_the_organisation(void **state)
{
    /* the record at mail.example.com says nothing to names below it: RFC 9989, 4.10.1 */
    static const char *const rows[] = {"rrqrr", "nnnnn", "nnnnn", "rrqrr", "nnnnn", "nnnnn"};

    (void)state;
    assert_rows(judge("mail.example.com",
                      "_dmarc.example.com TXT \"v=DMARC1; p=none\"\n"
                      "mail.example.com A 192.0.2.1\n"
                      "_dmarc.mail.example.com TXT \"v=DMARC1; p=reject\"\n"),
                rows);
}

static void an_open_spf_record_lets_strangers_pass(void **state)
{
    const struct remedy_spoof *spoof =
        judge("example.com", "example.com TXT \"v=spf1 +all\"\n"
                             "_dmarc.example.com TXT \"v=DMARC1; p=reject; aspf=s\"\n");

    (void)state;
    assert_string_equal(row(spoof, REMEDY_SPOOF_DOMAIN, false), "!!!!!");
    assert_string_equal(row(spoof, REMEDY_SPOOF_EXISTING, false), "rrqrr");
}

static void what_could_not_be_asked_is_unknown(void **state)
{
    const struct remedy_spoof *spoof =
        judge("example.com", "example.com TXT \"v=spf1 -all\"\n"
                             "_dmarc.example.com TXT !SERVFAIL\n");
    const struct remedy_spoof *half =
        judge("example.com", "_dmarc.example.com TXT \"v=DMARC1; p=none\"\n"
                             "_mailassay-no-such-name.example.com TXT !TIMEOUT\n");

    (void)state;
    assert_string_equal(row(spoof, REMEDY_SPOOF_DOMAIN, false), "?nqrr");
    assert_string_equal(row(half, REMEDY_SPOOF_DOMAIN, false), "nnqrr");
    assert_int_equal(half->policies[1].cells[REMEDY_SPOOF_MISSING].outcome,
                     REMEDY_SPOOF_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RECORDS_TEST(each_policy_is_judged_by_both_standards),
        RECORDS_TEST(without_a_record_everything_is_open),
        RECORDS_TEST(the_share_of_the_older_standard_is_kept),
        RECORDS_TEST(a_wildcard_leaves_no_name_missing),
        RECORDS_TEST(a_wildcard_record_is_the_one_that_counts),
        RECORDS_TEST(names_below_go_by_the_organisation),
        RECORDS_TEST(an_open_spf_record_lets_strangers_pass),
        RECORDS_TEST(what_could_not_be_asked_is_unknown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
