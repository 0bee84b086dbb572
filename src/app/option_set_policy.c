/* Options about receivers and rule books. Policies are looked at when they are opened. */
#include "app/app_options.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/span.h"
#include "policy/policy.h"

bool option_policy(struct app_options *options, const char *text, struct err *why)
{
    (void)why; /* looked at when it is opened */
    arena_append(options->arena, options->policies.texts, options->policies.count, text);
    return true;
}

/* set_bulk - once, or the same again */
static bool set_bulk(struct app_options *options, enum app_bulk bulk, struct err *why)
{
    if (options->bulk != BULK_BOTH && options->bulk != bulk) {
        err_set_kind(why, ERR_USAGE,
                     "--bulk and --no-bulk contradict each other; without "
                     "either both are shown where it matters");
        return false;
    }
    options->bulk = bulk;
    return true;
}

bool option_bulk(struct app_options *options, const char *text, struct err *why)
{
    (void)text;
    return set_bulk(options, BULK_YES, why);
}

bool option_no_bulk(struct app_options *options, const char *text, struct err *why)
{
    (void)text;
    return set_bulk(options, BULK_NO, why);
}

bool option_stale(struct app_options *options, const char *text, struct err *why)
{
    uint64_t days = POLICY_STALE_DAYS;

    options->has_stale = true;
    if (text != NULL && !span_to_number(span_of(text), LIMIT_STALE_DAYS, &days)) {
        err_set_kind(why, ERR_USAGE, "--stale=%s: not a number of days up to %d",
                     escape_to_text(options->arena, span_of(text), LIMIT_SHOWN_BYTES),
                     LIMIT_STALE_DAYS);
        return false;
    }
    options->stale_days = (int64_t)days;
    return true;
}

bool option_as_of(struct app_options *options, const char *text, struct err *why)
{
    options->has_as_of = policy_day_parse(span_of(text), &options->as_of);
    if (options->has_as_of)
        return true;
    err_set_kind(why, ERR_USAGE, "--as-of %s: not a date like 2024-06-01",
                 escape_to_text(options->arena, span_of(text), LIMIT_SHOWN_BYTES));
    return false;
}
