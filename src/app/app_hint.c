/* The beginning of a file is enough to know what it is. */
#include "app/app_hint.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/limits_bounce.h"
#include "bounce/bounce.h"
#include "explain/explain_input.h"
#include "model/bounce.h"

/* hint_head - the first octets of a regular file, also where that is standard input, which is
 * not moved; false: it is not one */
static bool hint_head(struct app *app, const char *path, struct span *head_out)
{
    bool is_input = strcmp(path, "-") == 0;
    struct stat status = {0};
    struct err unread = {0};
    char *bytes = NULL;
    size_t len = 0;
    ssize_t got = 0;
    int fd = STDIN_FILENO;

    if ((is_input ? fstat(fd, &status) : stat(path, &status)) != 0 ||
        !S_ISREG(status.st_mode) || (!is_input && (fd = file_open(path, &unread)) < 0))
        return false;
    bytes = arena_alloc(app->arena, LIMIT_BOUNCE_HEAD);
    while (len < LIMIT_BOUNCE_HEAD &&
           (got = pread(fd, bytes + len, LIMIT_BOUNCE_HEAD - len, (off_t)len)) > 0)
        len += (size_t)got;
    if (!is_input)
        close(fd);
    *head_out = span_make(bytes, len);
    return true;
}

const char *app_hint_of(struct app *app, struct span bytes, const char *name)
{
    const char *form = explain_input_form(bounce_read(app->arena, bytes), bytes);
    const char *shown = escape_shown(app->arena, name);
    const char *quote = strchr(name, ' ') != NULL ? "\"" : "";

    if (form == NULL)
        return NULL;
    return arena_printf(app->arena, "%s %s; to explain %s: mailassay explain %s%s%s",
                        strncmp(form, "lines", 5) == 0 ? "these are" : "this is", form,
                        strncmp(form, "lines", 5) == 0 ? "them" : "it", quote, shown, quote);
}

const char *app_hint(struct app *app, const char *argument)
{
    struct span head = span_of(argument);

    if (!hint_head(app, argument, &head) && strcmp(argument, "-") == 0)
        return NULL;
    return app_hint_of(app, head, argument);
}

const char *app_hint_file(struct app *app, const char *argument)
{
    const char *shown = escape_shown(app->arena, argument);
    struct span head = {0};
    struct stat status = {0};
    const char *hint = NULL;

    if (strcmp(argument, "-") == 0)
        return "\"-\" is standard input, not a domain: put the domain first; to explain the "
               "input: mailassay explain -";
    if (stat(argument, &status) != 0)
        return NULL;
    if (S_ISDIR(status.st_mode) && strchr(argument, '.') == NULL)
        return arena_printf(
            app->arena,
            "\"%s\" is a folder, not a domain; to explain its contents: mailassay explain %s",
            shown, shown);
    if (!hint_head(app, argument, &head))
        return NULL;
    hint = app_hint_of(app, head, argument);
    if (hint == NULL && bounce_kind_of(app->arena, head) == BOUNCE_MESSAGE)
        hint = arena_printf(app->arena, "to evaluate the message: mailassay explain %s", shown);
    return hint != NULL
               ? arena_printf(app->arena, "\"%s\" is a file, not a domain; %s", shown, hint)
               : NULL;
}

/* hint_append - behind a reason, whose kind stays */
static void hint_append(struct app *app, const char *hint, struct err *why)
{
    enum err_kind kind = why->kind;

    if (hint != NULL)
        err_set_kind(why, kind, "%s", arena_printf(app->arena, "%s; %s", why->text, hint));
}

void app_hint_add(struct app *app, const char *argument, struct err *why)
{
    const char *hint = argument != NULL ? app_hint(app, argument) : NULL;

    if (hint == NULL && argument != NULL && strcmp(argument, "-") == 0)
        hint = "to explain a bounce, a log or a report: mailassay explain -";
    hint_append(app, hint, why);
}

void app_hint_add_bytes(struct app *app, struct span bytes, struct err *why)
{
    hint_append(app, app_hint_of(app, bytes, "-"), why);
}
