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

#include "base/limits.h"
#include "engine/engine_library.h"
#include "engine/engine_private.h"

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

/* child_read_first - the first octet of a frame; ends the child when the program is done */
static uint8_t child_read_first(void)
{
    uint8_t octet = 0;
    ssize_t got = 0;

    do
        got = read(ENGINE_CHILD_IN, &octet, sizeof(octet));
    while (got < 0 && errno == EINTR);
    if (got <= 0)
        _exit(got == 0 ? 0 : ENGINE_STATUS_ALONE);
    return octet;
}

/* child_read_question - the next question, whole; returns whom it is for */
static enum engine_kind child_read_question(struct engine_child *child)
{
    uint8_t header[ENGINE_FRAME_HEADER] = {child_read_first()};
    uint8_t kind;
    size_t len;
    char *bytes;

    engine_child_read_all((char *)header + 1, sizeof(header) - 1);
    len = engine_frame_parse(header, &kind);
    if (kind != ENGINE_FRAME_QUESTION || len > LIMIT_CHILD_QUESTION_BYTES)
        _exit(ENGINE_STATUS_QUESTION);
    bytes = arena_alloc(child->arena, len + 1);
    engine_child_read_all(bytes, len);
    child->question = engine_reader_of(span_make(bytes, len));
    kind = engine_get_octet(&child->question);
    child->now = (int64_t)engine_get_number(&child->question);
    engine_answers_read(&child->answers, &child->question, child->arena);
    if (child->question.is_broken || kind >= ENGINE_KIND_LIMIT)
        _exit(ENGINE_STATUS_QUESTION);
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
        _exit(ENGINE_STATUS_ALONE);
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
