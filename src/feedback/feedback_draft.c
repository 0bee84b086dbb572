/* What each value means, and which values are required. */
#include "feedback/feedback_draft.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/ip.h"
#include "base/limits_reports.h"
#include "feedback/feedback_word.h"

#define SHOWN_SIZE 60

void feedback_draft_open(struct feedback_draft *draft, struct feedback_part *part)
{
    memset(draft, 0, sizeof(*draft));
    draft->part = part;
    draft->set = part->set;
    draft->report.place = part->place;
    draft->report.reporter = draft->report.contact = draft->report.id = "";
}

/* draft_shown - a value of the report, fit for a sentence */
static const char *draft_shown(const struct feedback_draft *draft, struct span text)
{
    return escape_to_text(draft->set->arena, text, SHOWN_SIZE);
}

/* draft_trouble - the first reason why the report, or the row, does not count */
static void draft_trouble(const struct feedback_draft *draft, const char **trouble,
                          const char *text)
{
    if (*trouble == NULL)
        *trouble = arena_printf(draft->set->arena, "line %" PRIu64 ": %s", draft->line, text);
}

/* draft_row_trouble - of the row */
static void draft_row_trouble(struct feedback_draft *draft, const char *text)
{
    draft_trouble(draft, &draft->row_trouble, text);
}

/* ---- a row ---- */

/* draft_begin_row - nothing is known yet */
static void draft_begin_row(struct feedback_draft *draft)
{
    draft->row = (struct feedback_row){.disposition = FEEDBACK_UNKNOWN};
    draft->identity = (struct feedback_identity){"", "", draft->dkim, 0, draft->spf, 0};
    draft->has_ip = draft->has_count = draft->drops_dkim = draft->drops_spf = false;
    draft->row_trouble = NULL;
}

void feedback_draft_begin(struct feedback_draft *draft, enum feedback_element element)
{
    struct feedback_identity *identity = &draft->identity;

    if (element == ELEMENT_RECORD) {
        draft_begin_row(draft);
    } else if (element == ELEMENT_ROW && draft->has_ip) {
        draft_row_trouble(draft, "a record with more than one row");
    } else if (element == ELEMENT_DKIM) {
        draft->drops_dkim = identity->dkim_count >= LIMIT_FEEDBACK_RESULTS;
        if (!draft->drops_dkim)
            draft->dkim[identity->dkim_count++] = (struct feedback_dkim){"", "", DKIM_NONE};
    } else if (element == ELEMENT_SPF) {
        draft->drops_spf = identity->spf_count >= LIMIT_FEEDBACK_RESULTS;
        if (!draft->drops_spf)
            draft->spf[identity->spf_count++] = (struct feedback_spf){"", false, SPF_NONE};
    }
}

/* draft_odd_value - the row does not count */
static void draft_odd_value(struct feedback_draft *draft, const char *what, struct span text)
{
    draft_row_trouble(draft, arena_printf(draft->set->arena, "\"%s\" is not %s",
                                          draft_shown(draft, text), what));
}

/* draft_odd_word - a result that no standard has counts as "none" */
static void draft_odd_word(struct feedback_draft *draft, const char *what, struct span text)
{
    if (text.len > 0 && draft->odd_words++ < LIMIT_FEEDBACK_ROW_NOTES)
        feedback_note(draft->set, FEEDBACK_NOTE_ROW, draft->part->place,
                      arena_printf(draft->set->arena,
                                   "line %" PRIu64
                                   ": \"%s\" is not a %s result, and counts as \"none\"",
                                   draft->line, draft_shown(draft, text), what));
}

/* draft_row_value - what is in <row>; false: it is another element */
static bool draft_row_value(struct feedback_draft *draft, enum feedback_element element,
                            struct span text)
{
    struct feedback_row *row = &draft->row;
    unsigned bit = 0;

    if (element == ELEMENT_SOURCE_IP) {
        draft->has_ip = ip_parse(text, &row->ip);
        if (!draft->has_ip)
            draft_odd_value(draft, "an address", text);
    } else if (element == ELEMENT_COUNT) {
        draft->has_count = feedback_word_count(text, &row->count);
        if (!draft->has_count)
            draft_odd_value(draft, "a number of messages", text);
    } else if (element == ELEMENT_DISPOSITION) {
        feedback_word_disposition(text, &row->disposition);
    } else if (element == ELEMENT_EVALUATED_DKIM) {
        row->dkim_passed = span_equal_nocase(text, "pass");
    } else if (element == ELEMENT_EVALUATED_SPF) {
        row->spf_passed = span_equal_nocase(text, "pass");
    } else if (element == ELEMENT_REASON_TYPE) {
        row->reasons |= feedback_word_reason(text, &bit) ? bit : FEEDBACK_OTHER;
    } else if (element == ELEMENT_REASON_COMMENT) {
        row->reasons |= span_starts_with_nocase(text, "arc=pass") ? FEEDBACK_ARC : 0u;
    } else {
        return false;
    }
    return true;
}

/* draft_result_value - what is in <auth_results> */
static void draft_result_value(struct feedback_draft *draft, enum feedback_element element,
                               struct span text)
{
    size_t dkim_count = draft->identity.dkim_count;
    size_t spf_count = draft->identity.spf_count;
    struct feedback_dkim *dkim =
        dkim_count > 0 && !draft->drops_dkim ? &draft->dkim[dkim_count - 1] : NULL;
    struct feedback_spf *spf =
        spf_count > 0 && !draft->drops_spf ? &draft->spf[spf_count - 1] : NULL;

    if (element == ELEMENT_DKIM_DOMAIN && dkim != NULL)
        dkim->domain = feedback_text_name(draft->set, text);
    else if (element == ELEMENT_DKIM_SELECTOR && dkim != NULL)
        dkim->selector = feedback_text_name(draft->set, text);
    else if (element == ELEMENT_DKIM_RESULT && dkim != NULL) {
        if (!feedback_word_dkim(text, &dkim->result))
            draft_odd_word(draft, "DKIM", text);
    } else if (element == ELEMENT_SPF_DOMAIN && spf != NULL)
        spf->domain = feedback_text_name(draft->set, text);
    else if (element == ELEMENT_SPF_SCOPE && spf != NULL)
        spf->is_helo = span_equal_nocase(text, "helo");
    else if (element == ELEMENT_SPF_RESULT && spf != NULL) {
        if (!feedback_word_spf(text, &spf->result))
            draft_odd_word(draft, "SPF", text);
    } else if (element == ELEMENT_HEADER_FROM)
        draft->identity.header_from = feedback_text_name(draft->set, text);
    else if (element == ELEMENT_ENVELOPE_FROM)
        draft->identity.envelope_from = feedback_text_name(draft->set, text);
}

/* draft_keep_row - in the memory of the last report, if that is large enough */
static void draft_keep_row(struct feedback_draft *draft)
{
    struct feedback_reading *reading = draft->set->reading;

    if (draft->row_count == reading->pending_room) {
        size_t room = reading->pending_room > 0 ? 2 * reading->pending_room : 64;
        struct feedback_row *rows =
            arena_array_of(draft->set->arena, struct feedback_row, room);

        if (draft->row_count > 0)
            memcpy(rows, reading->rows, draft->row_count * sizeof(rows[0]));
        reading->rows = rows;
        reading->pending_room = room;
    }
    draft->row.identity = feedback_identity_of(draft->set, &draft->identity);
    reading->rows[draft->row_count++] = draft->row;
    draft->report.messages += draft->row.count;
}

/* draft_end_row - it counts, or is noted */
static void draft_end_row(struct feedback_draft *draft)
{
    if (!draft->has_ip)
        draft_row_trouble(draft, "a record without an address (source_ip)");
    if (!draft->has_count)
        draft_row_trouble(draft, "a record without a number of messages (count)");
    if (draft->row_trouble == NULL) {
        if (draft->identity.header_from[0] == '\0' && draft->report.policy.domain != NULL)
            draft->identity.header_from = draft->report.policy.domain;
        draft_keep_row(draft);
        return;
    }
    if (draft->report.bad_rows++ < LIMIT_FEEDBACK_ROW_NOTES)
        feedback_note(
            draft->set, FEEDBACK_NOTE_ROW, draft->part->place,
            arena_printf(draft->set->arena, "%s: the record is left out", draft->row_trouble));
}

/* ---- the report ---- */

/* draft_policy_value - what is in <policy_published> */
static void draft_policy_value(struct feedback_draft *draft, enum feedback_element element,
                               struct span text)
{
    struct feedback_policy *policy = &draft->report.policy;
    const struct {
        enum feedback_element element;
        const char **value;
    } values[] = {
        {ELEMENT_POLICY_P, &policy->p},           {ELEMENT_POLICY_SP, &policy->sp},
        {ELEMENT_POLICY_NP, &policy->np},         {ELEMENT_POLICY_ADKIM, &policy->adkim},
        {ELEMENT_POLICY_ASPF, &policy->aspf},     {ELEMENT_POLICY_PCT, &policy->pct},
        {ELEMENT_POLICY_FO, &policy->fo},         {ELEMENT_POLICY_TESTING, &policy->testing},
        {ELEMENT_POLICY_METHOD, &policy->method}, {ELEMENT_POLICY_DOMAIN, &policy->domain},
    };

    for (size_t i = 0; i < COUNT_OF(values); i++)
        if (values[i].element == element && text.len > 0)
            *values[i].value = feedback_text_name(draft->set, text);
}

/* draft_time - of begin and end */
static bool draft_time(struct feedback_draft *draft, struct span text, int64_t *out)
{
    bool is_time = feedback_word_time(text, out);

    if (!is_time)
        draft_trouble(draft, &draft->trouble,
                      arena_printf(draft->set->arena,
                                   "\"%s\" in date_range is not a time in seconds since 1970",
                                   draft_shown(draft, text)));
    return is_time;
}

/* draft_report_value - what is around the records */
static void draft_report_value(struct feedback_draft *draft, enum feedback_element element,
                               struct span text)
{
    struct feedback_report *report = &draft->report;

    if (element == ELEMENT_ORGANISATION)
        report->reporter = feedback_text(draft->set, text);
    else if (element == ELEMENT_EMAIL)
        report->contact = feedback_text(draft->set, text);
    else if (element == ELEMENT_REPORT_ID)
        report->id = feedback_text(draft->set, text);
    else if (element == ELEMENT_ERROR && text.len > 0 && report->error == NULL)
        report->error = feedback_text(draft->set, text);
    else if (element == ELEMENT_BEGIN)
        draft->has_begin = draft_time(draft, text, &report->begin);
    else if (element == ELEMENT_END)
        draft->has_end = draft_time(draft, text, &report->end);
    else
        draft_policy_value(draft, element, text);
}

void feedback_draft_end(struct feedback_draft *draft, enum feedback_element element,
                        struct span text)
{
    if (element == ELEMENT_OTHER)
        return;
    if (element == ELEMENT_RECORD)
        draft_end_row(draft);
    else if (element >= ELEMENT_RECORD && !draft_row_value(draft, element, text))
        draft_result_value(draft, element, text);
    else if (element < ELEMENT_RECORD)
        draft_report_value(draft, element, text);
}

/* draft_check - why the report does not count, or NULL */
static const char *draft_check(const struct feedback_draft *draft)
{
    const struct feedback_report *report = &draft->report;
    struct arena *arena = draft->set->arena;

    if (draft->trouble != NULL)
        return draft->trouble;
    if (report->policy.domain == NULL)
        return "has no domain (policy_published, domain)";
    if (!draft->has_begin || !draft->has_end)
        return "has no period (date_range)";
    if (report->end < report->begin)
        return arena_printf(arena, "ends (%s) before it begins (%s)",
                            clock_to_text(arena, report->end),
                            clock_to_text(arena, report->begin));
    return NULL;
}

void feedback_draft_close(struct feedback_draft *draft)
{
    struct feedback_report *report = &draft->report;
    const char *trouble = draft_check(draft);

    if (trouble != NULL) {
        feedback_part_refuse(draft->part, trouble);
        return;
    }
    if (report->bad_rows > LIMIT_FEEDBACK_ROW_NOTES)
        feedback_note(draft->set, FEEDBACK_NOTE_ROW, draft->part->place,
                      arena_printf(draft->set->arena, "%zu more records are left out",
                                   report->bad_rows - LIMIT_FEEDBACK_ROW_NOTES));
    if (report->reporter[0] == '\0')
        report->reporter = report->contact[0] != '\0' ? report->contact : "unknown";
    report->rows = draft->row_count;
    feedback_commit(draft->set, report);
}
