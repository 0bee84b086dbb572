/*
 * NAME
 *     sandbox_post - files as requests to a webhook
 * DESCRIPTION
 *     Private to sandbox/. One request a file, over HTTP in clear.
 * OWNERSHIP
 *     Nothing is kept.
 * ERRORS
 *     False and `why`: it was not accepted.
 */
#ifndef SANDBOX_POST_H
#define SANDBOX_POST_H

#include "base/err.h"
#include "base/sbuf.h"

/* "http://..." instead of a folder */
bool sandbox_post_is_url(const char *place);
bool sandbox_post(const char *url, const char *name, struct sbuf *content, struct err *why);

#endif
