/* A list: few URLs are ever asked for one subject. */
#include "dns/dns_https.h"

#include <string.h>

#include "base/limits.h"
#include "base/must.h"
#include "dns/dns_ledger_private.h"
#include "dns/dns_source.h"

static const char *const words[] = {
    [HTTPS_PENDING] = "PENDING",
    [HTTPS_UNKNOWN] = "UNKNOWN",
    [HTTPS_UNRESOLVED] = "UNRESOLVED",
    [HTTPS_BUDGET] = "BUDGET",
    [HTTPS_TIMEOUT] = "TIMEOUT",
    [HTTPS_CONNECT] = "CONNECT",
    [HTTPS_REFUSED] = "REFUSED",
    [HTTPS_NO_ADDRESS] = "NO_ADDRESS",
    [HTTPS_TLS] = "TLS",
    [HTTPS_CERTIFICATE] = "CERTIFICATE",
    [HTTPS_MALFORMED] = "MALFORMED",
    [HTTPS_TOO_LARGE] = "TOO_LARGE",
    [HTTPS_REDIRECT] = "REDIRECT",
    [HTTPS_STATUS] = "STATUS",
    [HTTPS_OK] = "OK",
};

#define WORD_COUNT (sizeof(words) / sizeof(words[0]))

/* find - the fact about a URL; NULL */
static struct dns_https *find(const struct dns_ledger *ledger, const char *url)
{
    struct dns_https *fact = ledger->https;

    while (fact != NULL && strcmp(fact->url, url) != 0)
        fact = fact->next;
    return fact;
}

/* note - a new URL, pending */
static struct dns_https *note(struct dns_ledger *ledger, const char *url,
                              const struct dns_name *host)
{
    struct dns_https *fact = arena_new_of(ledger->arena, struct dns_https);
    struct dns_https **link = &ledger->https;

    while (*link != NULL)
        link = &(*link)->next;
    fact->url = arena_strdup(ledger->arena, url);
    fact->host = host;
    fact->status = HTTPS_PENDING;
    *link = fact;
    ledger->https_count++;
    return fact;
}

const struct dns_https *dns_https_ask(struct dns_ledger *ledger, const char *url,
                                      const struct dns_name *host, size_t max_bytes)
{
    struct dns_https *fact = NULL;

    for (struct dns_ledger *at = ledger; at != NULL && fact == NULL; at = at->below)
        fact = find(at, url);
    if (fact != NULL)
        return fact;
    fact = note(ledger, url, host);
    fact->max_bytes = max_bytes;
    if (ledger->below != NULL) {
        fact->status = HTTPS_UNKNOWN; /* a supposed world asks nobody */
    } else if (ledger->https_count > LIMIT_FETCHES) {
        fact->status = HTTPS_BUDGET;
        fact->detail =
            arena_printf(ledger->arena, "not fetched: %d URLs have been", LIMIT_FETCHES);
    }
    return fact;
}

size_t dns_https_wanted(const struct dns_ledger *ledger)
{
    size_t count = 0;

    for (const struct dns_https *fact = ledger->https; fact != NULL; fact = fact->next)
        count += fact->status == HTTPS_PENDING;
    return count;
}

/* take_held - what a source holds; true if it does */
static bool take_held(struct dns_https *fact, struct dns_source *source)
{
    const struct dns_https *held =
        source->ops->find_https != NULL ? source->ops->find_https(source, fact->url) : NULL;
    struct dns_https *next = fact->next;
    const struct dns_name *host = fact->host;

    if (held == NULL)
        return false;
    *fact = *held;
    fact->host = host;
    fact->next = next;
    return true;
}

void dns_https_fill(struct dns_ledger *ledger, struct dns_source *source,
                    dns_https_fetch_fn *fetch, void *ctx)
{
    struct dns_https *open[LIMIT_FETCHES];
    size_t count = 0;

    for (struct dns_https *fact = ledger->https; fact != NULL; fact = fact->next)
        if (fact->status == HTTPS_PENDING && !take_held(fact, source))
            open[count++] = fact;
    if (count > 0 && fetch != NULL)
        fetch(ctx, ledger, open, count);
    for (size_t i = 0; i < count; i++) {
        if (fetch == NULL)
            open[i]->status = HTTPS_UNKNOWN;
        must(open[i]->status != HTTPS_PENDING);
    }
}

const struct dns_https *dns_https_first(const struct dns_ledger *ledger)
{
    return ledger->https;
}

const char *dns_https_status_to_text(enum https_status status)
{
    return words[status];
}

bool dns_https_status_parse(struct span text, enum https_status *status_out)
{
    for (size_t i = 0; i < WORD_COUNT; i++)
        if (span_equal_text(text, words[i])) {
            *status_out = (enum https_status)i;
            return true;
        }
    return false;
}

bool dns_https_is_failure(enum https_status status)
{
    return status == HTTPS_UNRESOLVED || status == HTTPS_BUDGET || status == HTTPS_TIMEOUT ||
           status == HTTPS_CONNECT;
}
