/*
 * What a maintainer reads in the log of a failed job: the place, what is lost, both records,
 * what to do. What the change leaves as it was is one line.
 */
#include <string.h>

#include "base/arena.h"
#include "base/escape.h"
#include "render/render_gate.h"
#include "render/render_traffic.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/compare.h"
#include "model/finding.h"
#include "model/gate.h"
#include "model/policy.h"
#include "model/remedy.h"
#include "model/report.h"
#include "model/spf_verdict.h"
#include "render/render_format.h"
#include "render/render_page.h"
#include "render/render_text.h"

#define COLUMN_FINDING 2
#define COLUMN_TEXT    6
#define PASSING_LINES  10 /* of a change that passes: nobody reads more in the log of a job */

/* ---- one finding ---- */

/* gate_place - "zones/example.com.zone:9:14", or the name and type of the record */
static const char *gate_place(struct page *page, const struct finding_where *where)
{
    if (where->file == NULL || where->line == 0)
        return arena_printf(page->arena, "%s %s", where->name != NULL ? where->name : "",
                            where->type != NULL ? where->type : "");
    return arena_printf(page->arena, where->column > 0 ? "%s:%d:%d" : "%s:%d",
                        render_raw(page->arena, where->file), where->line, where->column);
}

/* gate_style - how loud */
static enum page_style gate_style(const struct finding *finding)
{
    return finding->status == FINDING_UNDETERMINED ? PAGE_DOUBT
                                                   : page_severity_style(finding->severity);
}

/* gate_argument - a named argument; NULL: it has none, or it is empty */
static const char *gate_argument(const struct finding *finding, const char *key)
{
    const char *text = finding_text_of(finding, key);

    return text != NULL && text[0] != '\0' ? text : NULL;
}

/* is_shown_before - a finding before it in the list is of the same kind */
static bool is_shown_before(const struct finding *list, const struct finding *finding)
{
    for (; list != finding; list = list->next)
        if (list->status == FINDING_FIRES && list->row == finding->row)
            return true;
    return false;
}

/* gate_records - both records of a loss, one above the other */
static void gate_records(struct page *page, const struct finding *finding)
{
    const char *before = gate_argument(finding, "before");
    const char *after = gate_argument(finding, "after");

    if (strncmp(finding->id, "spf_", 4) != 0 || before == NULL ||
        finding->status != FINDING_FIRES || (after != NULL && strcmp(before, after) == 0))
        return;
    page_item(page, COLUMN_TEXT, "- ", before);
    if (after == NULL)
        return;
    page_item(page, COLUMN_TEXT, "+ ", after);
}

/* gate_remedy - the record that cures it, where one is proved */
static void gate_remedy(struct page *page, const struct finding *finding)
{
    const struct remedy *remedy = finding->remedy;

    if (remedy == NULL || remedy->edits == NULL || remedy->condition != NULL)
        return;
    page_item(page, COLUMN_TEXT, "fix  ",
              arena_printf(page->arena, "%s: %s", remedy->summary,
                           escape_to_text(page->arena,
                                          remedy->edits->rr->joined.len > 0
                                              ? remedy->edits->rr->joined
                                              : span_of(remedy_value(remedy->edits->rr)),
                                          TEXT_RECORD_SHOWN)));
}

/* gate_finding - place, severity, text and id on one line, as compilers write them, so that
 * other programs can read it; then records and what to do, once for several of one kind */
static void gate_finding(struct page *page, const struct finding *finding, bool is_first)
{
    const char *word = finding->status == FINDING_UNDETERMINED
                           ? "undetermined"
                           : severity_to_text(finding->severity);

    page_cell(page, COLUMN_FINDING, PAGE_STRONG, gate_place(page, &finding->where));
    page_putf(page, gate_style(finding), ": %s: ", word);
    page_put(page, PAGE_PLAIN, check_text(page->arena, finding));
    page_putf(page, PAGE_FAINT, "   %s", finding->id);
    page_end(page);
    if (finding->more > 0)
        page_linef(page, COLUMN_TEXT, PAGE_STRONG, "%zu more like this", finding->more);
    if (!is_first || finding->severity > SEV_WARNING)
        return;
    gate_records(page, finding);
    gate_remedy(page, finding);
    if (finding->remedy != NULL && finding->remedy->condition == NULL)
        return;
    page_item(page, COLUMN_TEXT, "-> ", check_hint(page->arena, finding));
}

/* gate_list - findings that count */
static void gate_list(struct page *page, const struct finding *list)
{
    for (const struct finding *finding = list; finding != NULL; finding = finding->next)
        if (finding->severity <= SEV_NOTICE || page->is_verbose)
            gate_finding(page, finding, !is_shown_before(list, finding));
}

/* ---- one domain ---- */

/* gate_length - of a list, down to a severity */
static size_t gate_length(const struct finding *list, enum severity least)
{
    size_t count = 0;

    for (; list != NULL; list = list->next)
        count += list->severity <= least && list->status == FINDING_FIRES;
    return count;
}

/* headline_words - "1 loss, 1 new error" */
static const char *headline_words(struct page *page, const struct report_gate *gate,
                                  bool has_all)
{
    const struct {
        size_t count;
        const char *noun;
    } parts[] = {{gate_length(gate->losses, SEV_INFO), "loss"},
                 {gate_length(gate->added, SEV_ERROR), "new error"},
                 {gate_length(gate->added, SEV_WARNING) - gate_length(gate->added, SEV_ERROR),
                  "new warning"},
                 {has_all ? gate_length(gate->already, SEV_NOTICE) : 0, "known finding"},
                 {gate_length(gate->gains, SEV_INFO), "gain"},
                 {gate_length(gate->gone, SEV_NOTICE), "cured finding"}};
    struct sbuf text = sbuf_start(page->arena);

    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        bool is_loss = strcmp(parts[i].noun, "loss") == 0;

        if (parts[i].count == 0)
            continue;
        sbuf_addf(&text, "%s%zu %s%s", text.len > 0 ? ", " : "", parts[i].count, parts[i].noun,
                  parts[i].count == 1 ? ""
                  : is_loss           ? "es"
                                      : "s");
    }
    return text.len > 0 ? sbuf_text(&text) : "nothing lost";
}

/* gate_headline - "FAIL  shop.example: 1 loss, 1 new error" */
static void gate_headline(struct page *page, const struct report_gate *gate, bool has_all)
{
    static const char *const words[] = {"PASS", "FAIL", "UNDETERMINED"};

    page_put(page, page_result_style(gate->result), words[gate->result]);
    page_put(page, PAGE_PLAIN, "  ");
    page_put(page, PAGE_STRONG, gate->compare->after->domain.name->text);
    page_wrapf(page, PAGE_PLAIN, ": %s", headline_words(page, gate, has_all));
}

/* count_same_keys - keys that the change leaves alone */
static size_t count_same_keys(const struct compare *compare)
{
    size_t count = 0;

    for (const struct compare_key *key = compare->keys; key != NULL; key = key->next)
        count += key->change == COMPARE_KEY_SAME;
    return count;
}

/* gate_text_weighty - "1 error or warning", "2 errors or warnings" */
static const char *gate_text_weighty(struct arena *arena, size_t count)
{
    return count == 1 ? "1 error or warning"
                      : arena_printf(arena, "%zu errors or warnings", count);
}

/* gate_unchanged - one line about what was there before */
static void gate_unchanged(struct page *page, const struct report_gate *gate)
{
    const struct auth_spf_tree *before = gate->compare->before->domain.spf;
    const struct auth_spf_tree *after = gate->compare->after->domain.spf;
    size_t keys = count_same_keys(gate->compare);
    size_t already = gate_length(gate->already, SEV_WARNING);
    struct sbuf text = sbuf_start(page->arena);

    if (already > 0)
        sbuf_addf(&text, "existing and unchanged: %s", gate_text_weighty(page->arena, already));
    if (before != NULL && after != NULL && before->lookups + after->lookups > 0)
        sbuf_add_item(&text, "; ",
                      arena_printf(page->arena, "SPF lookups %u -> %u of %d", before->lookups,
                                   after->lookups, AUTH_SPF_LOOKUP_MAX));
    if (keys > 0)
        sbuf_add_item(&text, "; ",
                      arena_printf(page->arena, "%s unchanged", page_count(page, keys, "key")));
    if (text.len == 0)
        return;
    page_line(page, COLUMN_FINDING, PAGE_FAINT, sbuf_text(&text));
}

/* gate_gains - what works then and did not before: a line each */
static void gate_gains(struct page *page, const struct finding *gains)
{
    for (; gains != NULL; gains = gains->next) {
        const char *networks = gate_argument(gains, "networks");

        page_item(page, COLUMN_FINDING, "+ ",
                  arena_printf(page->arena, "%s%s%s%s", check_text(page->arena, gains),
                               networks != NULL ? " (" : "", networks != NULL ? networks : "",
                               networks != NULL ? ")" : ""));
    }
}

/* gate_gone - findings that the change cures */
static void gate_gone(struct page *page, const struct finding *gone)
{
    struct sbuf text = sbuf_start(page->arena);

    for (; gone != NULL; gone = gone->next)
        if (gone->severity <= SEV_NOTICE && gone->status == FINDING_FIRES)
            sbuf_addf(&text, "%s%s", text.len > 0 ? ", " : "cures ", gone->id);
    if (text.len == 0)
        return;
    page_line(page, COLUMN_FINDING, PAGE_GOOD, sbuf_text(&text));
}

/* gate_switches - receivers that answer otherwise, a line each */
static void gate_switches(struct page *page, const struct report_switch *list)
{
    for (; list != NULL; list = list->next) {
        page_to(page, COLUMN_FINDING);
        if (list->message != NULL)
            page_putf(page, PAGE_STRONG, "%s: ", render_raw(page->arena, list->message));
        page_put(page, PAGE_NOTE,
                 policy_outcome_label(page->arena, report_switch_subject(list)));
        page_putf(page, PAGE_PLAIN, " %s -> ",
                  policy_outcome_action(page->arena, list->before));
        page_put(page, PAGE_PLAIN, policy_outcome_action(page->arena, list->after));
        page_end(page);
    }
}

void render_gate_text_subject(struct page *page, const struct report_gate *gate,
                              const struct report *after, bool has_all)
{
    (void)after;
    if (report_gate_is_same(gate) && !has_all)
        return;
    gate_headline(page, gate, has_all);
    if (page->is_verbose || !report_gate_is_same(gate)) {
        gate_list(page, gate->losses);
        gate_list(page, gate->added);
    }
    if (has_all)
        gate_list(page, gate->already);
    if (page->is_verbose || !report_gate_is_same(gate)) {
        gate_switches(page, gate->switches);
        gate_gains(page, gate->gains);
        gate_gone(page, gate->gone);
    }
    if (gate->traffic != NULL)
        render_traffic_change(page, gate->traffic, &gate->traffic_after);
    gate_unchanged(page, gate);
    page_end(page);
}

/* ---- the end ---- */

/* accept_line - an accepted loss that counts no more, or never did */
static void accept_line(struct page *page, const struct report_accept *accept)
{
    if (accept->file != NULL)
        page_putf(page, PAGE_STRONG, "%s:%d: ", render_raw(page->arena, accept->file),
                  accept->line);
    page_wrapf(page, PAGE_DOUBT, "allow %s%s%s %s %s", accept->finding,
               accept->about != NULL ? " " : "",
               accept->about != NULL ? render_raw(page->arena, accept->about) : "",
               accept->is_expired ? "expired on" : "is unused; until",
               render_raw(page->arena, accept->until));
}

/* add_parts - what was written about the domains; of a change that passes, a few lines */
static void add_parts(const struct render_gate *gate, struct span text, struct sbuf *out)
{
    size_t lines = 0;

    while (text.len > 0) {
        struct span line = span_cut(&text, '\n');

        if (++lines <= PASSING_LINES || !gate->is_short)
            sbuf_addf(out, "%.*s\n", SPAN_ARG(line));
    }
    if (gate->is_short && lines > PASSING_LINES)
        sbuf_addf(out, "and %zu more lines, which -v shows\n\n", lines - PASSING_LINES);
}

/* gate_sum - the last line */
static void gate_sum(struct page *page, const struct render_gate_sum *sum)
{
    struct sbuf text = sbuf_start(page->arena);

    sbuf_addf(&text, "%s: %zu changed, %zu fail", page_count(page, sum->subjects, "domain"),
              sum->changed, sum->failing);
    if (sum->undetermined > 0)
        sbuf_addf(&text, ", %zu undetermined", sum->undetermined);
    if (sum->dismissed > 0)
        sbuf_addf(&text, "; %s accepted, ignored or known",
                  page_count(page, sum->dismissed, "finding"));
    if (sum->already > 0)
        sbuf_addf(&text, "; %s existed before", gate_text_weighty(page->arena, sum->already));
    page_wrap(page, PAGE_PLAIN, sbuf_text(&text));
}

void render_gate_text(const struct render_gate *gate, const struct report_options *options,
                      struct sbuf *out)
{
    const struct report_accepts *accepts = gate->accepts;
    const struct report_options *first = &gate->texts[0].options;
    bool is_first = options->has_color == first->has_color && options->width == first->width;
    struct page page = page_open(options, out);

    add_parts(gate, sbuf_span(&gate->texts[is_first ? 0 : 1].text), out);
    for (size_t i = 0; i < accepts->count; i++)
        if (accepts->list[i].is_expired || !accepts->list[i].is_used)
            accept_line(&page, &accepts->list[i]);
    for (size_t i = 0; i < gate->file_count; i++)
        if (gate->files[i].text != NULL)
            page_wrap(&page, PAGE_FAINT, gate->files[i].text);
    gate_sum(&page, &gate->sum);
}
