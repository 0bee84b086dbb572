/*
 * NAME
 *     rec_tlsa - one TLSA record in parsed form
 * DESCRIPTION
 *     Reads rdata in presentation form, "3 1 1 0A1B...". is_usable says
 *     whether a mail server's certificate could match it at all.
 * OWNERSHIP
 *     In the arena; `part` of a fault looks into the text.
 * ERRORS
 *     Total.
 * STANDARDS
 *     RFC 6698, 2.1 and 2.2; RFC 7218 (acronyms); RFC 7672, 3.1 (SMTP)
 * BUGS
 *     Of a certificate or key in full (matching type 0) only the first octet
 *     is looked at.
 */
#ifndef REC_TLSA_H
#define REC_TLSA_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/span.h"

enum rec_tlsa_fault {
    REC_TLSA_FAULT_SYNTAX,   /* not three numbers and hexadecimal digits */
    REC_TLSA_FAULT_USAGE,    /* a certificate usage nobody knows */
    REC_TLSA_FAULT_SELECTOR, /* a selector nobody knows */
    REC_TLSA_FAULT_MATCHING, /* a matching type nobody knows */
    REC_TLSA_FAULT_LENGTH,   /* a hash of the wrong length */
    REC_TLSA_FAULT_DATA,     /* in full, but no DER */
    REC_TLSA_FAULT_PKIX      /* usage 0 or 1: unusable for SMTP (RFC 7672, 3.1.3) */
};

struct rec_tlsa {
    struct span text;
    bool is_readable; /* the numbers and the data are there */
    unsigned usage, selector, matching;
    struct span data; /* octets */
    struct fault *faults;
    bool is_usable; /* for SMTP */
};

void rec_tlsa_parse(struct arena *arena, struct span rdata, struct rec_tlsa *record_out);

/* "DANE-EE, public key, SHA-256", a number where there is no word */
const char *rec_tlsa_to_text(struct arena *arena, const struct rec_tlsa *record);

#endif
