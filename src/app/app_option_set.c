/* One small function an option: is the value fine, and where does it go. */
#include <string.h>

#include "app/app_options.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/ip.h"
#include "base/limits.h"
#include "base/span.h"
#include "base/suggest.h"
#include "dns/dns_name.h"
#include "dnssec/dnssec_anchor.h"
#include "gather/gather.h"
#include "mail/mail_message.h"
#include "model/finding.h"
#include "model/report.h"
#include "render/render_view.h"

#define RETRIES_MAX 10 /* more would reach LIMIT_SECONDS with the shortest timeout */

struct word { /* one of a closed list of values */
    const char *text;
    int value;
};

const char *app_option_shown(const struct app_options *options, const char *text)
{
    return escape_to_text(options->arena, span_of(text), LIMIT_SHOWN_BYTES);
}

const char *app_option_unlisted(const struct app_options *options, const char *text,
                                const char *list)
{
    return arena_printf(options->arena, "%s: not %s%s", app_option_shown(options, text), list,
                        suggest_among(options->arena, text, list));
}

/* option_set_find_word - the value of a word of a closed list, -1 if it is not in it */
static int option_set_find_word(const struct word *words, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i].text, text) == 0)
            return words[i].value;
    return -1;
}

/* option_set_add - to a repeatable option */
static void option_set_add(struct app_options *options, struct app_list *list, const char *text)
{
    arena_append(options->arena, list->texts, list->count, text);
}

bool option_message_number(struct app_options *options, const char *text, struct err *why)
{
    uint64_t number = 0;

    if (!span_to_number(span_of(text), INT32_MAX, &number)) {
        err_set_kind(why, ERR_USAGE, "--message-number %s: not a number like 2",
                     app_option_shown(options, text));
        return false;
    }
    options->message = (struct mail_choice){.number = number, .is_outer = number == 0};
    return true;
}

bool option_reports(struct app_options *options, const char *text, struct err *why)
{
    (void)why;
    arena_append(options->arena, options->reports.texts, options->reports.count, text);
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
    option_set_add(options, &options->selectors, name->text);
    return true;
}

bool option_dns(struct app_options *options, const char *text, struct err *why)
{
    (void)why; /* looked at when it is opened */
    option_set_add(options, &options->dns, text);
    return true;
}

bool option_save_snapshot(struct app_options *options, const char *text, struct err *why)
{
    options->save_snapshot = text;
    if (text[0] != '\0')
        return true;
    err_set_kind(why, ERR_USAGE, "--save-snapshot: the file has no name");
    return false;
}

/* seconds_to_ms - "3" or "0.5" as milliseconds, 0 if it is neither */
static unsigned seconds_to_ms(struct span text)
{
    struct span rest = text;
    struct span whole = span_cut(&rest, '.');
    uint64_t seconds = 0;
    uint64_t thousandths = 0;

    if (!span_to_number(whole, LIMIT_SECONDS, &seconds))
        return 0;
    if (rest.at != NULL && (rest.len > 3 || !span_to_number(rest, 999, &thousandths)))
        return 0;
    for (size_t digits = rest.len; rest.at != NULL && digits < 3; digits++)
        thousandths *= 10;
    return (unsigned)(seconds * 1000 + thousandths);
}

bool option_timeout(struct app_options *options, const char *text, struct err *why)
{
    options->source.timeout_ms = seconds_to_ms(span_of(text));
    if (options->source.timeout_ms > 0)
        return true;
    err_set_kind(why, ERR_USAGE, "--timeout %s: not a number of seconds up to %d",
                 app_option_shown(options, text), LIMIT_SECONDS);
    return false;
}

bool option_retries(struct app_options *options, const char *text, struct err *why)
{
    uint64_t number = 0;

    if (!span_to_number(span_of(text), RETRIES_MAX, &number)) {
        err_set_kind(why, ERR_USAGE, "--retries %s: not a number from 0 to %d",
                     app_option_shown(options, text), RETRIES_MAX);
        return false;
    }
    options->source.retries = (unsigned)number;
    return true;
}

bool option_trust_ad(struct app_options *options, const char *text, struct err *why)
{
    (void)text;
    (void)why;
    options->source.trust_ad = true;
    return true;
}

bool option_no_check(struct app_options *options, const char *text, struct err *why)
{
    (void)text;
    (void)why;
    options->has_no_check = true;
    return true;
}

bool option_parked(struct app_options *options, const char *text, struct err *why)
{
    (void)text;
    (void)why;
    options->is_parked = true;
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
                 app_option_shown(options, text));
    return false;
}

/* agree_on_https - fetched nowhere, or at one place: not both */
static bool agree_on_https(const struct app_options *options, struct err *why)
{
    if (!options->has_no_https || options->https_connect == NULL)
        return true;
    err_set_kind(why, ERR_USAGE, "--no-https and --https-connect contradict each other");
    return false;
}

bool option_no_https(struct app_options *options, const char *text, struct err *why)
{
    (void)text;
    options->has_no_https = true;
    return agree_on_https(options, why);
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
        return agree_on_https(options, why);
    }
    err_set_kind(why, ERR_USAGE, "--https-connect %s: not ADDR[:PORT], an address and a port",
                 escape_to_text(options->arena, span_of(text), LIMIT_SHOWN_BYTES));
    return false;
}

/* set_engines - once, or the same again */
static bool set_engines(struct app_options *options, enum app_engines engines, struct err *why)
{
    if (options->engines != ENGINES_DEFAULT && options->engines != engines) {
        err_set_kind(why, ERR_USAGE, "--engines and --no-engines contradict each other");
        return false;
    }
    options->engines = engines;
    return true;
}

bool option_engines(struct app_options *options, const char *text, struct err *why)
{
    (void)text;
    return set_engines(options, ENGINES_ON, why);
}

bool option_no_engines(struct app_options *options, const char *text, struct err *why)
{
    (void)text;
    return set_engines(options, ENGINES_OFF, why);
}

bool option_format(struct app_options *options, const char *text, struct err *why)
{
    const char *names = NULL;

    options->format = render_format_find(text);
    if (options->format != FORMAT_NONE)
        return true;
    names = render_format_names(options->arena, VIEW_NONE);
    err_set_kind(why, ERR_USAGE, "--format %s: not a format; there are %s%s",
                 app_option_shown(options, text), names,
                 suggest_among(options->arena, text, names));
    return false;
}

bool option_output(struct app_options *options, const char *text, struct err *why)
{
    option_set_add(options, &options->outputs, text);
    if (text[0] != '\0')
        return true;
    err_set_kind(why, ERR_USAGE, "--output: the file has no name");
    return false;
}

bool option_color(struct app_options *options, const char *text, struct err *why)
{
    static const struct word words[] = {
        {"auto", COLOR_AUTO}, {"always", COLOR_ALWAYS}, {"never", COLOR_NEVER}};
    int value = option_set_find_word(words, sizeof(words) / sizeof(words[0]), text);

    if (value < 0) {
        err_set_kind(why, ERR_USAGE, "--color %s",
                     app_option_unlisted(options, text, "auto, always or never"));
        return false;
    }
    options->color = (enum app_color)value;
    return true;
}

bool option_fail_on(struct app_options *options, const char *text, struct err *why)
{
    static const struct word words[] = {{"error", THRESHOLD_ERROR},
                                        {"warning", THRESHOLD_WARNING},
                                        {"notice", THRESHOLD_NOTICE},
                                        {"never", THRESHOLD_NEVER}};
    int value = option_set_find_word(words, sizeof(words) / sizeof(words[0]), text);

    if (value < 0) {
        err_set_kind(why, ERR_USAGE, "--fail-on %s",
                     app_option_unlisted(options, text, "error, warning, notice or never"));
        return false;
    }
    options->threshold = (enum report_threshold)value;
    return true;
}

bool option_ignore(struct app_options *options, const char *text, struct err *why)
{
    struct span rest = span_of(text);
    const char *id = arena_strdup_span(options->arena, span_cut(&rest, ':'));
    struct suggest suggest = suggest_start(id);

    if (check_row_find(id) != NULL) {
        option_set_add(options, &options->ignored, id);
        return true;
    }
    for (size_t i = 0; i < check_row_count(); i++)
        suggest_offer(&suggest, check_row_get(i)->id);
    if (suggest.best != NULL)
        err_set_kind(why, ERR_USAGE, "--ignore %s: no such finding; did you mean %s?",
                     app_option_shown(options, id), suggest.best);
    else
        err_set_kind(why, ERR_USAGE, "--ignore %s: no such finding; see mailassay findings",
                     app_option_shown(options, id));
    return false;
}

bool option_baseline(struct app_options *options, const char *text, struct err *why)
{
    (void)why; /* looked at when it is read */
    options->baseline = text;
    return true;
}

bool option_providers(struct app_options *options, const char *text, struct err *why)
{
    options->providers = text;
    if (text[0] != '\0')
        return true;
    err_set_kind(why, ERR_USAGE, "--providers: the file has no name");
    return false;
}

bool option_show(struct app_options *options, const char *text, struct err *why)
{
    static const struct word words[] = {{"evidence", REPORT_PART_EVIDENCE},
                                        {"session", REPORT_PART_SESSION},
                                        {"findings", REPORT_PART_FINDINGS}};
    struct span rest = span_of(text);

    do {
        const char *name = arena_strdup_span(options->arena, span_cut(&rest, ','));
        int part = option_set_find_word(words, sizeof(words) / sizeof(words[0]), name);

        if (part < 0) {
            err_set_kind(why, ERR_USAGE, "--show %s",
                         app_option_unlisted(options, name, "evidence, session or findings"));
            return false;
        }
        options->shown |= (unsigned)part;
    } while (rest.at != NULL);
    return true;
}

bool option_width(struct app_options *options, const char *text, struct err *why)
{
    uint64_t width = 0;

    if (!span_to_number(span_of(text), REPORT_WIDTH_MOST, &width) ||
        width < REPORT_WIDTH_LEAST) {
        err_set_kind(why, ERR_USAGE, "--width %s: not a number from %d to %d",
                     app_option_shown(options, text), REPORT_WIDTH_LEAST, REPORT_WIDTH_MOST);
        return false;
    }
    options->width = (unsigned)width;
    return true;
}

bool option_no_pager(struct app_options *options, const char *text, struct err *why)
{
    (void)text;
    (void)why;
    options->has_no_pager = true;
    return true;
}

bool option_progress(struct app_options *options, const char *text, struct err *why)
{
    (void)text;
    (void)why;
    options->has_progress = true;
    return true;
}

bool option_redact(struct app_options *options, const char *text, struct err *why)
{
    (void)text;
    (void)why;
    options->is_redacted = true;
    return true;
}

bool option_quiet(struct app_options *options, const char *text, struct err *why)
{
    (void)text;
    (void)why;
    options->is_quiet = true;
    return true;
}

bool option_verbose(struct app_options *options, const char *text, struct err *why)
{
    (void)text;
    (void)why;
    options->is_verbose = true;
    return true;
}

bool option_version(struct app_options *options, const char *text, struct err *why)
{
    (void)text;
    (void)why;
    options->wants_version = true;
    return true;
}

bool option_help(struct app_options *options, const char *text, struct err *why)
{
    (void)text;
    (void)why;
    options->wants_help = true;
    return true;
}
