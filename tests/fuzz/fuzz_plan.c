/* DNS as code, JSON and YAML, and questions to what was read. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "source/source.h"
#include "fuzz.h"

/* take_answer - an answer is looked at no further */
static void take_answer(void *ctx, void *token, const struct dns_answer *answer)
{
    (void)ctx;
    (void)token;
    (void)answer;
}

FUZZ(arena, bytes)
{
    static const char *const names[] = {"example.com", "_dmarc.example.com", "a.example.com"};
    static char folder[] = "/tmp/mailassay-fuzz-XXXXXX"; /* one of its own: it is searched */
    const char *path = NULL;
    struct err why = {0};
    struct source *source = NULL;
    int fd = -1;

    if (mkdtemp(folder) == NULL)
        abort();
    path = arena_printf(arena, "%s/fuzz.example.yaml", folder);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || write(fd, bytes.at, bytes.len) != (ssize_t)bytes.len)
        abort();
    close(fd);
    source = source_open(arena, arena_printf(arena, "plan:%s@example.com", path), NULL, &why);
    if (source == NULL)
        source = source_open(arena, arena_printf(arena, "plan:%s", path), NULL, &why);
    unlink(path);
    rmdir(folder);
    memcpy(folder + sizeof(folder) - 7, "XXXXXX", 6);
    if (source == NULL)
        return;
    source = source_overlay_open(arena, &source, 1);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct dns_question question = {dns_name_from_text(arena, names[i]), DNS_TXT};

        if (source->ops->submit(source, &question, source))
            source->ops->poll(source, 0, take_answer, NULL);
    }
    source_close(source);
}
