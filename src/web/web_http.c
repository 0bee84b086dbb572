/* Bounds first: what is too much is refused before it is kept. */
#include "web/web_http.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/file_write.h"
#include "base/limits.h"
#include "base/limits_serve.h"
#include "base/span.h"
#include "html/html.h"
#include "html/html_dump.h"

#define STREAM_PIECE (16 * 1024) /* octets of a stream at a time */

const char *web_field(struct web_request *request, const char *name)
{
    for (struct web_field *field = request->fields; field != NULL; field = field->next)
        if (strcmp(field->name, name) == 0)
            return sbuf_text(&field->value);
    return "";
}

/* find_field - a new one if there is none of the name */
static struct web_field *find_field(struct web_request *request, const char *name)
{
    struct web_field *field = request->fields;

    while (field != NULL && strcmp(field->name, name) != 0)
        field = field->next;
    if (field == NULL) {
        field = arena_new_of(request->arena, struct web_field);
        field->name = arena_strdup(request->arena, name);
        field->value = sbuf_start(request->arena);
        field->next = request->fields;
        request->fields = field;
    }
    return field;
}

/* add_to_field - small values only */
static enum MHD_Result add_to_field(struct web_request *request, const char *name,
                                    struct span bytes)
{
    request->field_octets += bytes.len + strlen(name);
    if (request->field_octets > LIMIT_WEB_FIELDS_BYTES) {
        request->refusal = MHD_HTTP_CONTENT_TOO_LARGE;
        return MHD_NO;
    }
    sbuf_add_span(&find_field(request, name)->value, bytes);
    return MHD_YES;
}

/* file_of - where a field that is a file goes; NULL: it is not a file */
static const char *file_of(const char *name)
{
    static const struct {
        const char *field;
        const char *file;
    } files[] = {{"message", "message.eml"},
                 {"upload", "message.eml"},
                 {"new", "new.zone"},
                 {"old", "old.zone"}};

    for (size_t i = 0; i < COUNT_OF(files); i++)
        if (strcmp(files[i].field, name) == 0)
            return files[i].file;
    return NULL;
}

/* open_file - of the job, at its end */
static bool open_file(struct web_request *request, const char *file)
{
    if (request->fd >= 0 && request->file != NULL && strcmp(request->file, file) == 0)
        return true;
    if (request->fd >= 0)
        close(request->fd);
    request->file = file;
    request->fd = request->job == NULL ? -1
                                       : open(web_job_path(request->job, file),
                                              O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    return request->fd >= 0;
}

enum MHD_Result web_http_field(void *ctx, enum MHD_ValueKind kind, const char *name,
                               const char *file, const char *type, const char *encoding,
                               const char *bytes, uint64_t at, size_t count)
{
    struct web_request *request = ctx;
    const char *place = file_of(name);

    (void)kind, (void)file, (void)type, (void)encoding, (void)at;
    if (count == 0)
        return MHD_YES;
    if (place == NULL)
        return add_to_field(request, name, span_make(bytes, count));
    if (!open_file(request, place) || !file_write_all(request->fd, span_make(bytes, count))) {
        request->refusal = MHD_HTTP_INSUFFICIENT_STORAGE;
        return MHD_NO;
    }
    return MHD_YES;
}

/* ---- what the client says about itself ---- */

const char *web_header(struct MHD_Connection *connection, const char *name)
{
    return mhd.MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

const char *web_argument(struct web_request *request, const char *name)
{
    return mhd.MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
}

bool web_wants_json(struct web_request *request)
{
    const char *accept = web_header(request->connection, "Accept");

    return accept != NULL && strstr(accept, "application/json") != NULL &&
           strstr(accept, "text/html") == NULL;
}

bool web_is_host(const struct web_server *server, struct MHD_Connection *connection)
{
    static const char *const names[] = {"127.0.0.1", "localhost", "[::1]"};
    const char *host = web_header(connection, "Host");

    if (host == NULL)
        return false;
    if (strcmp(host, server->address) == 0)
        return true;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char name[32]; /* the longest name, a colon and five digits */

        snprintf(name, sizeof(name), "%s:%u", names[i], server->port);
        if (strcmp(host, name) == 0)
            return true;
    }
    return false;
}

/* ---- responses ---- */

/* queue_response - with the header fields of every response */
static enum MHD_Result queue_response(struct web_request *request, unsigned status,
                                      struct MHD_Response *response)
{
    enum MHD_Result result = MHD_NO;

    if (response == NULL)
        return MHD_NO;
    mhd.MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    mhd.MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
    mhd.MHD_add_response_header(response, "Cross-Origin-Resource-Policy", "same-origin");
    mhd.MHD_add_response_header(response, "X-Frame-Options",
                                request->is_foreign ? "SAMEORIGIN" : "DENY");
    if (request->refresh > 0)
        mhd.MHD_add_response_header(response, "Refresh",
                                    arena_printf(request->arena, "%u", request->refresh));
    if (request->is_foreign)
        mhd.MHD_add_response_header(response, "Content-Security-Policy",
                                    "sandbox; default-src 'none'; style-src 'unsafe-inline'; "
                                    "img-src data:; form-action 'none'; base-uri 'none'");
    mhd.MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
        mhd.MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, "1");
    result = mhd.MHD_queue_response(request->connection, status, response);
    mhd.MHD_destroy_response(response);
    return result;
}

enum MHD_Result web_respond(struct web_request *request, unsigned status, const char *type,
                            struct span bytes)
{
    struct MHD_Response *response =
        mhd.MHD_create_response_from_buffer(bytes.len, (void *)bytes.at, MHD_RESPMEM_MUST_COPY);

    mhd.MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
                                type != NULL ? type : "text/html; charset=utf-8");
    return queue_response(request, status, response);
}

enum MHD_Result web_respond_file(struct web_request *request, const char *path,
                                 const char *type)
{
    struct MHD_Response *response = NULL;
    struct span bytes = {0};
    struct err unused = {0};

    if (!file_load(request->arena, path, LIMIT_SNAPSHOT_BYTES, &bytes, &unused))
        return web_refuse(request, MHD_HTTP_NOT_FOUND, "this report no longer exists");
    /* from memory in one piece: from a file libmicrohttpd sends 4 KB at a time */
    response = mhd.MHD_create_response_from_buffer(bytes.len, (void *)bytes.at,
                                                   MHD_RESPMEM_PERSISTENT);
    mhd.MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    return queue_response(request, MHD_HTTP_OK, response);
}

enum MHD_Result web_respond_stream(struct web_request *request, MHD_ContentReaderCallback read,
                                   void *ctx)
{
    struct MHD_Response *response =
        mhd.MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_PIECE, read, ctx, NULL);

    mhd.MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/event-stream");
    return queue_response(request, MHD_HTTP_OK, response);
}

enum MHD_Result web_redirect(struct web_request *request, const char *address)
{
    struct MHD_Response *response =
        mhd.MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);

    mhd.MHD_add_response_header(response, MHD_HTTP_HEADER_LOCATION, address);
    return queue_response(request, MHD_HTTP_SEE_OTHER, response);
}

/* what a status means, and what a person can do about it; the last row is for all others */
static const struct refusal {
    unsigned status;
    const char *text;
    const char *advice;
} refusals[] = {
    {MHD_HTTP_BAD_REQUEST, "the form cannot be read",
     "Go back and correct it: nothing was evaluated."},
    {MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "the form cannot be read",
     "Go back and correct it: nothing was evaluated."},
    {MHD_HTTP_CONTENT_TOO_LARGE,
     "the request is larger than 25 MB, or a field is larger than 64 KB",
     "Go back and send less: nothing was evaluated."},
    {MHD_HTTP_SERVICE_UNAVAILABLE, "too many requests at once",
     "Go back and send it again in a moment: nothing was evaluated."},
    {MHD_HTTP_NOT_FOUND, "there is nothing at this address",
     "Old reports are deleted. The start page is at the address that was printed when the "
     "server started."},
    {MHD_HTTP_MISDIRECTED_REQUEST, "the Host field does not name this server",
     "Use the address that was printed when the server started."},
    {0, "the request cannot be answered",
     "Go back and try again. If it fails again, the command line may say more."},
};

/* web_refusal_of - the row of a status */
static const struct refusal *web_refusal_of(unsigned status)
{
    const struct refusal *row = refusals;

    while (row->status != 0 && row->status != status)
        row++;
    return row;
}

enum MHD_Result web_refuse(struct web_request *request, unsigned status, const char *why)
{
    struct sbuf out = sbuf_start(request->arena);
    const struct refusal *row = web_refusal_of(status);

    if (why == NULL)
        why = row->text;
    if (web_wants_json(request) || span_starts_with(span_of(request->path), "/api/")) {
        json_t *object = json_pack("{s:s}", "error", escape_safe(request->arena, why));

        html_dump(object, 0, &out);
        json_decref(object);
        return web_respond(request, status, "application/json", sbuf_span(&out));
    }
    html_error(why, row->advice, &out);
    return web_respond(request, status, NULL, sbuf_span(&out));
}
