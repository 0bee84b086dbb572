/*
 * What is asked for. Below the secret path everything is served; at the root, on loopback, what
 * programs made for Mailpit ask for.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/limits_serve.h"
#include "base/must.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "html/html.h"
#include "html/html_dump.h"
#include "web/web_library.h"
#include "web/web_sandbox_private.h"

#define LISTED_DEFAULT  50 /* as Mailpit */
#define WAIT_DEFAULT    30 /* seconds */
#define REFRESH_SECONDS 3
#define TEXT_TYPE       "text/plain; charset=utf-8"
#define JSON_TYPE       "application/json"

/* ---- the folder ---- */

const char *web_sandbox_file(struct arena *arena, const struct web_sandbox *web,
                             uint64_t number, const char *suffix)
{
    return arena_printf(arena, "%s/%06llu%s", web->folder, (unsigned long long)number, suffix);
}

json_t *web_sandbox_json(struct arena *arena, const struct web_sandbox *web, uint64_t number,
                         const char *suffix)
{
    struct span text = {NULL, 0};
    struct err unused = {0};

    if (!file_load(arena, web_sandbox_file(arena, web, number, suffix), LIMIT_STDIN_BYTES,
                   &text, &unused))
        return NULL;
    return json_loadb(text.at, text.len, 0, NULL);
}

bool web_sandbox_mail(struct arena *arena, const char *path, size_t max,
                      struct web_mail *mail_out)
{
    struct sbuf text = sbuf_start(arena);
    char *bytes = NULL;
    ptrdiff_t len = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    if (fd < 0)
        return false;
    bytes = arena_array_of(arena, char, LIMIT_WEB_LOOK_BYTES);
    while (text.len < max && (len = file_read(fd, bytes, LIMIT_WEB_LOOK_BYTES)) > 0)
        sbuf_add_span(&text, span_make(bytes, (size_t)len));
    close(fd);
    web_mail_read(arena, span_sub(sbuf_span(&text), 0, max), mail_out);
    return true;
}

/* listed_place - of a number in the list; the count: nowhere */
static size_t listed_place(const struct web_sandbox *web, uint64_t number)
{
    size_t at = web->count;

    while (at > 0 && web->numbers[at - 1] != number)
        at--;
    return at > 0 ? at - 1 : web->count;
}

bool web_sandbox_is_listed(const struct web_sandbox *web, uint64_t number)
{
    return listed_place(web, number) < web->count;
}

/* message_at - where what an address names is in the list; the count: nowhere */
static size_t message_at(const struct web_sandbox *web, struct span id)
{
    uint64_t number = 0;

    if (span_equal_text(id, "latest"))
        return web->count > 0 ? web->count - 1 : 0;
    return span_to_number(id, UINT64_MAX / 2, &number) ? listed_place(web, number) : web->count;
}

/* ---- responses ---- */

/* respond_json - the value is given back */
static enum MHD_Result respond_json(struct web_request *request, json_t *value)
{
    struct sbuf out = sbuf_start(request->arena);

    if (value == NULL)
        return web_refuse(request, MHD_HTTP_NOT_FOUND, "this message no longer exists");
    html_dump(value, 0, &out);
    json_decref(value);
    return web_respond(request, MHD_HTTP_OK, JSON_TYPE, sbuf_span(&out));
}

/* number_asked - an argument of the address, at most `max`; `usual` where it is not a number */
static uint64_t number_asked(struct web_request *request, const char *name, uint64_t usual,
                             uint64_t max)
{
    const char *text = web_argument(request, name);
    uint64_t number = 0;

    if (text == NULL || !span_to_number(span_of(text), UINT64_MAX / 2, &number))
        return usual;
    return number < max ? number : max;
}

/* ---- lists, newest first ---- */

/* list_one - as Mailpit has it, or our record */
static json_t *list_one(const struct web_sandbox *web, uint64_t number, bool is_ours,
                        const char *query)
{
    struct arena *arena = arena_open();
    json_t *one = is_ours ? web_sandbox_json(arena, web, number, ".json")
                          : web_mailpit_summary(arena, web, number, query);

    arena_close(arena);
    return one;
}

/* answer_list - `query` NULL: all */
static enum MHD_Result answer_list(struct web_sandbox *web, struct web_request *request,
                                   bool is_ours, const char *query)
{
    uint64_t start = number_asked(request, "start", 0, LIMIT_SANDBOX_MESSAGES);
    uint64_t limit = number_asked(request, "limit", LISTED_DEFAULT, LIMIT_WEB_LISTED);
    json_t *messages = json_array();
    uint64_t fitting = 0;
    size_t end = web->count;

    for (size_t looked = 0; looked < end; looked++) {
        json_t *one = NULL;

        if (query != NULL && looked >= LIMIT_WEB_SEARCHED)
            break;
        if (query == NULL && (looked < start || json_array_size(messages) >= limit))
            continue;
        one = list_one(web, web->numbers[end - 1 - looked], is_ours, query);
        if (one == NULL)
            continue;
        fitting++;
        if (query != NULL && (fitting <= start || json_array_size(messages) >= limit))
            json_decref(one);
        else
            json_array_append_new(messages, one);
    }
    if (query == NULL)
        fitting = end;
    return respond_json(request,
                        json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:[], s:o}", "total",
                                  (json_int_t)end, "unread", (json_int_t)end, "count",
                                  (json_int_t)json_array_size(messages), "messages_count",
                                  (json_int_t)fitting, "messages_unread", (json_int_t)fitting,
                                  "start", (json_int_t)start, "tags", "messages", messages));
}

/* answer_page - the list for people */
static enum MHD_Result answer_page(struct web_sandbox *web, struct web_request *request)
{
    struct sbuf out = sbuf_start(request->arena);
    json_t *items = json_array();

    for (size_t i = web->count; i > 0 && web->count - i < LIMIT_WEB_LISTED; i--) {
        json_t *record = list_one(web, web->numbers[i - 1], true, NULL);
        json_t *mail = list_one(web, web->numbers[i - 1], false, NULL);

        json_array_append_new(items, json_pack("{s:o*, s:o*}", "record", record, "mail", mail));
    }
    html_sandbox_list(items, (json_int_t)web->count, &out);
    json_decref(items);
    request->refresh = REFRESH_SECONDS;
    return web_respond(request, MHD_HTTP_OK, NULL, sbuf_span(&out));
}

/* ---- one message ---- */

/* answer_html - what the message wants to look like: see is_foreign */
static enum MHD_Result answer_html(struct web_sandbox *web, struct web_request *request,
                                   uint64_t number)
{
    struct web_mail mail = {0};

    if (!web_sandbox_mail(request->arena, web_sandbox_file(request->arena, web, number, ".eml"),
                          LIMIT_WEB_MAIL_BYTES, &mail))
        return respond_json(request, NULL);
    request->is_foreign = true;
    return web_respond(request, MHD_HTTP_OK, NULL, span_of(mail.html));
}

/* answer_headers - of the source, as octets */
static enum MHD_Result answer_headers(struct web_sandbox *web, struct web_request *request,
                                      uint64_t number)
{
    struct web_mail mail = {0};
    struct sbuf out = sbuf_start(request->arena);

    if (!web_sandbox_mail(request->arena, web_sandbox_file(request->arena, web, number, ".eml"),
                          LIMIT_HEADER_BYTES, &mail))
        return respond_json(request, NULL);
    for (size_t i = 0; i < mail.fields.count; i++) {
        sbuf_add_span(&out, mail.fields.list[i].name);
        sbuf_add(&out, ": ");
        sbuf_add_span(&out, mail.fields.list[i].value);
        sbuf_add(&out, "\n");
    }
    return web_respond(request, MHD_HTTP_OK, TEXT_TYPE, sbuf_span(&out));
}

/* answer_message_page - with the answer, the session, text and frame */
static enum MHD_Result answer_message_page(struct web_sandbox *web, struct web_request *request,
                                           uint64_t number)
{
    struct sbuf out = sbuf_start(request->arena);
    json_t *record = web_sandbox_json(request->arena, web, number, ".json");
    json_t *mail = web_mailpit_message(request->arena, web, number);
    json_t *report = web_sandbox_json(request->arena, web, number, ".report.json");

    html_sandbox_message(record, mail, report, &out);
    json_decref(record);
    json_decref(report);
    json_decref(mail);
    return web_respond(request, MHD_HTTP_OK, NULL, sbuf_span(&out));
}

/* answer_report_page - that of check */
static enum MHD_Result answer_report_page(struct web_sandbox *web, struct web_request *request,
                                          uint64_t number)
{
    struct sbuf out = sbuf_start(request->arena);
    json_t *report = web_sandbox_json(request->arena, web, number, ".report.json");

    if (report == NULL || html_check(report) != NULL) {
        json_decref(report);
        return web_refuse(request, MHD_HTTP_NOT_FOUND, "the message has no report");
    }
    html_page(report, &out);
    json_decref(report);
    return web_respond(request, MHD_HTTP_OK, NULL, sbuf_span(&out));
}

enum view { VIEW_PAGE, VIEW_API, VIEW_MAILPIT };

/* answer_part - "", "raw", "headers" and others of a message */
static enum MHD_Result answer_part(struct web_sandbox *web, struct web_request *request,
                                   enum view view, struct span rest)
{
    struct arena *arena = request->arena;
    size_t at = message_at(web, span_cut(&rest, '/'));
    uint64_t number = at < web->count ? web->numbers[at] : 0;

    if (at >= web->count)
        return respond_json(request, NULL);
    if (span_equal_text(rest, "raw"))
        return web_respond_file(request, web_sandbox_file(arena, web, number, ".eml"),
                                TEXT_TYPE);
    if (view == VIEW_MAILPIT && rest.len == 0)
        return respond_json(request, web_mailpit_message(arena, web, number));
    if (view == VIEW_MAILPIT && span_equal_text(rest, "headers"))
        return respond_json(request, web_mailpit_headers(arena, web, number));
    if (view == VIEW_API && rest.len == 0)
        return respond_json(request, web_sandbox_json(arena, web, number, ".json"));
    if (view == VIEW_API && span_equal_text(rest, "report"))
        return respond_json(request, web_sandbox_json(arena, web, number, ".report.json"));
    if (view == VIEW_PAGE && rest.len == 0)
        return answer_message_page(web, request, number);
    if (view == VIEW_PAGE && span_equal_text(rest, "report"))
        return answer_report_page(web, request, number);
    if (view == VIEW_PAGE && span_equal_text(rest, "html"))
        return answer_html(web, request, number);
    if (view == VIEW_PAGE && span_equal_text(rest, "headers"))
        return answer_headers(web, request, number);
    return web_refuse(request, MHD_HTTP_NOT_FOUND, NULL);
}

/* ---- waiting, deleting ---- */

/* answer_wait - at once, or when enough came */
static enum MHD_Result answer_wait(struct web_sandbox *web, struct web_wait *wait)
{
    struct web_request *request = &wait->request;

    if (!request->is_suspended) {
        wait->wanted = number_asked(request, "count", 1, LIMIT_SANDBOX_MESSAGES);
        wait->deadline =
            clock_monotonic_ms() +
            1000 * (int64_t)number_asked(request, "within", WAIT_DEFAULT, LIMIT_WEB_WAIT);
        request->is_suspended = true;
        if (web->count < wait->wanted && clock_monotonic_ms() < wait->deadline) {
            web_sandbox_suspend(wait);
            return MHD_YES;
        }
    }
    return respond_json(request, json_pack("{s:I, s:I, s:b}", "count", (json_int_t)web->count,
                                           "wanted", (json_int_t)wait->wanted, "reached",
                                           web->count >= wait->wanted));
}

/* forget_message - it leaves the list */
static void forget_message(struct web_sandbox *web, size_t at)
{
    if (at >= web->count)
        return;
    memmove(&web->numbers[at], &web->numbers[at + 1],
            (web->count - at - 1) * sizeof(web->numbers[0]));
    web->count--;
}

/* answer_delete - those of {"IDs": [...]}, or all */
static enum MHD_Result answer_delete(struct web_sandbox *web, struct web_request *request)
{
    json_t *body = json_loadb(sbuf_text(&request->body), request->body.len, 0, NULL);
    const json_t *ids = json_object_get(body, "IDs");
    bool is_all = request->body.len == 0 || (json_is_object(body) && json_array_size(ids) == 0);

    if (!is_all && !json_is_array(ids)) {
        json_decref(body);
        return web_refuse(request, MHD_HTTP_BAD_REQUEST,
                          "the body is not an object with an array of IDs");
    }
    if (is_all)
        web->count = 0;
    for (size_t i = 0; i < json_array_size(ids); i++)
        forget_message(web,
                       message_at(web, span_of(json_string_value(json_array_get(ids, i)))));
    json_decref(body);
    return web_respond(request, MHD_HTTP_OK, TEXT_TYPE, span_of("ok"));
}

/* ---- paths ---- */

/* skip_prefix - the path begins so; `*rest_out` is what follows */
static bool skip_prefix(const char *path, const char *prefix, struct span *rest_out)
{
    *rest_out = span_of(path);
    if (!span_starts_with(*rest_out, prefix))
        return false;
    *rest_out = span_from(*rest_out, strlen(prefix));
    return true;
}

/* answer_delete_found - those that a search finds */
static enum MHD_Result answer_delete_found(struct web_sandbox *web, struct web_request *request)
{
    const char *query = web_argument(request, "query");
    size_t kept = 0;
    size_t newest = web->count;

    if (query == NULL || query[0] == '\0')
        return web_refuse(request, MHD_HTTP_BAD_REQUEST, "the query is empty");
    for (size_t i = 0; i < newest; i++) {
        bool is_looked_at = newest - i <= LIMIT_WEB_SEARCHED;
        json_t *found = is_looked_at ? list_one(web, web->numbers[i], false, query) : NULL;

        if (found == NULL)
            web->numbers[kept++] = web->numbers[i];
        json_decref(found);
    }
    web->count = kept;
    return web_respond(request, MHD_HTTP_OK, TEXT_TYPE, span_of("ok"));
}

/* answer_mailpit - below /api/v1/ */
static enum MHD_Result answer_mailpit(struct web_sandbox *web, struct web_request *request)
{
    struct span rest = {0};
    const char *query = NULL;

    if (strcmp(request->path, "/api/v1/messages") == 0)
        return answer_list(web, request, false, NULL);
    if (strcmp(request->path, "/api/v1/search") == 0) {
        query = web_argument(request, "query");
        if (query == NULL || query[0] == '\0')
            return web_refuse(request, MHD_HTTP_BAD_REQUEST, "the query is empty");
        return answer_list(web, request, false, query);
    }
    if (skip_prefix(request->path, "/api/v1/message/", &rest))
        return answer_part(web, request, VIEW_MAILPIT, rest);
    return web_refuse(request, MHD_HTTP_NOT_FOUND, NULL);
}

/* answer_get - behind the secret */
static enum MHD_Result answer_get(struct web_sandbox *web, struct web_wait *wait)
{
    struct web_request *request = &wait->request;
    struct span rest = {0};

    must(request->path != NULL);
    if (strcmp(request->path, "/") == 0)
        return answer_page(web, request);
    if (strcmp(request->path, "/api/messages") == 0)
        return answer_list(web, request, true, NULL);
    if (strcmp(request->path, "/api/wait") == 0)
        return answer_wait(web, wait);
    if (strcmp(request->path, "/api/events") == 0)
        return web_sandbox_events(web, wait);
    if (skip_prefix(request->path, "/api/messages/", &rest))
        return answer_part(web, request, VIEW_API, rest);
    if (skip_prefix(request->path, "/messages/", &rest))
        return answer_part(web, request, VIEW_PAGE, rest);
    return answer_mailpit(web, request);
}

enum MHD_Result web_sandbox_answer(struct web_sandbox *web, struct web_wait *wait)
{
    struct web_request *request = &wait->request;
    const char *secret = arena_printf(request->arena, "/%s/", web->server.token);
    bool is_known = request->is_suspended; /* its path was cut already */
    bool is_mailpit = span_starts_with(span_of(request->path), "/api/v1/");

    must(request->path != NULL);
    if (request->refusal != 0)
        return web_refuse(request, request->refusal, NULL);
    if (!is_known && span_starts_with(span_of(request->path), secret)) {
        request->path += strlen(secret) - 1;
        is_known = true;
    }
    if (!is_known && !(is_mailpit && web->server.is_loopback))
        return web_refuse(request, MHD_HTTP_NOT_FOUND, NULL);
    if (strcmp(request->method, "DELETE") == 0 && strcmp(request->path, "/api/v1/search") == 0)
        return answer_delete_found(web, request);
    if (strcmp(request->method, "DELETE") == 0)
        return strcmp(request->path, "/api/v1/messages") == 0 ||
                       (is_known && strcmp(request->path, "/api/messages") == 0)
                   ? answer_delete(web, request)
                   : web_refuse(request, MHD_HTTP_NOT_FOUND, NULL);
    if (strcmp(request->method, "GET") != 0 && strcmp(request->method, "HEAD") != 0)
        return web_refuse(request, MHD_HTTP_METHOD_NOT_ALLOWED, "expected GET or DELETE");
    return is_known ? answer_get(web, wait) : answer_mailpit(web, request);
}
