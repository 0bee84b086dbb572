/* The table by cause and receiver, and the list as long as all of it fits into memory. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/limits_bounce.h"
#include "base/span.h"
#include "explain/explain.h"
#include "explain/explain_input.h"
#include "model/bounce.h"
#include "model/explain.h"
#include "model/reply_class.h"

/* explain_row_of - the row of a cause and receiver, made where it is new; the last row takes
 * what exceeds the table */
static struct explain_row *explain_row_of(struct explain_input *explain,
                                          const struct bounce_recipient *said)
{
    struct arena *arena = explain->arena;
    const char *known = explain_receiver_of(said);
    const char *receiver = known != NULL ? known : "";
    const char *cause = said->class->cause->id;
    struct explain_row row = {.cause = cause, .receiver = ""};

    for (size_t i = 0; i < explain->out.row_count; i++)
        if (strcmp(explain->rows[i].cause, cause) == 0 &&
            strcmp(explain->rows[i].receiver, receiver) == 0)
            return &explain->rows[i];
    if (explain->out.row_count >= LIMIT_EXPLAIN_ROWS)
        return &explain->rows[LIMIT_EXPLAIN_ROWS - 1];
    if (explain->out.row_count == LIMIT_EXPLAIN_ROWS - 1)
        row.cause = "other";
    else
        row.receiver = arena_strdup(arena, receiver);
    row.example = arena_strdup(arena, said->address);
    row.text = arena_strdup_span(arena, span_sub(said->text, 0, LIMIT_SHOWN_BYTES));
    arena_append(arena, explain->rows, explain->out.row_count, row);
    return &explain->rows[explain->out.row_count - 1];
}

void explain_input_add(struct explain_input *explain, const struct bounce *bounce)
{
    for (size_t i = 0; i < bounce->count; i++) {
        const struct bounce_recipient *said = &bounce->recipients[i];
        struct explain_row *row = NULL;

        if (said->class->finality == REPLY_NO_FAILURE && bounce->kind == BOUNCE_LOG)
            continue; /* a log is full of deliveries */
        row = explain_row_of(explain, said);
        row->count++;
        row->final_count += said->action != NULL ? strcmp(said->action, "delayed") != 0
                                                 : said->class->finality != REPLY_RETRY;
        explain->out.total++;
        if (!explain->is_table) {
            struct explain_entry entry = {bounce, said};

            arena_append(explain->arena, explain->entries, explain->entry_count, entry);
        }
    }
    for (size_t i = 0; i < bounce->fault_count && !explain->is_table; i++)
        arena_append(explain->arena, explain->out.faults, explain->out.fault_count,
                     bounce->faults[i]);
}

/* by_count - rows with the most recipients first, then by name */
static int by_count(const void *a, const void *b)
{
    const struct explain_row *left = a;
    const struct explain_row *right = b;

    if (left->count != right->count)
        return left->count < right->count ? 1 : -1;
    return strcmp(left->cause, right->cause) != 0 ? strcmp(left->cause, right->cause)
                                                  : strcmp(left->receiver, right->receiver);
}

void explain_input_sort(struct explain_input *input)
{
    if (input->out.row_count > 0)
        qsort(input->rows, input->out.row_count, sizeof(*input->rows), by_count);
    input->out.rows = input->rows;
}
