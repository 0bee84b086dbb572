/* What was asked: a summary, the questions that nobody answered, and with -v everything. */
#include <string.h>

#include "base/escape.h"
#include "base/limits.h"
#include "render/render_text.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "render/render_format.h"

#define COLUMN_NAMES 6
#define NAMES_SHOWN  8

/* question_text - "example.com TXT" */
static const char *question_text(struct page *page, const struct dns_answer *answer)
{
    return arena_printf(page->arena, "%s %s", answer->question.name->text,
                        dns_type_to_text(page->arena, answer->question.type));
}

/* ---- failures ---- */

/* trouble_text - the same for all questions that failed in the same way */
static const char *trouble_text(struct page *page, const struct dns_answer *answer)
{
    return answer->status == DNS_UNKNOWN ? "UNKNOWN: no source answers for these names"
                                         : render_trouble(page->arena, answer);
}

/* is_same_trouble - two questions failed in the same way */
static bool is_same_trouble(const struct dns_answer *a, const struct dns_answer *b)
{
    if (a->status != b->status || (a->detail == NULL) != (b->detail == NULL))
        return false;
    return a->status == DNS_UNKNOWN || a->detail == NULL || strcmp(a->detail, b->detail) == 0;
}

/* is_first - no question before this one failed in the same way */
static bool is_first(const struct dns_answers *held, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (is_same_trouble(held->list[i], held->list[index]))
            return false;
    return true;
}

/* text_dns_failures - one way of failing, and the questions that it befell */
static void text_dns_failures(struct page *page, const struct dns_answers *held, size_t index)
{
    const struct dns_answer *trouble = held->list[index];
    struct sbuf names = sbuf_start(page->arena);
    size_t count = 0;

    for (size_t i = index; i < held->count; i++)
        if (is_same_trouble(trouble, held->list[i]) && count++ < NAMES_SHOWN)
            sbuf_add_item(&names, ", ", question_text(page, held->list[i]));
    if (count > NAMES_SHOWN)
        sbuf_addf(&names, " and %zu more (-v shows all)", count - NAMES_SHOWN);
    page_line(page, TEXT_COLUMN_LINE, PAGE_DOUBT, trouble_text(page, trouble));
    page_line(page, COLUMN_NAMES, PAGE_PLAIN, sbuf_text(&names));
}

/* ---- everything ---- */

/* text_dns_answer_lines - one question, its answer and the records */
static void text_dns_answer_lines(struct page *page, const struct dns_answer *answer)
{
    text_pair(page, question_text(page, answer),
              dns_status_is_answer(answer->status) ? PAGE_FAINT : PAGE_DOUBT,
              render_trouble(page->arena, answer));
    for (const struct dns_rr *rr = answer->records; rr != NULL; rr = rr->next)
        page_line(page, COLUMN_NAMES, PAGE_FAINT,
                  escape_header(page->arena, span_of(rr->text), LIMIT_SHOWN_BYTES));
}

/* text_dns_summary - how much was asked, and how much of it was answered */
static void text_dns_summary(struct page *page, const struct facts *facts)
{
    const struct dns_answers *held = facts->answers;
    const char *answered = "all answered";
    size_t failed = 0;

    for (size_t i = 0; i < held->count; i++)
        failed += !dns_status_is_answer(held->list[i]->status);
    if (failed > 0)
        answered = arena_printf(page->arena, "%zu without an answer", failed);
    page_end(page);
    page_cell(page, 2, PAGE_STRONG, "DNS");
    page_putf(page, PAGE_PLAIN, "  %zu %s in %s, %s", (size_t)facts->questions,
              facts->questions == 1 ? "query" : "queries",
              page_count(page, facts->rounds, "round"), answered);
    page_end(page);
}

void render_text_dns(struct page *page, const struct facts *facts)
{
    const struct dns_answers *held = facts->answers;

    text_dns_summary(page, facts);
    for (size_t i = 0; i < held->count; i++) {
        const struct dns_answer *answer = held->list[i];

        if (page->is_verbose)
            text_dns_answer_lines(page, answer);
        else if (!dns_status_is_answer(answer->status) && is_first(held, i))
            text_dns_failures(page, held, i);
    }
}
