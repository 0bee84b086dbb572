/* The server's side of the dialogue: what is answered to what, and what is noted. */
#include "base/limits_serve.h"
#include "sandbox/sandbox_command.h"
#include "talk.h"
#include "unit.h"

#define HELLO    "EHLO client.example\r\n"
#define ENVELOPE "MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.net>\r\n"

static int open_talk(void **state)
{
    *state = talk_open();
    return 0;
}

static int close_talk(void **state)
{
    talk_close(*state);
    return 0;
}

/* says - the codes after these octets */
static void says(struct talk *talk, const char *bytes, const char *codes)
{
    talk->said = sbuf_start(talk->arena);
    talk_send(talk, span_of(bytes), 0);
    assert_string_equal(talk_codes(talk), codes);
}

static void commands_are_answered_as_the_standard_has_it(void **state)
{
    static const struct {
        const char *bytes;
        const char *codes;
    } rows[] = {
        {"HELO client.example\r\n", "250"},
        {"EHLO [192.0.2.1]\r\n", "250"},
        {"EHLO\r\n", "501"},
        {"NOOP\r\nNOOP anything\r\nRSET\r\n", "250 250 250"},
        {"RSET now\r\n", "501"},
        {"HELP\r\nHELP MAIL\r\n", "214 214"},
        {"VRFY a@example.com\r\nEXPN list\r\n", "252 502"},
        {"MAIL FROM:<a@example.com>\r\n", "503"},
        {"RCPT TO:<a@example.com>\r\n", "503"},
        {"DATA\r\n", "503"},
        {HELLO "RCPT TO:<a@example.com>\r\nDATA\r\n", "250 503 503"},
        {HELLO "MAIL FROM:<a@example.com>\r\nDATA\r\n", "250 250 554"},
        {HELLO "MAIL FROM:<>\r\nRCPT TO:<Postmaster>\r\n", "250 250 250"},
        {HELLO "MAIL FROM:a@example.com\r\n", "250 501"},
        {HELLO "MAIL FROM:<a@example.com\r\n", "250 501"},
        {HELLO "MAIL TO:<a@example.com>\r\n", "250 501"},
        {HELLO "mail from:<\"a b\"@example.com>\r\n", "250 250"},
        {HELLO "MAIL FROM:<\"a>b\"@example.com>\r\n", "250 250"},
        {HELLO "MAIL FROM:<a@exam ple.com>\r\n", "250 501"},
        {HELLO "MAIL FROM:<a@-.example>x\r\n", "250 501"},
        {HELLO "MAIL FROM:<a@example.com>SIZE=1\r\n", "250 501"},
        {HELLO "MAIL FROM:<a@example.com> SIZE=1 BODY=8BITMIME SMTPUTF8 RET=HDRS "
               "ENVID=a+2Bb AUTH=<>\r\n",
         "250 250"},
        {HELLO "MAIL FROM:<a@example.com> SIZE=99999999999\r\n", "250 552"},
        {HELLO "MAIL FROM:<a@example.com> SIZE=x\r\n", "250 501"},
        {HELLO "MAIL FROM:<a@example.com> SIZE=1 SIZE=2\r\n", "250 501"},
        {HELLO "MAIL FROM:<a@example.com> BODY=9BIT\r\n", "250 501"},
        {HELLO "MAIL FROM:<a@example.com> RET=NO\r\n", "250 501"},
        {HELLO "MAIL FROM:<a@example.com> ENVID=+zz\r\n", "250 501"},
        {HELLO "MAIL FROM:<a@example.com> HOLDFOR=1\r\n", "250 555"},
        {HELLO "MAIL FROM:<a@example.com> NOTIFY=NEVER\r\n", "250 555"},
        {"HELO x.example\r\nMAIL FROM:<a@example.com> SIZE=1\r\n", "250 555"},
        {HELLO "MAIL FROM:<a@example.com>\r\n"
               "RCPT TO:<b@example.net> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b@example.net\r\n"
               "RCPT TO:<b@example.net> NOTIFY=NEVER,DELAY\r\n"
               "RCPT TO:<b@example.net> ORCPT=b@example.net\r\n"
               "RCPT TO:<>\r\n",
         "250 250 250 501 501 501"},
        {HELLO "MAIL FROM:<a@example.com>\r\nMAIL FROM:<a@example.com>\r\n", "250 250 503"},
        {HELLO "MAIL FROM:<a@example.com>\r\nEHLO again.example\r\nRCPT TO:<b@x.example>\r\n",
         "250 250 250 503"},
        {HELLO "MAIL FROM:<\xc3\xa4@example.com>\r\n", "250 553"},
        {HELLO "MAIL FROM:<\xc3\xa4@example.com> SMTPUTF8\r\n", "250 250"},
        {"TURN\r\n", "500"},
        {"\r\n", "500"},
        {"QUIT\r\n", "221"},
        {"NOOP\r\nQUIT\r\nNOOP\r\n", "250 221"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct talk *talk = talk_open();

        talk_send(talk, span_of(rows[i].bytes), 0);
        if (strcmp(talk_codes(talk), rows[i].codes) != 0)
            fail_msg("%s: %s instead of %s", rows[i].bytes, talk_codes(talk), rows[i].codes);
        talk_close(talk);
    }
}

static void lengths_of_the_standard_are_kept(void **state)
{
    struct arena *arena = arena_open();
    char local[80] = {0};
    struct sandbox_command command;

    (void)state;
    for (size_t len = 64; len <= 65; len++) {
        memset(local, 'a', len);
        sandbox_command_parse(
            arena,
            span_of(arena_printf(arena, "MAIL FROM:<%.*s@example.com>", (int)len, local)),
            &command);
        assert_int_equal(command.code, len == 64 ? 0 : 501);
    }
    arena_close(arena);
}

static void source_routes_are_dropped_and_noted(void **state)
{
    struct talk *talk = *state;

    says(talk, HELLO "MAIL FROM:<@x.example,@y.example:a@example.com>\r\n", "250 250");
    assert_string_equal(sandbox_session_message(talk->session)->from, "a@example.com");
    says(talk, "RCPT TO: <@x.example:b@example.net>\r\n", "250");
    assert_string_equal(sandbox_session_message(talk->session)->recipients[0].path,
                        "b@example.net");
    assert_int_equal(talk_noted(talk, SANDBOX_NOTE_source_route), 2);
    assert_int_equal(talk_noted(talk, SANDBOX_NOTE_space_in_path), 1);
}

static void messages_come_by_data_and_dots_are_undoubled(void **state)
{
    struct talk *talk = *state;

    says(talk, HELLO ENVELOPE "DATA\r\n", "250 250 250 354");
    says(talk, "Subject: x\r\n\r\n..one\r\n.two\r\n. \r\n.\r\nQUIT\r\n", "250 221");
    assert_string_equal(sbuf_text(&talk->messages), "Subject: x\r\n\r\n.one\r\ntwo\r\n \r\n|");
}

static void only_crlf_dot_crlf_ends_a_message(void **state)
{
    static const char *const bodies[] = {
        "x\n.\n",     "x\n.\r\n",  "x\r\n.\n",   "x\r.\r",   "x\r\n.\r",
        "x\r.\r\n",   "x\n.\r",    "x\r\r\n.\n", "x.\r\n",   "x\r\n..\r\n",
        "x\r\n.\r\r", "x\r\n.\rx", "\n.\n",      "\r\n.\r.",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        struct talk *talk = talk_open();

        talk_send(talk, span_of(HELLO ENVELOPE "DATA\r\n"), 0);
        talk_send(talk, span_of(bodies[i]), 0);
        assert_int_equal(talk->count, 0);
        talk_send(talk, span_of("MAIL FROM:<smuggled@example.com>\r\n.\r\n"), 0);
        assert_int_equal(talk->count, 1);
        assert_non_null(strstr(sbuf_text(&talk->messages), "smuggled"));
        talk_close(talk);
    }
}

static void sink_nothing(void *ctx, struct span bytes)
{
    *(size_t *)ctx += bytes.len;
}

static void oddities_of_a_message_are_counted_with_their_line(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
        enum sandbox_data_fault fault;
        uint64_t count;
        uint64_t line;
    } rows[] = {
        {"a\r\nb\nc\r\n.\r\n", 0, DATA_FAULT_BARE_LF, 1, 2},
        {"a\r\nb\rc\r\n.\r\n", 0, DATA_FAULT_BARE_CR, 1, 2},
        {"a\r\nb\r\r\n.\r\n", 0, DATA_FAULT_BARE_CR, 1, 2},
        {"a\n.\nb\r\n.\r\n", 0, DATA_FAULT_SMUGGLING, 1, 2},
        {"a\n.\r\nb\r\n.\r\n", 0, DATA_FAULT_SMUGGLING, 1, 2},
        {"a\r\n.\nb\r\n.\r\n", 0, DATA_FAULT_SMUGGLING, 1, 2},
        {"a\r\n.b\n\r\n.\r\n", 0, DATA_FAULT_SMUGGLING, 0, 0},
        {"a\0b\r\n.\r\n", 8, DATA_FAULT_NUL, 1, 1},
        {"\xc3\xa4\r\n.\r\n", 0, DATA_FAULT_EIGHT_BIT, 2, 1},
        {"a\r\n\r\n.\r\n", 0, DATA_FAULT_BARE_LF, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct span bytes =
            span_make(rows[i].bytes, rows[i].len > 0 ? rows[i].len : strlen(rows[i].bytes));
        struct sandbox_data data = sandbox_data_start(false);
        size_t size = 0;

        assert_int_equal(sandbox_data_feed(&data, bytes, sink_nothing, &size), bytes.len);
        assert_true(data.is_ended);
        assert_int_equal(data.size, size);
        assert_int_equal(data.counts[rows[i].fault], rows[i].count);
        assert_int_equal(data.places[rows[i].fault], rows[i].line);
    }
}

/* a line of 998 octets is fine, one more is noted: RFC 5321, 4.5.3.1.6 */
static void long_lines_are_noted(void **state)
{
    char line[1002];

    (void)state;
    for (size_t len = 998; len <= 999; len++) {
        struct sandbox_data data = sandbox_data_start(false);
        size_t size = 0;

        memset(line, 'x', len);
        memcpy(line + len, "\r\n", 2);
        sandbox_data_feed(&data, span_make(line, len + 2), sink_nothing, &size);
        assert_int_equal(data.counts[DATA_FAULT_LONG_LINE], len == 998 ? 0 : 1);
    }
}

static void chunks_are_counted_not_read(void **state)
{
    struct talk *talk = *state;

    says(talk, HELLO ENVELOPE "BDAT 5\r\na\r\n.\rBDAT 6 LAST\r\n\nQUIT\nNOOP\r\n",
         "250 250 250 250 250 250");
    assert_string_equal(sbuf_text(&talk->messages), "a\r\n.\r\nQUIT\n|");
    says(talk, ENVELOPE "BDAT 0 LAST\r\n", "250 250 250");
    says(talk,
         ENVELOPE "BDAT 2\r\nab"
                  "DATA\r\nRSET\r\n",
         "250 250 250 503 250");
    assert_int_equal(talk->count, 2);
}

/* RFC 3030, 2: the octets of a chunk that is refused come all the same */
static void octets_of_a_refused_chunk_are_no_commands(void **state)
{
    struct talk *talk = *state;

    says(talk, HELLO "BDAT 6 LAST\r\nQUIT\r\nNOOP\r\n", "250 503 250");
    assert_false(talk->is_over);
    talk->has_no_room = true;
    says(talk, ENVELOPE "BDAT 6 LAST\r\nQUIT\r\nNOOP\r\n", "250 250 452 250");
    says(talk, "BDAT x\r\nNOOP\r\n", "501 250");
}

static void what_stands_behind_starttls_is_dropped_and_noted(void **state)
{
    struct talk *talk = *state;

    says(talk, HELLO "STARTTLS\r\nNOOP\r\nMAIL FROM:<a@example.com>\r\n", "250 220");
    assert_true(talk->wants_tls);
    assert_int_equal(talk_noted(talk, SANDBOX_NOTE_starttls_pipelined), 1);
    /* the session begins anew */
    says(talk, "MAIL FROM:<a@example.com>\r\n", "503");
    says(talk, HELLO "STARTTLS\r\n", "250 503");
    assert_null(strstr(sbuf_text(&talk->said), "STARTTLS\r\n"));
}

static void rules_demand_tls_and_a_login(void **state)
{
    struct talk *talk = *state;

    talk->rules.demands_tls = true;
    talk->rules.demands_auth = true;
    says(talk, HELLO "MAIL FROM:<a@example.com>\r\nAUTH PLAIN AGEAYg==\r\n", "250 530 538");
    says(talk, "STARTTLS\r\n", "220");
    says(talk, HELLO "MAIL FROM:<a@example.com>\r\n", "250 530");
    says(talk, "AUTH PLAIN AGEAYg==\r\nMAIL FROM:<a@example.com>\r\n", "235 250");
}

static void logins_of_every_mechanism(void **state)
{
    static const struct {
        const char *bytes;
        const char *codes;
        const char *user;
    } rows[] = {
        /* "\0user\0secret", "user", "secret" in base64 */
        {"AUTH PLAIN AHVzZXIAc2VjcmV0\r\n", "250 235", "user"},
        {"AUTH PLAIN\r\nAHVzZXIAc2VjcmV0\r\n", "250 334 235", "user"},
        {"AUTH LOGIN\r\ndXNlcg==\r\nc2VjcmV0\r\n", "250 334 334 235", "user"},
        {"AUTH LOGIN dXNlcg==\r\nc2VjcmV0\r\n", "250 334 235", "user"},
        {"AUTH login dXNlcg==\r\nd3Jvbmc=\r\n", "250 334 535", NULL},
        {"AUTH PLAIN AHVzZXIAd3Jvbmc=\r\n", "250 535", NULL},
        {"AUTH PLAIN =\r\n", "250 501", NULL},
        {"AUTH PLAIN %%%\r\n", "250 501", NULL},
        {"AUTH PLAIN\r\n*\r\nNOOP\r\n", "250 334 501 250", NULL},
        {"AUTH SCRAM-SHA-1\r\n", "250 504", NULL},
        {"AUTH PLAIN AHVzZXIAc2VjcmV0\r\nAUTH PLAIN AHVzZXIAc2VjcmV0\r\n", "250 235 503",
         "user"},
        /* HMAC-MD5 of "<1@sandbox.test>" with "secret", by openssl dgst */
        {"AUTH CRAM-MD5\r\ndXNlciBkNWFkMDNlZDFmYTFhZjMyMTlmN2Y5MTFhZGQ1NzcxMQ==\r\n",
         "250 334 235", "user"},
        {"AUTH CRAM-MD5\r\ndXNlciAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMA==\r\n",
         "250 334 535", NULL},
        {"AUTH CRAM-MD5 dXNlcg==\r\n", "250 501", NULL},
        /* "user=user\1auth=Bearer secret\1\1" */
        {"AUTH XOAUTH2 dXNlcj11c2VyAWF1dGg9QmVhcmVyIHNlY3JldAEB\r\n", "250 235", "user"},
        {"AUTH XOAUTH2 dXNlcj11c2VyAWF1dGg9QmVhcmVyIHdyb25nAQE=\r\n\r\n", "250 334 535", NULL},
        {HELLO "MAIL FROM:<a@example.com>\r\nAUTH PLAIN AHVzZXIAc2VjcmV0\r\n",
         "250 250 250 503", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct talk *talk = talk_open();
        struct err why = {0};
        const char *user = NULL;

        talk->rules.users = smtp_auth_users_parse(
            talk->arena, "users", span_of("# remark\nother:x\nuser:secret\n"), &why);
        assert_non_null(talk->rules.users);
        talk_send(talk, span_of(HELLO), 0);
        talk_send(talk, span_of(rows[i].bytes), 0);
        if (strcmp(talk_codes(talk), rows[i].codes) != 0)
            fail_msg("%s: %s instead of %s", rows[i].bytes, talk_codes(talk), rows[i].codes);
        user = sandbox_session_facts(talk->session)->user;
        assert_int_equal(user == NULL, rows[i].user == NULL);
        if (user != NULL)
            assert_string_equal(user, rows[i].user);
        talk_close(talk);
    }
}

static void a_line_of_users_without_a_colon_is_named(void **state)
{
    struct arena *arena = arena_open();
    struct err why = {0};

    (void)state;
    assert_null(smtp_auth_users_parse(arena, "users", span_of("a:b\n\nnobody\n"), &why));
    assert_string_equal(why.text, "users:3: expected user:password");
    arena_close(arena);
}

static void passwords_are_not_in_the_transcript(void **state)
{
    struct talk *talk = *state;
    const struct sandbox_lines *lines = NULL;

    talk_send(talk, span_of(HELLO "AUTH PLAIN AHVzZXIAc2VjcmV0\r\n"), 0);
    lines = &sandbox_session_facts(talk->session)->opening;
    for (size_t i = 0; i < lines->count; i++)
        assert_null(strstr(lines->list[i].text, "AHVz"));
    assert_int_equal(talk_noted(talk, SANDBOX_NOTE_auth_in_clear), 1);
}

static void xclient_says_who_the_client_is(void **state)
{
    struct talk *talk = *state;
    const struct sandbox_session_facts *facts = sandbox_session_facts(talk->session);
    struct ip_address address;

    says(talk, HELLO "XCLIENT ADDR=192.0.2.7 NAME=mail.example.com HELO=mail+2Eexample.com\r\n",
         "250 220");
    ip_parse(span_of("192.0.2.7"), &address);
    assert_true(ip_equal(&facts->client, &address));
    assert_string_equal(facts->client_origin, "XCLIENT");
    assert_string_equal(facts->xclient_helo, "mail.example.com");
    says(talk, "MAIL FROM:<a@example.com>\r\n", "503");
    says(talk, "XCLIENT ADDR=IPV6:2001:db8::1\r\n", "220");
    assert_int_equal(facts->client.family, IP_V6);
    says(talk, "XCLIENT ADDR=[UNAVAILABLE]\r\n", "220");
    assert_int_equal(facts->client.family, IP_NONE);
    says(talk, "XCLIENT ADDR=300.1.1.1\r\nXCLIENT COLOUR=red\r\nXCLIENT\r\n", "501 501 501");
}

static void xclient_is_for_loopback(void **state)
{
    struct talk *talk = *state;

    sandbox_session_close(talk->session);
    talk->peer.may_xclient = false;
    talk->session = sandbox_session_open(&talk->rules, &talk->peer, &talk->hooks);
    says(talk, "XCLIENT ADDR=192.0.2.7\r\n", "550");
}

static void recipients_of_two_receivers_get_a_message_each(void **state)
{
    static const char *const domains[] = {"real.example"};
    static const struct sandbox_receiver receivers[] = {{"alpha", domains, 1},
                                                        {"beta", NULL, 0}};
    struct talk *talk = *state;

    talk->rules.receivers = receivers;
    talk->rules.receiver_count = 2;
    says(talk,
         HELLO "MAIL FROM:<a@example.com>\r\nRCPT TO:<x@Alpha.test>\r\nRCPT "
               "TO:<y@REAL.example>\r\nRCPT TO:<x@beta.test>\r\nRCPT TO:<x@other.example>\r\n",
         "250 250 250 250 451 451");
    assert_string_equal(sandbox_session_receiver(talk->session), "alpha");
    says(talk, "RSET\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<x@notbeta.test>\r\n",
         "250 250 250");
    assert_null(sandbox_session_receiver(talk->session));
}

/* bound: LIMIT_SANDBOX_RECIPIENTS both */
static void recipients_are_bounded(void **state)
{
    struct talk *talk = *state;

    talk_send(talk, span_of(HELLO "MAIL FROM:<a@example.com>\r\n"), 0);
    for (int i = 1; i < LIMIT_SANDBOX_RECIPIENTS; i++)
        talk_send(talk, span_of("RCPT TO:<b@example.net>\r\n"), 0);
    says(talk, "RCPT TO:<b@example.net>\r\nRCPT TO:<b@example.net>\r\n", "250 452");
}

/* bound: LIMIT_SANDBOX_ERRORS both */
static void errors_are_bounded(void **state)
{
    struct talk *talk = *state;

    for (int i = 1; i < LIMIT_SANDBOX_ERRORS; i++)
        talk_send(talk, span_of("NONSENSE\r\n"), 0);
    assert_false(talk->is_over);
    says(talk, "NONSENSE\r\nNOOP\r\n", "500 554");
    assert_true(talk->is_over);
}

/* bound: LIMIT_SANDBOX_COMMAND_BYTES both, LIMIT_SANDBOX_INPUT_BYTES past */
static void lines_are_bounded(void **state)
{
    struct talk *talk = *state;
    static char line[70000];

    memset(line, 'x', sizeof(line));
    memcpy(line, "NOOP ", 5);
    memcpy(line + LIMIT_SANDBOX_COMMAND_BYTES - 1, "\r\n", 3);
    says(talk, line, "250");
    memset(line, 'x', sizeof(line));
    memcpy(line, "NOOP ", 5);
    memcpy(line + LIMIT_SANDBOX_COMMAND_BYTES, "\r\n", 3);
    says(talk, line, "500");
    memset(line, 'x', sizeof(line));
    memcpy(line + sizeof(line) - 3, "\r\n", 3);
    says(talk, line, "500");
    assert_int_equal(talk_noted(talk, SANDBOX_NOTE_long_command), 2);
    says(talk, "NOOP\r\n", "250");
}

/* bound: LIMIT_SANDBOX_PARAMETERS both */
static void parameters_are_bounded(void **state)
{
    struct arena *arena = arena_open();
    struct sbuf line = sbuf_start(arena);
    struct sandbox_command command;

    (void)state;
    sbuf_add(&line, "MAIL FROM:<a@example.com>");
    for (int i = 0; i < LIMIT_SANDBOX_PARAMETERS; i++)
        sbuf_addf(&line, " X%d=1", i);
    sandbox_command_parse(arena, sbuf_span(&line), &command);
    assert_int_equal(command.code, 0);
    sbuf_add(&line, " Y");
    sandbox_command_parse(arena, sbuf_span(&line), &command);
    assert_int_equal(command.code, 501);
    arena_close(arena);
}

/* bound: LIMIT_SANDBOX_HELOS both */
static void greetings_are_bounded(void **state)
{
    struct talk *talk = *state;

    for (int i = 1; i < LIMIT_SANDBOX_HELOS; i++)
        talk_send(talk, span_of("HELO x.example\r\n"), 0);
    says(talk, "HELO x.example\r\nHELO x.example\r\n", "250 421");
}

/* bound: LIMIT_SANDBOX_COMMANDS past, LIMIT_SANDBOX_LINES past */
static void commands_and_their_transcript_are_bounded(void **state)
{
    struct talk *talk = *state;
    const struct sandbox_lines *lines = &sandbox_session_facts(talk->session)->opening;

    for (int i = 0; i < LIMIT_SANDBOX_COMMANDS; i++) {
        talk->said = (struct sbuf){
            .arena = talk->arena, .bytes = talk->said.bytes, .size = talk->said.size};
        talk_send(talk, span_of("NOOP\r\n"), 0);
    }
    assert_false(talk->is_over);
    says(talk, "NOOP\r\n", "421");
    assert_int_equal(lines->count, LIMIT_SANDBOX_LINES);
    assert_true(lines->left_off > LIMIT_SANDBOX_COMMANDS);
}

static void line_ends_of_commands_are_strict(void **state)
{
    struct talk *talk = *state;

    says(talk, "NOOP\nNOOP\r\n", "500 250");
    assert_int_equal(talk_noted(talk, SANDBOX_NOTE_bare_lf_command), 1);
    says(talk, "NO\rOP\r\n", "500");
    assert_int_equal(talk_noted(talk, SANDBOX_NOTE_bare_cr_command), 1);
    talk->said = sbuf_start(talk->arena);
    talk_send(talk, span_make("NO\0OP\r\n", 7), 0);
    assert_string_equal(talk_codes(talk), "500");
    assert_int_equal(talk_noted(talk, SANDBOX_NOTE_nul_command), 1);
}

static void what_is_sent_without_waiting_is_noted(void **state)
{
    struct talk *talk = *state;

    says(talk, "EHLO x.example\r\nNOOP\r\n", "250 250");
    assert_int_equal(talk_noted(talk, SANDBOX_NOTE_pipelined_helo), 1);
    says(talk, ENVELOPE, "250 250"); /* that may be pipelined */
    assert_int_equal(talk_noted(talk, SANDBOX_NOTE_pipelined_helo), 1);
}

/* bound: LIMIT_SANDBOX_DROPPED_BYTES past, LIMIT_SANDBOX_REPLY_BYTES past */
static void a_message_that_is_too_large_is_dropped(void **state)
{
    struct talk *talk = *state;
    static char chunk[1024 * 1024];
    uint64_t size = 0;

    talk->rules.size_limit = 1000;
    memset(chunk, 'x', sizeof(chunk));
    talk_send(talk, span_of(HELLO ENVELOPE "DATA\r\n"), 0);
    talk_send(talk, span_make(chunk, 1000), 0);
    says(talk, "\r\n.\r\n", "552");
    assert_int_equal(talk->dropped, 1);
    talk_send(talk, span_of(ENVELOPE "DATA\r\n"), 0);
    while (!talk->is_over && size <= LIMIT_SANDBOX_DROPPED_BYTES + 2 * sizeof(chunk)) {
        talk_send(talk, span_make(chunk, sizeof(chunk)), 0);
        size += sizeof(chunk);
    }
    assert_true(talk->is_over);
    assert_int_equal(talk->count, 0);
    assert_true(talk->message.len <= 1000);
}

static void replies_that_are_not_taken_do_not_pile_up(void **state)
{
    struct talk *talk = *state;
    struct sbuf many = sbuf_start(talk->arena);
    enum sandbox_want want = SANDBOX_WANTS_MORE;

    for (int i = 0; i < 10000; i++)
        sbuf_add(&many, "NOOP\r\n");
    sandbox_session_feed(talk->session, sbuf_span(&many), &want);
    assert_true(sandbox_session_out(talk->session).len <= LIMIT_SANDBOX_REPLY_BYTES);
}

static void octets_may_come_in_any_pieces(void **state)
{
    static const char bytes[] = HELLO ENVELOPE
        "DATA\r\na\r\n..b\nc\r.\r\n.\r\r\n.\r\nRSET\r\n" ENVELOPE
        "BDAT 5 LAST\r\n\r\n.\r\nAUTH LOGIN\r\ndXNlcg==\r\nc2VjcmV0\r\nSTARTTLS\r\n";
    const char *whole = NULL;

    (void)state;
    for (size_t piece = 0; piece < 20; piece++) {
        struct talk *talk = talk_open();

        talk_send(talk, span_of(bytes), piece);
        if (whole == NULL)
            whole = strdup(arena_printf(talk->arena, "%s/%s", talk_codes(talk),
                                        sbuf_text(&talk->messages)));
        assert_string_equal(
            arena_printf(talk->arena, "%s/%s", talk_codes(talk), sbuf_text(&talk->messages)),
            whole);
        talk_close(talk);
    }
    free((char *)whole);
}

static void every_note_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < SANDBOX_NOTES; i++)
        for (int j = 0; j < i; j++)
            assert_string_not_equal(sandbox_note_row((enum sandbox_note_id)i)->id,
                                    sandbox_note_row((enum sandbox_note_id)j)->id);
}

#define WITH_TALK(test) cmocka_unit_test_setup_teardown(test, open_talk, close_talk)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_are_answered_as_the_standard_has_it),
        cmocka_unit_test(lengths_of_the_standard_are_kept),
        WITH_TALK(source_routes_are_dropped_and_noted),
        WITH_TALK(messages_come_by_data_and_dots_are_undoubled),
        cmocka_unit_test(only_crlf_dot_crlf_ends_a_message),
        cmocka_unit_test(oddities_of_a_message_are_counted_with_their_line),
        cmocka_unit_test(long_lines_are_noted),
        WITH_TALK(chunks_are_counted_not_read),
        WITH_TALK(octets_of_a_refused_chunk_are_no_commands),
        WITH_TALK(what_stands_behind_starttls_is_dropped_and_noted),
        WITH_TALK(rules_demand_tls_and_a_login),
        cmocka_unit_test(logins_of_every_mechanism),
        cmocka_unit_test(a_line_of_users_without_a_colon_is_named),
        WITH_TALK(passwords_are_not_in_the_transcript),
        WITH_TALK(xclient_says_who_the_client_is),
        WITH_TALK(xclient_is_for_loopback),
        WITH_TALK(recipients_of_two_receivers_get_a_message_each),
        WITH_TALK(recipients_are_bounded),
        WITH_TALK(errors_are_bounded),
        WITH_TALK(lines_are_bounded),
        cmocka_unit_test(parameters_are_bounded),
        WITH_TALK(greetings_are_bounded),
        WITH_TALK(commands_and_their_transcript_are_bounded),
        WITH_TALK(line_ends_of_commands_are_strict),
        WITH_TALK(what_is_sent_without_waiting_is_noted),
        WITH_TALK(a_message_that_is_too_large_is_dropped),
        WITH_TALK(replies_that_are_not_taken_do_not_pile_up),
        cmocka_unit_test(octets_may_come_in_any_pieces),
        cmocka_unit_test(every_note_has_a_name_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
