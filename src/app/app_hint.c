/* The beginning of a file is enough to know what it is. */
#include "app/app_hint.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/limits_bounce.h"
#include "bounce/bounce.h"
#include "model/bounce.h"

/* hint_head - the first octets of a regular file; false: it is none */
static bool hint_head(struct app *app, const char *path, struct span *head_out)
{
    struct stat status = {0};
    struct err unread = {0};
    char *bytes = NULL;
    size_t len = 0;
    ptrdiff_t got = 0;
    int fd = -1;

    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode) ||
        (fd = file_open(path, &unread)) < 0)
        return false;
    bytes = arena_alloc(app->arena, LIMIT_BOUNCE_HEAD);
    while (len < LIMIT_BOUNCE_HEAD &&
           (got = file_read(fd, bytes + len, LIMIT_BOUNCE_HEAD - len)) > 0)
        len += (size_t)got;
    close(fd);
    *head_out = span_make(bytes, len);
    return true;
}

const char *app_hint_form(const struct bounce *bounce, struct span bytes)
{
    if (bounce->kind == BOUNCE_TLS)
        return "a TLS report (RFC 8460)";
    if (bounce->kind == BOUNCE_AGGREGATE)
        return span_starts_with(bytes, "\x1f\x8b") || span_starts_with(bytes, "PK")
                   ? "a packed file, maybe with reports of receivers"
                   : "a DMARC aggregate report (RFC 9990)";
    if (bounce->count == 0)
        return NULL;
    /* a word is not a reply because it resembles a mark */
    if (bounce->kind == BOUNCE_REPLY && bounce->recipients[0].class->input.code < 100)
        return NULL;
    return bounce->form;
}

const char *app_hint_of(struct app *app, struct span bytes, const char *name)
{
    const char *form = app_hint_form(bounce_read(app->arena, bytes), bytes);
    const char *shown = escape_to_text(app->arena, span_of(name), LIMIT_SHOWN_BYTES);
    const char *quote = strchr(name, ' ') != NULL ? "\"" : "";

    if (form == NULL)
        return NULL;
    return arena_printf(app->arena,
                        "this is %s; to have it explained: mailassay explain %s%s%s", form,
                        quote, shown, quote);
}

const char *app_hint(struct app *app, const char *argument)
{
    struct span head = span_of(argument);

    if (strcmp(argument, "-") == 0)
        return NULL;
    hint_head(app, argument, &head);
    return app_hint_of(app, head, argument);
}

void app_hint_add(struct app *app, const char *argument, struct err *why)
{
    const char *hint = argument != NULL ? app_hint(app, argument) : NULL;
    enum err_kind kind = why->kind;

    if (hint != NULL)
        err_set_kind(why, kind, "%s", arena_printf(app->arena, "%s; %s", why->text, hint));
}
