/* The ARC chain of the message, which carries no weight: who sealed it, or where it breaks. */
#include "base/arena.h"
#include "check/check_emit.h"
#include "model/arc_verdict.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/mail_message.h"
#include "model/result.h"

#define SEALERS_SHOWN 6 /* named in one finding; the rest is counted */

/* any_field - the field of the set that is looked at first: the newest that is there */
static const struct mail_header *any_field(const struct auth_arc_set *set)
{
    for (size_t part = AUTH_ARC_PARTS; part-- > 0;)
        if (set->fields[part] != NULL)
            return set->fields[part];
    return NULL;
}

/* where_instance - the seal of the instance, or another field of it; the chain as a whole
 * where nothing of it is there */
static struct finding_where
where_instance(struct emitter *out, const struct auth_arc_verdict *verdict, unsigned instance)
{
    struct finding_where where = {.name = "ARC-Seal", .type = "header"};

    for (size_t i = 0; i < verdict->count; i++) {
        const struct auth_arc_set *set = verdict->instances[i].set;

        if (set->instance != instance)
            continue;
        where = where_header(out, any_field(set));
        where.term = arena_printf(out->arena, "i=%u", instance);
    }
    return where;
}

/* check_arc_invalid - the chain cannot be trusted, whoever sealed it */
void check_arc_invalid(const struct facts *facts, struct emitter *out)
{
    const struct auth_arc_verdict *verdict = facts->message.arc;
    struct finding_where where;
    struct found *found = NULL;

    if (verdict == NULL)
        return;
    where = where_instance(out, verdict, verdict->failed_instance);
    if (verdict->is_undetermined) {
        emit_undetermined(out, where, verdict->reason);
        return;
    }
    if (verdict->result != ARC_FAIL)
        return;
    found = emit(out, where);
    found_text(found, "because", verdict->reason);
    found_number(found, "instance", verdict->failed_instance);
}

/* check_arc_passes - the chain holds */
void check_arc_passes(const struct facts *facts, struct emitter *out)
{
    const struct auth_arc_verdict *verdict = facts->message.arc;
    struct check_list sealers = check_list_start(out->arena, SEALERS_SHOWN);
    const struct auth_arc_set *newest = NULL;
    struct found *found = NULL;

    if (verdict == NULL || verdict->is_undetermined || verdict->result != ARC_PASS)
        return;
    for (size_t i = 0; i < verdict->count; i++)
        check_list_add(&sealers, verdict->instances[i].set->seal.domain->text);
    newest = verdict->instances[verdict->count - 1].set;
    found = emit(out, where_instance(out, verdict, newest->instance));
    found_number(found, "count", (int64_t)verdict->count);
    found_text(found, "sealers", check_list_text(&sealers));
    found_name(found, "newest", newest->seal.domain);
    found_number(found, "oldest_pass", verdict->oldest_pass);
}
