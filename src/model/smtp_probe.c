/* What renderers ask of the client: rows and words, without OpenSSL. */
#include "base/arena.h"
#include "base/must.h"
#include "base/span.h"
#include "model/smtp_probe.h"

static const struct smtp_diagnosis_row rows[] = {
#define DIAGNOSIS(id, severity, is_undetermined, text, hint) \
    {#id, SEV_##severity, is_undetermined, text, hint},
#include "model/smtp_diagnosis.def"
};

const struct smtp_diagnosis_row *smtp_diagnosis_get(enum smtp_diagnosis diagnosis)
{
    must(diagnosis < DIAGNOSES);
    return &rows[diagnosis];
}

const char *smtp_diagnosis_id(struct arena *arena, const struct smtp_diagnosis_row *row)
{
    char *id = arena_strdup(arena, row->id);

    for (char *at = id; *at != '\0'; at++)
        *at = ascii_to_lower(*at);
    return id;
}

const char *smtp_tls_version_to_text(enum smtp_tls_version version)
{
    static const char *const words[SMTP_TLS_VERSIONS] = {"", "TLSv1", "TLSv1.1", "TLSv1.2",
                                                         "TLSv1.3"}; /* as OpenSSL has them */

    return words[version];
}
