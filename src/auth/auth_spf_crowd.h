/*
 * NAME
 *     auth_spf_crowd - addresses under evaluation, by what they have cost so far
 * DESCRIPTION
 *     Private to auth/. Clients that get to one term of a record by different ways have
 *     counted different numbers of lookups and void lookups: a record that is included
 *     may end early for some of them. A crowd keeps the addresses of each family apart
 *     by both counts, so that the limits of RFC 7208, 4.6.4 end exactly those that an
 *     evaluation of that client would end.
 * OWNERSHIP
 *     Ranges live in the arena that is given.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 7208, 4.6.4
 */
#ifndef AUTH_SPF_CROWD_H
#define AUTH_SPF_CROWD_H

#include "auth/auth_spf_set.h"
#include "base/arena.h"
#include "base/ip_ranges.h"
#include "model/spf_verdict.h"

struct auth_spf_crowd {
    struct ip_ranges of[AUTH_SPF_SET_FAMILIES][AUTH_SPF_LOOKUP_MAX + 1][AUTH_SPF_VOID_MAX + 1];
    size_t reach[AUTH_SPF_SET_FAMILIES]; /* no set from this one on, row by row, holds any */
};

/* nobody */
void auth_spf_crowd_open(struct auth_spf_crowd *crowd);

/* everybody, with nothing counted yet */
void auth_spf_crowd_fill(struct arena *arena, struct auth_spf_crowd *crowd);

bool auth_spf_crowd_is_empty(const struct auth_spf_crowd *crowd);
bool auth_spf_crowd_has_family(const struct auth_spf_crowd *crowd, size_t family);

/* ranges, of all counts: what work on them costs */
size_t auth_spf_crowd_size(const struct auth_spf_crowd *crowd);

/* all addresses of a family, whatever they counted */
struct ip_ranges auth_spf_crowd_sum(struct arena *arena, const struct auth_spf_crowd *crowd,
                                    size_t family);

void auth_spf_crowd_add(struct arena *arena, struct auth_spf_crowd *crowd,
                        const struct auth_spf_crowd *more);

/* what is in `wanted` moves from the crowd to `taken` */
void auth_spf_crowd_take(struct arena *arena, struct auth_spf_crowd *crowd,
                         const struct auth_spf_both *wanted, struct auth_spf_crowd *taken);

/* one family moves to `taken` */
void auth_spf_crowd_take_family(struct auth_spf_crowd *crowd, size_t family,
                                struct auth_spf_crowd *taken);

/* one lookup more for all; who is past the limit moves to `over` */
void auth_spf_crowd_count_lookup(struct auth_spf_crowd *crowd, struct auth_spf_crowd *over);

/* one void lookup more for a family; who is past the limit moves to `over` */
void auth_spf_crowd_count_void(struct auth_spf_crowd *crowd, size_t family,
                               struct auth_spf_crowd *over);

#endif
