/*
 * NAME
 *     rec_tlsa - one TLSA record in parsed form
 * DESCRIPTION
 *     Reads rdata in presentation form, "3 1 1 0A1B...". is_usable says
 *     whether a mail server's certificate could match it at all.
 * OWNERSHIP
 *     In the arena; `part` of a fault looks into the text.
 * ERRORS
 *     Total.
 * STANDARDS
 *     RFC 6698, 2.1 and 2.2; RFC 7218 (acronyms); RFC 7672, 3.1 (SMTP)
 * BUGS
 *     Of a certificate or key in full (matching type 0) only the first octet
 *     is looked at.
 */
#ifndef REC_TLSA_H
#define REC_TLSA_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/span.h"
#include "model/rec_tlsa.h"

void rec_tlsa_parse(struct arena *arena, struct span rdata, struct rec_tlsa *record_out);

#endif
