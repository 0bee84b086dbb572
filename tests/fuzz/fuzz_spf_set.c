/*
 * The sets of addresses of an SPF record against the evaluator. The first line is the record of
 * example.com, the next ones those of a.example, b.example and c.example; what every other name
 * holds follows from its letters. The evaluator is asked about addresses at and beside the
 * borders of the sets; a difference ends the process.
 */
#include "auth/auth_spf_set.h"
#include "base/must.h"
#include "dns/dns_rr.h"
#include "ledger/ledger.h"
#include "fuzz.h"

#define RECORDS 4
#define BORDERS 8 /* ranges of each set whose ends are tried */
#define PASSES  60
#define STRING  255 /* octets of a character-string: RFC 1035, 3.3 */
#define HASH    2166136261U
#define HASH_BY 16777619U

struct world {
    struct arena *arena;
    struct span records[RECORDS];
};

/* hash_of - what a name that is not listed has */
static uint32_t hash_of(const struct dns_question *question)
{
    uint32_t hash = HASH ^ (uint32_t)question->type;

    for (size_t i = 0; i < question->name->len; i++)
        hash = (hash ^ (unsigned char)question->name->text[i]) * HASH_BY;
    return hash >> 8;
}

/* add_text - the record of a listed name, in strings */
static void add_text(struct arena *arena, struct dns_answer *answer, struct span text)
{
    const struct dns_rr_head head = {answer->question.name, DNS_TXT, 300};
    struct span *strings = arena_array_of(arena, struct span, text.len / STRING + 1);
    size_t count = 0;

    do {
        strings[count++] = span_sub(text, 0, STRING);
        text = span_from(text, STRING);
    } while (text.len > 0);
    dns_answer_append(answer, dns_rr_from_strings(arena, &head, strings, count));
}

/* add_value - one record of a name that is not listed */
static void add_value(struct arena *arena, struct dns_answer *answer, const char *value)
{
    const struct dns_question *question = &answer->question;
    struct err why = {0};
    struct dns_rr *rr =
        dns_rr_from_text(arena,
                         arena_printf(arena, "%s. 300 IN %s %s", question->name->text,
                                      dns_type_to_text(arena, question->type), value),
                         &why);

    must(rr != NULL);
    dns_answer_append(answer, rr);
}

/* fill - the records of a question that has some */
static void fill(const struct world *world, struct dns_answer *answer, uint32_t hash)
{
    struct arena *arena = world->arena;

    switch (answer->question.type) {
    case DNS_A:
        add_value(arena, answer, arena_printf(arena, "192.0.2.%u", hash & 255));
        break;
    case DNS_AAAA:
        add_value(arena, answer, arena_printf(arena, "2001:db8::%x", hash & 65535));
        break;
    case DNS_MX:
        for (uint32_t i = hash % (hash % 7 == 0 ? 13 : 4); i > 0; i--)
            add_value(arena, answer, arena_printf(arena, "%u h%u.example.", i, hash % 5 + i));
        break;
    default:
        add_text(arena, answer, span_of("v=spf1 ip4:192.0.2.0/25 -all"));
        break;
    }
}

/* answer_to - what the world says; `is_over`: everybody else is absent from now on */
static struct dns_answer answer_to(const struct world *world,
                                   const struct dns_question *question, bool is_over)
{
    static const char *const names[RECORDS] = {"example.com", "a.example", "b.example",
                                               "c.example"};
    struct dns_answer answer = {.question = *question, .status = DNS_NODATA, .source = "fuzz"};
    uint32_t hash = hash_of(question);

    for (size_t i = 0; i < RECORDS; i++)
        if (span_equal_text(span_make(question->name->text, question->name->len), names[i]) &&
            question->type == DNS_TXT && world->records[i].len > 0)
            add_text(world->arena, &answer, world->records[i]);
    if (answer.records == NULL && (is_over || hash % 3 == 0))
        answer.status = DNS_NXDOMAIN;
    else if (answer.records == NULL && hash % 17 == 1)
        answer.status = DNS_SERVFAIL;
    else if (answer.records == NULL)
        fill(world, &answer, hash);
    if (answer.records != NULL)
        answer.status = DNS_OK;
    return answer;
}

/* answer_all - one round */
static void answer_all(const struct world *world, struct ledger *ledger, bool is_over)
{
    size_t count = ledger_count(ledger);

    for (size_t i = 0; i < count; i++) {
        const struct dns_answer *asked = ledger_get(ledger, i);
        struct dns_answer answer;

        if (asked->status != DNS_PENDING)
            continue;
        answer = answer_to(world, &asked->question, is_over);
        ledger_add(ledger, &answer);
    }
}

/* kind_of - the set that a verdict belongs to */
static enum auth_spf_set_kind kind_of(enum spf_result result)
{
    static const enum auth_spf_set_kind kinds[] = {
        [SPF_NONE] = AUTH_SPF_SET_PERMERROR,      [SPF_NEUTRAL] = AUTH_SPF_SET_NEUTRAL,
        [SPF_PASS] = AUTH_SPF_SET_PASS,           [SPF_FAIL] = AUTH_SPF_SET_FAIL,
        [SPF_SOFTFAIL] = AUTH_SPF_SET_SOFTFAIL,   [SPF_TEMPERROR] = AUTH_SPF_SET_UNKNOWN,
        [SPF_PERMERROR] = AUTH_SPF_SET_PERMERROR,
    };

    return kinds[result];
}

/* compare - the evaluator about one address */
static void compare(const struct world *world, struct ledger *ledger,
                    const struct auth_spf_sets *sets, const struct ip_address *address)
{
    const struct auth_spf_input input = {
        .client = *address, .mail_from = "zz@example.com", .helo = "zz.invalid"};
    const struct auth_spf_verdict *verdict = NULL;

    for (unsigned pass = 0; pass < PASSES; pass++) {
        verdict = auth_spf_check(world->arena, ledger, &input);
        if (!verdict->is_pending)
            break;
        answer_all(world, ledger, true);
    }
    if (verdict->is_pending || verdict->trouble == DNS_BUDGET)
        return;
    must(
        ip_ranges_hold(&sets->of[kind_of(verdict->result)][address->family == IP_V6], address));
}

/* compare_ends - both ends of a range, and what is beside them */
static void compare_ends(const struct world *world, struct ledger *ledger,
                         const struct auth_spf_sets *sets, const struct ip_ranges *set)
{
    for (size_t i = 0; i < set->count && i < BORDERS; i++)
        for (int side = 0; side < 2; side++) {
            struct ip_address address = ip_from_point(
                set->family, side == 0 ? set->ranges[i].first : set->ranges[i].last);
            struct ip_address plain = ip_from_octets(set->family, address.octets);

            compare(world, ledger, sets, &plain);
            address.octets[set->family == IP_V4 ? IP_V4_OCTETS - 1 : IP_V6_OCTETS - 1] ^= 1;
            plain = ip_from_octets(set->family, address.octets);
            compare(world, ledger, sets, &plain);
        }
}

FUZZ(arena, bytes)
{
    struct world world = {.arena = arena};
    struct ledger *ledger = ledger_open(arena);
    const struct dns_name *domain = dns_name_from_text(arena, "example.com");
    const struct auth_spf_tree *tree = NULL;
    const struct auth_spf_sets *sets = NULL;

    for (size_t i = 0; i < RECORDS; i++)
        world.records[i] = span_cut(&bytes, '\n');
    for (unsigned pass = 0; pass < PASSES; pass++) {
        tree = auth_spf_tree_walk(arena, ledger, domain);
        if (!tree->is_pending)
            break;
        answer_all(&world, ledger, false);
    }
    if (tree->is_pending)
        return;
    sets = auth_spf_sets_of(arena, ledger, tree);
    if (sets == NULL || sets->is_cut || sets->dynamic != NULL)
        return; /* what a dynamic term matches is not in the sets */
    for (const struct auth_spf_cost *cost = tree->costs; cost != NULL; cost = cost->next)
        if (cost->finds_nobody[0] || cost->finds_nobody[1])
            return; /* taken for an answer to everybody, which this world does not give */
    for (int kind = 0; kind < AUTH_SPF_SET_KINDS; kind++)
        for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++)
            compare_ends(&world, ledger, sets, &sets->of[kind][i]);
}
