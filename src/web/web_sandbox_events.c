/*
 * A listener is a response without end. While there is nothing for it its connection is
 * suspended; a comment now and then shows whether somebody still listens.
 */
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/limits_serve.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "html/html_dump.h"
#include "web/web_http.h"
#include "web/web_library.h"
#include "web/web_sandbox_private.h"

#define PING_MS  15000
#define RETRY_MS 2000 /* until a client that lost us comes again */

/* add_message_event - one event; false: the message is not there any more */
static bool add_message_event(struct web_listener *listener, const struct web_sandbox *web,
                              uint64_t number)
{
    json_t *record = web_sandbox_is_listed(web, number)
                         ? web_sandbox_json(listener->arena, web, number, ".json")
                         : NULL;

    if (record == NULL)
        return false;
    sbuf_addf(&listener->event, "id: %zu\nevent: message\ndata: ", listener->seen);
    html_dump(record, 0, &listener->event);
    sbuf_add(&listener->event, "\n\n");
    json_decref(record);
    return true;
}

/* next_event - into the buffer; false: there is nothing to send now */
static bool next_event(struct web_wait *wait)
{
    struct web_listener *listener = wait->listener;
    const struct web_sandbox *web = wait->web;
    bool is_first = listener->arena == NULL;

    if (is_first)
        listener->arena = arena_open();
    arena_reset(listener->arena);
    listener->event = sbuf_start(listener->arena);
    listener->sent = 0;
    if (is_first)
        sbuf_addf(&listener->event, "retry: %d\n\n", RETRY_MS);
    while (listener->event.len == 0 && listener->seen < web->came_count) {
        listener->seen++;
        (void)add_message_event(listener, web, web->came[listener->seen - 1]);
    }
    if (listener->event.len == 0 && clock_monotonic_ms() >= wait->deadline)
        sbuf_add(&listener->event, ":\n\n");
    if (listener->event.len > 0)
        wait->deadline = clock_monotonic_ms() + PING_MS;
    return listener->event.len > 0;
}

/* read_events - MHD_ContentReaderCallback */
static ssize_t read_events(void *ctx, uint64_t at, char *bytes, size_t max)
{
    struct web_wait *wait = ctx;
    struct web_listener *listener = wait->listener;
    struct span rest = {0};

    (void)at;
    if (listener->sent == listener->event.len && !next_event(wait)) {
        if (wait->web->is_ending)
            return MHD_CONTENT_READER_END_OF_STREAM;
        web_sandbox_suspend(wait);
        return 0;
    }
    rest = span_sub(sbuf_span(&listener->event), listener->sent, max);
    memcpy(bytes, rest.at, rest.len);
    listener->sent += rest.len;
    return (ssize_t)rest.len;
}

/* events_after - how many came before those that the client wants */
static size_t events_after(const struct web_sandbox *web, struct web_request *request)
{
    const char *text = web_header(request->connection, "Last-Event-ID");
    uint64_t after = 0;

    if (text == NULL)
        text = web_argument(request, "after");
    if (text == NULL || !span_to_number(span_of(text), web->came_count, &after))
        return web->came_count;
    return (size_t)after;
}

/* ping_all - at the next turn, so that those who are gone give their places */
static void ping_all(const struct web_sandbox *web)
{
    for (struct web_wait *wait = web->waits; wait != NULL; wait = wait->next)
        if (wait->listener != NULL)
            wait->deadline = 0;
}

enum MHD_Result web_sandbox_events(struct web_sandbox *web, struct web_wait *wait)
{
    struct web_request *request = &wait->request;

    if (web->listener_count >= LIMIT_WEB_LISTENERS) {
        ping_all(web);
        return web_refuse(request, MHD_HTTP_SERVICE_UNAVAILABLE,
                          "too many clients wait for events");
    }
    web->listener_count++;
    wait->listener = arena_new_of(request->arena, struct web_listener);
    wait->listener->seen = events_after(web, request);
    return web_respond_stream(request, read_events, wait);
}

bool web_sandbox_has_event(const struct web_wait *wait)
{
    return wait->listener->seen < wait->web->came_count;
}

void web_sandbox_leave(struct web_wait *wait)
{
    if (wait->listener == NULL)
        return;
    wait->web->listener_count--;
    arena_close(wait->listener->arena);
}
