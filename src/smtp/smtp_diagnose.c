/* From what happened to the row that names it. */
#include "base/escape.h"
#include "base/limits.h"
#include "base/must.h"
#include "reply/reply_code.h"
#include "smtp/smtp_walk.h"

#define SOON_SECONDS    (14 * 86400)
#define BANNER_DELAY_MS 5000 /* measured pauses against bots are 1 to 6 seconds */

static const struct smtp_diagnosis_row rows[] = {
#define DIAGNOSIS(id, severity, is_undetermined, text, hint) \
    {#id, SEV_##severity, is_undetermined, text, hint},
#include "smtp/smtp_diagnosis.def"
#undef DIAGNOSIS
};

const struct smtp_diagnosis_row *smtp_diagnosis_get(enum smtp_diagnosis diagnosis)
{
    must(diagnosis < DIAGNOSES);
    return &rows[diagnosis];
}

const char *smtp_diagnosis_id(struct arena *arena, const struct smtp_diagnosis_row *row)
{
    char *id = arena_strdup(arena, row->id);

    for (char *at = id; *at != '\0'; at++)
        *at = ascii_to_lower(*at);
    return id;
}

/* is_over_anyway - all that was to be learned has been, only the answer to QUIT is not right */
static bool is_over_anyway(enum smtp_diagnosis diagnosis, enum smtp_state state)
{
    return state == SMTP_STATE_QUIT && diagnosis != DIAGNOSIS_OUT_OF_STEP &&
           rows[diagnosis].severity == SEV_ERROR;
}

void smtp_diagnose(struct smtp_walk *walk, enum smtp_diagnosis diagnosis, enum smtp_state state,
                   const char *detail)
{
    struct smtp_diagnosed *diagnosed = NULL;

    if (is_over_anyway(diagnosis, state)) {
        detail = detail != NULL ? detail : rows[diagnosis].text;
        diagnosis = DIAGNOSIS_QUIT_IGNORED;
    }
    for (diagnosed = walk->session->diagnosed; diagnosed != NULL; diagnosed = diagnosed->next)
        if (diagnosed->row == &rows[diagnosis])
            return; /* once is enough */
    diagnosed = arena_new_of(walk->arena, struct smtp_diagnosed);
    diagnosed->row = &rows[diagnosis];
    diagnosed->state = state;
    diagnosed->detail = detail != NULL ? detail : "";
    *walk->diagnosed_tail = diagnosed;
    walk->diagnosed_tail = &diagnosed->next;
}

void smtp_diagnose_connect(struct smtp_walk *walk, enum smtp_link_status status)
{
    const char *trouble = walk->link->trouble;

    switch (status) {
    case LINK_REFUSED:
        smtp_diagnose(walk, DIAGNOSIS_NOTHING_LISTENS, SMTP_STATE_CONNECT, NULL);
        break;
    case LINK_TIMEOUT:
        smtp_diagnose(walk, DIAGNOSIS_FILTERED, SMTP_STATE_CONNECT, NULL);
        break;
    case LINK_NO_ROUTE:
        walk->session->is_without_route = true;
        smtp_diagnose(walk, DIAGNOSIS_UNREACHABLE, SMTP_STATE_CONNECT, trouble);
        break;
    case LINK_UNREACHABLE:
    case LINK_CLOSED:
    case LINK_TROUBLE:
        smtp_diagnose(walk, DIAGNOSIS_UNREACHABLE, SMTP_STATE_CONNECT, trouble);
        break;
    case LINK_FINE:
        break;
    }
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
                          arena_printf(walk->arena, "%s: \"%s\"", fault->text,
                                       escape_to_text(walk->arena, fault->part, 80)));
        else if (fault->kind == SMTP_FAULT_LONG_LINE)
            smtp_diagnose(walk, DIAGNOSIS_LINE_TOO_LONG, exchange->state, NULL);
        else
            smtp_diagnose(walk, DIAGNOSIS_REPLY_FAULTY, exchange->state, fault->text);
    }
}

/* auth_refusal - RFC 4954, 6 */
static enum smtp_diagnosis auth_refusal(const struct reply *reply)
{
    static const struct {
        unsigned code;
        enum smtp_diagnosis diagnosis;
    } table[] = {
        {535, DIAGNOSIS_AUTH_PASSWORD},  {504, DIAGNOSIS_AUTH_MECHANISM},
        {534, DIAGNOSIS_AUTH_MECHANISM}, {538, DIAGNOSIS_AUTH_NEEDS_TLS},
        {530, DIAGNOSIS_AUTH_NEEDS_TLS}, {502, DIAGNOSIS_AUTH_MISSING},
        {503, DIAGNOSIS_AUTH_MISSING},
    };

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (table[i].code == reply->code)
            return table[i].diagnosis;
    return reply_class(reply) == 4 ? DIAGNOSIS_AUTH_LATER : DIAGNOSIS_AUTH_FAILED;
}

/* recipient_refusal - relaying is told by its words, everything else by its class */
static enum smtp_diagnosis recipient_refusal(const struct reply *reply)
{
    const struct reply_code *meaning = reply_code_of_reply(reply);

    if (meaning != NULL && meaning->mark != NULL && strcmp(meaning->mark, "relay") == 0)
        return DIAGNOSIS_RELAY_DENIED;
    return reply_class(reply) == 4 ? DIAGNOSIS_GREYLISTED : DIAGNOSIS_RECIPIENT_REFUSED;
}

/* refusal_of - by state */
static enum smtp_diagnosis refusal_of(const struct smtp_exchange *exchange)
{
    bool is_later = reply_class(&exchange->reply) == 4;

    if (exchange->state == SMTP_STATE_AUTH)
        return auth_refusal(&exchange->reply);
    if (exchange->state == SMTP_STATE_RCPT)
        return recipient_refusal(&exchange->reply);
    if (exchange->state == SMTP_STATE_GREETING)
        return DIAGNOSIS_SERVICE_REFUSED;
    if (exchange->state == SMTP_STATE_EHLO || exchange->state == SMTP_STATE_EHLO_AGAIN)
        return DIAGNOSIS_EHLO_REFUSED;
    if (exchange->state == SMTP_STATE_STARTTLS)
        return DIAGNOSIS_STARTTLS_REFUSED;
    if (exchange->state == SMTP_STATE_MAIL)
        return is_later ? DIAGNOSIS_GREYLISTED : DIAGNOSIS_SENDER_REFUSED;
    return DIAGNOSIS_REPLY_REFUSES;
}

void smtp_diagnose_refusal(struct smtp_walk *walk, const struct smtp_exchange *exchange)
{
    smtp_diagnose(walk, refusal_of(exchange), exchange->state,
                  reply_to_text(walk->arena, &exchange->reply));
}

/* trust_diagnosis - what is wrong with the chain; only called when something is */
static enum smtp_diagnosis trust_diagnosis(enum smtp_trust trust)
{
    switch (trust) {
    case TRUST_SELF_SIGNED:
        return DIAGNOSIS_CERTIFICATE_SELF_SIGNED;
    case TRUST_EXPIRED:
        return DIAGNOSIS_CERTIFICATE_EXPIRED;
    case TRUST_NOT_YET:
        return DIAGNOSIS_CERTIFICATE_NOT_YET;
    case TRUST_UNKNOWN_ISSUER:
        return DIAGNOSIS_CERTIFICATE_UNTRUSTED;
    case TRUST_OTHER:
    case TRUST_FINE:
        break;
    }
    return DIAGNOSIS_CERTIFICATE_INVALID;
}

/* diagnose_dates - the verifier names one fault; an expired self-signed one has two */
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
        smtp_diagnose(walk, trust_diagnosis(facts->trust), SMTP_STATE_TLS, facts->trust_text);
    if (!facts->is_for_name)
        smtp_diagnose(walk, DIAGNOSIS_CERTIFICATE_NAME, SMTP_STATE_TLS,
                      arena_printf(walk->arena, "it is for %s, not for %s",
                                   own->names[0] != '\0' ? own->names : own->subject,
                                   walk->probe->host));
}
