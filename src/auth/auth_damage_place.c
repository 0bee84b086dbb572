/*
 * What the end of the body that was kept can show about its ends: where something was put in
 * or cut off.
 */
#include "auth/auth_damage_place.h"
#include "auth/auth_damage_line.h"
#include "auth/auth_damage_private.h"
#include "auth/auth_dkim_canon.h"
#include "base/arena.h"
#include "base/fault.h"

#define BOUNDARIES 4   /* in front of which something may have been put */
#define BACK       400 /* lines in front of a boundary that may have been put in */
#define FRONT      40  /* lines behind which the body may begin */
#define PARTS      3   /* from the top, in whose front something may have been put */
#define LINES      2000

struct span damage_places_octets(const struct damage_places *places, size_t from)
{
    const struct damage_body *body = places->body;
    const char *end = body->bytes + body->len;

    if (from >= places->count)
        return span_make(end, 0);
    return span_make(places->lines[from].text.at, (size_t)(end - places->lines[from].text.at));
}

/* places_count - lines of the window */
static size_t places_count(const struct damage_body *body)
{
    struct damage_line line = {0};
    size_t count = 0;

    for (size_t at = 0; at < body->len; at += line.text.len + line.end.len) {
        damage_body_line(body, at, &line);
        count++;
    }
    return count;
}

/* places_cut - keep the last lines; those in front of them go into the digest */
static bool places_cut(struct damage_places *places, size_t skip)
{
    struct damage_body *body = places->body;
    struct damage_mime mime = {0};
    struct damage_line line = {0};
    bool was_text = false;
    size_t number = body->start_line;
    size_t skipped = 0;

    damage_mime_start(&mime, body->work->message);
    for (size_t at = 0; at < body->len; at += line.text.len + line.end.len) {
        bool is_inside = mime.in_part;

        damage_body_line(body, at, &line);
        damage_mime_next(&mime, line.text);
        is_inside = is_inside || mime.in_part;
        line.number = number;
        line.marks = damage_line_marks(line.text);
        number += line.end.len > 0;
        if (skip > 0) {
            skip--;
            skipped = at + line.text.len + line.end.len;
            continue;
        }
        places->is_boundary[places->count] = damage_mime_is_boundary(&mime, line.text);
        places->is_base64[places->count] =
            mime.in_part && line.text.len > 0 && mime.encoding == DAMAGE_ENCODING_BASE64;
        places->is_text[places->count] = is_inside && !was_text && line.text.len > 0;
        was_text = mime.in_part && (was_text || line.text.len > 0);
        if (places->count > 0)
            places->lines[places->count - 1].next = line.text;
        places->lines[places->count++] = line;
    }
    places->is_whole = body->dropped == 0 && skipped == 0;
    return damage_state_add(body->work, &places->start, span_make(body->bytes, skipped));
}

/* begins_with_header - is the front of the body the rest of a header section that a line broke
 * off which is not a field */
static bool begins_with_header(const struct mail_message *message)
{
    const struct fault *fault = message->faults;

    while (fault != NULL && fault->kind != MAIL_FAULT_NO_COLON)
        fault = fault->next;
    return fault != NULL;
}

bool damage_places_open(struct damage_places *places, struct damage_body *body)
{
    struct arena *scratch = body->work->scratch;
    size_t count = places_count(body);
    size_t kept = count < LINES ? count : LINES;

    *places = (struct damage_places){.body = body,
                                     .is_torn = begins_with_header(body->work->message)};
    places->lines = arena_array_of(scratch, struct damage_line, kept + 1);
    places->is_boundary = arena_array_of(scratch, bool, kept + 1);
    places->is_text = arena_array_of(scratch, bool, kept + 1);
    places->is_base64 = arena_array_of(scratch, bool, kept + 1);
    damage_state_copy(body->work, &places->start, &body->start);
    return places_cut(places, count - kept) && kept > 0;
}

/* what was signed may be a state, then some octets, then the lines from one on */
struct place {
    const struct damage_state *state;
    struct span octets;
    size_t from;
};

/* place_try - was that signed */
static bool place_try(struct damage_places *places, const struct place *place)
{
    struct damage_work *work = places->body->work;

    if (!damage_spend(work, DAMAGE_TRY_COST))
        return false;
    damage_state_copy(work, &places->trial, place->state);
    return damage_state_add(work, &places->trial, place->octets) &&
           damage_state_add(work, &places->trial, damage_places_octets(places, place->from)) &&
           damage_state_try(places->body, &places->trial, NULL);
}

/* place_report - it was: once more, now with the damage */
static void place_report(struct damage_places *places, const struct place *place,
                         const struct auth_damage *damage)
{
    damage_state_copy(places->body->work, &places->trial, place->state);
    auth_dkim_body_add(&places->trial.body, place->octets);
    auth_dkim_body_add(&places->trial.body, damage_places_octets(places, place->from));
    damage_state_try(places->body, &places->trial, damage);
}

/* place_here - the body up to the place that is looked at, then the lines from `from` on */
static struct place place_here(const struct damage_places *places, size_t from)
{
    return (struct place){&places->here, {NULL, 0}, from};
}

/* place_line - a line with its end */
static struct span place_line(const struct damage_places *places, size_t at)
{
    const struct damage_line *line = &places->lines[at];

    return span_make(line->text.at, line->text.len + line->end.len);
}

bool damage_place_has_word(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (ascii_is_alnum(text.at[i]) || (unsigned char)text.at[i] > 127)
            return true;
    return false;
}

struct span damage_place_words(struct span text)
{
    struct span rest = text;

    while (rest.len > 0) {
        struct span line = span_trim(span_cut(&rest, '\n'));

        if (damage_place_has_word(line))
            return line;
    }
    return text;
}

/* place_quote - how many octets there are, and the first line with words in it */
static const char *place_quote(struct damage_places *places, size_t from, size_t to)
{
    struct arena *arena = places->body->work->arena;
    size_t octets =
        damage_places_octets(places, from).len - damage_places_octets(places, to).len;
    size_t shown = from;

    while (shown + 1 < to &&
           (places->is_boundary[shown] || !damage_place_has_word(places->lines[shown].text)))
        shown++;
    return arena_printf(arena, "%zu octets (%s)", octets,
                        damage_quote(arena, places->lines[shown].text));
}

const char *damage_place_put_in(struct damage_places *places, enum auth_damage_kind kind,
                                size_t from, size_t to)
{
    static const char *const wheres[] = {"were appended", "were put in front of a boundary",
                                         "were put in front of the text"};
    int line = damage_line_of_file(places->body, places->lines[from].number);
    int where = kind == AUTH_DAMAGE_BODY_PREPENDED ? 2 : to < places->count ? 1 : 0;

    return arena_printf(places->body->work->arena, "%s %s in line %d",
                        place_quote(places, from, to), wheres[where], line);
}

/* place_report_put_in - lines `from` to `to` were not signed */
static void place_report_put_in(struct damage_places *places, enum auth_damage_kind kind,
                                size_t from, size_t to)
{
    const struct place place = place_here(places, to);
    int line = damage_line_of_file(places->body, places->lines[from].number);
    struct auth_damage damage = {.kind = kind,
                                 .part = AUTH_DAMAGE_IN_BODY,
                                 .line = line,
                                 .proof = "without them the body has the hash bh="};

    damage.text = damage_place_put_in(places, kind, from, to);
    place_report(places, &place, &damage);
}

/* search_appended - prefixes of the body that end at a line, and what follows a boundary */
static void search_appended(struct damage_places *places)
{
    const struct damage_body *body = places->body;
    size_t ends[BOUNDARIES + 1] = {places->count};
    size_t end_count = 1;

    for (size_t i = places->count; i-- > 0 && end_count <= BOUNDARIES;)
        if (places->is_boundary[i])
            ends[end_count++] = i;
    damage_state_copy(body->work, &places->here, &places->start);
    for (size_t i = 0; i < places->count && body->left > 0; i++) {
        bool is_place = i > 0 && places->lines[i - 1].text.len > 0;

        for (size_t k = 0; is_place && k < end_count && body->left > 0; k++) {
            const struct place place = place_here(places, ends[k]);

            if (i < ends[k] && (k == 0 || ends[k] - i <= BACK) && place_try(places, &place))
                place_report_put_in(places, AUTH_DAMAGE_BODY_APPENDED, i, ends[k]);
        }
        if (!damage_state_add(body->work, &places->here, place_line(places, i)))
            return;
    }
}

/* cut_off_try - these octets followed the body, which is taken without its last `without` */
static void cut_off_try(struct damage_places *places, struct span lost, size_t without)
{
    struct damage_body *body = places->body;
    struct span whole = damage_places_octets(places, 0);
    const struct place place = {&places->here, lost, places->count};
    const struct auth_damage damage = {
        .kind = AUTH_DAMAGE_BODY_TRUNCATED,
        .part = AUTH_DAMAGE_IN_BODY,
        .line = damage_line_of_file(body, places->lines[places->count - 1].number),
        .text = "the end of the body with its last boundary was cut off",
        .old = damage_quote(body->work->arena, span_trim(lost)),
        .proof = "with it the body has the hash bh="};

    if (body->left == 0 || without > whole.len)
        return;
    whole.len -= without;
    damage_state_copy(body->work, &places->here, &places->start);
    if (damage_state_add(body->work, &places->here, whole) && place_try(places, &place))
        place_report(places, &place, &damage);
}

/* search_cut_off - the line that ends the parts is not there, or not whole */
static void search_cut_off(struct damage_places *places)
{
    const struct damage_mime *mime = &places->body->mime;
    struct arena *scratch = places->body->work->scratch;
    const struct damage_line *last = &places->lines[places->count - 1];

    for (size_t i = 0; i < mime->boundary_count; i++) {
        const char *text =
            arena_printf(scratch, "\r\n--%.*s--\r\n", SPAN_ARG(mime->boundaries[i]));
        struct span end = span_of(text + 2);

        cut_off_try(places, span_of(text), 0);
        cut_off_try(places, end, 0);
        if (last->text.len < end.len &&
            span_equal(last->text, span_sub(end, 0, last->text.len)))
            cut_off_try(places, span_from(end, last->text.len), last->end.len);
    }
}

/* search_in_front - text in front of the body, or of one of its first parts */
static void search_in_front(struct damage_places *places)
{
    const struct damage_body *body = places->body;
    uint64_t reserve = body->work->octets_left / 2;
    size_t parts = 0;

    damage_state_begin(body, &places->here);
    for (size_t from = 0; from < places->count && parts < PARTS; from++) {
        bool is_place = from == 0 ? !places->is_torn : places->is_text[from];

        parts += is_place;
        for (size_t to = from + 1; is_place && to < places->count && to <= from + FRONT; to++) {
            const struct place place = place_here(places, to);

            if (body->left == 0 || body->work->octets_left < reserve)
                return;
            if (place_try(places, &place))
                place_report_put_in(places, AUTH_DAMAGE_BODY_PREPENDED, from, to);
        }
        if (!damage_state_add(body->work, &places->here, place_line(places, from)))
            return;
    }
}

/* wrapped_try - a part alone, up to the boundary at `end` */
static void wrapped_try(struct damage_places *places, size_t end)
{
    struct damage_body *body = places->body;
    const struct place place = place_here(places, places->count);
    struct auth_damage damage = {.kind = AUTH_DAMAGE_BODY_APPENDED,
                                 .part = AUTH_DAMAGE_IN_BODY,
                                 .line = damage_line_of_file(body, places->lines[end].number),
                                 .proof = "this part alone has the hash bh="};

    if (!place_try(places, &place))
        return;
    damage.text =
        arena_printf(body->work->arena, "the body became one part of several: %s follow it",
                     place_quote(places, end, places->count));
    place_report(places, &place, &damage);
}

/* search_wrapped - the body became one part of several */
static void search_wrapped(struct damage_places *places)
{
    struct damage_body *body = places->body;
    size_t parts = 0;

    for (size_t from = 1; from < places->count && parts < PARTS; from++) {
        if (!places->is_text[from])
            continue;
        parts++;
        damage_state_begin(body, &places->here);
        for (size_t to = from; to < places->count && body->left > 0; to++) {
            if (places->is_boundary[to])
                wrapped_try(places, to);
            if (!damage_state_add(body->work, &places->here, place_line(places, to)))
                return;
        }
    }
}

void damage_search_ends(struct damage_places *places)
{
    struct damage_body *body = places->body;

    search_appended(places);
    search_cut_off(places);
    if (body->left > 0 && places->is_whole)
        search_wrapped(places);
    if (body->left > 0 && places->is_whole)
        search_in_front(places);
}
