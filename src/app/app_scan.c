/* The loop, and which subject has its turn. What a subject does is in app_scan_subject.c. */
#include "app/app_scan.h"

#include <poll.h>

#include "app/app_scan_subject.h"
#include "base/clock.h"
#include "base/limits.h"

#define LOOK_MS 250 /* between two looks at the time of subjects that wait */

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

void scan_subject_wake(void *ctx)
{
    struct scan_subject *subject = ctx;

    if (subject->is_waiting && !subject->is_ready)
        engine_push(subject->engine, subject);
}

/* find_live - the source that takes time; NULL: all know at once */
static struct source *find_live(const struct app *app)
{
    for (size_t i = 0; i < app->held_count; i++)
        if (app->held[i] != NULL && app->held[i]->ops->wait != NULL)
            return app->held[i];
    return NULL;
}

struct scan_engine *app_scan_open(const struct scan_request *request)
{
    struct app *app = request->app;
    struct scan_engine *engine = arena_new_of(app->arena, struct scan_engine);

    engine->request = *request;
    engine->live = find_live(app);
    engine->ready_end = &engine->ready;
    engine->fetch_options = pipeline_fetch_options(&app->options);
    engine->fetch = fetch_pool_open(app->arena, &engine->fetch_options);
    return engine;
}

size_t app_scan_count(const struct scan_engine *engine)
{
    return engine->count;
}

bool app_scan_wants(const struct scan_engine *engine)
{
    struct source_counts counts = {0};

    if (engine->count == 0)
        return true;
    if (engine->request.most > 0)
        return engine->count < engine->request.most;
    if (engine->ready != NULL || engine->live == NULL || engine->bytes >= LIMIT_SCAN_BYTES ||
        engine->count >= LIMIT_SUBJECTS)
        return false;
    engine->live->ops->count(engine->live, &counts);
    return counts.has_room;
}

void app_scan_add(struct scan_engine *engine, const struct scan_line *line)
{
    struct scan_subject *subject = scan_subject_open(engine, line);

    subject->after = engine->all;
    if (engine->all != NULL)
        engine->all->before = subject;
    engine->all = subject;
    engine->count++;
    engine_push(engine, subject);
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

void app_scan_close(struct scan_engine *engine)
{
    while (engine->all != NULL)
        engine_drop(engine, engine->all);
    fetch_pool_close(engine->fetch);
}

/* engine_step - one step of one subject */
static void engine_step(struct scan_engine *engine, struct scan_subject *subject)
{
    size_t bytes = 0;

    scan_subject_step(subject);
    if (subject->state == SCAN_REPORTED) {
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
    struct source *live = engine->live;
    struct pollfd wanted[2] = {{.fd = -1, .events = POLLIN}, {.fd = fd, .events = POLLIN}};

    if (engine->ready != NULL)
        timeout_ms = 0;
    else if (engine->count > 0 && timeout_ms > LOOK_MS)
        timeout_ms = LOOK_MS;
    if (live != NULL) {
        live->ops->wait(live, 0); /* what was asked for in the last steps goes out */
        if (engine->ready != NULL)
            timeout_ms = 0;
        wanted[0].fd = live->ops->watch(live, &timeout_ms);
    }
    if (timeout_ms > 0 && fetch_pool_is_busy(engine->fetch))
        fetch_pool_wait(engine->fetch, wanted[0].fd, timeout_ms);
    else if (timeout_ms > 0)
        poll(wanted, 2, timeout_ms);
    if (live != NULL && timeout_ms > 0)
        live->ops->wait(live, 0);
    fetch_pool_go_on(engine->fetch);
}

void app_scan_turn(struct scan_engine *engine, int fd, int timeout_ms)
{
    struct scan_subject *subject = engine_pop(engine);

    if (subject != NULL)
        engine_step(engine, subject);
    engine_wait(engine, fd, subject != NULL ? 0 : timeout_ms);
    engine_look(engine);
}
