/*
 * What a comparison of two worlds found, as findings: one function for all rows, because what
 * is lost was decided by compare/ and only has to be said.
 */
#include "base/arena.h"
#include "base/escape.h"
#include "base/limits.h"
#include "check/check_emit.h"
#include "model/compare.h"
#include "model/dns_answer.h"
#include "model/finding.h"

#define NETWORKS_SHOWN 6 /* enough to recognise a block; JSON has them all */
#define NETWORKS_NAMED 2 /* where they stand for a name */

/* change_who - who is meant, in words */
static const char *change_who(struct arena *arena, const struct compare_change *change)
{
    if (change->provider != NULL)
        return change->provider->title;
    if (change->what != NULL || !change->has_addresses)
        return change->what;
    return compare_networks_text(arena, change->addresses, NETWORKS_NAMED);
}

/* change_where - the record after the change, or the one before; with the world it is in */
static struct finding_where change_where(struct emitter *out,
                                         const struct compare_change *change)
{
    struct finding_where where =
        where_name(out, change->answer->question.name, change->answer->question.type);

    if (change->rr != NULL)
        where = where_rr(out, change->answer, change->rr);
    if (change->term.len > 0)
        where.term = escape_to_text(out->arena, change->term, LIMIT_SHOWN_BYTES);
    where.world = change->is_old ? "old" : "new";
    return where;
}

/* add_addresses - how many, and which */
static void add_addresses(struct found *found, const struct compare_change *change)
{
    if (!change->has_addresses) {
        found_text(found, "addresses", "an unknown number of addresses");
        return;
    }
    found_text(found, "addresses", compare_size_text(found->arena, change->addresses));
    found_text(found, "networks",
               compare_networks_text(found->arena, change->addresses, NETWORKS_SHOWN));
}

/* is_about_addresses - the text of the row speaks of who may send */
static bool is_about_addresses(enum compare_kind kind)
{
    return kind == COMPARE_KIND_spf_addresses_lost ||
           kind == COMPARE_KIND_spf_addresses_gained || kind == COMPARE_KIND_spf_widened;
}

/* change_cause - why, where it is not the record itself */
static const char *change_cause(struct arena *arena, const struct compare_change *change)
{
    const struct dns_question *question =
        change->cause.answers[1] != NULL ? &change->cause.answers[1]->question : NULL;

    if (!change->is_foreign)
        return "";
    if (question == NULL)
        return "; the record itself is unchanged, one that it refers to is not";
    return arena_printf(arena,
                        change->is_brought ? "; the change to %s of %s does that"
                                           : "; %s of %s changed by itself",
                        dns_type_to_text(arena, question->type), question->name->text);
}

/* add_values - the named arguments of a change */
static void add_values(struct found *found, const struct compare *compare,
                       const struct compare_change *change)
{
    found_name(found, "domain", compare->after->domain.name);
    found_text(found, "who", change_who(found->arena, change));
    found_text(found, "what", change->what);
    if (change->provider != NULL)
        found_text(found, "provider", change->provider->name);
    found_text(found, "before", change->before);
    found_text(found, "after", change->after);
    if (!is_about_addresses(change->kind))
        return;
    add_addresses(found, change);
    found_text(found, "result", change->result);
    found_text(found, "cause", change_cause(found->arena, change));
}

/* emit_change - one change as a finding of the row that is running */
static void emit_change(struct emitter *out, const struct compare_change *change)
{
    struct finding_where where = change_where(out, change);
    struct found *found = change->unknown != NULL
                              ? emit_undetermined(out, where, change->unknown)
                              : emit(out, where);

    if (change->unknown == NULL)
        add_values(found, out->compare, change);
    found_key(found, arena_printf(out->arena, "%s %s", change->answer->question.name->text,
                                  change->what != NULL ? change->what : ""));
}

/* emit_changes - all of one kind */
static void emit_changes(struct emitter *out, enum compare_kind kind)
{
    if (out->compare == NULL)
        return;
    for (const struct compare_change *change = out->compare->changes; change != NULL;
         change = change->next)
        if (change->kind == kind)
            emit_change(out, change);
}

#define COMPARE(id, class) CHECK_AS(id, emit_changes(out, COMPARE_KIND_##id))
#include "model/compare.def"
