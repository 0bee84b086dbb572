/* Names to addresses, through the same sources as everything else. */
#include "app/app_probe.h"

#include <string.h>

#include "base/escape.h"
#include "base/limits.h"
#include "dns/dns_ledger.h"

#define PORT_DEFAULT 25
#define PORT_MAX     65535
#define HOSTS_MAX    20 /* mail hosts that are connected to */
#define TLSA_MAX     20

/* ask - a question, answered */
static const struct dns_answer *ask(struct pipeline *pipeline, const struct dns_name *name,
                                    enum dns_type type)
{
    struct dns_ledger *ledger = pipeline->work.ledger;
    const struct dns_answer *answer = dns_ledger_ask(ledger, name, type);

    if (answer->status == DNS_PENDING)
        dns_ledger_fill(ledger, pipeline->work.source);
    return dns_ledger_ask(ledger, name, type);
}

/* nibble - value of a hexadecimal digit, -1 if it is none */
static int nibble(char digit)
{
    const char *digits = "0123456789abcdef";
    const char *at = digit != '\0' ? strchr(digits, ascii_to_lower(digit)) : NULL;

    return at != NULL ? (int)(at - digits) : -1;
}

/* read_hex - digits in pairs, blanks anywhere; an empty span if they are none */
static struct span read_hex(struct arena *arena, struct span text)
{
    char *bytes = arena_alloc(arena, text.len / 2 + 1);
    size_t digits = 0;

    for (size_t i = 0; i < text.len; i++) {
        int value = nibble(text.at[i]);

        if (ascii_is_space(text.at[i]))
            continue;
        if (value < 0)
            return span_of("");
        bytes[digits / 2] = (char)((unsigned char)bytes[digits / 2] << 4 | value);
        digits++;
    }
    return digits % 2 == 0 ? span_make(bytes, digits / 2) : span_of("");
}

/* read_tlsa - from "owner ttl IN TLSA 3 1 1 hex"; false if it makes no sense */
static bool read_tlsa(struct arena *arena, const struct dns_rr *rr, struct smtp_tlsa *tlsa_out)
{
    struct span rest = span_of(rr->text);
    uint64_t numbers[3] = {0};

    for (int fields = 0; fields < 4; fields++)
        span_cut(&rest, '\t');
    for (int i = 0; i < 3; i++)
        if (!span_to_number(span_cut(&rest, ' '), 255, &numbers[i]))
            return false;
    *tlsa_out = (struct smtp_tlsa){.usage = (unsigned)numbers[0],
                                   .selector = (unsigned)numbers[1],
                                   .matching = (unsigned)numbers[2],
                                   .bytes = read_hex(arena, rest)};
    return tlsa_out->bytes.len > 0;
}

/* add_tlsa - only what DNSSEC vouches for */
static void add_tlsa(struct pipeline *pipeline, const struct dns_name *host,
                     struct smtp_probe *probe)
{
    struct arena *arena = pipeline->app->arena;
    const struct dns_name *name =
        dns_name_prepend(arena, arena_printf(arena, "_%u._tcp", probe->port), host);
    const struct dns_answer *answer = name != NULL ? ask(pipeline, name, DNS_TLSA) : NULL;
    struct smtp_tlsa *all = arena_array_of(arena, struct smtp_tlsa, TLSA_MAX);

    if (answer == NULL || !answer->ad)
        return;
    for (const struct dns_rr *rr = dns_answer_first(answer);
         rr != NULL && probe->tlsa_count < TLSA_MAX; rr = dns_answer_next(answer, rr))
        if (read_tlsa(arena, rr, &all[probe->tlsa_count]))
            probe->tlsa_count++;
    probe->tlsa = all;
}

/* set_address - the first that is there; IPv4 before IPv6, which fewer networks have */
static void set_address(struct pipeline *pipeline, const struct dns_name *host,
                        struct probe_target *target)
{
    const struct dns_answer *answers[2] = {ask(pipeline, host, DNS_A),
                                           ask(pipeline, host, DNS_AAAA)};

    target->diagnosis = DIAGNOSIS_NO_ADDRESS;
    for (int i = 0; i < 2 && !target->is_known; i++) {
        const struct dns_rr *rr = dns_answer_first(answers[i]);

        if (rr != NULL && rr->address != NULL) {
            target->probe.address = *rr->address;
            target->is_known = true;
        } else if (!dns_status_is_answer(answers[i]->status)) {
            target->diagnosis = DIAGNOSIS_ADDRESS_UNKNOWN;
            target->detail = dns_status_to_text(answers[i]->status);
        }
    }
}

/* add_host - one more target, by name */
static void add_host(struct pipeline *pipeline, const struct smtp_probe *common,
                     const struct dns_name *host, struct probe_targets *targets)
{
    struct probe_target target = {.probe = *common};

    target.probe.host = host->text;
    if (target.probe.port == 0)
        target.probe.port = PORT_DEFAULT;
    set_address(pipeline, host, &target);
    if (target.is_known)
        add_tlsa(pipeline, host, &target.probe);
    arena_append(pipeline->app->arena, targets->all, targets->count, target);
}

/* by_preference - put the lowest first, otherwise in the order of the answer */
static void by_preference(const struct dns_rr **hosts, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t at = i; at > 0 && hosts[at]->preference < hosts[at - 1]->preference; at--) {
            const struct dns_rr *other = hosts[at - 1];

            hosts[at - 1] = hosts[at];
            hosts[at] = other;
        }
}

/* add_mail_hosts - MX, or the domain itself where there is none (RFC 5321, 5.1) */
static bool add_mail_hosts(struct pipeline *pipeline, const struct smtp_probe *common,
                           struct probe_targets *targets, struct err *why)
{
    const struct dns_name *domain = pipeline->subject.domain;
    const struct dns_answer *mx = ask(pipeline, domain, DNS_MX);
    const struct dns_rr *hosts[HOSTS_MAX] = {NULL};
    size_t count = 0;

    targets->domain = domain->text;
    for (const struct dns_rr *rr = dns_answer_first(mx); rr != NULL && count < HOSTS_MAX;
         rr = dns_answer_next(mx, rr))
        if (rr->target != NULL && rr->target->labels > 0)
            hosts[count++] = rr;
    by_preference(hosts, count);
    for (size_t i = 0; i < count; i++)
        add_host(pipeline, common, hosts[i]->target, targets);
    if (mx->status == DNS_NODATA)
        add_host(pipeline, common, domain, targets);
    if (targets->count > 0)
        return true;
    err_set(why, "%s: %s", domain->text,
            !dns_status_is_answer(mx->status)
                ? arena_printf(pipeline->app->arena, "its MX could not be asked for: %s",
                               dns_status_to_text(mx->status))
            : mx->status == DNS_NXDOMAIN ? "there is no such domain"
                                         : "it takes no mail (null MX, RFC 7505)");
    return false;
}

/* split - "[::1]:25", "host:25", "::1" into host and port text; the port may be empty */
static struct span split(struct span target, struct span *port_out)
{
    ptrdiff_t colon = span_find_last(target, ':');
    ptrdiff_t bracket = span_find(target, ']');

    *port_out = span_of("");
    if (target.len > 0 && target.at[0] == '[' && bracket > 0) {
        struct span rest = span_from(target, (size_t)bracket + 1);

        *port_out = rest.len > 0 ? rest : span_of("");
        return span_sub(target, 1, (size_t)bracket - 1);
    }
    if (colon < 0 || colon != span_find(target, ':'))
        return target;
    *port_out = span_from(target, (size_t)colon);
    return span_sub(target, 0, (size_t)colon);
}

/* add_named - --live HOST[:PORT] */
static bool add_named(struct pipeline *pipeline, const struct smtp_probe *common,
                      struct probe_targets *targets, struct err *why)
{
    struct app *app = pipeline->app;
    struct span target = span_of(app->options.live.target);
    struct span port_text = {0};
    struct span host = split(target, &port_text);
    struct probe_target one = {.probe = *common, .is_known = true};
    const struct dns_name *name = NULL;
    uint64_t port = PORT_DEFAULT;

    if (port_text.len > 0 &&
        (!span_to_number(span_from(port_text, 1), PORT_MAX, &port) || port == 0)) {
        err_set_kind(why, ERR_USAGE, "--live %s: the port is not a number from 1 to %d",
                     escape_to_text(app->arena, target, LIMIT_SHOWN_BYTES), PORT_MAX);
        return false;
    }
    one.probe.port = (unsigned)port;
    if (ip_parse(host, &one.probe.address)) {
        one.probe.host = ip_to_text(app->arena, &one.probe.address);
        arena_append(app->arena, targets->all, targets->count, one);
        return true;
    }
    name = dns_name_parse(app->arena, host, why);
    if (name != NULL)
        add_host(pipeline, &one.probe, name, targets);
    return name != NULL;
}

bool app_probe_targets(struct pipeline *pipeline, const struct smtp_probe *common,
                       struct probe_targets *targets_out, struct err *why)
{
    if (strcmp(pipeline->app->options.live.target, "mx") == 0)
        return add_mail_hosts(pipeline, common, targets_out, why);
    return add_named(pipeline, common, targets_out, why);
}
