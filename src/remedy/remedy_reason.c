/* Why nothing is proposed. */
#include "base/limits.h"
#include "base/span.h"
#include "model/finding.h"
#include "model/finding_id.h"
#include "remedy/remedy_private.h"

static const char *const reasons[FINDING_IDS] = {
#define REMEDY_OR(id, propose, reason) [ID_##id] = (reason),
#define NO_REMEDY(id, reason)          [ID_##id] = (reason),
#include "remedy/remedy_table.def"
};

static const struct {
    const char *prefix;
    const char *reason;
} families[] = {
#define NO_REMEDIES(prefix, reason) {#prefix, reason},
#include "remedy/remedy_table.def"
};

const char *remedy_none_because(enum finding_id row)
{
    const struct span id = span_of(check_row_get(row)->id);

    for (size_t i = 0; i < COUNT_OF(families); i++)
        if (reasons[row] == NULL && span_starts_with(id, families[i].prefix))
            return families[i].reason;
    return reasons[row];
}

bool remedy_is_reasonable(const struct facts *facts)
{
    const struct auth_spf_node *root = check_spf_root(facts);

    return root == NULL || root->record == NULL ||
           root->record->term_count <= LIMIT_REMEDY_TERMS;
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

/* remedy_none_for - the same for a finding at hand */
static const char *remedy_none_for(struct arena *arena, const struct facts *facts,
                                   const struct finding *finding)
{
    const char *reason = remedy_none_because(finding->row);

    if (finding->remedy != NULL || finding->status != FINDING_FIRES ||
        finding->severity > SEV_WARNING)
        return NULL;
    if (reason == NULL && remedy_is_proposed(finding->row) && !remedy_is_reasonable(facts))
        return "the SPF record has too many terms for a remedy to be computed";
    if (reason == NULL && is_elsewhere(arena, facts->domain.name, &finding->where))
        return "the record is in the zone of another domain";
    return reason;
}

void remedy_note_none(struct arena *arena, const struct facts *facts, struct finding *findings)
{
    for (; findings != NULL; findings = findings->next)
        findings->no_remedy = remedy_none_for(arena, facts, findings);
}
