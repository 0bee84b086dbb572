/* Addresses by what they have counted: a table of sets, nearly all of them empty. */
#include "auth/auth_spf_clients.h"
#include "base/ip.h"

#define LOOKUPS (AUTH_SPF_LOOKUP_MAX + 1)
#define VOIDS   (AUTH_SPF_VOID_MAX + 1)
#define CELLS   ((size_t)LOOKUPS * VOIDS)

static const enum ip_family clients_families[AUTH_SPF_SET_FAMILIES] = {IP_V4, IP_V6};

/* clients_cell - the addresses of a family with both counts, numbered from 0 */
static struct ip_ranges *clients_cell(struct auth_spf_clients *clients, size_t family,
                                      size_t cell)
{
    return &clients->of[family][cell / VOIDS][cell % VOIDS];
}

/* clients_cell_of - the same, to be read */
static const struct ip_ranges *clients_cell_of(const struct auth_spf_clients *clients,
                                               size_t family, size_t cell)
{
    return &clients->of[family][cell / VOIDS][cell % VOIDS];
}

void auth_spf_clients_open(struct auth_spf_clients *clients)
{
    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++) {
        for (size_t voids = 0; voids < VOIDS; voids++)
            clients->of[i][0][voids] = ip_ranges_none(clients_families[i]);
        for (size_t lookups = 1; lookups < LOOKUPS; lookups++)
            memcpy(clients->of[i][lookups], clients->of[i][0], sizeof(clients->of[i][0]));
        clients->reach[i] = 0;
    }
}

void auth_spf_clients_fill(struct arena *arena, struct auth_spf_clients *clients)
{
    auth_spf_clients_open(clients);
    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++) {
        clients->of[i][0][0] = ip_ranges_all(arena, clients_families[i]);
        clients->reach[i] = 1;
    }
}

bool auth_spf_clients_has_family(const struct auth_spf_clients *clients, size_t family)
{
    for (size_t cell = 0; cell < clients->reach[family]; cell++)
        if (clients_cell_of(clients, family, cell)->count > 0)
            return true;
    return false;
}

bool auth_spf_clients_is_empty(const struct auth_spf_clients *clients)
{
    return !auth_spf_clients_has_family(clients, 0) && !auth_spf_clients_has_family(clients, 1);
}

size_t auth_spf_clients_size(const struct auth_spf_clients *clients)
{
    size_t size = 0;

    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++)
        for (size_t cell = 0; cell < clients->reach[i]; cell++)
            size += clients_cell_of(clients, i, cell)->count;
    return size;
}

struct ip_ranges auth_spf_clients_sum(struct arena *arena,
                                      const struct auth_spf_clients *clients, size_t family)
{
    struct ip_ranges sum = ip_ranges_none(clients_families[family]);

    for (size_t cell = 0; cell < clients->reach[family]; cell++) {
        const struct ip_ranges *more = clients_cell_of(clients, family, cell);

        if (more->count > 0)
            sum = ip_ranges_union(arena, &sum, more);
    }
    return sum;
}

/* clients_join - more addresses for one cell */
static void clients_join(struct arena *arena, struct ip_ranges *cell,
                         const struct ip_ranges *more)
{
    if (more->count > 0)
        *cell = cell->count > 0 ? ip_ranges_union(arena, cell, more) : *more;
}

void auth_spf_clients_add(struct arena *arena, struct auth_spf_clients *clients,
                          const struct auth_spf_clients *more)
{
    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++) {
        for (size_t cell = 0; cell < more->reach[i]; cell++)
            clients_join(arena, clients_cell(clients, i, cell), clients_cell_of(more, i, cell));
        if (clients->reach[i] < more->reach[i])
            clients->reach[i] = more->reach[i];
    }
}

void auth_spf_clients_take(struct arena *arena, struct auth_spf_clients *clients,
                           const struct auth_spf_both *wanted, struct auth_spf_clients *taken)
{
    auth_spf_clients_open(taken);
    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++) {
        taken->reach[i] = clients->reach[i];
        for (size_t cell = 0; cell < clients->reach[i] && wanted->of[i].count > 0; cell++) {
            struct ip_ranges *from = clients_cell(clients, i, cell);
            struct ip_ranges *into = clients_cell(taken, i, cell);

            if (from->count == 0)
                continue;
            *into = ip_ranges_intersection(arena, from, &wanted->of[i]);
            *from = ip_ranges_difference(arena, from, into);
        }
    }
}

void auth_spf_clients_take_family(struct auth_spf_clients *clients, size_t family,
                                  struct auth_spf_clients *taken)
{
    auth_spf_clients_open(taken);
    taken->reach[family] = clients->reach[family];
    for (size_t cell = 0; cell < clients->reach[family]; cell++) {
        *clients_cell(taken, family, cell) = *clients_cell(clients, family, cell);
        *clients_cell(clients, family, cell) = ip_ranges_none(clients_families[family]);
    }
    clients->reach[family] = 0;
}

/* reach_after - of sets that moved up by so many places */
static size_t reach_after(size_t reach, size_t places)
{
    return reach == 0 ? 0 : reach + places < CELLS ? reach + places : CELLS;
}

void auth_spf_clients_count_lookup(struct auth_spf_clients *clients,
                                   struct auth_spf_clients *over)
{
    auth_spf_clients_open(over);
    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++) {
        for (size_t voids = 0; voids < VOIDS; voids++) {
            over->of[i][AUTH_SPF_LOOKUP_MAX][voids] =
                clients->of[i][AUTH_SPF_LOOKUP_MAX][voids];
            for (size_t lookups = AUTH_SPF_LOOKUP_MAX; lookups > 0; lookups--)
                clients->of[i][lookups][voids] = clients->of[i][lookups - 1][voids];
            clients->of[i][0][voids] = ip_ranges_none(clients_families[i]);
        }
        over->reach[i] = clients->reach[i] > CELLS - VOIDS ? CELLS : 0;
        clients->reach[i] = reach_after(clients->reach[i], VOIDS);
    }
}

void auth_spf_clients_count_void(struct auth_spf_clients *clients, size_t family,
                                 struct auth_spf_clients *over)
{
    auth_spf_clients_open(over);
    for (size_t lookups = 0; lookups < LOOKUPS; lookups++) {
        struct ip_ranges *cells = clients->of[family][lookups];

        over->of[family][lookups][AUTH_SPF_VOID_MAX] = cells[AUTH_SPF_VOID_MAX];
        for (size_t voids = AUTH_SPF_VOID_MAX; voids > 0; voids--)
            cells[voids] = cells[voids - 1];
        cells[0] = ip_ranges_none(clients_families[family]);
    }
    over->reach[family] = reach_after(clients->reach[family], VOIDS);
    clients->reach[family] = reach_after(clients->reach[family], 1);
}
