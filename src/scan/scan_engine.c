/* The loop, and which subject has its turn. */
#include "scan/scan_engine.h"

#include <poll.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "fetch/fetch.h"
#include "source/source.h"

#define LOOK_MS     250   /* between two looks at the time of subjects that wait */
#define SILENT_MANY 8     /* queries lost in a row: no accident */
#define PROBE_MS    1000  /* between two subjects that see whether the server is back */
#define OUT_MS      30000 /* a name server that is started again is back by then */
#define WAIT_MS     60000 /* for a line, where nothing is in flight */

/* engine_push - the subject has its turn after those that are ready */
static void engine_push(struct scan_engine *engine, struct scan_subject *subject)
{
    subject->next_ready = NULL;
    *engine->ready_end = subject;
    engine->ready_end = &subject->next_ready;
    subject->is_ready = true;
}

/* engine_pop - the subject that has its turn; NULL: none */
static struct scan_subject *engine_pop(struct scan_engine *engine)
{
    struct scan_subject *subject = engine->ready;

    if (subject == NULL)
        return NULL;
    engine->ready = subject->next_ready;
    if (engine->ready == NULL)
        engine->ready_end = &engine->ready;
    subject->is_ready = false;
    return subject;
}

void scan_wake(void *ctx)
{
    struct scan_subject *subject = ctx;

    if (subject->is_waiting && !subject->is_ready)
        engine_push(subject->engine, subject);
}

struct scan_engine *scan_engine_open(const struct scan_request *request)
{
    struct scan_engine *engine = arena_new_of(request->arena, struct scan_engine);

    engine->request = *request;
    engine->ready_end = &engine->ready;
    engine->fetch = fetch_pool_open(request->arena, request->fetch);
    return engine;
}

size_t scan_engine_count(const struct scan_engine *engine)
{
    return engine->count + engine->second_count;
}

/* engine_begin - the subject is in flight */
static void engine_begin(struct scan_engine *engine, struct scan_subject *subject)
{
    subject->after = engine->all;
    if (engine->all != NULL)
        engine->all->before = subject;
    engine->all = subject;
    engine->count++;
    subject->began_ms = clock_monotonic_ms();
    engine_push(engine, subject);
}

void scan_engine_add(struct scan_engine *engine, const struct scan_line *line)
{
    engine_begin(engine, scan_subject_open(engine, line));
}

/* engine_counts - what became of queries */
static struct source_counts engine_counts(const struct scan_engine *engine)
{
    struct source_counts counts = {.has_room = false};

    if (engine->request.live != NULL)
        engine->request.live->ops->count(engine->request.live, &counts);
    return counts;
}

/* engine_is_out - the name server answers nothing */
static bool engine_is_out(const struct scan_engine *engine)
{
    return engine_counts(engine).silent >= SILENT_MANY;
}

/* engine_may_return - it is out, and not for so long that nobody waits any more */
static bool engine_may_return(const struct scan_engine *engine)
{
    return engine_is_out(engine) &&
           (engine->out_since_ms == 0 || clock_monotonic_ms() - engine->out_since_ms <= OUT_MS);
}

/* engine_has_returned - it was out while the subject was in flight, and is back */
static bool engine_has_returned(const struct scan_engine *engine,
                                const struct scan_subject *subject)
{
    return !engine_is_out(engine) && engine->was_out_ms > 0 &&
           engine->was_out_ms >= subject->began_ms;
}

/* engine_look_out - since when the name server is out */
static void engine_look_out(struct scan_engine *engine)
{
    if (!engine_is_out(engine)) {
        engine->out_since_ms = 0;
        return;
    }
    engine->was_out_ms = clock_monotonic_ms();
    if (engine->out_since_ms == 0) {
        engine->out_since_ms = engine->was_out_ms;
        engine->probe_ms = engine->out_since_ms + PROBE_MS;
    }
}

/* engine_pauses - the name server is out: for a while only one subject at a time is sent to
 * see whether it is back. If it stays away nobody waits for it any more. */
static bool engine_pauses(struct scan_engine *engine)
{
    int64_t now = 0;

    engine_look_out(engine);
    if (engine->out_since_ms == 0)
        return false;
    now = clock_monotonic_ms();
    if (now - engine->out_since_ms > OUT_MS)
        return false;
    if (engine->count > 0 || now < engine->probe_ms)
        return true;
    engine->probe_ms = now + PROBE_MS;
    return false;
}

/* engine_start_second - judge one again that had no answers because the name server was out.
 * It has its turn whether or not a further line is wanted: the list may be over. */
static void engine_start_second(struct scan_engine *engine)
{
    struct scan_subject *subject = engine->second;

    if (subject == NULL || engine_pauses(engine))
        return;
    engine->second = subject->next_ready;
    engine->second_count--;
    engine_begin(engine, subject);
}

bool scan_engine_wants(struct scan_engine *engine)
{
    if (engine->second != NULL || engine_pauses(engine))
        return false;
    if (engine->count == 0)
        return true;
    if (engine->request.most > 0)
        return engine->count < engine->request.most;
    return engine->ready == NULL && engine->bytes < LIMIT_SCAN_BYTES &&
           engine->count < LIMIT_SUBJECTS && engine_counts(engine).has_room;
}

/* engine_drop - the subject is done */
static void engine_drop(struct scan_engine *engine, struct scan_subject *subject)
{
    if (subject->before != NULL)
        subject->before->after = subject->after;
    else
        engine->all = subject->after;
    if (subject->after != NULL)
        subject->after->before = subject->before;
    engine->count--;
    engine->bytes -= subject->bytes;
    scan_subject_close(subject);
}

void scan_engine_close(struct scan_engine *engine)
{
    while (engine->all != NULL)
        engine_drop(engine, engine->all);
    while (engine->second != NULL) {
        struct scan_subject *subject = engine->second;

        engine->second = subject->next_ready;
        scan_subject_close(subject);
    }
    fetch_pool_close(engine->fetch);
}

/* engine_put_off - the name server went out while the subject was judged: once more, later */
static void engine_put_off(struct scan_engine *engine, const struct scan_subject *subject)
{
    struct scan_subject *second = scan_subject_open(engine, &subject->done.line);

    second->is_second = true;
    second->next_ready = engine->second;
    engine->second = second;
    engine->second_count++;
}

/* engine_step - one step of one subject */
static void engine_step(struct scan_engine *engine, struct scan_subject *subject)
{
    size_t bytes = 0;

    scan_subject_step(subject);
    if (subject->is_reported) {
        if (subject->done.kind == SCAN_UNDETERMINED && !subject->is_second &&
            (engine_may_return(engine) || engine_has_returned(engine, subject)))
            engine_put_off(engine, subject);
        else
            scan_subject_hand_out(subject);
        engine_drop(engine, subject);
        return;
    }
    bytes = arena_size(subject->arena);
    engine->bytes += bytes - subject->bytes;
    subject->bytes = bytes;
    if (!subject->is_waiting)
        engine_push(engine, subject);
}

/* engine_look - those that wait: is their time up, are their fetches over? */
static void engine_look(struct scan_engine *engine)
{
    int64_t now = clock_monotonic_ms();
    bool is_time = now >= engine->look_ms;

    if (is_time)
        engine->look_ms = now + LOOK_MS;
    if (!is_time && engine->fetching == 0)
        return;
    for (struct scan_subject *at = engine->all; at != NULL; at = at->after)
        if (at->is_waiting && !at->is_ready && (is_time || scan_subject_is_fetched(at)))
            engine_push(engine, at);
}

/* engine_wait - for the network, and for `fd` */
static void engine_wait(struct scan_engine *engine, int fd, int timeout_ms)
{
    struct source *live = engine->request.live;
    struct pollfd wanted[2] = {{.fd = -1, .events = POLLIN}, {.fd = fd, .events = POLLIN}};

    if (engine->ready != NULL)
        timeout_ms = 0;
    else if ((scan_engine_count(engine) > 0 || engine->out_since_ms > 0) &&
             timeout_ms > LOOK_MS)
        timeout_ms = LOOK_MS;
    if (live != NULL) {
        live->ops->wait(live, 0); /* what was asked for in the last steps goes out */
        if (engine->ready != NULL)
            timeout_ms = 0;
        wanted[0].fd = live->ops->watch(live, &timeout_ms);
    }
    if (timeout_ms > 0 && fetch_pool_is_busy(engine->fetch))
        fetch_pool_wait(engine->fetch, (const int[2]){wanted[0].fd, fd}, timeout_ms);
    else if (timeout_ms > 0)
        poll(wanted, 2, timeout_ms);
    if (live != NULL && timeout_ms > 0)
        live->ops->wait(live, 0);
    fetch_pool_go_on(engine->fetch);
}

void scan_engine_turn(struct scan_engine *engine, int fd, int timeout_ms)
{
    struct scan_subject *subject = NULL;

    engine_look_out(engine);
    engine_start_second(engine);
    subject = engine_pop(engine);
    if (subject != NULL)
        engine_step(engine, subject);
    engine_wait(engine, fd, subject != NULL ? 0 : timeout_ms);
    engine_look(engine);
}

/* engine_feed - lines, as long as one more subject is wanted */
static enum scan_feed engine_feed(struct scan_engine *engine)
{
    const struct scan_request *request = &engine->request;
    enum scan_feed state = FEED_LINE;

    while (state == FEED_LINE && scan_engine_wants(engine)) {
        struct scan_line line = {0};

        state = request->take(request->ctx, &line);
        if (state == FEED_LINE)
            scan_engine_add(engine, &line);
    }
    return state;
}

void scan_run(const struct scan_request *request)
{
    struct scan_engine *engine = scan_engine_open(request);
    enum scan_feed state = FEED_LINE;

    for (;;) {
        state = engine_feed(engine);
        if (state == FEED_OVER && scan_engine_count(engine) == 0)
            break;
        scan_engine_turn(engine, state == FEED_LATER ? request->fd : -1, WAIT_MS);
    }
    scan_engine_close(engine);
}
