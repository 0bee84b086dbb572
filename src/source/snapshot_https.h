/*
 * NAME
 *     snapshot_https - facts fetched over HTTPS, as lines of a snapshot
 * DESCRIPTION
 *     {"name":URL,"type":"HTTPS","status":WORD,"body":TEXT,...}: a body that is not
 *     UTF-8 text is "body_hex". "status" may be left out where there is a body: it is OK then.
 * OWNERSHIP
 *     In the arena; the object stays the caller's.
 * ERRORS
 *     snapshot_https_read() returns what is wrong with the line, or NULL.
 */
#ifndef SNAPSHOT_HTTPS_H
#define SNAPSHOT_HTTPS_H

#include <jansson.h>

#include "base/arena.h"
#include "model/https_fact.h"

#define SNAPSHOT_HTTPS "HTTPS"

/* is it worth a line: somebody answered, or was asked in vain */
bool snapshot_https_is_kept(const struct https_fact *fact);
json_t *snapshot_https_json(struct arena *arena, const struct https_fact *fact);
const char *snapshot_https_read(struct arena *arena, const json_t *object,
                                struct https_fact *fact_out);

#endif
