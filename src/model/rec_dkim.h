/*
 * NAME
 *     rec_dkim - a DKIM signature and a key record
 * DESCRIPTION
 *     Filled in by record/rec_dkim.h, which says what the faults mean.
 * OWNERSHIP
 *     In the arena; spans look into the text.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 6376, 3.5 and 3.6.1; RFC 8301; RFC 8463
 */
#ifndef MODEL_REC_DKIM_H
#define MODEL_REC_DKIM_H

#include "base/dns_name.h"
#include "base/fault.h"
#include "base/span.h"
#include "model/rec_tags.h"

enum rec_dkim_fault {
    REC_DKIM_FAULT_MISSING = REC_TAG_FAULT_KINDS, /* a required tag is absent */
    REC_DKIM_FAULT_VERSION,   /* v= is not 1 (signature), not DKIM1 or not first (key) */
    REC_DKIM_FAULT_ALGORITHM, /* a= or k= unknown */
    REC_DKIM_FAULT_SHA1,      /* rsa-sha1: RFC 8301 */
    REC_DKIM_FAULT_BASE64,
    REC_DKIM_FAULT_CANON,         /* c= unknown */
    REC_DKIM_FAULT_DOMAIN,        /* d= or s= is not a domain name */
    REC_DKIM_FAULT_IDENTITY,      /* i= not at or below d= */
    REC_DKIM_FAULT_NUMBER,        /* l= t= x= not a number */
    REC_DKIM_FAULT_EXPIRY_ORDER,  /* x= not after t= */
    REC_DKIM_FAULT_QUERY,         /* q= has no dns/txt */
    REC_DKIM_FAULT_HEADERS,       /* h= empty or malformed */
    REC_DKIM_FAULT_FROM_UNSIGNED, /* h= without From */
    REC_DKIM_FAULT_HASHES,        /* key h= without sha256 */
    REC_DKIM_FAULT_SERVICE,       /* key s= without email or * */
    REC_DKIM_FAULT_KEY_DATA,      /* p= is not a key of the type k= says */
    REC_DKIM_FAULT_TAGS           /* the tag list itself is malformed */
};

enum rec_dkim_algorithm {
    REC_DKIM_RSA_SHA256,
    REC_DKIM_RSA_SHA1,
    REC_DKIM_ED25519_SHA256,
    REC_DKIM_ALGORITHM_UNKNOWN
};
enum rec_dkim_canon { REC_DKIM_SIMPLE, REC_DKIM_RELAXED };
enum rec_dkim_key_type { REC_DKIM_KEY_RSA, REC_DKIM_KEY_ED25519, REC_DKIM_KEY_UNKNOWN };

struct rec_dkim_signature {
    struct rec_tags tags;
    enum rec_dkim_algorithm algorithm;
    struct span algorithm_text; /* as written */
    enum rec_dkim_canon header_canon;
    enum rec_dkim_canon body_canon;
    const struct dns_name *domain;          /* d=, NULL if malformed */
    const struct dns_name *selector;        /* s=, NULL if malformed */
    const struct dns_name *key_name;        /* s._domainkey.d, NULL if either is malformed */
    struct span identity;                   /* i= as written, default "@" d */
    const struct dns_name *identity_domain; /* what follows "@" in it, NULL if malformed */
    struct span signature;                  /* b= decoded */
    struct span body_hash;                  /* bh= decoded */
    struct span *signed_names;              /* h= in order */
    size_t signed_count;
    bool signs_from;
    bool has_length;
    uint64_t length; /* l= */
    bool has_time;
    int64_t time; /* t= */
    bool has_expiry;
    int64_t expiry; /* x= */
    struct fault *faults;
    bool is_fatal;
};

struct rec_dkim_key {
    struct rec_tags tags;
    enum rec_dkim_key_type type;
    struct span type_text;
    struct span octets; /* p= decoded; empty: revoked or malformed */
    bool is_revoked;    /* p= present and empty: RFC 6376, 3.6.1 */
    bool is_testing;    /* t=y */
    bool is_strict;     /* t=s: i= must be exactly d= */
    bool allows_sha256;
    bool allows_email;
    struct fault *faults;
    bool is_fatal;
};

/* is the field name in h= */
bool rec_dkim_signs(const struct rec_dkim_signature *signature, struct span name);

const char *rec_dkim_canon_to_text(enum rec_dkim_canon header, enum rec_dkim_canon body);

#endif
