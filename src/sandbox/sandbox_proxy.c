/* Both versions are recognised by how they begin; neither needs more than a look. */
#include "sandbox/sandbox_proxy.h"

#include "base/limits_serve.h"

#define LINE_OCTETS_V1 107 /* with CRLF: PROXY protocol, 2.1 */
#define PORT_MOST      65535
#define SIGNATURE_V2   "\r\n\r\n\0\r\nQUIT\n"
#define SIGNATURE_LEN  12
#define HEADER_V2      16
#define ADDRESSES_V4   12 /* two addresses and ports: PROXY protocol, 2.2 */
#define ADDRESSES_V6   36

/* proxy_broken - it is none */
static struct sandbox_proxy proxy_broken(void)
{
    return (struct sandbox_proxy){.state = PROXY_BROKEN};
}

/* proxy_incomplete - more octets are needed */
static struct sandbox_proxy proxy_incomplete(void)
{
    return (struct sandbox_proxy){.state = PROXY_INCOMPLETE};
}

/* parse_line - "PROXY TCP4 192.0.2.1 192.0.2.2 35000 25", without CRLF */
static struct sandbox_proxy parse_line(struct span line)
{
    struct sandbox_proxy proxy = {.state = PROXY_COMPLETE, .version = 1};
    struct span rest = line;
    struct span family = {NULL, 0};
    struct ip_address server = {.family = IP_NONE};
    uint64_t port = 0;

    proxy.used = line.len + 2;
    span_cut(&rest, ' ');
    family = span_cut(&rest, ' ');
    if (span_equal_text(family, "UNKNOWN"))
        return proxy;
    if (!ip_parse(span_cut(&rest, ' '), &proxy.client) ||
        !ip_parse(span_cut(&rest, ' '), &server) || server.family != proxy.client.family ||
        !span_to_number(span_cut(&rest, ' '), PORT_MOST, &port) ||
        !span_to_number(rest, PORT_MOST, &port))
        return proxy_broken();
    return span_equal_text(family, proxy.client.family == IP_V4 ? "TCP4" : "TCP6")
               ? proxy
               : proxy_broken();
}

/* parse_text - version 1 */
static struct sandbox_proxy parse_text(struct span bytes)
{
    ptrdiff_t end = span_find(span_sub(bytes, 0, LINE_OCTETS_V1), '\n');

    if (end < 0)
        return bytes.len >= LINE_OCTETS_V1 ? proxy_broken() : proxy_incomplete();
    if (end < 1 || bytes.at[end - 1] != '\r')
        return proxy_broken();
    return parse_line(span_sub(bytes, 0, (size_t)end - 1));
}

/* parse_binary - version 2: command, family, length, addresses, and more that is skipped */
static struct sandbox_proxy parse_binary(struct span bytes)
{
    const uint8_t *octets = (const uint8_t *)bytes.at;
    struct sandbox_proxy proxy = {.state = PROXY_COMPLETE, .version = 2};
    size_t len = 0;
    unsigned command = 0;
    unsigned family = 0;

    if (bytes.len < HEADER_V2)
        return proxy_incomplete();
    command = octets[SIGNATURE_LEN];
    family = octets[SIGNATURE_LEN + 1] >> 4;
    len = (size_t)octets[14] << 8 | octets[15];
    if (command >> 4 != 2 || (command & 0xf) > 1 || HEADER_V2 + len > LIMIT_SANDBOX_PROXY_BYTES)
        return proxy_broken();
    if (bytes.len < HEADER_V2 + len)
        return proxy_incomplete();
    proxy.used = HEADER_V2 + len;
    if ((command & 0xf) == 0) /* LOCAL: the proxy itself, a health check */
        return proxy;
    if ((family == 1 && len < ADDRESSES_V4) || (family == 2 && len < ADDRESSES_V6))
        return proxy_broken();
    if (family == 1)
        proxy.client = ip_from_octets(IP_V4, octets + HEADER_V2);
    else if (family == 2)
        proxy.client = ip_from_octets(IP_V6, octets + HEADER_V2);
    return proxy;
}

struct sandbox_proxy sandbox_proxy_parse(struct span bytes)
{
    static const char text[] = "PROXY ";
    size_t text_len = bytes.len < sizeof(text) - 1 ? bytes.len : sizeof(text) - 1;
    size_t binary_len = bytes.len < SIGNATURE_LEN ? bytes.len : SIGNATURE_LEN;

    if (memcmp(bytes.len > 0 ? bytes.at : "", text, text_len) == 0)
        return bytes.len < sizeof(text) - 1 ? proxy_incomplete() : parse_text(bytes);
    if (memcmp(bytes.at, SIGNATURE_V2, binary_len) == 0)
        return bytes.len < SIGNATURE_LEN ? proxy_incomplete() : parse_binary(bytes);
    return proxy_broken();
}
