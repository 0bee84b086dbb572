/*
 * Many questions are in flight, each with one exchange at a time. A try that fails makes place
 * for the next one; a server that gave a definite failure is not asked again for that
 * question. When all tries are used up, the failures together are the answer.
 *
 * Nothing is handed to the caller before the sockets were looked at: what is done is marked,
 * and delivered from one place, because the caller may submit further questions meanwhile.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/must.h"
#include "source/source_live.h"

#define DEFAULT_TIMEOUT_MS 3000

struct query {
    struct dns_live_exchange exchange;
    void *token;
    unsigned tries_left;
    size_t next_server;
    bool is_excluded[LIVE_SERVERS_MAX]; /* has failed for this question, finally */
    int64_t deadline_ms;
    bool is_done;
    bool has_failure;          /* `answer` holds the failures so far */
    struct dns_answer answer;  /* final when is_done */
    struct dns_answer refused; /* what a resolver said that is now asked unchecked */
    bool has_refused;
    struct query *next; /* waiting, or free */
};

struct live {
    struct source source;
    struct dns_live_servers servers;
    unsigned timeout_ms;
    unsigned tries;
    size_t preferred; /* the server to begin with: the last one known to answer */
    struct query *in_flight[LIMIT_IN_FLIGHT];
    size_t in_flight_count;
    size_t done_count; /* of those in flight */
    struct query *waiting;
    struct query **waiting_end;
    struct query *unused;
    int open;
    uint8_t *buf; /* a datagram */
};

/* live_conclude - the query has its answer; the sockets are not needed any more */
static void live_conclude(struct live *live, struct query *query)
{
    dns_live_hang_up(&query->exchange);
    query->is_done = true;
    live->done_count++;
}

/* note_failure - beside those before; the stronger status stays, every sentence once */
static void note_failure(struct live *live, struct query *query,
                         const struct dns_answer *failure)
{
    struct dns_answer *sum = &query->answer;

    if (!query->has_failure) {
        *sum = *failure;
        query->has_failure = true;
        return;
    }
    if (dns_status_stronger(failure->status, sum->status) != sum->status)
        sum->source = failure->source;
    sum->status = dns_status_stronger(sum->status, failure->status);
    if (strstr(sum->detail, failure->detail) == NULL)
        sum->detail =
            arena_printf(live->source.answers, "%s; %s", sum->detail, failure->detail);
}

/* note_unreachable - there was no answer, because of what the network or the server did */
static void note_unreachable(struct live *live, struct query *query, const char *because)
{
    const struct dns_live_server *server = query->exchange.server;
    struct dns_answer failure = {
        .question = query->exchange.question,
        .status = DNS_TIMEOUT,
        .source = server->spec,
        .detail = arena_printf(live->source.answers, "no answer from %s%s%s", server->text,
                               because == NULL ? "" : ": ", because == NULL ? "" : because),
    };

    note_failure(live, query, &failure);
}

/* begin_exchange - put the question to the server that was chosen; false if it cannot be */
static bool begin_exchange(struct live *live, struct query *query)
{
    struct dns_live_exchange *exchange = &query->exchange;

    dns_live_hang_up(exchange);
    must(getrandom(&exchange->id, sizeof(exchange->id), 0) == sizeof(exchange->id));
    query->deadline_ms = clock_monotonic_ms() + live->timeout_ms;
    if (!dns_live_packet_make(exchange)) {
        note_unreachable(live, query, "the question cannot be written as a packet");
        return false;
    }
    if (!dns_live_connect(exchange)) {
        note_unreachable(live, query, strerror(errno));
        return false;
    }
    return true;
}

/* choose_server - the next one that may be asked; `count`: there is none */
static size_t choose_server(const struct live *live, const struct query *query)
{
    for (size_t i = 0; i < live->servers.count; i++) {
        size_t server = (query->next_server + i) % live->servers.count;

        if (!query->is_excluded[server])
            return server;
    }
    return live->servers.count;
}

/* starts_unchecked - keys and DS records are asked for to be verified here; nobody else needs
 * to, and a resolver that finds the zone bogus would hold them back */
static bool starts_unchecked(const struct query *query)
{
    const struct dns_question *question = &query->exchange.question;

    return query->exchange.wants_proofs &&
           (question->type == DNS_DNSKEY || question->type == DNS_DS);
}

/* next_try - with the next server, or the end of trying */
static void next_try(struct live *live, struct query *query)
{
    if (query->has_refused)
        note_failure(live, query, &query->refused);
    query->has_refused = false;
    for (; query->tries_left > 0; query->tries_left--) {
        size_t server = choose_server(live, query);

        if (server == live->servers.count)
            break;
        query->exchange.server = &live->servers.list[server];
        query->exchange.is_tcp = false;
        query->exchange.has_edns = true;
        query->exchange.is_unchecked = starts_unchecked(query);
        query->next_server = server + 1;
        if (begin_exchange(live, query)) {
            query->tries_left--;
            return;
        }
        query->is_excluded[server] = true;
    }
    live_conclude(live, query);
}

/* server_index - which server the query is with */
static size_t server_index(const struct live *live, const struct query *query)
{
    return (size_t)(query->exchange.server - live->servers.list);
}

/* give_up_server - it has failed finally for this question */
static void give_up_server(struct live *live, struct query *query)
{
    query->is_excluded[server_index(live, query)] = true;
    next_try(live, query);
}

/* try_again - the same server in another way: over TCP, or without EDNS */
static void try_again(struct live *live, struct query *query)
{
    if (!begin_exchange(live, query))
        give_up_server(live, query);
}

/* fail_with - the packet says that this server cannot answer */
static void fail_with(struct live *live, struct query *query, const struct dns_answer *failure)
{
    note_failure(live, query, failure);
    give_up_server(live, query);
}

/* live_malformed - a failure of our own finding */
static struct dns_answer live_malformed(struct live *live, const struct query *query,
                                        const char *what)
{
    const struct dns_live_server *server = query->exchange.server;

    return (struct dns_answer){
        .question = query->exchange.question,
        .status = DNS_MALFORMED,
        .source = server->spec,
        .detail = arena_printf(live->source.answers, "%s by %s", what, server->text),
    };
}

/* ask_unchecked - the resolver failed: does it have an answer that it does not believe? */
static void ask_unchecked(struct live *live, struct query *query,
                          const struct dns_answer *refused)
{
    query->refused = *refused;
    query->has_refused = true;
    query->exchange.is_unchecked = true;
    try_again(live, query);
}

/* take_unchecked - the second answer tells what the first failure was */
static enum dns_live_meaning take_unchecked(struct live *live, struct query *query,
                                            enum dns_live_meaning meaning,
                                            struct dns_answer *answer)
{
    struct dns_answer *unchecked = NULL;

    if (!query->has_refused || (meaning != LIVE_ANSWER && meaning != LIVE_FAILURE))
        return meaning;
    if (meaning == LIVE_ANSWER && dns_status_is_answer(answer->status)) {
        unchecked = arena_new_of(live->source.answers, struct dns_answer);
        *unchecked = *answer;
    }
    *answer = query->refused;
    answer->unchecked = unchecked;
    query->has_refused = false;
    if (unchecked == NULL && answer->status != DNS_BOGUS)
        return LIVE_FAILURE;
    if (answer->status != DNS_BOGUS)
        answer->detail =
            arena_printf(live->source.answers, "%s, which answers when asked not to validate",
                         answer->detail);
    answer->status = DNS_BOGUS;
    return LIVE_ANSWER;
}

/* take_packet - one packet of the server; false if it was a stray one */
static bool take_packet(struct live *live, struct query *query, struct span packet)
{
    struct dns_live_exchange *exchange = &query->exchange;
    struct dns_answer answer;
    enum dns_live_meaning meaning =
        dns_live_packet_read(live->source.answers, exchange, packet, &answer);

    if (exchange->is_tcp && meaning == LIVE_STRAY) {
        answer = live_malformed(live, query, "another question answered over TCP");
        meaning = LIVE_FAILURE; /* nothing else will come */
    }
    if (exchange->is_tcp && meaning == LIVE_TRUNCATED) {
        answer = live_malformed(live, query, "truncated answer over TCP");
        meaning = LIVE_FAILURE;
    }
    meaning = take_unchecked(live, query, meaning, &answer);
    switch (meaning) {
    case LIVE_STRAY:
        return false;
    case LIVE_BOGUS:
        ask_unchecked(live, query, &answer);
        break;
    case LIVE_ANSWER:
        live->preferred = server_index(live, query);
        query->answer = answer;
        live_conclude(live, query);
        break;
    case LIVE_TRUNCATED:
        exchange->is_tcp = true;
        try_again(live, query);
        break;
    case LIVE_NO_EDNS:
        exchange->has_edns = false;
        try_again(live, query);
        break;
    case LIVE_FAILURE:
        fail_with(live, query, &answer);
        break;
    }
    return true;
}

/* take_events - what the socket has; strays are passed over */
static void take_events(struct live *live, struct query *query)
{
    for (int strays = 0; strays < LIMIT_STRAYS; strays++) {
        struct span packet;
        enum dns_live_progress progress =
            dns_live_advance(&query->exchange, live->source.arena, live->buf, &packet);

        if (progress == LIVE_WAITS)
            return;
        if (progress == LIVE_IS_BROKEN) {
            note_unreachable(live, query,
                             errno == 0 ? "the connection was closed" : strerror(errno));
            give_up_server(live, query);
            return;
        }
        if (take_packet(live, query, packet))
            return;
    }
}

/* take_timeouts - tries whose time is up make place for the next */
static void take_timeouts(struct live *live)
{
    int64_t now = clock_monotonic_ms();

    for (size_t i = 0; i < live->in_flight_count; i++) {
        struct query *query = live->in_flight[i];

        if (query->is_done || query->deadline_ms > now)
            continue;
        if (server_index(live, query) == live->preferred)
            live->preferred = (live->preferred + 1) % live->servers.count;
        note_unreachable(live, query, NULL);
        next_try(live, query);
    }
}

/* wait_ms - how long nothing can happen but an event: until a deadline, at most to `until` */
static int wait_ms(const struct live *live, int64_t until)
{
    int64_t now = clock_monotonic_ms();

    if (live->done_count > 0)
        return 0;
    for (size_t i = 0; i < live->in_flight_count; i++)
        if (live->in_flight[i]->deadline_ms < until)
            until = live->in_flight[i]->deadline_ms;
    return until > now ? (int)(until - now) : 0;
}

/* take_all_events - wait for the sockets, then look at those that have something */
static void take_all_events(struct live *live, int64_t until)
{
    struct pollfd fds[LIMIT_IN_FLIGHT];
    size_t count = live->in_flight_count;
    int ready = 0;

    for (size_t i = 0; i < count; i++) {
        struct query *query = live->in_flight[i];

        fds[i] = (struct pollfd){.fd = query->exchange.fd,
                                 .events = dns_live_events(&query->exchange)};
    }
    ready = poll(fds, count, wait_ms(live, until));
    for (size_t i = 0; ready > 0 && i < count; i++)
        if (fds[i].revents != 0 && !live->in_flight[i]->is_done)
            take_events(live, live->in_flight[i]);
}

/* start_waiting - as many as there is place for */
static void start_waiting(struct live *live)
{
    while (live->waiting != NULL && live->in_flight_count < LIMIT_IN_FLIGHT) {
        struct query *query = live->waiting;

        live->waiting = query->next;
        if (live->waiting == NULL)
            live->waiting_end = &live->waiting;
        live->in_flight[live->in_flight_count++] = query;
        query->next_server = live->preferred;
        next_try(live, query);
    }
}

/* put_away - the query can be used for another question */
static void put_away(struct live *live, struct query *query)
{
    dns_live_hang_up(&query->exchange);
    query->next = live->unused;
    live->unused = query;
    live->open--;
}

/* live_deliver - hand out what is done; how many that were */
static int live_deliver(struct live *live, source_answered_fn *answered, void *ctx)
{
    int count = 0;

    for (size_t i = 0; i < live->in_flight_count;) {
        struct query *query = live->in_flight[i];
        struct dns_answer answer = query->answer;

        if (!query->is_done) {
            i++;
            continue;
        }
        live->in_flight[i] = live->in_flight[--live->in_flight_count];
        live->done_count--;
        put_away(live, query);
        answered(ctx, query->token, &answer);
        count++;
    }
    return count;
}

static bool live_submit(struct source *source, const struct dns_question *question, void *token)
{
    struct live *live = (struct live *)source;
    struct query *query = live->unused;
    uint8_t *bytes = NULL;

    if (query == NULL) {
        query = arena_new_of(source->arena, struct query);
    } else {
        live->unused = query->next;
        bytes = query->exchange.bytes;
    }
    *query = (struct query){
        .exchange = {.question = *question,
                     .wants_proofs = source->wants_proofs,
                     .fd = -1,
                     .bytes = bytes},
        .token = token,
        .tries_left = live->tries,
    };
    *live->waiting_end = query;
    live->waiting_end = &query->next;
    live->open++;
    return true;
}

static int live_poll(struct source *source, int timeout_ms, source_answered_fn *answered,
                     void *ctx)
{
    struct live *live = (struct live *)source;
    int64_t until = clock_monotonic_ms() + timeout_ms;
    int count = 0;

    do {
        start_waiting(live);
        take_all_events(live, until);
        take_timeouts(live);
        count = live_deliver(live, answered, ctx);
    } while (count == 0 && live->open > 0 && clock_monotonic_ms() < until);
    return live->open;
}

static bool live_speaks_for(const struct source *source, const struct dns_name *name)
{
    (void)source;
    (void)name;
    return true;
}

static void live_forget(struct source *source)
{
    struct live *live = (struct live *)source;

    while (live->in_flight_count > 0)
        put_away(live, live->in_flight[--live->in_flight_count]);
    while (live->waiting != NULL) {
        struct query *query = live->waiting;

        live->waiting = query->next;
        put_away(live, query);
    }
    live->waiting_end = &live->waiting;
    live->done_count = 0;
}

static const struct source_ops live_ops = {
    .type = "live",
    .submit = live_submit,
    .poll = live_poll,
    .speaks_for = live_speaks_for,
    .close = live_forget, /* all that is held outside the arena are the sockets */
    .forget = live_forget,
};

struct source *source_live_open(const struct source_request *request, struct err *why)
{
    struct live *live = arena_new_of(request->arena, struct live);

    live->source =
        (struct source){.ops = &live_ops, .arena = request->arena, .spec = request->spec};
    if (!dns_live_servers_read(request, &live->servers, why))
        return NULL;
    live->timeout_ms = request->options.timeout_ms;
    if (live->timeout_ms == 0)
        live->timeout_ms = live->servers.timeout_ms;
    if (live->timeout_ms == 0)
        live->timeout_ms = DEFAULT_TIMEOUT_MS;
    live->tries = request->options.retries + 1;
    live->waiting_end = &live->waiting;
    live->buf = arena_alloc(request->arena, LIVE_PACKET_MAX);
    return &live->source;
}
