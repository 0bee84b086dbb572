/* The rows of remedy_table.def as data, and words about edits. */
#include <string.h>

#include "base/must.h"
#include "remedy/remedy_private.h"

static remedy_propose_fn *const proposers[FINDING_IDS] = {
#define REMEDY(id, propose)            [ID_##id] = remedy_##propose,
#define REMEDY_OR(id, propose, reason) [ID_##id] = remedy_##propose,
#define NO_REMEDY(id, reason)
#define NO_REMEDIES(prefix, reason)
#include "remedy/remedy_table.def"
#undef NO_REMEDIES
#undef NO_REMEDY
#undef REMEDY_OR
#undef REMEDY
};

static const char *const reasons[FINDING_IDS] = {
#define REMEDY(id, propose)
#define REMEDY_OR(id, propose, reason) [ID_##id] = (reason),
#define NO_REMEDY(id, reason)          [ID_##id] = (reason),
#define NO_REMEDIES(prefix, reason)
#include "remedy/remedy_table.def"
#undef NO_REMEDIES
#undef NO_REMEDY
#undef REMEDY_OR
#undef REMEDY
};

static const struct {
    const char *prefix;
    const char *reason;
} families[] = {
#define REMEDY(id, propose)
#define REMEDY_OR(id, propose, reason)
#define NO_REMEDY(id, reason)
#define NO_REMEDIES(prefix, reason) {#prefix, reason},
#include "remedy/remedy_table.def"
#undef NO_REMEDIES
#undef NO_REMEDY
#undef REMEDY_OR
#undef REMEDY
};

bool remedy_is_proposed(enum finding_id row)
{
    return proposers[row] != NULL;
}

const char *remedy_none_because(enum finding_id row)
{
    const struct span id = span_of(check_row_get(row)->id);

    for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
        if (reasons[row] == NULL && span_starts_with(id, families[i].prefix))
            return families[i].reason;
    return reasons[row];
}

/* is_elsewhere - the finding speaks of a record that is in another zone */
static bool is_elsewhere(struct arena *arena, const struct dns_name *domain,
                         const struct finding_where *where)
{
    enum dns_type type;
    const struct dns_name *name = NULL;

    if (domain == NULL || where->name == NULL || where->type == NULL ||
        !dns_type_parse(span_of(where->type), &type))
        return false;
    name = dns_name_from_text(arena, where->name);
    return name != NULL && !dns_name_is_below(name, domain);
}

const char *remedy_none_for(struct arena *arena, const struct facts *facts,
                            const struct finding *finding)
{
    const char *reason = remedy_none_because(finding->row);

    if (finding->remedy != NULL || finding->status != FINDING_FIRES ||
        finding->severity > SEV_WARNING)
        return NULL;
    if (reason == NULL && remedy_is_proposed(finding->row) && !remedy_is_reasonable(facts))
        return "the SPF record has more terms than remedies are looked for";
    if (reason == NULL && is_elsewhere(arena, facts->domain.name, &finding->where))
        return "the record is in the zone of another domain";
    return reason;
}

void remedy_propose(struct remedy_maker *maker)
{
    if (proposers[maker->finding->row] != NULL)
        proposers[maker->finding->row](maker);
}

const char *remedy_action_to_text(enum remedy_action action)
{
    switch (action) {
    case REMEDY_ADD:
        return "add";
    case REMEDY_REPLACE:
        return "replace";
    case REMEDY_REMOVE:
        return "remove";
    }
    return NULL;
}

const char *remedy_value(const struct dns_rr *rr)
{
    const char *at = rr->text;

    for (int tabs = 0; tabs < 4; tabs++) {
        at = strchr(at, '\t');
        must(at != NULL);
        at++;
    }
    return at;
}
