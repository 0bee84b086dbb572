/* A tag list; rua= is a list of URIs of two schemes. */
#include "base/limits.h"
#include "record/rec_tls_rpt.h"
#include "record/rec_uri.h"
#include "record/rec_versioned.h"

static const char version[] = "TLSRPTv1";

bool rec_tls_rpt_is_record(struct span text)
{
    return span_find(text, ';') >= 0 && rec_versioned_is_record(text, version);
}

/* uri_fault - what is wrong with one entry; NULL: nothing */
static const char *uri_fault(struct arena *arena, struct rec_tls_rpt_uri *uri)
{
    if (span_starts_with_nocase(uri->text, "mailto:"))
        return rec_mailto_fault(arena, uri->text, &uri->host);
    if (span_starts_with_nocase(uri->text, "https:"))
        return rec_https_fault(arena, uri->text, &uri->host);
    return "reports go to mailto: and https: URIs only";
}

/* tls_rpt_read_rua - the entries of rua=; false if none of them is usable */
static bool tls_rpt_read_rua(struct rec_versioned *reading, struct rec_tls_rpt *record,
                             struct span value)
{
    struct rec_tls_rpt_uri **tail = &record->rua;
    bool has_usable = false;

    for (size_t count = 0; value.at != NULL; count++) {
        struct rec_tls_rpt_uri *uri = NULL;
        const char *fault = NULL;

        if (count >= LIMIT_REPORT_URIS) {
            span_cut(&value, ',');
            record->left_off++;
            continue;
        }
        uri = arena_new_of(reading->arena, struct rec_tls_rpt_uri);
        uri->text = span_trim(span_cut(&value, ','));
        fault = uri_fault(reading->arena, uri);
        if (fault != NULL)
            rec_versioned_note(reading, REC_TLS_RPT_FAULT_URI, uri->text,
                               arena_printf(reading->arena, "rua=%s: %s",
                                            rec_versioned_shown(reading, uri->text), fault));
        has_usable = has_usable || fault == NULL;
        *tail = uri;
        tail = &uri->next;
    }
    return has_usable;
}

void rec_tls_rpt_parse(struct arena *arena, struct span text, struct rec_tls_rpt *record_out)
{
    struct rec_versioned reading;
    const struct rec_tag *rua = NULL;
    bool has_usable = false;

    *record_out = (struct rec_tls_rpt){.is_record = rec_tls_rpt_is_record(text)};
    reading = rec_versioned_start(arena, text, version, &record_out->tags);
    if (!record_out->is_record)
        rec_versioned_note_version(&reading, REC_TLS_RPT_FAULT_VERSION);
    rec_versioned_judge_fields(&reading, &record_out->tags, "rua", REC_TLS_RPT_FAULT_FIELD);
    rua = rec_tags_find(&record_out->tags, "rua");
    if (rua == NULL)
        rec_versioned_note(&reading, REC_TLS_RPT_FAULT_NO_RUA, span_sub(text, 0, 0),
                           "no rua= tag")
            ->is_fatal = true;
    else
        has_usable = tls_rpt_read_rua(&reading, record_out, rua->value);
    record_out->faults = rec_versioned_faults(&reading);
    record_out->is_fatal = !record_out->is_record || !has_usable;
}
