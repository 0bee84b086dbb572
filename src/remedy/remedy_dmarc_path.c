/*
 * The way to a policy that protects: reports first, then the policy in name, then in effect.
 * Each step is a choice with a condition, because only the reports show whether own mail would
 * suffer; so none of them is taken without a person.
 */
#include <string.h>

#include "base/dns_name.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/dmarc_verdict.h"
#include "model/rec_dmarc.h"
#include "remedy/remedy_private.h"

/* the name that guides suggest for the mailbox */
static const char mailbox[] = "dmarc-reports";

/* where the record of the path begins: what is there, or an empty one */
static struct remedy_tags tags_now(const struct remedy_maker *maker)
{
    const struct auth_dmarc_step *own = check_dmarc_own_record(maker->facts);
    struct remedy_tags tags = {.arena = maker->arena};

    if (own != NULL)
        return remedy_tags_of(maker->arena, &own->record->tags);
    remedy_tags_set(&tags, "v", span_of("DMARC1"), false);
    return tags;
}

/* takes_mail - a mailbox of the domain itself can get reports */
static bool takes_mail(const struct facts *facts)
{
    for (const struct mx_host *mx = facts->domain.mx_hosts; mx != NULL; mx = mx->next)
        if (mx->a->status == DNS_OK || mx->aaaa->status == DNS_OK)
            return true;
    return false;
}

/* reports_above - the addresses of the record above that applies, those of the organisation
 * itself: they need nobody's consent; none where the domain has a record of its own */
static struct span reports_above(const struct remedy_maker *maker)
{
    const struct auth_dmarc_policy *policy = maker->facts->domain.dmarc;
    const struct auth_dmarc_walk *walk = policy != NULL ? policy->walk : NULL;
    struct sbuf list = sbuf_start(maker->arena);

    if (check_dmarc_own_record(maker->facts) != NULL || policy == NULL ||
        policy->step == NULL || walk == NULL || walk->organizational_domain == NULL)
        return sbuf_span(&list);
    for (const struct rec_dmarc_uri *uri = policy->step->record->rua; uri != NULL;
         uri = uri->next)
        if (uri->domain != NULL &&
            dns_name_is_below(uri->domain, walk->organizational_domain)) {
            sbuf_add(&list, list.len > 0 ? "," : "");
            sbuf_add_span(&list, uri->text);
        }
    return sbuf_span(&list);
}

/* asks_for_reports - somebody may get them already: an address is there or above, or what may
 * have been one */
static bool asks_for_reports(const struct remedy_maker *maker)
{
    const struct auth_dmarc_step *own = check_dmarc_own_record(maker->facts);

    if (reports_above(maker).len > 0)
        return true;
    for (const struct rec_dmarc_uri *uri = own != NULL ? own->record->rua : NULL; uri != NULL;
         uri = uri->next)
        if (span_find(uri->text, '@') >= 0 || span_find(uri->text, '/') >= 0)
            return true;
    return false;
}

/* set_reports - ask for them at the usual mailbox, if the domain can have one */
static void set_reports(const struct remedy_maker *maker, struct remedy_tags *tags)
{
    struct span above = reports_above(maker);

    if (above.len > 0)
        remedy_tags_set(tags, "rua", above, false);
    else if (!asks_for_reports(maker) && takes_mail(maker->facts))
        remedy_tags_set(tags, "rua",
                        span_of(arena_printf(maker->arena, "mailto:%s@%s", mailbox,
                                             maker->facts->domain.name->text)),
                        false);
}

/* mailbox_condition - what must be so before the record asks for reports */
static const char *mailbox_condition(const struct remedy_maker *maker)
{
    return arena_printf(maker->arena, "if %s@%s is a mailbox that somebody reads", mailbox,
                        maker->facts->domain.name->text);
}

/* dmarc_path_offer - the record with these tags, in the place of the own one or as a new one */
static void dmarc_path_offer(struct remedy_maker *maker, const struct remedy_tags *tags,
                             const char *summary, const char *condition)
{
    const struct auth_dmarc_step *own = check_dmarc_own_record(maker->facts);
    const struct auth_dmarc_step *place = check_dmarc_own_step(maker->facts);
    struct remedy *remedy = NULL;

    if (place == NULL)
        return;
    remedy = remedy_offer(maker, summary, condition);
    if (own != NULL)
        remedy_replace_text(maker, remedy, own->rr, remedy_tags_text(tags));
    else
        remedy_add_text(maker, remedy, place->answer->question.name,
                        arena_strdup_span(maker->arena, remedy_tags_text(tags)));
}

/* raise_policy - p= becomes `policy`; weaker tags are removed, and nobody sends
 * from names that do not exist */
static struct remedy_tags raise_policy(const struct remedy_maker *maker, const char *policy,
                                       bool is_testing)
{
    struct remedy_tags tags = tags_now(maker);

    remedy_tags_set(&tags, "p", span_of(policy), true);
    remedy_tags_remove(&tags, "sp");
    remedy_tags_remove(&tags, "pct");
    remedy_tags_remove(&tags, "t");
    remedy_tags_set(&tags, "np", span_of("reject"), false);
    if (is_testing)
        remedy_tags_set(&tags, "t", span_of("y"), false);
    set_reports(maker, &tags);
    return tags;
}

static const char ready[] = "if the reports show that all your own mail passes";

/* ready_condition - what must be so before a policy acts for the first time */
static const char *ready_condition(const struct remedy_maker *maker)
{
    if (asks_for_reports(maker))
        return ready;
    if (!takes_mail(maker->facts))
        return "if you are sure, without reports, that all your own mail passes";
    return arena_printf(maker->arena, "%s, and the reports show that all your own mail passes",
                        mailbox_condition(maker));
}

/* offer_policies - the steps from a record that does nothing to one that protects; `number` of
 * all `count` is the first of them */
static void offer_policies(struct remedy_maker *maker, size_t number, const char *count)
{
    static const char *const ordinals[] = {"", "first", "second", "third", "fourth"};
    static const struct {
        const char *policy;
        bool is_testing;
        const char *text;
    } steps[] = {
        {"quarantine", true,
         "publish p=quarantine with t=y: receivers that know t=y still deliver, mailing lists "
         "begin to rewrite From, older receivers act already"},
        {"quarantine", false, "publish p=quarantine: mail that fails goes to junk"},
        {"reject", false, "publish p=reject: mail that fails is refused"},
    };

    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        struct remedy_tags tags = raise_policy(maker, steps[i].policy, steps[i].is_testing);

        dmarc_path_offer(maker, &tags,
                         arena_printf(maker->arena, "%s of %s: %s", ordinals[number + i], count,
                                      steps[i].text),
                         i == 0 ? ready_condition(maker)
                                : arena_printf(maker->arena,
                                               "if none of your own mail failed after the %s",
                                               ordinals[number + i - 1]));
    }
}

void remedy_dmarc_path(struct remedy_maker *maker)
{
    offer_policies(maker, 1, "three");
}

void remedy_dmarc_tested(struct remedy_maker *maker)
{
    struct remedy_tags tags = tags_now(maker);

    remedy_tags_remove(&tags, "t");
    dmarc_path_offer(maker, &tags, "remove t=y: the policy then applies at all receivers",
                     ready);
}

void remedy_dmarc_ask_reports(struct remedy_maker *maker)
{
    struct remedy_tags tags = tags_now(maker);

    set_reports(maker, &tags);
    dmarc_path_offer(maker, &tags, "ask for reports: they show who sends as you and what fails",
                     mailbox_condition(maker));
}

/* watch_only - the record that only asks, for where none is */
static struct remedy_tags watch_only(const struct remedy_maker *maker)
{
    struct remedy_tags tags = tags_now(maker);

    remedy_tags_set(&tags, "p", span_of("none"), true);
    remedy_tags_set(&tags, "np", span_of("reject"), false);
    return tags;
}

/* remedy_has_word - one of the words, the last of which is NULL, is in the text: ASCII
 * case folded */
static bool remedy_has_word(struct span text, const char *const *words)
{
    for (; *words != NULL; words++)
        for (size_t i = 0; i < text.len; i++)
            if (span_starts_with_nocase(span_from(text, i), *words))
                return true;
    return false;
}

/* silent_condition - a record without a policy protects nothing, so that nobody has it
 * published without knowing; what is in its place may have been meant as a policy */
static const char *silent_condition(const struct remedy_maker *maker)
{
    static const char *const words[] = {
        "dmarc", "reject", "quarantine", "p=", "policy", "rua", "mailto", NULL};
    const struct auth_dmarc_step *place = check_dmarc_own_step(maker->facts);

    for (const struct dns_rr *rr = place != NULL ? dns_answer_first(place->answer) : NULL;
         rr != NULL; rr = dns_answer_next(place->answer, rr))
        if (rr->type == DNS_TXT && remedy_has_word(rr->joined, words))
            return "if the present text has no other purpose";
    return "if nobody can read reports yet";
}

void remedy_dmarc_missing(struct remedy_maker *maker)
{
    struct remedy_tags silent = watch_only(maker);
    struct remedy_tags first = watch_only(maker);

    /* one that was written need not be made up */
    if (remedy_offer_meant(maker, &maker->facts->domain.dmarc_meant))
        return;
    if (remedy_offer_moved(maker, maker->facts->domain.dmarc_elsewhere) ||
        remedy_offer_dmarc_alias(maker))
        return;
    set_reports(maker, &first);
    if (takes_mail(maker->facts))
        dmarc_path_offer(
            maker, &first,
            "first of four: ask for reports, which changes nothing for your mail, and add "
            "np=reject: no legitimate mail comes from names that do not exist",
            mailbox_condition(maker));
    dmarc_path_offer(
        maker, &silent,
        "publish a first record that asks for nothing yet, and add np=reject: no legitimate "
        "mail comes from names that do not exist",
        silent_condition(maker));
    offer_policies(maker, 2, "four");
}
