/* What every server here begins with: an address to listen on. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/escape.h"
#include "base/ip.h"
#include "base/ip_socket.h"
#include "base/limits.h"
#include "base/limits_serve.h"
#include "web/web_http.h"

/* parse_listen - "127.0.0.1:8025", "[::1]:8025" */
static bool parse_listen(struct web_server *server, const struct web_serving *serving,
                         struct sockaddr_storage *address_out, struct err *why)
{
    struct span text = span_of(serving->listen);
    ptrdiff_t colon = span_find_last(text, ':');
    struct span host = span_sub(text, 0, colon > 0 ? (size_t)colon : 0);
    struct ip_address ip = {0};
    uint64_t port = 0;

    if (host.len > 2 && host.at[0] == '[')
        host = span_sub(host, 1, host.len - 2);
    if (colon < 0 || !ip_parse(host, &ip) ||
        !span_to_number(span_from(text, (size_t)colon + 1), UINT16_MAX, &port)) {
        err_set_kind(why, ERR_USAGE,
                     "--%s %s: not an address and port like 127.0.0.1:8025 or [::1]:8025",
                     serving->option, escape_to_text(server->arena, text, LIMIT_SHOWN_BYTES));
        return false;
    }
    server->is_loopback = ip_is_loopback(&ip);
    ip_to_socket(&ip, (unsigned)port, address_out);
    return true;
}

bool web_start(struct web_server *server, const struct web_serving *serving, struct err *why)
{
    struct sockaddr_storage address;
    const union MHD_DaemonInfo *info = NULL;
    struct span host = span_of(serving->listen);

    if (!parse_listen(server, serving, &address, why))
        return false;
    if (!web_library_load()) {
        err_set_kind(why, ERR_INTERNAL,
                     "libmicrohttpd cannot be loaded: install libmicrohttpd12");
        return false;
    }
    server->daemon =
        mhd.MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME |
                                 (address.ss_family == AF_INET6 ? MHD_USE_IPv6 : 0),
                             0, NULL, NULL, serving->take, serving->ctx, MHD_OPTION_SOCK_ADDR,
                             &address, MHD_OPTION_NOTIFY_COMPLETED, serving->end, serving->ctx,
                             MHD_OPTION_CONNECTION_LIMIT, (unsigned)LIMIT_WEB_CONNECTIONS,
                             MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)LIMIT_WEB_IDLE_SECONDS,
                             MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U, MHD_OPTION_END);
    if (server->daemon == NULL) {
        err_set(why, "cannot listen on %s: %s", serving->listen, strerror(errno));
        return false;
    }
    info = mhd.MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    server->port = info != NULL ? info->port : 0;
    host = span_sub(host, 0, (size_t)span_find_last(host, ':'));
    server->address = arena_printf(server->arena, "%.*s:%u", SPAN_ARG(host), server->port);
    return true;
}
