/* The words of c=, and what h= has. */
#include "model/rec_dkim.h"

const char *rec_dkim_canon_to_text(enum rec_dkim_canon header, enum rec_dkim_canon body)
{
    static const char *const texts[2][2] = {
        [REC_DKIM_SIMPLE] = {"simple/simple", "simple/relaxed"},
        [REC_DKIM_RELAXED] = {"relaxed/simple", "relaxed/relaxed"},
    };

    return texts[header][body];
}

bool rec_dkim_signs(const struct rec_dkim_signature *signature, struct span name)
{
    for (size_t i = 0; i < signature->signed_count; i++)
        if (span_same_nocase(signature->signed_names[i], name))
            return true;
    return false;
}
