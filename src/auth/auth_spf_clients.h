/*
 * NAME
 *     auth_spf_clients - addresses under evaluation, by what they have cost so far
 * DESCRIPTION
 *     Private to auth/. Clients that get to one term of a record by different ways have
 *     counted different numbers of lookups and void lookups: a record that is included
 *     may end early for some of them. The addresses of each family are kept apart
 *     by both counts, so that the limits of RFC 7208, 4.6.4 end exactly those that an
 *     evaluation of that client would end.
 * OWNERSHIP
 *     Ranges live in the arena that is given.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 7208, 4.6.4
 */
#ifndef AUTH_SPF_CLIENTS_H
#define AUTH_SPF_CLIENTS_H

#include "auth/auth_spf_set.h"
#include "base/arena.h"
#include "base/ip_ranges.h"
#include "model/spf_verdict.h"

struct auth_spf_clients {
    struct ip_ranges of[AUTH_SPF_SET_FAMILIES][AUTH_SPF_LOOKUP_MAX + 1][AUTH_SPF_VOID_MAX + 1];
    size_t reach[AUTH_SPF_SET_FAMILIES]; /* no set from this one on, row by row, holds any */
};

/* nobody */
void auth_spf_clients_open(struct auth_spf_clients *clients);

/* everybody, with nothing counted yet */
void auth_spf_clients_fill(struct arena *arena, struct auth_spf_clients *clients);

bool auth_spf_clients_is_empty(const struct auth_spf_clients *clients);
bool auth_spf_clients_has_family(const struct auth_spf_clients *clients, size_t family);

/* ranges, of all counts: what work on them costs */
size_t auth_spf_clients_size(const struct auth_spf_clients *clients);

/* all addresses of a family, whatever they counted */
struct ip_ranges auth_spf_clients_sum(struct arena *arena,
                                      const struct auth_spf_clients *clients, size_t family);

void auth_spf_clients_add(struct arena *arena, struct auth_spf_clients *clients,
                          const struct auth_spf_clients *more);

/* what is in `wanted` moves from the clients to `taken` */
void auth_spf_clients_take(struct arena *arena, struct auth_spf_clients *clients,
                           const struct auth_spf_both *wanted, struct auth_spf_clients *taken);

/* one family moves to `taken` */
void auth_spf_clients_take_family(struct auth_spf_clients *clients, size_t family,
                                  struct auth_spf_clients *taken);

/* one lookup more for all; who is past the limit moves to `over` */
void auth_spf_clients_count_lookup(struct auth_spf_clients *clients,
                                   struct auth_spf_clients *over);

/* one void lookup more for a family; who is past the limit moves to `over` */
void auth_spf_clients_count_void(struct auth_spf_clients *clients, size_t family,
                                 struct auth_spf_clients *over);

#endif
