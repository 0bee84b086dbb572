/* A tag list; both values are https: URIs or empty. */
#include "record/rec_bimi.h"
#include "base/dns_name.h"
#include "record/rec_uri.h"
#include "record/rec_versioned.h"

static const char version[] = "BIMI1";

bool rec_bimi_is_record(struct span text)
{
    return rec_versioned_is_record(text, version);
}

/* bimi_read_uri - the value of a tag; noted if it is neither empty nor an https: URI */
static struct span bimi_read_uri(struct rec_versioned *reading, const struct rec_tag *tag,
                                 int kind)
{
    const struct dns_name *host = NULL;
    const char *fault = NULL;

    if (tag == NULL)
        return (struct span){NULL, 0};
    if (tag->value.len > 0)
        fault = rec_https_fault(reading->arena, tag->value, &host);
    if (fault != NULL)
        rec_versioned_note(reading, kind, tag->value,
                           arena_printf(reading->arena, "%.*s=%s: %s", SPAN_ARG(tag->name),
                                        rec_versioned_shown(reading, tag->value), fault))
            ->is_fatal = true;
    return tag->value;
}

void rec_bimi_parse(struct arena *arena, struct span text, struct rec_bimi *record_out)
{
    struct rec_versioned reading;
    const struct rec_tag *location = NULL;

    *record_out = (struct rec_bimi){.is_record = rec_bimi_is_record(text)};
    reading = rec_versioned_start(arena, text, version, &record_out->tags);
    if (!record_out->is_record)
        rec_versioned_note_version(&reading, REC_BIMI_FAULT_VERSION);
    location = rec_tags_find(&record_out->tags, "l");
    if (location == NULL)
        rec_versioned_note(&reading, REC_BIMI_FAULT_NO_LOCATION, span_sub(text, 0, 0),
                           "no l= tag")
            ->is_fatal = true;
    record_out->location = bimi_read_uri(&reading, location, REC_BIMI_FAULT_LOCATION);
    record_out->authority = bimi_read_uri(&reading, rec_tags_find(&record_out->tags, "a"),
                                          REC_BIMI_FAULT_AUTHORITY);
    record_out->is_declined = record_out->is_record && location != NULL &&
                              record_out->location.len == 0 && record_out->authority.len == 0;
    record_out->faults = rec_versioned_faults(&reading);
    for (const struct fault *fault = record_out->faults; fault != NULL; fault = fault->next)
        record_out->is_fatal = record_out->is_fatal || fault->is_fatal;
}
