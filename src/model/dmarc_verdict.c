/* The words of a DMARC verdict. */
#include "model/dmarc_verdict.h"

const char *auth_dmarc_tag_to_text(enum auth_dmarc_tag tag)
{
    static const char *const words[] = {NULL, "p", "sp", "np"};

    return words[tag];
}

const struct auth_dmarc_step *auth_dmarc_own_step(const struct auth_dmarc_policy *policy,
                                                  const struct dns_name *name)
{
    const struct auth_dmarc_walk *walk = policy != NULL ? policy->walk : NULL;

    return name != NULL && walk != NULL && walk->step_count > 0 &&
                   dns_name_equal(walk->steps[0].domain, name)
               ? &walk->steps[0]
               : NULL;
}
