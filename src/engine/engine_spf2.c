/*
 * libspf2 as spfd and Exim call it: one server object, a request with the
 * client's address, HELO and MAIL FROM, and SPF_request_query_mailfrom(). A
 * request without a sender is the HELO identity: libspf2 makes it
 * postmaster@HELO. The lookup hook gives what the library's resolver layer
 * would make of the same answer.
 */
#include <string.h>
#include <sys/types.h>
#include <netinet/in.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <unistd.h>

#include <spf2/spf.h>
#include <spf2/spf_dns.h>
#include <spf2/spf_lib_version.h>

#include "base/ip.h"
#include "base/library.h"
#include "engine/engine_library.h"
#include "engine/engine_wire.h"
#include "model/dns_answer.h"
#include "model/result.h"

#define SPF2_FUNCTIONS(F)           \
    F(SPF_dns_rr_buf_realloc)       \
    F(SPF_dns_rr_new_init)          \
    F(SPF_error_errorp)             \
    F(SPF_error_message)            \
    F(SPF_request_free)             \
    F(SPF_request_new)              \
    F(SPF_request_query_mailfrom)   \
    F(SPF_request_set_env_from)     \
    F(SPF_request_set_helo_dom)     \
    F(SPF_request_set_ipv4)         \
    F(SPF_request_set_ipv6)         \
    F(SPF_response_free)            \
    F(SPF_response_get_explanation) \
    F(SPF_response_message)         \
    F(SPF_response_messages)        \
    F(SPF_response_reason)          \
    F(SPF_response_result)          \
    F(SPF_server_new_dns)           \
    F(SPF_server_set_rec_dom)       \
    F(SPF_strerror)

static struct spf2_functions {
    SPF2_FUNCTIONS(LIBRARY_POINTER)
} spf2;

static const struct library_place spf2_places[] = {
#define PLACE(name) LIBRARY_PLACE(struct spf2_functions, name)
    SPF2_FUNCTIONS(PLACE)
#undef PLACE
};

/* the beginning of libspf2's text for records without exp= */
#define DEFAULT_EXPLANATION "Please see http"

#define ENVELOPE_OCTETS 32 /* at least: an address and three texts */

/* made in the fork server, because making it asks for the name of this host */
static SPF_server_t *server;
static SPF_dns_server_t dns = {.name = "ledger"};

/* herrno_of - what gethostbyname(3) and res_query(3) call it */
static int herrno_of(enum dns_status status)
{
    switch (status) {
    case DNS_OK:
        return NETDB_SUCCESS;
    case DNS_NODATA:
        return NO_DATA;
    case DNS_NXDOMAIN:
        return HOST_NOT_FOUND;
    case DNS_PENDING:
    case DNS_UNKNOWN:
    case DNS_BUDGET:
    case DNS_TIMEOUT:
    case DNS_SERVFAIL:
    case DNS_BOGUS:
    case DNS_MALFORMED:
        break;
    }
    return TRY_AGAIN;
}

/* spf2_add_text - a record that is a string for libspf2; a NUL inside ends it, as in C */
static void spf2_add_text(SPF_dns_rr_t *found, struct span text)
{
    if (spf2.SPF_dns_rr_buf_realloc(found, found->num_rr, text.len + 1) != SPF_E_SUCCESS)
        return;
    memcpy(found->rr[found->num_rr]->txt, text.at, text.len);
    found->rr[found->num_rr++]->txt[text.len] = '\0';
}

/* spf2_add_strings - a TXT record, its strings joined */
static void spf2_add_strings(SPF_dns_rr_t *found, struct arena *arena, struct span strings)
{
    struct sbuf joined = sbuf_start(arena);

    while (strings.len > 0) {
        size_t len = (uint8_t)strings.at[0];

        sbuf_add_span(&joined, span_sub(strings, 1, len));
        strings = span_from(strings, 1 + len);
    }
    spf2_add_text(found, span_of(sbuf_text(&joined)));
}

/* add_address - an A or AAAA record */
static void add_address(SPF_dns_rr_t *found, const struct engine_rr *rr)
{
    size_t len = rr->type == DNS_A ? IP_V4_OCTETS : IP_V6_OCTETS;

    if (rr->octets.len != len ||
        spf2.SPF_dns_rr_buf_realloc(found, found->num_rr, sizeof(SPF_dns_rr_data_t)) !=
            SPF_E_SUCCESS)
        return;
    memcpy(found->rr[found->num_rr++], rr->octets.at, len);
}

/* spf2_add_record - one record of the type asked for */
static void spf2_add_record(SPF_dns_rr_t *found, struct arena *arena,
                            const struct engine_rr *rr)
{
    if (rr->type == DNS_A || rr->type == DNS_AAAA)
        add_address(found, rr);
    else if (rr->type == DNS_TXT || rr->type == DNS_SPF)
        spf2_add_strings(found, arena, rr->octets);
    else if (rr->target != NULL)
        spf2_add_text(found, span_of(rr->target));
}

/* hook_lookup - never NULL, for which libspf2 calls abort() */
static SPF_dns_rr_t *hook_lookup(SPF_dns_server_t *ours, const char *domain, ns_type type,
                                 int should_cache)
{
    struct engine_answers *answers = ours->hook;
    const struct engine_answer *answer = NULL;
    SPF_dns_rr_t *found;
    int herrno = TRY_AGAIN;

    (void)should_cache;
    switch (engine_answers_find(answers, domain, (enum dns_type)type, &answer)) {
    case ENGINE_LOOKUP_FOUND:
        herrno = herrno_of(answer->status);
        break;
    case ENGINE_LOOKUP_MISSED:
        break;
    case ENGINE_LOOKUP_NO_NAME:
        herrno = NO_RECOVERY; /* as res_query(3) for what it cannot put into a query */
        break;
    }
    found = spf2.SPF_dns_rr_new_init(ours, domain, type, 0, herrno);
    for (size_t i = 0; answer != NULL && i < answer->record_count; i++)
        if (answer->records[i].type == (enum dns_type)type)
            spf2_add_record(found, answers->arena, &answer->records[i]);
    return found;
}

/* set_client - the address, in the form a receiver has it */
static void set_client(SPF_request_t *request, struct span octets)
{
    struct in_addr v4;
    struct in6_addr v6;

    if (octets.len == sizeof(v4)) {
        memcpy(&v4, octets.at, sizeof(v4));
        (void)spf2.SPF_request_set_ipv4(request, v4);
    } else if (octets.len == sizeof(v6)) {
        memcpy(&v6, octets.at, sizeof(v6));
        (void)spf2.SPF_request_set_ipv6(request, v6);
    }
}

/* spf2_result_of - the result as a receiver reports it; after an error of the query itself the
 * library leaves INVALID, and `error` says which one */
static enum spf_result spf2_result_of(SPF_result_t result, SPF_errcode_t error)
{
    switch (result) {
    case SPF_RESULT_NEUTRAL:
        return SPF_NEUTRAL;
    case SPF_RESULT_PASS:
        return SPF_PASS;
    case SPF_RESULT_FAIL:
        return SPF_FAIL;
    case SPF_RESULT_SOFTFAIL:
        return SPF_SOFTFAIL;
    case SPF_RESULT_NONE:
        return SPF_NONE;
    case SPF_RESULT_TEMPERROR:
        return SPF_TEMPERROR;
    case SPF_RESULT_PERMERROR:
        return SPF_PERMERROR;
    case SPF_RESULT_INVALID:
        break;
    }
    return error == SPF_E_DNS_ERROR ? SPF_TEMPERROR : SPF_PERMERROR;
}

/* spf2_reason_of - why, as far as the library reports it */
static const char *spf2_reason_of(SPF_reason_t reason)
{
    switch (reason) {
    case SPF_REASON_LOCALHOST:
        return "the client is the local host, which libspf2 always lets pass";
    case SPF_REASON_LOCAL_POLICY:
        return "a local policy matched";
    case SPF_REASON_MECH:
        return "a mechanism matched";
    case SPF_REASON_DEFAULT:
        return "no mechanism matched";
    case SPF_REASON_NONE:
    case SPF_REASON_FAILURE:
    case SPF_REASON_2MX:
        break;
    }
    return "";
}

/* detail_of - the library's first error, or its reason */
static const char *detail_of(struct arena *arena, SPF_response_t *response, SPF_errcode_t error)
{
    int count = response != NULL ? spf2.SPF_response_messages(response) : 0;
    const char *reason =
        response != NULL ? spf2_reason_of(spf2.SPF_response_reason(response)) : "";

    for (int i = 0; i < count; i++) {
        SPF_error_t *message = spf2.SPF_response_message(response, i);

        if (spf2.SPF_error_errorp(message))
            return arena_strdup(arena, spf2.SPF_error_message(message));
    }
    if (*reason == '\0' && response != NULL &&
        spf2.SPF_response_result(response) == SPF_RESULT_NONE)
        return "no record";
    if (*reason == '\0')
        return arena_strdup(arena, spf2.SPF_strerror(error));
    return reason;
}

/* spf2_explained - with the domain's own explanation of a fail */
static const char *spf2_explained(struct arena *arena, SPF_response_t *response,
                                  const char *detail)
{
    const char *text = NULL;

    if (response == NULL || spf2.SPF_response_result(response) != SPF_RESULT_FAIL)
        return detail;
    text = spf2.SPF_response_get_explanation(response);
    if (text == NULL || span_starts_with(span_of(text), DEFAULT_EXPLANATION))
        return detail;
    return arena_printf(arena, "%s" ENGINE_SPF_EXPLAINED "%s", detail, text);
}

void engine_spf2_prepare(void)
{
    dns.lookup = hook_lookup;
    if (server == NULL && library_load(LIBRARY_SPF2, spf2_places, COUNT_OF(spf2_places), &spf2))
        server = spf2.SPF_server_new_dns(&dns, 0);
}

/* spf2_put_verdict - one envelope */
static void spf2_put_verdict(struct sbuf *out, struct engine_child *child)
{
    struct span octets = engine_get_span(&child->question);
    const char *helo = engine_get_text(&child->question, child->arena);
    const char *mail_from = engine_get_text(&child->question, child->arena);
    const char *receiver = engine_get_text(&child->question, child->arena);
    SPF_request_t *request = spf2.SPF_request_new(server);
    SPF_response_t *response = NULL;
    SPF_errcode_t error = SPF_E_NO_MEMORY;

    if (request != NULL) {
        (void)spf2.SPF_server_set_rec_dom(server, receiver != NULL ? receiver : "unknown");
        set_client(request, octets);
        if (helo != NULL)
            (void)spf2.SPF_request_set_helo_dom(request, helo);
        if (mail_from != NULL)
            (void)spf2.SPF_request_set_env_from(request, mail_from);
        error = spf2.SPF_request_query_mailfrom(request, &response);
    }
    engine_put_verdict(
        out,
        (int)spf2_result_of(
            response != NULL ? spf2.SPF_response_result(response) : SPF_RESULT_INVALID, error),
        spf2_explained(child->arena, response, detail_of(child->arena, response, error)));
    if (response != NULL)
        spf2.SPF_response_free(response);
    if (request != NULL)
        spf2.SPF_request_free(request);
}

void engine_spf2_answer(struct engine_child *child)
{
    size_t count = engine_get_count(&child->question, ENVELOPE_OCTETS);
    struct sbuf out = sbuf_start(child->arena);

    if (server == NULL)
        _exit(ENGINE_STATUS_ABSENT);
    dns.hook = &child->answers;
    for (size_t i = 0; i < count; i++)
        spf2_put_verdict(&out, child);
    if (!engine_child_reply_missed(child))
        engine_child_reply(ENGINE_FRAME_VERDICTS, sbuf_span(&out));
}

const char *engine_spf2_version(struct arena *arena)
{
    return arena_printf(arena, "libspf2 %d.%d.%d", SPF_LIB_VERSION_MAJOR, SPF_LIB_VERSION_MINOR,
                        SPF_LIB_VERSION_PATCH);
}
