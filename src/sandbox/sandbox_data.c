/*
 * A machine of five states, one step an octet. Octets between those that change anything are
 * passed to the sink in runs. A second, smaller machine follows a lone dot between
 * line ends that are not both CRLF.
 */
#include "sandbox/sandbox_data.h"

#define LINE_OCTETS 998 /* without CRLF: RFC 5321, 4.5.3.1.6 */

enum data_state {
    STATE_START,  /* of a line, after CRLF */
    STATE_INSIDE, /* of a line */
    STATE_CR,     /* CR was seen and not yet passed on */
    STATE_DOT,    /* a dot at the start of a line, not passed on */
    STATE_DOT_CR  /* CR behind that dot: neither of them passed on */
};

/* how far a lone dot got: the line end before it, the dot */
enum lone_dot { LONE_NONE, LONE_CRLF, LONE_ODD, LONE_CRLF_DOT, LONE_ODD_DOT };

struct sandbox_data sandbox_data_start(bool is_chunked)
{
    return (struct sandbox_data){
        .is_chunked = is_chunked, .state = STATE_START, .lone_dot = LONE_CRLF, .line = 1};
}

/* data_count - one more fault of this kind */
static void data_count(struct sandbox_data *data, enum sandbox_data_fault fault)
{
    if (data->counts[fault]++ == 0)
        data->places[fault] = data->line;
}

/* ---- the lone dot ---- */

/* follow_line_end - CRLF, or one of its halves */
static void follow_line_end(struct sandbox_data *data, bool is_odd)
{
    bool is_after_dot = data->lone_dot == LONE_CRLF_DOT || data->lone_dot == LONE_ODD_DOT;

    if (is_after_dot && (is_odd || data->lone_dot == LONE_ODD_DOT))
        data_count(data, DATA_FAULT_SMUGGLING);
    data->lone_dot = is_odd ? LONE_ODD : LONE_CRLF;
}

/* follow_octet - anything else */
static void follow_octet(struct sandbox_data *data, char octet)
{
    if (octet == '.' && data->lone_dot == LONE_CRLF)
        data->lone_dot = LONE_CRLF_DOT;
    else if (octet == '.' && data->lone_dot == LONE_ODD)
        data->lone_dot = LONE_ODD_DOT;
    else
        data->lone_dot = LONE_NONE;
}

/* ---- lines ---- */

/* end_line - after CRLF, or a LF alone */
static void end_line(struct sandbox_data *data)
{
    if (data->line_size > LINE_OCTETS)
        data_count(data, DATA_FAULT_LONG_LINE);
    data->line++;
    data->line_size = 0;
}

/* note_octet - of the text of a line */
static void note_octet(struct sandbox_data *data, char octet)
{
    if (octet == '\0')
        data_count(data, DATA_FAULT_NUL);
    else if ((unsigned char)octet > 127)
        data_count(data, DATA_FAULT_EIGHT_BIT);
    data->line_size++;
}

/* a feed at work: octets from `from` on belong to a run that goes to the sink */
struct feeding {
    struct sandbox_data *data;
    struct span bytes;
    size_t from;
    sandbox_data_sink *sink;
    void *ctx;
};

/* feed_sink - octets that are not in the input as they are */
static void feed_sink(struct feeding *in, const char *text, size_t len)
{
    in->data->size += len;
    in->sink(in->ctx, span_make(text, len));
}

/* feed_run - the run that ends before `to` */
static void feed_run(struct feeding *in, size_t to)
{
    if (to > in->from)
        feed_sink(in, in->bytes.at + in->from, to - in->from);
    in->from = to;
}

/* release_cr - a CR that turned out to be alone */
static void release_cr(struct feeding *in)
{
    feed_sink(in, "\r", 1);
    data_count(in->data, DATA_FAULT_BARE_CR);
    follow_line_end(in->data, true);
    in->data->line_size++;
}

/* step_inside - an octet where a line may go on */
static void step_inside(struct feeding *in, size_t at)
{
    struct sandbox_data *data = in->data;
    char octet = in->bytes.at[at];

    if (octet == '\r') {
        feed_run(in, at);
        in->from = at + 1;
        data->state = STATE_CR;
    } else if (octet == '\n') {
        data_count(data, DATA_FAULT_BARE_LF);
        follow_line_end(data, true);
        end_line(data);
        data->state = STATE_INSIDE;
    } else {
        follow_octet(data, octet);
        note_octet(data, octet);
        data->state = STATE_INSIDE;
    }
}

/* step_cr - an octet behind CR */
static void step_cr(struct feeding *in, size_t at)
{
    if (in->bytes.at[at] != '\n') {
        release_cr(in);
        in->from = at;
        step_inside(in, at);
        return;
    }
    feed_sink(in, "\r\n", 2);
    in->from = at + 1;
    follow_line_end(in->data, false);
    end_line(in->data);
    in->data->state = STATE_START;
}

/* step_dot_cr - an octet behind CRLF, dot, CR */
static void step_dot_cr(struct feeding *in, size_t at)
{
    if (in->bytes.at[at] == '\n') {
        in->data->is_ended = true;
        in->from = at + 1;
        return;
    }
    step_cr(in, at);
}

/* step_octet - one octet by the state */
static void step_octet(struct feeding *in, size_t at)
{
    struct sandbox_data *data = in->data;
    char octet = in->bytes.at[at];

    switch ((enum data_state)data->state) {
    case STATE_START:
        if (octet == '.' && !data->is_chunked) {
            follow_octet(data, octet);
            in->from = at + 1;
            data->state = STATE_DOT;
            return;
        }
        step_inside(in, at);
        return;
    case STATE_INSIDE:
        step_inside(in, at);
        return;
    case STATE_DOT:
        in->from = at;
        step_inside(in, at);
        if (data->state == STATE_CR)
            data->state = STATE_DOT_CR;
        return;
    case STATE_CR:
        step_cr(in, at);
        return;
    case STATE_DOT_CR:
        step_dot_cr(in, at);
        return;
    }
}

size_t sandbox_data_feed(struct sandbox_data *data, struct span bytes, sandbox_data_sink *sink,
                         void *ctx)
{
    struct feeding in = {.data = data, .bytes = bytes, .sink = sink, .ctx = ctx};
    size_t at = 0;

    while (at < bytes.len && !data->is_ended)
        step_octet(&in, at++);
    feed_run(&in, at);
    return at;
}

void sandbox_data_finish(struct sandbox_data *data, sandbox_data_sink *sink, void *ctx)
{
    struct feeding in = {.data = data, .sink = sink, .ctx = ctx};

    if (data->state == STATE_CR) {
        release_cr(&in);
        data->state = STATE_INSIDE;
    }
    if (data->line_size > LINE_OCTETS)
        data_count(data, DATA_FAULT_LONG_LINE);
}

bool sandbox_data_ends_line(const struct sandbox_data *data)
{
    return data->state == STATE_START;
}
