/*
 * Wall time and peak memory of a whole process, without those of whoever starts it: a small
 * program forks, runs the command RUNS times with its output in FILE, and prints the median
 * wall time in seconds, the largest peak in KiB and the last exit status.
 *
 * usage: measure RUNS FILE COMMAND [ARGUMENT...]
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RUNS_MAX 1000

static double now(void)
{
    struct timespec time = {0};

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

/* run_one - the command once; what the process used; returns its wait status */
static int run_one(const char *path, char **command, struct rusage *usage)
{
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        int out = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

        if (out < 0 || dup2(out, STDOUT_FILENO) < 0 ||
            dup2(open("/dev/null", O_WRONLY), STDERR_FILENO) < 0)
            _exit(126);
        execv(command[0], command);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, usage) != pid)
        exit(1);
    return status;
}

int main(int argc, char **argv)
{
    double walls[RUNS_MAX];
    struct rusage usage = {0};
    long peak = 0;
    int status = 0;
    int runs = argc > 3 ? (int)strtod(argv[1], NULL) : 0;

    if (runs < 1 || runs > RUNS_MAX) {
        fprintf(stderr, "usage: measure RUNS FILE COMMAND [ARGUMENT...]\n");
        return 2;
    }
    for (int i = -1; i < runs; i++) { /* the first run only warms the caches */
        double start = now();

        status = run_one(argv[2], argv + 3, &usage);
        if (i < 0)
            continue;
        walls[i] = now() - start;
        if (usage.ru_maxrss > peak)
            peak = usage.ru_maxrss;
    }
    qsort(walls, (size_t)runs, sizeof(walls[0]), by_size);
    printf("%.6f %ld %d\n", walls[runs / 2], peak,
           WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    return 0;
}
