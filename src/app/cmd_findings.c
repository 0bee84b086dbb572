/* findings: the catalogue, or one row of it. */
#include <string.h>

#include "app/app_options.h"
#include "app/app_run.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/span.h"
#include "model/finding.h"
#include "model/finding_id.h"
#include "render/render_view.h"
#include "remedy/remedy.h"

/* find_row - by id; a wrong one gets a suggestion */
static const struct check_row *find_row(struct app *app, const char *id, struct err *why)
{
    const struct check_row *row = check_row_find(id);

    if (row == NULL)
        err_set_kind(why, ERR_USAGE, "no finding \"%s\"%s", escape_shown(app->arena, id),
                     check_id_hint(app->arena, id));
    return row;
}

int cmd_findings(struct app *app)
{
    const char *id = app_line_argument(&app->line, 0);
    struct check_catalogue *catalogue = arena_new_of(app->arena, struct check_catalogue);
    struct err why = {0};

    if (id != NULL && (catalogue->only = find_row(app, id, &why)) == NULL)
        return app_fail(app, &why);
    for (size_t i = 0; i < check_row_count(); i++)
        catalogue->cures[i] = (struct check_cure){remedy_is_proposed((enum finding_id)i),
                                                  remedy_none_because((enum finding_id)i)};
    if (app_output_check(app, VIEW_findings, &why) &&
        app_output(app, VIEW_findings, catalogue, &why))
        return STATUS_FINE;
    return app_fail(app, &why);
}
