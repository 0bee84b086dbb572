/* What every source owes, whatever it is: the same cases run over all of them. */
#include <unistd.h>

#include "base/file_write.h"
#include "ledger/ledger.h"
#include "source/source.h"
#include "unit.h"
#include "world.h"

#define ASKED_MAX 3000
#define WAIT_MS   1000

#define ZONE_FILE     "contract.zone.tmp"
#define SNAPSHOT_FILE "contract.snapshot.tmp"

static const char zone_text[] = "@ 60 IN SOA ns h 1 2 3 4 30\n"
                                "@ IN MX 10 mail\n"
                                "mail IN A 192.0.2.1\n"
                                "www IN CNAME cdn.example.net.\n"
                                "back IN CNAME forth.example.net.\n"
                                "end IN TXT \"here\"\n"
                                "sub IN NS ns.example.net.\n";

static const char snapshot_text[] =
    "{\"snapshot\":1,\"taken\":\"2026-11-24T10:00:00Z\",\"closed\":[\"example.net\"]}\n"
    "{\"name\":\"cdn.example.net\",\"type\":\"A\",\"status\":\"OK\","
    "\"ttl\":20,\"records\":[\"cdn.example.net. 20 A 192.0.2.2\"]}\n"
    "{\"name\":\"forth.example.net\",\"type\":\"TXT\",\"status\":\"OK\","
    "\"ttl\":20,\"records\":[\"forth.example.net. 20 CNAME end.example.com.\","
    "\"end.example.com. 20 TXT \\\"there\\\"\"]}\n"
    "{\"name\":\"absent.example.com\",\"type\":\"A\",\"status\":\"OK\","
    "\"ttl\":20,\"records\":[\"absent.example.com. 20 A 192.0.2.3\"]}\n"
    "{\"name\":\"x.sub.example.com\",\"type\":\"A\",\"status\":\"OK\","
    "\"ttl\":20,\"records\":[\"x.sub.example.com. 20 A 192.0.2.4\"]}\n"
    "{\"name\":\"slow.example.org\",\"type\":\"A\",\"status\":\"TIMEOUT\"}\n";

static const char world_text[] = "example.com MX 10 mail.example.com\n"
                                 "mail.example.com A 192.0.2.1\n"
                                 "slow.example.com A !TIMEOUT\n";

/* a question, and how often it was answered */
struct asked {
    struct dns_question question;
    unsigned answers;
    enum dns_status status;
};

struct run {
    struct arena *arena;
    struct source *source;
    struct asked asked[ASKED_MAX];
    size_t count;
    size_t answered;
    unsigned again; /* questions to submit from inside poll() */
};

typedef struct source *open_fn(struct arena *arena);

static struct source *open_spec(struct arena *arena, const char *spec)
{
    struct err why = {0};
    struct source *source = source_open(arena, spec, NULL, &why);

    if (source == NULL)
        fail_msg("%s: %s", spec, why.text);
    assert_string_equal(source->spec, spec);
    assert_ptr_equal(source->arena, arena);
    return source;
}

static struct source *open_zone(struct arena *arena)
{
    return open_spec(arena, "zone:" ZONE_FILE "@example.com");
}

static struct source *open_snapshot(struct arena *arena)
{
    return open_spec(arena, "snapshot:" SNAPSHOT_FILE);
}

static struct source *open_fail(struct arena *arena)
{
    return open_spec(arena, "fail:timeout");
}

static struct source *open_world(struct arena *arena)
{
    return world_source(arena, world_text);
}

static struct source *open_overlay(struct arena *arena)
{
    struct source *members[] = {open_zone(arena), open_snapshot(arena)};

    return source_overlay_open(arena, members, COUNT_OF(members));
}

static struct source *open_overlay_of_one(struct arena *arena)
{
    struct source *member = open_zone(arena);

    return source_overlay_open(arena, &member, 1);
}

static const struct kind {
    const char *name;
    open_fn *open;
} kinds[] = {
    {"zone", open_zone},   {"snapshot", open_snapshot}, {"fail", open_fail},
    {"world", open_world}, {"overlay", open_overlay},   {"overlay of one", open_overlay_of_one},
};

/* names that all of the sources take */
static const char *const names[] = {
    "example.com",        "mail.example.com",          "www.example.com",
    "absent.example.com", "a.b.c.d.example.com",       "*.example.com",
    "slow.example.com",   "\\000\\255\\..example.com", "end.example.com",
};

static const enum dns_type types[] = {DNS_A, DNS_MX, DNS_TXT, DNS_CNAME, (enum dns_type)65280};

static void submit(struct run *run, const char *name, enum dns_type type)
{
    struct asked *asked = &run->asked[run->count];

    assert_true(run->count < ASKED_MAX);
    asked->question = (struct dns_question){dns_name_from_text(run->arena, name), type};
    assert_non_null(asked->question.name);
    run->count++;
    assert_true(run->source->ops->submit(run->source, &asked->question, asked));
}

static void answered(void *ctx, void *token, const struct dns_answer *answer)
{
    struct run *run = ctx;
    struct asked *asked = token;
    size_t count = 0;

    assert_true(asked >= run->asked && asked < run->asked + run->count);
    assert_true(dns_name_equal(answer->question.name, asked->question.name));
    assert_int_equal(answer->question.type, asked->question.type);
    assert_int_not_equal(answer->status, DNS_PENDING);
    for (const struct dns_rr *rr = answer->records; rr != NULL; rr = rr->next)
        count++;
    assert_int_equal(answer->record_count, count);
    assert_int_equal(answer->status == DNS_OK && count == 0, 0);
    asked->answers++;
    asked->status = answer->status;
    run->answered++;
    if (run->again > 0) {
        run->again--;
        submit(run, "mail.example.com", DNS_A);
    }
}

/* drain - poll until nothing is open */
static void drain(struct run *run, int timeout_ms)
{
    int open = (int)run->count;

    for (int i = 0; i < WAIT_MS && open > 0; i++)
        open = run->source->ops->poll(run->source, timeout_ms, answered, run);
    assert_int_equal(open, 0);
}

static void check_each_once(const struct run *run)
{
    for (size_t i = 0; i < run->count; i++)
        if (run->asked[i].answers != 1)
            fail_msg("%s was answered %u times", run->asked[i].question.name->text,
                     run->asked[i].answers);
    assert_int_equal(run->answered, run->count);
}

static void each_question_is_answered_once(struct run *run)
{
    for (size_t i = 0; i < COUNT_OF(names); i++)
        for (size_t j = 0; j < COUNT_OF(types); j++)
            submit(run, names[i], types[j]);
    assert_int_equal(run->answered, 0); /* never from submit() */
    drain(run, WAIT_MS);
    check_each_once(run);
}

static void no_time_to_wait_is_enough(struct run *run)
{
    submit(run, "example.com", DNS_MX);
    submit(run, "mail.example.com", DNS_A);
    drain(run, 0);
    check_each_once(run);
}

static void polling_without_questions_does_nothing(struct run *run)
{
    assert_int_equal(run->source->ops->poll(run->source, 0, answered, run), 0);
    submit(run, "example.com", DNS_A);
    drain(run, 0);
    assert_int_equal(run->source->ops->poll(run->source, 0, answered, run), 0);
    check_each_once(run);
}

static void the_same_question_twice_has_two_answers(struct run *run)
{
    submit(run, "example.com", DNS_MX);
    submit(run, "example.com", DNS_MX);
    drain(run, 0);
    submit(run, "example.com", DNS_MX);
    drain(run, 0);
    check_each_once(run);
    assert_int_equal(run->asked[0].status, run->asked[1].status);
    assert_int_equal(run->asked[0].status, run->asked[2].status);
}

static void an_answer_may_lead_to_a_question(struct run *run)
{
    run->again = 5;
    submit(run, "example.com", DNS_MX);
    drain(run, 0);
    if (run->answered < run->count)
        drain(run, 0);
    assert_int_equal(run->count, 6);
    check_each_once(run);
}

static void many_questions_are_all_answered(struct run *run)
{
    for (size_t i = 0; i < ASKED_MAX; i++)
        submit(run, names[i % COUNT_OF(names)], types[i % COUNT_OF(types)]);
    drain(run, WAIT_MS);
    check_each_once(run);
}

static void a_question_may_be_left_unanswered(struct run *run)
{
    submit(run, "example.com", DNS_MX);
    submit(run, "mail.example.com", DNS_A);
    /* closed by the caller: the sanitizer sees what is lost */
}

static void what_is_forgotten_is_not_answered(struct run *run)
{
    submit(run, "example.com", DNS_MX);
    if (run->source->ops->forget == NULL)
        return;
    run->source->ops->forget(run->source);
    assert_int_equal(run->source->ops->poll(run->source, 0, answered, run), 0);
    assert_int_equal(run->answered, 0);
    run->count = 0;
    submit(run, "mail.example.com", DNS_A);
    drain(run, 0);
    check_each_once(run);
}

static void a_source_knows_what_it_speaks_for(struct run *run)
{
    const struct dns_name *name = dns_name_from_text(run->arena, "mail.example.com");
    bool speaks = run->source->ops->speaks_for(run->source, name);

    submit(run, "mail.example.com", DNS_A);
    drain(run, 0);
    /* a source that speaks for a name knows something, unless it is one that fails */
    if (speaks)
        assert_int_not_equal(run->asked[0].status, DNS_UNKNOWN);
    assert_int_equal(run->source->ops->speaks_for(run->source, name), speaks);
}

static void a_ledger_is_filled(struct run *run)
{
    struct ledger *ledger = ledger_open(run->arena);

    for (size_t i = 0; i < COUNT_OF(names); i++)
        ledger_ask(ledger, dns_name_from_text(run->arena, names[i]), DNS_A);
    ledger_fill(ledger, run->source);
    assert_int_equal(ledger_wanted(ledger), 0);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_int_not_equal(ledger_get(ledger, i)->status, DNS_PENDING);
}

static void (*const promises[])(struct run *run) = {
    each_question_is_answered_once,         no_time_to_wait_is_enough,
    polling_without_questions_does_nothing, the_same_question_twice_has_two_answers,
    an_answer_may_lead_to_a_question,       many_questions_are_all_answered,
    a_question_may_be_left_unanswered,      what_is_forgotten_is_not_answered,
    a_source_knows_what_it_speaks_for,      a_ledger_is_filled,
};

static void keep_all_promises(const struct kind *kind)
{
    print_message("%s\n", kind->name);
    for (size_t i = 0; i < COUNT_OF(promises); i++) {
        struct arena *arena = arena_open();
        struct run *run = arena_new_of(arena, struct run);

        run->arena = arena;
        run->source = kind->open(arena);
        promises[i](run);
        source_close(run->source);
        arena_close(arena);
    }
}

static void every_source_keeps_its_promises(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        keep_all_promises(&kinds[i]);
}

static void nothing_is_no_source(void **state)
{
    (void)state;
    source_close(NULL);
}

/* what a zone over a snapshot answers, through a ledger */
static void an_overlay_asks_who_has_authority(void **state)
{
    static const struct {
        const char *name;
        enum dns_type type;
        enum dns_status status;
        const char *last; /* text of the last record */
    } wanted[] = {
        /* the zone's word is final, although the snapshot has an answer */
        {"absent.example.com", DNS_A, DNS_NXDOMAIN, NULL},
        {"mail.example.com", DNS_A, DNS_OK, "mail.example.com.\t30\tIN\tA\t192.0.2.1"},
        {"mail.example.com", DNS_TXT, DNS_NODATA, NULL},
        /* a CNAME that leaves the zone goes on in the snapshot, and back again */
        {"www.example.com", DNS_A, DNS_OK, "cdn.example.net.\t20\tIN\tA\t192.0.2.2"},
        {"back.example.com", DNS_TXT, DNS_OK, "end.example.com.\t30\tIN\tTXT\t\"here\""},
        {"www.example.com", DNS_MX, DNS_NODATA,
         "www.example.com.\t30\tIN\tCNAME\tcdn.example.net."},
        /* below a delegation the zone does not speak */
        {"x.sub.example.com", DNS_A, DNS_OK, "x.sub.example.com.\t20\tIN\tA\t192.0.2.4"},
        {"y.sub.example.com", DNS_A, DNS_UNKNOWN, NULL},
        {"slow.example.org", DNS_A, DNS_TIMEOUT, NULL},
        {"other.example.org", DNS_A, DNS_UNKNOWN, NULL},
        {"closed.example.net", DNS_A, DNS_NXDOMAIN, NULL},
    };
    struct arena *arena = arena_open();
    struct source *overlay = open_overlay(arena);
    struct ledger *ledger = ledger_open(arena);

    (void)state;
    assert_int_equal(overlay->taken, 1795514400); /* 2026-11-24T10:00:00Z, of the snapshot */
    for (size_t i = 0; i < COUNT_OF(wanted); i++)
        ledger_ask(ledger, dns_name_from_text(arena, wanted[i].name), wanted[i].type);
    ledger_fill(ledger, overlay);
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        const struct dns_answer *answer = ledger_get(ledger, i);
        const struct dns_rr *last = answer->records;

        while (last != NULL && last->next != NULL)
            last = last->next;
        if (answer->status != wanted[i].status)
            fail_msg("%s: %s", wanted[i].name, dns_status_to_text(answer->status));
        if (wanted[i].last == NULL)
            assert_null(last);
        else
            assert_string_equal(last->text, wanted[i].last);
    }
    source_close(overlay);
    arena_close(arena);
}

static void an_overlay_refuses_what_nobody_speaks_for(void **state)
{
    struct arena *arena = arena_open();
    struct source *overlay = open_overlay_of_one(arena);
    struct dns_question question = {dns_name_from_text(arena, "example.org"), DNS_A};

    (void)state;
    assert_false(overlay->ops->speaks_for(overlay, question.name));
    assert_false(overlay->ops->submit(overlay, &question, NULL));
    source_close(overlay);
    arena_close(arena);
}

/* write_files - the zone and the snapshot that the sources read */
static int write_files(void **state)
{
    struct err why = {0};

    (void)state;
    return file_save(ZONE_FILE, span_of(zone_text), &why) &&
                   file_save(SNAPSHOT_FILE, span_of(snapshot_text), &why)
               ? 0
               : -1;
}

static int remove_files(void **state)
{
    (void)state;
    unlink(ZONE_FILE);
    unlink(SNAPSHOT_FILE);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_source_keeps_its_promises),
        cmocka_unit_test(nothing_is_no_source),
        cmocka_unit_test(an_overlay_asks_who_has_authority),
        cmocka_unit_test(an_overlay_refuses_what_nobody_speaks_for),
    };

    return cmocka_run_group_tests(tests, write_files, remove_files);
}
