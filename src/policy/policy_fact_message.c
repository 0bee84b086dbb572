/* Words about the message as a file. */
#include <string.h>

#include "base/span.h"
#include "model/facts.h"
#include "model/mail_message.h"
#include "policy/policy_fact.h"

#define NO_MESSAGE "there is no message"

struct policy_value policy_fact_from_domain(const struct policy_lookup *in)
{
    const struct message_facts *message = &in->facts->message;

    if (message->message == NULL)
        return in->facts->domain.name != NULL ? policy_value_text(in->facts->domain.name->text)
                                              : policy_value_unknown(NO_MESSAGE);
    return message->author != NULL ? policy_value_text(message->author->text)
                                   : policy_value_unknown("the message has no author domain");
}

struct policy_value policy_fact_from_dns(const struct policy_lookup *in)
{
    const struct message_facts *message = &in->facts->message;

    if (message->message == NULL)
        return policy_value_dns(in, in->facts->domain.name);
    return message->author != NULL ? policy_value_dns(in, message->author)
                                   : policy_value_unknown("the message has no author domain");
}

struct policy_value policy_fact_from_valid(const struct policy_lookup *in)
{
    const struct message_facts *message = &in->facts->message;

    if (message->message == NULL)
        return policy_value_unknown(NO_MESSAGE);
    return policy_value_truth(message->from_fields == 1 && message->from != NULL &&
                              message->from->fault == NULL && message->from->count == 1 &&
                              message->from->first->domain != NULL);
}

/* fact_message_value_of - the first field of the name, trimmed; {NULL, 0} without one */
static struct span fact_message_value_of(const struct policy_lookup *in, const char *name)
{
    const struct mail_header *header = mail_header_find(in->facts->message.message, name, 0);

    return header != NULL ? span_trim(header->value) : (struct span){NULL, 0};
}

struct policy_value policy_fact_message_date(const struct policy_lookup *in)
{
    if (in->facts->message.message == NULL)
        return policy_value_unknown(NO_MESSAGE);
    return policy_value_truth(fact_message_value_of(in, "Date").len > 0);
}

/* is_message_id - "<left@right>" without blanks (RFC 5322, 3.6.4) */
static bool is_message_id(struct span text)
{
    ptrdiff_t at = span_find_last(text, '@');

    if (text.len < 2 || text.at[0] != '<' || text.at[text.len - 1] != '>' || at < 2 ||
        (size_t)at + 2 >= text.len)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (ascii_is_space(text.at[i]))
            return false;
    return span_find(span_from(text, 1), '<') < 0;
}

struct policy_value policy_fact_message_id(const struct policy_lookup *in)
{
    if (in->facts->message.message == NULL)
        return policy_value_unknown(NO_MESSAGE);
    return policy_value_truth(is_message_id(fact_message_value_of(in, "Message-ID")));
}

struct policy_value policy_fact_message_repeats(const struct policy_lookup *in)
{
    /* RFC 5322, 3.6 */
    static const char *const once[] = {"Date",        "From",       "Sender", "Reply-To",
                                       "To",          "Cc",         "Bcc",    "Message-ID",
                                       "In-Reply-To", "References", "Subject"};

    if (in->facts->message.message == NULL)
        return policy_value_unknown(NO_MESSAGE);
    for (size_t i = 0; i < COUNT_OF(once); i++)
        if (mail_header_count(in->facts->message.message, once[i]) > 1)
            return policy_value_truth(true);
    return policy_value_truth(false);
}

struct policy_value policy_fact_message_size(const struct policy_lookup *in)
{
    const struct mail_message *message = in->facts->message.message;

    return message == NULL ? policy_value_unknown(NO_MESSAGE)
                           : policy_value_number((int64_t)message->size);
}

struct policy_value policy_fact_message_header(const struct policy_lookup *in)
{
    const struct mail_message *message = in->facts->message.message;
    int64_t size = 0;

    if (message == NULL)
        return policy_value_unknown(NO_MESSAGE);
    for (size_t i = 0; i < message->header_count; i++)
        size += (int64_t)message->headers[i].raw.len;
    return policy_value_number(size);
}

struct policy_value policy_fact_message_fields(const struct policy_lookup *in)
{
    const struct mail_message *message = in->facts->message.message;

    return message == NULL ? policy_value_unknown(NO_MESSAGE)
                           : policy_value_number((int64_t)message->header_count);
}

/* is_list - a field that grows with the message's recipients or ancestors */
static bool is_list(struct span name)
{
    static const char *const lists[] = {"To", "Cc", "References"};

    for (size_t i = 0; i < COUNT_OF(lists); i++)
        if (span_equal_nocase(name, lists[i]))
            return true;
    return false;
}

struct policy_value policy_fact_message_longest(const struct policy_lookup *in)
{
    const struct mail_message *message = in->facts->message.message;
    size_t longest = 0;

    if (message == NULL)
        return policy_value_unknown(NO_MESSAGE);
    for (size_t i = 0; i < message->header_count; i++)
        if (!is_list(message->headers[i].name) && message->headers[i].value.len > longest)
            longest = message->headers[i].value.len;
    return policy_value_number((int64_t)longest);
}

struct policy_value policy_fact_unsubscribe_present(const struct policy_lookup *in)
{
    if (in->facts->message.message == NULL)
        return policy_value_unknown(NO_MESSAGE);
    return policy_value_truth(fact_message_value_of(in, "List-Unsubscribe").len > 0);
}

/* offers_https - one of the <URIs> of a List-Unsubscribe field is for HTTPS */
static bool offers_https(struct span value)
{
    while (value.len > 0) {
        span_cut(&value, '<');
        if (span_starts_with_nocase(span_trim(span_cut(&value, '>')), "https://"))
            return true;
    }
    return false;
}

/* RFC 8058, 3.1: an HTTPS URI, and a List-Unsubscribe-Post field with this one value */
struct policy_value policy_fact_unsubscribe_one_click(const struct policy_lookup *in)
{
    if (in->facts->message.message == NULL)
        return policy_value_unknown(NO_MESSAGE);
    return policy_value_truth(
        offers_https(fact_message_value_of(in, "List-Unsubscribe")) &&
        span_equal_nocase(fact_message_value_of(in, "List-Unsubscribe-Post"),
                          "List-Unsubscribe=One-Click"));
}
