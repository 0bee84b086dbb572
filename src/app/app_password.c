/* Three places a password may come from. */
#include "app/app_password.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "app/app_options.h"
#include "base/arena.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/span.h"

/* password_first_line - of what a descriptor gives, at most LIMIT_PASSWORD_BYTES; NULL and
 * `why` */
static const char *password_first_line(struct app *app, int fd, const char *where,
                                       struct err *why)
{
    char *bytes = arena_alloc(app->arena, LIMIT_PASSWORD_BYTES + 1);
    struct span line = {bytes, 0};
    ptrdiff_t got = 1;

    while (got > 0 && line.len < LIMIT_PASSWORD_BYTES && span_find(line, '\n') < 0) {
        got = file_read(fd, bytes + line.len, LIMIT_PASSWORD_BYTES - line.len);
        line.len += got > 0 ? (size_t)got : 0;
    }
    if (got < 0) {
        err_set(why, "%s: %s", where, strerror(errno));
        return NULL;
    }
    line = span_cut(&line, '\n');
    if (line.len > 0 && line.at[line.len - 1] == '\r')
        line.len--;
    if (line.len > 0 && line.len < LIMIT_PASSWORD_BYTES && span_find(line, '\0') < 0)
        return arena_strdup_span(app->arena, line);
    err_set(why, "%s: the first line is not a password: it is empty, too long or not text",
            where);
    return NULL;
}

/* from_file - refused if others can read it: it would be no secret */
static const char *from_file(struct app *app, const char *path, struct err *why)
{
    const char *shown = escape_shown(app->arena, path);
    const char *password = NULL;
    struct stat about = {0};
    int fd = file_open(path, why);

    if (fd < 0)
        return NULL;
    if (fstat(fd, &about) != 0)
        err_set(why, "%s: %s", shown, strerror(errno));
    else if (S_ISREG(about.st_mode) && (about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        err_set(why, "%s: other users can read this password file; restrict it with chmod 600",
                shown);
    else
        password = password_first_line(app, fd, shown, why);
    close(fd);
    return password;
}

/* from_terminal - asked for without echo */
static const char *from_terminal(struct app *app, struct err *why)
{
    int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    const char *password = NULL;
    struct termios before;
    struct termios quiet;

    if (fd < 0 || tcgetattr(fd, &before) != 0) {
        err_set_kind(why, ERR_USAGE,
                     "--auth needs a password and there is no terminal to ask for it: use "
                     "--password-file or --password-fd");
    } else {
        quiet = before;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(fd, TCSAFLUSH, &quiet);
        dprintf(fd, "password of %s: ", escape_shown(app->arena, app->options.live.user));
        password = password_first_line(app, fd, "the terminal", why);
        tcsetattr(fd, TCSAFLUSH, &before);
        dprintf(fd, "\n");
    }
    if (fd >= 0)
        close(fd);
    return password;
}

const char *app_password(struct app *app, struct err *why)
{
    const struct app_live *live = &app->options.live;

    if (live->password_file != NULL)
        return from_file(app, live->password_file, why);
    if (live->has_password_fd)
        return password_first_line(app, live->password_fd,
                                   arena_printf(app->arena, "descriptor %d", live->password_fd),
                                   why);
    return from_terminal(app, why);
}
