/* What a person typed in another script, as it is in DNS. */
#include <idn2.h>

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/escape.h"
#include "base/span.h"

bool dns_name_to_a_labels(struct arena *arena, struct span *text, const char **because)
{
    const char *typed = arena_strdup_span(arena, *text);
    char *ascii = NULL;
    int status = 0;

    for (struct span rest = *text; rest.len > 0;) {
        uint32_t code = 0;
        size_t len = utf8_next(rest, &code);

        if (len == 0) {
            *because = "it is not valid UTF-8";
            return false;
        }
        rest = span_from(rest, len);
    }
    status = idn2_to_ascii_8z(typed, &ascii, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
    if (status != IDN2_OK) {
        *because =
            arena_printf(arena, "as an internationalized name, %s", idn2_strerror(status));
        return false;
    }
    *text = span_of(arena_strdup(arena, ascii));
    idn2_free(ascii);
    return true;
}
