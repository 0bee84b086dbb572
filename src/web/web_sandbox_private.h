/*
 * NAME
 *     web_sandbox_private - the parts of web_sandbox
 * DESCRIPTION
 *     Private to web/: web_sandbox.c has server and waits, web_sandbox_route.c what is asked
 *     for, web_sandbox_events.c those who listen, web_sandbox_mailpit.c the forms of Mailpit.
 * OWNERSHIP
 *     JSON values belong to the caller; all else is in the arena of the request.
 * ERRORS
 *     A file that is not there gives NULL.
 */
#ifndef WEB_SANDBOX_PRIVATE_H
#define WEB_SANDBOX_PRIVATE_H

#include <jansson.h>

#include "base/arena.h"
#include "web/web_http.h"
#include "web/web_mail.h"
#include "web/web_sandbox.h"

struct web_sandbox {
    struct web_server server;
    const char *folder;
    uint64_t *numbers; /* of messages, as they came */
    size_t count;
    uint64_t *came; /* the same with those that were deleted; an event's id is its place */
    size_t came_count;
    size_t listener_count;
    struct web_wait *waits;
    bool is_ending;
};

/* a response without end */
struct web_listener {
    struct arena *arena; /* of the event; NULL: none yet */
    struct sbuf event;
    size_t sent; /* octets of it */
    size_t seen; /* messages so far */
};

/* a request, and what it waits for */
struct web_wait {
    struct web_request request;
    struct web_sandbox *web;
    struct web_listener *listener; /* NULL: it waits for a number of messages */
    uint64_t wanted;
    int64_t deadline;
    struct web_wait *next;
};

/* ---- web_sandbox.c ---- */

/* until web_sandbox_has_event() or enough came, or its deadline */
void web_sandbox_suspend(struct web_wait *wait);

/* ---- web_sandbox_events.c ---- */

/* server-sent events: messages as they come */
enum MHD_Result web_sandbox_events(struct web_sandbox *web, struct web_wait *wait);
bool web_sandbox_has_event(const struct web_wait *wait);
/* its connection is closed; nothing where it did not listen */
void web_sandbox_leave(struct web_wait *wait);

/* ---- web_sandbox_route.c ---- */

bool web_sandbox_is_listed(const struct web_sandbox *web, uint64_t number);

/* the request is complete */
enum MHD_Result web_sandbox_answer(struct web_sandbox *web, struct web_wait *wait);

/* ---- the folder: web_sandbox_route.c ---- */

/* "FOLDER/000012.eml" */
const char *web_sandbox_file(struct arena *arena, const struct web_sandbox *web,
                             uint64_t number, const char *suffix);
/* a file of JSON; NULL */
json_t *web_sandbox_json(struct arena *arena, const struct web_sandbox *web, uint64_t number,
                         const char *suffix);
/* the first octets of a message, up to the bound; false: it is not there */
bool web_sandbox_mail(struct arena *arena, const char *path, size_t max,
                      struct web_mail *mail_out);

/* ---- web_sandbox_mailpit.c ---- */

/* NULL also where it does not fit the query: words, and "to:", "from:", "subject:" and others
 * before them; `query` NULL: it always fits */
json_t *web_mailpit_summary(struct arena *arena, const struct web_sandbox *web, uint64_t number,
                            const char *query);
json_t *web_mailpit_message(struct arena *arena, const struct web_sandbox *web,
                            uint64_t number);
json_t *web_mailpit_headers(struct arena *arena, const struct web_sandbox *web,
                            uint64_t number);

#endif
