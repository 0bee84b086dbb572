/*
 * NAME
 *     bounce_settle - which text about a recipient decides
 * DESCRIPTION
 *     Private to the room. Turns the drafts of a reader into recipients with a class each.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None.
 */
#ifndef BOUNCE_SETTLE_H
#define BOUNCE_SETTLE_H

struct bounce_reader;

void bounce_settle(struct bounce_reader *in);

#endif
