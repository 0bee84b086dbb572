/* What is never taken without a person, and what is: one row for each. */
#include <string.h>

#include "../gather/gather_case.h"
#include "unit.h"

#include "check/check.h"
#include "remedy/remedy.h"

/* a record of example.com that is proposed for a finding */
struct kept_row {
    const char *lines;
    const char *id;
    const char *value; /* of the edit; "-" and the value: it is removed */
    bool is_free;      /* without a condition, so that --fix takes it */
};

#define SPF(text)      "example.com TXT \"v=spf1 " text "\"\n"
#define DMARC(text)    "_dmarc.example.com TXT \"" text "\"\n"
#define PROTECTED      DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com")
#define MAIL_HOST      "example.com MX 10 mail.example.com\nmail.example.com A 192.0.2.25\n"
#define TWO_MAIL_HOSTS MAIL_HOST "example.com MX 20 gone.example.com\n"

static const struct kept_row rows[] = {
    /* nobody could send any more */
    {MAIL_HOST SPF("?all") PROTECTED, "spf_all_neutral", "\"v=spf1 ~all\"", false},
    {MAIL_HOST SPF("mx ?all") PROTECTED, "spf_all_neutral", "\"v=spf1 mx ~all\"", true},
    {MAIL_HOST SPF("a:gone.example.com -all") PROTECTED, "spf_void_lookup", "\"v=spf1 -all\"",
     false},
    {MAIL_HOST SPF("mx a:gone.example.com -all") PROTECTED, "spf_void_lookup",
     "\"v=spf1 mx -all\"", true},
    {MAIL_HOST SPF("include:gone.example.net -all") PROTECTED, "spf_include_missing",
     "\"v=spf1 -all\"", false},
    /* what goes may still be needed */
    {MAIL_HOST SPF("mx include:gone.example.net -all") PROTECTED, "spf_include_missing",
     "\"v=spf1 mx -all\"", false},
    {TWO_MAIL_HOSTS SPF("mx -all") PROTECTED, "dns_mx_no_address", "-20 gone.example.com.",
     false},
    /* a word that no policy is like is for a person to read */
    {MAIL_HOST SPF("mx -all") DMARC("v=DMARC1; p=block; rua=mailto:d@example.com"),
     "dmarc_policy_invalid", "\"v=DMARC1; p=none; rua=mailto:d@example.com\"", false},
    {MAIL_HOST SPF("mx -all") DMARC("v=DMARC1; p=block; rua=mailto:d@example.com"),
     "dmarc_policy_invalid", "\"v=DMARC1; p=reject; rua=mailto:d@example.com\"", false},
    {MAIL_HOST SPF("mx -all") DMARC("v=DMARC1; pool=reject"), "dmarc_policy_absent",
     "\"v=DMARC1; p=none; pool=reject\"", false},
    {MAIL_HOST SPF("mx -all") DMARC("v=DMARC1"), "dmarc_policy_absent", "\"v=DMARC1; p=none\"",
     false},
    {MAIL_HOST SPF("mx -all") DMARC("all dmarc mail is refused"), "dmarc_missing",
     "\"v=DMARC1; p=none; np=reject\"", false},
    {MAIL_HOST SPF("mx -all") DMARC("hello"), "dmarc_missing",
     "\"v=DMARC1; p=none; np=reject\"", false},
    {MAIL_HOST SPF("mx -all"), "dmarc_missing", "\"v=DMARC1; p=none; np=reject\"", false},
    /* several records */
    {MAIL_HOST SPF("mx -all") SPF("ip4:192.0.2.7 ~all") PROTECTED, "spf_several",
     "-\"v=spf1 ip4:192.0.2.7 ~all\"", true},
    {MAIL_HOST SPF("mx -all") SPF("-all") PROTECTED, "spf_several", "-\"v=spf1 -all\"", false},
    {MAIL_HOST SPF("mx -all") DMARC("v=DMARC1; p=reject") DMARC("v=DMARC1; p=none"),
     "dmarc_several", "-\"v=DMARC1; p=none\"", false},
    {MAIL_HOST SPF("mx -all") "example.com TXT \"v=spf 1 ip4:192.0.2.7 -all\"\n" PROTECTED,
     "spf_version", "-\"v=spf 1 ip4:192.0.2.7 -all\"", false},
    /* records that stand elsewhere and contradict one another */
    {MAIL_HOST SPF("mx -all") "dmarc.example.com TXT \"v=DMARC1; p=reject\"\n", "dmarc_missing",
     "-\"v=DMARC1; p=reject\"", true},
    {MAIL_HOST SPF(
         "mx -all") "dmarc.example.com TXT \"v=DMARC1; p=reject\"\n"
                    "example.com TXT \"v=DMARC1; p=none; rua=mailto:d@example.com\"\n",
     "dmarc_missing", "-\"v=DMARC1; p=reject\"", false},
    /* a report address that cannot be read is one all the same */
    {MAIL_HOST SPF("mx -all") DMARC("v=DMARC1; p=reject; rua=mailto:example.com"),
     "dmarc_syntax", "\"v=DMARC1; p=reject\"", false},
};

/* choice_of - the proposal for the finding whose one edit has the value; NULL: none */
static const struct remedy *choice_of(const struct finding *findings,
                                      const struct kept_row *row)
{
    enum remedy_action action = row->value[0] == '-' ? REMEDY_REMOVE : REMEDY_ADD;
    const char *value = row->value + (row->value[0] == '-');

    for (; findings != NULL; findings = findings->next)
        for (const struct remedy *remedy = findings->remedy;
             remedy != NULL && strcmp(findings->id, row->id) == 0; remedy = remedy->next)
            if ((remedy->edits->action == REMEDY_REMOVE) == (action == REMEDY_REMOVE) &&
                strcmp(remedy_value(remedy->edits->rr), value) == 0)
                return remedy;
    return NULL;
}

static void what_destroys_has_a_condition(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct gather_case one = gather_case_open(rows[i].lines, "example.com");
        const struct facts *facts = gather_case_run(&one);
        struct finding *findings = check_run(one.arena, facts);
        const struct remedy *remedy = NULL;

        remedy_find(one.arena, facts, findings);
        remedy = choice_of(findings, &rows[i]);
        if (remedy == NULL)
            fail_msg("row %zu: %s is not proposed for %s", i, rows[i].value, rows[i].id);
        if ((remedy->condition == NULL) != rows[i].is_free)
            fail_msg("row %zu: %s: condition \"%s\"", i, rows[i].value,
                     remedy->condition != NULL ? remedy->condition : "");
        gather_case_close(&one);
    }
}

static void what_is_lost_is_said_once(void **state)
{
    struct gather_case one =
        gather_case_open(MAIL_HOST SPF("mx ptr -all") PROTECTED, "example.com");
    const struct facts *facts = gather_case_run(&one);
    struct finding *findings = check_run(one.arena, facts);
    static const struct kept_row row = {.id = "spf_ptr",
                                        .value = "\"v=spf1 ip4:192.0.2.25 mx -all\""};
    const struct remedy *remedy = NULL;

    (void)state;
    remedy_find(one.arena, facts, findings);
    remedy = choice_of(findings, &row);
    assert_non_null(remedy);
    assert_int_equal(remedy->proof.lost_count, 1);
    assert_string_equal(remedy->proof.lost[0].text, "whatever is sent through ptr");
    gather_case_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_destroys_has_a_condition),
        cmocka_unit_test(what_is_lost_is_said_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
