/* What a domain publishes, in one row each: what stands at the top when there is no message. */
#include "render/render_text.h"

/* absence_word - absent, or not known */
static const char *absence_word(const struct dns_answer *answer)
{
    return dns_status_is_answer(answer->status) ? "absent" : "undetermined";
}

/* is_spf_broken - whoever sends, the record comes to permerror: also below, by an include of
 * nothing, a loop, or void lookups */
static bool is_spf_broken(const struct domain_facts *domain)
{
    const struct auth_spf_sets *sets = domain->spf_sets;

    if (domain->spf->lookups > AUTH_SPF_LOOKUP_MAX)
        return true;
    for (size_t i = 0; sets != NULL && i < AUTH_SPF_SET_FAMILIES; i++)
        if (!ip_ranges_are_all(&sets->of[AUTH_SPF_SET_PERMERROR][i]))
            return false;
    return sets != NULL;
}

/* text_published_spf_row - the record and what it costs */
static void text_published_spf_row(struct page *page, const struct domain_facts *domain)
{
    const struct auth_spf_tree *tree = domain->spf;
    const struct auth_spf_node *root = tree->root;
    struct text_row row = {.label = "SPF", .word = "published", .style = PAGE_GOOD};

    row.about =
        arena_printf(page->arena, "%u of %d lookups", tree->lookups, AUTH_SPF_LOOKUP_MAX);
    if (root->record != NULL && (root->record->is_fatal || is_spf_broken(domain)))
        row = (struct text_row){"SPF", "permerror", PAGE_BAD, row.about};
    if (root->record_count > 1)
        row = (struct text_row){"SPF", "permerror", PAGE_BAD,
                                arena_printf(page->arena,
                                             "%zu SPF records, at most one is "
                                             "allowed",
                                             root->record_count)};
    if (root->record_count == 0)
        row = (struct text_row){"SPF", absence_word(root->answer), PAGE_DOUBT,
                                dns_status_is_answer(root->answer->status)
                                    ? "no SPF record"
                                    : render_trouble(page->arena, root->answer)};
    text_row(page, &row);
}

/* text_published_dmarc_row - the policy and where it comes from */
static void text_published_dmarc_row(struct page *page, const struct auth_dmarc_policy *policy)
{
    struct text_row row = {.label = "DMARC", .word = "absent", .style = PAGE_DOUBT};

    row.about = policy->reason;
    if (policy->is_undetermined) {
        row.word = "undetermined";
    } else if (policy->step != NULL) {
        row.word = "published";
        row.style = PAGE_GOOD;
        row.about = arena_printf(
            page->arena, "policy %s (%s= at %s)", rec_dmarc_policy_to_text(policy->policy),
            auth_dmarc_tag_to_text(policy->tag), policy->step->domain->text);
    }
    text_row(page, &row);
}

/* text_published_dkim_row - how many keys the selectors lead to */
static void text_published_dkim_row(struct page *page, const struct selector_facts *selectors)
{
    struct text_row row = {.label = "DKIM", .word = "published", .style = PAGE_GOOD};
    size_t keys = 0;
    size_t asked = 0;
    size_t unknown = 0;

    for (const struct selector_facts *one = selectors; one != NULL; one = one->next) {
        asked++;
        keys += one->key != NULL;
        unknown += one->answer != NULL && !dns_status_is_answer(one->answer->status);
    }
    row.about =
        arena_printf(page->arena, "%s at %s that %s asked for", page_count(page, keys, "key"),
                     page_count(page, asked, "selector"), asked == 1 ? "was" : "were");
    if (keys == 0 && unknown > 0)
        row = (struct text_row){"DKIM", "undetermined", PAGE_DOUBT,
                                arena_printf(page->arena, "%s could not be asked for",
                                             page_count(page, unknown, "selector"))};
    else if (keys == 0)
        row = (struct text_row){"DKIM", "not found", PAGE_DOUBT,
                                "no key at the selectors that are common; name yours with "
                                "--selector"};
    text_row(page, &row);
}

/* mx_row - where its mail goes */
static void mx_row(struct page *page, const struct domain_facts *domain)
{
    size_t count = dns_answer_count(domain->mx);
    struct text_row row = {.label = "MX", .word = "published", .style = PAGE_GOOD};

    row.about = domain->is_null_mx ? "null MX: the domain takes no mail"
                                   : page_count(page, count, "mail host");
    if (count == 0)
        row = (struct text_row){"MX", absence_word(domain->mx), PAGE_DOUBT,
                                dns_status_is_answer(domain->mx->status)
                                    ? text_absence(page, domain->mx)
                                    : render_trouble(page->arena, domain->mx)};
    text_row(page, &row);
}

/* parked_row - no mail at all, and how that is known */
static void parked_row(struct page *page, enum parked_state state)
{
    static const char *const known_by[] = {
        "", "said with --parked", "a null MX, and no senders", "v=spf1 -all, and no mail host"};

    text_row(page,
             &(struct text_row){"Parked", state == PARKED_DECLARED ? "declared" : "recognised",
                                PAGE_NOTE, known_by[state]});
}

/* wildcard_row - keys of a parked domain */
static void wildcard_row(struct page *page, const struct selector_facts *selectors)
{
    const struct selector_facts *one = selectors;
    struct text_row row = {"DKIM", "not revoked", PAGE_DOUBT, "no wildcard revokes all keys"};

    while (one != NULL && one->origin != SELECTOR_WILDCARD)
        one = one->next;
    if (one != NULL && !dns_status_is_answer(one->answer->status))
        row = (struct text_row){"DKIM", "undetermined", PAGE_DOUBT,
                                render_trouble(page->arena, one->answer)};
    else if (one != NULL && one->key != NULL && one->key->is_revoked)
        row = (struct text_row){"DKIM", "revoked", PAGE_GOOD, "all keys, by a wildcard"};
    text_row(page, &row);
}

void render_text_published(struct page *page, const struct facts *facts)
{
    const struct domain_facts *domain = &facts->domain;

    if (domain->parked != PARKED_NOT)
        parked_row(page, domain->parked);
    if (domain->spf != NULL && domain->spf->root != NULL && domain->spf->root->answer != NULL)
        text_published_spf_row(page, domain);
    if (domain->name != NULL && domain->parked != PARKED_NOT)
        wildcard_row(page, domain->selectors);
    else if (domain->name != NULL)
        text_published_dkim_row(page, domain->selectors);
    if (domain->dmarc != NULL)
        text_published_dmarc_row(page, domain->dmarc);
    if (domain->mx != NULL)
        mx_row(page, domain);
}
