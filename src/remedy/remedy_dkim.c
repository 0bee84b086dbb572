/* Key records: the key itself is the signer's, what is around it can be put right. */
#include <string.h>

#include "base/span.h"
#include "model/dkim_verdict.h"
#include "model/rec_dkim.h"
#include "record/rec_dkim.h"
#include "remedy/remedy_private.h"

#define KEY_TAIL 12 /* octets of a key record by which it is known */

/* remedy_dkim_selector_of - the selector whose key record the finding is about; NULL: none */
static const struct selector_facts *remedy_dkim_selector_of(const struct remedy_maker *maker)
{
    const struct selector_facts *selector = maker->facts->domain.selectors;
    const char *name = maker->finding->where.name;

    while (selector != NULL && strcmp(selector->key_name->text, name != NULL ? name : "") != 0)
        selector = selector->next;
    return selector;
}

/* remedy_dkim_lasting - the selector whose key record the finding is about; NULL where another
 * key has to be made in its place: what is changed in its record now is replaced later */
static const struct selector_facts *remedy_dkim_lasting(const struct remedy_maker *maker)
{
    const struct selector_facts *selector = remedy_dkim_selector_of(maker);

    if (selector == NULL || selector->key == NULL ||
        (selector->key->type == REC_DKIM_KEY_RSA && selector->key_bits > 0 &&
         selector->key_bits < AUTH_DKIM_RSA_BITS_MIN))
        return NULL;
    return selector;
}

/* dkim_offer_tags - the key record becomes what the tags say */
static void dkim_offer_tags(struct remedy_maker *maker, const struct dns_rr *rr,
                            const struct remedy_tags *tags, const char *summary)
{
    remedy_replace_text(maker, remedy_offer(maker, summary, NULL), rr, remedy_tags_text(tags));
}

/* offer_without - the key record without a tag */
static void offer_without(struct remedy_maker *maker, const char *name)
{
    const struct selector_facts *selector = remedy_dkim_lasting(maker);
    struct remedy_tags tags = {0};

    if (selector == NULL)
        return;
    tags = remedy_tags_of(maker->arena, &selector->key->tags);
    remedy_tags_remove(&tags, name);
    dkim_offer_tags(maker, selector->rr, &tags,
                    arena_printf(maker->arena, "remove %s= from the key record", name));
}

void remedy_key_hash(struct remedy_maker *maker)
{
    offer_without(maker, "h");
}

void remedy_key_service(struct remedy_maker *maker)
{
    offer_without(maker, "s");
}

void remedy_key_long(struct remedy_maker *maker)
{
    offer_without(maker, "n");
}

void remedy_key_testing(struct remedy_maker *maker)
{
    const struct selector_facts *selector = remedy_dkim_lasting(maker);
    struct remedy_tags tags = {0};

    if (selector == NULL)
        return;
    tags = remedy_tags_of(maker->arena, &selector->key->tags);
    if (selector->key->is_strict)
        remedy_tags_set(&tags, "t", span_of("s"), false);
    else
        remedy_tags_remove(&tags, "t");
    dkim_offer_tags(maker, selector->rr, &tags, "remove t=y from the key record");
}

void remedy_key_quoted(struct remedy_maker *maker)
{
    const struct selector_facts *selector = remedy_dkim_selector_of(maker);
    const struct dns_rr *rr = selector != NULL ? dns_answer_first(selector->answer) : NULL;

    if (rr != NULL && !remedy_offer_meant(maker, &selector->meant))
        remedy_replace_text(
            maker, remedy_offer(maker, "publish the text without quotes and backslashes", NULL),
            rr, remedy_unquoted(maker->arena, rr->joined));
}

/* offer_key_alone - without the other texts at its name */
static void offer_key_alone(struct remedy_maker *maker, const struct selector_facts *selector)
{
    struct remedy *remedy = remedy_offer(maker, "keep the key, remove the other records", NULL);

    for (const struct dns_rr *rr = dns_answer_first(selector->answer); rr != NULL;
         rr = dns_answer_next(selector->answer, rr))
        if (rr != selector->rr && rr->type == DNS_TXT)
            remedy_remove(maker, remedy, rr);
}

void remedy_key_several(struct remedy_maker *maker)
{
    const struct selector_facts *selector = remedy_dkim_selector_of(maker);
    const struct remedy_competing competing = {
        .answer = selector != NULL ? selector->answer : NULL,
        .is_record = rec_dkim_key_is_record,
        .keep = "keep the key that ends in ",
        .tail_len = KEY_TAIL,
        .condition = "if the server signs with this key",
    };

    if (selector != NULL && selector->key_count == 1)
        offer_key_alone(maker, selector);
    else
        remedy_offer_each(maker, &competing);
}

/* is_key_tag - a name that key records have */
static bool is_key_tag(struct span name)
{
    static const char *const names[] = {"v", "k", "h", "s", "t", "n", "p", "g"};

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (span_equal_nocase(name, names[i]))
            return true;
    return false;
}

/* key_octets - the base64 of a value without what cannot be in it */
static struct span key_octets(struct arena *arena, struct span value)
{
    struct sbuf text = sbuf_start(arena);

    for (size_t i = 0; i < value.len; i++)
        if (ascii_is_alnum(value.at[i]) || strchr("+/=", value.at[i]) != NULL)
            sbuf_add_octet(&text, value.at[i]);
    return sbuf_span(&text);
}

void remedy_key_syntax(struct remedy_maker *maker)
{
    const struct selector_facts *selector = remedy_dkim_selector_of(maker);
    struct remedy_tags tags = {.arena = maker->arena};

    if (selector == NULL || selector->key == NULL ||
        remedy_offer_meant(maker, &selector->meant))
        return;
    remedy_tags_set(&tags, "v", span_of("DKIM1"), false);
    for (const struct rec_tag *tag = selector->key->tags.first; tag != NULL; tag = tag->next) {
        const char *name = arena_strdup_span(maker->arena, tag->name);

        if (!is_key_tag(tag->name) || span_equal_nocase(tag->name, "v") ||
            rec_tags_find(&selector->key->tags, name) != tag)
            continue;
        remedy_tags_set(&tags, name,
                        span_equal_text(tag->name, "p") ? key_octets(maker->arena, tag->value)
                                                        : tag->value,
                        false);
    }
    dkim_offer_tags(maker, selector->rr, &tags, "write the same key as verifiers read it");
}

void remedy_key_no_record(struct remedy_maker *maker)
{
    const struct selector_facts *selector = remedy_dkim_selector_of(maker);
    const struct dns_rr *rr = selector != NULL ? dns_answer_first(selector->answer) : NULL;
    struct remedy_tags tags = {.arena = maker->arena};
    struct span rest = rr != NULL ? rr->joined : (struct span){NULL, 0};

    if (selector == NULL || remedy_offer_meant(maker, &selector->meant))
        return;
    remedy_offer_key_alias(maker, selector);
    for (size_t i = 0; i + 1 < rest.len; i++)
        if (rest.at[i] == 'p' && rest.at[i + 1] == '=') {
            rest = span_from(rest, i + 2);
            break;
        }
    rest = key_octets(maker->arena, span_trim(span_cut(&rest, ';')));
    if (rest.len == 0)
        return;
    remedy_tags_set(&tags, "v", span_of("DKIM1"), false);
    remedy_tags_set(&tags, "k", span_of("rsa"), false);
    remedy_tags_set(&tags, "p", rest, false);
    dkim_offer_tags(maker, rr, &tags, "publish the key in the text as a key record");
}

void remedy_key_split(struct remedy_maker *maker)
{
    const struct selector_facts *selector = remedy_dkim_selector_of(maker);
    const struct dns_rr *rest = NULL;

    if (selector == NULL || selector->rr == NULL)
        return;
    for (rest = dns_answer_first(selector->answer); rest != NULL;
         rest = dns_answer_next(selector->answer, rest)) {
        struct sbuf whole = sbuf_start(maker->arena);
        struct remedy *remedy = NULL;

        if (rest == selector->rr || rec_dkim_key_is_record(rest->joined) ||
            !remedy_may_offer(maker))
            continue;
        remedy = remedy_offer(maker, "join both parts of the key in one record", NULL);
        sbuf_add_span(&whole, selector->rr->joined);
        sbuf_add_span(&whole, rest->joined);
        remedy_replace_text(maker, remedy, selector->rr, sbuf_span(&whole));
        remedy_remove(maker, remedy, rest);
    }
}

void remedy_key_alias(struct remedy_maker *maker)
{
    const struct selector_facts *selector = remedy_dkim_selector_of(maker);
    const struct dns_rr *alias = selector != NULL ? selector->answer->records : NULL;

    if (alias == NULL || alias->type != DNS_CNAME)
        return;
    remedy_offer_key_alias(maker, selector);
    remedy_remove(
        maker,
        remedy_offer(maker, "remove the alias", "if no mail is signed with this key any more"),
        alias);
}

void remedy_key_missing(struct remedy_maker *maker)
{
    remedy_offer_key_alias(maker, remedy_dkim_selector_of(maker));
}
