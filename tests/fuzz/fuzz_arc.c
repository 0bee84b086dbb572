/*
 * ARC field sets: every line is the value of one field, its first octet says of which. Keys that
 * are asked for are absent, so structure and judgement are run to their end.
 */
#include "auth/auth_arc.h"
#include "base/must.h"
#include "base/sbuf.h"
#include "ledger/ledger.h"
#include "fuzz.h"
#include "mail/mail_message.h"

#define NOW    1800000000
#define PASSES 4

/* part_of - which field a line is */
static enum auth_arc_part part_of(char first)
{
    switch (first) {
    case 'M':
        return AUTH_ARC_MESSAGE_SIGNATURE;
    case 'S':
        return AUTH_ARC_SEAL;
    default:
        return AUTH_ARC_RESULTS;
    }
}

/* message_of - the lines as a message */
static struct span message_of(struct arena *arena, struct span bytes)
{
    struct sbuf text = sbuf_start(arena);

    while (bytes.len > 0) {
        struct span line = span_cut(&bytes, '\n');

        if (line.len == 0)
            continue;
        sbuf_addf(&text, "%s:", auth_arc_part_to_text(part_of(line.at[0])));
        sbuf_add_span(&text, span_from(line, 1));
        sbuf_add(&text, "\r\n");
    }
    sbuf_add(&text, "From: a@example.com\r\n\r\nbody\r\n");
    return sbuf_span(&text);
}

/* answer_all - nothing that is asked for exists */
static void answer_all(struct ledger *ledger)
{
    for (size_t i = 0; i < ledger_count(ledger); i++) {
        const struct dns_answer *asked = ledger_get(ledger, i);
        struct dns_answer answer = {
            .question = asked->question, .status = DNS_NXDOMAIN, .source = "fuzz"};

        if (asked->status == DNS_PENDING)
            ledger_add(ledger, &answer);
    }
}

/* check_sets - in order, and none of them empty */
static void check_sets(const struct auth_arc_prepared *prepared)
{
    for (size_t i = 0; i < prepared->count; i++) {
        const struct auth_arc_set *set = &prepared->sets[i];

        must(i == 0 || set->instance > prepared->sets[i - 1].instance);
        must(set->fields[AUTH_ARC_RESULTS] != NULL || set->fields[AUTH_ARC_SEAL] != NULL ||
             set->fields[AUTH_ARC_MESSAGE_SIGNATURE] != NULL);
    }
}

FUZZ(arena, bytes)
{
    struct mail_message *message = mail_message_parse(arena, message_of(arena, bytes));
    struct auth_dkim_prepared *dkim = NULL;
    const struct auth_arc_prepared *prepared = auth_arc_prepare(arena, message, &dkim);
    struct ledger *ledger = ledger_open(arena);
    const struct auth_arc_verdict *verdict = NULL;

    check_sets(prepared);
    for (int pass = 0; pass < PASSES; pass++) {
        verdict = auth_arc_judge(arena, ledger, prepared, NOW);
        if (!verdict->is_pending)
            break;
        answer_all(ledger);
    }
    must(!verdict->is_pending);
    must(verdict->reason != NULL && verdict->failed_instance <= 99);
    must(verdict->result != ARC_PASS); /* no key exists */
}
