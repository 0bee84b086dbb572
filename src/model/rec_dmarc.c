/* The words of policies, and what a record begins with. */
#include "model/rec_dmarc.h"

const char *const rec_dmarc_policies[] = {"none", "quarantine", "reject", NULL};

const char *rec_dmarc_policy_to_text(enum rec_dmarc_policy policy)
{
    return rec_dmarc_policies[policy];
}

/* trim_wsp - without SP and HTAB around (RFC 9989, 4.8: WSP) */
static struct span trim_wsp(struct span text)
{
    while (text.len > 0 && ascii_is_blank(text.at[0]))
        text = span_from(text, 1);
    while (text.len > 0 && ascii_is_blank(text.at[text.len - 1]))
        text.len--;
    return text;
}

bool rec_dmarc_is_record(struct span text)
{
    struct span rest = text;
    struct span value = span_cut(&rest, ';');
    struct span name = span_cut(&value, '=');

    if (name.len == 0 || ascii_is_blank(name.at[0]) || value.at == NULL)
        return false;
    return span_equal_nocase(trim_wsp(name), "v") && span_equal_text(trim_wsp(value), "DMARC1");
}
