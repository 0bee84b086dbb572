/*
 * A query belongs to those who wait for it. It is in the list of those that wait for their
 * turn or among those on their way, and, while others may join it, in a list by its name.
 */
#include <string.h>

#include "source/source_live_hub.h"
#include "base/clock.h"
#include "base/dns_name.h"
#include "base/must.h"
#include "model/dns_answer.h"
#include "source/source_table.h"

#define DEFAULT_TIMEOUT_MS 3000
#define TYPE_FACTOR        2654435761U
#define US_PER_SECOND      1000000
#define US_PER_MS          1000
#define ID_OCTETS          2

/* ---- clients ---- */

/* client_weigh - open queries of which none is on its way wait for us, not for a server */
static void client_weigh(struct live_client *client)
{
    bool is_idle = client->open > 0 && client->sent == 0 && client->ready == NULL;

    if (is_idle && client->idle_since_ms == 0) {
        client->idle_since_ms = clock_monotonic_ms();
    } else if (!is_idle && client->idle_since_ms != 0) {
        client->source.idle_ms += clock_monotonic_ms() - client->idle_since_ms;
        client->idle_since_ms = 0;
    }
}

/* client_hold - the waiter has a query */
static void client_hold(struct live_waiter *waiter, struct live_query *query)
{
    struct live_client *client = waiter->client;

    waiter->query = query;
    waiter->before = NULL;
    waiter->after = client->asked;
    if (client->asked != NULL)
        client->asked->before = waiter;
    client->asked = waiter;
}

/* client_release - it has none any more */
static void client_release(struct live_waiter *waiter)
{
    if (waiter->before != NULL)
        waiter->before->after = waiter->after;
    else
        waiter->client->asked = waiter->after;
    if (waiter->after != NULL)
        waiter->after->before = waiter->before;
    waiter->query = NULL;
}

/* client_ready - the answer is there for the next poll */
static void client_ready(struct live_waiter *waiter)
{
    struct live_client *client = waiter->client;
    bool is_first = client->ready == NULL;

    waiter->next = NULL;
    if (is_first)
        client->ready_end = &client->ready;
    *client->ready_end = waiter;
    client->ready_end = &waiter->next;
    if (is_first && client->source.wake != NULL)
        client->source.wake(client->source.wake_ctx);
}

/* hub_waiter - a new one */
static struct live_waiter *hub_waiter(struct live_hub *hub)
{
    struct live_waiter *waiter = hub->unused_waiters;

    if (waiter == NULL)
        return arena_new_of(hub->arena, struct live_waiter);
    hub->unused_waiters = waiter->next;
    return waiter;
}

/* ---- queries ---- */

/* hub_same - where queries that may be this one are listed */
static struct live_query **hub_same(struct live_hub *hub, const struct dns_question *question)
{
    uint32_t hash = question->name->hash ^ (uint32_t)question->type * TYPE_FACTOR;

    return &hub->by_name[(hash ^ hash >> 16) & (LIVE_SAME_LISTS - 1)];
}

/* hub_find - a query that may be joined; NULL */
static struct live_query *hub_find(struct live_hub *hub, const struct live_waiter *waiter)
{
    struct live_query *query = *hub_same(hub, &waiter->question);

    while (query != NULL &&
           (query->exchange.question.type != waiter->question.type ||
            query->exchange.wants_proofs != waiter->wants_proofs ||
            !dns_name_equal(query->exchange.question.name, waiter->question.name)))
        query = query->same;
    return query;
}

/* hub_part - nobody else may join the query */
static void hub_part(struct live_hub *hub, struct live_query *query)
{
    struct live_query **at = hub_same(hub, &query->exchange.question);

    if (!query->is_shared)
        return;
    while (*at != query)
        at = &(*at)->same;
    *at = query->same;
    query->is_shared = false;
}

/* hub_query - a new one for the question of a waiter, behind those that wait */
static struct live_query *hub_query(struct live_hub *hub, const struct live_waiter *waiter,
                                    bool is_shared)
{
    struct live_query *query = hub->unused;
    uint8_t *bytes = NULL;

    if (query == NULL) {
        query = arena_new_of(hub->arena, struct live_query);
    } else {
        hub->unused = query->next;
        bytes = query->exchange.bytes;
    }
    *query = (struct live_query){
        .exchange = {.question = waiter->question,
                     .wants_proofs = waiter->wants_proofs,
                     .fd = -1,
                     .bytes = bytes},
        .tries_left = hub->tries,
        .is_shared = is_shared,
    };
    query->event.query = query;
    query->waiters_end = &query->waiters;
    if (is_shared) {
        query->same = *hub_same(hub, &waiter->question);
        *hub_same(hub, &waiter->question) = query;
    }
    *hub->waiting_end = query;
    hub->waiting_end = &query->next;
    hub->waiting_count++;
    return query;
}

/* hub_join - the waiter waits for the query */
static void hub_join(struct live_waiter *waiter, struct live_query *query)
{
    waiter->next = NULL;
    *query->waiters_end = waiter;
    query->waiters_end = &waiter->next;
    client_hold(waiter, query);
    waiter->client->sent += query->is_under_way;
    client_weigh(waiter->client);
}

/* hub_take_first - the first waiter no longer waits for the query */
static struct live_waiter *hub_take_first(struct live_query *query)
{
    struct live_waiter *waiter = query->waiters;

    query->waiters = waiter->next;
    if (query->waiters == NULL)
        query->waiters_end = &query->waiters;
    client_release(waiter);
    waiter->client->sent -= query->is_under_way;
    return waiter;
}

/* hub_retire - the query is not on its way any more */
static void hub_retire(struct live_hub *hub, struct live_query *query)
{
    live_wire_hang_up(hub, query);
    hub_part(hub, query);
    must(query->is_under_way && hub->in_flight[query->at] == query);
    hub->in_flight[query->at] = hub->in_flight[--hub->in_flight_count];
    hub->in_flight[query->at]->at = query->at;
}

/* hub_put_away - the query can be used for another question */
static void hub_put_away(struct live_hub *hub, struct live_query *query)
{
    query->next = hub->unused;
    hub->unused = query;
}

/* ---- answers ---- */

/* hub_read - make the answer for a waiter of his own from a packet */
static bool hub_read(struct live_hub *hub, struct live_waiter *waiter,
                     const struct source_cached *from)
{
    const uint8_t *octets = (const uint8_t *)from->packet.at;
    const struct dns_live_exchange exchange = {
        .server = &hub->servers.list[from->server],
        .question = waiter->question,
        .id = (uint16_t)(octets[0] << 8 | octets[1]),
        .has_edns = from->has_edns,
        .is_tcp = from->is_tcp,
        .wants_proofs = waiter->wants_proofs,
    };

    return dns_live_packet_read(waiter->client->source.answers, &exchange, from->packet,
                                &waiter->answer) == LIVE_ANSWER;
}

/* hub_share - the others who wait for the query: an answer is theirs too, a failure is not */
static void hub_share(struct live_hub *hub, struct live_query *query,
                      const struct source_cached *from)
{
    while (query->waiters != NULL) {
        struct live_waiter *waiter = hub_take_first(query);

        if (from->packet.len > 0 && hub_read(hub, waiter, from))
            client_ready(waiter);
        else
            hub_join(waiter, hub_query(hub, waiter, false));
        client_weigh(waiter->client);
    }
}

void live_hub_settle(struct live_hub *hub, struct live_query *query, struct span packet)
{
    struct live_waiter *first = NULL;
    struct source_cached cached = {.has_edns = query->exchange.has_edns,
                                   .is_tcp = query->exchange.is_tcp};

    hub_retire(hub, query);
    first = hub_take_first(query);
    first->answer = query->answer;
    client_ready(first);
    client_weigh(first->client);
    if (dns_status_is_answer(query->answer.status) && packet.len >= ID_OCTETS) {
        cached.packet = packet;
        cached.server = (unsigned)(query->exchange.server - hub->servers.list);
        source_cache_store(hub->cache, &query->answer, query->exchange.wants_proofs, &cached);
    }
    hub_share(hub, query, &cached);
    hub_put_away(hub, query);
}

/* ---- what clients call ---- */

void live_hub_submit(struct live_client *client, const struct dns_question *question,
                     void *token)
{
    struct live_hub *hub = client->hub;
    struct live_waiter asking = {.client = client,
                                 .token = token,
                                 .question = *question,
                                 .wants_proofs = client->source.wants_proofs};
    struct source_cached cached;
    bool is_known = source_cache_find(hub->cache, question, asking.wants_proofs, &cached) &&
                    hub_read(hub, &asking, &cached);
    struct live_waiter *waiter = hub_waiter(hub);
    struct live_query *query = NULL;

    *waiter = asking;
    client->open++;
    if (is_known) {
        hub->counts.recalled++;
        client_ready(waiter);
        return;
    }
    query = hub_find(hub, waiter);
    hub_join(waiter, query != NULL ? query : hub_query(hub, waiter, true));
}

/* hub_drop - a client leaves; those who wait for the same start again, because what was made so
 * far was made in the memory of the first */
static void hub_drop(struct live_hub *hub, struct live_query *query,
                     const struct live_waiter *leaving)
{
    struct live_waiter *others = NULL;

    while (query->waiters != NULL) {
        struct live_waiter *waiter = hub_take_first(query);

        if (waiter == leaving)
            continue;
        waiter->next = others;
        others = waiter;
    }
    if (query->is_under_way) {
        hub_retire(hub, query);
        hub_put_away(hub, query);
    } else {
        hub_part(hub, query); /* without a waiter it is passed over when its turn comes */
    }
    while (others != NULL) {
        struct live_waiter *waiter = others;

        others = waiter->next;
        hub_join(waiter, hub_query(hub, waiter, false));
    }
}

void live_hub_forget(struct live_client *client)
{
    struct live_hub *hub = client->hub;

    while (client->asked != NULL) {
        struct live_waiter *waiter = client->asked;

        hub_drop(hub, waiter->query, waiter);
        waiter->next = hub->unused_waiters;
        hub->unused_waiters = waiter;
    }
    while (client->ready != NULL) {
        struct live_waiter *waiter = client->ready;

        client->ready = waiter->next;
        waiter->next = hub->unused_waiters;
        hub->unused_waiters = waiter;
    }
    client->open = 0;
    client_weigh(client);
}

/* ---- on their way ---- */

bool live_hub_has_room(const struct live_hub *hub)
{
    return hub->waiting == NULL && hub->in_flight_count < hub->pace[hub->preferred].window;
}

/* hub_may_send - the rate allows one more */
static bool hub_may_send(struct live_hub *hub)
{
    int64_t now = 0;

    if (hub->rate == 0)
        return true;
    now = clock_monotonic_us();
    if (now < hub->next_us)
        return false;
    if (hub->next_us < now - US_PER_SECOND / 10) /* what was not used is not saved up */
        hub->next_us = now - US_PER_SECOND / 10;
    hub->next_us += (int64_t)(US_PER_SECOND / hub->rate);
    return true;
}

/* hub_take_waiting - the next that somebody waits for; NULL */
static struct live_query *hub_take_waiting(struct live_hub *hub)
{
    struct live_query *query = hub->waiting;

    while (query != NULL) {
        hub->waiting = query->next;
        if (hub->waiting == NULL)
            hub->waiting_end = &hub->waiting;
        hub->waiting_count--;
        if (query->waiters != NULL)
            return query;
        hub_put_away(hub, query);
        query = hub->waiting;
    }
    return NULL;
}

/* hub_start - as many as there is place for */
static void hub_start(struct live_hub *hub)
{
    while (hub->waiting != NULL && hub->in_flight_count < hub->pace[hub->preferred].window &&
           hub_may_send(hub)) {
        struct live_query *query = hub_take_waiting(hub);

        if (query == NULL)
            return;
        query->at = hub->in_flight_count;
        hub->in_flight[hub->in_flight_count++] = query;
        query->is_under_way = true;
        for (struct live_waiter *at = query->waiters; at != NULL; at = at->next) {
            at->client->sent++;
            client_weigh(at->client);
        }
        query->next_server = hub->preferred;
        live_try_next(hub, query);
    }
    if (hub->waiting != NULL && hub->in_flight_count >= hub->pace[hub->preferred].window)
        hub->pace[hub->preferred].was_full = true;
}

/* hub_times - those whose time has come; a query that is settled leaves its place to another */
static void hub_times(struct live_hub *hub)
{
    int64_t now = clock_monotonic_ms();

    for (size_t i = 0; i < hub->servers.count; i++)
        live_pace_look(&hub->pace[i], now);
    source_cache_tick(hub->cache, now);
    if (now < hub->look_ms)
        return;
    hub->look_ms = INT64_MAX;
    for (size_t i = 0; i < hub->in_flight_count;) {
        struct live_query *query = hub->in_flight[i];

        if (query->look_ms <= now)
            live_try_time(hub, query, now);
        if (i < hub->in_flight_count && hub->in_flight[i] == query) {
            if (query->look_ms < hub->look_ms)
                hub->look_ms = query->look_ms;
            i++;
        }
    }
}

int live_hub_timeout(struct live_hub *hub, int timeout_ms)
{
    int64_t now = clock_monotonic_ms();
    int64_t left = timeout_ms;

    if (hub->in_flight_count > 0 && hub->look_ms - now < left)
        left = hub->look_ms - now;
    if (hub->waiting != NULL && hub->rate > 0 && hub->next_us / US_PER_MS + 1 - now < left)
        left = hub->next_us / US_PER_MS + 1 - now;
    return left > 0 ? (int)left : 0;
}

void live_hub_wait(struct live_hub *hub, int timeout_ms)
{
    hub_start(hub);
    live_wire_wait(hub, live_hub_timeout(hub, timeout_ms));
    hub_times(hub);
    hub_start(hub);
}

struct live_hub *live_hub_open(const struct source_request *request, struct err *why)
{
    struct live_hub *hub = arena_new_of(request->arena, struct live_hub);

    hub->arena = request->arena;
    if (!dns_live_servers_read(request, &hub->servers, why))
        return NULL;
    hub->timeout_ms = request->options.timeout_ms;
    if (hub->timeout_ms == 0)
        hub->timeout_ms = hub->servers.timeout_ms;
    if (hub->timeout_ms == 0)
        hub->timeout_ms = DEFAULT_TIMEOUT_MS;
    hub->tries = request->options.retries + 1;
    hub->rate = request->options.rate;
    hub->waiting_end = &hub->waiting;
    hub->look_ms = INT64_MAX;
    hub->epoll = -1;
    for (size_t i = 0; i < LIVE_SERVERS_MAX; i++)
        live_pace_start(&hub->pace[i], clock_monotonic_ms());
    hub->cache = source_cache_open(request->arena);
    source_cache_tick(hub->cache, clock_monotonic_ms());
    return hub;
}

void live_hub_close(struct live_hub *hub)
{
    live_wire_close(hub);
    source_cache_close(hub->cache);
}
