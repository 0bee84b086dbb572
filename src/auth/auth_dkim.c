/* Everything about the signatures of a message that needs no DNS. */
#include "auth/auth_dkim.h"
#include "auth/auth_dkim_hash.h"
#include "auth/auth_dkim_memo.h"
#include "base/limits.h"
#include "record/rec_dkim.h"

struct auth_dkim_prepared *auth_dkim_collect(struct arena *arena, struct mail_message *message)
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
    return prepared;
}

void auth_dkim_hash(struct arena *arena, struct mail_message *message,
                    struct auth_dkim_prepared *const *sets, size_t count)
{
    struct auth_dkim_list list = {0};
    const char *trouble = NULL;

    for (size_t i = 0; i < count; i++) {
        sets[i]->memos = arena_array_of(arena, struct auth_dkim_memo, sets[i]->count);
        for (size_t j = 0; j < sets[i]->count; j++)
            arena_append(arena, list.at, list.count, &sets[i]->signatures[j]);
    }
    if (list.count == 0)
        return;
    auth_dkim_hash_headers(arena, message, &list);
    trouble = auth_dkim_hash_body(arena, message, &list);
    for (size_t i = 0; i < count; i++) {
        sets[i]->body_trouble = trouble;
        sets[i]->is_header_only = message->is_header_only;
    }
}

struct auth_dkim_prepared *auth_dkim_prepare(struct arena *arena, struct mail_message *message)
{
    struct auth_dkim_prepared *prepared = auth_dkim_collect(arena, message);

    auth_dkim_hash(arena, message, &prepared, 1);
    return prepared;
}
