/*
 * NAME
 *     web_library - libmicrohttpd, loaded when a page is served
 * DESCRIPTION
 *     The functions of libmicrohttpd that are used, under the names they have there. Private to
 *     web/, which includes this in place of <microhttpd.h>. Linked, it and the eight libraries
 *     below it would be started by every run.
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

struct web_library {
#define F(name) __typeof__(&(name)) call_##name;
    WEB_FUNCTIONS(F)
#undef F
};

extern struct web_library web_library;

bool web_library_load(void);

#define MHD_add_response_header           web_library.call_MHD_add_response_header
#define MHD_create_post_processor         web_library.call_MHD_create_post_processor
#define MHD_create_response_from_buffer   web_library.call_MHD_create_response_from_buffer
#define MHD_create_response_from_callback web_library.call_MHD_create_response_from_callback
#define MHD_destroy_post_processor        web_library.call_MHD_destroy_post_processor
#define MHD_destroy_response              web_library.call_MHD_destroy_response
#define MHD_get_daemon_info               web_library.call_MHD_get_daemon_info
#define MHD_get_timeout                   web_library.call_MHD_get_timeout
#define MHD_lookup_connection_value       web_library.call_MHD_lookup_connection_value
#define MHD_post_process                  web_library.call_MHD_post_process
#define MHD_queue_response                web_library.call_MHD_queue_response
#define MHD_resume_connection             web_library.call_MHD_resume_connection
#define MHD_run                           web_library.call_MHD_run
#define MHD_start_daemon                  web_library.call_MHD_start_daemon
#define MHD_stop_daemon                   web_library.call_MHD_stop_daemon
#define MHD_suspend_connection            web_library.call_MHD_suspend_connection

#endif
