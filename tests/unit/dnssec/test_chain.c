/*
 * The chain of trust over a small signed world that is made here: a root with an anchor, the
 * zone "example" below it, and what a server of "example" answers. Each test breaks one thing.
 */

#include "base/limits.h"
#include "dns/dns_ldns.h"
#include "dns/dns_proofs.h"
#include "dns/dns_rr.h"
#include "dnssec/dnssec_chain.h"
#include "ledger/ledger.h"
#include "unit.h"

#define NOW       1795564800 /* 2026-11-25 */
#define INCEPTION (NOW - 86400)
#define EXPIRES   (NOW + 86400)
#define TEXTS_MAX 24

struct signer {
    const char *zone;
    ldns_key *key;
    const char *dnskey; /* texts of records */
    const char *ds;     /* by SHA-256 */
    const char *ds_sha1;
};

static struct arena *arena;
static struct signer root;
static struct signer zone;
static struct signer stranger; /* a key of "example" that its zone does not have */

/* what the world says; a test changes it before it judges */
static struct {
    struct ledger *ledger;
    const char *ds[2]; /* of example, in the root */
    uint32_t inception;
    uint32_t expires;
    int64_t now;
    const struct dnssec_anchor *anchors;
} world;

static const char *text_of(const ldns_rr *rr)
{
    char *written = ldns_rr2str(rr);
    size_t len = strlen(written);
    const char *text = NULL;

    if (len > 0 && written[len - 1] == '\n')
        len--;
    text = arena_strdup_span(
        arena,
        span_make(written, strcspn(written, ";\n") < len ? strcspn(written, ";\n") : len));
    free(written);
    return text;
}

/* owner text, then the rest: names in the tests have no escapes */
static ldns_rr *rr_of(const char *text)
{
    ldns_rr *rr = NULL;

    if (ldns_rr_new_frm_str(&rr, text, 3600, NULL, NULL) != LDNS_STATUS_OK)
        fail_msg("%s is no record", text);
    return rr;
}

static void open_signer(struct signer *signer, const char *name, uint16_t flags)
{
    ldns_rr *dnskey = NULL;
    ldns_rr *ds = NULL;

    signer->zone = name;
    signer->key = ldns_key_new_frm_algorithm(LDNS_SIGN_ECDSAP256SHA256, 256);
    assert_non_null(signer->key);
    ldns_key_set_pubkey_owner(signer->key, ldns_dname_new_frm_str(name));
    ldns_key_set_flags(signer->key, flags);
    ldns_key_set_origttl(signer->key, 3600);
    dnskey = ldns_key2rr(signer->key);
    ldns_rr_set_ttl(dnskey, 3600);
    ldns_key_set_keytag(signer->key, ldns_calc_keytag(dnskey));
    signer->dnskey = text_of(dnskey);
    ds = ldns_key_rr2ds(dnskey, LDNS_SHA256);
    signer->ds = text_of(ds);
    ldns_rr_free(ds);
    ds = ldns_key_rr2ds(dnskey, LDNS_SHA1);
    signer->ds_sha1 = text_of(ds);
    ldns_rr_free(ds);
    ldns_rr_free(dnskey);
}

/* sign - the RRSIG over records of one owner and type, all texts; the list ends with NULL */
static const char *sign(const struct signer *signer, const char *const *texts)
{
    ldns_rr_list *set = ldns_rr_list_new();
    ldns_key_list *keys = ldns_key_list_new();
    ldns_rr_list *made = NULL;
    const char *text = NULL;

    for (; *texts != NULL; texts++)
        ldns_rr_list_push_rr(set, rr_of(*texts));
    ldns_key_set_inception(signer->key, world.inception);
    ldns_key_set_expiration(signer->key, world.expires);
    ldns_key_list_push_key(keys, signer->key);
    made = ldns_sign_public(set, keys);
    assert_non_null(made);
    text = text_of(ldns_rr_list_rr(made, 0));
    ldns_rr_list_deep_free(made);
    ldns_rr_list_deep_free(set);
    free(keys->_keys);
    free(keys);
    return text;
}

static const char *sign_one(const struct signer *signer, const char *text)
{
    const char *const texts[] = {text, NULL};

    return sign(signer, texts);
}

static struct dns_rr *parse(const char *text)
{
    struct err why = {0};
    struct dns_rr *rr = dns_rr_from_text(arena, text, &why);

    if (rr == NULL)
        fail_msg("%s: %s", text, why.text);
    return rr;
}

/* renamed - the record under another owner, as a wildcard gives it */
static const char *renamed(const char *owner, const char *text)
{
    return arena_printf(arena, "%s%s", owner, strpbrk(text, "\t "));
}

/* an answer to be held; texts end with NULL */
struct held {
    const char *name;
    enum dns_type type;
    enum dns_status status;
    const char *records[TEXTS_MAX];
    const char *signatures[TEXTS_MAX];
    const char *denial[TEXTS_MAX];
    bool is_unproved;
};

static const struct dns_answer *hold(const struct held *held)
{
    struct dns_answer answer = {.status = held->status, .source = "test"};
    struct dns_proofs *proofs = arena_new_of(arena, struct dns_proofs);

    answer.question.name = dns_name_from_text(arena, held->name);
    answer.question.type = held->type;
    for (size_t i = 0; held->records[i] != NULL; i++)
        dns_answer_append(&answer, parse(held->records[i]));
    for (size_t i = 0; held->signatures[i] != NULL; i++)
        dns_proofs_insert(proofs, parse(held->signatures[i]));
    for (size_t i = 0; held->denial[i] != NULL; i++)
        dns_proofs_insert(proofs, parse(held->denial[i]));
    answer.proofs = held->is_unproved ? NULL : proofs;
    ledger_add(world.ledger, &answer);
    return ledger_find(world.ledger, answer.question.name, answer.question.type);
}

static void hold_keys(const struct signer *signer)
{
    hold(&(struct held){signer->zone,
                        DNS_DNSKEY,
                        DNS_OK,
                        {signer->dnskey},
                        {sign_one(signer, signer->dnskey)},
                        {NULL},
                        false});
}

static void hold_ds(void)
{
    hold(&(struct held){"example.",
                        DNS_DS,
                        DNS_OK,
                        {world.ds[0], world.ds[1]},
                        {sign(&root, (const char *const[]){world.ds[0], world.ds[1], NULL})},
                        {NULL},
                        false});
}

static const struct dnssec_chain_verdict *judge(const struct dns_answer *answer)
{
    struct ledger *ledger = ledger_over(arena, world.ledger, NULL, 0);

    return dnssec_chain_judge(dnssec_chain_open(arena, ledger, world.anchors, world.now),
                              answer);
}

/* expect - the state, and words of the reason */
static void expect(const struct dns_answer *answer, enum dnssec_chain_state state,
                   const char *words)
{
    const struct dnssec_chain_verdict *verdict = judge(answer);

    if (verdict->state != state ||
        (words != NULL && (verdict->reason == NULL || strstr(verdict->reason, words) == NULL)))
        fail_msg("%s: %s, not %s: %s", dnssec_chain_state_to_text(verdict->state),
                 verdict->reason != NULL ? verdict->reason : "no reason",
                 dnssec_chain_state_to_text(state), words != NULL ? words : "anything");
    assert_true((verdict->reason == NULL) == (verdict->state == DNSSEC_SECURE));
}

static const char mx_text[] = "example.\t3600\tIN\tMX\t10 mail.example.";

/* hold_world - root and example, as `world` says */
static void hold_world(void)
{
    hold_keys(&root);
    hold_ds();
    hold_keys(&zone);
}

static const struct dns_answer *hold_mx(const char *signature)
{
    return hold(
        &(struct held){"example.", DNS_MX, DNS_OK, {mx_text}, {signature}, {NULL}, false});
}

static int open_world(void **state)
{
    struct dnssec_anchor *anchor = NULL;

    (void)state;
    arena = arena_open();
    open_signer(&root, ".", 257);
    open_signer(&zone, "example.", 257);
    open_signer(&stranger, "example.", 257);
    anchor = arena_new_of(arena, struct dnssec_anchor);
    anchor->rr = parse(root.ds);
    world.ledger = ledger_open(arena);
    world.ds[0] = zone.ds;
    world.ds[1] = NULL;
    world.inception = INCEPTION;
    world.expires = EXPIRES;
    world.now = NOW;
    world.anchors = anchor;
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    ldns_key_deep_free(root.key);
    ldns_key_deep_free(zone.key);
    ldns_key_deep_free(stranger.key);
    arena_close(arena);
    return 0;
}

/* ---- signatures ---- */

static void a_chain_without_a_gap_is_secure(void **state)
{
    const struct dns_answer *mx = NULL;

    (void)state;
    hold_world();
    mx = hold_mx(sign_one(&zone, mx_text));
    expect(mx, DNSSEC_SECURE, NULL);
    assert_int_equal(judge(mx)->expires, EXPIRES);
    assert_int_equal(judge(mx)->inception, INCEPTION);
}

static void a_signature_holds_from_its_first_second_to_its_last(void **state)
{
    const struct dns_answer *mx = NULL;

    (void)state;
    hold_world();
    mx = hold_mx(sign_one(&zone, mx_text));
    world.now = INCEPTION;
    expect(mx, DNSSEC_SECURE, NULL);
    world.now = EXPIRES;
    expect(mx, DNSSEC_SECURE, NULL);
    world.now = INCEPTION - 1;
    expect(mx, DNSSEC_BOGUS, "not valid before 2026-11-24T00:00:00Z");
    world.now = EXPIRES + 1;
    expect(mx, DNSSEC_BOGUS, "expired on 2026-11-26T00:00:00Z");
}

static void only_the_record_may_be_late(void **state)
{
    const struct dns_answer *mx = NULL;

    (void)state;
    hold_world();
    world.expires = NOW - 1;
    mx = hold_mx(sign_one(&zone, mx_text));
    expect(mx, DNSSEC_BOGUS, "the MX records of example: the signature expired");
}

static void times_go_on_after_2038(void **state)
{
    const struct dns_answer *mx = NULL;

    (void)state;
    /* RFC 4034, 3.1.5: 32 bits without a sign, of which the distance counts */
    world.now = (int64_t)INT32_MAX + 11;
    world.inception = (uint32_t)INT32_MAX - 1000;
    world.expires = (uint32_t)INT32_MAX + 1000;
    hold_world();
    mx = hold_mx(sign_one(&zone, mx_text));
    expect(mx, DNSSEC_SECURE, NULL);
    assert_int_equal(judge(mx)->expires, (int64_t)INT32_MAX + 1000);
    world.now = (int64_t)INT32_MAX + 1001;
    expect(mx, DNSSEC_BOGUS, "expired on 2038-01-19T03:30:47Z");
}

static void records_without_a_signature_are_bogus(void **state)
{
    (void)state;
    hold_world();
    expect(hold_mx(NULL), DNSSEC_BOGUS, "no signature, in the signed zone example.");
}

static void a_foreign_key_signs_nothing(void **state)
{
    (void)state;
    hold_world();
    expect(hold_mx(sign_one(&stranger, mx_text)), DNSSEC_BOGUS,
           "no trusted key of example. has the tag");
}

static void changed_records_do_not_verify(void **state)
{
    (void)state;
    hold_world();
    expect(hold_mx(sign_one(&zone, "example.\t3600\tIN\tMX\t20 mail.example.")), DNSSEC_BOGUS,
           "does not verify");
}

static void one_good_signature_of_several_is_enough(void **state)
{
    const struct dns_answer *mx = NULL;

    (void)state;
    hold_world();
    mx = hold(&(struct held){"example.",
                             DNS_MX,
                             DNS_OK,
                             {mx_text},
                             {sign_one(&stranger, mx_text), sign_one(&zone, mx_text)},
                             {NULL},
                             false});
    expect(mx, DNSSEC_SECURE, NULL);
}

/* bound: LIMIT_RRSET_CHECKS both */
static void signatures_by_the_dozen_are_not_tried(void **state)
{
    (void)state;
    hold_world();
    for (size_t bad = LIMIT_RRSET_CHECKS - 1; bad < LIMIT_RRSET_CHECKS + 1; bad++) {
        struct held held = {"example.", DNS_MX, DNS_OK, {mx_text}, {NULL}, {NULL}, false};

        world.expires = EXPIRES - 1;     /* they sort before the good one */
        for (size_t i = 0; i < bad; i++) /* made anew each differs, as ECDSA does */
            held.signatures[i] = sign_one(&zone, "example.\t3600\tIN\tMX\t20 mail.example.");
        world.expires = EXPIRES;
        held.signatures[bad] = sign_one(&zone, mx_text);
        if (bad < LIMIT_RRSET_CHECKS)
            expect(hold(&held), DNSSEC_SECURE, NULL);
        else
            expect(hold(&held), DNSSEC_BOGUS, "more keys and signatures fit than are tried");
    }
}

/* the keys of root and example and the DS record between them take three */
/* bound: LIMIT_SIGNATURE_TESTS both */
static void signatures_of_one_run_are_bounded(void **state)
{
    struct ledger *ledger = ledger_over(arena, world.ledger, NULL, 0);
    struct dnssec_chain *chain = dnssec_chain_open(arena, ledger, world.anchors, world.now);
    const struct dnssec_chain_verdict *verdict = NULL;
    int secure = 0;

    (void)state;
    hold_world();
    do {
        const char *name = arena_printf(arena, "n%d.example.", secure++);
        const char *text = arena_printf(arena, "%s\t3600\tIN\tA\t192.0.2.1", name);

        verdict = dnssec_chain_judge(
            chain, hold(&(struct held){
                       name, DNS_A, DNS_OK, {text}, {sign_one(&zone, text)}, {NULL}, false}));
    } while (verdict->state == DNSSEC_SECURE);
    assert_int_equal(secure - 1 + 3, LIMIT_SIGNATURE_TESTS);
    assert_non_null(strstr(verdict->reason, "more keys and signatures fit than are tried"));
}

/* denials - the proofs with so many NSEC records, from the given one on */
static struct dns_proofs *denials(int first, int count)
{
    struct dns_proofs *proofs = arena_new_of(arena, struct dns_proofs);

    for (int i = first; i < first + count; i++)
        dns_proofs_insert(proofs, parse(arena_printf(arena,
                                                     "n%03d.example.\t3600\tIN\tNSEC\t"
                                                     "example. A",
                                                     i)));
    return proofs;
}

/* bound: LIMIT_PROOF_RECORDS both */
static void of_too_many_proofs_none_is_kept(void **state)
{
    struct dns_proofs *most = denials(0, LIMIT_PROOF_RECORDS);

    (void)state;
    assert_ptr_equal(dns_proofs_whole(most), most);
    assert_null(dns_proofs_whole(denials(0, LIMIT_PROOF_RECORDS + 1)));
    assert_non_null(dns_proofs_join(arena, most, denials(0, 1))); /* one that it has */
    assert_null(dns_proofs_join(arena, most, denials(LIMIT_PROOF_RECORDS, 1)));
}

static void an_answer_whose_proofs_are_too_many_is_not_called_bogus(void **state)
{
    struct held held = {"example.", DNS_MX, DNS_OK, {mx_text}, {NULL}, {NULL}, false};
    const struct dns_answer *answer = NULL;
    struct dns_answer flooded;

    (void)state;
    hold_world();
    held.signatures[0] = sign_one(&zone, mx_text);
    answer = hold(&held);
    flooded = *answer;
    flooded.proofs = dns_proofs_join(arena, answer->proofs, denials(0, LIMIT_PROOF_RECORDS));
    expect(&flooded, DNSSEC_SECURE, NULL);
    flooded.proofs = dns_proofs_join(arena, flooded.proofs, denials(LIMIT_PROOF_RECORDS, 1));
    expect(&flooded, DNSSEC_INDETERMINATE, "too many");
}

/* ---- keys and DS records ---- */

static void a_ds_record_of_another_key_is_bogus(void **state)
{
    (void)state;
    world.ds[0] = stranger.ds;
    hold_world();
    expect(hold_mx(sign_one(&zone, mx_text)), DNSSEC_BOGUS,
           "no DNSKEY of example. matches its DS records");
}

static void sha1_counts_only_where_nothing_better_is(void **state)
{
    const struct dns_answer *mx = NULL;

    (void)state;
    world.ds[0] = zone.ds_sha1;
    hold_world();
    mx = hold_mx(sign_one(&zone, mx_text));
    expect(mx, DNSSEC_SECURE, NULL);
    world.ds[1] = stranger.ds; /* RFC 4509, 3 */
    hold_ds();
    expect(mx, DNSSEC_BOGUS, "matches its DS records");
}

static void unknown_algorithms_count_as_unsigned(void **state)
{
    static const char *const unknown[] = {
        "example.\t3600\tIN\tDS\t4711 250 2 "
        "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",    /* algorithm */
        "example.\t3600\tIN\tDS\t4711 13 99 00112233445566778899aabbccddeeff", /* digest */
        "example.\t3600\tIN\tDS\t4711 1 2 "
        "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", /* RSAMD5 */
    };

    (void)state;
    hold_world();
    for (size_t i = 0; i < COUNT_OF(unknown); i++) {
        world.ds[0] = unknown[i];
        hold_ds();
        expect(hold_mx(NULL), DNSSEC_INSECURE, "algorithms that are not verified");
    }
}

static void keys_that_may_not_sign_do_not_count(void **state)
{
    static const uint16_t flags[] = {257 | 0x80, 1}; /* revoked; no zone key */

    (void)state;
    for (size_t i = 0; i < COUNT_OF(flags); i++) {
        ldns_key_deep_free(zone.key);
        open_signer(&zone, "example.", flags[i]);
        world.ds[0] = zone.ds;
        hold_keys(&root);
        hold_ds();
        hold(&(struct held){"example.",
                            DNS_DNSKEY,
                            DNS_OK,
                            {zone.dnskey},
                            {sign_one(&stranger, zone.dnskey)},
                            {NULL},
                            false});
        expect(hold_mx(sign_one(&stranger, mx_text)), DNSSEC_BOGUS,
               "no DNSKEY of example. matches");
    }
}

/* bound: LIMIT_ZONE_KEYS both */
static void keys_of_a_zone_are_bounded(void **state)
{
    (void)state;
    hold_keys(&root);
    hold_ds();
    for (size_t count = LIMIT_ZONE_KEYS; count < LIMIT_ZONE_KEYS + 2; count++) {
        struct held held = {"example.", DNS_DNSKEY, DNS_OK, {NULL}, {NULL}, {NULL}, false};

        for (size_t i = 0; i + 1 < count; i++) /* 64 octets, as a key of P-256 has */
            held.records[i] = arena_printf(
                arena, "example.\t3600\tIN\tDNSKEY\t257 3 13 %c%084dA==", (int)('A' + i), 0);
        held.records[count - 1] = zone.dnskey;
        held.signatures[0] = sign(&zone, held.records);
        hold(&held);
        expect(hold_mx(sign_one(&zone, mx_text)),
               count == LIMIT_ZONE_KEYS ? DNSSEC_SECURE : DNSSEC_BOGUS, NULL);
    }
}

static void a_ds_record_without_a_key_is_bogus(void **state)
{
    (void)state;
    hold_world();
    hold(&(struct held){"example.", DNS_DNSKEY, DNS_NODATA, {NULL}, {NULL}, {NULL}, false});
    expect(hold_mx(NULL), DNSSEC_BOGUS, "has a DS record and no DNSKEY");
}

static void what_could_not_be_asked_is_indeterminate(void **state)
{
    const struct dns_answer *mx = NULL;

    (void)state;
    hold_world();
    mx = hold_mx(sign_one(&zone, mx_text));
    hold(&(struct held){"example.", DNS_DNSKEY, DNS_TIMEOUT, {NULL}, {NULL}, {NULL}, true});
    expect(mx, DNSSEC_INDETERMINATE, "DNSKEY of example: TIMEOUT");
    hold(&(struct held){"example.", DNS_DS, DNS_SERVFAIL, {NULL}, {NULL}, {NULL}, true});
    expect(mx, DNSSEC_INDETERMINATE, "DS of example: SERVFAIL");
    mx = hold(&(struct held){"example.", DNS_MX, DNS_OK, {mx_text}, {NULL}, {NULL}, true});
    expect(mx, DNSSEC_INDETERMINATE, "without DNSSEC records");
}

static void another_root_is_indeterminate(void **state)
{
    const struct dns_answer *mx = NULL;

    (void)state;
    hold_world();
    mx = hold_mx(sign_one(&zone, mx_text));
    world.anchors = dnssec_anchors_root();
    expect(mx, DNSSEC_INDETERMINATE, "no key of . is a trust anchor");
}

static void a_zone_of_which_nobody_above_is_known_is_an_island(void **state)
{
    const struct dns_answer *mx = NULL;

    (void)state;
    hold_keys(&zone);
    mx = hold_mx(sign_one(&zone, mx_text));
    expect(mx, DNSSEC_ISLAND, "was not checked");
    mx = hold_mx(sign_one(&stranger, mx_text));
    expect(mx, DNSSEC_BOGUS, "no trusted key");
    hold(&(struct held){".", DNS_DNSKEY, DNS_TIMEOUT, {NULL}, {NULL}, {NULL}, true});
    expect(mx, DNSSEC_INDETERMINATE, "DNSKEY of the root: TIMEOUT");
}

static void keys_behind_an_alias_are_not_those_of_the_zone(void **state)
{
    const char *key = strstr(zone.dnskey, "\t");
    struct held held = {
        "example.",
        DNS_DNSKEY,
        DNS_OK,
        {"example.\t3600\tIN\tCNAME\tother.", arena_printf(arena, "other.%s", key)},
        {sign_one(&zone, zone.dnskey)},
        {NULL},
        false};
    const struct dns_answer *mx = NULL;

    (void)state;
    hold(&held);
    mx = hold_mx(sign_one(&zone, mx_text));
    expect(mx, DNSSEC_INDETERMINATE, "DNSKEY of the root");
    hold_keys(&root);
    hold_ds();
    expect(mx, DNSSEC_BOGUS, "has a DS record and no DNSKEY");
}

/* ---- proofs of absence ---- */

#define NSEC(owner, next, types) owner "\t3600\tIN\tNSEC\t" next " " types

/* absent - the question "TXT of b.example", denied by the records */
static const struct dns_answer *absent(const char *name, enum dns_status status,
                                       const char *const *denial)
{
    struct held held = {name, DNS_TXT, status, {NULL}, {NULL}, {NULL}, false};

    for (size_t i = 0; denial[i] != NULL; i++) {
        held.denial[i] = denial[i];
        held.signatures[i] = sign_one(&zone, denial[i]);
    }
    return hold(&held);
}

/* the name is "b.example.", asked for TXT */
static void nsec_records_prove_as_far_as_they_go(void **state)
{
    static const char apex[] = NSEC("example.", "a.example.", "NS SOA MX RRSIG NSEC DNSKEY");
    static const char a_to_c[] = NSEC("a.example.", "c.example.", "A RRSIG NSEC");
    static const struct {
        enum dns_status status;
        const char *denial[3];
        enum dnssec_chain_state state;
        const char *words;
    } cases[] = {
        {DNS_NXDOMAIN, {apex, a_to_c}, DNSSEC_SECURE, NULL},
        {DNS_NXDOMAIN, {a_to_c}, DNSSEC_BOGUS, "the proof is missing"}, /* no wildcard? */
        {DNS_NXDOMAIN, {apex}, DNSSEC_BOGUS, "the proof is missing"},
        {DNS_NODATA, {NSEC("b.example.", "c.example.", "A RRSIG NSEC")}, DNSSEC_SECURE, NULL},
        {DNS_NODATA,
         {NSEC("b.example.", "c.example.", "A TXT RRSIG NSEC")},
         DNSSEC_BOGUS,
         "the proof says that there are"},
        {DNS_NODATA,
         {NSEC("b.example.", "c.example.", "CNAME RRSIG NSEC")},
         DNSSEC_BOGUS,
         "the proof says that there are"},
        /* of the zone above: nothing about the zone that begins there (RFC 6840, 4.1) */
        {DNS_NODATA,
         {NSEC("b.example.", "c.example.", "NS RRSIG NSEC")},
         DNSSEC_BOGUS,
         "the proof is missing"},
        /* the name exists, because another is below it (RFC 4592, 2.2.2) */
        {DNS_NODATA, {NSEC("a.example.", "x.b.example.", "A RRSIG NSEC")}, DNSSEC_SECURE, NULL},
        {DNS_NXDOMAIN,
         {apex, NSEC("a.example.", "x.b.example.", "A RRSIG NSEC")},
         DNSSEC_BOGUS,
         "the proof is missing"},
        /* the last record of the zone leads back to its first */
        {DNS_NXDOMAIN,
         {NSEC("a.example.", "example.", "A RRSIG NSEC"), apex},
         DNSSEC_SECURE,
         NULL},
        /* a wildcard stands for the name, and has no TXT */
        {DNS_NODATA,
         {a_to_c, NSEC("*.example.", "a.example.", "A RRSIG NSEC")},
         DNSSEC_SECURE,
         NULL},
        {DNS_NODATA,
         {a_to_c, NSEC("*.example.", "a.example.", "TXT RRSIG NSEC")},
         DNSSEC_BOGUS,
         "the proof says that there are"},
    };

    (void)state;
    hold_world();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        print_message("case %zu\n", i);
        expect(absent("b.example.", cases[i].status, cases[i].denial), cases[i].state,
               cases[i].words);
    }
}

static void a_denial_needs_a_signature(void **state)
{
    static const char here[] = NSEC("b.example.", "c.example.", "A RRSIG NSEC");
    struct held held = {"b.example.", DNS_TXT, DNS_NODATA, {NULL}, {sign_one(&stranger, here)},
                        {here},       false};

    (void)state;
    hold_world();
    expect(hold(&held), DNSSEC_BOGUS, "no trusted key");
}

static void a_wildcard_needs_proof_that_the_name_is_absent(void **state)
{
    static const char wild[] = "*.example.\t3600\tIN\tTXT\t\"v=spf1 -all\"";
    static const char cover[] = NSEC("a.example.", "c.example.", "A RRSIG NSEC");
    struct held held = {"b.example.", DNS_TXT, DNS_OK, {NULL}, {NULL}, {NULL}, false};

    (void)state;
    hold_world();
    held.records[0] = renamed("b.example.", wild);
    held.signatures[0] = renamed("b.example.", sign_one(&zone, wild));
    expect(hold(&held), DNSSEC_BOGUS, "a wildcard, without proof that the name is absent");
    held.denial[0] = cover;
    held.signatures[1] = sign_one(&zone, cover);
    expect(hold(&held), DNSSEC_SECURE, NULL);
}

static void an_unsigned_delegation_is_insecure_where_it_is_proved(void **state)
{
    static const char text[] = "sub.example.\t3600\tIN\tTXT\t\"v=spf1 -all\"";
    static const struct {
        const char *denial;
        enum dnssec_chain_state state;
        const char *words;
    } cases[] = {
        {NSEC("sub.example.", "z.example.", "NS RRSIG NSEC"), DNSSEC_INSECURE, "no DS record"},
        {NSEC("sub.example.", "z.example.", "NS DS RRSIG NSEC"), DNSSEC_BOGUS,
         "the proof says that there is one"},
        /* the child speaks for itself (RFC 4035, 5.2) */
        {NSEC("sub.example.", "z.example.", "NS SOA RRSIG NSEC"), DNSSEC_BOGUS, "not proved"},
        /* no zone begins there, so the text should be signed */
        {NSEC("sub.example.", "z.example.", "TXT RRSIG NSEC"), DNSSEC_BOGUS, "no signature"},
        {NSEC("x.example.", "z.example.", "A RRSIG NSEC"), DNSSEC_BOGUS,
         "the proof is missing"},
    };

    (void)state;
    hold_world();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        hold(&(struct held){"sub.example.",
                            DNS_DS,
                            DNS_NODATA,
                            {NULL},
                            {sign_one(&zone, cases[i].denial)},
                            {cases[i].denial},
                            false});
        expect(hold(&(struct held){
                   "sub.example.", DNS_TXT, DNS_OK, {text}, {NULL}, {NULL}, false}),
               cases[i].state, cases[i].words);
    }
}

/* ---- hashed names ---- */

/* nsec3 - the record at the hash of a name, or, with `is_cover`, one that spans it */
static const char *nsec3(const char *name, bool is_cover, unsigned flags, unsigned iterations,
                         const char *types)
{
    ldns_rdf *made = ldns_dname_new_frm_str(name);
    ldns_rdf *hashed = ldns_nsec3_hash_name(made, LDNS_SHA1, (uint16_t)iterations, 0, NULL);
    char *label = ldns_rdf2str(hashed);
    char from[64];
    char to[64];
    const char *text = NULL;

    ldns_rdf_deep_free(made);
    ldns_rdf_deep_free(hashed);
    snprintf(from, sizeof(from), "%.32s", label);
    snprintf(to, sizeof(to), "%.32s", label);
    free(label);
    if (is_cover) { /* the neighbours on both sides, near enough to span no other name */
        memset(from + 20, '0', 12);
        from[19] = from[19] == '0' ? '0' : (char)(from[19] == 'a' ? '9' : from[19] - 1);
        memset(to + 20, 'v', 12);
    } else {
        memset(to + 20, 'v', 12);
    }
    text = arena_printf(arena, "%s.example.\t3600\tIN\tNSEC3\t1 %u %u - %s %s", from, flags,
                        iterations, to, types);
    return text;
}

static void nsec3_records_prove_as_far_as_they_go(void **state)
{
    enum { ENCLOSER, NEXT, WILDCARD, PARTS };
    static const struct {
        bool has[PARTS];
        unsigned flags;
        unsigned iterations;
        enum dnssec_chain_state state;
    } cases[] = {
        {{true, true, true}, 0, 0, DNSSEC_SECURE},
        {{false, true, true}, 0, 0, DNSSEC_BOGUS},
        {{true, false, true}, 0, 0, DNSSEC_BOGUS},
        {{true, true, false}, 0, 0, DNSSEC_BOGUS},
        {{true, true, true}, 1, 0, DNSSEC_INSECURE}, /* opt-out */
        {{true, true, true}, 0, 150, DNSSEC_SECURE},
        {{true, true, true}, 0, 151, DNSSEC_INSECURE}, /* RFC 9276, 3.2 */
    };
    static const char *const names[] = {"example.", "b.example.", "*.example."};
    static const char *const types[] = {"NS SOA RRSIG DNSKEY NSEC3PARAM", "A RRSIG", "A RRSIG"};

    (void)state;
    hold_world();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *denial[PARTS + 1] = {NULL};
        size_t count = 0;

        print_message("case %zu\n", i);
        for (size_t part = 0; part < PARTS; part++)
            if (cases[i].has[part])
                denial[count++] = nsec3(names[part], part != ENCLOSER, cases[i].flags,
                                        cases[i].iterations, types[part]);
        expect(absent("b.example.", DNS_NXDOMAIN, denial), cases[i].state, NULL);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
    const struct CMUnitTest tests[] = {
        TEST(a_chain_without_a_gap_is_secure),
        TEST(a_signature_holds_from_its_first_second_to_its_last),
        TEST(only_the_record_may_be_late),
        TEST(times_go_on_after_2038),
        TEST(records_without_a_signature_are_bogus),
        TEST(a_foreign_key_signs_nothing),
        TEST(changed_records_do_not_verify),
        TEST(one_good_signature_of_several_is_enough),
        TEST(signatures_by_the_dozen_are_not_tried),
        TEST(signatures_of_one_run_are_bounded),
        TEST(of_too_many_proofs_none_is_kept),
        TEST(an_answer_whose_proofs_are_too_many_is_not_called_bogus),
        TEST(keys_of_a_zone_are_bounded),
        TEST(a_ds_record_of_another_key_is_bogus),
        TEST(sha1_counts_only_where_nothing_better_is),
        TEST(unknown_algorithms_count_as_unsigned),
        TEST(keys_that_may_not_sign_do_not_count),
        TEST(a_ds_record_without_a_key_is_bogus),
        TEST(what_could_not_be_asked_is_indeterminate),
        TEST(another_root_is_indeterminate),
        TEST(a_zone_of_which_nobody_above_is_known_is_an_island),
        TEST(keys_behind_an_alias_are_not_those_of_the_zone),
        TEST(nsec_records_prove_as_far_as_they_go),
        TEST(a_denial_needs_a_signature),
        TEST(a_wildcard_needs_proof_that_the_name_is_absent),
        TEST(an_unsigned_delegation_is_insecure_where_it_is_proved),
        TEST(nsec3_records_prove_as_far_as_they_go),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
