/* A ring with a place for each report that may come before its turn. */
#include "scan/scan_order.h"

#include "base/limits.h"
#include "base/must.h"
#include "base/span.h"

struct held {
    struct arena *arena; /* NULL: the place is free */
    struct scan_done done;
};

struct scan_order {
    scan_write_fn *write;
    void *ctx;
    bool is_unordered;
    uint64_t next; /* the serial whose turn it is */
    size_t bytes;  /* held */
    struct held places[LIMIT_HELD_REPORTS];
};

struct scan_order *scan_order_open(struct arena *arena, scan_write_fn *write, void *ctx)
{
    struct scan_order *order = arena_new_of(arena, struct scan_order);

    order->write = write;
    order->ctx = ctx;
    return order;
}

/* order_place - of the report with the serial */
static struct held *order_place(struct scan_order *order, uint64_t serial)
{
    return &order->places[serial % LIMIT_HELD_REPORTS];
}

void scan_order_close(struct scan_order *order)
{
    for (size_t i = 0; i < LIMIT_HELD_REPORTS; i++)
        arena_close(order->places[i].arena);
}

void scan_order_give_up(struct scan_order *order)
{
    order->is_unordered = true;
}

bool scan_order_has_room(const struct scan_order *order, uint64_t serial)
{
    return order->is_unordered || (serial - order->next < LIMIT_HELD_REPORTS &&
                                   (order->bytes < LIMIT_HELD_BYTES || serial == order->next));
}

/* order_hold - until its turn comes */
static void order_hold(struct scan_order *order, const struct scan_done *done)
{
    struct held *held = order_place(order, done->line.serial);

    must(held->arena == NULL && done->line.serial - order->next < LIMIT_HELD_REPORTS);
    held->arena = arena_open();
    held->done = *done;
    held->done.line.text = (struct span){NULL, 0};
    held->done.tally = arena_span(held->arena, done->tally);
    held->done.report = arena_span(held->arena, done->report);
    order->bytes += done->report.len;
}

/* order_release - those whose turn has come */
static bool order_release(struct scan_order *order, struct err *why)
{
    bool is_written = true;

    for (;;) {
        struct held *held = order_place(order, order->next);

        if (held->arena == NULL || !is_written)
            return is_written;
        order->bytes -= held->done.report.len;
        order->next++;
        is_written = order->write(order->ctx, &held->done, why);
        arena_close(held->arena);
        held->arena = NULL;
    }
}

bool scan_order_put(struct scan_order *order, const struct scan_done *done, struct err *why)
{
    if (order->is_unordered)
        return order->write(order->ctx, done, why);
    if (done->line.serial != order->next) {
        order_hold(order, done);
        return true;
    }
    order->next++;
    return order->write(order->ctx, done, why) && order_release(order, why);
}
