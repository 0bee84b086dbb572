/* Everything about the signatures of a message that needs no DNS. */
#include "auth/auth_dkim.h"
#include "auth/auth_dkim_hash.h"
#include "auth/auth_dkim_memo.h"
#include "base/limits.h"

struct auth_dkim_prepared *auth_dkim_prepare(struct arena *arena, struct mail_message *message)
{
    struct auth_dkim_prepared *prepared = arena_new_of(arena, struct auth_dkim_prepared);
    const struct mail_header *header = NULL;
    size_t from = 0;

    prepared->message = message;
    prepared->arena = arena;
    while ((header = mail_header_find(message, "DKIM-Signature", from)) != NULL) {
        struct auth_dkim_signature signature = {.header = header};

        rec_dkim_signature_parse(arena, header->value, &signature.parsed);
        signature.is_over_limit = prepared->count >= LIMIT_SIGNATURES;
        arena_append(arena, prepared->signatures, prepared->count, signature);
        from = mail_header_index(message, header) + 1;
    }
    prepared->memos = arena_array_of(arena, struct auth_dkim_memo, prepared->count);
    if (prepared->count == 0)
        return prepared;
    auth_dkim_hash_headers(arena, message, prepared);
    auth_dkim_hash_body(arena, message, prepared);
    return prepared;
}
