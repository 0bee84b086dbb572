/*
 * NAME
 *     app_probe_judge - rule books, applied to what a live probe found
 * DESCRIPTION
 *     smtp DOMAIN --live mx --policy NAME: rule books ask whether all mail hosts offer
 *     STARTTLS, speak TLS 1.2, refuse old ciphers. The sessions say so; DNS says the
 *     rest, as for check. Old ciphers cost three more connections an address, which
 *     are made only where a rule asks for them. Receivers are refused: their rules
 *     are about mail, and a probe sends none.
 * OWNERSHIP
 *     In the arena of the run.
 * ERRORS
 *     Both return false and fill `why`.
 */
#ifndef APP_PROBE_JUDGE_H
#define APP_PROBE_JUDGE_H

#include "app/app_policies.h"
#include "app/app_run.h"
#include "app/pipeline.h"
#include "base/err.h"
#include "model/probe_report.h"
#include "render/render_probe.h"

/* those of --policy; none without it */
bool app_probe_books(struct app *app, struct app_policies *books_out, struct err *why);

/* gather what DNS says, judge, into the report; nothing where there are no rule books */
bool app_probe_judge(struct pipeline *pipeline, const struct app_policies *books,
                     struct probe_report *report, struct err *why);

#endif
