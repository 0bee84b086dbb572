/* The words of an ARC set. */
#include "model/arc_verdict.h"

const char *auth_arc_part_to_text(enum auth_arc_part part)
{
    static const char *const names[] = {"ARC-Authentication-Results", "ARC-Message-Signature",
                                        "ARC-Seal"};

    return names[part];
}
