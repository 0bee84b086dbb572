/*
 * NAME
 *     auth_damage_place - the window cut into lines
 * DESCRIPTION
 *     Private to the room. A place costs a hash of all that follows it, so of many places
 *     those near the end are tried, as far as the octets last.
 * OWNERSHIP
 *     In the scratch arena of the search.
 * ERRORS
 *     None.
 */
#ifndef AUTH_DAMAGE_PLACE_H
#define AUTH_DAMAGE_PLACE_H

#include "auth/auth_damage_body.h"
#include "base/span.h"
#include "model/damage.h"

struct damage_places {
    struct damage_body *body;
    struct damage_line *lines;
    bool *is_boundary; /* the line separates parts */
    bool *is_text;     /* the line is the first of a part */
    bool *is_base64;   /* the line is text in base64 */
    size_t count;
    bool is_torn;              /* the body may begin with what is left of the header section */
    bool is_whole;             /* lines[0] begins the body */
    struct damage_state start; /* the body in front of lines[0] */
    struct damage_state here;  /* in front of the place that is looked at */
    struct damage_state trial;
};

/* false if there is nothing to look at */
bool damage_places_open(struct damage_places *places, struct damage_body *body);

/* was something put in front, behind, or cut off */
void damage_search_ends(struct damage_places *places);
/* were two texts put in, or one into a part of base64 */
void damage_search_parts(struct damage_places *places);
/* was one line changed */
void damage_search_lines(struct damage_places *places);

/* is there a letter or a digit in the line; the first line with one */
bool damage_place_has_word(struct span text);
struct span damage_place_words(struct span text);

/* a clause: the lines were put in, and where */
const char *damage_place_put_in(struct damage_places *places, enum auth_damage_kind kind,
                                size_t from, size_t to);

/* lines from `from` on */
struct span damage_places_octets(const struct damage_places *places, size_t from);

#endif
