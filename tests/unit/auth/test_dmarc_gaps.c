/*
 * What is claimed although a question failed must hold whatever stands there. Each scenario
 * puts records at some names of a small tree and lets others fail; its verdict is then compared
 * with the verdicts of all ways to fill the failed names. The scenarios are drawn by a fixed
 * sequence.
 */
#include "unit.h"

#include "auth/auth_dmarc.h"
#include "dns/dns_rr.h"

#define SCENARIOS 1500
#define GAPS_MAX  3

enum state { STATE_NOTHING, STATE_PSD_Y, STATE_PSD_U, STATE_PSD_N, STATE_FAILED, STATES };

static const char *const names[] = {"com",           "example.com",     "a.example.com",
                                    "b.example.com", "x.a.example.com", "y.a.example.com",
                                    "other.com"};
#define NAMES COUNT_OF(names)

static const char *const records[] = {NULL, "v=DMARC1; p=reject; psd=y",
                                      "v=DMARC1; p=quarantine; sp=reject",
                                      "v=DMARC1; p=none; psd=n"};

static const char *const authors[] = {"example.com", "a.example.com", "x.a.example.com"};
static const char *const identifiers[] = {"example.com",     "a.example.com",   "b.example.com",
                                          "y.a.example.com", "x.a.example.com", "other.com"};

struct tree {
    struct arena *arena;
    const struct dns_answer *answers[NAMES][STATES]; /* made once */
};

struct drawn {
    enum state states[NAMES];
    const struct dns_name *author;
    const struct dns_name *identifier;
};

static const struct dns_answer *make_answer(struct arena *arena, const char *domain,
                                            enum state state)
{
    struct dns_answer *answer = arena_new_of(arena, struct dns_answer);
    struct err why;

    answer->question.name = dns_name_from_text(arena, arena_printf(arena, "_dmarc.%s", domain));
    answer->question.type = DNS_TXT;
    answer->status = state == STATE_FAILED    ? DNS_SERVFAIL
                     : state == STATE_NOTHING ? DNS_NXDOMAIN
                                              : DNS_OK;
    if (answer->status == DNS_OK) {
        struct dns_rr *rr = dns_rr_from_text(
            arena, arena_printf(arena, "_dmarc.%s. 300 IN TXT \"%s\"", domain, records[state]),
            &why);

        assert_non_null(rr);
        dns_answer_append(answer, rr);
    }
    return answer;
}

static struct tree make_tree(struct arena *arena)
{
    struct tree tree = {.arena = arena};

    for (size_t i = 0; i < NAMES; i++)
        for (int state = 0; state < STATES; state++)
            tree.answers[i][state] = make_answer(arena, names[i], (enum state)state);
    return tree;
}

static const struct auth_dmarc_verdict *judge(const struct tree *tree, struct arena *arena,
                                              const struct drawn *drawn)
{
    struct ledger *ledger = ledger_open(arena);
    struct auth_dmarc_input input = {.author = drawn->author,
                                     .spf = {.domain = drawn->identifier, .passes = true}};
    const struct auth_dmarc_verdict *verdict = NULL;

    for (size_t i = 0; i < NAMES; i++)
        ledger_add(ledger, tree->answers[i][drawn->states[i]]);
    verdict = auth_dmarc_check(arena, ledger, &input);
    assert_false(verdict->is_pending);
    return verdict;
}

/* the next way to fill the gaps; false after the last. Top-level domains hold psd=y or nothing
 * (RFC 9989, 5.2) */
static bool fill_next(struct drawn *filled, const size_t *gaps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        enum state *state = &filled->states[gaps[i]];

        if (*state < (gaps[i] == 0 ? STATE_PSD_Y : STATE_PSD_N)) {
            (*state)++;
            return true;
        }
        *state = STATE_NOTHING;
    }
    return false;
}

/* what is known of a verdict is the same in the other; `*differs_out` if the other shows why
 * nothing could be claimed */
static void compare(const struct auth_dmarc_verdict *claimed,
                    const struct auth_dmarc_verdict *other, bool *differs_out)
{
    bool has_step = other->policy->step != NULL;

    if (claimed->result != DMARC_TEMPERROR)
        assert_int_equal(claimed->result, other->result);
    if (!claimed->policy->is_undetermined) {
        assert_int_equal(claimed->policy->step != NULL, has_step);
        if (has_step) {
            assert_true(
                dns_name_equal(claimed->policy->step->domain, other->policy->step->domain));
            assert_int_equal(claimed->policy->policy, other->policy->policy);
        }
    }
    if (!claimed->policy->walk->is_undetermined)
        assert_true(
            dns_name_equal(claimed->organizational_domain, other->organizational_domain));
    *differs_out = *differs_out || other->result == DMARC_FAIL || !has_step ||
                   claimed->policy->is_undetermined;
}

static size_t run(const struct tree *tree, struct drawn *drawn)
{
    struct arena *arena = arena_open();
    const struct auth_dmarc_verdict *claimed = judge(tree, arena, drawn);
    struct drawn filled = *drawn;
    size_t gaps[GAPS_MAX];
    size_t count = 0;
    bool differs = false;
    bool is_claimed = claimed->result != DMARC_TEMPERROR;

    for (size_t i = 0; i < NAMES; i++)
        if (drawn->states[i] == STATE_FAILED) {
            gaps[count++] = i;
            filled.states[i] = STATE_NOTHING;
        }
    do {
        const struct auth_dmarc_verdict *other = judge(tree, arena, &filled);

        assert_true(other->result != DMARC_TEMPERROR);
        compare(claimed, other, &differs);
    } while (fill_next(&filled, gaps, count));
    assert_true(is_claimed || differs); /* not merely timid: the outcome was really open */
    arena_close(arena);
    return is_claimed && count > 0;
}

static void claims_hold_whatever_fills_the_gaps(void **state)
{
    struct arena *arena = arena_open();
    struct tree tree = make_tree(arena);
    uint32_t seed = 410;
    size_t decided = 0;

    for (int i = 0; i < SCENARIOS; i++) {
        struct drawn drawn = {.states = {STATE_NOTHING}};
        size_t failed = 0;

        for (size_t n = 0; n < NAMES; n++) {
            seed = seed * 1664525U + 1013904223U;
            drawn.states[n] = (enum state)((seed >> 16) % (n == 0 ? 2 : STATE_FAILED));
            if ((seed >> 24) % 4 == 0 && failed < GAPS_MAX) {
                drawn.states[n] = STATE_FAILED;
                failed++;
            }
        }
        drawn.author = dns_name_from_text(arena, authors[(seed >> 8) % COUNT_OF(authors)]);
        drawn.identifier =
            dns_name_from_text(arena, identifiers[(seed >> 4) % COUNT_OF(identifiers)]);
        decided += run(&tree, &drawn);
    }
    assert_true(decided > SCENARIOS / 5); /* much is known in spite of failures */
    arena_close(arena);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(claims_hold_whatever_fills_the_gaps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
