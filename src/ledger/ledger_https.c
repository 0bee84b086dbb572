/* A list: few URLs are ever asked for one subject. */
#include "ledger/ledger_https.h"

#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "ledger/ledger_private.h"
#include "source/source.h"

#define MS_PER_SECOND 1000

/* https_find - the fact about a URL; NULL */
static struct https_fact *https_find(const struct ledger *ledger, const char *url)
{
    struct https_fact *fact = ledger->https;

    while (fact != NULL && strcmp(fact->url, url) != 0)
        fact = fact->next;
    return fact;
}

/* https_note - a new URL, pending */
static struct https_fact *https_note(struct ledger *ledger, const char *url,
                                     const struct dns_name *host)
{
    struct https_fact *fact = arena_new_of(ledger->arena, struct https_fact);
    struct https_fact **link = &ledger->https;

    while (*link != NULL)
        link = &(*link)->next;
    fact->url = arena_strdup(ledger->arena, url);
    fact->host = host;
    fact->status = HTTPS_PENDING;
    *link = fact;
    ledger->https_count++;
    return fact;
}

const struct https_fact *ledger_https_ask(struct ledger *ledger, const char *url,
                                          const struct dns_name *host, size_t max_bytes)
{
    struct https_fact *fact = https_find(ledger, url);

    for (struct ledger *at = ledger->below; at != NULL && fact == NULL; at = at->below)
        fact = https_find(at, url);
    if (fact != NULL)
        return fact;
    fact = https_note(ledger, url, host);
    fact->max_bytes = max_bytes;
    if (ledger->below != NULL) {
        fact->status = HTTPS_UNKNOWN; /* an assumed world asks nobody */
    } else if (ledger->https_count > LIMIT_FETCHES) {
        fact->status = HTTPS_BUDGET;
        fact->detail =
            arena_printf(ledger->arena, "not fetched: %d URLs have been", LIMIT_FETCHES);
    }
    return fact;
}

size_t ledger_https_wanted(const struct ledger *ledger)
{
    size_t count = 0;

    for (const struct https_fact *fact = ledger->https; fact != NULL; fact = fact->next)
        count += fact->status == HTTPS_PENDING;
    return count;
}

/* take_held - what a source holds; true if it does */
static bool take_held(struct https_fact *fact, struct source *source)
{
    const struct https_fact *held =
        source->ops->find_https != NULL ? source->ops->find_https(source, fact->url) : NULL;
    struct https_fact *next = fact->next;
    const struct dns_name *host = fact->host;

    if (held == NULL)
        return false;
    *fact = *held;
    fact->host = host;
    fact->next = next;
    return true;
}

int64_t ledger_https_wait(struct ledger *ledger)
{
    struct ledger_waiting waiting = {.asked = ledger->https_asked,
                                     .open = ledger_https_wanted(ledger)};

    ledger->spent_ms = clock_monotonic_ms() - ledger->https_since;
    waiting.spent_ms = ledger->spent_ms;
    for (const struct https_fact *fact = ledger->https; fact != NULL && waiting.url == NULL;
         fact = fact->next)
        if (fact->status == HTTPS_PENDING)
            waiting.url = fact->url;
    if (ledger->watch != NULL && waiting.url != NULL)
        ledger->watch(ledger->watch_ctx, &waiting);
    return (int64_t)LIMIT_SECONDS * MS_PER_SECOND - ledger->spent_ms;
}

bool ledger_https_start(struct ledger *ledger, struct source *source,
                        struct ledger_fetching *fetching_out)
{
    fetching_out->count = 0;
    for (struct https_fact *fact = ledger->https; fact != NULL; fact = fact->next)
        if (fact->status == HTTPS_PENDING && !take_held(fact, source))
            fetching_out->open[fetching_out->count++] = fact;
    ledger->https_asked = fetching_out->count;
    ledger->https_since = clock_monotonic_ms() - ledger->spent_ms;
    return fetching_out->count > 0;
}

void ledger_https_end(struct ledger *ledger, const struct ledger_fetching *fetching)
{
    ledger->spent_ms = clock_monotonic_ms() - ledger->https_since;
    for (size_t i = 0; i < fetching->count; i++) {
        if (fetching->open[i]->status != HTTPS_PENDING)
            continue;
        fetching->open[i]->status = HTTPS_BUDGET;
        fetching->open[i]->detail = arena_printf(
            ledger->arena, "given up: %d seconds have been spent asking", LIMIT_SECONDS);
    }
}

void ledger_https_fill(struct ledger *ledger, struct source *source,
                       ledger_https_fetch_fn *fetch, void *ctx)
{
    struct ledger_fetching fetching;

    if (!ledger_https_start(ledger, source, &fetching))
        return;
    for (size_t i = 0; i < fetching.count && fetch == NULL; i++)
        fetching.open[i]->status = HTTPS_UNKNOWN;
    if (fetch != NULL && ledger_https_wait(ledger) > 0)
        fetch(ctx, ledger, fetching.open, fetching.count);
    ledger_https_end(ledger, &fetching);
}

void ledger_https_add(struct ledger *ledger, const struct https_fact *fact)
{
    struct https_fact *copy = NULL;
    struct https_fact *next = NULL;

    if (fact->status == HTTPS_PENDING || https_find(ledger, fact->url) != NULL)
        return;
    copy = https_note(ledger, fact->url, fact->host);
    next = copy->next;
    *copy = *fact;
    copy->next = next;
}

const struct https_fact *ledger_https_first(const struct ledger *ledger)
{
    return ledger->https;
}
