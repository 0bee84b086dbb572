/*
 * NAME
 *     app_ci - what a run says to the CI that it is part of
 * DESCRIPTION
 *     Under GitHub Actions (GITHUB_ACTIONS=true) annotations go to standard error, where the
 *     runner reads them too, so that standard output stays data; and the summary as Markdown is
 *     appended to the file that GITHUB_STEP_SUMMARY names. Under GitLab CI (GITLAB_CI=true) a
 *     notice says which outputs its merge requests show. Only for what has such formats.
 * OWNERSHIP
 *     Scratch is in the arena of the run.
 * ERRORS
 *     A summary that cannot be written is a notice; the outputs are written all the same.
 */
#ifndef APP_CI_H
#define APP_CI_H

#include "app/app_run.h"
#include "render/render_view.h"

/* `shown` has the type of the view; `has_format` says which formats the outputs have */
void app_ci_show(struct app *app, enum render_view view, const void *shown,
                 const bool has_format[]);

/* this run is part of such a CI */
bool app_ci_is_there(void);

#endif
