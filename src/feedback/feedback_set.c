/* Each report, text and identity is kept once. */
#include <string.h>

#include "base/arena.h"
#include "base/escape.h"
#include "base/ip.h"
#include "base/limits.h"
#include "base/limits_reports.h"
#include "feedback/feedback_private.h"

/* a report that counts, to know it again */
struct set_known {
    const char *place;
    uint64_t digest;
};

void feedback_note(struct feedback_set *set, enum feedback_note_kind kind, const char *place,
                   const char *text)
{
    struct feedback_note *note = NULL;

    if (kind == FEEDBACK_NOTE_REFUSED) {
        set->reading->found++;
        set->refused++;
    }
    if (set->note_count >= LIMIT_FEEDBACK_NOTES) {
        set->notes_left_off++;
        return;
    }
    note = arena_new_of(set->arena, struct feedback_note);
    *note = (struct feedback_note){kind, place, text, NULL};
    *set->reading->note_tail = note;
    set->reading->note_tail = &note->next;
    set->note_count++;
}

/* ---- texts ---- */

const char *feedback_text(struct feedback_set *set, struct span text)
{
    bool is_new = false;
    void **slot = NULL;

    text = span_trim(text);
    slot = table_slot(set->reading->texts, text, &is_new);
    if (is_new)
        *slot = (void *)escape_to_text(set->arena, text, LIMIT_SHOWN_BYTES);
    return *slot;
}

const char *feedback_text_name(struct feedback_set *set, struct span text)
{
    char lower[LIMIT_SHOWN_BYTES];

    text = span_trim(text);
    if (text.len > 1 && text.at[text.len - 1] == '.')
        text.len--;
    if (text.len > sizeof(lower))
        return feedback_text(set, text);
    for (size_t i = 0; i < text.len; i++)
        lower[i] = ascii_to_lower(text.at[i]);
    return feedback_text(set, span_make(lower, text.len));
}

/* ---- identities ---- */

#define KEY_SIZE \
    (sizeof(uintptr_t) * (4 + 6 * (size_t)LIMIT_FEEDBACK_RESULTS)) /* of the largest */

/* set_key_add - one word of the key */
static void set_key_add(char *key, size_t *len, uintptr_t word)
{
    memcpy(key + *len, &word, sizeof(word));
    *len += sizeof(word);
}

const struct feedback_identity *feedback_identity_of(struct feedback_set *set,
                                                     const struct feedback_identity *identity)
{
    char key[KEY_SIZE];
    size_t len = 0;
    bool is_new = false;
    void **slot = NULL;
    struct feedback_identity *kept = NULL;

    set_key_add(key, &len, (uintptr_t)identity->header_from);
    set_key_add(key, &len, (uintptr_t)identity->envelope_from);
    set_key_add(key, &len, identity->dkim_count);
    for (size_t i = 0; i < identity->dkim_count; i++) {
        set_key_add(key, &len, (uintptr_t)identity->dkim[i].domain);
        set_key_add(key, &len, (uintptr_t)identity->dkim[i].selector);
        set_key_add(key, &len, (uintptr_t)identity->dkim[i].result);
    }
    set_key_add(key, &len, identity->spf_count);
    for (size_t i = 0; i < identity->spf_count; i++) {
        set_key_add(key, &len, (uintptr_t)identity->spf[i].domain);
        set_key_add(key, &len, (uintptr_t)identity->spf[i].is_helo);
        set_key_add(key, &len, (uintptr_t)identity->spf[i].result);
    }
    slot = table_slot(set->reading->identities, span_make(key, len), &is_new);
    if (!is_new)
        return *slot;
    kept = arena_new_of(set->arena, struct feedback_identity);
    *kept = *identity;
    kept->dkim = (const void *)arena_span(
                     set->arena, span_make((const char *)identity->dkim,
                                           identity->dkim_count * sizeof(*identity->dkim)))
                     .at;
    kept->spf = (const void *)arena_span(
                    set->arena, span_make((const char *)identity->spf,
                                          identity->spf_count * sizeof(*identity->spf)))
                    .at;
    *slot = kept;
    return kept;
}

/* ---- reports ---- */

/* set_mix - one more number of a report */
static uint64_t set_mix(uint64_t digest, uint64_t number)
{
    digest ^= number + 0x9E3779B97F4A7C15u + (digest << 6) + (digest >> 2);
    return digest * 0xFF51AFD7ED558CCDu;
}

/* set_digest - of the rows of a report */
static uint64_t set_digest(const struct feedback_row *rows, size_t count)
{
    uint64_t digest = count;

    for (size_t i = 0; i < count; i++) {
        const struct feedback_row *row = &rows[i];

        for (size_t k = 0; k < IP_V6_OCTETS; k++)
            digest = set_mix(digest, row->ip.octets[k]);
        digest = set_mix(digest, row->count);
        digest = set_mix(digest, (uintptr_t)row->identity);
        digest = set_mix(digest, (uint64_t)row->disposition * 4 + row->dkim_passed * 2u +
                                     row->spf_passed);
        digest = set_mix(digest, row->reasons);
    }
    return digest;
}

/* set_is_known - the report was added before, which is noted */
static bool set_is_known(struct feedback_set *set, const char *place, const char *key,
                         uint64_t digest)
{
    bool is_new = false;
    void **slot = table_slot(set->reading->reports, span_of(key), &is_new);
    const struct set_known *known = *slot;

    set->reading->found++;
    if (is_new) {
        struct set_known *first = arena_new_of(set->arena, struct set_known);

        *first = (struct set_known){place, digest};
        *slot = first;
        return false;
    }
    set->duplicates++;
    if (known->digest == digest)
        feedback_note(
            set, FEEDBACK_NOTE_DUPLICATE, place,
            arena_printf(set->arena, "is the same report as %s: counted once", known->place));
    else
        feedback_note(set, FEEDBACK_NOTE_DIFFERS, place,
                      arena_printf(set->arena,
                                   "has the same reporter, id and time as %s but other "
                                   "contents: the first one counts",
                                   known->place));
    return true;
}

/* set_keep_rows - the rows of the report that was read */
static void set_keep_rows(struct feedback_set *set, const struct feedback_report *report)
{
    struct feedback_reading *reading = set->reading;
    size_t count = set->row_count + report->rows;

    if (count > reading->row_room) {
        size_t room = 2 * count;
        struct feedback_row *rows = arena_array_of(set->arena, struct feedback_row, room);

        if (set->row_count > 0)
            memcpy(rows, set->rows, set->row_count * sizeof(rows[0]));
        set->rows = rows;
        reading->row_room = room;
    }
    for (size_t i = 0; i < report->rows; i++) {
        set->rows[set->row_count] = reading->rows[i];
        set->rows[set->row_count++].report = report;
    }
}

void feedback_commit(struct feedback_set *set, const struct feedback_report *report)
{
    uint64_t digest = set_digest(set->reading->rows, report->rows);
    struct feedback_report *kept = NULL;
    const char *key =
        arena_printf(set->arena, "%s\n%s\n%s\n%lld\n%lld\n%llx", report->reporter, report->id,
                     report->policy.domain, (long long)report->begin, (long long)report->end,
                     report->id[0] == '\0' ? (unsigned long long)digest : 0);

    if (set_is_known(set, report->place, key, digest))
        return;
    if (set->row_count + report->rows > LIMIT_FEEDBACK_ROWS) {
        feedback_note(set, FEEDBACK_NOTE_CUT, report->place,
                      arena_printf(set->arena,
                                   "is left out: more than %d records were read already",
                                   LIMIT_FEEDBACK_ROWS));
        return;
    }
    kept = arena_new_of(set->arena, struct feedback_report);
    *kept = *report;
    set_keep_rows(set, kept);
    *set->reading->report_tail = kept;
    set->reading->report_tail = &kept->next;
    set->report_count++;
}

/* set_tls_digest - of the counts of a TLS report */
static uint64_t set_tls_digest(const struct feedback_tls *report)
{
    uint64_t digest = 0;

    for (const struct feedback_tls_policy *policy = report->policies; policy != NULL;
         policy = policy->next) {
        digest = set_mix(set_mix(digest, policy->successful), policy->failed);
        for (const struct feedback_tls_failure *one = policy->failures; one != NULL;
             one = one->next)
            digest = set_mix(set_mix(digest, (uintptr_t)one->type), one->sessions);
    }
    return digest;
}

void feedback_commit_tls(struct feedback_set *set, const struct feedback_tls *report)
{
    struct feedback_tls *kept = NULL;
    const char *key =
        arena_printf(set->arena, "tls\n%s\n%s\n%lld\n%lld", report->reporter, report->id,
                     (long long)report->begin, (long long)report->end);

    if (set_is_known(set, report->place, key, set_tls_digest(report)))
        return;
    kept = arena_new_of(set->arena, struct feedback_tls);
    *kept = *report;
    *set->reading->tls_tail = kept;
    set->reading->tls_tail = &kept->next;
    set->tls_count++;
}

/* ---- opening ---- */

struct feedback_set *feedback_open(struct arena *arena)
{
    struct feedback_set *set = arena_new_of(arena, struct feedback_set);
    struct feedback_reading *reading = arena_new_of(arena, struct feedback_reading);

    set->arena = arena;
    set->reading = reading;
    reading->zip = sbuf_start(arena);
    reading->json = sbuf_start(arena);
    reading->texts = table_open(arena);
    reading->identities = table_open(arena);
    reading->reports = table_open(arena);
    reading->note_tail = &set->notes;
    reading->report_tail = &set->reports;
    reading->tls_tail = &set->tls;
    return set;
}
