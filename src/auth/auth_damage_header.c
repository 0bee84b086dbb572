/*
 * With RSA the hash that was signed is taken out of the signature once, and each hypothesis
 * costs a hash; with Ed25519 each costs a verification.
 */
#include <strings.h>

#include "auth/auth_damage_header.h"
#include "auth/auth_dkim_canon.h"
#include "auth/auth_dkim_hash.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/must.h"

#define VALUE_SHOWN 120  /* octets of a field that a clause quotes */
#define TRY_COST    1000 /* preparing a hash costs as much as hashing so many octets */
#define PAIRED      60   /* hypotheses that are tried two at a time */

/* head_next - the field that one more mention of the name signs (RFC 6376, 5.4.2) */
static const struct mail_header *head_next(const struct damage_head *head, bool *is_used,
                                           struct span name)
{
    const struct mail_message *message = head->work->message;

    for (size_t i = message->header_count; i-- > 0;) {
        struct span found = message->headers[i].name;

        if (is_used[i] || found.len != name.len ||
            &message->headers[i] == head->signature->header ||
            strncasecmp(found.at, name.at, name.len) != 0)
            continue;
        is_used[i] = true;
        return &message->headers[i];
    }
    return NULL;
}

/* head_own - the signature field as it is hashed; false without b= */
static bool head_own(struct damage_head *head)
{
    struct damage_piece *own = &head->pieces[head->count];

    if (!auth_dkim_signature_place(&head->signature->parsed, &head->own_removed))
        return false;
    own->header = head->signature->header;
    own->name = own->header->name;
    head->canonical.len = 0;
    auth_dkim_own_header_add(head->sink, head->canon, own->header, head->own_removed);
    own->canonical = arena_span(head->work->scratch, sbuf_span(&head->canonical));
    return true;
}

/* head_pieces - what was hashed; false if it is too much to be searched */
static bool head_pieces(struct damage_head *head)
{
    const struct rec_dkim_signature *parsed = &head->signature->parsed;
    const struct mail_message *message = head->work->message;
    bool *is_used = arena_array_of(head->work->scratch, bool, message->header_count);

    if (parsed->signed_count * message->header_count > LIMIT_DAMAGE_FIELDS)
        return false;
    head->count = parsed->signed_count;
    head->pieces = arena_array_of(head->work->scratch, struct damage_piece, head->count + 1);
    for (size_t i = 0; i < head->count; i++) {
        struct damage_piece *piece = &head->pieces[i];

        piece->name = parsed->signed_names[i];
        piece->header = head_next(head, is_used, piece->name);
        if (piece->header == NULL)
            continue;
        if (piece->header->raw.len > LIMIT_DAMAGE_HEADER - head->input_len)
            return false;
        piece->canonical = damage_canonical(head, piece->header);
        head->input_len += piece->canonical.len;
    }
    if (head->signature->header->raw.len > LIMIT_DAMAGE_HEADER - head->input_len ||
        !head_own(head))
        return false;
    head->input_len += head->pieces[head->count].canonical.len;
    return true;
}

/* ---- trying hypotheses ---- */

/* damage_header_change_of - what is in the place of a piece */
static struct span damage_header_change_of(const struct damage_head *head, size_t piece,
                                           const struct damage_edit *const *edits, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < edits[i]->change_count; k++)
            if (edits[i]->changes[k].piece == piece)
                return edits[i]->changes[k].canonical;
    return head->pieces[piece].canonical;
}

/* head_holds - does the signature verify with these hypotheses; `*is_spent_out`: nothing is
 * left to find out */
static bool head_holds(struct damage_head *head, const struct damage_edit *const *edits,
                       size_t count, bool *is_spent_out)
{
    struct auth_dkim_digest *digest = NULL;
    struct span value = {NULL, 0};
    bool is_rsa = head->signed_digest.len > 0;

    *is_spent_out = (!is_rsa && head->work->checks_left == 0) ||
                    !damage_spend(head->work, head->input_len + TRY_COST);
    if (*is_spent_out)
        return false;
    digest = auth_dkim_sink_continue(head->hash, head->empty);
    for (size_t i = 0; i <= head->count; i++) {
        struct span canonical = damage_header_change_of(head, i, edits, count);

        auth_dkim_sink_add(head->hash, canonical.at, canonical.len);
    }
    value = auth_dkim_digest_end(head->hash, digest);
    if (is_rsa)
        return span_equal(value, head->signed_digest);
    head->work->checks_left--;
    return auth_dkim_key_verifies(head->key, head->signature->parsed.signature, value);
}

/* ---- reports ---- */

/* head_value - a value as a clause shows it */
static const char *head_value(struct arena *arena, struct span value)
{
    return arena_printf(arena, "\"%s\"", escape_header(arena, span_trim(value), VALUE_SHOWN));
}

/* what happened, by the kind: text around the name of the field, and what is shown behind */
static const struct {
    const char *before;
    const char *after;
    enum auth_damage_kind kind;
    enum { SHOWN_NOTHING, SHOWN_NAME, SHOWN_FIELD, SHOWN_OLD, SHOWN_COLUMN } shown;
} head_texts[] = {
    {"", " was broken inside a word at column ", AUTH_DAMAGE_HEADER_LINE_BROKEN, SHOWN_COLUMN},
    {"", " was folded, or folded differently", AUTH_DAMAGE_HEADER_FOLDED, SHOWN_NOTHING},
    {"", " was unfolded", AUTH_DAMAGE_HEADER_UNFOLDED, SHOWN_NOTHING},
    {"", " changed between upper and lower case: ", AUTH_DAMAGE_HEADER_CASE, SHOWN_NAME},
    {"blanks in ", " were changed", AUTH_DAMAGE_HEADER_BLANKS, SHOWN_NOTHING},
    {"", " was rewritten: it was ", AUTH_DAMAGE_FIELD_REWRITTEN, SHOWN_OLD},
    {"", " was added: ", AUTH_DAMAGE_FIELD_ADDED, SHOWN_FIELD},
    {"", " was removed: it was ", AUTH_DAMAGE_FIELD_REMOVED, SHOWN_OLD},
    {"", " was duplicated", AUTH_DAMAGE_FIELD_DUPLICATED, SHOWN_NOTHING},
    {"the fields named ", " were put in another order", AUTH_DAMAGE_FIELD_REORDERED,
     SHOWN_NOTHING},
    {"the field ", " itself was folded again or its spacing changed",
     AUTH_DAMAGE_SIGNATURE_FIELD_CHANGED, SHOWN_NOTHING},
};

/* head_shown - what a row shows behind its words */
static const char *head_shown(struct arena *arena, const struct damage_edit *edit, size_t row)
{
    switch (head_texts[row].shown) {
    case SHOWN_NAME:
        return head_value(arena, edit->guess.name);
    case SHOWN_FIELD:
        must(edit->header != NULL);
        return head_value(arena, edit->header->value);
    case SHOWN_OLD:
        return head_value(arena, edit->guess.value);
    case SHOWN_COLUMN:
        return arena_printf(arena, "%zu", edit->guess.column);
    case SHOWN_NOTHING:
        break;
    }
    return "";
}

/* head_text - a clause; `field` is safe to show */
static const char *head_text(struct arena *arena, const struct damage_edit *edit,
                             const char *field)
{
    size_t row = 0;

    if (edit->guess.put_in.len > 0)
        return arena_printf(arena, "%s was put into %s", head_value(arena, edit->guess.put_in),
                            field);
    while (head_texts[row].kind != edit->guess.kind)
        row++;
    return arena_printf(arena, "%s%s%s%s", head_texts[row].before, field, head_texts[row].after,
                        head_shown(arena, edit, row));
}

/* head_report - a hypothesis that holds */
static void head_report(struct damage_head *head, const struct damage_edit *edit, bool is_alone)
{
    struct arena *arena = head->work->arena;
    const struct mail_header *header = edit->header;
    struct span name = header != NULL ? header->name : head->pieces[edit->guess.piece].name;
    struct auth_damage damage = {.kind = edit->guess.kind,
                                 .part = AUTH_DAMAGE_IN_HEADER,
                                 .field = escape_header(arena, name, VALUE_SHOWN),
                                 .line = header != NULL ? header->line : 0,
                                 .proof = is_alone ? "undone, the signature verifies"
                                                   : "with both undone the signature verifies"};

    damage.text = head_text(arena, edit, damage.field);
    if (edit->guess.kind == AUTH_DAMAGE_FIELD_REWRITTEN ||
        edit->guess.kind == AUTH_DAMAGE_FIELD_REMOVED)
        damage.old = escape_header(arena, span_trim(edit->guess.value), VALUE_SHOWN);
    damage_report(head->work, head->index, damage);
}

/* ---- the search ---- */

/* head_guess - all hypotheses; of two that undo the same the first is kept, so that a second
 * field of a name counts as added and not as rewritten into what the first one says */
static void head_guess(struct damage_head *head)
{
    damage_guess_sets(head);
    for (size_t i = 0; i < head->count; i++) {
        if (head->pieces[i].header == NULL) {
            damage_guess_removed(head, i);
            continue;
        }
        damage_guess_value(head, i);
        damage_guess_layout(head, i);
    }
    damage_guess_own(head);
}

/* head_try_each - one hypothesis at a time, the likely ones first; true if the search ends */
static bool head_try_each(struct damage_head *head)
{
    for (unsigned rank = 0; rank < DAMAGE_RANKS; rank++)
        for (size_t i = 0; i < head->edit_count; i++) {
            const struct damage_edit *edit = &head->edits[i];
            bool is_spent = false;

            if (edit->guess.rank != rank)
                continue;
            if (head_holds(head, &edit, 1, &is_spent)) {
                head_report(head, edit, true);
                return true;
            }
            if (is_spent)
                return true;
        }
    return false;
}

/* edits_meet - do both change one piece */
static bool edits_meet(const struct damage_edit *a, const struct damage_edit *b)
{
    for (size_t i = 0; i < a->change_count; i++)
        for (size_t k = 0; k < b->change_count; k++)
            if (a->changes[i].piece == b->changes[k].piece)
                return true;
    return false;
}

/* head_try_pairs - two hypotheses at a time, of the likely ones */
static void head_try_pairs(struct damage_head *head)
{
    const struct damage_edit *likely[PAIRED];
    size_t count = 0;

    for (unsigned rank = 0; rank <= DAMAGE_RANK_PAIRED; rank++)
        for (size_t i = 0; i < head->edit_count && count < PAIRED; i++)
            if (head->edits[i].guess.rank == rank)
                likely[count++] = &head->edits[i];
    for (size_t k = 1; k < count; k++)
        for (size_t i = 0; i < k; i++) {
            const struct damage_edit *both[] = {likely[i], likely[k]};
            bool is_spent = false;

            if (edits_meet(both[0], both[1]))
                continue;
            if (head_holds(head, both, 2, &is_spent)) {
                head_report(head, both[0], false);
                head_report(head, both[1], false);
                return;
            }
            if (is_spent)
                return;
        }
}

void damage_search_header(struct damage_work *work, size_t index)
{
    const struct auth_dkim_signature *signature = &work->prepared->signatures[index];
    struct damage_head head = {
        .work = work,
        .index = index,
        .signature = signature,
        .canon = signature->parsed.header_canon,
        .sink = auth_dkim_sink_open(work->scratch),
        .canonical = sbuf_start(work->scratch),
        .hash = auth_dkim_sink_open(work->scratch),
        .empty = auth_dkim_sink_open(work->scratch),
    };

    head.sink->copy = &head.canonical;
    auth_dkim_sink_digest(head.empty, REC_DKIM_RSA_SHA256, AUTH_DKIM_NO_LIMIT);
    if (damage_head_key(&head) && head_pieces(&head)) {
        head_guess(&head);
        if (!head_try_each(&head))
            head_try_pairs(&head);
    }
}
