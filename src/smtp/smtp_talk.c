/* A line out, a reply in, each before its deadline. */
#include "base/clock.h"
#include "base/ip.h"
#include "base/limits_bounce.h"
#include "model/reply.h"
#include "model/reply_class.h"
#include "model/reply_phrase.h"
#include "reply/reply.h"
#include "reply/reply_class.h"
#include "smtp/smtp_old.h"
#include "smtp/smtp_tls.h"
#include "smtp/smtp_walk.h"

struct smtp_exchange *smtp_talk_note(struct smtp_walk *walk, enum smtp_state state,
                                     const char *event)
{
    struct smtp_exchange *exchange = arena_new_of(walk->arena, struct smtp_exchange);

    exchange->state = state;
    exchange->event = event;
    exchange->is_encrypted = walk->link->tls != NULL;
    *walk->tail = exchange;
    walk->tail = &exchange->next;
    return exchange;
}

int64_t smtp_talk_deadline(const struct smtp_walk *walk, enum smtp_state state)
{
    int64_t timeout = (int64_t)smtp_dialogue_probe(state)->timeout_seconds * 1000;
    int64_t ends = 0;

    if (timeout > walk->probe->wait_ms)
        timeout = walk->probe->wait_ms;
    ends = clock_monotonic_ms() + timeout;
    return ends < walk->ends ? ends : walk->ends;
}

/* talk_overdue - what was not complete, and after how long */
static const char *talk_overdue(const struct smtp_walk *walk, enum smtp_state state)
{
    return arena_printf(walk->arena, "the %s was not complete after %u.%u s%s",
                        state == SMTP_STATE_GREETING ? "greeting" : "reply",
                        walk->probe->wait_ms / 1000, walk->probe->wait_ms / 100 % 10,
                        state == SMTP_STATE_GREETING
                            ? "; some servers greet slowly on purpose: --wait 60"
                            : "");
}

/* talk_lost - the connection ended, or nothing came, where a reply was expected */
static void talk_lost(struct smtp_walk *walk, enum smtp_state state,
                      enum smtp_link_status status)
{
    bool is_greeting = state == SMTP_STATE_GREETING;

    walk->is_over = true;
    if (status == LINK_TIMEOUT && walk->link->len == 0)
        smtp_diagnose(walk, is_greeting ? DIAGNOSIS_SILENT : DIAGNOSIS_NO_REPLY, state,
                      !is_greeting ? smtp_dialogue_probe(state)->sends
                      : walk->link->tls != NULL
                          ? "also under TLS: it may be HTTPS, where the client speaks first"
                          : NULL);
    else if (status == LINK_TIMEOUT)
        smtp_diagnose(walk, DIAGNOSIS_REPLY_ENDLESS, state, talk_overdue(walk, state));
    else if (walk->link->len > 0)
        smtp_diagnose(walk, DIAGNOSIS_CLOSED_IN_REPLY, state, walk->link->trouble);
    else if (state != SMTP_STATE_QUIT)
        smtp_diagnose(walk, DIAGNOSIS_CLOSED, state, walk->link->trouble);
}

/* talk_classify - what the reply means at this step */
static const struct reply_class *talk_classify(struct smtp_walk *walk,
                                               const struct smtp_exchange *exchange)
{
    static const enum reply_step steps[SMTP_PROBE_STATES] = {
        [SMTP_STATE_GREETING] = REPLY_STEP_GREETING, [SMTP_STATE_EHLO] = REPLY_STEP_EHLO,
        [SMTP_STATE_STARTTLS] = REPLY_STEP_STARTTLS, [SMTP_STATE_EHLO_AGAIN] = REPLY_STEP_EHLO,
        [SMTP_STATE_AUTH] = REPLY_STEP_AUTH,         [SMTP_STATE_MAIL] = REPLY_STEP_MAIL,
        [SMTP_STATE_RCPT] = REPLY_STEP_RCPT,
    };
    struct reply_input input;

    if (exchange->reply.state != REPLY_COMPLETE)
        return NULL;
    reply_input_of(walk->arena, &exchange->reply, &input);
    input.step = steps[exchange->state];
    input.host = walk->probe->host;
    return reply_classify(walk->arena, &input);
}

/* talk_keep - the bytes of the reply, without secrets, in the arena */
static void talk_keep(struct smtp_walk *walk, struct smtp_exchange *exchange)
{
    size_t used =
        exchange->reply.state == REPLY_COMPLETE ? exchange->reply.used : walk->link->len;
    char *bytes = arena_alloc(walk->arena, used + 1);

    memcpy(bytes, walk->link->bytes, used);
    if (walk->auth != NULL)
        smtp_auth_hide(walk->auth, bytes, used);
    reply_parse(walk->arena, span_make(bytes, used), &exchange->reply);
    exchange->meaning = talk_classify(walk, exchange);
    exchange->has_reply = true;
    smtp_link_take(walk->link, used);
}

/* has_line - a line has come to its end since there were `before` octets, or too many came */
static bool has_line(const struct smtp_link *link, size_t before)
{
    return memchr(link->bytes + before, '\n', link->len - before) != NULL ||
           link->len > LIMIT_REPLY_LINE_BYTES;
}

/* read_reply - until it is complete, broken or overdue */
static bool read_reply(struct smtp_walk *walk, struct smtp_exchange *exchange, int64_t deadline)
{
    struct arena *scratch = arena_open();
    enum smtp_link_status status = LINK_FINE;
    size_t before = 0;

    exchange->reply.state = REPLY_INCOMPLETE;
    while (exchange->reply.state == REPLY_INCOMPLETE && status == LINK_FINE) {
        if (has_line(walk->link, before)) {
            reply_parse(scratch, span_make(walk->link->bytes, walk->link->len),
                        &exchange->reply);
            arena_reset(scratch);
        }
        before = walk->link->len;
        if (exchange->reply.state == REPLY_INCOMPLETE)
            status = smtp_link_read(walk->link, deadline);
        if (clock_monotonic_ms() >= deadline && status == LINK_FINE)
            status = LINK_TIMEOUT;
    }
    arena_close(scratch);
    if (exchange->reply.state == REPLY_INCOMPLETE) {
        exchange->reply = (struct reply){0};
        talk_lost(walk, exchange->state, status);
        return false;
    }
    talk_keep(walk, exchange);
    return true;
}

/* is_in_step - nothing is left to read before the next line is sent */
static bool is_in_step(struct smtp_walk *walk, enum smtp_state state)
{
    enum smtp_link_status status = LINK_FINE;

    if (walk->link->len == 0)
        status = smtp_link_read(walk->link, 0);
    if (walk->link->len > 0)
        smtp_diagnose(walk, DIAGNOSIS_OUT_OF_STEP, state, NULL);
    else if (status == LINK_CLOSED)
        talk_lost(walk, state, status);
    return walk->link->len == 0 && !walk->is_over;
}

struct smtp_exchange *smtp_talk(struct smtp_walk *walk, enum smtp_state state, const char *line,
                                const char *shown)
{
    int64_t begun = clock_monotonic_ms();
    int64_t deadline = smtp_talk_deadline(walk, state);
    struct smtp_exchange *exchange = NULL;
    enum smtp_link_status status = LINK_FINE;

    if (line != NULL && !is_in_step(walk, state)) {
        walk->is_over = true;
        return NULL;
    }
    exchange = smtp_talk_note(walk, state, NULL);
    exchange->sent = shown;
    if (line != NULL)
        status = smtp_link_write(walk->link, span_of(arena_printf(walk->arena, "%s\r\n", line)),
                                 deadline);
    if (status != LINK_FINE) {
        talk_lost(walk, state, status);
        return NULL;
    }
    if (!read_reply(walk, exchange, deadline))
        return NULL;
    exchange->elapsed_ms = (unsigned)(clock_monotonic_ms() - begun);
    smtp_diagnose_reply(walk, exchange);
    walk->is_over = exchange->reply.state == REPLY_BROKEN;
    return walk->is_over ? NULL : exchange;
}

/* tls_failed - plain text instead of TLS, or a broken handshake */
static void tls_failed(struct smtp_walk *walk, enum smtp_state state,
                       enum smtp_link_status status)
{
    bool is_plain = smtp_tls_met_plain_text(walk->link->tls);
    const char *other =
        is_plain ? smtp_diagnose_foreign(smtp_tls_plain_text(walk->link->tls)) : NULL;

    walk->is_over = true;
    if (other != NULL && state == SMTP_STATE_TLS_FIRST)
        smtp_diagnose(walk, DIAGNOSIS_REPLY_BROKEN, state, other);
    else if (is_plain && state == SMTP_STATE_TLS_FIRST)
        smtp_diagnose(walk, DIAGNOSIS_TLS_EXPECTED_PLAIN_FOUND, state, walk->link->trouble);
    else if (is_plain)
        smtp_diagnose(walk, DIAGNOSIS_TLS_FAILED, state,
                      "the server accepts STARTTLS and continues in plain text");
    else if (status == LINK_TIMEOUT && state == SMTP_STATE_TLS_FIRST)
        smtp_diagnose(walk, DIAGNOSIS_SILENT, state, "in the TLS handshake");
    else
        smtp_diagnose(walk, DIAGNOSIS_TLS_FAILED, state, walk->link->trouble);
}

/* without_tlsa - why no records are known */
static enum smtp_dane without_tlsa(const struct smtp_probe *probe)
{
    if (probe->is_tlsa_unknown)
        return DANE_NOT_ASKED;
    return probe->is_tlsa_insecure ? DANE_WITHOUT_DNSSEC : DANE_NONE;
}

/* shake_hands - the handshake, and the judgement of the certificate */
static bool shake_hands(struct smtp_walk *walk, enum smtp_state state)
{
    const struct smtp_probe *probe = walk->probe;
    struct ip_address unused = {0};
    const struct smtp_tls_wish wish = {
        .fd = walk->link->fd,
        .host = probe->host,
        .host_is_address = ip_parse(span_of(probe->host), &unused),
        .domain = probe->domain,
        .ca_file = probe->ca_file,
        .tlsa = probe->tlsa,
        .tlsa_count = probe->tlsa_count,
        .without_tlsa = without_tlsa(probe),
        .only = probe->only,
        .now = probe->now,
    };
    struct smtp_tls *tls = smtp_tls_open(walk->arena, &wish, walk->why);
    enum smtp_link_status status = LINK_FINE;

    if (tls == NULL) {
        walk->is_over = true;
        return false;
    }
    status = smtp_link_start_tls(walk->link, tls, smtp_talk_deadline(walk, state));
    if (status != LINK_FINE) {
        tls_failed(walk, state, status);
        return false;
    }
    walk->session->tls = smtp_tls_facts(tls);
    smtp_talk_note(walk, state,
                   arena_printf(walk->arena, "%s, %s", walk->session->tls->version,
                                walk->session->tls->cipher));
    smtp_diagnose_certificate(walk, walk->session->tls);
    return true;
}

/* offer_old - offer old ciphers and see the answer; no handshake follows */
static void offer_old(struct smtp_walk *walk, enum smtp_state state)
{
    struct smtp_link *link = walk->link;
    int64_t deadline = smtp_talk_deadline(walk, state);
    enum smtp_link_status status = smtp_link_write(link, smtp_old_hello(), deadline);
    enum smtp_old_answer answer = OLD_UNKNOWN;

    while (status == LINK_FINE && answer == OLD_UNKNOWN) {
        status = smtp_link_read(link, deadline);
        answer = smtp_old_read(span_make(link->bytes, link->len));
        if (link->len > LIMIT_REPLY_LINE_BYTES)
            break;
    }
    walk->session->old = answer == OLD_UNKNOWN && status == LINK_CLOSED ? OLD_REFUSED : answer;
    walk->is_over = true;
}

bool smtp_talk_tls(struct smtp_walk *walk, enum smtp_state state)
{
    if (!walk->probe->offers_old)
        return shake_hands(walk, state);
    offer_old(walk, state);
    return false;
}
