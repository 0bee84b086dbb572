/* What the chosen hop says of client and sender; the note is composed here, for all readers. */
#include "base/ip.h"
#include "base/span.h"
#include "mail/mail_address.h"
#include "mail/mail_client.h"
#include "mail/mail_received.h"
#include "mail/mail_trace_private.h"

struct finder {
    struct arena *arena;
    const struct mail_message *message;
    const struct mail_header *spf_header; /* the topmost Received-SPF; NULL */
    struct mail_received spf;
    struct mail_envelope envelope;
};

/* raw_word - the bytes of a word for later use as data; NULL if it is empty or holds a NUL */
static const char *raw_word(struct arena *arena, struct span word)
{
    if (word.len == 0 || span_find(word, '\0') >= 0)
        return NULL;
    return arena_strdup_span(arena, word);
}

/* envelope_take_hop - the client and its name from the chosen field */
static void envelope_take_hop(struct finder *finder)
{
    struct mail_envelope *envelope = &finder->envelope;
    const struct mail_hop *hop = envelope->hop.hop;

    envelope->client = hop->client;
    envelope->helo = raw_word(finder->arena, hop->received.helo);
    envelope->client_origin = arena_printf(finder->arena, "Received field %zu (line %d)",
                                           envelope->hop.index + 1, hop->header->line);
}

/* take_spf_client - no Received field shows a client, but Received-SPF does */
static void take_spf_client(struct finder *finder)
{
    struct mail_envelope *envelope = &finder->envelope;

    envelope->client = finder->spf.client;
    envelope->helo = raw_word(finder->arena, finder->spf.helo);
    envelope->client_origin =
        arena_printf(finder->arena, "Received-SPF (line %d)", finder->spf_header->line);
    envelope->hop = (struct mail_client){
        .kind = MAIL_CLIENT_RESULT,
        .named_by = finder->spf_header,
        .reason = "no Received field shows a client of SMTP",
        .is_guessed = true,
    };
}

/* find_client - the hop, else Received-SPF, else nothing; and the sentence about it */
static void find_client(struct finder *finder)
{
    struct mail_envelope *envelope = &finder->envelope;
    const struct mail_client *hop = &envelope->hop;

    if (hop->kind == MAIL_CLIENT_NONE && hop->hop == NULL &&
        finder->spf.client.family != IP_NONE && !ip_is_loopback(&finder->spf.client) &&
        !ip_is_private(&finder->spf.client))
        take_spf_client(finder);
    else if (hop->kind != MAIL_CLIENT_NONE && hop->kind != MAIL_CLIENT_SUBMISSION)
        envelope_take_hop(finder);
    envelope->note = hop->reason;
    if (envelope->client.family != IP_NONE)
        envelope->note = arena_printf(
            finder->arena, "took the client %s from %s%s: %s%s%s",
            ip_to_text(finder->arena, &envelope->client), envelope->client_origin,
            hop->is_guessed ? ", a guess" : "", hop->reason,
            hop->relay != NULL ? "; the client is " : "", hop->relay != NULL ? hop->relay : "");
}

/* find_helo - Received-SPF may know it where the chosen field does not */
static void find_helo(struct finder *finder)
{
    struct mail_envelope *envelope = &finder->envelope;

    if (envelope->helo != NULL || envelope->client.family == IP_NONE ||
        finder->spf.helo.len == 0 || !ip_equal(&envelope->client, &finder->spf.client))
        return;
    envelope->helo = raw_word(finder->arena, finder->spf.helo);
    envelope->note =
        arena_printf(finder->arena, "%s; its HELO name is from Received-SPF (line %d)",
                     envelope->note, finder->spf_header->line);
}

/* take_sender - use a path as the sender if it is one */
static bool take_sender(struct finder *finder, struct span path, const char *origin)
{
    if (!mail_path_parse(finder->arena, path, &finder->envelope.mail_from))
        return false;
    finder->envelope.mail_from_origin = origin;
    return true;
}

/* find_sender - Return-Path, then the chosen field, then Received-SPF */
static void find_sender(struct finder *finder)
{
    struct arena *arena = finder->arena;
    const struct mail_client *client = &finder->envelope.hop;
    const struct mail_header *path = mail_header_find(finder->message, "Return-Path", 0);

    if (path != NULL && take_sender(finder, path->value,
                                    arena_printf(arena, "Return-Path (line %d)", path->line)))
        return;
    if (client->hop != NULL && client->hop->received.envelope_from.len > 0 &&
        take_sender(finder, client->hop->received.envelope_from,
                    arena_printf(arena, "Received field %zu (line %d)", client->index + 1,
                                 client->hop->header->line)))
        return;
    if (finder->spf_header != NULL && finder->spf.envelope_from.len > 0 &&
        ip_equal(&finder->spf.client, &finder->envelope.client))
        take_sender(finder, finder->spf.envelope_from,
                    arena_printf(arena, "Received-SPF (line %d)", finder->spf_header->line));
}

struct mail_envelope mail_envelope_find(struct arena *arena, const struct mail_message *message,
                                        const struct mail_trace *trace,
                                        const struct provider_set *known)
{
    struct finder finder = {.arena = arena, .message = message};

    finder.spf_header = mail_header_find(message, "Received-SPF", 0);
    if (finder.spf_header != NULL)
        finder.spf = mail_received_spf_parse(arena, finder.spf_header->value);
    finder.envelope.hop = mail_client_find(arena, message, trace, known);
    find_client(&finder);
    find_helo(&finder);
    find_sender(&finder);
    mail_recipient_find(arena, message, trace, &finder.envelope);
    return finder.envelope;
}
