/*
 * The way from an anchor down, label by label. At each label the DS records of the name
 * decide: signed ones lead into a zone with keys of its own; a proof of their absence says
 * either that nothing begins there or that an unsigned zone does, where the chain ends.
 */
#include "dnssec/dnssec_chain_private.h"

/* chain_zone_ask - for DNSSEC records; a world that is only assumed answers from what is
 * known */
static const struct dns_answer *chain_zone_ask(struct dnssec_chain *chain,
                                               const struct dns_name *name, enum dns_type type)
{
    return ledger_ask_proved(chain->ledger, name, type);
}

/* chain_zone_conclude - the state of a name */
static void chain_zone_conclude(struct dnssec_chain_zone *zone, enum dnssec_chain_state state,
                                const char *reason)
{
    zone->state = state;
    zone->reason = reason;
}

/* find_zone - what is known of a name; made if it is new */
static struct dnssec_chain_zone *find_zone(struct dnssec_chain *chain,
                                           const struct dns_name *name)
{
    struct dnssec_chain_zone **end = &chain->zones;

    while (*end != NULL && !dns_name_equal((*end)->name, name))
        end = &(*end)->next;
    if (*end == NULL) {
        *end = arena_new_of(chain->arena, struct dnssec_chain_zone);
        (*end)->name = name;
        (*end)->state = DNSSEC_PENDING;
    }
    return *end;
}

/* may_be_zone - keys are worth asking for: "_dmarc" and the like are names of records */
static bool may_be_zone(const struct dns_name *name)
{
    return name->labels == 0 || name->text[0] != '_';
}

/* chain_zone_unanswered - why an answer says nothing; NULL: it says something */
static const char *chain_zone_unanswered(struct dnssec_chain *chain,
                                         const struct dns_answer *answer)
{
    const char *what = arena_printf(
        chain->arena, "%s of %s", dns_type_to_text(chain->arena, answer->question.type),
        answer->question.name->labels == 0 ? "the root" : answer->question.name->text);

    if (!dns_status_is_answer(answer->status))
        return arena_printf(chain->arena, "%s: %s", what,
                            answer->detail != NULL ? answer->detail
                                                   : dns_status_to_text(answer->status));
    if (answer->proofs == NULL)
        return arena_printf(chain->arena,
                            "%s was answered without DNSSEC records, or with too many, by %s",
                            what, answer->source != NULL ? answer->source : "the source");
    return NULL;
}

/* ---- keys ---- */

/* verify_keys - the keys sign themselves with one that is named from above, if anything above
 * could be asked; the zone is in the state then */
static void verify_keys(struct dnssec_chain *chain, struct dnssec_chain_zone *zone,
                        enum dnssec_chain_state state, const char *reason)
{
    struct dns_rrset set = dns_rrset_asked(chain->arena, zone->dnskey);
    struct dns_verified verified;

    set.needs_named = !zone->is_island;
    verified = dnssec_chain_verify(chain, zone, &set, zone->dnskey->proofs->signatures);

    zone->inception = verified.inception;
    zone->expires = verified.expires;
    if (verified.is_good)
        chain_zone_conclude(zone, state, reason);
    else
        chain_zone_conclude(zone, DNSSEC_BOGUS,
                            arena_printf(chain->arena, "the keys of %s.: %s", zone->name->text,
                                         verified.fault));
}

/* has_named_key - some key is named by a DS record or an anchor */
static bool has_named_key(const struct dnssec_chain_zone *zone)
{
    for (size_t i = 0; i < zone->key_count; i++)
        if (zone->keys[i].is_named)
            return true;
    return false;
}

/* enter_anchor - a zone whose key is known beforehand */
static void enter_anchor(struct dnssec_chain *chain, struct dnssec_chain_zone *zone)
{
    const char *why = NULL;

    zone->is_cut = true;
    zone->dnskey = chain_zone_ask(chain, zone->name, DNS_DNSKEY);
    if (zone->dnskey->status == DNS_PENDING)
        return;
    why = chain_zone_unanswered(chain, zone->dnskey);
    if (why == NULL && zone->dnskey->proofs->signatures == NULL)
        why =
            arena_printf(chain->arena, "%s returns no signatures, not even for the anchor %s.",
                         zone->dnskey->source != NULL ? zone->dnskey->source : "the source",
                         zone->name->text);
    if (why == NULL) {
        dnssec_chain_read_keys(chain, zone);
        dnssec_chain_match_anchors(chain, zone);
        if (!has_named_key(zone))
            why = arena_printf(chain->arena,
                               "no key of %s. is a trust anchor; for a private root give "
                               "--trust-anchor",
                               zone->name->text);
    }
    if (why != NULL)
        chain_zone_conclude(zone, DNSSEC_INDETERMINATE, why);
    else
        verify_keys(chain, zone, DNSSEC_SECURE, NULL);
}

/* enter_island - a signed zone of which nobody above could be asked */
static void enter_island(struct dnssec_chain *chain, struct dnssec_chain_zone *zone)
{
    zone->is_cut = true;
    zone->is_island = true;
    zone->ds = NULL;
    dnssec_chain_read_keys(chain, zone);
    verify_keys(chain, zone, DNSSEC_ISLAND,
                arena_printf(chain->arena,
                             "signed by the keys of %s. itself; whether a DS record matches "
                             "them was not checked",
                             zone->name->text));
}

/* enter_signed - a zone that the zone above names keys of */
static void enter_signed(struct dnssec_chain *chain, const struct dnssec_chain_zone *above,
                         struct dnssec_chain_zone *zone)
{
    const char *why = NULL;
    bool has_known = false;

    zone->dnskey = chain_zone_ask(chain, zone->name, DNS_DNSKEY);
    if (zone->dnskey->status == DNS_PENDING)
        return;
    zone->is_cut = true;
    dnssec_chain_read_ds(chain, zone);
    if ((why = chain_zone_unanswered(chain, zone->dnskey)) != NULL) {
        chain_zone_conclude(zone, DNSSEC_INDETERMINATE, why);
        return;
    }
    dnssec_chain_read_keys(chain, zone);
    dnssec_chain_match_ds(chain, zone, &has_known);
    if (!has_known)
        chain_zone_conclude(
            zone, DNSSEC_INSECURE,
            arena_printf(chain->arena,
                         "the DS records of %s. are of algorithms that are not verified",
                         zone->name->text)); /* RFC 4035, 5.2 */
    else if (zone->key_count == 0)
        chain_zone_conclude(
            zone, DNSSEC_BOGUS,
            arena_printf(chain->arena, "%s. has a DS record and no DNSKEY", zone->name->text));
    else if (!has_named_key(zone))
        chain_zone_conclude(zone, DNSSEC_BOGUS,
                            arena_printf(chain->arena,
                                         "no DNSKEY of %s. matches its DS records",
                                         zone->name->text));
    else
        verify_keys(chain, zone, above->state, above->reason);
}

/* ---- one label ---- */

/* step_into - the DS records are there: are they signed */
static void step_into(struct dnssec_chain *chain, const struct dnssec_chain_zone *above,
                      struct dnssec_chain_zone *zone, enum dns_type type)
{
    struct dns_rrset set = dns_rrset_of(chain->arena, zone->ds->records, zone->name, type);
    struct dns_verified verified =
        dnssec_chain_verify(chain, above, &set, zone->ds->proofs->signatures);

    if (!verified.is_good || verified.is_wildcard)
        chain_zone_conclude(
            zone, DNSSEC_BOGUS,
            arena_printf(chain->arena, "the %s of %s.: %s",
                         dns_type_to_text(chain->arena, type), zone->name->text,
                         verified.is_good ? "it comes from a wildcard" : verified.fault));
    else if (type == DNS_DS)
        enter_signed(chain, above, zone);
    else
        chain_zone_conclude(zone, above->state,
                            above->reason); /* an alias: no zone begins here */
}

/* step_beside - there are no DS records: is that proved, and what does it mean */
static void step_beside(struct dnssec_chain *chain, struct dnssec_chain_zone *above,
                        struct dnssec_chain_zone *zone)
{
    struct dns_denied denied = {.name = zone->name, .type = DNS_DS, .proofs = zone->ds->proofs};

    switch (dnssec_chain_deny_ds(chain, above, &denied)) {
    case DNS_DENIAL_PROVED:
        chain_zone_conclude(zone, above->state, above->reason);
        return;
    case DNS_DENIAL_UNSIGNED:
        zone->is_cut = true;
        if (may_be_zone(zone->name))
            zone->dnskey = ledger_find(chain->ledger, zone->name, DNS_DNSKEY);
        if (zone->dnskey != NULL)
            dnssec_chain_read_keys(chain, zone);
        chain_zone_conclude(zone, DNSSEC_INSECURE,
                            arena_printf(chain->arena,
                                         "%s. has no DS record at %s.: it is not signed",
                                         zone->name->text, above->name->text));
        return;
    case DNS_DENIAL_CONTRADICTS:
        denied.fault = "the proof says that there is one";
        break;
    case DNS_DENIAL_NONE:
        break;
    }
    chain_zone_conclude(
        zone, DNSSEC_BOGUS,
        arena_printf(chain->arena, "that %s. has no DS record is not proved by %s.: %s",
                     zone->name->text, above->name->text,
                     denied.fault != NULL ? denied.fault : "the proof is missing"));
}

/* chain_zone_step - what begins at a name, below a zone that is secure */
static void chain_zone_step(struct dnssec_chain *chain, struct dnssec_chain_zone *above,
                            struct dnssec_chain_zone *zone)
{
    const struct dns_rr *first = NULL;
    const char *why = NULL;

    zone->ds = chain_zone_ask(chain, zone->name, DNS_DS);
    if (zone->ds->status == DNS_PENDING)
        return;
    first = zone->ds->records;
    if ((why = chain_zone_unanswered(chain, zone->ds)) != NULL)
        chain_zone_conclude(zone, DNSSEC_INDETERMINATE, why);
    else if (first != NULL && dns_name_equal(first->owner, zone->name))
        step_into(chain, above, zone, first->type);
    else
        step_beside(chain, above, zone);
}

/* ask_ahead - all that may be needed below a label, for one round to answer */
static void ask_ahead(struct dnssec_chain *chain, const struct dns_name *name, unsigned labels)
{
    for (; labels <= name->labels; labels++) {
        const struct dns_name *part = dns_name_suffix(chain->arena, name, labels);

        if (labels > 0)
            chain_zone_ask(chain, part, DNS_DS);
        if (may_be_zone(part))
            chain_zone_ask(chain, part, DNS_DNSKEY);
    }
}

/* go_down - from a zone whose keys can be believed, as far as that is so */
static struct dnssec_chain_zone *
go_down(struct dnssec_chain *chain, struct dnssec_chain_zone *zone, const struct dns_name *name)
{
    for (unsigned labels = zone->name->labels + 1;
         labels <= name->labels && dnssec_chain_state_is_signed(zone->state); labels++) {
        struct dnssec_chain_zone *at =
            find_zone(chain, dns_name_suffix(chain->arena, name, labels));

        if (at->state == DNSSEC_PENDING)
            chain_zone_step(chain, zone, at);
        if (at->state == DNSSEC_PENDING)
            ask_ahead(chain, name, labels);
        if (!dnssec_chain_state_is_signed(at->state) || at->is_cut)
            zone = at;
    }
    if (zone->state == DNSSEC_PENDING)
        ask_ahead(chain, name, zone->name->labels + 1);
    return zone;
}

/* chain_zone_is_unasked - the chain ended at a question that no source speaks for, or that
 * was asked without DNSSEC; not where a server failed or refused */
static bool chain_zone_is_unasked(const struct dnssec_chain_zone *zone)
{
    const struct dns_answer *asked = zone->dnskey != NULL ? zone->dnskey : zone->ds;

    return zone->state == DNSSEC_INDETERMINATE && asked != NULL &&
           (asked->status == DNS_UNKNOWN ||
            (dns_status_is_answer(asked->status) && asked->proofs == NULL));
}

/* island_at - the zone, which a source has with its signatures */
static struct dnssec_chain_zone *island_at(struct dnssec_chain *chain,
                                           const struct dns_answer *dnskey)
{
    struct dnssec_chain_zone *zone = find_zone(chain, dnskey->question.name);

    if (zone->state == DNSSEC_PENDING || zone->state == DNSSEC_INDETERMINATE) {
        zone->dnskey = dnskey;
        enter_island(chain, zone);
    }
    return zone;
}

/* find_island - the highest zone on the way from `above` to the name that can be one; `above`
 * if there is none. What is pending is queried at once. */
static struct dnssec_chain_zone *find_island(struct dnssec_chain *chain,
                                             struct dnssec_chain_zone *above,
                                             const struct dns_name *name)
{
    struct dnssec_chain_zone *pending = NULL; /* may be no zone: not put into the list */

    for (unsigned labels = above->name->labels; labels <= name->labels; labels++) {
        const struct dns_name *part = dns_name_suffix(chain->arena, name, labels);
        const struct dns_answer *dnskey =
            may_be_zone(part) ? chain_zone_ask(chain, part, DNS_DNSKEY) : NULL;

        if (dnskey == NULL)
            continue;
        if (dnskey->status == DNS_PENDING && pending == NULL) {
            pending = arena_new_of(chain->arena, struct dnssec_chain_zone);
            *pending = (struct dnssec_chain_zone){.name = part, .state = DNSSEC_PENDING};
        }
        if (pending == NULL && dnskey->proofs != NULL &&
            dns_rrset_asked(chain->arena, dnskey).count > 0)
            return island_at(chain, dnskey);
    }
    return pending != NULL ? pending : above;
}

struct dnssec_chain_zone *dnssec_chain_walk(struct dnssec_chain *chain,
                                            const struct dns_name *name)
{
    const struct dns_name *anchor = dnssec_anchors_closest(chain->anchors, name);
    struct dnssec_chain_zone *zone = NULL;

    if (anchor == NULL)
        return NULL;
    zone = find_zone(chain, anchor);
    if (zone->state == DNSSEC_PENDING)
        enter_anchor(chain, zone);
    zone = go_down(chain, zone, name);
    if (chain_zone_is_unasked(zone))
        zone = go_down(chain, find_island(chain, zone, name), name);
    return zone;
}
