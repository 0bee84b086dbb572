/* The zones of the domain: what their SOA records say, and the name servers. */
#include "base/ip.h"
#include "base/sbuf.h"
#include "model/dns_soa.h"
#include "render/render_text.h"

/* text_zone_add_addresses - the addresses of an answer */
static void text_zone_add_addresses(struct page *page, struct sbuf *text,
                                    const struct dns_answer *answer)
{
    const struct dns_rr *rr = answer != NULL ? dns_answer_first(answer) : NULL;

    for (; rr != NULL; rr = dns_answer_next(answer, rr))
        if (rr->address != NULL)
            sbuf_add_item(text, ", ", ip_to_text(page->arena, rr->address));
}

const char *text_addresses(struct page *page, const struct dns_answer *a,
                           const struct dns_answer *aaaa)
{
    struct sbuf text = sbuf_start(page->arena);

    text_zone_add_addresses(page, &text, a);
    text_zone_add_addresses(page, &text, aaaa);
    if (text.len > 0)
        return sbuf_text(&text);
    return a != NULL ? text_absence(page, a) : "no address";
}

/* time_text - seconds as people count them: "2 weeks" where it is even, else "5400 seconds" */
static const char *time_text(struct page *page, uint32_t seconds)
{
    static const struct unit {
        uint32_t seconds;
        const char *name;
    } units[] = {{86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};
    size_t i = 0;

    while (seconds == 0 || seconds % units[i].seconds != 0) {
        if (units[i].seconds == 1)
            break;
        i++;
    }
    return page_count(page, seconds / units[i].seconds, units[i].name);
}

/* soa_line - what the zone says of itself */
static void soa_line(struct page *page, const struct dns_soa *soa)
{
    page_linef(page, TEXT_COLUMN_LINE, PAGE_FAINT,
               "primary %s, serial %u; negative answers are cached for %s",
               soa->primary->labels > 0 ? soa->primary->text : "none", (unsigned)soa->serial,
               time_text(page, soa->absence));
}

/* server_lines - who answers for the zone */
static void server_lines(struct page *page, const struct zone_facts *zone)
{
    for (const struct name_server *one = zone->servers; one != NULL; one = one->next) {
        text_pair(page, one->host->text, PAGE_FAINT, text_addresses(page, one->a, one->aaaa));
    }
    if (zone->ns->status != DNS_OK) {
        text_pair(page, "name servers", PAGE_DOUBT, text_absence(page, zone->ns));
    }
}

void render_text_zones(struct page *page, const struct zone_facts *zone)
{
    for (; zone != NULL; zone = zone->next) {
        if (zone->values == NULL && zone->servers == NULL)
            continue; /* no zone of its own; what failed is among the questions */
        page_section(page, arena_printf(page->arena, "Zone of %s", zone->name->text));
        if (zone->values != NULL)
            soa_line(page, zone->values);
        server_lines(page, zone);
    }
}
