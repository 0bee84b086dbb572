/* From flows to senders, and what newer reports say of those that failed. */
#include <stdlib.h>
#include <string.h>

#include "base/ip.h"
#include "base/ip_ranges.h"
#include "base/limits_reports.h"
#include "base/span.h"
#include "model/dns_answer.h"
#include "model/rec_dmarc.h"
#include "traffic/traffic_private.h"

#define NETWORK_PREFIX_V4 24
#define NETWORK_PREFIX_V6 48

/* sender_network - "192.0.2.0/24" */
static const char *sender_network(struct arena *arena, const struct ip_address *ip)
{
    unsigned prefix = ip->family == IP_V4 ? NETWORK_PREFIX_V4 : NETWORK_PREFIX_V6;
    struct ip_network network = {*ip, prefix};

    for (unsigned i = prefix / 8; i < IP_V6_OCTETS; i++)
        network.address.octets[i] = 0;
    return ip_network_to_text(arena, &network);
}

/* sender_name - by provider, name of the address, the address where that is worth looking at,
 * or network */
static const char *sender_name(struct traffic *traffic, const struct traffic_flow *flow,
                               const struct traffic_claim *claim)
{
    const struct dns_name *host = traffic_host(flow->address);

    if (claim->provider != NULL)
        return claim->provider->title;
    if (host != NULL)
        return host->text;
    if (claim->owner != TRAFFIC_FOREIGN &&
        (flow->address->fails || flow->address->fail_until > 0))
        return ip_to_text(traffic->arena, flow->ip);
    return sender_network(traffic->arena, flow->ip);
}

/* sender_of - the one with this name and owner */
static struct traffic_sender *sender_of(struct traffic *traffic, struct table *senders,
                                        const struct traffic_flow *flow,
                                        const struct traffic_claim *claim)
{
    const char *name = sender_name(traffic, flow, claim);
    const char *key = arena_printf(traffic->arena, "%d %s", claim->owner, name);
    bool is_new = false;
    void **slot = table_slot(senders, span_of(key), &is_new);
    struct traffic_sender *sender = *slot;

    if (!is_new)
        return sender;
    sender = arena_new_of(traffic->arena, struct traffic_sender);
    sender->name = name;
    sender->provider = claim->provider;
    sender->owner = claim->owner;
    sender->reason = claim->reason;
    sender->next = traffic->senders;
    traffic->senders = sender;
    traffic->sender_count++;
    *slot = sender;
    return sender;
}

/* sender_add - a flow */
static void sender_add(struct traffic *traffic, struct traffic_sender *sender,
                       struct traffic_flow *flow)
{
    const struct traffic_span *span = &traffic->private_part->spans[flow->number];
    bool fails = flow->now.word == TRAFFIC_FAILS;

    flow->sender = sender;
    sender->passed_then += flow->passed_then;
    sender->refused_then += flow->refused_then;
    sender->junked_then += flow->junked_then;
    sender->first =
        sender->first == 0 || span->first < sender->first ? span->first : sender->first;
    sender->last = span->last > sender->last ? span->last : sender->last;
    /* flows come with most messages first: the first that fails is shown, else the first */
    if (sender->identity == NULL || (fails && !sender->shows_failing)) {
        sender->identity = flow->identity;
        sender->identity_count = flow->count;
        sender->shows_failing = fails;
        sender->shown = flow;
    }
}

/* ---- what newer reports say ---- */

/* row_passed - as the reporter judged */
static bool row_passed(const struct feedback_row *row)
{
    return row->dkim_passed || row->spf_passed;
}

/* flow_of_row - the flow of a row; NULL: the row is not ours */
static struct traffic_flow *flow_of_row(const struct traffic *traffic, size_t row)
{
    size_t flow = traffic->private_part->flow_of[row];

    return flow == SIZE_MAX ? NULL : &traffic->flows[traffic->private_part->place_of[flow]];
}

/* read_times - until when each address failed, and since when it passes after that */
static void read_times(struct traffic *traffic)
{
    for (size_t i = 0; i < traffic->set->row_count; i++) {
        const struct feedback_row *row = &traffic->set->rows[i];
        const struct traffic_flow *flow = flow_of_row(traffic, i);

        if (flow != NULL && !row_passed(row) && row->report->end > flow->address->fail_until)
            flow->address->fail_until = row->report->end;
    }
    for (size_t i = 0; i < traffic->set->row_count; i++) {
        const struct feedback_row *row = &traffic->set->rows[i];
        const struct traffic_flow *flow = flow_of_row(traffic, i);
        struct traffic_address *address = flow != NULL ? flow->address : NULL;

        if (address == NULL || !row_passed(row) || address->fail_until == 0 ||
            row->report->begin < address->fail_until)
            continue;
        address->passed_after += row->count;
        if (address->pass_since == 0 || row->report->begin < address->pass_since)
            address->pass_since = row->report->begin;
    }
}

/* sender_add_reporter - each once, the first few are shown */
static void sender_add_reporter(struct arena *arena, struct traffic_sender *sender,
                                const char *name)
{
    size_t shown = sender->reporter_count < LIMIT_TRAFFIC_SHOWN ? sender->reporter_count
                                                                : LIMIT_TRAFFIC_SHOWN;

    for (size_t i = 0; i < shown; i++)
        if (sender->reporters[i] == name)
            return;
    if (sender->reporter_count < LIMIT_TRAFFIC_SHOWN)
        arena_append(arena, sender->reporters, sender->reporter_count, name);
}

/* sender_add_address - each once: they come flow by flow */
static void sender_add_address(struct arena *arena, struct traffic_sender *sender,
                               struct traffic_address *address)
{
    size_t shown = 0;

    if (address->last_sender == sender)
        return;
    address->last_sender = sender;
    shown = sender->address_count++;
    if (shown < LIMIT_TRAFFIC_SHOWN) {
        sender->addresses = arena_grow(arena, sender->addresses, shown, sizeof(address));
        sender->addresses[shown] = address;
    }
    if (address->fail_until == 0)
        return;
    if (address->fail_until > sender->fail_until)
        sender->fail_until = address->fail_until;
    sender->has_unrepaired |= address->pass_since == 0;
    if (address->pass_since > sender->passes_since)
        sender->passes_since = address->pass_since;
}

/* finish_senders - addresses, reporters and times */
static void finish_senders(struct traffic *traffic)
{
    for (size_t i = 0; i < traffic->flow_count; i++) {
        struct traffic_flow *flow = &traffic->flows[i];

        sender_add_address(traffic->arena, flow->sender, flow->address);
        if (flow->now.word == TRAFFIC_PASSES && flow->passed_then < flow->count &&
            flow->address->pass_since == 0)
            flow->sender->unseen += flow->count - flow->passed_then;
    }
    for (size_t i = 0; i < traffic->set->row_count; i++) {
        const struct traffic_flow *flow = flow_of_row(traffic, i);

        if (flow != NULL)
            sender_add_reporter(traffic->arena, flow->sender,
                                traffic->set->rows[i].report->reporter);
    }
    for (struct traffic_sender *one = traffic->senders; one != NULL; one = one->next)
        if (one->has_unrepaired)
            one->passes_since = 0;
    for (struct traffic_sender *one = traffic->senders; one != NULL; one = one->next)
        if (one->address_count == 1 && one->provider == NULL &&
            traffic_host(one->addresses[0]) == NULL)
            one->name = ip_to_text(traffic->arena, &one->addresses[0]->ip);
}

/* ---- order ---- */

/* compare_senders - for qsort(3): what fails and is, or may be, one's own; what else fails;
 * the rest; each with most messages first */
static int compare_senders(const void *a, const void *b)
{
    const struct traffic_sender *one = *(const struct traffic_sender *const *)a;
    const struct traffic_sender *other = *(const struct traffic_sender *const *)b;
    uint64_t fails[2] = {traffic_failing(&one->now), traffic_failing(&other->now)};

    if ((fails[0] > 0) != (fails[1] > 0))
        return fails[0] > 0 ? -1 : 1;
    if (fails[0] > 0 && one->owner != other->owner)
        return one->owner < other->owner ? -1 : 1;
    if (fails[0] != fails[1])
        return fails[0] > fails[1] ? -1 : 1;
    if (one->now.messages != other->now.messages)
        return one->now.messages > other->now.messages ? -1 : 1;
    return strcmp(one->name, other->name);
}

/* sort_senders - the list, in that order */
static void sort_senders(struct traffic *traffic)
{
    struct traffic_sender **list =
        arena_array_of(traffic->arena, struct traffic_sender *, traffic->sender_count + 1);
    struct traffic_sender **tail = &traffic->senders;
    size_t count = 0;

    for (struct traffic_sender *one = traffic->senders; one != NULL; one = one->next)
        list[count++] = one;
    if (count > 0)
        qsort(list, count, sizeof(list[0]), compare_senders);
    for (size_t i = 0; i < count; i++) {
        *tail = list[i];
        tail = &list[i]->next;
    }
    *tail = NULL;
}

/* find_keys - which of the selectors have one today */
static void find_keys(struct traffic *traffic, const struct facts *facts)
{
    for (struct traffic_selector *one = traffic->selectors; one != NULL; one = one->next)
        for (const struct selector_facts *key = facts->domain.selectors; key; key = key->next)
            if (strcmp(key->selector->text, one->selector) == 0 &&
                strcmp(key->domain->text, one->domain) == 0)
                one->is_missing = key->key == NULL && dns_status_is_answer(key->answer->status);
}

/* differ_text - a tag of the report is not what the record says */
static bool differ_text(const char *seen, const char *record)
{
    return seen != NULL && strcmp(seen, record) != 0;
}

/* compare_policies - with the record that applies today */
static void compare_policies(struct traffic *traffic, const struct facts *facts)
{
    const struct auth_dmarc_step *step =
        facts->domain.dmarc != NULL ? facts->domain.dmarc->step : NULL;

    for (struct traffic_policy *one = traffic->policies; one != NULL; one = one->next) {
        const struct rec_dmarc *record = step != NULL ? step->record : NULL;

        if (record == NULL || strcmp(one->policy.domain, step->domain->text) != 0)
            continue;
        one->differs =
            differ_text(one->policy.p, rec_dmarc_policy_to_text(record->policy)) ||
            differ_text(one->policy.sp, rec_dmarc_policy_to_text(record->sub_policy)) ||
            differ_text(one->policy.np, rec_dmarc_policy_to_text(record->np_policy)) ||
            differ_text(one->policy.adkim, record->adkim_strict ? "s" : "r") ||
            differ_text(one->policy.aspf, record->aspf_strict ? "s" : "r");
    }
}

void traffic_sort(struct traffic *traffic, const struct facts *facts)
{
    const struct traffic_claims claims = traffic_claims_open(traffic, facts);
    struct table *senders = table_open(traffic->arena);

    read_times(traffic);
    for (size_t i = 0; i < traffic->flow_count; i++) {
        const struct traffic_claim claim = traffic_claim_of(&claims, &traffic->flows[i]);

        sender_add(traffic, sender_of(traffic, senders, &traffic->flows[i], &claim),
                   &traffic->flows[i]);
    }
    traffic->now = (struct traffic_sum){0};
    for (size_t i = 0; i < traffic->flow_count; i++) {
        traffic_add(&traffic->now, &traffic->flows[i]);
        traffic_add(&traffic->flows[i].sender->now, &traffic->flows[i]);
    }
    for (struct traffic_sender *one = traffic->senders; one != NULL; one = one->next)
        one->world = one->now;
    finish_senders(traffic);
    sort_senders(traffic);
    compare_policies(traffic, facts);
    find_keys(traffic, facts);
    traffic->evidence = traffic_evidence(traffic, &traffic->now);
}
