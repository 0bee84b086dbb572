/*
 * DNSEndpoint resources of external-dns (externaldns.k8s.io/v1alpha1), many YAML documents in a
 * file or one list in JSON. An open world: each endpoint is a whole set.
 */
#include <string.h>

#include "base/limits.h"
#include "plan/plan_reader.h"

#define ENDPOINT_TTL 300 /* where the provider chooses */

/* endpoint_is - a document is a DNSEndpoint */
static bool endpoint_is(const struct plan_node *document)
{
    const char *kind = plan_text(document, "kind");

    return kind != NULL && strcmp(kind, "DNSEndpoint") == 0;
}

bool plan_is_externaldns(const struct plan_input *in)
{
    if (in->is_json) {
        const struct plan_node *items = plan_get(in->root, "items");

        return endpoint_is(in->root) || (plan_is_list(items) && endpoint_is(items->first));
    }
    for (const struct plan_node *one = in->root->first; one != NULL; one = one->next)
        if (endpoint_is(one))
            return true;
    return false;
}

/* endpoint_read - one set */
static void endpoint_read(const struct plan_input *in, const struct plan_node *endpoint)
{
    const struct plan_node *targets = plan_get(endpoint, "targets");
    const char *name = plan_text(endpoint, "dnsName");
    const char *type = plan_text(endpoint, "recordType");
    struct plan_value value = {
        .owner = name,
        .type = type,
        .ttl = plan_number(endpoint, "recordTTL", INT32_MAX, ENDPOINT_TTL),
        .form = PLAN_TEXT_EITHER,
        .file = in->plan->path,
    };
    const char *variant = plan_text(endpoint, "setIdentifier");

    if (name == NULL || type == NULL || !plan_is_list(targets)) {
        plan_fault(in->plan, PLAN_AT(in->plan->path, endpoint->line),
                   "an endpoint without dnsName, recordType and targets");
        return;
    }
    for (const struct plan_node *one = targets->first; one != NULL; one = one->next) {
        struct plan_entry *entry = NULL;

        value.data = one->text;
        value.line = one->line;
        entry = plan_add_rr(in->plan, &in->plan->open, PLAN_HAS, &value);
        if (entry != NULL && variant != NULL)
            entry->variant = arena_strdup(in->plan->arena, variant);
    }
}

/* endpoint_document - all endpoints of one */
static void endpoint_document(const struct plan_input *in, const struct plan_node *document)
{
    const struct plan_node *endpoints = plan_get(plan_get(document, "spec"), "endpoints");

    if (!endpoint_is(document) || !plan_is_list(endpoints))
        return;
    for (const struct plan_node *one = endpoints->first; one != NULL; one = one->next)
        endpoint_read(in, one);
}

void plan_read_externaldns(const struct plan_input *in)
{
    const struct plan_node *items = in->is_json ? plan_get(in->root, "items") : in->root;

    if (in->is_json && !plan_is_list(items)) {
        endpoint_document(in, in->root);
        return;
    }
    for (const struct plan_node *one = items->first; one != NULL; one = one->next)
        endpoint_document(in, one);
}
