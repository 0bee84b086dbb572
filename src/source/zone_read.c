/*
 * Entry after entry: a directive, or owner, TTL, class and type in front of the data. What
 * RFC 1035, 5.1 lets a record leave out is carried over from the one before it.
 */
#include <string.h>

#include "base/err.h"
#include "model/dns_answer.h"
#include "source/zone.h"
#include "source/zone_generate.h"
#include "source/zone_include.h"
#include "source/zone_rdata.h"

#define TTL_DEFAULT 3600 /* when neither $TTL nor an SOA says anything; ours */

/* types that are in questions and packets, never in a zone: RFC 6895, 3.1 */
#define TYPE_OPT        41
#define TYPE_META_FIRST 128
#define TYPE_META_LAST  255

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

struct reader {
    struct zone *zone;
    struct arena *scratch;         /* reset with every entry */
    const struct dns_name *origin; /* NULL: nothing said it yet */
    const struct dns_name *owner;  /* of the record before; NULL: none */
    const struct dns_name *first_origin;
    const struct dns_name *soa_owner;
    bool has_default_ttl;
    uint32_t default_ttl;
    bool has_soa_minimum;
    uint32_t soa_minimum;
    bool is_lost; /* the origin is needed and unknown: reading on makes no sense */
};

/* is_absolute - the name ends in a dot that is not escaped */
static bool is_absolute(struct span word)
{
    size_t backslashes = 0;

    if (word.len == 0 || word.at[word.len - 1] != '.')
        return false;
    while (backslashes + 1 < word.len && word.at[word.len - 2 - backslashes] == '\\')
        backslashes++;
    return backslashes % 2 == 0;
}

/* zone_read_name_of - a name in the file, completed by the origin; NULL after noting why not */
static const struct dns_name *zone_read_name_of(struct reader *reader,
                                                const struct zone_word *word)
{
    const struct dns_name *name = NULL;
    bool is_origin = span_equal_text(word->text, "@");

    if (reader->origin == NULL && !is_absolute(word->text)) {
        zone_fault_add(reader->zone, word->line,
                       "\"%s\" is relative, and nothing says to which name; begin with "
                       "$ORIGIN, or name the zone as zone:FILE@ORIGIN",
                       zone_shown(reader->scratch, word->text));
        reader->is_lost = true;
        return NULL;
    }
    if (is_origin)
        return reader->origin;
    if (reader->origin == NULL || is_absolute(word->text) || reader->origin->len == 0)
        name = dns_name_from_text(reader->zone->arena,
                                  arena_strdup_span(reader->scratch, word->text));
    else
        name = dns_name_from_text(reader->zone->arena,
                                  arena_printf(reader->scratch, "%s.%s",
                                               arena_strdup_span(reader->scratch, word->text),
                                               reader->origin->text));
    if (name == NULL || word->is_quoted) {
        zone_fault_add(reader->zone, word->line,
                       "\"%s\" is not a domain name (a label has 1 to 63 octets, a name at "
                       "most 253); correct it",
                       zone_shown(reader->scratch, word->text));
        return NULL;
    }
    return name;
}

/* read_origin - $ORIGIN NAME */
static void read_origin(struct reader *reader, const struct zone_entry *entry)
{
    const struct dns_name *name = NULL;

    if (entry->count != 2) {
        zone_fault_add(reader->zone, entry->line, "$ORIGIN takes one name; correct it");
        return;
    }
    if ((name = zone_read_name_of(reader, &entry->words[1])) == NULL)
        return;
    reader->origin = name;
    if (reader->first_origin == NULL)
        reader->first_origin = name;
}

/* zone_read_ttl - $TTL TIME (RFC 2308, 4) */
static void zone_read_ttl(struct reader *reader, const struct zone_entry *entry)
{
    if (entry->count == 2 && zone_ttl_parse(entry->words[1].text, &reader->default_ttl)) {
        reader->has_default_ttl = true;
        return;
    }
    zone_fault_add(reader->zone, entry->line,
                   "$TTL takes one number of seconds up to 2147483647 (RFC 2181, 8); "
                   "correct it");
}

static void read_entry(struct reader *reader, const struct zone_entry *entry);

/* zone_read_text - all entries of a text; with a `line` they are all at it */
static void zone_read_text(struct reader *reader, struct span bytes, int line)
{
    struct arena *words = arena_open();
    struct zone_text text = zone_text_open(words, bytes);
    struct zone_entry entry = {0};

    while (!reader->is_lost && !reader->zone->is_cut && zone_text_next(&text, &entry)) {
        for (size_t i = 0; line > 0 && i < entry.count; i++)
            entry.words[i].line = line;
        if (line > 0)
            entry.line = line;
        read_entry(reader, &entry);
        arena_reset(reader->scratch);
    }
    arena_close(words);
}

/* read_include - the records of another file; its origin and last owner end with it (RFC 1035,
 * 5.1) */
static void read_include(struct reader *reader, const struct zone_entry *entry)
{
    struct zone *zone = reader->zone;
    const struct reader outer = *reader;
    struct arena *file = arena_open();
    struct zone_included included = {0};
    const char *path = zone->file;

    if (entry->count == 3)
        reader->origin = zone_read_name_of(reader, &entry->words[2]);
    if (!(entry->count == 3 && reader->origin == NULL) &&
        zone_include_open(zone, file, entry, &included)) {
        zone->include_depth++;
        zone->file = included.path;
        zone_read_remarks(zone, included.bytes);
        zone_read_text(reader, included.bytes, 0);
        zone->file = path;
        zone->include_depth--;
    }
    reader->origin = outer.origin;
    reader->owner = outer.owner;
    arena_close(file);
}

/* read_generate - the records that the directive stands for */
static void read_generate(struct reader *reader, const struct zone_entry *entry)
{
    struct arena *lines = arena_open();
    struct span text = {0};
    int line = entry->line;

    if (zone_generate(reader->zone, lines, entry, &text))
        zone_read_text(reader, text, line);
    arena_close(lines);
}

static const struct {
    const char *word;
    void (*read)(struct reader *reader, const struct zone_entry *entry);
} directives[] = {{"$ORIGIN", read_origin},
                  {"$TTL", zone_read_ttl},
                  {"$INCLUDE", read_include},
                  {"$GENERATE", read_generate}};

/* read_directive - an entry that begins with "$" */
static void read_directive(struct reader *reader, const struct zone_entry *entry)
{
    for (size_t i = 0; i < COUNT_OF(directives); i++) {
        if (span_equal_nocase(entry->words[0].text, directives[i].word)) {
            directives[i].read(reader, entry);
            return;
        }
    }
    zone_fault_add(reader->zone, entry->line, "\"%s\" is not a directive; remove the line",
                   zone_shown(reader->scratch, entry->words[0].text));
}

/* is_other_class - a class that is not IN, by name (RFC 1035, 3.2.4; RFC 6895, 3.2) */
static bool is_other_class(struct span word)
{
    static const char *const names[] = {"CH", "HS", "CS", "NONE"};

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (span_equal_nocase(word, names[i]))
            return true;
    return span_starts_with_nocase(word, "CLASS") && word.len > 5 && ascii_is_digit(word.at[5]);
}

/* read_ttl_and_class - either may come first, both may be missing; returns the index of the
 * word after them, 0 after noting a fault */
static size_t read_ttl_and_class(struct reader *reader, const struct zone_entry *entry,
                                 size_t at, struct zone_draft *draft)
{
    bool has_class = false;

    for (; at < entry->count && !entry->words[at].is_quoted; at++) {
        struct span word = entry->words[at].text;

        if (!has_class &&
            (span_equal_nocase(word, "IN") || span_equal_nocase(word, "CLASS1"))) {
            has_class = true;
        } else if (!has_class && is_other_class(word)) {
            zone_fault_add(reader->zone, entry->words[at].line,
                           "class \"%s\"; only class IN is read, remove the record",
                           zone_shown(reader->scratch, word));
            return 0;
        } else if (!draft->has_ttl && word.len > 0 && ascii_is_digit(word.at[0])) {
            if (!zone_ttl_parse(word, &draft->ttl)) {
                zone_fault_add(reader->zone, entry->words[at].line,
                               "expected a TTL or a type instead of \"%s\"; a TTL is at most "
                               "2147483647 (RFC 2181, 8)",
                               zone_shown(reader->scratch, word));
                return 0;
            }
            draft->has_ttl = true;
        } else {
            break;
        }
    }
    return at;
}

/* zone_read_type - false after noting a fault */
static bool zone_read_type(struct reader *reader, const struct zone_entry *entry, size_t at,
                           struct zone_draft *draft)
{
    const struct zone_word *word = &entry->words[at];

    if (at >= entry->count)
        return zone_fault_add(reader->zone, entry->line,
                              "the record has no type; add it, or remove the line");
    if (word->is_quoted)
        return zone_fault_add(
            reader->zone, word->line,
            "a quoted string where a type belongs; to continue the text of the "
            "record before, put all its strings in brackets");
    if (!zone_type_parse(word->text, &draft->type))
        return zone_fault_add(
            reader->zone, word->line,
            "\"%s\" is not a record type; correct it, or write TYPEnnn for a new "
            "one (RFC 3597, 5)",
            zone_shown(reader->scratch, word->text));
    if ((int)draft->type == 0 || (int)draft->type == TYPE_OPT ||
        ((int)draft->type >= TYPE_META_FIRST && (int)draft->type <= TYPE_META_LAST))
        return zone_fault_add(reader->zone, word->line,
                              "type \"%s\" is not allowed in a zone; remove the record",
                              zone_shown(reader->scratch, word->text));
    return true;
}

/* read_owner - the name of this record or of the one before; returns the index of the word
 * after it, or entry->count with no owner set after noting a fault */
static size_t read_owner(struct reader *reader, const struct zone_entry *entry)
{
    if (entry->begins_blank || entry->count == 0) {
        if (reader->owner == NULL)
            zone_fault_add(reader->zone, entry->line,
                           "the line begins with a blank, so its owner is that of the record "
                           "before, which has none; write the owner");
        return 0;
    }
    if (entry->words[0].is_quoted) {
        zone_fault_add(reader->zone, entry->line,
                       "a quoted string where an owner belongs; to continue the text of the "
                       "record before, put all its strings in brackets");
        return 0;
    }
    reader->owner = zone_read_name_of(reader, &entry->words[0]);
    return 1;
}

/* needs_origin - without an origin only an SOA with an absolute owner says which zone this
 * is; its owner is the origin then */
static bool needs_origin(struct reader *reader, const struct zone_draft *draft)
{
    if (reader->origin != NULL)
        return false;
    if (draft->type == DNS_SOA) {
        reader->origin = draft->owner;
        return false;
    }
    zone_fault_add(reader->zone, draft->line,
                   "a record before anything says which zone this is; begin with the SOA or "
                   "$ORIGIN, or name the zone as zone:FILE@ORIGIN");
    reader->is_lost = true;
    return true;
}

/* choose_ttl - what a record without a TTL gets */
static uint32_t choose_ttl(const struct reader *reader)
{
    if (reader->has_default_ttl)
        return reader->default_ttl;
    return reader->has_soa_minimum ? reader->soa_minimum : TTL_DEFAULT;
}

/* zone_read_keep - add the record to those read */
static void zone_read_keep(struct reader *reader, struct dns_rr *rr,
                           const struct zone_draft *draft)
{
    struct zone *zone = reader->zone;

    if (zone->records == NULL)
        zone->records = rr;
    else
        zone->last_record->next = rr;
    zone->last_record = rr;
    zone->record_count++;
    if (draft->type != DNS_SOA || reader->soa_owner != NULL)
        return;
    reader->soa_owner = rr->owner;
    reader->has_soa_minimum = zone_soa_minimum(rr, &reader->soa_minimum);
}

/* zone_read_alias - ALIAS or ANAME, which many providers have and no standard: the
 * addresses are somebody else's, so all that is known is that there are some */
static bool zone_read_alias(struct reader *reader, const struct zone_entry *entry, size_t at)
{
    struct zone_remark *alias = NULL;
    const struct dns_name *target = NULL;

    if (at + 2 != entry->count || entry->words[at].is_quoted ||
        (!span_equal_nocase(entry->words[at].text, "ALIAS") &&
         !span_equal_nocase(entry->words[at].text, "ANAME")))
        return false;
    if ((target = zone_read_name_of(reader, &entry->words[at + 1])) == NULL)
        return true;
    alias = zone_remark_add(reader->zone, &reader->zone->aliases, entry->line);
    alias->owner = reader->owner;
    alias->text = target->text;
    return true;
}

/* zone_read_record - one record */
static void zone_read_record(struct reader *reader, const struct zone_entry *entry)
{
    struct zone_draft draft = {
        .zone = reader->zone, .scratch = reader->scratch, .line = entry->line};
    size_t faults = reader->zone->fault_count;
    size_t at = read_owner(reader, entry);
    struct dns_rr *rr = NULL;

    if (reader->owner == NULL || reader->zone->fault_count > faults)
        return;
    draft.owner = reader->owner;
    at = read_ttl_and_class(reader, entry, at, &draft);
    if (reader->zone->fault_count > faults || zone_read_alias(reader, entry, at) ||
        !zone_read_type(reader, entry, at, &draft) || needs_origin(reader, &draft))
        return;
    draft.origin = reader->origin;
    draft.words = entry->words + at + 1;
    draft.count = entry->count - at - 1;
    if (!draft.has_ttl)
        draft.ttl = choose_ttl(reader);
    draft.has_ttl = draft.has_ttl || reader->has_default_ttl;
    rr = zone_rdata_read(&draft);
    if (rr != NULL)
        zone_read_keep(reader, rr, &draft);
}

/* read_entry - a fault of the text, a directive or a record */
static void read_entry(struct reader *reader, const struct zone_entry *entry)
{
    if (entry->fault != NULL) {
        zone_fault_add(reader->zone, entry->fault_line, "%s", entry->fault);
        /* records without an owner may follow */
        if (!entry->begins_blank && entry->count > 0 && !entry->words[0].is_quoted)
            reader->owner = zone_read_name_of(reader, &entry->words[0]);
        return;
    }
    if (!entry->begins_blank && !entry->words[0].is_quoted &&
        span_starts_with(entry->words[0].text, "$"))
        read_directive(reader, entry);
    else
        zone_read_record(reader, entry);
}

/* choose_apex - the origin asked for, else the owner of the SOA, else the first $ORIGIN */
static void choose_apex(const struct reader *reader)
{
    struct zone *zone = reader->zone;

    if (zone->apex == NULL)
        zone->apex = reader->soa_owner != NULL ? reader->soa_owner : reader->first_origin;
}

/* explain_nothing - why a file without a single record is not a zone */
static void explain_nothing(const struct zone *zone, struct span bytes, struct err *why)
{
    if (bytes.len == 0)
        err_set(why, "%s: is empty, not a zone file", zone->path);
    else if (memchr(bytes.at, '\0', bytes.len) != NULL)
        err_set(why, "%s: is a binary file, not a zone file", zone->path);
    else if (zone->fault_count > 0)
        zone_faults_to_err(zone, why);
    else
        err_set(why, "%s: has no record in it, so it is not a zone file", zone->path);
}

/* zone_read_is_usable - there are records, and it is known which zone they are */
static bool zone_read_is_usable(const struct reader *reader, struct span bytes, struct err *why)
{
    const struct zone *zone = reader->zone;

    if (reader->is_lost) {
        zone_faults_to_err(zone, why);
        return false;
    }
    if (zone->record_count == 0) {
        explain_nothing(zone, bytes, why);
        return false;
    }
    if (zone->apex == NULL) {
        err_set(why, "%s: has neither an SOA nor $ORIGIN; name the zone as zone:%s@ORIGIN",
                zone->path, zone->path);
        return false;
    }
    return true;
}

bool zone_read(struct zone *zone, struct span bytes, struct err *why)
{
    struct reader reader = {.zone = zone, .scratch = arena_open(), .origin = zone->apex};
    bool is_read = false;

    if (span_starts_with(bytes, BYTE_ORDER_MARK)) {
        zone_fault_add(zone, 1,
                       "a byte order mark, which a name server takes for a part of "
                       "the first name; save the file without it");
        bytes = span_from(bytes, strlen(BYTE_ORDER_MARK));
    }
    zone_read_remarks(zone, bytes);
    zone_read_text(&reader, bytes, 0);
    choose_apex(&reader);
    is_read = zone_read_is_usable(&reader, bytes, why);
    arena_close(reader.scratch);
    return is_read;
}
