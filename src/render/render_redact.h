/*
 * NAME
 *     render_redact - a document without personal data
 * DESCRIPTION
 *     Private to render/. In every text of the document, the local parts of mail
 *     addresses and message ids become "[redacted]", IP addresses "[address]", and
 *     quotes of the message are removed. Values of DNS records stay: they are public,
 *     and redacted ones could not be published.
 * OWNERSHIP
 *     The document given is used up; what comes back is the caller's. Values that others hold
 *     stay as they are.
 * ERRORS
 *     None.
 */
#ifndef RENDER_REDACT_H
#define RENDER_REDACT_H

#include <jansson.h>

#include "base/arena.h"

json_t *render_redact(struct arena *arena, json_t *document);

#endif
