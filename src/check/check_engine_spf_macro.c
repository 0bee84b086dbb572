/*
 * Macros that libspf2 expands otherwise, or not at all. The values are those of the identity;
 * of the records alone only the name of the record is certain.
 */
#include <string.h>

#include "base/arena.h"
#include "base/escape.h"
#include "base/ip.h"
#include "base/limits.h"
#include "base/span.h"
#include "check/check_engine_cause.h"
#include "record/rec_spf_macro.h"

/* one macro of a term, with its text as written */
struct written {
    struct rec_spf_macro macro;
    struct span text;
};

/* a predicate over one macro */
typedef bool macro_fn(struct engine_case *one, const struct engine_spf_record *at,
                      const struct written *written);

/* has_macro_for - some macro of the term for which it holds */
static bool has_macro_for(struct engine_case *one, const struct engine_spf_record *at,
                          const struct rec_spf_term *term, macro_fn *holds)
{
    struct span rest = term->domain_spec;

    if (!term->has_macro || term->kind > REC_SPF_REDIRECT)
        return false;
    while (rest.len > 0) {
        struct span before = rest;
        struct written written;

        if (rec_spf_macro_next(&rest, false, &written.macro) != REC_SPF_MACRO_FINE)
            return false;
        written.text = span_sub(before, 0, before.len - rest.len);
        if (ascii_is_alpha(written.macro.letter) && holds(one, at, &written))
            return true;
    }
    return false;
}

/* is_helo - the identity is the HELO name, as postmaster of which libspf2 sees the sender */
static bool is_helo(const struct engine_case *one)
{
    return strcmp(one->verdict->about, "spf.helo") == 0 ||
           one->facts->subject->mail_from == NULL || one->facts->subject->mail_from[0] == '\0';
}

/* engine_spf_macro_sender - MAIL FROM, or what stands for it (RFC 7208, 2.4) */
static struct span engine_spf_macro_sender(const struct engine_case *one)
{
    const char *helo = one->facts->subject->helo;

    if (!is_helo(one))
        return span_of(one->facts->subject->mail_from);
    return span_of(arena_printf(one->out->arena, "postmaster@%s", helo != NULL ? helo : ""));
}

/* client_value - %{i}: dotted octets, or 32 dotted nibbles (RFC 7208, 7.3) */
static struct span client_value(const struct engine_case *one)
{
    static const char nibbles[] =
        "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0";
    const struct ip_address *client = &one->facts->subject->ip;

    /* only its parts are counted */
    return span_of(client->family == IP_V6 ? nibbles : ip_to_text(one->out->arena, client));
}

/* engine_spf_macro_value_of - what the letter stands for; false where that is not known */
static bool engine_spf_macro_value_of(const struct engine_case *one,
                                      const struct engine_spf_record *at, char letter,
                                      struct span *value_out)
{
    struct span from = {NULL, 0};
    ptrdiff_t sign = 0;

    if (letter == 'd')
        *value_out = span_of(at->name->text);
    if (letter == 'd' || one->verdict == NULL)
        return letter == 'd';
    from = engine_spf_macro_sender(one);
    sign = span_find_last(from, '@');
    if (letter == 's')
        *value_out = from;
    else if (letter == 'l' && sign >= 0)
        *value_out = span_sub(from, 0, (size_t)sign);
    else if (letter == 'o')
        *value_out = span_from(from, (size_t)(sign + 1));
    else if (letter == 'i')
        *value_out = client_value(one);
    else if (letter == 'v')
        *value_out = span_of(one->facts->subject->ip.family == IP_V6 ? "ip6" : "in-addr");
    else if (letter == 'h')
        *value_out = span_of(one->facts->subject->helo);
    else if (letter == 'p' && one->facts->client_ptr_confirmed &&
             dns_answer_count(one->facts->client_ptr) == 1)
        *value_out = span_of(dns_answer_first(one->facts->client_ptr)->target->text);
    else
        return false;
    return true;
}

/* parts_of - into how many parts the macro divides a value */
static size_t parts_of(const struct rec_spf_macro *macro, struct span value)
{
    size_t parts = 1;

    for (size_t i = 0; i < value.len; i++)
        if (macro->delimiters.len == 0 ? value.at[i] == '.'
                                       : span_find(macro->delimiters, value.at[i]) >= 0)
            parts++;
    return parts;
}

/* wants_all_parts - asks for as many parts as there are, or more */
static bool wants_all_parts(struct engine_case *one, const struct engine_spf_record *at,
                            const struct written *written)
{
    struct span value = {NULL, 0};

    if (written->macro.parts == 0 ||
        !engine_spf_macro_value_of(one, at, written->macro.letter, &value) ||
        written->macro.parts < parts_of(&written->macro, value))
        return false;
    one->cause = arena_printf(one->out->arena, "%.*s", SPAN_ARG(written->text));
    return true;
}

static bool has_all_parts(struct engine_case *one, const struct engine_spf_record *at,
                          const struct rec_spf_term *term)
{
    return has_macro_for(one, at, term, wants_all_parts);
}

/* check_cause_spf_macro_digits - libspf2 loses the first octet of such a value */
bool check_cause_spf_macro_digits(struct engine_case *one)
{
    return check_case_find_term(one, has_all_parts);
}

/* engine_spf_macro_is_foreign - a delimiter or transformer that libspf2 does not know: ","
 * "/" or "R" */
static bool engine_spf_macro_is_foreign(struct engine_case *one,
                                        const struct engine_spf_record *at,
                                        const struct written *written)
{
    (void)at;
    if (span_find(written->macro.delimiters, ',') < 0 &&
        span_find(written->macro.delimiters, '/') < 0 &&
        span_find(span_from(written->text, strlen("%{x")), 'R') < 0)
        return false;
    one->cause = arena_printf(one->out->arena, "%.*s", SPAN_ARG(written->text));
    return true;
}

static bool has_foreign(struct engine_case *one, const struct engine_spf_record *at,
                        const struct rec_spf_term *term)
{
    return has_macro_for(one, at, term, engine_spf_macro_is_foreign);
}

/* check_cause_spf_macro_delimiter - a syntax error for libspf2 */
bool check_cause_spf_macro_delimiter(struct engine_case *one)
{
    return check_case_is(one, NULL, "permerror") && check_case_find_term(one, has_foreign);
}

/* is_left_unescaped - an upper-case letter, and octets in the value that libspf2 leaves */
static bool is_left_unescaped(struct engine_case *one, const struct engine_spf_record *at,
                              const struct written *written)
{
    struct span value = {NULL, 0};

    if (!written->macro.is_url_escaped ||
        !engine_spf_macro_value_of(one, at, written->macro.letter, &value))
        return false;
    one->cause = arena_printf(one->out->arena, "%.*s", SPAN_ARG(written->text));
    for (size_t i = 0; i < value.len; i++)
        if (value.at[i] != '\0' && strchr("!*'()", value.at[i]) != NULL)
            return true;
    return false;
}

static bool has_left_unescaped(struct engine_case *one, const struct engine_spf_record *at,
                               const struct rec_spf_term *term)
{
    return has_macro_for(one, at, term, is_left_unescaped);
}

/* check_cause_spf_macro_escape - libspf2 follows an older list of octets (RFC 7208, 7.3) */
bool check_cause_spf_macro_escape(struct engine_case *one)
{
    return check_case_find_term(one, has_left_unescaped);
}

/* is_shortened - the term that the standard shortened the name of */
static bool is_shortened(struct engine_case *one, const struct engine_spf_record *at,
                         const struct rec_spf_term *term)
{
    const struct auth_spf_verdict *verdict = check_engine_identity(one);

    (void)at;
    one->cause = "its macros make a name of more than 253 octets";
    return term->has_macro && verdict->shortened != NULL &&
           strcmp(escape_to_text(one->out->arena, term->text, LIMIT_SHOWN_BYTES),
                  verdict->shortened) == 0;
}

/* check_cause_spf_name_long - libspf2 asks for a name that does not fit into a question */
bool check_cause_spf_name_long(struct engine_case *one)
{
    return check_engine_identity(one) != NULL && check_case_find_term(one, is_shortened);
}
