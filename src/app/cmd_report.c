/* report: a stored JSON report in another format. */
#include <jansson.h>

#include "app/app_run.h"
#include "base/file.h"
#include "base/limits.h"
#include "html/html.h"
#include "render/render_html.h"

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

/* read_documents - one, or one a line */
static bool read_documents(struct app *app, const char *path, struct render_stored *stored,
                           struct err *why)
{
    struct span rest = {0};
    int line = 1;

    if (!file_load(app->arena, path, LIMIT_BASELINE_BYTES, &rest, why))
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
        err_set(why, "%s: it is empty", path);
    return why->kind == ERR_NONE;
}

int cmd_report(struct app *app)
{
    struct render_stored stored = {.documents = json_array()};
    struct err why = {0};
    int status = STATUS_FINE;

    if (!app_output_check(app, VIEW_report, &why) ||
        !read_documents(app, app->line.arguments[0], &stored, &why) ||
        !app_output(app, VIEW_report, &stored, &why))
        status = app_fail(app, &why);
    json_decref(stored.documents);
    return status;
}
