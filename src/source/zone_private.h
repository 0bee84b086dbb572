/*
 * NAME
 *     zone_private - how a zone is held in memory
 * DESCRIPTION
 *     Private to source/. Shared by zone*.c only. A zone is a hash table of
 *     nodes, one per name that has records, and the apex. Each node knows the
 *     next one above it, so the delegation or DNAME above a name is found by
 *     walking up. A name without records exists if a name below it has some
 *     (RFC 4592, 2.2). Such names have no nodes, because one record of a
 *     hundred labels would make a hundred of them: where the name above a
 *     node is one of them, the node is in `deep`, and a name exists if one of
 *     these is below it.
 * OWNERSHIP
 *     Everything lives in the arena of the zone.
 * ERRORS
 *     Faults are collected in reading order and sorted by line at the end.
 */
#ifndef ZONE_PRIVATE_H
#define ZONE_PRIVATE_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/dns_name_table.h"
#include "base/err.h"
#include "base/span.h"
#include "dns/dns_proofs.h"
#include "model/dns_answer.h"
#include "source/zone.h"

/* an NSEC or NSEC3 record, where the zone's chain of them has it */
struct zone_denial {
    const struct zone_node *node;
    const struct dns_rr *rr;
    struct span hash; /* NSEC3: the first label of the owner */
};

struct zone_node {
    const struct dns_name *name;
    struct dns_rr *first; /* in file order */
    struct dns_rr *last;
    size_t count;
    bool has_ns;
    bool has_dname;
    struct zone_node *parent;        /* the next one above; NULL at the apex */
    const struct zone_remark *alias; /* ALIAS or ANAME; NULL */
    struct zone_node *next;          /* in the order of their making */
};

struct zone_remark_list {
    struct zone_remark *first;
    struct zone_remark *last;
};

/* records of a name that are compared one by one; beyond, those whose bit is in the filter */
#define ZONE_FILTER_FROM 16
#define ZONE_FILTER_BITS 65536

struct zone {
    struct arena *arena;
    const char *path;
    const char *source; /* "zone:FILE" */
    const char *tree;   /* $INCLUDE stays inside; NULL: the folder of the file */
    const char *file;   /* being read, or that a fault is about */
    unsigned include_depth;
    size_t included_bytes;
    uint64_t generated_records;
    struct zone_remark_list remarks;
    struct zone_remark_list aliases;
    const struct dns_name *apex;

    struct dns_name_table names; /* of struct zone_node */
    struct dns_name_table
        hashed; /* the same for owners of NSEC3 records, which are not names */
    struct zone_node *nodes;
    struct zone_node *last_node;
    const struct zone_node **deep; /* the name above has no node: by dns_name_compare() */
    size_t deep_count;

    struct dns_rr *records; /* as read, in file order, linked by `next`, until indexed */
    struct dns_rr *last_record;
    size_t record_count;
    bool has_soa;
    uint32_t negative_ttl; /* RFC 2308, 5 */
    bool is_signed;        /* it has signatures, and keys or a signature at its apex */
    bool has_nsec3;        /* the denials are NSEC3 records, all with the same parameters */
    struct zone_denial *denials; /* in their order: RFC 4034, 6.1 or RFC 5155, 7.1 */
    size_t denial_count;

    struct zone_fault *faults; /* an array while reading, then a sorted list */
    size_t fault_count;
    bool is_cut;                      /* more faults than are kept: the rest was not read */
    const struct zone_node *filtered; /* the name whose records `filter` has */
    uint64_t filter[ZONE_FILTER_BITS / 64];
};

/* note a fault; its text is made safe to show. Always false */
bool zone_fault_add(struct zone *zone, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* zone_read.c: records and faults of `bytes`; the apex is set if anything says what it
 * is. False and `why` if reading makes no sense. */
bool zone_read(struct zone *zone, struct span bytes, struct err *why);

/* zone_remark.c: the remarks of a file for this program */
void zone_read_remarks(struct zone *zone, struct span bytes);
/* to the end of a list */
struct zone_remark *zone_remark_add(struct zone *zone, struct zone_remark_list *list, int line);

/* zone_index.c: put the records under their names, dropping duplicates and noting what
 * cannot coexist */
void zone_index(struct zone *zone);

/* zone_names.c: give each node the one above it, and put those in order that are deeper than
 * one label below it; all nodes are made */
void zone_link(struct zone *zone);

/* the node at the name or the next one above; NULL outside the zone */
struct zone_node *zone_nearest(const struct zone *zone, struct span key);

/* the longest name at or above this one that exists: its labels. The name is in the zone. */
unsigned zone_encloser(const struct zone *zone, const struct dns_name *name);

/* the last number of an SOA: what a negative answer lasts (RFC 2308, 4) */
bool zone_soa_minimum(const struct dns_rr *soa, uint32_t *seconds_out);

/* the first record of a type at a node; NULL if there is none */
struct dns_rr *zone_node_first(const struct zone_node *node, enum dns_type type);

/* the data in "owner TAB ttl TAB IN TAB TYPE TAB data" */
const char *zone_rdata_of(const struct dns_rr *rr);

/* ---- zone_proofs.c: the DNSSEC records of a signed zone's answers ---- */

/* the type that an RRSIG is about; 0 for any other record */
enum dns_type zone_covered(const struct dns_rr *rr);

/* is the zone signed, and its denials put in order; after the index is made */
void zone_index_denials(struct zone *zone);

/* the DNSSEC records of one answer, being collected */
struct zone_reply {
    const struct zone *zone;
    struct arena *arena;
    struct dns_proofs *proofs; /* NULL: the zone is not signed, there is nothing to report */
};

/* the signatures over the records of a type at a node, which get the name `owner` */
void zone_add_signatures(const struct zone_reply *reply, const struct zone_node *node,
                         enum dns_type type, const struct dns_name *owner);

/* What a name server sends to prove that the name, or a type at it, is absent: RFC 4035, 3.1.3;
 * RFC 5155, 7.2. `encloser` is the longest name at or above it that exists. */
void zone_add_denials(const struct zone_reply *reply, const struct dns_name *name,
                      struct span encloser);

#endif
