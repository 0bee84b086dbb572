/* What several answers look for among the findings. */
#include <string.h>

#include "base/span.h"
#include "model/dmarc_verdict.h"
#include "model/result.h"
#include "report/report_summing.h"

const struct finding *summing_find(const struct summing *sum, enum finding_id row)
{
    const struct finding *finding = sum->report->findings;

    while (finding != NULL && (finding->status != FINDING_FIRES || finding->row != row))
        finding = finding->next;
    return finding;
}

bool summing_has(const struct summing *sum, enum finding_id row)
{
    return summing_find(sum, row) != NULL;
}

enum rec_dmarc_policy summing_wish(const struct facts *facts)
{
    const struct auth_dmarc_verdict *dmarc = facts->message.dmarc;

    if (dmarc == NULL || dmarc->result != DMARC_FAIL || dmarc->policy == NULL ||
        dmarc->policy->step == NULL)
        return REC_DMARC_NONE;
    return dmarc->policy->policy;
}

const struct finding *summing_key_error(const struct summing *sum)
{
    for (const struct finding *finding = sum->report->findings; finding != NULL;
         finding = finding->next)
        if (finding->status == FINDING_FIRES && finding->severity == SEV_ERROR &&
            span_starts_with(span_of(finding->id), "dkim_key_"))
            return finding;
    return NULL;
}
