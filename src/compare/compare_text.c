/* The other TXT records at the domain, which services look for, and the records by which the
 * domain accepts the DMARC reports of others. */
#include "compare/compare_private.h"

/* compare_neighbours - TXT records other than the SPF record */
static void compare_neighbours(struct comparison *comparison)
{
    const struct dns_answer *old = comparison->before->txt;
    const struct dns_answer *new = comparison->after->txt;

    if (old == NULL || new == NULL || old->status != DNS_OK ||
        (new->status != DNS_OK && !compare_is_nothing(new))) /* the part about SPF says so */
        return;
    for (const struct dns_rr *rr = dns_answer_first(old); rr; rr = dns_answer_next(old, rr))
        if (!rec_spf_is_record(rr->joined) && !dns_answer_has_text(new, rr->joined))
            compare_note_old(comparison, COMPARE_KIND_txt_neighbours_lost, old, rr)->what =
                compare_shown(comparison->arena, rr->joined);
}

/* compare_accepted - domains whose reports are no longer accepted here */
static void compare_accepted(struct comparison *comparison)
{
    const struct text_facts *old = comparison->before->accepted_reports;
    const struct text_facts *new = comparison->after->accepted_reports;
    size_t count = comparison->before->accepted_report_count;

    for (size_t i = 0; i < count && i < comparison->after->accepted_report_count; i++)
        if (compare_is_known(comparison, COMPARE_KIND_report_authorisation_lost, old[i].answer,
                             new[i].answer) &&
            old[i].rr != NULL && new[i].rr == NULL)
            compare_note_old(comparison, COMPARE_KIND_report_authorisation_lost, old[i].answer,
                             old[i].rr)
                ->what = old[i].answer->question.name->text;
}

void compare_text(struct comparison *comparison)
{
    compare_neighbours(comparison);
    compare_accepted(comparison);
}
