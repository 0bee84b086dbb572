/* Rows judged again: who passes, whose it is, and what bounds do. */
#include "unit_arena.h"

#include "base/limits_reports.h"
#include "feedback_maker.h"
#include "gather/gather.h"
#include "traffic/traffic.h"
#include "world.h"
#include "feedback/feedback.h"

#define ZONE                                                                      \
    "example.com TXT \"v=spf1 ip4:192.0.2.10 ip4:192.0.2.50 -all\"\n"             \
    "example.com MX 10 mail.example.com.\n"                                       \
    "mail.example.com A 192.0.2.60\n"                                             \
    "_dmarc.example.com TXT \"v=DMARC1; p=reject; sp=quarantine; aspf=s\"\n"      \
    "news.example.com TXT \"v=spf1 ip4:192.0.2.40 -all\"\n"                       \
    "dynamic.example.com TXT \"v=spf1 exists:%{i}._spf.example.com -all\"\n"      \
    "192.0.2.70._spf.example.com A 127.0.0.2\n"                                   \
    "77.2.0.192.in-addr.arpa PTR mail7.example.com.\n"                            \
    "mail7.example.com A 192.0.2.77\n"                                            \
    "78.2.0.192.in-addr.arpa PTR mail8.example.com.\n"                            \
    "5.100.51.198.in-addr.arpa PTR out.sender.example.\n"                         \
    "out.sender.example A 198.51.100.5\n"                                         \
    "6.100.51.198.in-addr.arpa PTR fwd.forward.example.\n"                        \
    "fwd.forward.example A 198.51.100.6\n"                                        \
    "example.org TXT \"x\"\nexample.net TXT \"x\"\nlists.example.net TXT \"x\"\n" \
    "evil.example TXT \"x\"\n"

static const char *const sender_names[] = {"sender.example"};
static const char *const forward_names[] = {"forward.example"};
static const struct provider provider_list[] = {
    {.name = "sender",
     .title = "Example Sender",
     .kind = PROVIDER_MARKETING,
     .lists[PROVIDER_BY_DOMAIN] = {sender_names, 1}},
    {.name = "forward",
     .title = "Example Forward",
     .kind = PROVIDER_FORWARDING,
     .lists[PROVIDER_BY_DOMAIN] = {forward_names, 1}},
};
static const struct provider_set providers = {provider_list, 2};

/* judge_set - the traffic of example.com in a set, in the world above */
static struct traffic *judge_set(const struct feedback_set *set, const char *zone)
{
    struct err why = {0};
    struct source *source = world_source(arena, zone);
    struct ledger *ledger = ledger_open(arena);
    struct subject *subject = arena_new_of(arena, struct subject);
    struct traffic *traffic = NULL;
    const struct gather_work work = {
        .arena = arena, .ledger = ledger, .source = source, .providers = &providers};
    const struct facts *facts = NULL;

    subject->domain = dns_name_parse(arena, span_of("example.com"), &why);
    traffic = traffic_open(arena, set, subject->domain);
    facts = gather_run(&work, subject);
    while (traffic_ask(traffic, ledger))
        ledger_fill(ledger, source);
    traffic_judge(traffic, ledger, true);
    while (traffic_ask_names(traffic, ledger))
        ledger_fill(ledger, source);
    traffic_sort(traffic, facts);
    return traffic;
}

/* judge_records - the same of records, as maker_record() makes them, one a line */
static struct traffic *judge_records(const char *records)
{
    struct feedback_set *set = feedback_open(arena);
    struct sbuf text = sbuf_start(arena);
    struct span rest = span_of(records);

    while (rest.len > 0)
        sbuf_add(&text, maker_record(arena, arena_strdup_span(arena, span_cut(&rest, '\n'))));
    feedback_add_bytes(
        set, "file",
        span_of(maker_report(arena, &(struct maker_report){.records = sbuf_text(&text)})));
    assert_null(set->notes);
    return judge_set(set, ZONE);
}

struct row_case {
    const char *record;
    enum traffic_word word;
    enum traffic_word before; /* by RFC 7489 */
    enum rec_dmarc_policy policy;
    enum traffic_owner owner;
    const char *sender;
    const char *reason;
};

static const struct row_case row_cases[] = {
    /* SPF by DNS now, whatever the reporter saw */
    {"192.0.2.10 1 none from=example.com s=example.com:fail", TRAFFIC_PASSES, TRAFFIC_PASSES,
     REC_DMARC_REJECT, TRAFFIC_OWN, "192.0.2.10", "the SPF record lists it"},
    {"192.0.2.99 1 none spf=pass from=example.com s=example.com:pass", TRAFFIC_FAILS,
     TRAFFIC_FAILS, REC_DMARC_REJECT, TRAFFIC_FOREIGN, "192.0.2.99",
     "nothing says that it is yours"},
    /* aspf=s: a subdomain in the envelope is not aligned; sp= for a subdomain in From */
    {"192.0.2.40 1 none from=example.com s=news.example.com:pass", TRAFFIC_FAILS, TRAFFIC_FAILS,
     REC_DMARC_REJECT, TRAFFIC_FOREIGN, "192.0.2.40", "nothing says that it is yours"},
    {"192.0.2.40 1 none from=news.example.com s=news.example.com:pass", TRAFFIC_PASSES,
     TRAFFIC_PASSES, REC_DMARC_QUARANTINE, TRAFFIC_OWN, "192.0.2.40",
     "the SPF record lists it"},
    {"203.0.113.9 1 none from=news.example.com s=evil.example:pass", TRAFFIC_FAILS,
     TRAFFIC_FAILS, REC_DMARC_QUARANTINE, TRAFFIC_FOREIGN, "203.0.113.9",
     "nothing says that it is yours"},
    /* a record that depends on the client is evaluated for it */
    {"192.0.2.70 1 none from=dynamic.example.com s=dynamic.example.com:fail", TRAFFIC_PASSES,
     TRAFFIC_PASSES, REC_DMARC_QUARANTINE, TRAFFIC_OWN, "192.0.2.70",
     "the SPF record lists it"},
    {"192.0.2.71 1 none from=dynamic.example.com s=dynamic.example.com:pass", TRAFFIC_FAILS,
     TRAFFIC_FAILS, REC_DMARC_QUARANTINE, TRAFFIC_FOREIGN, "192.0.2.71",
     "nothing says that it is yours"},
    /* DKIM as the reporter saw it; d= of somebody else is not aligned */
    {"203.0.113.1 1 none from=example.com d=example.com:s:pass", TRAFFIC_PASSES, TRAFFIC_PASSES,
     REC_DMARC_REJECT, TRAFFIC_OWN, "203.0.113.1", "it signs as the domain"},
    {"203.0.113.1 1 none from=example.com d=sub.example.com:s:pass", TRAFFIC_PASSES,
     TRAFFIC_PASSES, REC_DMARC_REJECT, TRAFFIC_OWN, "203.0.113.1", "it signs as the domain"},
    {"203.0.113.1 1 none from=example.com d=example.org:s:pass", TRAFFIC_FAILS, TRAFFIC_FAILS,
     REC_DMARC_REJECT, TRAFFIC_FOREIGN, "203.0.113.1", "nothing says that it is yours"},
    {"203.0.113.1 1 none from=example.com d=ample.com:s:pass", TRAFFIC_FAILS, TRAFFIC_FAILS,
     REC_DMARC_REJECT, TRAFFIC_FOREIGN, "203.0.113.1", "nothing says that it is yours"},
    {"203.0.113.1 1 none from=example.com d=not..a.name:s:pass", TRAFFIC_FAILS, TRAFFIC_FAILS,
     REC_DMARC_REJECT, TRAFFIC_FOREIGN, "203.0.113.1", "nothing says that it is yours"},
    /* one's own that fails */
    {"192.0.2.77 1 none from=example.com s=example.org:pass", TRAFFIC_FAILS, TRAFFIC_FAILS,
     REC_DMARC_REJECT, TRAFFIC_OWN, "mail7.example.com", "its name is below the domain"},
    {"192.0.2.78 1 none from=example.com s=example.org:pass", TRAFFIC_FAILS, TRAFFIC_FAILS,
     REC_DMARC_REJECT, TRAFFIC_FOREIGN, "192.0.2.78", "nothing says that it is yours"},
    {"192.0.2.50 1 none from=example.com s=example.org:pass", TRAFFIC_FAILS, TRAFFIC_FAILS,
     REC_DMARC_REJECT, TRAFFIC_OWN, "192.0.2.50", "the SPF record lists it"},
    {"192.0.2.60 1 none from=example.com s=example.org:pass", TRAFFIC_FAILS, TRAFFIC_FAILS,
     REC_DMARC_REJECT, TRAFFIC_OWN, "192.0.2.60", "it is a mail host of the domain"},
    {"198.51.100.5 1 none from=example.com s=bounce.sender.example:pass", TRAFFIC_FAILS,
     TRAFFIC_FAILS, REC_DMARC_REJECT, TRAFFIC_PERHAPS, "Example Sender",
     "Example Sender sends for customers; no record of the domain names it"},
    /* forwarded */
    {"198.51.100.6 1 none from=example.com s=srs.forward.example:pass", TRAFFIC_FAILS,
     TRAFFIC_FAILS, REC_DMARC_REJECT, TRAFFIC_FORWARDED, "Example Forward",
     "Example Forward is a known forwarder"},
    {"203.0.113.2 1 none from=example.com s=example.com:fail d=example.com:s:pass",
     TRAFFIC_PASSES, TRAFFIC_PASSES, REC_DMARC_REJECT, TRAFFIC_FORWARDED, "203.0.113.2",
     "SPF fails from there, while the signature of the domain passes"},
    {"203.0.113.3 1 none from=example.com s=lists.example.net:pass d=example.com:s:fail",
     TRAFFIC_FAILS, TRAFFIC_FAILS, REC_DMARC_REJECT, TRAFFIC_FORWARDED, "203.0.113.3",
     "a signature of the domain arrives broken, under another envelope"},
    {"203.0.113.3 1 none from=example.com s=example.net:pass reason=mailing_list",
     TRAFFIC_FAILS, TRAFFIC_FAILS, REC_DMARC_REJECT, TRAFFIC_FORWARDED, "203.0.113.3",
     "the reporter says so (mailing_list)"},
    {"203.0.113.3 1 none from=example.com s=example.net:pass comment=arc=pass", TRAFFIC_FAILS,
     TRAFFIC_FAILS, REC_DMARC_REJECT, TRAFFIC_FORWARDED, "203.0.113.3",
     "the reporter says so (arc)"},
    {"203.0.113.3 1 none from=example.com s=example.net:pass reason=sampled_out", TRAFFIC_FAILS,
     TRAFFIC_FAILS, REC_DMARC_REJECT, TRAFFIC_FOREIGN, "203.0.113.3",
     "nothing says that it is yours"},
};

static void each_row_is_judged_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(row_cases); i++) {
        const struct row_case *one = &row_cases[i];
        const struct traffic *traffic = judge_records(one->record);
        const struct traffic_flow *flow = traffic->flows;

        assert_int_equal(traffic->flow_count, 1);
        if (flow->now.word != one->word || flow->now.before != one->before ||
            flow->now.policy != one->policy || flow->sender->owner != one->owner ||
            strcmp(flow->sender->name, one->sender) != 0 ||
            strcmp(flow->sender->reason, one->reason) != 0)
            fail_msg("%s: word %d, before %d, policy %d, %s %s: %s", one->record,
                     flow->now.word, flow->now.before, flow->now.policy,
                     traffic_owner_to_text(flow->sender->owner), flow->sender->name,
                     flow->sender->reason);
    }
}

static void records_that_are_alike_are_one_flow(void **state)
{
    const struct traffic *traffic = judge_records(
        "192.0.2.10 2 none from=example.com s=example.com:pass\n"
        "192.0.2.10 3 reject from=example.com s=example.com:pass\n"
        "192.0.2.10 5 quarantine dkim=pass from=example.com d=example.com:s:pass\n"
        "192.0.2.10 4 none from=example.net s=example.com:pass\n");

    (void)state;
    assert_int_equal(traffic->flow_count, 2);
    assert_int_equal(traffic->messages, 10);
    assert_int_equal(traffic->now.messages, 10);
    assert_int_equal(traffic->now.pass, 10);
    assert_int_equal(traffic->sender_count, 1);
    assert_int_equal(traffic->senders->refused_then, 3);
    assert_int_equal(traffic->senders->junked_then, 5);
    assert_string_equal(traffic->others->domain, "example.net");
    assert_int_equal(traffic->others->messages, 4);
}

static void a_verdict_without_results_is_inconsistent(void **state)
{
    const struct traffic *traffic =
        judge_records("192.0.2.10 2 none spf=pass from=example.com s=example.com:fail\n"
                      "192.0.2.10 3 none dkim=pass from=example.com d=example.com:s:pass\n"
                      "192.0.2.10 4 none dkim=pass from=example.com\n");

    (void)state;
    assert_int_equal(traffic->inconsistent, 6);
    assert_string_equal(traffic->inconsistent_reporter, "receiver.example");
}

static void other_records_than_that_of_today_are_seen(void **state)
{
    struct feedback_set *set = feedback_open(arena);
    const struct traffic *traffic = NULL;
    const char *records = maker_record(arena, "192.0.2.10 1 none from=example.com");

    (void)state;
    feedback_add_bytes(
        set, "a",
        span_of(maker_report(arena, &(struct maker_report){.reporter = "a.example",
                                                           .published = "<p>reject</p>"
                                                                        "<sp>quarantine</sp>"
                                                                        "<aspf>s</aspf>",
                                                           .records = records})));
    feedback_add_bytes(
        set, "b",
        span_of(maker_report(arena, &(struct maker_report){.reporter = "b.example",
                                                           .published = "<p>none</p>",
                                                           .records = records})));
    traffic = judge_set(set, ZONE);
    assert_false(traffic->policies->differs);
    assert_true(traffic->policies->next->differs);
    assert_true(traffic_policies_contradict(traffic->policies, traffic->policies->next));
}

static void what_could_not_be_asked_is_unknown(void **state)
{
    struct feedback_set *set = feedback_open(arena);
    const struct traffic *traffic = NULL;

    (void)state;
    feedback_add_bytes(
        set, "a",
        span_of(maker_report(
            arena, &(struct maker_report){
                       .records = arena_printf(
                           arena, "%s%s",
                           maker_record(
                               arena, "192.0.2.10 3 none from=example.com s=example.com:pass"),
                           maker_record(arena, "192.0.2.10 4 none from=example.com "
                                               "s=example.com:pass d=example.com:s:pass"))})));
    traffic = judge_set(set, "example.com TXT !SERVFAIL\n"
                             "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n");
    assert_int_equal(traffic->now.unknown, 3);
    assert_int_equal(traffic->now.pass, 4);
    assert_int_equal(traffic_failing(&traffic->now), 0);
}

static void numbers_are_written_in_groups(void **state)
{
    (void)state;
    assert_string_equal(traffic_number(arena, 0), "0");
    assert_string_equal(traffic_number(arena, 999), "999");
    assert_string_equal(traffic_number(arena, 1000), "1,000");
    assert_string_equal(traffic_number(arena, 1234567), "1,234,567");
    assert_string_equal(traffic_day(arena, 1793491200), "2026-11-01");
}

/* ---- bounds ---- */

/* many - a set of records that a format with a number makes */
static struct feedback_set *many(const char *record, const char *with, int count)
{
    struct feedback_set *set = feedback_open(arena);
    struct sbuf text = sbuf_start(arena);

    for (int i = 0; i < count; i++)
        sbuf_add(&text, maker_record(arena, arena_printf(arena, "192.0.2.%d 1 none %s%d%s",
                                                         i % 256, record, i, with)));
    feedback_add_bytes(
        set, "file",
        span_of(maker_report(arena, &(struct maker_report){.records = sbuf_text(&text)})));
    return set;
}

/* bound: LIMIT_TRAFFIC_AUTHORS both */
static void domains_in_from_are_bounded(void **state)
{
    const struct traffic *most =
        judge_set(many("from=a", ".example.com", LIMIT_TRAFFIC_AUTHORS), ZONE);
    const struct traffic *past =
        judge_set(many("from=a", ".example.com", LIMIT_TRAFFIC_AUTHORS + 1), ZONE);

    (void)state;
    assert_int_equal(most->now.unknown, 0);
    assert_int_equal(past->now.unknown, 1);
}

/* bound: LIMIT_TRAFFIC_SELECTORS both, LIMIT_TRAFFIC_OTHERS both */
static void lists_are_bounded(void **state)
{
    const struct traffic *traffic = judge_set(
        many("from=example.com d=example.com:s", ":pass", LIMIT_TRAFFIC_SELECTORS + 1), ZONE);
    size_t count = 0;

    (void)state;
    for (const struct traffic_selector *one = traffic->selectors; one != NULL; one = one->next)
        count++;
    assert_int_equal(count, LIMIT_TRAFFIC_SELECTORS);
    traffic = judge_set(many("from=o", ".example", LIMIT_TRAFFIC_OTHERS + 2), ZONE);
    count = 0;
    for (const struct traffic_other *one = traffic->others; one != NULL; one = one->next)
        count++;
    assert_int_equal(count, LIMIT_TRAFFIC_OTHERS);
}

/* bound: LIMIT_TRAFFIC_POLICIES both */
static void records_that_were_seen_are_bounded(void **state)
{
    struct feedback_set *set = feedback_open(arena);
    const struct traffic *traffic = NULL;
    size_t count = 0;

    (void)state;
    for (int i = 0; i <= LIMIT_TRAFFIC_POLICIES; i++)
        feedback_add_bytes(
            set, "file",
            span_of(maker_report(
                arena, &(struct maker_report){
                           .id = arena_printf(arena, "%d", i),
                           .published = arena_printf(arena, "<p>none</p><pct>%d</pct>", i)})));
    traffic = judge_set(set, ZONE);
    for (const struct traffic_policy *one = traffic->policies; one != NULL; one = one->next)
        count++;
    assert_int_equal(count, LIMIT_TRAFFIC_POLICIES);
}

/* bound: LIMIT_TRAFFIC_TLS both */
static void kinds_of_tls_failures_are_bounded(void **state)
{
    struct feedback_set *set = feedback_open(arena);
    struct sbuf text = sbuf_start(arena);
    const struct traffic *traffic = NULL;
    size_t count = 0;

    (void)state;
    sbuf_add(&text, "{\"organization-name\":\"r\",\"report-id\":\"1\",\"date-range\":{"
                    "\"start-datetime\":\"2026-11-01T00:00:00Z\",\"end-datetime\":"
                    "\"2026-11-01T23:59:59Z\"},\"policies\":[{\"policy\":{\"policy-domain\":"
                    "\"example.com\"},\"failure-details\":[");
    for (int i = 0; i <= LIMIT_TRAFFIC_TLS; i++)
        sbuf_addf(&text, "%s{\"result-type\":\"t%d\",\"failed-session-count\":%d}",
                  i > 0 ? "," : "", i, i == LIMIT_TRAFFIC_TLS ? 5 : 1);
    sbuf_add(&text, "]}]}");
    feedback_add_bytes(set, "file", sbuf_span(&text));
    traffic = judge_set(set, ZONE);
    for (const struct traffic_tls_failure *one = traffic->tls.failures; one; one = one->next)
        count++;
    assert_int_equal(count, LIMIT_TRAFFIC_TLS);
    assert_int_equal(traffic->tls.left_off, 5);
}

/* bound: LIMIT_TRAFFIC_NAMES both, LIMIT_TRAFFIC_SHOWN both */
static void names_and_addresses_are_bounded(void **state)
{
    const struct traffic *traffic =
        judge_set(many("from=example.com s=x", ".example:pass", LIMIT_TRAFFIC_NAMES + 1), ZONE);
    size_t asked = 0;

    (void)state;
    for (size_t i = 0; i < traffic->flow_count; i++)
        asked += traffic->flows[i].address->names != NULL;
    assert_int_equal(asked, LIMIT_TRAFFIC_NAMES);
    for (const struct traffic_sender *one = traffic->senders; one != NULL; one = one->next)
        if (one->owner == TRAFFIC_FOREIGN) {
            assert_true(one->address_count > LIMIT_TRAFFIC_SHOWN);
            assert_non_null(one->addresses[LIMIT_TRAFFIC_SHOWN - 1]);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_is_judged_again),
        cmocka_unit_test(records_that_are_alike_are_one_flow),
        cmocka_unit_test(a_verdict_without_results_is_inconsistent),
        cmocka_unit_test(other_records_than_that_of_today_are_seen),
        cmocka_unit_test(what_could_not_be_asked_is_unknown),
        cmocka_unit_test(numbers_are_written_in_groups),
        cmocka_unit_test(domains_in_from_are_bounded),
        cmocka_unit_test(lists_are_bounded),
        cmocka_unit_test(records_that_were_seen_are_bounded),
        cmocka_unit_test(kinds_of_tls_failures_are_bounded),
        cmocka_unit_test(names_and_addresses_are_bounded),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
