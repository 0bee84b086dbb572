/* The types of records, the questions of each, and the answers that are not words. */
#include "app/app_record_questions.h"

#include <sys/stat.h>

#include "app/app_domain.h"
#include "app/app_options.h"
#include "base/arena.h"
#include "base/escape.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "gather/gather.h"

/* ---- answers that are not words ---- */

/* take_type - one of the choices */
static bool take_type(struct app_making *making, const char *answer, struct err *why)
{
    (void)why;
    making->type = app_record_type_find(span_of(answer));
    return making->type != NULL;
}

/* record_questions_take_domain - as the argument is read */
static bool record_questions_take_domain(struct app_making *making, const char *answer,
                                         struct err *why)
{
    making->domain = app_domain(making->app->arena, answer, why);
    return making->domain != NULL;
}

/* record_questions_take_selector - one; those given as options do not count any more */
static bool record_questions_take_selector(struct app_making *making, const char *answer,
                                           struct err *why)
{
    struct app_options *options = &making->app->options;

    options->selectors.count = 0;
    return option_selector(options, answer, why) &&
           app_record_place(
               making,
               arena_printf(
                   making->app->arena, "%.*s._domainkey",
                   SPAN_ARG(gather_selector_split(options->selectors.texts[0]).selector)),
               why);
}

/* record_questions_take_key - a file that is not there yet; making it later is what decides */
static bool record_questions_take_key(struct app_making *making, const char *answer,
                                      struct err *why)
{
    struct stat about;

    if (lstat(answer, &about) == 0) {
        err_set(why, "%s: already exists; a key is never overwritten",
                escape_shown(making->app->arena, answer));
        return false;
    }
    making->app->options.key = answer;
    return true;
}

/* ---- the lists ---- */

const struct app_record_question app_record_questions_first[] = {
    {.text = "Which record: spf, dmarc, dkim, mta-sts or tls-rpt",
     .fallback = "spf",
     .choices = "spf dmarc dkim mta-sts tls-rpt",
     .take = take_type},
    {.text = "For which domain", .take = record_questions_take_domain},
    {0},
};

static const struct app_record_question questions_spf[] = {
    {.text = "Who sends: terms such as mx, ip4:192.0.2.0/24, include:_spf.example.net",
     .fallback = "mx",
     .nothing = "none",
     .key = ""},
    {.text = "Result for all other hosts: softfail or fail",
     .fallback = "softfail",
     .choices = "softfail fail",
     .key = "all="},
    {0},
};

static const struct app_record_question questions_dmarc[] = {
    {.text = "What should receivers do with mail that fails: none, quarantine or reject",
     .fallback = "none",
     .choices = "none quarantine reject",
     .key = "p="},
    {.text = "Where should reports be sent; \"none\" for nowhere",
     .fallback = "mailto:dmarc@",
     .nothing = "none",
     .key = "rua="},
    {.text = "And with mail from names that do not exist: none, quarantine or reject",
     .fallback = "reject",
     .choices = "none quarantine reject",
     .key = "np="},
    {0},
};

static const struct app_record_question questions_dkim[] = {
    {.text = "Which kind of key: rsa2048, rsa3072 or ed25519",
     .fallback = "rsa2048",
     .choices = "rsa2048 rsa3072 ed25519",
     .key = ""},
    {.text = "Under which selector", .fallback = "s1", .take = record_questions_take_selector},
    {.text = "Which new file gets the private key",
     .fallback = "dkim-private.pem",
     .take = record_questions_take_key},
    {0},
};

static const struct app_record_question questions_sts[] = {
    {.text = "Which hosts take mail: names or *.NAME; \"dns\" for those of the MX records",
     .fallback = "dns",
     .nothing = "dns",
     .key = "mx="},
    {.text = "What should senders do if TLS fails: testing (only report), enforce or none",
     .fallback = "testing",
     .choices = "testing enforce none",
     .key = "mode="},
    {.text = "For how many seconds may senders cache the policy",
     .fallback = "604800",
     .key = "max_age="},
    {0},
};

static const struct app_record_question questions_tls_rpt[] = {
    {.text = "Where should reports be sent: mailto: or https:, separated by commas",
     .fallback = "mailto:tls-reports@",
     .key = "rua="},
    {0},
};

/* ---- the types ---- */

static const struct app_record_type types[] = {
    {"spf", app_record_make_spf, questions_spf},
    {"dmarc", app_record_make_tags, questions_dmarc},
    {"dkim", app_record_make_dkim, questions_dkim},
    {"mta-sts", app_record_make_sts, questions_sts},
    {"tls-rpt", app_record_make_tags, questions_tls_rpt},
};

#define TYPES COUNT_OF(types)

const struct app_record_type *app_record_type_find(struct span name)
{
    for (size_t i = 0; i < TYPES; i++)
        if (span_equal_text(name, types[i].name))
            return &types[i];
    return NULL;
}

const char *app_record_types(struct arena *arena)
{
    struct sbuf names = sbuf_start(arena);

    for (size_t i = 0; i < TYPES; i++)
        sbuf_addf(&names, "%s%s", i == 0 ? "" : i + 1 == TYPES ? " and " : ", ", types[i].name);
    return sbuf_text(&names);
}
