/* The domain's own SPF record: its terms, and the word at its end. */
#include <string.h>

#include "auth/auth_spf.h"
#include "base/escape.h"
#include "base/ip.h"
#include "base/limits.h"
#include "base/span.h"
#include "model/finding_id.h"
#include "record/rec_spf.h"
#include "remedy/remedy_private.h"

const struct auth_spf_node *remedy_spf_node_of(const struct remedy_maker *maker)
{
    const struct auth_spf_node *node = check_spf_root(maker->facts);
    const char *name = maker->finding->where.name;

    while (node != NULL &&
           (node->record == NULL || name == NULL || strcmp(node->name->text, name) != 0))
        node = node->next;
    return node;
}

const struct rec_spf_term *remedy_spf_term_of(const struct remedy_maker *maker,
                                              const struct auth_spf_node *node)
{
    const char *text = maker->finding->where.term;

    for (size_t i = 0; node != NULL && text != NULL && i < node->record->term_count; i++) {
        const struct rec_spf_term *term = &node->record->terms[i];

        if (strcmp(escape_to_text(maker->arena, term->text, LIMIT_SHOWN_BYTES), text) == 0)
            return term;
    }
    return NULL;
}

struct remedy *remedy_offer_draft(struct remedy_maker *maker, const struct auth_spf_node *node,
                                  const struct remedy_draft *draft, const char *summary)
{
    struct remedy *remedy = remedy_offer(maker, summary, NULL);

    remedy_replace_text(maker, remedy, node->rr, remedy_draft_text(draft));
    return remedy;
}

struct remedy_draft remedy_spf_without(const struct remedy_maker *maker,
                                       const struct auth_spf_node *node,
                                       const struct rec_spf_term *term)
{
    struct remedy_draft draft = remedy_draft_of(maker->arena, node->record);

    remedy_draft_drop(&draft, (size_t)(term - node->record->terms));
    return draft;
}

void remedy_spf_drop_term(struct remedy_maker *maker)
{
    const struct auth_spf_node *node = remedy_spf_node_of(maker);
    const struct rec_spf_term *term = remedy_spf_term_of(maker, node);
    struct remedy_draft draft = {0};
    struct remedy *remedy = NULL;
    bool is_above = false;

    if (node != NULL && node == check_spf_root(maker->facts))
        remedy_offer_meant(maker, &maker->facts->domain.spf_meant);
    while (term != NULL && node != NULL && !remedy_is_ours(maker, node->rr)) {
        term = node->via; /* what leads to another domain's record can go, not what is in it */
        node = node->parent;
        is_above = true;
    }
    if (term == NULL || node == NULL)
        return;
    draft = remedy_spf_without(maker, node, term);
    remedy = remedy_offer_draft(
        maker, node, &draft,
        arena_printf(maker->arena, "remove %s",
                     escape_to_text(maker->arena, term->text, LIMIT_SHOWN_BYTES)));
    if (term->kind == REC_SPF_INCLUDE &&
        (is_above || maker->finding->row != ID_spf_include_missing))
        remedy->condition = "if nothing is sent through it, or until its owner corrects it";
    if (term->kind == REC_SPF_MX || term->kind == REC_SPF_PTR ||
        maker->finding->row == ID_spf_macro)
        remedy->condition = "if no host relies on this term alone";
}

void remedy_spf_tidy(struct remedy_maker *maker)
{
    const struct auth_spf_node *node = remedy_spf_node_of(maker);
    struct remedy_draft draft = {0};

    if (node == NULL)
        return;
    draft = remedy_draft_of(maker->arena, node->record);
    remedy_draft_tidy(&draft);
    remedy_offer_draft(maker, node, &draft, "write every term once");
}

/* ---- the client of the message ---- */

/* is_own_verdict - SPF was judged for the domain itself */
static bool is_own_verdict(const struct remedy_maker *maker)
{
    const struct auth_spf_verdict *verdict = check_spf_verdict(maker->facts, AUTH_SPF_MAILFROM);

    return verdict != NULL && strcmp(verdict->domain, maker->facts->domain.name->text) == 0;
}

void remedy_spf_allow_client(const struct remedy_maker *maker, struct remedy_draft *draft)
{
    const struct ip_address *ip = &maker->facts->subject->ip;
    struct remedy_draft whole = {.arena = maker->arena};

    remedy_draft_add_text(&whole, arena_printf(maker->arena, "%s:%s",
                                               ip->family == IP_V4 ? "ip4" : "ip6",
                                               ip_to_text(maker->arena, ip)));
    for (size_t i = 0; i < draft->count; i++)
        remedy_draft_add(&whole, draft->terms[i]);
    remedy_draft_tidy(&whole);
    *draft = whole;
}

/* ---- the end of the record ---- */

/* spf_offer_all - "all" with another qualifier, or one where there is none */
static void spf_offer_all(struct remedy_maker *maker, const struct auth_spf_node *node,
                          const char *all, const char *summary)
{
    struct remedy_draft draft = remedy_draft_of(maker->arena, node->record);
    const struct rec_spf_term *old = node->record->all;

    if (old != NULL)
        draft.terms[old - node->record->terms] = span_of(all);
    else
        remedy_draft_add_text(&draft, all);
    remedy_offer_draft(maker, node, &draft, summary);
}

/* copied_term - a term of another name's record as it has to be written in an own one; NULL:
 * it cannot be */
static const char *copied_term(struct arena *arena, const struct auth_spf_node *node,
                               const struct rec_spf_term *term)
{
    const char *text = arena_strdup_span(arena, term->text);
    int head = (int)strcspn(text, "/");

    if (term->has_macro)
        return NULL; /* it may speak of the name that it is at */
    if (term->has_domain_spec || term->kind == REC_SPF_IP4 || term->kind == REC_SPF_IP6)
        return text;
    return arena_printf(arena, "%.*s:%s%s", head, text, node->name->text, text + head);
}

/* own_terms - of a record and of those that its redirects lead to; false: one cannot be
 * copied */
static bool own_terms(const struct remedy_maker *maker, const struct auth_spf_node *node,
                      struct remedy_draft *out)
{
    const struct auth_spf_tree *tree = maker->facts->domain.spf;
    bool is_copy = false;

    for (; node != NULL && node->record != NULL;
         node = auth_spf_tree_child(tree, node, node->record->redirect), is_copy = true)
        for (size_t i = 0; i < node->record->term_count; i++) {
            const struct rec_spf_term *term = &node->record->terms[i];
            const char *text = NULL;

            if (term->qualifier == '\0' || term->is_after_all || term->kind == REC_SPF_ALL)
                continue;
            text = is_copy ? copied_term(maker->arena, node, term)
                           : arena_strdup_span(maker->arena, term->text);
            if (text == NULL)
                return false;
            remedy_draft_add_text(out, text);
        }
    return true;
}

/* offer_copy - the "all" is another's, at the end of a redirect: list here what is there */
static void offer_copy(struct remedy_maker *maker, const struct auth_spf_node *node)
{
    static const char *const ends[] = {"~all", "-all"};
    struct remedy_draft terms = {.arena = maker->arena};

    while (node != NULL && !remedy_is_ours(maker, node->rr))
        node = node->parent;
    if (node == NULL || node->record->redirect == NULL || !own_terms(maker, node, &terms))
        return;
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        struct remedy_draft draft = terms;

        remedy_draft_add_text(&draft, ends[i]);
        remedy_draft_tidy(&draft);
        remedy_offer_draft(maker, node, &draft,
                           arena_printf(maker->arena,
                                        "copy the terms that %.*s leads to, and end with %s",
                                        SPAN_ARG(node->record->redirect->text), ends[i]))
            ->price = "what its owner adds there later has to be copied";
    }
}

/* offer_with_client - the client of the message passes because everybody does: it still may */
static void offer_with_client(struct remedy_maker *maker, const struct auth_spf_node *node)
{
    const char *ip = ip_to_text(maker->arena, &maker->facts->subject->ip);
    struct remedy_draft draft = {.arena = maker->arena};

    if (!is_own_verdict(maker) || !check_client_is_known(maker->facts) ||
        maker->facts->sender_count > 0 || node->record->all == NULL)
        return;
    draft = remedy_draft_of(maker->arena, node->record);
    draft.terms[node->record->all - node->record->terms] = span_of("~all");
    remedy_spf_allow_client(maker, &draft);
    remedy_offer_draft(
        maker, node, &draft,
        arena_printf(maker->arena, "let %s send, and give other hosts softfail", ip))
        ->condition = arena_printf(maker->arena, "if %s sends for you", ip);
}

void remedy_spf_all(struct remedy_maker *maker)
{
    const struct auth_spf_node *node = check_spf_effective(maker->facts);

    if (node == NULL)
        return;
    if (node == check_spf_root(maker->facts))
        remedy_offer_meant(maker, &maker->facts->domain.spf_meant);
    if (!remedy_is_ours(maker, node->rr)) {
        offer_copy(maker, node);
        return;
    }
    spf_offer_all(maker, node, "~all",
                  "end with ~all: other hosts get softfail while you collect all senders");
    spf_offer_all(maker, node, "-all",
                  "end with -all once every sender is listed: other hosts get fail");
    offer_with_client(maker, node);
}

void remedy_spf_after_all(struct remedy_maker *maker)
{
    const struct auth_spf_node *node = remedy_spf_node_of(maker);
    struct remedy_draft dropped = {.arena = maker->arena};
    struct remedy_draft moved = {.arena = maker->arena};

    if (node == NULL || node->record->all == NULL)
        return;
    for (size_t i = 0; i < node->record->term_count; i++) {
        const struct rec_spf_term *term = &node->record->terms[i];

        if (!term->is_after_all || term->qualifier == '\0')
            remedy_draft_add(&dropped, term->text);
        if (term != node->record->all && term->kind != REC_SPF_ALL)
            remedy_draft_add(&moved, term->text);
    }
    remedy_draft_add(&moved, node->record->all->text);
    remedy_offer_draft(maker, node, &moved,
                       "move the terms after all in front of it, where they count")
        ->condition = "if these hosts send for the domain";
    remedy_offer_draft(maker, node, &dropped,
                       "remove the terms after all: the record means the same as now");
}

void remedy_spf_redirect_ignored(struct remedy_maker *maker)
{
    const struct auth_spf_node *node = remedy_spf_node_of(maker);
    struct remedy_draft draft = {0};

    if (node == NULL || node->record->redirect == NULL || node->record->all == NULL)
        return;
    draft = remedy_spf_without(maker, node, node->record->redirect);
    remedy_offer_draft(maker, node, &draft,
                       "remove redirect=: the record means the same as now");
    draft = remedy_spf_without(maker, node, node->record->all);
    remedy_offer_draft(maker, node, &draft, "remove all, so that redirect= counts")->condition =
        "if the other record should decide";
}

void remedy_spf_redirect_missing(struct remedy_maker *maker)
{
    const struct auth_spf_node *node = remedy_spf_node_of(maker);
    const struct rec_spf_term *term = remedy_spf_term_of(maker, node);
    struct remedy_draft draft = {0};

    if (term == NULL)
        return;
    if (node == check_spf_root(maker->facts))
        remedy_offer_meant(maker, &maker->facts->domain.spf_meant);
    draft = remedy_draft_of(maker->arena, node->record);
    draft.terms[term - node->record->terms] = span_of("~all");
    remedy_offer_draft(maker, node, &draft,
                       "replace redirect= with ~all: other hosts get softfail, not permerror");
}

/* ---- a client that shall pass ---- */

/* spf_allowing - the record with one more address before "all" */
static struct span spf_allowing(const struct remedy_maker *maker, const struct rec_spf *record)
{
    struct remedy_draft draft = remedy_draft_of(maker->arena, record);

    remedy_spf_allow_client(maker, &draft);
    return remedy_draft_text(&draft);
}

void remedy_spf_allow(struct remedy_maker *maker)
{
    const struct auth_spf_node *root = check_spf_root(maker->facts);
    const char *ip = ip_to_text(maker->arena, &maker->facts->subject->ip);
    struct remedy *remedy = NULL;

    if (root == NULL || !is_own_verdict(maker) || !check_client_is_known(maker->facts) ||
        (root->record == NULL && root->record_count))
        return;
    remedy_offer_meant(maker, &maker->facts->domain.spf_meant);
    if (maker->facts->sender_count > 0) { /* its addresses are those of all its customers */
        remedy_offer_includes(maker, root);
        return;
    }
    remedy = remedy_offer(maker, arena_printf(maker->arena, "let %s send", ip),
                          arena_printf(maker->arena, "if %s sends for you", ip));
    if (root->record != NULL)
        remedy_replace_text(maker, remedy, root->rr, spf_allowing(maker, root->record));
    else
        remedy_add_text(maker, remedy, root->name,
                        arena_printf(maker->arena, "v=spf1 %s:%s ~all",
                                     strchr(ip, ':') != NULL ? "ip6" : "ip4", ip));
}

void remedy_spf_helo(struct remedy_maker *maker)
{
    const struct auth_spf_verdict *verdict = check_spf_verdict(maker->facts, AUTH_SPF_HELO);
    const struct dns_name *name = NULL;
    const struct dns_answer *answer = NULL;
    const struct dns_rr *rr = NULL;
    struct remedy *remedy = NULL;
    struct rec_spf record;

    if (verdict == NULL || maker->facts->domain.name == NULL ||
        !check_client_is_known(maker->facts))
        return;
    name = dns_name_from_text(maker->arena, verdict->domain);
    answer = name != NULL ? ledger_find(maker->facts->ledger, name, DNS_TXT) : NULL;
    if (answer == NULL || auth_spf_select(answer, &rr) != 1)
        return;
    rec_spf_parse(maker->arena, rr->joined, &record);
    remedy = remedy_offer(maker, "let the host send under its own name",
                          arena_printf(maker->arena, "if %s is your host %s",
                                       ip_to_text(maker->arena, &maker->facts->subject->ip),
                                       name->text));
    remedy_replace_text(maker, remedy, rr, spf_allowing(maker, &record));
}

/* ---- no record ---- */

void remedy_spf_missing(struct remedy_maker *maker)
{
    const struct domain_facts *domain = &maker->facts->domain;
    struct remedy *remedy = NULL;

    /* one that was written need not be made up */
    if (remedy_offer_meant(maker, &domain->spf_meant))
        return;
    if (remedy_offer_moved(maker, domain->spf_elsewhere))
        return;
    if (domain->mx->status == DNS_OK && !domain->is_null_mx) {
        remedy = remedy_offer(maker, "let the mail hosts send",
                              "if mail leaves through the hosts of the MX records");
        remedy_add_text(maker, remedy, domain->name, "v=spf1 mx ~all");
    }
    remedy = remedy_offer(maker, "let nobody send", "if the domain sends no mail");
    remedy_add_text(maker, remedy, domain->name, "v=spf1 -all");
}
