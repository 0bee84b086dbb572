/*
 * libpsl wants lower case, which every dns_name is. The list is loaded once and kept for the
 * life of the process: the system's newest one, or the one compiled into the library.
 */
#include <string.h>

#include <libpsl.h>

#include "auth/auth_dmarc.h"
#include "base/arena.h"
#include "base/dns_name.h"

/* public_suffixes - the list, NULL if the library has none at all */
static const psl_ctx_t *public_suffixes(void)
{
    static const psl_ctx_t *list;

    if (list == NULL)
        list = psl_latest(NULL);
    if (list == NULL)
        list = psl_builtin();
    return list;
}

/* registrable_part - how many octets at the end of a name are the registrable domain; 0: none.
 * The same name comes again and again, so the last one is remembered. */
static size_t registrable_part(const struct dns_name *name)
{
    static char text[DNS_NAME_MAX + 1];
    static size_t part;
    const psl_ctx_t *list = public_suffixes();
    const char *found = NULL;

    if (name->len > 0 && strcmp(name->text, text) == 0)
        return part;
    found = list == NULL ? NULL : psl_registrable_domain(list, name->text);
    if (name->len > DNS_NAME_MAX) /* one with escapes */
        return found == NULL ? 0 : strlen(found);
    memcpy(text, name->text, name->len + 1U);
    part = found == NULL ? 0 : strlen(found);
    return part;
}

const struct dns_name *auth_psl_organizational_domain(struct arena *arena,
                                                      const struct dns_name *name)
{
    size_t part = registrable_part(name);
    const struct dns_name *domain =
        part == 0 ? NULL : dns_name_from_text(arena, name->text + name->len - part);

    return domain != NULL && dns_name_is_below(name, domain) ? domain : NULL;
}

bool auth_psl_is_listed(const struct dns_name *name)
{
    const psl_ctx_t *list = public_suffixes();
    const char *dot = strrchr(name->text, '.');

    return list != NULL && psl_is_public_suffix2(list, dot != NULL ? dot + 1 : name->text,
                                                 PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE);
}
