/*
 * NAME
 *     auth_damage_value - what one field may have said
 * DESCRIPTION
 *     Private to the room. The sources of auth_damage_value.c look for the old value in the
 *     message; those of auth_damage_spelling.c write the value as it is in other ways.
 * OWNERSHIP
 *     In the scratch arena of the search.
 * ERRORS
 *     None.
 */
#ifndef AUTH_DAMAGE_VALUE_H
#define AUTH_DAMAGE_VALUE_H

#include "auth/auth_damage_header.h"
#include "base/span.h"
#include "model/damage.h"

struct damage_value {
    struct damage_head *head;
    size_t piece;
    struct span name;
    struct span blank; /* in front of the text */
    struct span text;  /* of the field as it is, without blanks at its ends; empty: absent */
    enum auth_damage_kind kind;
};

/* the field may have said this */
void damage_value_add(const struct damage_value *value, unsigned rank, struct span text);
void damage_value_add_text(const struct damage_value *value, unsigned rank, const char *text);

/* `len` octets at `at` of the text were put in */
void damage_value_cut(const struct damage_value *value, unsigned rank, size_t at, size_t len);

/* behind blanks, folding included; behind a word */
size_t damage_skip_space(struct span text, size_t at);
size_t damage_skip_word(struct span text, size_t at);

/* a date, the parameters of a content type, encoded words */
void damage_guess_dates(const struct damage_value *value);
void damage_guess_type(const struct damage_value *value);
void damage_guess_encoded(const struct damage_value *value);

#endif
