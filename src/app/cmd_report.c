/* report: a stored JSON report in another format. */
#include <jansson.h>

#include "app/app_run.h"
#include "app/app_stored.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/span.h"
#include "issue/issue_stored.h"
#include "model/issue.h"
#include "render/render_stored.h"
#include "render/render_shown.h"
#include "render/render_view.h"

/* read_issues - of all documents; NULL: of one of them it is not known */
static const struct report_issues *read_issues(struct app *app,
                                               const struct render_stored *stored)
{
    const json_t *first = json_array_get(stored->documents, 0);
    const char *time = json_string_value(json_object_get(first, "time"));
    struct report_issues *issues = report_issues_open(
        app->arena, stored->is_list ? "scan" : "check", 0, app->options.threshold);

    if (time != NULL)
        clock_parse(span_of(time), &issues->time);
    for (size_t i = 0; i < json_array_size(stored->documents); i++) {
        const json_t *document = json_array_get(stored->documents, i);

        if (render_shown_issues(document, issues))
            continue;
        if (json_object_get(document, "shown") != NULL ||
            !(json_is_array(json_object_get(document, "findings")) ||
              json_is_array(json_object_get(document, "errors"))))
            return NULL;
        issue_add_document(issues, document);
    }
    return issues;
}

/* find_view - what can be made of the documents */
static enum render_view find_view(struct app *app, const struct render_stored *stored)
{
    bool has_text = !stored->is_list &&
                    render_shown_text(app->arena, json_array_get(stored->documents, 0)) != NULL;

    if (stored->issues != NULL)
        return has_text ? VIEW_report : VIEW_report_list;
    return has_text ? VIEW_report_words : VIEW_report_older;
}

int cmd_report(struct app *app)
{
    struct render_stored stored = {.documents = json_array()};
    enum render_view view = VIEW_report;
    struct err why = {0};
    int status = STATUS_FINE;

    if (app_output_check(app, view, &why) &&
        app_stored_read(app, app->line.arguments[0], &stored, &why)) {
        stored.issues = read_issues(app, &stored);
        view = find_view(app, &stored);
    }
    if (why.kind != ERR_NONE || !app_output_check(app, view, &why) ||
        !app_output(app, view, &stored, &why))
        status = app_fail(app, &why);
    json_decref(stored.documents);
    return status;
}
