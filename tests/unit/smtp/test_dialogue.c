/* The dialogue: every state is reached, ends, and no row of the client's sends a message. */
#include "model/smtp_dialogue.h"
#include "unit.h"

static void the_walk_visits_every_row_once(void **state)
{
    bool is_seen[SMTP_PROBE_STATES] = {false};
    enum smtp_state at = SMTP_STATE_CONNECT;
    size_t count = 0;

    (void)state;
    while (at != SMTP_STATE_CLOSED) {
        assert_true(at < SMTP_PROBE_STATES);
        assert_false(is_seen[at]);
        is_seen[at] = true;
        count++;
        at = smtp_dialogue_probe(at)->next;
    }
    assert_int_equal(count, SMTP_PROBE_STATES);
}

static void no_row_of_the_client_sends_a_message(void **state)
{
    static const char *const verbs[] = {"EHLO", "STARTTLS", "AUTH", "MAIL",
                                        "RCPT", "RSET",     "QUIT"};

    (void)state;
    for (int i = 0; i < SMTP_PROBE_STATES; i++) {
        const char *sends = smtp_dialogue_probe((enum smtp_state)i)->sends;
        bool is_allowed = sends[0] == '\0';

        for (size_t verb = 0; verb < COUNT_OF(verbs); verb++)
            is_allowed = is_allowed || span_starts_with(span_of(sends), verbs[verb]);
        assert_true(is_allowed);
    }
}

/* whatever a server answers, the client stays among its own rows, and so never says DATA */
static void no_reply_leads_the_client_out_of_its_rows(void **state)
{
    (void)state;
    for (int i = 0; i < SMTP_PROBE_STATES; i++) {
        const struct smtp_dialogue *row = smtp_dialogue_probe((enum smtp_state)i);

        assert_in_range(row->next, 0, SMTP_STATE_CLOSED);
        assert_in_range(row->refused, 0, SMTP_STATE_CLOSED);
        assert_string_not_equal(row->step, "data");
        assert_string_not_equal(row->step, "message");
        assert_string_not_equal(row->step, "dot");
    }
}

static void the_session_visits_every_row_once(void **state)
{
    bool is_seen[SMTP_STATES] = {false};
    size_t count = 0;

    (void)state;
    for (enum smtp_state at = SMTP_STATE_CONNECT; at != SMTP_STATE_CLOSED;
         at = smtp_dialogue_session_next(at)) {
        assert_false(is_seen[at]);
        is_seen[at] = true;
        count++;
    }
    assert_int_equal(count, SMTP_STATES - 1); /* CLOSED is no row */
    assert_int_equal(smtp_dialogue_session_next(SMTP_STATE_RCPT), SMTP_STATE_DATA);
    assert_int_equal(smtp_dialogue_session_next(SMTP_STATE_DATA), SMTP_STATE_CONTENT);
    assert_int_equal(smtp_dialogue_session_next(SMTP_STATE_CONTENT), SMTP_STATE_DOT);
}

/* a transaction that is open when the refusal comes is dropped (RFC 5321, 4.1.1.5) */
static void a_refusal_ends_the_transaction(void **state)
{
    (void)state;
    assert_int_equal(smtp_dialogue_get(SMTP_STATE_GREETING)->refused, SMTP_STATE_QUIT);
    assert_int_equal(smtp_dialogue_get(SMTP_STATE_MAIL)->refused, SMTP_STATE_QUIT);
    assert_int_equal(smtp_dialogue_get(SMTP_STATE_RCPT)->refused, SMTP_STATE_RSET);
    assert_int_equal(smtp_dialogue_get(SMTP_STATE_DATA)->refused, SMTP_STATE_RSET);
    assert_int_equal(smtp_dialogue_get(SMTP_STATE_DOT)->refused, SMTP_STATE_QUIT);
    assert_int_equal(smtp_dialogue_get(SMTP_STATE_TLS)->refused, SMTP_STATE_CLOSED);
}

static void every_row_has_a_step_a_time_and_a_standard(void **state)
{
    (void)state;
    for (int i = 0; i < SMTP_STATES; i++) {
        const struct smtp_dialogue *row = NULL;

        if (i == SMTP_STATE_CLOSED)
            continue;
        row = smtp_dialogue_get((enum smtp_state)i);
        assert_true(row->step[0] != '\0' && row->happens[0] != '\0');
        assert_in_range(row->timeout_seconds, 120, 600);
        assert_true(span_starts_with(span_of(row->standard), "RFC "));
    }
}

static void replies_are_accepted_by_the_row(void **state)
{
    (void)state;
    assert_true(smtp_dialogue_accepts(smtp_dialogue_get(SMTP_STATE_RCPT), 250));
    assert_true(smtp_dialogue_accepts(smtp_dialogue_get(SMTP_STATE_RCPT), 251));
    assert_false(smtp_dialogue_accepts(smtp_dialogue_get(SMTP_STATE_RCPT), 25));
    assert_false(smtp_dialogue_accepts(smtp_dialogue_get(SMTP_STATE_RCPT), 550));
    assert_true(smtp_dialogue_accepts(smtp_dialogue_get(SMTP_STATE_DATA), 354));
    assert_false(smtp_dialogue_accepts(smtp_dialogue_get(SMTP_STATE_CONNECT), 0));
}

static void lines_are_filled_in(void **state)
{
    struct arena *arena = arena_open();
    const struct smtp_dialogue_words words = {
        .name = "client.example", .sender = "", .recipient = "a@b.example"};

    (void)state;
    assert_string_equal(smtp_dialogue_line(arena, smtp_dialogue_get(SMTP_STATE_EHLO), &words),
                        "EHLO client.example");
    assert_string_equal(smtp_dialogue_line(arena, smtp_dialogue_get(SMTP_STATE_MAIL), &words),
                        "MAIL FROM:<>");
    assert_string_equal(smtp_dialogue_line(arena, smtp_dialogue_get(SMTP_STATE_RCPT), &words),
                        "RCPT TO:<a@b.example>");
    assert_string_equal(
        smtp_dialogue_line(arena, smtp_dialogue_get(SMTP_STATE_CONNECT), &words), "");
    arena_close(arena);
}

static void ports_know_their_mode(void **state)
{
    (void)state;
    assert_int_equal(smtp_port_find(25)->tls, SMTP_TLS_STARTTLS);
    assert_int_equal(smtp_port_find(587)->tls, SMTP_TLS_STARTTLS);
    assert_int_equal(smtp_port_find(465)->tls, SMTP_TLS_IMPLICIT);
    assert_int_equal(smtp_port_find(2525)->tls, SMTP_TLS_STARTTLS);
    assert_null(smtp_port_find(80));
    assert_false(smtp_port_find(25)->has_login);
    for (size_t i = 0; i < smtp_port_count(); i++) {
        assert_int_equal(smtp_port_get(i)->has_login, smtp_port_get(i)->number != 25);
        assert_true(smtp_port_get(i)->mismatch[0] != '\0');
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_walk_visits_every_row_once),
        cmocka_unit_test(no_row_of_the_client_sends_a_message),
        cmocka_unit_test(no_reply_leads_the_client_out_of_its_rows),
        cmocka_unit_test(the_session_visits_every_row_once),
        cmocka_unit_test(a_refusal_ends_the_transaction),
        cmocka_unit_test(every_row_has_a_step_a_time_and_a_standard),
        cmocka_unit_test(replies_are_accepted_by_the_row),
        cmocka_unit_test(lines_are_filled_in),
        cmocka_unit_test(ports_know_their_mode),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
