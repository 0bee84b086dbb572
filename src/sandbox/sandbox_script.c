/* A row a line, and a counter a step. */
#include "sandbox/sandbox_script.h"

#include <limits.h>

#include "base/escape.h"
#include "base/limits.h"
#include "base/limits_serve.h"

struct script_row {
    enum sandbox_stage stage;
    uint64_t first;
    uint64_t last;
    struct sandbox_fault fault;
};

struct sandbox_script {
    struct script_row *rows;
    size_t count;
    uint64_t times[STAGES];
};

/* script_word - the next of a line, without blanks around it */
static struct span script_word(struct span *rest)
{
    size_t len = 0;
    struct span word = {NULL, 0};

    *rest = span_trim(*rest);
    while (len < rest->len && !ascii_is_space(rest->at[len]))
        len++;
    word = span_sub(*rest, 0, len);
    *rest = span_trim(span_from(*rest, len));
    return word;
}

/* script_times - "3", "1-3", "4-", "*" */
static bool script_times(struct span word, struct script_row *row)
{
    struct span last = word;
    struct span first = span_cut(&last, '-');

    row->first = 1;
    row->last = UINT64_MAX;
    if (span_equal_text(word, "*"))
        return true;
    if (!span_to_number(first, UINT32_MAX, &row->first) || row->first == 0)
        return false;
    if (last.at == NULL)
        row->last = row->first;
    return last.at == NULL || last.len == 0 ||
           (span_to_number(last, UINT32_MAX, &row->last) && row->last >= row->first);
}

/* script_fault - "close", "delay 3000", "450 4.2.1 mailbox busy" */
static bool script_fault(struct arena *arena, struct span rest, struct script_row *row)
{
    struct span word = script_word(&rest);
    uint64_t number = 0;

    row->fault = sandbox_fault_of_word(word);
    if (row->fault.kind == FAULT_TARPIT && (rest.len > 0 || span_equal_text(word, "delay"))) {
        if (!span_to_number(rest, LIMIT_SANDBOX_DELAY_MS, &number))
            return false;
        row->fault.delay_ms = (unsigned)number;
    } else if (row->fault.kind == FAULT_REPLY && rest.len > 0) {
        row->fault.text = escape_to_text(arena, rest, LIMIT_SHOWN_BYTES);
    } else if (rest.len > 0) {
        return false;
    }
    if (row->fault.kind == FAULT_GARBAGE)
        return row->stage == STAGE_STARTTLS;
    if (row->fault.kind == FAULT_GREYLIST)
        return row->stage >= STAGE_RCPT;
    return row->fault.kind != FAULT_NONE;
}

/* script_row - one line; NULL, or what is wrong with it */
static const char *script_row(struct arena *arena, struct span line, struct script_row *row)
{
    struct span rest = line;

    if (!sandbox_stage_of_text(script_word(&rest), &row->stage))
        return "expected connect, ehlo, starttls, mail, rcpt, data or dot";
    if (!script_times(script_word(&rest), row))
        return "expected which times: 2, 1-3, 4- or *";
    if (!script_fault(arena, rest, row))
        return "expected a reply from 400 to 559, close, timeout, delay MILLISECONDS, greylist "
               "(from rcpt on) or wrong-tls (at starttls)";
    return NULL;
}

struct sandbox_script *sandbox_script_parse(struct arena *arena, const char *name,
                                            struct span text, struct err *why)
{
    struct sandbox_script *script = arena_new_of(arena, struct sandbox_script);
    size_t number = 0;

    while (text.at != NULL && text.len > 0) {
        struct span line = span_trim(span_cut(&text, '\n'));
        struct script_row row = {.stage = STAGE_MAIL};
        const char *trouble = NULL;

        number++;
        if (line.len == 0 || line.at[0] == '#')
            continue;
        trouble = script->count < LIMIT_SANDBOX_SCRIPT_LINES ? script_row(arena, line, &row)
                                                             : "there are too many lines";
        if (trouble != NULL) {
            err_set(why, "%s:%zu: %s", name, number, trouble);
            return NULL;
        }
        arena_append(arena, script->rows, script->count, row);
    }
    return script;
}

struct sandbox_fault sandbox_script_next(struct sandbox_script *script,
                                         enum sandbox_stage stage)
{
    uint64_t time = script != NULL ? ++script->times[stage] : 0;

    for (size_t i = 0; script != NULL && i < script->count; i++) {
        const struct script_row *row = &script->rows[i];

        if (row->stage == stage && time >= row->first && time <= row->last)
            return row->fault;
    }
    return (struct sandbox_fault){.kind = FAULT_NONE};
}
