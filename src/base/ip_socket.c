/* Both families in one sockaddr_storage. */
#include "base/ip_socket.h"

#include <netinet/in.h>
#include <string.h>

socklen_t ip_to_socket(const struct ip_address *address, unsigned port,
                       struct sockaddr_storage *out)
{
    struct sockaddr_in *in = (struct sockaddr_in *)out;
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;

    memset(out, 0, sizeof(*out));
    if (address->family == IP_V4) {
        in->sin_family = AF_INET;
        in->sin_port = htons((uint16_t)port);
        memcpy(&in->sin_addr, address->octets, IP_V4_OCTETS);
        return sizeof(*in);
    }
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons((uint16_t)port);
    memcpy(&in6->sin6_addr, address->octets, IP_V6_OCTETS);
    return sizeof(*in6);
}

struct ip_address ip_from_socket(const struct sockaddr_storage *where)
{
    const struct sockaddr_in *in = (const struct sockaddr_in *)where;
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)where;

    if (where->ss_family == AF_INET)
        return ip_from_octets(IP_V4, (const uint8_t *)&in->sin_addr);
    if (where->ss_family == AF_INET6)
        return ip_from_octets(IP_V6, (const uint8_t *)&in6->sin6_addr);
    return (struct ip_address){.family = IP_NONE};
}
