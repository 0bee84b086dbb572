/*
 * make_pages DIRECTORY DATE - run by the build: writes the manual pages of the program and of
 * its commands, dated DATE ("November 29, 2026"), and the completions for three shells. It is
 * not part of the program; the tables it reads are.
 */
#include <stdio.h>

#include "app/app_completion.h"
#include "app/app_help.h"
#include "app/app_options.h"
#include "base/arena.h"
#include "base/sbuf.h"
#include "base/span.h"

/* make_pages_write - one file; false: it cannot be written */
static bool make_pages_write(const char *path, const struct sbuf *text)
{
    FILE *file = fopen(path, "w");
    bool is_written = file != NULL && fwrite(text->bytes, 1, text->len, file) == text->len;

    if ((file != NULL && fclose(file) != 0) || !is_written) {
        fprintf(stderr, "make_pages: cannot write %s\n", path);
        return false;
    }
    return true;
}

/* make_pages_manual - of a command; NULL: of the program */
static bool make_pages_manual(struct arena *arena, char **argv,
                              const struct app_command *command)
{
    struct sbuf out = sbuf_start(arena);

    app_manual(command, argv[2], &out);
    return make_pages_write(arena_printf(arena, "%s/mailassay%s%s.1", argv[1],
                                         command != NULL ? "-" : "",
                                         command != NULL ? command->name : ""),
                            &out);
}

/* make_pages_all - every file */
static bool make_pages_all(struct arena *arena, char **argv)
{
    static const struct {
        const char *file;
        void (*write)(struct sbuf *out);
    } shells[] = {
        {"mailassay.bash", app_completion_bash},
        {"_mailassay", app_completion_zsh},
        {"mailassay.fish", app_completion_fish},
    };
    bool is_fine = make_pages_manual(arena, argv, NULL);

    for (size_t i = 0; is_fine && i < app_command_count(); i++)
        is_fine = make_pages_manual(arena, argv, app_command_get(i));
    for (size_t i = 0; is_fine && i < COUNT_OF(shells); i++) {
        struct sbuf out = sbuf_start(arena);

        shells[i].write(&out);
        is_fine = make_pages_write(arena_printf(arena, "%s/%s", argv[1], shells[i].file), &out);
    }
    return is_fine;
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_open();
    bool is_fine = argc == 3 && make_pages_all(arena, argv);

    arena_close(arena);
    return is_fine ? 0 : 1;
}
