/* Left lines are wrapped first, then put next to the notes, line by line. */
#include <string.h>

#include "render/render_session.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/subject.h"
#include "render/render_format.h"

#define TWO_COLUMNS_LEAST 72 /* columns of the page; below it notes are under the lines */
#define LEFT_INDENT       2
#define LEFT_MORE         5 /* of a line that is wrapped */

struct row { /* a piece of one column */
    enum page_style style;
    unsigned indent;
    const char *text;
};

struct column {
    struct arena *arena;
    unsigned width;
    struct row *rows;
    size_t count;
};

/* fill_line - one line into the column; what does not fit goes on, indented */
static void fill_line(struct column *column, enum page_style style, struct span text,
                      unsigned more)
{
    struct span rest =
        span_of(render_safe(column->arena, arena_strdup_span(column->arena, text)));
    unsigned indent = 0;

    do {
        size_t len = page_fitting(rest, column->width - indent);
        const struct row row = {style, indent,
                                arena_strdup_span(column->arena, span_sub(rest, 0, len))};

        arena_append(column->arena, column->rows, column->count, row);
        rest = span_trim(span_from(rest, len));
        indent = more;
    } while (rest.len > 0);
}

enum page_style render_tone_style(enum session_tone tone)
{
    static const enum page_style styles[] = {
        [SESSION_PLAIN] = PAGE_PLAIN, [SESSION_FAINT] = PAGE_FAINT, [SESSION_GOOD] = PAGE_GOOD,
        [SESSION_BAD] = PAGE_BAD,     [SESSION_DOUBT] = PAGE_DOUBT,
    };

    return styles[tone];
}

/* step_fill - line by line, each behind the label */
static void step_fill(struct column *column, enum page_style style, const char *label,
                      const char *text)
{
    struct span rest = span_of(text);

    do {
        struct span line = span_cut(&rest, '\n');

        fill_line(column, style,
                  span_of(arena_printf(column->arena, "%s%.*s", label, SPAN_ARG(line))),
                  label[0] != '\0' ? LEFT_MORE - LEFT_INDENT : 2);
    } while (rest.at != NULL);
}

/* fill_left - what goes over the wire */
static void fill_left(struct column *left, const struct session_step *step)
{
    if (step->client != NULL)
        step_fill(left, PAGE_STRONG, "C: ", step->client);
    if (step->server != NULL && !(step->is_answered_by_all && step->client != NULL))
        step_fill(left, PAGE_PLAIN, "S: ", step->server);
    if (left->count == 0)
        step_fill(left, PAGE_FAINT, "", arena_printf(left->arena, "(%s)", step->name));
}

/* put_row - at the column where it belongs */
static void put_row(struct page *page, const struct row *row, unsigned column)
{
    page_cell(page, column + row->indent, row->style, row->text);
}

/* put_step - both columns side by side, or one below the other */
static void put_step(struct page *page, const struct column *left, const struct column *right)
{
    bool is_wide = page->width >= TWO_COLUMNS_LEAST;
    unsigned second = is_wide ? LEFT_INDENT + left->width + 2 : LEFT_MORE + 2;
    size_t rows = is_wide && right->count > left->count ? right->count : left->count;

    for (size_t i = 0; i < rows; i++) {
        if (i < left->count)
            put_row(page, &left->rows[i], LEFT_INDENT);
        if (is_wide && i < right->count)
            put_row(page, &right->rows[i], second);
        page_end(page);
    }
    for (size_t i = 0; !is_wide && i < right->count; i++) {
        put_row(page, &right->rows[i], second);
        page_end(page);
    }
}

/* step_put - one step, or one reply to it */
static void step_put(struct page *page, const struct session_step *step)
{
    bool is_wide = page->width >= TWO_COLUMNS_LEAST;
    struct column left = {.arena = page->arena,
                          .width = is_wide ? page->width * 2 / 5 : page->width - LEFT_MORE};
    struct column right = {.arena = page->arena,
                           .width = page->width -
                                    (is_wide ? left.width + LEFT_INDENT : LEFT_MORE) - 2};

    fill_left(&left, step);
    for (const struct session_note *note = step->notes; note != NULL; note = note->next)
        step_fill(&right, render_tone_style(note->tone), "", note->text);
    put_step(page, &left, &right);
}

/* put_again - of a step that was explained above the lines alone */
static void put_again(struct page *page, const struct session_step *step)
{
    struct session_step again = {.name = step->name,
                                 .client = step->client,
                                 .server = step->server,
                                 .is_answered_by_all = step->is_answered_by_all};

    if (step->heading != NULL)
        session_note(page->arena, &again, SESSION_FAINT, "what the server checks: as above");
    if (again.client != NULL || again.notes != NULL ||
        (again.server != NULL && !again.is_answered_by_all))
        step_put(page, &again);
}

void render_session_steps(struct page *page, const struct session_step *steps)
{
    for (const struct session_step *step = steps; step != NULL; step = step->next) {
        if (step->heading != NULL) {
            page_end(page);
            page_wrap(page, PAGE_STRONG, step->heading);
        }
        if (step->is_repeated)
            put_again(page, step);
        else
            step_put(page, step);
        for (const struct session_reply *one = step->replies; one != NULL; one = one->next) {
            const struct session_step reply = {.server = one->server, .notes = one->notes};

            step_put(page, &reply);
        }
    }
    page_end(page);
}

/* lines_json - each line made safe; null for NULL */
static json_t *lines_json(struct arena *arena, const char *text)
{
    struct sbuf lines = sbuf_start(arena);
    struct span rest = span_of(text);

    while (rest.at != NULL) {
        const char *line = arena_strdup_span(arena, span_cut(&rest, '\n'));

        sbuf_add_item(&lines, "\n", render_safe(arena, line));
    }
    return text == NULL ? json_null() : json_string(sbuf_text(&lines));
}

/* notes_json - their texts */
static json_t *notes_json(struct arena *arena, const struct session_note *note)
{
    json_t *notes = json_array();

    for (; note != NULL; note = note->next)
        json_array_append_new(notes, render_json_text(arena, note->text));
    return notes;
}

/* set_receivers - "receivers", their names, and "for" with whose mail */
static void set_receivers(struct arena *arena, json_t *object,
                          const struct session_receivers *receivers)
{
    json_t *names = json_array();
    json_t *whose = json_array();

    for (size_t i = 0; i < receivers->count; i++) {
        const struct session_receiver *one = &receivers->list[i];
        bool is_new = i == 0 || strcmp(one->profile, receivers->list[i - 1].profile) != 0;

        if (is_new)
            json_array_append_new(names, render_json_text(arena, one->profile));
        json_array_append_new(
            whose, json_pack("{s:o, s:o}", "profile", render_json_text(arena, one->profile),
                             "bulk", render_json_bulk(one->is_for_bulk, one->is_for_others)));
    }
    json_object_update_new(object, json_pack("{s:o, s:o}", "receivers", names, "for", whose));
}

/* replies_json - what receivers answer at this step */
static json_t *replies_json(struct arena *arena, const struct session_reply *reply)
{
    json_t *array = json_array();

    for (; reply != NULL; reply = reply->next) {
        json_t *object = json_object();

        set_receivers(arena, object, &reply->receivers);
        json_object_update_new(object, json_pack("{s:o, s:s, s:o}", "server",
                                                 lines_json(arena, reply->server),
                                                 "disposition", reply->disposition, "notes",
                                                 notes_json(arena, reply->notes)));
        json_array_append_new(array, object);
    }
    return array;
}

/* predicted_json - what only a predicted session has */
static void predicted_json(struct arena *arena, json_t *object, const struct session_step *step)
{
    json_object_update_new(object, json_pack("{s:o, s:I}", "replies",
                                             replies_json(arena, step->replies), "conversation",
                                             (json_int_t)step->transcript));
    set_receivers(arena, object, &step->receivers);
}

json_t *render_json_session(struct arena *arena, const struct session_step *steps)
{
    json_t *array = json_array();

    for (const struct session_step *step = steps; step != NULL; step = step->next) {
        json_t *object =
            json_pack("{s:o, s:o, s:o, s:o}", "step", render_json_text(arena, step->name),
                      "client", lines_json(arena, step->client), "server",
                      lines_json(arena, step->server), "notes", notes_json(arena, step->notes));
        if (step->is_predicted)
            predicted_json(arena, object, step);
        json_array_append_new(array, object);
    }
    return array;
}

void render_session_text(const struct report *report, const struct report_options *options,
                         struct sbuf *out)
{
    struct page page = page_open(options, out);
    const struct subject *subject = report->facts->subject;

    page_title(&page, subject->domain != NULL
                          ? arena_printf(page.arena, "The expected SMTP session of %s",
                                         subject->domain->text)
                          : "The expected SMTP session");
    render_session_steps(&page, report->session);
}
