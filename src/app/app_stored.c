/* Reports are compared by the fingerprints of their findings; what a report does not hold, such
 * as sets of addresses, is null in the comparison. */
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#include "app/app_stored.h"
#include "app/app_options.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "html/html.h"
#include "issue/issue_stored.h"
#include "render/render_page.h"
#include "model/issue.h"
#include "model/report.h"

#define SNIFF_OCTETS 256 /* a report begins with its schema */

bool app_stored_is(struct arena *arena, const char *path)
{
    static const char key[] = "\"schema\"";
    char *bytes = arena_alloc(arena, SNIFF_OCTETS);
    struct err why = {0};
    int fd = file_open(path, &why);
    ptrdiff_t got = fd >= 0 ? file_read(fd, bytes, SNIFF_OCTETS) : -1;
    struct span begin = got > 0 ? span_trim(span_make(bytes, (size_t)got)) : span_of("");

    if (fd >= 0)
        close(fd);
    return begin.len > 0 && begin.at[0] == '{' &&
           span_starts_with(span_trim(span_from(begin, 1)), key);
}

/* add_document - one more; false and `why` if it is not a report */
static bool add_document(struct render_stored *stored, json_t *document, const char *path,
                         struct err *why)
{
    const char *trouble = html_check(document);

    if (trouble != NULL) {
        err_set(why, "%s: report %zu: %s", path, json_array_size(stored->documents) + 1,
                trouble);
        json_decref(document);
        return false;
    }
    json_array_append_new(stored->documents, document);
    return true;
}

bool app_stored_read(struct app *app, const char *path, struct render_stored *stored,
                     struct err *why)
{
    struct span rest = {0};
    int line = 1;

    if (!file_load_text(app->arena, path, LIMIT_BASELINE_BYTES, &rest, why))
        return false;
    while ((rest = span_trim(rest)).len > 0) {
        json_error_t error = {0};
        json_t *document = json_loadb(rest.at, rest.len, JSON_DISABLE_EOF_CHECK, &error);

        if (document == NULL) {
            err_set(why, "%s:%d: not a JSON report: %s", path, line + error.line - 1,
                    error.text);
            return false;
        }
        if (!add_document(stored, document, path, why))
            return false;
        for (int i = 0; i < error.position; i++)
            line += rest.at[i] == '\n';
        rest = span_from(rest, (size_t)error.position);
    }
    stored->is_list = json_array_size(stored->documents) != 1;
    if (json_array_size(stored->documents) == 0)
        err_set(why, "%s: empty file", path);
    return why->kind == ERR_NONE;
}

/* ---- two of them ---- */

/* the reports of one subject; NULL: that file has none */
struct stored_pair {
    const json_t *reports[2]; /* old, new */
    const char *domain;
};

/* stored_get - a member of a member; NULL: none */
static const json_t *stored_get(const json_t *report, const char *part, const char *key)
{
    return json_object_get(json_object_get(report, part), key);
}

/* stored_key_of - what a report is about: its domain, and the message */
static const char *stored_key_of(struct arena *arena, const json_t *report)
{
    const char *domain = json_string_value(stored_get(report, "subject", "domain"));
    const char *message = json_string_value(
        json_object_get(stored_get(report, "subject", "message"), "message_id"));

    return arena_printf(arena, "%s %s", domain != NULL ? domain : "-",
                        message != NULL ? message : "");
}

/* stored_index - the reports of a list by their keys; of equal ones the first */
static json_t *stored_index(struct arena *arena, const json_t *list)
{
    json_t *by_key = json_object();
    size_t index = 0;
    json_t *report = NULL;

    json_array_foreach(list, index, report)
    {
        const char *key = stored_key_of(arena, report);

        if (json_object_get(by_key, key) == NULL)
            json_object_set(by_key, key, report);
    }
    return by_key;
}

/* stored_has - the report has the finding */
static bool stored_has(const json_t *report, const json_t *wanted)
{
    static const char *const keys[] = {"id", "status", "fingerprint"};
    size_t index = 0;
    json_t *finding = NULL;

    json_array_foreach(json_object_get(report, "findings"), index, finding)
    {
        size_t same = 0;

        while (same < 3 && json_equal(json_object_get(finding, keys[same]),
                                      json_object_get(wanted, keys[same])))
            same++;
        if (same == 3)
            return true;
    }
    return false;
}

/* stored_split - the findings of one report that the other has, or has not */
static json_t *stored_split(const json_t *report, const json_t *other, bool wants_same)
{
    json_t *list = json_array();
    size_t index = 0;
    json_t *finding = NULL;

    json_array_foreach(json_object_get(report, "findings"), index, finding)
    {
        if (stored_has(other, finding) == wants_same)
            json_array_append(list, finding);
    }
    return list;
}

/* stored_values - {"before", "after"} of a part of the audit */
static json_t *stored_values(const struct stored_pair *pair, const char *part, const char *key)
{
    return json_pack("{s:O?, s:O?}", "before",
                     json_object_get(stored_get(pair->reports[0], "audit", part), key), "after",
                     json_object_get(stored_get(pair->reports[1], "audit", part), key));
}

/* stored_receivers - those that answer otherwise */
static json_t *stored_receivers(const struct stored_pair *pair)
{
    json_t *list = json_array();
    const json_t *old = json_object_get(pair->reports[0], "receivers");
    size_t index = 0;
    json_t *after = NULL;

    json_array_foreach(json_object_get(pair->reports[1], "receivers"), index, after)
    {
        for (size_t i = 0; i < json_array_size(old); i++) {
            const json_t *before = json_array_get(old, i);

            if (!json_equal(json_object_get(before, "profile"),
                            json_object_get(after, "profile")) ||
                !json_equal(json_object_get(before, "bulk"), json_object_get(after, "bulk")) ||
                json_equal(json_object_get(before, "disposition"),
                           json_object_get(after, "disposition")))
                continue;
            json_array_append_new(list,
                                  json_pack("{s:O, s:O, s:n, s:O, s:O}", "profile",
                                            json_object_get(after, "profile"), "bulk",
                                            json_object_get(after, "bulk"), "message", "before",
                                            json_object_get(before, "disposition"), "after",
                                            json_object_get(after, "disposition")));
        }
    }
    return list;
}

/* stored_subject_object - what differs, in the form of gate */
static json_t *stored_subject_object(const struct stored_pair *pair)
{
    json_t *spf = stored_values(pair, "spf", "record");
    json_t *lookups = stored_values(pair, "spf", "lookups");

    json_object_update_new(spf, json_pack("{s:n, s:n, s:[O, O]}", "lost", "gained", "lookups",
                                          json_object_get(lookups, "before"),
                                          json_object_get(lookups, "after")));
    json_decref(lookups);
    return json_pack(
        "{s:s, s:O?, s:[], s:o, s:o, s:o, s:[], s:o, s:o, s:[], s:{s:[], s:[]}, s:o, s:n}",
        "domain", pair->domain, "result", json_object_get(pair->reports[1], "result"), "losses",
        "new", stored_split(pair->reports[1], pair->reports[0], false), "gone",
        stored_split(pair->reports[0], pair->reports[1], false), "already",
        stored_split(pair->reports[1], pair->reports[0], true), "gains", "spf", spf, "dmarc",
        stored_values(pair, "dmarc", "record"), "keys", "mx", "gone", "new", "receivers",
        stored_receivers(pair), "reports");
}

/* stored_differ - {"before", "after"} are not the same */
static bool stored_differ(const json_t *object, const char *part)
{
    return !json_equal(stored_get(object, part, "before"), stored_get(object, part, "after"));
}

/* stored_is_same - nothing differs */
static bool stored_is_same(const json_t *object, const struct stored_pair *pair)
{
    return pair->reports[0] != NULL && pair->reports[1] != NULL &&
           json_array_size(json_object_get(object, "new")) == 0 &&
           json_array_size(json_object_get(object, "gone")) == 0 &&
           json_array_size(json_object_get(object, "receivers")) == 0 &&
           !stored_differ(object, "spf") && !stored_differ(object, "dmarc");
}

/* ---- as text ---- */

#define TEXT_COLUMN 2 /* what is below a domain */

/* stored_word - a member that is text, safe to show: the file is not trusted */
static const char *stored_word(struct arena *arena, const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL ? escape_safe(arena, text) : "-";
}

/* put_stored_list - findings that came or went */
static void put_stored_list(struct page *page, const json_t *list, const char *mark,
                            enum page_style style)
{
    size_t index = 0;
    json_t *one = NULL;

    json_array_foreach(list, index, one)
    {
        page_to(page, TEXT_COLUMN);
        page_put(page, style, mark);
        page_wrap(page, PAGE_PLAIN,
                  arena_printf(page->arena, "%s: %s   %s",
                               stored_word(page->arena, one, "severity"),
                               stored_word(page->arena, one, "text"),
                               stored_word(page->arena, one, "id")));
    }
}

/* put_stored_records - a record before and after */
static void put_stored_records(struct page *page, const json_t *object, const char *part)
{
    static const char *const keys[] = {"before", "after"};
    static const char *const marks[] = {"- ", "+ "};

    for (size_t i = 0; i < 2 && stored_differ(object, part); i++) {
        const json_t *values = json_object_get(object, part);

        if (!json_is_string(json_object_get(values, keys[i])))
            continue;
        page_to(page, TEXT_COLUMN);
        page_put(page, i == 0 ? PAGE_BAD : PAGE_GOOD, marks[i]);
        page_wrap(page, PAGE_PLAIN, stored_word(page->arena, values, keys[i]));
    }
}

/* put_stored_subject - one domain that differs */
static void put_stored_subject(struct page *page, const json_t *object,
                               const struct stored_pair *pair)
{
    const json_t *added = json_object_get(object, "new");
    const json_t *gone = json_object_get(object, "gone");
    const char *only = pair->reports[0] == NULL   ? ", in the new report only"
                       : pair->reports[1] == NULL ? ", in the old report only"
                                                  : "";
    size_t index = 0;
    json_t *one = NULL;

    page_put(page, PAGE_NOTE, "DIFFERS  ");
    page_put(page, PAGE_STRONG, stored_word(page->arena, object, "domain"));
    page_wrap(page, PAGE_PLAIN,
              arena_printf(page->arena, ": %s, %s gone%s",
                           page_count(page, json_array_size(added), "new finding"),
                           page_count(page, json_array_size(gone), "finding"), only));
    put_stored_list(page, added, "+ ", PAGE_BAD);
    put_stored_list(page, gone, "- ", PAGE_GOOD);
    put_stored_records(page, object, "spf");
    put_stored_records(page, object, "dmarc");
    json_array_foreach(json_object_get(object, "receivers"), index, one)
    {
        page_to(page, TEXT_COLUMN);
        page_wrap(page, PAGE_PLAIN,
                  arena_printf(page->arena, "%s: %s -> %s",
                               stored_word(page->arena, one, "profile"),
                               stored_word(page->arena, one, "before"),
                               stored_word(page->arena, one, "after")));
    }
    page_end(page);
}

/* ---- together ---- */

/* add_stored_issues - what formats for CI show */
static void add_stored_issues(struct app *app, struct render_gate *gate, const json_t *object,
                              bool is_same)
{
    static const char *const lists[] = {"new", "already"};
    struct report_issue_subject *subject =
        report_issues_add_subject(gate->issues, stored_word(app->arena, object, "domain"),
                                  is_same ? REPORT_PASS : REPORT_FAIL);

    for (size_t i = 0; i < 2; i++) {
        size_t index = 0;
        json_t *one = NULL;

        json_array_foreach(json_object_get(object, lists[i]), index, one)
        {
            struct report_issue *issue = issue_add_stored(gate->issues, one);

            issue->kind = i == 0 ? ISSUE_NEW : ISSUE_ALREADY;
            issue->counts = i == 0;
        }
    }
    report_issues_close(gate->issues, subject,
                        is_same ? NULL : "findings, records or receivers' answers differ");
}

/* add_stored_pair - to all outputs and to the sums */
static void add_stored_pair(struct app *app, struct render_gate *gate,
                            const struct stored_pair *pair)
{
    json_t *object = stored_subject_object(pair);
    bool is_same = stored_is_same(object, pair);

    for (size_t i = 0; i < 2 && !is_same; i++) {
        struct page page = page_open(&gate->texts[i].options, &gate->texts[i].text);

        put_stored_subject(&page, object, pair);
    }
    add_stored_issues(app, gate, object, is_same);
    gate->sum.subjects++;
    gate->sum.changed += !is_same;
    json_array_append_new(gate->subjects, object);
}

/* add_stored_pairs - of all subjects in the old order, then those that came */
static void add_stored_pairs(struct app *app, struct render_gate *gate, json_t *const lists[2])
{
    json_t *by_key[2] = {stored_index(app->arena, lists[0]),
                         stored_index(app->arena, lists[1])};

    for (size_t side = 0; side < 2; side++) {
        const char *key = NULL;
        json_t *report = NULL;

        json_object_foreach(by_key[side], key, report)
        {
            const char *domain = json_string_value(stored_get(report, "subject", "domain"));
            struct stored_pair pair = {.domain = domain != NULL ? domain : "-"};

            pair.reports[side] = report;
            pair.reports[1 - side] = json_object_get(by_key[1 - side], key);
            if (side == 0 || pair.reports[0] == NULL)
                add_stored_pair(app, gate, &pair);
        }
    }
    json_decref(by_key[0]);
    json_decref(by_key[1]);
}

/* are_judged - every document is a report of check, or a line of scan */
static bool are_judged(const json_t *documents, const char *path, struct err *why)
{
    size_t index = 0;
    json_t *report = NULL;

    json_array_foreach(documents, index, report)
    {
        if (json_is_array(json_object_get(report, "findings")) &&
            json_is_object(json_object_get(report, "subject")))
            continue;
        err_set(why, "%s: report %zu is not from check or scan: only those can be compared",
                path, index + 1);
        return false;
    }
    return true;
}

bool app_stored_diff(struct app *app, const char *const paths[2], struct render_gate *gate,
                     struct err *why)
{
    static const char *const outputs[] = {"-", "file"};
    struct render_stored stored[2] = {{.documents = json_array()}, {.documents = json_array()}};
    bool is_fine = true;

    for (size_t i = 0; i < 2; i++) {
        gate->texts[i].options = app_report_options(&app->options, outputs[i]);
        gate->texts[i].text = sbuf_start(app->arena);
        is_fine = is_fine && app_stored_read(app, paths[i], &stored[i], why) &&
                  are_judged(stored[i].documents, paths[i], why);
    }
    gate->subjects = json_array();
    gate->time = app_options_now(&app->options);
    gate->issues = report_issues_open(app->arena, "diff", gate->time, app->options.threshold);
    gate->old_specs = &paths[0];
    gate->new_specs = &paths[1];
    gate->old_count = gate->new_count = 1;
    if (is_fine)
        add_stored_pairs(app, gate,
                         (json_t *const[2]){stored[0].documents, stored[1].documents});
    gate->result = gate->sum.changed > 0 ? REPORT_FAIL : REPORT_PASS;
    json_decref(stored[0].documents);
    json_decref(stored[1].documents);
    return is_fine;
}
