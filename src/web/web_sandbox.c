/* The server, and requests that wait for messages. */
#include "web/web_sandbox.h"

#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits_serve.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "web/web_job.h"
#include "web/web_library.h"
#include "web/web_sandbox_private.h"

#define RUNS_AT_ONCE 20 /* of libmicrohttpd, while it says that more can be done */

/* ---- requests ---- */

/* open_wait - on the first call for a request */
static struct web_wait *open_wait(struct web_sandbox *web, struct MHD_Connection *connection,
                                  const char *method, const char *path)
{
    struct arena *arena = arena_open();
    struct web_wait *wait = arena_new_of(arena, struct web_wait);

    wait->web = web;
    wait->request = (struct web_request){.arena = arena,
                                         .connection = connection,
                                         .method = arena_strdup(arena, method),
                                         .path = arena_strdup(arena, path),
                                         .body = sbuf_start(arena),
                                         .fd = -1};
    if (!web_is_host(&web->server, connection))
        wait->request.refusal = MHD_HTTP_MISDIRECTED_REQUEST;
    return wait;
}

/* take_small_body - small ones are kept, others refused once they are through */
static void take_small_body(struct web_request *request, struct span bytes)
{
    if (request->refusal == 0 && request->body.len + bytes.len > LIMIT_WEB_FIELDS_BYTES)
        request->refusal = MHD_HTTP_CONTENT_TOO_LARGE;
    if (request->refusal == 0)
        sbuf_add_span(&request->body, bytes);
}

/* take_sandbox_request - MHD_AccessHandlerCallback */
static enum MHD_Result take_sandbox_request(void *ctx, struct MHD_Connection *connection,
                                            const char *path, const char *method,
                                            const char *version, const char *bytes,
                                            size_t *count, void **state)
{
    struct web_wait *wait = *state;

    (void)version;
    if (wait == NULL) {
        *state = open_wait(ctx, connection, method, path);
        return MHD_YES;
    }
    if (*count > 0) {
        take_small_body(&wait->request, span_make(bytes, *count));
        *count = 0;
        return MHD_YES;
    }
    return web_sandbox_answer(ctx, wait);
}

/* end_sandbox_request - MHD_RequestCompletedCallback */
static void end_sandbox_request(void *ctx, struct MHD_Connection *connection, void **state,
                                enum MHD_RequestTerminationCode code)
{
    struct web_wait *wait = *state;

    (void)ctx, (void)connection, (void)code;
    if (wait != NULL) {
        web_sandbox_leave(wait);
        arena_close(wait->request.arena);
    }
    *state = NULL;
}

/* has_awaited - what it waits for is there */
static bool has_awaited(const struct web_sandbox *web, const struct web_wait *wait)
{
    return wait->listener != NULL ? web_sandbox_has_event(wait) : web->count >= wait->wanted;
}

void web_sandbox_suspend(struct web_wait *wait)
{
    wait->next = wait->web->waits;
    wait->web->waits = wait;
    mhd.MHD_suspend_connection(wait->request.connection);
}

/* resume_waits - those that have what they wait for, or waited long enough */
static void resume_waits(struct web_sandbox *web)
{
    struct web_wait **at = &web->waits;
    int64_t now = clock_monotonic_ms();

    while (*at != NULL) {
        struct web_wait *wait = *at;

        if (web->is_ending || has_awaited(web, wait) || now >= wait->deadline) {
            *at = wait->next;
            mhd.MHD_resume_connection(wait->request.connection);
        } else {
            at = &wait->next;
        }
    }
}

/* ---- the server ---- */

/* find_earlier - messages that a named folder has already */
static bool find_earlier(struct web_sandbox *web, struct err *why)
{
    struct file_name_list list = {0};
    struct arena *arena = arena_open();
    bool is_read = file_names(arena, web->folder, &list, why);

    for (size_t i = 0; i < list.count; i++) {
        struct span rest = span_of(list.names[i]);
        uint64_t number = 0;

        if (span_to_number(span_cut(&rest, '.'), UINT64_MAX / 2, &number) &&
            span_equal_text(rest, "json"))
            web_sandbox_came(web, number);
    }
    arena_close(arena);
    return is_read;
}

struct web_sandbox *web_sandbox_open(struct arena *arena, const char *listen,
                                     const char *folder, struct err *why)
{
    struct web_sandbox *web = arena_new_of(arena, struct web_sandbox);
    const struct web_serving serving = {listen, "http", take_sandbox_request,
                                        end_sandbox_request, web};

    web->server.arena = arena;
    web->folder = folder;
    web_make_token(web->server.token);
    return find_earlier(web, why) && web_start(&web->server, &serving, why) ? web : NULL;
}

void web_sandbox_close(struct web_sandbox *web)
{
    if (web == NULL)
        return;
    web->is_ending = true;
    web_sandbox_turn(web);
    mhd.MHD_stop_daemon(web->server.daemon);
}

int web_sandbox_fd(const struct web_sandbox *web)
{
    return mhd.MHD_get_daemon_info(web->server.daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

void web_sandbox_turn(struct web_sandbox *web)
{
    MHD_UNSIGNED_LONG_LONG milliseconds = 0;

    resume_waits(web);
    for (int i = 0; i < RUNS_AT_ONCE; i++) {
        mhd.MHD_run(web->server.daemon);
        if (mhd.MHD_get_timeout(web->server.daemon, &milliseconds) != MHD_YES ||
            milliseconds > 0)
            return;
    }
}

void web_sandbox_came(struct web_sandbox *web, uint64_t number)
{
    if (web->came_count >= LIMIT_SANDBOX_MESSAGES)
        return;
    arena_append(web->server.arena, web->numbers, web->count, number);
    arena_append(web->server.arena, web->came, web->came_count, number);
}

const char *web_sandbox_root(const struct web_sandbox *web)
{
    return arena_printf(web->server.arena, "http://%s", web->server.address);
}

const char *web_sandbox_secret(const struct web_sandbox *web)
{
    return web->server.token;
}
