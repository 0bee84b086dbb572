/*
 * NAME
 *     render_providers - providers that send or receive mail for others
 * DESCRIPTION
 *     All providers, a line each, or one with its names, steps and sources; and
 *     how those that a domain uses were recognised.
 * OWNERSHIP
 *     Bytes go to `out`; a JSON value belongs to the caller.
 * ERRORS
 *     None.
 */
#ifndef RENDER_PROVIDERS_H
#define RENDER_PROVIDERS_H

#include <jansson.h>

#include "base/arena.h"
#include "base/sbuf.h"
#include "model/facts.h"
#include "model/provider.h"
#include "model/report.h"
#include "render/render_page.h"

struct render_providers {
    const struct provider *list;
    size_t count;
    const char *as_of; /* of those that are built in */
    bool is_full;      /* with names, steps and sources */
};

void render_providers_text(const struct render_providers *providers,
                           const struct report_options *options, struct sbuf *out);
void render_providers_json(const struct render_providers *providers,
                           const struct report_options *options, struct sbuf *out);

/* "Google Workspace, recognised by its MX" */
const char *render_provider_seen(struct arena *arena, const struct provider_seen *seen);

/* those that the records of the domain name, with how */
json_t *render_json_providers_seen(struct arena *arena, const struct domain_facts *domain);

#endif
