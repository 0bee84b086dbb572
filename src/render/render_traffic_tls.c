/* TLS reports for people: failures by kind, mail host and reporter. */
#include <string.h>

#include "base/arena.h"
#include "render/render_traffic.h"
#include "base/sbuf.h"
#include "model/finding.h"
#include "model/traffic.h"
#include "render/render_page.h"

#define FAILURES_MOST 20 /* without -v */

/* tls_linked - "mta_sts_policy_fetch, dane_insecure": what the audit says of it today; NULL */
static const char *tls_linked(struct arena *arena, const struct traffic_tls_failure *failure,
                              const struct finding *findings)
{
    struct sbuf ids = sbuf_start(arena);
    const char *last = "";

    for (; findings != NULL; findings = findings->next) {
        if (findings->status != FINDING_FIRES || findings->severity > SEV_NOTICE ||
            strcmp(last, findings->id) == 0 || !traffic_tls_is_about(failure, findings->id))
            continue;
        last = findings->id;
        sbuf_add_item(&ids, ", ", last);
    }
    return ids.len > 0 ? sbuf_text(&ids) : NULL;
}

/* tls_failure - one row */
static void tls_failure(struct page *page, const struct traffic_tls_failure *failure,
                        const struct finding *findings)
{
    struct arena *arena = page->arena;
    const char *linked = tls_linked(arena, failure, findings);

    page_right(page, TRAFFIC_COLUMN, TRAFFIC_WIDTH, traffic_number(arena, failure->sessions));
    page_cell(page, TRAFFIC_COLUMN_WHO, PAGE_BAD, failure->type);
    page_linef(page, page->column + 2, PAGE_PLAIN, "at %s, reported by %s, %s to %s",
               failure->mx[0] != '\0' ? failure->mx : "no particular host", failure->reporter,
               traffic_day(arena, failure->first), traffic_day(arena, failure->last));
    page_line(page, TRAFFIC_COLUMN_MORE, PAGE_PLAIN, failure->what);
    page_line(page, TRAFFIC_COLUMN_MORE, PAGE_NOTE,
              linked != NULL ? arena_printf(arena, "the audit finds the same today: %s", linked)
                             : arena_printf(arena, "the audit does not find this today; %s",
                                            failure->advice));
}

void render_traffic_tls(struct page *page, const struct traffic *traffic,
                        const struct finding *findings)
{
    const struct traffic_tls *tls = &traffic->tls;
    size_t count = 0;

    page_end(page);
    page_right(page, TRAFFIC_COLUMN, TRAFFIC_WIDTH,
               traffic_number(page->arena, tls->successful));
    page_linef(page, TRAFFIC_COLUMN_WHO, PAGE_PLAIN, "TLS sessions succeeded, %s to %s; %s",
               traffic_day(page->arena, tls->first), traffic_day(page->arena, tls->last),
               page_count(page, tls->reports, "report"));
    page_right(page, TRAFFIC_COLUMN, TRAFFIC_WIDTH, traffic_number(page->arena, tls->failed));
    page_line(page, TRAFFIC_COLUMN_WHO, tls->failed > 0 ? PAGE_BAD : PAGE_GOOD,
              "TLS sessions failed");
    for (const struct traffic_tls_failure *one = tls->failures; one != NULL; one = one->next)
        if (page->is_verbose || ++count <= FAILURES_MOST)
            tls_failure(page, one, findings);
    if (count > FAILURES_MOST)
        page_linef(page, TRAFFIC_COLUMN_WHO, PAGE_FAINT, "%zu more kinds: -v",
                   count - FAILURES_MOST);
}
