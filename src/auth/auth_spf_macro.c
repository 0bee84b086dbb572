/*
 * Macros are expanded into a buffer of fixed size. For a domain name only its
 * right end matters (what is too long is cut from the left), so a full buffer
 * forgets its left part; an explanation stops growing instead.
 */
#include <string.h>

#include "auth/auth_spf_private.h"
#include "base/ip.h"
#include "base/limits.h"
#include "record/rec_spf_macro.h"

#define EXPANSION_SIZE (LIMIT_SPF_EXPLANATION_BYTES + 1)
#define EXPANSION_KEPT 512 /* more than a name needs */

struct expansion {
    char bytes[EXPANSION_SIZE];
    size_t len;
    bool is_name;
    bool is_cut; /* the left (name) or right (explanation) part is gone */
};

/* spf_macro_put - append one octet */
static void spf_macro_put(struct expansion *out, char octet)
{
    if (out->len == EXPANSION_SIZE - 1) {
        out->is_cut = true;
        if (!out->is_name)
            return;
        memmove(out->bytes, out->bytes + out->len - EXPANSION_KEPT, EXPANSION_KEPT);
        out->len = EXPANSION_KEPT;
    }
    out->bytes[out->len++] = octet;
}

/* put_value - append octets, URL-escaped for an upper-case letter (RFC 7208, 7.3) */
static void put_value(struct expansion *out, struct span value, bool is_escaped)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < value.len; i++) {
        char octet = value.at[i];

        if (!is_escaped || ascii_is_alnum(octet) ||
            (octet != '\0' && strchr("-._~", octet) != NULL)) {
            spf_macro_put(out, octet);
            continue;
        }
        spf_macro_put(out, '%');
        spf_macro_put(out, digits[(unsigned char)octet >> 4]);
        spf_macro_put(out, digits[octet & 0x0f]);
    }
}

/* is_delimiter - does the octet part the value */
static bool is_delimiter(const struct rec_spf_macro *macro, char octet)
{
    if (macro->delimiters.len == 0)
        return octet == '.';
    return span_find(macro->delimiters, octet) >= 0;
}

/* kept_parts - where the parts to keep begin (or, reversed, end), in octets */
static struct span kept_parts(const struct rec_spf_macro *macro, struct span value)
{
    size_t left = macro->parts;
    size_t at = 0;

    if (left == 0)
        return value;
    if (macro->is_reversed) {
        for (at = 0; at < value.len; at++)
            if (is_delimiter(macro, value.at[at]) && --left == 0)
                return span_sub(value, 0, at);
        return value;
    }
    for (at = value.len; at > 0; at--)
        if (is_delimiter(macro, value.at[at - 1]) && --left == 0)
            return span_from(value, at);
    return value;
}

/* put_transformed - split, reverse, keep the right-hand parts, join with "." (RFC 7208, 7.3) */
static void put_transformed(struct expansion *out, const struct rec_spf_macro *macro,
                            struct span value)
{
    size_t end = 0;

    value = kept_parts(macro, value);
    end = value.len;
    for (size_t at = value.len; macro->is_reversed && at > 0; at--) {
        if (!is_delimiter(macro, value.at[at - 1]))
            continue;
        put_value(out, span_sub(value, at, end - at), macro->is_url_escaped);
        spf_macro_put(out, '.');
        end = at - 1;
    }
    if (macro->is_reversed) {
        put_value(out, span_sub(value, 0, end), macro->is_url_escaped);
        return;
    }
    for (size_t at = 0; at < value.len; at++) {
        char octet = is_delimiter(macro, value.at[at]) ? '.' : value.at[at];

        put_value(out, span_make(&octet, 1), macro->is_url_escaped);
    }
}

/* dotted_client - %{i}: IPv4 as usual, IPv6 as nibbles with dots (RFC 7208, 7.3) */
static struct span dotted_client(struct auth_spf_eval *eval)
{
    static const char digits[] = "0123456789ABCDEF";
    const struct ip_address *client = &eval->input->client;
    char *text = NULL;

    if (eval->dotted.len > 0)
        return eval->dotted;
    if (client->family != IP_V6) {
        eval->dotted = span_of(ip_to_text(eval->arena, client));
        return eval->dotted;
    }
    text = arena_alloc(eval->arena, 4 * IP_V6_OCTETS);
    for (size_t i = 0; i < IP_V6_OCTETS; i++) {
        text[4 * i] = digits[client->octets[i] >> 4];
        text[4 * i + 1] = '.';
        text[4 * i + 2] = digits[client->octets[i] & 0x0f];
        text[4 * i + 3] = '.';
    }
    eval->dotted = span_make(text, 4 * IP_V6_OCTETS - 1);
    return eval->dotted;
}

/* spf_macro_value_of - what the letter stands for (RFC 7208, 7.2) */
static struct span spf_macro_value_of(struct auth_spf_eval *eval,
                                      const struct auth_spf_frame *frame, char letter)
{
    const struct auth_spf_input *input = eval->input;

    switch (letter) {
    case 's':
        return eval->sender;
    case 'l':
        return eval->local;
    case 'o':
        return eval->sender_domain;
    case 'd':
        return frame->domain;
    case 'i':
        return dotted_client(eval);
    case 'p':
        return auth_spf_client_name(eval, frame);
    case 'v':
        return span_of(input->client.family == IP_V6 ? "ip6" : "in-addr");
    case 'h':
        return eval->helo;
    case 'c':
        return span_of(ip_to_text(eval->arena, &input->client));
    case 't':
        return span_of(arena_printf(eval->arena, "%lld", (long long)input->now));
    }
    return span_of(input->receiver == NULL ? "unknown" : input->receiver); /* r */
}

/* put_piece - append one piece of a macro-string */
static void put_piece(struct expansion *out, struct auth_spf_eval *eval,
                      const struct auth_spf_frame *frame, const struct rec_spf_macro *macro)
{
    struct span value;

    if (macro->letter == '\0')
        put_value(out, macro->literal, false);
    else if (macro->letter == '%')
        spf_macro_put(out, '%');
    else if (macro->letter == '_')
        spf_macro_put(out, ' ');
    else if (macro->letter == '-')
        put_value(out, span_of("%20"), false);
    else {
        value = spf_macro_value_of(eval, frame, macro->letter);
        if (macro->parts == 0 && !macro->is_reversed && macro->delimiters.len == 0)
            put_value(out, value, macro->is_url_escaped);
        else
            put_transformed(out, macro, value);
    }
}

/* spf_macro_expand - the whole macro-string; false on a syntax error or when the evaluation
 * stopped */
static bool spf_macro_expand(struct expansion *out, struct auth_spf_eval *eval,
                             const struct auth_spf_frame *frame, struct span text)
{
    struct rec_spf_macro macro;

    while (text.len > 0) {
        if (rec_spf_macro_next(&text, !out->is_name, &macro) != REC_SPF_MACRO_FINE)
            return false;
        put_piece(out, eval, frame, &macro);
        if (eval->is_stopped)
            return false;
    }
    return true;
}

/* spf_macro_fit - drop labels from the left until the name fits (RFC 7208, 7.3) */
static struct span spf_macro_fit(struct span octets, bool is_cut)
{
    size_t from = 0;

    if (octets.len > 0 && octets.at[octets.len - 1] == '.')
        octets.len--;
    if (!is_cut && octets.len <= DNS_NAME_MAX)
        return octets;
    from = octets.len > DNS_NAME_MAX ? octets.len - DNS_NAME_MAX : 1;
    while (from < octets.len && octets.at[from - 1] != '.')
        from++;
    return span_from(octets, from);
}

/* target_from - a name of the octets; none if they are not ASCII: only the local-part or
 * HELO can bring such octets in, and no name in the DNS has them (RFC 8616, 4) */
static struct auth_spf_target target_from(struct auth_spf_eval *eval, struct span octets)
{
    struct auth_spf_target target = {NULL, octets};

    for (size_t i = 0; i < octets.len; i++)
        if ((unsigned char)octets.at[i] >= 0x80)
            return target;
    if (octets.len > 0)
        target.name = dns_name_from_octets(eval->arena, octets);
    return target;
}

struct auth_spf_target auth_spf_target_of(struct auth_spf_eval *eval,
                                          const struct auth_spf_frame *frame,
                                          const struct rec_spf_term *term)
{
    struct expansion out;
    struct span octets;

    eval->is_shortened = false;
    if (!term->has_domain_spec)
        return (struct auth_spf_target){frame->name, frame->domain};
    if (!term->has_macro)
        return target_from(eval, spf_macro_fit(term->domain_spec, false));
    out.is_name = true;
    out.is_cut = false;
    out.len = 0;
    if (!spf_macro_expand(&out, eval, frame, term->domain_spec))
        return (struct auth_spf_target){NULL, {NULL, 0}};
    octets = spf_macro_fit(span_make(out.bytes, out.len), out.is_cut);
    eval->is_shortened = octets.at != out.bytes;
    return target_from(eval, arena_span(eval->arena, octets));
}

struct auth_spf_target auth_spf_target_used(struct auth_spf_eval *eval,
                                            const struct auth_spf_frame *frame,
                                            const struct rec_spf_term *term)
{
    struct auth_spf_target target = auth_spf_target_of(eval, frame, term);

    if (eval->is_shortened && eval->verdict->shortened == NULL)
        eval->verdict->shortened = auth_spf_term_shown(eval->arena, term);
    return target;
}

/* is_text - printable US-ASCII and nothing else (RFC 7208, 6.2) */
static bool is_text(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!ascii_is_visible(text.at[i]) && text.at[i] != ' ')
            return false;
    return true;
}

const char *auth_spf_expand_text(struct auth_spf_eval *eval, const struct auth_spf_frame *frame,
                                 struct span text)
{
    struct expansion out;

    out.is_name = false;
    out.is_cut = false;
    out.len = 0;
    if (!spf_macro_expand(&out, eval, frame, text) || !is_text(span_make(out.bytes, out.len)))
        return NULL;
    return arena_strdup_span(eval->arena, span_make(out.bytes, out.len));
}
