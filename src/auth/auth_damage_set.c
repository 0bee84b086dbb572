/*
 * Which fields there are: one of a name may have been added, doubled, or moved past another;
 * one that h= names may be gone. And the signature field itself.
 */
#include <strings.h>

#include "auth/auth_damage_header.h"
#include "auth/auth_dkim_canon.h"
#include "base/arena.h"

#define FIELDS_OF_NAME 8
#define OWN_PLACES     60

/* the fields of one name */
struct field_set {
    const struct mail_header *fields[FIELDS_OF_NAME]; /* from the bottom up */
    size_t field_count;
    size_t pieces[FIELDS_OF_NAME]; /* mentions in h=, in order */
    size_t piece_count;
};

/* set_names_equal - without case */
static bool set_names_equal(struct span a, struct span b)
{
    return a.len == b.len && strncasecmp(a.at, b.at, a.len) == 0;
}

/* set_collect - false if there are too many */
static bool set_collect(const struct damage_head *head, size_t first, struct field_set *set)
{
    const struct mail_message *message = head->work->message;
    struct span name = head->pieces[first].name;

    *set = (struct field_set){0};
    for (size_t i = message->header_count; i-- > 0;) {
        const struct mail_header *header = &message->headers[i];

        if (header == head->signature->header || !set_names_equal(header->name, name))
            continue;
        if (set->field_count == FIELDS_OF_NAME)
            return false;
        set->fields[set->field_count++] = header;
    }
    for (size_t i = first; i < head->count; i++) {
        if (!set_names_equal(head->pieces[i].name, name))
            continue;
        if (set->piece_count == FIELDS_OF_NAME)
            return false;
        set->pieces[set->piece_count++] = i;
    }
    return true;
}

/* set_add - the mentions of h= stood for these fields, from the bottom up */
static void set_add(struct damage_head *head, const struct field_set *set,
                    const struct mail_header *const *fields, struct damage_edit edit)
{
    edit.changes = arena_array_of(head->work->scratch, struct damage_change, set->piece_count);
    edit.change_count = set->piece_count;
    for (size_t i = 0; i < set->piece_count; i++) {
        edit.changes[i].piece = set->pieces[i];
        if (fields[i] != NULL)
            edit.changes[i].canonical = damage_canonical(head, fields[i]);
    }
    damage_edit_add(head, edit);
}

/* set_words - a value without blanks */
static struct span set_words(struct damage_head *head, struct span value)
{
    struct sbuf out = sbuf_start(head->work->scratch);

    for (size_t i = 0; i < value.len; i++)
        if (!ascii_is_space(value.at[i]))
            sbuf_add_octet(&out, value.at[i]);
    return sbuf_span(&out);
}

/* set_has_double - does another field of the set say the same, or a part of it (one of both
 * may have been rewritten) */
static bool set_has_double(struct damage_head *head, const struct field_set *set, size_t at)
{
    struct span value = set_words(head, set->fields[at]->value);

    for (size_t i = 0; i < set->field_count; i++) {
        struct span other = set_words(head, set->fields[i]->value);
        bool is_shorter = other.len < value.len;
        struct span shorter = is_shorter ? other : value;
        struct span longer = is_shorter ? value : other;

        if (i != at && shorter.len > 0 &&
            memmem(longer.at, longer.len, shorter.at, shorter.len) != NULL)
            return true;
    }
    return false;
}

/* set_rank_added - how likely it is that a field of the name was added on the way; those that
 * a message has once (RFC 5322, 3.6) are there from the start, and a second one was added */
static unsigned set_rank_added(const struct field_set *set)
{
    static const char *const once[] = {"From", "To", "Subject", "Date", "Message-ID"};
    struct span name = set->fields[0]->name;

    for (size_t i = 0; i < COUNT_OF(once); i++)
        if (span_equal_nocase(name, once[i]))
            return set->field_count == 1 ? DAMAGE_RANKS - 1 : 0;
    return set->field_count == 1 || set->piece_count > 1 ? 0 : 2;
}

/* guess_added - one field of the set was not there */
static void guess_added(struct damage_head *head, const struct field_set *set)
{
    for (size_t i = 0; i < set->field_count; i++) {
        const struct mail_header *fields[FIELDS_OF_NAME + 1] = {NULL};
        struct damage_edit edit = {.header = set->fields[i],
                                   .guess = {.kind = set_has_double(head, set, i)
                                                         ? AUTH_DAMAGE_FIELD_DUPLICATED
                                                         : AUTH_DAMAGE_FIELD_ADDED,
                                             .rank = set_rank_added(set),
                                             .piece = set->pieces[0]}};

        for (size_t k = 0; k + 1 < set->field_count; k++)
            fields[k] = set->fields[k + (k >= i)];
        set_add(head, set, fields, edit);
    }
}

/* guess_lost_double - a second field of the same value was there */
static void guess_lost_double(struct damage_head *head, const struct field_set *set)
{
    for (size_t i = 0; i < set->field_count; i++) {
        const struct mail_header *fields[FIELDS_OF_NAME + 1] = {NULL};
        struct damage_edit edit = {.header = set->fields[i],
                                   .guess = {.kind = AUTH_DAMAGE_FIELD_REMOVED,
                                             .rank = 2,
                                             .piece = set->pieces[0],
                                             .value = set->fields[i]->value}};

        for (size_t k = 0; k <= set->field_count && k < FIELDS_OF_NAME; k++)
            fields[k] = set->fields[k <= i ? k : k - 1];
        set_add(head, set, fields, edit);
    }
}

/* guess_order - two fields changed places, or one was moved to the top or the bottom */
static void guess_order(struct damage_head *head, const struct field_set *set)
{
    struct damage_edit edit = {
        .header = set->fields[0],
        .guess = {.kind = AUTH_DAMAGE_FIELD_REORDERED, .rank = 1, .piece = set->pieces[0]}};

    for (size_t from = 0; from < set->field_count; from++)
        for (size_t to = 0; to < set->field_count; to++) {
            const struct mail_header *fields[FIELDS_OF_NAME + 1] = {NULL};
            size_t next = 0;

            if (from == to)
                continue;
            for (size_t k = 0; k < set->field_count; k++) {
                if (next == from)
                    next++;
                fields[k] = k == to ? set->fields[from] : set->fields[next++];
            }
            edit.guess.rank = from == 0 && to == 1 ? 0 : 2;
            set_add(head, set, fields, edit);
            for (size_t k = 0; k < set->field_count; k++)
                fields[k] = set->fields[k == from ? to : k == to ? from : k];
            set_add(head, set, fields, edit);
        }
    const struct mail_header *reversed[FIELDS_OF_NAME + 1] = {NULL};

    for (size_t k = 0; k < set->field_count; k++)
        reversed[k] = set->fields[set->field_count - 1 - k];
    set_add(head, set, reversed, edit);
}

/* set_is_first - the first mention of its name in h= */
static bool set_is_first(const struct damage_head *head, size_t piece)
{
    for (size_t i = 0; i < piece; i++)
        if (set_names_equal(head->pieces[i].name, head->pieces[piece].name))
            return false;
    return true;
}

void damage_guess_sets(struct damage_head *head)
{
    struct field_set set = {0};

    for (size_t i = 0; i < head->count; i++) {
        if (!set_is_first(head, i) || !set_collect(head, i, &set) || set.field_count == 0)
            continue;
        guess_added(head, &set);
        if (set.piece_count > set.field_count)
            guess_lost_double(head, &set);
        if (set.field_count > 1)
            guess_order(head, &set);
    }
}

/* ---- the signature field ---- */

static void damage_own_add(struct damage_head *head, unsigned rank,
                           const struct damage_own *own)
{
    struct sbuf value = sbuf_start(head->work->scratch);
    struct damage_edit edit = {.header = head->signature->header,
                               .change_count = 1,
                               .guess = {.kind = AUTH_DAMAGE_SIGNATURE_FIELD_CHANGED,
                                         .rank = rank,
                                         .piece = head->count}};
    struct mail_header field = {0};

    sbuf_add_span(&value, own->before);
    sbuf_add_span(&value, own->after);
    field = damage_field(head, own->name, sbuf_span(&value));
    head->canonical.len = 0;
    auth_dkim_own_header_add(head->sink, head->canon, &field,
                             span_sub(field.value, own->before.len, 0));
    edit.changes = arena_new_of(head->work->scratch, struct damage_change);
    edit.changes[0].piece = head->count;
    edit.changes[0].canonical = arena_span(head->work->scratch, sbuf_span(&head->canonical));
    damage_edit_add(head, edit);
}

/* own_part - a part of the field, changed by a function of its octets */
typedef size_t own_rewrite(struct span text, size_t at, struct sbuf *out, const char *with);

/* own_map - the part with every place changed that the function knows */
static struct span own_map(struct damage_head *head, struct span text, own_rewrite *rewrite,
                           const char *with)
{
    struct sbuf out = sbuf_start(head->work->scratch);

    for (size_t i = 0; i < text.len;)
        i += rewrite(text, i, &out, with);
    return sbuf_span(&out);
}

/* own_copy - one octet as it is */
static size_t own_copy(struct span text, size_t at, struct sbuf *out)
{
    sbuf_add_octet(out, text.at[at]);
    return 1;
}

/* own_fold - a fold becomes `with` */
static size_t own_fold(struct span text, size_t at, struct sbuf *out, const char *with)
{
    if (at + 2 >= text.len || text.at[at] != '\r' || text.at[at + 1] != '\n')
        return own_copy(text, at, out);
    sbuf_add(out, with);
    return 3;
}

/* own_tag_end - what follows a semicolon becomes `with` */
static size_t own_tag_end(struct span text, size_t at, struct sbuf *out, const char *with)
{
    size_t end = at + 1;

    own_copy(text, at, out);
    if (text.at[at] != ';')
        return 1;
    while (end < text.len && ascii_is_space(text.at[end]))
        end++;
    if (end < text.len)
        sbuf_add(out, with);
    return end - at;
}

/* own_around - blanks around `with`, one octet, vanish */
static size_t own_around(struct span text, size_t at, struct sbuf *out, const char *with)
{
    size_t end = at;

    while (end < text.len && ascii_is_space(text.at[end]))
        end++;
    if (end < text.len && text.at[end] == with[0]) {
        sbuf_add_octet(out, with[0]);
        end++;
        while (end < text.len && ascii_is_space(text.at[end]))
            end++;
        return end - at;
    }
    return own_copy(text, at, out);
}

/* own_collapse - blanks, folding included, become `with` */
static size_t own_collapse(struct span text, size_t at, struct sbuf *out, const char *with)
{
    size_t end = at;

    while (end < text.len && ascii_is_space(text.at[end]))
        end++;
    if (end == at)
        return own_copy(text, at, out);
    sbuf_add(out, with);
    return end - at;
}

static const struct {
    own_rewrite *rewrite;
    const char *with;
    unsigned rank;
} own_rows[] = {
    {own_tag_end, " ", 0},         {own_fold, "\r\n\t", 0},   {own_fold, "\r\n ", 0},
    {own_tag_end, "", 1},          {own_fold, " ", 1},        {own_fold, "", 1},
    {own_tag_end, "\r\n\t", 1},    {own_tag_end, "\r\n ", 1}, {own_collapse, " ", 1},
    {own_collapse, "", 1},         {own_around, "=", 1},      {own_around, ":", 1},
    {own_fold, "\r\n        ", 2},
};

/* own_each - the field with one place changed */
static void own_each(struct damage_head *head, const struct damage_own *own, unsigned rank)
{
    static const char *const texts[] = {"", " ", "\r\n ", "\r\n\t"};
    struct sbuf text = sbuf_start(head->work->scratch);
    size_t places = 0;

    for (size_t i = 1; i < own->before.len && places < OWN_PLACES; i++) {
        size_t end = i;

        while (end < own->before.len && ascii_is_space(own->before.at[end]))
            end++;
        if (end == i)
            continue;
        places++;
        for (size_t k = 0; k < COUNT_OF(texts); k++) {
            struct damage_own other = *own;

            text.len = 0;
            sbuf_add_span(&text, span_sub(own->before, 0, i));
            sbuf_add(&text, texts[k]);
            sbuf_add_span(&text, span_from(own->before, end));
            other.before = sbuf_span(&text);
            damage_own_add(head, rank, &other);
        }
        i = end;
    }
}

/* own_names - the name in other letters */
static void own_names(struct damage_head *head, const struct damage_own *own)
{
    static const char *const names[] = {"DKIM-Signature", "Dkim-Signature", "dkim-signature",
                                        "DKIM-SIGNATURE"};

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct damage_own other = *own;

        other.name = span_of(names[i]);
        damage_own_add(head, 3, &other);
    }
}

void damage_guess_own(struct damage_head *head)
{
    struct span value = head->signature->header->value;
    size_t at = (size_t)(head->own_removed.at - value.at);
    struct damage_own own = {
        .name = head->signature->header->name,
        .before = span_sub(value, 0, at),
        .after = span_from(value, at + head->own_removed.len),
    };
    static const char *const ends[] = {"", ";"};

    for (size_t i = 0; i < COUNT_OF(own_rows); i++) {
        struct damage_own other = own;

        other.before = own_map(head, own.before, own_rows[i].rewrite, own_rows[i].with);
        other.after = own_map(head, own.after, own_rows[i].rewrite, own_rows[i].with);
        damage_own_add(head, own_rows[i].rank, &other);
    }
    for (size_t i = 0; span_trim(own.after).len <= 1 && i < 2; i++) {
        struct damage_own other = own;

        other.after = span_of(ends[i]);
        damage_own_add(head, 2, &other);
    }
    own_names(head, &own);
    own_each(head, &own, 4);
}
