/* A zone file, and questions to what was read. */
#include <unistd.h>

#include "dns/dns_zone.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    static const char *const names[] = {"example.com", "a.b.example.com", "*.example.com", ""};
    char path[] = "/tmp/mailassay-fuzz-XXXXXX";
    struct err why = {0};
    int fd = mkstemp(path);
    struct dns_zone *zone = NULL;

    if (fd < 0 || write(fd, bytes.at, bytes.len) != (ssize_t)bytes.len)
        abort();
    close(fd);
    zone = dns_zone_load(arena, path, dns_name_from_text(arena, "example.com"), &why);
    unlink(path);
    if (zone == NULL)
        return;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct dns_question question = {dns_name_from_text(arena, names[i]), DNS_TXT};

        if (dns_zone_speaks_for(zone, question.name))
            dns_zone_find(zone, arena, &question);
    }
}
