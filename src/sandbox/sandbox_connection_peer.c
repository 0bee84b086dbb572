/* Who is at the other end, and where its messages go. */
#include <inttypes.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/ip_socket.h"
#include "base/limits_serve.h"
#include "base/span.h"
#include "sandbox/sandbox_connection.h"
#include "sandbox/sandbox_record.h"
#include "sandbox/sandbox_tries.h"

/* ---- the message ---- */

/* hook_begin - a file for it */
static bool hook_begin(void *ctx, struct sandbox_session *session)
{
    struct sandbox_connection *connection = ctx;

    (void)session;
    connection->message_deadline = clock_monotonic_ms() + LIMIT_SANDBOX_MESSAGE_MS;
    return sandbox_file_begin(connection->plan->spool, &connection->file);
}

/* hook_write - more of it */
static bool hook_write(void *ctx, struct span bytes)
{
    struct sandbox_connection *connection = ctx;

    return sandbox_file_write(&connection->file, bytes);
}

/* hook_drop - it is not to be kept */
static void hook_drop(void *ctx)
{
    struct sandbox_connection *connection = ctx;

    sandbox_file_drop(&connection->file);
    connection->plan->spool->count--;
    connection->message_deadline = 0;
}

bool sandbox_connection_store(struct sandbox_connection *connection)
{
    const struct sandbox_file *file = &connection->file;
    struct arena *arena = arena_open();
    json_t *record = sandbox_record_of(arena, connection->session, file->number, clock_wall());
    bool is_stored = sandbox_file_finish(&connection->file) &&
                     sandbox_spool_save_part(connection->plan->spool, file->number, ".json",
                                             sandbox_record_text(arena, record));

    json_decref(record);
    arena_close(arena);
    return is_stored;
}

/* ---- peers ---- */

/* peer_address - of the other end, or our own */
static struct ip_address peer_address(int fd, bool is_own)
{
    struct sockaddr_storage where = {0};
    socklen_t len = sizeof(where);
    int result = is_own ? getsockname(fd, (struct sockaddr *)&where, &len)
                        : getpeername(fd, (struct sockaddr *)&where, &len);

    return result == 0 ? ip_from_socket(&where) : (struct ip_address){.family = IP_NONE};
}

/* mapped_client - whom the map names for an address of ours or of the peer */
static const struct ip_address *mapped_client(const struct sandbox_plan *plan,
                                              const struct ip_address *local,
                                              const struct ip_address *peer)
{
    for (size_t i = 0; i < plan->mapped_count; i++)
        if (ip_equal(&plan->mapped[i].local, local) || ip_equal(&plan->mapped[i].local, peer))
            return &plan->mapped[i].client;
    return NULL;
}

/* connection_client - who is to be judged, and how that is known: a PROXY header, the map, an
 * option, or the connection itself where it comes from the Internet */
static void connection_client(const struct sandbox_connection *connection,
                              struct sandbox_peer *peer)
{
    const struct sandbox_plan *plan = connection->plan;
    const struct ip_address local = peer_address(connection->fd, true);
    const struct ip_address *mapped = mapped_client(plan, &local, &peer->address);

    if (connection->proxied.family != IP_NONE) {
        peer->client = connection->proxied;
        peer->client_origin =
            connection->proxy_version == 1 ? "PROXY protocol 1" : "PROXY protocol 2";
    } else if (mapped != NULL) {
        peer->client = *mapped;
        peer->client_origin = "--client-map";
    } else if (plan->client.family != IP_NONE) {
        peer->client = plan->client;
        peer->client_origin = "--client-ip";
    } else if (ip_is_global(&peer->address)) {
        peer->client = peer->address;
        peer->client_origin = "the connection";
    }
}

/* new_challenge - for CRAM-MD5: RFC 2195, 2 */
static const char *new_challenge(struct arena *arena, const char *host)
{
    uint64_t number = 0;

    if (getrandom(&number, sizeof(number), GRND_NONBLOCK) != (ssize_t)sizeof(number))
        number = (uint64_t)clock_monotonic_ms();
    return arena_printf(arena, "<%" PRIx64 ".%lld@%s>", number, (long long)clock_wall(), host);
}

/* hook_tried - tries of the pair, and how long ago the first was */
static uint64_t hook_tried(void *ctx, const char *from, const char *to, int64_t *ago_ms_out)
{
    const struct sandbox_connection *connection = ctx;
    const struct sandbox_tried *tried =
        connection->plan->tries != NULL ? sandbox_tries_find(connection->plan->tries, from, to)
                                        : NULL;

    if (tried == NULL)
        return 0;
    *ago_ms_out = clock_monotonic_ms() - tried->list[0].at_ms;
    return tried->count;
}

/* hook_made - one more try */
static void hook_made(void *ctx, const char *from, const char *to, unsigned code)
{
    const struct sandbox_connection *connection = ctx;

    if (connection->plan->tries != NULL)
        sandbox_tries_add(
            connection->plan->tries, from, to,
            (struct sandbox_try){clock_monotonic_ms(), code, connection->listener->name});
}

struct sandbox_hooks sandbox_connection_hooks(struct sandbox_connection *connection)
{
    return (struct sandbox_hooks){connection, hook_begin, hook_write,
                                  hook_drop,  hook_tried, hook_made};
}

struct sandbox_peer sandbox_connection_peer(const struct sandbox_connection *connection)
{
    struct sandbox_peer peer = {
        .address = peer_address(connection->fd, false),
        .listener = connection->listener->name,
        .receiver = connection->listener->receiver,
        .challenge = new_challenge(connection->arena, connection->plan->rules.host)};

    peer.may_xclient = ip_is_loopback(&peer.address);
    connection_client(connection, &peer);
    return peer;
}
