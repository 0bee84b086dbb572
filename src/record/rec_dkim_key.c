/*
 * A key record, tag by tag. The octets of the key are looked at only as far as
 * their outer form goes; decoding is for those who verify.
 */
#include "record/rec_dkim_private.h"

#define ED25519_OCTETS     32   /* RFC 8463, 4.2: the raw key */
#define ED25519_DER_OCTETS 44   /* the same in a SubjectPublicKeyInfo (RFC 8410, 4) */
#define DER_SEQUENCE       0x30 /* an RSA key in either form is a SEQUENCE */

/* what the readers of the tags share */
struct reading {
    struct arena *arena;
    struct rec_dkim_key *key;
};

/* dkim_key_fault - the record cannot be used */
static void dkim_key_fault(struct reading *reading, enum rec_dkim_fault kind,
                           const struct rec_tag *tag, const char *sentence)
{
    rec_dkim_fault_add(reading->arena, &reading->key->faults, kind, tag)->text = sentence;
}

/* dkim_key_read_version - v= is DKIM1 and comes first, or is absent (RFC 6376, 3.6.1) */
static void dkim_key_read_version(struct reading *reading)
{
    const struct rec_tag *tag = rec_tags_find(&reading->key->tags, "v");

    if (tag == NULL)
        return;
    if (tag != reading->key->tags.first)
        dkim_key_fault(reading, REC_DKIM_FAULT_VERSION, tag, "v= is not the first tag");
    if (!span_equal_text(tag->value, "DKIM1"))
        dkim_key_fault(reading, REC_DKIM_FAULT_VERSION, tag, "v= is not DKIM1");
}

/* dkim_key_read_type - k= */
static void dkim_key_read_type(struct reading *reading)
{
    struct rec_dkim_key *key = reading->key;
    const struct rec_tag *tag = rec_tags_find(&key->tags, "k");

    key->type_text = tag == NULL ? span_of("rsa") : tag->value;
    key->type = REC_DKIM_KEY_UNKNOWN;
    if (span_equal_text(key->type_text, "rsa"))
        key->type = REC_DKIM_KEY_RSA;
    else if (span_equal_text(key->type_text, "ed25519"))
        key->type = REC_DKIM_KEY_ED25519;
    else
        dkim_key_fault(reading, REC_DKIM_FAULT_ALGORITHM, tag,
                       arena_printf(reading->arena, "k=%s: unknown key type",
                                    rec_dkim_shown(reading->arena, key->type_text)));
}

/* read_limits - what the key may be used for: h=, s=, t= */
static void read_limits(struct reading *reading)
{
    struct rec_dkim_key *key = reading->key;
    const struct rec_tag *hashes = rec_tags_find(&key->tags, "h");
    const struct rec_tag *services = rec_tags_find(&key->tags, "s");
    const struct rec_tag *flags = rec_tags_find(&key->tags, "t");

    key->allows_sha256 = hashes == NULL || rec_dkim_list_has(hashes->value, "sha256");
    if (!key->allows_sha256)
        dkim_key_fault(reading, REC_DKIM_FAULT_HASHES, hashes, "h= does not allow sha256");
    key->allows_email = services == NULL || rec_dkim_list_has(services->value, "email") ||
                        rec_dkim_list_has(services->value, "*");
    if (!key->allows_email)
        dkim_key_fault(reading, REC_DKIM_FAULT_SERVICE, services, "s= does not allow email");
    key->is_testing = flags != NULL && rec_dkim_list_has(flags->value, "y");
    key->is_strict = flags != NULL && rec_dkim_list_has(flags->value, "s");
}

/* is_der_sequence - a DER SEQUENCE that is all there (X.690, 8.1) */
static bool is_der_sequence(struct span octets)
{
    size_t length_octets = 0;
    size_t length = 0;

    if (octets.len < 2 || (uint8_t)octets.at[0] != DER_SEQUENCE)
        return false;
    length = (uint8_t)octets.at[1];
    if (length & 0x80) {
        length_octets = length & 0x7F;
        length = 0;
        if (length_octets == 0 || length_octets > 4 || octets.len < 2 + length_octets)
            return false;
        for (size_t i = 0; i < length_octets; i++)
            length = length << 8 | (uint8_t)octets.at[2 + i];
    }
    return length <= octets.len - 2 - length_octets;
}

/* look_at_octets - are they a key of the given type */
static void look_at_octets(struct reading *reading, const struct rec_tag *tag)
{
    const struct rec_dkim_key *key = reading->key;

    switch (key->type) {
    case REC_DKIM_KEY_UNKNOWN:
        return;
    case REC_DKIM_KEY_ED25519:
        if (key->octets.len == ED25519_OCTETS)
            return;
        dkim_key_fault(reading, REC_DKIM_FAULT_KEY_DATA, tag,
                       key->octets.len == ED25519_DER_OCTETS
                           ? "p= has the Ed25519 key in DER; it must be the raw 32 octets"
                           : "p= is not an Ed25519 key of 32 octets");
        return;
    case REC_DKIM_KEY_RSA:
        if (is_der_sequence(key->octets))
            return;
        dkim_key_fault(reading, REC_DKIM_FAULT_KEY_DATA, tag,
                       key->octets.len == ED25519_OCTETS
                           ? "p= is not an RSA key; it looks like Ed25519, which needs "
                             "k=ed25519"
                           : "p= is not an RSA key, or is truncated");
        return;
    }
}

/* dkim_key_read_octets - p= */
static void dkim_key_read_octets(struct reading *reading)
{
    struct rec_dkim_key *key = reading->key;
    const struct rec_tag *tag = rec_tags_find(&key->tags, "p");

    if (tag == NULL) {
        dkim_key_fault(reading, REC_DKIM_FAULT_MISSING, NULL, "p= is missing");
        return;
    }
    if (tag->value.len == 0) {
        key->is_revoked = true;
        return;
    }
    if (rec_base64_decode(reading->arena, rec_without_blanks(reading->arena, tag->value),
                          &key->octets))
        look_at_octets(reading, tag);
    else
        dkim_key_fault(reading, REC_DKIM_FAULT_BASE64, tag, "p= is not base64");
}

void rec_dkim_key_parse(struct arena *arena, struct span text, struct rec_dkim_key *key_out)
{
    struct reading reading = {.arena = arena, .key = key_out};

    *key_out = (struct rec_dkim_key){0};
    rec_tags_parse(arena, text, &key_out->tags);
    rec_dkim_fault_tags(arena, &key_out->faults, &key_out->tags);
    dkim_key_read_version(&reading);
    dkim_key_read_type(&reading);
    read_limits(&reading);
    dkim_key_read_octets(&reading);
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
