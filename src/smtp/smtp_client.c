/*
 * Each state is skipped, or done and followed by the next, or it ends the session. What a state
 * does beyond sending its line is a function of its own.
 */
#include "smtp/smtp_client.h"

#include <string.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/ip.h"
#include "base/limits.h"
#include "base/must.h"
#include "model/reply.h"
#include "smtp/smtp_ehlo.h"
#include "smtp/smtp_tls.h"
#include "smtp/smtp_walk.h"

#define PORT_SUBMISSIONS 465 /* RFC 8314, 3.3 */
#define PORT_RELAY       25
/* how long a silent server may take to answer a TLS handshake, or a line of another protocol */
#define IMPLICIT_TRY_MS 5000
#define OTHER_TRY_MS    2000
#define MASK_OCTETS     4 /* equal signs in a row: no extension and no greeting has them */

typedef bool state_fn(struct smtp_walk *walk, enum smtp_state state);

/* client_words_of - what fills in the rows */
static struct smtp_dialogue_words client_words_of(const struct smtp_walk *walk)
{
    return (struct smtp_dialogue_words){.name = walk->probe->ehlo,
                                        .sender = walk->probe->sender,
                                        .recipient = walk->probe->recipient};
}

/* smtp_client_is_submission - a port where users log in and TLS is required */
static bool smtp_client_is_submission(const struct smtp_walk *walk)
{
    return walk->probe->port != PORT_RELAY && smtp_port_find(walk->probe->port) != NULL;
}

/* is_unknown_ehlo - the server has no ESMTP: HELO is next (RFC 5321, 3.2) */
static bool is_unknown_ehlo(const struct smtp_walk *walk, const struct smtp_exchange *exchange)
{
    return exchange->state == SMTP_STATE_EHLO && walk->link->tls == NULL &&
           (exchange->reply.code == 500 || exchange->reply.code == 502);
}

/* greet_again - with HELO */
static bool greet_again(struct smtp_walk *walk, enum smtp_state state)
{
    const char *line = arena_printf(walk->arena, "HELO %s", walk->probe->ehlo);
    const struct smtp_exchange *exchange = smtp_talk(
        walk, state, line, escape_to_text(walk->arena, span_of(line), LIMIT_SHOWN_BYTES));

    if (exchange == NULL)
        return false;
    smtp_diagnose(walk, DIAGNOSIS_EHLO_UNKNOWN, state, NULL);
    if (smtp_dialogue_accepts(smtp_dialogue_probe(state), exchange->reply.code))
        return true;
    smtp_diagnose_refusal(walk, exchange);
    walk->is_over = walk->is_over || exchange->reply.code == 421;
    return false;
}

/* client_command - send the row's line; true if the reply is one that the row accepts */
static bool client_command(struct smtp_walk *walk, enum smtp_state state)
{
    const struct smtp_dialogue *row = smtp_dialogue_probe(state);
    const struct smtp_dialogue_words words = client_words_of(walk);
    const char *line =
        row->sends[0] != '\0' ? smtp_dialogue_line(walk->arena, row, &words) : NULL;
    const struct smtp_exchange *exchange = smtp_talk(
        walk, state, line,
        line != NULL ? escape_to_text(walk->arena, span_of(line), LIMIT_SHOWN_BYTES) : NULL);

    if (exchange == NULL)
        return false;
    if (smtp_dialogue_accepts(row, exchange->reply.code))
        return true;
    if (is_unknown_ehlo(walk, exchange))
        return greet_again(walk, state);
    smtp_diagnose_refusal(walk, exchange);
    /* 421 says that the server closes by itself: RFC 5321, 3.8 */
    walk->is_over = walk->is_over || exchange->reply.code == 421;
    return false;
}

/* last_reply - of the session so far */
static const struct reply *last_reply(const struct smtp_walk *walk)
{
    const struct smtp_exchange *exchange = walk->session->exchanges;

    while (exchange->next != NULL)
        exchange = exchange->next;
    return &exchange->reply;
}

/* try_deadline - of a second attempt to get an answer */
static int64_t try_deadline(const struct smtp_walk *walk, unsigned most_ms)
{
    unsigned wait_ms = walk->probe->wait_ms;

    return clock_monotonic_ms() + (wait_ms < most_ms ? wait_ms : most_ms);
}

/* ---- states that do more ---- */

/* do_connect - the TCP connection */
static bool do_connect(struct smtp_walk *walk, enum smtp_state state)
{
    const struct smtp_probe *probe = walk->probe;
    enum smtp_link_status status = smtp_link_connect(walk->link, &probe->address, probe->port,
                                                     smtp_talk_deadline(walk, state));

    if (status != LINK_FINE) {
        walk->is_over = true;
        smtp_diagnose_connect(walk, status);
        return false;
    }
    walk->session->is_connected = true;
    walk->session->client = smtp_link_own_address(walk->link);
    smtp_talk_note(walk, state,
                   arena_printf(walk->arena, "connected to %s port %u",
                                ip_to_text(walk->arena, &probe->address), probe->port));
    return true;
}

/* waits_for_tls - a handshake on a second connection is answered by TLS */
static bool waits_for_tls(struct smtp_walk *walk)
{
    const struct smtp_probe *probe = walk->probe;
    struct smtp_link *link = smtp_link_open(walk->arena);
    int64_t deadline = try_deadline(walk, IMPLICIT_TRY_MS);
    struct smtp_tls_wish wish = {.host = "localhost", .host_is_address = true};
    struct smtp_tls *tls = NULL;
    struct err unused = {0};
    bool waits = false;

    if (smtp_link_connect(link, &probe->address, probe->port, deadline) == LINK_FINE) {
        wish.fd = link->fd;
        tls = smtp_tls_open(walk->arena, &wish, &unused);
        waits = tls != NULL && (smtp_link_start_tls(link, tls, deadline) == LINK_FINE ||
                                smtp_tls_met_alert(tls));
    }
    smtp_link_close(link);
    return waits;
}

/* speaks_other - which other protocol it is, where the client has to speak first, as HTTP;
 * NULL: unknown */
static const char *speaks_other(struct smtp_walk *walk)
{
    struct smtp_link *link = walk->link;
    int64_t deadline = try_deadline(walk, OTHER_TRY_MS);

    if (smtp_link_write(link, span_of("QUIT\r\n\r\n"), deadline) != LINK_FINE)
        return NULL;
    /* under TLS a read may be fine and bring nothing yet */
    while (link->len == 0)
        if (smtp_link_read(link, deadline) != LINK_FINE)
            return NULL;
    return smtp_diagnose_foreign(span_make(link->bytes, link->len));
}

/* do_greeting - a silent server may wait for a TLS handshake, or a request */
static bool do_greeting(struct smtp_walk *walk, enum smtp_state state)
{
    struct smtp_diagnosed **here = walk->diagnosed_tail;
    const char *other = NULL;

    if (client_command(walk, state))
        return true;
    if (*here == NULL || (*here)->row != smtp_diagnosis_get(DIAGNOSIS_SILENT))
        return false;
    if (!walk->session->is_implicit && waits_for_tls(walk)) {
        (*here)->row = smtp_diagnosis_get(DIAGNOSIS_PLAIN_EXPECTED_TLS_FOUND);
    } else if ((other = speaks_other(walk)) != NULL) {
        (*here)->row = smtp_diagnosis_get(DIAGNOSIS_REPLY_BROKEN);
        (*here)->hint = (*here)->row->hint;
        (*here)->detail = other;
    }
    return false;
}

/* is_masked - a line of X or *, with which firewalls hide replies */
static bool is_masked(struct span text)
{
    size_t count = 0;

    text = span_trim(text);
    while (count < text.len && (text.at[count] == 'X' || text.at[count] == '*'))
        count++;
    return count >= MASK_OCTETS && count + 1 >= text.len;
}

/* note_inspection - a greeting of stars, or "250-XXXXXXXA" where STARTTLS stood */
static void note_inspection(struct smtp_walk *walk, enum smtp_state state)
{
    for (const struct smtp_exchange *exchange = walk->session->exchanges; exchange != NULL;
         exchange = exchange->next)
        for (const struct reply_line *line = exchange->reply.lines; line != NULL;
             line = line->next)
            if (exchange->has_reply && is_masked(line->text))
                smtp_diagnose(walk, DIAGNOSIS_INSPECTED, state,
                              escape_to_text(walk->arena, line->text, LIMIT_SHOWN_BYTES));
}

/* do_ehlo - with what the server offers */
static bool do_ehlo(struct smtp_walk *walk, enum smtp_state state)
{
    struct smtp_session *session = walk->session;
    const struct smtp_ehlo *ehlo = NULL;

    if (!client_command(walk, state))
        return false;
    ehlo = smtp_ehlo_parse(walk->arena, last_reply(walk));
    if (walk->link->tls != NULL) {
        session->after = ehlo;
        return true;
    }
    session->before = ehlo;
    note_inspection(walk, state);
    if (ehlo->mechanisms != NULL)
        smtp_diagnose(walk, DIAGNOSIS_AUTH_IN_CLEAR, state, ehlo->mechanisms);
    if (!ehlo->has_starttls && walk->probe->tls != SMTP_TLS_NONE)
        smtp_diagnose(walk,
                      walk->probe->tls == SMTP_TLS_STARTTLS ? DIAGNOSIS_STARTTLS_WANTED
                                                            : DIAGNOSIS_STARTTLS_MISSING,
                      state,
                      smtp_client_is_submission(walk)
                          ? "users must not log in to a submission port without TLS"
                          : NULL);
    return ehlo->has_starttls || walk->probe->tls != SMTP_TLS_STARTTLS;
}

/* is_trusted - the certificate is the host's: by TLSA, or by a root and the name */
static bool is_trusted(const struct smtp_tls_facts *tls)
{
    return tls->dane == DANE_MATCHES ||
           (tls->dane != DANE_DIFFERS && tls->trust == TRUST_FINE && tls->is_for_name);
}

/* may_log_in - the password is sent only where that is safe, unless the user insists */
static bool may_log_in(struct smtp_walk *walk, const struct smtp_ehlo *ehlo)
{
    const struct smtp_login *login = walk->probe->login;
    bool is_clear = walk->link->tls == NULL;
    enum smtp_diagnosis trouble = DIAGNOSIS_AUTH_MISSING;

    if (ehlo->mechanisms == NULL && is_clear && ehlo->has_starttls)
        trouble = DIAGNOSIS_AUTH_AFTER_TLS;
    else if (is_clear && !login->allows_clear)
        trouble = DIAGNOSIS_AUTH_REFUSED_BY_US;
    else if (!is_clear && !login->allows_untrusted && !is_trusted(walk->session->tls))
        trouble = DIAGNOSIS_AUTH_UNTRUSTED;
    else if (ehlo->mechanisms != NULL)
        return true;
    smtp_diagnose(walk, trouble, SMTP_STATE_AUTH, NULL);
    return false;
}

/* challenge_of - the text of a 334 reply */
static struct span challenge_of(const struct smtp_exchange *exchange)
{
    return exchange != NULL && exchange->reply.lines != NULL ? exchange->reply.lines->text
                                                             : span_of("");
}

/* mechanism_text - what was wanted, and what is offered */
static const char *mechanism_text(const struct smtp_walk *walk, const struct smtp_ehlo *ehlo)
{
    const char *wanted = walk->probe->login->mechanism;

    if (wanted != NULL)
        return arena_printf(walk->arena, "%s was requested, the server offers %s", wanted,
                            ehlo->mechanisms);
    if (smtp_ehlo_offers(ehlo, "XOAUTH2"))
        return arena_printf(walk->arena,
                            "the server offers %s; XOAUTH2 needs a token: --mechanism XOAUTH2",
                            ehlo->mechanisms);
    return arena_printf(walk->arena, "the server offers %s, this program supports %s",
                        ehlo->mechanisms, smtp_auth_names(walk->arena));
}

/* do_auth - until the reply is not a challenge */
static bool do_auth(struct smtp_walk *walk, enum smtp_state state)
{
    const struct smtp_session *session = walk->session;
    const struct smtp_ehlo *ehlo = session->after != NULL ? session->after : session->before;
    const struct smtp_exchange *exchange = NULL;
    const char *shown = NULL;
    const char *line = NULL;

    if (!may_log_in(walk, ehlo))
        return false;
    walk->auth = arena_new_of(walk->arena, struct smtp_auth);
    if (!smtp_auth_start(walk->auth, walk->arena, walk->probe->login, ehlo)) {
        smtp_diagnose(walk, DIAGNOSIS_AUTH_MECHANISM, state, mechanism_text(walk, ehlo));
        return false;
    }
    shown = arena_printf(walk->arena, "AUTH %s (secret)", smtp_auth_mechanism(walk->auth));
    do {
        line = smtp_auth_next(walk->auth, challenge_of(exchange));
        /* "*" gives up: RFC 4954, 4 */
        exchange = line != NULL ? smtp_talk(walk, state, line, shown)
                                : smtp_talk(walk, state, "*", "*");
        shown = "(secret)";
    } while (exchange != NULL && exchange->reply.code == 334 && line != NULL);
    if (exchange == NULL)
        return false;
    if (smtp_dialogue_accepts(smtp_dialogue_probe(state), exchange->reply.code))
        return true;
    /* Postfix replies 535 to a mechanism that it lacks, as to a wrong password */
    if (!smtp_ehlo_offers(ehlo, smtp_auth_mechanism(walk->auth)))
        smtp_diagnose(walk, DIAGNOSIS_AUTH_MECHANISM, state, mechanism_text(walk, ehlo));
    else
        smtp_diagnose_refusal(walk, exchange);
    return false;
}

/* ---- the walk ---- */

/* client_applies - the state has something to do in this session */
static bool client_applies(const struct smtp_walk *walk, enum smtp_state state)
{
    const struct smtp_session *session = walk->session;
    const struct smtp_ehlo *before = session->before;

    switch (state) {
    case SMTP_STATE_TLS_FIRST:
        return session->is_implicit;
    case SMTP_STATE_STARTTLS:
    case SMTP_STATE_TLS:
    case SMTP_STATE_EHLO_AGAIN:
        return !session->is_implicit && walk->probe->tls != SMTP_TLS_NONE && before != NULL &&
               before->has_starttls;
    case SMTP_STATE_AUTH:
        return walk->probe->login != NULL;
    case SMTP_STATE_RCPT:
        return walk->probe->recipient != NULL;
    case SMTP_STATE_RSET:
        return walk->probe->stop_after == SMTP_STATE_MAIL ||
               walk->probe->stop_after == SMTP_STATE_RCPT;
    case SMTP_STATE_CONNECT:
    case SMTP_STATE_GREETING:
    case SMTP_STATE_EHLO:
    case SMTP_STATE_MAIL:
    case SMTP_STATE_QUIT:
    case SMTP_STATE_CLOSED:
    case SMTP_STATE_DATA:
    case SMTP_STATE_CONTENT:
    case SMTP_STATE_DOT:
    case SMTP_STATE_NOOP:
    case SMTP_STATES:
        break;
    }
    return true;
}

/* next_state - the row's, up to the state to stop after */
static enum smtp_state next_state(const struct smtp_walk *walk, enum smtp_state state)
{
    enum smtp_state stop = walk->probe->stop_after;
    enum smtp_state next = smtp_dialogue_probe(state)->next;

    /* a transaction that was begun is reset */
    if (state == stop && (state == SMTP_STATE_MAIL || state == SMTP_STATE_RCPT))
        return SMTP_STATE_RSET;
    return state >= stop && state < SMTP_STATE_RSET ? SMTP_STATE_QUIT : next;
}

/* walk_on - one state after the other */
static void walk_on(struct smtp_walk *walk)
{
    static state_fn *const functions[SMTP_PROBE_STATES] = {
        [SMTP_STATE_CONNECT] = do_connect,      [SMTP_STATE_TLS_FIRST] = smtp_talk_tls,
        [SMTP_STATE_GREETING] = do_greeting,    [SMTP_STATE_EHLO] = do_ehlo,
        [SMTP_STATE_STARTTLS] = client_command, [SMTP_STATE_TLS] = smtp_talk_tls,
        [SMTP_STATE_EHLO_AGAIN] = do_ehlo,      [SMTP_STATE_AUTH] = do_auth,
        [SMTP_STATE_MAIL] = client_command,     [SMTP_STATE_RCPT] = client_command,
        [SMTP_STATE_RSET] = client_command,     [SMTP_STATE_QUIT] = client_command,
    };
    enum smtp_state state = SMTP_STATE_CONNECT;
    bool is_fine = true;

    while (state != SMTP_STATE_CLOSED && !walk->is_over) {
        must(state < SMTP_PROBE_STATES);
        is_fine = !client_applies(walk, state) || functions[state](walk, state);
        if (is_fine)
            state = next_state(walk, state);
        else
            state = state == SMTP_STATE_QUIT ? SMTP_STATE_CLOSED : SMTP_STATE_QUIT;
    }
}

/* client_begin - an empty session */
static struct smtp_walk client_begin(struct arena *arena, const struct smtp_probe *probe)
{
    struct smtp_walk walk = {.arena = arena, .probe = probe};

    walk.session = arena_new_of(arena, struct smtp_session);
    walk.session->probe = probe;
    walk.session->is_implicit =
        probe->tls == SMTP_TLS_IMPLICIT ||
        (probe->tls == SMTP_TLS_AUTO && probe->port == PORT_SUBMISSIONS);
    walk.tail = &walk.session->exchanges;
    walk.diagnosed_tail = &walk.session->diagnosed;
    if (probe->alias_of != NULL)
        smtp_diagnose(
            &walk, DIAGNOSIS_MX_ALIAS, SMTP_STATE_CONNECT,
            arena_printf(arena, "%s is an alias of %s", probe->host, probe->alias_of));
    return walk;
}

struct smtp_session *smtp_client_run(struct arena *arena, const struct smtp_probe *probe,
                                     struct err *why)
{
    struct smtp_walk walk = client_begin(arena, probe);

    walk.why = why;
    walk.link = smtp_link_open(arena);
    walk.ends = clock_monotonic_ms() + (int64_t)LIMIT_PROBE_SECONDS * 1000;
    walk_on(&walk);
    smtp_link_close(walk.link);
    return why->kind == ERR_NONE ? walk.session : NULL;
}

struct smtp_session *smtp_client_not_begun(struct arena *arena, const struct smtp_probe *probe,
                                           enum smtp_diagnosis diagnosis, const char *detail)
{
    struct smtp_walk walk = client_begin(arena, probe);

    smtp_diagnose(&walk, diagnosis, SMTP_STATE_CONNECT, detail);
    return walk.session;
}

bool smtp_client_is_redundant(const struct smtp_session *session,
                              const struct smtp_session *const *all, size_t count)
{
    const struct smtp_probe *own = session->probe;

    for (size_t i = 0; i < count && session->is_without_route; i++)
        if (all[i]->is_connected && all[i]->probe->address.family != own->address.family &&
            strcmp(all[i]->probe->host, own->host) == 0)
            return true;
    return false;
}

void smtp_client_set_redundant(struct smtp_session *session)
{
    session->diagnosed->row = smtp_diagnosis_get(DIAGNOSIS_NO_ROUTE);
}
