/* The tree of a record: what it costs whoever the client is. */
#include "base/limits.h"
#include "base/sbuf.h"
#include "spf_case.h"

struct grown {
    struct arena *arena;
    struct ledger *ledger;
    const struct dns_name *domain;
    const struct auth_spf_tree *tree;
};

static bool walk_once(void *ctx)
{
    struct grown *grown = ctx;

    grown->tree = auth_spf_tree_walk(grown->arena, grown->ledger, grown->domain);
    return !grown->tree->is_pending;
}

/* grow - the tree of example.com in this world */
static struct grown grow(const char *world)
{
    struct arena *arena = arena_open();
    struct grown grown = {.arena = arena, .ledger = ledger_open(arena)};

    grown.domain = dns_name_from_text(arena, "example.com");
    world_run(grown.ledger, world_source(arena, world), walk_once, &grown);
    return grown;
}

/* costs_to_text - "term:lookups" of all costs in order, one line; "!" marks void */
static const char *costs_to_text(const struct grown *grown)
{
    struct sbuf out = sbuf_start(grown->arena);

    for (const struct auth_spf_cost *cost = grown->tree->costs; cost != NULL; cost = cost->next)
        sbuf_addf(&out, "%s%.*s=%u%s%s", cost == grown->tree->costs ? "" : " ",
                  SPAN_ARG(cost->term->text), cost->lookups, cost->is_void ? "!" : "",
                  cost->is_macro ? "%" : "");
    return sbuf_text(&out);
}

/* nodes_to_text - "name/depth:lookups" of all nodes, breadth first */
static const char *nodes_to_text(const struct grown *grown)
{
    struct sbuf out = sbuf_start(grown->arena);

    for (const struct auth_spf_node *node = grown->tree->root; node != NULL; node = node->next)
        sbuf_addf(&out, "%s%s/%u:%u%s", node == grown->tree->root ? "" : " ", node->name->text,
                  node->depth, node->lookups, node->is_loop ? "loop" : "");
    return sbuf_text(&out);
}

static void costs_are_told_in_the_order_of_evaluation(void **state)
{
    struct grown grown =
        grow("example.com TXT \"v=spf1 include:a.test mx a:h.test -all\"\n"
             "example.com MX 10 m.test\nh.test A 192.0.2.9\nm.test A 192.0.2.9\n"
             "a.test TXT \"v=spf1 include:b.test exists:e.test ~all\"\n"
             "e.test A 127.0.0.2\n"
             "b.test TXT \"v=spf1 ip4:192.0.2.1 a:h.test\"");

    (void)state;
    assert_string_equal(costs_to_text(&grown), "include:a.test=4 include:b.test=2 a:h.test=1 "
                                               "exists:e.test=1 mx=1 a:h.test=1");
    assert_string_equal(nodes_to_text(&grown), "example.com/0:6 a.test/1:3 b.test/2:1");
    assert_int_equal(grown.tree->lookups, 6);
    assert_int_equal(grown.tree->voids[0], 0);
    assert_int_equal(grown.tree->voids[1], 3); /* h.test twice, m.test */
    assert_int_equal(grown.tree->void_lookups, 3);
    assert_int_equal(grown.tree->void_common, 0);
    assert_false(grown.tree->is_undetermined);
    assert_false(grown.tree->is_cut);
    assert_int_equal(ledger_rounds(grown.ledger), 3);
    arena_close(grown.arena);
}

static void a_node_knows_where_it_comes_from(void **state)
{
    struct grown grown = grow("example.com TXT \"v=spf1 ip4:192.0.2.1 redirect=r.test\"\n"
                              "r.test TXT \"v=spf1 -all\"");
    const struct auth_spf_node *root = grown.tree->root;

    (void)state;
    assert_null(root->parent);
    assert_null(root->via);
    assert_ptr_equal(root->next->parent, root);
    assert_ptr_equal(root->next->via, root->record->redirect);
    assert_int_equal(root->next->record_count, 1);
    assert_true(span_equal_text(root->next->rr->joined, "v=spf1 -all"));
    assert_string_equal(costs_to_text(&grown), "redirect=r.test=1");
    arena_close(grown.arena);
}

static void counting_goes_on_past_the_limit(void **state)
{
    struct grown grown =
        grow("example.com TXT \"v=spf1 include:a.test include:b.test include:c.test -all\"\n"
             "a.test TXT \"v=spf1 a:h.test a:h.test a:h.test a:h.test\"\n"
             "b.test TXT \"v=spf1 a:h.test a:h.test a:h.test a:h.test\"\n"
             "c.test TXT \"v=spf1 a:h.test a:h.test a:h.test a:h.test\"\nh.test A 192.0.2.9");

    (void)state;
    assert_int_equal(grown.tree->lookups, 15);
    assert_int_equal(grown.tree->costs->lookups, 5);
    arena_close(grown.arena);
}

static void void_lookups_are_named(void **state)
{
    struct grown grown =
        grow("example.com TXT \"v=spf1 a:x.test mx:h.test exists:h.test a:v6.test "
             "include:gone.test -all\"\n"
             "h.test A 192.0.2.9\nv6.test AAAA 2001:db8::9");

    (void)state;
    assert_string_equal(costs_to_text(&grown), "a:x.test=1! mx:h.test=1! exists:h.test=1 "
                                               "a:v6.test=1 include:gone.test=1!");
    assert_int_equal(grown.tree->voids[0], 3); /* v6.test has no A record */
    assert_int_equal(grown.tree->voids[1], 2);
    assert_int_equal(grown.tree->void_common, 3);
    assert_int_equal(grown.tree->costs->answer->status, DNS_NXDOMAIN);
    arena_close(grown.arena);
}

static void mx_hosts_are_counted_and_asked(void **state)
{
    struct grown grown = grow("example.com TXT \"v=spf1 mx -all\"\nexample.com MX 10 a.test\n"
                              "example.com MX 20 b.test\na.test A 192.0.2.9\n"
                              "b.test AAAA 2001:db8::9");
    const struct dns_name *host = dns_name_from_text(grown.arena, "b.test");

    (void)state;
    assert_int_equal(grown.tree->costs->names, 2);
    assert_int_equal(grown.tree->costs->answer->question.type, DNS_MX);
    assert_int_equal(ledger_find(grown.ledger, host, DNS_A)->status, DNS_NODATA);
    assert_int_equal(ledger_find(grown.ledger, host, DNS_AAAA)->status, DNS_OK);
    arena_close(grown.arena);
}

static void what_depends_on_the_client_counts_one(void **state)
{
    struct grown grown =
        grow("example.com TXT \"v=spf1 exists:%{i}.x.test ptr include:%{l}.x.test a:%{h} "
             "redirect=_spf.%{d}\"\n_spf.example.com TXT \"v=spf1 a:%{o} -all\"\n"
             "example.com A 192.0.2.9");

    (void)state;
    assert_string_equal(costs_to_text(&grown),
                        "exists:%{i}.x.test=1% ptr=1% include:%{l}.x.test=1% a:%{h}=1% "
                        "redirect=_spf.%{d}=2 a:%{o}=1");
    assert_null(grown.tree->costs->answer);
    assert_int_equal(grown.tree->lookups, 6);
    arena_close(grown.arena);
}

static void loops_are_found_and_not_followed(void **state)
{
    struct grown grown = grow("example.com TXT \"v=spf1 include:a.test -all\"\n"
                              "a.test TXT \"v=spf1 include:b.test include:example.com\"\n"
                              "b.test TXT \"v=spf1 redirect=a.test\"");

    (void)state;
    assert_string_equal(nodes_to_text(&grown), "example.com/0:4 a.test/1:3 b.test/2:1 "
                                               "example.com/2:0loop a.test/3:0loop");
    assert_int_equal(grown.tree->lookups, 4);
    arena_close(grown.arena);
}

static void a_record_that_is_reached_twice_costs_twice(void **state)
{
    struct grown grown = grow("example.com TXT \"v=spf1 include:a.test include:b.test -all\"\n"
                              "a.test TXT \"v=spf1 include:c.test\"\n"
                              "b.test TXT \"v=spf1 include:c.test\"\n"
                              "c.test TXT \"v=spf1 a:h.test\"\nh.test A 192.0.2.9");

    (void)state;
    assert_int_equal(grown.tree->lookups, 6);
    assert_string_equal(nodes_to_text(&grown),
                        "example.com/0:6 a.test/1:2 b.test/1:2 c.test/2:1 c.test/2:1");
    arena_close(grown.arena);
}

static void what_is_never_evaluated_costs_nothing(void **state)
{
    struct grown grown = grow("example.com TXT \"v=spf1 ~all a:h.test redirect=r.test\"");

    (void)state;
    assert_null(grown.tree->costs);
    assert_int_equal(grown.tree->lookups, 0);
    assert_int_equal(ledger_count(grown.ledger), 1);
    arena_close(grown.arena);
}

static void faulty_and_missing_records_are_told(void **state)
{
    struct grown grown = grow("example.com TXT \"v=spf1 include:two.test include:bad.test "
                              "include: include include:late.test a:a..test -all\"\n"
                              "two.test TXT \"v=spf1 -all\"\ntwo.test TXT \"v=spf1 +all\"\n"
                              "bad.test TXT \"v=spf1 moo a:h.test\"\nlate.test TXT !TIMEOUT");
    const struct auth_spf_node *two = grown.tree->root->next;

    (void)state;
    assert_true(grown.tree->root->record->is_fatal);
    assert_int_equal(two->record_count, 2);
    assert_null(two->rr);
    assert_null(two->record);
    assert_true(two->next->record->is_fatal);
    assert_int_equal(two->next->next->answer->status, DNS_TIMEOUT);
    assert_null(two->next->next->next);
    assert_true(grown.tree->is_undetermined);
    assert_int_equal(grown.tree->lookups, 7);
    arena_close(grown.arena);
}

static void no_record_is_an_empty_tree(void **state)
{
    struct grown grown = grow("example.com A 192.0.2.1");

    (void)state;
    assert_non_null(grown.tree->root);
    assert_int_equal(grown.tree->root->record_count, 0);
    assert_null(grown.tree->root->record);
    assert_int_equal(grown.tree->root->answer->status, DNS_NODATA);
    assert_null(grown.tree->costs);
    arena_close(grown.arena);
}

/* five records that include each other under ever new names would make 5^n nodes */
static void a_monstrous_tree_is_cut(void **state)
{
    struct grown grown =
        grow("example.com TXT \"v=spf1 include:a.%{d} include:b.%{d} include:c.%{d} "
             "include:d.%{d} include:e.%{d}\"\n"
             "*.example.com TXT \"v=spf1 include:a.%{d} include:b.%{d} include:c.%{d} "
             "include:d.%{d} include:e.%{d}\"");
    size_t nodes = 0;

    (void)state;
    for (const struct auth_spf_node *node = grown.tree->root; node != NULL; node = node->next)
        nodes++;
    assert_true(grown.tree->is_cut);
    assert_in_range(nodes, 100, 200);
    assert_in_range(grown.tree->lookups, 200, 1200);
    arena_close(grown.arena);
}

/* records of thousands of terms that cost nothing, 50,000 with the five of the first, and what
 * a record behind them is worth */
/* bound: LIMIT_SPF_TERMS both */
static void terms_of_a_tree_are_bounded(void **state)
{
    static const int counts[] = {4999, 20000, 20000, LIMIT_SPF_TERMS - 45004};

    (void)state;
    for (int more = 0; more < 2; more++) {
        struct arena *arena = arena_open();
        struct sbuf world = sbuf_start(arena);
        struct grown grown;

        sbuf_add(&world,
                 "example.com TXT \"v=spf1 include:0.test include:1.test include:2.test "
                 "include:3.test include:last.test\"\nlast.test TXT \"v=spf1 -all\"");
        for (size_t i = 0; i < COUNT_OF(counts); i++) {
            int count = counts[i] + (i == 3 ? more : 0);

            sbuf_addf(&world, "\n%zu.test TXT \"v=spf1", i);
            for (int j = 0; j < count; j++)
                sbuf_addf(&world, "%s b=", j % 80 == 0 ? "\" \"" : "");
            sbuf_add(&world, "\"");
        }
        grown = grow(sbuf_text(&world));
        if (grown.tree->is_cut != (more == 1))
            fail_msg("%d terms too many", more);
        arena_close(grown.arena);
        arena_close(arena);
    }
}

static void a_record_of_thousands_of_terms_is_cut(void **state)
{
    struct arena *arena = arena_open();
    struct sbuf world = sbuf_start(arena);
    struct grown grown;

    (void)state;
    sbuf_add(&world, "example.com TXT \"v=spf1\"");
    for (int i = 0; i < 3000; i++)
        sbuf_addf(&world, " \" a:h%d.test\"", i);
    grown = grow(sbuf_text(&world));
    assert_true(grown.tree->is_cut);
    assert_int_equal(grown.tree->lookups, 3000);
    assert_in_range(ledger_count(grown.ledger), 200, 500);
    arena_close(grown.arena);
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(costs_are_told_in_the_order_of_evaluation),
        cmocka_unit_test(a_node_knows_where_it_comes_from),
        cmocka_unit_test(counting_goes_on_past_the_limit),
        cmocka_unit_test(void_lookups_are_named),
        cmocka_unit_test(mx_hosts_are_counted_and_asked),
        cmocka_unit_test(what_depends_on_the_client_counts_one),
        cmocka_unit_test(loops_are_found_and_not_followed),
        cmocka_unit_test(a_record_that_is_reached_twice_costs_twice),
        cmocka_unit_test(what_is_never_evaluated_costs_nothing),
        cmocka_unit_test(faulty_and_missing_records_are_told),
        cmocka_unit_test(no_record_is_an_empty_tree),
        cmocka_unit_test(a_monstrous_tree_is_cut),
        cmocka_unit_test(terms_of_a_tree_are_bounded),
        cmocka_unit_test(a_record_of_thousands_of_terms_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
