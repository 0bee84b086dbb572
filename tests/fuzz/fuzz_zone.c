/* A zone file, and questions to what was read. */
#include <unistd.h>

#include "source/zone.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    static const char *const names[] = {"example.com", "a.b.example.com", "*.example.com", ""};
    char path[] = "/tmp/mailassay-fuzz-XXXXXX";
    struct err why = {0};
    int fd = mkstemp(path);
    struct zone *zone = NULL;

    if (fd < 0 || write(fd, bytes.at, bytes.len) != (ssize_t)bytes.len)
        abort();
    close(fd);
    zone = zone_open(arena,
                     &(struct zone_request){.path = path,
                                            .origin = dns_name_from_text(arena, "example.com")},
                     &why);
    unlink(path);
    if (zone == NULL)
        return;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct dns_question question = {dns_name_from_text(arena, names[i]), DNS_TXT};

        if (zone_speaks_for(zone, question.name))
            zone_find(zone, arena, &question);
    }
}
