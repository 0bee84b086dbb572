/* One control message of SCM_RIGHTS. */
#include "base/fd_pass.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "base/must.h"

/* room for the control message, aligned as it has to be */
union fd_pass_room {
    struct cmsghdr align;
    char octets[CMSG_SPACE(FD_PASS_ROOM * sizeof(int))];
};

/* pass_message - the octets of a pass, and room for its descriptors */
static struct msghdr pass_message(struct iovec *part, union fd_pass_room *room, size_t octets)
{
    return (struct msghdr){.msg_iov = part,
                           .msg_iovlen = 1,
                           .msg_control = room->octets,
                           .msg_controllen = octets};
}

bool fd_pass_send(int socket, const struct fd_pass *pass, int flags)
{
    const size_t fd_bytes = pass->count * sizeof(*pass->fds);
    struct iovec part = {.iov_base = pass->bytes, .iov_len = pass->size};
    union fd_pass_room room;
    struct msghdr message = pass_message(&part, &room, CMSG_SPACE(fd_bytes));
    struct cmsghdr *rights = NULL;

    must(pass->count > 0 && pass->count <= FD_PASS_ROOM);
    memset(&room, 0, sizeof(room));
    rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(fd_bytes);
    memcpy(CMSG_DATA(rights), pass->fds, fd_bytes);
    return sendmsg(socket, &message, MSG_NOSIGNAL | flags) == (ssize_t)pass->size;
}

bool fd_pass_receive(int socket, const struct fd_pass *pass, bool *has_fds_out)
{
    const size_t fd_bytes = pass->count * sizeof(*pass->fds);
    struct iovec part = {.iov_base = pass->bytes, .iov_len = pass->size};
    union fd_pass_room room;
    struct msghdr message = pass_message(&part, &room, sizeof(room.octets));
    const struct cmsghdr *rights = NULL;
    ssize_t got = 0;

    do
        got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got != (ssize_t)pass->size)
        return false;
    rights = CMSG_FIRSTHDR(&message);
    *has_fds_out = rights != NULL && rights->cmsg_len == CMSG_LEN(fd_bytes);
    if (*has_fds_out)
        memcpy(pass->fds, CMSG_DATA(rights), fd_bytes);
    return true;
}
