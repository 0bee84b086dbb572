/*
 * DNSEndpoint resources of external-dns (externaldns.k8s.io/v1alpha1), many YAML documents in a
 * file or one list in JSON. An open world: each endpoint is a whole set. What is annotated with
 * a host name gets addresses that the cluster knows.
 */
#include <string.h>

#include "base/arena.h"
#include "base/ip.h"
#include "base/span.h"
#include "plan/plan_reader.h"

#define ANNOTATION   "external-dns.alpha.kubernetes.io/"
#define HOSTNAME     ANNOTATION "hostname"
#define TARGET       ANNOTATION "target"
#define ENDPOINT_TTL 300 /* where the provider chooses */

/* endpoint_is - a document is a DNSEndpoint */
static bool endpoint_is(const struct plan_node *document)
{
    const char *kind = plan_text(document, "kind");

    return kind != NULL && strcmp(kind, "DNSEndpoint") == 0;
}

/* annotation_of - "external-dns.alpha.kubernetes.io/KEY" of a Service, Ingress or the like */
static const char *annotation_of(const struct plan_node *document, const char *key)
{
    const struct plan_node *annotations =
        plan_get(plan_get(document, "metadata"), "annotations");

    return plan_text(annotations, key);
}

/* is_annotated - external-dns makes addresses for it */
static bool is_annotated(const struct plan_node *document)
{
    return annotation_of(document, HOSTNAME) != NULL;
}

/* each_document - of the file, and of lists in it ("kind: List") */
static void each_document(const struct plan_input *in, const struct plan_node *document,
                          void (*each)(const struct plan_input *in,
                                       const struct plan_node *document, void *ctx),
                          void *ctx)
{
    const struct plan_node *items = plan_get(document, "items");

    if (!plan_is_list(items)) {
        each(in, document, ctx);
        return;
    }
    for (const struct plan_node *one = items->first; one != NULL; one = one->next)
        each(in, one, ctx);
}

/* note_endpoint - sets a bool: the document is one of external-dns */
static void note_endpoint(const struct plan_input *in, const struct plan_node *document,
                          void *ctx)
{
    (void)in;
    if (endpoint_is(document) || is_annotated(document))
        *(bool *)ctx = true;
}

/* all_documents - each_document() of the whole file */
static void all_documents(const struct plan_input *in,
                          void (*each)(const struct plan_input *in,
                                       const struct plan_node *document, void *ctx),
                          void *ctx)
{
    if (in->is_json)
        each_document(in, in->root, each, ctx);
    for (const struct plan_node *one = in->is_json ? NULL : in->root->first; one != NULL;
         one = one->next)
        each_document(in, one, each, ctx);
}

bool plan_is_externaldns(const struct plan_input *in)
{
    bool is_one = false;

    all_documents(in, note_endpoint, &is_one);
    return is_one;
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

/* hostname_read - a name that gets addresses: of an annotation, or nobody knows them yet */
static void hostname_read(const struct plan_input *in, const struct plan_node *document,
                          const char *name)
{
    static const char *const types[] = {"A", "AAAA"};
    struct plan *plan = in->plan;
    struct span targets = span_of("");
    struct plan_value value = {
        .owner = name, .ttl = ENDPOINT_TTL, .file = plan->path, .line = document->line};

    if (annotation_of(document, TARGET) != NULL)
        targets = span_of(annotation_of(document, TARGET));
    while (targets.len > 0) {
        struct ip_address address = {0};
        struct span target = span_trim(span_cut(&targets, ','));

        value.data = arena_strdup_span(plan->arena, target);
        value.type = "CNAME";
        if (ip_parse(target, &address))
            value.type = address.family == IP_V4 ? types[0] : types[1];
        plan_add_rr(plan, &plan->open, PLAN_HAS, &value);
    }
    for (size_t i = 0; i < 2 && annotation_of(document, TARGET) == NULL; i++) {
        struct plan_entry *entry = NULL;

        value.type = types[i];
        entry = plan_add_set(plan, &plan->open, PLAN_UNKNOWN, &value);
        if (entry != NULL)
            entry->detail = "the cluster gives the address";
    }
}

/* endpoint_document - all endpoints of one, or the names of its annotation */
static void endpoint_document(const struct plan_input *in, const struct plan_node *document,
                              void *ctx)
{
    const struct plan_node *endpoints = plan_get(plan_get(document, "spec"), "endpoints");
    struct span names = span_of("");

    (void)ctx;
    if (is_annotated(document))
        names = span_of(annotation_of(document, HOSTNAME));
    while (names.len > 0)
        hostname_read(in, document,
                      arena_strdup_span(in->plan->arena, span_trim(span_cut(&names, ','))));
    if (!endpoint_is(document) || !plan_is_list(endpoints))
        return;
    for (const struct plan_node *one = endpoints->first; one != NULL; one = one->next)
        endpoint_read(in, one);
}

void plan_read_externaldns(const struct plan_input *in)
{
    in->plan->is_open = true;
    all_documents(in, endpoint_document, NULL);
}
