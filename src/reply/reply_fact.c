/* Results, the client's address, a link, as most receivers write them. */
#include "base/ip.h"
#include "base/span.h"
#include "model/reply_phrase.h"
#include "reply/reply_class.h"
#include "reply/reply_phrase.h"

#define RESULT_GAP 120 /* octets between "spf" and its "=": "[domain] with ip: [address]" */

/* words for results; the longest first */
static const char *const results[] = {"did not pass", "softfail", "permerror", "temperror",
                                      "neutral",      "passed",   "failed",    "pass",
                                      "fail",         "none"};

/* result_in - the result that the text begins with; empty: none */
static struct span result_in(struct span text)
{
    for (size_t i = 0; i < COUNT_OF(results); i++)
        if (span_starts_with(text, results[i]))
            return span_sub(text, 0, strlen(results[i]));
    return span_of("");
}

/* find_result - "spf [x] with ip: [y] = did not pass", "spf= fail ," */
static struct span find_result(struct span folded, const char *mechanism)
{
    struct reply_match match;
    struct span rest = {0};

    for (size_t from = 0; from < folded.len; from += match.at + match.len) {
        ptrdiff_t sign = 0;
        struct span result = {0};

        if (!reply_phrase_find(mechanism, span_from(folded, from), &match))
            break;
        rest = span_sub(span_from(folded, from + match.at + match.len), 0, RESULT_GAP);
        sign = span_find(rest, '=');
        if (sign < 0)
            continue;
        result = result_in(span_trim(span_from(rest, (size_t)sign + 1)));
        if (result.len > 0)
            return result;
    }
    return span_of("");
}

/* is_ip_octet - of an address of either family */
static bool is_ip_octet(char octet)
{
    return ascii_is_digit(octet) || octet == '.' || octet == ':' ||
           (octet >= 'a' && octet <= 'f');
}

/* find_ip - the first word that is an address */
static struct span find_ip(struct span folded)
{
    size_t len = 0;

    for (size_t at = 0; at < folded.len; at += len + 1) {
        struct span word = {0};
        struct ip_address address = {0};

        for (len = 0; at + len < folded.len && is_ip_octet(folded.at[at + len]);)
            len++;
        word = span_sub(folded, at, len);
        while (word.len > 0 && strchr(".:", word.at[word.len - 1]) != NULL)
            word.len--;
        if (word.len > 6 && (at == 0 || !ascii_is_alnum(folded.at[at - 1])) &&
            ip_parse(word, &address))
            return word;
    }
    return span_of("");
}

/* find_link - the first URL */
static struct span find_link(struct span folded)
{
    struct span rest = folded;

    for (ptrdiff_t at = 0; (at = span_find(rest, 'h')) >= 0; rest = span_from(rest, 1)) {
        size_t len = 0;

        rest = span_from(rest, (size_t)at);
        if (!span_starts_with(rest, "https://") && !span_starts_with(rest, "http://"))
            continue;
        while (len < rest.len && ascii_is_visible(rest.at[len]) &&
               strchr("<>\"')", rest.at[len]) == NULL)
            len++;
        while (len > 0 && strchr(".,;", rest.at[len - 1]) != NULL)
            len--;
        return span_sub(rest, 0, len);
    }
    return span_of("");
}

/* how several receivers name domain and address */
static const char *const namings[] = {
    "spf {domain} with ip: {ip}", "mail from domain {domain} has",
    "sending domain {domain}",    "domain {domain} ",
    "client host {ip}",           "with ip: {ip}",
};

/* fact_find_named - fill in unknown ones */
static void fact_find_named(struct span folded, struct span *facts)
{
    for (size_t i = 0; i < COUNT_OF(namings); i++) {
        struct reply_match match;
        struct span domain = {0};

        if (!reply_phrase_find(namings[i], folded, &match))
            continue;
        domain = match.facts[REPLY_FACT_DOMAIN];
        if (facts[REPLY_FACT_DOMAIN].len == 0 && span_find(domain, '.') > 0)
            facts[REPLY_FACT_DOMAIN] = domain;
        if (facts[REPLY_FACT_IP].len == 0)
            facts[REPLY_FACT_IP] = match.facts[REPLY_FACT_IP];
    }
}

void reply_facts_find(struct span folded, struct span *facts)
{
    struct ip_address unused = {0};

    facts[REPLY_FACT_SPF] = find_result(folded, "spf");
    facts[REPLY_FACT_DKIM] = find_result(folded, "dkim");
    facts[REPLY_FACT_DMARC] = find_result(folded, "dmarc");
    facts[REPLY_FACT_LINK] = find_link(folded);
    fact_find_named(folded, facts);
    if (!ip_parse(facts[REPLY_FACT_IP], &unused))
        facts[REPLY_FACT_IP] = find_ip(folded);
}
