/*
 * A query is put to one server at a time. A try that fails makes place for the next one; a
 * server that gave a definite failure is not asked again for that query. When all tries are
 * used up, the failures together are the answer. Within a try a datagram that seems lost is
 * sent again as it is, so that a late answer to the first still counts.
 */
#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "model/dns_answer.h"
#include "source/source_live_hub.h"

#define US_PER_MS 1000

static const struct span no_packet = {NULL, 0};

/* try_arena - answers are made for who waits first */
static struct arena *try_arena(const struct live_query *query)
{
    return query->waiters->client->source.answers;
}

/* note_failure - added to those before; the stronger status stays, every sentence once */
static void note_failure(struct live_query *query, const struct dns_answer *failure)
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
        sum->detail = arena_printf(try_arena(query), "%s; %s", sum->detail, failure->detail);
}

/* note_unreachable - there was no answer, because of what the network or the server did */
static void note_unreachable(struct live_query *query, const char *because)
{
    struct live_hub *hub = query->waiters->client->hub;
    const struct dns_live_server *server = query->exchange.server;
    struct dns_answer failure = {
        .question = query->exchange.question,
        .status = DNS_TIMEOUT,
        .source = server->spec,
        .detail = arena_printf(try_arena(query), "no answer from %s%s%s", server->text,
                               because == NULL ? "" : ": ", because == NULL ? "" : because),
    };

    hub->counts.silent++;
    note_failure(query, &failure);
}

/* try_server - which server the query is with */
static size_t try_server(const struct live_hub *hub, const struct live_query *query)
{
    return (size_t)(query->exchange.server - hub->servers.list);
}

/* try_look - when the query is to be looked at again */
static void try_look(struct live_hub *hub, struct live_query *query, int64_t now_ms)
{
    query->look_ms = query->try_ends_ms;
    if (!query->exchange.is_tcp) {
        int64_t wait = live_pace_wait(&hub->pace[try_server(hub, query)], query->sends);

        if (now_ms + wait < query->look_ms)
            query->look_ms = now_ms + wait;
    }
    if (query->look_ms < hub->look_ms)
        hub->look_ms = query->look_ms;
}

/* begin_exchange - put the query to the server that was chosen; false if it cannot be */
static bool begin_exchange(struct live_hub *hub, struct live_query *query)
{
    bool is_placed = false;

    live_wire_hang_up(hub, query);
    query->sends = 1;
    query->sent_us = clock_monotonic_us();
    query->try_ends_ms = query->sent_us / US_PER_MS + hub->timeout_ms;
    is_placed = live_wire_place(hub, query);
    if (is_placed)
        dns_live_packet_make(&query->exchange);
    if (!is_placed || !live_wire_send(hub, query)) {
        note_unreachable(query, strerror(errno));
        return false;
    }
    try_look(hub, query, query->sent_us / US_PER_MS);
    return true;
}

/* choose_server - the next one that may be asked; `count`: none */
static size_t choose_server(const struct live_hub *hub, const struct live_query *query)
{
    for (size_t i = 0; i < hub->servers.count; i++) {
        size_t server = (query->next_server + i) % hub->servers.count;

        if (!query->is_excluded[server])
            return server;
    }
    return hub->servers.count;
}

/* starts_unchecked - keys and DS records are queried to be verified here; nobody else needs
 * to, and a resolver that finds the zone bogus would hold them back */
static bool starts_unchecked(const struct live_query *query)
{
    const struct dns_question *question = &query->exchange.question;

    return query->exchange.wants_proofs &&
           (question->type == DNS_DNSKEY || question->type == DNS_DS);
}

void live_try_next(struct live_hub *hub, struct live_query *query)
{
    if (query->has_refused)
        note_failure(query, &query->refused);
    query->has_refused = false;
    for (; query->tries_left > 0; query->tries_left--) {
        size_t server = choose_server(hub, query);

        if (server == hub->servers.count)
            break;
        live_wire_hang_up(hub, query);
        query->exchange.server = &hub->servers.list[server];
        query->exchange.is_tcp = false;
        query->exchange.has_edns = true;
        query->exchange.is_unchecked = starts_unchecked(query);
        query->next_server = server + 1;
        if (begin_exchange(hub, query)) {
            query->tries_left--;
            return;
        }
        query->is_excluded[server] = true;
    }
    live_hub_settle(hub, query, no_packet);
}

/* give_up_server - it has failed finally for this query */
static void give_up_server(struct live_hub *hub, struct live_query *query)
{
    query->is_excluded[try_server(hub, query)] = true;
    live_try_next(hub, query);
}

/* try_again - the same server in another way: over TCP, or without EDNS */
static void try_again(struct live_hub *hub, struct live_query *query)
{
    if (!begin_exchange(hub, query))
        give_up_server(hub, query);
}

/* live_malformed - a failure of our own finding */
static struct dns_answer live_malformed(const struct live_query *query, const char *what)
{
    const struct dns_live_server *server = query->exchange.server;

    return (struct dns_answer){
        .question = query->exchange.question,
        .status = DNS_MALFORMED,
        .source = server->spec,
        .detail = arena_printf(try_arena(query), "%s by %s", what, server->text),
    };
}

/* ask_unchecked - the resolver failed: does it have an answer that it does not believe? */
static void ask_unchecked(struct live_hub *hub, struct live_query *query,
                          const struct dns_answer *refused)
{
    query->refused = *refused;
    query->has_refused = true;
    query->exchange.is_unchecked = true;
    try_again(hub, query);
}

/* take_unchecked - the second answer says what the first failure was */
static enum dns_live_meaning take_unchecked(struct live_query *query,
                                            enum dns_live_meaning meaning,
                                            struct dns_answer *answer)
{
    struct dns_answer *unchecked = NULL;

    if (!query->has_refused || (meaning != LIVE_ANSWER && meaning != LIVE_FAILURE))
        return meaning;
    if (meaning == LIVE_ANSWER && dns_status_is_answer(answer->status)) {
        unchecked = arena_new_of(try_arena(query), struct dns_answer);
        *unchecked = *answer;
    }
    *answer = query->refused;
    answer->unchecked = unchecked;
    query->has_refused = false;
    if (unchecked == NULL && answer->status != DNS_BOGUS)
        return LIVE_FAILURE;
    if (answer->status != DNS_BOGUS)
        answer->detail = arena_printf(
            try_arena(query), "%s, which answers when asked not to validate", answer->detail);
    answer->status = DNS_BOGUS;
    return LIVE_ANSWER;
}

/* try_read - what the packet means for the query */
static enum dns_live_meaning try_read(struct live_query *query, struct span packet,
                                      struct dns_answer *answer)
{
    struct dns_live_exchange *exchange = &query->exchange;
    enum dns_live_meaning meaning =
        dns_live_packet_read(try_arena(query), exchange, packet, answer);

    if (exchange->is_tcp && meaning == LIVE_STRAY) {
        *answer = live_malformed(query, "the TCP answer is for another query");
        meaning = LIVE_FAILURE; /* nothing else will come */
    }
    if (exchange->is_tcp && meaning == LIVE_TRUNCATED) {
        *answer = live_malformed(query, "truncated answer over TCP");
        meaning = LIVE_FAILURE;
    }
    return take_unchecked(query, meaning, answer);
}

/* try_pace - report the result to the control of the server's pace */
static void try_pace(struct live_hub *hub, const struct live_query *query,
                     enum dns_live_meaning meaning)
{
    bool is_timed = query->sends == 1 && !query->exchange.is_tcp;
    int64_t trip_us = is_timed ? clock_monotonic_us() - query->sent_us + 1 : 0;

    live_pace_answered(&hub->pace[try_server(hub, query)], trip_us, meaning == LIVE_FAILURE);
    hub->counts.answered++;
    hub->counts.failed += meaning == LIVE_FAILURE;
    hub->counts.silent = 0;
}

void live_try_packet(struct live_hub *hub, struct live_query *query, struct span packet)
{
    struct dns_answer answer;
    enum dns_live_meaning meaning = try_read(query, packet, &answer);

    if (meaning == LIVE_STRAY)
        return;
    try_pace(hub, query, meaning);
    switch (meaning) {
    case LIVE_STRAY:
        break;
    case LIVE_BOGUS:
        ask_unchecked(hub, query, &answer);
        break;
    case LIVE_ANSWER:
        hub->preferred = try_server(hub, query);
        query->answer = answer;
        live_hub_settle(hub, query, packet);
        break;
    case LIVE_TRUNCATED:
        live_wire_hang_up(hub, query);
        query->exchange.is_tcp = true;
        try_again(hub, query);
        break;
    case LIVE_NO_EDNS:
        query->exchange.has_edns = false;
        try_again(hub, query);
        break;
    case LIVE_FAILURE:
        note_failure(query, &answer);
        give_up_server(hub, query);
        break;
    }
}

void live_try_broken(struct live_hub *hub, struct live_query *query, int error)
{
    note_unreachable(query, error == 0 ? "the connection was closed" : strerror(error));
    give_up_server(hub, query);
}

void live_try_time(struct live_hub *hub, struct live_query *query, int64_t now_ms)
{
    size_t server = try_server(hub, query);

    live_pace_lost(&hub->pace[server]);
    hub->counts.lost++;
    hub->counts.silent++;
    if (now_ms < query->try_ends_ms) {
        query->sends++;
        live_wire_send_again(hub, query);
        try_look(hub, query, now_ms);
        return;
    }
    if (server == hub->preferred)
        hub->preferred = (hub->preferred + 1) % hub->servers.count;
    note_unreachable(query, NULL);
    live_try_next(hub, query);
}
