/*
 * NAME
 *     table - one value for each key
 * DESCRIPTION
 *     Keys are octets, compared as they are; values are pointers. A table only
 *     grows, and has no order.
 * OWNERSHIP
 *     The table and copies of its keys live in the arena.
 * ERRORS
 *     None.
 */
#ifndef TABLE_H
#define TABLE_H

#include "base/arena.h"
#include "base/span.h"

struct table;

struct table *table_open(struct arena *arena);

/* where the value of the key is kept, and whether the key is new: then set it */
void **table_slot(struct table *table, struct span key, bool *is_new_out);

bool table_has(const struct table *table, struct span key);

size_t table_count(const struct table *table);

#endif
