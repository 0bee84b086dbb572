/*
 * NAME
 *     engine_filter - what a child may ask of the kernel
 * DESCRIPTION
 *     Private to engine/. The filter is made by the build (embed_filter.c), with libseccomp:
 *     it is the same in every run, and making it takes longer than most answers.
 * OWNERSHIP
 *     Constant.
 * ERRORS
 *     None: a build that cannot make the filter stops.
 * BUGS
 *     It is for the architecture of the build alone, as the program is.
 */
#ifndef ENGINE_FILTER_H
#define ENGINE_FILTER_H

#include <linux/filter.h>
#include <stddef.h>

/* stands in the filter for the child's process number, which abort() needs: nobody has it */
#define ENGINE_ANY_PID     0x7fffffff
#define ENGINE_FILTER_ROOM 512 /* instructions; there are about 60 */

extern const struct sock_filter engine_filter[];
extern const size_t engine_filter_count;

#endif
