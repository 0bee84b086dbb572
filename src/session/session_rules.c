/*
 * What a client does between sessions: which host it tries, what it does after a refusal, how
 * long it tries. Each rule is shown once, at its step.
 */
#include "base/span.h"
#include "session/session_part.h"

/* whose session it is */
enum rule_for { RULE_RELAY, RULE_SUBMISSION, RULE_BOTH };

/* queues: postconf(5) of Postfix 3.7 (maximal_queue_lifetime), sendmail 8.17
 * (Timeout.queuereturn), the retry rule of Exim's default configuration ("F,4d,6h" at its end),
 * qmail-send(8) (queuelifetime) */
static const struct {
    enum smtp_state state; /* SMTP_STATES: where the receiver decides */
    enum rule_for who;
    const char *text;
} rules[] = {
    {SMTP_STATE_CONNECT, RULE_RELAY,
     "mail hosts are tried by preference, the lowest first, each at all its addresses; the "
     "next one follows a failed connection or a 4xx (RFC 5321, 5.1)"},
    {SMTP_STATE_CONNECT, RULE_SUBMISSION,
     "SMTP is for sending; mail is read with IMAP (ports 143, 993) or POP3 (110, 995)"},
    {SMTP_STATE_EHLO, RULE_BOTH,
     "after 500 or 502 the client sends HELO, and uses no extensions (RFC 5321, 3.2)"},
    {SMTP_STATES, RULE_RELAY,
     "after a 5xx the client sends a bounce to MAIL FROM at once; after a 4xx the message "
     "stays in its queue and is tried again, after 30 minutes or more (RFC 5321, 4.5.4.1)"},
    {SMTP_STATES, RULE_RELAY,
     "a 4xx becomes a bounce when the queue gives up: after 4 to 5 days by the standard; "
     "Postfix and sendmail 5, Exim 4, qmail 7, some large services 1"},
    {SMTP_STATES, RULE_SUBMISSION,
     "from here on the server is the client: it queues, tries again, and sends the bounce"},
    {SMTP_STATES, RULE_BOTH, "250 does not mean the inbox: it may still be filed as junk"},
};

void session_note_rules(struct arena *arena, const struct session_setting *setting,
                        enum smtp_state state, struct session_step *step)
{
    enum rule_for own = setting->port->has_login ? RULE_SUBMISSION : RULE_RELAY;

    for (size_t i = 0; i < COUNT_OF(rules); i++)
        if (rules[i].state == state && (rules[i].who == own || rules[i].who == RULE_BOTH))
            session_note(arena, step, SESSION_FAINT, rules[i].text);
}
