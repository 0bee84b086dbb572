/*
 * NAME
 *     fetch_library - libcurl, loaded when it is needed
 * DESCRIPTION
 *     The functions of libcurl that are used, by the names they have there. Private to
 *     fetch/.
 * OWNERSHIP
 *     The library stays loaded until the process ends.
 * ERRORS
 *     fetch_library() returns NULL and `*trouble_out` says why.
 */
#ifndef FETCH_LIBRARY_H
#define FETCH_LIBRARY_H

#include <curl/curl.h>

#define FETCH_FUNCTIONS(F)      \
    F(curl_global_init)         \
    F(curl_easy_init)           \
    F(curl_easy_setopt)         \
    F(curl_easy_getinfo)        \
    F(curl_easy_strerror)       \
    F(curl_easy_cleanup)        \
    F(curl_slist_append)        \
    F(curl_slist_free_all)      \
    F(curl_multi_init)          \
    F(curl_multi_add_handle)    \
    F(curl_multi_remove_handle) \
    F(curl_multi_perform)       \
    F(curl_multi_poll)          \
    F(curl_multi_info_read)     \
    F(curl_multi_cleanup)

struct fetch_library {
#define F(name) __typeof__(&(name)) call_##name;
    FETCH_FUNCTIONS(F)
#undef F
};

const struct fetch_library *fetch_library(const char **trouble_out);

#endif
