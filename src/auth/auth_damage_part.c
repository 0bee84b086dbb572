/*
 * Two texts that were put into the body at once, such as a banner and a footer, or a footer in
 * each of two parts; and one that was added to a base64 part, which was encoded again.
 *
 * Where such a text may begin and end is guessed from what they look like; the hash proves it.
 */
#include <openssl/evp.h>

#include "auth/auth_damage_line.h"
#include "auth/auth_damage_place.h"
#include "auth/auth_damage_private.h"
#include "auth/auth_dkim_canon.h"
#include "base/arena.h"
#include "base/base64.h"
#include "base/sbuf.h"
#include "base/transfer.h"

#define PUT_INS     48 /* texts that are looked at */
#define PUT_INS_END 8  /* of them in front of one boundary, or at the end */
#define FRONT       20 /* lines of a banner */
#define FRONTS      2  /* parts that may begin with one */
#define BACK        60 /* lines of a footer */
#define ENDS        6  /* boundaries before which a footer is looked for */
#define WIDTH       76 /* letters of a line of base64 (RFC 2045, 6.8) */

/* lines that were not signed; in their place there were some octets */
struct put_in {
    enum auth_damage_kind kind;
    size_t from;
    size_t to;
    struct span octets; /* the end of base64 as it was signed; empty: nothing */
    struct span shown;  /* base64: the text; empty: the lines */
};

struct put_in_search {
    struct damage_places *places;
    struct put_in list[PUT_INS];
    size_t count;
    struct damage_state first;  /* behind the first text that is left out */
    struct damage_state second; /* in front of the second */
    uint64_t reserve;           /* octets that are left to others */
};

/* put_in_begins - may a text begin with this line that somebody put in */
static bool put_in_begins(struct span line, struct span before)
{
    return line.len > 0 && (before.len == 0 || !damage_place_has_word(line) ||
                            span_starts_with(line, "--") || line.at[0] == '<');
}

/* put_in_add - in the order of their first lines */
static void put_in_add(struct put_in_search *search, struct put_in found)
{
    size_t at = search->count;

    if (search->count == PUT_INS || found.to <= found.from)
        return;
    for (; at > 0 && search->list[at - 1].from > found.from; at--)
        search->list[at] = search->list[at - 1];
    search->list[at] = found;
    search->count++;
}

/* ---- what may have been put in ---- */

/* put_in_fronts - banners: up to a line that is empty or without words */
static void put_in_fronts(struct put_in_search *search)
{
    const struct damage_places *places = search->places;
    size_t parts = 0;

    for (size_t from = 0; from < places->count && parts < FRONTS; from++) {
        if (!places->is_text[from])
            continue;
        parts++;
        for (size_t to = from + 1; to < places->count && to <= from + FRONT; to++)
            if (!damage_place_has_word(places->lines[to - 1].text))
                put_in_add(search, (struct put_in){.kind = AUTH_DAMAGE_BODY_PREPENDED,
                                                   .from = from,
                                                   .to = to});
    }
}

/* put_in_footers - texts that end here; what has only blanks is not text */
static void put_in_footers(struct put_in_search *search, size_t end)
{
    const struct damage_line *lines = search->places->lines;
    bool is_blank = true;
    size_t found = 0;

    for (size_t i = end; i-- > 1 && end - i <= BACK && found < PUT_INS_END;) {
        is_blank = is_blank && span_trim(lines[i].text).len == 0;
        if (!put_in_begins(lines[i].text, lines[i - 1].text))
            continue;
        put_in_add(search, (struct put_in){.kind = is_blank ? AUTH_DAMAGE_TRAILING_LINES
                                                            : AUTH_DAMAGE_BODY_APPENDED,
                                           .from = i,
                                           .to = end});
        found++;
    }
}

/* base64_start - the first of the lines of base64 in front of `end` that are as long as each
 * other, but for the last; `end`: there are none */
static size_t base64_start(const struct damage_places *places, size_t end)
{
    size_t from = end;
    size_t width = 0;

    while (from > 0 && end - from < BACK && places->is_base64[from - 1]) {
        size_t len = places->lines[from - 1].text.len;

        if (len % 4 != 0 || len > WIDTH || (end - from > 1 && len != width))
            break;
        width = len;
        from--;
    }
    return end - from > 1 && places->lines[end - 1].text.len > width ? end : from;
}

/* base64_tail - the line of base64 that the text up to `cut` ends with */
static struct span base64_tail(struct arena *arena, struct span text)
{
    struct sbuf out = sbuf_start(arena);

    if (text.len == 0)
        return (struct span){NULL, 0};
    sbuf_add_span(&out, base64_encode(arena, text));
    sbuf_add(&out, "\r\n");
    return sbuf_span(&out);
}

/* lines of base64 and what they say */
struct base64_text {
    size_t from;
    size_t to;
    struct span text;
};

/* base64_cut - the text was only so long */
static void base64_cut(struct put_in_search *search, const struct base64_text *whole,
                       size_t cut)
{
    size_t width = search->places->lines[whole->from].text.len / 4 * 3;
    size_t full = cut / width;
    struct span rest = span_sub(whole->text, full * width, cut - full * width);

    put_in_add(search,
               (struct put_in){.kind = AUTH_DAMAGE_BODY_APPENDED,
                               .from = whole->from + full,
                               .to = whole->to,
                               .octets = base64_tail(search->places->body->work->scratch, rest),
                               .shown = span_from(whole->text, cut)});
}

/* base64_footers - texts at the end of a part of base64: with the line end in front of them, or
 * without */
static void base64_footers(struct put_in_search *search, size_t end)
{
    struct arena *scratch = search->places->body->work->scratch;
    struct base64_text whole = {.from = base64_start(search->places, end), .to = end};
    struct sbuf letters = sbuf_start(scratch);
    size_t found = 0;

    for (size_t i = whole.from; i < end; i++)
        sbuf_add_span(&letters, search->places->lines[i].text);
    whole.text = transfer_decode(scratch, sbuf_span(&letters), span_of("base64"));
    for (size_t i = whole.text.len; i-- > 1 && found < PUT_INS_END;) {
        struct span rest = span_from(whole.text, i);
        struct span line = span_trim(span_cut(&rest, '\n'));
        size_t before = i - 1;

        if (whole.text.at[before] != '\n')
            continue;
        before -= before > 0 && whole.text.at[before - 1] == '\r';
        bool is_first = before == 0 || whole.text.at[before - 1] == '\n';

        if (!put_in_begins(line, span_sub(whole.text, before - !is_first, !is_first)))
            continue;
        found += 2;
        base64_cut(search, &whole, i);
        base64_cut(search, &whole, before);
    }
}

/* put_in_ends - in front of the last boundaries, of the empty line in front of one, and at the
 * end */
static void put_in_ends(struct put_in_search *search)
{
    const struct damage_places *places = search->places;
    size_t ends = 0;

    for (size_t end = places->count; end > 1 && ends < ENDS; end--) {
        bool is_empty = places->lines[end - 1].text.len == 0;

        if (end < places->count && !places->is_boundary[end])
            continue;
        ends++;
        put_in_footers(search, end);
        if (is_empty)
            put_in_footers(search, end - 1);
        base64_footers(search, is_empty ? end - 1 : end);
    }
}

/* ---- is it so ---- */

/* put_in_lines - the lines from one on up to another */
static struct span put_in_lines(const struct damage_places *places, size_t from, size_t to)
{
    struct span octets = damage_places_octets(places, from);

    octets.len -= damage_places_octets(places, to).len;
    return octets;
}

/* put_in_damage - what is said of it */
static struct auth_damage put_in_damage(const struct put_in_search *search,
                                        const struct put_in *found, const char *proof)
{
    struct damage_places *places = search->places;
    struct arena *arena = places->body->work->arena;
    int line = damage_line_of_file(places->body, places->lines[found->from].number);
    struct auth_damage damage = {
        .kind = found->kind, .part = AUTH_DAMAGE_IN_BODY, .line = line, .proof = proof};

    damage.text =
        found->shown.len > 0
            ? arena_printf(arena, "%zu octets (%s) were appended to the base64 text in line %d",
                           found->shown.len,
                           damage_quote(arena, damage_place_words(found->shown)), line)
            : damage_place_put_in(places, found->kind, found->from, found->to);
    return damage;
}

/* put_in_try - the body is `state`, then what was in the place of the text, then the rest; says
 * so if it was signed. False: there is not enough left to hash */
static bool put_in_try(struct put_in_search *search, const struct damage_state *state,
                       const struct put_in *first, const struct put_in *second)
{
    struct damage_places *places = search->places;
    struct damage_work *work = places->body->work;
    const struct put_in *last = second != NULL ? second : first;
    struct span rest = damage_places_octets(places, last->to);
    struct auth_damage damages[2];

    if (work->octets_left < search->reserve || !damage_spend(work, DAMAGE_TRY_COST))
        return false;
    damage_state_copy(work, &places->trial, state);
    if (!damage_state_add(work, &places->trial, last->octets) ||
        !damage_state_add(work, &places->trial, rest))
        return false;
    if (!damage_state_try(places->body, &places->trial, NULL))
        return true;
    damages[0] = put_in_damage(search, first,
                               second != NULL ? "without both texts the body has the hash bh="
                                              : "without it the body has the hash bh=");
    if (second != NULL) {
        damages[1] = put_in_damage(search, second, damages[0].proof);
        damages[0].next = &damages[1];
    }
    damage_state_copy(work, &places->trial, state);
    auth_dkim_body_add(&places->trial.body, last->octets);
    auth_dkim_body_add(&places->trial.body, rest);
    damage_state_try(places->body, &places->trial, &damages[0]);
    return true;
}

/* put_in_with_others - the text and each later one; false: as above */
static bool put_in_with_others(struct put_in_search *search, size_t index)
{
    struct damage_places *places = search->places;
    struct damage_work *work = places->body->work;
    const struct put_in *first = &search->list[index];
    size_t at = first->to;

    damage_state_copy(work, &search->second, &search->first);
    for (size_t i = index + 1; i < search->count && places->body->left > 0; i++) {
        const struct put_in *second = &search->list[i];

        if (second->from < first->to)
            continue;
        if (!damage_state_add(work, &search->second, put_in_lines(places, at, second->from)) ||
            !put_in_try(search, &search->second, first, second))
            return false;
        at = second->from;
    }
    return true;
}

/* put_in_each - each text alone, or with each later one */
static void put_in_each(struct put_in_search *search, bool with_others)
{
    struct damage_places *places = search->places;
    struct damage_work *work = places->body->work;
    size_t at = 0;

    damage_state_copy(work, &places->here, &places->start);
    for (size_t i = 0; i < search->count && places->body->left > 0; i++) {
        const struct put_in *first = &search->list[i];

        if (!damage_state_add(work, &places->here, put_in_lines(places, at, first->from)))
            return;
        at = first->from;
        if (!with_others) {
            if (!put_in_try(search, &places->here, first, NULL))
                return;
            continue;
        }
        damage_state_copy(work, &search->first, &places->here);
        if (!damage_state_add(work, &search->first, first->octets) ||
            !put_in_with_others(search, i))
            return;
    }
}

void damage_search_parts(struct damage_places *places)
{
    struct put_in_search search = {.places = places,
                                   .reserve = places->body->work->octets_left / 2};

    put_in_ends(&search);
    if (places->is_whole && !places->is_torn)
        put_in_fronts(&search);
    put_in_each(&search, false);
    put_in_each(&search, true);
}
