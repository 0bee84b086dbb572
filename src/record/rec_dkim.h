/*
 * NAME
 *     rec_dkim - DKIM-Signature fields and key records in parsed form
 * DESCRIPTION
 *     Both are tag lists; here every tag has its type, strictly, and every
 *     departure from the standard is a fault with its place. Nothing is
 *     verified here.
 * OWNERSHIP
 *     In the arena; spans look into the parsed text.
 * ERRORS
 *     Total. A fatal fault makes the signature permerror, or the key unusable.
 * STANDARDS
 *     RFC 6376, 3.5 and 3.6.1; RFC 8301; RFC 8463; RFC 8616
 */
#ifndef REC_DKIM_H
#define REC_DKIM_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/fault.h"
#include "base/span.h"
#include "model/rec_dkim.h"

void rec_dkim_signature_parse(struct arena *arena, struct span value,
                              struct rec_dkim_signature *signature_out);
void rec_dkim_key_parse(struct arena *arena, struct span text, struct rec_dkim_key *key_out);

/* does a TXT text look meant as a key: starts with v=DKIM1, or has p= and nothing speaks
 * against it */
bool rec_dkim_key_is_record(struct span text);

#endif
