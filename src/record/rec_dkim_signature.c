/*
 * A DKIM-Signature field, tag by tag, and the two fields of ARC that are nearly the same.
 * "Verifiers MUST meticulously validate the format and values" (RFC 6376, 6.1.1): whatever
 * departs is fatal.
 */
#include "base/base64.h"
#include "base/dns_name.h"
#include "record/rec_arc.h"
#include "record/rec_dkim.h"
#include "record/rec_dkim_private.h"
#include "record/rec_tags.h"

#define LENGTH_DIGITS_MAX 76 /* l=: RFC 6376, 3.5 */
#define TIME_DIGITS_MAX   12 /* t= and x=: RFC 6376, 3.5 */
#define DOMAIN_LABELS_MIN 2  /* d= has a dot: RFC 6376, 3.5, "domain-name" */

/* what the readers of the tags share */
struct reading {
    struct rec_dkim_reader in;
    struct rec_dkim_signature *signature;
};

/* dkim_signature_required - a tag without which there is no signature */
static const struct rec_tag *dkim_signature_required(struct reading *reading, const char *name)
{
    const struct rec_tag *tag = rec_tags_find(reading->in.tags, name);

    if (tag == NULL)
        rec_dkim_fault(&reading->in, REC_DKIM_FAULT_MISSING, NULL,
                       arena_printf(reading->in.arena, "%s= is missing", name));
    return tag;
}

/* dkim_signature_read_version - v=1 */
static void dkim_signature_read_version(struct reading *reading)
{
    const struct rec_tag *tag = dkim_signature_required(reading, "v");

    if (tag != NULL && !span_equal_text(tag->value, "1"))
        rec_dkim_fault(&reading->in, REC_DKIM_FAULT_VERSION, tag, "v= is not 1");
}

/* read_algorithm - a= */
static void read_algorithm(struct reading *reading)
{
    static const struct {
        const char *text;
        enum rec_dkim_algorithm algorithm;
    } algorithms[] = {
        {"rsa-sha256", REC_DKIM_RSA_SHA256},
        {"ed25519-sha256", REC_DKIM_ED25519_SHA256},
        {"rsa-sha1", REC_DKIM_RSA_SHA1},
    };
    struct rec_dkim_signature *signature = reading->signature;
    const struct rec_tag *tag = dkim_signature_required(reading, "a");

    signature->algorithm = REC_DKIM_ALGORITHM_UNKNOWN;
    if (tag == NULL)
        return;
    signature->algorithm_text = tag->value;
    for (size_t i = 0; i < COUNT_OF(algorithms); i++)
        if (span_equal_text(tag->value, algorithms[i].text))
            signature->algorithm = algorithms[i].algorithm;
    if (signature->algorithm == REC_DKIM_RSA_SHA1)
        rec_dkim_fault(&reading->in, REC_DKIM_FAULT_SHA1, tag,
                       "a=rsa-sha1 is no longer accepted (RFC 8301, 3.1)");
    if (signature->algorithm == REC_DKIM_ALGORITHM_UNKNOWN)
        rec_dkim_fault(&reading->in, REC_DKIM_FAULT_ALGORITHM, tag,
                       arena_printf(reading->in.arena, "a=%s: unknown algorithm",
                                    rec_dkim_shown(reading->in.arena, tag->value)));
}

/* dkim_signature_read_octets - b= and bh=, which may be folded anywhere */
static struct span dkim_signature_read_octets(struct reading *reading, const char *name)
{
    const struct rec_tag *tag = dkim_signature_required(reading, name);
    struct span octets = {NULL, 0};

    if (tag == NULL)
        return octets;
    if (!base64_decode(reading->in.arena, rec_without_blanks(reading->in.arena, tag->value),
                       &octets) ||
        octets.len == 0)
        rec_dkim_fault(&reading->in, REC_DKIM_FAULT_BASE64, tag,
                       arena_printf(reading->in.arena, "%s= is %s", name,
                                    tag->value.len == 0 ? "empty" : "not base64"));
    return octets;
}

/* canon_parse - one of the two words */
static bool canon_parse(struct span word, enum rec_dkim_canon *canon_out)
{
    *canon_out = span_equal_text(word, "relaxed") ? REC_DKIM_RELAXED : REC_DKIM_SIMPLE;
    return *canon_out == REC_DKIM_RELAXED || span_equal_text(word, "simple");
}

/* read_canon - c=; a missing part is "simple" */
static void read_canon(struct reading *reading)
{
    struct rec_dkim_signature *signature = reading->signature;
    const struct rec_tag *tag = rec_tags_find(reading->in.tags, "c");
    struct span body = tag == NULL ? span_of(NULL) : tag->value;
    struct span header = {NULL, 0};

    signature->header_canon = signature->body_canon = REC_DKIM_SIMPLE;
    if (tag == NULL)
        return;
    header = span_cut(&body, '/');
    if (!canon_parse(header, &signature->header_canon) ||
        (body.at != NULL && !canon_parse(body, &signature->body_canon)))
        rec_dkim_fault(&reading->in, REC_DKIM_FAULT_CANON, tag,
                       arena_printf(reading->in.arena, "c=%s: unknown canonicalization",
                                    rec_dkim_shown(reading->in.arena, tag->value)));
}

/* name_parse - A-labels of a domain name as signatures write it; NULL if it is not one.
 * Underscores are let through: selectors in use have them */
static const struct dns_name *name_parse(struct arena *arena, struct span text)
{
    const struct dns_name *name = NULL;

    if (text.len == 0 || text.at[text.len - 1] == '.')
        return NULL;
    name = dns_name_parse(arena, text, NULL);
    for (size_t i = 0; name != NULL && i < name->len; i++) {
        char c = name->text[i];

        if (!ascii_is_alnum(c) && c != '-' && c != '_' && c != '.')
            return NULL;
    }
    return name;
}

/* read_names - d= and s=, and with them the place of the key */
static void read_names(struct reading *reading)
{
    struct rec_dkim_signature *signature = reading->signature;
    const struct rec_tag *domain = dkim_signature_required(reading, "d");
    const struct rec_tag *selector = dkim_signature_required(reading, "s");

    if (domain != NULL)
        signature->domain = name_parse(reading->in.arena, domain->value);
    if (signature->domain != NULL && signature->domain->labels < DOMAIN_LABELS_MIN)
        signature->domain = NULL;
    if (selector != NULL)
        signature->selector = name_parse(reading->in.arena, selector->value);
    if (domain != NULL && signature->domain == NULL)
        rec_dkim_fault(&reading->in, REC_DKIM_FAULT_DOMAIN, domain, "d= is not a domain name");
    if (selector != NULL && signature->selector == NULL)
        rec_dkim_fault(&reading->in, REC_DKIM_FAULT_DOMAIN, selector, "s= is not a selector");
    if (signature->domain == NULL || signature->selector == NULL)
        return;
    signature->key_name = dns_name_prepend(
        reading->in.arena,
        arena_printf(reading->in.arena, "%s._domainkey", signature->selector->text),
        signature->domain);
    if (signature->key_name == NULL)
        rec_dkim_fault(&reading->in, REC_DKIM_FAULT_DOMAIN, selector,
                       "s= and d= make a name longer than the DNS allows");
}

/* dkim_signature_hex_value - of a digit in dkim-quoted-printable, upper case only (RFC
 * 6376, 2.11); -1 */
static int dkim_signature_hex_value(char digit)
{
    return digit >= 'a' ? -1 : ascii_hex_value(digit);
}

/* quoted_decode - dkim-quoted-printable (RFC 6376, 2.11); false if malformed */
static bool quoted_decode(struct arena *arena, struct span value, struct span *octets_out)
{
    struct span text = rec_without_blanks(arena, value);
    char *octets = arena_alloc(arena, text.len);
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] != '=') {
            octets[len++] = text.at[i];
            continue;
        }
        if (text.len - i < 3 || dkim_signature_hex_value(text.at[i + 1]) < 0 ||
            dkim_signature_hex_value(text.at[i + 2]) < 0)
            return false;
        octets[len++] = (char)(dkim_signature_hex_value(text.at[i + 1]) << 4 |
                               dkim_signature_hex_value(text.at[i + 2]));
        i += 2;
    }
    *octets_out = span_make(octets, len);
    return true;
}

/* has_one_at - outside a quoted local part there is one "@", the one in front of the domain */
static bool has_one_at(struct span identity)
{
    bool is_quoted = false;
    size_t count = 0;

    for (size_t i = 0; i < identity.len; i++) {
        if (identity.at[i] == '"')
            is_quoted = !is_quoted;
        else if (!is_quoted)
            count += identity.at[i] == '@';
        else if (identity.at[i] == '\\')
            i++;
    }
    return count == 1 && !is_quoted;
}

/* read_identity - i=: its domain is d= or below it (RFC 6376, 3.5) */
static void read_identity(struct reading *reading)
{
    struct rec_dkim_signature *signature = reading->signature;
    const struct rec_tag *tag = rec_tags_find(reading->in.tags, "i");
    struct span text = {NULL, 0};
    ptrdiff_t at = -1;

    if (tag == NULL) {
        signature->identity_domain = signature->domain;
        if (signature->domain != NULL)
            signature->identity =
                span_of(arena_printf(reading->in.arena, "@%s", signature->domain->text));
        return;
    }
    signature->identity = tag->value;
    if (quoted_decode(reading->in.arena, tag->value, &text) && has_one_at(text))
        at = span_find_last(text, '@');
    if (at >= 0)
        signature->identity_domain =
            name_parse(reading->in.arena, span_from(text, (size_t)at + 1));
    if (signature->identity_domain == NULL)
        rec_dkim_fault(&reading->in, REC_DKIM_FAULT_IDENTITY, tag, "i= is not an identity");
    else if (signature->domain != NULL &&
             !dns_name_is_below(signature->identity_domain, signature->domain))
        rec_dkim_fault(&reading->in, REC_DKIM_FAULT_IDENTITY, tag,
                       "i= is neither in the domain of d= nor below it");
}

/* name_is_field_name - ftext of RFC 5322, 3.6.8 */
static bool name_is_field_name(struct span name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!ascii_is_visible(name.at[i]))
            return false;
    return name.len > 0;
}

/* read_headers - h= */
static void read_headers(struct reading *reading)
{
    struct rec_dkim_signature *signature = reading->signature;
    const struct rec_tag *tag = dkim_signature_required(reading, "h");
    struct span rest = tag == NULL ? span_of(NULL) : tag->value;
    bool is_sound = true;

    while (rest.at != NULL) {
        struct span name = span_trim(span_cut(&rest, ':'));

        is_sound = is_sound && name_is_field_name(name);
        signature->signs_from = signature->signs_from || span_equal_nocase(name, "From");
        arena_append(reading->in.arena, signature->signed_names, signature->signed_count, name);
    }
    if (tag == NULL)
        return;
    if (!is_sound)
        rec_dkim_fault(&reading->in, REC_DKIM_FAULT_HEADERS, tag,
                       "h= is not a list of field names");
    if (!signature->signs_from)
        rec_dkim_fault(&reading->in, REC_DKIM_FAULT_FROM_UNSIGNED, tag,
                       "h= does not sign From (RFC 6376, 5.4)");
}

/* number_parse - up to `digits_max` digits; what does not fit is UINT64_MAX */
static bool number_parse(struct span text, size_t digits_max, uint64_t *number_out)
{
    uint64_t number = 0;

    if (text.len == 0 || text.len > digits_max)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        uint64_t digit = (uint64_t)(text.at[i] - '0');

        if (!ascii_is_digit(text.at[i]))
            return false;
        number = number > (UINT64_MAX - digit) / 10 ? UINT64_MAX : number * 10 + digit;
    }
    *number_out = number;
    return true;
}

/* read_number - l=, t= or x=; false if absent or malformed */
static bool read_number(struct reading *reading, const char *name, size_t digits_max,
                        uint64_t *number_out)
{
    const struct rec_tag *tag = rec_tags_find(reading->in.tags, name);

    if (tag == NULL)
        return false;
    if (number_parse(tag->value, digits_max, number_out))
        return true;
    rec_dkim_fault(&reading->in, REC_DKIM_FAULT_NUMBER, tag,
                   arena_printf(reading->in.arena, "%s= is not a number of at most %zu digits",
                                name, digits_max));
    return false;
}

/* read_numbers - l=, t= and x= */
static void read_numbers(struct reading *reading)
{
    struct rec_dkim_signature *signature = reading->signature;
    uint64_t time = 0;
    uint64_t expiry = 0;

    signature->has_length = read_number(reading, "l", LENGTH_DIGITS_MAX, &signature->length);
    signature->has_time = read_number(reading, "t", TIME_DIGITS_MAX, &time);
    signature->has_expiry = read_number(reading, "x", TIME_DIGITS_MAX, &expiry);
    signature->time = (int64_t)time;
    signature->expiry = (int64_t)expiry;
    if (signature->has_time && signature->has_expiry && expiry <= time)
        rec_dkim_fault(&reading->in, REC_DKIM_FAULT_EXPIRY_ORDER,
                       rec_tags_find(reading->in.tags, "x"), "x= is not later than t=");
}

/* dkim_signature_read_query - q= offers dns/txt, as it does by default */
static void dkim_signature_read_query(struct reading *reading)
{
    const struct rec_tag *tag = rec_tags_find(reading->in.tags, "q");

    if (tag != NULL && !rec_dkim_list_has(tag->value, "dns/txt"))
        rec_dkim_fault(&reading->in, REC_DKIM_FAULT_QUERY, tag, "q= does not offer dns/txt");
}

/* dkim_signature_begin - the tag list, and its own faults */
static struct reading dkim_signature_begin(struct arena *arena, struct span value,
                                           struct rec_dkim_signature *signature_out)
{
    *signature_out = (struct rec_dkim_signature){0};
    return (struct reading){
        rec_dkim_start(arena, value, &signature_out->tags, &signature_out->faults),
        signature_out,
    };
}

/* read_signing - how, by whom, and over which body */
static void read_signing(struct reading *reading)
{
    read_algorithm(reading);
    reading->signature->signature = dkim_signature_read_octets(reading, "b");
    reading->signature->body_hash = dkim_signature_read_octets(reading, "bh");
    read_canon(reading);
    read_names(reading);
}

/* read_scope - which header fields, how much of the body, and when */
static void read_scope(struct reading *reading)
{
    read_headers(reading);
    read_numbers(reading);
    dkim_signature_read_query(reading);
}

void rec_dkim_signature_parse(struct arena *arena, struct span value,
                              struct rec_dkim_signature *signature_out)
{
    struct reading reading = dkim_signature_begin(arena, value, signature_out);

    dkim_signature_read_version(&reading);
    read_signing(&reading);
    read_identity(&reading);
    read_scope(&reading);
    signature_out->is_fatal = signature_out->faults != NULL;
}

/* refuse_signed_seal - the seal is made after the message signature (RFC 8617, 4.1.2) */
static void refuse_signed_seal(struct reading *reading)
{
    const struct rec_dkim_signature *signature = reading->signature;

    if (rec_dkim_signs(signature, span_of("ARC-Seal")))
        rec_dkim_fault(&reading->in, REC_DKIM_FAULT_HEADERS,
                       rec_tags_find(reading->in.tags, "h"),
                       "h= signs ARC-Seal (RFC 8617, 4.1.2)");
}

void rec_arc_message_signature_parse(struct arena *arena, struct span value,
                                     struct rec_dkim_signature *signature_out)
{
    struct reading reading = dkim_signature_begin(arena, value, signature_out);

    read_signing(&reading);
    signature_out->identity_domain = signature_out->domain; /* i= is not an identity here */
    read_scope(&reading);
    refuse_signed_seal(&reading);
    signature_out->is_fatal = signature_out->faults != NULL;
}

void rec_arc_seal_parse(struct arena *arena, struct span value,
                        struct rec_dkim_signature *seal_out)
{
    struct reading reading = dkim_signature_begin(arena, value, seal_out);
    const struct rec_tag *headers = rec_tags_find(&seal_out->tags, "h");
    uint64_t time = 0;

    read_algorithm(&reading);
    seal_out->signature = dkim_signature_read_octets(&reading, "b");
    seal_out->header_canon = seal_out->body_canon = REC_DKIM_RELAXED; /* RFC 8617, 4.1.3 */
    read_names(&reading);
    seal_out->identity_domain = seal_out->domain;
    seal_out->has_time = read_number(&reading, "t", TIME_DIGITS_MAX, &time);
    seal_out->time = (int64_t)time;
    if (headers != NULL)
        rec_dkim_fault(&reading.in, REC_DKIM_FAULT_HEADERS, headers,
                       "h= is not allowed in a seal (RFC 8617, 4.1.3)");
    seal_out->is_fatal = seal_out->faults != NULL;
}
