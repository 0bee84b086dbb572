/*
 * NAME
 *     unit - what every unit test includes
 * DESCRIPTION
 *     cmocka with the headers it wants in front, and a few helpers.
 */
#ifndef TEST_UNIT_H
#define TEST_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
