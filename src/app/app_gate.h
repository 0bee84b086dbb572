/*
 * NAME
 *     app_gate - two worlds, evaluated and compared
 * DESCRIPTION
 *     What gate and diff share: app_gate_open() reads both worlds, the accepted
 *     losses and the samples of mail; app_gate_run() evaluates one domain after the
 *     other in both worlds, each in an arena of its own, and renders what the
 *     change does to it; app_gate_write() writes the outputs.
 * OWNERSHIP
 *     In the arena of the app; app_gate_close() frees sources and JSON.
 * ERRORS
 *     False and `why`. Nothing is written before everything is evaluated.
 */
#ifndef APP_GATE_H
#define APP_GATE_H

#include "app/app_gate_subjects.h"
#include "app/app_policies.h"
#include "app/app_run.h"
#include "app/app_world.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "feedback/feedback.h"
#include "issue/issue_column.h"
#include "issue/issue_gate.h"
#include "model/feedback.h"
#include "model/gate.h"
#include "model/issue.h"
#include "model/report.h"
#include "render/render_gate.h"
#include "render/render_view.h"

struct ledger;

enum { APP_GATE_OLD, APP_GATE_NEW }; /* indices of the worlds */

/* a sample of mail, and whose it is */
struct app_gate_message {
    const char *path;
    const struct dns_name *domain;
};

struct app_gate {
    struct app *app;
    struct app_world worlds[2]; /* old, new */
    struct app_gate_subjects *subjects;
    struct app_policies policies;
    struct report baseline; /* only what is known */
    struct report_accepts accepts;
    struct feedback_set *reports; /* of receivers; NULL */
    struct app_gate_message *messages;
    size_t message_count;

    enum render_view view; /* of gate, or of diff */
    struct render_gate shown;
    struct issue_change change;
    size_t counting; /* findings at the threshold */
    size_t had;      /* mail records of the old world, and how many the new one has too */
    size_t kept;
    struct ledger *answers; /* of the new world, for --save-snapshot; NULL */
};

bool app_gate_open(struct app_gate *gate, struct app *app, enum render_view view,
                   struct err *why);
bool app_gate_run(struct app_gate *gate, struct err *why);
bool app_gate_write(struct app_gate *gate, struct err *why);
void app_gate_close(struct app_gate *gate);

/* app_gate_judge.c: one domain in both worlds, to all outputs and sums */
bool app_gate_judge(struct app_gate *gate, struct app_gate_subject *subject,
                    struct issue_file *file, struct err *why);

#endif
