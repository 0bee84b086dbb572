/* Records and identifiers that the libraries take badly. */
#include "../gather/gather_case.h"
#include "engine_storm.h"

#include "check/check.h"

#define STRING_MAX 250 /* octets of a string of a TXT record */

/* macros enough to fill what libspf2 compiles a text into */
#define D16 "%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}"
#define D127 \
    D16 D16 D16 D16 D16 D16 D16 "%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}%{d}"

/* add_txt - a line of a world: NAME TXT, the text in strings */
static void add_txt(struct sbuf *world, const char *name, const char *text)
{
    struct span rest = span_of(text);

    sbuf_addf(world, "%s TXT", name);
    for (; rest.len > 0; rest = span_from(rest, STRING_MAX)) {
        sbuf_add(world, " \"");
        sbuf_add_span(world, span_sub(rest, 0, STRING_MAX));
        sbuf_add(world, "\"");
    }
    sbuf_add(world, "\n");
}

/* ---- libspf2 ---- */

/* weather_world - the client against a world */
static unsigned weather_world(const char *world)
{
    struct fixture fixture = fixture_open(world);
    struct auth_spf_input input = client();
    struct engine_request request = {.spf = &input, .spf_count = 1, .now = NOW};
    unsigned lost = weather(&fixture, &request, 1);

    arena_close(fixture.arena);
    return lost;
}

/* weather_record - the flood as the record of example.com */
static unsigned weather_record(const struct flood *flood)
{
    struct arena *arena = arena_open();
    struct sbuf world = sbuf_start(arena);
    unsigned lost;

    add_txt(&world, "example.com", flood_text(arena, flood));
    lost = weather_world(sbuf_text(&world));
    arena_close(arena);
    return lost;
}

/* weather_explanation - the flood as the text of exp= */
static unsigned weather_explanation(const struct flood *flood)
{
    struct arena *arena = arena_open();
    struct sbuf world = sbuf_start(arena);
    unsigned lost;

    add_txt(&world, "example.com", "v=spf1 -all exp=exp.example.com");
    add_txt(&world, "exp.example.com", flood_text(arena, flood));
    lost = weather_world(sbuf_text(&world));
    arena_close(arena);
    return lost;
}

static void explanations_that_flood_libspf2_cost_one_question(void **state)
{
    static const struct flood floods[] = {
        {"", "%{d}", 127, "A"},  {"", "%{d}", 127, ""},   {"", "%{d}", 5000, ""},
        {D127, "A", 400, ""},    {D127, "A", 4000, ""},   {D127, "A", LITERAL, ""},
        {"", "A", LITERAL, ""},  {"", "%%", 20000, ""},   {"", "%{s1r-.+,/_=}", 4000, ""},
        {"", "%", LITERAL, ""},  {"", "%{", 30000, ""},   {"", "%{d}A", 12000, ""},
        {"", " ", LITERAL, "."}, {"%{c}", "B", 4000, ""}, {"", "%{p}", 300, ""},
    };
    unsigned lost = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(floods); i++)
        lost += weather_explanation(&floods[i]);
    assert_true(lost < COUNT_OF(floods)); /* else it is the test that is broken */
    expect_all_is_well();
}

static void records_that_flood_libspf2_cost_one_question(void **state)
{
    static const struct flood floods[] = {
        {"v=spf1 exists:" D127, "A", 1, " -all"},
        {"v=spf1 exists:" D127, "A", LITERAL, " -all"},
        {"v=spf1 -all exp=" D127, "A", LITERAL, ""},
        {"v=spf1 redirect=" D127, "A", LITERAL, ""},
        {"v=spf1 x=" D127 D127 D127 D127 D127 D127 D127 D127, "A", LITERAL, " -all"},
        {"v=spf1 x=" D127, "A", 4000, " -all"},
        {"v=spf1 exists:", "%{d}.", 5000, "example -all"},
        {"v=spf1 a:", "A", 4000, ".example -all"},
        {"v=spf1 a:", "A", LITERAL, " -all"},
        {"v=spf1 include:", "A.", 30000, "example -all"},
        {"v=spf1 redirect=", "A", LITERAL, ""},
        {"v=spf1 -all exp=", "A", LITERAL, ""},
        {"v=spf1 -all exp=", "%{d}", 127, "A"},
        {"v=spf1 x=", "A", 4000, " -all"},
        {"v=spf1 x=", "A", LITERAL, " -all"},
        {"v=spf1 x=", "%{d}", 1100, "A -all"},
        {"v=spf1", " a", 30000, " -all"},
        {"v=spf1", " ip4:192.0.2.9", 4000, " -all"},
        {"v=spf1", " x=y", 15000, " -all"},
        {"v=spf1", " exists:%{l1r-.+,/_=}", 2500, " -all"},
        {"v=spf1 ", "%", LITERAL, ""},
        {"v=spf1 ", "/", LITERAL, ""},
        {"v=spf1 ", "A", LITERAL, ""},
        {"v=spf1 a/", "9", LITERAL, ""},
        {"v=spf1 ip6:", ":", LITERAL, ""},
        {"v=spf1 a:%{d", "9", LITERAL, "}"},
        {"v=spf1 a:", "", 0, " mx: ptr: exists: include: redirect= exp="},
        {"v=spf1 ip4:192.0.2.0/4294967320", " a/4294967320", 1, "//18446744073709551615 -all"},
        {"v=spf1", " ip6:2001:db8::9", 3000, " -all"},
        {"v=spf1", " mx ptr", 5000, " -all"},
        {"v=spf1 \xff\xfe", "\x01", 2000, " -all"},
    };
    unsigned lost = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(floods); i++)
        lost += weather_record(&floods[i]);
    assert_true(lost < COUNT_OF(floods));
    expect_all_is_well();
}

/* weather_sender - every macro that holds what the sender says */
static void weather_sender(const char *sender)
{
    struct fixture fixture = fixture_open(
        "*.example.com TXT \"v=spf1 -all exp=exp.example.com\"\n"
        "example.com TXT \"v=spf1 exists:%{l}.x.example.com exists:%{L}.x.example.com"
        " exists:%{Lr}.x.example.com exists:%{L1r-+_=}.x.example.com exists:%{S}.x.example.com"
        " exists:%{Sr}.x.example.com exists:%{H}.x.example.com -all exp=exp.example.com\"\n"
        "exp.example.com TXT \"%{L} %{Lr} %{S} %{Or} %{Hr} %{l1r-}\"");
    struct auth_spf_input input = client();
    struct engine_request request = {.spf = &input, .spf_count = 1, .now = NOW};

    input.mail_from = sender;
    input.helo = sender;
    weather(&fixture, &request, 1);
    arena_close(fixture.arena);
}

static void senders_that_flood_libspf2_cost_one_question(void **state)
{
    static const struct flood senders[] = {
        {"", "\xff", 1, "@example.com"},
        {"", "\xc3\xa9", 60, "@example.com"},
        {"", "\xff", 250, "@example.com"},
        {"a.", "\x80", 100, "@example.com"},
        {"", "", 0, "user@"},
        {"", "", 0, "@example.com"},
        {"", "", 0, "@"},
        {"\"a", "@", 50, "\"@example.com"},
        {"", "a-", 2000, "@example.com"},
        {"", ".", 3000, "@example.com"},
        {"", "%{d}", 1000, "@example.com"},
        {"", "a", LITERAL, "@example.com"},
        {"a@", "b.", 126, "example.com"},
        {"a@", "\x01", 50, ".example.com"},
    };
    struct arena *arena = arena_open();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(senders); i++)
        weather_sender(flood_text(arena, &senders[i]));
    expect_all_is_well();
    arena_close(arena);
}

/* add_level - ten includes of the level below, under ten names */
static void add_level(struct sbuf *world, int level)
{
    sbuf_addf(world, "%s%d.example.com TXT \"v=spf1", "t", level);
    for (int i = 0; i < 10; i++)
        sbuf_addf(world, " include:t%d.example.com", level + 1);
    sbuf_add(world, "\"\n");
}

static void trees_that_do_not_end_cost_one_question(void **state)
{
    struct arena *arena = arena_open();
    struct sbuf wide = sbuf_start(arena);

    (void)state;
    sbuf_add(&wide, "example.com TXT \"v=spf1 redirect=t0.example.com\"\n");
    for (int level = 0; level < 12; level++)
        add_level(&wide, level);
    weather_world(sbuf_text(&wide));
    weather_world("example.com TXT \"v=spf1 include:example.com\"");
    weather_world("example.com TXT \"v=spf1 redirect=example.com\"");
    weather_world("example.com TXT \"v=spf1 include:i.%{d}.%{d}\"\n"
                  "*.example.com TXT \"v=spf1 include:i.%{d}.%{d}.%{d}.%{d}.%{d}.%{d}\"");
    expect_all_is_well();
    arena_close(arena);
}

/* ---- libopendmarc ---- */

/* weather_policy - a record, and an identifier that passes */
static unsigned weather_policy(const char *record, const char *domain)
{
    struct fixture fixture = fixture_open("");
    struct engine_dmarc_dkim dkim = {.domain = domain, .selector = domain, .result = "pass"};
    struct engine_dmarc dmarc = {
        .author = dns_name_from_text(fixture.arena, "example.com"),
        .record = record,
        .record_domain = dns_name_from_text(fixture.arena, "example.com"),
        .spf_domain = domain,
        .spf_result = "pass",
        .dkim = &dkim,
        .dkim_count = 1,
    };
    struct engine_request request = {.dmarc = &dmarc, .now = NOW};
    unsigned lost = weather(&fixture, &request, 1);

    arena_close(fixture.arena);
    return lost;
}

static void records_that_flood_libopendmarc_cost_one_question(void **state)
{
    static const struct flood floods[] = {
        {"v=DMARC1; p=reject", ";", 9000, ""},
        {"v=DMARC1; p=reject; ", "=", 9000, ""},
        {"v=DMARC1; p=reject;", " ", 9000, ""},
        {"v=DMARC1; p=reject; x=", "A", LITERAL, ""},
        {"v=DMARC1; p=reject; ", "A", LITERAL, "=1"},
        {"v=DMARC1; p=reject; rua=", "mailto:a@example.com,", 600, "mailto:b@example.com"},
        {"v=DMARC1; p=reject; rua=mailto:", "a", 256, "@example.com"},
        {"v=DMARC1; p=reject; rua=", "(", 600, ""},
        {"v=DMARC1; p=reject; ruf=", "\"", 8000, ""},
        {"v=DMARC1; p=reject; rf=", "a", 32, ""},
        {"v=DMARC1; p=reject; x=", "a", 512, ""},
        {"v=DMARC1; p=reject; rua=", "a", 512, ""},
        {"v=DMARC1; p=reject; pct=", "9", LITERAL, ""},
        {"v=DMARC1; p=reject; x=", "\xff\xfe\x01", 2000, ""},
        {"v=DMARC1; p=reject; ", "x1=y; ", 9000, ""},
    };
    struct arena *arena = arena_open();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(floods); i++)
        weather_policy(flood_text(arena, &floods[i]), "example.com");
    expect_all_is_well();
    arena_close(arena);
}

static void identifiers_that_trouble_libopendmarc_cost_one_question(void **state)
{
    static const struct flood floods[] = {
        {"", "a", 255, ".com"}, {"", "a", 8188, ".com"}, {"", "a.", 30000, "com"},
        {"", "A", LITERAL, ""}, {"", "", 0, ""},         {"", ".", 1, ""},
        {"", ".", 9000, ""},    {",", "", 0, ""},        {"(", "", 0, ""},
        {" ", "", 0, ""},       {"user@", "", 0, ""},    {"<>", "", 0, ""},
        {"", "(", 600, ""},     {"", "\"", 8000, ""},    {"", "\xff", 300, ""},
    };
    struct arena *arena = arena_open();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(floods); i++)
        weather_policy("v=DMARC1; p=reject", flood_text(arena, &floods[i]));
    expect_all_is_well();
    arena_close(arena);
}

static void two_hundred_signatures_cost_libopendmarc_one_question(void **state)
{
    struct fixture fixture = fixture_open("");
    struct engine_dmarc_dkim dkim[200];
    struct engine_dmarc dmarc = {
        .author = dns_name_from_text(fixture.arena, "example.com"),
        .record = "v=DMARC1; p=reject",
        .record_domain = dns_name_from_text(fixture.arena, "example.com"),
        .dkim = dkim,
        .dkim_count = COUNT_OF(dkim),
    };
    struct engine_request request = {.dmarc = &dmarc, .now = NOW};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(dkim); i++)
        dkim[i] = (struct engine_dmarc_dkim){
            .domain = arena_printf(fixture.arena, "d%zu.example.com", i),
            .selector = "s",
            .result = i % 2 == 0 ? "pass" : "fail"};
    weather(&fixture, &request, 1);
    expect_all_is_well();
    arena_close(fixture.arena);
}

/* ---- the report ---- */

/* count_findings - how many there are of an id */
static unsigned count_findings(const struct finding *finding, const char *id)
{
    unsigned count = 0;

    for (; finding != NULL; finding = finding->next)
        count += strcmp(finding->id, id) == 0;
    return count;
}

static void a_lost_child_is_a_finding_and_the_report_goes_on(void **state)
{
    static const struct flood flood = {"", "%{d}", 127, "A"};
    struct arena *arena = arena_open();
    struct sbuf world = sbuf_start(arena);
    struct gather_case one;
    const struct facts *facts = NULL;
    struct finding *findings = NULL;
    unsigned lost = 0;

    (void)state;
    add_txt(&world, "example.com", "v=spf1 -all exp=exp.example.com");
    add_txt(&world, "exp.example.com", flood_text(arena, &flood));
    one = gather_case_open(sbuf_text(&world), "example.com");
    one.work.engine = shared_engine;
    one.subject.helo = "example.com";
    assert_true(ip_parse(span_of("192.0.2.1"), &one.subject.ip));
    facts = gather_case_run(&one);
    findings = check_run(one.arena, facts);
    for (size_t i = 0; i < facts->engine_count; i++)
        lost += facts->engines[i].is_lost;
    assert_int_equal(facts->engine_count, 2);
    assert_int_equal(count_findings(findings, "engine_lost"), lost);
    assert_int_equal(count_findings(findings, "spf_result_fail"), 1);
    assert_int_equal(count_findings(findings, "dns_no_mail_host"), 1);
    gather_case_close(&one);
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(explanations_that_flood_libspf2_cost_one_question),
        cmocka_unit_test(records_that_flood_libspf2_cost_one_question),
        cmocka_unit_test(senders_that_flood_libspf2_cost_one_question),
        cmocka_unit_test(trees_that_do_not_end_cost_one_question),
        cmocka_unit_test(records_that_flood_libopendmarc_cost_one_question),
        cmocka_unit_test(identifiers_that_trouble_libopendmarc_cost_one_question),
        cmocka_unit_test(two_hundred_signatures_cost_libopendmarc_one_question),
        cmocka_unit_test(a_lost_child_is_a_finding_and_the_report_goes_on),
    };

    if (!library_runs(ENGINE_LIBSPF2) || !library_runs(ENGINE_LIBOPENDMARC))
        return 77;
    return cmocka_run_group_tests(tests, open_impatient, close_engine);
}
