/*
 * The sets of addresses: lists written by hand, and for random records in random worlds the
 * evaluator itself, asked about addresses at and around every border.
 */
#include <string.h>

#include "dice.h"
#include "unit.h"
#include "world.h"

#include "auth/auth_spf_set.h"
#include "base/sbuf.h"

#define WORLDS      2000
#define NAMES       5
#define HOSTS       5
#define COMPARISONS 60000

struct one_world {
    struct arena *arena;
    struct ledger *ledger;
    struct source *source;
    const struct auth_spf_tree *tree;
    const struct auth_spf_sets *sets;
    struct auth_spf_input input;
    const struct auth_spf_verdict *verdict;
};

static bool walk_pass(void *ctx)
{
    struct one_world *one = ctx;

    one->tree = auth_spf_tree_walk(one->arena, one->ledger,
                                   dns_name_from_text(one->arena, "n0.example"));
    return !one->tree->is_pending;
}

static bool check_pass(void *ctx)
{
    struct one_world *one = ctx;

    one->verdict = auth_spf_check(one->arena, one->ledger, &one->input);
    return !one->verdict->is_pending;
}

/* open_world - the sets of n0.example */
static struct one_world open_world(struct arena *arena, const char *text)
{
    struct one_world one = {
        .arena = arena, .ledger = ledger_open(arena), .source = world_source(arena, text)};

    world_run(one.ledger, one.source, walk_pass, &one);
    one.sets = auth_spf_sets_of(arena, one.ledger, one.tree);
    one.input.mail_from = "user@n0.example";
    one.input.helo = "helo.example";
    return one;
}

/* kind_at - the one set that holds the address */
static enum auth_spf_set_kind kind_at(const struct auth_spf_sets *sets,
                                      const struct ip_address *address)
{
    int found = -1;

    for (int kind = 0; kind < AUTH_SPF_SET_KINDS; kind++)
        if (ip_ranges_hold(&sets->of[kind][address->family == IP_V6], address)) {
            assert_int_equal(found, -1);
            found = kind;
        }
    assert_int_not_equal(found, -1);
    return (enum auth_spf_set_kind)found;
}

/* ---- by hand ---- */

/* networks - a set as text, "all" for everything */
static const char *networks(struct arena *arena, const struct ip_ranges *ranges)
{
    struct sbuf text = sbuf_start(arena);
    struct ip_network_walk walk = {0};
    struct ip_network network;

    while (ip_ranges_next_network(ranges, &walk, &network))
        sbuf_addf(&text, "%s%s", text.len > 0 ? " " : "", ip_network_to_text(arena, &network));
    return sbuf_text(&text);
}

static void sets_are_what_the_record_says(void **state)
{
    static const struct {
        const char *world;
        enum auth_spf_set_kind kind;
        size_t family;
        const char *expected;
    } rows[] = {
        {"n0.example TXT \"v=spf1 ip4:192.0.2.0/25 ip4:192.0.2.128/25 -all\"",
         AUTH_SPF_SET_PASS, 0, "192.0.2.0/24"},
        {"n0.example TXT \"v=spf1 -all\"", AUTH_SPF_SET_FAIL, 1, "::/0"},
        {"n0.example TXT \"v=spf1 -ip4:192.0.2.128/25 ip4:192.0.2.0/24 ~all\"",
         AUTH_SPF_SET_PASS, 0, "192.0.2.0/25"},
        {"n0.example TXT \"v=spf1 ip4:0.0.0.0/1 ?all\"", AUTH_SPF_SET_NEUTRAL, 0,
         "128.0.0.0/1"},
        /* only what passes there matches here */
        {"n0.example TXT \"v=spf1 ~include:n1.example -all\"\n"
         "n1.example TXT \"v=spf1 -ip4:192.0.2.7 ip4:192.0.2.6/31 ?all\"",
         AUTH_SPF_SET_SOFTFAIL, 0, "192.0.2.6"},
        /* redirect takes all of the other record */
        {"n0.example TXT \"v=spf1 ip4:192.0.2.1 redirect=n1.example\"\n"
         "n1.example TXT \"v=spf1 ~ip4:192.0.2.0/30 -all\"",
         AUTH_SPF_SET_SOFTFAIL, 0, "192.0.2.0 192.0.2.2/31"},
        {"n0.example TXT \"v=spf1 a:h.example/31//64 -all\"\nh.example A 192.0.2.5\n"
         "h.example AAAA 2001:db8::9",
         AUTH_SPF_SET_PASS, 1, "2001:db8::/64"},
        {"n0.example TXT \"v=spf1 mx/31 -all\"\nn0.example MX 1 h.example\n"
         "n0.example MX 2 g.example\nh.example A 192.0.2.5\ng.example A 192.0.2.6",
         AUTH_SPF_SET_PASS, 0, "192.0.2.4/30"},
        /* who gets as far as the missing record has an error */
        {"n0.example TXT \"v=spf1 ip4:192.0.2.1 include:gone.example -all\"", AUTH_SPF_SET_PASS,
         0, "192.0.2.1"},
        {"n0.example TXT \"v=spf1 ip4:0.0.0.0/1 include:gone.example -all\"",
         AUTH_SPF_SET_PERMERROR, 0, "128.0.0.0/1"},
        {"n0.example TXT \"v=spf1 ip4:0.0.0.0/1 a:h.example -all\"\nh.example A !SERVFAIL",
         AUTH_SPF_SET_UNKNOWN, 0, "128.0.0.0/1"},
        {"n0.example TXT \"v=spf1 ip4:0.0.0.0/1 a:h.example -all\"\nh.example A !SERVFAIL",
         AUTH_SPF_SET_UNKNOWN, 1, ""},
        /* an exists that is the same for all clients is no dynamic term */
        {"n0.example TXT \"v=spf1 exists:h.example -all\"\nh.example A 192.0.2.5",
         AUTH_SPF_SET_PASS, 1, "::/0"},
        /* IPv4-mapped addresses count as IPv4 and match no ip6 */
        {"n0.example TXT \"v=spf1 ip6:::ffff:192.0.2.0/120 ip6:2001:db8::1 -all\"",
         AUTH_SPF_SET_PASS, 1, "2001:db8::1"},
        {"n0.example TXT \"v=spf1 include:n0.example -all\"", AUTH_SPF_SET_PERMERROR, 1,
         "::/0"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct arena *arena = arena_open();
        struct one_world one = open_world(arena, rows[i].world);

        assert_string_equal(networks(arena, &one.sets->of[rows[i].kind][rows[i].family]),
                            rows[i].expected);
        arena_close(arena);
    }
}

static void dynamic_terms_are_listed_and_take_nothing(void **state)
{
    struct arena *arena = arena_open();
    struct one_world one = open_world(
        arena,
        "n0.example TXT \"v=spf1 ip4:0.0.0.0/0 exists:%{i}.a.example ?include:n1.example "
        "-ptr ~all\"\n"
        "n1.example TXT \"v=spf1 -exists:%{l}.b.example a:%{h}.c.example "
        "redirect=%{s}.d.example\"");
    static const enum auth_spf_dynamic_effect effects[] = {
        AUTH_SPF_DYNAMIC_PASS, AUTH_SPF_DYNAMIC_SKIP, AUTH_SPF_DYNAMIC_NEUTRAL,
        AUTH_SPF_DYNAMIC_OTHER};
    const struct auth_spf_dynamic *dynamic = one.sets->dynamic;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(effects); i++) {
        assert_non_null(dynamic);
        assert_int_equal(dynamic->effect, effects[i]);
        assert_false(dynamic->reaches[0]); /* all of IPv4 passed before */
        assert_true(dynamic->reaches[1]);
        dynamic = dynamic->next;
    }
    assert_null(dynamic); /* nobody gets to ptr: the redirect decides */
    assert_string_equal(networks(arena, &one.sets->of[AUTH_SPF_SET_UNKNOWN][1]), "::/0");
    arena_close(arena);
}

static void limits_are_applied_by_family(void **state)
{
    static const struct auth_spf_set_options meant = {0};
    struct arena *arena = arena_open();
    struct one_world one = open_world(
        arena, "n0.example TXT \"v=spf1 a:a.example a:b.example a:c.example ip4:192.0.2.9 "
               "ip6:2001:db8::9 -all\"\na.example A 192.0.2.1\nb.example A 192.0.2.2\n"
               "c.example A 192.0.2.3");
    const struct auth_spf_sets *sets = auth_spf_sets_judged(arena, one.ledger, one.tree, meant);

    (void)state;
    assert_true(one.sets->is_past_limit);
    assert_string_equal(networks(arena, &one.sets->of[AUTH_SPF_SET_PASS][0]),
                        "192.0.2.1 192.0.2.2/31 192.0.2.9");
    assert_string_equal(networks(arena, &one.sets->of[AUTH_SPF_SET_PASS][1]), "");
    assert_string_equal(networks(arena, &one.sets->of[AUTH_SPF_SET_PERMERROR][1]), "::/0");
    assert_string_equal(networks(arena, &sets->of[AUTH_SPF_SET_PASS][1]), "2001:db8::9");
    arena_close(arena);
}

/* an include that ends early for some clients costs them less */
static void what_was_counted_depends_on_the_way(void **state)
{
    struct arena *arena = arena_open();
    struct one_world one = open_world(
        arena, "n0.example TXT \"v=spf1 include:n1.example exists:x.example ip4:192.0.2.0/30 "
               "-all\"\nn1.example TXT \"v=spf1 -ip4:192.0.2.1 exists:y.example "
               "exists:z.example -all\"");

    (void)state;
    assert_string_equal(networks(arena, &one.sets->of[AUTH_SPF_SET_PASS][0]), "192.0.2.1");
    arena_close(arena);
}

static void the_first_ten_mail_hosts_match(void **state)
{
    struct arena *arena = arena_open();
    struct sbuf text = sbuf_start(arena);
    struct one_world one;

    (void)state;
    sbuf_add(&text, "n0.example TXT \"v=spf1 ip4:192.0.2.64 mx -all\"");
    for (unsigned i = 0; i < 11; i++)
        sbuf_addf(&text, "\nn0.example MX %u h%u.example\nh%u.example A 192.0.2.%u", i, i, i,
                  2 * i);
    one = open_world(arena, sbuf_text(&text));
    assert_true(ip_ranges_size(&one.sets->of[AUTH_SPF_SET_PASS][0]) == 11.0);
    assert_int_equal(one.sets->of[AUTH_SPF_SET_FAIL][0].count, 0);
    arena_close(arena);
}

/* bound: LIMIT_SPF_SET_STEPS past */
static void work_is_bounded(void **state)
{
    struct arena *arena = arena_open();
    struct sbuf text = sbuf_start(arena);
    struct one_world one;

    (void)state;
    sbuf_add(&text, "n0.example TXT");
    for (unsigned i = 0; i < 2600; i++)
        sbuf_addf(&text, " \"%s%sip4:10.%u.%u.1\"", i == 0 ? "v=spf1 " : " ", i % 2 ? "-" : "~",
                  i / 256, i % 256);
    one = open_world(arena, sbuf_text(&text));
    assert_true(one.sets->is_cut);
    assert_true(one.sets->of[AUTH_SPF_SET_UNKNOWN][1].count > 0);
    arena_close(arena);
}

/* ---- against the evaluator ---- */

/* throw_term - one mechanism */
static void throw_term(struct sbuf *text)
{
    static const char qualifiers[] = {'+', '+', '+', '-', '~', '?'};

    sbuf_addf(text, " %c", qualifiers[dice(sizeof(qualifiers))]);
    switch (dice(9)) {
    case 0:
    case 1:
    case 2:
        sbuf_addf(text, "ip4:%s.%u/%u", dice(2) ? "192.0.2" : "198.51.100", dice(256),
                  dice(12) == 0 ? dice(33) : 22 + dice(11));
        break;
    case 3:
        sbuf_addf(text, "ip6:2001:db8::%x/%u", dice(65536),
                  dice(12) == 0 ? dice(129) : 110 + dice(19));
        break;
    case 4:
        sbuf_addf(text, "a:h%u.example/%u//%u", dice(HOSTS), 20 + dice(13), 100 + dice(29));
        break;
    case 5:
        sbuf_addf(text, "mx:m%u.example/%u", dice(3), 24 + dice(9));
        break;
    case 6:
        sbuf_addf(text, "exists:h%u.example", dice(3 * HOSTS));
        break;
    case 7:
        sbuf_addf(text, "include:n%u.example", dice(NAMES + 1));
        break;
    default:
        sbuf_add(text, dice(4) ? "ptr:ptr.example" : "exists:%{ir}.none.example");
        break;
    }
}

/* throw_record - the record of one name, sometimes none, several or a broken one */
static void throw_record(struct sbuf *text, unsigned name)
{
    unsigned terms = dice(7);

    if (name > 0 && dice(12) == 0) {
        sbuf_addf(text, "n%u.example TXT %s\n", name, dice(2) ? "!SERVFAIL" : "\"other\"");
        return;
    }
    sbuf_addf(text, "n%u.example TXT \"v=spf1", name);
    for (unsigned i = 0; i < terms; i++)
        throw_term(text);
    if (name > 0 && dice(15) == 0)
        sbuf_add(text, " ipv4:192.0.2.1");
    if (dice(3) == 0)
        sbuf_addf(text, " redirect=n%u.example", dice(NAMES + 1));
    else if (dice(5) > 0)
        sbuf_addf(text, " %call", "-~?+"[dice(4)]);
    sbuf_add(text, "\"\n");
    if (name > 0 && dice(20) == 0)
        sbuf_addf(text, "n%u.example TXT \"v=spf1 -all\"\n", name);
}

/* throw_world - records, hosts and mail hosts */
static const char *throw_world(struct arena *arena)
{
    struct sbuf text = sbuf_start(arena);

    for (unsigned i = 0; i < NAMES; i++)
        throw_record(&text, i);
    for (unsigned i = 0; i < HOSTS; i++) {
        if (dice(15) == 0)
            sbuf_addf(&text, "h%u.example A !TIMEOUT\n", i);
        else
            sbuf_addf(&text, "h%u.example A 192.0.2.%u\n", i, dice(256));
        if (dice(2))
            sbuf_addf(&text, "h%u.example AAAA 2001:db8::%x\n", i, dice(65536));
    }
    for (unsigned i = 0; i < 2; i++)
        for (unsigned j = dice(20) == 0 ? 11 : 1 + dice(3); j > 0; j--)
            sbuf_addf(&text, "m%u.example MX %u h%u.example\n", i, j, dice(HOSTS));
    return sbuf_text(&text);
}

/* kind_of - the set that a verdict belongs to */
static enum auth_spf_set_kind kind_of(enum spf_result result)
{
    switch (result) {
    case SPF_PASS:
        return AUTH_SPF_SET_PASS;
    case SPF_FAIL:
        return AUTH_SPF_SET_FAIL;
    case SPF_SOFTFAIL:
        return AUTH_SPF_SET_SOFTFAIL;
    case SPF_NEUTRAL:
        return AUTH_SPF_SET_NEUTRAL;
    case SPF_TEMPERROR:
        return AUTH_SPF_SET_UNKNOWN;
    case SPF_PERMERROR:
    case SPF_NONE:
        break;
    }
    return AUTH_SPF_SET_PERMERROR;
}

/* asks_names - a ptr term is on the way of some client: what it costs depends on its names */
static bool asks_names(const struct auth_spf_sets *sets, size_t family)
{
    const struct auth_spf_dynamic *one = sets->dynamic;

    while (one != NULL && (one->term->kind != REC_SPF_PTR || !one->reaches[family]))
        one = one->next;
    return one != NULL;
}

/* compare - one address; false: it cannot be compared */
static bool compare(struct one_world *one, const struct ip_address *address, const char *world)
{
    enum auth_spf_set_kind kind = kind_at(one->sets, address);

    if (asks_names(one->sets, address->family == IP_V6))
        return false;
    one->input.client = *address;
    one->ledger = ledger_open(one->arena); /* each has its own ceilings */
    world_run(one->ledger, one->source, check_pass, one);
    if (kind_of(one->verdict->result) != kind)
        fail_msg("%s is in the set %s, the evaluator says %s (%s) in\n%s",
                 ip_to_text(one->arena, address), auth_spf_set_kind_to_text(kind),
                 spf_result_to_text(one->verdict->result), one->verdict->reason, world);
    return true;
}

/* compare_borders - both ends of every range, and their neighbours */
static size_t compare_borders(struct one_world *one, const char *world)
{
    size_t compared = 0;

    for (size_t at = 0; at < AUTH_SPF_SET_KINDS * AUTH_SPF_SET_FAMILIES; at++) {
        const struct ip_ranges *set = &one->sets->of[at / 2][at % 2];

        for (size_t i = 0; i < set->count; i++)
            for (unsigned side = 0; side < 4; side++) {
                struct ip_point point = side < 2 ? set->ranges[i].first : set->ranges[i].last;
                struct ip_address address;

                point.low += side == 1;
                point.low -= side == 2 && point.low > 0;
                address = ip_from_point(set->family, point);
                compared += compare(one, &address, world);
            }
    }
    return compared;
}

static void sets_agree_with_the_evaluator(void **state)
{
    size_t compared = 0;

    (void)state;
    for (int round = 0; round < WORLDS; round++) {
        struct arena *arena = arena_open();
        const char *world = throw_world(arena);
        struct one_world one = open_world(arena, world);

        assert_non_null(one.sets);
        assert_false(one.sets->is_cut);
        compared += compare_borders(&one, world);
        for (int i = 0; i < 20; i++) {
            struct ip_address address = {IP_V4, {192, 0, 2, (uint8_t)dice(256)}};

            if (i % 4 == 0)
                for (size_t j = 0; j < IP_V4_OCTETS; j++)
                    address.octets[j] = (uint8_t)dice(256);
            if (i % 4 == 1)
                address = (struct ip_address){
                    IP_V6, {0x20, 0x01, 0x0d, 0xb8, [14] = (uint8_t)dice(256)}};
            compared += compare(&one, &address, world);
        }
        arena_close(arena);
    }
    fprintf(stderr, "%zu addresses compared\n", compared);
    assert_true(compared >= COMPARISONS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_are_what_the_record_says),
        cmocka_unit_test(dynamic_terms_are_listed_and_take_nothing),
        cmocka_unit_test(limits_are_applied_by_family),
        cmocka_unit_test(what_was_counted_depends_on_the_way),
        cmocka_unit_test(the_first_ten_mail_hosts_match),
        cmocka_unit_test(work_is_bounded),
        cmocka_unit_test(sets_agree_with_the_evaluator),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
