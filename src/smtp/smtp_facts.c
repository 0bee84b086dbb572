/* What the session does not show is unknown. */
#include "model/finding.h"
#include "model/reply.h"
#include "model/smtp_dialogue.h"
#include "model/smtp_facts.h"
#include "smtp/smtp_client.h"

#include <string.h>

#include "smtp/smtp_old.h"

/* facts_truth - of something that is known */
static enum smtp_truth facts_truth(bool holds)
{
    return holds ? SMTP_YES : SMTP_NO;
}

/* last_of - the last reply in a state; NULL if there was none */
static const struct reply *last_of(const struct smtp_session *session, enum smtp_state state)
{
    const struct reply *reply = NULL;

    for (const struct smtp_exchange *one = session->exchanges; one != NULL; one = one->next)
        if (one->state == state && one->has_reply)
            reply = &one->reply;
    return reply;
}

/* facts_accepted - the state's reply is one that its row accepts; unknown if it is temporary */
static enum smtp_truth facts_accepted(const struct smtp_session *session, enum smtp_state state)
{
    const struct reply *reply = last_of(session, state);

    if (reply == NULL || reply_class(reply) == 4)
        return SMTP_UNKNOWN;
    return facts_truth(smtp_dialogue_accepts(smtp_dialogue_probe(state), reply->code));
}

/* facts_handshake - no where TLS was tried and failed; unknown where it was not tried */
static enum smtp_truth facts_handshake(const struct smtp_session *session)
{
    if (session->tls != NULL)
        return SMTP_YES;
    for (const struct smtp_diagnosed *one = session->diagnosed; one != NULL; one = one->next)
        if (one->row == smtp_diagnosis_get(DIAGNOSIS_TLS_FAILED) ||
            one->row == smtp_diagnosis_get(DIAGNOSIS_TLS_EXPECTED_PLAIN_FOUND) ||
            one->row == smtp_diagnosis_get(DIAGNOSIS_STARTTLS_REFUSED))
            return SMTP_NO;
    if (session->before != NULL && !session->before->has_starttls)
        return SMTP_NO;
    return SMTP_UNKNOWN;
}

/* tls_facts - what the handshake showed */
static void tls_facts(const struct smtp_tls_facts *tls, struct smtp_facts *facts)
{
    facts->tls12 = facts_truth(!tls->is_old);
    if (smtp_old_is_cipher(tls->cipher) || strcmp(tls->version, "SSLv3") == 0)
        facts->old_ciphers = SMTP_YES;
    facts->trusted = facts_truth(tls->trust == TRUST_FINE);
    facts->named = facts_truth(tls->is_for_name);
    if (tls->dane == DANE_MATCHES || tls->dane == DANE_DIFFERS)
        facts->dane = facts_truth(tls->dane == DANE_MATCHES);
}

/* facts_trouble_of - the first thing that stopped the session */
static const char *facts_trouble_of(const struct smtp_session *session)
{
    for (const struct smtp_diagnosed *one = session->diagnosed; one != NULL; one = one->next)
        if (one->row->is_undetermined || one->row->severity == SEV_ERROR)
            return one->row->text;
    return "the probe stopped before";
}

struct smtp_facts smtp_facts_of(const struct smtp_session *session)
{
    const struct smtp_ehlo *before = session->before;
    const struct smtp_ehlo *last = session->after != NULL ? session->after : before;
    struct smtp_facts facts = {
        .host = session->probe->host,
        .address = &session->probe->address,
        .port = session->probe->port,
        .tls = facts_handshake(session),
        .login = facts_accepted(session, SMTP_STATE_AUTH),
        .recipient = facts_accepted(session, SMTP_STATE_RCPT),
        .trouble = facts_trouble_of(session),
        .is_redundant = session->diagnosed != NULL &&
                        session->diagnosed->row == smtp_diagnosis_get(DIAGNOSIS_NO_ROUTE),
    };

    facts.serves = last != NULL ? SMTP_YES : facts_accepted(session, SMTP_STATE_GREETING);
    if (before != NULL) {
        facts.starttls = facts_truth(before->has_starttls);
        if (!before->has_starttls && !session->is_implicit)
            facts.tls12 = facts.old_ciphers = SMTP_NO;
        facts.auth_in_clear = facts_truth(before->mechanisms != NULL);
    }
    if (last != NULL)
        facts.auth = facts_truth(last->mechanisms != NULL);
    if (session->tls != NULL)
        tls_facts(session->tls, &facts);
    return facts;
}
