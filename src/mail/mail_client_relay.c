/*
 * Fields between two Received fields were put there by the server of the lower one, above its
 * own field, or by the one above, just before it wrote that one.
 */
#include "mail/mail_client_relay.h"
#include "base/ip.h"
#include "base/limits.h"
#include "mail/mail_address.h"
#include "mail/mail_received.h"
#include "model/mail_address.h"

#define ADDRESS_TEXT_MAX 64 /* octets; an IPv6 literal with its tag has at most 51 */

/* where fields between two hops begin and end */
struct gap {
    size_t from;
    size_t to; /* the first field behind it */
};

/* mail_client_is_public - may the hop show a client that SPF is about: SMTP, from an address
 * that a host of the Internet has */
static bool mail_client_is_public(const struct mail_received *received)
{
    const struct ip_address *client = &received->client;

    return client->family != IP_NONE && !ip_is_loopback(client) && !ip_is_private(client) &&
           !mail_client_is_delivery(received->protocol);
}

struct span mail_client_name(const struct mail_received *received)
{
    bool is_found =
        received->reverse.len > 0 && !span_starts_with_nocase(received->reverse, "localhost");

    return is_found ? received->reverse : received->helo;
}

bool mail_client_is_same(struct span a, struct span b)
{
    return a.len > 0 && span_same_nocase(a, b);
}

struct span mail_client_domain(struct span name)
{
    static const char *const second_level[] = {"co",  "com", "net", "org", "ac",  "edu",
                                               "gov", "gob", "go",  "or",  "ne",  "nom",
                                               "ltd", "plc", "gr",  "ad",  "govt"};
    struct span first = name;
    struct span rest = {NULL, 0};

    if (name.len > 0 && name.at[name.len - 1] == '.')
        name.len--;
    for (rest = name; span_find(rest, '.') >= 0;) {
        struct span tail = rest;
        struct span label = span_cut(&tail, '.');

        if (span_find(tail, '.') < 0) {
            bool is_deep = false;

            for (size_t i = 0; i < COUNT_OF(second_level); i++)
                is_deep |= tail.len == 2 && span_equal_nocase(label, second_level[i]);
            return is_deep ? first : rest;
        }
        first = rest;
        rest = tail;
    }
    return (struct span){NULL, 0};
}

const struct provider *mail_client_owner(struct arena *arena, const struct provider_set *known,
                                         struct span name)
{
    if (name.len > 0 && name.at[name.len - 1] == '.')
        name.len--;
    return name.len == 0 ? NULL
                         : provider_of(known, PROVIDER_BY_HOST, arena_strdup_span(arena, name));
}

bool mail_client_begins(struct span text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (span_starts_with_nocase(text, words[i]))
            return true;
    return false;
}

bool mail_client_is_delivery(struct span protocol)
{
    static const char *const words[] = {"LMTP", "UTF8LMTP", "IMAP",  "POP",   "HTTP",
                                        "MAPI", "local",    "NNFMP", "dbmail"};

    return mail_client_begins(protocol, words, COUNT_OF(words));
}

bool mail_client_is_submission(const struct mail_received *received)
{
    static const char *const words[] = {"ESMTPA", "ESMTPSA", "UTF8SMTPA", "UTF8SMTPSA",
                                        "ASMTP",  "SMTPA",   "SMTPSA"};
    struct span protocol = received->protocol;

    if (span_starts_with_nocase(protocol, "MailEnable "))
        protocol = span_from(protocol, sizeof("MailEnable ") - 1);
    return received->is_authenticated || mail_client_begins(protocol, words, COUNT_OF(words));
}

/* filter_of - whose filter the client of the hop may be, by all names that it connects by */
const struct provider *mail_client_filter_of(struct arena *arena,
                                             const struct provider_set *known,
                                             const struct mail_received *received)
{
    static const enum provider_list lists[] = {PROVIDER_BY_HOST, PROVIDER_BY_MX,
                                               PROVIDER_BY_DOMAIN};
    struct span name = mail_client_name(received);
    const struct provider *found = NULL;

    if (name.len > 0 && name.at[name.len - 1] == '.')
        name.len--;
    for (size_t i = 0; i < COUNT_OF(lists) && found == NULL; i++)
        found =
            name.len == 0 ? NULL : provider_of(known, lists[i], arena_strdup_span(arena, name));
    return found;
}

/* ---- fields of servers ---- */

/* gap_above - the fields between hop `at` and the one above it */
static struct gap gap_above(const struct mail_message *message, const struct mail_trace *trace,
                            size_t at)
{
    return (struct gap){
        at == 0 ? 0 : mail_header_index(message, trace->hops[at - 1].header) + 1,
        at < trace->hop_count ? mail_header_index(message, trace->hops[at].header)
                              : message->header_count};
}

/* holds_word - the text is in the value, not in the middle of a word */
static bool holds_word(struct span value, const char *word)
{
    for (size_t i = 0; i < value.len; i++)
        if (span_starts_with_nocase(span_from(value, i), word) &&
            (i == 0 || !ascii_is_alnum(value.at[i - 1])))
            return true;
    return false;
}

/* is_result_field - does the field say what a server found out about the client */
static bool is_result_field(const struct mail_header *header)
{
    if (span_equal_nocase(header->name, "Received-SPF"))
        return true;
    return span_equal_nocase(header->name, "Authentication-Results") &&
           (holds_word(header->value, "spf=") || holds_word(header->value, "iprev="));
}

/* next_address - the next IP address in the text, which is cut behind it; false: none */
static bool next_address(struct span *rest, struct ip_address *address_out)
{
    while (rest->len > 0) {
        size_t len = 0;
        struct span word = {NULL, 0};

        while (len < rest->len &&
               (ascii_is_alnum(rest->at[len]) || rest->at[len] == '.' || rest->at[len] == ':'))
            len++;
        word = span_sub(*rest, 0, len);
        *rest = span_from(*rest, len == 0 ? 1 : len);
        while (word.len > 0 && (word.at[word.len - 1] == '.' || word.at[word.len - 1] == ':'))
            word.len--;
        if (word.len > 2 && word.len <= ADDRESS_TEXT_MAX && mail_ip_parse(word, address_out))
            return true;
    }
    return false;
}

/* hop_of_client - the first hop from `at` on, before `end`, whose client the field names;
 * `end`: none */
static size_t hop_of_client(const struct mail_trace *trace, const struct mail_header *header,
                            size_t at, size_t end)
{
    struct span rest = header->value;
    struct ip_address address = {.family = IP_NONE};
    size_t last = end - at > LIMIT_HOPS ? at + LIMIT_HOPS : end;

    for (int i = 0; i < LIMIT_RESULT_ADDRESSES && next_address(&rest, &address); i++)
        for (size_t hop = at; hop < last; hop++)
            if (mail_client_is_public(&trace->hops[hop].received) &&
                ip_equal(&trace->hops[hop].received.client, &address))
                return hop;
    return end;
}

const struct mail_header *mail_client_named_by(const struct mail_message *message,
                                               const struct mail_trace *trace, size_t at,
                                               size_t *named_out)
{
    struct gap above = gap_above(message, trace, at);
    struct gap below = gap_above(message, trace, at + 1);

    for (size_t i = above.from; i < below.to; i++) {
        const struct mail_header *header = &message->headers[i];
        size_t end = i < above.to ? trace->hop_count : at + 1;

        if (!is_result_field(header))
            continue;
        *named_out = hop_of_client(trace, header, at, end);
        if (*named_out < end)
            return header;
    }
    return NULL;
}

bool mail_client_logged_in(const struct mail_message *message, const struct mail_trace *trace,
                           size_t at)
{
    struct gap above = gap_above(message, trace, at);

    for (size_t i = above.from; i < above.to; i++)
        if (span_equal_nocase(message->headers[i].name, "Authentication-Results") &&
            holds_word(message->headers[i].value, "auth=pass"))
            return true;
    return false;
}

/* ---- filters in front of the receiver ---- */

/* skip_listed - Exchange Online wrote down whom the filter in front of it had as client */
static const struct mail_header *skip_listed(const struct mail_message *message,
                                             const struct mail_trace *trace, size_t at,
                                             size_t *behind_out)
{
    static const char *const names[] = {"X-MS-Exchange-SkipListedInternetSender",
                                        "X-MS-Exchange-ExternalOriginalInternetSender"};

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const struct mail_header *header = mail_header_find(message, names[i], 0);

        if (header == NULL)
            continue;
        *behind_out = hop_of_client(trace, header, at + 1, trace->hop_count);
        if (*behind_out < trace->hop_count)
            return header;
    }
    return NULL;
}

/* is_of_recipient - the server of the hop belongs to the domain that the message is for: what
 * passes a mailbox provider on the way there was not forwarded by a user of it */
static bool is_of_recipient(struct arena *arena, const struct mail_message *message,
                            const struct mail_received *received)
{
    const struct mail_header *header = mail_header_find(message, "To", 0);
    const struct mail_address_list *list = NULL;

    if (header == NULL)
        return false;
    list = mail_address_list_parse(arena, header->value);
    return list->first != NULL &&
           mail_client_is_same(mail_client_domain(list->first->domain_text),
                               mail_client_domain(received->by));
}

const struct mail_header *mail_client_filter(struct arena *arena,
                                             const struct mail_client_filter_at *where,
                                             size_t *behind_out)
{
    const struct mail_message *message = where->message;
    const struct mail_trace *trace = where->trace;
    const struct mail_received *received = &trace->hops[where->at].received;

    if (where->filter->kind != PROVIDER_GATEWAY && !is_of_recipient(arena, message, received))
        return NULL;
    for (size_t i = where->at + 1; i < trace->hop_count; i++) {
        const struct mail_header *named_by = NULL;

        if (mail_client_owner(arena, where->known, trace->hops[i].received.by) !=
                where->filter ||
            mail_client_is_submission(&trace->hops[i].received))
            continue;
        named_by = mail_client_named_by(message, trace, i, behind_out);
        if (named_by != NULL)
            return named_by;
    }
    return mail_client_owner(arena, where->known, received->by) != NULL
               ? skip_listed(message, trace, where->at, behind_out)
               : NULL;
}

/* ---- forwarders and mailing lists ---- */

/* client_relay_first_of - the topmost field with one of the names; NULL: none */
static const struct mail_header *client_relay_first_of(const struct mail_message *message,
                                                       const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct mail_header *header = mail_header_find(message, names[i], 0);

        if (header != NULL)
            return header;
    }
    return NULL;
}

/* took_for_own - the hop was for a mailbox in the domain of that host */
static bool took_for_own(struct arena *arena, const struct mail_received *received,
                         struct span domain)
{
    const char *path = NULL;

    if (!mail_path_parse(arena, received->recipient, &path))
        return false;
    return mail_client_is_same(
        mail_client_domain(
            span_from(span_of(path), (size_t)(span_find_last(span_of(path), '@') + 1))),
        domain);
}

/* forwarded_hop - a hop below that brought the message to the client from outside: it was for a
 * mailbox there, or the host judged its own client; hop_count: none */
static size_t forwarded_hop(struct arena *arena, const struct mail_message *message,
                            const struct mail_trace *trace, size_t at)
{
    struct span domain = mail_client_domain(mail_client_name(&trace->hops[at].received));

    for (size_t i = at + 1; i < trace->hop_count; i++) {
        const struct mail_received *received = &trace->hops[i].received;
        size_t named = 0;

        if (!mail_client_is_public(received) || mail_client_is_submission(received) ||
            mail_client_is_same(mail_client_domain(mail_client_name(received)), domain))
            continue;
        if (took_for_own(arena, received, domain) ||
            (mail_client_is_same(mail_client_domain(received->by), domain) &&
             mail_client_named_by(message, trace, i, &named) != NULL))
            return i;
    }
    return trace->hop_count;
}

/* has_outer_hop - some hop below came from a server on the Internet */
static bool has_outer_hop(const struct mail_trace *trace, size_t at)
{
    for (size_t i = at + 1; i < trace->hop_count; i++)
        if (mail_client_is_public(&trace->hops[i].received) &&
            !mail_client_is_submission(&trace->hops[i].received))
            return true;
    return false;
}

/* is_rewritten - the return path was made by a forwarder (SRS) */
static bool is_rewritten(const struct mail_message *message)
{
    const struct mail_header *path = mail_header_find(message, "Return-Path", 0);
    struct span value = path != NULL ? span_trim(path->value) : (struct span){NULL, 0};

    if (value.len > 0 && value.at[0] == '<')
        value = span_from(value, 1);
    return span_starts_with_nocase(value, "SRS0=") || span_starts_with_nocase(value, "SRS1=") ||
           span_starts_with_nocase(value, "SRS0+") || span_starts_with_nocase(value, "SRS1+");
}

const char *mail_client_relay(struct arena *arena, const struct mail_message *message,
                              const struct mail_trace *trace, size_t at)
{
    static const char *const lists[] = {"List-Id",           "List-Post",
                                        "Mailing-List",      "X-Mailman-Version",
                                        "X-Google-Group-Id", "X-BeenThere"};
    static const char *const forwards[] = {"Resent-From", "X-Forwarded-To", "X-Forwarded-For"};
    const struct mail_header *list = client_relay_first_of(message, lists, COUNT_OF(lists));
    const struct mail_header *forward =
        client_relay_first_of(message, forwards, COUNT_OF(forwards));
    size_t hop = 0;

    if (list != NULL && has_outer_hop(trace, at))
        return arena_printf(arena, "a mailing list (%.*s, line %d)", SPAN_ARG(list->name),
                            list->line);
    if (forward != NULL && has_outer_hop(trace, at))
        return arena_printf(arena, "a forwarder (%.*s, line %d)", SPAN_ARG(forward->name),
                            forward->line);
    if (is_rewritten(message))
        return "a forwarder (Return-Path begins with SRS)";
    hop = forwarded_hop(arena, message, trace, at);
    return hop == trace->hop_count
               ? NULL
               : arena_printf(arena,
                              "a forwarder (it took the message in by the field in line %d)",
                              trace->hops[hop].header->line);
}
