/*
 * Each field gives rows, next to our own result for the same method and domain. The first rule
 * that fits says why two results differ.
 */
#include "explain/explain_stated.h"

#include <string.h>

#include "base/dns_name.h"
#include "base/escape.h"
#include "base/ip.h"
#include "base/limits.h"
#include "base/limits_bounce.h"
#include "base/span.h"
#include "mail/mail_address.h"
#include "mail/mail_received.h"
#include "model/arc_verdict.h"
#include "model/dkim_verdict.h"
#include "model/dmarc_verdict.h"
#include "model/mail_message.h"
#include "model/mail_trace.h"
#include "model/result.h"
#include "model/spf_verdict.h"
#include "model/subject.h"

struct stated_list {
    struct arena *arena;
    const struct facts *facts;
    struct explain_stated *rows;
    size_t count;
};

/* a row while it is made */
struct stated_row {
    struct explain_stated out;
    struct ip_address client; /* that the field names; IP_NONE: none */
    const char *envelope;     /* the sender that it judged; NULL */
};

/* ---- our own results ---- */

/* stated_holds - the text has the domain, not as the end of a longer label */
static bool stated_holds(const char *text, const char *domain)
{
    const char *at = strstr(text, domain);

    return at != NULL && (at == text || !ascii_is_alnum(at[-1]));
}

/* our_spf - the verdict on the envelope sender; NULL: not judged */
static const struct auth_spf_verdict *our_spf(const struct facts *facts)
{
    return facts->spf_count > 0 ? facts->spf[0] : NULL;
}

/* our_dkim - the best signature of the domain; NULL: none */
static const struct auth_dkim_verdict *our_dkim(const struct facts *facts, const char *about)
{
    const struct auth_dkim_verdict *best = NULL;

    for (size_t i = 0; i < facts->message.dkim_count; i++) {
        const struct auth_dkim_verdict *verdict = &facts->message.dkim[i];
        const struct dns_name *domain = verdict->signature->parsed.domain;

        if (domain == NULL || (about[0] != '\0' && !stated_holds(about, domain->text)))
            continue;
        if (best == NULL || verdict->result == DKIM_PASS)
            best = verdict;
    }
    return best;
}

/* stated_ours - our result for the method; NULL: not judged here */
static const char *stated_ours(struct stated_list *list, const struct explain_stated *row)
{
    const struct facts *facts = list->facts;
    const struct auth_dkim_verdict *dkim = NULL;

    if (strcmp(row->method, "spf") == 0)
        return our_spf(facts) != NULL ? spf_result_to_text(our_spf(facts)->result) : NULL;
    if (strcmp(row->method, "dkim") == 0) {
        dkim = our_dkim(facts, row->about);
        return dkim != NULL                     ? dkim_result_to_text(dkim->result)
               : facts->message.dkim_count == 0 ? "none"
                                                : NULL;
    }
    if (strcmp(row->method, "dmarc") == 0)
        return facts->message.dmarc != NULL ? dmarc_result_to_text(facts->message.dmarc->result)
                                            : NULL;
    if (strcmp(row->method, "client") == 0 && facts->subject->ip.family != IP_NONE)
        return ip_to_text(list->arena, &facts->subject->ip);
    if (strcmp(row->method, "arc") == 0 && facts->message.arc != NULL)
        return arc_result_to_text(facts->message.arc->result);
    return NULL;
}

/* stated_plain - the word of the standard for what the field says */
static const char *stated_plain(const char *theirs)
{
    static const char *const spellings[][2] = {
        {"hardfail", "fail"},       {"error", "temperror"},      {"unknown", "permerror"},
        {"perm_fail", "permerror"}, {"temp_fail", "temperror"},  {"permfail", "permerror"},
        {"tempfail", "temperror"},  {"perm_error", "permerror"}, {"temp_error", "temperror"},
        {"timeout", "temperror"},   {"soft_fail", "softfail"}};

    for (size_t i = 0; i < COUNT_OF(spellings); i++)
        if (strcmp(theirs, spellings[i][0]) == 0)
            return spellings[i][1];
    return theirs;
}

/* same_word - equal, or another spelling of it */
static bool same_word(const char *theirs, const char *ours)
{
    return strcmp(stated_plain(theirs), ours) == 0;
}

/* ---- why they differ ---- */

/* is_earlier - the field is below the hop that is judged: an earlier host wrote it */
static bool is_earlier(const struct facts *facts, const struct explain_stated *row)
{
    const struct mail_trace *trace = facts->message.trace;

    return trace != NULL && trace->envelope.hop.hop != NULL &&
           row->line > trace->envelope.hop.hop->header->line;
}

/* why_client - the receiver saw another client; NULL: the same, or unknown */
static const char *why_client(struct stated_list *list, const struct stated_row *row)
{
    const struct subject *subject = list->facts->subject;

    if (row->client.family == IP_NONE || subject->ip.family == IP_NONE ||
        ip_equal(&row->client, &subject->ip))
        return NULL;
    return arena_printf(list->arena, "another client: it evaluated %s",
                        ip_to_text(list->arena, &row->client));
}

/* why_guess - a result without a record */
static const char *why_guess(const struct stated_row *row)
{
    return strcmp(row->out.result, "bestguesspass") == 0
               ? "it is a guess, because no record is published"
               : NULL;
}

/* why_spf - another client, another identity */
static const char *why_spf(struct stated_list *list, const struct stated_row *row)
{
    const struct subject *subject = list->facts->subject;
    const char *why = why_client(list, row);

    if (why != NULL)
        return why;
    if (row->envelope != NULL && subject->mail_from != NULL &&
        strcmp(row->envelope, subject->mail_from) != 0)
        return arena_printf(
            list->arena, "another sender: it evaluated %s",
            escape_to_text(list->arena, span_of(row->envelope), LIMIT_SHOWN_BYTES));
    return why_guess(row);
}

/* why_dkim - the message is not the one that was judged */
static const char *why_dkim(struct stated_list *list, const struct stated_row *row)
{
    const struct auth_dkim_verdict *ours = our_dkim(list->facts, row->out.about);
    const char *theirs = stated_plain(row->out.result);

    if (strcmp(theirs, "none") == 0)
        return "the signature was added after it was checked";
    if (ours == NULL)
        return is_earlier(list->facts, &row->out)
                   ? NULL
                   : "the signature that it checked is not in this message";
    if (strcmp(theirs, "permerror") == 0 && ours->result == DKIM_PASS)
        return "it could not use the key or the signature, which are valid now";
    if (strcmp(theirs, "permerror") == 0)
        return "it could not use the key or the signature, so it did not compare them";
    if (strcmp(theirs, "temperror") == 0)
        return "its DNS query for the key failed";
    if (strcmp(theirs, "pass") != 0)
        return NULL;
    if (ours->body_hash == HASH_NOT_CHECKED && list->facts->message.message->is_header_only)
        return "the signature is not judged here, because the body is missing";
    if (ours->body_hash == HASH_MISMATCH || ours->header_hash == HASH_MISMATCH)
        return "the message was changed after it was checked";
    return NULL;
}

/* why_dmarc - the older standard, a guess, another client */
static const char *why_dmarc(struct stated_list *list, const struct stated_row *row)
{
    const struct auth_dmarc_verdict *ours = list->facts->message.dmarc;
    const char *client = why_client(list, row);

    if (ours != NULL && same_word(row->out.result, dmarc_result_to_text(ours->rfc7489.result)))
        return "it follows RFC 7489, which RFC 9989 replaces";
    if (why_guess(row) != NULL)
        return why_guess(row);
    /* with an aligned signature DMARC does not depend on the client */
    return ours == NULL || !ours->dkim_aligned ? client : NULL;
}

/* stated_why - the first rule that fits */
static const char *stated_why(struct stated_list *list, const struct stated_row *row)
{
    const char *why = NULL;

    if (strcmp(row->out.method, "spf") == 0)
        why = why_spf(list, row);
    else if (strcmp(row->out.method, "dkim") == 0)
        why = why_dkim(list, row);
    else if (strcmp(row->out.method, "dmarc") == 0)
        why = why_dmarc(list, row);
    else if (strcmp(row->out.method, "client") == 0)
        return "another client: a host in between";
    if (why != NULL)
        return why;
    if (is_earlier(list->facts, &row->out))
        return "an earlier host checked it, before the message was forwarded";
    return "records, keys or the message have changed since";
}

/* stated_add - the row with our own result */
static void stated_add(struct stated_list *list, struct stated_row *row)
{
    if (list->count >= LIMIT_STATED)
        return;
    row->out.ours = stated_ours(list, &row->out);
    row->out.is_same = row->out.ours != NULL && same_word(row->out.result, row->out.ours);
    if (row->out.ours != NULL && !row->out.is_same)
        row->out.why = stated_why(list, row);
    arena_append(list->arena, list->rows, list->count, row->out);
}

/* ---- fields ---- */

/* a part of a field of Microsoft's filter, and what it means */
struct stated_meaning {
    const char *key; /* what the part begins with */
    const char *method;
    const char *value; /* NULL: any; "1*": begins so */
    const char *means;
};

/* meaning_fits - the value is the one of the row */
static bool meaning_fits(const struct stated_meaning *meaning, struct span value)
{
    size_t len = meaning->value != NULL ? strlen(meaning->value) : 0;

    if (meaning->value == NULL)
        return true;
    if (len > 0 && meaning->value[len - 1] == '*')
        return value.len >= len &&
               span_equal(span_sub(value, 0, len - 1), span_make(meaning->value, len - 1));
    return span_equal_text(value, meaning->value);
}

/* reasons of compauth, as Microsoft documents them under "anti-spam message headers" */
static const struct stated_meaning compauth_reasons[] = {
    {"reason=", NULL, "000", "DMARC failed, and its policy is quarantine or reject"},
    {"reason=", NULL, "001",
     "nothing authenticated the sender, who publishes no record, or a weak one (~all, ?all, "
     "p=none)"},
    {"reason=", NULL, "002", "the receiver forbids this sender to send for this domain"},
    {"reason=", NULL, "010",
     "DMARC failed, its policy is quarantine or reject, and the domain is the receiver's own"},
    {"reason=", NULL, "130", "authentication passed: ARC overrides a failure of DMARC"},
    {"reason=", NULL, "1*", "authentication passed"},
    {"reason=", NULL, "2*", "passed weakly, by what Microsoft knows of the sender"},
    {"reason=", NULL, "3*", "not checked"},
    {"reason=", NULL, "4*", "the check was skipped"},
    {"reason=", NULL, "6*",
     "nothing authenticated the sender, and the domain is the receiver's own"},
    {"reason=", NULL, "7*", "authentication passed"},
    {"reason=", NULL, "9*", "the check was skipped"},
};

/* compauth_means - composite authentication, with its reason */
static const char *compauth_means(struct arena *arena, const char *properties)
{
    struct span rest = span_of(properties);

    while (rest.len > 0) {
        struct span word = span_cut(&rest, ' ');

        for (size_t i = 0; i < COUNT_OF(compauth_reasons); i++)
            if (span_starts_with(word, compauth_reasons[i].key) &&
                meaning_fits(&compauth_reasons[i],
                             span_from(word, strlen(compauth_reasons[i].key))))
                return arena_printf(arena, "Microsoft's composite authentication: %s",
                                    compauth_reasons[i].means);
    }
    return "Microsoft's composite authentication";
}

/* stated_client - of the field, else of another one of the same server */
static struct ip_address stated_client(const struct stated_list *list,
                                       const struct mail_auth_result *result)
{
    const struct mail_trace *trace = list->facts->message.trace;
    const struct mail_auth_result *other = trace != NULL ? trace->auth_results : NULL;

    if (result->client.family != IP_NONE || result->server[0] == '\0')
        return result->client;
    while (other != NULL &&
           (other->client.family == IP_NONE || strcmp(other->server, result->server) != 0))
        other = other->next;
    return other != NULL ? other->client : result->client;
}

/* stated_results - rows of RFC 8601, of the message or of a set of ARC */
static void stated_results(struct stated_list *list, const struct mail_auth_result *result,
                           const char *field)
{
    for (; result != NULL; result = result->next) {
        struct stated_row row = {.out = {.field = field,
                                         .line = result->line,
                                         .server = result->server,
                                         .method = result->method,
                                         .result = result->result,
                                         .about = result->properties},
                                 .client = stated_client(list, result)};

        if (strcmp(row.out.method, "compauth") == 0)
            row.out.why = compauth_means(list->arena, result->properties);
        stated_add(list, &row);
    }
}

/* stated_word - the first word of a value in lower case, escaped */
static const char *stated_word(struct arena *arena, struct span value)
{
    struct span rest = span_trim(value);
    struct span word = arena_lower(arena, span_cut(&rest, ' '));

    return escape_to_text(arena, word, LIMIT_SHOWN_BYTES);
}

/* stated_received_spf - RFC 7208, 9.1 */
static void stated_received_spf(struct stated_list *list, const struct mail_header *header)
{
    struct mail_received received = mail_received_spf_parse(list->arena, header->value);
    struct span from = received.envelope_from;
    const char *path = NULL;
    struct stated_row row = {
        .out = {.field = "Received-SPF",
                .line = header->line,
                .server = escape_to_text(list->arena, received.by, LIMIT_SHOWN_BYTES),
                .method = "spf",
                .about = ""},
        .client = received.client};

    row.out.result = stated_word(list->arena, header->value);
    if (from.len > 0 && mail_path_parse(list->arena, from, &path)) {
        row.envelope = path;
        row.out.about =
            arena_printf(list->arena, "smtp.mailfrom=%s",
                         escape_to_text(list->arena, span_of(path), LIMIT_SHOWN_BYTES));
    }
    stated_add(list, &row);
}

/* parts of X-Forefront-Antispam-Report and X-Microsoft-Antispam */
static const struct stated_meaning filter_keys[] = {
    {"CIP:", "client", NULL, NULL},
    {"SFV:", "filter", "SPM", "marked as spam by the filter"},
    {"SFV:", "filter", "NSPM", "marked as not spam by the filter"},
    {"SFV:", "filter", "SKS", "marked as spam before the filter"},
    {"SFV:", "filter", "SKB", "marked as spam: the sender is on a block list"},
    {"SFV:", "filter", "BLK", "blocked: the user blocks this sender"},
    {"SFV:", "filter", "SKQ", "released from quarantine"},
    {"SFV:", "filter", "SKA", "the filter was skipped: the sender is on an allow list"},
    {"SFV:", "filter", "SKN", "the filter was skipped: a rule says that it is not spam"},
    {"SFV:", "filter", "SFE", "the filter was skipped: a safe sender of the user"},
    {"SFV:", "filter", NULL, NULL},
    {"CAT:", "category", "SPOOF", "classified as spoofing"},
    {"CAT:", "category", "PHSH", "classified as phishing"},
    {"CAT:", "category", "HPHSH", "classified as phishing with high confidence"},
    {"CAT:", "category", "HPHISH", "classified as phishing with high confidence"},
    {"CAT:", "category", "INTOS", "classified as phishing inside the organization"},
    {"CAT:", "category", "MALW", "classified as malware"},
    {"CAT:", "category", "AMP", "classified as malware"},
    {"CAT:", "category", "SAP", "an attachment is unsafe"},
    {"CAT:", "category", "FTBP", "an attachment is of a blocked type"},
    {"CAT:", "category", "SPM", "classified as spam"},
    {"CAT:", "category", "HSPM", "classified as spam with high confidence"},
    {"CAT:", "category", "OSPM", "classified as outgoing spam"},
    {"CAT:", "category", "BULK", "classified as bulk mail"},
    {"CAT:", "category", "BIMP", "classified as impersonation of a brand"},
    {"CAT:", "category", "GIMP", "classified as impersonation of a known correspondent"},
    {"CAT:", "category", "DIMP", "classified as impersonation of a domain"},
    {"CAT:", "category", "UIMP", "classified as impersonation of a person"},
    {"CAT:", "category", NULL, NULL},
    {"SCL:", "spam level", "-1", "the filter was skipped"},
    {"SCL:", "spam level", "0", "not spam"},
    {"SCL:", "spam level", "1", "not spam"},
    {"SCL:", "spam level", "5", "spam"},
    {"SCL:", "spam level", "6", "spam"},
    {"SCL:", "spam level", "7", "spam with high confidence"},
    {"SCL:", "spam level", "8", "spam with high confidence"},
    {"SCL:", "spam level", "9", "spam with high confidence"},
    {"SCL:", "spam level", NULL, NULL},
    {"BCL:", "bulk level", "0", "not from a sender of bulk mail"},
    {"BCL:", "bulk level", "1", "bulk mail with few complaints"},
    {"BCL:", "bulk level", "2", "bulk mail with few complaints"},
    {"BCL:", "bulk level", "3", "bulk mail with few complaints"},
    {"BCL:", "bulk level", "4", "bulk mail with some complaints"},
    {"BCL:", "bulk level", "5", "bulk mail with some complaints"},
    {"BCL:", "bulk level", "6", "bulk mail with some complaints"},
    {"BCL:", "bulk level", "7", "bulk mail with some complaints"},
    {"BCL:", "bulk level", "8", "bulk mail with many complaints"},
    {"BCL:", "bulk level", "9", "bulk mail with many complaints"},
    {"BCL:", "bulk level", NULL, NULL},
};

/* stated_filter_part - "CIP:198.51.100.1": the first row of the table that fits */
static void stated_filter_part(struct stated_list *list, const struct mail_header *header,
                               struct span part)
{
    for (size_t i = 0; i < COUNT_OF(filter_keys); i++) {
        struct span value = span_from(part, strlen(filter_keys[i].key));
        struct stated_row row = {
            .out = {.field = escape_header(list->arena, header->name, LIMIT_SHOWN_BYTES),
                    .line = header->line,
                    .server = "",
                    .method = filter_keys[i].method,
                    .about = "",
                    .why = filter_keys[i].means}};

        if (!span_starts_with(part, filter_keys[i].key) || value.len == 0 ||
            !meaning_fits(&filter_keys[i], value))
            continue;
        row.out.result = escape_to_text(list->arena, value, LIMIT_SHOWN_BYTES);
        stated_add(list, &row);
        return;
    }
}

/* stated_filter - "CIP:...;CTRY:...;SFV:NSPM;..." */
static void stated_filter(struct stated_list *list, const struct mail_header *header)
{
    struct span rest = header->value;

    while (rest.len > 0)
        stated_filter_part(list, header, span_trim(span_cut(&rest, ';')));
}

/* stated_fields - each field of the name */
static void stated_fields(struct stated_list *list, const char *name,
                          void (*add)(struct stated_list *list,
                                      const struct mail_header *header))
{
    const struct mail_message *message = list->facts->message.message;
    const struct mail_header *header = mail_header_find(message, name, 0);

    while (header != NULL) {
        add(list, header);
        header = mail_header_find(message, name, mail_header_index(message, header) + 1);
    }
}

const struct explain_stated *explain_stated(struct arena *arena, const struct facts *facts,
                                            size_t *count_out)
{
    struct stated_list list = {.arena = arena, .facts = facts};
    const struct auth_arc_prepared *arc = facts->message.arc_prepared;

    *count_out = 0;
    if (facts->message.message == NULL)
        return NULL;
    if (facts->message.trace != NULL)
        stated_results(&list, facts->message.trace->auth_results, "Authentication-Results");
    stated_fields(&list, "Received-SPF", stated_received_spf);
    for (size_t i = 0; arc != NULL && i < arc->count; i++)
        stated_results(&list, arc->sets[i].results.results, "ARC-Authentication-Results");
    stated_fields(&list, "X-Forefront-Antispam-Report", stated_filter);
    stated_fields(&list, "X-Microsoft-Antispam", stated_filter);
    *count_out = list.count;
    return list.rows;
}
