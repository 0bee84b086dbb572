/* Frames over the pipes between the child and the program; the child ends with the program. */
#include <errno.h>
#include <unistd.h>

#include "base/file_write.h"
#include "base/sbuf.h"
#include "engine/engine_answers.h"
#include "engine/engine_library.h"
#include "engine/engine_private.h"

/* child_write - to the program */
static void child_write(struct span bytes)
{
    if (!file_write_all(ENGINE_CHILD_OUT, bytes))
        _exit(ENGINE_STATUS_ALONE);
}

void engine_child_read_all(char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t got = read(ENGINE_CHILD_IN, bytes, len);

        if (got == 0 || (got < 0 && errno != EINTR))
            _exit(ENGINE_STATUS_ALONE);
        if (got > 0) {
            bytes += got;
            len -= (size_t)got;
        }
    }
}

void engine_child_reply(enum engine_frame kind, struct span payload)
{
    char first[ENGINE_FRAME_FIRST];
    struct span rest = {NULL, 0};

    child_write(engine_frame_first(kind, payload, first, &rest));
    child_write(rest);
}

enum engine_frame engine_child_read(char *bytes, size_t size, size_t *len_out)
{
    uint8_t header[ENGINE_FRAME_HEADER];
    uint8_t kind;

    engine_child_read_all((char *)header, sizeof(header));
    *len_out = engine_frame_parse(header, &kind);
    if (*len_out > size)
        _exit(ENGINE_STATUS_QUESTION);
    engine_child_read_all(bytes, *len_out);
    return (enum engine_frame)kind;
}

bool engine_child_reply_missed(const struct engine_child *child)
{
    struct sbuf out = sbuf_start(child->arena);

    if (child->answers.missed_count == 0)
        return false;
    engine_missed_write(&out, &child->answers);
    engine_child_reply(ENGINE_FRAME_MISSED, sbuf_span(&out));
    return true;
}

void engine_put_verdict(struct sbuf *out, int result, const char *detail)
{
    engine_put_octet(out, (uint8_t)result);
    engine_put_span(out, span_of(detail));
}
