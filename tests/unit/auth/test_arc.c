/* The Authenticated Received Chain: sound chains, every way to break one, and what is not
 * known. */
#include <unistd.h>

#include "unit.h"

#include "auth/auth_arc.h"
#include "arc_sealer.h"
#include "base/sbuf.h"
#include "mail/mail_message.h"
#include "temp_file.h"
#include "world.h"

#define NOW 1795514400 /* 2026-11-24 */

struct fixture {
    struct arena *arena;
    struct ledger *ledger;
    struct auth_arc_prepared *prepared;
    struct auth_dkim_prepared *dkim;
    const struct auth_arc_verdict *verdict;
    const char *world; /* the keys of all hops */
};

static const char original[] =
    "From: a@example.com\r\nTo: b@example.net\r\n"
    "Subject: a  chain\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\n"
    "Message-ID: <1@example.com>\r\n\r\nfirst  line \r\n\r\nlast\r\n\r\n";

/* the hops that seal, in order; more hops start again from the first */
static const struct arc_sealing hops[] = {
    {.domain = "list.example.org", .selector = "arc", .key = "rsa2048"},
    {.domain = "forwarder.example.net", .selector = "ed", .key = "ed25519"},
    {.domain = "gateway.example.com", .selector = "old", .key = "rsa1024"},
};

/* world_of_hops - the keys of all hops */
static const char *world_of_hops(struct arena *arena)
{
    struct sbuf world = sbuf_start(arena);

    for (size_t i = 0; i < COUNT_OF(hops); i++)
        sbuf_add(&world, dkim_signer_world(arena, hops[i].selector, hops[i].domain,
                                           dkim_signer_record(arena, hops[i].key)));
    return sbuf_text(&world);
}

static int setup(void **state)
{
    struct fixture *f = test_calloc(1, sizeof(*f));

    f->arena = arena_open();
    f->world = world_of_hops(f->arena);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    auth_dkim_forget_keys();
    arena_close(f->arena);
    test_free(f);
    return 0;
}

static bool judge_pass(void *ctx)
{
    struct fixture *f = ctx;

    f->verdict = auth_arc_judge(f->arena, f->ledger, f->prepared, NOW);
    return !f->verdict->is_pending;
}

/* judge_in - the chain of a message in a world */
static const struct auth_arc_verdict *judge_in(struct fixture *f, struct span message,
                                               const char *world)
{
    f->prepared = auth_arc_prepare(f->arena, mail_message_parse(f->arena, message), &f->dkim);
    f->ledger = ledger_open(f->arena);
    world_run(f->ledger, world_source(f->arena, world), judge_pass, f);
    return f->verdict;
}

static const struct auth_arc_verdict *judge(struct fixture *f, struct span message)
{
    return judge_in(f, message, f->world);
}

static void assert_arc(const struct auth_arc_verdict *verdict, enum arc_result result,
                       const char *reason)
{
    if (verdict->is_undetermined || verdict->result != result ||
        strstr(verdict->reason, reason) == NULL)
        fail_msg("got %s%s: %s\nwant %s: %s", verdict->is_undetermined ? "undetermined " : "",
                 arc_result_to_text(verdict->result), verdict->reason,
                 arc_result_to_text(result), reason);
}

/* assert_broken - at an instance; 0 where no instance is to blame */
static void assert_broken(const struct auth_arc_verdict *verdict, unsigned instance,
                          const char *reason)
{
    assert_arc(verdict, ARC_FAIL, reason);
    assert_int_equal(verdict->failed_instance, instance);
}

/* chain - a message that went through `count` hops */
static struct span chain(struct fixture *f, size_t count)
{
    struct span message = span_of(original);

    for (size_t i = 0; i < count; i++)
        message = arc_seal(f->arena, message, &hops[i % COUNT_OF(hops)]);
    return message;
}

/* find - position of `text`, which must be there */
static size_t find(struct span in, const char *text)
{
    const char *hit = memmem(in.at, in.len, text, strlen(text));

    if (hit == NULL)
        fail_msg("no %s", text);
    return (size_t)(hit - in.at);
}

/* replaced - the first `what` made `with` */
static struct span replaced(struct arena *arena, struct span text, const char *what,
                            const char *with)
{
    struct sbuf out = sbuf_start(arena);
    size_t at = find(text, what);

    sbuf_add_span(&out, span_sub(text, 0, at));
    sbuf_add(&out, with);
    sbuf_add_span(&out, span_from(text, at + strlen(what)));
    return sbuf_span(&out);
}

/* field_at - the whole field that begins with `text` */
static struct span field_at(struct span message, const char *text)
{
    struct span field = span_from(message, find(message, text));
    size_t end = find(field, "\r\n") + 2;

    while (field.at[end] == '\t' || field.at[end] == ' ')
        end += find(span_from(field, end), "\r\n") + 2;
    return span_sub(field, 0, end);
}

/* without - the message without the field that begins with `text` */
static struct span without(struct arena *arena, struct span message, const char *text)
{
    const char *field = arena_strdup_span(arena, field_at(message, text));

    return replaced(arena, message, field, "");
}

/* with_field - a field in front */
static struct span with_field(struct arena *arena, struct span message, const char *field)
{
    return span_of(arena_printf(arena, "%s%.*s", field, SPAN_ARG(message)));
}

/* ---- sound chains ---- */

static void a_message_without_arc_has_no_chain(void **state)
{
    struct fixture *f = *state;

    assert_arc(judge(f, span_of(original)), ARC_NONE, "the message has no ARC fields");
    assert_int_equal(f->verdict->count, 0);
    assert_int_equal(ledger_count(f->ledger), 0);
}

static void chains_of_1_2_3_and_50_instances_pass(void **state)
{
    struct fixture *f = *state;
    static const size_t counts[] = {1, 2, 3, 50};

    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        assert_arc(judge(f, chain(f, counts[i])), ARC_PASS,
                   "all seals and message signatures verify");
        assert_int_equal(f->verdict->count, counts[i]);
        assert_int_equal(f->verdict->failed_instance, 0);
        assert_true(f->verdict->has_oldest_pass);
        assert_int_equal(f->verdict->oldest_pass, 0);
    }
    assert_int_equal(ledger_count(f->ledger), 3);
    assert_int_equal(ledger_rounds(f->ledger), 1);
}

static void each_instance_shows_who_vouched_for_what(void **state)
{
    struct fixture *f = *state;
    struct span message = arc_seal(f->arena, span_of(original), &hops[0]);
    struct arc_sealing second = hops[1];
    const struct auth_arc_instance *instances = NULL;

    second.results = " mx.forwarder.example.net 1; none";
    judge(f, arc_seal(f->arena, message, &second));
    assert_arc(f->verdict, ARC_PASS, "");
    instances = f->verdict->instances;
    assert_int_equal(instances[0].set->instance, 1);
    assert_int_equal(instances[0].set->cv, REC_ARC_CV_NONE);
    assert_string_equal(instances[0].set->seal.domain->text, "list.example.org");
    assert_string_equal(instances[0].set->seal.selector->text, "arc");
    assert_string_equal(instances[0].set->results.server, "mx.list.example.org");
    assert_string_equal(instances[0].set->results.results->method, "spf");
    assert_string_equal(instances[0].set->results.results->result, "pass");
    assert_string_equal(instances[0].set->results.results->next->method, "dkim");
    assert_string_equal(instances[0].set->results.results->next->properties,
                        "header.d=example.com");
    assert_null(instances[0].set->results.results->next->next);
    assert_int_equal(instances[0].seal->result, DKIM_PASS);
    assert_int_equal(instances[0].seal->body_hash, HASH_NOT_CHECKED);
    assert_int_equal(instances[0].seal->key_bits, 2048);
    assert_int_equal(instances[0].message_signature->body_hash, HASH_MATCH);
    assert_int_equal(instances[1].set->instance, 2);
    assert_int_equal(instances[1].set->cv, REC_ARC_CV_PASS);
    assert_string_equal(instances[1].set->results.server, "mx.forwarder.example.net");
    assert_null(instances[1].set->results.results);
    assert_int_equal(instances[1].seal->key_bits, 256);
}

static void every_canonicalization_of_the_message_signature_passes(void **state)
{
    struct fixture *f = *state;
    static const char *const canons[] = {"simple/simple",   "simple/relaxed", "relaxed/simple",
                                         "relaxed/relaxed", "simple",         "relaxed"};

    for (size_t i = 0; i < COUNT_OF(canons); i++) {
        struct arc_sealing first = hops[0];
        struct arc_sealing second = hops[1];

        first.canon = second.canon = canons[i];
        assert_arc(judge(f, arc_seal(f->arena, arc_seal(f->arena, span_of(original), &first),
                                     &second)),
                   ARC_PASS, "all seals");
    }
}

static void other_arc_fields_may_be_named_but_not_a_seal(void **state)
{
    struct fixture *f = *state;
    struct arc_sealing sealing = hops[0];

    sealing.headers = "From:ARC-Authentication-Results:ARC-Message-Signature";
    assert_arc(judge(f, arc_seal(f->arena, span_of(original), &sealing)), ARC_PASS, "");
    sealing.headers = "From:arc-seal";
    assert_broken(judge(f, arc_seal(f->arena, span_of(original), &sealing)), 1,
                  "ARC-Message-Signature of instance 1 by list.example.org: h= signs ARC-Seal");
}

static void a_version_tag_and_unknown_tags_are_ignored(void **state)
{
    struct fixture *f = *state;
    struct arc_sealing sealing = hops[0];

    sealing.tags = "v=2; zz=x; ";
    sealing.seal_tags = "v=1; c=simple/simple; bh=x; zz=y; ";
    assert_arc(judge(f, arc_seal(f->arena, span_of(original), &sealing)), ARC_PASS, "");
}

static void a_key_for_strict_identities_serves(void **state)
{
    struct fixture *f = *state;
    const char *record = arena_printf(f->arena, "v=DKIM1; t=s; p=%s",
                                      dkim_signer_public(f->arena, "rsa2048", false));

    assert_arc(judge_in(f, chain(f, 1),
                        dkim_signer_world(f->arena, "arc", "list.example.org", record)),
               ARC_PASS, "");
}

static void a_chain_in_a_unix_file_passes(void **state)
{
    struct fixture *f = *state;
    struct span message = chain(f, 2);
    struct sbuf unix_file = sbuf_start(f->arena);

    for (size_t i = 0; i < message.len; i++)
        if (message.at[i] != '\r')
            sbuf_add_octet(&unix_file, message.at[i]);
    assert_arc(judge(f, sbuf_span(&unix_file)), ARC_PASS, "");
}

/* ---- a message that was changed ---- */

static void a_change_between_hops_breaks_only_older_message_signatures(void **state)
{
    struct fixture *f = *state;
    struct span message = chain(f, 2);

    message = span_of(arena_printf(f->arena, "%.*sfooter\r\n", SPAN_ARG(message)));
    message = arc_seal(f->arena, message, &hops[2]);
    assert_arc(judge(f, message), ARC_PASS,
               "all seals verify; the message is unchanged since instance 3");
    assert_true(f->verdict->has_oldest_pass);
    assert_int_equal(f->verdict->oldest_pass, 3);
    assert_int_equal(f->verdict->instances[0].message_signature->result, DKIM_FAIL);
    assert_int_equal(f->verdict->instances[1].message_signature->body_hash, HASH_MISMATCH);
    assert_int_equal(f->verdict->instances[2].message_signature->result, DKIM_PASS);
    message = arc_seal(f->arena, message, &hops[0]);
    assert_arc(judge(f, message), ARC_PASS, "unchanged since instance 3");
    assert_int_equal(f->verdict->oldest_pass, 3);
}

static void a_change_after_the_newest_hop_breaks_the_chain(void **state)
{
    struct fixture *f = *state;
    struct span message = chain(f, 2);

    assert_broken(
        judge(f, span_of(arena_printf(f->arena, "%.*sfooter\r\n", SPAN_ARG(message)))), 2,
        "ARC-Message-Signature of instance 2 by forwarder.example.net: the body hash "
        "does not match bh=");
    assert_false(f->verdict->has_oldest_pass);
    assert_int_equal(f->verdict->instances[1].seal->result, DKIM_PASS);
    assert_broken(judge(f, replaced(f->arena, message, "Subject: a", "Subject: b")), 2,
                  "the signature does not verify over the header fields");
}

static void a_broken_seal_anywhere_breaks_the_chain(void **state)
{
    struct fixture *f = *state;

    for (unsigned i = 1; i <= 3; i++) {
        const char *seal = arena_printf(f->arena, "ARC-Seal: i=%u; a=", i);
        const char *other = arena_printf(f->arena, "ARC-Seal: i=%u; t=1; a=", i);

        assert_broken(judge(f, replaced(f->arena, chain(f, 3), seal, other)), 3,
                      i == 3
                          ? "ARC-Seal of instance 3 by gateway.example.com: the signature does "
                            "not verify"
                          : "ARC-Seal of instance 3");
        assert_int_equal(f->verdict->instances[i - 1].seal->result, DKIM_FAIL);
        if (i > 1)
            assert_int_equal(f->verdict->instances[i - 2].seal->result, DKIM_PASS);
    }
}

static void what_a_seal_covers_cannot_be_changed(void **state)
{
    struct fixture *f = *state;
    struct span message = chain(f, 3);

    assert_broken(
        judge(f, replaced(f->arena, message, "i=1; mx.list.example.org;\r\n\tspf=pass",
                          "i=1; mx.list.example.org;\r\n\tspf=fail")),
        3, "ARC-Seal of instance 3");
    assert_int_equal(f->verdict->instances[0].seal->result, DKIM_FAIL);
    /* blanks are made equal: the canonicalization is relaxed */
    assert_arc(judge(f, replaced(f->arena, message, "i=1; mx.list.example.org;\r\n\tspf=pass",
                                 " i=1;   mx.list.example.org; spf=pass")),
               ARC_PASS, "");
}

static void the_order_of_the_fields_does_not_matter(void **state)
{
    struct fixture *f = *state;
    struct span message = chain(f, 2);
    const char *field = arena_strdup_span(f->arena, field_at(message, "ARC-Seal: i=1;"));

    message = with_field(f->arena, without(f->arena, message, "ARC-Seal: i=1;"), field);
    assert_arc(judge(f, message), ARC_PASS, "");
}

/* ---- structure ---- */

static void a_missing_field_breaks_the_structure(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"ARC-Authentication-Results", "ARC-Message-Signature",
                                        "ARC-Seal"};

    for (unsigned instance = 1; instance <= 3; instance++)
        for (size_t i = 0; i < COUNT_OF(names); i++) {
            const char *field = arena_printf(f->arena, "%s: i=%u;", names[i], instance);

            assert_broken(judge(f, without(f->arena, chain(f, 3), field)), instance,
                          arena_printf(f->arena, "instance %u has no %s", instance, names[i]));
            assert_int_equal(f->verdict->count, 3);
            assert_null(f->verdict->instances[0].seal);
            assert_null(f->verdict->instances[0].message_signature);
            assert_int_equal(ledger_count(f->ledger), 0);
        }
}

static void a_field_twice_breaks_the_structure(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"ARC-Authentication-Results", "ARC-Message-Signature",
                                        "ARC-Seal"};

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct span message = chain(f, 2);
        const char *start = arena_printf(f->arena, "%s: i=1;", names[i]);
        const char *field = arena_strdup_span(f->arena, field_at(message, start));

        assert_broken(judge(f, with_field(f->arena, message, field)), 1,
                      arena_printf(f->arena, "instance 1 has more than one %s", names[i]));
    }
}

/* without_set - all three fields of an instance gone */
static struct span without_set(struct fixture *f, struct span message, unsigned instance)
{
    static const char *const names[] = {"ARC-Authentication-Results", "ARC-Message-Signature",
                                        "ARC-Seal"};

    for (size_t i = 0; i < COUNT_OF(names); i++)
        message =
            without(f->arena, message, arena_printf(f->arena, "%s: i=%u;", names[i], instance));
    return message;
}

static void a_missing_instance_breaks_the_structure(void **state)
{
    struct fixture *f = *state;

    assert_broken(judge(f, without_set(f, chain(f, 3), 1)), 1, "instance 1 is missing");
    assert_int_equal(f->verdict->count, 2);
    assert_broken(judge(f, without_set(f, chain(f, 3), 2)), 2, "instance 2 is missing");
    /* the newest may be cut off: the rest is a chain of its own */
    assert_arc(judge(f, without_set(f, chain(f, 3), 3)), ARC_PASS, "");
}

static void instances_go_from_1_to_50(void **state)
{
    struct fixture *f = *state;
    struct arc_sealing sealing = hops[0];
    struct span message = chain(f, 1);

    assert_broken(judge(f, replaced(f->arena, message, "ARC-Seal: i=1;", "ARC-Seal: i=0;")), 0,
                  "ARC-Seal in line 1 has instance 0; the first is 1");
    sealing.instance = 51;
    assert_broken(judge(f, arc_seal(f->arena, chain(f, 50), &sealing)), 51,
                  "instance 51 is beyond 50, the most a chain may have");
    sealing.instance = 3;
    assert_broken(judge(f, arc_seal(f->arena, message, &sealing)), 2, "instance 2 is missing");
}

static void an_instance_that_cannot_be_read_breaks_the_structure(void **state)
{
    struct fixture *f = *state;
    static const char *const texts[] = {"i=;",  "i=x;", "i=-1;",  "i=1x;", "i=001;", "i=100;",
                                        "I=1;", "j=1;", "i=1 2;", "i;",    ""};
    static const char *const names[] = {"ARC-Authentication-Results", "ARC-Message-Signature",
                                        "ARC-Seal"};

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        for (size_t j = 0; j < COUNT_OF(names); j++) {
            const char *from = arena_printf(f->arena, "%s: i=1;", names[j]);
            const char *to = arena_printf(f->arena, "%s: %s", names[j], texts[i]);

            assert_broken(judge(f, replaced(f->arena, chain(f, 1), from, to)), 0,
                          "has no instance that can be read");
        }
    assert_broken(judge(f, with_field(f->arena, chain(f, 2), "ARC-Seal: nonsense\r\n")), 0,
                  "ARC-Seal in line 1 has no instance that can be read");
}

static void an_instance_may_be_written_in_several_ways(void **state)
{
    struct fixture *f = *state;
    struct span message = chain(f, 1);

    assert_arc(
        judge(f, replaced(f->arena, message, "Results: i=1;", "Results: (c) i (d) = 01 ;")),
        ARC_FAIL, "ARC-Seal of instance 1 by list.example.org: the signature does not");
    assert_int_equal(f->verdict->instances[0].set->instance, 1);
    assert_string_equal(f->verdict->instances[0].set->results.server, "mx.list.example.org");
}

static void the_chain_status_must_fit_the_instance(void **state)
{
    struct fixture *f = *state;
    struct arc_sealing sealing = hops[0];

    sealing.cv = "pass";
    assert_broken(judge(f, arc_seal(f->arena, span_of(original), &sealing)), 1,
                  "cv= of instance 1 is pass and should be none");
    sealing.cv = "none";
    assert_broken(judge(f, arc_seal(f->arena, chain(f, 1), &sealing)), 2,
                  "cv= of instance 2 is none and should be pass");
    sealing.cv = "perhaps";
    assert_broken(judge(f, arc_seal(f->arena, chain(f, 1), &sealing)), 2,
                  "cv= of instance 2 is unknown and should be pass");
    assert_broken(judge(f, replaced(f->arena, chain(f, 1), "cv=none; ", "")), 1,
                  "cv= of instance 1 is missing and should be none");
    sealing.cv =
        "PASS"; /* chain-status is case-insensitive as all ABNF strings without %s are */
    assert_arc(judge(f, arc_seal(f->arena, chain(f, 1), &sealing)), ARC_PASS, "");
}

static void a_chain_that_says_it_failed_fails(void **state)
{
    struct fixture *f = *state;
    struct arc_sealing sealing = hops[1];
    struct span message = chain(f, 1);

    sealing.cv = "fail";
    message = arc_seal(f->arena, message, &sealing);
    assert_broken(judge(f, message), 2, "the newest seal, instance 2, says cv=fail");
    assert_int_equal(ledger_count(f->ledger), 0);
    assert_broken(judge(f, arc_seal(f->arena, message, &hops[2])), 2,
                  "cv= of instance 2 is fail and should be pass");
    /* cv=fail of the newest is reported before other faults (5.2, step 2) */
    assert_broken(judge(f, without(f->arena, message, "ARC-Seal: i=1;")), 2, "says cv=fail");
}

/* ---- fields that cannot be used ---- */

static void a_seal_with_a_list_of_fields_breaks_the_chain(void **state)
{
    struct fixture *f = *state;
    struct arc_sealing sealing = hops[0];

    sealing.seal_tags = "h=ARC-Message-Signature;";
    assert_broken(judge(f, arc_seal(f->arena, span_of(original), &sealing)), 1,
                  "ARC-Seal of instance 1 by list.example.org: h= is not allowed in a seal");
    assert_int_equal(f->verdict->instances[0].seal->result, DKIM_PERMERROR);
    assert_int_equal(f->verdict->instances[0].message_signature->result, DKIM_PASS);
}

static void a_message_signature_without_body_hash_breaks_the_chain_as_the_newest(void **state)
{
    struct fixture *f = *state;
    struct arc_sealing sealing = hops[0];
    struct span message = {NULL, 0};

    sealing.has_no_hash = true;
    message = arc_seal(f->arena, span_of(original), &sealing);
    assert_broken(judge(f, message), 1,
                  "ARC-Message-Signature of instance 1 by list.example.org: bh= is missing");
    assert_arc(judge(f, arc_seal(f->arena, message, &hops[1])), ARC_PASS,
               "unchanged since instance 2");
}

static void malformed_signatures_break_the_chain(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *from;
        const char *to;
        const char *reason;
    } cases[] = {
        {"ARC-Seal: i=1; a=rsa-sha256;", "ARC-Seal: i=1;",
         "ARC-Seal of instance 1 by "
         "list.example.org: a= is missing"},
        {"ARC-Seal: i=1; a=rsa-sha256;", "ARC-Seal: i=1; a=rsa-sha1;", "no longer accepted"},
        {"ARC-Seal: i=1; a=rsa-sha256;", "ARC-Seal: i=1; a=rsa-md5;", "unknown algorithm"},
        {"ARC-Seal: i=1; a=", "ARC-Seal: i=1; t=x; a=", "t= is not a number"},
        {"cv=none; d=list.example.org;", "cv=none;", "ARC-Seal of instance 1: d= is missing"},
        {"cv=none; d=list.example.org;", "cv=none; d=list.example.org; i=1;", "ARC-Seal of"},
        {"Signature: i=1; a=rsa-sha256;", "Signature: i=1; a=rsa-sha1;", "no longer accepted"},
        {"c=relaxed/relaxed;", "c=relaxed/loose;", "unknown canonicalization"},
        {"h=From:To", "h=To", "h= does not sign From"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_broken(judge(f, replaced(f->arena, chain(f, 1), cases[i].from, cases[i].to)), 1,
                      cases[i].reason);
}

static void an_expired_message_signature_breaks_the_chain_as_the_newest(void **state)
{
    struct fixture *f = *state;
    struct arc_sealing sealing = hops[0];
    struct span message = {NULL, 0};

    sealing.tags = "t=1795500000; x=1795500001; ";
    message = arc_seal(f->arena, span_of(original), &sealing);
    assert_broken(judge(f, message), 1, "it expired at");
    assert_arc(judge(f, arc_seal(f->arena, message, &hops[1])), ARC_PASS,
               "unchanged since instance 2");
}

/* ---- keys ---- */

static void a_missing_key_breaks_the_chain(void **state)
{
    struct fixture *f = *state;
    const char *others = strchr(f->world, '\n') + 1; /* all keys but that of the first hop */

    assert_broken(judge_in(f, chain(f, 1), others), 1,
                  "ARC-Message-Signature of instance 1 by list.example.org: no key: "
                  "arc._domainkey.list.example.org does not exist");
    assert_broken(judge_in(f, chain(f, 3), others), 1,
                  "ARC-Seal of instance 1 by list.example.org: no key");
    assert_true(f->verdict->has_oldest_pass);
    assert_int_equal(f->verdict->oldest_pass, 2);
}

static void a_key_that_cannot_be_asked_for_leaves_the_chain_undetermined(void **state)
{
    struct fixture *f = *state;
    const char *others = strchr(f->world, '\n') + 1;
    static const char *const troubles[] = {"SERVFAIL", "TIMEOUT", "BOGUS", "UNKNOWN"};

    for (size_t i = 0; i < COUNT_OF(troubles); i++) {
        const char *world = arena_printf(
            f->arena, "arc._domainkey.list.example.org TXT !%s\n%s", troubles[i], others);

        judge_in(f, chain(f, 2), world);
        assert_true(f->verdict->is_undetermined);
        assert_int_equal(f->verdict->failed_instance, 1);
        assert_non_null(strstr(f->verdict->reason,
                               "ARC-Seal of instance 1 by list.example.org: "
                               "the key at"));
        assert_non_null(strstr(f->verdict->reason, troubles[i]));
        assert_false(f->verdict->has_oldest_pass);
        judge_in(f, chain(f, 1), world);
        assert_true(f->verdict->is_undetermined);
        assert_non_null(strstr(f->verdict->reason, "ARC-Message-Signature of instance 1"));
    }
}

static void what_is_broken_anyway_needs_no_answer(void **state)
{
    struct fixture *f = *state;
    const char *world =
        arena_printf(f->arena, "arc._domainkey.list.example.org TXT !TIMEOUT\n%s",
                     strchr(f->world, '\n') + 1);
    struct span message = replaced(f->arena, chain(f, 2), "Subject: a", "Subject: b");

    assert_broken(judge_in(f, message, world), 2, "ARC-Message-Signature of instance 2");
}

static void a_weak_key_breaks_the_chain(void **state)
{
    struct fixture *f = *state;
    struct arc_sealing sealing = {.domain = "weak.example", .selector = "s", .key = "rsa1000"};
    const char *world = dkim_signer_world(f->arena, "s", "weak.example",
                                          dkim_signer_record(f->arena, "rsa1000"));

    assert_broken(judge_in(f, arc_seal(f->arena, span_of(original), &sealing), world), 1,
                  "fewer than 1024 are never valid");
}

/* ---- together with DKIM ---- */

static void dkim_signatures_are_prepared_in_the_same_pass(void **state)
{
    struct fixture *f = *state;
    struct dkim_signing signing = {.domain = "list.example.org",
                                   .selector = "arc",
                                   .key = "rsa2048",
                                   .canon = "relaxed/relaxed"};
    struct span message = dkim_sign(f->arena, span_of(original), &signing);
    const struct auth_dkim_verdict *verdicts = NULL;

    message = arc_seal(f->arena, message, &hops[0]);
    assert_arc(judge(f, message), ARC_PASS, "");
    assert_int_equal(f->dkim->count, 1);
    verdicts = auth_dkim_judge(f->arena, f->ledger, f->dkim, NOW);
    assert_int_equal(verdicts[0].result, DKIM_PASS);
    /* both look at one digest: the same canonicalization over the same octets */
    assert_ptr_equal(verdicts[0].signature->body_digest.at,
                     f->prepared->signatures->signatures[0].body_digest.at);
}

static void a_signed_length_counts_for_the_message_signature(void **state)
{
    struct fixture *f = *state;
    struct arc_sealing sealing = hops[0];
    struct span message = {NULL, 0};

    sealing.tags = "l=5; ";
    sealing.has_length = true;
    sealing.length = 5;
    message = arc_seal(f->arena, span_of(original), &sealing);
    assert_arc(judge(f, span_of(arena_printf(f->arena, "%.*smore\r\n", SPAN_ARG(message)))),
               ARC_PASS, "");
}

static void a_body_that_breaks_off_leaves_the_chain_undetermined(void **state)
{
    struct fixture *f = *state;
    struct sbuf large = sbuf_start(f->arena);
    struct err why = {0};
    struct mail_message *message = NULL;
    const char *path = NULL;

    sbuf_add(&large, original);
    for (size_t i = 0; i < 100000; i++)
        sbuf_add(&large, "0123456789\r\n");
    path = temp_file(f->arena, arc_seal(f->arena, sbuf_span(&large), &hops[0]));
    message = mail_message_choose(f->arena, path, &(struct mail_choice){0}, &why);
    assert_non_null(message);
    assert_int_equal(truncate(path, 500000), 0);
    f->prepared = auth_arc_prepare(f->arena, message, &f->dkim);
    f->ledger = ledger_open(f->arena);
    world_run(f->ledger, world_source(f->arena, f->world), judge_pass, f);
    assert_true(f->verdict->is_undetermined);
    assert_non_null(strstr(f->verdict->reason, "the body cannot be read"));
    /* a seal does not cover the body */
    assert_int_equal(f->verdict->instances[0].seal->result, DKIM_PASS);
    mail_message_close(message);
    assert_int_equal(unlink(path), 0);
}

static void a_second_pass_keeps_the_verdicts(void **state)
{
    struct fixture *f = *state;
    const struct auth_arc_verdict *first = judge(f, chain(f, 3));
    const struct auth_arc_verdict *second =
        auth_arc_judge(f->arena, f->ledger, f->prepared, NOW);

    assert_arc(first, ARC_PASS, "");
    assert_arc(second, ARC_PASS, "");
    assert_ptr_equal(first->instances[2].seal->key, second->instances[2].seal->key);
}

static void a_message_full_of_arc_fields_is_judged_in_bounds(void **state)
{
    struct fixture *f = *state;
    struct sbuf message = sbuf_start(f->arena);

    for (unsigned i = 0; i < 15000; i++)
        sbuf_addf(&message,
                  "ARC-Seal: i=%u; cv=pass; a=rsa-sha256; d=a.example; s=s; b=AAAA\r\n",
                  i % 60);
    sbuf_add(&message, original);
    assert_broken(judge(f, sbuf_span(&message)), 59, "instance 59 is beyond 50");
    assert_int_equal(f->verdict->count, 50);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_message_without_arc_has_no_chain),
        TEST(chains_of_1_2_3_and_50_instances_pass),
        TEST(each_instance_shows_who_vouched_for_what),
        TEST(every_canonicalization_of_the_message_signature_passes),
        TEST(other_arc_fields_may_be_named_but_not_a_seal),
        TEST(a_version_tag_and_unknown_tags_are_ignored),
        TEST(a_key_for_strict_identities_serves),
        TEST(a_chain_in_a_unix_file_passes),
        TEST(a_change_between_hops_breaks_only_older_message_signatures),
        TEST(a_change_after_the_newest_hop_breaks_the_chain),
        TEST(a_broken_seal_anywhere_breaks_the_chain),
        TEST(what_a_seal_covers_cannot_be_changed),
        TEST(the_order_of_the_fields_does_not_matter),
        TEST(a_missing_field_breaks_the_structure),
        TEST(a_field_twice_breaks_the_structure),
        TEST(a_missing_instance_breaks_the_structure),
        TEST(instances_go_from_1_to_50),
        TEST(an_instance_that_cannot_be_read_breaks_the_structure),
        TEST(an_instance_may_be_written_in_several_ways),
        TEST(the_chain_status_must_fit_the_instance),
        TEST(a_chain_that_says_it_failed_fails),
        TEST(a_seal_with_a_list_of_fields_breaks_the_chain),
        TEST(a_message_signature_without_body_hash_breaks_the_chain_as_the_newest),
        TEST(malformed_signatures_break_the_chain),
        TEST(an_expired_message_signature_breaks_the_chain_as_the_newest),
        TEST(a_missing_key_breaks_the_chain),
        TEST(a_key_that_cannot_be_asked_for_leaves_the_chain_undetermined),
        TEST(what_is_broken_anyway_needs_no_answer),
        TEST(a_weak_key_breaks_the_chain),
        TEST(dkim_signatures_are_prepared_in_the_same_pass),
        TEST(a_signed_length_counts_for_the_message_signature),
        TEST(a_body_that_breaks_off_leaves_the_chain_undetermined),
        TEST(a_second_pass_keeps_the_verdicts),
        TEST(a_message_full_of_arc_fields_is_judged_in_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
