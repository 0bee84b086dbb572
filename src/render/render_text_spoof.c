/* The spoof matrix: senders as rows, policies as columns; receivers of RFC 7489 where they
 * would do something else. */
#include <string.h>

#include "model/spoof.h"
#include "render/render_text.h"

#define COLUMN_LINE  4
#define COLUMN_TODAY 30

/* columns that each policy takes; all end within 80 columns */
static const unsigned widths[REMEDY_SPOOF_POLICIES] = {10, 11, 14, 10, 0};
static const char *const titles[REMEDY_SPOOF_POLICIES] = {"today", "np=reject", "p=quarantine",
                                                          "p=reject", "all"};
static const char *const labels[REMEDY_SPOOF_SENDERS] = {
    "the domain itself", "a subdomain in DNS", "a subdomain not in DNS"};

/* how an outcome is shown: what happens to the mail */
static const struct {
    const char *word;
    enum page_style style;
} shown[] = {
    [REMEDY_SPOOF_UNKNOWN] = {"unknown", PAGE_DOUBT},
    [REMEDY_SPOOF_PASSES] = {"passes", PAGE_BAD},
    [REMEDY_SPOOF_NO_POLICY] = {"yes", PAGE_BAD},
    [REMEDY_SPOOF_NONE] = {"yes", PAGE_BAD},
    [REMEDY_SPOOF_QUARANTINE] = {"junk", PAGE_DOUBT},
    [REMEDY_SPOOF_REJECT] = {"no", PAGE_GOOD},
};

/* text_spoof_is_shown - today, and what would be stricter */
static bool text_spoof_is_shown(const struct remedy_spoof *spoof, size_t policy)
{
    return policy == 0 || spoof->policies[policy].is_stricter;
}

/* text_spoof_column_of - where the policy's column begins: after the last one shown */
static unsigned text_spoof_column_of(const struct remedy_spoof *spoof, size_t policy)
{
    unsigned column = COLUMN_TODAY;

    for (size_t i = 0; i < policy; i++)
        if (text_spoof_is_shown(spoof, i))
            column += widths[i];
    return column;
}

/* text_spoof_differs - receivers of RFC 7489 do something else with this sender's mail */
static bool text_spoof_differs(const struct remedy_spoof *spoof, size_t sender)
{
    for (size_t i = 0; i < REMEDY_SPOOF_POLICIES; i++) {
        const struct remedy_spoof_cell *cell = &spoof->policies[i].cells[sender];

        if (text_spoof_is_shown(spoof, i) &&
            (strcmp(shown[cell->outcome].word, shown[cell->rfc7489].word) != 0 ||
             (cell->percent < 100 && cell->rfc7489 >= REMEDY_SPOOF_QUARANTINE)))
            return true;
    }
    return false;
}

/* cell_word - of RFC 7489 with the share of the mail that it is for */
static const char *cell_word(struct page *page, const struct remedy_spoof_cell *cell,
                             bool is_older)
{
    const char *word = shown[is_older ? cell->rfc7489 : cell->outcome].word;

    if (!is_older || cell->percent == 100 || cell->rfc7489 < REMEDY_SPOOF_QUARANTINE)
        return word;
    return arena_printf(page->arena, "%s %u%%", word, cell->percent);
}

/* text_spoof_row - one sender, all policies */
static void text_spoof_row(struct page *page, const struct remedy_spoof *spoof, size_t sender,
                           bool is_older)
{
    page_cell(page, is_older ? COLUMN_LINE + 2 : COLUMN_LINE,
              is_older ? PAGE_FAINT : PAGE_PLAIN, is_older ? "by RFC 7489" : labels[sender]);
    for (size_t i = 0; i < REMEDY_SPOOF_POLICIES; i++) {
        const struct remedy_spoof_cell *cell = &spoof->policies[i].cells[sender];

        if (!text_spoof_is_shown(spoof, i))
            continue;
        page_cell(page, text_spoof_column_of(spoof, i),
                  shown[is_older ? cell->rfc7489 : cell->outcome].style,
                  cell_word(page, cell, is_older));
    }
    page_end(page);
}

/* text_spoof_heading - what is asked, and the policies */
static void text_spoof_heading(struct page *page, const struct remedy_spoof *spoof)
{
    page_section(
        page, arena_printf(page->arena, "Could a stranger send as %s?", spoof->domain->text));
    page_cell(page, COLUMN_LINE, PAGE_FAINT, "From is ...");
    for (size_t i = 0; i < REMEDY_SPOOF_POLICIES; i++) {
        if (!text_spoof_is_shown(spoof, i))
            continue;
        page_cell(page, text_spoof_column_of(spoof, i), PAGE_FAINT, titles[i]);
    }
    page_end(page);
}

void render_text_spoof(struct page *page, const struct remedy_spoof *spoof)
{
    if (spoof == NULL)
        return;
    text_spoof_heading(page, spoof);
    for (size_t sender = 0; sender < REMEDY_SPOOF_SENDERS; sender++) {
        text_spoof_row(page, spoof, sender, false);
        if (text_spoof_differs(spoof, sender))
            text_spoof_row(page, spoof, sender, true);
    }
    page_cell(page, COLUMN_LINE, PAGE_PLAIN, "a domain that looks alike");
    page_cell(page, COLUMN_TODAY, PAGE_FAINT, "DMARC cannot help: it has its own policy");
    page_end(page);
    if (spoof->has_wildcard)
        page_line(page, COLUMN_LINE, PAGE_FAINT,
                  "a wildcard makes every name exist, so np= is never used");
}
