/* Whom to ask: an address that was typed, or resolv.conf(5). */
#include <netdb.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/file.h"
#include "base/ip.h"
#include "base/limits.h"
#include "source/source_live.h"

#define RESOLV_CONF        "/etc/resolv.conf"
#define RESOLV_TIMEOUT_MAX 30 /* seconds: RES_MAXRETRANS of resolv.conf(5) */
#define MS_PER_SECOND      1000
#define PORT_DNS           53
#define LOCAL_SERVER       "127.0.0.1" /* resolv.conf(5): without name servers */

/* set_server - an address in numbers and a port; false if it is not one */
static bool set_server(const struct source_request *request, struct span address, unsigned port,
                       struct dns_live_server *server)
{
    struct arena *arena = request->arena;
    const char *text = arena_strdup_span(arena, address);
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                             .ai_socktype = SOCK_DGRAM};
    struct addrinfo *found = NULL;
    struct ip_address ip;
    struct span zone = address; /* "fe80::1%eth0": ip_parse() knows the part before "%" */

    if (!ip_parse(span_cut(&zone, '%'), &ip) ||
        getaddrinfo(text, arena_printf(arena, "%u", port), &hints, &found) != 0)
        return false;
    *server = (struct dns_live_server){
        .address_len = found->ai_addrlen,
        .text = port == PORT_DNS ? text : arena_printf(arena, "%s@%u", text, port),
        .is_ad_trusted = request->options.trust_ad || ip_is_loopback(&ip),
    };
    memcpy(&server->address, found->ai_addr, found->ai_addrlen);
    server->spec = arena_printf(arena, "live:%s", server->text);
    freeaddrinfo(found);
    return true;
}

/* live_server_next_word - cut the first word off a line */
static struct span live_server_next_word(struct span *line)
{
    struct span trimmed = span_trim(*line);
    size_t len = 0;

    while (len < trimmed.len && !ascii_is_blank(trimmed.at[len]))
        len++;
    *line = span_from(trimmed, len);
    return span_sub(trimmed, 0, len);
}

/* read_options - "timeout:N" is the only one that means something here */
static void read_options(struct span line, struct dns_live_servers *servers)
{
    static const char timeout[] = "timeout:";

    for (struct span word = live_server_next_word(&line); word.len > 0;
         word = live_server_next_word(&line)) {
        uint64_t seconds = 0;

        if (!span_starts_with(word, timeout) ||
            !span_to_number(span_from(word, sizeof(timeout) - 1), UINT32_MAX, &seconds))
            continue;
        if (seconds > RESOLV_TIMEOUT_MAX)
            seconds = RESOLV_TIMEOUT_MAX;
        servers->timeout_ms = (unsigned)seconds * MS_PER_SECOND;
    }
}

struct dns_live_servers dns_live_servers_parse(const struct source_request *request,
                                               struct span text)
{
    struct dns_live_servers servers = {0};

    while (text.at != NULL) {
        struct span line = span_cut(&text, '\n');
        struct span keyword;

        if (line.len == 0 || line.at[0] == '#' || line.at[0] == ';')
            continue;
        keyword = live_server_next_word(&line);
        if (span_equal_text(keyword, "options"))
            read_options(line, &servers);
        else if (span_equal_text(keyword, "nameserver") && servers.count < LIVE_SERVERS_MAX)
            servers.count += set_server(request, live_server_next_word(&line), PORT_DNS,
                                        &servers.list[servers.count]);
    }
    if (servers.count == 0)
        servers.count = set_server(request, span_of(LOCAL_SERVER), PORT_DNS, &servers.list[0]);
    return servers;
}

/* add_typed - "ADDR[@PORT]"; false if it is something else, or one server too many */
static bool add_typed(const struct source_request *request, struct span typed,
                      struct dns_live_servers *servers)
{
    struct span rest = typed;
    struct span address = span_cut(&rest, '@');
    uint64_t port = PORT_DNS;

    if (servers->count == LIVE_SERVERS_MAX)
        return false;
    if (rest.at != NULL && (!span_to_number(rest, UINT16_MAX, &port) || port == 0))
        return false;
    if (!set_server(request, address, (unsigned)port, &servers->list[servers->count]))
        return false;
    servers->count++;
    return true;
}

/* read_resolv_conf - what this machine uses; a file that is not there is an empty one */
static bool read_resolv_conf(const struct source_request *request,
                             struct dns_live_servers *servers_out, struct err *why)
{
    struct span text = {0};

    if (access(RESOLV_CONF, F_OK) == 0 &&
        !file_load(request->arena, RESOLV_CONF, LIMIT_RESOLV_CONF_BYTES, &text, why))
        return false;
    *servers_out = dns_live_servers_parse(request, text);
    return true;
}

/* live_server_refuse - say what is wanted after "live:" */
static bool live_server_refuse(const struct source_request *request, struct err *why)
{
    err_set_kind(why, ERR_USAGE,
                 "\"%s\": expected the address of a name server after \"live:\", with \"@\" "
                 "and its port if that is not 53, as in live:192.0.2.53@5353; up to %d of them "
                 "with commas between",
                 escape_to_text(request->arena, span_of(request->spec), LIMIT_SHOWN_BYTES),
                 LIVE_SERVERS_MAX);
    return false;
}

bool dns_live_servers_read(const struct source_request *request,
                           struct dns_live_servers *servers_out, struct err *why)
{
    struct span rest = span_of(request->rest);

    if (rest.len == 0)
        return read_resolv_conf(request, servers_out, why);
    *servers_out = (struct dns_live_servers){0};
    while (rest.at != NULL)
        if (!add_typed(request, span_cut(&rest, ','), servers_out))
            return live_server_refuse(request, why);
    return true;
}
