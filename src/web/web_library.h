/*
 * NAME
 *     web_library - libmicrohttpd, loaded when a page is served
 * DESCRIPTION
 *     Private to web/. The functions of libmicrohttpd that are used, by the names they have
 *     there. Linked, it and the eight libraries below it would be started by every run.
 * OWNERSHIP
 *     The library stays loaded until the process ends.
 * ERRORS
 *     web_library_load() returns false where the library is not there. Nothing else of it may
 *     be called before.
 */
#ifndef WEB_LIBRARY_H
#define WEB_LIBRARY_H

#include <stdbool.h>

#include <microhttpd.h>

#include "base/library.h"

#define WEB_FUNCTIONS(F)                 \
    F(MHD_add_response_header)           \
    F(MHD_create_post_processor)         \
    F(MHD_create_response_from_buffer)   \
    F(MHD_create_response_from_callback) \
    F(MHD_destroy_post_processor)        \
    F(MHD_destroy_response)              \
    F(MHD_get_daemon_info)               \
    F(MHD_get_timeout)                   \
    F(MHD_lookup_connection_value)       \
    F(MHD_post_process)                  \
    F(MHD_queue_response)                \
    F(MHD_resume_connection)             \
    F(MHD_run)                           \
    F(MHD_start_daemon)                  \
    F(MHD_stop_daemon)                   \
    F(MHD_suspend_connection)

struct web_mhd_functions {
    WEB_FUNCTIONS(LIBRARY_POINTER)
};

extern struct web_mhd_functions mhd;

bool web_library_load(void);

#endif
