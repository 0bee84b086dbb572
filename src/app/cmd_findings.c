/* findings: the catalogue, or one row of it. */
#include <string.h>

#include "app/app_run.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/span.h"
#include "base/suggest.h"
#include "model/finding.h"
#include "render/render_view.h"

/* find_row - by id; a wrong one gets a suggestion */
static const struct check_row *find_row(struct app *app, const char *id, struct err *why)
{
    const struct check_row *row = check_row_find(id);
    struct suggest suggest = suggest_start(id);
    const char *shown = escape_to_text(app->arena, span_of(id), LIMIT_SHOWN_BYTES);

    for (size_t i = 0; row == NULL && i < check_row_count(); i++)
        suggest_offer(&suggest, check_row_get(i)->id);
    if (row == NULL && suggest.best != NULL)
        err_set_kind(why, ERR_USAGE, "no finding \"%s\"; did you mean %s?", shown,
                     suggest.best);
    else if (row == NULL)
        err_set_kind(why, ERR_USAGE, "no finding \"%s\"; see mailassay findings", shown);
    return row;
}

int cmd_findings(struct app *app)
{
    const char *id = app->line.argument_count > 0 ? app->line.arguments[0] : NULL;
    const struct check_row *row = NULL;
    struct err why = {0};

    if (id != NULL && (row = find_row(app, id, &why)) == NULL)
        return app_fail(app, &why);
    if (app_output_check(app, VIEW_findings, &why) && app_output(app, VIEW_findings, row, &why))
        return STATUS_FINE;
    return app_fail(app, &why);
}
