/* Processes with a directory of their own; ready means that a question was answered. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/file_write.h"
#include "base/sbuf.h"
#include "ledger/ledger.h"
#include "source/source.h"
#include "servers.h"
#include "unit.h"

#define READY_MS 20000 /* to wait for a program to start */
#define PAUSE_MS 20
#define TRY_MS   1000

static const char *const directories[] = {"/usr/sbin", "/usr/local/sbin", "/usr/bin",
                                          "/usr/local/bin"};

/* program_path - where the program is; NULL */
static const char *program_path(const char *program)
{
    static char path[256];

    for (size_t i = 0; i < COUNT_OF(directories); i++) {
        snprintf(path, sizeof(path), "%s/%s", directories[i], program);
        if (access(path, X_OK) == 0)
            return path;
    }
    return NULL;
}

bool server_is_installed(const char *program)
{
    return program_path(program) != NULL;
}

/* free_port - one that neither UDP nor TCP uses on 127.0.0.1 */
static unsigned free_port(void)
{
    for (int i = 0; i < 50; i++) {
        struct sockaddr_in address = {.sin_family = AF_INET,
                                      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        socklen_t len = sizeof(address);
        int udp = socket(AF_INET, SOCK_DGRAM, 0);
        int tcp = socket(AF_INET, SOCK_STREAM, 0);
        bool is_free = bind(udp, (struct sockaddr *)&address, len) == 0 &&
                       getsockname(udp, (struct sockaddr *)&address, &len) == 0 &&
                       bind(tcp, (struct sockaddr *)&address, len) == 0;

        close(udp);
        close(tcp);
        if (is_free)
            return ntohs(address.sin_port);
    }
    fail_msg("no port of 127.0.0.1 is free for UDP and TCP");
    return 0;
}

/* save - a file in the directory of the server */
static void save(struct arena *arena, const struct server *server, const char *name,
                 const char *text)
{
    struct err why = {0};

    if (!file_save(arena_printf(arena, "%s/%s", server->directory, name), span_of(text), &why))
        fail_msg("%s", why.text);
}

/* prepare - a directory and a port */
static struct server prepare(struct arena *arena, const char *program)
{
    char *directory = arena_printf(arena, "/tmp/mailassay-%s-XXXXXX", program);
    struct server server = {.port = free_port()};

    if (mkdtemp(directory) == NULL)
        fail_msg("%s: cannot be made", directory);
    server.directory = directory;
    server.spec = arena_printf(arena, "live:127.0.0.1@%u", server.port);
    return server;
}

/* run - the program in the foreground; what it says goes to "log" */
static void run(struct arena *arena, struct server *server, const char *program)
{
    const char *path = program_path(program);
    const char *config = arena_printf(arena, "%s/config", server->directory);
    const char *log = arena_printf(arena, "%s/log", server->directory);
    pid_t parent = getpid();

    fflush(NULL);
    server->pid = fork();
    assert_true(server->pid >= 0);
    if (server->pid == 0) {
        int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);

        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (fd < 0 || getppid() != parent || dup2(fd, STDOUT_FILENO) < 0 ||
            dup2(fd, STDERR_FILENO) < 0)
            _exit(127);
        execl(path, program, "-d", "-c", config, (char *)NULL);
        _exit(127);
    }
}

/* is_answering - the server knows the SOA of the zone */
static bool is_answering(const struct server *server, const char *apex)
{
    struct arena *arena = arena_open();
    struct err why = {0};
    struct source_options options = {.timeout_ms = TRY_MS};
    struct source *source = source_open(arena, server->spec, &options, &why);
    struct ledger *ledger = ledger_open(arena);
    const struct dns_answer *answer =
        ledger_ask(ledger, dns_name_from_text(arena, apex), DNS_SOA);
    bool is_ok = false;

    assert_non_null(source);
    ledger_fill(ledger, source);
    is_ok = answer->status == DNS_OK;
    source_close(source);
    arena_close(arena);
    return is_ok;
}

/* fail_to_start - with what the program wrote */
static void fail_to_start(struct arena *arena, const struct server *server)
{
    struct span log = {0};
    struct err why = {0};
    const char *path = arena_printf(arena, "%s/log", server->directory);

    file_load(arena, path, 65536, &log, &why);
    fail_msg("the server did not start: %.*s", SPAN_ARG(log));
}

/* wait_until_ready - ask until there is an answer */
static void wait_until_ready(struct arena *arena, const struct server *server, const char *apex)
{
    int64_t until = clock_monotonic_ms() + READY_MS;

    while (!is_answering(server, apex)) {
        if (clock_monotonic_ms() > until || waitpid(server->pid, NULL, WNOHANG) != 0)
            fail_to_start(arena, server);
        poll(NULL, 0, PAUSE_MS);
    }
}

const char *server_zone_path(struct arena *arena, const struct server *server,
                             const struct server_zone *zone)
{
    return arena_printf(arena, "%s/%s.zone", server->directory, zone->apex);
}

struct server server_start_nsd(struct arena *arena, const struct server_zone *zones,
                               size_t count)
{
    struct server server = prepare(arena, "nsd");
    const char *directory = server.directory;
    struct sbuf config = sbuf_start(arena);

    sbuf_addf(&config,
              "server:\n ip-address: 127.0.0.1@%u\n username: \"\"\n database: \"\"\n"
              " server-count: 1\n rrl-ratelimit: 0\n zonesdir: \"%s\"\n pidfile: \"\"\n "
              "xfrdir: \"%s\"\n"
              " xfrdfile: \"%s/xfrd.state\"\n zonelistfile: \"%s/zone.list\"\n"
              "remote-control:\n control-enable: no\n",
              server.port, directory, directory, directory, directory);
    for (size_t i = 0; i < count; i++) {
        save(arena, &server, arena_printf(arena, "%s.zone", zones[i].apex), zones[i].text);
        sbuf_addf(&config, "zone:\n name: \"%s\"\n zonefile: \"%s.zone\"\n", zones[i].apex,
                  zones[i].apex);
    }
    save(arena, &server, "config", sbuf_text(&config));
    run(arena, &server, "nsd");
    wait_until_ready(arena, &server, zones[0].apex);
    return server;
}

struct server server_start_unbound(struct arena *arena, const struct server *authority,
                                   const struct server_zone *zones, const char *options)
{
    struct server server = prepare(arena, "unbound");
    struct sbuf config = sbuf_start(arena);

    sbuf_addf(&config,
              "server:\n interface: 127.0.0.1@%u\n port: %u\n username: \"\"\n chroot: \"\"\n"
              " directory: \"%s\"\n pidfile: \"\"\n use-syslog: no\n logfile: \"\"\n"
              " do-daemonize: no\n do-ip6: no\n do-not-query-localhost: no\n"
              " access-control: 127.0.0.0/8 allow\n%s",
              server.port, server.port, server.directory, options);
    for (size_t i = 0; zones[i].apex != NULL; i++)
        sbuf_addf(&config, "stub-zone:\n name: \"%s\"\n stub-addr: 127.0.0.1@%u\n",
                  zones[i].apex, authority->port);
    save(arena, &server, "config", sbuf_text(&config));
    run(arena, &server, "unbound");
    wait_until_ready(arena, &server, zones[0].apex);
    return server;
}

/* remove_one - a file or an empty directory */
static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    remove(path);
    return 0;
}

void server_stop(struct server *server)
{
    if (server->pid <= 0)
        return;
    kill(server->pid, SIGTERM);
    waitpid(server->pid, NULL, 0);
    server->pid = 0;
    nftw(server->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
