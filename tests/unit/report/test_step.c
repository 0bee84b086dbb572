/* Steps: in order of harm, one for a record, who acts. Worlds and lists written by hand. */
#include <string.h>

#include "unit_arena.h"
#include "world.h"

#include "base/sbuf.h"
#include "check/check.h"
#include "gather/gather.h"
#include "policy/policy_provider.h"
#include "remedy/remedy.h"
#include "report/report_step.h"

#define NOW 1795478400 /* 2026-11-24T00:00:00Z */

#define GOOD_SPF   "example.com TXT \"v=spf1 mx -all\"\n"
#define GOOD_DMARC "_dmarc.example.com TXT \"v=DMARC1; p=reject; rua=mailto:d@example.com\"\n"
#define GOOD_MX                                                           \
    "example.com MX 10 mail.example.com\nmail.example.com A 192.0.2.25\n" \
    "25.2.0.192.in-addr.arpa PTR mail.example.com\n"

/* a key of 768 bits */
static const char short_key[] =
    "MHwwDQYJKoZIhvcNAQEBBQADawAwaAJhAML6DySHqJ+tUFM+Vhrn1TPd8THhwHX4YnY9ojvd6eOfpL/e"
    "qHGd1BkyW+PwYJMOUOb0lcwPbngZXNIiOk81+0LqeMweQi648txX1mj58BsuVV/MjB6WC29wuPcv3HMP"
    "XwIDAQAB";

static const char *last_texts; /* of the steps that were made last, a line each */

/* steps_in - the steps for example.com, as in the screens of testdata/worlds */
static const char *steps_in(const char *world, const char *const *selectors,
                            const struct provider_set *providers)
{
    struct subject *subject = arena_new_of(arena, struct subject);
    struct gather_work work = {.arena = arena,
                               .ledger = ledger_open(arena),
                               .source = world_source(arena, world),
                               .providers = providers};
    struct report report = {0};
    struct report_steps steps;
    struct sbuf text = sbuf_start(arena);
    struct sbuf texts = sbuf_start(arena);
    const char **names = NULL;
    size_t count = 0;

    subject->domain = dns_name_from_text(arena, "example.com");
    subject->domain_shown = "example.com";
    subject->now = NOW;
    for (; *selectors != NULL; selectors++)
        arena_append(arena, names, count, *selectors);
    subject->selectors = names;
    subject->selector_count = count;
    report.facts = gather_run(&work, subject);
    report.findings = check_run(arena, report.facts);
    remedy_find(arena, report.facts, report.findings);
    report.plan = remedy_plan(arena, report.facts, report.findings);
    steps = report_steps_of(arena, &report);
    for (size_t i = 0; i < steps.count; i++) {
        const struct report_step *step = &steps.list[i];

        sbuf_addf(&text, "%s %s:", report_harm_to_text(step->harm), step->who);
        for (size_t k = 0; k < step->about_count; k++)
            sbuf_addf(&text, " %s", step->about[k]->id);
        sbuf_add_octet(&text, '\n');
        sbuf_addf(&texts, "%s\n", step->text);
    }
    last_texts = sbuf_text(&texts);
    return sbuf_text(&text);
}

/* world_with - GOOD records, then these lines; each "%s" in them is another key of 768 bits */
static const char *world_with(const char *lines)
{
    struct sbuf text = sbuf_start(arena);
    char digit = '1';

    sbuf_add(&text, GOOD_MX);
    for (; *lines != '\0'; lines++)
        if (lines[0] == '%' && lines[1] == 's') {
            sbuf_addf(&text, "%.60s%c%s", short_key, digit++, short_key + 61);
            lines++;
        } else {
            sbuf_add_octet(&text, *lines);
        }
    return sbuf_text(&text);
}

static const char *const no_selectors[] = {NULL};

static void steps_are_in_order_of_harm(void **state)
{
    (void)state;
    assert_string_equal(
        steps_in(world_with("example.com TXT \"v=spf1 include:gone.example -all\"\n"),
                 no_selectors, NULL),
        "all you, in DNS: spf_include_missing spf_void_lookup\n"
        "forgery you, in DNS: dmarc_missing dmarc_policy_none\n");
    assert_string_equal(steps_in(world_with(GOOD_SPF GOOD_DMARC), no_selectors, NULL), "");
}

static void one_record_is_one_step(void **state)
{
    (void)state;
    /* five faults in one record, of which some need a choice */
    assert_string_equal(
        steps_in(
            world_with("example.com TXT \"v=spf1 mx mx ip4:10.0.0.1 ptr ?all\"\n" GOOD_DMARC),
            no_selectors, NULL),
        "hygiene you, in DNS: spf_all_neutral spf_duplicate_term spf_ptr "
        "spf_private_network\n");
    /* no key, and none can be used: one record at the selector */
    static const char *const selectors[] = {"s1", NULL};

    assert_string_equal(
        steps_in(world_with(GOOD_SPF GOOD_DMARC
                            "s1._domainkey.example.com TXT \"v=DKIM1; t=y; p=%s\"\n"),
                 selectors, NULL),
        "all you, at the sending host: dkim_key_short dkim_key_testing\n");
}

static void keys_of_a_provider_are_its_to_change(void **state)
{
    static const char *const selectors[] = {"selector1", "selector2", "own", NULL};
    const char *world = world_with(
        GOOD_DMARC "example.com TXT \"v=spf1 mx include:spf.protection.outlook.com -all\"\n"
                   "spf.protection.outlook.com TXT \"v=spf1 ip4:192.0.2.0/24 -all\"\n"
                   "selector1._domainkey.example.com CNAME s1.example.onmicrosoft.com\n"
                   "s1.example.onmicrosoft.com TXT \"v=DKIM1; p=%s\"\n"
                   "selector2._domainkey.example.com CNAME s2.example.onmicrosoft.com\n"
                   "s2.example.onmicrosoft.com TXT \"v=DKIM1; p=%s\"\n"
                   "own._domainkey.example.com TXT \"v=DKIM1; p=%s\"\n");

    (void)state;
    assert_string_equal(steps_in(world, selectors, &policy_providers),
                        "all Microsoft 365: dkim_key_short dkim_key_short\n"
                        "all you, at the sending host: dkim_key_short\n");
    /* the step names the provider's selectors, and no other */
    assert_non_null(strstr(last_texts, "change the keys of selector1, selector2 there"));
    assert_null(strstr(last_texts, "own there"));
    assert_non_null(strstr(last_texts, "make a key of 2048 bits"));
}

static void what_is_somebody_elses_is_not_yours(void **state)
{
    static const char *const selectors[] = {"s1", NULL};

    (void)state;
    assert_string_equal(
        steps_in(world_with(GOOD_SPF GOOD_DMARC
                            "s1._domainkey.example.com CNAME key.owner.example\n"),
                 selectors, NULL),
        "all the owner of key.owner.example: dkim_key_missing\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(steps_are_in_order_of_harm, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(one_record_is_one_step, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(keys_of_a_provider_are_its_to_change, open_arena,
                                        close_arena),
        cmocka_unit_test_setup_teardown(what_is_somebody_elses_is_not_yours, open_arena,
                                        close_arena),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
