/* The version is compared octet by octet; rec_tags has already cut the rest. */
#include "record/rec_versioned.h"
#include "base/escape.h"
#include "record/rec_tags.h"

#define FIELD_NAME_MAX 32 /* RFC 8461, 3.1 and RFC 8460, 3 */

#define SHOWN 60 /* octets of a part quoted in a fault */

struct rec_versioned rec_versioned_start(struct arena *arena, struct span text,
                                         const char *version, struct rec_tags *tags)
{
    struct rec_versioned reading = {.arena = arena, .text = text, .version = version};

    rec_tags_parse(arena, text, tags);
    reading.faults = tags->faults;
    tags->faults = NULL; /* they go into the record's own list */
    return reading;
}

bool rec_versioned_is_record(struct span text, const char *version)
{
    struct span rest = text;
    struct span first = span_cut(&rest, ';');

    while (first.len > 0 && ascii_is_blank(first.at[first.len - 1]))
        first.len--;
    return span_starts_with(first, "v=") && span_equal_text(span_from(first, 2), version);
}

struct fault *rec_versioned_note(struct rec_versioned *reading, int kind, struct span part,
                                 const char *text)
{
    size_t at = part.at == NULL ? reading->text.len : (size_t)(part.at - reading->text.at);
    struct fault *fault =
        fault_add(reading->arena, reading->tail != NULL ? reading->tail : &reading->faults,
                  (struct fault){.kind = kind, .at = at, .part = part, .text = text});

    reading->tail = &fault->next;
    return fault;
}

const char *rec_versioned_shown(struct rec_versioned *reading, struct span part)
{
    return arena_printf(reading->arena, "\"%s\"", escape_to_text(reading->arena, part, SHOWN));
}

void rec_versioned_note_version(struct rec_versioned *reading, int kind)
{
    struct span rest = reading->text;
    struct span first = span_cut(&rest, ';');
    struct span value = first;
    struct span name = span_trim(span_cut(&value, '='));
    struct fault *fault = arena_new_of(reading->arena, struct fault);
    const char *why = NULL;

    if (reading->text.len == 0)
        why = "the record is empty";
    else if (!span_equal_nocase(name, "v") ||
             !span_equal_nocase(span_trim(value), reading->version))
        why = arena_printf(reading->arena, "does not begin with v=%s;", reading->version);
    else
        why = arena_printf(reading->arena,
                           "%s: the version is written exactly v=%s, without blanks",
                           rec_versioned_shown(reading, first), reading->version);
    *fault = (struct fault){
        .kind = kind,
        .is_fatal = true,
        .part = span_sub(first, 0, SHOWN),
        .text = why,
        .next = reading->faults, /* what explains the rest comes first */
    };
    reading->faults = fault;
}

bool rec_is_field_name(struct span name)
{
    if (name.len == 0 || name.len > FIELD_NAME_MAX || !ascii_is_alnum(name.at[0]))
        return false;
    for (size_t i = 1; i < name.len; i++)
        if (!ascii_is_alnum(name.at[i]) && span_find(span_of("_-."), name.at[i]) < 0)
            return false;
    return true;
}

/* versioned_is_field_value - the same; what is not visible ASCII is a fault of the list */
static bool versioned_is_field_value(struct span value)
{
    for (size_t i = 0; i < value.len; i++)
        if (!ascii_is_visible(value.at[i]) || value.at[i] == '=')
            return false;
    return value.len > 0;
}

/* drop_name_faults - those of names that these records may have */
static void drop_name_faults(struct rec_versioned *reading)
{
    struct fault **link = &reading->faults;

    while (*link != NULL)
        if ((*link)->kind == REC_TAG_NAME && rec_is_field_name((*link)->part))
            *link = (*link)->next;
        else
            link = &(*link)->next;
    reading->tail = NULL;
}

void rec_versioned_judge_fields(struct rec_versioned *reading, const struct rec_tags *tags,
                                const char *known, int kind)
{
    drop_name_faults(reading);
    for (const struct rec_tag *tag = tags->first; tag != NULL; tag = tag->next) {
        if (tag == tags->first || span_equal_text(tag->name, known))
            continue;
        if (tag->name.len > FIELD_NAME_MAX)
            rec_versioned_note(reading, kind, tag->name,
                               arena_printf(reading->arena, "%s: a name has at most %d octets",
                                            rec_versioned_shown(reading, tag->name),
                                            FIELD_NAME_MAX))
                ->is_fatal = true;
        if (!versioned_is_field_value(tag->value))
            rec_versioned_note(
                reading, kind, tag->name,
                arena_printf(reading->arena,
                             "%s: a value has one octet at least, and neither blanks nor "
                             "\"=\" in it",
                             rec_versioned_shown(reading, tag->name)))
                ->is_fatal = true;
    }
}

struct fault *rec_versioned_faults(struct rec_versioned *reading)
{
    struct fault *sorted = NULL;
    struct fault *next = NULL;

    for (struct fault *fault = reading->faults; fault != NULL; fault = next) {
        struct fault **link = &sorted;

        next = fault->next;
        while (*link != NULL && (*link)->at <= fault->at)
            link = &(*link)->next;
        fault->next = *link;
        *link = fault;
    }
    return sorted;
}
