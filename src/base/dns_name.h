/*
 * NAME
 *     dns_name - domain names
 * DESCRIPTION
 *     A name is lower case, in presentation form without the final dot (the
 *     root is ""); octets other than letters, digits, "-" and "_" are written
 *     as ldns writes them ("\032", "\."), so two names are equal exactly if
 *     their texts are. At most 253 octets of text-without-escapes and 63 per
 *     label. Names come only from the functions here.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     The makers return NULL; dns_name_parse() also says why (ERR_USAGE).
 * STANDARDS
 *     RFC 1035, 2.3 and 5.1; RFC 2181, 11; RFC 4034, 6.1; RFC 5890 to 5895 (U-labels)
 */
#ifndef DNS_NAME_H
#define DNS_NAME_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

#define DNS_NAME_MAX      253 /* octets without the final dot: RFC 1035, 2.3.4 */
#define DNS_LABEL_MAX     63  /* RFC 1035, 2.3.4 */
#define DNS_NAME_WIRE_MAX 255 /* octets on the wire: RFC 1035, 2.3.4 */

struct dns_name {
    const char *text;
    unsigned short len;    /* of text */
    unsigned short labels; /* 0 for the root */
    uint32_t hash;         /* of text */
};

/* what a person typed or a header holds: U-labels become A-labels (UTS 46 non-transitional),
 * one final dot is dropped; blanks, empty labels, addresses and over-long names are refused.
 * Underscores are allowed. */
const struct dns_name *dns_name_parse(struct arena *arena, struct span text, struct err *why);

/* presentation form as in zone files and packets (escapes understood); NULL if malformed */
const struct dns_name *dns_name_from_text(struct arena *arena, const char *text);

/* raw octets with dots between labels and no escapes, as SPF macros make them; one final
 * dot is dropped; NULL for an empty label, a long label or a long name */
const struct dns_name *dns_name_from_octets(struct arena *arena, struct span octets);

/* uncompressed wire format (RFC 1035, 3.1) */
const struct dns_name *dns_name_from_wire(struct arena *arena, const uint8_t *wire, size_t len);

/* the same the other way; returns the length */
size_t dns_name_to_wire(const struct dns_name *name, uint8_t wire_out[DNS_NAME_WIRE_MAX]);

/* length of the escape at the start, "\032" or "\." (RFC 1035, 5.1); 0: malformed */
size_t dns_escape_length(struct span text, uint8_t *octet_out);

bool dns_name_equal(const struct dns_name *a, const struct dns_name *b);

/* in the canonical order of DNSSEC (RFC 4034, 6.1): like strcmp(), by labels from the right */
int dns_name_compare(const struct dns_name *a, const struct dns_name *b);

/* how many labels from the right are the same in both */
unsigned dns_name_shared(const struct dns_name *a, const struct dns_name *b);

/* `name` is `ancestor` or below it */
bool dns_name_is_below(const struct dns_name *name, const struct dns_name *ancestor);

/* the name without its first label; NULL for the root */
const struct dns_name *dns_name_parent(struct arena *arena, const struct dns_name *name);

/* the last `labels` labels of the name */
const struct dns_name *dns_name_suffix(struct arena *arena, const struct dns_name *name,
                                       unsigned labels);

/* `prefix` (presentation form, one or more labels) before the name; NULL if too long */
const struct dns_name *dns_name_prepend(struct arena *arena, const char *prefix,
                                        const struct dns_name *name);

/* the first label, in presentation form */
struct span dns_name_first_label(const struct dns_name *name);

/* U-labels to A-labels: UTS 46, non-transitional; false and the reason if it is not possible */
bool dns_name_to_a_labels(struct arena *arena, struct span *text, const char **because);

/* U-label form for people, e.g. "bücher.example", when it differs and is valid; else NULL */
const char *dns_name_to_unicode(struct arena *arena, const struct dns_name *name);

#endif
