/* Facts of a session: yes and no where it got that far, unknown everywhere else. */
#include "reply/reply.h"
#include "smtp/smtp_client.h"
#include "unit_arena.h"

/* ehlo - the capabilities of a reply */
static const struct smtp_ehlo *ehlo(const char *text)
{
    struct reply *reply = arena_new_of(arena, struct reply);

    reply_parse(arena, span_of(text), reply);
    return smtp_ehlo_parse(arena, reply);
}

/* exchange - one reply in a state */
static struct smtp_exchange exchange(enum smtp_state at, const char *text)
{
    struct smtp_exchange one = {.state = at, .has_reply = true};

    reply_parse(arena, span_of(text), &one.reply);
    return one;
}

static const struct smtp_probe probe = {.host = "mx.example.com", .port = 25};

static void a_session_that_did_not_connect_knows_nothing(void **state)
{
    const struct smtp_session session = {.probe = &probe};
    struct smtp_facts facts = smtp_facts_of(&session);

    (void)state;
    assert_string_equal(facts.host, "mx.example.com");
    assert_int_equal(facts.port, 25);
    assert_int_equal(facts.serves, SMTP_UNKNOWN);
    assert_int_equal(facts.starttls, SMTP_UNKNOWN);
    assert_int_equal(facts.tls, SMTP_UNKNOWN);
    assert_int_equal(facts.tls12, SMTP_UNKNOWN);
    assert_int_equal(facts.auth, SMTP_UNKNOWN);
    assert_int_equal(facts.login, SMTP_UNKNOWN);
    assert_int_equal(facts.recipient, SMTP_UNKNOWN);
    assert_int_equal(facts.old_ciphers, SMTP_UNKNOWN);
    assert_string_equal(facts.trouble, "the probe stopped before");
    assert_false(facts.is_redundant);
}

static void what_kept_the_session_from_going_on_is_told(void **state)
{
    struct smtp_diagnosed filtered = {.row = smtp_diagnosis_get(DIAGNOSIS_FILTERED)};
    struct smtp_diagnosed late = {.row = smtp_diagnosis_get(DIAGNOSIS_BANNER_DELAY),
                                  .next = &filtered};
    struct smtp_session session = {.probe = &probe, .diagnosed = &late};

    (void)state;
    assert_string_equal(smtp_facts_of(&session).trouble,
                        smtp_diagnosis_get(DIAGNOSIS_FILTERED)->text);
}

static void an_address_without_a_route_is_redundant_one_that_was_reached(void **state)
{
    const struct smtp_probe probes[] = {
        {.host = "a.example", .address = {.family = IP_V4}},
        {.host = "a.example", .address = {.family = IP_V6}},
        {.host = "b.example", .address = {.family = IP_V6}},
        {.host = "a.example", .address = {.family = IP_V4}},
    };
    struct smtp_diagnosed trouble = {.row = smtp_diagnosis_get(DIAGNOSIS_UNREACHABLE)};
    struct smtp_session reached = {.probe = &probes[0], .is_connected = true};
    struct smtp_session other = {
        .probe = &probes[1], .is_without_route = true, .diagnosed = &trouble};
    struct smtp_session stranger = {.probe = &probes[2], .is_without_route = true};
    struct smtp_session same_family = {.probe = &probes[3], .is_without_route = true};
    const struct smtp_session *const all[] = {&reached, &other, &stranger, &same_family};

    (void)state;
    assert_false(smtp_client_is_redundant(&reached, all, 4));
    assert_true(smtp_client_is_redundant(&other, all, 4));
    assert_false(smtp_client_is_redundant(&stranger, all, 4));
    assert_false(smtp_client_is_redundant(&same_family, all, 4));
    assert_false(smtp_facts_of(&other).is_redundant);
    smtp_client_set_redundant(&other);
    assert_true(smtp_facts_of(&other).is_redundant);
    reached.is_connected = false;
    assert_false(smtp_client_is_redundant(&other, all, 4));
    reached.is_connected = true;
    other.is_without_route = false; /* the network refused, not this machine */
    assert_false(smtp_client_is_redundant(&other, all, 4));
}

static void without_starttls_there_is_no_tls(void **state)
{
    struct smtp_session session = {.probe = &probe};
    struct smtp_facts facts = {0};

    (void)state;
    session.before = ehlo("250-a\r\n250 AUTH PLAIN\r\n");
    facts = smtp_facts_of(&session);
    assert_int_equal(facts.serves, SMTP_YES);
    assert_int_equal(facts.starttls, SMTP_NO);
    assert_int_equal(facts.tls, SMTP_NO);
    assert_int_equal(facts.tls12, SMTP_NO);
    assert_int_equal(facts.old_ciphers, SMTP_NO);
    assert_int_equal(facts.auth_in_clear, SMTP_YES);
    assert_int_equal(facts.auth, SMTP_YES);
}

static void starttls_that_was_not_tried_proves_no_handshake(void **state)
{
    struct smtp_session session = {.probe = &probe};
    struct smtp_diagnosed failed = {.row = smtp_diagnosis_get(DIAGNOSIS_TLS_FAILED)};

    (void)state;
    session.before = ehlo("250-a\r\n250 STARTTLS\r\n");
    assert_int_equal(smtp_facts_of(&session).starttls, SMTP_YES);
    assert_int_equal(smtp_facts_of(&session).tls, SMTP_UNKNOWN);
    session.diagnosed = &failed;
    assert_int_equal(smtp_facts_of(&session).tls, SMTP_NO);
}

static void a_handshake_tells_of_the_certificate(void **state)
{
    struct smtp_tls_facts tls = {.version = "TLSv1.3",
                                 .cipher = "TLS_AES_256_GCM_SHA384",
                                 .trust = TRUST_EXPIRED,
                                 .is_for_name = true,
                                 .dane = DANE_WITHOUT_DNSSEC};
    struct smtp_session session = {.probe = &probe, .tls = &tls};
    struct smtp_facts facts = {0};

    (void)state;
    session.before = ehlo("250-a\r\n250 STARTTLS\r\n");
    session.after = ehlo("250-a\r\n250 AUTH PLAIN\r\n");
    facts = smtp_facts_of(&session);
    assert_int_equal(facts.tls, SMTP_YES);
    assert_int_equal(facts.tls12, SMTP_YES);
    assert_int_equal(facts.trusted, SMTP_NO);
    assert_int_equal(facts.named, SMTP_YES);
    assert_int_equal(facts.dane, SMTP_UNKNOWN);
    assert_int_equal(facts.auth_in_clear, SMTP_NO);
    assert_int_equal(facts.auth, SMTP_YES);
    tls.is_old = true;
    tls.dane = DANE_DIFFERS;
    assert_int_equal(smtp_facts_of(&session).tls12, SMTP_NO);
    assert_int_equal(smtp_facts_of(&session).dane, SMTP_NO);
    assert_int_equal(smtp_facts_of(&session).old_ciphers, SMTP_UNKNOWN);
    tls.cipher = "DES-CBC3-SHA";
    assert_int_equal(smtp_facts_of(&session).old_ciphers, SMTP_YES);
    tls.cipher = "AES256-SHA";
    tls.version = "SSLv3";
    assert_int_equal(smtp_facts_of(&session).old_ciphers, SMTP_YES);
}

static void what_is_put_off_is_not_refused(void **state)
{
    struct smtp_exchange later = exchange(SMTP_STATE_RCPT, "450 4.7.1 later\r\n");
    struct smtp_exchange never = exchange(SMTP_STATE_RCPT, "550 5.1.1 no\r\n");
    struct smtp_exchange fine = exchange(SMTP_STATE_RCPT, "251 forwarded\r\n");
    struct smtp_exchange login = exchange(SMTP_STATE_AUTH, "235 welcome\r\n");
    struct smtp_session session = {.probe = &probe};

    (void)state;
    session.exchanges = &later;
    assert_int_equal(smtp_facts_of(&session).recipient, SMTP_UNKNOWN);
    session.exchanges = &never;
    assert_int_equal(smtp_facts_of(&session).recipient, SMTP_NO);
    session.exchanges = &fine;
    assert_int_equal(smtp_facts_of(&session).recipient, SMTP_YES);
    login.next = &never;
    session.exchanges = &login;
    assert_int_equal(smtp_facts_of(&session).login, SMTP_YES);
    assert_int_equal(smtp_facts_of(&session).recipient, SMTP_NO);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_that_did_not_connect_knows_nothing),
        cmocka_unit_test(what_kept_the_session_from_going_on_is_told),
        cmocka_unit_test(an_address_without_a_route_is_redundant_one_that_was_reached),
        cmocka_unit_test(without_starttls_there_is_no_tls),
        cmocka_unit_test(starttls_that_was_not_tried_proves_no_handshake),
        cmocka_unit_test(a_handshake_tells_of_the_certificate),
        cmocka_unit_test(what_is_put_off_is_not_refused),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
