/* The message as a file: its author, the fields it must have, and octets that do not travel. */
#include <string.h>

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "base/fault.h"
#include "base/ip.h"
#include "base/span.h"
#include "check/check_emit.h"
#include "check/check_facts.h"
#include "model/dkim_verdict.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/mail_address.h"
#include "model/mail_message.h"
#include "model/mail_trace.h"
#include "model/result.h"
#include "model/spf_verdict.h"
#include "model/subject.h"

/* ---- the author ---- */

/* message_where_from - the first From field */
static struct finding_where message_where_from(struct emitter *out)
{
    const struct mail_header *from = mail_header_find(out->facts->message.message, "From", 0);

    return from != NULL ? where_header(out, from)
                        : (struct finding_where){.name = "From", .type = "header"};
}

/* check_message_from_missing - nobody wrote it */
void check_message_from_missing(const struct facts *facts, struct emitter *out)
{
    if (facts->message.message != NULL && facts->message.from_fields == 0)
        emit(out, message_where_from(out));
}

/* check_message_from_fields - programs differ in which one they show */
void check_message_from_fields(const struct facts *facts, struct emitter *out)
{
    if (facts->message.from_fields > 1)
        found_number(emit(out, message_where_from(out)), "count",
                     (int64_t)facts->message.from_fields);
}

/* check_message_from_malformed - no address list by RFC 5322 */
void check_message_from_malformed(const struct facts *facts, struct emitter *out)
{
    if (facts->message.from != NULL && facts->message.from->fault != NULL)
        found_text(emit(out, message_where_from(out)), "fault", facts->message.from->fault);
}

/* has_other_domain - not all addresses are of the domain of the first */
static bool has_other_domain(const struct mail_address_list *from)
{
    for (const struct mail_address *at = from->first; at != NULL; at = at->next)
        if (at->domain == NULL || from->first->domain == NULL ||
            !dns_name_equal(at->domain, from->first->domain))
            return true;
    return false;
}

/* check_message_from_addresses - DMARC is made for authors of one domain */
void check_message_from_addresses(const struct facts *facts, struct emitter *out)
{
    const struct mail_address_list *from = facts->message.from;

    if (from != NULL && from->fault == NULL && from->count > 1 && has_other_domain(from))
        found_number(emit(out, message_where_from(out)), "count", (int64_t)from->count);
}

/* check_message_from_deceptive - a simple reader sees another domain than the grammar */
void check_message_from_deceptive(const struct facts *facts, struct emitter *out)
{
    const struct mail_address_list *from = facts->message.from;
    struct found *found = NULL;

    if (from == NULL || from->first == NULL || from->first->domain == NULL ||
        from->lenient == NULL)
        return;
    for (const struct mail_address *address = from->first; address != NULL;
         address = address->next)
        if (address->domain != NULL && dns_name_equal(address->domain, from->lenient))
            return;
    found = emit(out, message_where_from(out));
    found_name(found, "strict", from->first->domain);
    found_name(found, "lenient", from->lenient);
}

/* shown_domain - the domain of an address that is in a display name; NULL: none */
static const struct dns_name *shown_domain(struct arena *arena, const char *display)
{
    struct span rest = span_of(display);
    struct err why = {0};

    while (rest.len > 0) {
        struct span word = span_cut(&rest, ' ');
        ptrdiff_t at = span_find_last(word, '@');
        const struct dns_name *name = NULL;

        if (at <= 0)
            continue;
        word = span_from(word, (size_t)at + 1);
        while (word.len > 0 && !ascii_is_alnum(word.at[word.len - 1]))
            word.len--;
        name = dns_name_parse(arena, word, &why);
        if (name != NULL && name->labels > 1)
            return name;
    }
    return NULL;
}

/* check_message_from_display - the display name pretends to be another address */
void check_message_from_display(const struct facts *facts, struct emitter *out)
{
    const struct mail_address_list *from = facts->message.from;

    for (const struct mail_address *address = from != NULL ? from->first : NULL;
         address != NULL; address = address->next) {
        const struct dns_name *name = shown_domain(out->arena, address->display);
        struct found *found = NULL;

        if (name == NULL || address->domain == NULL || dns_name_equal(name, address->domain))
            continue;
        found = emit(out, message_where_from(out));
        found_text(found, "display", address->display);
        found_name(found, "domain", address->domain);
    }
}

/* check_message_other_domain - the message is not from the domain that was named */
void check_message_other_domain(const struct facts *facts, struct emitter *out)
{
    const struct dns_name *author = facts->message.author;
    struct found *found = NULL;

    if (author == NULL || facts->domain.name == NULL ||
        dns_name_is_below(author, facts->domain.name) ||
        dns_name_is_below(facts->domain.name, author))
        return;
    found = emit(out, message_where_from(out));
    found_name(found, "author", author);
    found_name(found, "domain", facts->domain.name);
}

/* ---- fields ---- */

/* emit_absent_field - a finding when the field is not there */
static void emit_absent_field(struct emitter *out, const char *name)
{
    const struct mail_message *message = out->facts->message.message;

    if (message != NULL && mail_header_find(message, name, 0) == NULL)
        emit(out, (struct finding_where){.name = name, .type = "header"});
}

CHECK_AS(message_date_missing, emit_absent_field(out, "Date"))
CHECK_AS(message_id_missing, emit_absent_field(out, "Message-ID"))

/* check_message_field_repeated - fields that may occur once; From has a row of its own */
void check_message_field_repeated(const struct facts *facts, struct emitter *out)
{
    /* RFC 5322, 3.6 */
    static const char *const once[] = {"Date",    "Sender",       "Reply-To",    "To",
                                       "Cc",      "Message-ID",   "In-Reply-To", "References",
                                       "Subject", "MIME-Version", "Content-Type"};

    if (facts->message.message == NULL)
        return;
    for (size_t i = 0; i < COUNT_OF(once); i++) {
        size_t count = mail_header_count(facts->message.message, once[i]);

        if (count > 1)
            found_number(emit(out, where_header(out, mail_header_find(facts->message.message,
                                                                      once[i], 0))),
                         "count", (int64_t)count);
    }
}

/* ---- octets and lines ---- */

/* message_emit_faults - one finding for all faults of the kind, named after the first */
static void message_emit_faults(struct emitter *out, int kind)
{
    const struct mail_message *message = out->facts->message.message;
    const struct fault *first = NULL;
    struct found *found = NULL;
    int64_t count = 0;

    if (message == NULL)
        return;
    for (const struct fault *fault = message->faults; fault != NULL; fault = fault->next)
        if (fault->kind == kind && count++ == 0)
            first = fault;
    if (first == NULL)
        return;
    found = emit(out, where_line(out, 0));
    found_text(found, "fault", first->text);
    found_number(found, "count", count);
}

CHECK_AS(message_mbox_line, message_emit_faults(out, MAIL_FAULT_MBOX_LINE))

/* check_message_wrapped - what stood around the message in the file */
void check_message_wrapped(const struct facts *facts, struct emitter *out)
{
    const struct mail_message *message = facts->message.message;

    for (size_t i = 0; message != NULL && i < message->wrapping_count; i++) {
        struct finding_where where = where_line(out, 0);

        where.term = arena_printf(out->arena, "%zu", i + 1);
        found_text(emit(out, where), "what", message->wrappings[i]);
    }
}

/* check_message_reported - a delivery report brought it back */
void check_message_reported(const struct facts *facts, struct emitter *out)
{
    const struct mail_report *report =
        facts->message.message != NULL ? facts->message.message->report : NULL;
    struct found *found = NULL;

    if (report == NULL)
        return;
    found = emit(out, where_line(out, 0));
    found_text(found, "recipient",
               report->recipient[0] != '\0' ? report->recipient : "the recipient");
    found_text(found, "reply",
               arena_printf(out->arena, "%s%s%s", report->code,
                            report->code[0] != '\0' && report->enhanced[0] != '\0' ? " " : "",
                            report->enhanced));
}

/* check_message_header_only - the file holds no body, though one was signed */
void check_message_header_only(const struct facts *facts, struct emitter *out)
{
    for (size_t i = 0; i < facts->message.dkim_count; i++)
        if (facts->message.message->is_header_only &&
            facts->message.dkim[i].body_hash == HASH_NOT_CHECKED) {
            emit(out, where_line(out, facts->message.message->body_line));
            return;
        }
}

CHECK_AS(message_long_line, message_emit_faults(out, MAIL_FAULT_LONG_LINE))
CHECK_AS(message_bare_lf, message_emit_faults(out, MAIL_FAULT_BARE_LF))
CHECK_AS(message_bare_cr, message_emit_faults(out, MAIL_FAULT_BARE_CR))
CHECK_AS(message_nul, message_emit_faults(out, MAIL_FAULT_NUL))
CHECK_AS(message_non_ascii, message_emit_faults(out, MAIL_FAULT_NON_ASCII))
CHECK_AS(message_no_colon, message_emit_faults(out, MAIL_FAULT_NO_COLON))
CHECK_AS(message_field_name, message_emit_faults(out, MAIL_FAULT_FIELD_NAME))

/* ---- the envelope ---- */

/* check_message_envelope_guessed - which hop was taken for the client */
void check_message_envelope_guessed(const struct facts *facts, struct emitter *out)
{
    const struct subject *subject = facts->subject;
    struct found *found = NULL;

    if (facts->message.message == NULL || subject->ip.family == IP_NONE ||
        subject->envelope_note == NULL)
        return;
    found = emit(out, where_envelope("client", ip_to_text(out->arena, &subject->ip)));
    found_text(found, "note", subject->envelope_note);
}

/* check_message_spf_unjudged - without an address there is no SPF verdict */
void check_message_spf_unjudged(const struct facts *facts, struct emitter *out)
{
    const char *note = facts->subject->envelope_note;
    const char *missing = "MAIL FROM is not known";

    if (facts->message.message == NULL || check_spf_verdict(facts, AUTH_SPF_MAILFROM) != NULL)
        return;
    if (facts->subject->ip.family == IP_NONE)
        missing = note != NULL
                      ? arena_printf(out->arena, "the client's address is not known (%s)", note)
                      : "the client's address is not known";
    found_text(emit(out, where_envelope("MAIL FROM", NULL)), "missing", missing);
}

/* check_message_null_sender - a bounce or an automatic answer */
void check_message_null_sender(const struct facts *facts, struct emitter *out)
{
    const char *mail_from = facts->subject->mail_from;

    if (facts->message.message != NULL && mail_from != NULL && mail_from[0] == '\0')
        emit(out, where_envelope("MAIL FROM", "<>"));
}

/* ---- what others wrote into it ---- */

/* our_dkim_result - about the domain the properties name; NULL: no such signature */
static const char *our_dkim_result(const struct facts *facts, const char *properties)
{
    const char *ours = NULL;

    for (size_t i = 0; i < facts->message.dkim_count; i++) {
        const struct auth_dkim_verdict *verdict = &facts->message.dkim[i];
        const struct dns_name *domain = verdict->signature->parsed.domain;

        if (domain == NULL || !check_holds(span_of(properties), domain->text))
            continue;
        if (ours == NULL || verdict->result == DKIM_PASS)
            ours = dkim_result_to_text(verdict->result);
    }
    return ours;
}

/* our_result - our word for the method; NULL: not judged here */
static const char *our_result(const struct facts *facts, const struct mail_auth_result *theirs)
{
    const struct auth_spf_verdict *spf = check_spf_verdict(facts, AUTH_SPF_MAILFROM);

    if (strcmp(theirs->method, "spf") == 0 && spf != NULL)
        return spf_result_to_text(spf->result);
    if (strcmp(theirs->method, "dkim") == 0)
        return our_dkim_result(facts, theirs->properties);
    if (strcmp(theirs->method, "dmarc") == 0 && facts->message.dmarc != NULL)
        return dmarc_result_to_text(facts->message.dmarc->result);
    return NULL;
}

/* check_message_results_differ - an earlier server saw something else */
void check_message_results_differ(const struct facts *facts, struct emitter *out)
{
    const struct mail_trace *trace = facts->message.trace;

    for (const struct mail_auth_result *theirs = trace != NULL ? trace->auth_results : NULL;
         theirs != NULL; theirs = theirs->next) {
        const char *ours = our_result(facts, theirs);
        struct finding_where where = where_line(out, theirs->line);
        struct found *found = NULL;

        if (ours == NULL || strcmp(ours, theirs->result) == 0)
            continue;
        where.name = "Authentication-Results";
        where.term = arena_printf(out->arena, "%s=%s", theirs->method, theirs->result);
        found = emit(out, where);
        found_text(found, "server",
                   theirs->server[0] != '\0' ? theirs->server : "the receiving server");
        found_text(found, "method", theirs->method);
        found_text(found, "theirs", theirs->result);
        found_text(found, "ours", ours);
    }
}
