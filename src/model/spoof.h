/*
 * NAME
 *     spoof - could somebody else send as the domain
 * DESCRIPTION
 *     Filled in by remedy/remedy_spoof.h.
 * OWNERSHIP
 *     In the arena of who fills them in.
 * ERRORS
 *     None.
 */
#ifndef SPOOF_H
#define SPOOF_H

#include <stdbool.h>

struct dns_name;

enum remedy_spoof_sender {
    REMEDY_SPOOF_DOMAIN,
    REMEDY_SPOOF_EXISTING, /* a subdomain */
    REMEDY_SPOOF_MISSING,  /* a subdomain, too */
    REMEDY_SPOOF_SENDERS
};

#define REMEDY_SPOOF_POLICIES 5

/* what receivers learn about such mail */
enum remedy_spoof_outcome {
    REMEDY_SPOOF_UNKNOWN,
    REMEDY_SPOOF_PASSES,    /* it passes DMARC: the SPF record lets everybody send */
    REMEDY_SPOOF_NO_POLICY, /* no record applies */
    REMEDY_SPOOF_NONE,
    REMEDY_SPOOF_QUARANTINE,
    REMEDY_SPOOF_REJECT
};

struct remedy_spoof_cell {
    enum remedy_spoof_outcome outcome; /* RFC 9989 */
    enum remedy_spoof_outcome rfc7489;
    unsigned percent; /* of the mail: RFC 7489, 6.6.4; for others the next
                                        * weaker policy applies */
};

struct remedy_spoof_policy {
    const char *name;   /* "today", "np=reject" ... */
    const char *record; /* what would be published; NULL: nothing is changed */
    bool is_stricter;   /* than today: less of it passes, and nothing more */
    struct remedy_spoof_cell cells[REMEDY_SPOOF_SENDERS];
};

struct remedy_spoof {
    const struct dns_name *domain;
    const struct dns_name *missing; /* the name asked for; NULL: too long */
    bool has_wildcard;              /* names that nobody made exist */
    struct remedy_spoof_policy policies[REMEDY_SPOOF_POLICIES];
};

/* "none"; as in JSON */
const char *remedy_spoof_outcome_to_text(enum remedy_spoof_outcome outcome);

#endif
