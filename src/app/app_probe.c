/* Names to addresses, through the same sources as everything else. */
#include "app/app_probe.h"

#include <time.h>

#include "app/app_domain.h"
#include "app/app_options.h"
#include "base/arena.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/span.h"
#include "check/check_facts.h"
#include "ledger/ledger.h"
#include "model/dns_answer.h"
#include "model/rec_tlsa.h"
#include "record/rec_tlsa.h"

#define PORT_DEFAULT 25
#define PORT_MAX     65535

/* what the hosts of one run have in common */
struct finder {
    struct pipeline *pipeline;
    const struct smtp_probe *common;
    struct probe_targets *targets;
};

/* probe_read_tlsa - from "owner ttl IN TLSA 3 1 1 hex"; false if it makes no sense */
static bool probe_read_tlsa(struct arena *arena, const struct dns_rr *rr,
                            struct smtp_tlsa *tlsa_out)
{
    struct span text = span_of(rr->text);
    struct rec_tlsa record = {0};

    rec_tlsa_parse(arena, span_from(text, (size_t)span_find_last(text, '\t') + 1), &record);
    *tlsa_out = (struct smtp_tlsa){.usage = record.usage,
                                   .selector = record.selector,
                                   .matching = record.matching,
                                   .bytes = record.data};
    return record.is_readable && record.data.len > 0;
}

/* tlsa_name - where the records for the port of a host are; NULL if that is too long */
static const struct dns_name *tlsa_name(const struct finder *finder,
                                        const struct dns_name *host)
{
    struct arena *arena = finder->pipeline->app->arena;

    return dns_name_prepend(arena, arena_printf(arena, "_%u._tcp", finder->common->port), host);
}

/* probe_add_tlsa - only what DNSSEC vouches for */
static void probe_add_tlsa(const struct finder *finder, const struct dns_name *host,
                           struct smtp_probe *probe)
{
    struct arena *arena = finder->pipeline->app->arena;
    const struct dns_name *name = tlsa_name(finder, host);
    const struct dns_answer *answer =
        name != NULL ? pipeline_ask(finder->pipeline, name, DNS_TLSA) : NULL;
    struct smtp_tlsa *all = NULL;
    struct smtp_tlsa one;

    if (answer == NULL)
        return;
    probe->is_tlsa_unknown = !dns_status_is_answer(answer->status);
    probe->is_tlsa_insecure = answer->status == DNS_OK && !answer->ad;
    if (!answer->ad)
        return;
    for (const struct dns_rr *rr = dns_answer_first(answer); rr != NULL;
         rr = dns_answer_next(answer, rr))
        if (probe_read_tlsa(arena, rr, &one))
            arena_append(arena, all, probe->tlsa_count, one);
    probe->tlsa = all;
}

/* add_target - one more, unless there are too many */
static void add_target(struct finder *finder, const struct probe_target *target)
{
    struct probe_targets *targets = finder->targets;

    if (targets->count == LIMIT_PROBE_TARGETS)
        targets->left_out++;
    else
        arena_append(finder->pipeline->app->arena, targets->all, targets->count, *target);
}

/* add_nothing - a target without an address, and why */
static void add_nothing(struct finder *finder, const char *host, enum smtp_diagnosis diagnosis,
                        const char *detail)
{
    struct probe_target target = {
        .probe = *finder->common, .diagnosis = diagnosis, .detail = detail};

    target.probe.host = host;
    add_target(finder, &target);
}

/* address_types - which are asked for: all, or those of one family */
static const struct {
    enum ip_family family;
    enum dns_type type;
} address_types[] = {{IP_V4, DNS_A}, {IP_V6, DNS_AAAA}};

#define ADDRESS_TYPES COUNT_OF(address_types)

/* want_host - note the queries for a host, to send them together */
static void want_host(const struct finder *finder, const struct dns_name *host)
{
    struct ledger *ledger = finder->pipeline->work.ledger;
    const struct dns_name *tlsa = tlsa_name(finder, host);

    for (size_t i = 0; i < ADDRESS_TYPES; i++)
        ledger_ask(ledger, host, address_types[i].type);
    if (tlsa != NULL)
        ledger_ask(ledger, tlsa, DNS_TLSA);
}

/* is_barred - an address within some network of ours, which only a foreign record names */
static bool is_barred(const struct finder *finder, const struct ip_address *address)
{
    const struct pipeline *pipeline = finder->pipeline;

    if (finder->targets->domain == NULL || pipeline->is_all_zones || ip_is_global(address) ||
        pipeline->app->options.live.allows_local)
        return false;
    return !pipeline->is_all_files || !ip_is_loopback(address);
}

/* probe_add_addresses - a target for each address of one family; what could not be queried is
 * reported */
static size_t probe_add_addresses(struct finder *finder, const struct smtp_probe *probe,
                                  const struct dns_answer *answer, const char *type)
{
    struct probe_target target = {.probe = *probe, .diagnosis = DIAGNOSIS_ADDRESS_BARRED};
    size_t count = 0;

    target.probe.domain = finder->targets->domain;
    for (const struct dns_rr *rr = dns_answer_first(answer); rr != NULL;
         rr = dns_answer_next(answer, rr))
        if (rr->address != NULL) {
            target.probe.address = *rr->address;
            target.is_known = !is_barred(finder, rr->address);
            add_target(finder, &target);
            count++;
        }
    if (dns_status_is_answer(answer->status))
        return count;
    add_nothing(finder, probe->host, DIAGNOSIS_ADDRESS_UNKNOWN,
                arena_printf(finder->pipeline->app->arena, "%s: %s", type,
                             dns_status_to_text(answer->status)));
    return count + 1;
}

/* probe_set_mx - the preference, and the name behind an alias */
static void probe_set_mx(const struct finder *finder, const struct dns_name *host,
                         const struct dns_rr *mx, struct smtp_probe *probe)
{
    const struct dns_name *target = NULL;

    if (mx == NULL)
        return;
    probe->has_preference = true;
    probe->preference = mx->preference;
    target = check_alias_target(pipeline_ask(finder->pipeline, host, DNS_A),
                                pipeline_ask(finder->pipeline, host, DNS_AAAA));
    if (target != NULL)
        probe->alias_of = target->text;
}

/* probe_add_host - all addresses of a host, IPv4 before IPv6, which fewer networks have; `mx`
 * NULL: no MX record names it */
static void probe_add_host(struct finder *finder, const struct dns_name *host,
                           const struct dns_rr *mx)
{
    enum ip_family family = finder->pipeline->app->options.live.family;
    struct smtp_probe probe = *finder->common;
    size_t count = 0;

    probe.host = host->text;
    probe_add_tlsa(finder, host, &probe);
    probe_set_mx(finder, host, mx, &probe);
    for (size_t i = 0; i < ADDRESS_TYPES; i++)
        if (family == IP_NONE || family == address_types[i].family)
            count += probe_add_addresses(
                finder, &probe, pipeline_ask(finder->pipeline, host, address_types[i].type),
                dns_type_to_text(finder->pipeline->app->arena, address_types[i].type));
    if (count == 0)
        add_nothing(finder, host->text, DIAGNOSIS_NO_ADDRESS,
                    family == IP_NONE ? NULL : "of the requested family");
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

/* without_hosts - why the domain has no mail hosts */
static void without_hosts(struct finder *finder, const struct dns_answer *mx)
{
    const char *domain = finder->targets->domain;

    if (!dns_status_is_answer(mx->status))
        add_nothing(finder, domain, DIAGNOSIS_MX_UNKNOWN, dns_status_to_text(mx->status));
    else if (mx->status == DNS_NXDOMAIN)
        add_nothing(finder, domain, DIAGNOSIS_NO_DOMAIN, NULL);
    else if (mx->status == DNS_OK)
        add_nothing(finder, domain, DIAGNOSIS_NULL_MX, NULL);
}

/* add_mail_hosts - MX, or without one the domain itself (RFC 5321, 5.1) */
static void add_mail_hosts(struct finder *finder)
{
    struct pipeline *pipeline = finder->pipeline;
    const struct dns_name *domain = pipeline->subject.domain;
    const struct dns_answer *mx = pipeline_ask(pipeline, domain, DNS_MX);
    const struct dns_rr **hosts = NULL;
    size_t count = 0;

    finder->targets->domain = domain->text;
    for (const struct dns_rr *rr = dns_answer_first(mx); rr != NULL;
         rr = dns_answer_next(mx, rr))
        if (rr->target != NULL && rr->target->labels > 0)
            arena_append(pipeline->app->arena, hosts, count, rr);
    by_preference(hosts, count);
    for (size_t i = 0; i < count; i++)
        want_host(finder, hosts[i]->target);
    for (size_t i = 0; i < count; i++)
        probe_add_host(finder, hosts[i]->target, hosts[i]);
    if (mx->status == DNS_NODATA)
        probe_add_host(finder, domain, NULL);
    else if (count == 0)
        without_hosts(finder, mx);
}

/* probe_split - "[::1]:25", "host:25", "::1" into host and port text; the port may be empty */
static struct span probe_split(struct span target, struct span *port_out)
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

/* take_port - ":587"; 25 if there is none */
static bool take_port(struct app *app, struct span text, unsigned *port_out, struct err *why)
{
    uint64_t port = PORT_DEFAULT;

    if (text.len > 0 && (!span_to_number(span_from(text, 1), PORT_MAX, &port) || port == 0)) {
        err_set_kind(why, ERR_USAGE, "%s: the port is not a number from 1 to %d",
                     escape_shown(app->arena, app->options.live.target), PORT_MAX);
        return false;
    }
    *port_out = (unsigned)port;
    return true;
}

/* looks_like_address - a colon, or a number as the last label, which no host name has
 * (RFC 1123, 2.1) */
static bool looks_like_address(struct span host)
{
    uint64_t unused = 0;

    return span_find(host, ':') >= 0 ||
           span_to_number(span_from(host, (size_t)(span_find_last(host, '.') + 1)), UINT64_MAX,
                          &unused);
}

/* is_unclosed - "[2001:db8::1" */
static bool is_unclosed(struct span target)
{
    return target.at[0] == '[' && span_find(target, ']') < 0;
}

bool app_probe_target(struct app *app, struct probe_place *place_out, struct err *why)
{
    struct span target = span_of(app->options.live.target);
    struct span port = {0};
    struct span host = target;
    bool is_other = span_find(target, '/') >= 0 || span_find(target, '@') >= 0;

    *place_out = (struct probe_place){0};
    if (!is_other)
        host = probe_split(target, &port);
    if (!take_port(app, port, &place_out->port, why))
        return false;
    place_out->is_mx = span_equal_nocase(host, "mx");
    place_out->is_address = ip_parse(host, &place_out->address);
    if (place_out->is_mx || place_out->is_address)
        return true;
    if (!is_other && (is_unclosed(target) || looks_like_address(host))) {
        err_set_kind(why, ERR_USAGE,
                     "%s: neither a host name nor an address; ports are written "
                     "192.0.2.1:587 and [2001:db8::1]:587",
                     escape_to_text(app->arena, target, LIMIT_SHOWN_BYTES));
        return false;
    }
    place_out->name = app_domain(app->arena, arena_strdup_span(app->arena, host), why);
    return place_out->name != NULL;
}

void app_probe_targets(struct pipeline *pipeline, const struct probe_place *place,
                       const struct smtp_probe *common, struct probe_targets *targets_out)
{
    struct finder finder = {pipeline, common, targets_out};
    struct probe_target one = {.probe = *common, .is_known = true};

    if (place->is_mx) {
        add_mail_hosts(&finder);
    } else if (place->is_address) {
        one.probe.address = place->address;
        one.probe.host = ip_to_text(pipeline->app->arena, &place->address);
        add_target(&finder, &one);
    } else {
        want_host(&finder, place->name);
        probe_add_host(&finder, place->name, NULL);
    }
}

void app_probe_pause(const struct app *app)
{
    const struct app_live *live = &app->options.live;
    unsigned ms = live->has_pause ? live->pause_ms : LIMIT_PROBE_PAUSE_MS;
    const struct timespec length = {ms / 1000, (long)(ms % 1000) * 1000000};

    nanosleep(&length, NULL);
}
