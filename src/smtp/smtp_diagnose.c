/* Rows of smtp_diagnosis.def for what happened. */
#include "base/escape.h"
#include "base/fault.h"
#include "base/limits.h"
#include "model/certificate.h"
#include "model/finding.h"
#include "model/reply.h"
#include "model/reply_cause.h"
#include "model/reply_phrase.h"
#include "smtp/smtp_walk.h"

#define SOON_SECONDS    (14 * 86400)
#define BANNER_DELAY_MS 5000 /* measured pauses against bots are 1 to 6 seconds */

/* is_over_anyway - the session is complete, and only the answer to QUIT is wrong */
static bool is_over_anyway(enum smtp_diagnosis diagnosis, enum smtp_state state)
{
    return state == SMTP_STATE_QUIT && diagnosis != DIAGNOSIS_OUT_OF_STEP &&
           smtp_diagnosis_get(diagnosis)->severity == SEV_ERROR;
}

void smtp_diagnose(struct smtp_walk *walk, enum smtp_diagnosis diagnosis, enum smtp_state state,
                   const char *detail)
{
    struct smtp_diagnosed *diagnosed = NULL;

    if (is_over_anyway(diagnosis, state)) {
        detail = detail != NULL ? detail : smtp_diagnosis_get(diagnosis)->text;
        diagnosis = DIAGNOSIS_QUIT_IGNORED;
    }
    for (diagnosed = walk->session->diagnosed; diagnosed != NULL; diagnosed = diagnosed->next)
        if (diagnosed->row == smtp_diagnosis_get(diagnosis))
            return; /* once is enough */
    diagnosed = arena_new_of(walk->arena, struct smtp_diagnosed);
    diagnosed->row = smtp_diagnosis_get(diagnosis);
    diagnosed->state = state;
    diagnosed->detail = detail != NULL ? detail : "";
    diagnosed->hint = diagnosed->row->hint;
    *walk->diagnosed_tail = diagnosed;
    walk->diagnosed_tail = &diagnosed->next;
}

void smtp_diagnose_connect(struct smtp_walk *walk, enum smtp_link_status status)
{
    walk->session->is_without_route = status == LINK_NO_ROUTE;
    if (status == LINK_REFUSED)
        smtp_diagnose(walk, DIAGNOSIS_NOTHING_LISTENS, SMTP_STATE_CONNECT, NULL);
    else if (status == LINK_TIMEOUT)
        smtp_diagnose(walk, DIAGNOSIS_FILTERED, SMTP_STATE_CONNECT, NULL);
    else
        smtp_diagnose(walk, DIAGNOSIS_UNREACHABLE, SMTP_STATE_CONNECT, walk->link->trouble);
}

const char *smtp_diagnose_foreign(struct span bytes)
{
    static const struct {
        const char *start;
        const char *text;
    } protocols[] = {
        {"* OK", "this is IMAP (ports 143 and 993), which reads mail; SMTP, which sends it, "
                 "listens on 25, 587 or 465"},
        {"+OK", "this is POP3 (ports 110 and 995), which reads mail; SMTP, which sends it, "
                "listens on 25, 587 or 465"},
        {"SSH-", "this is SSH (port 22)"},
        {"HTTP/", "this is HTTP (ports 80 and 443)"},
        {"<!DOCTYPE", "this is HTTP (ports 80 and 443)"},
        {"<html", "this is HTTP (ports 80 and 443)"},
    };

    for (size_t i = 0; i < COUNT_OF(protocols); i++)
        if (span_starts_with_nocase(bytes, protocols[i].start))
            return protocols[i].text;
    return NULL;
}

/* foreign_text - the protocol of a greeting, or the line that is not a reply */
static const char *foreign_text(struct arena *arena, const struct fault *fault)
{
    const char *other = smtp_diagnose_foreign(fault->part);

    return other != NULL ? other
                         : arena_printf(arena, "%s: \"%s\"", fault->text,
                                        escape_to_text(arena, fault->part, 80));
}

void smtp_diagnose_reply(struct smtp_walk *walk, const struct smtp_exchange *exchange)
{
    const struct reply *reply = &exchange->reply;

    if (exchange->state == SMTP_STATE_GREETING && exchange->elapsed_ms >= BANNER_DELAY_MS)
        smtp_diagnose(walk, DIAGNOSIS_BANNER_DELAY, exchange->state,
                      arena_printf(walk->arena, "after %u.%u seconds",
                                   exchange->elapsed_ms / 1000,
                                   exchange->elapsed_ms / 100 % 10));
    for (const struct fault *fault = reply->faults; fault != NULL; fault = fault->next) {
        if (fault->kind == SMTP_FAULT_TOO_LARGE)
            smtp_diagnose(walk, DIAGNOSIS_REPLY_ENDLESS, exchange->state, fault->text);
        else if (fault->is_fatal)
            smtp_diagnose(walk, DIAGNOSIS_REPLY_BROKEN, exchange->state,
                          foreign_text(walk->arena, fault));
        else if (fault->kind == SMTP_FAULT_LONG_LINE)
            smtp_diagnose(walk, DIAGNOSIS_LINE_TOO_LONG, exchange->state, NULL);
        else
            smtp_diagnose(walk, DIAGNOSIS_REPLY_FAULTY, exchange->state, fault->text);
    }
}

/* ---- refusals ---- */

/* the diagnosis of a cause; 0: it depends on the step */
static const enum smtp_diagnosis cause_diagnoses[REPLY_CAUSES] = {
    [REPLY_CAUSE_AUTH_LEVEL] = DIAGNOSIS_UNAUTHENTICATED,
    [REPLY_CAUSE_DMARC_NONE] = DIAGNOSIS_UNAUTHENTICATED,
    [REPLY_CAUSE_UNALIGNED] = DIAGNOSIS_UNAUTHENTICATED,
    [REPLY_CAUSE_DMARC_POLICY] = DIAGNOSIS_UNAUTHENTICATED,
    [REPLY_CAUSE_DMARC_DNS] = DIAGNOSIS_SENDER_DNS_FAILED,
    [REPLY_CAUSE_UNAUTHENTICATED] = DIAGNOSIS_UNAUTHENTICATED,
    [REPLY_CAUSE_AUTH_FAILED] = DIAGNOSIS_UNAUTHENTICATED,
    [REPLY_CAUSE_SPF_BROKEN] = DIAGNOSIS_UNAUTHENTICATED,
    [REPLY_CAUSE_SPF_DNS] = DIAGNOSIS_SENDER_DNS_FAILED,
    [REPLY_CAUSE_SPF_MISSING] = DIAGNOSIS_UNAUTHENTICATED,
    [REPLY_CAUSE_SPF_FAIL] = DIAGNOSIS_UNAUTHENTICATED,
    [REPLY_CAUSE_DKIM_FAIL] = DIAGNOSIS_UNAUTHENTICATED,
    [REPLY_CAUSE_ARC_FAIL] = DIAGNOSIS_UNAUTHENTICATED,
    [REPLY_CAUSE_POLICY_MAYBE_AUTH] = DIAGNOSIS_UNAUTHENTICATED,
    [REPLY_CAUSE_SPOOF] = DIAGNOSIS_UNAUTHENTICATED,
    [REPLY_CAUSE_PTR] = DIAGNOSIS_REVERSE_DNS,
    [REPLY_CAUSE_HELO] = DIAGNOSIS_EHLO_REFUSED,
    [REPLY_CAUSE_DYNAMIC] = DIAGNOSIS_BLOCKLISTED,
    [REPLY_CAUSE_BLOCKLISTED] = DIAGNOSIS_BLOCKLISTED,
    [REPLY_CAUSE_DOMAIN_LISTED] = DIAGNOSIS_BLOCKLISTED,
    [REPLY_CAUSE_BANNED] = DIAGNOSIS_POOR_REPUTATION,
    [REPLY_CAUSE_REPUTATION] = DIAGNOSIS_POOR_REPUTATION,
    [REPLY_CAUSE_PROBING] = DIAGNOSIS_POOR_REPUTATION,
    [REPLY_CAUSE_SENDER_DOMAIN] = DIAGNOSIS_SENDER_DOMAIN_MISSING,
    [REPLY_CAUSE_SENDER_NOT_OWNED] = DIAGNOSIS_SENDER_NOT_OWNED,
    [REPLY_CAUSE_SENDER_UNREGISTERED] = DIAGNOSIS_SENDER_NOT_OWNED,
    [REPLY_CAUSE_SENDER_REFUSED] = DIAGNOSIS_SENDER_REFUSED,
    [REPLY_CAUSE_SENDER_SYNTAX] = DIAGNOSIS_SENDER_REFUSED,
    [REPLY_CAUSE_SENDER_CALLBACK] = DIAGNOSIS_SENDER_REFUSED,
    [REPLY_CAUSE_SENDER_SUSPENDED] = DIAGNOSIS_SENDER_REFUSED,
    [REPLY_CAUSE_RECIPIENT_UNKNOWN] = DIAGNOSIS_RECIPIENT_REFUSED,
    [REPLY_CAUSE_RECIPIENT_DISABLED] = DIAGNOSIS_RECIPIENT_REFUSED,
    [REPLY_CAUSE_RECIPIENT_MOVED] = DIAGNOSIS_RECIPIENT_REFUSED,
    [REPLY_CAUSE_RECIPIENT_REFUSED] = DIAGNOSIS_RECIPIENT_REFUSED,
    [REPLY_CAUSE_RECIPIENT_DOMAIN] = DIAGNOSIS_RECIPIENT_REFUSED,
    [REPLY_CAUSE_RECIPIENT_SYNTAX] = DIAGNOSIS_RECIPIENT_REFUSED,
    [REPLY_CAUSE_MAILBOX_FULL] = DIAGNOSIS_MAILBOX_FULL,
    [REPLY_CAUSE_RELAY_DENIED] = DIAGNOSIS_RELAY_DENIED,
    [REPLY_CAUSE_TLS] = DIAGNOSIS_TLS_DEMANDED,
    [REPLY_CAUSE_LOGIN_NEEDS_TLS] = DIAGNOSIS_TLS_DEMANDED,
    [REPLY_CAUSE_CERTIFICATE] = DIAGNOSIS_CERTIFICATE_DEMANDED,
    [REPLY_CAUSE_LOGIN] = DIAGNOSIS_LOGIN_DEMANDED,
};

/* the same at the login (RFC 4954, 6) */
static const enum smtp_diagnosis login_diagnoses[REPLY_CAUSES] = {
    [REPLY_CAUSE_CREDENTIALS] = DIAGNOSIS_AUTH_PASSWORD,
    [REPLY_CAUSE_APP_PASSWORD] = DIAGNOSIS_APP_PASSWORD,
    [REPLY_CAUSE_WEB_LOGIN] = DIAGNOSIS_WEB_LOGIN,
    [REPLY_CAUSE_LOGIN_DISABLED] = DIAGNOSIS_LOGIN_DISABLED,
    [REPLY_CAUSE_TOKEN] = DIAGNOSIS_TOKEN_INVALID,
    [REPLY_CAUSE_LOGIN_MECHANISM] = DIAGNOSIS_AUTH_MECHANISM,
    [REPLY_CAUSE_PARAMETER] = DIAGNOSIS_AUTH_MECHANISM,
    [REPLY_CAUSE_LOGIN_NEEDS_TLS] = DIAGNOSIS_AUTH_NEEDS_TLS,
    [REPLY_CAUSE_TLS] = DIAGNOSIS_AUTH_NEEDS_TLS,
    [REPLY_CAUSE_LOGIN_POLICY] = DIAGNOSIS_LOGIN_POLICY,
    [REPLY_CAUSE_ACCOUNT_DISABLED] = DIAGNOSIS_ACCOUNT_DISABLED,
    [REPLY_CAUSE_LOGIN_NOT_OFFERED] = DIAGNOSIS_AUTH_MISSING,
    [REPLY_CAUSE_COMMAND] = DIAGNOSIS_AUTH_MISSING,
    [REPLY_CAUSE_SEQUENCE] = DIAGNOSIS_AUTH_MISSING,
};

/* the same of temporary refusals */
static const enum smtp_diagnosis later_diagnoses[REPLY_CAUSES] = {
    [REPLY_CAUSE_GREYLISTED] = DIAGNOSIS_GREYLISTED,
    [REPLY_CAUSE_RATE] = DIAGNOSIS_RATE_LIMITED,
    [REPLY_CAUSE_CONNECTIONS] = DIAGNOSIS_RATE_LIMITED,
    [REPLY_CAUSE_RECIPIENT_BUSY] = DIAGNOSIS_RATE_LIMITED,
    [REPLY_CAUSE_SENDING_LIMIT] = DIAGNOSIS_RATE_LIMITED,
    [REPLY_CAUSE_TOO_MANY_RECIPIENTS] = DIAGNOSIS_RATE_LIMITED,
    [REPLY_CAUSE_THEIR_FAULT] = DIAGNOSIS_SERVER_TROUBLE,
    [REPLY_CAUSE_OVERLOADED] = DIAGNOSIS_SERVER_TROUBLE,
    [REPLY_CAUSE_TIMEOUT] = DIAGNOSIS_SERVER_TROUBLE,
    [REPLY_CAUSE_DNS] = DIAGNOSIS_SERVER_TROUBLE,
};

/* by_step - a refusal for an unknown reason; permanent and temporary of each step */
static enum smtp_diagnosis by_step(enum smtp_state state, bool is_later)
{
    static const enum smtp_diagnosis names[SMTP_PROBE_STATES][2] = {
        [SMTP_STATE_GREETING] = {DIAGNOSIS_SERVICE_REFUSED, DIAGNOSIS_SERVICE_LATER},
        [SMTP_STATE_EHLO] = {DIAGNOSIS_EHLO_REFUSED, DIAGNOSIS_DEFERRED},
        [SMTP_STATE_EHLO_AGAIN] = {DIAGNOSIS_EHLO_REFUSED, DIAGNOSIS_DEFERRED},
        [SMTP_STATE_STARTTLS] = {DIAGNOSIS_STARTTLS_REFUSED, DIAGNOSIS_STARTTLS_REFUSED},
        [SMTP_STATE_AUTH] = {DIAGNOSIS_AUTH_FAILED, DIAGNOSIS_AUTH_LATER},
        [SMTP_STATE_MAIL] = {DIAGNOSIS_SENDER_REFUSED, DIAGNOSIS_DEFERRED},
        [SMTP_STATE_RCPT] = {DIAGNOSIS_RECIPIENT_REFUSED, DIAGNOSIS_DEFERRED},
        [SMTP_STATE_RSET] = {DIAGNOSIS_REPLY_REFUSES, DIAGNOSIS_REPLY_REFUSES},
        [SMTP_STATE_QUIT] = {DIAGNOSIS_REPLY_REFUSES, DIAGNOSIS_REPLY_REFUSES},
    };

    return names[state][is_later];
}

/* login_refusal - a temporary one is not about the password; a token is not a password */
static enum smtp_diagnosis login_refusal(const struct smtp_walk *walk,
                                         const struct smtp_exchange *exchange)
{
    enum smtp_diagnosis named = login_diagnoses[exchange->meaning->cause_id];
    const char *mechanism = walk->auth != NULL ? smtp_auth_mechanism(walk->auth) : "";

    if (reply_class(&exchange->reply) == 4)
        return DIAGNOSIS_AUTH_LATER;
    if (named == DIAGNOSIS_AUTH_PASSWORD && strcmp(mechanism, "XOAUTH2") == 0)
        return DIAGNOSIS_TOKEN_INVALID;
    return named != 0 ? named : by_step(SMTP_STATE_AUTH, false);
}

/* refusal_of - by the reason that the reply gives, else by its step */
static enum smtp_diagnosis refusal_of(const struct smtp_walk *walk,
                                      const struct smtp_exchange *exchange)
{
    bool is_later = reply_class(&exchange->reply) == 4;
    enum reply_cause_id cause = exchange->meaning->cause_id;

    if (exchange->state == SMTP_STATE_AUTH)
        return login_refusal(walk, exchange);
    if (exchange->state == SMTP_STATE_STARTTLS || exchange->state == SMTP_STATE_QUIT ||
        exchange->meaning->evidence < REPLY_BY_ENHANCED)
        return cause == REPLY_CAUSE_LOGIN ? DIAGNOSIS_LOGIN_DEMANDED
                                          : by_step(exchange->state, is_later);
    if (is_later && later_diagnoses[cause] != 0)
        return exchange->state == SMTP_STATE_GREETING &&
                       later_diagnoses[cause] == DIAGNOSIS_SERVER_TROUBLE
                   ? DIAGNOSIS_SERVICE_LATER
                   : later_diagnoses[cause];
    return cause_diagnoses[cause] != 0 ? cause_diagnoses[cause]
                                       : by_step(exchange->state, is_later);
}

/* own_check - the command that judges domain and client as this receiver did, or "" */
static const char *own_check(struct smtp_walk *walk, enum smtp_diagnosis diagnosis)
{
    ptrdiff_t at = span_find_last(span_of(walk->probe->sender), '@');
    const char *domain = at >= 0 ? walk->probe->sender + at + 1 : NULL;
    bool is_about_sender = diagnosis == DIAGNOSIS_UNAUTHENTICATED ||
                           diagnosis == DIAGNOSIS_SENDER_DOMAIN_MISSING ||
                           diagnosis == DIAGNOSIS_SENDER_DNS_FAILED;

    if ((!is_about_sender && diagnosis != DIAGNOSIS_REVERSE_DNS) || domain == NULL)
        return "";
    return arena_printf(walk->arena, "; see mailassay check %s --ip %s",
                        escape_to_text(walk->arena, span_of(domain), LIMIT_SHOWN_BYTES),
                        walk->session->client != NULL ? walk->session->client : "ADDRESS");
}

/* add_meaning - advice on the text of the reply is better than that of the row */
static void add_meaning(struct smtp_walk *walk, const struct smtp_exchange *exchange,
                        enum smtp_diagnosis diagnosis)
{
    struct smtp_diagnosed *last = walk->session->diagnosed;
    const char *advice = NULL;

    while (last != NULL && last->row != smtp_diagnosis_get(diagnosis))
        last = last->next;
    if (last == NULL || last->meaning != NULL)
        return;
    last->meaning = exchange->meaning;
    advice = exchange->meaning->evidence >= REPLY_BY_WORD && exchange->meaning->todo[0] != '\0'
                 ? exchange->meaning->todo
                 : last->row->hint;
    last->hint = arena_printf(walk->arena, "%s%s", advice, own_check(walk, diagnosis));
}

void smtp_diagnose_refusal(struct smtp_walk *walk, const struct smtp_exchange *exchange)
{
    enum smtp_diagnosis diagnosis = refusal_of(walk, exchange);

    smtp_diagnose(walk, diagnosis, exchange->state,
                  reply_to_text(walk->arena, &exchange->reply));
    add_meaning(walk, exchange, diagnosis);
}

/* what is wrong with a chain */
static const enum smtp_diagnosis trust_diagnoses[] = {
    [TRUST_SELF_SIGNED] = DIAGNOSIS_CERTIFICATE_SELF_SIGNED,
    [TRUST_EXPIRED] = DIAGNOSIS_CERTIFICATE_EXPIRED,
    [TRUST_NOT_YET] = DIAGNOSIS_CERTIFICATE_NOT_YET,
    [TRUST_UNKNOWN_ISSUER] = DIAGNOSIS_CERTIFICATE_UNTRUSTED,
    [TRUST_WEAK] = DIAGNOSIS_CERTIFICATE_WEAK,
    [TRUST_OTHER] = DIAGNOSIS_CERTIFICATE_INVALID,
};

/* diagnose_dates - the verifier names one fault only, but an expired self-signed one has two */
static void diagnose_dates(struct smtp_walk *walk, const struct smtp_tls_facts *facts)
{
    const struct smtp_certificate *own = &facts->chain[0];
    int64_t left = own->expires - walk->probe->now;

    if (left < 0)
        smtp_diagnose(walk, DIAGNOSIS_CERTIFICATE_EXPIRED, SMTP_STATE_TLS,
                      arena_printf(walk->arena, "on %s", own->not_after));
    else if (left < SOON_SECONDS)
        smtp_diagnose(walk, DIAGNOSIS_CERTIFICATE_SOON, SMTP_STATE_TLS,
                      arena_printf(walk->arena, "on %s", own->not_after));
}

void smtp_diagnose_certificate(struct smtp_walk *walk, const struct smtp_tls_facts *facts)
{
    const struct smtp_certificate *own = facts->chain_count > 0 ? &facts->chain[0] : NULL;

    if (facts->is_old)
        smtp_diagnose(walk, DIAGNOSIS_TLS_OLD, SMTP_STATE_TLS, facts->version);
    if (facts->dane == DANE_DIFFERS)
        smtp_diagnose(walk, DIAGNOSIS_DANE_DIFFERS, SMTP_STATE_TLS, NULL);
    if (facts->dane == DANE_UNUSABLE)
        smtp_diagnose(walk, DIAGNOSIS_DANE_UNUSABLE, SMTP_STATE_TLS, NULL);
    if (facts->dane == DANE_NOT_ASKED)
        smtp_diagnose(walk, DIAGNOSIS_DANE_UNKNOWN, SMTP_STATE_TLS, NULL);
    if (own == NULL) {
        smtp_diagnose(walk, DIAGNOSIS_CERTIFICATE_INVALID, SMTP_STATE_TLS, facts->trust_text);
        return;
    }
    diagnose_dates(walk, facts);
    if (facts->dane == DANE_MATCHES)
        return; /* TLSA replaces trust and, for usage 3, names: RFC 7672, 3.1 */
    if (facts->trust != TRUST_FINE)
        smtp_diagnose(walk, trust_diagnoses[facts->trust], SMTP_STATE_TLS, facts->trust_text);
    if (!facts->is_for_name)
        smtp_diagnose(walk, DIAGNOSIS_CERTIFICATE_NAME, SMTP_STATE_TLS,
                      arena_printf(walk->arena, "it is for %s, not for %s",
                                   own->names[0] != '\0' ? own->names : own->subject,
                                   walk->probe->host));
}
