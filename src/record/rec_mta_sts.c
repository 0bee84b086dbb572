/* The grammar is that of a tag list with names that may also hold "-" and ".". */
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

/* is_extension_name - RFC 8461, 3.1: names may begin with a digit and hold "-" and "." */
static bool is_extension_name(struct span name)
{
    if (name.len == 0 || name.len > ID_MAX || !ascii_is_alnum(name.at[0]))
        return false;
    for (size_t i = 1; i < name.len; i++)
        if (!ascii_is_alnum(name.at[i]) && span_find(span_of("_-."), name.at[i]) < 0)
            return false;
    return true;
}

/* judge_faults - drop what this grammar allows; true if one of the rest undoes the record */
static bool judge_faults(struct fault **faults)
{
    bool is_fatal = false;

    while (*faults != NULL) {
        struct fault *fault = *faults;

        if (fault->kind == REC_TAG_NAME && is_extension_name(fault->part)) {
            *faults = fault->next;
            continue;
        }
        if (fault->kind == REC_TAG_DUPLICATE)
            fault->is_fatal = false;
        is_fatal = is_fatal || fault->is_fatal;
        faults = &fault->next;
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
    read_id(&reading, record_out);
    record_out->faults = rec_versioned_faults(&reading);
    record_out->is_fatal = judge_faults(&record_out->faults);
}
