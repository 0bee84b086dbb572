/* One function for each mechanism, called once for each response of the client. */
#include "smtp/smtp_auth_server.h"

#include <openssl/ssl.h>

#include "base/base64.h"
#include "base/file.h"
#include "base/limits_serve.h"
#include "base/sbuf.h"
#include "base/span.h"

#define DIGEST_OCTETS 16

struct auth_user {
    struct span name;
    struct span password;
    struct auth_user *next;
};

struct smtp_auth_users {
    struct auth_user *first;
};

/* ---- users ---- */

const struct smtp_auth_users *smtp_auth_users_parse(struct arena *arena, const char *path,
                                                    struct span text, struct err *why)
{
    struct smtp_auth_users *users = arena_new_of(arena, struct smtp_auth_users);
    size_t number = 0;

    while (text.at != NULL && text.len > 0) {
        struct span line = span_cut(&text, '\n');
        struct auth_user *user = NULL;

        number++;
        if (line.len > 0 && line.at[line.len - 1] == '\r')
            line.len--;
        if (span_trim(line).len == 0 || line.at[0] == '#')
            continue;
        user = arena_new_of(arena, struct auth_user);
        user->name = span_cut(&line, ':');
        user->password = line;
        if (line.at == NULL || user->name.len == 0) {
            err_set(why, "%s:%zu: expected user:password", path, number);
            return NULL;
        }
        user->next = users->first;
        users->first = user;
    }
    return users;
}

const struct smtp_auth_users *smtp_auth_users_load(struct arena *arena, const char *path,
                                                   struct err *why)
{
    struct span text = {NULL, 0};

    if (!file_load_text(arena, path, LIMIT_SANDBOX_USERS_BYTES, &text, why))
        return NULL;
    return smtp_auth_users_parse(arena, path, text, why);
}

/* find_password - of the user; false: there is no such user */
static bool find_password(const struct smtp_auth_users *users, const char *name,
                          struct span *password_out)
{
    for (const struct auth_user *user = users->first; user != NULL; user = user->next)
        if (span_equal_text(user->name, name)) {
            *password_out = user->password;
            return true;
        }
    return false;
}

/* ---- answers ---- */

/* auth_challenge - 334, for the client to answer */
static struct smtp_auth_answer auth_challenge(const struct smtp_auth_server *server,
                                              const char *text)
{
    return (struct smtp_auth_answer){.code = 334,
                                     .text = base64_encode(server->arena, span_of(text)).at};
}

/* auth_broken - what the client sent cannot be read */
static struct smtp_auth_answer auth_broken(const char *text)
{
    return (struct smtp_auth_answer){.code = 501, .enhanced = "5.5.2", .text = text};
}

/* auth_decide - whether the secret is the user's */
static struct smtp_auth_answer auth_decide(const struct smtp_auth_server *server,
                                           struct span secret)
{
    struct span password = {NULL, 0};
    bool is_right = true;

    if (server->users != NULL)
        is_right = find_password(server->users, server->user, &password) &&
                   password.len == secret.len &&
                   CRYPTO_memcmp(password.at, secret.at, secret.len) == 0;
    if (!is_right)
        return (struct smtp_auth_answer){
            .code = 535, .enhanced = "5.7.8", .text = "wrong user or password"};
    return (struct smtp_auth_answer){
        .code = 235, .enhanced = "2.7.0", .text = "logged in", .user = server->user};
}

/* auth_read_base64 - false: not base64; "=" alone is an empty response (RFC 4954, 4) */
static bool auth_read_base64(struct arena *arena, struct span text, struct span *bytes_out)
{
    return base64_decode(arena, span_equal_text(text, "=") ? span_of("") : text, bytes_out);
}

/* ---- mechanisms: each gets the decoded response of its turn ---- */

typedef struct smtp_auth_answer server_fn(struct smtp_auth_server *server,
                                          struct span response);

/* serve_plain - RFC 4616: two NULs part three texts */
static struct smtp_auth_answer serve_plain(struct smtp_auth_server *server,
                                           struct span response)
{
    struct span rest = response;
    struct span user = {NULL, 0};

    span_cut(&rest, '\0');
    user = span_cut(&rest, '\0');
    if (rest.at == NULL || user.len == 0)
        return auth_broken("expected [identity] NUL user NUL password");
    server->user = arena_strdup_span(server->arena, user);
    return auth_decide(server, rest);
}

/* serve_login - user, then password; each is asked for */
static struct smtp_auth_answer serve_login(struct smtp_auth_server *server,
                                           struct span response)
{
    if (server->turn > 0)
        return auth_decide(server, response);
    server->user = arena_strdup_span(server->arena, response);
    return auth_challenge(server, "Password:");
}

/* serve_cram_md5 - RFC 2195: user, blank, the keyed digest of the challenge in hexadecimal */
static struct smtp_auth_answer serve_cram_md5(struct smtp_auth_server *server,
                                              struct span response)
{
    ptrdiff_t blank = span_find_last(response, ' ');
    struct span password = {NULL, 0};
    struct sbuf hex = sbuf_start(server->arena);
    unsigned char digest[EVP_MAX_MD_SIZE] = {0};
    size_t len = 0;

    if (blank <= 0 || response.len - (size_t)blank - 1 != 2 * DIGEST_OCTETS)
        return auth_broken("expected user, blank and 32 hexadecimal digits");
    server->user = arena_strdup_span(server->arena, span_sub(response, 0, (size_t)blank));
    if (server->users == NULL)
        return auth_decide(server, password);
    if (find_password(server->users, server->user, &password) &&
        EVP_Q_mac(NULL, "HMAC", NULL, "MD5", NULL, password.at, password.len,
                  (const unsigned char *)server->challenge, strlen(server->challenge), digest,
                  sizeof(digest), &len) != NULL)
        for (size_t i = 0; i < len; i++)
            sbuf_addf(&hex, "%02x", digest[i]);
    if (!span_equal(sbuf_span(&hex), span_from(response, (size_t)blank + 1)))
        return auth_decide(server, span_make("\0wrong", 6));
    return auth_decide(server, password);
}

/* serve_xoauth2 - a token is a password; after a refusal the client sends an empty line */
static struct smtp_auth_answer serve_xoauth2(struct smtp_auth_server *server,
                                             struct span response)
{
    static const char bearer[] = "auth=Bearer ";
    struct span rest = response;
    struct span user = span_cut(&rest, '\001');
    struct span token = span_cut(&rest, '\001');
    struct smtp_auth_answer answer = {0};

    if (server->turn > 0)
        return auth_decide(server, span_make("\0wrong", 6));
    if (!span_starts_with(user, "user=") || !span_starts_with_nocase(token, bearer))
        return auth_broken("expected user=... ^A auth=Bearer ... ^A ^A");
    server->user = arena_strdup_span(server->arena, span_from(user, sizeof("user=") - 1));
    answer = auth_decide(server, span_from(token, sizeof(bearer) - 1));
    return answer.code == 235 ? answer : auth_challenge(server, "{\"status\":\"401\"}");
}

static const struct {
    const char *name;
    server_fn *next;
} serving[] = {
    {"PLAIN", serve_plain},
    {"LOGIN", serve_login},
    {"CRAM-MD5", serve_cram_md5},
    {"XOAUTH2", serve_xoauth2},
};

#define SERVING ((int)COUNT_OF(serving))

/* first_challenge - to a client that sends no initial response */
static struct smtp_auth_answer first_challenge(const struct smtp_auth_server *server)
{
    if (serving[server->mechanism].next == serve_login)
        return auth_challenge(server, "Username:");
    if (serving[server->mechanism].next == serve_cram_md5)
        return auth_challenge(server, server->challenge);
    return auth_challenge(server, "");
}

struct smtp_auth_answer smtp_auth_server_start(struct smtp_auth_server *server,
                                               struct span words)
{
    struct span rest = words;
    struct span name = span_cut(&rest, ' ');

    server->turn = 0;
    server->user = NULL;
    for (server->mechanism = SERVING - 1; server->mechanism >= 0; server->mechanism--)
        if (span_equal_nocase(name, serving[server->mechanism].name))
            break;
    if (server->mechanism < 0)
        return (struct smtp_auth_answer){
            .code = 504, .enhanced = "5.5.4", .text = "this mechanism is not offered"};
    if (rest.at == NULL || span_trim(rest).len == 0)
        return first_challenge(server);
    if (serving[server->mechanism].next == serve_cram_md5)
        return auth_broken("CRAM-MD5 has no initial response");
    return smtp_auth_server_next(server, span_trim(rest));
}

struct smtp_auth_answer smtp_auth_server_next(struct smtp_auth_server *server, struct span line)
{
    struct span response = {NULL, 0};
    struct smtp_auth_answer answer = {0};

    if (span_equal_text(line, "*"))
        return (struct smtp_auth_answer){
            .code = 501, .enhanced = "5.7.0", .text = "the login was cancelled"};
    if (!auth_read_base64(server->arena, line, &response))
        return auth_broken("the response is not base64");
    answer = serving[server->mechanism].next(server, response);
    server->turn++;
    return answer;
}
