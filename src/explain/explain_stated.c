/*
 * Each field gives rows; our own result is looked up for the same method and the same domain.
 * Why two results differ is said by the first rule that fits.
 */
#include "explain/explain_stated.h"

#include <string.h>

#include "base/escape.h"
#include "base/ip.h"
#include "base/limits.h"
#include "base/limits_bounce.h"
#include "base/span.h"
#include "dns/dns_name.h"
#include "mail/mail_address.h"
#include "mail/mail_message.h"
#include "mail/mail_received.h"
#include "mail/mail_trace.h"
#include "model/arc_verdict.h"
#include "model/dkim_verdict.h"
#include "model/dmarc_verdict.h"
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

/* stated_holds - the text names the domain, and not as the end of a longer label */
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

/* our_dkim - the best signature of the domain that is named; NULL: there is none */
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

/* same_word - equal, or another spelling of it */
static bool same_word(const char *theirs, const char *ours)
{
    static const char *const spellings[][2] = {
        {"hardfail", "fail"}, {"error", "temperror"}, {"unknown", "permerror"}};

    for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++)
        if (strcmp(theirs, spellings[i][0]) == 0)
            theirs = spellings[i][1];
    return strcmp(theirs, ours) == 0;
}

/* ---- why they differ ---- */

/* is_earlier - the field is below the hop that is judged: an earlier host wrote it */
static bool is_earlier(const struct facts *facts, const struct explain_stated *row)
{
    const struct mail_trace *trace = facts->message.trace;

    return trace != NULL && trace->envelope.hop.hop != NULL &&
           row->line > trace->envelope.hop.hop->header->line;
}

/* why_spf - another client, another identity */
static const char *why_spf(struct stated_list *list, const struct stated_row *row)
{
    const struct subject *subject = list->facts->subject;

    if (row->client.family != IP_NONE && subject->ip.family != IP_NONE &&
        !ip_equal(&row->client, &subject->ip))
        return arena_printf(list->arena, "another client: it evaluated %s",
                            ip_to_text(list->arena, &row->client));
    if (row->envelope != NULL && subject->mail_from != NULL &&
        strcmp(row->envelope, subject->mail_from) != 0)
        return arena_printf(
            list->arena, "another sender: it evaluated %s",
            escape_to_text(list->arena, span_of(row->envelope), LIMIT_SHOWN_BYTES));
    if (strcmp(row->out.result, "bestguesspass") == 0)
        return "another reading: a guess where no record is published";
    return NULL;
}

/* why_dkim - the message that we have is not the one that was judged */
static const char *why_dkim(struct stated_list *list, const struct stated_row *row)
{
    const struct auth_dkim_verdict *ours = our_dkim(list->facts, row->out.about);

    if (ours == NULL || strcmp(row->out.result, "pass") != 0)
        return NULL;
    if (ours->body_hash == HASH_NOT_CHECKED && list->facts->message.message->is_header_only)
        return "the body is not here, so the signature is not judged";
    if (ours->body_hash == HASH_MISMATCH || ours->header_hash == HASH_MISMATCH)
        return "the message was changed after it was checked";
    return NULL;
}

/* why_dmarc - the older standard says what they say */
static const char *why_dmarc(struct stated_list *list, const struct stated_row *row)
{
    const struct auth_dmarc_verdict *ours = list->facts->message.dmarc;

    if (ours != NULL && same_word(row->out.result, dmarc_result_to_text(ours->rfc7489.result)))
        return "another reading of the standard: RFC 7489, which RFC 9989 replaces";
    if (strcmp(row->out.result, "bestguesspass") == 0)
        return "another reading: a guess where no record is published";
    return NULL;
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
    return "checked then: records, keys or the message have changed since";
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
                                         .about = result->properties}};

        if (strcmp(row.out.method, "compauth") == 0)
            row.out.why = "Microsoft's own sum of all checks";
        stated_add(list, &row);
    }
}

/* stated_word - the first word of a value in lower case, escaped */
static const char *stated_word(struct arena *arena, struct span value)
{
    struct span rest = span_trim(value);
    char *word = arena_strdup_span(arena, span_cut(&rest, ' '));

    for (char *at = word; *at != '\0'; at++)
        *at = ascii_to_lower(*at);
    return escape_to_text(arena, span_of(word), LIMIT_SHOWN_BYTES);
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

/* what Microsoft's filter writes, and what it means */
static const struct {
    const char *key;
    const char *method;
    const char *value; /* NULL: any */
    const char *means;
} forefront_keys[] = {
    {"CIP:", "client", NULL, NULL},
    {"SFV:", "filter", "SPM", "marked as spam by the filter"},
    {"SFV:", "filter", "NSPM", "marked as not spam by the filter"},
    {"SFV:", "filter", "SKS", "marked as spam before the filter"},
    {"SFV:", "filter", "SKA", "the filter was skipped: an allow list"},
    {"SFV:", "filter", "SKN", "the filter was skipped: a rule says that it is not spam"},
    {"SFV:", "filter", "SFE", "the filter was skipped: a safe sender of the user"},
    {"SFV:", "filter", NULL, NULL},
    {"CAT:", "category", "SPOOF", "taken for spoofed"},
    {"CAT:", "category", "PHSH", "taken for phishing"},
    {"CAT:", "category", "HPHSH", "taken for phishing, surely"},
    {"CAT:", "category", "SPM", "taken for spam"},
    {"CAT:", "category", "HSPM", "taken for spam, surely"},
    {"CAT:", "category", "BULK", "taken for bulk mail"},
    {"CAT:", "category", "DIMP", "taken for the impersonation of a domain"},
    {"CAT:", "category", "UIMP", "taken for the impersonation of a person"},
    {"CAT:", "category", NULL, NULL},
    {"SCL:", "spam level", NULL, NULL},
};

/* stated_forefront_part - "CIP:198.51.100.1": the first row of the table that fits */
static void stated_forefront_part(struct stated_list *list, const struct mail_header *header,
                                  struct span part)
{
    for (size_t i = 0; i < sizeof(forefront_keys) / sizeof(forefront_keys[0]); i++) {
        struct span value = span_from(part, strlen(forefront_keys[i].key));
        struct stated_row row = {.out = {.field = "X-Forefront-Antispam-Report",
                                         .line = header->line,
                                         .server = "",
                                         .method = forefront_keys[i].method,
                                         .about = "",
                                         .why = forefront_keys[i].means}};

        if (!span_starts_with(part, forefront_keys[i].key) || value.len == 0 ||
            (forefront_keys[i].value != NULL &&
             !span_equal_text(value, forefront_keys[i].value)))
            continue;
        row.out.result = escape_to_text(list->arena, value, LIMIT_SHOWN_BYTES);
        stated_add(list, &row);
        return;
    }
}

/* stated_forefront - "CIP:...;CTRY:...;SFV:NSPM;..." */
static void stated_forefront(struct stated_list *list, const struct mail_header *header)
{
    struct span rest = header->value;

    while (rest.len > 0)
        stated_forefront_part(list, header, span_trim(span_cut(&rest, ';')));
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
    stated_fields(&list, "X-Forefront-Antispam-Report", stated_forefront);
    *count_out = list.count;
    return list.rows;
}
