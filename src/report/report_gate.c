/* Lists of findings are sorted into lists of what a change does to them; nothing is judged
 * here that was not judged before. */
#include <string.h>

#include "report/report_gate.h"
#include "base/ip.h"
#include "base/ip_ranges.h"
#include "base/span.h"
#include "policy/policy.h"

/* ---- lists ---- */

/* gate_append - to the end of a list */
static void gate_append(struct finding **list, struct finding *finding)
{
    while (*list != NULL)
        list = &(*list)->next;
    finding->next = NULL;
    *list = finding;
}

/* is_same_finding - one trouble, seen twice */
static bool is_same_finding(const struct finding *a, const struct finding *b)
{
    return a->row == b->row && a->status == b->status &&
           strcmp(a->fingerprint, b->fingerprint) == 0;
}

/* gate_has - the list holds the finding */
static bool gate_has(const struct finding *list, const struct finding *finding)
{
    while (list != NULL && !is_same_finding(list, finding))
        list = list->next;
    return list != NULL;
}

/* mark_world - findings that name no world are in this one */
static void mark_world(struct finding *finding, const char *world)
{
    if (finding->where.world == NULL)
        finding->where.world = world;
}

/* add_change - a finding of the comparison */
static void add_change(struct report_gate *gate, struct finding *finding)
{
    enum compare_kind kind = COMPARE_KINDS;

    compare_kind_find(finding->row, &kind);
    switch (compare_kind_class(kind)) {
    case COMPARE_LOSS:
        gate_append(&gate->losses, finding);
        return;
    case COMPARE_RISK:
        gate_append(&gate->added, finding);
        return;
    case COMPARE_GAIN:
        gate_append(&gate->gains, finding);
        return;
    }
}

void report_gate_split(struct report_gate *gate, struct finding *before, struct finding *after,
                       struct finding *changes)
{
    struct finding *next = NULL;

    for (struct finding *finding = after; finding != NULL; finding = next) {
        next = finding->next;
        mark_world(finding, "new");
        gate_append(gate_has(before, finding) ? &gate->already : &gate->added, finding);
    }
    for (struct finding *finding = before; finding != NULL; finding = next) {
        next = finding->next;
        mark_world(finding, "old");
        if (!gate_has(gate->already, finding))
            gate_append(&gate->gone, finding);
    }
    for (struct finding *finding = changes; finding != NULL; finding = next) {
        next = finding->next;
        add_change(gate, finding);
    }
}

void report_gate_add_message(struct report_gate *gate, const struct finding *before,
                             struct finding *after)
{
    struct finding *next = NULL;

    for (; after != NULL; after = next) {
        next = after->next;
        if (gate_has(before, after) || gate_has(gate->added, after) ||
            gate_has(gate->already, after))
            continue;
        mark_world(after, "new");
        gate_append(&gate->added, after);
    }
}

/* gate_join - findings that neither list has yet */
static void gate_join(struct finding **list, const struct finding *also, struct finding *others)
{
    struct finding *next = NULL;

    for (struct finding *finding = others; finding != NULL; finding = next) {
        next = finding->next;
        if (!gate_has(*list, finding) && !gate_has(also, finding))
            gate_append(list, finding);
    }
}

void report_gate_join(struct report_gate *gate, struct report_gate *other)
{
    struct report_switch **tail = &gate->switches;

    gate_join(&gate->losses, NULL, other->losses);
    gate_join(&gate->added, NULL, other->added);
    gate_join(&gate->gains, NULL, other->gains);
    gate_join(&gate->already, gate->added, other->already);
    gate_join(&gate->gone, gate->added, other->gone);
    if (*tail == NULL)
        *tail = other->switches;
}

/* ---- accepted losses ---- */

/* gate_cut_word - the next word of a line */
static struct span gate_cut_word(struct span *rest)
{
    struct span word = {0};

    *rest = span_trim(*rest);
    word = span_cut(rest, ' ');
    *rest = span_trim(*rest);
    return word;
}

bool report_accept_parse(struct arena *arena, struct span text, struct report_accept *out,
                         struct err *why)
{
    struct span word = {0};

    *out = (struct report_accept){0};
    if (span_find(text, '\0') >= 0) {
        err_set(why, "allow: holds a NUL");
        return false;
    }
    if (span_starts_with(span_trim(text), "allow "))
        gate_cut_word(&text);
    out->finding = arena_strdup_span(arena, gate_cut_word(&text));
    if (check_row_find(out->finding) == NULL) {
        err_set(why, "allow: \"%s\" is not a finding%s", out->finding,
                check_id_hint(arena, out->finding));
        return false;
    }
    word = gate_cut_word(&text);
    if (!span_equal_text(word, "until")) {
        out->about = word.len > 0 ? arena_strdup_span(arena, word) : NULL;
        word = gate_cut_word(&text);
    }
    if (!span_equal_text(word, "until")) {
        err_set(why, "allow %s: \"until DATE\" is missing: a loss is accepted until a date",
                out->finding);
        return false;
    }
    out->until = arena_strdup_span(arena, gate_cut_word(&text));
    if (strlen(out->until) != sizeof("2027-01-31") - 1 ||
        !policy_day_parse(span_of(out->until), &out->until_day)) {
        err_set(why, "allow %s: \"%s\" is not a date like 2027-01-31", out->finding,
                out->until);
        return false;
    }
    out->reason = arena_strdup_span(arena, text);
    return true;
}

/* gate_parse_network - "198.51.100.0/24", or one address; false: it is something else */
static bool gate_parse_network(struct arena *arena, const char *text, struct ip_ranges *out)
{
    struct span rest = span_of(text);
    struct ip_address address = {0};
    uint64_t prefix = 0;

    if (!ip_parse(span_cut(&rest, '/'), &address))
        return false;
    prefix = address.family == IP_V4 ? 32 : 128;
    if (rest.at != NULL && !span_to_number(rest, prefix, &prefix))
        return false;
    *out = ip_ranges_none(address.family);
    ip_ranges_add_network(arena, out, &address, (unsigned)prefix);
    ip_ranges_settle(out);
    return true;
}

/* subtract_network - addresses of the change that are accepted; true: some were */
static bool subtract_network(struct arena *arena, struct compare_change *change,
                             const struct ip_ranges *network)
{
    struct ip_ranges *set = &change->addresses[network->family == IP_V6];
    struct ip_ranges left = ip_ranges_difference(arena, set, network);
    bool is_less = ip_ranges_intersection(arena, set, network).count > 0;

    *set = left;
    return is_less;
}

/* gate_speaks_about - the acceptance names what the change is about */
static bool gate_speaks_about(const struct report_accept *accept, const struct compare *compare,
                              const struct compare_change *change)
{
    const char *const names[] = {change->what, change->answer->question.name->text,
                                 compare->after->domain.name->text,
                                 change->provider != NULL ? change->provider->name : NULL};

    if (accept->about == NULL)
        return true;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (names[i] != NULL && span_equal_nocase(span_of(names[i]), accept->about))
            return true;
    return false;
}

/* apply_accept - to one change; true: nothing of it is left */
static bool apply_accept(struct arena *arena, struct report_accept *accept,
                         const struct compare *compare, struct compare_change *change)
{
    struct ip_ranges network;

    if (accept->is_expired || strcmp(accept->finding, compare_kind_to_text(change->kind)) != 0)
        return false;
    if (accept->about != NULL && change->has_addresses &&
        gate_parse_network(arena, accept->about, &network)) {
        if (!subtract_network(arena, change, &network))
            return false;
        accept->is_used = true;
        return change->addresses[0].count + change->addresses[1].count == 0;
    }
    if (!gate_speaks_about(accept, compare, change))
        return false;
    accept->is_used = true;
    return true;
}

const struct compare *report_gate_accept(struct arena *arena, const struct compare *compare,
                                         const struct report_accepts *accepts,
                                         size_t *dismissed_out)
{
    struct compare *less = arena_new_of(arena, struct compare);
    struct compare_change **tail = &less->changes;

    *less = *compare;
    less->changes = NULL;
    for (const struct compare_change *change = compare->changes; change;
         change = change->next) {
        struct compare_change *copy = arena_new_of(arena, struct compare_change);
        bool is_accepted = false;

        *copy = *change;
        copy->next = NULL;
        for (size_t i = 0; i < accepts->count && !is_accepted; i++)
            is_accepted = apply_accept(arena, &accepts->list[i], compare, copy);
        *dismissed_out += is_accepted;
        if (is_accepted)
            continue;
        *tail = copy;
        tail = &copy->next;
    }
    return less;
}

/* ---- what does not count ---- */

typedef bool dismiss_fn(const struct finding *finding, void *ctx);

/* gate_take_out - findings of a list that are dismissed */
static size_t gate_take_out(struct finding **list, dismiss_fn *is_dismissed, void *ctx)
{
    size_t count = 0;

    while (*list != NULL)
        if (is_dismissed(*list, ctx)) {
            *list = (*list)->next;
            count++;
        } else {
            list = &(*list)->next;
        }
    return count;
}

/* has_this_id - dismiss_fn */
static bool has_this_id(const struct finding *finding, void *ctx)
{
    return strcmp(finding->id, ctx) == 0;
}

/* gate_dismiss - take out of the lists that count, and of what was there before */
static void gate_dismiss(struct report_gate *gate, dismiss_fn *is_dismissed, const void *ctx)
{
    gate->dismissed += gate_take_out(&gate->losses, is_dismissed, (void *)ctx);
    gate->dismissed += gate_take_out(&gate->added, is_dismissed, (void *)ctx);
    gate_take_out(&gate->already, is_dismissed, (void *)ctx);
}

void report_gate_ignore(struct report_gate *gate, const char *id)
{
    gate_dismiss(gate, has_this_id, id);
}

/* is_in_baseline - dismiss_fn */
static bool is_in_baseline(const struct finding *finding, void *ctx)
{
    return report_is_known(ctx, finding);
}

void report_gate_know(struct report_gate *gate, const struct report *baseline)
{
    gate_dismiss(gate, is_in_baseline, baseline);
}

/* is_accepted_new - dismiss_fn */
static bool is_accepted_new(const struct finding *finding, void *ctx)
{
    const struct report_accepts *accepts = ctx;
    enum compare_kind kind = COMPARE_KINDS;

    if (compare_kind_find(finding->row, &kind))
        return false; /* the comparison was asked about these */
    for (size_t i = 0; i < accepts->count; i++) {
        struct report_accept *accept = &accepts->list[i];

        if (accept->is_expired || strcmp(accept->finding, finding->id) != 0 ||
            (accept->about != NULL &&
             (finding->where.name == NULL ||
              !span_equal_nocase(span_of(finding->where.name), accept->about)) &&
             (finding->where.term == NULL ||
              !span_equal_nocase(span_of(finding->where.term), accept->about))))
            continue;
        accept->is_used = true;
        return true;
    }
    return false;
}

/* is_not_of_spf - dismiss_fn */
static bool is_not_of_spf(const struct finding *finding, void *ctx)
{
    (void)ctx;
    return strncmp(finding->id, "spf_", sizeof("spf_") - 1) != 0;
}

/* is_not_of_change - dismiss_fn: what is found in one world alone */
static bool is_not_of_change(const struct finding *finding, void *ctx)
{
    enum compare_kind kind = COMPARE_KINDS;

    (void)ctx;
    return !compare_kind_find(finding->row, &kind);
}

/* gate_keep - of all lists what is not dismissed */
static void gate_keep(struct report_gate *gate, dismiss_fn *is_dismissed)
{
    struct finding **const lists[] = {&gate->losses, &gate->added, &gate->gone, &gate->already,
                                      &gate->gains};

    for (size_t i = 0; i < COUNT_OF(lists); i++)
        gate_take_out(lists[i], is_dismissed, NULL);
}

void report_gate_keep_of_name(struct report_gate *gate, const struct dns_name *name)
{
    if (name->text[0] == '_') /* not a host name: RFC 1123, 2.1 */
        gate_keep(gate, is_not_of_spf);
    else if (name->text[0] == '*')
        gate_keep(gate, is_not_of_change);
}

void report_gate_accept_new(struct report_gate *gate, const struct report_accepts *accepts)
{
    gate->dismissed += gate_take_out(&gate->added, is_accepted_new, (void *)accepts);
}

/* ---- result ---- */

/* count_list - findings of a list at the threshold */
static size_t count_list(const struct finding *list, enum report_threshold threshold)
{
    size_t count = 0;

    for (; list != NULL && threshold != THRESHOLD_NEVER; list = list->next)
        count += list->status == FINDING_FIRES && (int)list->severity <= (int)threshold;
    return count;
}

size_t report_gate_count(const struct report_gate *gate, enum report_threshold threshold,
                         bool has_all)
{
    return count_list(gate->losses, threshold) + count_list(gate->added, threshold) +
           (has_all ? count_list(gate->already, threshold) : 0);
}

/* has_undetermined - something of weight in the list is not known */
static bool has_undetermined(const struct finding *list)
{
    while (list != NULL &&
           (list->status != FINDING_UNDETERMINED || list->severity > SEV_WARNING))
        list = list->next;
    return list != NULL;
}

bool report_gate_is_undetermined(const struct report_gate *gate, bool has_all)
{
    return has_undetermined(gate->losses) || has_undetermined(gate->added) ||
           (has_all && has_undetermined(gate->already));
}

void report_gate_judge(struct report_gate *gate, bool has_all)
{
    gate->result = REPORT_PASS;
    if (report_gate_is_undetermined(gate, has_all))
        gate->result = REPORT_UNDETERMINED;
    if (report_gate_count(gate, THRESHOLD_ERROR, has_all) > 0)
        gate->result = REPORT_FAIL;
}
