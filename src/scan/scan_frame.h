/*
 * NAME
 *     scan_frame - what supervisor and workers of a scan say to each other
 * DESCRIPTION
 *     Private to scan/. Frames over a socket pair: a head, then its tally and text. A worker
 *     asks for a line with WANT, gets it as LINE, and gives its report as DONE. Both ends are
 *     the same program, so a head is a struct as it is in memory. What is received is
 *     collected in an inbox until a frame is whole.
 * OWNERSHIP
 *     An inbox has an arena of its own, given back by scan_inbox_close(). The bytes of a frame
 *     are there until the next call.
 * ERRORS
 *     False where the other side is gone.
 */
#ifndef SCAN_FRAME_H
#define SCAN_FRAME_H

#include "base/arena.h"
#include "base/span.h"
#include "scan/scan.h"

enum scan_frame_type { FRAME_WANT, FRAME_LINE, FRAME_DONE };

struct scan_frame {
    enum scan_frame_type type;
    uint64_t serial;
    uint64_t number;
    bool is_too_long;
    enum scan_kind kind;
    struct span tally;
    struct span text; /* the line, or its report */
};

struct scan_inbox {
    struct arena *arena;
    char *bytes;
    size_t size;
    size_t start; /* of what was not taken yet */
    size_t end;
};

struct scan_inbox scan_inbox_open(void);
void scan_inbox_close(struct scan_inbox *inbox);

/* read what is there; false: the other side is gone */
bool scan_inbox_fill(struct scan_inbox *inbox, int fd);

/* false: no frame is whole */
bool scan_inbox_take(struct scan_inbox *inbox, struct scan_frame *frame_out);

/* as a whole. Where the socket is full it waits, and with an inbox it reads
 * meanwhile: of two sides that write, one has to. */
bool scan_frame_send(int fd, const struct scan_frame *frame, struct scan_inbox *inbox);

#endif
