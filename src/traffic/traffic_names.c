/* Names of the addresses that matter: first those from where something fails, or passes by DKIM
 * alone, then those with most messages. */
#include <stdlib.h>

#include "base/ip.h"
#include "base/limits_reports.h"
#include "gather/gather.h"
#include "ledger/ledger.h"
#include "model/dns_answer.h"
#include "traffic/traffic_private.h"

/* an address and what speaks for asking about it */
struct wanted_name {
    struct traffic_address *address;
    size_t number; /* in the order of reading, so that a run can be repeated */
};

/* compare_wanted - for qsort(3): most messages first */
static int compare_wanted(const void *a, const void *b)
{
    const struct wanted_name *one = a;
    const struct wanted_name *other = b;

    if (one->address->failing != other->address->failing)
        return one->address->failing < other->address->failing ? 1 : -1;
    if (one->address->count != other->address->count)
        return one->address->count < other->address->count ? 1 : -1;
    return one->number < other->number ? -1 : one->number > other->number;
}

/* count_failing - messages of each address that do not pass SPF */
static void count_failing(struct traffic *traffic)
{
    for (size_t i = 0; i < traffic->private_part->address_count; i++)
        traffic->private_part->address_list[i]->failing =
            traffic->private_part->address_list[i]->passing = 0;
    for (size_t i = 0; i < traffic->flow_count; i++) {
        const struct traffic_flow *flow = &traffic->flows[i];

        if (!flow->now.spf_aligned)
            flow->address->failing += flow->count;
        flow->address->fails |= flow->now.word == TRAFFIC_FAILS;
        if (flow->now.word == TRAFFIC_PASSES)
            flow->address->passing += flow->count;
    }
}

/* ask_name - PTR of one address, and whether it leads back */
static void ask_name(struct traffic *traffic, struct ledger *ledger,
                     struct traffic_address *address)
{
    struct ptr_facts *names = arena_new_of(traffic->arena, struct ptr_facts);

    *names = gather_names_of(traffic->arena, ledger, &address->ip, ledger_ask_aside);
    address->names = names;
}

bool traffic_ask_names(struct traffic *traffic, struct ledger *ledger)
{
    struct traffic_private *part = traffic->private_part;
    struct arena *scratch = arena_open();
    struct wanted_name *wanted =
        arena_array_of(scratch, struct wanted_name, part->address_count + 1);
    size_t count = 0;

    count_failing(traffic);
    for (size_t i = 0; i < part->address_count; i++)
        if (!ip_is_private(&part->address_list[i]->ip))
            wanted[count++] = (struct wanted_name){part->address_list[i], i};
    if (count > 0)
        qsort(wanted, count, sizeof(wanted[0]), compare_wanted);
    for (size_t i = 0; i < count && i < LIMIT_TRAFFIC_NAMES; i++)
        ask_name(traffic, ledger, wanted[i].address);
    arena_close(scratch);
    return ledger_wanted(ledger) > 0;
}

const struct dns_name *traffic_host(const struct traffic_address *address)
{
    const struct dns_rr *rr =
        address->names != NULL ? dns_answer_first(address->names->ptr) : NULL;

    return rr != NULL && address->names->is_confirmed ? rr->target : NULL;
}
