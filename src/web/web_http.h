/*
 * NAME
 *     web_http - requests and responses
 * DESCRIPTION
 *     Private to web/. What libmicrohttpd passes, collected until a request is
 *     complete. Fields of forms are kept in memory up to a bound; a message or zone
 *     goes to a file of the request's job as it comes in, so that 25 MB cost no
 *     memory.
 * OWNERSHIP
 *     A request lives until its response is sent.
 * ERRORS
 *     A request that exceeds a bound has a `refusal`: the status to answer with.
 * STANDARDS
 *     RFC 9110; RFC 7578
 */
#ifndef WEB_HTTP_H
#define WEB_HTTP_H

#include <stdbool.h>

#include "base/err.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "web/web_job.h"
#include "web/web_library.h"

struct web_field {
    const char *name;
    struct sbuf value;
    struct web_field *next;
};

struct web_request {
    struct arena *arena;
    struct MHD_Connection *connection;
    const char *method;
    const char *path; /* behind the token: "/api/check" */
    unsigned refusal; /* status; 0: none */
    bool is_form;     /* else the body is JSON */
    struct MHD_PostProcessor *post;
    struct web_field *fields;
    size_t field_octets;
    uint64_t octets;     /* of the body so far */
    struct web_job *job; /* NULL: none yet */
    const char *file;    /* of the field that goes to disk now */
    int fd;              /* of it; -1 */
    struct sbuf body;    /* JSON */
    bool is_suspended;
    const char *wait_id;      /* of the job whose page is waited for; NULL */
    int64_t wait_end;         /* clock_monotonic_ms(): then a page says that it takes longer */
    unsigned refresh;         /* seconds until the page is to be loaded again; 0: never */
    bool is_foreign;          /* the response has untrusted content: no script, no requests */
    struct web_request *next; /* of those that wait for their job */
};

struct web_server {
    const struct web_options *options;
    struct web_jobs jobs;
    char token[WEB_ID_SIZE];
    const char *address; /* "127.0.0.1:8025", as it listens */
    unsigned port;
    bool is_loopback; /* it listens on this machine alone */
    struct MHD_Daemon *daemon;
    struct web_request *suspended;
    uint64_t buffered; /* octets of JSON in memory */
    struct arena *arena;
};

/* how a server listens */
struct web_serving {
    const char *listen; /* "127.0.0.1:8025", "[::1]:0" */
    const char *option; /* that said so, without dashes */
    MHD_AccessHandlerCallback take;
    MHD_RequestCompletedCallback end;
    void *ctx; /* of both */
};

/* ---- web_start.c ---- */

/* listens from then on; fills daemon, address, port and is_loopback */
bool web_start(struct web_server *server, const struct web_serving *serving, struct err *why);

/* the value of a field; "" */
const char *web_field(struct web_request *request, const char *name);
/* MHD_PostDataIterator: `ctx` is the request */
enum MHD_Result web_http_field(void *ctx, enum MHD_ValueKind kind, const char *name,
                               const char *file, const char *type, const char *encoding,
                               const char *bytes, uint64_t at, size_t count);

/* a header field or an argument of the address; NULL */
const char *web_header(struct MHD_Connection *connection, const char *name);
const char *web_argument(struct web_request *request, const char *name);
/* does the client want JSON rather than a page */
bool web_wants_json(struct web_request *request);
/* is the Host field one of the server's names */
bool web_is_host(const struct web_server *server, struct MHD_Connection *connection);

/* responses; `type` NULL: text/html */
enum MHD_Result web_respond(struct web_request *request, unsigned status, const char *type,
                            struct span bytes);
enum MHD_Result web_respond_file(struct web_request *request, const char *path,
                                 const char *type);
/* server-sent events without end, as the callback has them */
enum MHD_Result web_respond_stream(struct web_request *request, MHD_ContentReaderCallback read,
                                   void *ctx);
enum MHD_Result web_redirect(struct web_request *request, const char *address);
/* a page or JSON that says why not; `why` NULL: what the status means in general */
enum MHD_Result web_refuse(struct web_request *request, unsigned status, const char *why);

/* ---- what is asked for: web_route.c ---- */

/* the request is complete */
enum MHD_Result web_answer(struct web_server *server, struct web_request *request);
/* its job came to an end: the response to one that was suspended */
enum MHD_Result web_answer_job(struct web_server *server, struct web_request *request);

/* the description of the interface for programs: web_openapi.c */
const char *web_openapi(struct arena *arena, const char *token);

#endif
