/* The session in brief: what the client sends, and the one thing the receiver makes of it. */
#include <string.h>

#include "base/span.h"
#include "render/render_session.h"
#include "render/render_text.h"

#define COLUMN_NOTE 30

/* the steps that are shown, and whether the first or the last note of the worst kind counts */
static const struct {
    const char *step;
    const char *client; /* where nothing is sent that could be shown */
    bool wants_last;
} shown[] = {
    {"connect", "connect", false}, {"ehlo", NULL, false},     {"mail", NULL, false},
    {"rcpt", NULL, false},         {"message", "DATA", true}, {"dot", ".", false},
};

/* rank_of - how much a note has to say */
static int rank_of(enum session_tone tone)
{
    static const int ranks[] = {
        [SESSION_PLAIN] = 1, [SESSION_FAINT] = 0, [SESSION_GOOD] = 2,
        [SESSION_BAD] = 4,   [SESSION_DOUBT] = 3,
    };

    return ranks[tone];
}

/* most_specific_note - the one that matters most; NULL: none says more than the standard */
static const struct session_note *most_specific_note(const struct session_step *step,
                                                     bool wants_last)
{
    const struct session_note *best = NULL;

    for (const struct session_note *note = step->notes; note != NULL; note = note->next)
        if (rank_of(note->tone) > 0 &&
            (best == NULL || rank_of(note->tone) > rank_of(best->tone) ||
             (wants_last && rank_of(note->tone) == rank_of(best->tone))))
            best = note;
    return best;
}

/* session_line - one step */
static void session_line(struct page *page, const struct session_step *step, const char *client,
                         bool wants_last)
{
    const struct session_note *note = most_specific_note(step, wants_last);

    page_cell(page, 2, PAGE_PLAIN,
              page_cut(page, client != NULL ? client : step->name, COLUMN_NOTE - 4));
    if (note != NULL)
        page_cell(page, COLUMN_NOTE, render_tone_style(note->tone),
                  page_cut(page, note->text, page->width - COLUMN_NOTE));
    page_end(page);
}

/* named_step - the first one of this name in the first transcript; NULL */
static const struct session_step *named_step(const struct session_step *first, const char *name)
{
    for (const struct session_step *step = first; step != NULL; step = step->next)
        if (step->transcript == first->transcript && strcmp(step->name, name) == 0)
            return step;
    return NULL;
}

void render_text_session(struct page *page, const struct report *report)
{
    const struct session_step *first = report->session;

    page_heading(page, "Session: what the client sends, and what the receiver checks");
    for (size_t i = 0; i < COUNT_OF(shown); i++) {
        const struct session_step *step = named_step(first, shown[i].step);

        if (step != NULL)
            session_line(page, step,
                         shown[i].client != NULL || step->client == NULL ? shown[i].client
                                                                         : step->client,
                         shown[i].wants_last);
    }
    for (const struct session_step *step = first; step != NULL; step = step->next)
        if (step->heading != NULL && step->transcript != first->transcript) {
            page_cell(page, 2, PAGE_FAINT, page_cut(page, step->heading, page->width - 2));
            page_end(page);
        }
    page_end(page);
}
