/* Domains of reports: the name of a text, made once, and entries of those that are not ours. */
#include "base/err.h"
#include "base/limits_reports.h"
#include "base/span.h"
#include "traffic/traffic_private.h"

const struct dns_name *traffic_name(struct traffic *traffic, const char *text)
{
    struct err why = {0};
    bool is_new = false;
    void **slot = table_slot(traffic->private_part->names,
                             span_make((const char *)&text, sizeof(text)), &is_new);

    if (is_new && text[0] != '\0')
        *slot = (void *)dns_name_parse(traffic->arena, span_of(text), &why);
    return *slot;
}

struct traffic_other *traffic_other_of(struct traffic *traffic, const char *domain)
{
    struct table *others = traffic->private_part->others;
    struct traffic_other *other = NULL;
    bool is_new = false;
    void **slot = table_slot(others, span_make((const char *)&domain, sizeof(domain)), &is_new);

    if (!is_new)
        return *slot;
    if (table_count(others) > LIMIT_TRAFFIC_OTHERS) {
        *slot = traffic->private_part->last_other;
        return *slot;
    }
    other = arena_new_of(traffic->arena, struct traffic_other);
    other->domain = domain;
    if (traffic->private_part->last_other != NULL)
        traffic->private_part->last_other->next = other;
    else
        traffic->others = other;
    traffic->private_part->last_other = other;
    *slot = other;
    return other;
}
