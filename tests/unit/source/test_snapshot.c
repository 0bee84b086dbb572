/* A snapshot is written as the contract says, read strictly, and the same after a round trip.
 */
#include <unistd.h>

#include "base/file.h"
#include "base/file_write.h"
#include "base/limits.h"
#include "dns/dns_rr.h"
#include "ledger/ledger_snapshot.h"
#include "source/source.h"
#include "unit.h"

#define HEADER                                                \
    "{\"snapshot\":1,\"tool\":\"mailassay " MAILASSAY_VERSION \
    "\",\"taken\":\"2026-11-24T10:00:00Z\"}\n"
#define TAKEN      1795514400 /* 2026-11-24T10:00:00Z */
#define FILES      "snapshot.tmp"
#define EVERY_KIND TESTDATA_DIR "/snapshots/every-kind.jsonl"

static const char *path_of(struct arena *arena)
{
    return arena_printf(arena, "%ld." FILES, (long)getpid());
}

static const struct dns_name *name_of(struct arena *arena, const char *text)
{
    const struct dns_name *name = dns_name_from_text(arena, text);

    assert_non_null(name);
    return name;
}

/* open_text - the source that these lines are; NULL with `why` */
static struct source *open_text(struct arena *arena, const char *text, struct err *why)
{
    const char *path = path_of(arena);
    struct source *source = NULL;
    struct err other = {0};

    assert_true(file_save(path, span_of(text), &other));
    source = source_open(arena, arena_printf(arena, "snapshot:%s", path), NULL, why);
    unlink(path);
    return source;
}

/* saved - what the ledger is as a snapshot */
static const char *saved(struct arena *arena, const struct ledger *ledger, int64_t taken)
{
    const char *path = path_of(arena);
    struct span bytes = {0};
    struct err why = {0};

    assert_true(ledger_save(ledger, arena, path, taken, &why));
    assert_true(file_load(arena, path, LIMIT_SNAPSHOT_BYTES, &bytes, &why));
    unlink(path);
    return bytes.at;
}

/* ask - one question through a ledger of its own */
static const struct dns_answer *ask(struct arena *arena, struct source *source,
                                    const char *name, const char *type)
{
    struct ledger *ledger = ledger_open(arena);
    enum dns_type code = 0;
    const struct dns_answer *answer = NULL;

    assert_true(dns_type_parse(span_of(type), &code));
    answer = ledger_ask(ledger, name_of(arena, name), code);
    ledger_fill(ledger, source);
    return answer;
}

/* rr_of - a record written by hand */
static struct dns_rr *rr_of(struct arena *arena, const char *text)
{
    struct err why = {0};
    struct dns_rr *rr = dns_rr_from_text(arena, text, &why);

    if (rr == NULL)
        fail_msg("%s", why.text);
    return rr;
}

static void a_ledger_is_written_as_the_contract_says(void **state)
{
    static const char wanted[] = HEADER
        "{\"name\":\"example.com.\",\"type\":\"TXT\",\"status\":\"OK\",\"ttl\":300,\"ad\":"
        "false,"
        "\"source\":\"live:192.0.2.53\",\"records\":[\"example.com.\\t300\\tIN\\tTXT\\t"
        "\\\"v=spf1 -all\\\"\"]}\n"
        "{\"name\":\"_dmarc.example.com.\",\"type\":\"TXT\",\"status\":\"NXDOMAIN\",\"ttl\":"
        "900,"
        "\"ad\":true,\"source\":\"live:192.0.2.53\",\"records\":[]}\n"
        "{\"name\":\"slow.example.com.\",\"type\":\"A\",\"status\":\"TIMEOUT\",\"ttl\":null,"
        "\"ad\":false,\"source\":\"zone:caf\\\\\\\\\\\\xe9\",\"records\":[],\"detail\":\"no "
        "answer\"}\n"
        "{\"name\":\"mail.example.com.\",\"type\":\"A\",\"status\":\"OK\",\"ttl\":0,\"ad\":"
        "false,"
        "\"source\":\"zone:z\",\"records\":[\"mail.example.com.\\t0\\tIN\\tA\\t192.0.2.1\"],"
        "\"places\":[{\"file\":\"z\",\"line\":3}]}\n";
    struct arena *arena = arena_open();
    struct ledger *ledger = ledger_open(arena);
    struct dns_answer txt = {.question = {name_of(arena, "example.com"), DNS_TXT},
                             .status = DNS_OK,
                             .has_ttl = true,
                             .ttl = 300,
                             .source = "live:192.0.2.53"};
    struct dns_answer dmarc = {.question = {name_of(arena, "_dmarc.example.com"), DNS_TXT},
                               .status = DNS_NXDOMAIN,
                               .has_ttl = true,
                               .ttl = 900,
                               .ad = true,
                               .source = "live:192.0.2.53"};
    struct dns_answer slow = {.question = {name_of(arena, "slow.example.com"), DNS_A},
                              .status = DNS_TIMEOUT,
                              .source = "zone:caf\\\xe9",
                              .detail = "no answer"};
    struct dns_answer mail = {.question = {name_of(arena, "mail.example.com"), DNS_A},
                              .status = DNS_OK,
                              .has_ttl = true,
                              .source = "zone:z"};
    struct dns_answer unknown = {.question = {name_of(arena, "unknown.example.com"), DNS_A},
                                 .status = DNS_UNKNOWN};
    struct dns_answer budget = {.question = {name_of(arena, "budget.example.com"), DNS_A},
                                .status = DNS_BUDGET};

    (void)state;
    dns_answer_append(&txt, rr_of(arena, "example.com. 300 IN TXT \"v=spf1 -all\""));
    dns_answer_append(&mail, rr_of(arena, "mail.example.com. 0 IN A 192.0.2.1"));
    mail.records->file = "z";
    mail.records->line = 3;
    ledger_add(ledger, &txt);
    ledger_add(ledger, &dmarc);
    ledger_ask(ledger, name_of(arena, "pending.example.com"), DNS_A);
    ledger_add(ledger, &unknown);
    ledger_add(ledger, &slow);
    ledger_add(ledger, &budget);
    ledger_add(ledger, &mail);
    assert_string_equal(saved(arena, ledger, TAKEN), wanted);
    arena_close(arena);
}

/* replay - ask a snapshot everything that its lines answer, in their order, and save that */
static const char *replay(struct arena *arena, const char *spec, const char *const *questions,
                          size_t count)
{
    struct err why = {0};
    struct source *source = source_open(arena, spec, NULL, &why);
    struct ledger *ledger = ledger_open(arena);
    const char *text = NULL;

    assert_string_equal(why.text, "");
    assert_non_null(source);
    for (size_t i = 0; i < count; i += 2) {
        enum dns_type type = 0;

        assert_true(dns_type_parse(span_of(questions[i + 1]), &type));
        ledger_ask(ledger, name_of(arena, questions[i]), type);
    }
    ledger_fill(ledger, source);
    text = saved(arena, ledger, source->taken);
    source_close(source);
    return text;
}

static void a_round_trip_changes_no_byte(void **state)
{
    static const char *const questions[] = {
        "example.com.",
        "TXT",
        "example.com.",
        "MX",
        "www.example.com.",
        "A",
        "_dmarc.example.com.",
        "TXT",
        "host.example.com.",
        "AAAA",
        "gone.example.com.",
        "A",
        "slow.example.com.",
        "A",
        "refused.example.com.",
        "A",
        "bogus.example.com.",
        "A",
        "broken.example.com.",
        "A",
        "new.example.com.",
        "TYPE65280",
        "es\\.caped\\032name.example.com.",
        "TLSA",
        "svc.example.com.",
        "TYPE65",
        ".",
        "SOA",
    };
    struct arena *arena = arena_open();
    struct span bytes = {0};
    struct err why = {0};

    (void)state;
    assert_true(file_load(arena, EVERY_KIND, LIMIT_SNAPSHOT_BYTES, &bytes, &why));
    /* the header names the version that wrote it */
    assert_string_equal(
        strchr(replay(arena, "snapshot:" EVERY_KIND, questions, COUNT_OF(questions)), '\n'),
        strchr(bytes.at, '\n'));
    arena_close(arena);
}

static void text_of_any_octets_survives_a_round_trip(void **state)
{
    static const char *const questions[] = {"t.example", "TXT"};
    struct arena *arena = arena_open();
    struct ledger *ledger = ledger_open(arena);
    struct dns_rr_head head = {name_of(arena, "t.example"), DNS_TXT, 60};
    struct dns_answer answer = {.question = {head.owner, DNS_TXT},
                                .status = DNS_OK,
                                .has_ttl = true,
                                .ttl = 60,
                                .source = "live:192.0.2.53"};
    char octets[256];
    struct span strings[3] = {{octets, 255}, {octets + 1, 255}, {"", 0}};
    struct err why = {0};
    const char *first = NULL;
    struct source *source = NULL;
    const struct dns_rr *rr = NULL;

    (void)state;
    for (int i = 0; i < 256; i++)
        octets[i] = (char)i;
    dns_answer_append(&answer, dns_rr_from_strings(arena, &head, strings, COUNT_OF(strings)));
    ledger_add(ledger, &answer);
    first = saved(arena, ledger, TAKEN);
    assert_true(file_save("octets.tmp", span_of(first), &why));
    assert_string_equal(replay(arena, "snapshot:octets.tmp", questions, 2), first);
    unlink("octets.tmp");

    source = open_text(arena, first, &why);
    rr = ask(arena, source, "t.example", "TXT")->records;
    assert_int_equal(rr->string_count, 3);
    assert_int_equal(rr->strings[0].len, 255);
    assert_memory_equal(rr->strings[0].at, octets, 255);
    assert_int_equal(rr->strings[1].len, 255);
    assert_memory_equal(rr->strings[1].at, octets + 1, 255);
    assert_int_equal(rr->strings[2].len, 0);
    source_close(source);
    arena_close(arena);
}

static void an_answer_has_everything_that_was_saved(void **state)
{
    struct arena *arena = arena_open();
    struct err why = {0};
    struct source *source = source_open(arena, "snapshot:" EVERY_KIND, NULL, &why);
    const struct dns_answer *answer = NULL;

    (void)state;
    assert_non_null(source);
    assert_int_equal(source->taken, TAKEN);
    answer = ask(arena, source, "example.com", "TXT");
    assert_int_equal(answer->status, DNS_OK);
    assert_true(answer->ad);
    assert_int_equal(answer->ttl, 300);
    assert_string_equal(answer->source, "live:192.0.2.53");
    assert_int_equal(answer->record_count, 2);
    assert_int_equal(answer->records->joined.len, 11);
    assert_memory_equal(answer->records->joined.at, "v=spf1 -all", 11);
    assert_null(answer->records->file);
    answer = ask(arena, source, "example.com", "MX");
    assert_string_equal(answer->records->next->file, "example.zone");
    assert_int_equal(answer->records->next->line, 8);
    assert_int_equal(answer->records->next->preference, 20);
    assert_string_equal(answer->records->next->target->text, "mail.example.net");
    answer = ask(arena, source, "www.example.com", "A");
    assert_string_equal(dns_answer_final_name(answer)->text, "host.example.net");
    assert_null(answer->records->next->file);
    answer = ask(arena, source, "refused.example.com", "A");
    assert_int_equal(answer->status, DNS_SERVFAIL);
    assert_string_equal(answer->detail, "REFUSED by 192.0.2.53");
    assert_false(answer->has_ttl);
    source_close(source);
    arena_close(arena);
}

static void what_was_not_asked_is_unknown(void **state)
{
    static const char *const missing[] = {"example.com", "other.example.com", "com",
                                          "example.net"};
    struct arena *arena = arena_open();
    struct err why = {0};
    struct source *source = source_open(arena, "snapshot:" EVERY_KIND, NULL, &why);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(missing); i++) {
        const struct dns_answer *answer = ask(arena, source, missing[i], "CAA");

        assert_int_equal(answer->status, DNS_UNKNOWN);
        assert_string_equal(answer->detail, "no source knows it");
        assert_null(answer->records);
    }
    assert_true(source->ops->speaks_for(source, name_of(arena, "example.com")));
    assert_false(source->ops->speaks_for(source, name_of(arena, "other.example.com")));
    assert_false(source->ops->speaks_for(source, name_of(arena, "com")));
    source_close(source);
    arena_close(arena);
}

static void below_a_closed_name_what_is_missing_does_not_exist(void **state)
{
    static const char text[] =
        "{\"snapshot\":1,\"taken\":\"2026-11-24T10:00:00Z\",\"closed\":[\"example.com.\","
        "\"example.net\"]}\n"
        "{\"name\":\"a.b.example.com\",\"type\":\"A\",\"status\":\"OK\",\"ttl\":60,"
        "\"records\":[\"a.b.example.com. 60 IN A 192.0.2.1\"]}\n"
        "{\"name\":\"n.example.com\",\"type\":\"A\",\"status\":\"NODATA\"}\n"
        "{\"name\":\"x.example.com\",\"type\":\"A\",\"status\":\"NXDOMAIN\"}\n"
        "{\"name\":\"t.example.com\",\"type\":\"A\",\"status\":\"TIMEOUT\"}\n"
        "{\"name\":\"c.example.com\",\"type\":\"A\",\"status\":\"NXDOMAIN\","
        "\"records\":[\"c.example.com. 60 IN CNAME gone.d.example.net.\"]}\n"
        "{\"name\":\"www.example.org\",\"type\":\"A\",\"status\":\"OK\","
        "\"records\":[\"www.example.org. CNAME cdn.example.net.\","
        "\"cdn.example.net. A 192.0.2.2\"]}\n";
    static const struct {
        const char *name;
        enum dns_status status;
    } wanted[] = {
        {"a.b.example.com", DNS_NODATA},  {"b.example.com", DNS_NODATA},
        {"example.com", DNS_NODATA},      {"z.a.b.example.com", DNS_NXDOMAIN},
        {"y.example.com", DNS_NXDOMAIN},  {"n.example.com", DNS_NODATA},
        {"x.example.com", DNS_NXDOMAIN},  {"t.example.com", DNS_NXDOMAIN},
        {"c.example.com", DNS_NODATA},    {"cdn.example.net", DNS_NODATA},
        {"d.example.net", DNS_NXDOMAIN},  {"example.net", DNS_NODATA},
        {"www.example.org", DNS_UNKNOWN}, {"example.org", DNS_UNKNOWN},
        {"notexample.com", DNS_UNKNOWN},  {".", DNS_UNKNOWN},
    };
    struct arena *arena = arena_open();
    struct err why = {0};
    struct source *source = open_text(arena, text, &why);

    (void)state;
    assert_string_equal(why.text, "");
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        const struct dns_answer *answer = ask(arena, source, wanted[i].name, "TXT");

        if (answer->status != wanted[i].status)
            fail_msg("%s: %s", wanted[i].name, dns_status_to_text(answer->status));
    }
    assert_int_equal(ask(arena, source, "t.example.com", "A")->status, DNS_TIMEOUT);
    assert_true(source->ops->speaks_for(source, name_of(arena, "y.example.com")));
    assert_false(source->ops->speaks_for(source, name_of(arena, "y.example.org")));
    source_close(source);
    arena_close(arena);
}

static void a_closed_root_closes_everything(void **state)
{
    struct arena *arena = arena_open();
    struct err why = {0};
    struct source *source = open_text(arena, "{\"snapshot\":1,\"closed\":[\".\"]}", &why);

    (void)state;
    assert_non_null(source);
    assert_int_equal(source->taken, 0);
    assert_int_equal(ask(arena, source, "a.example", "A")->status, DNS_NXDOMAIN);
    assert_true(source->ops->speaks_for(source, name_of(arena, ".")));
    source_close(source);
    arena_close(arena);
}

static void what_this_version_does_not_know_is_passed_over(void **state)
{
    static const char text[] =
        "{\"snapshot\":1,\"taken\":\"2026-11-24T10:00:00Z\",\"weather\":\"rain\"}\r\n"
        "\n"
        "{\"name\":\"https://mta-sts.example.com/.well-known/mta-sts.txt\",\"type\":\"HTTPS\","
        "\"body\":\"version: STSv1\"}\r\n"
        "{\"name\":\"example.com\",\"type\":\"a\",\"status\":\"OK\",\"mood\":[1,{}],"
        "\"records\":[\"EXAMPLE.com 60 A 192.0.2.1\"]}";
    struct arena *arena = arena_open();
    struct err why = {0};
    struct source *source = open_text(arena, text, &why);
    const struct dns_answer *answer = NULL;

    (void)state;
    assert_string_equal(why.text, "");
    answer = ask(arena, source, "example.com", "A");
    assert_int_equal(answer->status, DNS_OK);
    assert_string_equal(answer->records->text, "example.com.\t60\tIN\tA\t192.0.2.1");
    source_close(source);
    arena_close(arena);
}

static void text_from_a_stranger_is_made_safe(void **state)
{
    struct arena *arena = arena_open();
    struct err why = {0};
    struct source *source =
        open_text(arena,
                  HEADER "{\"name\":\"example.com\",\"type\":\"A\",\"status\":\"TIMEOUT\","
                         "\"source\":\"live:\\u001b[31m\",\"detail\":\"a\\nb \\u202e\"}",
                  &why);
    const struct dns_answer *answer = ask(arena, source, "example.com", "A");

    (void)state;
    assert_string_equal(answer->source, "live:\\x1b[31m");
    assert_string_equal(answer->detail, "a\\x0ab \\u{202e}");
    source_close(source);
    arena_close(arena);
}

#define LINE(rest) HEADER "{\"name\":\"example.com\",\"type\":\"A\"," rest "}\n"

static void a_mistake_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *text;
        const char *says;
    } cases[] = {
        {"", "is empty, not a snapshot"},
        {"\n\n", "is empty, not a snapshot"},
        {"hello\n", ":1: not JSON: "},
        {"[1]\n", ":1: a line of a snapshot should be a JSON object"},
        {"{\"name\":\"example.com\"}\n", ":1: not a snapshot: "},
        {"{\"snapshot\":\"1\"}\n", ":1: not a snapshot: "},
        {"{\"snapshot\":0}\n", ":1: not a snapshot: "},
        {"{\"snapshot\":2}\n",
         ":1: a snapshot of a newer version: it has version 2, this program knows 1"},
        {"{\"snapshot\":1,\"taken\":\"today\"}\n", ":1: \"taken\""},
        {"{\"snapshot\":1,\"taken\":7}\n", ":1: \"taken\""},
        {"{\"snapshot\":1,\"closed\":\"example.com\"}\n", ":1: \"closed\""},
        {"{\"snapshot\":1,\"closed\":[\"a..b\"]}\n", "element 1 is none"},
        {"{\"snapshot\":1,\"closed\":[\"a\",7]}\n", "element 2 is none"},
        {HEADER "{\"name\":\"example.com\"\n", ":2: not JSON: "},
        {HEADER "\n\n{} {}\n", ":4: not JSON: "},
        {HEADER "{}\n", ":2: an answer needs \"name\" and \"type\""},
        {HEADER "{\"name\":\"a..b\",\"type\":\"A\",\"status\":\"TIMEOUT\"}\n",
         ":2: \"name\" is \"a..b\""},
        {HEADER "{\"name\":\"\",\"type\":\"A\",\"status\":\"TIMEOUT\"}\n",
         ":2: \"name\" is \"\""},
        {HEADER "{\"name\":\"example.com\",\"type\":\"B\\n\",\"status\":\"TIMEOUT\"}\n",
         ":2: \"type\" is \"B\\x0a\""},
        {LINE("\"ttl\":60"), ":2: an answer needs \"status\""},
        {LINE("\"status\":\"FINE\""), ":2: \"status\" is \"FINE\""},
        {LINE("\"status\":\"PENDING\""), ":2: \"status\" is \"PENDING\""},
        {LINE("\"status\":\"UNKNOWN\""), ":2: \"status\" is \"UNKNOWN\""},
        {LINE("\"status\":\"BUDGET\""), ":2: \"status\" is \"BUDGET\""},
        {LINE("\"status\":\"TIMEOUT\",\"ttl\":-1"), ":2: \"ttl\""},
        {LINE("\"status\":\"TIMEOUT\",\"ttl\":\"60\""), ":2: \"ttl\""},
        {LINE("\"status\":\"TIMEOUT\",\"ttl\":4294967296"), ":2: \"ttl\""},
        {LINE("\"status\":\"TIMEOUT\",\"ad\":1"), ":2: \"ad\""},
        {LINE("\"status\":\"TIMEOUT\",\"source\":1"), ":2: \"source\""},
        {LINE("\"status\":\"TIMEOUT\",\"detail\":[]"), ":2: \"detail\""},
        {LINE("\"status\":\"TIMEOUT\",\"status\":\"OK\""),
         ":2: not JSON: duplicate object key"},
        {LINE("\"status\":\"OK\""), ":2: the status is OK, but there are no records"},
        {LINE("\"status\":\"OK\",\"records\":[]"),
         ":2: the status is OK, but there are no records"},
        {LINE("\"status\":\"OK\",\"records\":\"x\""), ":2: \"records\""},
        {LINE("\"status\":\"OK\",\"records\":[7]"), ":2: \"records\""},
        {LINE("\"status\":\"OK\",\"records\":[\"example.com. A x\"]"),
         ":2: not a record: \"example.com. A x\""},
        {LINE("\"status\":\"OK\",\"records\":[\"\"]"), ":2: not a record"},
        {LINE("\"status\":\"NODATA\",\"records\":[\"example.com. A 192.0.2.1\"]"),
         ":2: the status is NODATA"},
        {LINE("\"status\":\"OK\",\"records\":[\"example.com. A 192.0.2.1\"],\"places\":[]"),
         ":2: \"places\""},
        {LINE("\"status\":\"OK\",\"records\":[\"example.com. A 192.0.2.1\"],\"places\":[7]"),
         ":2: an element of \"places\""},
        {LINE("\"status\":\"OK\",\"records\":[\"example.com. A "
              "192.0.2.1\"],\"places\":[{\"file\":\"z\"}]"),
         ":2: an element of \"places\""},
        {LINE("\"status\":\"TIMEOUT\"") "\n{\"name\":\"EXAMPLE.com.\",\"type\":\"TYPE1\","
                                        "\"status\":\"NODATA\"}\n",
         ":4: a second answer for example.com. A, the first is in line 2"},
        {HEADER "{\"name\":\"a\\u0000b\"}\n", ":2: not JSON: "},
        {HEADER "{\"name\":\"\xff\"}\n", ":2: not JSON: "},
    };
    struct arena *arena = arena_open();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct err why = {0};
        struct source *source = open_text(arena, cases[i].text, &why);

        if (source != NULL || strstr(why.text, cases[i].says) == NULL)
            fail_msg("%s\n\"%s\" does not say \"%s\"", cases[i].text, why.text, cases[i].says);
        assert_int_equal(why.kind, ERR_INPUT);
        assert_non_null(strstr(why.text, path_of(arena)));
    }
    arena_close(arena);
}

static void what_is_no_file_is_refused(void **state)
{
    struct arena *arena = arena_open();
    struct err why = {0};

    (void)state;
    assert_null(source_open(arena, "snapshot:" TESTDATA_DIR, NULL, &why));
    assert_int_equal(why.kind, ERR_INPUT);
    assert_null(source_open(arena, "snapshot:none.jsonl", NULL, &why));
    assert_int_equal(why.kind, ERR_INPUT);
    assert_null(source_open(arena, "snapshot:", NULL, &why));
    assert_int_equal(why.kind, ERR_USAGE);
    arena_close(arena);
}

static void a_file_that_cannot_be_written_is_said_so(void **state)
{
    struct arena *arena = arena_open();
    struct err why = {0};

    (void)state;
    assert_false(
        ledger_save(ledger_open(arena), arena, "no/such/directory/s.jsonl", TAKEN, &why));
    assert_non_null(strstr(why.text, "no/such/directory/s.jsonl"));
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ledger_is_written_as_the_contract_says),
        cmocka_unit_test(a_round_trip_changes_no_byte),
        cmocka_unit_test(text_of_any_octets_survives_a_round_trip),
        cmocka_unit_test(an_answer_has_everything_that_was_saved),
        cmocka_unit_test(what_was_not_asked_is_unknown),
        cmocka_unit_test(below_a_closed_name_what_is_missing_does_not_exist),
        cmocka_unit_test(a_closed_root_closes_everything),
        cmocka_unit_test(what_this_version_does_not_know_is_passed_over),
        cmocka_unit_test(text_from_a_stranger_is_made_safe),
        cmocka_unit_test(a_mistake_is_refused_with_its_line),
        cmocka_unit_test(what_is_no_file_is_refused),
        cmocka_unit_test(a_file_that_cannot_be_written_is_said_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
