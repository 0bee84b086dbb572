/* Facts of the reply, then of the report, then of the original message. */
#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "base/ip.h"
#include "base/limits.h"
#include "base/span.h"
#include "explain/explain.h"
#include "mail/mail_address.h"
#include "mail/mail_message.h"
#include "model/bounce.h"
#include "model/explain.h"
#include "model/mail_address.h"
#include "model/mail_message.h"
#include "model/reply_phrase.h"

/* fact_text - octets of a fact, or NULL */
static const char *fact_text(struct arena *arena, struct span fact)
{
    return fact.len > 0 ? arena_strdup_span(arena, fact) : NULL;
}

/* facts_is_domain - a valid name with a dot */
static bool facts_is_domain(const char *text)
{
    struct err unused = {0};
    struct arena *scratch = NULL;
    bool is_name = false;

    if (text == NULL || strchr(text, '.') == NULL || strlen(text) > LIMIT_NAME_BYTES)
        return false;
    scratch = arena_open();
    is_name = dns_name_parse(scratch, span_of(text), &unused) != NULL;
    arena_close(scratch);
    return is_name;
}

/* facts_domain_of - what follows "@"; NULL: nothing usable */
static const char *facts_domain_of(const char *address)
{
    const char *at = address != NULL ? strrchr(address, '@') : NULL;

    return at != NULL && facts_is_domain(at + 1) ? at + 1 : NULL;
}

/* facts_of_original - From and envelope of the original message */
static void facts_of_original(struct arena *arena, const struct bounce *bounce,
                              struct explain_facts *facts)
{
    const struct mail_message *message = NULL;
    const struct mail_header *from = NULL;
    const struct mail_header *path = NULL;
    const char *sender = NULL;

    if (bounce->original.bytes.len == 0)
        return;
    message = mail_message_parse(arena, bounce->original.bytes);
    from = mail_header_find(message, "From", 0);
    if (from != NULL) {
        const struct mail_address_list *list = mail_address_list_parse(arena, from->value);

        if (list->first != NULL)
            facts->from = arena_printf(arena, "%.*s@%.*s", SPAN_ARG(list->first->local_part),
                                       SPAN_ARG(list->first->domain_text));
        if (list->first != NULL && list->first->domain != NULL)
            facts->domain = list->first->domain->text;
        else if (list->lenient != NULL)
            facts->domain = list->lenient->text;
    }
    path = mail_header_find(message, "Return-Path", 0);
    if (facts->mail_from == NULL && path != NULL &&
        mail_path_parse(arena, span_trim(path->value), &sender))
        facts->mail_from = sender;
}

/* is_server - the text shows the address behind the name of the receiving host:
 * "connect to mx.example.net[192.0.2.1]:25: Connection timed out" */
static bool is_server(struct arena *arena, const struct bounce_recipient *said,
                      struct span address)
{
    static const char *const gaps[] = {"", " "};

    for (size_t i = 0; said->host != NULL && i < COUNT_OF(gaps); i++)
        if (span_find_nocase(said->text, arena_printf(arena, "%s%s[%.*s]", said->host, gaps[i],
                                                      SPAN_ARG(address))) >= 0)
            return true;
    return false;
}

/* facts_client - the address of the client, unless it is the receiver's own host */
static void facts_client(struct arena *arena, const struct bounce *bounce,
                         const struct bounce_recipient *said, struct explain_facts *facts)
{
    struct ip_address address = {0};
    struct ip_address host = {0};
    struct span named = said->class->facts[REPLY_FACT_IP];
    const char *origin = "the reply";

    if (bounce->original.client != NULL) {
        named = span_of(bounce->original.client);
        origin = "the report";
    }
    if (!ip_parse(named, &address) || is_server(arena, said, named) ||
        (said->host != NULL && ip_parse(span_of(said->host), &host) &&
         ip_equal(&address, &host)))
        return;
    facts->ip = ip_to_text(arena, &address);
    facts->ip_origin = origin;
}

struct explain_facts explain_facts_of(struct arena *arena, const struct bounce *bounce,
                                      const struct bounce_recipient *said)
{
    const struct span *named = said->class->facts;
    struct explain_facts facts = {
        .helo = bounce->original.helo != NULL ? bounce->original.helo
                                              : fact_text(arena, named[REPLY_FACT_HELO]),
        .mail_from = bounce->original.mail_from,
        .selector = bounce->original.selector != NULL
                        ? bounce->original.selector
                        : fact_text(arena, named[REPLY_FACT_SELECTOR]),
        .spf = fact_text(arena, named[REPLY_FACT_SPF]),
        .dkim = fact_text(arena, named[REPLY_FACT_DKIM]),
        .dmarc = fact_text(arena, named[REPLY_FACT_DMARC]),
    };
    const char *domain = fact_text(arena, named[REPLY_FACT_DOMAIN]);
    struct ip_address unused = {0};

    if (facts.helo != NULL && ip_parse(span_of(facts.helo), &unused))
        facts.helo = NULL; /* "client host [192.0.2.1]": the address once more */
    facts_client(arena, bounce, said, &facts);
    facts_of_original(arena, bounce, &facts);
    if (facts.mail_from == NULL)
        facts.mail_from = bounce->returned_to;
    if (facts.domain == NULL && bounce->original.from != NULL)
        facts.domain = facts_is_domain(bounce->original.from) ? bounce->original.from : NULL;
    if (facts.domain == NULL && facts_is_domain(domain))
        facts.domain = domain;
    if (facts.domain == NULL)
        facts.domain = facts_domain_of(facts.mail_from);
    return facts;
}
