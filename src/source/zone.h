/*
 * NAME
 *     zone - the records of one zone file, each with its line
 * DESCRIPTION
 *     Reads a master file and remembers where every record begins, so that a
 *     finding can point there. A malformed record is noted and skipped: one
 *     run reports all of them. zone_find() answers as an authoritative
 *     server would: wildcards, CNAME, empty non-terminals, delegations, and for a
 *     signed zone what DNSSEC has to say. Whether that holds is not looked at here.
 * OWNERSHIP
 *     The zone and all it returns live in the caller's arena.
 * ERRORS
 *     zone_open() returns NULL and fills `why` if the file cannot be
 *     read. Mistakes inside the file are data: see `faults`.
 * STANDARDS
 *     RFC 1035, 5; RFC 1034, 4.3.2; RFC 4592 (wildcards); RFC 6672 (DNAME); RFC 4035, 3.1
 *     and RFC 5155, 7.2 (signed zones)
 * BUGS
 *     What is below a delegation is checked and then never answered. ALIAS
 *     and ANAME are records that a DNS provider makes addresses of: A and AAAA of
 *     such a name are unknown. An alias made by a DNAME comes without the DNAME,
 *     of which only the signature is reported. A record without a TTL has that
 *     of $TTL, else the minimum of the SOA, else 3600 seconds; RFC 1035 would take that
 *     of the record before.
 */
#ifndef ZONE_H
#define ZONE_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "model/dns_answer.h"
#include "source/source.h"

struct zone_fault {
    const char *text; /* safe to show */
    const char *file; /* the zone file, or one that it includes */
    int line;
    struct zone_fault *next;
};

/* "; mailassay: TEXT", or an ALIAS record */
struct zone_remark {
    const char *text;             /* what follows "mailassay:"; of an ALIAS its target */
    const struct dns_name *owner; /* of an ALIAS; else NULL */
    const char *file;
    int line;
    struct zone_remark *next;
};

struct zone;

struct zone_request {
    const char *path;
    /* NULL: $ORIGIN or the owner of the SOA decides, else the file is refused */
    const struct dns_name *origin;
    const char *tree; /* $INCLUDE stays inside this folder; NULL: that of the file */
};

struct zone *zone_open(struct arena *arena, const struct zone_request *request,
                       struct err *why);
/* records that do not come from a zone file */
struct zone_records {
    const char *path;
    const char *source; /* as answers name it */
    const struct dns_name *apex;
    struct dns_rr **list; /* they become the zone's */
    size_t count;
    struct zone_remark *aliases;
    size_t alias_count;
};

/* a zone of them; records that cannot coexist are a fault */
struct zone *zone_make(struct arena *arena, const struct zone_records *records);
const struct zone_fault *zone_faults(const struct zone *zone);

/* all faults as "FILE:LINE: sentence", one a line, as many as fit; then "and N more" */
void zone_faults_to_err(const struct zone *zone, struct err *why);

const struct dns_name *zone_apex(const struct zone *zone);
const char *zone_source(const struct zone *zone); /* as answers name it: "zone:FILE" */

/* in the order of the file */
const struct zone_remark *zone_remarks(const struct zone *zone);
const struct zone_remark *zone_aliases(const struct zone *zone);

/* all records, name after name */
typedef void zone_record_fn(void *ctx, const struct dns_rr *rr);
void zone_each_record(const struct zone *zone, zone_record_fn *each, void *ctx);
void zone_each_entry(const struct zone *zone, source_entry_fn *each, void *ctx);

/* the zone has a record of this name and type */
bool zone_has(const struct zone *zone, const struct dns_name *name, enum dns_type type);

/* at or below the apex and not below a delegation */
bool zone_speaks_for(const struct zone *zone, const struct dns_name *name);

/* the same for DS records, which belong to the zone above the name (RFC 4035, 3.1.4.1): below
 * the apex, and not below a delegation */
bool zone_speaks_for_ds(const struct zone *zone, const struct dns_name *name);

/* delegates exactly this name: it knows the NS records there, as the parent's */
bool zone_delegates(const struct zone *zone, const struct dns_name *name);

/* The authoritative answer; never NULL. A CNAME is followed inside the zone; a chain that
 * leaves it ends in its last CNAME. What the zone does not speak for is DNS_UNKNOWN, DS of its
 * apex included. Answers of a signed zone have their signatures and proofs of absence. */
const struct dns_answer *zone_find(struct zone *zone, struct arena *arena,
                                   const struct dns_question *question);

#endif
