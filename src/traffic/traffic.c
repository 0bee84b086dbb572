/*
 * From records to flows: those of one address and identity are one, however many reports have
 * them. Tables find what is the same; then the largest come first.
 */
#include <stdlib.h>
#include <string.h>

#include "auth/auth_dmarc.h"
#include "base/ip.h"
#include "base/limits_reports.h"
#include "base/span.h"
#include "model/result.h"
#include "traffic/traffic_private.h"

const char *traffic_envelope(const struct feedback_identity *identity)
{
    const char *helo = "";

    for (size_t i = 0; i < identity->spf_count; i++)
        if (!identity->spf[i].is_helo && identity->spf[i].domain[0] != '\0')
            return identity->spf[i].domain;
        else if (helo[0] == '\0')
            helo = identity->spf[i].domain;
    return identity->envelope_from[0] != '\0' ? identity->envelope_from : helo;
}

/* ---- which records ---- */

/* traffic_header_from - of the row, or of the report where the row has none */
static const char *traffic_header_from(const struct feedback_row *row)
{
    return row->identity->header_from[0] != '\0' ? row->identity->header_from
                                                 : row->report->policy.domain;
}

/* traffic_is_ours - the row is about the domain, or a name below it */
static bool traffic_is_ours(struct traffic *traffic, const struct feedback_row *row)
{
    const struct dns_name *name = traffic_name(traffic, traffic_header_from(row));

    return name != NULL && dns_name_is_below(name, traffic->domain);
}

/* traffic_is_related - the policy of the report speaks for the domain, or for names below it */
static bool traffic_is_related(struct traffic *traffic, const struct feedback_report *report)
{
    const struct dns_name *name = traffic_name(traffic, report->policy.domain);

    return name != NULL && (dns_name_is_below(name, traffic->domain) ||
                            dns_name_is_below(traffic->domain, name));
}

/* add_reporter - each once, the first few are shown */
static void add_reporter(struct arena *arena, struct traffic_policy *policy, const char *name)
{
    for (size_t i = 0; i < policy->reporter_count; i++)
        if (policy->reporters[i] == name)
            return;
    if (policy->reporter_count < LIMIT_TRAFFIC_SHOWN)
        arena_append(arena, policy->reporters, policy->reporter_count, name);
}

/* is_same_policy - texts of a set are the same where their pointers are */
static bool is_same_policy(const struct feedback_policy *a, const struct feedback_policy *b)
{
    return a->domain == b->domain && a->p == b->p && a->sp == b->sp && a->np == b->np &&
           a->adkim == b->adkim && a->aspf == b->aspf && a->testing == b->testing &&
           a->pct == b->pct;
}

/* traffic_add_policy - the record that a report was made by */
static void traffic_add_policy(struct traffic *traffic, const struct feedback_report *report)
{
    struct traffic_policy **tail = &traffic->policies;
    size_t count = 0;

    for (; *tail != NULL && !is_same_policy(&(*tail)->policy, &report->policy); count++)
        tail = &(*tail)->next;
    if (*tail == NULL && count >= LIMIT_TRAFFIC_POLICIES)
        return;
    if (*tail == NULL) {
        *tail = arena_new_of(traffic->arena, struct traffic_policy);
        (*tail)->policy = report->policy;
        (*tail)->first = report->begin;
    }
    (*tail)->reports++;
    (*tail)->first = report->begin < (*tail)->first ? report->begin : (*tail)->first;
    (*tail)->last = report->end > (*tail)->last ? report->end : (*tail)->last;
    add_reporter(traffic->arena, *tail, report->reporter);
}

/* traffic_count_reports - how many there are, of whom, over which time */
static void traffic_count_reports(struct traffic *traffic)
{
    struct table *reporters = table_open(traffic->arena);

    for (const struct feedback_report *report = traffic->set->reports; report != NULL;
         report = report->next) {
        bool is_new = false;

        if (!traffic_is_related(traffic, report)) {
            traffic_other_of(traffic, report->policy.domain)->reports++;
            continue;
        }
        table_slot(reporters, span_make((const char *)&report->reporter, sizeof(char *)),
                   &is_new);
        traffic->reporters += is_new;
        traffic->first = traffic->reports == 0 || report->begin < traffic->first
                             ? report->begin
                             : traffic->first;
        traffic->last = report->end > traffic->last ? report->end : traffic->last;
        traffic->reports++;
        traffic_add_policy(traffic, report);
    }
}

/* ---- flows ---- */

struct flow_key {
    const struct feedback_identity *identity;
    const char *header_from;
    struct ip_address ip;
};

/* traffic_address_of - the entry of an address */
static struct traffic_address *traffic_address_of(struct traffic *traffic,
                                                  const struct ip_address *ip)
{
    struct traffic_private *part = traffic->private_part;
    bool is_new = false;
    void **slot =
        table_slot(part->addresses, span_make((const char *)ip, sizeof(*ip)), &is_new);
    struct traffic_address *address = *slot;

    if (!is_new)
        return address;
    address = arena_new_of(traffic->arena, struct traffic_address);
    address->ip = *ip;
    *slot = address;
    arena_append(traffic->arena, part->address_list, part->address_count, address);
    return address;
}

/* traffic_author_of - the entry of a domain in From */
static struct traffic_author *traffic_author_of(struct traffic *traffic, struct table *authors,
                                                const struct dns_name *name)
{
    bool is_new = false;
    void **slot = table_slot(authors, span_make(name->text, name->len), &is_new);
    struct traffic_author *author = *slot;

    if (!is_new)
        return author;
    author = arena_new_of(traffic->arena, struct traffic_author);
    author->name = name;
    *slot = author;
    return author;
}

/* flow_add_row - one row more of a flow */
static void flow_add_row(struct traffic_flow *flow, struct traffic_span *span,
                         const struct feedback_row *row)
{
    flow->count += row->count;
    flow->reasons |= row->reasons;
    if (row->dkim_passed || row->spf_passed)
        flow->passed_then += row->count;
    if (row->disposition == FEEDBACK_REJECT)
        flow->refused_then += row->count;
    if (row->disposition == FEEDBACK_QUARANTINE)
        flow->junked_then += row->count;
    if (span->last == 0 || row->report->begin < span->first)
        span->first = row->report->begin;
    if (row->report->end > span->last)
        span->last = row->report->end;
}

/* note_inconsistent - the verdict and the results of a row do not fit each other: a pass
 * without any result that passes */
static void note_inconsistent(struct traffic *traffic, const struct feedback_row *row)
{
    bool has_dkim = false;
    bool has_spf = false;

    for (size_t i = 0; i < row->identity->dkim_count; i++)
        has_dkim |= row->identity->dkim[i].result == DKIM_PASS;
    for (size_t i = 0; i < row->identity->spf_count; i++)
        has_spf |= row->identity->spf[i].result == SPF_PASS;
    if ((!row->dkim_passed || has_dkim) && (!row->spf_passed || has_spf))
        return;
    traffic->inconsistent += row->count;
    traffic->inconsistent_reporter = row->report->reporter;
}

/* traffic_add_rows - every row that is ours to its flow */
static void traffic_add_rows(struct traffic *traffic)
{
    struct traffic_private *part = traffic->private_part;
    struct table *flows = table_open(part->scratch);
    struct table *authors = table_open(part->scratch);

    for (size_t i = 0; i < traffic->set->row_count; i++) {
        const struct feedback_row *row = &traffic->set->rows[i];
        struct flow_key key;
        bool is_new = false;
        void **slot = NULL;
        size_t at = traffic->flow_count;

        part->flow_of[i] = SIZE_MAX;
        if (!traffic_is_ours(traffic, row)) {
            if (traffic_is_related(traffic, row->report))
                traffic_other_of(traffic, traffic_header_from(row))->messages += row->count;
            else
                traffic_other_of(traffic, row->report->policy.domain)->messages += row->count;
            continue;
        }
        memset(&key, 0, sizeof(key));
        key.identity = row->identity;
        key.header_from = traffic_header_from(row);
        key.ip.family = row->ip.family;
        memcpy(key.ip.octets, row->ip.octets, sizeof(key.ip.octets));
        slot = table_slot(flows, span_make((const char *)&key, sizeof(key)), &is_new);
        if (is_new) {
            *slot = (void *)(uintptr_t)at;
            traffic->flows[at].identity = row->identity;
            traffic->flows[at].address = traffic_address_of(traffic, &key.ip);
            traffic->flows[at].ip = &traffic->flows[at].address->ip;
            traffic->flows[at].author =
                traffic_author_of(traffic, authors, traffic_name(traffic, key.header_from));
            traffic->flow_count++;
        }
        at = (size_t)(uintptr_t)*slot;
        part->flow_of[i] = at;
        flow_add_row(&traffic->flows[at], &part->spans[at], row);
        traffic->flows[at].address->count += row->count;
        traffic->messages += row->count;
        note_inconsistent(traffic, row);
    }
}

/* compare_flows - for qsort(3): most messages first; equal ones by address, then identity */
static int compare_flows(const void *a, const void *b)
{
    const struct traffic_flow *one = a;
    const struct traffic_flow *other = b;
    int by_address = 0;

    if (one->count != other->count)
        return one->count < other->count ? 1 : -1;
    by_address = memcmp(one->ip->octets, other->ip->octets, sizeof(one->ip->octets));
    if (by_address != 0)
        return by_address;
    return strcmp(traffic_envelope(one->identity), traffic_envelope(other->identity));
}

/* traffic_sort_flows - and remember where each went */
static void traffic_sort_flows(struct traffic *traffic)
{
    struct traffic_private *part = traffic->private_part;

    for (size_t i = 0; i < traffic->flow_count; i++)
        traffic->flows[i].number = i;
    if (traffic->flow_count > 0)
        qsort(traffic->flows, traffic->flow_count, sizeof(traffic->flows[0]), compare_flows);
    part->place_of = arena_array_of(traffic->arena, size_t, traffic->flow_count + 1);
    for (size_t i = 0; i < traffic->flow_count; i++)
        part->place_of[traffic->flows[i].number] = i;
}

/* list_authors - those with most messages, as far as they are judged */
static void list_authors(struct traffic *traffic)
{
    struct traffic_private *part = traffic->private_part;
    struct traffic_author **tail = &part->authors;
    struct table *seen = table_open(part->scratch);

    for (size_t i = 0; i < traffic->flow_count; i++) {
        struct traffic_author *author = traffic->flows[i].author;
        bool is_new = false;

        table_slot(seen, span_make((const char *)&author, sizeof(author)), &is_new);
        if (!is_new)
            continue;
        if (part->author_count >= LIMIT_TRAFFIC_AUTHORS) {
            author->is_left_off = true;
            part->authors_left_off++;
            continue;
        }
        part->author_count++;
        author->by_list = auth_psl_organizational_domain(traffic->arena, author->name);
        *tail = author;
        tail = &author->next;
    }
}

/* ---- selectors ---- */

/* traffic_add_selector - a signature of the domain, or of a name below it */
static void traffic_add_selector(struct traffic *traffic, struct table *known,
                                 const struct feedback_dkim *dkim,
                                 const struct feedback_row *row)
{
    const struct dns_name *name = traffic_name(traffic, dkim->domain);
    const char *key[2] = {dkim->domain, dkim->selector};
    struct traffic_selector *selector = NULL;
    bool is_new = false;
    void **slot = NULL;

    if (dkim->selector[0] == '\0' || name == NULL || !dns_name_is_below(name, traffic->domain))
        return;
    slot = table_slot(known, span_make((const char *)key, sizeof(key)), &is_new);
    if (is_new) {
        if (table_count(known) > LIMIT_TRAFFIC_SELECTORS)
            return;
        selector = arena_new_of(traffic->arena, struct traffic_selector);
        *selector = (struct traffic_selector){
            .selector = dkim->selector, .domain = dkim->domain, .next = traffic->selectors};
        *slot = traffic->selectors = selector;
    }
    selector = *slot;
    if (selector == NULL)
        return;
    if (dkim->result == DKIM_PASS)
        selector->passed += row->count;
    else
        selector->failed += row->count;
    if (row->report->end > selector->last)
        selector->last = row->report->end;
}

/* selector_is_before - more messages passed, then by name */
static bool selector_is_before(const struct traffic_selector *a,
                               const struct traffic_selector *b)
{
    return a->passed != b->passed ? a->passed > b->passed
                                  : strcmp(a->selector, b->selector) < 0;
}

/* traffic_find_selectors - of all rows, those that sign most first */
static void traffic_find_selectors(struct traffic *traffic)
{
    struct table *known = table_open(traffic->arena);
    struct traffic_selector *sorted = NULL;

    for (size_t i = 0; i < traffic->set->row_count; i++) {
        const struct feedback_row *row = &traffic->set->rows[i];

        for (size_t k = 0; k < row->identity->dkim_count; k++)
            if (traffic->private_part->flow_of[i] != SIZE_MAX)
                traffic_add_selector(traffic, known, &row->identity->dkim[k], row);
    }
    while (traffic->selectors != NULL) {
        struct traffic_selector *one = traffic->selectors;
        struct traffic_selector **at = &sorted;

        traffic->selectors = one->next;
        while (*at != NULL && selector_is_before(*at, one))
            at = &(*at)->next;
        one->next = *at;
        *at = one;
    }
    traffic->selectors = sorted;
}

struct traffic *traffic_open(struct arena *arena, const struct feedback_set *set,
                             const struct dns_name *domain)
{
    struct traffic *traffic = arena_new_of(arena, struct traffic);
    struct traffic_private *part = arena_new_of(arena, struct traffic_private);

    *traffic =
        (struct traffic){.arena = arena, .set = set, .domain = domain, .private_part = part};
    part->names = table_open(arena);
    part->others = table_open(arena);
    part->spf_by_name = table_open(arena);
    part->candidates_by_name = table_open(arena);
    part->signatures = table_open(arena);
    part->scratch = arena_open();
    part->addresses = table_open(part->scratch);
    part->flow_of = arena_array_of(arena, size_t, set->row_count + 1);
    part->spans = arena_array_of(arena, struct traffic_span, set->row_count + 1);
    traffic->flows = arena_array_of(arena, struct traffic_flow, set->row_count + 1);
    traffic_count_reports(traffic);
    traffic_add_rows(traffic);
    traffic_sort_flows(traffic);
    list_authors(traffic);
    traffic_find_selectors(traffic);
    traffic_add_tls(traffic);
    arena_close(part->scratch);
    return traffic;
}
