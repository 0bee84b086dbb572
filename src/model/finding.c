/* Words for the enums of a finding. */
#include "model/finding.h"

#include <string.h>

const char *severity_to_text(enum severity severity)
{
    static const char *const words[] = {"error", "warning", "notice", "info"};

    return words[severity];
}

enum severity severity_of_text(const char *word)
{
    int severity = SEV_ERROR;

    while (severity < SEV_INFO &&
           (word == NULL || strcmp(severity_to_text((enum severity)severity), word) != 0))
        severity++;
    return (enum severity)severity;
}

const char *finding_status_to_text(enum finding_status status)
{
    static const char *const words[] = {"fires", "undetermined"};

    return words[status];
}
