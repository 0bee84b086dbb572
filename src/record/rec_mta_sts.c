/* A tag list without blanks around "="; rec_versioned judges the fields that are extensions. */
#include "record/rec_mta_sts.h"
#include "record/rec_versioned.h"

#define ID_MAX 32 /* RFC 8461, 3.1 */

static const char version[] = "STSv1";

bool rec_mta_sts_is_record(struct span text)
{
    return span_find(text, ';') >= 0 && rec_versioned_is_record(text, version);
}

/* read_id - the first id= of the list */
static void read_id(struct rec_versioned *reading, struct rec_mta_sts *record)
{
    const struct rec_tag *tag = rec_tags_find(&record->tags, "id");
    bool is_valid = false;

    if (tag == NULL) {
        rec_versioned_note(reading, REC_MTA_STS_FAULT_NO_ID, span_sub(reading->text, 0, 0),
                           "no id= tag")
            ->is_fatal = true;
        return;
    }
    record->id = tag->value;
    is_valid = tag->value.len > 0 && tag->value.len <= ID_MAX;
    for (size_t i = 0; i < tag->value.len; i++)
        is_valid = is_valid && ascii_is_alnum(tag->value.at[i]);
    if (!is_valid)
        rec_versioned_note(reading, REC_MTA_STS_FAULT_ID, tag->value,
                           arena_printf(reading->arena,
                                        "id=%s: an id is 1 to %d letters and digits",
                                        rec_versioned_shown(reading, tag->value), ID_MAX))
            ->is_fatal = true;
}

/* has_tight_equals - no blank around "=", which the grammar of this record does not have */
static bool has_tight_equals(const struct rec_tag *tag)
{
    return tag->value.len == 0 || tag->value.at == tag->name.at + tag->name.len + 1;
}

/* note_blanks - around "=" */
static void note_blanks(struct rec_versioned *reading, const struct rec_tags *tags)
{
    for (const struct rec_tag *tag = tags->first; tag != NULL; tag = tag->next)
        if (tag != tags->first && !has_tight_equals(tag))
            rec_versioned_note(reading, REC_MTA_STS_FAULT_FIELD, tag->name,
                               arena_printf(reading->arena, "%s: a blank beside \"=\"",
                                            rec_versioned_shown(reading, tag->name)))
                ->is_fatal = true;
}

/* has_fatal - one of the faults undoes the record; a repeated tag does not */
static bool has_fatal(struct fault *fault)
{
    bool is_fatal = false;

    for (; fault != NULL; fault = fault->next) {
        if (fault->kind == REC_TAG_DUPLICATE)
            fault->is_fatal = false;
        is_fatal = is_fatal || fault->is_fatal;
    }
    return is_fatal;
}

void rec_mta_sts_parse(struct arena *arena, struct span text, struct rec_mta_sts *record_out)
{
    struct rec_versioned reading;

    *record_out = (struct rec_mta_sts){.is_record = rec_mta_sts_is_record(text)};
    reading = rec_versioned_start(arena, text, version, &record_out->tags);
    if (!record_out->is_record)
        rec_versioned_note_version(&reading, REC_MTA_STS_FAULT_VERSION);
    rec_versioned_judge_fields(&reading, &record_out->tags, "id", REC_MTA_STS_FAULT_FIELD);
    note_blanks(&reading, &record_out->tags);
    read_id(&reading, record_out);
    record_out->faults = rec_versioned_faults(&reading);
    record_out->is_fatal = has_fatal(record_out->faults);
}
