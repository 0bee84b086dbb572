/*
 * NAME
 *     fd_pass - descriptors sent to another process
 * DESCRIPTION
 *     A datagram of a fixed size over a socket of the family AF_UNIX, with descriptors
 *     attached.
 * OWNERSHIP
 *     What is sent stays open here, too; what is received belongs to the receiver, and is
 *     closed when it starts another program.
 * ERRORS
 *     fd_pass_send() returns false with errno. fd_pass_receive() returns false at the end of
 *     the other side, and for a datagram of another size.
 */
#ifndef FD_PASS_H
#define FD_PASS_H

#include <stdbool.h>
#include <stddef.h>

#define FD_PASS_ROOM 4 /* descriptors of one datagram */

struct fd_pass {
    void *bytes; /* `size` of them */
    size_t size;
    int *fds; /* `count` of them */
    size_t count;
};

/* `flags` of send(2); SIGPIPE is never raised */
bool fd_pass_send(int socket, const struct fd_pass *pass, int flags);
/* `has_fds_out`: so many descriptors came with it as were expected */
bool fd_pass_receive(int socket, const struct fd_pass *pass, bool *has_fds_out);

#endif
