/*
 * NAME
 *     remedy_spoof - who could send in the domain's name, today and with other policies
 * DESCRIPTION
 *     A stranger sends from a host that the SPF record does not list and
 *     without a signature, once as the domain itself, once as a subdomain
 *     that exists and has no DMARC record of its own, once as one that does
 *     not exist. For each policy a world is supposed in which it is
 *     published, and the judge is asked there; nothing here knows what a
 *     policy means.
 *
 *     The subdomain that exists is supposed; the one that does not is a name
 *     that was asked for, so a wildcard counts: where it makes every name
 *     exist, no name is missing. Names of other owners that look alike are
 *     beyond any policy of the domain.
 * OWNERSHIP
 *     In the arena, which must be that of the facts.
 * ERRORS
 *     What depends on a question that could not be asked is
 *     REMEDY_SPOOF_UNKNOWN.
 * STANDARDS
 *     RFC 9989, 4.10 and 5; RFC 7489, 6.6
 * BUGS
 *     One address of each family stands for all strangers, from blocks that
 *     nobody can send from. Mail that a listed host sends for somebody else
 *     is not looked at.
 */
#ifndef REMEDY_SPOOF_H
#define REMEDY_SPOOF_H

#include "model/facts.h"

enum remedy_spoof_sender {
    REMEDY_SPOOF_DOMAIN,
    REMEDY_SPOOF_EXISTING, /* a subdomain */
    REMEDY_SPOOF_MISSING,  /* a subdomain, too */
    REMEDY_SPOOF_SENDERS
};

#define REMEDY_SPOOF_POLICIES 5

/* what receivers are told about mail of the stranger */
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

/* NULL without an audit of a domain */
const struct remedy_spoof *remedy_spoof_judge(struct arena *arena, const struct facts *facts);

/* the same with the first policy only, the one that is published */
const struct remedy_spoof *remedy_spoof_today(struct arena *arena, const struct facts *facts);

/* "none"; as in JSON */
const char *remedy_spoof_outcome_to_text(enum remedy_spoof_outcome outcome);

#endif
