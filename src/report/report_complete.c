/* Each part has a file of its own; this is their order. */
#include "report/report_complete.h"

#include "report/report_spf.h"
#include "report/report_step.h"
#include "report/report_traffic.h"

void report_complete(struct arena *arena, struct report *report)
{
    struct report_steps *steps = arena_new_of(arena, struct report_steps);
    struct report_spf *spf = arena_new_of(arena, struct report_spf);

    *steps = report_steps_of(arena, report);
    report->steps = steps;
    if (report->facts->domain.spf != NULL) {
        *spf = report_spf_of(arena, report->facts);
        report->spf = spf;
    }
    report_add_evidence(arena, report, report->findings);
    report_add_plan_evidence(arena, report);
}
