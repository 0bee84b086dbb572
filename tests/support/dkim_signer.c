/* Canonicalization as the text of RFC 6376 tells it, one rule after the other. */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/sbuf.h"
#include "dkim_signer.h"
#include "unit.h"

#define FOLD_AT    64
#define TXT_STRING 255 /* RFC 1035, 3.3: a character-string */

/* load_key - from testdata/dkim */
static EVP_PKEY *load_key(struct arena *arena, const char *name)
{
    FILE *file = fopen(arena_printf(arena, "%s/dkim/%s.pem", TESTDATA_DIR, name), "r");
    EVP_PKEY *key = file == NULL ? NULL : PEM_read_PrivateKey(file, NULL, NULL, NULL);

    if (file != NULL)
        fclose(file);
    if (key == NULL)
        fail_msg("no key %s", name);
    return key;
}

/* base64 - in one line */
static const char *base64(struct arena *arena, const unsigned char *octets, size_t len)
{
    char *text = arena_alloc(arena, len * 2 + 8);

    EVP_EncodeBlock((unsigned char *)text, octets, (int)len);
    return text;
}

/* drop_line_ends - CRLFs at the end */
static size_t drop_line_ends(struct span text)
{
    while (text.len >= 2 && memcmp(text.at + text.len - 2, "\r\n", 2) == 0)
        text.len -= 2;
    return text.len;
}

/* add_relaxed_line - blanks at the end dropped, others made one SP */
static void add_relaxed_line(struct sbuf *out, struct span line)
{
    while (line.len > 0 && ascii_is_blank(line.at[line.len - 1]))
        line.len--;
    for (size_t i = 0; i < line.len; i++) {
        if (!ascii_is_blank(line.at[i]))
            sbuf_add_octet(out, line.at[i]);
        else if (i == 0 || !ascii_is_blank(line.at[i - 1]))
            sbuf_add_octet(out, ' ');
    }
}

/* find_text - position of `text`, or the length */
static size_t find_text(struct span in, const char *text)
{
    const char *hit = in.len == 0 ? NULL : memmem(in.at, in.len, text, strlen(text));

    return hit == NULL ? in.len : (size_t)(hit - in.at);
}

/* canonical_body - 3.4.3 and 3.4.4 */
static struct span canonical_body(struct arena *arena, struct span body, bool is_relaxed)
{
    struct sbuf out = sbuf_start(arena);

    if (!is_relaxed) {
        sbuf_add_span(&out, span_sub(body, 0, drop_line_ends(body)));
        sbuf_add(&out, "\r\n");
        return sbuf_span(&out);
    }
    while (body.len > 0) {
        size_t end = find_text(body, "\r\n");

        add_relaxed_line(&out, span_sub(body, 0, end));
        sbuf_add(&out, "\r\n");
        body = span_from(body, end + 2);
    }
    struct span all = sbuf_span(&out);

    all.len = drop_line_ends(all);
    if (all.len > 0)
        all.len += 2;
    return all;
}

/* add_field - one field without its final CRLF (3.4.1 and 3.4.2) */
static void add_field(struct arena *arena, struct sbuf *out, struct span field, bool is_relaxed)
{
    struct sbuf unfolded = sbuf_start(arena);
    struct sbuf tidy = sbuf_start(arena);
    size_t colon = (size_t)span_find(field, ':');

    if (!is_relaxed) {
        sbuf_add_span(out, field);
        return;
    }
    for (struct span rest = field; rest.len > 0;) {
        size_t end = find_text(rest, "\r\n");

        sbuf_add_span(&unfolded, span_sub(rest, 0, end));
        rest = span_from(rest, end + 2);
    }
    struct span name = span_trim(span_sub(field, 0, colon));

    for (size_t i = 0; i < name.len; i++)
        sbuf_add_octet(out, ascii_to_lower(name.at[i]));
    sbuf_add_octet(out, ':');
    add_relaxed_line(&tidy, span_from(sbuf_span(&unfolded), colon + 1));
    struct span value = sbuf_span(&tidy);

    sbuf_add_span(out, value.len > 0 && value.at[0] == ' ' ? span_from(value, 1) : value);
}

#define FIELDS_MAX 300

struct fields {
    struct span at[FIELDS_MAX]; /* without the final CRLF */
    bool is_used[FIELDS_MAX];
    size_t count;
};

/* cut_fields - the header section; returns the body */
static struct span cut_fields(struct span message, struct fields *fields)
{
    *fields = (struct fields){.count = 0};
    while (message.len > 0 && !span_starts_with(message, "\r\n")) {
        size_t end = find_text(message, "\r\n");

        while (end + 2 < message.len && ascii_is_blank(message.at[end + 2]))
            end += 2 + find_text(span_from(message, end + 2), "\r\n");
        assert_true(fields->count < FIELDS_MAX);
        fields->at[fields->count++] = span_sub(message, 0, end);
        message = span_from(message, end + 2);
    }
    return span_from(message, 2);
}

/* add_signed - the fields of h=, from the bottom of the header up (5.4.2) */
static void add_signed(struct arena *arena, struct sbuf *out, struct fields *fields,
                       const char *headers, bool is_relaxed)
{
    struct span rest = span_of(headers);

    while (rest.at != NULL) {
        const char *name = arena_strdup_span(arena, span_trim(span_cut(&rest, ':')));

        for (size_t i = fields->count; i-- > 0;) {
            struct span field = fields->at[i];
            struct span own = span_trim(span_cut(&field, ':'));

            if (fields->is_used[i] || !span_equal_nocase(own, name))
                continue;
            fields->is_used[i] = true;
            add_field(arena, out, fields->at[i], is_relaxed);
            sbuf_add(out, "\r\n");
            break;
        }
    }
}

/* replace - `what` in the text by `with` */
static const char *replace(struct arena *arena, const char *text, const char *what,
                           const char *with)
{
    size_t at = find_text(span_of(text), what);

    if (at == strlen(text))
        return text;
    return arena_printf(arena, "%.*s%s%s", (int)at, text, with, text + at + strlen(what));
}

/* without_signature - the field as it is hashed: "@B@" and the blanks around it deleted, no
 * CRLF at the end (3.7) */
static struct span without_signature(struct arena *arena, const char *field)
{
    struct span text = span_of(field);
    size_t at = find_text(text, "@B@");
    struct span before = span_sub(text, 0, at);
    struct span after = span_from(text, at + 3);
    struct sbuf out = sbuf_start(arena);

    while (before.len > 0 && ascii_is_space(before.at[before.len - 1]))
        before.len--;
    while (after.len > 0 && ascii_is_space(after.at[0]))
        after = span_from(after, 1);
    sbuf_add_span(&out, before);
    sbuf_add_span(&out, after);
    struct span all = sbuf_span(&out);

    if (after.len > 0)
        all.len -= 2;
    return all;
}

/* fold - the value of b= in lines of FOLD_AT */
static const char *fold(struct arena *arena, const char *text)
{
    struct sbuf out = sbuf_start(arena);

    for (size_t i = 0; text[i] != '\0'; i++) {
        if (i > 0 && i % FOLD_AT == 0)
            sbuf_add(&out, "\r\n ");
        sbuf_add_octet(&out, text[i]);
    }
    return sbuf_text(&out);
}

/* sign_digest - RSA PKCS #1 v1.5 or Ed25519 over the digest of the header */
static const char *sign_digest(struct arena *arena, const char *name, struct span digest,
                               const EVP_MD *hash)
{
    EVP_PKEY *key = load_key(arena, name);
    unsigned char *out = arena_alloc(arena, 2048);
    size_t len = 2048;

    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519) {
        EVP_MD_CTX *ctx = EVP_MD_CTX_new();

        assert_int_equal(EVP_DigestSignInit(ctx, NULL, NULL, NULL, key), 1);
        assert_int_equal(
            EVP_DigestSign(ctx, out, &len, (const unsigned char *)digest.at, digest.len), 1);
        EVP_MD_CTX_free(ctx);
    } else {
        EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);

        assert_int_equal(EVP_PKEY_sign_init(ctx), 1);
        assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING), 1);
        assert_int_equal(EVP_PKEY_CTX_set_signature_md(ctx, hash), 1);
        assert_int_equal(
            EVP_PKEY_sign(ctx, out, &len, (const unsigned char *)digest.at, digest.len), 1);
        EVP_PKEY_CTX_free(ctx);
    }
    EVP_PKEY_free(key);
    return base64(arena, out, len);
}

/* digest_of - of all octets */
static struct span digest_of(struct arena *arena, struct span octets, const EVP_MD *hash)
{
    unsigned char *digest = arena_alloc(arena, EVP_MAX_MD_SIZE);
    unsigned len = 0;

    assert_int_equal(EVP_Digest(octets.at, octets.len, digest, &len, hash, NULL), 1);
    return span_make((const char *)digest, len);
}

/* tidy_field - the field to be filled in */
static const char *tidy_field(struct arena *arena, const struct dkim_signing *signing,
                              const char *headers, const char *algorithm)
{
    const char *canon =
        signing->canon == NULL ? "" : arena_printf(arena, " c=%s;", signing->canon);
    const char *length =
        !signing->has_length ? "" : arena_printf(arena, " l=%zu;", signing->length);

    return arena_printf(arena,
                        "DKIM-Signature: v=1; a=%s;%s d=%s; s=%s;\r\n"
                        "\th=%s;%s\r\n\t%s%sbh=@BH@;\r\n\tb=@B@\r\n",
                        algorithm, canon, signing->domain, signing->selector, headers, length,
                        signing->tags == NULL ? "" : signing->tags,
                        signing->tags == NULL ? "" : "\r\n\t");
}

struct span dkim_signer_sign(struct arena *arena, struct span message,
                             const struct dkim_signing *signing)
{
    const char *canon = signing->canon == NULL ? "simple/simple" : signing->canon;
    const char *headers =
        signing->headers == NULL ? "From:To:Subject:Date:Message-ID" : signing->headers;
    const char *algorithm = signing->algorithm != NULL ? signing->algorithm
                            : signing->key[0] == 'e'   ? "ed25519-sha256"
                                                       : "rsa-sha256";
    const EVP_MD *hash = strcmp(algorithm, "rsa-sha1") == 0 ? EVP_sha1() : EVP_sha256();
    bool is_header_relaxed = strncmp(canon, "relaxed", 7) == 0;
    struct fields *fields = arena_new_of(arena, struct fields);
    struct span body =
        canonical_body(arena, cut_fields(message, fields), strstr(canon, "/relaxed") != NULL);
    struct sbuf header = sbuf_start(arena);

    if (signing->has_length)
        body = span_sub(body, 0, signing->length);
    struct span body_digest = digest_of(arena, body, hash);
    const char *field = signing->field != NULL ? signing->field
                                               : tidy_field(arena, signing, headers, algorithm);

    field = replace(arena, field, "@BH@",
                    base64(arena, (const unsigned char *)body_digest.at, body_digest.len));
    add_signed(arena, &header, fields, headers, is_header_relaxed);
    add_field(arena, &header, without_signature(arena, field), is_header_relaxed);
    const char *value =
        sign_digest(arena, signing->key, digest_of(arena, sbuf_span(&header), hash), hash);
    struct sbuf out = sbuf_start(arena);

    sbuf_add(&out, replace(arena, field, "@B@", fold(arena, value)));
    sbuf_add_span(&out, message);
    return sbuf_span(&out);
}

const char *dkim_signer_public(struct arena *arena, const char *name, bool is_pkcs1)
{
    EVP_PKEY *key = load_key(arena, name);
    unsigned char *der = NULL;
    unsigned char raw[32];
    size_t raw_len = sizeof(raw);
    const char *text = NULL;

    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519) {
        assert_int_equal(EVP_PKEY_get_raw_public_key(key, raw, &raw_len), 1);
        text = base64(arena, raw, raw_len);
    } else {
        int len = is_pkcs1 ? i2d_PublicKey(key, &der) : i2d_PUBKEY(key, &der);

        assert_true(len > 0);
        text = base64(arena, der, (size_t)len);
        OPENSSL_free(der);
    }
    EVP_PKEY_free(key);
    return text;
}

const char *dkim_signer_record(struct arena *arena, const char *key)
{
    return arena_printf(arena, "v=DKIM1; k=%s; p=%s", key[0] == 'e' ? "ed25519" : "rsa",
                        dkim_signer_public(arena, key, false));
}

const char *dkim_signer_world(struct arena *arena, const char *selector, const char *domain,
                              const char *record)
{
    struct sbuf line = sbuf_start(arena);
    struct span rest = span_of(record);

    sbuf_addf(&line, "%s._domainkey.%s TXT", selector, domain);
    do {
        sbuf_add(&line, " \"");
        sbuf_add_span(&line, span_sub(rest, 0, TXT_STRING));
        sbuf_add(&line, "\"");
        rest = span_from(rest, TXT_STRING);
    } while (rest.len > 0);
    sbuf_add(&line, "\n");
    return sbuf_text(&line);
}
