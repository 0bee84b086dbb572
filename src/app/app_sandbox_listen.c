/* Addresses, ports, receivers of ports, and the map of clients. */
#include <string.h>

#include "app/app_options.h"
#include "app/app_sandbox.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/ip.h"
#include "base/limits_serve.h"
#include "base/span.h"
#include "sandbox/sandbox_server.h"

#define PORT_DEFAULT "127.0.0.1:1025"
#define PORT_FREE    "127.0.0.1:0"
#define PORT_LAST    65535

/* find_receiver - its index; -1: none */
static int find_receiver(const struct app_sandbox *sandbox, struct span name)
{
    for (size_t i = 0; i < sandbox->receivers.count; i++)
        if (span_equal_text(name, sandbox->receivers.list[i]->name))
            return (int)i;
    return -1;
}

/* add_listener - false: there are too many */
static bool add_listener(struct app_sandbox *sandbox, const struct sandbox_listener *listener,
                         struct err *why)
{
    struct sandbox_plan *plan = &sandbox->plan;

    if (plan->listener_count >= LIMIT_SANDBOX_LISTENERS) {
        err_set_kind(why, ERR_USAGE, "--listen: more than %d addresses",
                     LIMIT_SANDBOX_LISTENERS);
        return false;
    }
    arena_append(sandbox->app->arena, plan->listeners, plan->listener_count, *listener);
    return true;
}

/* take_address - "127.0.0.1", "[::1]", nothing: loopback */
static bool take_address(struct span text, struct ip_address *out)
{
    if (text.at == NULL)
        return ip_parse(span_of("127.0.0.1"), out);
    if (text.len > 2 && text.at[0] == '[' && text.at[text.len - 1] == ']')
        text = span_sub(text, 1, text.len - 2);
    return ip_parse(text, out);
}

/* take_listen - "ADDR:PORT[=NAME]", or the port alone */
static bool take_listen(struct app_sandbox *sandbox, const char *text, bool is_tls,
                        struct err *why)
{
    const char *option = is_tls ? "--listen-tls" : "--listen";
    struct sandbox_listener listener = {.is_tls = is_tls, .receiver = -1, .fd = -1};
    struct span name = span_of(text);
    struct span place = span_cut(&name, '=');
    ptrdiff_t colon = span_find_last(place, ':');
    struct span address = {NULL, 0};
    uint64_t port = 0;

    if (colon >= 0)
        address = span_sub(place, 0, (size_t)colon);
    if (!take_address(address, &listener.address) ||
        !span_to_number(span_from(place, (size_t)(colon + 1)), PORT_LAST, &port)) {
        err_set_kind(why, ERR_USAGE,
                     "%s %s: expected ADDR:PORT[=NAME] or PORT, such as 127.0.0.1:1025", option,
                     escape_shown(sandbox->app->arena, text));
        return false;
    }
    listener.port = (unsigned)port;
    if (name.at != NULL)
        listener.receiver = find_receiver(sandbox, name);
    if (name.at != NULL && listener.receiver < 0) {
        err_set_kind(why, ERR_USAGE,
                     "%s %s: no such receiver; \"mailassay policies\" lists them", option,
                     escape_shown(sandbox->app->arena, text));
        return false;
    }
    return add_listener(sandbox, &listener, why);
}

/* ---- the map ---- */

/* take_mapped - one line of the file: two addresses */
static bool take_mapped(struct app_sandbox *sandbox, struct span line,
                        struct sandbox_mapped *out)
{
    struct span rest = span_trim(line);
    size_t len = 0;

    (void)sandbox;
    while (len < rest.len && !ascii_is_blank(rest.at[len]))
        len++;
    return ip_parse(span_sub(rest, 0, len), &out->local) &&
           ip_parse(span_trim(span_from(rest, len)), &out->client);
}

/* read_map - every line that is not empty and no remark */
static bool read_map(struct app_sandbox *sandbox, struct err *why)
{
    const char *path = sandbox->app->options.sandbox.client_map;
    struct arena *arena = sandbox->app->arena;
    struct sandbox_mapped *list = NULL;
    struct span text = {NULL, 0};
    size_t number = 0;

    if (path == NULL)
        return true;
    if (!file_load_text(arena, path, LIMIT_SANDBOX_USERS_BYTES, &text, why))
        return false;
    while (text.at != NULL && text.len > 0) {
        struct span line = span_trim(span_cut(&text, '\n'));
        struct sandbox_mapped mapped = {.local = {.family = IP_NONE}};

        number++;
        if (line.len == 0 || line.at[0] == '#')
            continue;
        if (!take_mapped(sandbox, line, &mapped)) {
            err_set(why, "%s:%zu: expected two addresses, such as 127.0.0.2 192.0.2.1",
                    escape_shown(sandbox->app->arena, path), number);
            return false;
        }
        arena_append(arena, list, sandbox->plan.mapped_count, mapped);
    }
    sandbox->plan.mapped = list;
    return true;
}

/* listen_mapped - addresses of loopback that the map names, not only those on 127.0.0.1 */
static bool listen_mapped(struct app_sandbox *sandbox, struct err *why)
{
    const struct sandbox_plan *plan = &sandbox->plan;
    size_t count = plan->listener_count;
    struct ip_address local = {.family = IP_NONE};

    ip_parse(span_of("127.0.0.1"), &local);
    for (size_t m = 0; plan->mapped != NULL && m < plan->mapped_count; m++)
        for (size_t i = 0; i < count; i++) {
            struct sandbox_listener listener = plan->listeners[i];

            if (!ip_is_loopback(&plan->mapped[m].local) ||
                ip_equal(&plan->mapped[m].local, &listener.address) ||
                !ip_equal(&local, &listener.address) || listener.port == 0)
                continue;
            listener.address = plan->mapped[m].local;
            if (!add_listener(sandbox, &listener, why))
                return false;
        }
    return true;
}

bool app_sandbox_listeners(struct app_sandbox *sandbox, struct err *why)
{
    const struct app_sandbox_options *options = &sandbox->app->options.sandbox;

    for (size_t i = 0; i < options->listen.count; i++)
        if (!take_listen(sandbox, options->listen.texts[i], false, why))
            return false;
    if (options->listen.count == 0 &&
        (options->listen_tls.count == 0 || sandbox->has_command) &&
        !take_listen(sandbox, sandbox->has_command ? PORT_FREE : PORT_DEFAULT, false, why))
        return false;
    for (size_t i = 0; i < options->listen_tls.count; i++)
        if (!take_listen(sandbox, options->listen_tls.texts[i], true, why))
            return false;
    if (options->listen_tls.count == 0 && sandbox->has_command &&
        !take_listen(sandbox, PORT_FREE, true, why))
        return false;
    return read_map(sandbox, why) && listen_mapped(sandbox, why);
}
