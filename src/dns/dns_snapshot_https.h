/*
 * NAME
 *     dns_snapshot_https - facts fetched over HTTPS, as lines of a snapshot
 * DESCRIPTION
 *     {"name":URL,"type":"HTTPS","status":WORD,"body":TEXT,...}: a body that is no UTF-8
 *     text is "body_hex". "status" may be left out where there is a body: it is OK then.
 *     Private to dns/.
 * OWNERSHIP
 *     In the arena; the object stays the caller's.
 * ERRORS
 *     dns_snapshot_https_read() returns what is wrong with the line, or NULL.
 */
#ifndef DNS_SNAPSHOT_HTTPS_H
#define DNS_SNAPSHOT_HTTPS_H

#include <jansson.h>

#include "dns/dns_https.h"

#define DNS_SNAPSHOT_HTTPS "HTTPS"

/* is it worth a line: somebody answered, or was asked in vain */
bool dns_snapshot_https_is_kept(const struct dns_https *fact);
json_t *dns_snapshot_https_json(struct arena *arena, const struct dns_https *fact);
const char *dns_snapshot_https_read(struct arena *arena, const json_t *object,
                                    struct dns_https *fact_out);

#endif
