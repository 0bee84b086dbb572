/* One buffer that grows to the largest frame; what is left of it moves to the front. */
#include "scan/scan_frame.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

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

/* frame_len - octets of the frame, with its head */
static size_t frame_len(const struct scan_frame *frame)
{
    return sizeof(*frame) + frame->tally.len + frame->text.len;
}

bool scan_inbox_take(struct scan_inbox *inbox, struct scan_frame *frame_out)
{
    const char *at = inbox->bytes + inbox->start;
    size_t have = inbox->end - inbox->start;

    if (have < sizeof(*frame_out))
        return false;
    memcpy(frame_out, at, sizeof(*frame_out));
    if (have < frame_len(frame_out))
        return false;
    frame_out->tally.at = at + sizeof(*frame_out);
    frame_out->text.at = frame_out->tally.at + frame_out->tally.len;
    inbox->start += frame_len(frame_out);
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

bool scan_frame_send(int fd, const struct scan_frame *frame, struct scan_inbox *inbox)
{
    return frame_send_all(fd, (const char *)frame, sizeof(*frame), inbox) &&
           frame_send_all(fd, frame->tally.at, frame->tally.len, inbox) &&
           frame_send_all(fd, frame->text.at, frame->text.len, inbox);
}
