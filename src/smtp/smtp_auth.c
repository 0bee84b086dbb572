/* One function for each mechanism, called once a turn. */
#include "smtp/smtp_auth.h"

#include <openssl/ssl.h>

#include "base/base64.h"
#include "base/must.h"
#include "base/sbuf.h"
#include "base/span.h"

#define MD5_OCTETS 16

typedef const char *mechanism_fn(struct smtp_auth *auth, struct span challenge);

/* auth_secret - remember what must never be shown */
static const char *auth_secret(struct smtp_auth *auth, const char *text)
{
    must(auth->secret_count < SMTP_AUTH_SECRETS);
    auth->secrets[auth->secret_count++] = span_of(text);
    return text;
}

/* secret_base64 - encoded, and remembered */
static const char *secret_base64(struct smtp_auth *auth, struct span bytes)
{
    return auth_secret(auth, base64_encode(auth->arena, bytes).at);
}

/* auth_plain - RFC 4616: no authorization identity, NUL, user, NUL, password */
static const char *auth_plain(struct smtp_auth *auth, struct span challenge)
{
    struct sbuf bytes = sbuf_start(auth->arena);

    (void)challenge;
    if (auth->turn > 0)
        return NULL;
    sbuf_add_octet(&bytes, '\0');
    sbuf_add(&bytes, auth->login->user);
    sbuf_add_octet(&bytes, '\0');
    sbuf_add(&bytes, auth->login->password);
    return arena_printf(auth->arena, "AUTH PLAIN %s", secret_base64(auth, sbuf_span(&bytes)));
}

/* login_lines - user and password, each asked for */
static const char *login_lines(struct smtp_auth *auth, struct span challenge)
{
    (void)challenge;
    if (auth->turn == 0)
        return "AUTH LOGIN";
    if (auth->turn == 1)
        return base64_encode(auth->arena, span_of(auth->login->user)).at;
    return auth->turn == 2 ? secret_base64(auth, span_of(auth->login->password)) : NULL;
}

/* auth_decode - the challenge, which is base64; empty if it is not */
static struct span auth_decode(struct arena *arena, struct span text)
{
    struct span bytes;

    return base64_decode(arena, span_trim(text), &bytes) ? bytes : span_of("");
}

/* cram_md5 - RFC 2195: user, and the keyed digest of the challenge */
static const char *cram_md5(struct smtp_auth *auth, struct span challenge)
{
    struct sbuf answer = sbuf_start(auth->arena);
    struct span bytes = {0};
    unsigned char digest[EVP_MAX_MD_SIZE] = {0};
    size_t len = 0;

    if (auth->turn == 0)
        return "AUTH CRAM-MD5";
    if (auth->turn > 1)
        return NULL;
    bytes = auth_decode(auth->arena, challenge);
    if (EVP_Q_mac(NULL, "HMAC", NULL, "MD5", NULL, auth->login->password,
                  strlen(auth->login->password), (const unsigned char *)bytes.at, bytes.len,
                  digest, sizeof(digest), &len) == NULL ||
        len != MD5_OCTETS)
        return NULL; /* MD5 is turned off in this OpenSSL */
    sbuf_addf(&answer, "%s ", auth->login->user);
    for (size_t i = 0; i < len; i++)
        sbuf_addf(&answer, "%02x", digest[i]);
    return secret_base64(auth, sbuf_span(&answer));
}

/* auth_xoauth2 - the token; a refusal comes as a challenge, and is answered by an empty line */
static const char *auth_xoauth2(struct smtp_auth *auth, struct span challenge)
{
    const char *text = NULL;

    (void)challenge;
    if (auth->turn > 0)
        return auth->turn == 1 ? "" : NULL;
    text = arena_printf(auth->arena, "user=%s\001auth=Bearer %s\001\001", auth->login->user,
                        auth->login->password);
    return arena_printf(auth->arena, "AUTH XOAUTH2 %s", secret_base64(auth, span_of(text)));
}

/* the best first; XOAUTH2 only when asked for, because it needs a token */
static const struct {
    const char *name;
    mechanism_fn *next;
    bool is_automatic;
} mechanisms[] = {
    {"PLAIN", auth_plain, true},
    {"LOGIN", login_lines, true},
    {"CRAM-MD5", cram_md5, true},
    {"XOAUTH2", auth_xoauth2, false},
};

#define MECHANISMS ((int)COUNT_OF(mechanisms))

const char *smtp_auth_names(struct arena *arena)
{
    struct sbuf names = sbuf_start(arena);

    for (int i = 0; i < MECHANISMS; i++)
        sbuf_add_item(&names, ", ", mechanisms[i].name);
    return sbuf_text(&names);
}

const char *smtp_auth_find(const char *name)
{
    for (int i = 0; i < MECHANISMS; i++)
        if (span_equal_nocase(span_of(name), mechanisms[i].name))
            return mechanisms[i].name;
    return NULL;
}

bool smtp_auth_start(struct smtp_auth *auth, struct arena *arena,
                     const struct smtp_login *login, const struct smtp_ehlo *ehlo)
{
    *auth = (struct smtp_auth){.arena = arena, .login = login, .mechanism = -1};
    auth_secret(auth, login->password);
    secret_base64(auth, span_of(login->password));
    for (int i = 0; i < MECHANISMS && auth->mechanism < 0; i++) {
        bool is_wanted = login->mechanism != NULL
                             ? strcmp(login->mechanism, mechanisms[i].name) == 0
                             : mechanisms[i].is_automatic;

        /* one that was asked for is tried although it is not offered: the reply decides */
        if (is_wanted &&
            (login->mechanism != NULL || smtp_ehlo_offers(ehlo, mechanisms[i].name)))
            auth->mechanism = i;
    }
    return auth->mechanism >= 0;
}

const char *smtp_auth_mechanism(const struct smtp_auth *auth)
{
    return mechanisms[auth->mechanism].name;
}

const char *smtp_auth_next(struct smtp_auth *auth, struct span challenge)
{
    const char *line = mechanisms[auth->mechanism].next(auth, challenge);

    auth->turn++;
    return line;
}

/* auth_hide - in a part of a reply that holds no code */
static void auth_hide(const struct smtp_auth *auth, char *bytes, size_t len)
{
    for (size_t i = 0; i < auth->secret_count; i++) {
        struct span hidden = auth->secrets[i];

        for (size_t at = 0; hidden.len > 0 && at + hidden.len <= len; at++)
            if (memcmp(bytes + at, hidden.at, hidden.len) == 0)
                memset(bytes + at, '*', hidden.len);
    }
}

/* is_code - a reply code that begins a line */
static bool is_code(const char *bytes, size_t len, size_t at)
{
    bool is_start = at == 0 || bytes[at - 1] == '\n';

    return is_start && at + 3 < len && ascii_is_digit(bytes[at]) &&
           ascii_is_digit(bytes[at + 1]) && ascii_is_digit(bytes[at + 2]) &&
           strchr(" -\r", bytes[at + 3]) != NULL;
}

void smtp_auth_hide(const struct smtp_auth *auth, char *bytes, size_t len)
{
    size_t start = 0;

    for (size_t at = 0; at <= len; at++)
        if (at == len || is_code(bytes, len, at)) {
            auth_hide(auth, bytes + start, at - start);
            start = at < len ? at + 3 : at;
        }
}
