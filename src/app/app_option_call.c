/* Options whose values need more than a type: CALL() in option_table.def. */
#include <string.h>

#include "app/app_options.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/ip.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "dnssec/dnssec_anchor.h"
#include "gather/gather.h"
#include "mail/mail_message.h"
#include "model/finding.h"
#include "model/smtp_dialogue.h"
#include "policy/policy.h"
#include "render/render_view.h"
#include "smtp/smtp_auth.h"

bool option_message_number(struct app_options *options, const char *text, struct err *why)
{
    uint64_t number = 0;

    if (!span_to_number(span_of(text), INT32_MAX, &number)) {
        err_set_kind(why, ERR_USAGE, "--message-number %s: not a number like 2",
                     escape_shown(options->arena, text));
        return false;
    }
    options->message = (struct mail_choice){.number = number, .is_outer = number == 0};
    return true;
}

bool option_selector(struct app_options *options, const char *text, struct err *why)
{
    struct err detail = {0};
    const struct dns_name *name = dns_name_parse(options->arena, span_of(text), &detail);

    if (name != NULL && gather_selector_split(name->text).selector.len == 0) {
        err_set(&detail, "\"%s\" has no selector in front of _domainkey", name->text);
        name = NULL;
    }
    if (name == NULL) {
        err_set_kind(why, ERR_USAGE, "--selector: %s", detail.text);
        return false;
    }
    if (options->selectors.count == LIMIT_SELECTORS) {
        err_set_kind(why, ERR_USAGE, "--selector: more than %d selectors", LIMIT_SELECTORS);
        return false;
    }
    arena_append(options->arena, options->selectors.texts, options->selectors.count,
                 name->text);
    return true;
}

bool option_trust_anchor(struct app_options *options, const char *text, struct err *why)
{
    options->anchors = dnssec_anchors_load(options->arena, text, why);
    return options->anchors != NULL;
}

bool option_now(struct app_options *options, const char *text, struct err *why)
{
    options->has_now = clock_parse(span_of(text), &options->now);
    if (options->has_now)
        return true;
    err_set_kind(why, ERR_USAGE, "--now %s: not a time like 2026-11-24T10:00:00Z (RFC 3339)",
                 escape_shown(options->arena, text));
    return false;
}

int64_t app_options_now(const struct app_options *options)
{
    return options->has_now ? options->now : clock_wall();
}

/* option_https_connect - "192.0.2.1", "192.0.2.1:8443", "[2001:db8::1]:8443" */
bool option_https_connect(struct app_options *options, const char *text, struct err *why)
{
    struct span rest = span_of(text);
    struct span host = rest;
    struct ip_address address = {0};
    uint64_t port = 443; /* RFC 9110, 4.2.2 */
    bool is_good = true;

    if (span_starts_with(rest, "[")) {
        rest = span_from(rest, 1);
        host = span_cut(&rest, ']');
        is_good = rest.len == 0 || span_starts_with(rest, ":");
        rest = span_from(rest, 1);
    } else if (!ip_parse(rest, &address)) {
        host = span_cut(&rest, ':');
    } else {
        rest = span_of("");
    }
    if (rest.len > 0)
        is_good = is_good && span_to_number(rest, UINT16_MAX, &port) && port > 0;
    if (is_good && ip_parse(host, &address)) {
        options->https_connect =
            arena_printf(options->arena, address.family == IP_V6 ? "[%s]:%u" : "%s:%u",
                         ip_to_text(options->arena, &address), (unsigned)port);
        return true;
    }
    err_set_kind(why, ERR_USAGE, "--https-connect %s: not ADDR[:PORT], an address and a port",
                 escape_shown(options->arena, text));
    return false;
}

bool option_format(struct app_options *options, const char *text, struct err *why)
{
    (void)why; /* which formats there are is known with the command */
    options->format = render_format_find(text);
    options->unknown_format = options->format == FORMAT_NONE ? text : NULL;
    return true;
}

bool option_ignore(struct app_options *options, const char *text, struct err *why)
{
    struct span rest = span_of(text);
    const char *id = arena_strdup_span(options->arena, span_cut(&rest, ':'));

    if (check_row_find(id) != NULL) {
        arena_append(options->arena, options->ignored.texts, options->ignored.count, id);
        return true;
    }
    err_set_kind(why, ERR_USAGE, "--ignore %s: no such finding%s",
                 escape_shown(options->arena, id), check_id_hint(options->arena, id));
    return false;
}

bool option_stale(struct app_options *options, const char *text, struct err *why)
{
    uint64_t days = POLICY_STALE_DAYS;

    options->has_stale = true;
    if (text != NULL && !span_to_number(span_of(text), LIMIT_STALE_DAYS, &days)) {
        err_set_kind(why, ERR_USAGE, "--stale=%s: not a number of days up to %d",
                     escape_shown(options->arena, text), LIMIT_STALE_DAYS);
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
                 escape_shown(options->arena, text));
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
    err_set_kind(why, ERR_USAGE, "--port %s: not one of %s", escape_shown(options->arena, text),
                 sbuf_text(&known));
    return false;
}

bool option_ehlo(struct app_options *options, const char *text, struct err *why)
{
    options->live.ehlo = text;
    if (text[0] != '\0' && strpbrk(text, " \t\r\n") == NULL)
        return true;
    err_set_kind(why, ERR_USAGE, "--ehlo \"%s\": not a single word, as EHLO requires",
                 escape_shown(options->arena, text));
    return false;
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
