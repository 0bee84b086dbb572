/*
 * One transfer for each URL, all in one libcurl multi handle. libcurl's codes become statuses
 * by a table.
 */
#include "fetch/fetch.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/escape.h"
#include "base/ip.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "fetch/fetch_library.h"
#include "model/dns_answer.h"

#define POLL_MS      200 /* between two looks at the time of the subject */
#define HTTP_OK      200 /* RFC 9110, 15.3.1 */
#define HTTP_3XX     300 /* RFC 9110, 15.4 */
#define HTTP_4XX     400
#define SHOWN_HEADER 100
#define SOCKETS_SEEN 4 /* of a transfer: libcurl tries two addresses at a time */

struct transfer {
    const struct fetch_library *curl;
    const struct fetch_options *options;
    struct arena *arena;
    struct https_fact *fact;
    CURL *easy;
    struct curl_slist *resolve;
    struct curl_slist *connect;
    struct sbuf body;
    bool is_too_large;
    int sockets[SOCKETS_SEEN]; /* the last that were opened; 0: none */
    size_t socket_count;
    bool is_flood; /* more came than LIMIT_FETCH_WIRE_BYTES */
    char trouble[CURL_ERROR_SIZE];
    struct transfer *next; /* of those that run */
};

struct fetch_pool {
    const struct fetch_library *curl; /* NULL: not needed so far */
    const struct fetch_options *options;
    CURLM *multi;
    struct transfer *running;
};

/* what one ledger wants */
struct fetch_batch {
    struct fetch_pool *pool;
    struct ledger *ledger;
    struct transfer *transfers;
    size_t count;
};

/* fetch_fail - the fact is a failure */
static void fetch_fail(struct https_fact *fact, enum https_status status, const char *detail)
{
    fact->status = status;
    fact->detail = detail;
}

/* ---- before the connection ---- */

/* fetch_is_plain - "https://HOST/..." without another port and a user */
static bool fetch_is_plain(const struct https_fact *fact)
{
    struct span rest = span_from(span_of(fact->url), sizeof("https://") - 1);
    struct span authority = span_cut(&rest, '/');

    if (span_ends_with_nocase(authority, ":443"))
        authority.len -= sizeof(":443") - 1;
    return span_starts_with_nocase(span_of(fact->url), "https://") &&
           span_equal_nocase(authority, fact->host->text);
}

/* fetch_add_addresses - public ones of one answer; the first other one becomes `*refused_out`
 * */
static void fetch_add_addresses(struct sbuf *list, const struct dns_answer *answer,
                                const char **refused_out)
{
    const struct dns_rr *rr =
        answer != NULL && answer->status == DNS_OK ? dns_answer_first(answer) : NULL;

    for (; rr != NULL; rr = dns_answer_next(answer, rr)) {
        const char *text = ip_to_text(list->arena, rr->address);

        if (ip_is_global(rr->address))
            sbuf_addf(list, rr->address->family == IP_V6 ? "%s[%s]" : "%s%s",
                      list->len > 0 ? "," : "", text);
        else if (*refused_out == NULL)
            *refused_out = text;
    }
}

/* find_addresses - "ADDR,ADDR" for the host; NULL, and the fact is settled */
static const char *find_addresses(struct ledger *ledger, struct arena *arena,
                                  struct https_fact *fact)
{
    struct sbuf list = sbuf_start(arena);
    const char *refused = NULL;

    fetch_add_addresses(&list, ledger_find(ledger, fact->host, DNS_A), &refused);
    fetch_add_addresses(&list, ledger_find(ledger, fact->host, DNS_AAAA), &refused);
    if (list.len > 0)
        return sbuf_text(&list);
    if (refused != NULL)
        fetch_fail(fact, HTTPS_REFUSED,
                   arena_printf(arena, "not connected: %s is not a public address", refused));
    else
        fetch_fail(fact, HTTPS_NO_ADDRESS,
                   arena_printf(arena, "%s has no address", fact->host->text));
    return NULL;
}

/* ---- the transfer ---- */

/* take_body - for libcurl: octets of the body, up to the limit */
static size_t take_body(char *bytes, size_t size, size_t count, void *ctx)
{
    struct transfer *transfer = ctx;
    size_t len = size * count;

    if (len > transfer->fact->max_bytes - transfer->body.len) {
        transfer->is_too_large = true;
        return 0;
    }
    sbuf_add_span(&transfer->body, span_make(bytes, len));
    return len;
}

/* note_socket - for libcurl: a socket was opened */
static int note_socket(void *ctx, curl_socket_t fd, curlsocktype purpose)
{
    struct transfer *transfer = ctx;

    (void)purpose;
    transfer->sockets[transfer->socket_count++ % SOCKETS_SEEN] = fd;
    return CURL_SOCKOPT_OK;
}

/* stop_flood - for libcurl, while it works: not 0 ends the transfer */
static int stop_flood(void *ctx, curl_off_t total, curl_off_t now, curl_off_t up_total,
                      curl_off_t up_now)
{
    struct transfer *transfer = ctx;

    (void)total, (void)now, (void)up_total, (void)up_now;
    for (size_t i = 0; i < SOCKETS_SEEN && transfer->sockets[i] > 0; i++) {
        struct tcp_info info = {0};
        socklen_t size = sizeof(info);

        if (getsockopt(transfer->sockets[i], IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
            info.tcpi_bytes_received > LIMIT_FETCH_WIRE_BYTES)
            transfer->is_flood = true;
    }
    return transfer->is_flood ? 1 : 0;
}

/* fetch_point - where the connection goes: to the addresses given, or all to one */
static void fetch_point(struct transfer *transfer, const char *addresses)
{
    const struct fetch_library *curl = transfer->curl;
    const char *host = transfer->fact->host->text;

    if (transfer->options->connect != NULL) {
        transfer->connect = curl->call_curl_slist_append(
            NULL, arena_printf(transfer->arena, "::%s", transfer->options->connect));
        must(transfer->connect != NULL);
        curl->call_curl_easy_setopt(transfer->easy, CURLOPT_CONNECT_TO, transfer->connect);
        return;
    }
    transfer->resolve = curl->call_curl_slist_append(
        NULL, arena_printf(transfer->arena, "%s:443:%s", host, addresses));
    must(transfer->resolve != NULL);
    curl->call_curl_easy_setopt(transfer->easy, CURLOPT_RESOLVE, transfer->resolve);
}

/* set_up - the options of a handle */
static void set_up(struct transfer *transfer)
{
    const struct fetch_library *curl = transfer->curl;
    CURL *easy = transfer->easy;
    unsigned timeout_ms = transfer->options->timeout_ms;

    curl->call_curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl->call_curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT,
                                1L); /* each by its own addresses */
    curl->call_curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl->call_curl_easy_setopt(easy, CURLOPT_URL, transfer->fact->url);
    curl->call_curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
    curl->call_curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl->call_curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl->call_curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl->call_curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl->call_curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl->call_curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl->call_curl_easy_setopt(easy, CURLOPT_USERAGENT, "mailassay/" MAILASSAY_VERSION);
    curl->call_curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                                timeout_ms != 0 ? (long)timeout_ms : LIMIT_FETCH_CONNECT_MS);
    curl->call_curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
                                timeout_ms != 0 ? (long)timeout_ms : LIMIT_FETCH_MS);
    curl->call_curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl->call_curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl->call_curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, note_socket);
    curl->call_curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, transfer);
    curl->call_curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    curl->call_curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, stop_flood);
    curl->call_curl_easy_setopt(easy, CURLOPT_XFERINFODATA, transfer);
    curl->call_curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->trouble);
    if (transfer->options->ca_file != NULL)
        curl->call_curl_easy_setopt(easy, CURLOPT_CAINFO, transfer->options->ca_file);
}

/* ---- afterwards ---- */

/* certificate_word - what is wrong with the certificate, by OpenSSL's result of the
 * verification (X509_V_ERR_*), which libcurl passes on; 1 is libcurl's value until it has
 * compared the name */
static const char *certificate_word(long result)
{
    static const struct {
        long result;
        const char *word;
    } table[] = {
        {1, "wrong-name"},      {9, "not-yet-valid"},   {10, "expired"},
        {18, "self-signed"},    {19, "unknown-issuer"}, {2, "unknown-issuer"},
        {20, "unknown-issuer"}, {21, "unknown-issuer"},
    };

    for (size_t i = 0; i < COUNT_OF(table); i++)
        if (table[i].result == result)
            return table[i].word;
    return "other";
}

/* fetch_status_of - libcurl's code as a status */
static enum https_status fetch_status_of(CURLcode code)
{
    static const struct {
        CURLcode code;
        enum https_status status;
    } table[] = {
        {CURLE_PEER_FAILED_VERIFICATION, HTTPS_CERTIFICATE},
        {CURLE_SSL_CONNECT_ERROR, HTTPS_TLS},
        {CURLE_OPERATION_TIMEDOUT, HTTPS_TIMEOUT},
        {CURLE_WEIRD_SERVER_REPLY, HTTPS_MALFORMED},
        {CURLE_UNSUPPORTED_PROTOCOL, HTTPS_MALFORMED},
        {CURLE_BAD_CONTENT_ENCODING, HTTPS_MALFORMED},
    };

    for (size_t i = 0; i < COUNT_OF(table); i++)
        if (table[i].code == code)
            return table[i].status;
    return HTTPS_CONNECT;
}

/* header_text - what a header field says, escaped; NULL */
static const char *header_text(struct transfer *transfer, CURLINFO info, size_t max)
{
    char *text = NULL;

    if (transfer->curl->call_curl_easy_getinfo(transfer->easy, info, &text) != CURLE_OK ||
        text == NULL)
        return NULL;
    return escape_to_text(transfer->arena, span_of(text), max);
}

/* settle_answer - the server replied by HTTP */
static void settle_answer(struct transfer *transfer)
{
    struct https_fact *fact = transfer->fact;

    fact->content_type = header_text(transfer, CURLINFO_CONTENT_TYPE, SHOWN_HEADER);
    fact->location = header_text(transfer, CURLINFO_REDIRECT_URL, 0);
    if (fact->http_status == HTTP_OK) {
        fact->status = HTTPS_OK;
        fact->body = sbuf_span(&transfer->body);
    } else if (fact->http_status >= HTTP_3XX && fact->http_status < HTTP_4XX &&
               fact->location != NULL) {
        fact->status = HTTPS_REDIRECT;
    } else {
        fetch_fail(fact, HTTPS_STATUS,
                   arena_printf(transfer->arena, "the server answers with status %u",
                                fact->http_status));
    }
}

/* fetch_settle - the status of a finished transfer */
static void fetch_settle(struct transfer *transfer, CURLcode code)
{
    struct https_fact *fact = transfer->fact;
    const char *trouble = transfer->trouble;
    long number = 0;

    transfer->curl->call_curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &number);
    fact->http_status = number > 0 ? (unsigned)number : 0;
    if (transfer->is_too_large && fact->http_status == HTTP_OK) {
        fetch_fail(fact, HTTPS_TOO_LARGE,
                   arena_printf(transfer->arena, "more than %zu octets", fact->max_bytes));
        return;
    }
    if (transfer->is_flood && code != CURLE_OK) {
        fetch_fail(fact, HTTPS_TOO_LARGE,
                   arena_printf(transfer->arena, "more than %d octets over the connection",
                                LIMIT_FETCH_WIRE_BYTES));
        return;
    }
    if (code == CURLE_OK || (transfer->is_too_large && fact->http_status != 0)) {
        settle_answer(transfer);
        return;
    }
    if (trouble[0] == '\0')
        trouble = transfer->curl->call_curl_easy_strerror(code);
    fetch_fail(fact, fetch_status_of(code),
               escape_to_text(transfer->arena, span_of(trouble), LIMIT_SHOWN_BYTES));
    if (code == CURLE_PEER_FAILED_VERIFICATION) {
        transfer->curl->call_curl_easy_getinfo(transfer->easy, CURLINFO_SSL_VERIFYRESULT,
                                               &number);
        fact->certificate = certificate_word(number);
    }
}

/* pool_stop - libcurl failed: all transfers fail */
static void pool_stop(struct fetch_pool *pool)
{
    for (struct transfer *at = pool->running; at != NULL; at = at->next)
        fetch_fail(at->fact, HTTPS_CONNECT, "libcurl failed");
}

void fetch_pool_go_on(struct fetch_pool *pool)
{
    const struct fetch_library *curl = pool->curl;
    const CURLMsg *message = NULL;
    int running = 0;
    int left = 0;

    if (pool->running == NULL)
        return;
    if (curl->call_curl_multi_perform(pool->multi, &running) != CURLM_OK) {
        pool_stop(pool);
        return;
    }
    while ((message = curl->call_curl_multi_info_read(pool->multi, &left)) != NULL) {
        struct transfer *transfer = NULL;

        if (message->msg != CURLMSG_DONE)
            continue;
        must(curl->call_curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer) ==
             CURLE_OK);
        fetch_settle(transfer, message->data.result);
    }
}

void fetch_pool_wait(struct fetch_pool *pool, const int fds[2], int timeout_ms)
{
    struct curl_waitfd others[2];
    unsigned count = 0;

    for (size_t i = 0; i < 2; i++)
        if (fds[i] >= 0)
            others[count++] = (struct curl_waitfd){.fd = fds[i], .events = CURL_WAIT_POLLIN};
    pool->curl->call_curl_multi_poll(pool->multi, others, count, timeout_ms, NULL);
}

/* fetch_start - the transfer of one URL, unless that fails at once */
static void fetch_start(struct transfer *transfer, struct ledger *ledger,
                        struct fetch_pool *pool)
{
    struct https_fact *fact = transfer->fact;
    const char *addresses = NULL;

    fact->source = "live";
    if (!fetch_is_plain(fact)) {
        fetch_fail(fact, HTTPS_REFUSED, "not connected: the URL names another port or a user");
        return;
    }
    if (transfer->options->connect == NULL &&
        (addresses = find_addresses(ledger, transfer->arena, fact)) == NULL)
        return;
    transfer->easy = transfer->curl->call_curl_easy_init();
    must(transfer->easy != NULL);
    set_up(transfer);
    fetch_point(transfer, addresses);
    must(pool->curl->call_curl_multi_add_handle(pool->multi, transfer->easy) == CURLM_OK);
    transfer->next = pool->running;
    pool->running = transfer;
}

/* fetch_finish - release what the transfer holds */
static void fetch_finish(struct transfer *transfer, struct fetch_pool *pool)
{
    const struct fetch_library *curl = transfer->curl;
    struct transfer **at = &pool->running;

    if (transfer->easy == NULL)
        return;
    while (*at != transfer)
        at = &(*at)->next;
    *at = transfer->next;
    curl->call_curl_multi_remove_handle(pool->multi, transfer->easy);
    curl->call_curl_easy_cleanup(transfer->easy);
    curl->call_curl_slist_free_all(transfer->resolve);
    curl->call_curl_slist_free_all(transfer->connect);
}

/* ---- a pool, and what one ledger wants of it ---- */

struct fetch_pool *fetch_pool_open(struct arena *arena, const struct fetch_options *options)
{
    struct fetch_pool *pool = arena_new_of(arena, struct fetch_pool);

    pool->options = options;
    return pool;
}

void fetch_pool_close(struct fetch_pool *pool)
{
    if (pool->multi != NULL)
        pool->curl->call_curl_multi_cleanup(pool->multi);
    pool->multi = NULL;
}

bool fetch_pool_is_busy(const struct fetch_pool *pool)
{
    return pool->running != NULL;
}

/* pool_ready - libcurl is loaded; false: why not */
static bool pool_ready(struct fetch_pool *pool, const char **trouble_out)
{
    if (pool->multi != NULL)
        return true;
    pool->curl = fetch_library(trouble_out);
    if (pool->curl == NULL)
        return false;
    pool->multi = pool->curl->call_curl_multi_init();
    must(pool->multi != NULL);
    return true;
}

struct fetch_batch *fetch_begin(struct fetch_pool *pool, struct ledger *ledger,
                                struct https_fact *const *wanted, size_t count)
{
    struct arena *arena = ledger_arena(ledger);
    struct fetch_batch *batch = arena_new_of(arena, struct fetch_batch);
    const char *trouble = NULL;

    *batch = (struct fetch_batch){.pool = pool, .ledger = ledger};
    if (!pool_ready(pool, &trouble)) {
        for (size_t i = 0; i < count; i++)
            fetch_fail(wanted[i], HTTPS_CONNECT, trouble);
        return batch;
    }
    batch->transfers = arena_array_of(arena, struct transfer, count);
    for (size_t i = 0; i < count; i++) {
        batch->transfers[i] = (struct transfer){.curl = pool->curl,
                                                .options = pool->options,
                                                .arena = arena,
                                                .fact = wanted[i],
                                                .body = sbuf_start(arena)};
        batch->count++;
        fetch_start(&batch->transfers[i], ledger, pool);
    }
    return batch;
}

bool fetch_is_over(const struct fetch_batch *batch)
{
    size_t open = 0;

    for (size_t i = 0; i < batch->count; i++)
        open += batch->transfers[i].fact->status == HTTPS_PENDING;
    return open == 0 || ledger_https_wait(batch->ledger) <= 0;
}

void fetch_end(struct fetch_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        fetch_finish(&batch->transfers[i], batch->pool);
    batch->count = 0;
}

void fetch_all(void *ctx, struct ledger *ledger, struct https_fact *const *wanted, size_t count)
{
    struct fetch_pool pool = {.options = ctx};
    struct fetch_batch *batch = fetch_begin(&pool, ledger, wanted, count);

    for (fetch_pool_go_on(&pool); !fetch_is_over(batch); fetch_pool_go_on(&pool))
        fetch_pool_wait(&pool, (const int[2]){-1, -1}, POLL_MS);
    fetch_end(batch);
    fetch_pool_close(&pool);
}
