/* The session in brief: what the client sends, and the one thing the receiver makes of it. */
#include <string.h>

#include "render/render_story.h"
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
static int rank_of(enum page_style style)
{
    static const int ranks[] = {
        [PAGE_PLAIN] = 1, [PAGE_STRONG] = 1, [PAGE_FAINT] = 0, [PAGE_GOOD] = 2,
        [PAGE_BAD] = 4,   [PAGE_DOUBT] = 3,  [PAGE_NOTE] = 1,
    };

    return ranks[style];
}

/* telling_note - the one that matters most; NULL: none says more than the standard does */
static const struct moment_note *telling_note(const struct moment *moment, bool wants_last)
{
    const struct moment_note *best = NULL;

    for (const struct moment_note *note = moment->notes; note != NULL; note = note->next)
        if (rank_of(note->style) > 0 &&
            (best == NULL || rank_of(note->style) > rank_of(best->style) ||
             (wants_last && rank_of(note->style) == rank_of(best->style))))
            best = note;
    return best;
}

/* session_line - one step */
static void session_line(struct page *page, const struct moment *moment, const char *client,
                         bool wants_last)
{
    const struct moment_note *note = telling_note(moment, wants_last);

    page_to(page, 2);
    page_put(page, PAGE_PLAIN,
             page_cut(page, client != NULL ? client : moment->step, COLUMN_NOTE - 4));
    if (note != NULL) {
        page_to(page, COLUMN_NOTE);
        page_put(page, note->style, page_cut(page, note->text, page->width - COLUMN_NOTE));
    }
    page_end(page);
}

/* find_moment - the first moment of the step in the first conversation; NULL */
static const struct moment *find_moment(const struct moment *first, const char *step)
{
    for (const struct moment *moment = first; moment != NULL; moment = moment->next)
        if (moment->conversation == first->conversation && strcmp(moment->step, step) == 0)
            return moment;
    return NULL;
}

void render_text_session(struct page *page, const struct report *report)
{
    const struct moment *first = render_story(page->arena, report);

    page_put(page, PAGE_STRONG,
             "Session: what the client sends, what the receiver makes of it");
    page_end(page);
    for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
        const struct moment *moment = find_moment(first, shown[i].step);

        if (moment != NULL)
            session_line(page, moment,
                         shown[i].client != NULL || moment->client == NULL ? shown[i].client
                                                                           : moment->client,
                         shown[i].wants_last);
    }
    for (const struct moment *moment = first; moment != NULL; moment = moment->next)
        if (moment->heading != NULL && moment->conversation != first->conversation) {
            page_to(page, 2);
            page_put(page, PAGE_FAINT, page_cut(page, moment->heading, page->width - 2));
            page_end(page);
        }
    page_end(page);
}
