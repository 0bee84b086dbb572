/*
 * Addresses, behind the token:
 *   /                the form
 *   POST /check, /explain, /gate          begin a report, redirect to /job/ID
 *   /job/ID          a report that is being made; redirects to /r/DIGEST when it is done
 *   /r/DIGEST        the report, as a page or JSON by Accept; .json .html .snapshot by name
 *   POST /api/check, /api/explain, /api/gate   wait, and answer with the report as JSON
 *   /api/openapi.json
 */
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/span.h"
#include "html/html.h"
#include "web/web_http.h"

#define WAIT_MS 400 /* for a report, before a page says that it takes longer */

/* options that a form may set, by field */
static const struct {
    const char *field;
    const char *option;
} settings[] = {{"ip", "--ip"},
                {"helo", "--helo"},
                {"mail_from", "--mail-from"},
                {"mail-from", "--mail-from"},
                {"rcpt", "--rcpt"},
                {"selector", "--selector"},
                {"policy", "--policy"},
                {"now", "--now"}};

/* ---- jobs ---- */

/* has_file - the request brought it */
static bool has_file(struct web_job *job, const char *name)
{
    struct stat about;

    return stat(web_job_path(job, name), &about) == 0 && about.st_size > 0;
}

/* add_option - with its value; left out without one */
static void add_option(struct web_job *job, const char *option, const char *value)
{
    if (value[0] == '\0')
        return;
    web_job_add(job, option);
    web_job_add(job, value);
}

/* add_settings - what the message does not contain */
static void add_settings(struct web_request *request)
{
    for (size_t i = 0; i < COUNT_OF(settings); i++)
        add_option(request->job, settings[i].option, web_field(request, settings[i].field));
}

/* add_outputs - files with an address, or what the request waits for; `snapshot` may be "" */
static void add_outputs(struct web_job *job, const char *snapshot)
{
    if (!job->is_page) {
        add_option(job, "--format", "json");
        return;
    }
    add_option(job, "-o", "report.json");
    add_option(job, "-o", "report.html");
    web_job_add(job, "--progress");
    add_option(job, "--save-snapshot", snapshot);
}

/* fill_check - the command line; returns NULL, or what is missing */
static const char *fill_check(struct web_request *request)
{
    const char *domain = web_field(request, "domain");

    if (domain[0] == '\0')
        return "no domain given";
    web_job_add(request->job, "check");
    add_settings(request);
    add_outputs(request->job, "snapshot");
    web_job_add_operand(request->job, domain);
    if (has_file(request->job, "message.eml"))
        web_job_add_operand(request->job, "message.eml");
    return NULL;
}

/* fill_explain - likewise */
static const char *fill_explain(struct web_request *request)
{
    if (!has_file(request->job, "message.eml"))
        return "no reply, log line, bounce or report given";
    web_job_add(request->job, "explain");
    add_outputs(request->job, "");
    web_job_add_operand(request->job, "message.eml");
    return NULL;
}

/* fill_gate - likewise */
static const char *fill_gate(struct web_request *request)
{
    if (!has_file(request->job, "new.zone"))
        return "no new zone given";
    web_job_add(request->job, "gate");
    if (has_file(request->job, "old.zone"))
        add_option(request->job, "--old", "old.zone");
    add_option(request->job, "--now", web_field(request, "now"));
    add_outputs(request->job, "");
    web_job_add_operand(request->job, "new.zone");
    return NULL;
}

/* what a program may send; a browser sends what our form has */
static const char of_check[] =
    "domain message upload ip helo mail_from mail-from rcpt selector "
    "policy now";
static const char of_explain[] = "message upload";
static const char of_gate[] = "new old now";

static const struct action {
    const char *path;
    const char *(*fill)(struct web_request *request);
    const char *fields; /* with blanks between; NULL: of a page, whatever comes */
    bool is_api;
    bool has_engines; /* the libraries may be asked */
} actions[] = {
    {"/check", fill_check, NULL, false, true},
    {"/explain", fill_explain, NULL, false, true},
    {"/gate", fill_gate, NULL, false, false},
    {"/api/check", fill_check, of_check, true, true},
    {"/api/explain", fill_explain, of_explain, true, true},
    {"/api/gate", fill_gate, of_gate, true, false},
};

/* refuse_field - NULL: the action has it. A misspelt one would be left out without a word. */
static const char *refuse_field(struct web_request *request, const struct action *action,
                                const char *name)
{
    struct span rest = span_of(action->fields);

    while (rest.len > 0)
        if (span_equal_text(span_cut(&rest, ' '), name))
            return NULL;
    return arena_printf(request->arena, "no such field: %s; there are %s",
                        escape_to_text(request->arena, span_of(name), LIMIT_SHOWN_BYTES),
                        action->fields);
}

/* refuse_fields - the first one of a form that the action does not have; NULL */
static const char *refuse_fields(struct web_request *request, const struct action *action)
{
    const char *trouble = NULL;

    for (const struct web_field *field = request->fields; field != NULL && trouble == NULL;
         field = field->next)
        trouble = action->is_api ? refuse_field(request, action, field->name) : NULL;
    return trouble;
}

/* find_action - NULL: nothing is posted there */
static const struct action *find_action(const char *path)
{
    for (size_t i = 0; i < COUNT_OF(actions); i++)
        if (strcmp(actions[i].path, path) == 0)
            return &actions[i];
    return NULL;
}

/* ---- a body of JSON ---- */

/* take_member - a field, or the content of a file */
static enum MHD_Result take_member(struct web_request *request, const char *key,
                                   const char *text)
{
    return web_http_field(request, MHD_POSTDATA_KIND, key, NULL, NULL, NULL, text, 0,
                          strlen(text));
}

/* read_json - the body's members as fields; NULL, or what is wrong with it */
static const char *read_json(struct web_request *request, const struct action *action)
{
    json_error_t error;
    json_t *object = json_loadb(request->body.len > 0 ? sbuf_text(&request->body) : "",
                                request->body.len, 0, &error);
    const char *key = NULL;
    json_t *member = NULL;
    const char *trouble = json_is_object(object) ? NULL : "the body is not a JSON object";

    json_object_foreach(object, key, member)
    {
        if (trouble == NULL && action->is_api)
            trouble = refuse_field(request, action, key);
        if (json_is_string(member) &&
            take_member(request, key, json_string_value(member)) == MHD_YES)
            continue;
        if (!json_is_null(member))
            trouble = "a member of the body is not a string, or is too large";
    }
    json_decref(object);
    return trouble;
}

/* ---- answers ---- */

/* suspend_request - until a job ends */
static enum MHD_Result suspend_request(struct web_server *server, struct web_request *request)
{
    mhd.MHD_suspend_connection(request->connection);
    request->is_suspended = true;
    request->next = server->suspended;
    server->suspended = request;
    return MHD_YES;
}

/* answer_post - begin a job */
static enum MHD_Result answer_post(struct web_server *server, struct web_request *request)
{
    const struct action *action = find_action(request->path);
    const char *trouble = NULL;

    if (action == NULL)
        return web_refuse(request, MHD_HTTP_NOT_FOUND, "this address does not accept POST");
    if (request->job == NULL)
        return web_refuse(request, MHD_HTTP_SERVICE_UNAVAILABLE,
                          "too many reports are being made: try again in a moment");
    trouble = request->is_form ? refuse_fields(request, action) : read_json(request, action);
    if (request->fd >= 0)
        close(request->fd);
    request->fd = -1;
    request->job->is_page = !action->is_api;
    if (trouble == NULL)
        trouble = action->fill(request);
    if (trouble != NULL) {
        web_job_drop(&server->jobs, request->job);
        request->job = NULL;
        return web_refuse(request, MHD_HTTP_BAD_REQUEST, trouble);
    }
    if (action->has_engines && server->options->engines != NULL)
        web_job_add(request->job, server->options->engines);
    web_job_start(&server->jobs, request->job);
    if (!action->is_api)
        return web_redirect(request, arena_printf(request->arena, "job/%s", request->job->id));
    return suspend_request(server, request);
}

enum MHD_Result web_answer_job(struct web_server *server, struct web_request *request)
{
    struct web_job *job = request->job;
    struct span output = {0};

    (void)server;
    if (job->state == WEB_JOB_DONE && web_job_output(request->arena, job, &output))
        return web_respond(request, MHD_HTTP_OK, "application/json", output);
    /* 2 and 4: the client sent a wrong option, or an input that cannot be read */
    return web_refuse(request,
                      job->status == 2 || job->status == 4 ? MHD_HTTP_BAD_REQUEST
                                                           : MHD_HTTP_INTERNAL_SERVER_ERROR,
                      job->reason != NULL ? job->reason : "the report cannot be read");
}

/* answer_waiting - a report that is being made */
static enum MHD_Result answer_waiting(struct web_server *server, struct web_request *request,
                                      const char *id)
{
    struct web_job *job = web_jobs_find(&server->jobs, id);
    struct sbuf out = sbuf_start(request->arena);

    if (job == NULL)
        return web_refuse(request, MHD_HTTP_NOT_FOUND, "this report no longer exists");
    if (job->state == WEB_JOB_DONE)
        return web_redirect(request, arena_printf(request->arena, "../r/%s", job->digest));
    if (job->state == WEB_JOB_FAILED) {
        request->job = job;
        return web_answer_job(server, request);
    }
    if (!request->is_suspended) { /* most reports are there before anybody sees a page of it */
        request->wait_id = arena_strdup(request->arena, id);
        request->wait_end = clock_monotonic_ms() + WAIT_MS;
        return suspend_request(server, request);
    }
    request->refresh = 1;
    html_wait((unsigned)(time(NULL) - job->began), web_job_said(request->arena, job), &out);
    return web_respond(request, MHD_HTTP_ACCEPTED, NULL, sbuf_span(&out));
}

/* report_folder - of a finished report, also of an earlier server's; NULL */
static const char *report_folder(struct web_server *server, struct web_request *request,
                                 const char *digest)
{
    struct web_job *job = web_jobs_find(&server->jobs, digest);

    if (strlen(digest) != WEB_ID_SIZE - 1 ||
        strspn(digest, "0123456789abcdef") != WEB_ID_SIZE - 1)
        return NULL;
    if (job != NULL)
        return job->state == WEB_JOB_DONE ? job->folder : NULL;
    return server->options->keep == NULL
               ? NULL
               : arena_printf(request->arena, "%s/%s", server->jobs.folder, digest);
}

/* answer_report - as a page or as JSON */
static enum MHD_Result answer_report(struct web_server *server, struct web_request *request,
                                     const char *name)
{
    static const struct {
        const char *suffix;
        const char *file;
        const char *type;
    } files[] = {{"json", "report.json", "application/json"},
                 {"html", "report.html", "text/html; charset=utf-8"},
                 {"snapshot", "snapshot", "application/x-ndjson"}};
    struct span rest = span_of(name);
    const char *digest = arena_strdup_span(request->arena, span_cut(&rest, '.'));
    const char *folder = report_folder(server, request, digest);
    size_t chosen = web_wants_json(request) ? 0 : 1;
    bool is_known = rest.at == NULL;

    for (size_t i = 0; i < COUNT_OF(files) && rest.at != NULL; i++)
        if (span_equal_text(rest, files[i].suffix)) {
            chosen = i;
            is_known = true;
        }
    if (folder == NULL || !is_known)
        return web_refuse(request, MHD_HTTP_NOT_FOUND, "this report no longer exists");
    return web_respond_file(request,
                            arena_printf(request->arena, "%s/%s", folder, files[chosen].file),
                            files[chosen].type);
}

enum MHD_Result web_answer(struct web_server *server, struct web_request *request)
{
    struct span path = span_of(request->path);
    struct sbuf out = sbuf_start(request->arena);

    if (request->refusal != 0)
        return web_refuse(request, request->refusal, NULL);
    if (strcmp(request->method, "POST") == 0)
        return answer_post(server, request);
    if (strcmp(request->method, "GET") != 0 && strcmp(request->method, "HEAD") != 0)
        return web_refuse(request, MHD_HTTP_METHOD_NOT_ALLOWED, "expected GET or POST");
    if (span_equal_text(path, "/")) {
        html_form(&out);
        return web_respond(request, MHD_HTTP_OK, NULL, sbuf_span(&out));
    }
    if (span_equal_text(path, "/api/openapi.json"))
        return web_respond(request, MHD_HTTP_OK, "application/json",
                           span_of(web_openapi(request->arena, server->token)));
    if (span_starts_with(path, "/job/"))
        return answer_waiting(server, request, request->path + strlen("/job/"));
    if (span_starts_with(path, "/r/"))
        return answer_report(server, request, request->path + strlen("/r/"));
    return web_refuse(request, MHD_HTTP_NOT_FOUND, NULL);
}
