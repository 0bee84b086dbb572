/*
 * NAME
 *     rec_arc - ARC-Message-Signature and ARC-Seal fields in parsed form
 * DESCRIPTION
 *     Both are DKIM signatures with an instance number in i= and without v=.
 *     A seal has the chain's status in cv= and neither bh= nor h=: what it
 *     signs is fixed. Unknown tags are ignored, as in DKIM. i= may be
 *     anywhere in the list, though the grammar has it first: no verifier in
 *     use minds.
 * OWNERSHIP
 *     In the arena; spans look into the parsed text.
 * ERRORS
 *     Total. Any fault makes the field unusable. Only ARC-Seal is refused in
 *     h= of a message signature: the other ARC fields do not belong there
 *     either, but naming them harms nobody, and much mail does.
 * STANDARDS
 *     RFC 8617, 3.9, 4.1.2, 4.1.3 and 4.2.1
 * BUGS
 *     Comments in the instance tag, which its grammar allows, are not
 *     understood.
 */
#ifndef REC_ARC_H
#define REC_ARC_H

#include "base/arena.h"
#include "base/span.h"
#include "model/rec_arc.h"
#include "model/rec_dkim.h"

#define REC_ARC_INSTANCE_MAX 50 /* RFC 8617, 4.2.1 */

void rec_arc_message_signature_parse(struct arena *arena, struct span value,
                                     struct rec_dkim_signature *signature_out);
void rec_arc_seal_parse(struct arena *arena, struct span value,
                        struct rec_dkim_signature *seal_out);

/* the one or two digits of an instance, 0 to 99; false if it is anything else */
bool rec_arc_instance_parse(struct span text, unsigned *instance_out);

/* i= of either; false if it is missing or no number */
bool rec_arc_instance(const struct rec_dkim_signature *signature, unsigned *instance_out);

/* cv= of a seal; UNKNOWN if it is missing or another word */
enum rec_arc_cv rec_arc_seal_cv(const struct rec_dkim_signature *seal);

#endif
