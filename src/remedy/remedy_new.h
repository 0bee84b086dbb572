/*
 * NAME
 *     remedy_new - a record that is made, not mended
 * DESCRIPTION
 *     remedy_new_rr() checks it in a world that holds nothing but it (and its policy, and the
 *     mail hosts where they were asked for). What the check warns about there is refused.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     NULL and `why`: it is too long, or the check warns about it.
 */
#ifndef REMEDY_NEW_H
#define REMEDY_NEW_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "base/span.h"
#include "model/dns_answer.h"

struct remedy_new {
    const struct dns_name *domain;
    const struct dns_name *owner; /* of the TXT record */
    struct span text;
    const char *const *selectors;
    size_t selector_count;
    const char *policy; /* of MTA-STS, as it is to be served; NULL */
    const char *policy_url;
    const struct dns_answer *mx; /* NULL: not asked for */
    int64_t now;
};

/* cut into strings */
const struct dns_rr *remedy_new_rr(struct arena *arena, const struct remedy_new *made,
                                   struct err *why);

#endif
