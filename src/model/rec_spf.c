/* What can be said of a record and of its terms without evaluating them. */
#include "model/rec_spf.h"

bool rec_spf_is_record(struct span text)
{
    size_t len = strlen(REC_SPF_VERSION);

    return span_starts_with_nocase(text, REC_SPF_VERSION) &&
           (text.len == len || text.at[len] == ' ');
}

bool rec_spf_term_costs_lookup(const struct rec_spf_term *term)
{
    switch (term->kind) {
    case REC_SPF_INCLUDE:
    case REC_SPF_A:
    case REC_SPF_MX:
    case REC_SPF_PTR:
    case REC_SPF_EXISTS:
    case REC_SPF_REDIRECT:
        return true;
    case REC_SPF_ALL:
    case REC_SPF_IP4:
    case REC_SPF_IP6:
    case REC_SPF_EXP:
    case REC_SPF_UNKNOWN_MODIFIER:
    case REC_SPF_INVALID:
        return false;
    }
    return false;
}
