/* Runs the cases of testdata/dmarc (see its README): every line under a case is one claim. */
#include "unit.h"
#include "world.h"

#include "auth/auth_dmarc.h"
#include "base/file.h"
#include "base/sbuf.h"

#define CASE_BYTES_MAX  (1024 * 1024)
#define SIGNATURES_MAX  8
#define EXPECTATION_MAX 32

struct expectation {
    struct span key;
    struct span value;
};

struct scenario {
    struct arena *arena;
    const char *file;
    struct span title;
    struct sbuf world;
    struct auth_dmarc_input input;
    struct auth_dmarc_identifier dkim[SIGNATURES_MAX];
    struct expectation expected[EXPECTATION_MAX];
    size_t expected_count;
    struct ledger *ledger;
    const struct auth_dmarc_verdict *verdict;
};

static const char *name_or_dash(const struct dns_name *name)
{
    return name == NULL ? "-" : name->text;
}

static const char *yes_or_no(bool is_so)
{
    return is_so ? "yes" : "no";
}

static const char *get_result(struct scenario *s)
{
    return dmarc_result_to_text(s->verdict->result);
}

static const char *get_policy(struct scenario *s)
{
    return s->verdict->policy->step == NULL
               ? "-"
               : rec_dmarc_policy_to_text(s->verdict->policy->policy);
}

static const char *get_tag(struct scenario *s)
{
    static const char *const words[] = {"-", "p", "sp", "np"};

    return words[s->verdict->policy->tag];
}

static const char *get_record(struct scenario *s)
{
    const struct auth_dmarc_step *step = s->verdict->policy->step;

    return step == NULL ? "-" : step->domain->text;
}

static const char *get_org(struct scenario *s)
{
    return name_or_dash(s->verdict->organizational_domain);
}

static const char *get_reason(struct scenario *s)
{
    return s->verdict->reason;
}

static const char *get_lowered(struct scenario *s)
{
    return yes_or_no(s->verdict->policy->is_lowered_by_testing);
}

static const char *get_exists(struct scenario *s)
{
    return yes_or_no(s->verdict->policy->domain_exists);
}

static const char *get_spf_org(struct scenario *s)
{
    return name_or_dash(s->verdict->spf.organizational_domain);
}

static const char *get_spf_aligned(struct scenario *s)
{
    return yes_or_no(s->verdict->spf.is_aligned);
}

static const char *get_dkim_org(struct scenario *s)
{
    struct sbuf buf = sbuf_start(s->arena);

    for (size_t i = 0; i < s->input.dkim_count; i++)
        sbuf_addf(&buf, "%s%s", i == 0 ? "" : " ",
                  name_or_dash(s->verdict->dkim[i].organizational_domain));
    return sbuf_text(&buf);
}

static const char *get_dkim_aligned(struct scenario *s)
{
    struct sbuf buf = sbuf_start(s->arena);

    for (size_t i = 0; i < s->input.dkim_count; i++)
        sbuf_addf(&buf, "%s%s", i == 0 ? "" : " ", yes_or_no(s->verdict->dkim[i].is_aligned));
    return sbuf_text(&buf);
}

static const char *get_counts(struct scenario *s)
{
    if (s->verdict->spf_aligned)
        return s->verdict->dkim_aligned ? "spf dkim" : "spf";
    return s->verdict->dkim_aligned ? "dkim" : "-";
}

static const char *get_walk(struct scenario *s)
{
    struct sbuf buf = sbuf_start(s->arena);
    const struct auth_dmarc_walk *walk = s->verdict->policy->walk;

    for (size_t i = 0; i < walk->step_count; i++)
        sbuf_addf(&buf, "%s%s", i == 0 ? "" : " ", walk->steps[i].domain->text);
    return sbuf_text(&buf);
}

static const char *get_rounds(struct scenario *s)
{
    return arena_printf(s->arena, "%u", ledger_rounds(s->ledger));
}

static const char *get_questions(struct scenario *s)
{
    return arena_printf(s->arena, "%zu", ledger_count(s->ledger));
}

static const char *get_old_result(struct scenario *s)
{
    return dmarc_result_to_text(s->verdict->rfc7489.result);
}

static const char *get_old_policy(struct scenario *s)
{
    return s->verdict->rfc7489.has_policy ? rec_dmarc_policy_to_text(s->verdict->rfc7489.policy)
                                          : "-";
}

static const char *get_old_record(struct scenario *s)
{
    return name_or_dash(s->verdict->rfc7489.record_domain);
}

static const char *get_old_org(struct scenario *s)
{
    return name_or_dash(s->verdict->rfc7489.organizational_domain);
}

static const char *get_percent(struct scenario *s)
{
    return arena_printf(s->arena, "%u", s->verdict->rfc7489.percent);
}

static const struct {
    const char *key;
    const char *(*get)(struct scenario *s);
} claims[] = {
    {"result", get_result},
    {"policy", get_policy},
    {"tag", get_tag},
    {"record", get_record},
    {"org", get_org},
    {"reason", get_reason},
    {"lowered", get_lowered},
    {"exists", get_exists},
    {"spf-org", get_spf_org},
    {"spf-aligned", get_spf_aligned},
    {"dkim-org", get_dkim_org},
    {"dkim-aligned", get_dkim_aligned},
    {"counts", get_counts},
    {"walk", get_walk},
    {"rounds", get_rounds},
    {"questions", get_questions},
    {"old-result", get_old_result},
    {"old-policy", get_old_policy},
    {"old-record", get_old_record},
    {"old-org", get_old_org},
    {"percent", get_percent},
};

static bool judge(void *ctx)
{
    struct scenario *s = ctx;

    s->verdict = auth_dmarc_check(s->arena, s->ledger, &s->input);
    return !s->verdict->is_pending;
}

/* compare one claim; returns 1 if it is wrong */
static int check_claim(struct scenario *s, const struct expectation *expected)
{
    const char *got = NULL;

    for (size_t i = 0; i < COUNT_OF(claims); i++)
        if (span_equal_text(expected->key, claims[i].key))
            got = claims[i].get(s);
    if (got == NULL)
        fail_msg("%s: unknown key %.*s", s->file, SPAN_ARG(expected->key));
    if (span_equal_text(expected->value, got))
        return 0;
    print_error("%s, case %.*s: %.*s is \"%s\", not \"%.*s\"\n", s->file, SPAN_ARG(s->title),
                SPAN_ARG(expected->key), got, SPAN_ARG(expected->value));
    return 1;
}

static int run_scenario(struct scenario *s)
{
    int wrong = 0;

    assert_non_null(s->input.author);
    assert_true(s->expected_count > 0);
    s->input.dkim = s->dkim;
    s->ledger = ledger_open(s->arena);
    world_run(s->ledger, world_source(s->arena, sbuf_text(&s->world)), judge, s);
    for (size_t i = 0; i < s->expected_count; i++)
        wrong += check_claim(s, &s->expected[i]);
    return wrong;
}

static const struct dns_name *name_of(struct scenario *s, struct span text)
{
    struct err why;
    const struct dns_name *name = dns_name_parse(s->arena, text, &why);

    if (name == NULL)
        fail_msg("%s: %s", s->file, why.text);
    return name;
}

static struct auth_dmarc_identifier identifier_of(struct scenario *s, struct span value)
{
    struct span rest = value;
    struct span result = span_cut(&rest, ' ');

    return (struct auth_dmarc_identifier){
        .domain = name_of(s, rest),
        .passes = span_equal_text(result, "pass"),
        .is_undetermined = span_equal_text(result, "temperror"),
    };
}

static void read_line(struct scenario *s, struct span line)
{
    struct span value = line;
    struct span key = span_cut(&value, ' ');

    if (span_equal_text(key, "case"))
        s->title = value;
    else if (span_equal_text(key, "world"))
        sbuf_addf(&s->world, "%.*s\n", SPAN_ARG(value));
    else if (span_equal_text(key, "author"))
        s->input.author = name_of(s, value);
    else if (span_equal_text(key, "spf"))
        s->input.spf = identifier_of(s, value);
    else if (span_equal_text(key, "dkim") && s->input.dkim_count < SIGNATURES_MAX)
        s->dkim[s->input.dkim_count++] = identifier_of(s, value);
    else if (s->expected_count < EXPECTATION_MAX)
        s->expected[s->expected_count++] = (struct expectation){key, value};
    else
        fail_msg("%s: too many lines in one case", s->file);
}

static void start(struct scenario *s, struct arena *arena, const char *file)
{
    *s = (struct scenario){.arena = arena, .file = file, .world = sbuf_start(arena)};
}

static void run_file(void **state)
{
    const char *file = *state;
    struct arena *arena = arena_open();
    struct span rest = {NULL, 0};
    struct scenario scenario;
    struct err why;
    int wrong = 0;
    int count = 0;

    if (!file_load(arena, arena_printf(arena, "%s/dmarc/%s", TESTDATA_DIR, file),
                   CASE_BYTES_MAX, &rest, &why))
        fail_msg("%s", why.text);
    start(&scenario, arena, file);
    while (rest.at != NULL) {
        struct span line = span_cut(&rest, '\n');

        if (line.len > 0 && line.at[0] != '#')
            read_line(&scenario, line);
        if ((line.len == 0 || rest.at == NULL) && scenario.title.len > 0) {
            count++;
            wrong += run_scenario(&scenario);
            start(&scenario, arena, file);
        }
    }
    arena_close(arena);
    assert_true(count > 0);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    static char rfc9989[] = "rfc9989";
    static char policy[] = "policy";
    static char alignment[] = "alignment";
    static char failures[] = "failures";
    static char rfc7489[] = "rfc7489";
    const struct CMUnitTest tests[] = {
        {"the examples of the standard", run_file, NULL, NULL, rfc9989},
        {"which policy applies", run_file, NULL, NULL, policy},
        {"what is aligned", run_file, NULL, NULL, alignment},
        {"failures count where they matter", run_file, NULL, NULL, failures},
        {"what the older standard says", run_file, NULL, NULL, rfc7489},
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
