/* The options of sandbox. Files and conditions are looked at when the server is opened. */
#include <string.h>

#include "app/app_options.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/ip.h"
#include "base/limits_serve.h"
#include "base/span.h"

/* sandbox_list_add - to a repeatable option */
static bool sandbox_list_add(struct app_options *options, struct app_list *list,
                             const char *text)
{
    arena_append(options->arena, list->texts, list->count, text);
    return true;
}

/* take_file_name - a value that is not empty */
static bool take_file_name(const char **target, const char *option, const char *text,
                           struct err *why)
{
    *target = text;
    if (text[0] != '\0')
        return true;
    err_set_kind(why, ERR_USAGE, "--%s: the name is empty", option);
    return false;
}

bool option_listen_tls(struct app_options *options, const char *text, struct err *why)
{
    (void)why;
    return sandbox_list_add(options, &options->sandbox.listen_tls, text);
}

bool option_client_ip(struct app_options *options, const char *text, struct err *why)
{
    if (ip_parse(span_of(text), &options->sandbox.client))
        return true;
    err_set_kind(why, ERR_USAGE, "--client-ip %s: not an IPv4 or IPv6 address",
                 app_option_shown(options, text));
    return false;
}

bool option_client_map(struct app_options *options, const char *text, struct err *why)
{
    return take_file_name(&options->sandbox.client_map, "client-map", text, why);
}

bool option_proxy(struct app_options *options, const char *text, struct err *why)
{
    (void)text;
    (void)why;
    options->sandbox.has_proxy = true;
    return true;
}

bool option_spool(struct app_options *options, const char *text, struct err *why)
{
    return take_file_name(&options->sandbox.spool, "spool", text, why);
}

bool option_ca_out(struct app_options *options, const char *text, struct err *why)
{
    return take_file_name(&options->sandbox.ca_out, "ca-out", text, why);
}

bool option_auth_file(struct app_options *options, const char *text, struct err *why)
{
    return take_file_name(&options->sandbox.auth_file, "auth-file", text, why);
}

bool option_faults(struct app_options *options, const char *text, struct err *why)
{
    return take_file_name(&options->sandbox.faults, "faults", text, why);
}

bool option_after(struct app_options *options, const char *text, struct err *why)
{
    return take_file_name(&options->sandbox.after, "after", text, why);
}

bool option_http(struct app_options *options, const char *text, struct err *why)
{
    (void)why; /* looked at by who listens */
    options->sandbox.http = text;
    return true;
}

bool option_demand(struct app_options *options, const char *text, struct err *why)
{
    struct span rest = span_of(text);

    do {
        const char *word = arena_strdup_span(options->arena, span_cut(&rest, ','));

        if (strcmp(word, "tls") == 0)
            options->sandbox.demands_tls = true;
        else if (strcmp(word, "auth") == 0)
            options->sandbox.demands_auth = true;
        else {
            err_set_kind(why, ERR_USAGE, "--require %s",
                         app_option_unlisted(options, word, "tls or auth"));
            return false;
        }
    } while (rest.at != NULL);
    return true;
}

bool option_strict(struct app_options *options, const char *text, struct err *why)
{
    (void)text;
    (void)why;
    options->sandbox.is_strict = true;
    return true;
}

bool option_expect(struct app_options *options, const char *text, struct err *why)
{
    if (options->sandbox.expected.count >= LIMIT_SANDBOX_EXPECTED) {
        err_set_kind(why, ERR_USAGE, "--expect: more than %d conditions",
                     LIMIT_SANDBOX_EXPECTED);
        return false;
    }
    return sandbox_list_add(options, &options->sandbox.expected, text);
}

bool option_chaos(struct app_options *options, const char *text, struct err *why)
{
    options->sandbox.has_chaos = true;
    if (span_to_number(span_of(text), UINT64_MAX / 2, &options->sandbox.chaos))
        return true;
    err_set_kind(why, ERR_USAGE, "--chaos %s: not a number", app_option_shown(options, text));
    return false;
}

bool option_count(struct app_options *options, const char *text, struct err *why)
{
    if (span_to_number(span_of(text), LIMIT_SANDBOX_MESSAGES, &options->sandbox.count) &&
        options->sandbox.count > 0)
        return true;
    err_set_kind(why, ERR_USAGE, "--count %s: not a number from 1 to %d",
                 app_option_shown(options, text), LIMIT_SANDBOX_MESSAGES);
    return false;
}

bool option_within(struct app_options *options, const char *text, struct err *why)
{
    struct span rest = span_of(text);
    bool has_tenths = span_find(rest, '.') >= 0;
    uint64_t seconds = 0;
    uint64_t tenths = 0;

    options->sandbox.has_within = true;
    if (span_to_number(span_cut(&rest, '.'), LIMIT_SANDBOX_SECONDS, &seconds) &&
        (!has_tenths || (rest.len == 1 && span_to_number(rest, 9, &tenths)))) {
        options->sandbox.within_ms = (unsigned)(seconds * 1000 + tenths * 100);
        return true;
    }
    err_set_kind(why, ERR_USAGE,
                 "--within %s: not a number of seconds up to %d, with tenths or without",
                 app_option_shown(options, text), LIMIT_SANDBOX_SECONDS);
    return false;
}
