/* The SPF record for people: its tree with what each term costs, and who may send by it. */
#include <string.h>

#include "base/escape.h"
#include "base/ip.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/provider.h"
#include "model/rec_spf.h"
#include "model/spf_verdict.h"
#include "render/render_text.h"

#define COLUMN_TREE    9  /* after the cost of a term */
#define COLUMN_SET     14 /* after the name of a set */
#define SHOWN_NETWORKS 12 /* of one set; -v shows all */
#define SHOWN_DYNAMIC  5
#define BRANCH_MAX     64 /* columns that the branches of a tree may take */

/* ---- the tree ---- */

/* text_spf_room - how much room is left: "2 left", "2 too many" */
static const char *text_spf_room(struct arena *arena, const struct auth_spf_tree *tree,
                                 unsigned used, unsigned allowed)
{
    bool is_guess = tree->is_undetermined || tree->is_cut;

    if (used > allowed)
        return arena_printf(arena, "%u too many", used - allowed);
    return arena_printf(arena, "%s%u left", is_guess ? "at most " : "", allowed - used);
}

/* has_loop - evaluation goes round until it is over the limit */
static bool has_loop(const struct auth_spf_tree *tree)
{
    const struct auth_spf_node *node = tree->root;

    while (node != NULL && !node->is_loop)
        node = node->next;
    return node != NULL;
}

/* text_spf_totals - "8 of 10 lookups (2 left), 0 of 2 void (2 left)" */
static const char *text_spf_totals(struct arena *arena, const struct auth_spf_tree *tree)
{
    const char *lookups = has_loop(tree)
                              ? "then a loop"
                              : text_spf_room(arena, tree, tree->lookups, AUTH_SPF_LOOKUP_MAX);
    const char *voids = text_spf_room(arena, tree, tree->void_lookups, AUTH_SPF_VOID_MAX);

    const char *family = tree->voids[0] == tree->voids[1]  ? ""
                         : tree->voids[0] > tree->voids[1] ? " for IPv4 clients"
                                                           : " for IPv6 clients";

    return arena_printf(arena, "%u of %d lookups (%s), %u of %d void%s (%s)%s%s", tree->lookups,
                        AUTH_SPF_LOOKUP_MAX, lookups, tree->void_lookups, AUTH_SPF_VOID_MAX,
                        family, voids, tree->is_undetermined ? ", some undetermined" : "",
                        tree->is_cut ? ", cut short" : "");
}

/* void_remark - "void: NXDOMAIN for TXT", and the name where the term does not show it */
static const char *void_remark(struct page *page, const struct auth_spf_cost *cost)
{
    const struct dns_question *question = &cost->answer->question;
    bool is_shown = span_ends_with_nocase(cost->term->text, question->name->text);

    return arena_printf(page->arena, "void: %s for %s%s%s",
                        dns_status_to_text(cost->answer->status),
                        dns_type_to_text(page->arena, question->type), is_shown ? "" : " ",
                        is_shown ? "" : question->name->text);
}

/* text_spf_remark - what there is to say of a term in addition to its cost; NULL: nothing */
static const char *text_spf_remark(struct page *page, const struct auth_spf_tree *tree,
                                   const struct auth_spf_cost *cost)
{
    const struct auth_spf_node *child = auth_spf_tree_child(tree, cost->node, cost->term);

    if (cost->is_macro)
        return "depends on the client";
    if (cost->answer != NULL && !dns_status_is_answer(cost->answer->status))
        return text_absence(page, cost->answer);
    if (cost->is_void && cost->answer != NULL)
        return void_remark(page, cost);
    if (child != NULL && child->is_loop)
        return "a loop, not followed";
    if (child != NULL && child->record_count != 1)
        return page_count(page, child->record_count, "SPF record");
    if (cost->term->kind == REC_SPF_MX)
        return page_count(page, cost->names, "host");
    return NULL;
}

/* text_spf_is_last - no further term of the same record costs anything */
static bool text_spf_is_last(const struct auth_spf_cost *cost)
{
    const struct auth_spf_cost *later = cost->next;

    while (later != NULL && later->node != cost->node)
        later = later->next;
    return later == NULL;
}

/* cost_above - the term that leads to the record in which this one is; NULL: the root's */
static const struct auth_spf_cost *cost_above(const struct auth_spf_tree *tree,
                                              const struct auth_spf_cost *cost)
{
    const struct auth_spf_cost *above = tree->costs;

    while (above != NULL &&
           (above->node != cost->node->parent || above->term != cost->node->via))
        above = above->next;
    return above;
}

/* text_spf_branches - "|  |  `- ": the branches that go by, and the one that ends here */
static const char *text_spf_branches(struct arena *arena, const struct auth_spf_tree *tree,
                                     const struct auth_spf_cost *cost)
{
    const char *text = text_spf_is_last(cost) ? "`- " : "|- ";

    for (cost = cost_above(tree, cost); cost != NULL && strlen(text) < BRANCH_MAX;
         cost = cost_above(tree, cost))
        text = arena_printf(arena, "%s%s", text_spf_is_last(cost) ? "   " : "|  ", text);
    return text;
}

/* text_spf_beside - to where the text fits: two blanks further, or on a line of its own */
static void text_spf_beside(struct page *page, unsigned column, const char *text)
{
    if (page->column + 2 + page_columns(text) > page->width) {
        page_end(page);
        page_to(page, column);
    } else {
        page_to(page, page->column + 2);
    }
}

/* cost_line - "  4  |- include:_spf.example.net  void" */
static void cost_line(struct page *page, const struct domain_facts *domain,
                      const struct auth_spf_cost *cost)
{
    const struct auth_spf_tree *tree = domain->spf;
    const struct auth_spf_node *child = auth_spf_tree_child(tree, cost->node, cost->term);
    const struct provider *whose =
        child != NULL ? provider_of_spf_include(domain->known, child->name->text) : NULL;
    const char *more = text_spf_remark(page, tree, cost);

    page_to(page, TEXT_COLUMN_LINE);
    page_putf(page, PAGE_PLAIN, "%3u", cost->lookups);
    page_cell(page, COLUMN_TREE, PAGE_FAINT, text_spf_branches(page->arena, tree, cost));
    page_put(page, PAGE_PLAIN,
             escape_to_text(page->arena, cost->term->text, LIMIT_SHOWN_BYTES));
    if (whose != NULL)
        page_putf(page, PAGE_FAINT, "  %s", whose->title);
    if (more == NULL) {
        page_end(page);
        return;
    }
    text_spf_beside(page, COLUMN_TREE + TEXT_COLUMN_LINE, more);
    page_wrap(page, cost->is_void ? PAGE_DOUBT : PAGE_FAINT, more);
}

/* no_record - why there is no tree; several records are shown all */
static void no_record(struct page *page, const struct auth_spf_node *root)
{
    const struct dns_rr *rr = NULL;

    page_to(page, TEXT_COLUMN_LINE);
    if (root->record_count > 1)
        page_wrapf(page, PAGE_BAD, "%zu SPF records, at most one is allowed",
                   root->record_count);
    for (rr = dns_answer_first(root->answer); root->record_count > 1 && rr != NULL;
         rr = dns_answer_next(root->answer, rr))
        if (rec_spf_is_record(rr->joined))
            text_record(page, TEXT_COLUMN_LINE, rr);
    if (root->record_count <= 1)
        page_wrap(page, PAGE_DOUBT,
                  root->answer != NULL && root->answer->status == DNS_OK
                      ? "no SPF record among the TXT records"
                      : text_absence(page, root->answer));
}

/* ---- who may send ---- */

/* is_rest - most of the address space: what no term lists */
static bool is_rest(const struct ip_ranges *ranges)
{
    static const double half[] = {2147483648.0, 170141183460469231731687303715884105728.0};

    return ip_ranges_size(ranges) > half[ranges->family == IP_V6];
}

const char *text_ranges_size(struct page *page, const struct ip_ranges *ranges)
{
    const char *family = ranges->family == IP_V4 ? "IPv4" : "IPv6";

    if (ip_ranges_are_all(ranges))
        return arena_printf(page->arena, "all of %s", family);
    if (is_rest(ranges))
        return arena_printf(page->arena, "the rest of %s", family);
    if (ranges->family == IP_V6)
        return page_count(page, ip_ranges_count_networks(ranges), "IPv6 network");
    return ip_ranges_size(ranges) == 1.0
               ? "1 IPv4 address"
               : arena_printf(page->arena, "%s IPv4 addresses",
                              ip_ranges_size_grouped(page->arena, ranges));
}

void text_ranges_add(struct page *page, struct sbuf *text, const struct ip_ranges *ranges)
{
    struct ip_network_walk walk = {0};
    struct ip_network network;
    size_t count = 0;

    if (is_rest(ranges))
        return;
    while ((page->is_verbose || count < SHOWN_NETWORKS) &&
           ip_ranges_next_network(ranges, &walk, &network)) {
        sbuf_add_item(text, " ", ip_network_to_text(page->arena, &network));
        count++;
    }
    count = ip_ranges_count_networks(ranges) - count;
    if (count > 0)
        sbuf_addf(text, " and %zu more", count);
}

/* set_lines - one set: how large it is, and its networks */
static void set_lines(struct page *page, const struct auth_spf_sets *sets,
                      enum auth_spf_set_kind kind)
{
    struct sbuf sizes = sbuf_start(page->arena);
    struct sbuf networks = sbuf_start(page->arena);

    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++) {
        const struct ip_ranges *ranges = &sets->of[kind][i];

        if (ranges->count == 0)
            continue;
        sbuf_add_item(&sizes, ", ", text_ranges_size(page, ranges));
        text_ranges_add(page, &networks, ranges);
    }
    if (sizes.len == 0)
        return;
    page_cell(page, TEXT_COLUMN_LINE, PAGE_PLAIN, auth_spf_set_kind_to_text(kind));
    page_line(page, COLUMN_SET, PAGE_PLAIN, sbuf_text(&sizes));
    if (networks.len == 0)
        return;
    page_line(page, COLUMN_SET, PAGE_FAINT, sbuf_text(&networks));
}

/* dynamic_lines - terms whose addresses nobody can list */
static void dynamic_lines(struct page *page, const struct auth_spf_sets *sets)
{
    static const char *const effects[] = {"a match passes",
                                          "a match fails",
                                          "a match is softfail",
                                          "a match is neutral",
                                          "a match ends that include",
                                          "another record decides"};
    size_t count = 0;

    for (const struct auth_spf_dynamic *dynamic = sets->dynamic; dynamic != NULL;
         dynamic = dynamic->next) {
        if (!page->is_verbose && ++count > SHOWN_DYNAMIC)
            continue;
        page_cell(page, TEXT_COLUMN_LINE, PAGE_PLAIN, "dynamic");
        page_linef(page, COLUMN_SET, PAGE_PLAIN, "%s in the record of %s: %s",
                   escape_to_text(page->arena, dynamic->term->text, LIMIT_SHOWN_BYTES),
                   dynamic->node->name->text, effects[dynamic->effect]);
    }
    if (count > SHOWN_DYNAMIC)
        page_linef(page, COLUMN_SET, PAGE_FAINT, "and %zu more", count - SHOWN_DYNAMIC);
}

/* text_spf_who - the addresses of each result */
static void text_spf_who(struct page *page, const struct auth_spf_sets *sets)
{
    page_line(page, TEXT_COLUMN_LINE, PAGE_PLAIN,
              sets->is_past_limit ? "What it says about addresses, as far as receivers read it:"
                                  : "What it says about addresses:");
    for (int kind = 0; kind < AUTH_SPF_SET_KINDS; kind++)
        set_lines(page, sets, (enum auth_spf_set_kind)kind);
    dynamic_lines(page, sets);
    if (!sets->is_cut)
        return;
    page_line(page, TEXT_COLUMN_LINE, PAGE_DOUBT,
              "the tree is too large to sort all addresses");
}

void render_text_spf(struct page *page, const struct domain_facts *domain)
{
    const struct auth_spf_tree *tree = domain->spf;
    const struct auth_spf_node *root = tree->root;

    page_end(page);
    page_to(page, 2);
    page_putf(page, PAGE_STRONG, "SPF of %s", root->name->text);
    if (root->rr != NULL) {
        text_spf_beside(page, TEXT_COLUMN_LINE, text_spf_totals(page->arena, tree));
        page_wrap(page, PAGE_PLAIN, text_spf_totals(page->arena, tree));
    } else {
        page_end(page);
    }
    if (root->rr == NULL) {
        no_record(page, root);
        return;
    }
    text_record(page, TEXT_COLUMN_LINE, root->rr);
    for (const struct auth_spf_cost *cost = tree->costs; cost != NULL; cost = cost->next)
        cost_line(page, domain, cost);
    if (domain->spf_sets != NULL)
        text_spf_who(page, domain->spf_sets);
}
