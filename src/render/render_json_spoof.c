/* Who could send in the domain's name: a policy a row, a sender a column. */
#include "base/arena.h"
#include "model/dns_answer.h"
#include "model/report.h"
#include "model/spoof.h"
#include "render/render_json.h"

static const char *const senders[] = {"domain", "existing_subdomain", "missing_subdomain"};

/* cell_object - what receivers learn by both standards */
static json_t *cell_object(struct arena *arena, const struct remedy_spoof_cell *cell)
{
    return json_pack("{s:o, s:o, s:I}", "rfc9989",
                     render_json_text(arena, remedy_spoof_outcome_to_text(cell->outcome)),
                     "rfc7489",
                     render_json_text(arena, remedy_spoof_outcome_to_text(cell->rfc7489)),
                     "rfc7489_percent", (json_int_t)cell->percent);
}

/* json_spoof_policy_object - one policy with all senders */
static json_t *json_spoof_policy_object(struct arena *arena,
                                        const struct remedy_spoof_policy *policy)
{
    json_t *object =
        json_pack("{s:s, s:o, s:b}", "policy", policy->name, "record",
                  render_json_raw(arena, policy->record), "stricter", policy->is_stricter);
    for (size_t i = 0; i < REMEDY_SPOOF_SENDERS; i++)
        json_object_set_new(object, senders[i], cell_object(arena, &policy->cells[i]));
    return object;
}

json_t *render_json_spoof(struct arena *arena, const struct report *report)
{
    const struct remedy_spoof *spoof = report->spoof;
    json_t *policies = NULL;

    if (spoof == NULL)
        return json_null();
    policies = json_array();
    for (size_t i = 0; i < REMEDY_SPOOF_POLICIES; i++)
        json_array_append_new(policies, json_spoof_policy_object(arena, &spoof->policies[i]));
    return json_pack("{s:o, s:o, s:s}", "wildcard",
                     spoof->missing == NULL ||
                             !dns_status_is_answer(report->facts->domain.wildcard_dmarc->status)
                         ? json_null()
                         : json_boolean(spoof->has_wildcard),
                     "policies", policies, "cousin_domain",
                     "no policy of this domain applies to another domain");
}
