/*
 * What needs no DNS: the author of the message, its envelope as far as its trace fields show,
 * and the hashes for its signatures.
 */
#include "auth/auth_arc.h"
#include "auth/auth_dkim.h"
#include "base/escape.h"
#include "base/ip.h"
#include "base/limits.h"
#include "gather/gather_private.h"
#include "mail/mail_address.h"
#include "mail/mail_message.h"
#include "mail/mail_trace.h"
#include "model/dkim_verdict.h"
#include "model/mail_address.h"
#include "model/mail_message.h"
#include "model/mail_trace.h"
#include "model/spf_verdict.h"

/* has_one_domain - all addresses are of the same domain: it is domains that count, not
 * addresses (RFC 9989, 5.3.1) */
static bool has_one_domain(const struct mail_address_list *from)
{
    for (const struct mail_address *at = from->first; at != NULL; at = at->next)
        if (at->domain == NULL || from->first->domain == NULL ||
            !dns_name_equal(at->domain, from->first->domain))
            return false;
    return true;
}

/* subject_find_author - the one domain that DMARC is about, or why there is none (RFC 9989,
 * 5.3.1) */
static void subject_find_author(struct arena *arena, struct message_facts *message)
{
    const struct mail_address_list *from = message->from;

    if (message->from_fields == 0)
        message->author_fault = "the message has no From field";
    else if (message->from_fields > 1)
        message->author_fault =
            arena_printf(arena, "the message has %zu From fields", message->from_fields);
    else if (from->fault != NULL)
        message->author_fault = arena_printf(arena, "From is malformed: %s", from->fault);
    else if (from->count == 0)
        message->author_fault = "From contains no address";
    else if (from->count > 1 && !has_one_domain(from))
        message->author_fault =
            arena_printf(arena, "From holds %zu addresses of several domains", from->count);
    else if (from->first->domain == NULL)
        message->author_fault = "the address in From has no domain name";
    else
        message->author = from->first->domain;
}

/* prepare_signatures - hash for DKIM and, where it is shown, for ARC */
static void prepare_signatures(const struct gather_work *work, struct mail_message *message,
                               struct message_facts *facts_out)
{
    struct auth_dkim_prepared *dkim = NULL;

    if (work->is_verdict_only)
        dkim = auth_dkim_prepare(work->arena, message);
    else
        facts_out->arc_prepared = auth_arc_prepare(work->arena, message, &dkim);
    facts_out->dkim_prepared = dkim;
}

/* envelope_is_given - options say everything that trace fields could */
static bool envelope_is_given(const struct subject *subject)
{
    return subject->ip.family != IP_NONE && subject->helo != NULL && subject->mail_from != NULL;
}

void gather_prepare(const struct gather_work *work, const struct subject *subject,
                    struct message_facts *message_out)
{
    const struct mail_header *from = mail_header_find(subject->message, "From", 0);
    const struct mail_header *id = NULL;

    message_out->message = subject->message;
    message_out->from_fields = mail_header_count(subject->message, "From");
    if (from != NULL)
        message_out->from = mail_address_list_parse(work->arena, from->value);
    subject_find_author(work->arena, message_out);
    prepare_signatures(work, subject->message, message_out);
    if (!work->is_verdict_only || !envelope_is_given(subject))
        message_out->trace = mail_trace_parse(work->arena, subject->message, work->providers);
    if (work->has_envelope)
        message_out->wire_size = mail_message_wire_size(subject->message);
    id = mail_header_find(subject->message, "Message-ID", 0);
    if (id != NULL)
        message_out->message_id = escape_header(work->arena, id->value, LIMIT_SHOWN_BYTES);
}

/* name_origins - what options gave came from options */
static void name_origins(struct subject *subject)
{
    if (subject->ip.family != IP_NONE && subject->ip_origin == NULL)
        subject->ip_origin = "--ip";
    if (subject->helo != NULL && subject->helo_origin == NULL)
        subject->helo_origin = "--helo";
    if (subject->mail_from != NULL && subject->mail_from_origin == NULL)
        subject->mail_from_origin = "--mail-from";
    if (subject->rcpt != NULL && subject->rcpt_origin == NULL)
        subject->rcpt_origin = "--rcpt";
}

/* complete_from_trace - what the message's own trace fields say about the rest */
static void complete_from_trace(const struct mail_envelope *envelope, struct subject *subject)
{
    bool is_same_client = false;

    if (subject->ip.family == IP_NONE && envelope->client.family != IP_NONE) {
        subject->ip = envelope->client;
        subject->ip_origin = envelope->client_origin;
        subject->envelope_note = envelope->note;
    }
    /* the name that another client used in HELO says nothing about this one */
    is_same_client = subject->ip.family != IP_NONE && ip_equal(&subject->ip, &envelope->client);
    if (subject->helo == NULL && envelope->helo != NULL && is_same_client) {
        subject->helo = envelope->helo;
        subject->helo_origin = envelope->client_origin;
    }
    if (subject->mail_from == NULL && envelope->mail_from != NULL) {
        subject->mail_from = envelope->mail_from;
        subject->mail_from_origin = envelope->mail_from_origin;
    }
    if (subject->rcpt == NULL && envelope->rcpt != NULL) {
        subject->rcpt = envelope->rcpt;
        subject->rcpt_origin = envelope->rcpt_origin;
        subject->is_rcpt_traced = true;
    }
    if (subject->ip.family == IP_NONE)
        subject->envelope_note = envelope->note;
}

/* complete_domain - the author's, else the sender's */
static void complete_domain(struct arena *arena, const struct message_facts *message,
                            struct subject *subject)
{
    if (subject->domain == NULL)
        subject->domain = message->author;
    if (subject->domain == NULL && subject->mail_from != NULL && message->message == NULL)
        subject->domain = mail_path_domain(arena, subject->mail_from, NULL);
    if (subject->domain != NULL && subject->domain_shown == NULL)
        subject->domain_shown = subject->domain->text;
}

void gather_complete(struct arena *arena, const struct message_facts *message,
                     struct subject *subject)
{
    name_origins(subject);
    if (message->trace != NULL && subject->session == SESSION_NOT_SEEN)
        complete_from_trace(&message->trace->envelope, subject);
    complete_domain(arena, message, subject);
    if (message->message == NULL && subject->ip.family != IP_NONE &&
        subject->mail_from == NULL && subject->domain != NULL) {
        subject->mail_from = arena_printf(arena, "postmaster@%s", subject->domain->text);
        subject->mail_from_origin = "DOMAIN";
    }
}

size_t gather_spf_inputs(const struct subject *subject, struct auth_spf_input inputs_out[2])
{
    const struct auth_spf_input base = {
        .client = subject->ip,
        .helo = subject->helo,
        .mail_from = subject->mail_from,
        .now = subject->now,
    };
    bool has_mail_from =
        subject->mail_from != NULL && (subject->mail_from[0] != '\0' || subject->helo != NULL);
    size_t count = 0;

    if (subject->ip.family == IP_NONE)
        return 0;
    if (has_mail_from) {
        inputs_out[count] = base;
        inputs_out[count++].identity = AUTH_SPF_MAILFROM;
    }
    if (subject->helo != NULL) {
        inputs_out[count] = base;
        inputs_out[count++].identity = AUTH_SPF_HELO;
    }
    return count;
}
