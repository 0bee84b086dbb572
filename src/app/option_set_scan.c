/* What the options of scan set. */
#include "app/app_options.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/span.h"

#define RATE_LARGEST 1000000 /* a query a microsecond: no limit any more */

/* an option with a number from 1 on */
struct count_option {
    const char *name;
    unsigned largest;
};

/* set_count - read the number; false and `why` */
static bool set_count(const struct count_option *option, const char *text, unsigned *number_out,
                      struct err *why)
{
    uint64_t number = 0;

    if (!span_to_number(span_of(text), option->largest, &number) || number == 0) {
        err_set_kind(why, ERR_USAGE, "--%s: expected a number from 1 to %u", option->name,
                     option->largest);
        return false;
    }
    *number_out = (unsigned)number;
    return true;
}

bool option_rate(struct app_options *options, const char *text, struct err *why)
{
    return set_count(&(struct count_option){"rate", RATE_LARGEST}, text, &options->source.rate,
                     why);
}

bool option_in_flight(struct app_options *options, const char *text, struct err *why)
{
    return set_count(&(struct count_option){"in-flight", LIMIT_SUBJECTS}, text,
                     &options->in_flight, why);
}

bool option_resume(struct app_options *options, const char *text, struct err *why)
{
    (void)why;
    options->resume = text;
    return true;
}

bool option_unordered(struct app_options *options, const char *text, struct err *why)
{
    (void)text;
    (void)why;
    options->is_unordered = true;
    return true;
}
