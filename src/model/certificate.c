/* Whom a certificate is for. */
#include "model/certificate.h"

#include <string.h>

#include "base/span.h"

bool smtp_mark_covers(const struct smtp_mark *mark, const char *domain)
{
    struct span names = span_of(mark->certificate.names);

    while (names.len > 0) {
        struct span name = span_trim(span_cut(&names, ','));
        size_t len = strlen(domain);

        if (span_equal_nocase(name, domain))
            return true;
        if (name.len > 0 && len > name.len && domain[len - name.len - 1] == '.' &&
            span_equal_nocase(name, domain + len - name.len))
            return true;
    }
    return false;
}
