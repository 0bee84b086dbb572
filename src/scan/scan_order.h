/*
 * NAME
 *     scan_order - reports in the order of their lines
 * DESCRIPTION
 *     Reports come as they are made and go out in the order of the input; one that is before
 *     its turn is held, at most LIMIT_HELD_REPORTS of them in LIMIT_HELD_BYTES. Where
 *     there is no room, no further line should be begun. Unordered ones go out at once.
 * OWNERSHIP
 *     The order lives in the arena; what it holds is given back when it goes out, or by
 *     scan_order_close().
 * ERRORS
 *     scan_order_put() returns false where the report cannot be written, and `why`.
 */
#ifndef SCAN_ORDER_H
#define SCAN_ORDER_H

#include "base/arena.h"
#include "base/err.h"
#include "scan/scan.h"

struct scan_order;

/* a report whose turn has come; false and `why`: it cannot be written */
typedef bool scan_write_fn(void *ctx, const struct scan_done *done, struct err *why);

struct scan_order *scan_order_open(struct arena *arena, scan_write_fn *write, void *ctx);
void scan_order_close(struct scan_order *order);

/* from now on they go out as they come */
void scan_order_give_up(struct scan_order *order);

/* the subject may be begun */
bool scan_order_has_room(const struct scan_order *order, uint64_t serial);
bool scan_order_put(struct scan_order *order, const struct scan_done *done, struct err *why);

#endif
