/* What a domain without mail publishes. It has no mail to lose, so nobody has to choose. */
#include "base/span.h"
#include "model/dmarc_verdict.h"
#include "model/rec_dmarc.h"
#include "remedy/remedy_private.h"

/* replace_all - the first of the records that `counts` becomes the text, the others go; false:
 * there is none */
static bool replace_all(struct remedy_maker *maker, struct remedy *remedy,
                        const struct dns_answer *answer, const char *text)
{
    bool (*counts)(struct span) = text[2] == 's' ? rec_spf_is_record : rec_dmarc_is_record;
    bool has_one = false;

    for (const struct dns_rr *rr = dns_answer_first(answer); rr != NULL;
         rr = dns_answer_next(answer, rr)) {
        if (!counts(rr->joined))
            continue;
        if (has_one)
            remedy_remove(maker, remedy, rr);
        else
            remedy_replace_text(maker, remedy, rr, span_of(text));
        has_one = true;
    }
    return has_one;
}

void remedy_parked_mx(struct remedy_maker *maker)
{
    const struct domain_facts *domain = &maker->facts->domain;
    const struct dns_rr *rr = dns_answer_first(domain->mx);
    struct remedy *remedy =
        remedy_offer(maker, "publish a null MX: the domain accepts no mail", NULL);

    if (rr == NULL) {
        remedy_add_value(maker, remedy, domain->name, "MX 0 .");
        return;
    }
    for (const struct dns_rr *more = dns_answer_next(domain->mx, rr); more != NULL;
         more = dns_answer_next(domain->mx, more))
        remedy_remove(maker, remedy, more);
    remedy_replace_value(maker, remedy, rr, "0 .");
}

void remedy_parked_spf(struct remedy_maker *maker)
{
    const struct domain_facts *domain = &maker->facts->domain;
    struct remedy *remedy = remedy_offer(maker, "let no host send for the domain", NULL);

    if (!replace_all(maker, remedy, domain->txt, "v=spf1 -all"))
        remedy_add_text(maker, remedy, domain->name, "v=spf1 -all");
}

/* parked_strict - the own record without what weakens it, or a new one */
static const char *parked_strict(const struct remedy_maker *maker)
{
    static const char *const weak[] = {"t", "pct"};
    static const char *const names[] = {"p", "sp", "np"};
    const struct auth_dmarc_step *own = check_dmarc_own_record(maker->facts);
    struct remedy_tags tags = {.arena = maker->arena};

    remedy_tags_set(&tags, "v", span_of("DMARC1"), false);
    if (own != NULL)
        tags = remedy_tags_of(maker->arena, &own->record->tags);
    for (size_t i = 0; i < COUNT_OF(weak); i++)
        remedy_tags_remove(&tags, weak[i]);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        remedy_tags_set(&tags, names[i], span_of("reject"), i == 0);
    return arena_strdup_span(maker->arena, remedy_tags_text(&tags));
}

void remedy_parked_dmarc(struct remedy_maker *maker)
{
    const struct auth_dmarc_step *place = check_dmarc_own_step(maker->facts);
    struct remedy *remedy = NULL;

    if (place == NULL)
        return;
    remedy = remedy_offer(maker, "ask receivers to refuse all mail in its name", NULL);
    if (!replace_all(maker, remedy, place->answer, parked_strict(maker)))
        remedy_add_text(maker, remedy, place->answer->question.name, parked_strict(maker));
}

void remedy_parked_dkim(struct remedy_maker *maker)
{
    const struct dns_name *name =
        dns_name_prepend(maker->arena, "*._domainkey", maker->facts->domain.name);

    if (name != NULL)
        remedy_add_text(maker, remedy_offer(maker, "revoke the keys of all selectors", NULL),
                        name, "v=DKIM1; p=");
}
