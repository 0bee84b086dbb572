/* The words of a DMARC verdict. */
#include "model/dmarc_verdict.h"

const char *auth_dmarc_tag_to_text(enum auth_dmarc_tag tag)
{
    static const char *const words[] = {NULL, "p", "sp", "np"};

    return words[tag];
}
