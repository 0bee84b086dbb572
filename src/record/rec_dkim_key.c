/*
 * A key record, tag by tag. The octets of the key are looked at only as far as
 * their outer form goes; decoding is for those who verify.
 */
#include "base/base64.h"
#include "record/rec_der.h"
#include "record/rec_dkim.h"
#include "record/rec_dkim_private.h"
#include "record/rec_tags.h"

#define ED25519_OCTETS     32   /* RFC 8463, 4.2: the raw key */
#define DER_LONG_HEAD      4    /* octets of tag and length of a key of 1024 bits or more */
#define DER_TWO_OCTETS     0x82 /* the length is in two further octets (X.690, 8.1.3.5) */
#define ED25519_DER_OCTETS 44   /* the same in a SubjectPublicKeyInfo (RFC 8410, 4) */

/* dkim_key_read_version - v= is DKIM1 and comes first, or is absent (RFC 6376, 3.6.1) */
static void dkim_key_read_version(const struct rec_dkim_reader *reader)
{
    const struct rec_tag *tag = rec_tags_find(reader->tags, "v");

    if (tag == NULL)
        return;
    if (tag != reader->tags->first)
        rec_dkim_fault(reader, REC_DKIM_FAULT_VERSION, tag, "v= is not the first tag");
    if (!span_equal_text(tag->value, "DKIM1"))
        rec_dkim_fault(reader, REC_DKIM_FAULT_VERSION, tag, "v= is not DKIM1");
}

/* dkim_key_read_type - k= */
static void dkim_key_read_type(const struct rec_dkim_reader *reader, struct rec_dkim_key *key)
{
    const struct rec_tag *tag = rec_tags_find(reader->tags, "k");

    key->type_text = tag == NULL ? span_of("rsa") : tag->value;
    key->type = REC_DKIM_KEY_UNKNOWN;
    if (span_equal_text(key->type_text, "rsa"))
        key->type = REC_DKIM_KEY_RSA;
    else if (span_equal_text(key->type_text, "ed25519"))
        key->type = REC_DKIM_KEY_ED25519;
    else
        rec_dkim_fault(reader, REC_DKIM_FAULT_ALGORITHM, tag,
                       arena_printf(reader->arena, "k=%s: unknown key type",
                                    rec_dkim_shown(reader->arena, key->type_text)));
}

/* read_limits - what the key may be used for: h=, s=, t= */
static void read_limits(const struct rec_dkim_reader *reader, struct rec_dkim_key *key)
{
    const struct rec_tag *hashes = rec_tags_find(reader->tags, "h");
    const struct rec_tag *services = rec_tags_find(reader->tags, "s");
    const struct rec_tag *flags = rec_tags_find(reader->tags, "t");

    key->allows_sha256 = hashes == NULL || rec_dkim_list_has(hashes->value, "sha256");
    if (!key->allows_sha256)
        rec_dkim_fault(reader, REC_DKIM_FAULT_HASHES, hashes, "h= does not allow sha256");
    key->allows_email = services == NULL || rec_dkim_list_has(services->value, "email") ||
                        rec_dkim_list_has(services->value, "*");
    if (!key->allows_email)
        rec_dkim_fault(reader, REC_DKIM_FAULT_SERVICE, services, "s= does not allow email");
    key->is_testing = flags != NULL && rec_dkim_list_has(flags->value, "y");
    key->is_strict = flags != NULL && rec_dkim_list_has(flags->value, "s");
}

/* octets_fault - why the octets are not a key of the type; NULL: they are */
static const char *octets_fault(const struct rec_dkim_key *key)
{
    struct span octets = key->octets;
    struct span inside;

    switch (key->type) {
    case REC_DKIM_KEY_UNKNOWN:
        return NULL;
    case REC_DKIM_KEY_ED25519:
        if (octets.len == ED25519_OCTETS)
            return NULL;
        return octets.len == ED25519_DER_OCTETS
                   ? "p= has the Ed25519 key in DER; it must be the raw 32 octets"
                   : "p= is not an Ed25519 key of 32 octets";
    case REC_DKIM_KEY_RSA:
        if (rec_der_take(&octets, DER_SEQUENCE, &inside))
            return NULL;
        return octets.len == ED25519_OCTETS
                   ? "p= is not an RSA key; it looks like Ed25519, which needs k=ed25519"
                   : "p= is not an RSA key, or is truncated";
    }
    return NULL;
}

/* cut_off - how much of the key is there, where its own length says that more was meant; NULL:
 * that is not what is wrong */
static const char *cut_off(const struct rec_dkim_reader *reader, struct span octets)
{
    const uint8_t *at = (const uint8_t *)octets.at;
    size_t whole = octets.len < DER_LONG_HEAD ? 0 : DER_LONG_HEAD + (at[2] << 8) + at[3];

    if (whole == 0 || at[0] != DER_SEQUENCE || at[1] != DER_TWO_OCTETS || whole <= octets.len)
        return NULL;
    return arena_printf(reader->arena, "p= is cut off: %zu of %zu octets of the key are there",
                        octets.len, whole);
}

/* is_private - the secret half of a pair, in PEM armour or as it is: it begins with a version
 * (RFC 8017, A.1.2; RFC 5208, 5) */
static bool is_private(struct span value, struct span octets)
{
    struct span inside = {NULL, 0};
    struct span number = {NULL, 0};

    return span_find_nocase(value, "PRIVATE KEY") >= 0 ||
           (rec_der_take(&octets, DER_SEQUENCE, &inside) &&
            rec_der_take(&inside, DER_INTEGER, &number) && number.len == 1 &&
            number.at[0] <= 1);
}

/* not_base64 - why p= is not: it may only lack its end */
static const char *not_base64(const struct rec_dkim_reader *reader, struct span bare)
{
    struct span octets = {NULL, 0};
    const char *why = NULL;

    if (base64_decode(reader->arena, span_sub(bare, 0, bare.len - bare.len % 4), &octets))
        why = cut_off(reader, octets);
    return why != NULL ? why : "p= is not base64";
}

static const char private_text[] =
    "p= holds a private key: everybody can sign with it now; make a new pair";

/* dkim_key_read_octets - p= */
static void dkim_key_read_octets(const struct rec_dkim_reader *reader, struct rec_dkim_key *key)
{
    const struct rec_tag *tag = rec_tags_find(reader->tags, "p");
    struct span bare = {NULL, 0};

    if (tag != NULL)
        bare = rec_without_blanks(reader->arena, tag->value);
    if (tag == NULL)
        rec_dkim_fault(reader, REC_DKIM_FAULT_MISSING, NULL, "p= is missing");
    else if (tag->value.len == 0)
        key->is_revoked = true;
    else if (!base64_decode(reader->arena, bare, &key->octets))
        rec_dkim_fault(reader, REC_DKIM_FAULT_BASE64, tag,
                       is_private(tag->value, span_of("")) ? private_text
                                                           : not_base64(reader, bare));
    else if (is_private(tag->value, key->octets))
        rec_dkim_fault(reader, REC_DKIM_FAULT_KEY_DATA, tag, private_text);
    else if (octets_fault(key) != NULL)
        rec_dkim_fault(reader, REC_DKIM_FAULT_KEY_DATA, tag,
                       key->type == REC_DKIM_KEY_RSA && cut_off(reader, key->octets) != NULL
                           ? cut_off(reader, key->octets)
                           : octets_fault(key));
}

void rec_dkim_key_parse(struct arena *arena, struct span text, struct rec_dkim_key *key_out)
{
    struct rec_dkim_reader reader;

    *key_out = (struct rec_dkim_key){0};
    reader = rec_dkim_start(arena, text, &key_out->tags, &key_out->faults);
    dkim_key_read_version(&reader);
    dkim_key_read_type(&reader, key_out);
    read_limits(&reader, key_out);
    dkim_key_read_octets(&reader, key_out);
    key_out->is_fatal = key_out->faults != NULL;
}

/* speaks_of_policy - a p= as a DMARC record has it */
static bool speaks_of_policy(struct span value)
{
    return span_equal_nocase(value, "none") || span_equal_nocase(value, "quarantine") ||
           span_equal_nocase(value, "reject");
}

bool rec_dkim_key_is_record(struct span text)
{
    bool is_first = true;
    bool has_key = false;

    while (text.at != NULL) {
        struct span value = span_cut(&text, ';');
        struct span name = {NULL, 0};

        if (span_find(value, '=') < 0) {
            is_first = false;
            continue;
        }
        name = span_trim(span_cut(&value, '='));
        value = span_trim(value);
        if (span_equal_nocase(name, "v")) {
            if (!span_starts_with_nocase(value, "DKIM"))
                return false;
            if (is_first)
                return true;
        }
        if (span_equal_text(name, "p") && speaks_of_policy(value))
            return false;
        has_key = has_key || span_equal_text(name, "p");
        is_first = false;
    }
    return has_key;
}
