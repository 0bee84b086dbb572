/* The ledger: every question once, in order, with an answer that says what is known. */
#include "base/limits.h"
#include "base/sbuf.h"
#include "dns/dns_rr.h"
#include "ledger/ledger.h"
#include "source/source.h"
#include "unit_arena.h"
#include "world.h"

static const struct dns_name *name_of(const char *text)
{
    return dns_name_from_text(arena, text);
}

/* ask_world - the answer of a small world to one question, by a fresh ledger */
static const struct dns_answer *ask_world(const char *world, const char *name,
                                          enum dns_type type)
{
    struct ledger *ledger = ledger_open(arena);
    const struct dns_answer *answer = ledger_ask(ledger, name_of(name), type);

    ledger_fill(ledger, world_source(arena, world));
    assert_int_equal(ledger_wanted(ledger), 0);
    return answer;
}

static void a_stronger_status_wins(void **state)
{
    static const enum dns_status ladder[] = {
        DNS_PENDING, DNS_UNKNOWN,   DNS_BUDGET, DNS_TIMEOUT, DNS_SERVFAIL,
        DNS_BOGUS,   DNS_MALFORMED, DNS_OK,     DNS_NODATA,  DNS_NXDOMAIN,
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ladder); i++) {
        for (size_t j = i; j < COUNT_OF(ladder); j++) {
            assert_int_equal(dns_status_stronger(ladder[i], ladder[j]), ladder[i]);
            assert_int_equal(dns_status_stronger(ladder[j], ladder[i]), ladder[i]);
        }
    }
}

static void only_ok_and_absence_are_answers(void **state)
{
    (void)state;
    for (int status = DNS_PENDING; status <= DNS_MALFORMED; status++)
        assert_false(dns_status_is_answer((enum dns_status)status));
    assert_true(dns_status_is_answer(DNS_OK));
    assert_false(dns_status_is_absent(DNS_OK));
    assert_true(dns_status_is_absent(DNS_NODATA));
    assert_true(dns_status_is_absent(DNS_NXDOMAIN));
}

static void words_of_statuses_and_types_are_read_back(void **state)
{
    enum dns_status status = DNS_OK;
    enum dns_type type = DNS_A;

    (void)state;
    for (int i = DNS_PENDING; i <= DNS_NXDOMAIN; i++) {
        assert_true(dns_status_parse(span_of(dns_status_to_text((enum dns_status)i)), &status));
        assert_int_equal(status, i);
    }
    assert_false(dns_status_parse(span_of("ok"), &status));
    assert_string_equal(dns_type_to_text(arena, DNS_TLSA), "TLSA");
    assert_string_equal(dns_type_to_text(arena, (enum dns_type)65280), "TYPE65280");
    assert_true(dns_type_parse(span_of("type65280"), &type));
    assert_int_equal(type, 65280);
    assert_true(dns_type_parse(span_of("txt"), &type));
    assert_int_equal(type, DNS_TXT);
    assert_false(dns_type_parse(span_of("TYPE65536"), &type));
    assert_false(dns_type_parse(span_of("TYPE"), &type));
    assert_false(dns_type_parse(span_of("BOGUS"), &type));
}

static void a_new_question_is_pending_and_noted_once(void **state)
{
    struct ledger *ledger = ledger_open(arena);
    const struct dns_answer *answer = ledger_ask(ledger, name_of("example.com"), DNS_TXT);

    (void)state;
    assert_int_equal(answer->status, DNS_PENDING);
    assert_ptr_equal(ledger_ask(ledger, name_of("EXAMPLE.com."), DNS_TXT), answer);
    assert_int_equal(ledger_wanted(ledger), 1);
    assert_int_equal(ledger_count(ledger), 1);
    assert_null(ledger_find(ledger, name_of("example.com"), DNS_TXT));
    assert_int_equal(ledger_ask(ledger, name_of("example.com"), DNS_MX)->status, DNS_PENDING);
    assert_int_equal(ledger_wanted(ledger), 2);
}

static void looking_for_an_answer_notes_nothing(void **state)
{
    struct ledger *ledger = ledger_open(arena);

    (void)state;
    assert_null(ledger_find(ledger, name_of("example.com"), DNS_TXT));
    assert_int_equal(ledger_wanted(ledger), 0);
    assert_int_equal(ledger_count(ledger), 0);
}

static void filling_asks_for_all_that_is_wanted_in_one_round(void **state)
{
    struct ledger *ledger = ledger_open(arena);
    struct source *world = world_source(arena, "a.example A 192.0.2.1\n"
                                               "b.example TXT \"two\" \"parts\"\n"
                                               "c.example MX 10 mail.example\n");
    const struct dns_answer *a = ledger_ask(ledger, name_of("a.example"), DNS_A);
    const struct dns_answer *b = ledger_ask(ledger, name_of("b.example"), DNS_TXT);
    const struct dns_answer *c = ledger_ask(ledger, name_of("c.example"), DNS_MX);

    (void)state;
    ledger_fill(ledger, world);
    assert_int_equal(ledger_rounds(ledger), 1);
    assert_int_equal(a->status, DNS_OK);
    assert_string_equal(a->records->text, "a.example.\t300\tIN\tA\t192.0.2.1");
    assert_string_equal(ip_to_text(arena, a->records->address), "192.0.2.1");
    assert_int_equal(b->records->string_count, 2);
    assert_true(span_equal_text(b->records->joined, "twoparts"));
    assert_int_equal(c->records->preference, 10);
    assert_string_equal(c->records->target->text, "mail.example");
    assert_ptr_equal(ledger_find(ledger, name_of("b.example"), DNS_TXT), b);
    ledger_fill(ledger, world); /* nothing is wanted: no round */
    assert_int_equal(ledger_rounds(ledger), 1);
}

static void answers_keep_the_order_of_asking(void **state)
{
    struct ledger *ledger = ledger_open(arena);

    (void)state;
    for (int i = 0; i < 500; i++)
        ledger_ask(ledger, name_of(arena_printf(arena, "n%d.example", i)), DNS_A);
    ledger_fill(ledger, world_source(arena, "n7.example A 192.0.2.7\n"));
    assert_int_equal(ledger_count(ledger), 500);
    for (size_t i = 0; i < 500; i++) {
        const struct dns_answer *answer = ledger_get(ledger, i);

        assert_string_equal(answer->question.name->text,
                            arena_printf(arena, "n%zu.example", i));
        assert_int_equal(answer->status, i == 7 ? DNS_OK : DNS_NXDOMAIN);
    }
}

static void absence_and_failure_stay_apart(void **state)
{
    static const char world[] = "example.com TXT \"x\"\n"
                                "slow.example.com TXT !TIMEOUT\n"
                                "*.broken.example TXT !SERVFAIL\n"
                                ". MX !BOGUS\n"
                                "deep.tree.example.org A 192.0.2.1\n";

    (void)state;
    assert_int_equal(ask_world(world, "example.com", DNS_TXT)->status, DNS_OK);
    assert_int_equal(ask_world(world, "example.com", DNS_MX)->status, DNS_NODATA);
    assert_int_equal(ask_world(world, "none.example.com", DNS_TXT)->status, DNS_NXDOMAIN);
    assert_int_equal(ask_world(world, "none.example.com", DNS_MX)->status, DNS_BOGUS);
    assert_int_equal(ask_world(world, "slow.example.com", DNS_TXT)->status, DNS_TIMEOUT);
    assert_int_equal(ask_world(world, "a.broken.example", DNS_TXT)->status, DNS_SERVFAIL);
    assert_int_equal(ask_world(world, "tree.example.org", DNS_A)->status, DNS_NODATA);
    assert_non_null(ask_world(world, "slow.example.com", DNS_TXT)->detail);
}

static void a_chain_is_followed_within_the_round(void **state)
{
    struct ledger *ledger = ledger_open(arena);
    const struct dns_answer *answer = ledger_ask(ledger, name_of("www.example"), DNS_A);
    const struct dns_rr *rr = NULL;

    (void)state;
    ledger_fill(ledger, world_source(arena, "www.example CNAME a.example.net\n"
                                            "a.example.net CNAME b.example.org\n"
                                            "b.example.org A 192.0.2.1\n"
                                            "b.example.org A 192.0.2.2\n"));
    assert_int_equal(ledger_rounds(ledger), 1);
    assert_int_equal(ledger_count(ledger), 1); /* the links are no questions of their own */
    assert_int_equal(answer->status, DNS_OK);
    assert_int_equal(answer->record_count, 4);
    assert_int_equal(dns_answer_count(answer), 2);
    rr = answer->records;
    assert_string_equal(rr->text, "www.example.\t300\tIN\tCNAME\ta.example.net.");
    assert_string_equal(rr->next->text, "a.example.net.\t300\tIN\tCNAME\tb.example.org.");
    rr = dns_answer_first(answer);
    assert_string_equal(rr->text, "b.example.org.\t300\tIN\tA\t192.0.2.1");
    rr = dns_answer_next(answer, rr);
    assert_string_equal(rr->text, "b.example.org.\t300\tIN\tA\t192.0.2.2");
    assert_null(dns_answer_next(answer, rr));
    assert_string_equal(dns_answer_final_name(answer)->text, "b.example.org");
    assert_false(dns_answer_is_circle(answer));
}

static void the_end_of_a_chain_decides_its_status(void **state)
{
    static const char world[] = "gone.example CNAME nowhere.example\n"
                                "empty.example CNAME other.example\n"
                                "other.example TXT \"x\"\n"
                                "slow.example CNAME end.example\n"
                                "end.example A !TIMEOUT\n";
    const struct dns_answer *answer = ask_world(world, "gone.example", DNS_A);

    (void)state;
    assert_int_equal(answer->status, DNS_NXDOMAIN); /* RFC 6604, 3 */
    assert_int_equal(answer->record_count, 1);
    assert_null(dns_answer_first(answer));
    assert_int_equal(ask_world(world, "empty.example", DNS_A)->status, DNS_NODATA);
    answer = ask_world(world, "slow.example", DNS_A);
    assert_int_equal(answer->status, DNS_TIMEOUT);
    assert_int_equal(answer->record_count, 1);
    assert_false(answer->has_ttl);
}

/* aliased - the answer for an alias of a name with so many addresses */
static const struct dns_answer *aliased(int count)
{
    struct sbuf world = sbuf_start(arena);

    sbuf_add(&world, "alias.example CNAME many.example\n");
    for (int i = 0; i < count; i++)
        sbuf_addf(&world, "many.example A 10.0.%d.%d\n", i / UINT8_MAX, i % UINT8_MAX);
    return ask_world(sbuf_text(&world), "alias.example", DNS_A);
}

static void an_answer_of_too_many_records_is_malformed(void **state)
{
    const struct dns_answer *most = aliased(LIMIT_ANSWER_RECORDS - 1);
    const struct dns_answer *more = aliased(LIMIT_ANSWER_RECORDS);

    (void)state;
    assert_int_equal(most->status, DNS_OK);
    assert_int_equal(most->record_count, LIMIT_ANSWER_RECORDS);
    assert_int_equal(more->status, DNS_MALFORMED);
    assert_non_null(strstr(more->detail, "more than 4096 records"));
    assert_int_equal(more->record_count, 0);
}

static void an_alias_that_is_asked_for_is_not_followed(void **state)
{
    const struct dns_answer *answer =
        ask_world("www.example CNAME a.example\n", "www.example", DNS_CNAME);

    (void)state;
    assert_int_equal(answer->status, DNS_OK);
    assert_int_equal(dns_answer_count(answer), 1);
    assert_string_equal(dns_answer_first(answer)->target->text, "a.example");
    assert_string_equal(dns_answer_final_name(answer)->text, "www.example");
}

static void a_circle_of_aliases_is_a_failure(void **state)
{
    const struct dns_answer *answer = ask_world("a.example CNAME b.example\n"
                                                "b.example CNAME c.example\n"
                                                "c.example CNAME b.example\n",
                                                "a.example", DNS_TXT);

    (void)state;
    assert_int_equal(answer->status, DNS_SERVFAIL);
    assert_string_equal(answer->detail, "the CNAME chain goes in a circle at b.example");
    assert_true(dns_answer_is_circle(answer));
    answer = ask_world("a.example CNAME a.example\n", "a.example", DNS_TXT);
    assert_int_equal(answer->status, DNS_SERVFAIL);
}

/* chain_world - l0 to l<links> with an address at the end */
static const char *chain_world(int links)
{
    const char *world = arena_printf(arena, "l%d.example A 192.0.2.1\n", links);

    for (int i = 0; i < links; i++)
        world = arena_printf(arena, "%sl%d.example CNAME l%d.example\n", world, i, i + 1);
    return world;
}

/* bound: LIMIT_CNAME_CHAIN both */
static void a_chain_has_a_greatest_length(void **state)
{
    const struct dns_answer *answer = ask_world(chain_world(12), "l0.example", DNS_A);

    (void)state;
    assert_int_equal(answer->status, DNS_OK);
    assert_int_equal(answer->record_count, 13);
    answer = ask_world(chain_world(13), "l0.example", DNS_A);
    assert_int_equal(answer->status, DNS_SERVFAIL);
    assert_string_equal(answer->detail, "the CNAME chain has more than 12 links");
}

/* bound: LIMIT_QUESTIONS both */
static void questions_have_a_ceiling(void **state)
{
    struct ledger *ledger = ledger_open(arena);
    const struct dns_answer *answer = NULL;

    (void)state;
    for (int i = 0; i < LIMIT_QUESTIONS; i++) {
        answer = ledger_ask(ledger, name_of(arena_printf(arena, "n%d.example", i)), DNS_A);
        assert_int_equal(answer->status, DNS_PENDING);
    }
    answer = ledger_ask(ledger, name_of("more.example"), DNS_A);
    assert_int_equal(answer->status, DNS_BUDGET);
    assert_string_equal(answer->detail, "not queried: limit of 1000 queries reached");
    assert_ptr_equal(ledger_ask(ledger, name_of("more.example"), DNS_A), answer);
    assert_int_equal(ledger_wanted(ledger), LIMIT_QUESTIONS);
    assert_int_equal(ledger_count(ledger), LIMIT_QUESTIONS);
}

/* bound: LIMIT_ROUNDS both */
static void rounds_have_a_ceiling(void **state)
{
    struct ledger *ledger = ledger_open(arena);
    struct source *world = world_source(arena, "a.example A 192.0.2.1\n");
    const struct dns_answer *answer = NULL;

    (void)state;
    for (int i = 0; i <= LIMIT_ROUNDS; i++) {
        if (answer != NULL)
            assert_int_equal(answer->status, DNS_NXDOMAIN);
        answer = ledger_ask(ledger, name_of(arena_printf(arena, "n%d.test", i)), DNS_A);
        ledger_fill(ledger, world);
    }
    assert_int_equal(answer->status, DNS_BUDGET);
    assert_int_equal(ledger_wanted(ledger), 0);
}

/* heavy_world - one name with 256 strings of 255 octets, 64 KiB */
static const char *heavy_world(void)
{
    char string[256];
    const char *line = "heavy.example TXT";

    memset(string, 'x', sizeof(string) - 1);
    string[sizeof(string) - 1] = '\0';
    for (int i = 0; i < 256; i++)
        line = arena_printf(arena, "%s \"%s\"", line, string);
    return arena_printf(arena, "%s\n*.heavy.example %s\n", line, strstr(line, "TXT"));
}

/* bound: LIMIT_ANSWER_BYTES past */
static void octets_have_a_ceiling(void **state)
{
    struct ledger *ledger = ledger_open(arena);
    struct source *world = world_source(arena, heavy_world());
    const struct dns_answer *answer = NULL;
    size_t count = 0;

    (void)state;
    do { /* wildcards give every name the same 64 KiB */
        answer = ledger_ask(ledger, name_of(arena_printf(arena, "n%zu.heavy.example", count++)),
                            DNS_TXT);
        ledger_fill(ledger, world);
    } while (answer->status == DNS_OK && count < 39);
    assert_int_equal(answer->status, DNS_OK); /* 39 * 64 KiB are far below 8 MiB */
    for (count = 100; count < 250; count++)
        answer = ledger_ask(ledger, name_of(arena_printf(arena, "n%zu.heavy.example", count)),
                            DNS_TXT);
    ledger_fill(ledger, world); /* 150 more pass the ceiling within one round */
    answer = ledger_ask(ledger, name_of("last.heavy.example"), DNS_TXT);
    ledger_fill(ledger, world);
    assert_int_equal(answer->status, DNS_BUDGET);
}

/* a source that takes its time: each poll() answers one question, with 64 KiB */
struct slow_source {
    struct source source;
    void *tokens[LIMIT_QUESTIONS];
    struct dns_question questions[LIMIT_QUESTIONS];
    int open;
    int forgotten;
    struct dns_rr *rr;
};

static bool slow_submit(struct source *source, const struct dns_question *question, void *token)
{
    struct slow_source *slow = (struct slow_source *)source;

    slow->questions[slow->open] = *question;
    slow->tokens[slow->open++] = token;
    return true;
}

static int slow_poll(struct source *source, int timeout_ms, source_answered_fn *answered,
                     void *ctx)
{
    struct slow_source *slow = (struct slow_source *)source;
    struct dns_answer answer = {
        .status = DNS_OK, .source = "slow", .records = slow->rr, .record_count = 1};

    assert_true(timeout_ms >= 0);
    answer.question = slow->questions[--slow->open];
    answered(ctx, slow->tokens[slow->open], &answer);
    return slow->open;
}

static void slow_forget(struct source *source)
{
    struct slow_source *slow = (struct slow_source *)source;

    slow->forgotten += slow->open;
    slow->open = 0;
}

static void a_ceiling_within_a_round_answers_the_rest_of_it(void **state)
{
    static const struct source_ops ops = {
        .type = "slow", .submit = slow_submit, .poll = slow_poll, .forget = slow_forget};
    struct slow_source *slow = arena_new_of(arena, struct slow_source);
    struct ledger *ledger = ledger_open(arena);
    const char *heavy = heavy_world();
    struct err why = {0};
    int answered = 0;

    (void)state;
    slow->source = (struct source){.ops = &ops, .arena = arena, .spec = "slow"};
    slow->rr = dns_rr_from_text(
        arena,
        arena_strdup_span(arena, span_make(heavy, (size_t)(strchr(heavy, '\n') - heavy))),
        &why);
    assert_non_null(slow->rr);
    for (int i = 0; i < 200; i++)
        ledger_ask(ledger, name_of(arena_printf(arena, "n%d.example", i)), DNS_TXT);
    ledger_fill(ledger, &slow->source);
    assert_int_equal(ledger_wanted(ledger), 0);
    for (size_t i = 0; i < 200; i++) {
        const struct dns_answer *answer = ledger_get(ledger, i);

        answered += answer->status == DNS_OK;
        assert_true(answer->status == DNS_OK || answer->status == DNS_BUDGET);
        assert_true((answer->status == DNS_BUDGET) == (answer->detail != NULL));
    }
    /* one record of 66,071 octets of text after another: 127 pass the 8 MiB */
    assert_int_equal(answered, 127);
    assert_int_equal(slow->forgotten, 73);
}

static void an_answer_added_replaces_the_one_held(void **state)
{
    struct ledger *ledger = ledger_open(arena);
    struct dns_answer given = {
        .question = {.name = name_of("example.com"), .type = DNS_TXT},
        .status = DNS_NODATA,
        .source = "test",
    };
    const struct dns_answer *answer = ledger_ask(ledger, name_of("example.com"), DNS_TXT);

    (void)state;
    ledger_add(ledger, &given);
    assert_int_equal(answer->status, DNS_NODATA);
    assert_int_equal(ledger_wanted(ledger), 0);
    given.status = DNS_NXDOMAIN;
    ledger_add(ledger, &given);
    assert_int_equal(answer->status, DNS_NXDOMAIN);
    assert_int_equal(ledger_count(ledger), 1);
    given.question.type = DNS_MX;
    ledger_add(ledger, &given);
    assert_int_equal(ledger_count(ledger), 2);
}

static void a_name_may_be_forgotten_after_asking(void **state)
{
    struct ledger *ledger = ledger_open(arena);
    struct arena *other = arena_open();

    (void)state;
    ledger_ask(ledger, dns_name_from_text(other, "example.com"), DNS_A);
    arena_close(other);
    ledger_fill(ledger, world_source(arena, "example.com A 192.0.2.1\n"));
    assert_int_equal(ledger_find(ledger, name_of("example.com"), DNS_A)->status, DNS_OK);
}

static void evidence_is_aside_until_it_is_asked_for_otherwise(void **state)
{
    struct ledger *ledger = ledger_open(arena);
    const struct dns_answer *aside = ledger_ask_aside(ledger, name_of("a.example"), DNS_A);
    const struct dns_answer *both = ledger_ask_aside(ledger, name_of("b.example"), DNS_A);

    (void)state;
    ledger_ask(ledger, name_of("b.example"), DNS_A);
    assert_ptr_equal(ledger_ask_aside(ledger, name_of("b.example"), DNS_A), both);
    ledger_fill(ledger, world_source(arena, "a.example A 192.0.2.1\n"));
    assert_int_equal(aside->status, DNS_OK);
    assert_true(aside->is_aside);
    assert_false(both->is_aside);
}

static void an_assumed_world_leaves_the_evidence_of_the_real_one_alone(void **state)
{
    struct ledger *ledger = ledger_open(arena);
    const struct dns_answer *aside = ledger_ask_aside(ledger, name_of("a.example"), DNS_A);
    struct ledger *over = NULL;

    (void)state;
    ledger_fill(ledger, world_source(arena, "a.example A 192.0.2.1\n"));
    over = ledger_over(arena, ledger, NULL, 0);
    ledger_ask(over, name_of("a.example"), DNS_A);
    ledger_ask(over, name_of("a.example"), DNS_A);
    assert_true(aside->is_aside);
    assert_true(ledger_ask_aside(over, name_of("b.example"), DNS_A)->is_aside);
}

static void nothing_is_below_a_name_that_does_not_exist_unless_it_is_an_alias(void **state)
{
    static const char world[] = "alias.example CNAME nowhere.example\nthere.example TXT x\n";

    (void)state;
    assert_true(dns_answer_is_empty_below(ask_world(world, "absent.example", DNS_TXT)));
    assert_false(dns_answer_is_empty_below(ask_world(world, "there.example", DNS_A)));
    assert_int_equal(ask_world(world, "alias.example", DNS_TXT)->status, DNS_NXDOMAIN);
    assert_false(dns_answer_is_empty_below(ask_world(world, "alias.example", DNS_TXT)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(evidence_is_aside_until_it_is_asked_for_otherwise),
        cmocka_unit_test(an_assumed_world_leaves_the_evidence_of_the_real_one_alone),
        cmocka_unit_test(nothing_is_below_a_name_that_does_not_exist_unless_it_is_an_alias),
        cmocka_unit_test(a_stronger_status_wins),
        cmocka_unit_test(only_ok_and_absence_are_answers),
        cmocka_unit_test(words_of_statuses_and_types_are_read_back),
        cmocka_unit_test(a_new_question_is_pending_and_noted_once),
        cmocka_unit_test(looking_for_an_answer_notes_nothing),
        cmocka_unit_test(filling_asks_for_all_that_is_wanted_in_one_round),
        cmocka_unit_test(answers_keep_the_order_of_asking),
        cmocka_unit_test(absence_and_failure_stay_apart),
        cmocka_unit_test(a_chain_is_followed_within_the_round),
        cmocka_unit_test(the_end_of_a_chain_decides_its_status),
        cmocka_unit_test(an_answer_of_too_many_records_is_malformed),
        cmocka_unit_test(an_alias_that_is_asked_for_is_not_followed),
        cmocka_unit_test(a_circle_of_aliases_is_a_failure),
        cmocka_unit_test(a_chain_has_a_greatest_length),
        cmocka_unit_test(questions_have_a_ceiling),
        cmocka_unit_test(rounds_have_a_ceiling),
        cmocka_unit_test(octets_have_a_ceiling),
        cmocka_unit_test(a_ceiling_within_a_round_answers_the_rest_of_it),
        cmocka_unit_test(an_answer_added_replaces_the_one_held),
        cmocka_unit_test(a_name_may_be_forgotten_after_asking),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
