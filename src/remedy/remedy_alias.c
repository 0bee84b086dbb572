/* Aliases: put where a text was published instead, led to the name that was meant, or left. */
#include <string.h>

#include "model/dmarc_verdict.h"
#include "remedy/remedy_private.h"

/* is_published - there is a record where the alias would lead */
static bool is_published(const struct remedy_maker *maker, const struct dns_name *target)
{
    const struct dns_answer *answer = ledger_find(maker->facts->ledger, target, DNS_TXT);

    return answer != NULL && answer->status == DNS_OK;
}

/* offer_alias - the records at the name become an alias for the target */
static void offer_alias(struct remedy_maker *maker, const struct dns_answer *answer,
                        const struct dns_name *target)
{
    const struct dns_rr *rr = answer->records;
    const char *value = target != NULL ? arena_printf(maker->arena, "%s.", target->text) : "";
    struct remedy *remedy = NULL;

    if (target == NULL || rr == NULL)
        return;
    remedy =
        remedy_offer(maker,
                     rr->type == DNS_CNAME ? "point the alias to the intended name"
                                           : "publish the intended alias instead of the text",
                     NULL);
    if (!is_published(maker, target)) {
        remedy->waits = true;
        remedy->condition = arena_printf(
            maker->arena, "if its owner publishes the key at %s, where there is none now",
            target->text);
    }
    if (rr->type == DNS_CNAME) {
        remedy_replace_value(maker, remedy, rr, value);
        return;
    }
    remedy_remove(maker, remedy, rr);
    remedy_add_value(maker, remedy, answer->question.name,
                     arena_printf(maker->arena, "CNAME %s", value));
}

void remedy_offer_key_alias(struct remedy_maker *maker, const struct selector_facts *selector)
{
    if (selector != NULL)
        offer_alias(maker, selector->answer, selector->alias_meant);
}

bool remedy_offer_dmarc_alias(struct remedy_maker *maker)
{
    const struct auth_dmarc_step *step = check_dmarc_own_step(maker->facts);
    const struct dns_name *target = maker->facts->domain.dmarc_alias_meant;

    if (step == NULL || target == NULL || !is_published(maker, target))
        return false;
    offer_alias(maker, step->answer, target);
    return true;
}

void remedy_dmarc_alias(struct remedy_maker *maker)
{
    const struct auth_dmarc_step *step = check_dmarc_own_step(maker->facts);
    const struct dns_rr *alias = step != NULL ? step->answer->records : NULL;
    struct remedy *remedy = NULL;

    if (alias == NULL || alias->type != DNS_CNAME)
        return;
    if (remedy_offer_dmarc_alias(maker))
        return;
    remedy = remedy_offer(maker, "replace the alias with a record of your own",
                          "if the owner of its target will not publish the record again");
    remedy_remove(maker, remedy, alias);
    remedy_add_text(maker, remedy, step->answer->question.name, "v=DMARC1; p=none");
}

void remedy_move_alias(struct remedy_maker *maker, struct remedy *remedy,
                       const struct misplaced_facts *one)
{
    const struct dns_rr *alias = one->answer->records;

    if (!one->may_stay && remedy_is_ours(maker, alias))
        remedy_remove(maker, remedy, alias);
    remedy_add_value(maker, remedy, one->place,
                     arena_printf(maker->arena, "CNAME %s.", alias->target->text));
}
