/* A report of a receiver, in whatever it is packed. */
#include "base/limits_reports.h"
#include "base/must.h"
#include "feedback/feedback.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    struct feedback_set *set = feedback_open(arena);
    uint64_t messages = 0;
    size_t rows = 0;
    size_t notes = 0;

    feedback_add_bytes(set, "file", bytes);
    for (const struct feedback_report *one = set->reports; one != NULL; one = one->next) {
        must(one->end >= one->begin && one->policy.domain != NULL);
        must(one->reporter != NULL && one->id != NULL);
        rows += one->rows;
        messages += one->messages;
    }
    must(rows == set->row_count);
    for (size_t i = 0; i < set->row_count; i++) {
        must(set->rows[i].count > 0 && set->rows[i].identity != NULL);
        messages -= set->rows[i].count;
    }
    must(messages == 0);
    for (const struct feedback_note *note = set->notes; note != NULL; note = note->next) {
        must(note->text != NULL && note->text[0] != '\0');
        notes++;
    }
    must(notes == set->note_count && notes <= LIMIT_FEEDBACK_NOTES);
    must(set->report_count + set->tls_count + notes > 0);
}
