/*
 * NAME
 *     rec_spf - an SPF record, term by term
 * DESCRIPTION
 *     Filled in by record/rec_spf.h, which says what the faults mean.
 * OWNERSHIP
 *     In the arena; spans look into the text.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 7208, 4.5, 4.6, 5, 6 and 12
 */
#ifndef MODEL_REC_SPF_H
#define MODEL_REC_SPF_H

#include "base/fault.h"
#include "base/ip.h"
#include "base/span.h"

#define REC_SPF_VERSION "v=spf1" /* RFC 7208, 4.5 */

enum rec_spf_kind {
    REC_SPF_ALL,
    REC_SPF_INCLUDE,
    REC_SPF_A,
    REC_SPF_MX,
    REC_SPF_PTR,
    REC_SPF_IP4,
    REC_SPF_IP6,
    REC_SPF_EXISTS,
    REC_SPF_REDIRECT,
    REC_SPF_EXP,
    REC_SPF_UNKNOWN_MODIFIER,
    REC_SPF_INVALID /* not a term at all; has a fatal fault */
};

enum rec_spf_fault {
    REC_SPF_FAULT_OCTET,       /* not visible ASCII */
    REC_SPF_FAULT_UNKNOWN,     /* unknown mechanism: says which one was probably meant */
    REC_SPF_FAULT_QUALIFIER,   /* "--all", "-include" on a modifier */
    REC_SPF_FAULT_DOMAIN_SPEC, /* missing, empty, bad toplabel, ... */
    REC_SPF_FAULT_MACRO,       /* "%" not followed as RFC 7208, 7.1 says; c r t outside exp */
    REC_SPF_FAULT_PREFIX,      /* "/33", "/032", "//129" */
    REC_SPF_FAULT_ADDRESS,     /* ip4: or ip6: without a valid address; wrong family */
    REC_SPF_FAULT_DUPLICATE,   /* redirect= or exp= twice */
    REC_SPF_FAULT_ARGUMENT     /* "all:x", "all/8" */
};

struct rec_spf_term {
    enum rec_spf_kind kind;
    char qualifier;   /* '+' '-' '~' '?'; '+' when not written; '\0' for modifiers */
    struct span text; /* the whole term as written */
    size_t at;        /* offset in the record */
    struct span name; /* "include", modifier name */
    /* after ":" or "=", without the prefix lengths; empty if none */
    struct span domain_spec;
    bool has_domain_spec;
    bool has_macro;            /* domain_spec holds a "%" */
    struct ip_address address; /* ip4, ip6 (not converted when v4-mapped: family as written) */
    unsigned prefix4;          /* 0 to 32, default 32 */
    unsigned prefix6;          /* 0 to 128, default 128 */
    bool is_after_all;         /* never evaluated: RFC 7208, 5.1 */
};

struct rec_spf {
    struct span text;
    struct rec_spf_term *terms; /* in order, invalid ones included */
    size_t term_count;
    const struct rec_spf_term *all;      /* the first, or NULL */
    const struct rec_spf_term *redirect; /* the first, or NULL */
    const struct rec_spf_term *exp;
    struct fault *faults;
    bool is_fatal; /* at least one fatal fault */
};

/* "v=spf1" followed by SP or the end, ASCII case folded (RFC 7208, 4.5) */
bool rec_spf_is_record(struct span text);

/* mechanisms and modifiers that cost a lookup: RFC 7208, 4.6.4 */
bool rec_spf_term_costs_lookup(const struct rec_spf_term *term);

#endif
