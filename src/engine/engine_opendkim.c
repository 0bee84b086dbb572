/*
 * libopendkim as the opendkim milter calls it, with the milter's defaults: dkim_header() for
 * every field, dkim_eoh(), which fetches the keys, dkim_body(), dkim_eom(), and then the result
 * of each signature. The close hook must be set, or dkim_close() would free our pointer.
 *
 * libopendkim drops a signature that it cannot parse, so its list may be
 * shorter than the message's; place_signatures() finds which is which.
 */
#include <string.h>
#include <sys/types.h>
#include <sys/time.h>
#include <unistd.h>

#include <opendkim/dkim.h>
#include <openssl/crypto.h>

#include "base/library.h"
#include "engine/engine_library.h"
#include "engine/engine_opendkim_result.h"
#include "engine/engine_wire.h"
#include "model/dns_answer.h"

#define OPENDKIM_FUNCTIONS(F)       \
    F(dkim_body)                    \
    F(dkim_dns_set_close)           \
    F(dkim_dns_set_init)            \
    F(dkim_dns_set_query_cancel)    \
    F(dkim_dns_set_query_start)     \
    F(dkim_dns_set_query_waitreply) \
    F(dkim_eoh)                     \
    F(dkim_eom)                     \
    F(dkim_free)                    \
    F(dkim_geterror)                \
    F(dkim_getresultstr)            \
    F(dkim_getsiglist)              \
    F(dkim_header)                  \
    F(dkim_init)                    \
    F(dkim_sig_getbh)               \
    F(dkim_sig_geterror)            \
    F(dkim_sig_geterrorstr)         \
    F(dkim_sig_getflags)            \
    F(dkim_sig_getkeysize)          \
    F(dkim_sig_gettagvalue)         \
    F(dkim_verify)

static struct opendkim_functions {
    OPENDKIM_FUNCTIONS(LIBRARY_POINTER)
} opendkim;

static const struct library_place opendkim_places[] = {
#define PLACE(name) LIBRARY_PLACE(struct opendkim_functions, name)
    OPENDKIM_FUNCTIONS(PLACE)
#undef PLACE
};

/* of OpenSSL, where libopendkim is built with it */
static struct openssl_functions {
    LIBRARY_POINTER(OPENSSL_init_crypto)
} openssl;

static const struct library_place openssl_places[] = {
    LIBRARY_PLACE(struct openssl_functions, OPENSSL_init_crypto)};

#define HOOK_DONE 0 /* what the hooks for which there is nothing to do return */

/* A message and a key for the fork server: verifying it, which fails, makes OpenSSL read its
 * configuration and load its algorithms, as a child cannot. Nobody has the private key. */
#define WARM_NAME "warm._domainkey.example.com"

static const char warm_key[] =
    "k=rsa; p="
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCvYT29pMzGWhuMAyjN8CGBs98rEYhafqFy"
    "6qyjrXfZ97tY5qxQh9vFp00BUOKYw1/K6vIIwOXGW1hU7VPwn8qi+ONo97f+4f/DT4dYX1YL"
    "QZ5jgSM2v03kUzKQd5oNfItVBjfGEw7Iy0Fei0yyxiQKgF7ow4PG5QkNNCK4IMEHZQIDAQAB";

static const char *const warm_fields[] = {
    "From: nobody@example.com",
    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=warm; h=from; "
    "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA",
};

/* one query under way, as libopendkim sees it */
struct query {
    size_t message_len;
    bool is_failed;
};

/* one field of the message */
struct field {
    struct span raw;
    bool is_signature;
    DKIM_SIGINFO *signature; /* libopendkim's; NULL: it dropped it */
};

struct verification {
    struct engine_child *child;
    DKIM *handle;
    struct field *fields;
    size_t field_count;
    DKIM_STAT trouble; /* of the message as a whole; DKIM_STAT_OK: none */
};

static DKIM_LIB *library;
static struct engine_answers *asked; /* whom the hooks ask */

static int hook_init(void **service)
{
    *service = asked;
    return HOOK_DONE;
}

static void hook_close(void *service)
{
    (void)service;
}

static int hook_cancel(void *service, void *query)
{
    (void)service;
    (void)query;
    return HOOK_DONE;
}

/* hook_start - write the answer into libopendkim's buffer. Failures are reported by
 * hook_waitreply(), because a message with SERVFAIL would count as "no key". */
static int hook_start(void *service, int type, unsigned char *name, unsigned char *buffer,
                      size_t size, void **query_out)
{
    struct query *query = arena_new_of(asked->arena, struct query);
    const struct engine_answer *answer = NULL;
    struct span message = {NULL, 0};

    (void)service;
    if (engine_answers_find(asked, (const char *)name, (enum dns_type)type, &answer) ==
            ENGINE_LOOKUP_FOUND &&
        dns_status_is_answer(answer->status))
        message = engine_answer_to_message(asked->arena, answer, size);
    query->is_failed = message.len == 0;
    query->message_len = message.len;
    if (message.len > 0)
        memcpy(buffer, message.at, message.len);
    *query_out = query;
    return DKIM_DNS_SUCCESS;
}

static int hook_waitreply(void *service, void *query_handle, struct timeval *timeout,
                          size_t *len_out, int *error_out, int *dnssec_out)
{
    const struct query *query = query_handle;

    (void)service;
    (void)timeout;
    if (dnssec_out != NULL)
        *dnssec_out = DKIM_DNSSEC_UNKNOWN;
    if (error_out != NULL)
        *error_out = 0;
    if (len_out != NULL)
        *len_out = query->message_len;
    return query->is_failed ? DKIM_DNS_ERROR : DKIM_DNS_SUCCESS;
}

/* library_open - libopendkim with our DNS. The texts of OpenSSL's errors would be loaded first,
 * and nobody sees them: its results have texts of their own. */
static DKIM_LIB *library_open(void)
{
    DKIM_LIB *opened = NULL;

    if (library_load(LIBRARY_OPENDKIM, openssl_places, COUNT_OF(openssl_places), &openssl))
        (void)openssl.OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS, NULL);
    if (library_load(LIBRARY_OPENDKIM, opendkim_places, COUNT_OF(opendkim_places), &opendkim))
        opened = opendkim.dkim_init(NULL, NULL);
    if (opened == NULL)
        return NULL;
    opendkim.dkim_dns_set_init(opened, hook_init);
    opendkim.dkim_dns_set_close(opened, hook_close);
    opendkim.dkim_dns_set_query_start(opened, hook_start);
    opendkim.dkim_dns_set_query_cancel(opened, hook_cancel);
    opendkim.dkim_dns_set_query_waitreply(opened, hook_waitreply);
    return opened;
}

/* read_fields - the header section of the question */
static void read_fields(struct verification *work)
{
    struct engine_reader *in = &work->child->question;
    struct arena *arena = work->child->arena;

    work->field_count = engine_get_count(in, 9);
    work->fields = arena_array_of(arena, struct field, work->field_count + 1);
    for (size_t i = 0; i < work->field_count; i++) {
        work->fields[i].is_signature = engine_get_octet(in) != 0;
        /* libopendkim takes a field as a writable C string and its length */
        work->fields[i].raw = arena_span(arena, engine_get_span(in));
    }
}

/* feed_headers - all fields, then the end of the header section; fetches the keys */
static void feed_headers(struct verification *work)
{
    for (size_t i = 0; i < work->field_count && work->trouble == DKIM_STAT_OK; i++) {
        struct span raw = work->fields[i].raw;

        work->trouble =
            opendkim.dkim_header(work->handle, (u_char *)(uintptr_t)raw.at, raw.len);
    }
    if (work->trouble == DKIM_STAT_OK)
        work->trouble = opendkim.dkim_eoh(work->handle);
}

/* feed_body - frame by frame, as the program reads the message */
static void feed_body(struct verification *work)
{
    static char piece[ENGINE_BODY_MAX];
    size_t len = 0;

    engine_child_reply(ENGINE_FRAME_BODY_WANTED, span_make(NULL, 0));
    while (engine_child_read(piece, sizeof(piece), &len) == ENGINE_FRAME_BODY)
        if (work->trouble == DKIM_STAT_OK && len > 0)
            work->trouble = opendkim.dkim_body(work->handle, (u_char *)piece, len);
    if (work->trouble == DKIM_STAT_OK)
        (void)opendkim.dkim_eom(work->handle, NULL);
}

/* without_blanks - for comparing b= values whatever their folding */
static struct span without_blanks(struct arena *arena, struct span text)
{
    struct sbuf out = sbuf_start(arena);

    for (size_t i = 0; i < text.len; i++)
        if (!ascii_is_space(text.at[i]))
            sbuf_add_octet(&out, text.at[i]);
    return sbuf_span(&out);
}

/* holds_value - the field is the one that libopendkim read the b= value from */
static bool holds_value(struct arena *arena, const struct field *field, DKIM_SIGINFO *signature)
{
    static u_char tag[] = "b";
    const u_char *value = opendkim.dkim_sig_gettagvalue(signature, false, tag);
    struct span needle = without_blanks(arena, span_of((const char *)value));
    struct span raw = without_blanks(arena, field->raw);

    return value != NULL && memmem(raw.at, raw.len, needle.at, needle.len) != NULL;
}

/* place_signatures - libopendkim's list is in message order with some left out */
static void place_signatures(struct verification *work)
{
    DKIM_SIGINFO **list = NULL;
    int count = 0;
    int next = 0;

    if (opendkim.dkim_getsiglist(work->handle, &list, &count) != DKIM_STAT_OK)
        return;
    for (size_t i = 0; i < work->field_count && next < count; i++)
        if (work->fields[i].is_signature &&
            holds_value(work->child->arena, &work->fields[i], list[next]))
            work->fields[i].signature = list[next++];
}

/* put_signature - the verdict on one signature */
static void put_signature(struct sbuf *out, struct verification *work,
                          const struct field *field)
{
    struct engine_opendkim_result result = {.result = DKIM_PERMERROR};

    if (field->signature != NULL) {
        struct engine_opendkim_facts facts = {
            .has_passed =
                (opendkim.dkim_sig_getflags(field->signature) & DKIM_SIGFLAG_PASSED) != 0,
            .body_hash = opendkim.dkim_sig_getbh(field->signature),
            .error = opendkim.dkim_sig_geterror(field->signature),
            .trouble_text = opendkim.dkim_getresultstr(work->trouble),
        };

        facts.error_text = opendkim.dkim_sig_geterrorstr(facts.error);
        if (opendkim.dkim_sig_getkeysize(field->signature, &facts.key_bits) != DKIM_STAT_OK)
            facts.key_bits = 0;
        result = engine_opendkim_result_of(work->child->arena, &facts, work->trouble);
    } else if (work->trouble == DKIM_STAT_OK || work->trouble == DKIM_STAT_NOSIG) {
        result.detail = "libopendkim cannot parse the signature and ignores it";
    } else {
        struct engine_opendkim_facts facts = {
            .body_hash = DKIM_SIGBH_UNTESTED,
            .trouble_text = opendkim.dkim_getresultstr(work->trouble),
        };

        result = engine_opendkim_result_of(work->child->arena, &facts, work->trouble);
        if (opendkim.dkim_geterror(work->handle) != NULL)
            result.detail = opendkim.dkim_geterror(work->handle);
    }
    engine_put_verdict(out, (int)result.result, result.detail);
}

/* put_signatures - on all signatures, once the body was seen */
static struct span put_signatures(struct verification *work)
{
    struct sbuf out = sbuf_start(work->child->arena);

    if (work->trouble == DKIM_STAT_OK)
        feed_body(work);
    if (work->handle != NULL)
        place_signatures(work);
    for (size_t i = 0; i < work->field_count; i++)
        if (work->fields[i].is_signature)
            put_signature(&out, work, &work->fields[i]);
    return sbuf_span(&out);
}

void engine_opendkim_answer(struct engine_child *child)
{
    struct verification work = {.child = child, .trouble = DKIM_STAT_OK};
    struct span verdicts = {NULL, 0};
    DKIM_STAT status = DKIM_STAT_OK;

    if (library == NULL)
        _exit(ENGINE_STATUS_ABSENT);
    read_fields(&work);
    asked = &child->answers;
    work.handle = opendkim.dkim_verify(library, (const u_char *)"message", NULL, &status);
    if (work.handle == NULL)
        work.trouble = DKIM_STAT_NORESOURCE;
    else
        feed_headers(&work);
    if (child->answers.missed_count == 0)
        verdicts = put_signatures(&work);
    if (work.handle != NULL)
        (void)opendkim.dkim_free(work.handle);
    if (!engine_child_reply_missed(child))
        engine_child_reply(ENGINE_FRAME_VERDICTS, verdicts);
}

/* warm_answers - the answers: one key */
static void warm_answers(struct arena *arena, struct engine_answers *answers)
{
    struct sbuf strings = sbuf_start(arena);
    struct sbuf octets = sbuf_start(arena);
    struct span key = span_of(warm_key);
    struct engine_reader in;

    for (; key.len > 0; key = span_from(key, UINT8_MAX)) {
        struct span part = span_sub(key, 0, UINT8_MAX);

        sbuf_add_octet(&strings, (char)(uint8_t)part.len);
        sbuf_add_span(&strings, part);
    }
    engine_answers_write_txt(&octets, WARM_NAME, sbuf_span(&strings));
    in = engine_reader_of(sbuf_span(&octets));
    engine_answers_read(answers, &in, arena);
}

/* warm_up - one verification from start to end */
static void warm_up(struct arena *arena)
{
    struct engine_answers answers;
    DKIM_STAT status = DKIM_STAT_OK;
    DKIM *handle;

    warm_answers(arena, &answers);
    asked = &answers;
    handle = opendkim.dkim_verify(library, (const u_char *)"warm", NULL, &status);
    for (size_t i = 0; i < COUNT_OF(warm_fields); i++) {
        struct span field = arena_span(arena, span_of(warm_fields[i]));

        (void)opendkim.dkim_header(handle, (u_char *)(uintptr_t)field.at, field.len);
    }
    if (opendkim.dkim_eoh(handle) == DKIM_STAT_OK)
        (void)opendkim.dkim_eom(handle, NULL);
    (void)opendkim.dkim_free(handle);
    asked = NULL;
}

void engine_opendkim_prepare(void)
{
    struct arena *arena;

    if (library != NULL || (library = library_open()) == NULL)
        return;
    arena = arena_open();
    warm_up(arena);
    arena_close(arena);
}

const char *engine_opendkim_version(struct arena *arena)
{
    uint32_t version = OPENDKIM_LIB_VERSION;

    return arena_printf(arena, "libopendkim %u.%u.%u", version >> 24, version >> 16 & 0xff,
                        version >> 8 & 0xff);
}
