/*
 * The child's life: take the pipes, confine itself, and then read questions and let the library
 * answer, until the program closes its pipe.
 *
 * time() is defined here for the whole program, because libopendkim judges t= and x= by it and
 * has no option for the time; in a child that was given a time it returns that.
 */
#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "base/file_write.h"
#include "base/limits.h"
#include "engine/engine_library.h"
#include "engine/engine_private.h"

#define STATUS_QUESTION 65 /* EX_DATAERR: the question makes no sense */
#define STATUS_ALONE    75 /* EX_TEMPFAIL: the program hung up */

void (*engine_child_provoked)(enum engine_kind kind);

static bool has_fixed_time;
static time_t fixed_time;

time_t time(time_t *time_out)
{
    struct timespec wall = {.tv_sec = fixed_time};

    if (!has_fixed_time)
        (void)clock_gettime(CLOCK_REALTIME, &wall);
    if (time_out != NULL)
        *time_out = wall.tv_sec;
    return wall.tv_sec;
}

/* child_write - to the program */
static void child_write(struct span bytes)
{
    if (!file_write_all(ENGINE_CHILD_OUT, bytes))
        _exit(STATUS_ALONE);
}

/* child_read_all - from the program; the child ends with it */
static void child_read_all(char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t got = read(ENGINE_CHILD_IN, bytes, len);

        if (got == 0 || (got < 0 && errno != EINTR))
            _exit(STATUS_ALONE);
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

    child_read_all((char *)header, sizeof(header));
    *len_out = engine_frame_parse(header, &kind);
    if (*len_out > size)
        _exit(STATUS_QUESTION);
    child_read_all(bytes, *len_out);
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

/* child_read_first - the first octet of a frame; ends the child when the program is done */
static uint8_t child_read_first(void)
{
    uint8_t octet = 0;
    ssize_t got = 0;

    do
        got = read(ENGINE_CHILD_IN, &octet, sizeof(octet));
    while (got < 0 && errno == EINTR);
    if (got <= 0)
        _exit(got == 0 ? 0 : STATUS_ALONE);
    return octet;
}

/* child_read_question - the next question, whole; returns whom it is for */
static enum engine_kind child_read_question(struct engine_child *child)
{
    uint8_t header[ENGINE_FRAME_HEADER] = {child_read_first()};
    uint8_t kind;
    size_t len;
    char *bytes;

    child_read_all((char *)header + 1, sizeof(header) - 1);
    len = engine_frame_parse(header, &kind);
    if (kind != ENGINE_FRAME_QUESTION || len > LIMIT_CHILD_QUESTION_BYTES)
        _exit(STATUS_QUESTION);
    bytes = arena_alloc(child->arena, len + 1);
    child_read_all(bytes, len);
    child->question = engine_reader_of(span_make(bytes, len));
    kind = engine_get_octet(&child->question);
    child->now = (int64_t)engine_get_number(&child->question);
    engine_answers_read(&child->answers, &child->question, child->arena);
    if (child->question.is_broken || kind >= ENGINE_KIND_LIMIT)
        _exit(STATUS_QUESTION);
    fixed_time = (time_t)child->now;
    has_fixed_time = true;
    return (enum engine_kind)kind;
}

noreturn void engine_child_main(unsigned kinds, int in, int out)
{
    static void (*const answers[ENGINE_KIND_LIMIT])(struct engine_child *) = {
        [ENGINE_KIND_SPF] = engine_spf2_answer,
        [ENGINE_KIND_DKIM] = engine_opendkim_answer,
        [ENGINE_KIND_DMARC] = engine_opendmarc_answer,
        [ENGINE_KIND_POLICY] = engine_opendmarc_read,
    };
    static struct engine_child child;

    if (dup2(in, ENGINE_CHILD_IN) < 0 || dup2(out, ENGINE_CHILD_OUT) < 0)
        _exit(STATUS_ALONE);
    engine_confine();
    if (kinds >= ENGINE_BIT(ENGINE_KIND_LIMIT)) {
        if (engine_child_provoked != NULL)
            engine_child_provoked((enum engine_kind)__builtin_ctz(kinds));
        _exit(ENGINE_STATUS_HOLE);
    }
    child.arena = arena_open();
    for (;;) {
        answers[child_read_question(&child)](&child);
        arena_reset(child.arena);
    }
}
