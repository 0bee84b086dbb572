/* The options of smtp: is the value fine, and where does it go. */
#include <string.h>

#include "app/app_options.h"
#include "base/err.h"
#include "base/file.h"
#include "base/ip.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/smtp_dialogue.h"
#include "smtp/smtp_auth.h"

#define FD_MAX 1023 /* the usual limit of a process */

/* take_text - a value that must not be empty, nor hold what would end a line */
static bool take_text(const char **target, const char *name, const char *text, struct err *why)
{
    *target = text;
    if (text[0] != '\0' && strpbrk(text, "\r\n") == NULL)
        return true;
    err_set_kind(why, ERR_USAGE, "--%s: empty, or more than one line", name);
    return false;
}

bool option_live(struct app_options *options, const char *text, struct err *why)
{
    return take_text(&options->live.target, "live", text, why);
}

bool option_family(struct app_options *options, const char *text, struct err *why)
{
    static const struct {
        const char *word;
        enum ip_family family;
    } words[] = {{"ipv4", IP_V4}, {"ipv6", IP_V6}};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i].word, text) == 0) {
            options->live.family = words[i].family;
            return true;
        }
    err_set_kind(why, ERR_USAGE, "--family %s",
                 app_option_unlisted(options, text, "ipv4 or ipv6"));
    return false;
}

bool option_tls_versions(struct app_options *options, const char *text, struct err *why)
{
    (void)text;
    (void)why;
    options->live.has_versions = true;
    return true;
}

bool option_tls(struct app_options *options, const char *text, struct err *why)
{
    for (int mode = SMTP_TLS_AUTO; mode <= SMTP_TLS_NONE; mode++)
        if (strcmp(text, smtp_tls_mode_to_text((enum smtp_tls_mode)mode)) == 0) {
            options->live.tls = (enum smtp_tls_mode)mode;
            return true;
        }
    err_set_kind(why, ERR_USAGE, "--tls %s",
                 app_option_unlisted(options, text, "auto, starttls, implicit or none"));
    return false;
}

bool option_port(struct app_options *options, const char *text, struct err *why)
{
    struct sbuf known = sbuf_start(options->arena);
    uint64_t number = 0;

    if (span_to_number(span_of(text), UINT16_MAX, &number) &&
        smtp_port_find((unsigned)number) != NULL) {
        options->port = (unsigned)number;
        return true;
    }
    for (size_t i = 0; i < smtp_port_count(); i++)
        sbuf_addf(&known, "%s%u", i > 0 ? ", " : "", smtp_port_get(i)->number);
    err_set_kind(why, ERR_USAGE, "--port %s: not one of %s", app_option_shown(options, text),
                 sbuf_text(&known));
    return false;
}

bool option_size_limit(struct app_options *options, const char *text, struct err *why)
{
    if (span_to_number(span_of(text), INT64_MAX, &options->size_limit) &&
        options->size_limit > 0)
        return true;
    err_set_kind(why, ERR_USAGE, "--size-limit %s: not a number of octets above 0",
                 app_option_shown(options, text));
    return false;
}

bool option_ehlo(struct app_options *options, const char *text, struct err *why)
{
    options->live.ehlo = text;
    if (text[0] != '\0' && strpbrk(text, " \t\r\n") == NULL)
        return true;
    err_set_kind(why, ERR_USAGE, "--ehlo \"%s\": not one word, as EHLO has it",
                 app_option_shown(options, text));
    return false;
}

bool option_stop_after(struct app_options *options, const char *text, struct err *why)
{
    static const struct {
        const char *word;
        enum smtp_state state;
    } words[] = {
        {"connect", SMTP_STATE_GREETING},    {"ehlo", SMTP_STATE_EHLO},
        {"starttls", SMTP_STATE_EHLO_AGAIN}, {"auth", SMTP_STATE_AUTH},
        {"mail", SMTP_STATE_MAIL},           {"rcpt", SMTP_STATE_RCPT},
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i].word, text) == 0) {
            options->live.stop_after = words[i].state;
            options->live.has_stop = true;
            return true;
        }
    err_set_kind(
        why, ERR_USAGE, "--stop-after %s",
        app_option_unlisted(options, text, "connect, ehlo, starttls, auth, mail or rcpt"));
    return false;
}

bool option_auth(struct app_options *options, const char *text, struct err *why)
{
    return take_text(&options->live.user, "auth", text, why);
}

bool option_mechanism(struct app_options *options, const char *text, struct err *why)
{
    options->live.mechanism = smtp_auth_find(text);
    if (options->live.mechanism != NULL)
        return true;
    err_set_kind(why, ERR_USAGE, "--mechanism %s",
                 app_option_unlisted(options, text, smtp_auth_names(options->arena)));
    return false;
}

bool option_password_file(struct app_options *options, const char *text, struct err *why)
{
    return take_text(&options->live.password_file, "password-file", text, why);
}

bool option_password_fd(struct app_options *options, const char *text, struct err *why)
{
    uint64_t number = 0;

    options->live.has_password_fd = span_to_number(span_of(text), FD_MAX, &number);
    options->live.password_fd = (int)number;
    if (options->live.has_password_fd)
        return true;
    err_set_kind(why, ERR_USAGE, "--password-fd %s: not the number of a descriptor",
                 app_option_shown(options, text));
    return false;
}

bool option_auth_in_clear(struct app_options *options, const char *text, struct err *why)
{
    (void)text;
    (void)why;
    options->live.allows_clear = true;
    return true;
}

bool option_local_targets(struct app_options *options, const char *text, struct err *why)
{
    (void)text;
    (void)why;
    options->live.allows_local = true;
    return true;
}

bool option_auth_untrusted(struct app_options *options, const char *text, struct err *why)
{
    (void)text;
    (void)why;
    options->live.allows_untrusted = true;
    return true;
}

bool option_ca_file(struct app_options *options, const char *text, struct err *why)
{
    file_take(text); /* libraries open it, and only where something is connected to */
    return take_text(&options->live.ca_file, "ca-file", text, why);
}

/* an option whose value is a time */
struct timed {
    const struct app_options *options;
    const char *name;
};

/* take_seconds - seconds, with tenths or without, as milliseconds */
static bool take_seconds(const struct timed *option, const char *text, unsigned *target,
                         struct err *why)
{
    struct span rest = span_of(text);
    bool has_tenths = span_find(rest, '.') >= 0;
    uint64_t seconds = 0;
    uint64_t tenths = 0;

    if (!span_to_number(span_cut(&rest, '.'), LIMIT_PROBE_SECONDS, &seconds) ||
        (has_tenths && (rest.len != 1 || !span_to_number(rest, 9, &tenths)))) {
        err_set_kind(
            why, ERR_USAGE, "--%s %s: not a number of seconds up to %d, with tenths or without",
            option->name, app_option_shown(option->options, text), LIMIT_PROBE_SECONDS);
        return false;
    }
    *target = (unsigned)(seconds * 1000 + tenths * 100);
    return true;
}

bool option_wait(struct app_options *options, const char *text, struct err *why)
{
    const struct timed wait = {options, "wait"};

    if (!take_seconds(&wait, text, &options->live.wait_ms, why))
        return false;
    if (options->live.wait_ms > 0)
        return true;
    err_set_kind(why, ERR_USAGE, "--wait 0: no server answers that fast");
    return false;
}

bool option_pause(struct app_options *options, const char *text, struct err *why)
{
    const struct timed pause = {options, "pause"};

    options->live.has_pause = true;
    return take_seconds(&pause, text, &options->live.pause_ms, why);
}
