/*
 * How far forged mail gets: as the domain, as a subdomain, as a name that does not
 * exist, by both standards of DMARC. The judge says what applies; here it becomes a word.
 */
#include "base/dns_name.h"
#include "model/dmarc_verdict.h"
#include "report/report_summing.h"

/* how far forged mail gets */
enum reach { REACH_UNKNOWN, REACH_INBOX, REACH_JUNK, REACH_NOWHERE };

/* reach_of - one outcome of the policy */
static enum reach reach_of(enum remedy_spoof_outcome outcome)
{
    static const enum reach reaches[] = {
        [REMEDY_SPOOF_UNKNOWN] = REACH_UNKNOWN, [REMEDY_SPOOF_PASSES] = REACH_INBOX,
        [REMEDY_SPOOF_NO_POLICY] = REACH_INBOX, [REMEDY_SPOOF_NONE] = REACH_INBOX,
        [REMEDY_SPOOF_QUARANTINE] = REACH_JUNK, [REMEDY_SPOOF_REJECT] = REACH_NOWHERE,
    };

    return reaches[outcome];
}

/* reach_rfc7489 - with pct= some mail falls to the next weaker policy (RFC 7489, 6.6.4) */
static enum reach reach_rfc7489(const struct remedy_spoof_cell *cell)
{
    enum reach reach = reach_of(cell->rfc7489);

    return cell->percent < 100 && reach > REACH_INBOX ? (enum reach)(reach - 1) : reach;
}

/* cell_reaches - the further of both standards */
static enum reach cell_reaches(const struct remedy_spoof_cell *cell)
{
    enum reach now = reach_of(cell->outcome);
    enum reach old = reach_rfc7489(cell);

    return now < old ? now : old;
}

/* has_rentable_network - who rents a host in a network of the SPF record passes */
static bool has_rentable_network(const struct summing *sum)
{
    return summing_has(sum, ID_spf_wide) || summing_has(sum, ID_spf_network_huge) ||
           summing_has(sum, ID_spf_all_pass);
}

/* has_open_spf - the policy is in force, and every address passes it by the SPF record */
static bool has_open_spf(const struct summing *sum)
{
    const struct auth_dmarc_policy *policy = sum->facts->domain.dmarc;

    return sum->spoof->policies[0].cells[REMEDY_SPOOF_DOMAIN].outcome == REMEDY_SPOOF_PASSES &&
           policy->step != NULL && policy->policy != REC_DMARC_NONE;
}

enum report_forgery summing_forgery(const struct summing *sum)
{
    const struct remedy_spoof_cell *cells = sum->spoof->policies[0].cells;
    const struct remedy_spoof_cell *own = &cells[REMEDY_SPOOF_DOMAIN];
    enum reach worst = REACH_NOWHERE;

    if (reach_of(own->outcome) == REACH_INBOX && reach_rfc7489(own) == REACH_INBOX &&
        !has_open_spf(sum))
        return REPORT_FORGERY_OPEN;
    for (size_t i = 0; i < REMEDY_SPOOF_SENDERS; i++)
        if (i != REMEDY_SPOOF_MISSING || sum->spoof->missing != NULL)
            worst = cell_reaches(&cells[i]) < worst ? cell_reaches(&cells[i]) : worst;
    if (worst == REACH_UNKNOWN)
        return REPORT_FORGERY_UNKNOWN;
    return worst == REACH_NOWHERE && !has_rentable_network(sum) ? REPORT_FORGERY_CLOSED
                                                                : REPORT_FORGERY_PARTLY;
}

/* policy_tag_text - "p=none at _dmarc.example.com" where it is at another name */
static const char *policy_tag_text(const struct summing *sum)
{
    const struct auth_dmarc_policy *policy = sum->facts->domain.dmarc;
    bool is_own = dns_name_equal(policy->step->domain, sum->facts->domain.name);

    return arena_printf(sum->arena, "%s=%s%s%s", auth_dmarc_tag_to_text(policy->tag),
                        rec_dmarc_policy_to_text(policy->written), is_own ? "" : " at ",
                        is_own ? "" : policy->step->domain->text);
}

/* has_useless_record - one was published, and it does not count */
static bool has_useless_record(const struct auth_dmarc_policy *policy)
{
    for (size_t i = 0; policy->walk != NULL && i < policy->walk->step_count; i++)
        if (policy->walk->steps[i].record_count > 0)
            return true;
    return false;
}

/* open_because - why others get through; a clause after the colon */
static const char *open_because(const struct summing *sum)
{
    const struct auth_dmarc_policy *policy = sum->facts->domain.dmarc;

    if (policy->step != NULL)
        return arena_printf(sum->arena, "DMARC asks for nothing (%s%s)", policy_tag_text(sum),
                            policy->is_lowered_by_testing ? ", lowered by t=y" : "");
    if (summing_has(sum, ID_dmarc_wrong_name))
        return "its DMARC record is where receivers do not look";
    if (has_useless_record(policy) || summing_has(sum, ID_dmarc_quoted) ||
        summing_has(sum, ID_dmarc_version))
        return "its DMARC record does not count";
    return sum->spf.state == REPORT_SPF_ABSENT ? "no DMARC record, and no SPF record"
                                               : "no DMARC record";
}

/* part_of - the hole of one sender; NULL: none */
static const char *part_of(const struct summing *sum, enum remedy_spoof_sender sender)
{
    static const char *const names[REMEDY_SPOOF_SENDERS] = {
        "", "a subdomain of ", "a name that does not exist below "};
    const struct remedy_spoof_cell *cell = &sum->spoof->policies[0].cells[sender];
    enum reach reach = cell_reaches(cell);
    const char *who = reach_of(cell->outcome) == reach_rfc7489(cell) ? ""
                      : reach_of(cell->outcome) == reach ? " at receivers that follow RFC 9989"
                                                         : " at receivers that follow RFC 7489";

    if (reach == REACH_INBOX)
        return arena_printf(sum->arena, "anyone can send as %s%s%s", names[sender], sum->domain,
                            who);
    if (reach == REACH_JUNK)
        return arena_printf(sum->arena, "forged mail as %s%s goes to junk, it is not refused%s",
                            names[sender], sum->domain, who);
    return NULL;
}

/* partly_clause - the widest hole first */
static const char *partly_clause(const struct summing *sum)
{
    const struct remedy_spoof_cell *cells = sum->spoof->policies[0].cells;
    const char *clause = NULL;

    for (int reach = REACH_INBOX; reach <= REACH_JUNK; reach++)
        for (int sender = 0; sender < REMEDY_SPOOF_SENDERS && clause == NULL; sender++)
            if (cell_reaches(&cells[sender]) == (enum reach)reach)
                clause = part_of(sum, (enum remedy_spoof_sender)sender);
    if (clause != NULL)
        return clause;
    return arena_printf(sum->arena,
                        "whoever rents a host in a network of its SPF record can "
                        "send as %s",
                        sum->domain);
}

/* ---- for the headline ---- */

const char *summing_clause_open(const struct summing *sum)
{
    if (sum->forgery != REPORT_FORGERY_OPEN)
        return NULL;
    return arena_printf(sum->arena, "anyone can send as %s: %s", sum->domain,
                        open_because(sum));
}

const char *summing_clause_open_spf(const struct summing *sum)
{
    if (!has_open_spf(sum))
        return NULL;
    return arena_printf(sum->arena,
                        "the SPF record of %s lets %s send, so anyone passes DMARC (%s)",
                        sum->domain, sum->spf.whom != NULL ? sum->spf.whom : "every address",
                        policy_tag_text(sum));
}

const char *summing_clause_partly(const struct summing *sum)
{
    return sum->forgery == REPORT_FORGERY_PARTLY ? partly_clause(sum) : NULL;
}
