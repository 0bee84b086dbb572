/*
 * NAME
 *     library - a shared library that is loaded when it is needed
 * DESCRIPTION
 *     What is linked is started by every run, with all libraries that it needs. What few runs
 *     need is loaded here: the functions of a library are put into a structure of pointers, by
 *     a table of their names and places.
 * OWNERSHIP
 *     The library stays loaded until the process ends.
 * ERRORS
 *     library_load() returns false where the library, or one of the functions, is not there.
 */
#ifndef LIBRARY_H
#define LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

struct library_place {
    const char *name; /* of the function */
    size_t at;        /* offset of its pointer */
};

bool library_load(const char *file, const struct library_place *places, size_t count,
                  void *functions_out);

#endif
