/*
 * NAME
 *     library - a shared library that is loaded when it is needed
 * DESCRIPTION
 *     A library that is linked, with all those it needs, costs every run time. What few runs
 *     need is loaded here: functions are put into a structure of pointers, by a table of their
 *     names and places. Both can be made from one list F(name) of functions:
 *
 *         #define FUNCTIONS(F) F(deflate) F(inflate)
 *
 *         static struct functions {
 *             FUNCTIONS(LIBRARY_POINTER)
 *         } zlib;
 *         static const struct library_place places[] = {
 *         #define PLACE(name) LIBRARY_PLACE(struct functions, name)
 *             FUNCTIONS(PLACE)
 *         };
 *
 *     The build says which file a library is: LIBRARY_CURL and so on (CMakeLists.txt).
 * OWNERSHIP
 *     The library stays loaded until the process ends.
 * ERRORS
 *     library_load() returns false where the library or one of the functions is missing.
 */
#ifndef LIBRARY_H
#define LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

struct library_place {
    const char *name; /* of the function */
    size_t at;        /* offset of its pointer */
};

#define LIBRARY_POINTER(name)          __typeof__(&(name)) name;
#define LIBRARY_PLACE(structure, name) {#name, offsetof(structure, name)},

bool library_load(const char *file, const struct library_place *places, size_t count,
                  void *functions_out);

#endif
