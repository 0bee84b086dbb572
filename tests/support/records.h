/*
 * NAME
 *     records - the set-up that tests of record parsers share
 * DESCRIPTION
 *     An arena for each test (RECORDS_TEST), or one for all tests of a program:
 *     pass records_setup() and records_teardown() to cmocka_run_group_tests().
 *     RECORDS_PARSER makes the function that a test calls: text in, structure
 *     out.
 * OWNERSHIP
 *     What parsers make lives until the teardown.
 * ERRORS
 *     The arena never fails.
 */
#ifndef TEST_RECORDS_H
#define TEST_RECORDS_H

#include "unit.h"

#include "base/span.h"

/* the arena; it is the state of the test too */
extern struct arena *records_arena;

int records_setup(void **state);
int records_teardown(void **state);

#define RECORDS_TEST(name) \
    cmocka_unit_test_setup_teardown(name, records_setup, records_teardown)

void records_assert_span(struct span got, const char *want);

/* static struct RECORD parse(const char *text), by RECORD_parse() */
#define RECORDS_PARSER(record)                                 \
    static struct record parse(const char *text)               \
    {                                                          \
        struct record parsed;                                  \
                                                               \
        record##_parse(records_arena, span_of(text), &parsed); \
        return parsed;                                         \
    }

#endif
