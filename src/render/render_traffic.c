/* Reports of receivers for people. */
#include "render/render_traffic.h"

#include <string.h>

#include "base/ip.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/feedback.h"
#include "model/result.h"

#define SENDERS_SHOWN  30 /* without -v */
#define NOTES_SHOWN    10
#define OTHERS_SHOWN   5
#define POLICIES_SHOWN 10

/* traffic_percent - "99.3 %" */
static const char *traffic_percent(struct arena *arena, uint64_t part, uint64_t all)
{
    unsigned tenths = all == 0 ? 0 : (unsigned)((double)part * 1000 / (double)all);

    return arena_printf(arena, "%u.%u %%", tenths / 10, tenths % 10);
}

/* traffic_span - "2026-11-01 to 2026-11-14", or one day */
static const char *traffic_span(struct arena *arena, int64_t first, int64_t last)
{
    const char *from = traffic_day(arena, first);
    const char *to = traffic_day(arena, last);

    return strcmp(from, to) == 0 ? from : arena_printf(arena, "%s to %s", from, to);
}

/* traffic_period - "14 days, 2026-11-01 to 2026-11-14" */
static const char *traffic_period(struct page *page, const struct traffic *traffic)
{
    return arena_printf(page->arena, "%s, %s", page_count(page, traffic_days(traffic), "day"),
                        traffic_span(page->arena, traffic->first, traffic->last));
}

/* traffic_line - a number and what it counts */
static void traffic_line(struct page *page, uint64_t number, enum page_style style,
                         const char *text)
{
    page_right(page, TRAFFIC_COLUMN, TRAFFIC_WIDTH, traffic_number(page->arena, number));
    page_line(page, TRAFFIC_COLUMN_WHO, style, text);
}

/* traffic_sums - of all messages, judged now */
static void traffic_sums(struct page *page, const struct traffic *traffic)
{
    static const struct {
        enum traffic_owner owner;
        enum page_style style;
        const char *text;
    } rows[] = {
        {TRAFFIC_OWN, PAGE_BAD, "fail, and are yours"},
        {TRAFFIC_PERHAPS, PAGE_DOUBT, "fail, and may be yours"},
        {TRAFFIC_FORWARDED, PAGE_DOUBT,
         "fail, and look forwarded: do not list forwarders in SPF, sign your mail with DKIM"},
        {TRAFFIC_FOREIGN, PAGE_PLAIN, "fail, and nothing shows that they are yours"},
    };
    const struct traffic_sum *sum = &traffic->now;

    traffic_line(page, sum->messages, PAGE_PLAIN,
                 arena_printf(page->arena, "messages in %s; %s by %s",
                              traffic_period(page, traffic),
                              page_count(page, traffic->reports, "report"),
                              page_count(page, traffic->reporters, "reporter")));
    traffic_line(page, sum->pass, PAGE_GOOD,
                 arena_printf(page->arena, "pass DMARC with today's records (%s)",
                              traffic_percent(page->arena, sum->pass, sum->messages)));
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (sum->fail[rows[i].owner] > 0)
            traffic_line(page, sum->fail[rows[i].owner], rows[i].style, rows[i].text);
    if (sum->unknown > 0)
        traffic_line(page, sum->unknown, PAGE_DOUBT, "could not be evaluated");
    if (sum->refused > 0)
        traffic_line(page, sum->refused, PAGE_PLAIN, "are to be refused by today's policy");
    if (sum->junked > 0)
        traffic_line(page, sum->junked, PAGE_PLAIN, "are to go to junk by today's policy");
    if (sum->pass_before != sum->pass && sum->refused_before + sum->junked_before > 0)
        traffic_line(page, sum->pass_before, PAGE_PLAIN,
                     "pass at receivers that still apply RFC 7489");
}

/* ---- senders ---- */

/* traffic_results - "envelope bounce.example.net, DKIM pass with d=example.com s=s1" */
static const char *traffic_results(struct arena *arena, const struct traffic_sender *sender)
{
    const struct feedback_identity *identity = sender->identity;
    struct sbuf text = sbuf_start(arena);

    for (size_t i = 0; i < identity->spf_count && i < 1; i++)
        sbuf_addf(&text, "SPF %s for %s", spf_result_to_text(identity->spf[i].result),
                  identity->spf[i].domain[0] != '\0' ? identity->spf[i].domain : "no domain");
    for (size_t i = 0; i < identity->dkim_count && i < 2; i++)
        sbuf_addf(&text, "%sDKIM %s for %s%s%s", text.len > 0 ? ", " : "",
                  dkim_result_to_text(identity->dkim[i].result), identity->dkim[i].domain,
                  identity->dkim[i].selector[0] != '\0' ? " with selector " : "",
                  identity->dkim[i].selector);
    if (identity->dkim_count == 0)
        sbuf_addf(&text, "%sno DKIM signature", text.len > 0 ? ", " : "");
    return sbuf_text(&text);
}

/* traffic_addresses - "192.0.2.7, 192.0.2.8 and 3 more" */
static const char *traffic_addresses(struct arena *arena, const struct traffic_sender *sender)
{
    struct sbuf text = sbuf_start(arena);
    size_t shown = sender->address_count < 3 ? sender->address_count : 3;

    for (size_t i = 0; i < shown; i++)
        sbuf_add_item(&text, ", ", ip_to_text(arena, &sender->addresses[i]->ip));
    if (sender->address_count > shown)
        sbuf_addf(&text, " and %zu more", sender->address_count - shown);
    return sbuf_text(&text);
}

/* traffic_since - what newer reports say of a sender that failed; NULL: nothing */
static const char *traffic_since(struct arena *arena, const struct traffic_sender *sender)
{
    if (sender->passes_since > 0)
        return arena_printf(
            arena, "failed until %s; newer reports show that it has passed since %s",
            traffic_day(arena, sender->fail_until), traffic_day(arena, sender->passes_since));
    if (sender->unseen > 0)
        return arena_printf(
            arena,
            "%s of these failed then and pass with today's DNS; no newer report shows it yet",
            traffic_number(arena, sender->unseen));
    return NULL;
}

/* traffic_sender_rows - one sender */
static void traffic_sender_rows(struct page *page, const struct traffic_sender *sender)
{
    struct arena *arena = page->arena;
    uint64_t fails = traffic_failing(&sender->now);
    const char *since = traffic_since(arena, sender);
    const char *addresses = traffic_addresses(arena, sender);
    bool is_named = strcmp(addresses, sender->name) == 0; /* by its address */

    page_right(page, TRAFFIC_COLUMN, TRAFFIC_WIDTH,
               traffic_number(arena, sender->now.messages));
    page_cell(page, TRAFFIC_COLUMN_WHO, PAGE_STRONG, sender->name);
    page_line(page, page->column + 2, fails > 0 ? PAGE_BAD : PAGE_GOOD,
              fails == sender->now.messages ? "all fail"
              : fails > 0 ? arena_printf(arena, "%s fail", traffic_number(arena, fails))
              : sender->now.unknown > 0 ? "could not be evaluated"
                                        : "pass");
    page_linef(page, TRAFFIC_COLUMN_MORE, PAGE_PLAIN, "%s: %s",
               traffic_owner_to_text(sender->owner), sender->reason);
    page_linef(page, TRAFFIC_COLUMN_MORE, PAGE_FAINT, "%s%s%s; %s", is_named ? "" : addresses,
               is_named ? "" : "; ", traffic_span(arena, sender->first, sender->last),
               traffic_results(arena, sender));
    if (since != NULL)
        page_line(page, TRAFFIC_COLUMN_MORE, PAGE_NOTE, since);
}

/* traffic_senders - as many as are read */
static void traffic_senders(struct page *page, const struct traffic *traffic)
{
    size_t count = 0;

    page_end(page);
    for (const struct traffic_sender *one = traffic->senders; one != NULL; one = one->next)
        if (page->is_verbose || ++count <= SENDERS_SHOWN)
            traffic_sender_rows(page, one);
    if (count > SENDERS_SHOWN)
        page_linef(page, TRAFFIC_COLUMN_WHO, PAGE_FAINT, "%zu more senders: -v",
                   count - SENDERS_SHOWN);
}

/* ---- the reports themselves ---- */

/* traffic_policies - records as reporters saw them, where they are not those of today */
static void traffic_policies(struct page *page, const struct traffic *traffic)
{
    size_t shown = 0;

    for (const struct traffic_policy *one = traffic->policies; one != NULL; one = one->next) {
        if (!one->differs || shown++ >= POLICIES_SHOWN)
            continue;
        page_linef(
            page, TRAFFIC_COLUMN, PAGE_NOTE,
            "%s%s saw another record at %s than today's, %s to %s: p=%s%s%s%s%s",
            one->reporters[0], one->reporter_count > 1 ? " and others" : "", one->policy.domain,
            traffic_day(page->arena, one->first), traffic_day(page->arena, one->last),
            one->policy.p != NULL ? one->policy.p : "?", one->policy.sp != NULL ? " sp=" : "",
            one->policy.sp != NULL ? one->policy.sp : "", one->policy.np != NULL ? " np=" : "",
            one->policy.np != NULL ? one->policy.np : "");
    }
}

/* traffic_contradictions - reporters that saw different records at one time */
static void traffic_contradictions(struct page *page, const struct traffic *traffic)
{
    for (const struct traffic_policy *one = traffic->policies; one != NULL; one = one->next)
        for (const struct traffic_policy *other = one->next; other != NULL;
             other = other->next) {
            if (!traffic_policies_contradict(one, other))
                continue;
            page_linef(page, TRAFFIC_COLUMN, PAGE_NOTE,
                       "%s saw p=%s where %s saw p=%s in the same days", one->reporters[0],
                       one->policy.p, other->reporters[0], other->policy.p);
            return;
        }
}

/* traffic_selectors - keys that receivers saw, and that are not there any more */
static void traffic_selectors(struct page *page, const struct traffic *traffic)
{
    for (const struct traffic_selector *one = traffic->selectors; one != NULL;
         one = one->next) {
        if (!one->is_missing || one->passed == 0)
            continue;
        page_linef(page, TRAFFIC_COLUMN, PAGE_BAD,
                   "%s messages signed with selector %s of %s passed until %s, but "
                   "no key is there today",
                   traffic_number(page->arena, one->passed), one->selector, one->domain,
                   traffic_day(page->arena, one->last));
    }
}

/* traffic_others - domains that were not asked about */
static void traffic_others(struct page *page, const struct traffic *traffic)
{
    struct sbuf text = sbuf_start(page->arena);
    size_t count = 0;

    for (const struct traffic_other *one = traffic->others; one != NULL; one = one->next)
        if (count++ < OTHERS_SHOWN)
            sbuf_add_item(&text, ", ", one->domain);
    if (count == 0)
        return;
    page_linef(page, TRAFFIC_COLUMN, PAGE_FAINT, "not counted, about other domains: %s%s",
               sbuf_text(&text),
               count > OTHERS_SHOWN
                   ? arena_printf(page->arena, " and %zu more", count - OTHERS_SHOWN)
                   : "");
}

/* traffic_notes - what is wrong with files and reports, a sentence each */
static void traffic_notes(struct page *page, const struct feedback_set *set)
{
    size_t count = 0;

    for (const struct feedback_note *note = set->notes; note != NULL; note = note->next) {
        if (!page->is_verbose && count >= NOTES_SHOWN)
            break;
        count++;
        page_linef(page, TRAFFIC_COLUMN, PAGE_FAINT, "%s: %s", note->place, note->text);
    }
    if (set->note_count + set->notes_left_off > count)
        page_linef(page, TRAFFIC_COLUMN, PAGE_FAINT, "%zu more notes about the reports%s",
                   set->note_count + set->notes_left_off - count,
                   page->is_verbose ? "" : ": -v");
}

void render_traffic_section(struct page *page, const struct traffic *traffic,
                            const struct finding *findings)
{
    page_end(page);
    page_title(page, "What receivers reported, evaluated again");
    if (traffic->reports == 0) {
        page_linef(page, TRAFFIC_COLUMN, traffic->tls.reports > 0 ? PAGE_PLAIN : PAGE_DOUBT,
                   "no aggregate report about %s was found", traffic->domain->text);
    } else {
        traffic_sums(page, traffic);
        traffic_senders(page, traffic);
    }
    if (traffic->tls.reports > 0)
        render_traffic_tls(page, traffic, findings);
    page_end(page);
    traffic_policies(page, traffic);
    traffic_contradictions(page, traffic);
    if (traffic->inconsistent > 0) {
        page_linef(page, TRAFFIC_COLUMN, PAGE_NOTE,
                   "%s says of %s messages that they pass, but lists no result that "
                   "does",
                   traffic->inconsistent_reporter,
                   traffic_number(page->arena, traffic->inconsistent));
    }
    traffic_selectors(page, traffic);
    traffic_others(page, traffic);
    traffic_notes(page, traffic->set);
    page_end(page);
}

void render_traffic_brief(struct page *page, const struct traffic *traffic)
{
    static const char *const words[TRAFFIC_OWNERS] = {"yours", "perhaps yours", "forwarded",
                                                      "foreign"};
    struct arena *arena = page->arena;
    struct sbuf text = sbuf_start(arena);
    const struct traffic_sum *sum = &traffic->now;
    const char *before = "; fail: ";

    page_heading(page, "Receivers reported");
    page_to(page, TRAFFIC_COLUMN);
    if (traffic->tls.reports > 0) {
        page_wrapf(page, traffic->tls.failed > 0 ? PAGE_BAD : PAGE_GOOD,
                   "TLS: %s sessions succeeded, %s failed%s",
                   traffic_number(arena, traffic->tls.successful),
                   traffic_number(arena, traffic->tls.failed),
                   traffic->tls.failures != NULL
                       ? arena_printf(arena, ", most by %s", traffic->tls.failures->type)
                       : "");
        page_to(page, TRAFFIC_COLUMN);
    }
    if (traffic->reports == 0) {
        page_put(page, PAGE_DOUBT, "no aggregate report about the domain was found");
        page_end(page);
        page_end(page);
        return;
    }
    sbuf_addf(&text, "%s messages in %s: %s pass", traffic_number(arena, sum->messages),
              traffic_period(page, traffic), traffic_number(arena, sum->pass));
    for (int owner = 0; owner < TRAFFIC_OWNERS; owner++) {
        if (sum->fail[owner] == 0)
            continue;
        sbuf_addf(&text, "%s%s %s", before, traffic_number(arena, sum->fail[owner]),
                  words[owner]);
        before = ", ";
    }
    page_wrap(page, PAGE_PLAIN, sbuf_text(&text));
    page_end(page);
}
