/*
 * The search for what broke the signatures of a message, in which nothing can be proved: each
 * signature is taken as one that does not hold, with a key of Ed25519 that made none of them.
 */
#include "auth/auth_damage.h"
#include "base/must.h"
#include "fuzz.h"
#include "mail/mail_message.h"
#include "record/rec_dkim.h"

static const char key_text[] =
    "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

FUZZ(arena, bytes)
{
    struct mail_message *message = mail_message_parse(arena, bytes);
    const struct auth_dkim_prepared *prepared = auth_dkim_prepare(arena, message);
    struct auth_dkim_verdict *verdicts =
        arena_array_of(arena, struct auth_dkim_verdict, prepared->count);
    struct rec_dkim_key *key = arena_new_of(arena, struct rec_dkim_key);
    const struct auth_damage *const *lists = NULL;
    const struct auth_damage_hosts *hosts = NULL;

    rec_dkim_key_parse(arena, span_of(key_text), key);
    for (size_t i = 0; i < prepared->count; i++)
        verdicts[i] = (struct auth_dkim_verdict){
            .signature = &prepared->signatures[i],
            .result = DKIM_FAIL,
            .reason = "",
            .body_hash = HASH_MISMATCH,
            .header_hash =
                prepared->signatures[i].parsed.is_fatal ? HASH_NOT_CHECKED : HASH_MISMATCH,
            .key = key,
        };
    lists = auth_damage_find(arena, message, prepared, verdicts);
    hosts = auth_damage_hosts_find(arena, prepared, verdicts);
    for (size_t i = 0; i < prepared->count; i++) {
        must(hosts[i].count <= AUTH_DAMAGE_HOSTS_SHOWN);
        for (const struct auth_damage *damage = lists[i]; damage != NULL; damage = damage->next)
            must(damage->text != NULL && damage->proof != NULL);
    }
}
