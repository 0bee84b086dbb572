/*
 * Where libopendmarc aligns otherwise than RFC 9989: it compares by prefix and by its own
 * reading of the public suffix list, and keeps one result for all signatures.
 */
#include <string.h>

#include "auth/auth_dmarc.h"
#include "base/arena.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/span.h"
#include "check/check_engine_cause.h"
#include "check/check_facts.h"
#include "model/dmarc_verdict.h"
#include "model/rec_dmarc.h"
#include "model/rec_tags.h"
#include "model/result.h"

/* an identifier and the author domain */
struct pair {
    const struct dns_name *author;
    const struct auth_dmarc_alignment *identifier;
    const struct dns_name *author_listed;     /* organisational domains by the list; NULL: a */
    const struct dns_name *identifier_listed; /* public suffix itself */
};

/* a predicate over a pair */
typedef bool pair_fn(struct engine_case *one, const struct pair *pair);

/* engine_dmarc_holds - at the From field, which DMARC is about */
static bool engine_dmarc_holds(struct engine_case *one, const char *cause)
{
    return check_case_holds(one, where_from(one->out), cause);
}

/* try_pair - a pair for which the cause holds */
static bool try_pair(struct engine_case *one, const struct auth_dmarc_alignment *identifier,
                     pair_fn *is_so)
{
    struct arena *arena = one->out->arena;
    struct pair pair = {.author = one->facts->message.author, .identifier = identifier};

    if (pair.author == NULL || identifier->domain == NULL)
        return false;
    pair.author_listed = auth_psl_organizational_domain(arena, pair.author);
    pair.identifier_listed = auth_psl_organizational_domain(arena, identifier->domain);
    return is_so(one, &pair) && engine_dmarc_holds(one, identifier->domain->text);
}

/* find_pair - an identifier that passes, for which it holds; there is none without a verdict */
static bool find_pair(struct engine_case *one, pair_fn *is_so)
{
    const struct message_facts *message = &one->facts->message;
    const struct auth_spf_verdict *spf = check_spf_verdict(one->facts, AUTH_SPF_MAILFROM);

    if (one->verdict == NULL || message->dmarc == NULL || message->dmarc->dkim == NULL)
        return false;
    if (spf != NULL && spf->result == SPF_PASS && try_pair(one, &message->dmarc->spf, is_so))
        return true;
    for (size_t i = 0; i < message->dkim_count; i++)
        if (message->dkim[i].result == DKIM_PASS &&
            try_pair(one, &message->dmarc->dkim[i], is_so))
            return true;
    return false;
}

/* is_related - one of the two is the other, or above it */
static bool is_related(const struct pair *pair)
{
    return dns_name_is_below(pair->identifier->domain, pair->author) ||
           dns_name_is_below(pair->author, pair->identifier->domain);
}

/* is_one_listed - the list gives both the same organisational domain */
static bool is_one_listed(const struct pair *pair)
{
    return pair->author_listed != NULL && pair->identifier_listed != NULL &&
           dns_name_equal(pair->author_listed, pair->identifier_listed);
}

/* ---- subdomains and parents ---- */

static bool is_strict_below(struct engine_case *one, const struct pair *pair)
{
    (void)one;
    return pair->identifier->is_strict && !pair->identifier->is_aligned &&
           dns_name_is_below(pair->identifier->domain, pair->author);
}

/* check_cause_dmarc_strict_below - a subdomain of the author aligns although strict */
bool check_cause_dmarc_strict_below(struct engine_case *one)
{
    return check_case_is(one, "fail", "pass") && find_pair(one, is_strict_below);
}

static bool is_parent(struct engine_case *one, const struct pair *pair)
{
    (void)one;
    return !pair->identifier->is_strict && !pair->identifier->is_aligned &&
           dns_name_is_below(pair->author, pair->identifier->domain);
}

/* check_cause_dmarc_parent - whatever is above the author aligns, a public suffix too */
bool check_cause_dmarc_parent(struct engine_case *one)
{
    return check_case_is(one, "fail", "pass") && find_pair(one, is_parent);
}

/* ---- capitals ---- */

/* capitals_of - d= of the signature as it is written; NULL: all small */
static const struct rec_tag *capitals_of(const struct auth_dkim_verdict *verdict)
{
    const struct rec_tag *tag = rec_tags_find(&verdict->signature->parsed.tags, "d");

    for (size_t i = 0; tag != NULL && i < tag->value.len; i++)
        if (tag->value.at[i] != ascii_to_lower(tag->value.at[i]))
            return tag;
    return NULL;
}

/* check_cause_dmarc_capitals - libopendmarc compares organisational domains as written */
bool check_cause_dmarc_capitals(struct engine_case *one)
{
    const struct message_facts *message = &one->facts->message;

    if (one->verdict == NULL || !check_case_is(one, "pass", "fail") || message->dmarc == NULL ||
        message->dmarc->dkim == NULL)
        return false;
    for (size_t i = 0; i < message->dkim_count; i++) {
        const struct rec_tag *tag = capitals_of(&message->dkim[i]);

        if (tag != NULL && message->dkim[i].result == DKIM_PASS &&
            message->dmarc->dkim[i].is_aligned)
            return engine_dmarc_holds(
                one, arena_printf(one->out->arena, "d=%.*s", SPAN_ARG(tag->value)));
    }
    return false;
}

/* ---- U-labels ---- */

/* check_cause_dmarc_author_utf8 - libopendmarc compares the octets of From */
bool check_cause_dmarc_author_utf8(struct engine_case *one)
{
    const struct message_facts *message = &one->facts->message;
    struct span written = {NULL, 0};

    if (one->verdict == NULL || !check_case_is(one, "pass", "fail") || message->from == NULL ||
        message->from->first == NULL)
        return false;
    written = message->from->first->domain_text;
    for (size_t i = 0; i < written.len; i++)
        if ((unsigned char)written.at[i] >= 0x80)
            return engine_dmarc_holds(
                one, escape_to_text(one->out->arena, written, LIMIT_SHOWN_BYTES));
    return false;
}

/* ---- public suffixes ---- */

/* engine_dmarc_is_wildcard - the suffix is one because every label there is: "*.ck" */
static bool engine_dmarc_is_wildcard(struct arena *arena, const struct dns_name *suffix)
{
    const struct dns_name *above = dns_name_parent(arena, suffix);
    const struct dns_name *other =
        above != NULL && above->labels > 0
            ? dns_name_prepend(arena, "no-rule-names-this-label", above)
            : NULL;

    return other != NULL && auth_psl_organizational_domain(arena, other) == NULL;
}

/* is_misread_suffix - two owners below a suffix of a kind that libopendmarc does not find */
static bool is_misread_suffix(struct engine_case *one, const struct pair *pair)
{
    const struct dns_name *suffix = NULL;

    if (pair->identifier->is_strict || pair->identifier->is_aligned || is_related(pair) ||
        is_one_listed(pair) || pair->author_listed == NULL)
        return false;
    suffix = dns_name_parent(one->out->arena, pair->author_listed);
    return suffix != NULL && dns_name_is_below(pair->identifier->domain, suffix) &&
           ((suffix->labels > 1 && strstr(suffix->text, "xn--") != NULL) ||
            engine_dmarc_is_wildcard(one->out->arena, suffix));
}

/* check_cause_dmarc_suffix - wildcard rules, and suffixes of several labels with an A-label */
bool check_cause_dmarc_suffix(struct engine_case *one)
{
    return check_case_is(one, "fail", "pass") && find_pair(one, is_misread_suffix);
}

/* is_unlisted - siblings below a top label that the list does not name */
static bool is_unlisted(struct engine_case *one, const struct pair *pair)
{
    (void)one;
    return !pair->identifier->is_strict && pair->identifier->is_aligned && !is_related(pair) &&
           !auth_psl_is_listed(pair->author);
}

/* check_cause_dmarc_unlisted - libopendmarc has no default rule: such siblings never align */
bool check_cause_dmarc_unlisted(struct engine_case *one)
{
    return check_case_is(one, "pass", "fail") && find_pair(one, is_unlisted);
}

/* ---- the list against the records in DNS ---- */

/* is_joined_by_list - the list says otherwise than the tree walk: RFC 9989, 4.10.2 */
static bool is_joined_by_list(struct engine_case *one, const struct pair *pair)
{
    (void)one;
    if (pair->identifier->is_strict)
        return false;
    if (pair->identifier->is_aligned)
        return check_case_is(one, "pass", "fail") && !is_related(pair) && !is_one_listed(pair);
    return check_case_is(one, "fail", "pass") && is_one_listed(pair);
}

/* walk_says_psd - a record on the author's walk has psd=y or psd=n */
static bool walk_says_psd(const struct engine_case *one)
{
    const struct auth_dmarc_verdict *dmarc = one->facts->message.dmarc;
    const struct auth_dmarc_walk *walk =
        dmarc != NULL && dmarc->policy != NULL ? dmarc->policy->walk : NULL;

    for (size_t i = 0; walk != NULL && i < walk->step_count; i++)
        if (walk->steps[i].record != NULL && walk->steps[i].record->psd != REC_DMARC_PSD_U)
            return true;
    return false;
}

/* check_cause_dmarc_psd_ignored - psd= draws a line that libopendmarc does not see */
bool check_cause_dmarc_psd_ignored(struct engine_case *one)
{
    return walk_says_psd(one) && find_pair(one, is_joined_by_list);
}

/* check_cause_dmarc_suffix_list - there is no psd=, and yet the walk ends elsewhere */
bool check_cause_dmarc_suffix_list(struct engine_case *one)
{
    return !walk_says_psd(one) && find_pair(one, is_joined_by_list);
}

/* ---- one result for many signatures ---- */

/* later_failure - the first aligned signature behind `from` that fails; NULL: none */
static const struct dns_name *later_failure(const struct message_facts *message, size_t from)
{
    for (size_t i = from + 1; i < message->dkim_count; i++)
        if (message->dkim[i].result == DKIM_FAIL && message->dmarc->dkim[i].is_aligned)
            return message->dmarc->dkim[i].domain;
    return NULL;
}

/* check_cause_dmarc_signature_order - a failing signature takes the place of a passing one */
bool check_cause_dmarc_signature_order(struct engine_case *one)
{
    const struct message_facts *message = &one->facts->message;

    if (one->verdict == NULL || !check_case_is(one, "pass", "fail") || message->dmarc == NULL ||
        message->dmarc->dkim == NULL || message->dmarc->spf_aligned)
        return false;
    for (size_t i = 0; i < message->dkim_count; i++) {
        const struct auth_dmarc_alignment *passing = &message->dmarc->dkim[i];
        const struct dns_name *failing = later_failure(message, i);

        if (message->dkim[i].result == DKIM_PASS && passing->is_aligned && failing != NULL &&
            !dns_name_equal(passing->domain, message->author))
            return engine_dmarc_holds(one, arena_printf(one->out->arena, "%s behind %s",
                                                        failing->text, passing->domain->text));
    }
    return false;
}

/* check_cause_dmarc_temperror - what could not be queried counts as failed */
bool check_cause_dmarc_temperror(struct engine_case *one)
{
    return one->verdict != NULL && check_case_is(one, "temperror", "fail") &&
           engine_dmarc_holds(one, one->facts->message.dmarc->reason);
}
