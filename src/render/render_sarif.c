/*
 * SARIF 2.1.0 with what GitHub code scanning asks for beyond it. Two results of one rule on one
 * line become one alert there, so they are one result here. Lines are relative to the top of
 * the repository.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "render/render_format.h"
#include "render/render_issue.h"
#include "render/render_json.h"

#define SARIF_SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

/* where one may learn more; the project has no page of its own */
#define SARIF_ABOUT "https://www.rfc-editor.org/rfc/rfc9989"

/* a run under way */
struct sarif_run {
    struct arena *arena;
    const struct render_issue_row *rows;
    size_t count;
    bool *is_first;     /* by row: of those that are one alert */
    size_t *next;       /* by row: the next one of its alert; `count`: none */
    const char **rules; /* ids, in the order of their first result */
    size_t rule_count;
};

/* sarif_level - "note" stands for notices and information */
static const char *sarif_level(enum severity severity)
{
    static const char *const words[] = {"error", "warning", "note", "note"};

    return words[severity];
}

/* sarif_text - safe text, in which "](" makes no link */
static json_t *sarif_text(struct arena *arena, const char *text)
{
    struct sbuf out = sbuf_start(arena);

    for (; *text != '\0'; text++) {
        sbuf_add_octet(&out, *text);
        if (text[0] == ']' && text[1] == '(')
            sbuf_add_octet(&out, ' ');
    }
    return json_string(sbuf_text(&out));
}

/* sarif_message - {"text": ...} */
static json_t *sarif_message(struct arena *arena, const char *text)
{
    return json_pack("{s:o}", "text", sarif_text(arena, text));
}

/* sarif_stop - the full stop that a text wants */
static const char *sarif_stop(const char *text)
{
    size_t length = strlen(text);

    return length > 0 && strchr(".!?", text[length - 1]) == NULL ? "." : "";
}

/* sarif_sentence - begins with a capital and ends with a full stop */
static const char *sarif_sentence(struct arena *arena, const char *text)
{
    if (text[0] < 'a' || text[0] > 'z')
        return arena_printf(arena, "%s%s", text, sarif_stop(text));
    return arena_printf(arena, "%c%s%s", text[0] - 'a' + 'A', text + 1, sarif_stop(text));
}

/* ---- places ---- */

/* sarif_uri - a path as a relative reference, an absolute one as file: */
static json_t *sarif_uri(struct arena *arena, const char *path)
{
    struct sbuf out = sbuf_start(arena);

    if (path[0] == '/')
        sbuf_add(&out, "file://");
    while (strncmp(path, "./", 2) == 0)
        path += 2;
    for (; *path != '\0'; path++)
        if (strchr("/-._~", *path) != NULL || (*path >= '0' && *path <= '9') ||
            (*path >= 'a' && *path <= 'z') || (*path >= 'A' && *path <= 'Z'))
            sbuf_add_octet(&out, *path);
        else
            sbuf_addf(&out, "%%%02X", (unsigned char)*path);
    return json_string(sbuf_text(&out));
}

/* sarif_place - a physical location */
static json_t *sarif_place(struct arena *arena, const struct report_issue_place *at)
{
    json_t *region = json_pack("{s:i}", "startLine", at->line > 0 ? at->line : 1);

    if (at->column > 0)
        json_object_set_new(region, "startColumn", json_integer(at->column));
    return json_pack("{s:{s:o}, s:o}", "artifactLocation", "uri", sarif_uri(arena, at->file),
                     "region", region);
}

/* sarif_location - where a result is marked */
static json_t *sarif_location(struct arena *arena, const struct render_issue_row *row)
{
    const struct report_issue_place at = {render_issue_file(row), render_issue_line(row),
                                          row->issue->at.column};

    return json_pack("{s:o, s:[{s:o}]}", "physicalLocation", sarif_place(arena, &at),
                     "logicalLocations", "fullyQualifiedName",
                     render_json_text(arena, row->issue->name != NULL ? row->issue->name
                                                                      : row->subject->name));
}

/* ---- fixes ---- */

/* sarif_replacement - whole lines of a file */
static json_t *sarif_replacement(struct arena *arena, const struct report_issue_edit *edit)
{
    json_t *region = json_pack("{s:i, s:i, s:i, s:i}", "startLine", edit->line, "startColumn",
                               1, "endLine", edit->line + edit->lines, "endColumn", 1);
    json_t *object = json_pack("{s:o}", "deletedRegion", region);

    if (edit->text[0] != '\0')
        json_object_set_new(object, "insertedContent", json_pack("{s:s}", "text", edit->text));
    (void)arena;
    return object;
}

/* sarif_fixes - the proved remedy, by file */
static json_t *sarif_fixes(struct arena *arena, const struct report_issue *issue)
{
    json_t *changes = json_array();

    for (const struct report_issue_edit *edit = issue->edits; edit; edit = edit->next) {
        bool is_new = true;

        for (const struct report_issue_edit *one = issue->edits; one != edit; one = one->next)
            is_new &= strcmp(one->file, edit->file) != 0;
        if (!is_new)
            continue;
        json_t *replacements = json_array();

        for (const struct report_issue_edit *one = edit; one != NULL; one = one->next)
            if (strcmp(one->file, edit->file) == 0)
                json_array_append_new(replacements, sarif_replacement(arena, one));
        json_array_append_new(changes, json_pack("{s:{s:o}, s:o}", "artifactLocation", "uri",
                                                 sarif_uri(arena, edit->file), "replacements",
                                                 replacements));
    }
    return json_pack("[{s:o, s:o}]", "description",
                     sarif_message(arena, sarif_sentence(arena, issue->fix)), "artifactChanges",
                     changes);
}

/* ---- results ---- */

/* sarif_compare - for qsort(): rows of one alert come together, in their order */
static int sarif_compare(const void *a, const void *b)
{
    const struct render_issue_row *one = *(const struct render_issue_row *const *)a;
    const struct render_issue_row *two = *(const struct render_issue_row *const *)b;
    int order = strcmp(one->issue->id, two->issue->id);

    if (order == 0)
        order = strcmp(render_issue_file(one), render_issue_file(two));
    if (order == 0)
        order = render_issue_line(one) - render_issue_line(two);
    return order != 0 ? order : (one > two) - (one < two);
}

/* sarif_is_same - both are one alert */
static bool sarif_is_same(const struct render_issue_row *a, const struct render_issue_row *b)
{
    return strcmp(a->issue->id, b->issue->id) == 0 &&
           render_issue_line(a) == render_issue_line(b) &&
           strcmp(render_issue_file(a), render_issue_file(b)) == 0;
}

/* sarif_group - find the rows that are one alert */
static void sarif_group(struct sarif_run *run)
{
    const struct render_issue_row **sorted =
        arena_array_of(run->arena, const struct render_issue_row *, run->count + 1);

    run->is_first = arena_array_of(run->arena, bool, run->count + 1);
    run->next = arena_array_of(run->arena, size_t, run->count + 1);
    for (size_t i = 0; i < run->count; i++)
        sorted[i] = &run->rows[i];
    if (run->count > 0)
        qsort(sorted, run->count, sizeof(sorted[0]), sarif_compare);
    for (size_t i = 0; i < run->count; i++) {
        size_t at = (size_t)(sorted[i] - run->rows);

        run->is_first[at] = i == 0 || !sarif_is_same(sorted[i - 1], sorted[i]);
        run->next[at] = i + 1 < run->count && sarif_is_same(sorted[i], sorted[i + 1])
                            ? (size_t)(sorted[i + 1] - run->rows)
                            : run->count;
    }
}

/* sarif_rule_index - of the rule, noted if it is new */
static size_t sarif_rule_index(struct sarif_run *run, const char *id)
{
    for (size_t i = 0; i < run->rule_count; i++)
        if (strcmp(run->rules[i], id) == 0)
            return i;
    arena_append(run->arena, run->rules, run->rule_count, id);
    return run->rule_count - 1;
}

/* sarif_words - of the result and of those that are one with it */
static const char *sarif_words(const struct sarif_run *run, size_t first)
{
    struct sbuf text = sbuf_start(run->arena);

    for (size_t i = first; i < run->count; i = run->next[i])
        sbuf_addf(&text, "%s%s: %s", i > first ? "\n" : "", run->rows[i].subject->name,
                  render_issue_text(run->arena, run->rows[i].issue));
    sbuf_add(&text, sarif_stop(sbuf_text(&text)));
    return sbuf_text(&text);
}

/* sarif_result - one alert */
static json_t *sarif_result(struct sarif_run *run, size_t index)
{
    const struct render_issue_row *row = &run->rows[index];
    const struct report_issue *issue = row->issue;
    struct arena *arena = run->arena;
    json_t *result =
        json_pack("{s:s, s:I, s:s, s:o, s:[o], s:{s:o}, s:{s:o, s:s, s:s, s:b}}", "ruleId",
                  issue->id, "ruleIndex", (json_int_t)sarif_rule_index(run, issue->id), "level",
                  sarif_level(render_issue_level(issue)), "message",
                  sarif_message(arena, sarif_words(run, index)), "locations",
                  sarif_location(arena, row), "partialFingerprints", "mailassay/v1",
                  render_json_text(arena, arena_printf(arena, "%s|%s", row->subject->name,
                                                       issue->fingerprint)),
                  "properties", "subject", render_json_text(arena, row->subject->name), "kind",
                  report_issue_kind_to_text(issue->kind), "status",
                  issue->is_undetermined ? "undetermined" : "fires", "counts", issue->counts);

    if (issue->really.file != NULL)
        json_object_set_new(
            result, "relatedLocations",
            json_pack(
                "[{s:i, s:o, s:o}]", "id", 1, "message",
                sarif_message(arena, issue->world != NULL && strcmp(issue->world, "old") == 0
                                         ? "What the change removes."
                                         : "What this is about."),
                "physicalLocation", sarif_place(arena, &issue->really)));
    if (issue->edits != NULL)
        json_object_set_new(result, "fixes", sarif_fixes(arena, issue));
    return result;
}

/* sarif_results - every alert once, as many as a run may have */
static json_t *sarif_results(struct sarif_run *run)
{
    json_t *results = json_array();

    sarif_group(run);
    for (size_t i = 0; i < run->count && json_array_size(results) < LIMIT_SARIF_RESULTS; i++)
        if (run->is_first[i])
            json_array_append_new(results, sarif_result(run, i));
    return results;
}

/* ---- rules ---- */

/* sarif_rule - what is to be known of a rule whatever was found */
static json_t *sarif_rule(struct arena *arena, const struct report_issue *issue)
{
    static const char *const words[] = {"error", "warning", "recommendation", "recommendation"};
    const char *text = sarif_sentence(arena, issue->general);
    const char *hint = sarif_sentence(arena, issue->general_hint);
    const char *help = arena_printf(arena, "%s%s%s%s%s", text, hint[0] != '\0' ? " " : "", hint,
                                    issue->standards[0] != '\0' ? " See " : "",
                                    sarif_sentence(arena, issue->standards));

    return json_pack("{s:s, s:o, s:o, s:o, s:{s:s}, s:{s:[s,s,s], s:s, s:s}}", "id", issue->id,
                     "shortDescription", sarif_message(arena, text), "fullDescription",
                     sarif_message(arena, help), "help", sarif_message(arena, help),
                     "defaultConfiguration", "level", sarif_level(issue->severity),
                     "properties", "tags", "dns", "email", "security", "precision", "very-high",
                     "problem.severity", words[issue->severity]);
}

/* sarif_rules - those that have results */
static json_t *sarif_rules(const struct sarif_run *run)
{
    json_t *rules = json_array();

    for (size_t i = 0; i < run->rule_count; i++)
        for (size_t j = 0; j < run->count; j++)
            if (strcmp(run->rows[j].issue->id, run->rules[i]) == 0) {
                json_array_append_new(rules, sarif_rule(run->arena, run->rows[j].issue));
                break;
            }
    return rules;
}

/* sarif_category - one for each zone, so that runs over other zones do not close its alerts */
static const char *sarif_category(struct arena *arena, const struct report_issues *issues)
{
    if (issues->subject_count == 1)
        return arena_printf(arena, "mailassay-%s/%s/", issues->command, issues->subjects->name);
    return arena_printf(arena, "mailassay-%s/", issues->command);
}

/* sarif_headlines - of each subject that has one, by its name */
static json_t *sarif_headlines(struct arena *arena, const struct report_issues *issues)
{
    json_t *headlines = json_object();

    for (const struct report_issue_subject *one = issues->subjects; one; one = one->next)
        if (one->headline != NULL)
            json_object_set_new(headlines, render_safe(arena, one->name),
                                render_json_text(arena, one->headline));
    return headlines;
}

void render_sarif(const struct report_issues *issues, const struct report_options *options,
                  struct sbuf *out)
{
    struct sarif_run run = {.arena = out->arena};
    json_t *results = NULL;

    (void)options;
    run.rows = render_issue_rows(out->arena, issues, &run.count);
    results = sarif_results(&run);
    render_json_write(
        json_pack("{s:s, s:s, s:[{s:{s:{s:s, s:s, s:s, s:s, s:o}}, s:{s:s}, s:s, s:[{s:b, "
                  "s:s}], s:{s:o}, s:o}]}",
                  "$schema", SARIF_SCHEMA, "version", "2.1.0", "runs", "tool", "driver", "name",
                  "mailassay", "version", MAILASSAY_VERSION, "semanticVersion",
                  MAILASSAY_VERSION, "informationUri", SARIF_ABOUT, "rules", sarif_rules(&run),
                  "automationDetails", "id", sarif_category(out->arena, issues), "columnKind",
                  "unicodeCodePoints", "invocations", "executionSuccessful", 1, "endTimeUtc",
                  clock_to_text(out->arena, issues->time), "properties", "headlines",
                  sarif_headlines(out->arena, issues), "results", results),
        out);
}
