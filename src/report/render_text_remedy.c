/* Records to publish; a record is never wrapped. */
#include "report/render_record.h"
#include "report/render_text.h"

const char *text_cleared(struct arena *arena, const struct remedy_proof *proof)
{
    struct sbuf list = sbuf_start(arena);

    for (size_t i = 0; i < proof->cleared_count; i++) {
        bool is_new = true;

        for (size_t j = 0; j < i; j++)
            is_new = is_new && proof->cleared[j]->row != proof->cleared[i]->row;
        if (is_new)
            sbuf_addf(&list, "%s%s", list.len > 0 ? ", " : "", proof->cleared[i]->id);
    }
    return sbuf_text(&list);
}

/* line - one line of a record, however long it is */
static void line(struct page *page, unsigned column, struct span text)
{
    page_to(page, column);
    page_put(page, PAGE_GOOD, arena_strdup_span(page->arena, text));
    page_end(page);
}

/* plain_records - a record each; what it replaces is where its name says */
static void plain_records(struct page *page, unsigned column, const struct remedy_edit *edits)
{
    for (const struct remedy_edit *edit = edits; edit != NULL; edit = edit->next)
        line(page, column,
             span_of(arena_printf(
                       page->arena, "%s%s. %u IN %s %s",
                       edit->action == REMEDY_REMOVE ? "; remove: " : "",
                       edit->rr->owner->text, (unsigned)edit->rr->ttl,
                       dns_type_to_text(page->arena, edit->rr->type), remedy_value(edit->rr))));
}

void text_records(struct page *page, const struct report *report,
                  const struct text_edits *what)
{
    struct sbuf text = sbuf_start(page->arena);
    struct span rest = {NULL, 0};

    if (report->record_form == RENDER_RECORD_oneline) {
        plain_records(page, what->column, what->edits);
        return;
    }
    render_record((enum render_record_form)report->record_form, what->facts, what->edits,
                  &text);
    rest = sbuf_span(&text);
    while (rest.len > 0)
        line(page, what->column, span_cut(&rest, '\n'));
}

/* choice - what it does, when it fits, what it was proved to clear, and the records */
static void choice(struct page *page, const struct report *report,
                   const struct text_edits *what, const struct remedy *remedy)
{
    struct arena *arena = page->arena;
    struct sbuf text = sbuf_start(arena);

    sbuf_addf(&text, "%s%s%s", remedy->condition != NULL ? remedy->condition : "",
              remedy->condition != NULL ? ": " : "", remedy->summary);
    if (remedy->price != NULL)
        sbuf_addf(&text, "; the price: %s", remedy->price);
    sbuf_addf(&text, " (clears %s)", text_cleared(arena, &remedy->proof));
    page_to(page, what->column);
    page_put(page, PAGE_NOTE, "=> ");
    page_wrap(page, PAGE_PLAIN, sbuf_text(&text));
    text_records(page, report, what);
}

/* first_with - the first finding that has this remedy */
static const struct finding *first_with(const struct finding *finding,
                                        const struct remedy *remedy)
{
    while (finding->remedy != remedy)
        finding = finding->next;
    return finding;
}

void text_choices(struct page *page, unsigned column, const struct report *report,
                  const struct finding *finding)
{
    const struct finding *first = NULL;

    if (finding->remedy == NULL)
        return;
    first = first_with(report->plan->rest, finding->remedy);
    if (first != finding) {
        page_to(page, column);
        page_put(page, PAGE_NOTE, "=> ");
        page_wrap(page, PAGE_PLAIN,
                  arena_printf(page->arena, "the remedy of %s clears this too", first->id));
        return;
    }
    for (const struct remedy *remedy = finding->remedy; remedy != NULL; remedy = remedy->next) {
        const struct text_edits what = {column, report->plan->facts, remedy->edits};

        choice(page, report, &what, remedy);
    }
}
