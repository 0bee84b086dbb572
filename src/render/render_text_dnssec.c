/* The chain of trust in the evidence: a line for each zone, and the answers that are not secure
 * although their zone might let one think so. */
#include "base/clock.h"
#include "render/render_text.h"
#include "base/sbuf.h"
#include "model/dnssec_verdict.h"

/* text_dnssec_style_of - what is broken or not known stands out */
static enum page_style text_dnssec_style_of(enum dnssec_chain_state state)
{
    return dnssec_chain_state_is_signed(state) || state == DNSSEC_INSECURE ? PAGE_FAINT
                                                                           : PAGE_DOUBT;
}

/* keys_text - "secure, key 12345 ECDSAP256SHA256, until 2026-12-01T00:00:00Z" */
static const char *keys_text(struct page *page, const struct dnssec_chain_zone *zone)
{
    struct sbuf text = sbuf_start(page->arena);

    sbuf_add(&text, dnssec_chain_state_to_text(zone->state));
    for (size_t i = 0; i < zone->key_count; i++) {
        const struct dnssec_chain_key *key = &zone->keys[i];
        const char *name = dnssec_chain_algorithm_to_text(key->algorithm);

        if (key->is_named || zone->state == DNSSEC_ISLAND)
            sbuf_addf(&text, ", key %u %s", (unsigned)key->tag,
                      name != NULL ? name : "of an unknown algorithm");
    }
    if (dnssec_chain_state_is_signed(zone->state) && zone->expires != 0)
        sbuf_addf(&text, ", signed until %s", clock_to_text(page->arena, zone->expires));
    return sbuf_text(&text);
}

/* zone_lines - a zone, and why it is not secure */
static void zone_lines(struct page *page, const struct dnssec_chain_zone *zone)
{
    text_pair(page, zone->name->labels == 0 ? "." : zone->name->text,
              text_dnssec_style_of(zone->state), keys_text(page, zone));
    if (zone->reason != NULL)
        page_line(page, TEXT_COLUMN_LINE + 2, PAGE_PLAIN, zone->reason);
}

/* text_dnssec_answer_lines - an answer whose trouble is its own, not that of a zone on the
 * way */
static void text_dnssec_answer_lines(struct page *page, const struct dnssec_facts *facts,
                                     const struct dnssec_answer *one)
{
    if (one->verdict->state == DNSSEC_SECURE)
        return;
    for (const struct dnssec_chain_zone *zone = facts->zones; zone != NULL; zone = zone->next)
        if (zone->reason == one->verdict->reason)
            return;
    text_pair(page,
              arena_printf(page->arena, "%s %s", one->answer->question.name->text,
                           dns_type_to_text(page->arena, one->answer->question.type)),
              text_dnssec_style_of(one->verdict->state),
              dnssec_chain_state_to_text(one->verdict->state));
    page_line(page, TEXT_COLUMN_LINE + 2, PAGE_PLAIN, one->verdict->reason);
}

void render_text_dnssec(struct page *page, const struct dnssec_facts *facts)
{
    if (facts->chain == NULL)
        return;
    page_section(page, "DNSSEC");
    for (const struct dnssec_chain_zone *zone = facts->zones; zone != NULL; zone = zone->next)
        if (zone->is_cut || !dnssec_chain_state_is_signed(zone->state))
            zone_lines(page, zone);
    for (const struct dnssec_answer *one = facts->answers; one != NULL; one = one->next)
        text_dnssec_answer_lines(page, facts, one);
}
