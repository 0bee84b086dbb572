/*
 * The fields are walked from the top. Everything above the field at hand was written by the
 * receiver or by hosts it trusts; whatever is below may be forged.
 */
#include "base/escape.h"
#include "base/ip.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "mail/mail_client.h"
#include "mail/mail_client_relay.h"

#define SKIPPED_SHOWN 8 /* reasons that the sentence names */

/* why a field is not the hop; the order of the tests */
enum skip {
    SKIP_NOT,
    SKIP_DELIVERY,
    SKIP_NO_CLIENT,
    SKIP_PRIVATE,
    SKIP_RECEIVER, /* two hosts of one known receiver */
    SKIP_HOST,     /* two names of one host */
    SKIP_DOMAIN    /* two hosts of one domain, one of which took the message in */
};

struct walk {
    struct arena *arena;
    const struct mail_message *message;
    const struct mail_trace *trace;
    const struct provider_set *known;
    struct mail_client client;
    struct sbuf skipped; /* "1: with LMTP, 2: ..." */
    size_t skipped_count;
    ptrdiff_t inside; /* the topmost hop that was left out by its names alone; -1 */
    ptrdiff_t hidden; /* the topmost private client with the name of another domain; -1 */
};

/* received_at - what the field says */
static const struct mail_received *received_at(const struct walk *walk, size_t index)
{
    return &walk->trace->hops[index].received;
}

/* host_owner - whose host it is, by data */
static const struct provider *host_owner(const struct walk *walk, struct span name)
{
    return mail_client_owner(walk->arena, walk->known, name);
}

/* ---- kinds of hops ---- */

/* client_is_submission - the client logged in */
static bool client_is_submission(const struct walk *walk, size_t index)
{
    return mail_client_is_submission(received_at(walk, index)) ||
           mail_client_logged_in(walk->message, walk->trace, index);
}

/* is_handed_in - the message began at this host: a program or a web page wrote it */
static bool is_handed_in(const struct mail_received *received)
{
    static const char *const words[] = {"HTTP", "MAPI", "local"};

    return received->is_local || mail_client_begins(received->protocol, words, COUNT_OF(words));
}

/* took_in - the next field below was written by a host of that domain */
static bool took_in(const struct walk *walk, size_t index, struct span domain)
{
    return index + 1 < walk->trace->hop_count &&
           mail_client_is_same(mail_client_domain(received_at(walk, index + 1)->by), domain);
}

/* skip_of - is the hop no transfer between organisations, and why */
static enum skip skip_of(const struct walk *walk, size_t index)
{
    const struct mail_received *received = received_at(walk, index);
    struct span name = mail_client_name(received);
    const struct provider *owner = NULL;

    if (mail_client_is_delivery(received->protocol))
        return SKIP_DELIVERY;
    if (received->client.family == IP_NONE)
        return SKIP_NO_CLIENT;
    if (ip_is_loopback(&received->client) || ip_is_private(&received->client))
        return SKIP_PRIVATE;
    owner = host_owner(walk, received->by);
    if (owner != NULL && owner == host_owner(walk, name))
        return SKIP_RECEIVER;
    if (mail_client_is_same(name, received->by))
        return SKIP_HOST;
    return mail_client_is_same(mail_client_domain(name), mail_client_domain(received->by)) &&
                   took_in(walk, index, mail_client_domain(name))
               ? SKIP_DOMAIN
               : SKIP_NOT;
}

/* client_is_foreign - a private address whose owner calls itself by a name of another domain */
static bool client_is_foreign(const struct mail_received *received)
{
    static const char *const inner[] = {".local",       ".internal", ".lan",
                                        ".localdomain", ".home",     ".arpa"};
    struct span domain = mail_client_domain(received->helo);

    for (size_t i = 0; i < COUNT_OF(inner); i++)
        if (span_ends_with_nocase(received->helo, inner[i]))
            return false;
    return domain.len > 0 && received->helo.at[0] != '[' && received->by.len > 0 &&
           mail_client_domain(received->by).len > 0 && !ip_is_loopback(&received->client) &&
           !mail_client_is_same(domain, mail_client_domain(received->by)) &&
           !mail_client_is_same(domain, mail_client_domain(received->reverse));
}

/* ---- sentences ---- */

/* skip_text - why a field was left out */
static const char *skip_text(const struct walk *walk, size_t index, enum skip skip)
{
    const struct mail_received *received = received_at(walk, index);
    const struct provider *owner = host_owner(walk, received->by);
    struct arena *arena = walk->arena;

    switch (skip) {
    case SKIP_NOT:
        break;
    case SKIP_DELIVERY:
        return arena_printf(arena, "with %s",
                            escape_header(arena, received->protocol, LIMIT_SHOWN_BYTES));
    case SKIP_NO_CLIENT:
        return "no client address";
    case SKIP_PRIVATE:
        return arena_printf(arena, "private address %s", ip_to_text(arena, &received->client));
    case SKIP_RECEIVER:
        return arena_printf(arena, "inside %s", owner->title);
    case SKIP_HOST:
        return "from the host to itself";
    case SKIP_DOMAIN:
        return arena_printf(
            arena, "inside %s",
            escape_header(arena, mail_client_domain(received->by), LIMIT_SHOWN_BYTES));
    }
    return "";
}

/* note_skipped - remember why, for the sentence */
static void note_skipped(struct walk *walk, size_t index, enum skip skip)
{
    if (walk->skipped_count++ >= SKIPPED_SHOWN)
        return;
    sbuf_addf(&walk->skipped, "%s%zu: %s", walk->skipped_count > 1 ? ", " : "", index + 1,
              skip_text(walk, index, skip));
}

/* above_text - what the fields above the one at `index` are; "" if it is the first */
static const char *above_text(struct walk *walk, size_t index)
{
    if (index == 0 || walk->skipped_count == 0)
        return "";
    return arena_printf(walk->arena, "; the %s above %s not (%s%s)",
                        index == 1 ? "field" : "fields", index == 1 ? "is" : "are",
                        sbuf_text(&walk->skipped),
                        walk->skipped_count > SKIPPED_SHOWN ? ", ..." : "");
}

/* ---- choices ---- */

/* choose_hop - this field shows the client */
static void choose_hop(struct walk *walk, enum mail_client_kind kind, size_t index,
                       const char *reason)
{
    walk->client.kind = kind;
    walk->client.hop = &walk->trace->hops[index];
    walk->client.index = index;
    walk->client.reason = reason;
}

/* choose_named - the receiver, or a filter in front of it, names the client */
static void choose_named(struct walk *walk, size_t index, const struct mail_header *named_by,
                         const char *whose)
{
    walk->client.named_by = named_by;
    choose_hop(walk, MAIL_CLIENT_NAMED, index,
               arena_printf(walk->arena, "%s (line %d)%s names it",
                            escape_header(walk->arena, named_by->name, LIMIT_SHOWN_BYTES),
                            named_by->line, whose));
}

/* hop_is_uncertain - the choice may be wrong, and why */
static void hop_is_uncertain(struct walk *walk, const char *why)
{
    walk->client.is_guessed = true;
    walk->client.reason = arena_printf(walk->arena, "%s, %s", walk->client.reason, why);
}

/* choose_transfer - the first field that is a transfer between organisations */
static void choose_transfer(struct walk *walk, size_t index)
{
    size_t behind = 0;
    const struct mail_received *received = received_at(walk, index);
    const struct provider *filter = mail_client_filter_of(walk->arena, walk->known, received);
    const struct mail_header *named_by =
        filter != NULL
            ? mail_client_filter(walk->arena,
                                 &(struct mail_client_filter_at){walk->message, walk->trace,
                                                                 walk->known, filter, index},
                                 &behind)
            : NULL;

    if (named_by != NULL) {
        choose_named(walk, behind, named_by,
                     arena_printf(walk->arena, " of %s, a filter in front of the receiver,",
                                  filter->title));
        return;
    }
    choose_hop(walk, MAIL_CLIENT_TRANSFER, index,
               arena_printf(walk->arena, "it is the first transfer between organisations%s",
                            above_text(walk, index)));
    if (walk->hidden >= 0)
        hop_is_uncertain(
            walk, arena_printf(walk->arena,
                               "though field %td may hide another client behind a private "
                               "address",
                               walk->hidden + 1));
    else if (filter != NULL && filter->kind == PROVIDER_GATEWAY)
        hop_is_uncertain(walk,
                         arena_printf(walk->arena,
                                      "but %s may be a filter of the sender or one in front of "
                                      "the receiver",
                                      filter->title));
    else if (host_owner(walk, received->by) != NULL)
        hop_is_uncertain(
            walk, arena_printf(walk->arena,
                               "but no Received-SPF or Authentication-Results field of %s "
                               "names it, so it may be a user's own",
                               host_owner(walk, received->by)->title));
}

/* choose_submission - the message has not been sent to a receiver yet */
static void choose_submission(struct walk *walk, size_t index, const char *how)
{
    choose_hop(
        walk, MAIL_CLIENT_SUBMISSION, index,
        arena_printf(walk->arena,
                     "Received field %zu (line %d) is a submission (%s), so this is the "
                     "sender's own copy: SPF is about the host that connects to the "
                     "receiver; give the message as the receiver stored it, or --ip with "
                     "the address of your outbound host",
                     index + 1, walk->trace->hops[index].header->line, how));
}

/* choose_hidden - the client follows a private address */
static void choose_hidden(struct walk *walk)
{
    size_t index = (size_t)walk->hidden;
    const struct mail_received *received = received_at(walk, index);

    choose_hop(
        walk, MAIL_CLIENT_NONE, index,
        arena_printf(walk->arena,
                     "Received field %zu (line %d) shows %s with the private address %s: "
                     "a container network, NAT or a proxy hides the client; give --ip",
                     index + 1, walk->trace->hops[index].header->line,
                     escape_header(walk->arena, received->helo, LIMIT_SHOWN_BYTES),
                     ip_to_text(walk->arena, &received->client)));
}

/* take_named - rule 1: a field of the receiver names the client; true: taken */
static bool take_named(struct walk *walk, size_t index)
{
    size_t named = index;
    const struct mail_header *named_by =
        mail_client_named_by(walk->message, walk->trace, index, &named);

    if (named_by == NULL)
        return false;
    choose_named(walk, named, named_by, "");
    return true;
}

/* client_take_hop - one field by the rules; true: the walk is over */
static bool client_take_hop(struct walk *walk, size_t index)
{
    const struct mail_received *received = received_at(walk, index);
    enum skip skip = SKIP_NOT;

    if (client_is_submission(walk, index) && !mail_client_is_delivery(received->protocol)) {
        if (walk->hidden >= 0)
            choose_hidden(walk);
        else
            choose_submission(walk, index, "the client logged in");
        return true;
    }
    if (take_named(walk, index))
        return true;
    skip = skip_of(walk, index);
    if (skip == SKIP_NOT) {
        choose_transfer(walk, index);
        return true;
    }
    note_skipped(walk, index, skip);
    if ((skip == SKIP_DOMAIN || skip == SKIP_HOST) && walk->inside < 0)
        walk->inside = (ptrdiff_t)index;
    if (skip == SKIP_PRIVATE && walk->hidden < 0 && client_is_foreign(received))
        walk->hidden = (ptrdiff_t)index;
    return false;
}

/* conclude_walk - no field was taken */
static void conclude_walk(struct walk *walk)
{
    size_t count = walk->trace->hop_count;

    if (walk->inside >= 0) {
        choose_hop(
            walk, MAIL_CLIENT_INSIDE, (size_t)walk->inside,
            "the message never left its organisation, and this is the newest hop between "
            "two of its hosts");
        walk->client.is_guessed = true;
    } else if (walk->hidden >= 0) {
        choose_hidden(walk);
    } else if (count > 0 && is_handed_in(received_at(walk, count - 1))) {
        choose_submission(walk, count - 1, "a program or a web page handed it in");
    } else if (count > 0) {
        walk->client.reason = arena_printf(
            walk->arena, "%s a transfer between organisations (%s%s)",
            count == 1 ? "the only Received field is not"
                       : arena_printf(walk->arena, "none of the %zu Received fields is", count),
            sbuf_text(&walk->skipped), walk->skipped_count > SKIPPED_SHOWN ? ", ..." : "");
    } else {
        walk->client.reason = "the message has no Received field, so its client is not known";
    }
}

struct mail_client mail_client_find(struct arena *arena, const struct mail_message *message,
                                    const struct mail_trace *trace,
                                    const struct provider_set *known)
{
    struct walk walk = {.arena = arena,
                        .message = message,
                        .trace = trace,
                        .known = known,
                        .skipped = sbuf_start(arena),
                        .inside = -1,
                        .hidden = -1};
    bool is_over = false;

    for (size_t i = 0; i < trace->hop_count && !is_over; i++)
        is_over = client_take_hop(&walk, i);
    if (!is_over)
        conclude_walk(&walk);
    if (walk.client.kind == MAIL_CLIENT_NAMED || walk.client.kind == MAIL_CLIENT_TRANSFER)
        walk.client.relay = mail_client_relay(arena, message, trace, walk.client.index);
    return walk.client;
}
