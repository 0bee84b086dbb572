/* The words of a forgery. */
#include "model/spoof.h"

#include <stddef.h>

const char *remedy_spoof_outcome_to_text(enum remedy_spoof_outcome outcome)
{
    switch (outcome) {
    case REMEDY_SPOOF_UNKNOWN:
        return NULL;
    case REMEDY_SPOOF_PASSES:
        return "passes";
    case REMEDY_SPOOF_NO_POLICY:
        return "no policy";
    case REMEDY_SPOOF_NONE:
        return "none";
    case REMEDY_SPOOF_QUARANTINE:
        return "quarantine";
    case REMEDY_SPOOF_REJECT:
        return "reject";
    }
    return NULL;
}
