/*
 * NAME
 *     engine_suffixes - the part of the list of public suffixes that a question needs
 * DESCRIPTION
 *     Private to engine/. libopendmarc reads the whole list, 9,000 rules, which takes longer
 *     than all answers. What it looks up there are the domains of its question, and a rule is
 *     only about domains that end in its last label. So the program says which labels these
 *     are, and the fork server gives the library a list with the rules of those alone.
 *
 *     Labels are separated by blanks. They are letters, digits and hyphens of ASCII; where a
 *     domain ends in another one, as in an A-label, which a list may have in either form, the
 *     text is empty and stands for the whole list.
 * OWNERSHIP
 *     engine_suffixes_pick() gives a descriptor to be closed.
 * ERRORS
 *     engine_suffixes_pick() returns -1 if the list cannot be read or the part not be made.
 * STANDARDS
 *     https://github.com/publicsuffix/list/wiki/Format
 */
#ifndef ENGINE_SUFFIXES_H
#define ENGINE_SUFFIXES_H

#include <stdbool.h>

#include "engine/engine.h"

#define ENGINE_LABELS_ROOM 128 /* of a text of labels, with its end */

/* the labels that the domains of the question end in */
void engine_suffixes_labels(const struct engine_dmarc *dmarc, char labels[ENGINE_LABELS_ROOM]);

/* are all of them among `held` */
bool engine_suffixes_are_in(const char *labels, const char *held);

/* both sets in one; false if there is not room for it, or a text is not one of labels */
bool engine_suffixes_join(char held[ENGINE_LABELS_ROOM], const char *labels);

/* a file in memory with the rules of the list at `path` that end in one of the labels */
int engine_suffixes_pick(const char *path, const char *labels);

#endif
