/* A client of the hub, which has the sockets. */
#include "base/clock.h"
#include "base/dns_name.h"
#include "source/source_live_hub.h"

/* live_deliver - return what is there; how many answers that were */
static int live_deliver(struct live_client *client, source_answered_fn *answered, void *ctx)
{
    int count = 0;

    while (client->ready != NULL) {
        struct live_waiter *waiter = client->ready;
        struct dns_answer answer = waiter->answer;
        void *token = waiter->token;

        client->ready = waiter->next;
        waiter->next = client->hub->unused_waiters;
        client->hub->unused_waiters = waiter;
        client->open--;
        count++;
        answered(ctx, token, &answer);
    }
    return count;
}

static bool live_submit(struct source *source, const struct dns_question *question, void *token)
{
    live_hub_submit((struct live_client *)source, question, token);
    return true;
}

static int live_poll(struct source *source, int timeout_ms, source_answered_fn *answered,
                     void *ctx)
{
    struct live_client *client = (struct live_client *)source;
    int64_t until = clock_monotonic_ms() + timeout_ms;
    int64_t left = timeout_ms;

    while (live_deliver(client, answered, ctx) == 0 && client->open > 0 && left > 0) {
        live_hub_wait(client->hub, (int)left);
        left = until - clock_monotonic_ms();
    }
    return client->open;
}

static bool live_speaks_for(const struct source *source, const struct dns_name *name)
{
    (void)source;
    (void)name;
    return true;
}

static void live_forget(struct source *source)
{
    live_hub_forget((struct live_client *)source);
}

static void live_close(struct source *source)
{
    struct live_client *client = (struct live_client *)source;

    live_hub_forget(client);
    if (client->is_owner)
        live_hub_close(client->hub);
}

static void live_wait(struct source *source, int timeout_ms)
{
    live_hub_wait(((struct live_client *)source)->hub, timeout_ms);
}

static int live_watch(struct source *source, int *timeout_ms)
{
    struct live_hub *hub = ((struct live_client *)source)->hub;

    *timeout_ms = live_hub_timeout(hub, *timeout_ms);
    return hub->epoll;
}

static void live_count(const struct source *source, struct source_counts *counts_out)
{
    const struct live_hub *hub = ((const struct live_client *)source)->hub;

    *counts_out = hub->counts;
    counts_out->window = hub->pace[hub->preferred].window;
    counts_out->in_flight = (unsigned)hub->in_flight_count;
    counts_out->has_room = live_hub_has_room(hub);
}

static struct source *live_open_again(const struct source *source, struct arena *arena);

static const struct source_ops live_ops = {
    .type = "live",
    .submit = live_submit,
    .poll = live_poll,
    .speaks_for = live_speaks_for,
    .close = live_close,
    .forget = live_forget,
    .open_again = live_open_again,
    .wait = live_wait,
    .watch = live_watch,
    .count = live_count,
};

/* live_client_of - one more client of the hub */
static struct live_client *live_client_of(struct live_hub *hub, struct arena *arena,
                                          const char *spec)
{
    struct live_client *client = arena_new_of(arena, struct live_client);

    client->source =
        (struct source){.ops = &live_ops, .arena = arena, .answers = arena, .spec = spec};
    client->hub = hub;
    return client;
}

static struct source *live_open_again(const struct source *source, struct arena *arena)
{
    const struct live_client *client = (const struct live_client *)source;

    return &live_client_of(client->hub, arena, source->spec)->source;
}

struct source *source_live_open(const struct source_request *request, struct err *why)
{
    struct live_hub *hub = live_hub_open(request, why);
    struct live_client *client = NULL;

    if (hub == NULL)
        return NULL;
    client = live_client_of(hub, request->arena, request->spec);
    client->is_owner = true;
    return &client->source;
}
