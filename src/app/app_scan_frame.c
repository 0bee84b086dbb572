/* One buffer that grows to the largest frame; what is left of it moves to the front. */
#include "app/app_scan_frame.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/must.h"

#define INBOX_FIRST 262144 /* a report with all its evidence is below it as a rule */

struct scan_inbox scan_inbox_open(void)
{
    struct arena *arena = arena_open();

    return (struct scan_inbox){
        .arena = arena, .bytes = arena_alloc(arena, INBOX_FIRST), .size = INBOX_FIRST};
}

void scan_inbox_close(struct scan_inbox *inbox)
{
    arena_close(inbox->arena);
    inbox->arena = NULL;
}

/* inbox_room - place behind what is there */
static void inbox_room(struct scan_inbox *inbox)
{
    memmove(inbox->bytes, inbox->bytes + inbox->start, inbox->end - inbox->start);
    inbox->end -= inbox->start;
    inbox->start = 0;
    if (inbox->end == inbox->size) {
        struct arena *old = inbox->arena;
        struct arena *arena = arena_open();
        char *bytes = arena_alloc(arena, inbox->size * 2);

        memcpy(bytes, inbox->bytes, inbox->end);
        inbox->arena = arena;
        inbox->bytes = bytes;
        inbox->size *= 2;
        arena_close(old);
    }
}

bool scan_inbox_fill(struct scan_inbox *inbox, int fd)
{
    ssize_t got = 0;

    inbox_room(inbox);
    do
        got = recv(fd, inbox->bytes + inbox->end, inbox->size - inbox->end, MSG_DONTWAIT);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return errno == EAGAIN;
    inbox->end += (size_t)got;
    return got > 0;
}

bool scan_inbox_take(struct scan_inbox *inbox, struct scan_frame *frame_out,
                     struct span *bytes_out)
{
    size_t have = inbox->end - inbox->start;

    if (have < sizeof(*frame_out))
        return false;
    memcpy(frame_out, inbox->bytes + inbox->start, sizeof(*frame_out));
    if (have - sizeof(*frame_out) < frame_out->len)
        return false;
    *bytes_out = span_make(inbox->bytes + inbox->start + sizeof(*frame_out), frame_out->len);
    inbox->start += sizeof(*frame_out) + frame_out->len;
    return true;
}

/* frame_wait - the socket is full: read until it is not, so that the other side, which may have
 * to write first, can go on; false: it is gone */
static bool frame_wait(int fd, struct scan_inbox *inbox)
{
    struct pollfd wanted = {.fd = fd, .events = POLLIN | POLLOUT};

    while (poll(&wanted, 1, -1) < 0)
        if (errno != EINTR)
            return false;
    return (wanted.revents & ~POLLOUT) == 0 || scan_inbox_fill(inbox, fd);
}

/* frame_send_all - every octet; signals interrupt */
static bool frame_send_all(int fd, const char *bytes, size_t len, struct scan_inbox *inbox)
{
    int flags = MSG_NOSIGNAL | (inbox != NULL ? MSG_DONTWAIT : 0);

    while (len > 0) {
        ssize_t sent = send(fd, bytes, len, flags);

        if (sent < 0 && errno == EAGAIN && inbox != NULL) {
            if (!frame_wait(fd, inbox))
                return false;
        } else if (sent < 0 && errno != EINTR) {
            return false;
        } else if (sent > 0) {
            bytes += sent;
            len -= (size_t)sent;
        }
    }
    return true;
}

bool scan_frame_send(int fd, const struct scan_frame *frame, struct span bytes,
                     struct scan_inbox *inbox)
{
    struct scan_frame head = *frame;

    must(bytes.len <= UINT32_MAX);
    head.len = (uint32_t)bytes.len;
    return frame_send_all(fd, (const char *)&head, sizeof(head), inbox) &&
           frame_send_all(fd, bytes.at, bytes.len, inbox);
}
