/*
 * NAME
 *     ip_socket - addresses as the system's sockets have them
 * DESCRIPTION
 *     Turns an address and a port into a sockaddr, and back.
 * OWNERSHIP
 *     Everything is the caller's.
 * ERRORS
 *     ip_from_socket() returns IP_NONE for an address of another family.
 */
#ifndef IP_SOCKET_H
#define IP_SOCKET_H

#include <sys/socket.h>

#include "base/ip.h"

/* returns the length of what is filled */
socklen_t ip_to_socket(const struct ip_address *address, unsigned port,
                       struct sockaddr_storage *out);
struct ip_address ip_from_socket(const struct sockaddr_storage *where);

#endif
