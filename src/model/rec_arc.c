/* The words of cv=. */
#include "model/rec_arc.h"

const char *rec_arc_cv_to_text(enum rec_arc_cv cv)
{
    static const char *const words[] = {"none", "pass", "fail", "unknown"};

    return words[cv];
}
