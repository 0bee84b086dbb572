/* The words of conditions, looked up in facts as they are gathered. */
#include "unit.h"
#include "world.h"

#include "base/clock.h"
#include "gather/gather.h"
#include "mail/mail_message.h"
#include "policy/policy_fact.h"

#define NOW "2026-11-24T10:00:00Z"

static const char world[] =
    "example.com MX 10 mail.example.com\n"
    "mail.example.com A 192.0.2.25\n"
    "25.2.0.192.in-addr.arpa PTR mail.example.com\n"
    "26.2.0.192.in-addr.arpa PTR host-192-0-2-26.pool.example.net\n"
    "host-192-0-2-26.pool.example.net A 192.0.2.26\n"
    "27.2.0.192.in-addr.arpa PTR other.example.net\n"
    "other.example.net A 198.51.100.1\n"
    "28.2.0.192.in-addr.arpa PTR !SERVFAIL\n"
    "example.com TXT \"v=spf1 ip4:192.0.2.25 ~all\"\n"
    "_dmarc.example.com TXT \"v=DMARC1; p=quarantine; sp=none; pct=50; t=y; "
    "rua=mailto:a@example.com,mailto:b@example.org\"\n"
    "_smtp._tls.example.com TXT \"v=TLSRPTv1; rua=mailto:t@example.com\"\n"
    "parked.example MX 0 .\n"
    "parked.example TXT \"v=spf1 -all\"\n"
    "_dmarc.parked.example TXT \"v=DMARC1; p=reject\"\n"
    "*._domainkey.parked.example TXT \"v=DKIM1; p=\"\n"
    "broken.example TXT \"v=spf1 include:none.example redirect=x.example\"\n"
    "moved.example TXT \"v=spf1 redirect=strict.example\"\n"
    "strict.example TXT \"v=spf1 -all\"\n"
    "open.example TXT \"v=spf1 +all\"\n"
    "twice.example TXT \"v=spf1 -all\"\n"
    "twice.example TXT \"v=spf1 ~all\"\n"
    "failing.example TXT !SERVFAIL\n"
    "_dmarc.failing.example TXT !SERVFAIL\n"
    "silent.example TXT !TIMEOUT\n"
    "_dmarc.silent.example TXT !TIMEOUT\n"
    "tight.example TXT \"v=spf1 include:strict.example include:moved.example ?all\"\n"
    "loose.example TXT \"v=spf1 include:neutral.example -all\"\n"
    "neutral.example TXT \"v=spf1 ip4:192.0.2.7 ?all\"\n"
    "partly.example TXT \"v=spf1 include:silent.example -all\"\n"
    "picky.example TXT \"v=spf1 -ip4:192.0.2.25 ~all\"\n"
    "wide.example TXT \"v=spf1 ip4:10.0.0.0/8 -all\"\n"
    "_dmarc.unsaid.example TXT \"v=DMARC1; rua=mailto:d@unsaid.example\"\n"
    "_dmarc.org.example TXT \"v=DMARC1; p=reject; sp=quarantine\"\n"
    "sub.org.example A 192.0.2.1\n"
    "both.example MX 1 one.both.example\n"
    "both.example MX 2 two.both.example\n"
    "one.both.example AAAA 2001:db8::1\n"
    "two.both.example AAAA 2001:db8::2\n"
    "half.example MX 1 one.both.example\n"
    "half.example MX 2 silent.example\n"
    "silent.example AAAA !TIMEOUT\n"
    "silent.example A !TIMEOUT\n"
    "silent.example MX !TIMEOUT\n"
    "plain.example A 192.0.2.1\n";

#define FROM "From: a@example.com\r\n"
#define REST \
    "Date: Tue, 24 Nov 2026 09:00:00 +0000\r\nMessage-ID: <1@example.com>\r\n\r\nHi\r\n"
#define RECEIVED                                                          \
    "Received: from mail.example.com (mail.example.com [192.0.2.25])\r\n" \
    " by mx.example.org with "

struct look {
    const char *domain;
    const char *message; /* NULL: none */
    const char *ip;
    const char *helo;
    const char *mail_from;
};

struct fixture {
    struct arena *arena;
    const struct policy_known *known;
};

static int open_fixture(void **state)
{
    static struct fixture fixture;

    fixture.arena = arena_open();
    *state = &fixture;
    return 0;
}

static int close_fixture(void **state)
{
    arena_close(((struct fixture *)*state)->arena);
    return 0;
}

/* look_at - gather with the world, then look all words up */
static void look_at(struct fixture *fixture, const struct look *look)
{
    struct arena *arena = fixture->arena;
    struct subject *subject = arena_new_of(arena, struct subject);
    struct gather_work work = {
        .arena = arena, .ledger = ledger_open(arena), .source = world_source(arena, world)};
    struct err why = {0};

    subject->domain = dns_name_parse(arena, span_of(look->domain), &why);
    assert_non_null(subject->domain);
    subject->domain_shown = look->domain;
    subject->helo = look->helo;
    subject->mail_from = look->mail_from;
    assert_true(clock_parse(span_of(NOW), &subject->now));
    if (look->ip != NULL)
        assert_true(ip_parse(span_of(look->ip), &subject->ip));
    if (look->message != NULL)
        subject->message = mail_message_parse(arena, span_of(look->message));
    fixture->known = policy_known_of(arena, gather_run(&work, subject));
}

/* shown - "yes", "no", "?", a number or a text */
static const char *shown(const struct fixture *fixture, const char *word)
{
    enum policy_fact fact = POLICY_FACT_COUNT;
    const struct policy_value *value = NULL;

    if (!policy_fact_find(span_of(word), &fact))
        fail_msg("%s is no word", word);
    value = &fixture->known->values[fact];
    if (!value->is_known) {
        assert_non_null(value->reason);
        assert_true(value->reason[0] != '\0');
        return "?";
    }
    if (policy_fact_row(fact)->type == POLICY_TYPE_TRUTH)
        return value->truth ? "yes" : "no";
    return policy_value_to_text(fixture->arena, fixture->known, fact);
}

/* expect - "word=value word=value", values without blanks */
static void expect(const struct fixture *fixture, const char *settings)
{
    struct span rest = span_of(settings);

    while (rest.len > 0) {
        struct span setting = span_cut(&rest, ' ');
        const char *word = arena_strdup_span(fixture->arena, span_cut(&setting, '='));

        if (!span_equal_text(setting, shown(fixture, word)))
            fail_msg("%s is %s, not %.*s", word, shown(fixture, word), SPAN_ARG(setting));
    }
}

static void a_domain_alone_leaves_the_message_unknown(void **state)
{
    look_at(*state, &(struct look){.domain = "example.com"});
    expect(*state, "sender.bulk=? client.ip=? client.ipv6=? ptr.exists=? ptr.confirmed=? "
                   "ptr.generic=? helo.fqdn=? tls.used=? mail-from.domain=? mail-from.null=? "
                   "spf.result=? spf.passes=? spf.aligned=? dkim.signed=? dkim.passes=? "
                   "dkim.aligned=? dkim.bits=? dkim.rsa=? dkim.ed25519=? dmarc.result=? "
                   "dmarc.passes=? rfc7489.result=? rfc7489.policy=? opendmarc.result=? "
                   "from.valid=? message.date=? message.id=? message.repeats=? message.size=? "
                   "message.header=? message.fields=? message.longest-field=? spf.hard-fail=? "
                   "unsubscribe.present=? unsubscribe.one-click=?");
    expect(*state,
           "from.domain=example.com from.dns=found mail-from.dns=found dmarc.record=yes "
           "dmarc.has-policy=yes dmarc.policy=none"); /* t=y */
}

static void what_a_domain_publishes_is_known(void **state)
{
    look_at(*state, &(struct look){.domain = "example.com"});
    expect(*state, "domain.exists=yes domain.sends=yes mx.null=no spf.record=yes spf.valid=yes "
                   "spf.all=softfail spf.nobody=no spf.lookups=0 dkim.key=? dkim.tree=no "
                   "dkim.revoked=no dmarc.p=quarantine dmarc.sp=none dmarc.testing=yes "
                   "dmarc.percent=50 dmarc.reports=yes dmarc.failure-reports=no "
                   "dmarc.authorised=no dnssec.signed=? mx.starttls=? mx.tls12=? "
                   "mx.old-ciphers=? mx.dane=no mx.ipv6=no mx.signed=? mta-sts.valid=no "
                   "mta-sts.enforced=no tls-rpt.record=yes spf.includes-closed=yes "
                   "spf.overbroad=no dmarc.applies=none");
    assert_string_equal(shown(*state, "dmarc.rua"),
                        "mailto:a@example.com mailto:b@example.org");
}

static void a_parked_domain_is_recognised(void **state)
{
    look_at(*state, &(struct look){.domain = "parked.example"});
    expect(*state, "domain.sends=no mx.null=yes spf.nobody=yes spf.all=fail dmarc.p=reject "
                   "dmarc.sp=reject dmarc.policy=reject dkim.revoked=yes dkim.tree=yes "
                   "dmarc.reports=no dmarc.percent=100 tls-rpt.record=no mx.dane=?");
}

static void spf_records_are_told_apart(void **state)
{
    static const struct {
        const char *domain;
        const char *settings;
    } rows[] = {
        {"broken.example", "spf.record=yes spf.valid=no"},
        {"moved.example", "spf.record=yes spf.valid=yes spf.all=fail spf.nobody=no "
                          "spf.lookups=1"},
        {"strict.example", "spf.record=yes spf.valid=yes spf.all=fail spf.nobody=yes "
                           "domain.sends=no"},
        {"open.example", "spf.record=yes spf.valid=yes spf.all=pass spf.nobody=no"},
        {"twice.example", "spf.record=no spf.valid=no spf.all=none"},
        {"plain.example",
         "spf.record=no spf.valid=no spf.all=none dmarc.record=no dmarc.p=absent "
         "dmarc.sp=absent dmarc.policy=none domain.exists=yes"},
        {"none.example", "domain.exists=no spf.record=no dmarc.record=no from.dns=missing"},
        {"open.example", "spf.overbroad=yes"},
        {"wide.example", "spf.overbroad=yes"},
        {"tight.example", "spf.includes-closed=yes spf.overbroad=no"},
        {"loose.example", "spf.includes-closed=no"},
        {"partly.example", "spf.includes-closed=? spf.overbroad=?"},
        {"failing.example", "from.dns=found"}, /* other questions are answered */
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        look_at(*state, &(struct look){.domain = rows[i].domain});
        expect(*state, rows[i].settings);
    }
}

static void dmarc_records_are_told_apart(void **state)
{
    static const struct {
        const char *domain;
        const char *settings;
    } rows[] = {
        {"unsaid.example", "dmarc.record=yes dmarc.has-policy=no dmarc.applies=none"},
        {"org.example", "dmarc.applies=reject dmarc.policy=reject dmarc.sp=quarantine"},
        {"sub.org.example", "dmarc.applies=quarantine dmarc.has-policy=yes"},
        {"plain.example", "dmarc.has-policy=no dmarc.applies=none"},
    };
    static const char message[] = "From: a@sub.org.example\r\n" REST;

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        look_at(*state, &(struct look){.domain = rows[i].domain});
        expect(*state, rows[i].settings);
    }
    /* of the author the one, of the domain the other */
    look_at(*state, &(struct look){.domain = "org.example", .message = message});
    expect(*state, "dmarc.policy=quarantine dmarc.applies=reject");
}

static void mail_hosts_are_looked_at(void **state)
{
    look_at(*state, &(struct look){.domain = "both.example"});
    expect(*state, "mx.ipv6=yes mx.signed=?");
    look_at(*state, &(struct look){.domain = "half.example"});
    expect(*state, "mx.ipv6=?");
    look_at(*state, &(struct look){.domain = "plain.example"});
    expect(*state, "mx.ipv6=? mx.signed=?"); /* no mail host is named */
}

static void the_existence_of_both_senders_is_looked_at(void **state)
{
    static const char stranger[] = "From: a@none.example\r\n" REST;
    static const char silent[] = "From: a@silent.example\r\n" REST;

    look_at(*state, &(struct look){.domain = "example.com",
                                   .message = stranger,
                                   .ip = "192.0.2.25",
                                   .mail_from = "a@nowhere.example"});
    expect(*state, "from.dns=missing mail-from.dns=missing");
    look_at(*state, &(struct look){.domain = "example.com",
                                   .message = silent,
                                   .ip = "192.0.2.25",
                                   .mail_from = "a@strict.example"});
    expect(*state, "from.dns=? mail-from.dns=found");
    look_at(*state, &(struct look){.domain = "example.com",
                                   .message = FROM REST,
                                   .ip = "192.0.2.25",
                                   .mail_from = "a@failing.example"});
    expect(*state, "from.dns=found mail-from.dns=failing");
    look_at(*state, &(struct look){.domain = "example.com",
                                   .message = FROM REST,
                                   .ip = "192.0.2.25",
                                   .mail_from = ""});
    expect(*state, "mail-from.dns=?");
    look_at(*state, &(struct look){.domain = "example.com", .message = FROM REST});
    expect(*state, "mail-from.dns=?");
}

static void a_hard_fail_is_one_by_the_end_of_the_record(void **state)
{
    static const struct {
        const char *mail_from;
        const char *settings;
    } rows[] = {
        {"a@strict.example", "spf.result=fail spf.hard-fail=yes"},
        {"a@moved.example", "spf.result=fail spf.hard-fail=yes"},
        {"a@picky.example", "spf.result=fail spf.hard-fail=no"},
        {"a@example.com", "spf.result=pass spf.hard-fail=no spf.overbroad=no"},
        {"a@open.example", "spf.result=pass spf.overbroad=yes"},
        {"a@silent.example", "spf.hard-fail=? spf.overbroad=?"},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        look_at(*state, &(struct look){.domain = "example.com",
                                       .ip = "192.0.2.25",
                                       .mail_from = rows[i].mail_from});
        expect(*state, rows[i].settings);
    }
}

/* probed - the words again, with what a live probe found at two addresses */
static void probed(struct fixture *fixture, const struct smtp_facts *first,
                   const struct smtp_facts *second, bool is_complete)
{
    static const struct subject subject = {.domain = NULL};
    static const struct ip_address address = {.family = IP_V4, .octets = {192, 0, 2, 1}};
    struct smtp_facts addresses[] = {*first, *second};
    const struct probe_facts probe = {addresses, COUNT_OF(addresses), is_complete};
    const struct facts facts = {.subject = &subject, .probe = &probe};

    for (size_t i = 0; i < COUNT_OF(addresses); i++) {
        addresses[i].host = "mx.example.com";
        addresses[i].address = &address;
        addresses[i].trouble = "it was asleep";
    }
    fixture->known = policy_known_of(fixture->arena, &facts);
}

static void what_a_probe_found_is_known_of_all_hosts_together(void **state)
{
    const struct smtp_facts good = {
        .starttls = SMTP_YES, .tls = SMTP_YES, .tls12 = SMTP_YES, .old_ciphers = SMTP_NO};
    const struct smtp_facts old = {
        .starttls = SMTP_YES, .tls = SMTP_YES, .tls12 = SMTP_NO, .old_ciphers = SMTP_YES};
    const struct smtp_facts clear = {
        .starttls = SMTP_NO, .tls = SMTP_NO, .tls12 = SMTP_NO, .old_ciphers = SMTP_NO};
    const struct smtp_facts nothing = {.starttls = SMTP_UNKNOWN};
    const struct smtp_facts beside = {.starttls = SMTP_UNKNOWN, .is_redundant = true};
    struct fixture *fixture = *state;
    enum policy_fact fact = POLICY_FACT_COUNT;

    probed(fixture, &good, &good, true);
    expect(fixture, "mx.starttls=yes mx.tls12=yes mx.old-ciphers=no tls.used=yes");
    probed(fixture, &good, &old, true);
    expect(fixture, "mx.starttls=yes mx.tls12=no mx.old-ciphers=yes tls.used=yes");
    probed(fixture, &clear, &nothing, false); /* one is enough to deny */
    expect(fixture, "mx.starttls=no mx.tls12=no mx.old-ciphers=? tls.used=no");
    probed(fixture, &good, &beside, true);
    expect(fixture, "mx.starttls=yes mx.tls12=yes mx.old-ciphers=no tls.used=yes");
    probed(fixture, &good, &good, false);
    expect(fixture, "mx.starttls=? mx.tls12=? mx.old-ciphers=? tls.used=?");
    probed(fixture, &good, &nothing, true);
    expect(fixture, "mx.starttls=? mx.tls12=? mx.old-ciphers=? tls.used=?");
    assert_true(policy_fact_find(span_of("mx.starttls"), &fact));
    assert_string_equal(fixture->known->values[fact].reason,
                        "mx.example.com [192.0.2.1]: it was asleep");
}

static void what_could_not_be_asked_is_unknown(void **state)
{
    look_at(*state, &(struct look){.domain = "silent.example", .ip = "192.0.2.28"});
    expect(*state, "domain.exists=? spf.record=? spf.valid=? spf.all=? spf.nobody=? "
                   "spf.lookups=? dmarc.record=? dmarc.policy=? dmarc.p=? dmarc.sp=? "
                   "dmarc.rua=? dmarc.reports=? dmarc.testing=? dmarc.percent=? "
                   "dmarc.failure-reports=? dmarc.authorised=? domain.sends=? ptr.exists=? "
                   "ptr.confirmed=? ptr.generic=? client.ip=192.0.2.28");
}

static void a_failure_of_dns_is_a_result_and_our_own_is_not(void **state)
{
    static const char message[] = "From: a@failing.example\r\n" REST;
    static const char other[] = "From: a@silent.example\r\n" REST;

    look_at(*state, &(struct look){.domain = "failing.example",
                                   .message = message,
                                   .ip = "192.0.2.25",
                                   .mail_from = "a@failing.example"});
    expect(*state, "spf.result=temperror spf.passes=? dmarc.result=temperror dmarc.passes=? "
                   "dmarc.record=? spf.aligned=?");
    look_at(*state, &(struct look){.domain = "silent.example",
                                   .message = other,
                                   .ip = "192.0.2.25",
                                   .mail_from = "a@silent.example"});
    expect(*state, "spf.result=? spf.passes=? dmarc.result=? dmarc.passes=? dmarc.record=?");
}

static void the_clients_name_is_looked_at(void **state)
{
    static const struct {
        const char *ip;
        const char *settings;
    } rows[] = {
        {"192.0.2.25", "ptr.exists=yes ptr.confirmed=yes ptr.generic=no client.ipv6=no"},
        {"192.0.2.26", "ptr.exists=yes ptr.confirmed=yes ptr.generic=yes"},
        {"192.0.2.27", "ptr.exists=yes ptr.confirmed=no ptr.generic=no"},
        {"192.0.2.99", "ptr.exists=no ptr.confirmed=no ptr.generic=no"},
        {"2001:db8::1", "ptr.exists=no client.ipv6=yes"},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        look_at(*state, &(struct look){.domain = "example.com", .ip = rows[i].ip});
        expect(*state, rows[i].settings);
    }
}

static void the_envelope_is_looked_at(void **state)
{
    look_at(*state, &(struct look){.domain = "example.com",
                                   .ip = "192.0.2.25",
                                   .helo = "mail.example.com",
                                   .mail_from = "a@bounce.example.com"});
    expect(*state, "helo.fqdn=yes mail-from.domain=bounce.example.com mail-from.null=no "
                   "spf.result=none spf.passes=no spf.aligned=no");
    look_at(*state, &(struct look){.domain = "example.com",
                                   .ip = "192.0.2.25",
                                   .helo = "localhost",
                                   .mail_from = ""});
    expect(*state, "helo.fqdn=no mail-from.domain=? mail-from.null=yes");
    look_at(*state, &(struct look){.domain = "example.com", .helo = "[192.0.2.25]"});
    expect(*state, "helo.fqdn=no");
}

static void verdicts_on_a_message_are_known(void **state)
{
    look_at(*state, &(struct look){.domain = "example.com",
                                   .message = FROM REST,
                                   .ip = "192.0.2.25",
                                   .mail_from = "a@example.com"});
    expect(*state, "spf.result=pass spf.passes=yes spf.aligned=yes dkim.signed=no "
                   "dkim.passes=no dkim.aligned=no dkim.bits=? dkim.rsa=no dkim.ed25519=no "
                   "dmarc.result=pass dmarc.passes=yes dmarc.record=yes rfc7489.result=pass "
                   "opendmarc.result=? from.domain=example.com from.valid=yes message.date=yes "
                   "message.id=yes message.repeats=no");
    look_at(*state, &(struct look){.domain = "example.com",
                                   .message = FROM REST,
                                   .ip = "198.51.100.9",
                                   .mail_from = "a@example.com"});
    expect(*state, "spf.result=softfail spf.passes=no spf.aligned=no dmarc.result=fail "
                   "dmarc.passes=no");
}

static void the_fields_of_a_message_are_looked_at(void **state)
{
    static const struct {
        const char *message;
        const char *settings;
    } rows[] = {
        {"Subject: x\r\n\r\n", "from.valid=no message.date=no message.id=no from.domain=?"},
        {FROM FROM REST, "from.valid=no message.repeats=yes"},
        {"From: a@example.com, b@example.com\r\n" REST, "from.valid=no message.repeats=no"},
        {FROM "Subject: a\r\nSubject: b\r\n" REST, "from.valid=yes message.repeats=yes"},
        {FROM "Comments: a\r\nComments: b\r\n" REST, "message.repeats=no"},
        {FROM "Message-ID: 1@example.com\r\n\r\n", "message.id=no"},
        {FROM "Message-ID: <1>\r\n\r\n", "message.id=no"},
        {FROM "Message-ID: <@example.com>\r\n\r\n", "message.id=no"},
        {FROM "Message-ID: <1@>\r\n\r\n", "message.id=no"},
        {FROM "Message-ID: <1 2@example.com>\r\n\r\n", "message.id=no"},
        {FROM "Message-ID: <1@a> <2@b>\r\n\r\n", "message.id=no"},
        {FROM "Message-ID:\r\n <1@example.com>\r\n\r\n", "message.id=yes"},
        {FROM "List-Unsubscribe: <mailto:u@example.com>\r\n" REST,
         "unsubscribe.present=yes unsubscribe.one-click=no"},
        {FROM "List-Unsubscribe: <https://example.com/u>\r\n" REST,
         "unsubscribe.present=yes unsubscribe.one-click=no"},
        {FROM "List-Unsubscribe: <mailto:u@example.com>,\r\n <https://example.com/u>\r\n"
              "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" REST,
         "unsubscribe.present=yes unsubscribe.one-click=yes"},
        {FROM "List-Unsubscribe: <http://example.com/u>\r\n"
              "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" REST,
         "unsubscribe.present=yes unsubscribe.one-click=no"},
        {FROM REST, "unsubscribe.present=no unsubscribe.one-click=no"},
        {FROM "\r\nHi\r\n", "message.size=27 message.header=21 message.fields=1 "
                            "message.longest-field=14"},
        {FROM "To: somebody@example.net, somebody.else@example.net\r\n\r\n",
         "message.fields=2 message.longest-field=14"}, /* To does not count */
        {FROM "Bcc: a@example.com\r\nBcc: b@example.com\r\n" REST, "message.repeats=yes"},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        look_at(*state, &(struct look){.domain = "example.com", .message = rows[i].message});
        expect(*state, rows[i].settings);
    }
}

static void only_a_trace_field_that_says_esmtps_proves_tls(void **state)
{
    static const struct {
        const char *protocol;
        const char *ip;
        const char *settings;
    } rows[] = {
        {RECEIVED "ESMTPS id 1; Tue, 24 Nov 2026 09:00:01 +0000\r\n", NULL, "tls.used=yes"},
        {RECEIVED "ESMTP id 1; Tue, 24 Nov 2026 09:00:01 +0000\r\n", NULL, "tls.used=?"},
        {RECEIVED "ESMTPS id 1; Tue, 24 Nov 2026 09:00:01 +0000\r\n", "198.51.100.1",
         "tls.used=?"}, /* another session */
        {"", "192.0.2.25", "tls.used=?"},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture *fixture = *state;

        look_at(fixture, &(struct look){.domain = "example.com",
                                        .ip = rows[i].ip,
                                        .message = arena_printf(fixture->arena, "%s%s",
                                                                rows[i].protocol, FROM REST)});
        expect(fixture, rows[i].settings);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)
    const struct CMUnitTest tests[] = {
        TEST(a_domain_alone_leaves_the_message_unknown),
        TEST(what_a_domain_publishes_is_known),
        TEST(a_parked_domain_is_recognised),
        TEST(spf_records_are_told_apart),
        TEST(dmarc_records_are_told_apart),
        TEST(mail_hosts_are_looked_at),
        TEST(the_existence_of_both_senders_is_looked_at),
        TEST(a_hard_fail_is_one_by_the_end_of_the_record),
        TEST(what_a_probe_found_is_known_of_all_hosts_together),
        TEST(what_could_not_be_asked_is_unknown),
        TEST(a_failure_of_dns_is_a_result_and_our_own_is_not),
        TEST(the_clients_name_is_looked_at),
        TEST(the_envelope_is_looked_at),
        TEST(verdicts_on_a_message_are_known),
        TEST(the_fields_of_a_message_are_looked_at),
        TEST(only_a_trace_field_that_says_esmtps_proves_tls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
