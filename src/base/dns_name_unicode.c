/* A U-label is shown only where typing it leads back to the name. */
#include <idn2.h>
#include <string.h>

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "base/span.h"

/* name_is_name - the text, read as a person would type it, is this name */
static bool name_is_name(struct arena *arena, const char *text, const struct dns_name *name)
{
    struct err *why = arena_new_of(arena, struct err);
    const struct dns_name *again = dns_name_parse(arena, span_of(text), why);

    return again != NULL && dns_name_equal(again, name);
}

const char *dns_name_to_unicode(struct arena *arena, const struct dns_name *name)
{
    const char *result = NULL;
    char *unicode = NULL;

    if (strstr(name->text, "xn--") == NULL)
        return NULL;
    if (idn2_to_unicode_8z8z(name->text, &unicode, IDN2_NONTRANSITIONAL) != IDN2_OK)
        return NULL;
    if (strcmp(unicode, name->text) != 0 && name_is_name(arena, unicode, name))
        result = arena_strdup(arena, unicode);
    idn2_free(unicode);
    return result;
}
