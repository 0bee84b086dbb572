/* A file of providers of the user's own; what loads is asked for what it says. */
#include "policy/policy_provider.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    struct err why = {0};
    const struct policy_provider_file *file =
        policy_providers_parse(arena, "fuzz.yaml", bytes, &why);

    for (size_t i = 0; file != NULL && i < file->set.count; i++) {
        provider_find(&file->set, file->set.list[i].name);
        provider_of(&file->set, PROVIDER_BY_MX, "mx.example.com");
        provider_has_header(&file->set.list[i], span_of("Mailing-List"),
                            span_of("contact a@example.org; run by somebody"));
    }
}
