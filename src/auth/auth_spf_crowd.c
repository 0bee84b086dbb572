/* Addresses by what they have counted: a table of sets, nearly all of them empty. */
#include "auth/auth_spf_crowd.h"
#include "base/ip.h"

#define LOOKUPS (AUTH_SPF_LOOKUP_MAX + 1)
#define VOIDS   (AUTH_SPF_VOID_MAX + 1)
#define CELLS   ((size_t)LOOKUPS * VOIDS)

static const enum ip_family crowd_families[AUTH_SPF_SET_FAMILIES] = {IP_V4, IP_V6};

/* crowd_cell - the addresses of a family with both counts, numbered from 0 */
static struct ip_ranges *crowd_cell(struct auth_spf_crowd *crowd, size_t family, size_t cell)
{
    return &crowd->of[family][cell / VOIDS][cell % VOIDS];
}

/* crowd_cell_of - the same, to be read */
static const struct ip_ranges *crowd_cell_of(const struct auth_spf_crowd *crowd, size_t family,
                                             size_t cell)
{
    return &crowd->of[family][cell / VOIDS][cell % VOIDS];
}

void auth_spf_crowd_open(struct auth_spf_crowd *crowd)
{
    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++) {
        for (size_t voids = 0; voids < VOIDS; voids++)
            crowd->of[i][0][voids] = ip_ranges_none(crowd_families[i]);
        for (size_t lookups = 1; lookups < LOOKUPS; lookups++)
            memcpy(crowd->of[i][lookups], crowd->of[i][0], sizeof(crowd->of[i][0]));
        crowd->reach[i] = 0;
    }
}

void auth_spf_crowd_fill(struct arena *arena, struct auth_spf_crowd *crowd)
{
    auth_spf_crowd_open(crowd);
    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++) {
        crowd->of[i][0][0] = ip_ranges_all(arena, crowd_families[i]);
        crowd->reach[i] = 1;
    }
}

bool auth_spf_crowd_has_family(const struct auth_spf_crowd *crowd, size_t family)
{
    for (size_t cell = 0; cell < crowd->reach[family]; cell++)
        if (crowd_cell_of(crowd, family, cell)->count > 0)
            return true;
    return false;
}

bool auth_spf_crowd_is_empty(const struct auth_spf_crowd *crowd)
{
    return !auth_spf_crowd_has_family(crowd, 0) && !auth_spf_crowd_has_family(crowd, 1);
}

size_t auth_spf_crowd_size(const struct auth_spf_crowd *crowd)
{
    size_t size = 0;

    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++)
        for (size_t cell = 0; cell < crowd->reach[i]; cell++)
            size += crowd_cell_of(crowd, i, cell)->count;
    return size;
}

struct ip_ranges auth_spf_crowd_sum(struct arena *arena, const struct auth_spf_crowd *crowd,
                                    size_t family)
{
    struct ip_ranges sum = ip_ranges_none(crowd_families[family]);

    for (size_t cell = 0; cell < crowd->reach[family]; cell++) {
        const struct ip_ranges *more = crowd_cell_of(crowd, family, cell);

        if (more->count > 0)
            sum = ip_ranges_union(arena, &sum, more);
    }
    return sum;
}

/* crowd_join - more addresses for one cell */
static void crowd_join(struct arena *arena, struct ip_ranges *cell,
                       const struct ip_ranges *more)
{
    if (more->count > 0)
        *cell = cell->count > 0 ? ip_ranges_union(arena, cell, more) : *more;
}

void auth_spf_crowd_add(struct arena *arena, struct auth_spf_crowd *crowd,
                        const struct auth_spf_crowd *more)
{
    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++) {
        for (size_t cell = 0; cell < more->reach[i]; cell++)
            crowd_join(arena, crowd_cell(crowd, i, cell), crowd_cell_of(more, i, cell));
        if (crowd->reach[i] < more->reach[i])
            crowd->reach[i] = more->reach[i];
    }
}

void auth_spf_crowd_take(struct arena *arena, struct auth_spf_crowd *crowd,
                         const struct auth_spf_both *wanted, struct auth_spf_crowd *taken)
{
    auth_spf_crowd_open(taken);
    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++) {
        taken->reach[i] = crowd->reach[i];
        for (size_t cell = 0; cell < crowd->reach[i] && wanted->of[i].count > 0; cell++) {
            struct ip_ranges *from = crowd_cell(crowd, i, cell);
            struct ip_ranges *into = crowd_cell(taken, i, cell);

            if (from->count == 0)
                continue;
            *into = ip_ranges_intersection(arena, from, &wanted->of[i]);
            *from = ip_ranges_difference(arena, from, into);
        }
    }
}

void auth_spf_crowd_take_family(struct auth_spf_crowd *crowd, size_t family,
                                struct auth_spf_crowd *taken)
{
    auth_spf_crowd_open(taken);
    taken->reach[family] = crowd->reach[family];
    for (size_t cell = 0; cell < crowd->reach[family]; cell++) {
        *crowd_cell(taken, family, cell) = *crowd_cell(crowd, family, cell);
        *crowd_cell(crowd, family, cell) = ip_ranges_none(crowd_families[family]);
    }
    crowd->reach[family] = 0;
}

/* reach_after - of sets that moved up by so many places */
static size_t reach_after(size_t reach, size_t places)
{
    return reach == 0 ? 0 : reach + places < CELLS ? reach + places : CELLS;
}

void auth_spf_crowd_count_lookup(struct auth_spf_crowd *crowd, struct auth_spf_crowd *over)
{
    auth_spf_crowd_open(over);
    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++) {
        for (size_t voids = 0; voids < VOIDS; voids++) {
            over->of[i][AUTH_SPF_LOOKUP_MAX][voids] = crowd->of[i][AUTH_SPF_LOOKUP_MAX][voids];
            for (size_t lookups = AUTH_SPF_LOOKUP_MAX; lookups > 0; lookups--)
                crowd->of[i][lookups][voids] = crowd->of[i][lookups - 1][voids];
            crowd->of[i][0][voids] = ip_ranges_none(crowd_families[i]);
        }
        over->reach[i] = crowd->reach[i] > CELLS - VOIDS ? CELLS : 0;
        crowd->reach[i] = reach_after(crowd->reach[i], VOIDS);
    }
}

void auth_spf_crowd_count_void(struct auth_spf_crowd *crowd, size_t family,
                               struct auth_spf_crowd *over)
{
    auth_spf_crowd_open(over);
    for (size_t lookups = 0; lookups < LOOKUPS; lookups++) {
        struct ip_ranges *cells = crowd->of[family][lookups];

        over->of[family][lookups][AUTH_SPF_VOID_MAX] = cells[AUTH_SPF_VOID_MAX];
        for (size_t voids = AUTH_SPF_VOID_MAX; voids > 0; voids--)
            cells[voids] = cells[voids - 1];
        cells[0] = ip_ranges_none(crowd_families[family]);
    }
    over->reach[family] = reach_after(crowd->reach[family], VOIDS);
    crowd->reach[family] = reach_after(crowd->reach[family], 1);
}
