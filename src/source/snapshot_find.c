/* What a snapshot knows about a question or a name, once it has been read. */
#include "base/dns_name.h"
#include "base/dns_name_table.h"
#include "base/span.h"
#include "model/dns_answer.h"
#include "source/snapshot_read.h"

const struct dns_answer *snapshot_find(const struct snapshot *snapshot,
                                       const struct dns_question *question)
{
    const struct snapshot_name *name =
        dns_name_table_find(&snapshot->names, dns_name_key(question->name));
    const struct snapshot_answer *held = name == NULL ? NULL : name->answers;

    while (held != NULL && held->answer.question.type != question->type)
        held = held->next;
    return held == NULL ? NULL : &held->answer;
}

bool snapshot_is_closed(const struct snapshot *snapshot, const struct dns_name *name)
{
    struct span key = dns_name_key(name);

    for (;;) {
        const struct snapshot_name *at = dns_name_table_find(&snapshot->names, key);

        if (at != NULL && at->is_closed)
            return true;
        if (key.len == 0)
            return false;
        key = dns_name_key_above(key);
    }
}

bool snapshot_exists(const struct snapshot *snapshot, const struct dns_name *name)
{
    const struct snapshot_name *at = dns_name_table_find(&snapshot->names, dns_name_key(name));

    return at != NULL && at->exists;
}

bool snapshot_holds(const struct snapshot *snapshot, const struct dns_name *name)
{
    const struct snapshot_name *at = dns_name_table_find(&snapshot->names, dns_name_key(name));

    return at != NULL && at->answers != NULL;
}
