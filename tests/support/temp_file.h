/*
 * NAME
 *     temp_file - a file below /tmp
 * DESCRIPTION
 *     For code that reads files: the test removes it with unlink(2).
 * OWNERSHIP
 *     The path lives in the arena.
 * ERRORS
 *     What cannot be written ends the test.
 */
#ifndef TEST_TEMP_FILE_H
#define TEST_TEMP_FILE_H

#include <stdlib.h>
#include <unistd.h>

#include "base/span.h"
#include "unit.h"

/* a new file with these octets: its path */
static inline const char *temp_file(struct arena *arena, struct span bytes)
{
    char *path = arena_strdup(arena, "/tmp/test-mailassay-XXXXXX");
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.at, bytes.len), bytes.len);
    assert_int_equal(close(fd), 0);
    return path;
}

#endif
