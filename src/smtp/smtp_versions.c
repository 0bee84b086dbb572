/* One session for each TLS version that the first session did not use. */
#include <string.h>

#include "smtp/smtp_walk.h"

/* versions_diagnose - to a session that is over */
static void versions_diagnose(struct arena *arena, struct smtp_session *session,
                              enum smtp_diagnosis diagnosis, const char *detail)
{
    struct smtp_walk walk = {
        .arena = arena, .session = session, .diagnosed_tail = &session->diagnosed};

    while (*walk.diagnosed_tail != NULL)
        walk.diagnosed_tail = &(*walk.diagnosed_tail)->next;
    smtp_diagnose(&walk, diagnosis, SMTP_STATE_TLS, detail);
}

/* note_old_versions - offered along with newer ones, which clients choose */
static void note_old_versions(struct arena *arena, struct smtp_session *session)
{
    bool is_modern = session->speaks[SMTP_TLS_1_2] || session->speaks[SMTP_TLS_1_3];
    bool has_both = session->speaks[SMTP_TLS_1_0] && session->speaks[SMTP_TLS_1_1];

    if (is_modern && (session->speaks[SMTP_TLS_1_0] || session->speaks[SMTP_TLS_1_1]))
        versions_diagnose(
            arena, session, DIAGNOSIS_TLS_OLD_BESIDE,
            arena_printf(
                arena, "%s%s%s",
                session->speaks[SMTP_TLS_1_0] ? smtp_tls_version_to_text(SMTP_TLS_1_0) : "",
                has_both ? ", " : "",
                session->speaks[SMTP_TLS_1_1] ? smtp_tls_version_to_text(SMTP_TLS_1_1) : ""));
}

bool smtp_client_ask_versions(struct arena *arena, struct smtp_session *session,
                              const struct smtp_client_pause *pause, struct err *why)
{
    struct smtp_probe probe = *session->probe;

    if (session->tls == NULL)
        return true;
    probe.login = NULL;
    probe.stop_after = SMTP_STATE_EHLO_AGAIN;
    session->has_versions = true;
    for (int i = SMTP_TLS_1_0; i < SMTP_TLS_VERSIONS; i++) {
        const struct smtp_session *asked = NULL;

        probe.only = (enum smtp_tls_version)i;
        session->speaks[i] =
            strcmp(session->tls->version, smtp_tls_version_to_text(probe.only)) == 0;
        if (session->speaks[i])
            continue;
        pause->wait(pause->ctx);
        asked = smtp_client_run(arena, &probe, why);
        if (asked == NULL)
            return false;
        session->speaks[i] = asked->tls != NULL;
    }
    note_old_versions(arena, session);
    return true;
}
