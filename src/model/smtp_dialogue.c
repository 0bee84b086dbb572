/* Two arrays of rows and their order in the session, made from one file. */
#include "base/must.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/smtp_dialogue.h"

#define ROW(id, step, sends, accepts, next, session, refused, timeout, standard, happens) \
    {step, sends, accepts, SMTP_STATE_##next, SMTP_STATE_##refused, timeout, standard, happens},
#define SESSION_NEXT(id, step, sends, accepts, next, session, ...) \
    [SMTP_STATE_##id] = SMTP_STATE_##session,

static const struct smtp_dialogue probe_rows[] = {
#define DIALOGUE_PROBE ROW
#include "model/smtp_dialogue.def"
};

static const struct smtp_dialogue session_rows[] = {
#define DIALOGUE_SESSION ROW
#include "model/smtp_dialogue.def"
};

/* apart from the rows, so that those of the client lead to no other */
static const enum smtp_state session_next[SMTP_STATES] = {
#define DIALOGUE_PROBE   SESSION_NEXT
#define DIALOGUE_SESSION SESSION_NEXT
#include "model/smtp_dialogue.def"
};

static const struct smtp_port ports[] = {
#define DIALOGUE_PORT(number, name, mode, has_login, purpose, mismatch) \
    {number, name, SMTP_TLS_##mode, has_login, purpose, mismatch},
#include "model/smtp_dialogue.def"
};

const struct smtp_dialogue *smtp_dialogue_probe(enum smtp_state state)
{
    must(state < SMTP_PROBE_STATES);
    return &probe_rows[state];
}

const struct smtp_dialogue *smtp_dialogue_get(enum smtp_state state)
{
    must(state < SMTP_STATES && state != SMTP_STATE_CLOSED);
    return state < SMTP_PROBE_STATES ? &probe_rows[state]
                                     : &session_rows[state - SMTP_STATE_CLOSED - 1];
}

enum smtp_state smtp_dialogue_session_next(enum smtp_state state)
{
    must(state < SMTP_STATES && state != SMTP_STATE_CLOSED);
    return session_next[state];
}

bool smtp_dialogue_accepts(const struct smtp_dialogue *row, unsigned code)
{
    struct span rest = span_of(row->accepts);
    uint64_t number = 0;

    while (rest.len > 0)
        if (span_to_number(span_cut(&rest, ' '), 999, &number) && number == code)
            return true;
    return false;
}

/* dialogue_word_of - what stands for the name in braces */
static const char *dialogue_word_of(struct span name, const struct smtp_dialogue_words *words)
{
    const struct {
        const char *name;
        const char *word;
    } table[] = {{"name", words->name},
                 {"mechanism", words->mechanism},
                 {"sender", words->sender},
                 {"recipient", words->recipient}};

    for (size_t i = 0; i < COUNT_OF(table); i++)
        if (span_equal_text(name, table[i].name))
            return table[i].word != NULL ? table[i].word : "";
    must(!"a word of the dialogue is not known");
    return "";
}

const char *smtp_dialogue_line(struct arena *arena, const struct smtp_dialogue *row,
                               const struct smtp_dialogue_words *words)
{
    struct sbuf line = sbuf_start(arena);
    struct span rest = span_of(row->sends);

    while (rest.len > 0) {
        sbuf_add_span(&line, span_cut(&rest, '{'));
        if (rest.len > 0)
            sbuf_add(&line, dialogue_word_of(span_cut(&rest, '}'), words));
    }
    return sbuf_text(&line);
}

size_t smtp_port_count(void)
{
    return COUNT_OF(ports);
}

const struct smtp_port *smtp_port_get(size_t index)
{
    must(index < smtp_port_count());
    return &ports[index];
}

const struct smtp_port *smtp_port_find(unsigned number)
{
    for (size_t i = 0; i < smtp_port_count(); i++)
        if (ports[i].number == number)
            return &ports[i];
    return NULL;
}
