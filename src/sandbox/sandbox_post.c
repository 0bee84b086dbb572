/* One request a file, over HTTP in clear: a webhook of the program under test, on this machine
 * or near it. Nobody is asked for names. */
#include "sandbox/sandbox_post.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/file_write.h"
#include "base/ip.h"
#include "base/ip_socket.h"
#include "base/sbuf.h"
#include "base/span.h"

#define SECONDS_MOST 10
#define HTTP_PORT    80
#define STATUS_AT    9 /* in "HTTP/1.1 200" */
#define STATUS_SIZE  3

static const char scheme[] = "http://";

bool sandbox_post_is_url(const char *place)
{
    return strncmp(place, scheme, strlen(scheme)) == 0;
}

/* post_address - "127.0.0.1:9000", "[::1]", "localhost:9000" */
static bool post_address(struct span authority, struct sockaddr_storage *out,
                         socklen_t *len_out)
{
    struct span host = authority;
    struct ip_address ip = {0};
    ptrdiff_t colon = span_find_last(authority, ':');
    uint64_t port = HTTP_PORT;

    if (colon >= 0 && authority.at[authority.len - 1] != ']') {
        if (!span_to_number(span_from(authority, (size_t)colon + 1), UINT16_MAX, &port))
            return false;
        host = span_sub(authority, 0, (size_t)colon);
    }
    if (host.len > 2 && host.at[0] == '[')
        host = span_sub(host, 1, host.len - 2);
    if (span_equal_nocase(host, "localhost"))
        host = span_of("127.0.0.1");
    if (!ip_parse(host, &ip))
        return false;
    *len_out = ip_to_socket(&ip, (unsigned)port, out);
    return true;
}

/* post_connect - a socket that waits no longer than ten seconds; -1 */
static int post_connect(const struct sockaddr_storage *address, socklen_t len)
{
    const struct timeval most = {.tv_sec = SECONDS_MOST};
    int fd = socket(address->ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof(most)) == 0 &&
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof(most)) == 0 &&
        connect(fd, (const struct sockaddr *)address, len) == 0)
        return fd;
    close(fd);
    return -1;
}

/* post_type - of the content, by the name of the file */
static const char *post_type(const char *name)
{
    struct span file = span_of(name);

    if (span_ends_with_nocase(file, ".eml"))
        return "message/rfc822";
    return span_ends_with_nocase(file, ".xml") ? "application/xml" : "application/tlsrpt+json";
}

/* post_status - of the answer; 0: none came */
static unsigned post_status(int fd)
{
    char head[STATUS_AT + STATUS_SIZE];
    uint64_t status = 0;
    size_t len = 0;
    ssize_t got = 0;

    while (len < sizeof(head) && (got = recv(fd, head + len, sizeof(head) - len, 0)) > 0)
        len += (size_t)got;
    if (len < sizeof(head) || memcmp(head, "HTTP/", 5) != 0 ||
        !span_to_number(span_make(head + STATUS_AT, STATUS_SIZE), 999, &status))
        return 0;
    return (unsigned)status;
}

bool sandbox_post(const char *url, const char *name, struct sbuf *content, struct err *why)
{
    struct arena *arena = content->arena;
    struct span path = span_from(span_of(url), strlen(scheme));
    struct span authority = span_cut(&path, '/');
    const char *shown = escape_shown(arena, url);
    struct sockaddr_storage address;
    socklen_t len = 0;
    unsigned status = 0;
    int fd = -1;
    struct span head = {0};

    if (!post_address(authority, &address, &len)) {
        err_set(why, "%s: expected http://ADDR:PORT/PATH with an IP address or localhost",
                shown);
        return false;
    }
    fd = post_connect(&address, len);
    if (fd < 0) {
        err_set(why, "%s: %s", shown, strerror(errno));
        return false;
    }
    head = span_of(arena_printf(arena,
                                "POST /%.*s HTTP/1.1\r\nHost: %.*s\r\nContent-Type: %s\r\n"
                                "Content-Disposition: attachment; filename=\"%s\"\r\n"
                                "Content-Length: %zu\r\nConnection: close\r\n\r\n",
                                SPAN_ARG(path), SPAN_ARG(authority), post_type(name), name,
                                content->len));
    if (file_write_all(fd, head) && file_write_all(fd, sbuf_span(content)))
        status = post_status(fd);
    close(fd);
    if (status / 100 == 2)
        return true;
    if (status == 0)
        err_set(why, "%s: no answer to %s", shown, name);
    else
        err_set(why, "%s: status %u for %s", shown, status, name);
    return false;
}
