/*
 * The chain of trust over foreign records. Each line of the input is one: "Q name TYPE STATUS"
 * begins an answer, "R", "S" and "D" add a record, a signature or a denial to it as a snapshot
 * holds them. All answers are judged, whatever anchors the root has.
 */
#include "dns/dns_proofs.h"
#include "dns/dns_rr.h"
#include "dnssec/dnssec_chain.h"
#include "ledger/ledger.h"
#include "fuzz.h"

#define ANSWERS_MAX 64
#define NOW         1795564800 /* 2026-11-25: the seeds are signed then */

struct making {
    struct arena *arena;
    struct ledger *ledger;
    struct dns_answer *answer;
    struct dns_proofs *proofs;
    struct dnssec_anchor *anchors;
    int count;
};

/* finish - the answer is whole */
static void finish(struct making *making)
{
    if (making->answer != NULL && making->count++ < ANSWERS_MAX)
        ledger_add(making->ledger, making->answer);
    making->answer = NULL;
}

/* begin - "name TYPE STATUS" */
static void begin(struct making *making, struct span line)
{
    struct span name = span_cut(&line, ' ');
    struct span type = span_cut(&line, ' ');
    struct dns_answer *answer = arena_new_of(making->arena, struct dns_answer);

    finish(making);
    answer->question.name =
        dns_name_from_text(making->arena, arena_strdup_span(making->arena, name));
    if (answer->question.name == NULL || !dns_type_parse(type, &answer->question.type) ||
        !dns_status_parse(line, &answer->status) || answer->status == DNS_PENDING)
        return;
    making->proofs = arena_new_of(making->arena, struct dns_proofs);
    answer->proofs = making->proofs;
    making->answer = answer;
}

/* add - a record of the answer, or an anchor */
static void add(struct making *making, char kind, struct span line)
{
    struct err why = {0};
    struct dns_rr *rr =
        dns_rr_from_text(making->arena, arena_strdup_span(making->arena, line), &why);

    if (rr == NULL)
        return;
    if (kind == 'T' && (rr->type == DNS_DS || rr->type == DNS_DNSKEY)) {
        struct dnssec_anchor *anchor = arena_new_of(making->arena, struct dnssec_anchor);

        *anchor = (struct dnssec_anchor){rr, making->anchors};
        making->anchors = anchor;
    }
    if (making->answer == NULL)
        return;
    if (kind == 'R')
        dns_answer_append(making->answer, rr);
    if (kind == 'S' || kind == 'D')
        dns_proofs_insert(making->proofs, rr);
}

FUZZ(arena, bytes)
{
    struct making making = {.arena = arena, .ledger = ledger_open(arena)};
    struct ledger *world = NULL;
    struct dnssec_chain *chain = NULL;

    while (bytes.len > 0) {
        struct span line = span_cut(&bytes, '\n');
        char kind = line.len > 1 ? line.at[0] : ' ';

        if (line.len > 2 && kind == 'Q')
            begin(&making, span_from(line, 2));
        else if (line.len > 2)
            add(&making, kind, span_from(line, 2));
    }
    finish(&making);
    world = ledger_over(arena, making.ledger, NULL, 0); /* nothing is ever pending */
    chain = dnssec_chain_open(arena, world, making.anchors, NOW);
    for (size_t i = 0; i < ledger_count(making.ledger); i++) {
        const struct dnssec_chain_verdict *verdict =
            dnssec_chain_judge(chain, ledger_get(making.ledger, i));

        if ((verdict->reason == NULL) != (verdict->state == DNSSEC_SECURE))
            abort(); /* what is not secure says why */
    }
}
