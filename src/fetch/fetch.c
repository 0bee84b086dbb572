/*
 * One transfer for each URL, all in one libcurl multi handle. What may go wrong before a
 * connection is decided first; what libcurl says afterwards becomes a status by a table.
 */
#include "fetch/fetch.h"

#include "base/escape.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/sbuf.h"
#include "fetch/fetch_library.h"

#define POLL_MS      200 /* between two looks at the time of the subject */
#define HTTP_OK      200 /* RFC 9110, 15.3.1 */
#define HTTP_3XX     300 /* RFC 9110, 15.4 */
#define HTTP_4XX     400
#define SHOWN_HEADER 100

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
    char trouble[CURL_ERROR_SIZE];
};

/* fetch_fail - the fact is a failure */
static void fetch_fail(struct https_fact *fact, enum https_status status, const char *detail)
{
    fact->status = status;
    fact->detail = detail;
}

/* ---- before the connection ---- */

/* fetch_is_plain - "https://HOST/..." with nothing beside the host that would lead elsewhere */
static bool fetch_is_plain(const struct https_fact *fact)
{
    struct span rest = span_from(span_of(fact->url), sizeof("https://") - 1);
    struct span authority = span_cut(&rest, '/');

    if (span_ends_with_nocase(authority, ":443"))
        authority.len -= sizeof(":443") - 1;
    return span_starts_with_nocase(span_of(fact->url), "https://") &&
           span_equal_nocase(authority, fact->host->text);
}

/* fetch_add_addresses - those of one answer that may be connected to; the first that may
 * not goes to `*refused_out` */
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
        fetch_fail(
            fact, HTTPS_REFUSED,
            arena_printf(arena, "not connected to: %s is no address of the Internet", refused));
    else
        fetch_fail(fact, HTTPS_NO_ADDRESS,
                   arena_printf(arena, "%s has no address", fact->host->text));
    return NULL;
}

/* ---- the transfer ---- */

/* take_body - octets of the body, up to the limit */
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

/* set_up - a handle that does this and nothing else */
static void set_up(struct transfer *transfer)
{
    const struct fetch_library *curl = transfer->curl;
    CURL *easy = transfer->easy;
    unsigned patience = transfer->options->timeout_ms;

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
                                patience != 0 ? (long)patience : (long)LIMIT_FETCH_CONNECT_MS);
    curl->call_curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
                                patience != 0 ? (long)patience : (long)LIMIT_FETCH_MS);
    curl->call_curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl->call_curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl->call_curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->trouble);
    if (transfer->options->ca_file != NULL)
        curl->call_curl_easy_setopt(easy, CURLOPT_CAINFO, transfer->options->ca_file);
}

/* ---- afterwards ---- */

/* certificate_word - what is wrong with the certificate, by OpenSSL's result of the
 * verification (X509_V_ERR_*), which libcurl hands on. It compares the name itself, before it
 * notes that the chain is fine: 1 is its value until then */
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

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
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

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
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

/* settle_answer - HTTP was spoken */
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

/* fetch_settle - what came of a transfer */
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

/* transfer_of - the one with this handle */
static struct transfer *transfer_of(struct transfer *transfers, size_t count, const CURL *easy)
{
    size_t i = 0;

    while (i < count && transfers[i].easy != easy)
        i++;
    must(i < count);
    return &transfers[i];
}

/* fetch_advance - let libcurl go on and settle what is done; how many are running, 0 if it
 * cannot */
static int fetch_advance(CURLM *multi, struct transfer *transfers, size_t count)
{
    const struct fetch_library *curl = transfers->curl;
    const CURLMsg *message = NULL;
    int running = 0;
    int left = 0;

    if (curl->call_curl_multi_perform(multi, &running) != CURLM_OK) {
        for (size_t i = 0; i < count; i++)
            if (transfers[i].fact->status == HTTPS_PENDING)
                fetch_fail(transfers[i].fact, HTTPS_CONNECT, "libcurl gave up");
        return 0;
    }
    while ((message = curl->call_curl_multi_info_read(multi, &left)) != NULL)
        if (message->msg == CURLMSG_DONE)
            fetch_settle(transfer_of(transfers, count, message->easy_handle),
                         message->data.result);
    return running;
}

/* fetch_run - all transfers until none is left; each has its own time limit, and the
 * subject one for all, after which the rest stays pending */
static void fetch_run(struct ledger *ledger, CURLM *multi, struct transfer *transfers,
                      size_t count)
{
    int64_t left = 0;

    while (fetch_advance(multi, transfers, count) > 0 && (left = ledger_https_wait(ledger)) > 0)
        transfers->curl->call_curl_multi_poll(multi, NULL, 0,
                                              left < POLL_MS ? (int)left : POLL_MS, NULL);
}

/* fetch_start - the transfer of one URL, unless it is settled without */
static void fetch_start(struct transfer *transfer, struct ledger *ledger, CURLM *multi)
{
    struct https_fact *fact = transfer->fact;
    const char *addresses = NULL;

    fact->source = "live";
    if (!fetch_is_plain(fact)) {
        fetch_fail(fact, HTTPS_REFUSED,
                   "not connected to: the URL names another port or a user");
        return;
    }
    if (transfer->options->connect == NULL &&
        (addresses = find_addresses(ledger, transfer->arena, fact)) == NULL)
        return;
    transfer->easy = transfer->curl->call_curl_easy_init();
    must(transfer->easy != NULL);
    set_up(transfer);
    fetch_point(transfer, addresses);
    must(transfer->curl->call_curl_multi_add_handle(multi, transfer->easy) == CURLM_OK);
}

/* fetch_finish - release what the transfer holds */
static void fetch_finish(struct transfer *transfer, CURLM *multi)
{
    const struct fetch_library *curl = transfer->curl;

    if (transfer->easy == NULL)
        return;
    curl->call_curl_multi_remove_handle(multi, transfer->easy);
    curl->call_curl_easy_cleanup(transfer->easy);
    curl->call_curl_slist_free_all(transfer->resolve);
    curl->call_curl_slist_free_all(transfer->connect);
}

void fetch_all(void *ctx, struct ledger *ledger, struct https_fact *const *wanted, size_t count)
{
    const char *trouble = NULL;
    const struct fetch_library *curl = fetch_library(&trouble);
    struct arena *arena = ledger_arena(ledger);
    struct transfer *transfers = NULL;
    CURLM *multi = NULL;

    if (curl == NULL) {
        for (size_t i = 0; i < count; i++)
            fetch_fail(wanted[i], HTTPS_CONNECT, trouble);
        return;
    }
    transfers = arena_array_of(arena, struct transfer, count);
    multi = curl->call_curl_multi_init();
    must(multi != NULL);
    for (size_t i = 0; i < count; i++) {
        transfers[i] = (struct transfer){.curl = curl,
                                         .options = ctx,
                                         .arena = arena,
                                         .fact = wanted[i],
                                         .body = sbuf_start(arena)};
        fetch_start(&transfers[i], ledger, multi);
    }
    fetch_run(ledger, multi, transfers, count);
    for (size_t i = 0; i < count; i++)
        fetch_finish(&transfers[i], multi);
    curl->call_curl_multi_cleanup(multi);
}
