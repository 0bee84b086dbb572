/* A baseline is a report in JSON; only the fingerprints of its findings matter. */
#include <jansson.h>

#include "base/file.h"
#include "base/limits.h"
#include "report/report.h"

/* baseline_collect - the fingerprints of the findings */
static void baseline_collect(struct arena *arena, struct report *report, const json_t *findings)
{
    const char **known = NULL;
    size_t count = 0;
    size_t index = 0;
    const json_t *finding = NULL;

    json_array_foreach(findings, index, finding)
    {
        const char *text = json_string_value(json_object_get(finding, "fingerprint"));

        if (text != NULL)
            arena_append(arena, known, count, arena_strdup(arena, text));
    }
    report->known = known;
    report->known_count = count;
}

bool report_read_baseline(struct arena *arena, struct report *report, const char *path,
                          struct err *why)
{
    struct span bytes = {NULL, 0};
    json_error_t error = {0};
    json_t *root = NULL;
    const json_t *findings = NULL;
    bool is_report = false;

    if (!file_load(arena, path, LIMIT_BASELINE_BYTES, &bytes, why))
        return false;
    if ((root = json_loadb(bytes.at ? bytes.at : "", bytes.len, 0, &error)) == NULL)
        err_set(why, "%s:%d: not a JSON report: %s", path, error.line, error.text);
    else if (!json_is_array(findings = json_object_get(root, "findings")))
        err_set(why, "%s: not a report of this program: it has no \"findings\"", path);
    else
        is_report = true;
    if (is_report)
        baseline_collect(arena, report, findings);
    json_decref(root);
    return is_report;
}
