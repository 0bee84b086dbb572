/* TLS reports for people: failures by kind, mail host and reporter. */
#include <string.h>

#include "base/arena.h"
#include "render/render_traffic.h"
#include "model/finding.h"
#include "model/traffic.h"
#include "render/render_page.h"
#include "render/render_text.h"

#define FAILURES_MOST 20 /* without -v */

const struct finding **render_traffic_linked(struct arena *arena,
                                             const struct traffic_tls_failure *failure,
                                             const struct finding *findings, size_t *count_out)
{
    const struct finding **linked = NULL;

    *count_out = 0;
    for (; findings != NULL; findings = findings->next)
        if (findings->status == FINDING_FIRES && findings->severity <= SEV_NOTICE &&
            traffic_tls_is_about(failure, findings->id))
            arena_append(arena, linked, *count_out, findings);
    return linked;
}

/* tls_failure - one row */
static void tls_failure(struct page *page, const struct traffic_tls_failure *failure,
                        const struct finding *findings)
{
    struct arena *arena = page->arena;
    size_t count = 0;
    const struct finding **linked = render_traffic_linked(arena, failure, findings, &count);

    page_right(page, TRAFFIC_COLUMN, TRAFFIC_WIDTH, traffic_number(arena, failure->sessions));
    page_cell(page, TRAFFIC_COLUMN_WHO, PAGE_BAD, failure->type);
    page_linef(page, page->column + 2, PAGE_PLAIN, "at %s, reported by %s, %s to %s",
               failure->mx[0] != '\0' ? failure->mx : "no particular host", failure->reporter,
               traffic_day(arena, failure->first), traffic_day(arena, failure->last));
    page_line(page, TRAFFIC_COLUMN_MORE, PAGE_PLAIN, failure->what);
    page_line(page, TRAFFIC_COLUMN_MORE, PAGE_NOTE,
              count > 0 ? arena_printf(arena, "the audit finds the same today: %s",
                                       text_ids(arena, linked, count))
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
