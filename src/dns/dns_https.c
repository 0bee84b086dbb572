/* A list: few URLs are ever asked for one subject. */
#include "dns/dns_https.h"

#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "dns/dns_ledger_private.h"
#include "dns/dns_source.h"

#define MS_PER_SECOND 1000

/* who fetches */
struct fetcher {
    dns_https_fetch_fn *fetch;
    void *ctx;
};

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

/* https_find - the fact about a URL; NULL */
static struct dns_https *https_find(const struct dns_ledger *ledger, const char *url)
{
    struct dns_https *fact = ledger->https;

    while (fact != NULL && strcmp(fact->url, url) != 0)
        fact = fact->next;
    return fact;
}

/* https_note - a new URL, pending */
static struct dns_https *https_note(struct dns_ledger *ledger, const char *url,
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
    struct dns_https *fact = https_find(ledger, url);

    for (struct dns_ledger *at = ledger->below; at != NULL && fact == NULL; at = at->below)
        fact = https_find(at, url);
    if (fact != NULL)
        return fact;
    fact = https_note(ledger, url, host);
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

int64_t dns_https_wait(struct dns_ledger *ledger)
{
    struct dns_waiting waiting = {.asked = ledger->https_asked,
                                  .open = dns_https_wanted(ledger)};

    ledger->spent_ms = clock_monotonic_ms() - ledger->https_since;
    waiting.spent_ms = ledger->spent_ms;
    for (const struct dns_https *fact = ledger->https; fact != NULL && waiting.url == NULL;
         fact = fact->next)
        if (fact->status == HTTPS_PENDING)
            waiting.url = fact->url;
    if (ledger->watch != NULL && waiting.url != NULL)
        ledger->watch(ledger->watch_ctx, &waiting);
    return (int64_t)LIMIT_SECONDS * MS_PER_SECOND - ledger->spent_ms;
}

/* fetch_open - have what is open fetched, as long as there is time for the subject */
static void fetch_open(struct dns_ledger *ledger, struct dns_https *const *open, size_t count,
                       const struct fetcher *fetcher)
{
    ledger->https_asked = count;
    ledger->https_since = clock_monotonic_ms() - ledger->spent_ms;
    if (dns_https_wait(ledger) > 0)
        fetcher->fetch(fetcher->ctx, ledger, open, count);
    ledger->spent_ms = clock_monotonic_ms() - ledger->https_since;
    for (size_t i = 0; i < count; i++) {
        if (open[i]->status != HTTPS_PENDING)
            continue;
        open[i]->status = HTTPS_BUDGET;
        open[i]->detail = arena_printf(
            ledger->arena, "given up: %d seconds have been spent asking", LIMIT_SECONDS);
    }
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
        fetch_open(ledger, open, count, &(struct fetcher){fetch, ctx});
    for (size_t i = 0; i < count; i++)
        if (fetch == NULL)
            open[i]->status = HTTPS_UNKNOWN;
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
           status == HTTPS_CONNECT || status == HTTPS_TLS;
}
