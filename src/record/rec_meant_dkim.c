/*
 * A key record as it was meant. The octets of the key are what counts: wherever they are
 * and however they are wrapped they come out as a whole key of a known form, or there is no
 * reading.
 */
#include <string.h>

#include "base/base64.h"
#include "base/fault.h"
#include "base/sbuf.h"
#include "base/suggest.h"
#include "model/rec_dkim.h"
#include "record/rec_der.h"
#include "record/rec_dkim.h"
#include "record/rec_meant_private.h"
#include "record/rec_tags.h"

#define VERSION "DKIM1" /* RFC 6376, 3.6.1 */

#define ED25519_OCTETS    32 /* RFC 8463, 4.2: the raw key */
#define RSA_NUMBER_OCTETS 64 /* a modulus has more: RFC 8301, 3.2 */

static const char *const tag_names[] = {"v", "k", "h", "s", "t", "n", "p", "g", NULL};
static const char *const values[] = {VERSION, "rsa", "ed25519", NULL};
static const struct rec_fixer_grammar grammar = {tag_names, values};

/* SubjectPublicKeyInfo up to the key: rsaEncryption with NULL (RFC 3279, 2.3.1), and Ed25519
 * (RFC 8410, 4) */
static const char rsa_algorithm[] =
    "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
static const char ed25519_start[] = "\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";

/* ---- DER ---- */

/* is_rsa_pair - RSAPublicKey: modulus and exponent, and nothing else (RFC 8017, A.1.1) */
static bool is_rsa_pair(struct span octets)
{
    struct span inside;
    struct span modulus;
    struct span exponent;

    return rec_der_take(&octets, DER_SEQUENCE, &inside) &&
           rec_der_take(&inside, DER_INTEGER, &modulus) &&
           rec_der_take(&inside, DER_INTEGER, &exponent) && octets.len == 0 &&
           inside.len == 0 && modulus.len >= RSA_NUMBER_OCTETS && exponent.len > 0 &&
           exponent.len <= 8;
}

/* is_rsa_info - the same in a SubjectPublicKeyInfo */
static bool is_rsa_info(struct span octets)
{
    const struct span algorithm = {rsa_algorithm, sizeof(rsa_algorithm) - 1};
    struct span inside;
    struct span bits;

    if (!rec_der_take(&octets, DER_SEQUENCE, &inside) || octets.len > 0 ||
        !span_equal(span_sub(inside, 0, algorithm.len), algorithm))
        return false;
    inside = span_from(inside, algorithm.len);
    return rec_der_take(&inside, DER_BIT_STRING, &bits) && inside.len == 0 && bits.len > 0 &&
           bits.at[0] == '\0' && is_rsa_pair(span_from(bits, 1));
}

/* der_put - an element of DER; the contents are shorter than 65,536 octets */
static struct span der_put(struct arena *arena, unsigned char tag, struct span contents)
{
    struct sbuf out = sbuf_start(arena);

    sbuf_add_octet(&out, (char)tag);
    if (contents.len > 0x7F) {
        sbuf_add_octet(&out, (char)(contents.len > 0xFF ? 0x82 : 0x81));
        if (contents.len > 0xFF)
            sbuf_add_octet(&out, (char)(contents.len >> 8));
    }
    sbuf_add_octet(&out, (char)(contents.len & 0xFF));
    sbuf_add_span(&out, contents);
    return sbuf_span(&out);
}

/* rsa_wrapped - an RSAPublicKey as SubjectPublicKeyInfo */
static struct span rsa_wrapped(struct arena *arena, struct span pair)
{
    const struct span algorithm = {rsa_algorithm, sizeof(rsa_algorithm) - 1};
    const struct span zero = {"\0", 1};
    struct span bits = der_put(arena, DER_BIT_STRING, rec_fixer_join(arena, zero, "", pair));

    return der_put(arena, DER_SEQUENCE, rec_fixer_join(arena, algorithm, "", bits));
}

/* ---- the key ---- */

/* key_letters - the base64 of a value, with its padding put right; {NULL, 0}: something else
 * is in it */
static struct span key_letters(struct arena *arena, struct span value)
{
    struct sbuf out = sbuf_start(arena);

    while (value.len > 0 && (value.at[value.len - 1] == '=' || value.at[value.len - 1] == '.'))
        value.len--;
    while (value.len > 2 && ascii_to_lower(value.at[0]) == 'p' && value.at[1] == '=')
        value = span_from(value, 2);
    for (size_t i = 0; i < value.len; i++) {
        char octet = value.at[i];

        if (octet == '-' || octet == '_') /* RFC 4648, 5: the other alphabet */
            octet = octet == '-' ? '+' : '/';
        if (ascii_is_alnum(octet) || octet == '+' || octet == '/')
            sbuf_add_octet(&out, octet);
        else if (octet != ' ' && octet != '(' && octet != ')')
            return (struct span){NULL, 0};
    }
    while (out.len % 4 != 0 && out.len % 4 != 1)
        sbuf_add_octet(&out, '=');
    return sbuf_span(&out);
}

/* with_plus - the value with "+" for its blanks: a form of the web took them for each other */
static struct span with_plus(struct arena *arena, struct span value)
{
    char *text = arena_strdup_span(arena, value);

    for (size_t i = 0; i < value.len; i++)
        text[i] = text[i] == ' ' ? '+' : text[i];
    return (struct span){text, value.len};
}

/* a whole key, out of a value */
struct dkim_key_read {
    struct span text; /* base64 */
    const char *type; /* "rsa" or "ed25519"; NULL: not a key */
};

/* read_key_text - the key in a value, in the form that verifiers want */
static struct dkim_key_read read_key_text(struct rec_fixer *fixer, struct span value)
{
    struct dkim_key_read key = {.text = key_letters(fixer->arena, value)};
    struct span start = {ed25519_start, sizeof(ed25519_start) - 1};
    struct span octets;

    if (key.text.len == 0 || !base64_decode(fixer->arena, key.text, &octets))
        return key;
    if (is_rsa_info(octets)) {
        key.type = "rsa";
    } else if (is_rsa_pair(octets)) {
        key.type = "rsa";
        key.text = base64_encode(fixer->arena, rsa_wrapped(fixer->arena, octets));
        rec_fixer_note(fixer, REC_REPAIR_WRAPPED, span_of(""), "");
    } else if (octets.len == ED25519_OCTETS) {
        key.type = "ed25519";
    } else if (octets.len == start.len + ED25519_OCTETS &&
               span_equal(span_sub(octets, 0, start.len), start)) {
        key.type = "ed25519";
        key.text = base64_encode(fixer->arena, span_from(octets, start.len));
        rec_fixer_note(fixer, REC_REPAIR_WRAPPED, span_of(""), "");
    }
    return key;
}

/* without_armour - the text without the lines of PEM around a key */
static struct span without_armour(struct rec_fixer *fixer, struct span text)
{
    static const char *const lines[] = {
        "-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----",
        "-----BEGIN RSA PUBLIC KEY-----", "-----END RSA PUBLIC KEY-----"};
    struct sbuf out = sbuf_start(fixer->arena);
    bool has_armour = false;

    while (text.len > 0) {
        size_t skip = 0;

        for (size_t i = 0; i < COUNT_OF(lines); i++)
            if (span_starts_with_nocase(text, lines[i]))
                skip = strlen(lines[i]);
        if (skip == 0)
            sbuf_add_octet(&out, text.at[0]);
        has_armour = has_armour || skip > 0;
        text = span_from(text, skip > 0 ? skip : 1);
    }
    if (has_armour)
        rec_fixer_note(fixer, REC_REPAIR_ARMOUR, span_of("-----BEGIN PUBLIC KEY-----"), "");
    return sbuf_span(&out);
}

/* ---- tags ---- */

/* put_key - p=, and k= if that does not fit the key; false: no whole key */
static bool put_key(struct rec_fixer *fixer, struct rec_fixer_tags *tags, struct span value)
{
    struct dkim_key_read key = read_key_text(fixer, value);
    struct rec_fixer_tag *type = NULL;

    if (key.type == NULL)
        key = read_key_text(fixer, with_plus(fixer->arena, span_trim(value)));
    if (key.type == NULL)
        return false;
    if (!span_equal(key.text, rec_without_blanks(fixer->arena, value)))
        rec_fixer_note(fixer, REC_REPAIR_BASE64, value, "");
    rec_fixer_put_tag(fixer, tags, "p", key.text);
    type = rec_fixer_find_tag(tags, "k");
    if (type == NULL && strcmp(key.type, "ed25519") == 0) {
        rec_fixer_note(fixer, REC_REPAIR_KEY_TYPE, span_of(""), "k=ed25519");
        rec_fixer_put_tag(fixer, tags, "k", span_of(key.type));
    } else if (type != NULL && !span_equal_text(type->value, key.type)) {
        rec_fixer_note(fixer, REC_REPAIR_KEY_TYPE, type->value, key.type);
        type->value = span_of(key.type);
    }
    return true;
}

/* hash_list - h=, where every name of SHA-256 is meant as that */
static struct span hash_list(struct rec_fixer *fixer, struct span value)
{
    if (memmem(value.at, value.len, "256", 3) == NULL || span_find(value, ':') >= 0 ||
        span_equal_text(value, "sha256"))
        return value;
    rec_fixer_note(fixer, REC_REPAIR_VALUE, value, "sha256");
    return span_of("sha256");
}

/* is_key_name - another name for p=, with a value that is long enough for a key */
static bool is_key_name(const struct rec_fixer_tag *tag)
{
    static const char *const names[] = {"key",  "pub",       "pubkey", "pk",
                                        "pkey", "publickey", "public"};

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (span_equal_nocase(tag->name, names[i]) && tag->value.len >= RSA_NUMBER_OCTETS)
            return true;
    return false;
}

/* put_dkim_named - a tag with a name, except the key; false: the record is another's */
static bool put_dkim_named(struct rec_fixer *fixer, struct rec_fixer_tags *tags,
                           const struct rec_fixer_tag *tag)
{
    const char *name = arena_strdup_span(fixer->arena, tag->name);
    struct span value = tag->value;

    for (size_t i = 0; tag_names[i] != NULL; i++)
        if (span_equal_nocase(tag->name, tag_names[i]) && strcmp(name, tag_names[i]) != 0) {
            rec_fixer_note(fixer, REC_REPAIR_NAME, tag->name, tag_names[i]);
            name = tag_names[i];
        }
    if (strcmp(name, "p") == 0 || is_key_name(tag))
        return true; /* when all others are known */
    if (strcmp(name, "v") == 0) {
        if (suggest_distance(rec_without_blanks(fixer->arena, value), span_of(VERSION), 2) >
                2 &&
            !span_equal_text(value, "1") && !span_equal_nocase(value, "DMARC1"))
            return false; /* the whole key behind it makes the others certain */
        if (!span_equal_text(value, VERSION))
            rec_fixer_note(fixer, REC_REPAIR_VERSION, value, VERSION);
        value = span_of(VERSION);
    } else if (strcmp(name, "h") == 0) {
        value = hash_list(fixer, value);
    } else if (strcmp(name, "k") == 0 && span_starts_with_nocase(value, "rsa") &&
               !span_equal_text(value, "rsa")) {
        rec_fixer_note(fixer, REC_REPAIR_VALUE, value, "rsa");
        value = span_of("rsa");
    }
    rec_fixer_put_tag(fixer, tags, name, value);
    return true;
}

/* put_dkim_bare - a value without a name: the version, or a part of a zone file line in front;
 * false: neither. A key comes later. */
static bool put_dkim_bare(struct rec_fixer *fixer, struct rec_fixer_tags *tags,
                          struct span value)
{
    if (span_equal_nocase(value, VERSION) || span_equal_nocase(value, "v" VERSION)) {
        rec_fixer_note(fixer, REC_REPAIR_VERSION, value, "v=" VERSION);
        rec_fixer_put_tag(fixer, tags, "v", span_of(VERSION));
        return true;
    }
    if (tags->count > 0 || !rec_fixer_is_console(value))
        return false;
    rec_fixer_note(fixer, REC_REPAIR_CONSOLE, value, "");
    return true;
}

/* put_dkim_tags - all but the key, then the key; false: there is no reading */
static bool put_dkim_tags(struct rec_fixer *fixer, struct rec_fixer_tags *tags,
                          const struct rec_fixer_tags *cut)
{
    bool has_key = false;

    for (size_t i = 0; i < cut->count; i++) {
        const struct rec_fixer_tag *tag = &cut->tags[i];

        if (tag->name.at != NULL
                ? !put_dkim_named(fixer, tags, tag)
                : tag->value.len < RSA_NUMBER_OCTETS && !put_dkim_bare(fixer, tags, tag->value))
            return false;
    }
    for (size_t i = 0; i < cut->count; i++) {
        const struct rec_fixer_tag *tag = &cut->tags[i];

        if ((tag->name.at == NULL && tag->value.len >= RSA_NUMBER_OCTETS) || is_key_name(tag))
            rec_fixer_note(fixer, REC_REPAIR_NAME, span_of(""), "p=");
        else if (!span_equal_nocase(tag->name, "p"))
            continue;
        if (!put_key(fixer, tags, tag->value))
            return false;
        has_key = true;
    }
    return has_key;
}

/* ---- strings ---- */

/* string_with - the piece that has the text, blanks aside; the count of pieces: none */
static size_t string_with(struct rec_fixer *fixer, const struct rec_fixer_pieces *pieces,
                          const char *text)
{
    for (size_t i = 0; i < pieces->count; i++) {
        struct span plain = rec_without_blanks(fixer->arena, pieces->spans[i]);

        if (span_starts_with_nocase(plain, text))
            return i;
    }
    return pieces->count;
}

/* turn_key_strings - the string with the version, or else the one with the key, in front; the
 * one that ends as RSA keys do, in the exponent 65537, at the end */
static void turn_key_strings(struct rec_fixer *fixer, struct rec_fixer_pieces *pieces)
{
    size_t first = string_with(fixer, pieces, "v=DKIM1");

    if (rec_fixer_is_console(span_trim(pieces->spans[0])))
        return;
    if (first == pieces->count)
        first = string_with(fixer, pieces, "k=");
    if (first == pieces->count)
        first = string_with(fixer, pieces, "p=");
    if (first < pieces->count)
        rec_fixer_rotate(fixer, pieces, first);
    for (size_t i = 1; i + 1 < pieces->count; i++) {
        struct span text = span_trim(pieces->spans[i]);

        if (!span_ends_with_nocase(text, "IDAQAB"))
            continue;
        pieces->spans[i] = pieces->spans[pieces->count - 1];
        pieces->spans[pieces->count - 1] = text;
        rec_fixer_note(fixer, REC_REPAIR_ORDER, text, "");
        return;
    }
}

/* key_read_as - one reading; NULL: none */
static const struct rec_meant *key_read_as(struct rec_fixer *fixer, const struct span *strings,
                                           size_t count)
{
    struct rec_fixer_pieces pieces = {0};
    struct rec_fixer_tags cut = {0};
    struct rec_fixer_tags tags = {0};
    struct sbuf text = sbuf_start(fixer->arena);
    struct rec_dkim_key key;

    if (!rec_fixer_clean(fixer, strings, count, &pieces))
        return NULL;
    turn_key_strings(fixer, &pieces);
    for (size_t i = 0; i < pieces.count; i++) {
        if (i == 1 && rec_fixer_is_console(span_trim(sbuf_span(&text))))
            sbuf_add_octet(&text, ' ');
        sbuf_add_span(&text, pieces.spans[i]);
    }
    cut = rec_fixer_cut_tags(fixer, without_armour(fixer, sbuf_span(&text)), &grammar);
    if (!put_dkim_tags(fixer, &tags, &cut))
        return NULL;
    fixer->meant->text = rec_fixer_tags_text(fixer, &tags);
    rec_dkim_key_parse(fixer->arena, fixer->meant->text, &key);
    for (const struct fault *fault = key.faults; fault != NULL; fault = fault->next)
        if (fault->kind != REC_DKIM_FAULT_HASHES && fault->kind != REC_DKIM_FAULT_SERVICE)
            return NULL;
    return fixer->meant;
}

const struct rec_meant *rec_meant_dkim(struct arena *arena, const struct span *strings,
                                       size_t count)
{
    struct rec_fixer fixer = rec_fixer_open(arena);

    return rec_fixer_read(&fixer, key_read_as, strings, count);
}
