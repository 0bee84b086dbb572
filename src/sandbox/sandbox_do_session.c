/* The commands about the session: who is there, and how it is protected. */
#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "base/ip.h"
#include "base/limits_serve.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "sandbox/sandbox_private.h"

#define HELO_OCTETS 255 /* RFC 5321, 4.5.3.1.2 */

/* is_helo_name - a domain name, or an address in brackets (RFC 5321, 4.1.1.1) */
static bool is_helo_name(struct arena *arena, struct span name)
{
    struct err why = {0};

    if (name.len > 2 && name.at[0] == '[' && name.at[name.len - 1] == ']')
        return true;
    return span_find(name, ' ') < 0 && dns_name_parse(arena, name, &why) != NULL;
}

/* take_name - what HELO or EHLO says; false: it was refused */
static bool take_name(struct sandbox_session *session, const struct sandbox_command *command)
{
    struct span name = command->argument;

    if (sandbox_fault_stands_at(session, STAGE_EHLO))
        return false;
    if (name.len > HELO_OCTETS) {
        sandbox_refuse(session, 501, "5.5.4", "the name is longer than 255 octets");
        return false;
    }
    if (++session->helos > LIMIT_SANDBOX_HELOS) {
        sandbox_session_dismiss(session, "4.7.0 too many greetings in one session");
        return false;
    }
    if (!is_helo_name(session->scratch, name))
        sandbox_session_note(session, SANDBOX_NOTE_helo_not_name, NULL);
    sandbox_forget(session); /* RFC 5321, 4.1.4 */
    session->facts.helo = arena_strdup_span(session->arena, name);
    return true;
}

void sandbox_do_helo(struct sandbox_session *session, const struct sandbox_command *command)
{
    if (!take_name(session, command))
        return;
    session->facts.is_extended = false;
    sandbox_reply(session, 250, NULL, session->rules->host);
}

void sandbox_do_ehlo(struct sandbox_session *session, const struct sandbox_command *command)
{
    struct sbuf text = sbuf_start(session->scratch);
    const struct sandbox_rules *rules = session->rules;

    if (!take_name(session, command))
        return;
    session->facts.is_extended = true;
    sbuf_addf(&text, "%s\nPIPELINING\nSIZE %llu\n8BITMIME\nSMTPUTF8\nDSN\nCHUNKING\nBINARYMIME",
              rules->host, (unsigned long long)rules->size_limit);
    sbuf_addf(&text, "\nENHANCEDSTATUSCODES\nLIMITS RCPTMAX=%d", LIMIT_SANDBOX_RECIPIENTS);
    if (rules->offers_tls && session->facts.tls == NULL)
        sbuf_add(&text, "\nSTARTTLS");
    if (session->facts.user == NULL)
        sbuf_add(&text, "\nAUTH PLAIN LOGIN CRAM-MD5 XOAUTH2");
    if (session->peer.may_xclient)
        sbuf_add(&text, "\nXCLIENT NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT");
    sbuf_add(&text, "\nHELP");
    sandbox_reply(session, 250, NULL, sbuf_text(&text));
}

void sandbox_do_noop(struct sandbox_session *session, const struct sandbox_command *command)
{
    (void)command;
    sandbox_reply(session, 250, "2.0.0", "fine");
}

void sandbox_do_rset(struct sandbox_session *session, const struct sandbox_command *command)
{
    (void)command;
    sandbox_reply(session, 250, "2.0.0", "the message is forgotten");
    sandbox_forget(session);
}

void sandbox_do_vrfy(struct sandbox_session *session, const struct sandbox_command *command)
{
    (void)command;
    sandbox_reply(session, 252, "2.5.0", "not verified here; send a message to see");
}

void sandbox_do_expn(struct sandbox_session *session, const struct sandbox_command *command)
{
    (void)command;
    sandbox_refuse(session, 502, "5.5.1", "lists are not expanded here");
}

void sandbox_do_help(struct sandbox_session *session, const struct sandbox_command *command)
{
    struct sbuf text = sbuf_start(session->scratch);

    (void)command;
    sbuf_add(&text, "a test server: nothing is relayed or delivered. Commands:");
    for (int verb = 0; verb < SANDBOX_VERB_UNKNOWN; verb++)
        sbuf_addf(&text, "\n%s", sandbox_verb_row((enum sandbox_verb)verb)->help);
    sandbox_reply(session, 214, "2.0.0", sbuf_text(&text));
}

void sandbox_do_quit(struct sandbox_session *session, const struct sandbox_command *command)
{
    (void)command;
    session->has_quit = true;
    sandbox_reply(session, 221, "2.0.0", "goodbye");
    session->want = SANDBOX_WANTS_END;
}

void sandbox_do_starttls(struct sandbox_session *session, const struct sandbox_command *command)
{
    (void)command;
    if (!session->rules->offers_tls) {
        sandbox_refuse(session, 502, "5.5.1", "TLS is not available");
        return;
    }
    if (session->facts.tls != NULL) {
        sandbox_refuse(session, 503, "5.5.1", "TLS is used already");
        return;
    }
    if (sandbox_fault_stands_at(session, STAGE_STARTTLS))
        return;
    sandbox_reply(session, 220, "2.0.0", "begin TLS now");
    session->want = SANDBOX_WANTS_TLS;
}

/* ---- logging in ---- */

/* auth_answer - pass on what the exchange says */
static void auth_answer(struct sandbox_session *session, const struct smtp_auth_answer *answer)
{
    session->phase = answer->code == 334 ? PHASE_AUTH : PHASE_COMMAND;
    if (answer->code == 235)
        session->facts.user = arena_strdup(session->arena, answer->user);
    if (answer->code >= 500)
        sandbox_refuse(session, answer->code, answer->enhanced, answer->text);
    else
        sandbox_reply(session, answer->code, answer->enhanced, answer->text);
}

void sandbox_do_auth(struct sandbox_session *session, const struct sandbox_command *command)
{
    struct smtp_auth_answer answer = {0};

    if (session->facts.user != NULL) {
        sandbox_refuse(session, 503, "5.5.1", "already authenticated");
        return;
    }
    if (session->rules->demands_tls && session->facts.tls == NULL) {
        sandbox_refuse(session, 538, "5.7.11", "STARTTLS comes before AUTH");
        return;
    }
    if (session->facts.tls == NULL)
        sandbox_session_note(session, SANDBOX_NOTE_auth_in_clear, NULL);
    session->auth = (struct smtp_auth_server){.arena = session->arena,
                                              .users = session->rules->users,
                                              .challenge = session->peer.challenge};
    answer = smtp_auth_server_start(&session->auth, command->argument);
    auth_answer(session, &answer);
}

void sandbox_auth_line(struct sandbox_session *session, struct span line)
{
    const struct smtp_auth_answer answer = smtp_auth_server_next(&session->auth, line);

    auth_answer(session, &answer);
}

/* ---- XCLIENT ---- */

/* what attributes say; a client may send more of them than we act upon */
struct xclient {
    struct ip_address address;
    bool has_address;
    const char *name;
    const char *helo;
};

/* is_unavailable - "[UNAVAILABLE]", "[TEMPUNAVAIL]" */
static bool is_unavailable(struct span value)
{
    return value.len == 0 || value.at[0] == '[';
}

/* take_attribute - "ADDR=192.0.2.1"; false: not well formed */
static bool take_attribute(struct sandbox_session *session, struct span word,
                           struct xclient *out)
{
    static const char *const known[] = {"NAME", "ADDR",  "PORT",     "PROTO",
                                        "HELO", "LOGIN", "DESTADDR", "DESTPORT"};
    struct span value = word;
    struct span name = span_cut(&value, '=');
    struct span text = {NULL, 0};
    bool is_known = false;

    for (size_t i = 0; i < COUNT_OF(known); i++)
        is_known |= span_equal_nocase(name, known[i]);
    if (!is_known || value.at == NULL || !sandbox_xtext_decode(session->scratch, value, &text))
        return false;
    if (span_equal_nocase(name, "ADDR")) {
        if (span_starts_with_nocase(text, "IPV6:"))
            text = span_from(text, sizeof("IPV6:") - 1);
        out->has_address = true;
        out->address = (struct ip_address){.family = IP_NONE};
        return is_unavailable(text) || ip_parse(text, &out->address);
    }
    if (span_equal_nocase(name, "NAME") && !is_unavailable(text))
        out->name = arena_strdup_span(session->arena, text);
    if (span_equal_nocase(name, "HELO") && !is_unavailable(text))
        out->helo = arena_strdup_span(session->arena, text);
    return true;
}

void sandbox_do_xclient(struct sandbox_session *session, const struct sandbox_command *command)
{
    struct xclient said = {.has_address = false};
    struct span rest = command->argument;

    if (!session->peer.may_xclient) {
        sandbox_refuse(session, 550, "5.7.0", "XCLIENT is for clients on loopback");
        return;
    }
    if (session->message.from != NULL) {
        sandbox_refuse(session, 503, "5.5.1", "not while a message is under way");
        return;
    }
    if (++session->helos > LIMIT_SANDBOX_HELOS) {
        sandbox_session_dismiss(session, "4.7.0 too many greetings in one session");
        return;
    }
    while (rest.len > 0) {
        struct span word = span_cut(&rest, ' ');

        if (word.len > 0 && !take_attribute(session, word, &said)) {
            sandbox_refuse(session, 501, "5.5.4", "an attribute of XCLIENT is not well formed");
            return;
        }
    }
    sandbox_begin_anew(session);
    if (said.has_address) {
        session->facts.client = said.address;
        session->facts.client_origin = said.address.family != IP_NONE ? "XCLIENT" : NULL;
    }
    session->facts.client_name = said.name;
    session->facts.xclient_helo = said.helo;
    sandbox_session_greet(session, false, false);
}
