/* A reader who leaves early closes the pipe: that is not a fault. */
#include "app/app_pager.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define SHELL      "/bin/sh"
#define NOT_FOUND  127 /* the shell's status for a command that it does not find */
#define NOT_TO_RUN 126

/* pager_child - becomes the shell that runs the pager */
static void pager_child(const char *command, const int ends[2])
{
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    close(ends[1]);
    setenv("LESS", "FRX", 0);
    execl(SHELL, "sh", "-c", command[0] != '\0' ? command : "less", (char *)NULL);
    _exit(NOT_FOUND);
}

/* pager_write - all of it, or as much as the reader wants */
static void pager_write(int fd, struct span bytes)
{
    void (*before)(int) = signal(SIGPIPE, SIG_IGN);

    while (bytes.len > 0) {
        ssize_t count = write(fd, bytes.at, bytes.len);

        if (count <= 0)
            break;
        bytes = span_from(bytes, (size_t)count);
    }
    signal(SIGPIPE, before);
}

bool app_pager(const char *command, struct span bytes)
{
    int ends[2] = {-1, -1};
    int status = 0;
    pid_t pid = -1;

    if (pipe(ends) != 0)
        return false;
    pid = fork();
    if (pid == 0)
        pager_child(command, ends);
    close(ends[0]);
    if (pid > 0)
        pager_write(ends[1], bytes);
    close(ends[1]);
    if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
        return pid > 0;
    return WEXITSTATUS(status) != NOT_FOUND && WEXITSTATUS(status) != NOT_TO_RUN;
}
