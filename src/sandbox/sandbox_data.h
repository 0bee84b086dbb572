/*
 * NAME
 *     sandbox_data - the octets of a message on the wire
 * DESCRIPTION
 *     Takes what comes after DATA in pieces of any size, takes out the doubled dots and
 *     finds the end: CRLF, dot, CRLF, and nothing else. A line end that is not CRLF is kept
 *     as it is and counted, so that no other server's reading of it can end the message
 *     here. With is_chunked there are no dots (BDAT).
 * OWNERSHIP
 *     A plain struct; octets go to the sink.
 * ERRORS
 *     None: any octets are a message.
 * STANDARDS
 *     RFC 5321, 2.3.8, 4.1.1.4 and 4.5.2; RFC 3030
 */
#ifndef SANDBOX_DATA_H
#define SANDBOX_DATA_H

#include "base/span.h"

enum sandbox_data_fault {
    DATA_FAULT_BARE_LF,
    DATA_FAULT_BARE_CR,
    DATA_FAULT_SMUGGLING, /* a lone dot between line ends that are not both CRLF */
    DATA_FAULT_LONG_LINE,
    DATA_FAULT_NUL,
    DATA_FAULT_EIGHT_BIT,
    DATA_FAULT_COUNT
};

struct sandbox_data {
    bool is_chunked;
    bool is_ended;
    int state;          /* private */
    int lone_dot;       /* private: how far a dot between odd line ends got */
    uint64_t size;      /* octets given to the sink */
    uint64_t line;      /* from 1 on */
    uint64_t line_size; /* octets of the line so far */
    uint64_t counts[DATA_FAULT_COUNT];
    uint64_t places[DATA_FAULT_COUNT]; /* the line of the first */
};

typedef void sandbox_data_sink(void *ctx, struct span bytes);

struct sandbox_data sandbox_data_start(bool is_chunked);

/* returns how many octets belong to the message; fewer than came: it has ended */
size_t sandbox_data_feed(struct sandbox_data *data, struct span bytes, sandbox_data_sink *sink,
                         void *ctx);

/* after the last octet of a chunked message: a CR at its end has no LF */
void sandbox_data_finish(struct sandbox_data *data, sandbox_data_sink *sink, void *ctx);

/* the last octets were CRLF, or there were none */
bool sandbox_data_ends_line(const struct sandbox_data *data);

#endif
