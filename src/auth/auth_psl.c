/*
 * libpsl wants lower case, which every dns_name is. The list is loaded once and kept for the
 * life of the process: the system's newest one, or the one compiled into the library.
 */
#include <string.h>

#include <libpsl.h>

#include "auth/auth_dmarc.h"
#include "base/arena.h"
#include "dns/dns_name.h"

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

bool auth_psl_is_listed(const struct dns_name *name)
{
    const psl_ctx_t *list = public_suffixes();
    const char *dot = strrchr(name->text, '.');

    return list != NULL && psl_is_public_suffix2(list, dot != NULL ? dot + 1 : name->text,
                                                 PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE);
}
