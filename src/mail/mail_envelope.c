/*
 * Which of the hops brought the message in from outside, and what it said about the sender. The
 * note is composed where the choice is made, so that it cannot tell anything else.
 */
#include "base/escape.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "mail/mail_address.h"
#include "mail/mail_received.h"
#include "mail/mail_trace_private.h"

struct finder {
    struct arena *arena;
    const struct mail_message *message;
    const struct mail_trace *trace;
    const struct mail_header *spf_header; /* the topmost Received-SPF; NULL */
    struct mail_received spf;
    struct mail_envelope envelope;
    struct mail_received chosen; /* what the chosen field says */
};

/* is_public - an address that somebody outside can have */
static bool is_public(const struct ip_address *address)
{
    return address->family != IP_NONE && !ip_is_loopback(address) && !ip_is_private(address);
}

/* envelope_organisation - the last two labels of a host name, final dot aside; empty for
 * one label */
static struct span envelope_organisation(struct span name)
{
    size_t from = name.len;
    unsigned dots = 0;

    if (name.len > 0 && name.at[name.len - 1] == '.')
        from = --name.len;
    while (from > 0) {
        if (name.at[from - 1] == '.' && ++dots == 2)
            break;
        from--;
    }
    return dots == 0 ? (struct span){NULL, 0} : span_from(name, from);
}

/* is_inside - does the hop lead from a host to another of the same domain */
static bool is_inside(const struct mail_hop *hop)
{
    struct mail_received received = mail_received_parse(hop->header->value);
    struct span from = envelope_organisation(received.helo);
    struct span by = envelope_organisation(received.by);

    if (from.len == 0 || from.len != by.len)
        return false;
    for (size_t i = 0; i < from.len; i++)
        if (ascii_to_lower(from.at[i]) != ascii_to_lower(by.at[i]))
            return false;
    return true;
}

/* first_public - index of the topmost hop with a public client; hop_count if there is none */
static size_t first_public(const struct mail_trace *trace)
{
    size_t i = 0;

    while (i < trace->hop_count && !is_public(&trace->hops[i].client))
        i++;
    return i;
}

/* skip_inside - the lower hop that Received-SPF speaks of, if all hops from `index` to it stay
 * inside one domain; else `index` */
static size_t skip_inside(const struct finder *finder, size_t index)
{
    const struct mail_trace *trace = finder->trace;

    if (!is_public(&finder->spf.client))
        return index;
    for (size_t i = index; i < trace->hop_count; i++) {
        if (ip_equal(&trace->hops[i].client, &finder->spf.client))
            return i;
        if (is_public(&trace->hops[i].client) && !is_inside(&trace->hops[i]))
            return index;
    }
    return index;
}

/* raw_word - the bytes of a word for later use as data; NULL if it is empty or holds a NUL */
static const char *raw_word(struct arena *arena, struct span word)
{
    if (word.len == 0 || span_find(word, '\0') >= 0)
        return NULL;
    return arena_strdup_span(arena, word);
}

/* take_hop - the client and its name from the chosen field */
static void take_hop(struct finder *finder, size_t index)
{
    const struct mail_hop *hop = &finder->trace->hops[index];

    finder->chosen = mail_received_parse(hop->header->value);
    finder->envelope.client = hop->client;
    finder->envelope.helo = raw_word(finder->arena, finder->chosen.helo);
    finder->envelope.client_origin = arena_printf(finder->arena, "Received field %zu (line %d)",
                                                  index + 1, hop->header->line);
}

/* explain_hop - why this hop and not another */
static const char *explain_hop(struct finder *finder, size_t index, size_t public_index)
{
    const char *client = ip_to_text(finder->arena, &finder->envelope.client);
    const char *origin = finder->envelope.client_origin;

    if (index > public_index && finder->spf_header != NULL)
        return arena_printf(
            finder->arena,
            "took the client %s from %s: Received-SPF (line %d) names it, and the "
            "fields above it are relays inside the receiver",
            client, origin, finder->spf_header->line);
    if (index == 0)
        return arena_printf(
            finder->arena,
            "took the client %s from %s: it is the newest field, and its client "
            "address is public",
            client, origin);
    return arena_printf(finder->arena,
                        "took the client %s from %s: the %s above it show%s no public client "
                        "address",
                        client, origin, index == 1 ? "field" : "fields", index == 1 ? "s" : "");
}

/* take_spf_client - no Received field shows a client, but Received-SPF does */
static void take_spf_client(struct finder *finder)
{
    struct mail_envelope *envelope = &finder->envelope;

    envelope->client = finder->spf.client;
    envelope->helo = raw_word(finder->arena, finder->spf.helo);
    envelope->client_origin =
        arena_printf(finder->arena, "Received-SPF (line %d)", finder->spf_header->line);
    envelope->note =
        arena_printf(finder->arena,
                     "took the client %s from %s: no Received field shows a public "
                     "client address",
                     ip_to_text(finder->arena, &envelope->client), envelope->client_origin);
}

/* find_client - the hop, else Received-SPF, else nothing */
static void find_client(struct finder *finder)
{
    size_t count = finder->trace->hop_count;
    size_t public_index = first_public(finder->trace);

    if (public_index < count) {
        size_t index = skip_inside(finder, public_index);

        take_hop(finder, index);
        finder->envelope.note = explain_hop(finder, index, public_index);
    } else if (is_public(&finder->spf.client)) {
        take_spf_client(finder);
    } else if (count == 0) {
        finder->envelope.note = "the message has no Received field, so its client is not known";
    } else {
        finder->envelope.note = arena_printf(
            finder->arena, "none of the %zu Received fields shows a public client address",
            count);
    }
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
    const struct mail_header *path = mail_header_find(finder->message, "Return-Path", 0);

    if (path != NULL && take_sender(finder, path->value,
                                    arena_printf(arena, "Return-Path (line %d)", path->line)))
        return;
    if (finder->chosen.envelope_from.len > 0 &&
        take_sender(finder, finder->chosen.envelope_from, finder->envelope.client_origin))
        return;
    if (finder->spf_header != NULL && finder->spf.envelope_from.len > 0)
        take_sender(finder, finder->spf.envelope_from,
                    arena_printf(arena, "Received-SPF (line %d)", finder->spf_header->line));
}

struct mail_envelope mail_envelope_find(struct arena *arena, const struct mail_message *message,
                                        const struct mail_trace *trace)
{
    struct finder finder = {.arena = arena, .message = message, .trace = trace};

    finder.spf_header = mail_header_find(message, "Received-SPF", 0);
    if (finder.spf_header != NULL)
        finder.spf = mail_received_spf_parse(arena, finder.spf_header->value);
    find_client(&finder);
    find_helo(&finder);
    find_sender(&finder);
    return finder.envelope;
}
