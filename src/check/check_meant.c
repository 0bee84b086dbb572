/*
 * What a broken record was meant to say, with the findings about what is wrong with it, and
 * records that are where nobody looks for them.
 */
#include <string.h>

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "check/check_emit.h"
#include "check/check_facts.h"
#include "model/dmarc_verdict.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/rec_meant.h"
#include "model/spf_verdict.h"

/* meant_repair - what was done about the text as it was written; NULL: nothing by itself */
static const struct rec_repair *meant_repair(struct arena *arena, const struct rec_meant *meant,
                                             struct span written)
{
    const char *text = escape_to_text(arena, written, LIMIT_SHOWN_BYTES);
    const struct rec_repair *found = NULL;

    for (const struct rec_repair *repair = meant->repairs; repair != NULL;
         repair = repair->next)
        if (repair->meant[0] != '\0' &&
            (strcmp(repair->written, text) == 0 ||
             (found != NULL && strcmp(repair->written, found->meant) == 0)))
            found = repair;
    return found;
}

void found_meant_part(struct found *found, const struct meant_facts *facts, struct span written)
{
    const struct rec_meant *meant = facts->meant;
    const struct rec_repair *repair = NULL;

    if (meant == NULL || found->is_counted_only)
        return;
    if (meant->other == NULL && written.len > 0)
        repair = meant_repair(found->arena, meant, written);
    if (repair != NULL)
        found_text(found, "meant", repair->meant);
    else
        found_meant(found, facts);
}

void found_meant(struct found *found, const struct meant_facts *facts)
{
    const struct rec_meant *meant = facts->meant;
    struct sbuf text = sbuf_start(found->arena);

    if (meant == NULL || found->is_counted_only)
        return;
    for (; meant != NULL; meant = meant->other)
        sbuf_addf(&text, "%s\"%s\"", text.len > 0 ? " or " : "",
                  escape_to_text(found->arena, meant->text, LIMIT_SHOWN_BYTES));
    found_text(found, "meant", sbuf_text(&text));
}

void found_meant_alias(struct found *found, const struct dns_name *name,
                       const struct dns_name *target)
{
    if (target != NULL && !found->is_counted_only)
        found_text(
            found, "meant",
            arena_printf(found->arena, "an alias: %s. CNAME %s.", name->text, target->text));
}

/* emit_misplaced - records at another name, and what broken ones were meant to say */
static void emit_misplaced(struct emitter *out, const struct misplaced_facts *misplaced,
                           const char *key)
{
    for (; misplaced != NULL; misplaced = misplaced->next) {
        struct found *found = NULL;

        if (misplaced->is_reported)
            continue;
        found = emit(out, where_rr(out, misplaced->answer, misplaced->rr));
        found_name(found, "place", misplaced->place);
        found_text(found, "because", misplaced->because);
        if (!span_equal(misplaced->text, misplaced->rr->joined))
            found_text(
                found, "meant",
                arena_printf(out->arena, "\"%s\"",
                             escape_to_text(out->arena, misplaced->text, LIMIT_SHOWN_BYTES)));
        found_key(found, arena_printf(out->arena, "%s %s", key,
                                      misplaced->answer->question.name->text));
    }
}

CHECK_AS(spf_misplaced, emit_misplaced(out, facts->domain.spf_elsewhere, ""))
CHECK_AS(dmarc_misplaced, emit_misplaced(out, facts->domain.dmarc_elsewhere, ""))

/* check_dkim_key_misplaced - the key of a selector that has none */
void check_dkim_key_misplaced(const struct facts *facts, struct emitter *out)
{
    for (const struct selector_facts *selector = facts->domain.selectors; selector != NULL;
         selector = selector->next)
        emit_misplaced(out, selector->misplaced, selector->key_name->text);
}

/* alias_to_nothing - the name is an alias, and nothing of the type is where it leads */
static const struct dns_name *alias_to_nothing(const struct dns_answer *answer)
{
    return answer != NULL && answer->records != NULL && answer->records->type == DNS_CNAME &&
                   dns_status_is_absent(answer->status)
               ? dns_answer_final_name(answer)
               : NULL;
}

/* check_dmarc_alias_dangling - _dmarc.<domain> is an alias that leads nowhere */
void check_dmarc_alias_dangling(const struct facts *facts, struct emitter *out)
{
    const struct auth_dmarc_step *step = check_dmarc_own_step(facts);
    const struct dns_name *target = step != NULL ? alias_to_nothing(step->answer) : NULL;
    struct found *found = NULL;

    /* one alias for all names below the domain was not made for this */
    if (target == NULL || alias_to_nothing(facts->domain.wildcard_dmarc) != NULL)
        return;
    found = emit(out, where_name(out, step->answer->question.name, DNS_TXT));
    found_name(found, "target", target);
    found_meant_alias(found, step->answer->question.name, facts->domain.dmarc_alias_meant);
}

/* check_spf_alias_dangling - a name of the domain that its record includes leads nowhere */
void check_spf_alias_dangling(const struct facts *facts, struct emitter *out)
{
    const struct auth_spf_node *root = check_spf_root(facts);

    for (const struct auth_spf_node *node = root != NULL ? root->next : NULL; node != NULL;
         node = node->next) {
        const struct dns_name *target = alias_to_nothing(node->answer);

        if (target != NULL && dns_name_is_below(node->name, facts->domain.name))
            found_name(emit(out, where_name(out, node->name, DNS_TXT)), "target", target);
    }
}
