/*
 * Keys by their content: how a record is cut, which order its tags have and whether an alias
 * leads to it makes no difference. An alias whose target could not be queried is compared
 * by that target.
 */
#include "base/dns_name.h"
#include "base/span.h"
#include "compare/compare_private.h"
#include "model/rec_dkim.h"

/* what a selector holds in one world */
enum key_state {
    KEY_ABSENT,
    KEY_UNKNOWN, /* could not be queried */
    KEY_USELESS, /* revoked, or no key can be read from it */
    KEY_USABLE
};

/* dkim_selector_of - the same selector in the other world; NULL: not queried there, so
 * nothing can be said about it */
static const struct selector_facts *dkim_selector_of(const struct domain_facts *domain,
                                                     const struct selector_facts *wanted)
{
    const struct selector_facts *selector = domain->selectors;

    while (selector != NULL && !dns_name_equal(selector->key_name, wanted->key_name))
        selector = selector->next;
    return selector;
}

/* state_of - what a selector holds */
static enum key_state state_of(const struct selector_facts *selector)
{
    if (compare_is_nothing(selector->answer))
        return KEY_ABSENT;
    if (selector->answer->status != DNS_OK)
        return KEY_UNKNOWN;
    if (selector->rr == NULL)
        return KEY_ABSENT;
    return selector->key->is_fatal || selector->key->octets.len == 0 ? KEY_USELESS : KEY_USABLE;
}

/* dkim_is_same_key - a signature that verifies with one does with the other */
static bool dkim_is_same_key(const struct rec_dkim_key *a, const struct rec_dkim_key *b)
{
    return a->type == b->type && span_equal(a->octets, b->octets) &&
           a->allows_sha256 == b->allows_sha256 && a->allows_email == b->allows_email &&
           (!b->is_strict || a->is_strict);
}

/* is_same_target - an alias leads to the same name in both worlds */
static bool is_same_target(const struct selector_facts *a, const struct selector_facts *b)
{
    return a->target != NULL && b->target != NULL && dns_name_equal(a->target, b->target);
}

/* key_words - "2048 bits, rsa" */
static const char *key_words(struct arena *arena, const struct selector_facts *selector)
{
    static const char *const types[] = {"RSA", "Ed25519", "unknown"};

    if (selector->key == NULL)
        return selector->target == NULL
                   ? "no key"
                   : arena_printf(arena, "an alias to %s", selector->target->text);
    if (selector->key->is_revoked)
        return "revoked";
    if (selector->key_bits == 0)
        return "not readable";
    return arena_printf(arena, "%s, %u bits", types[selector->key->type], selector->key_bits);
}

/* new_key_words - of a key that takes the place of another, which may be as long */
static const char *new_key_words(struct arena *arena, const struct selector_facts *before,
                                 const struct selector_facts *after)
{
    const char *words = key_words(arena, after);

    if (before->key == NULL || after->key == NULL || before->key->octets.len == 0 ||
        after->key->octets.len == 0)
        return words;
    if (!span_equal(before->key->octets, after->key->octets))
        return arena_printf(arena, "another key (%s)", words);
    return after->key->is_strict && !before->key->is_strict
               ? arena_printf(arena, "the same key with t=s, for no subdomains (%s)", words)
               : words;
}

/* note_key - one selector that differs */
static struct compare_change *note_key(struct comparison *comparison, enum compare_kind kind,
                                       const struct selector_facts *before,
                                       const struct selector_facts *after)
{
    struct compare_change *change = NULL;

    if (after->rr != NULL || after->target != NULL)
        change = compare_note(comparison, kind, after->answer,
                              after->alias != NULL ? after->alias : after->rr);
    else
        change = compare_note_old(comparison, kind, before->answer,
                                  before->alias != NULL ? before->alias : before->rr);
    change->what = after->selector->text;
    change->before = key_words(comparison->arena, before);
    change->after = new_key_words(comparison->arena, before, after);
    change->provider = before->host != NULL ? before->host : after->host;
    return change;
}

/* add_key - to the list of selectors that have a key */
static void add_key(struct comparison *comparison, const struct selector_facts *selector,
                    enum compare_key_change how)
{
    struct compare_key **tail = &comparison->out->keys;
    struct compare_key *key = arena_new_of(comparison->arena, struct compare_key);

    key->selector = selector;
    key->change = how;
    while (*tail != NULL)
        tail = &(*tail)->next;
    *tail = key;
}

/* compare_unknown_key - one of the worlds has no answer about the key */
static enum compare_key_change compare_unknown_key(struct comparison *comparison,
                                                   const struct selector_facts *before,
                                                   const struct selector_facts *after)
{
    enum key_state states[2] = {state_of(before), state_of(after)};
    struct compare_change *change = NULL;
    const struct selector_facts *trouble = states[0] == KEY_UNKNOWN ? before : after;

    if (is_same_target(before, after))
        return COMPARE_KEY_SAME;
    if (states[0] == KEY_UNKNOWN && before->target == NULL &&
        before->answer->status == DNS_UNKNOWN)
        return COMPARE_KEY_UNKNOWN;
    if (states[0] == KEY_ABSENT) {
        if (after->target != NULL)
            note_key(comparison, COMPARE_KIND_dkim_key_new, before, after);
        return after->target != NULL ? COMPARE_KEY_NEW : COMPARE_KEY_UNKNOWN;
    }
    if (before->target != NULL && states[1] == KEY_ABSENT) { /* the alias itself is gone */
        note_key(comparison, COMPARE_KIND_dkim_key_lost, before, after);
        return COMPARE_KEY_GONE;
    }
    change = note_key(comparison, COMPARE_KIND_dkim_key_replaced, before, after);
    change->unknown = dns_answer_reason(comparison->arena, trouble->answer);
    return COMPARE_KEY_UNKNOWN;
}

/* compare_key_of - one selector in both worlds */
static enum compare_key_change compare_key_of(struct comparison *comparison,
                                              const struct selector_facts *before,
                                              const struct selector_facts *after)
{
    enum key_state states[2] = {state_of(before), state_of(after)};

    if (states[0] == KEY_UNKNOWN || states[1] == KEY_UNKNOWN)
        return compare_unknown_key(comparison, before, after);
    if (states[0] != KEY_USABLE) {
        if (states[1] != KEY_USABLE)
            return states[0] == states[1] ? COMPARE_KEY_SAME : COMPARE_KEY_UNKNOWN;
        note_key(comparison, COMPARE_KIND_dkim_key_new, before, after);
        return COMPARE_KEY_NEW;
    }
    if (states[1] != KEY_USABLE) {
        note_key(comparison, COMPARE_KIND_dkim_key_lost, before, after);
        return COMPARE_KEY_GONE;
    }
    if (dkim_is_same_key(before->key, after->key) && after->key_count == 1)
        return COMPARE_KEY_SAME;
    if (dkim_is_same_key(before->key, after->key) && before->key_count > 1)
        return COMPARE_KEY_SAME;
    note_key(comparison, COMPARE_KIND_dkim_key_replaced, before, after);
    return COMPARE_KEY_REPLACED;
}

/* dkim_has_key - a key, or an alias to one that could not be queried, is there */
static bool dkim_has_key(const struct selector_facts *selector)
{
    return selector != NULL &&
           (selector->rr != NULL || selector->target != NULL ||
            (state_of(selector) == KEY_UNKNOWN && selector->answer->status != DNS_UNKNOWN));
}

void compare_dkim(struct comparison *comparison)
{
    const struct selector_facts *other = NULL;

    for (const struct selector_facts *selector = comparison->before->selectors;
         selector != NULL; selector = selector->next) {
        other = dkim_selector_of(comparison->after, selector);
        if (other != NULL && (dkim_has_key(selector) || dkim_has_key(other)))
            add_key(comparison, other, compare_key_of(comparison, selector, other));
    }
}
