/* Submission: who logged in counts; receivers judge later, on port 25. */
#include "session/session_part.h"

/* note_both - the port with its TLS mode, and with the wrong one */
static void note_both(struct arena *arena, const struct session_setting *setting,
                      struct session_step *step)
{
    const struct smtp_port *port = setting->port;

    session_notef(arena, step, SESSION_PLAIN, "port %u, %s: %s", port->number, port->name,
                  port->purpose);
    if (setting->tls == port->tls)
        session_notef(arena, step, SESSION_FAINT, "with the wrong TLS mode: %s",
                      port->mismatch);
}

void session_note_user_connect(struct arena *arena, const struct session_setting *setting,
                               struct session_step *step)
{
    note_both(arena, setting, step);
    session_note(arena, step, SESSION_PLAIN,
                 "users connect from anywhere: address and PTR do not count after the login");
}

void session_note_user_helo(struct arena *arena, const struct session_setting *setting,
                            struct session_step *step)
{
    (void)setting;
    session_note(arena, step, SESSION_PLAIN,
                 "mail programs often do not know their host name: servers do not rely on it");
}

void session_note_user_starttls(struct arena *arena, const struct session_setting *setting,
                                struct session_step *step)
{
    (void)setting;
    session_note(arena, step, SESSION_PLAIN,
                 "comes before the login: without TLS a server lists no AUTH (RFC 4954, 4), "
                 "and replies 530 5.7.0 to what needs TLS (RFC 3207, 4)");
    session_note(arena, step, SESSION_PLAIN,
                 "the client must verify the certificate for the name of the server "
                 "(RFC 8314, 3.1)");
}

void session_note_user_auth(struct arena *arena, const struct session_setting *setting,
                            struct session_step *step)
{
    bool has_tls = setting->tls != SMTP_TLS_NONE;

    session_note(arena, step, SESSION_PLAIN,
                 "required: without it the reply to MAIL FROM is 530 5.7.0 (RFC 6409, 4.3; "
                 "RFC 4954, 6)");
    if (!has_tls)
        return;
    session_note(arena, step, SESSION_GOOD,
                 "offered under TLS, in the AUTH line of the reply to EHLO: PLAIN and LOGIN "
                 "send the password unencrypted, and TLS hides it");
    session_note(arena, step, SESSION_FAINT,
                 "a wrong password gets 535 5.7.8, a mechanism that is not offered 504 5.5.4 "
                 "(RFC 4954, 6); --live shows what is offered");
}

void session_note_user_sender(struct arena *arena, const struct session_setting *setting,
                              struct session_step *step)
{
    const struct facts *facts = setting->report->facts;

    session_note(
        arena, step, SESSION_PLAIN,
        "a user who may not send from this address gets 550 5.7.1 (RFC 6409, 6.1); SPF does "
        "not apply, because it is about servers");
    if (session_note_origin(arena, facts->subject, step))
        session_note_return(arena, facts, step);
    session_note_size(arena, setting, step);
}

void session_note_user_recipient(struct arena *arena, const struct session_setting *setting,
                                 struct session_step *step)
{
    session_note(arena, step, SESSION_PLAIN,
                 "any recipient, after the login; without it 550 5.7.1, relaying is denied");
    session_note_recipient(arena, setting, step);
}

void session_note_user_content(struct arena *arena, const struct session_setting *setting,
                               struct session_step *step)
{
    if (setting->report->facts->message.message == NULL) {
        session_note(arena, step, SESSION_DOUBT, "no message was given");
        return;
    }
    session_note_header(arena, setting->report, step);
    session_note(arena, step, SESSION_PLAIN,
                 "the server may add Date and Message-ID (RFC 6409, 8.2 and 8.3), and signs "
                 "with DKIM where it does");
}

void session_note_user_decision(struct arena *arena, const struct session_setting *setting,
                                struct session_step *step)
{
    (void)setting;
    session_note(arena, step, SESSION_PLAIN,
                 "250 means that it is queued; receivers evaluate SPF, DKIM and DMARC when it "
                 "reaches their port 25: see --port 25");
}
