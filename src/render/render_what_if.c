/* --spf-add: what more terms of the SPF record would do, for people and as JSON. */
#include "base/escape.h"
#include "render/render_json.h"
#include "render/render_text.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/result.h"
#include "model/spf_verdict.h"

#define COLUMN_LINE 2
#define COLUMN_TEXT 12

/* ---- for people ---- */

/* count_line - a cost before and then, and what is left */
static void count_line(struct page *page, const char *label, const unsigned counts[2],
                       unsigned allowed)
{
    bool is_over = counts[1] > allowed;

    page_field(page, COLUMN_TEXT, label,
               arena_printf(page->arena, "%u -> %u of %u, %u %s", counts[0], counts[1], allowed,
                            is_over ? counts[1] - allowed : allowed - counts[1],
                            is_over ? "too many" : "left"));
}

/* ranges_line - a set of both families */
static void ranges_line(struct page *page, const char *label, const struct ip_ranges *both)
{
    struct sbuf sizes = sbuf_start(page->arena);
    struct sbuf networks = sbuf_start(page->arena);

    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++) {
        if (both[i].count == 0)
            continue;
        sbuf_add_item(&sizes, ", ", text_ranges_size(page, &both[i]));
        text_ranges_add(page, &networks, &both[i]);
    }
    if (sizes.len == 0)
        return;
    if (networks.len > 0)
        sbuf_addf(&sizes, ": %s", sbuf_text(&networks));
    page_field(page, COLUMN_TEXT, label, sbuf_text(&sizes));
}

/* findings_line - ids, each once */
static void findings_line(struct page *page, const char *label,
                          const struct finding *const *findings, size_t count)
{
    page_field(page, COLUMN_TEXT, label, text_ids(page->arena, findings, count));
}

/* verdict_lines - what becomes of the message at hand */
static void verdict_lines(struct page *page, const struct report_what_if *what)
{
    for (size_t i = 0; i < what->before->spf_count && i < what->after->spf_count; i++) {
        const struct auth_spf_verdict *before = what->before->spf[i];
        const struct auth_spf_verdict *after = what->after->spf[i];

        page_field(page, COLUMN_TEXT, before->identity == AUTH_SPF_HELO ? "HELO" : "SPF",
                   arena_printf(page->arena, "%s -> %s for %s",
                                spf_result_to_text(before->result),
                                spf_result_to_text(after->result), after->domain));
    }
    if (what->before->message.dmarc != NULL && what->after->message.dmarc != NULL)
        page_field(page, COLUMN_TEXT, "DMARC",
                   arena_printf(page->arena, "%s -> %s",
                                dmarc_result_to_text(what->before->message.dmarc->result),
                                dmarc_result_to_text(what->after->message.dmarc->result)));
}

/* count_dynamic - terms whose addresses nobody can list */
static size_t count_dynamic(const struct auth_spf_sets *sets)
{
    size_t count = 0;

    for (const struct auth_spf_dynamic *dynamic = sets != NULL ? sets->dynamic : NULL;
         dynamic != NULL; dynamic = dynamic->next)
        count++;
    return count;
}

/* changes_nobody - the terms are without effect for every client */
static bool changes_nobody(const struct report_what_if *what)
{
    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++)
        if (what->gained[i].count + what->lost[i].count > 0)
            return false;
    return count_dynamic(what->before->domain.spf_sets) ==
           count_dynamic(what->after->domain.spf_sets);
}

void render_text_what_if(struct page *page, const struct report_what_if *what)
{
    const struct auth_spf_tree *trees[2] = {NULL, NULL};
    struct sbuf title = sbuf_start(page->arena);

    if (what == NULL)
        return;
    sbuf_add(&title, "What if the SPF record had");
    for (size_t i = 0; i < what->term_count; i++)
        sbuf_addf(&title, " %s", escape_shown(page->arena, what->terms[i]));
    page_end(page);
    page_title(page, sbuf_text(&title));
    if (what->record == NULL) {
        page_field(page, COLUMN_TEXT, "",
                   arena_printf(page->arena, "unknown: %s", what->impossible));
        page_end(page);
        return;
    }
    trees[0] = what->before->domain.spf;
    trees[1] = what->after->domain.spf;
    page_field(page, COLUMN_TEXT, "record",
               escape_to_text(page->arena, span_of(what->record), TEXT_RECORD_SHOWN));
    count_line(page, "lookups", (const unsigned[]){trees[0]->lookups, trees[1]->lookups},
               AUTH_SPF_LOOKUP_MAX);
    count_line(page, "void", (const unsigned[]){trees[0]->void_lookups, trees[1]->void_lookups},
               AUTH_SPF_VOID_MAX);
    if (trees[1]->is_undetermined)
        page_field(page, COLUMN_TEXT, "",
                   "some queries failed: the true numbers may be higher");
    ranges_line(page, "more pass", what->gained);
    ranges_line(page, "fewer", what->lost);
    if (changes_nobody(what))
        page_field(page, COLUMN_TEXT, "more pass",
                   "nothing: other terms decide about these addresses already");
    verdict_lines(page, what);
    findings_line(page, "clears", what->proof.cleared, what->proof.cleared_count);
    findings_line(page, "brings", what->proof.introduced, what->proof.introduced_count);
    page_end(page);
}

/* ---- JSON ---- */

/* before_after - two values of one thing */
static json_t *before_after(json_t *before, json_t *after)
{
    return json_pack("{s:o, s:o}", "before", before, "after", after);
}

/* verdict_array - what SPF says for each identity */
static json_t *verdict_array(struct arena *arena, const struct report_what_if *what)
{
    json_t *array = json_array();

    for (size_t i = 0; i < what->before->spf_count && i < what->after->spf_count; i++) {
        const struct auth_spf_verdict *before = what->before->spf[i];
        const struct auth_spf_verdict *after = what->after->spf[i];

        json_array_append_new(array,
                              json_pack("{s:s, s:s, s:s, s:o}", "before",
                                        spf_result_to_text(before->result), "after",
                                        spf_result_to_text(after->result), "identity",
                                        before->identity == AUTH_SPF_HELO ? "helo" : "mailfrom",
                                        "domain", render_json_text(arena, after->domain)));
    }
    return array;
}

/* set_difference - all that is known of the record then */
static void set_difference(struct arena *arena, json_t *object,
                           const struct report_what_if *what)
{
    const struct auth_spf_tree *before = what->before->domain.spf;
    const struct auth_spf_tree *after = what->after->domain.spf;
    const struct auth_dmarc_verdict *dmarc[2] = {what->before->message.dmarc,
                                                 what->after->message.dmarc};

    json_object_update_new(
        object,
        json_pack(
            "{s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "lookups",
            before_after(json_integer(before->lookups), json_integer(after->lookups)),
            "void_lookups",
            before_after(json_integer(before->void_lookups), json_integer(after->void_lookups)),
            "undetermined", after->is_undetermined, "gained",
            render_json_ranges(arena, what->gained), "lost",
            render_json_ranges(arena, what->lost), "spf", verdict_array(arena, what), "dmarc",
            dmarc[0] == NULL || dmarc[1] == NULL
                ? json_null()
                : before_after(json_string(dmarc_result_to_text(dmarc[0]->result)),
                               json_string(dmarc_result_to_text(dmarc[1]->result))),
            "cleared", render_json_ids(what->proof.cleared, what->proof.cleared_count),
            "introduced", render_json_ids(what->proof.introduced, what->proof.introduced_count),
            "audit", render_json_audit_spf(arena, &what->after->domain)));
}

json_t *render_json_what_if(struct arena *arena, const struct report_what_if *what)
{
    json_t *object = NULL;
    json_t *terms = NULL;

    if (what == NULL)
        return json_null();
    terms = json_array();
    for (size_t i = 0; i < what->term_count; i++)
        json_array_append_new(terms, render_json_raw(arena, what->terms[i]));
    object = json_pack("{s:o, s:o, s:o}", "spf_add", terms, "impossible",
                       render_json_text(arena, what->impossible), "record",
                       render_json_raw(arena, what->record));
    if (what->record != NULL)
        set_difference(arena, object, what);
    return object;
}
