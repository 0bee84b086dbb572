/* A baseline is a report in JSON; only the fingerprints of its findings matter. */
#include <jansson.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/span.h"
#include "model/report.h"
#include "report/report.h"

/* baseline_collect - the fingerprints of some findings */
static void baseline_collect(struct arena *arena, struct report *report, const json_t *findings)
{
    const char **known = (const char **)report->known;
    size_t index = 0;
    const json_t *finding = NULL;

    json_array_foreach(findings, index, finding)
    {
        const char *text = json_string_value(json_object_get(finding, "fingerprint"));

        if (text != NULL)
            arena_append(arena, known, report->known_count, arena_strdup(arena, text));
    }
    report->known = known;
}

/* baseline_collect_subjects - the same of a report of gate */
static void baseline_collect_subjects(struct arena *arena, struct report *report,
                                      const json_t *subjects)
{
    static const char *const lists[] = {"losses", "new", "already"};
    size_t index = 0;
    const json_t *subject = NULL;

    json_array_foreach(subjects, index, subject)
    {
        for (size_t i = 0; i < COUNT_OF(lists); i++)
            baseline_collect(arena, report, json_object_get(subject, lists[i]));
    }
}

bool report_read_baseline(struct arena *arena, struct report *report, const char *path,
                          struct err *why)
{
    struct span bytes = {NULL, 0};
    json_error_t error = {0};
    json_t *root = NULL;
    const json_t *findings = NULL;
    const json_t *subjects = NULL;
    bool is_report = false;

    if (!file_load_text(arena, path, LIMIT_BASELINE_BYTES, &bytes, why))
        return false;
    if ((root = json_loadb(bytes.at ? bytes.at : "", bytes.len, 0, &error)) == NULL)
        err_set(why, "%s:%d: not a JSON report: %s", path, error.line, error.text);
    else if (!json_is_array(findings = json_object_get(root, "findings")) &&
             !json_is_array(subjects = json_object_get(root, "subjects")))
        err_set(why, "%s: not a report of this program: it has no \"findings\"", path);
    else
        is_report = true;
    if (is_report) {
        baseline_collect(arena, report, findings);
        baseline_collect_subjects(arena, report, subjects);
    }
    json_decref(root);
    return is_report;
}
