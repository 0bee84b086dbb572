/* Files are replaced whole or not at all, whatever comes in between. */
#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_write.h"
#include "unit.h"

#define LARGE ((size_t)512 << 20) /* takes longer to write than the timer below waits */

static struct arena *arena;
static char folder[] = "/tmp/mailassay-write-XXXXXX";

static int open_folder(void **state)
{
    (void)state;
    arena = arena_open();
    memcpy(folder, "/tmp/mailassay-write-XXXXXX", sizeof(folder));
    assert_non_null(mkdtemp(folder));
    return 0;
}

/* names_in - files of the folder; those that are removed */
static size_t names_in(bool is_removing)
{
    DIR *dir = opendir(folder);
    size_t count = 0;

    assert_non_null(dir);
    for (struct dirent *entry = NULL; (entry = readdir(dir)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        count++;
        if (is_removing)
            unlink(arena_printf(arena, "%s/%s", folder, entry->d_name));
    }
    closedir(dir);
    return count;
}

static int close_folder(void **state)
{
    (void)state;
    names_in(true);
    rmdir(folder);
    arena_close(arena);
    return 0;
}

/* path_of - a name in the folder */
static const char *path_of(const char *name)
{
    return arena_printf(arena, "%s/%s", folder, name);
}

/* save - a text; true if it is what is read afterwards */
static bool save(const char *path, const char *text)
{
    struct span bytes = {NULL, 0};
    struct err why = {0};

    return file_save(path, span_of(text), &why) && file_load(arena, path, 100, &bytes, &why) &&
           span_equal_text(bytes, text);
}

static void mode_and_link_of_a_file_are_kept(void **state)
{
    struct stat about = {0};

    (void)state;
    assert_true(save(path_of("real"), "old"));
    assert_int_equal(chmod(path_of("real"), 0640), 0);
    assert_int_equal(symlink("real", path_of("link")), 0);
    assert_true(save(path_of("link"), "new"));
    assert_int_equal(lstat(path_of("link"), &about), 0);
    assert_true(S_ISLNK(about.st_mode));
    assert_int_equal(lstat(path_of("real"), &about), 0);
    assert_true(S_ISREG(about.st_mode));
    assert_int_equal(about.st_mode & 07777, 0640);
    assert_int_equal(names_in(false), 2);
}

static void links_to_nothing_are_not_followed(void **state)
{
    struct err why = {0};

    (void)state;
    assert_int_equal(symlink("nowhere", path_of("link")), 0);
    assert_false(file_save(path_of("link"), span_of("x"), &why));
    assert_int_equal(names_in(false), 1);
}

static void a_private_file_is_new_and_of_its_owner_alone(void **state)
{
    struct stat about = {0};
    struct err why = {0};

    (void)state;
    assert_true(file_create(path_of("key"), span_of("secret"), &why));
    assert_int_equal(stat(path_of("key"), &about), 0);
    assert_int_equal(about.st_mode & 07777, 0600);
    assert_false(file_create(path_of("key"), span_of("other"), &why));
    assert_int_equal(symlink("target", path_of("link")), 0);
    assert_false(file_create(path_of("link"), span_of("other"), &why));
    assert_int_equal(names_in(false), 2);
}

/* save_until_the_timer - in a process of its own; how it ended */
static int save_until_the_timer(const char *path, struct span bytes)
{
    const struct itimerval soon = {.it_value = {.tv_usec = 1000}};
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        struct err why = {0};

        setitimer(ITIMER_REAL, &soon, NULL);
        (void)file_save(path, bytes, &why);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void a_signal_leaves_the_old_file_and_nothing_else(void **state)
{
    char *bytes = malloc(LARGE);
    struct span old = {NULL, 0};
    struct err why = {0};
    int status = 0;

    (void)state;
    assert_non_null(bytes);
    memset(bytes, 'x', LARGE);
    assert_true(save(path_of("file"), "old"));
    status = save_until_the_timer(path_of("file"), span_make(bytes, LARGE));
    free(bytes);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGALRM);
    assert_int_equal(names_in(false), 1);
    assert_true(file_load(arena, path_of("file"), 100, &old, &why));
    assert_true(span_equal_text(old, "old"));
}

static void what_a_list_names_is_a_regular_file_and_not_the_list(void **state)
{
    struct err why = {0};
    int list = -1;
    int fd = -1;

    (void)state;
    assert_true(save(path_of("list"), "list"));
    assert_true(save(path_of("file"), "12345"));
    assert_int_equal(mkfifo(path_of("fifo"), 0600), 0);
    assert_int_equal(link(path_of("list"), path_of("same")), 0);
    assert_true((list = file_open(path_of("list"), &why)) >= 0);
    assert_true((fd = file_open_named(path_of("file"), list, 5, &why)) >= 0);
    close(fd);
    assert_int_equal(file_open_named(path_of("file"), list, 4, &why), -1);
    assert_int_equal(file_open_named(path_of("fifo"), list, 5, &why), -1);
    assert_int_equal(file_open_named(path_of("same"), list, 5, &why), -1);
    assert_int_equal(file_open_named(folder, list, 5, &why), -1);
    assert_int_equal(file_open_named("/dev/null", list, 5, &why), -1);
    close(list);
}

static void a_file_that_was_read_is_taken(void **state)
{
    struct span bytes = {NULL, 0};
    struct err why = {0};

    (void)state;
    assert_true(file_save(path_of("input"), span_of("x"), &why));
    assert_false(file_is_taken(path_of("input"), &why));
    assert_true(file_load(arena, path_of("input"), 10, &bytes, &why));
    assert_int_equal(symlink("input", path_of("link")), 0);
    assert_true(file_is_taken(path_of("link"), &why));
    assert_int_equal(why.kind, ERR_USAGE);
    assert_false(file_is_taken(path_of("other"), &why));
    assert_false(file_is_taken("-", &why));
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, open_folder, close_folder)
    const struct CMUnitTest tests[] = {
        /* first: the inode of a file that is gone may be that of a new one */
        IN_FOLDER(a_file_that_was_read_is_taken),
        IN_FOLDER(mode_and_link_of_a_file_are_kept),
        IN_FOLDER(links_to_nothing_are_not_followed),
        IN_FOLDER(a_private_file_is_new_and_of_its_owner_alone),
        IN_FOLDER(a_signal_leaves_the_old_file_and_nothing_else),
        IN_FOLDER(what_a_list_names_is_a_regular_file_and_not_the_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
