/*
 * NAME
 *     must - stop when the program itself is wrong
 * DESCRIPTION
 *     must(claim) prints the claim and its place and aborts when the claim is
 *     false. It stays on in release builds: a wrong verdict costs more than
 *     a dead process. Never for input; input is data.
 */
#ifndef MUST_H
#define MUST_H

#include <stdnoreturn.h>

#define must(claim) ((claim) ? (void)0 : must_failed(#claim, __FILE__, __LINE__))

noreturn void must_failed(const char *claim, const char *file, int line);

#endif
