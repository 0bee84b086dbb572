/* What ARC adds to signatures: the instance and the chain's status. */
#include "record/rec_arc.h"
#include "model/rec_tags.h"

#define INSTANCE_DIGITS_MAX 2 /* position: RFC 8617, 3.9 */

bool rec_arc_instance_parse(struct span text, unsigned *instance_out)
{
    uint64_t number = 0;

    if (text.len > INSTANCE_DIGITS_MAX || !span_to_number(text, UINT64_MAX, &number))
        return false;
    *instance_out = (unsigned)number;
    return true;
}

bool rec_arc_instance(const struct rec_dkim_signature *signature, unsigned *instance_out)
{
    const struct rec_tag *tag = rec_tags_find(&signature->tags, "i");

    return tag != NULL && rec_arc_instance_parse(tag->value, instance_out);
}

enum rec_arc_cv rec_arc_seal_cv(const struct rec_dkim_signature *seal)
{
    const struct rec_tag *tag = rec_tags_find(&seal->tags, "cv");

    for (enum rec_arc_cv cv = REC_ARC_CV_NONE; tag != NULL && cv < REC_ARC_CV_UNKNOWN; cv++)
        if (span_equal_nocase(tag->value, rec_arc_cv_to_text(cv)))
            return cv;
    return REC_ARC_CV_UNKNOWN;
}
