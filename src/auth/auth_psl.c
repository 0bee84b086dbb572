/*
 * libpsl wants lower case, which every dns_name is. The list is loaded once and kept for the
 * life of the process: the system's newest one, or the one compiled into the library.
 */
#include <libpsl.h>

#include "auth/auth_dmarc.h"

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

const struct dns_name *auth_psl_organizational_domain(struct arena *arena,
                                                      const struct dns_name *name)
{
    const psl_ctx_t *list = public_suffixes();
    const char *found = list == NULL ? NULL : psl_registrable_domain(list, name->text);
    const struct dns_name *domain = found == NULL ? NULL : dns_name_from_text(arena, found);

    return domain != NULL && dns_name_is_below(name, domain) ? domain : NULL;
}
