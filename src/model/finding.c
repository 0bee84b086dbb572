/* Words for the enums of a finding. */
#include "model/finding.h"

const char *severity_to_text(enum severity severity)
{
    static const char *const words[] = {"error", "warning", "notice", "info"};

    return words[severity];
}

const char *finding_status_to_text(enum finding_status status)
{
    static const char *const words[] = {"fires", "undetermined"};

    return words[status];
}
