/* What holds of the whole process; then the command line, or judgements for serve. */
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "app/app_fork_server.h"
#include "app/app_run.h"
#include "base/arena.h"
#include "web/web_fork_server.h"

/* keep_descriptors - 0, 1 and 2 are open, so that no file of ours takes their place */
static void keep_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 &&
            open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
            return;
}

int main(int argc, char **argv)
{
    struct app app;
    int status = STATUS_FINE;

    keep_descriptors();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file beyond "ulimit -f" cannot be written: EFBIG */
    arena_outside_keep();
    /* out of memory ends the run: half a report is never written */
    json_set_alloc_funcs(arena_outside, arena_outside_free);
    app = app_open();
    if (argc > 0 && strcmp(argv[0], WEB_FORK_SERVER) == 0)
        status = app_fork_server(&app, argv + 1);
    else
        status = app_run_words(&app, argc > 0 ? argv + 1 : argv);
    arena_close(app.arena);
    return status;
}
