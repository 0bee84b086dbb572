/*
 * NAME
 *     rec_tlsa - a TLSA record of a mail host
 * DESCRIPTION
 *     Filled in by record/rec_tlsa.h, which says what the faults mean.
 * OWNERSHIP
 *     In the arena; spans look into the text.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 6698, 2; RFC 7671; RFC 7672, 3.1
 */
#ifndef MODEL_REC_TLSA_H
#define MODEL_REC_TLSA_H

#include "base/fault.h"
#include "base/span.h"

enum rec_tlsa_fault {
    REC_TLSA_FAULT_SYNTAX,   /* not three numbers and hexadecimal digits */
    REC_TLSA_FAULT_USAGE,    /* an unknown certificate usage */
    REC_TLSA_FAULT_SELECTOR, /* an unknown selector */
    REC_TLSA_FAULT_MATCHING, /* an unknown matching type */
    REC_TLSA_FAULT_LENGTH,   /* a hash of the wrong length */
    REC_TLSA_FAULT_DATA,     /* in full, but no DER */
    REC_TLSA_FAULT_PKIX      /* usage 0 or 1: unusable for SMTP (RFC 7672, 3.1.3) */
};

struct rec_tlsa {
    struct span text;
    bool is_readable; /* the numbers and the data are there */
    unsigned usage, selector, matching;
    /* "DANE-EE, public key, SHA-256", a number where there is no word, or "unreadable" */
    const char *words;
    struct span data; /* octets */
    struct fault *faults;
    bool is_usable; /* for SMTP */
};

#endif
