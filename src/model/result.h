/*
 * NAME
 *     result - what an authentication method says
 * DESCRIPTION
 *     The result words of RFC 8601 as enums. The table is model/result.def.
 *     `temperror` includes every query that had no answer.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 8601, 2.7; RFC 7208, 2.6; RFC 8617, 4.4; RFC 9989
 */
#ifndef RESULT_H
#define RESULT_H

enum spf_result {
#define SPF_RESULT(id, word) SPF_##id,
#include "model/result.def"
};

enum dkim_result {
#define DKIM_RESULT(id, word) DKIM_##id,
#include "model/result.def"
};

enum dmarc_result {
#define DMARC_RESULT(id, word) DMARC_##id,
#include "model/result.def"
};

enum arc_result {
#define ARC_RESULT(id, word) ARC_##id,
#include "model/result.def"
};

/* whether a hash that was computed equals the one that was signed */
enum hash_result {
#define HASH_RESULT(id, word) HASH_##id,
#include "model/result.def"
};

const char *spf_result_to_text(enum spf_result result);
const char *dkim_result_to_text(enum dkim_result result);
const char *dmarc_result_to_text(enum dmarc_result result);
const char *arc_result_to_text(enum arc_result result);
const char *hash_result_to_text(enum hash_result result);

#endif
