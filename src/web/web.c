/*
 * The loop waits for connections, for processes that end (SIGCHLD) and for the signals that end
 * it. Each request goes through take_request() until it is complete.
 */
#include "web/web.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/file_write.h"
#include "base/limits_serve.h"
#include "base/span.h"
#include "web/web_fork_server.h"
#include "web/web_http.h"

#define TURN_MS 250 /* at the latest, for processes and answers that are late */

/* ---- requests ---- */

/* open_request - on the first call for a request */
static struct web_request *open_request(struct MHD_Connection *connection, const char *method,
                                        const char *path)
{
    struct arena *arena = arena_open();
    struct web_request *request = arena_new_of(arena, struct web_request);

    request->arena = arena;
    request->connection = connection;
    request->method = arena_strdup(arena, method);
    request->path = arena_strdup(arena, path);
    request->body = sbuf_start(arena);
    request->fd = -1;
    return request;
}

/* is_too_long - by its Content-Length */
static bool is_too_long(struct MHD_Connection *connection)
{
    const char *length = web_header(connection, "Content-Length");
    uint64_t octets = 0;

    return length != NULL && !span_to_number(span_of(length), LIMIT_WEB_BODY_BYTES, &octets);
}

/* begin_request - check token, name and size before anything else is read */
static void begin_request(struct web_server *server, struct web_request *request)
{
    struct span path = span_of(request->path);
    const char *type = web_header(request->connection, "Content-Type");

    if (!web_is_host(server, request->connection)) {
        request->refusal = MHD_HTTP_MISDIRECTED_REQUEST;
        return;
    }
    if (!span_starts_with(path, arena_printf(request->arena, "/%s/", server->token))) {
        request->refusal = MHD_HTTP_NOT_FOUND;
        return;
    }
    request->path += strlen(server->token) + 1;
    if (strcmp(request->method, "POST") != 0)
        return;
    if (is_too_long(request->connection)) {
        request->refusal = MHD_HTTP_CONTENT_TOO_LARGE;
        return;
    }
    request->job = web_job_new(&server->jobs);
    request->is_form = type == NULL || !span_starts_with(span_of(type), "application/json");
    if (request->is_form && request->job != NULL)
        request->post = mhd.MHD_create_post_processor(request->connection, 32 * 1024,
                                                      web_http_field, request);
    if (request->is_form && request->post == NULL)
        request->refusal = request->job == NULL ? MHD_HTTP_SERVICE_UNAVAILABLE
                                                : MHD_HTTP_UNSUPPORTED_MEDIA_TYPE;
}

/* receive_body - some octets of it; those beyond a bound are read and dropped */
static void receive_body(struct web_server *server, struct web_request *request,
                         struct span bytes)
{
    request->octets += bytes.len;
    if (request->octets > LIMIT_WEB_BODY_BYTES)
        request->refusal = MHD_HTTP_CONTENT_TOO_LARGE;
    if (request->refusal != 0)
        return;
    if (request->is_form) {
        if (mhd.MHD_post_process(request->post, bytes.at, bytes.len) != MHD_YES &&
            request->refusal == 0)
            request->refusal = MHD_HTTP_BAD_REQUEST;
    } else if (server->buffered + bytes.len > LIMIT_WEB_BUFFERED_BYTES) {
        request->refusal = MHD_HTTP_SERVICE_UNAVAILABLE;
    } else {
        server->buffered += bytes.len;
        sbuf_add_span(&request->body, bytes);
    }
}

/* take_request - MHD_AccessHandlerCallback */
static enum MHD_Result take_request(void *ctx, struct MHD_Connection *connection,
                                    const char *path, const char *method, const char *version,
                                    const char *bytes, size_t *count, void **state)
{
    struct web_server *server = ctx;
    struct web_request *request = *state;

    (void)version;
    if (request == NULL) {
        *state = request = open_request(connection, method, path);
        begin_request(server, request);
        return MHD_YES;
    }
    if (*count > 0) {
        receive_body(server, request, span_make(bytes, *count));
        *count = 0;
        return MHD_YES;
    }
    if (request->is_suspended && request->wait_id == NULL)
        return web_answer_job(server, request);
    return web_answer(server, request);
}

/* end_request - MHD_RequestCompletedCallback */
static void end_request(void *ctx, struct MHD_Connection *connection, void **state,
                        enum MHD_RequestTerminationCode code)
{
    struct web_server *server = ctx;
    struct web_request *request = *state;

    (void)connection, (void)code;
    if (request == NULL)
        return;
    if (request->post != NULL)
        mhd.MHD_destroy_post_processor(request->post);
    if (request->fd >= 0)
        close(request->fd);
    if (!request->is_form)
        server->buffered -= request->body.len;
    /* a request that broke off, or that has its answer: nobody can ask for the job again */
    if (request->job != NULL && (request->job->state == WEB_JOB_NEW || !request->job->is_page))
        web_job_drop(&server->jobs, request->job);
    arena_close(request->arena);
    *state = NULL;
}

/* is_wait_over - its job ended, or it waited long enough */
static bool is_wait_over(struct web_server *server, const struct web_request *request)
{
    const struct web_job *job = request->wait_id == NULL
                                    ? request->job
                                    : web_jobs_find(&server->jobs, request->wait_id);

    return job == NULL || job->state == WEB_JOB_DONE || job->state == WEB_JOB_FAILED ||
           (request->wait_id != NULL && clock_monotonic_ms() >= request->wait_end);
}

/* resume_requests - those that are done waiting */
static void resume_requests(struct web_server *server)
{
    struct web_request **at = &server->suspended;

    while (*at != NULL) {
        struct web_request *request = *at;

        if (is_wait_over(server, request)) {
            *at = request->next;
            mhd.MHD_resume_connection(request->connection);
        } else {
            at = &request->next;
        }
    }
}

/* ---- start ---- */

/* drop_privileges - root becomes nobody, who owns the folder of jobs */
static bool drop_privileges(struct web_server *server, struct err *why)
{
    const char *name = server->options->user != NULL ? server->options->user : "nobody";
    const struct passwd *user = NULL;

    if (geteuid() != 0)
        return true;
    user = getpwnam(name);
    if (user == NULL || chown(server->jobs.folder, user->pw_uid, user->pw_gid) != 0 ||
        setgroups(0, NULL) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0) {
        err_set(why, "cannot switch to user %s, which is required when started by root", name);
        return false;
    }
    return true;
}

/* make_token - random; saved in a folder that is kept, so that addresses stay */
static bool make_token(struct web_server *server, struct err *why)
{
    const char *path = arena_printf(server->arena, "%s/token", server->jobs.folder);
    struct span old = {0};
    struct err unused = {0};

    if (server->options->keep != NULL &&
        file_load(server->arena, path, WEB_ID_SIZE - 1, &old, &unused) &&
        old.len == WEB_ID_SIZE - 1) {
        memcpy(server->token, old.at, old.len);
        return true;
    }
    web_make_token(server->token);
    return server->options->keep == NULL || file_save(path, span_of(server->token), why);
}

/* make_folder - of all jobs */
static bool make_folder(struct web_server *server, struct err *why)
{
    const char *keep = server->options->keep;
    const char *temporary = getenv("TMPDIR");
    char *path = arena_printf(server->arena, "%s/mailassay-XXXXXX",
                              temporary != NULL && temporary[0] == '/' ? temporary : "/tmp");

    if (keep != NULL && mkdir(keep, 0700) != 0 && errno != EEXIST) {
        err_set(why, "%s: %s", keep, strerror(errno));
        return false;
    }
    if (keep != NULL)
        server->jobs.folder = file_real_path(server->arena, keep);
    else
        server->jobs.folder = mkdtemp(path);
    if (server->jobs.folder == NULL)
        err_set(why, "%s: %s", keep != NULL ? keep : path, strerror(errno));
    return server->jobs.folder != NULL;
}

/* ---- the loop ---- */

/* catch_signals - a descriptor that reads them; -1 */
static int catch_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    signal(SIGPIPE, SIG_IGN);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* is_end_requested - read all signals */
static bool is_end_requested(int signals)
{
    struct signalfd_siginfo one;
    bool is_end = false;

    while (read(signals, &one, sizeof(one)) == (ssize_t)sizeof(one))
        is_end = is_end || one.ssi_signo != SIGCHLD;
    return is_end;
}

/* serve_until_signal - requests, processes, signals */
static void serve_until_signal(struct web_server *server, int signals)
{
    const union MHD_DaemonInfo *info =
        mhd.MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    struct pollfd waits[] = {
        {info->epoll_fd, POLLIN, 0}, {signals, POLLIN, 0}, {-1, POLLIN, 0}};

    while (!is_end_requested(signals)) {
        MHD_UNSIGNED_LONG_LONG milliseconds = TURN_MS;

        web_jobs_turn(&server->jobs);
        resume_requests(server);
        mhd.MHD_run(server->daemon);
        if (mhd.MHD_get_timeout(server->daemon, &milliseconds) != MHD_YES ||
            milliseconds > TURN_MS)
            milliseconds = TURN_MS;
        waits[2].fd = server->jobs.forks.pid != 0 ? server->jobs.forks.control : -1;
        poll(waits, COUNT_OF(waits), (int)milliseconds);
    }
}

/* say_where - the address with its secret, on standard output */
static bool say_where(const struct web_server *server, struct err *why)
{
    const char *line =
        arena_printf(server->arena, "http://%s/%s/\n", server->address, server->token);

    if (file_write_all(STDOUT_FILENO, span_of(line)))
        return true;
    err_set(why, "standard output: %s", strerror(errno));
    return false;
}

/* start_forks - so that the first judgement does not wait for it */
static bool start_forks(struct web_server *server, struct err *why)
{
    if (web_fork_server_start(&server->jobs.forks, server->arena))
        return true;
    err_set_kind(why, ERR_INTERNAL, "no process could be started: %s", strerror(errno));
    return false;
}

bool web_run(const struct web_options *options, struct err *why)
{
    struct web_server server = {.options = options, .arena = arena_open()};
    const struct web_serving serving = {options->listen, "listen", take_request, end_request,
                                        &server};
    int signals = catch_signals();
    bool is_fine = false;

    server.jobs.options = options;
    server.jobs.forks = (struct web_fork_server){
        .program = open("/proc/self/exe", O_RDONLY | O_CLOEXEC),
        .words = options->words,
        .word_count = options->word_count,
    };
    if (signals < 0 || server.jobs.forks.program < 0)
        err_set_kind(why, ERR_INTERNAL, "cannot catch signals, or open /proc/self/exe: %s",
                     strerror(errno));
    else
        is_fine = make_folder(&server, why) && make_token(&server, why) &&
                  web_start(&server, &serving, why) && drop_privileges(&server, why) &&
                  start_forks(&server, why) && say_where(&server, why);
    if (is_fine)
        serve_until_signal(&server, signals);
    for (struct web_request *one = server.suspended; one != NULL; one = one->next)
        mhd.MHD_resume_connection(one->connection);
    if (server.daemon != NULL)
        mhd.MHD_stop_daemon(server.daemon);
    web_jobs_close(&server.jobs);
    close(signals);
    close(server.jobs.forks.program);
    arena_close(server.arena);
    return is_fine;
}
