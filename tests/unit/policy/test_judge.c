/* Judging: order, dates, who is meant, what unknown, and what people read. */
#include "unit.h"

#include "base/file.h"
#include "base/limits.h"
#include "model/finding.h"
#include "policy/policy.h"

#define HEAD                                                        \
    "name: x\ntitle: X\nkind: receiver\nas-of: 2026-01\nabout: x\n" \
    "sources: [{id: A, title: x}]\nrules:\n"
#define TAIL                                                                                  \
    "  - {id: last, says: fine, when: always, disposition: accept, source: [A], confidence: " \
    "high}\n"
#define RULE(id, rest) "  - {id: " id ", says: " id " says, source: [A], " rest "}\n"

struct fixture {
    struct arena *arena;
    struct policy_known *known;
};

static int open_fixture(void **state)
{
    static struct fixture fixture;

    fixture.arena = arena_open();
    fixture.known = policy_known_nothing(fixture.arena, "not specified");
    *state = &fixture;
    return 0;
}

static int close_fixture(void **state)
{
    arena_close(((struct fixture *)*state)->arena);
    return 0;
}

static void know(struct fixture *fixture, const char *word, const char *value)
{
    assert_true(policy_known_set(fixture->known, span_of(word), value));
}

static const struct policy *policy_of(struct fixture *fixture, const char *text)
{
    struct err why = {0};
    const struct policy *policy = policy_parse(fixture->arena, "x.yaml", span_of(text), &why);

    if (policy == NULL)
        fail_msg("%s", why.text);
    return policy;
}

static struct policy_occasion occasion_of(struct fixture *fixture, const char *day)
{
    struct policy_occasion occasion = {.known = fixture->known};

    assert_true(policy_day_parse(span_of(day), &occasion.day));
    return occasion;
}

static struct policy_outcome judge(struct fixture *fixture, const char *text)
{
    struct policy_occasion occasion = occasion_of(fixture, "2026-11-24");

    return policy_judge(fixture->arena, policy_of(fixture, text), &occasion);
}

static void the_first_rule_that_holds_decides(void **state)
{
    struct fixture *fixture = *state;
    const char *text = HEAD RULE("one", "when: spf.passes, disposition: junk, confidence: high")
        RULE("two", "when: dkim.passes, disposition: reject, confidence: high") TAIL;

    know(fixture, "spf.passes", "no");
    know(fixture, "dkim.passes", "yes");
    assert_string_equal(judge(fixture, text).rule->id, "two");
    know(fixture, "spf.passes", "yes");
    assert_string_equal(judge(fixture, text).rule->id, "one");
    know(fixture, "spf.passes", "no");
    know(fixture, "dkim.passes", "no");
    assert_string_equal(judge(fixture, text).rule->id, "last");
}

static void a_rule_holds_from_since_to_the_day_before_until(void **state)
{
    static const struct {
        const char *day;
        const char *rule;
    } rows[] = {{"2024-01-31", "last"},   {"2024-02-01", "first"},  {"2025-10-31", "first"},
                {"2025-11-01", "second"}, {"2030-01-01", "second"}, {"1960-01-01", "last"}};
    struct fixture *fixture = *state;
    const struct policy *policy = policy_of(
        fixture,
        HEAD RULE("first", "since: 2024-02, until: 2025-11, when: always, disposition: defer, "
                           "confidence: high")
            RULE("second",
                 "since: 2025-11-01, when: always, disposition: reject, confidence: high")
                TAIL);

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct policy_occasion occasion = occasion_of(fixture, rows[i].day);

        assert_string_equal(policy_judge(fixture->arena, policy, &occasion).rule->id,
                            rows[i].rule);
    }
}

static void what_is_not_known_keeps_the_outcome_open(void **state)
{
    struct fixture *fixture = *state;
    struct policy_outcome outcome = judge(
        fixture,
        HEAD RULE("tls", "when: not tls.used, disposition: reject, code: 550, confidence: high")
            RULE("dkim",
                 "when: not dkim.passes, disposition: reject, code: 551, confidence: high")
                TAIL);

    assert_int_equal(outcome.disposition, POLICY_UNKNOWN);
    assert_null(outcome.rule);
    assert_string_equal(outcome.otherwise->id, "last");
    assert_int_equal(outcome.because_count, 2);
    assert_string_equal(outcome.because[0], "tls.used");
    assert_string_equal(outcome.because[1], "dkim.passes");
    assert_string_equal(policy_outcome_text(fixture->arena, &outcome),
                        "X: cannot tell, because whether the session used TLS and whether DKIM "
                        "passes are not known (not specified); if not, would accept");
}

static void rules_that_do_the_same_need_not_be_told_apart(void **state)
{
    struct fixture *fixture = *state;
    const char *text = HEAD RULE(
        "tls", "when: not tls.used, disposition: reject, code: 550, enhanced: 5.7.29, "
               "reply: tls, confidence: high")
        RULE("dkim", "when: not dkim.passes, disposition: reject, code: 550, enhanced: 5.7.30, "
                     "reply: dkim, confidence: high") TAIL;
    struct policy_outcome outcome;

    know(fixture, "dkim.passes", "no");
    outcome = judge(fixture, text);
    assert_int_equal(outcome.disposition, POLICY_REJECT);
    assert_string_equal(outcome.rule->id, "dkim");
    assert_string_equal(outcome.code, "550");
    assert_null(outcome.enhanced); /* 5.7.29 or 5.7.30 */
    assert_null(outcome.reply);
    assert_string_equal(policy_outcome_text(fixture->arena, &outcome),
                        "X: would reject 550: dkim says");
    know(fixture, "tls.used", "yes");
    outcome = judge(fixture, text);
    assert_string_equal(outcome.enhanced, "5.7.30");
    assert_string_equal(outcome.reply, "dkim");
    assert_string_equal(policy_outcome_text(fixture->arena, &outcome),
                        "X: would reject 550 5.7.30: dkim says");
}

static void an_unknown_rule_that_does_something_else_is_not_overlooked(void **state)
{
    struct fixture *fixture = *state;
    struct policy_outcome outcome;

    know(fixture, "dkim.passes", "no");
    outcome =
        judge(fixture,
              HEAD RULE("tls", "when: not tls.used, disposition: defer, confidence: high")
                  RULE("dkim",
                       "when: not dkim.passes, disposition: reject, code: 550, confidence: low")
                      TAIL);
    assert_int_equal(outcome.disposition, POLICY_UNKNOWN);
    assert_string_equal(policy_outcome_text(fixture->arena, &outcome),
                        "X: cannot tell, because whether the session used TLS is not known "
                        "(not specified); if not, would reject 550: dkim says (low "
                        "confidence)");
}

static void unknown_facts_beyond_two_are_counted(void **state)
{
    struct fixture *fixture = *state;
    struct policy_outcome outcome = judge(
        fixture,
        HEAD RULE(
            "a", "when: tls.used and spf.passes and dkim.passes and dmarc.passes, disposition: "
                 "junk, confidence: high") TAIL);

    assert_int_equal(outcome.because_count, 4);
    assert_string_equal(outcome.unknown,
                        "whether the session used TLS and 3 more are not known "
                        "(not specified)");
}

/* ---- bulk senders ---- */

#define BULK                                                                               \
    HEAD RULE("bulk", "who: bulk, when: not dkim.passes, disposition: reject, code: 550, " \
                      "confidence: high") TAIL

static void bulk_senders_and_others_are_shown_where_it_matters(void **state)
{
    struct fixture *fixture = *state;
    struct policy_occasion occasion = occasion_of(fixture, "2026-11-24");
    const struct policy *policy = policy_of(fixture, BULK);
    struct policy_outcome outcomes[2];

    know(fixture, "dkim.passes", "no");
    assert_int_equal(policy_judge_both(fixture->arena, policy, &occasion, outcomes), 2);
    assert_true(outcomes[0].is_for_bulk);
    assert_true(outcomes[1].is_for_others);
    assert_string_equal(policy_outcome_text(fixture->arena, &outcomes[0]),
                        "X, bulk mail: would reject 550: bulk says");
    assert_string_equal(policy_outcome_text(fixture->arena, &outcomes[1]),
                        "X, other mail: would accept");
    know(fixture, "dkim.passes", "yes");
    assert_int_equal(policy_judge_both(fixture->arena, policy, &occasion, outcomes), 1);
    assert_false(outcomes[0].is_for_bulk);
    assert_false(outcomes[0].is_for_others);
    know(fixture, "dkim.passes", "no");
    know(fixture, "sender.bulk", "yes");
    assert_int_equal(policy_judge_both(fixture->arena, policy, &occasion, outcomes), 1);
    assert_int_equal(outcomes[0].disposition, POLICY_REJECT);
    assert_true(outcomes[0].is_for_bulk);
    know(fixture, "sender.bulk", "no");
    assert_int_equal(policy_judge_both(fixture->arena, policy, &occasion, outcomes), 1);
    assert_int_equal(outcomes[0].disposition, POLICY_ACCEPT);
    assert_true(outcomes[0].is_for_others);
}

static void what_nobody_can_tell_is_said_once(void **state)
{
    struct fixture *fixture = *state;
    struct policy_occasion occasion = occasion_of(fixture, "2026-11-24");
    const struct policy *policy = policy_of(
        fixture,
        HEAD RULE("tls", "when: not tls.used, disposition: reject, confidence: high") RULE(
            "bulk", "who: bulk, when: not dkim.passes, disposition: defer, confidence: high")
            TAIL);
    struct policy_outcome outcomes[2];

    assert_int_equal(policy_judge_both(fixture->arena, policy, &occasion, outcomes), 1);
    assert_int_equal(outcomes[0].because_count, 2);
    assert_string_equal(outcomes[0].otherwise->id, "last");
    know(fixture, "dkim.passes", "no");
    assert_int_equal(policy_judge_both(fixture->arena, policy, &occasion, outcomes), 1);
    assert_string_equal(policy_outcome_text(fixture->arena, &outcomes[0]),
                        "X: cannot tell, because whether the session used TLS is not known "
                        "(not specified)"); /* bulk mail would be deferred, other accepted */
    know(fixture, "tls.used", "yes");
    assert_int_equal(policy_judge_both(fixture->arena, policy, &occasion, outcomes), 2);
}

static void nobody_is_taken_for_a_bulk_sender(void **state)
{
    struct fixture *fixture = *state;
    struct policy_outcome outcome;

    know(fixture, "dkim.passes", "no");
    outcome = judge(fixture, BULK);
    assert_int_equal(outcome.disposition, POLICY_UNKNOWN);
    assert_int_equal(outcome.because_count, 1);
    assert_string_equal(outcome.because[0], "sender.bulk");
    know(fixture, "dkim.passes", "?");
    outcome = judge(fixture, BULK);
    assert_int_equal(outcome.because_count, 2);
    know(fixture, "dkim.passes", "yes");
    assert_int_equal(judge(fixture, BULK).disposition, POLICY_ACCEPT);
}

/* ---- what explains it ---- */

static void findings_explain_an_outcome_where_there_are_some(void **state)
{
    struct fixture *fixture = *state;
    struct finding body = {.id = "dkim_body_changed", .status = FINDING_FIRES};
    struct finding key = {.id = "dkim_no_key", .status = FINDING_UNDETERMINED, .next = &body};
    struct finding other = {.id = "dmarc_missing", .status = FINDING_FIRES, .next = &key};
    struct policy_occasion occasion = occasion_of(fixture, "2026-11-24");
    struct policy_outcome outcome;

    occasion.findings = &other;
    know(fixture, "dkim.passes", "no");
    know(fixture, "spf.passes", "no");
    outcome = policy_judge(
        fixture->arena,
        policy_of(
            fixture,
            HEAD RULE(
                "both",
                "when: not spf.passes and not dkim.passes, disposition: reject, confidence: "
                "high") TAIL),
        &occasion);
    assert_int_equal(outcome.because_count, 2);
    assert_string_equal(outcome.because[0], "spf.passes");
    assert_string_equal(outcome.because[1], "dkim_body_changed");
}

static void findings_of_the_vocabulary_are_in_the_catalogue(void **state)
{
    struct fixture *fixture = *state;

    for (int fact = 0; fact < POLICY_FACT_COUNT; fact++) {
        struct span rest = span_of(policy_fact_row((enum policy_fact)fact)->findings);

        while (rest.len > 0) {
            const char *id = arena_strdup_span(fixture->arena, span_cut(&rest, ' '));

            if (check_row_find(id) == NULL)
                fail_msg("%s", id);
        }
    }
}

static void the_manual_has_every_word(void **state)
{
    struct fixture *fixture = *state;
    struct span manual = {NULL, 0};
    struct err why = {0};
    const char *text = NULL;

    if (!file_load(fixture->arena, TESTDATA_DIR "/../policies/README.md", LIMIT_POLICY_BYTES,
                   &manual, &why))
        fail_msg("%s", why.text);
    text = arena_strdup_span(fixture->arena, manual);
    for (int fact = 0; fact < POLICY_FACT_COUNT; fact++) {
        const struct policy_fact_row *row = policy_fact_row((enum policy_fact)fact);
        const char *line = arena_printf(fixture->arena, "\n| `%s` | %s", row->word,
                                        row->values != NULL ? row->values : "");

        if (strstr(text, line) == NULL)
            fail_msg("policies/README.md lacks %s", line);
    }
}

/* ---- words for people ---- */

static void replies_are_filled_in(void **state)
{
    static const struct {
        const char *reply;
        const char *filled;
    } rows[] = {
        {"plain", "plain"},
        {"{from.domain} and {from.domain}", "example.com and example.com"},
        {"Spf= {spf.passes} , Dkim= {dkim.passes}", "Spf= Fail , Dkim= Pass"},
        {"{spf.result} {dkim.bits}", "softfail 1024"},
        {"from [{client.ip}]", "from [[client.ip]]"},
        {"", ""},
    };
    struct fixture *fixture = *state;
    struct span bad;

    know(fixture, "from.domain", "example.com");
    know(fixture, "spf.passes", "no");
    know(fixture, "spf.result", "softfail");
    know(fixture, "dkim.passes", "yes");
    know(fixture, "dkim.bits", "1024");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_string_equal(policy_reply(fixture->arena, rows[i].reply, fixture->known, &bad),
                            rows[i].filled);
        assert_null(bad.at);
    }
    policy_reply(fixture->arena, "a {b} {c}", fixture->known, &bad);
    assert_true(span_equal_text(bad, "b"));
    policy_reply(fixture->arena, "a {from.domain", fixture->known, &bad); /* not closed */
    assert_true(span_equal_text(bad, "from.domain"));
}

static void rule_books_are_met_or_not(void **state)
{
    struct fixture *fixture = *state;
    struct err why = {0};
    const struct policy *book = policy_open(fixture->arena, "parked", &why);
    struct policy_occasion occasion = occasion_of(fixture, "2026-11-24");
    struct policy_outcome outcome;

    know(fixture, "spf.nobody", "no");
    outcome = policy_judge(fixture->arena, book, &occasion);
    assert_string_equal(policy_outcome_text(fixture->arena, &outcome),
                        "Parked domain: not met: 0 of 6 rules met; 1 not met: spf; 5 unknown");
    know(fixture, "spf.nobody", "yes");
    know(fixture, "dmarc.applies", "reject");
    know(fixture, "dmarc.sp", "reject");
    know(fixture, "mx.null", "yes");
    know(fixture, "dmarc.reports", "yes");
    know(fixture, "dkim.revoked", "yes");
    outcome = policy_judge(fixture->arena, book, &occasion);
    assert_string_equal(policy_outcome_text(fixture->arena, &outcome),
                        "Parked domain: met: 6 of 6 rules met");
}

static void the_line_of_the_requirement_reads_as_it_should(void **state)
{
    struct fixture *fixture = *state;
    struct err why = {0};
    struct policy_occasion occasion = occasion_of(fixture, "2026-11-24");
    struct policy_outcome outcome;

    know(fixture, "sender.bulk", "yes");
    know(fixture, "ptr.exists", "yes");
    know(fixture, "spf.passes", "yes");
    know(fixture, "dkim.passes", "no");
    know(fixture, "dmarc.passes", "yes");
    know(fixture, "dmarc.result", "pass");
    know(fixture, "from.domain", "example.com");
    outcome = policy_judge(fixture->arena, policy_open(fixture->arena, "outlook.com", &why),
                           &occasion);
    assert_string_equal(policy_outcome_text(fixture->arena, &outcome),
                        "Outlook.com: would reject 550 5.7.515: DKIM does not pass");
    assert_string_equal(outcome.reply,
                        "Access denied, sending domain example.com does not meet the required "
                        "authentication level. Spf= Pass , Dkim= Fail , DMARC= Pass");
}

/* older - the words once more, by the other standard */
static struct policy_known *older(struct fixture *fixture, const char *standard)
{
    struct policy_known *words = arena_new_of(fixture->arena, struct policy_known);

    *words = *fixture->known;
    words->standard = standard;
    words->older = NULL;
    fixture->known->older = words;
    return words;
}

#define BY_POLICY                                                                            \
    RULE("reject", "when: dmarc.policy = reject, disposition: reject, code: 550, enhanced: " \
                   "5.7.1, reply: no, confidence: high")                                     \
    RULE("junk", "when: dmarc.policy = quarantine, disposition: junk, confidence: high")

static void standards_that_differ_leave_the_outcome_open(void **state)
{
    struct fixture *fixture = *state;
    struct policy_outcome outcome;

    know(fixture, "dmarc.policy", "reject");
    policy_known_set(older(fixture, "RFC 7489"), span_of("dmarc.policy"), "quarantine");
    outcome = judge(fixture, HEAD BY_POLICY TAIL);
    assert_int_equal(outcome.disposition, POLICY_UNKNOWN);
    assert_int_equal(outcome.standard_count, 2);
    assert_string_equal(outcome.standards[1].standard, "RFC 7489");
    assert_int_equal(outcome.standards[1].disposition, POLICY_JUNK);
    assert_string_equal(
        policy_outcome_text(fixture->arena, &outcome),
        "X: cannot tell, because no source says which standard of DMARC it goes "
        "by: it would reject 550 5.7.1 by RFC 9989, would file as junk by RFC "
        "7489");
}

static void a_receiver_that_says_its_standard_is_judged_by_it(void **state)
{
    struct fixture *fixture = *state;

    know(fixture, "dmarc.policy", "reject");
    policy_known_set(older(fixture, "RFC 7489"), span_of("dmarc.policy"), "quarantine");
    assert_string_equal(judge(fixture, "dmarc: rfc9989\n" HEAD BY_POLICY TAIL).rule->id,
                        "reject");
    assert_string_equal(judge(fixture, "dmarc: rfc7489\n" HEAD BY_POLICY TAIL).rule->id,
                        "junk");
    fixture->known->older = NULL;
    assert_string_equal(judge(fixture, "dmarc: rfc7489\n" HEAD BY_POLICY TAIL).rule->id,
                        "reject");
}

static void standards_that_lead_to_the_same_are_certain(void **state)
{
    struct fixture *fixture = *state;
    const char *text = HEAD BY_POLICY RULE(
        "none", "when: dmarc.policy = none, disposition: reject, code: 550, enhanced: 5.7.2, "
                "confidence: high") TAIL;
    struct policy_outcome outcome;

    know(fixture, "dmarc.policy", "reject");
    policy_known_set(older(fixture, "RFC 7489"), span_of("dmarc.policy"), "none");
    outcome = judge(fixture, text);
    assert_int_equal(outcome.disposition, POLICY_REJECT);
    assert_string_equal(outcome.code, "550");
    assert_null(outcome.enhanced);
    assert_null(outcome.reply);
    assert_null(outcome.standards);
}

static void what_is_not_known_by_either_standard_comes_first(void **state)
{
    struct fixture *fixture = *state;

    older(fixture, "RFC 7489");
    assert_null(judge(fixture, HEAD BY_POLICY TAIL).standards);
}

#define BOOK                                                         \
    "name: x\ntitle: X\nkind: rule book\nas-of: 2026-01\nabout: x\n" \
    "sources: [{id: A, title: x}]\nrules:\n"

static void every_rule_of_a_rule_book_is_judged(void **state)
{
    static const struct {
        const char *rule;
        enum policy_state state;
        enum severity severity;
    } rows[] = {{"spf", POLICY_UNMET, SEV_ERROR},
                {"dkim", POLICY_MET, SEV_ERROR},
                {"tls", POLICY_UNDECIDED, SEV_WARNING},
                {"mx", POLICY_UNMET, SEV_NOTICE}};
    struct fixture *fixture = *state;
    struct policy_outcome outcome;

    know(fixture, "spf.passes", "no");
    know(fixture, "dkim.passes", "yes");
    know(fixture, "mx.null", "no");
    know(fixture, "domain.sends", "yes");
    know(fixture, "domain.name", "example.com");
    outcome = judge(
        fixture,
        BOOK RULE("old", "when: always, until: 2020-01, disposition: reject, confidence: high")
            RULE("spf", "when: not spf.passes, disposition: reject, confidence: high")
                RULE("dkim", "when: not dkim.passes, disposition: reject, confidence: high")
                    RULE("tls", "when: not tls.used, disposition: junk, confidence: high")
                        RULE("idle", "applies: not domain.sends, when: not mx.null, "
                                     "disposition: reject, confidence: high")
                            RULE("mx", "when: not mx.null, severity: notice, publish: "
                                       "['{domain.name} MX 0 .', '{mail-from.domain} A'], "
                                       "disposition: reject, confidence: high") TAIL);
    assert_int_equal(outcome.item_count, COUNT_OF(rows));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_string_equal(outcome.items[i].rule->id, rows[i].rule);
        assert_int_equal(outcome.items[i].state, rows[i].state);
        assert_int_equal(outcome.items[i].rule->severity, rows[i].severity);
    }
    /* a record of which a part is not known is left out */
    assert_int_equal(outcome.items[3].publish_count, 1);
    assert_string_equal(outcome.items[3].publish[0], "example.com MX 0 .");
    assert_int_equal(outcome.disposition, POLICY_REJECT);
    assert_string_equal(policy_outcome_text(fixture->arena, &outcome),
                        "X: not met: 1 of 4 rules met; 2 not met: spf, mx; 1 unknown");
}

static void a_rule_that_accepts_ends_the_list(void **state)
{
    struct fixture *fixture = *state;
    const char *text =
        BOOK RULE("spf", "when: not spf.passes, disposition: reject, confidence: high")
            RULE("idle", "when: not domain.sends, disposition: accept, confidence: high")
                RULE("dkim", "when: not dkim.passes, disposition: reject, confidence: high")
                    TAIL;

    know(fixture, "spf.passes", "yes");
    know(fixture, "dkim.passes", "no");
    know(fixture, "domain.sends", "no");
    assert_int_equal(judge(fixture, text).item_count, 1);
    know(fixture, "domain.sends", "yes");
    assert_int_equal(judge(fixture, text).item_count, 2);
}

static void values_of_words_are_checked(void **state)
{
    struct fixture *fixture = *state;

    assert_false(policy_known_set(fixture->known, span_of("spf.pass"), "yes"));
    assert_false(policy_known_set(fixture->known, span_of("spf.passes"), "maybe"));
    assert_false(policy_known_set(fixture->known, span_of("spf.result"), "passed"));
    assert_false(policy_known_set(fixture->known, span_of("spf.result"), ""));
    assert_false(policy_known_set(fixture->known, span_of("dkim.bits"), "-1"));
    assert_true(policy_known_set(fixture->known, span_of("dkim.bits"), "?"));
    assert_null(policy_value_to_text(fixture->arena, fixture->known, POLICY_FACT_dkim_bits));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)
    const struct CMUnitTest tests[] = {
        TEST(the_first_rule_that_holds_decides),
        TEST(a_rule_holds_from_since_to_the_day_before_until),
        TEST(what_is_not_known_keeps_the_outcome_open),
        TEST(rules_that_do_the_same_need_not_be_told_apart),
        TEST(an_unknown_rule_that_does_something_else_is_not_overlooked),
        TEST(unknown_facts_beyond_two_are_counted),
        TEST(bulk_senders_and_others_are_shown_where_it_matters),
        TEST(what_nobody_can_tell_is_said_once),
        TEST(nobody_is_taken_for_a_bulk_sender),
        TEST(findings_explain_an_outcome_where_there_are_some),
        TEST(findings_of_the_vocabulary_are_in_the_catalogue),
        TEST(the_manual_has_every_word),
        TEST(replies_are_filled_in),
        TEST(rule_books_are_met_or_not),
        TEST(the_line_of_the_requirement_reads_as_it_should),
        TEST(standards_that_differ_leave_the_outcome_open),
        TEST(a_receiver_that_says_its_standard_is_judged_by_it),
        TEST(standards_that_lead_to_the_same_are_certain),
        TEST(what_is_not_known_by_either_standard_comes_first),
        TEST(every_rule_of_a_rule_book_is_judged),
        TEST(a_rule_that_accepts_ends_the_list),
        TEST(values_of_words_are_checked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
