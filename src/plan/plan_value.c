/* From what a service writes to records; every name and text is copied. */
#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/span.h"
#include "dns/dns_rr.h"
#include "model/dns_answer.h"
#include "plan/plan_reader.h"

#define STRING_OCTETS 255 /* RFC 1035, 3.3 */

/* a list of sentences, each once */
struct sentences {
    const char ***list;
    size_t *count;
};

/* sentence_add - with its place in front */
static void sentence_add(const struct plan *plan, const struct sentences *sentences,
                         const struct plan_place *place, const char *text)
{
    const char *line = arena_printf(plan->arena, "%s:%d: %s", place->file, place->line, text);

    for (size_t i = 0; i < *sentences->count; i++)
        if (strcmp((*sentences->list)[i], line) == 0)
            return;
    if (*sentences->count < LIMIT_ZONE_FAULTS)
        arena_append(plan->arena, *sentences->list, *sentences->count, line);
}

void plan_fault(struct plan *plan, struct plan_place place, const char *format, ...)
{
    const struct sentences faults = {&plan->faults, &plan->fault_count};
    va_list args;

    va_start(args, format);
    sentence_add(plan, &faults, &place, arena_vprintf(plan->arena, format, args));
    va_end(args);
}

void plan_note(struct plan *plan, struct plan_place place, const char *format, ...)
{
    const struct sentences notes = {&plan->notes, &plan->note_count};
    va_list args;

    va_start(args, format);
    sentence_add(plan, &notes, &place, arena_vprintf(plan->arena, format, args));
    va_end(args);
}

/* ---- names ---- */

const char *plan_name_in(struct arena *arena, const char *name, const char *zone)
{
    size_t length = strlen(name);
    struct span bare_zone = span_of(zone);

    if (bare_zone.len > 0 && bare_zone.at[bare_zone.len - 1] == '.')
        bare_zone.len--;
    if (length == 0 || strcmp(name, "@") == 0)
        return arena_printf(arena, "%.*s.", SPAN_ARG(bare_zone));
    if (name[length - 1] == '.')
        return name;
    return arena_printf(arena, "%s.%.*s.", name, SPAN_ARG(bare_zone));
}

const char *plan_apex(const struct plan_input *in, const char *found)
{
    const struct dns_name *origin = in->request->origin;

    return origin != NULL && origin->len > 0 ? origin->text : found;
}

struct plan_zone *plan_zone_get(struct plan *plan, const char *apex, int line)
{
    const struct dns_name *name = dns_name_from_text(plan->arena, apex);
    struct plan_zone **link = &plan->zones;

    if (name == NULL || name->len == 0) {
        plan_fault(plan, PLAN_AT(plan->path, line), "\"%s\" is not a domain name",
                   escape_to_text(plan->arena, span_of(apex), LIMIT_SHOWN_BYTES));
        return NULL;
    }
    while (*link != NULL && !dns_name_equal((*link)->apex, name))
        link = &(*link)->next;
    if (*link == NULL) {
        *link = arena_new_of(plan->arena, struct plan_zone);
        (*link)->apex = name;
        (*link)->tag = "";
    }
    return *link;
}

/* owner_of - the name of a record, octal escapes understood; NULL: it is not one */
static const struct dns_name *owner_of(struct plan *plan, const struct plan_value *value)
{
    struct sbuf text = sbuf_start(plan->arena);
    const struct dns_name *name = NULL;

    for (const char *at = value->owner; *at != '\0'; at++)
        if (value->has_octal && at[0] == '\\' && at[1] >= '0' && at[1] <= '3' && at[2] >= '0' &&
            at[2] <= '7' && at[3] >= '0' && at[3] <= '7') {
            sbuf_addf(&text, "\\%03d", (at[1] - '0') * 64 + (at[2] - '0') * 8 + at[3] - '0');
            at += 3;
        } else {
            sbuf_add_octet(&text, *at);
        }
    name = dns_name_from_text(plan->arena, sbuf_text(&text));
    if (name == NULL)
        plan_fault(plan, PLAN_AT(value->file, value->line), "\"%s\" is not a name",
                   escape_to_text(plan->arena, span_of(value->owner), LIMIT_SHOWN_BYTES));
    return name;
}

/* type_of - a type that matters for mail; others are left out */
static bool type_of(const struct plan_value *value, enum dns_type *type_out)
{
    static const enum dns_type types[] = {DNS_A,   DNS_AAAA, DNS_CNAME, DNS_DNAME,
                                          DNS_MX,  DNS_NS,   DNS_PTR,   DNS_TXT,
                                          DNS_SPF, DNS_TLSA, DNS_DS,    DNS_SOA};

    if (!dns_type_parse(span_of(value->type), type_out))
        return false;
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (types[i] == *type_out)
            return true;
    return false;
}

/* is_alias_type - what providers call a name whose addresses they make */
static bool is_alias_type(const char *type)
{
    static const char *const types[] = {"ALIAS", "ANAME", "R53_ALIAS", "AZURE_ALIAS",
                                        "AKAMAICDN"};

    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (strcmp(types[i], type) == 0)
            return true;
    return false;
}

/* ---- text ---- */

/* strings of a record under way */
struct text_maker {
    struct arena *arena;
    struct span *strings;
    size_t count;
};

/* text_add - a text, cut into strings of 255 octets */
static void text_add(struct text_maker *maker, struct span text)
{
    do {
        struct span part = span_sub(text, 0, STRING_OCTETS);

        arena_append(maker->arena, maker->strings, maker->count,
                     arena_span(maker->arena, part));
        text = span_from(text, part.len);
    } while (text.len > 0);
}

/* text_escape - the octet that an escape stands for; moves `*at` to its last octet */
static char text_escape(const char **at, bool has_octal)
{
    const char *digits = *at + 1;
    int base = has_octal ? 8 : 10;
    int value = 0;

    for (int i = 0; i < 3; i++) {
        if (digits[i] < '0' || digits[i] >= '0' + base) {
            (*at)++;
            return **at;
        }
        value = value * base + digits[i] - '0';
    }
    *at += 3;
    return (char)value;
}

/* text_quoted - strings in quotes, and words without; false: a quote is not closed */
static bool text_quoted(struct text_maker *maker, const char *text, bool has_octal)
{
    const char *at = text;

    while (*at != '\0') {
        struct sbuf string = sbuf_start(maker->arena);
        bool is_quoted = *at == '"';

        if (ascii_is_blank(*at)) {
            at++;
            continue;
        }
        at += is_quoted;
        while (*at != '\0' && (is_quoted ? *at != '"' : !ascii_is_blank(*at))) {
            if (*at == '\\' && at[1] != '\0')
                sbuf_add_octet(&string, text_escape(&at, has_octal));
            else
                sbuf_add_octet(&string, *at);
            at++;
        }
        if (is_quoted && *at++ != '"')
            return false;
        text_add(maker, sbuf_span(&string));
    }
    return maker->count > 0;
}

/* text_octo - "\;" stands for ";"; other backslashes for themselves */
static void text_octo(struct text_maker *maker, const char *text)
{
    struct sbuf out = sbuf_start(maker->arena);

    for (; *text != '\0'; text++)
        if (text[0] != '\\' || text[1] != ';')
            sbuf_add_octet(&out, *text);
    text_add(maker, sbuf_span(&out));
}

/* text_rr - a TXT record */
static struct dns_rr *text_rr(struct plan *plan, const struct plan_value *value,
                              const struct dns_rr_head *head)
{
    struct text_maker maker = {.arena = plan->arena};
    bool is_wrapped = value->form == PLAN_TEXT_WRAPPED;
    bool is_quoted = value->form == PLAN_TEXT_QUOTED || is_wrapped ||
                     (value->form == PLAN_TEXT_EITHER && value->data[0] == '"');
    const char *text =
        is_wrapped ? arena_printf(plan->arena, "\"%s\"", value->data) : value->data;

    if (is_quoted && !text_quoted(&maker, text, value->has_octal || is_wrapped)) {
        plan_fault(plan, PLAN_AT(value->file, value->line),
                   "%s %s: a string without its closing quote", head->owner->text, value->type);
        return NULL;
    }
    if (value->form == PLAN_TEXT_OCTO)
        text_octo(&maker, value->data);
    else if (!is_quoted)
        text_add(&maker, span_of(value->data));
    return dns_rr_from_strings(plan->arena, head, maker.strings, maker.count);
}

/* ---- records ---- */

/* is_one_line - nothing that would end the text of a record early */
static bool is_one_line(const char *text)
{
    return strpbrk(text, "\n\r;()") == NULL;
}

/* plan_make_rr - the record; NULL: of a type that has nothing to do with mail, or a fault was
 * noted */
static struct dns_rr *plan_make_rr(struct plan *plan, const struct plan_value *value)
{
    struct dns_rr_head head = {.ttl = value->ttl};
    struct err why = {0};
    struct dns_rr *rr = NULL;
    size_t faults = 0;

    if (!type_of(value, &head.type) || (head.owner = owner_of(plan, value)) == NULL)
        return NULL;
    faults = plan->fault_count;
    if (head.type == DNS_TXT || head.type == DNS_SPF)
        rr = text_rr(plan, value, &head);
    else if (is_one_line(value->data))
        rr = dns_rr_from_text(plan->arena,
                              arena_printf(plan->arena, "%s. %u IN %s %s", head.owner->text,
                                           (unsigned)value->ttl, value->type, value->data),
                              &why);
    if (rr == NULL && plan->fault_count == faults)
        plan_fault(plan, PLAN_AT(value->file, value->line),
                   "%s %s: \"%s\" is not the value of such a record", head.owner->text,
                   value->type,
                   escape_to_text(plan->arena, span_of(value->data), LIMIT_SHOWN_BYTES));
    if (rr == NULL)
        return NULL;
    rr->file = value->file;
    rr->line = value->line;
    return rr;
}

/* entry_add - to the zone */
static struct plan_entry *entry_add(struct plan *plan, struct plan_zone *zone,
                                    const struct plan_entry *entry)
{
    struct plan_entry *copy = arena_new_of(plan->arena, struct plan_entry);

    *copy = *entry;
    if (zone->last != NULL)
        zone->last->next = copy;
    else
        zone->entries = copy;
    zone->last = copy;
    plan->record_count++;
    return copy;
}

struct plan_entry *plan_add_set(struct plan *plan, struct plan_zone *zone, enum plan_kind kind,
                                const struct plan_value *value)
{
    struct plan_entry entry = {.kind = kind, .file = value->file, .line = value->line};

    if (!type_of(value, &entry.type) || (entry.owner = owner_of(plan, value)) == NULL)
        return NULL;
    return entry_add(plan, zone, &entry);
}

struct plan_entry *plan_add_rr(struct plan *plan, struct plan_zone *zone, enum plan_kind kind,
                               const struct plan_value *value)
{
    struct dns_rr *rr = plan_make_rr(plan, value);
    const struct plan_entry entry = {
        .kind = kind,
        .owner = rr != NULL ? rr->owner : NULL,
        .type = rr != NULL ? rr->type : DNS_A,
        .rr = rr,
        .file = value->file,
        .line = value->line,
    };

    return rr != NULL ? entry_add(plan, zone, &entry) : NULL;
}

/* alias_unknown - what the name will have in an open world */
static void alias_unknown(struct plan *plan, const struct plan_value *value)
{
    static const char *const types[] = {"A", "AAAA"};

    for (size_t i = 0; i < COUNT_OF(types); i++) {
        struct plan_value set = *value;
        struct plan_entry *entry = NULL;

        set.type = types[i];
        entry = plan_add_set(plan, &plan->open, PLAN_UNKNOWN, &set);
        if (entry != NULL)
            entry->detail = arena_printf(
                plan->arena, "an alias of %s, whose addresses the provider makes",
                escape_to_text(plan->arena, span_of(value->data), LIMIT_SHOWN_BYTES));
    }
}

void plan_add(struct plan *plan, struct plan_zone *zone, const struct plan_value *value)
{
    struct plan_alias *alias = NULL;

    if (!is_alias_type(value->type)) {
        plan_add_rr(plan, zone, PLAN_HAS, value);
        return;
    }
    if (zone == &plan->open) {
        alias_unknown(plan, value);
        return;
    }
    alias = arena_new_of(plan->arena, struct plan_alias);
    alias->owner = owner_of(plan, value);
    alias->target = escape_to_text(plan->arena, span_of(value->data), LIMIT_SHOWN_BYTES);
    alias->file = value->file;
    alias->line = value->line;
    alias->next = zone->aliases;
    if (alias->owner != NULL)
        zone->aliases = alias;
}
