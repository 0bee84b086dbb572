/*
 * Edits of a zone in one of the forms of --record-format, for edits that no remedy makes.
 *
 * usage: record_edits FORM <EDITS   Lines: "has RR" (the world as it is), "add RR",
 * "remove RR", "replace RR" with "by RR" on the next line; RR as in zone files.
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "dns/dns_rr.h"
#include "ledger/ledger.h"
#include "model/facts.h"
#include "render/render_record.h"
#include "remedy/remedy.h"

#define INPUT_MAX (1024 * 1024)

struct reading {
    struct arena *arena;
    struct ledger *ledger;
    struct remedy_edit *edits;
    struct remedy_edit **tail;
};

/* hold - the record is part of the world */
static void hold(struct reading *reading, struct dns_rr *rr)
{
    const struct dns_answer *known = ledger_find(reading->ledger, rr->owner, rr->type);
    struct dns_answer *answer = arena_new_of(reading->arena, struct dns_answer);

    if (known != NULL)
        *answer = *known;
    answer->question = (struct dns_question){rr->owner, rr->type};
    answer->status = DNS_OK;
    dns_answer_append(answer, rr);
    ledger_add(reading->ledger, answer);
}

/* read_line - false: it makes no sense */
static bool read_line(struct reading *reading, struct span line)
{
    static const char *const verbs[] = {"add", "replace", "remove"};
    struct span verb = span_cut(&line, ' ');
    struct err why = {0};
    struct dns_rr *rr =
        dns_rr_from_text(reading->arena, arena_strdup_span(reading->arena, line), &why);
    struct remedy_edit *edit = NULL;

    if (rr == NULL) {
        fprintf(stderr, "record_edits: %s\n", why.text);
        return false;
    }
    if (span_equal_text(verb, "has")) {
        hold(reading, rr);
        return true;
    }
    for (edit = reading->edits; edit != NULL && span_equal_text(verb, "by"); edit = edit->next)
        if (edit->action == REMEDY_REPLACE && edit->rr == NULL) {
            edit->rr = rr;
            return true;
        }
    for (int action = 0; action < 3; action++) {
        if (!span_equal_text(verb, verbs[action]))
            continue;
        edit = arena_new_of(reading->arena, struct remedy_edit);
        edit->action = (enum remedy_action)action;
        *(action == REMEDY_REPLACE ? &edit->old : &edit->rr) = rr;
        *reading->tail = edit;
        reading->tail = &edit->next;
        return true;
    }
    return false;
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_open();
    struct reading reading = {.arena = arena, .ledger = ledger_open(arena)};
    const struct facts facts = {.ledger = reading.ledger};
    struct sbuf out = sbuf_start(arena);
    struct span rest = {NULL, 0};
    struct err why = {0};
    int form = argc == 2 ? render_record_find(argv[1]) : -1;
    bool is_fine = form >= 0 && file_load(arena, "-", INPUT_MAX, &rest, &why);

    reading.tail = &reading.edits;
    while (is_fine && rest.len > 0)
        is_fine = read_line(&reading, span_cut(&rest, '\n'));
    if (is_fine) {
        const struct remedy remedy = {.edits = reading.edits,
                                      .sets = remedy_rrsets(arena, &facts, reading.edits)};

        render_record((enum render_record_form)form, &remedy, &out);
        is_fine = fwrite(sbuf_text(&out), 1, strlen(sbuf_text(&out)), stdout) > 0;
    }
    arena_close(arena);
    return is_fine ? 0 : 1;
}
