/* Options of serve. */
#include "app/app_options.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/limits_serve.h"
#include "base/span.h"

bool option_listen(struct app_options *options, const char *text, struct err *why)
{
    (void)why; /* looked at by who listens */
    options->listen = text;
    arena_append(options->arena, options->sandbox.listen.texts, options->sandbox.listen.count,
                 text); /* sandbox listens on all of them */
    return true;
}

bool option_keep(struct app_options *options, const char *text, struct err *why)
{
    (void)why;
    options->keep = text;
    return true;
}

bool option_run_as(struct app_options *options, const char *text, struct err *why)
{
    (void)why;
    options->run_as = text;
    return true;
}

bool option_https(struct app_options *options, const char *text, struct err *why)
{
    (void)text;
    (void)why;
    options->allows_https = true;
    return true;
}

bool option_jobs(struct app_options *options, const char *text, struct err *why)
{
    uint64_t number = 0;

    if (!span_to_number(span_of(text), LIMIT_JOBS, &number) || number == 0) {
        err_set_kind(why, ERR_USAGE, "--jobs %s: not a number from 1 to %d",
                     escape_to_text(options->arena, span_of(text), LIMIT_SHOWN_BYTES),
                     LIMIT_JOBS);
        return false;
    }
    options->jobs = (unsigned)number;
    return true;
}
