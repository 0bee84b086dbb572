/* The question for each kind of record, and what it comes to. */
#include <string.h>

#include "gather/gather_reader.h"
#include "auth/auth_dkim.h"
#include "auth/auth_spf.h"
#include "base/dns_name.h"
#include "base/escape.h"
#include "base/ip.h"
#include "base/ip_ranges.h"
#include "base/limits.h"
#include "base/span.h"
#include "base/table.h"
#include "engine/engine_standby.h"
#include "mail/mail_message.h"
#include "model/dkim_verdict.h"
#include "model/dns_answer.h"
#include "model/engine_verdict.h"
#include "model/facts.h"
#include "model/mail_message.h"
#include "model/rec_dkim.h"
#include "model/rec_dmarc.h"
#include "model/rec_spf.h"
#include "model/result.h"
#include "model/spf_verdict.h"
#include "record/rec_dkim.h"
#include "record/rec_dmarc.h"
#include "record/rec_spf.h"

/* of the record's own networks, and of those that pass, in each family */
#define CLIENTS_EACH 3
#define CLIENT_ROOM  ((2 + AUTH_SPF_SET_FAMILIES) * CLIENTS_EACH + 1)

/* from a block that nobody can send from: RFC 1112, 4 */
#define CLIENT_OF_NOBODY "240.0.0.1"

/* of a signature that nobody made; the body is empty, and its hash as RFC 6376, 3.4.4 has it */
#define SIGNED_MESSAGE                                                        \
    "From: postmaster@%s\r\n"                                                 \
    "DKIM-Signature: v=1; a=%s; c=relaxed/relaxed; d=%s; s=%.*s; h=from;\r\n" \
    " bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;\r\n"                   \
    " b=AAAA\r\n"                                                             \
    "\r\n"

struct library_reader {
    struct record_reader base; /* first: it is what others see */
    struct arena *arena;
    struct engine *engine;
    struct engine_standby *standby; /* NULL: at rest */
    struct table *known;            /* readings by name and text */
    int64_t now;
};

/* one record to read */
struct reading_work {
    struct library_reader *reader;
    struct arena *arena;
    const struct facts *world;
    const struct dns_rr *rr;
};

/* ---- SPF ---- */

struct clients {
    struct ip_address all[CLIENT_ROOM];
    size_t count;
};

/* clients_add - an address, once */
static void clients_add(struct clients *clients, const struct ip_address *client)
{
    if (client->family == IP_NONE || clients->count == CLIENT_ROOM || ip_is_loopback(client))
        return;
    for (size_t i = 0; i < clients->count; i++)
        if (ip_equal(&clients->all[i], client))
            return;
    clients->all[clients->count++] = *client;
}

/* clients_of_terms - of the networks that the record names */
static void clients_of_terms(struct clients *clients, const struct rec_spf *record)
{
    size_t count = 0;

    for (size_t i = 0; i < record->term_count && count < 2 * CLIENTS_EACH; i++) {
        clients_add(clients, &record->terms[i].address);
        count += record->terms[i].address.family != IP_NONE;
    }
}

/* clients_of_sets - of the networks that pass, includes and all */
static void clients_of_sets(struct clients *clients, const struct auth_spf_sets *sets)
{
    for (size_t family = 0; sets != NULL && family < AUTH_SPF_SET_FAMILIES; family++) {
        struct ip_network_walk walk = {0};
        struct ip_network network;

        for (int i = 0;
             i < CLIENTS_EACH &&
             ip_ranges_next_network(&sets->of[AUTH_SPF_SET_PASS][family], &walk, &network);
             i++)
            clients_add(clients, &network.address);
    }
}

/* clients_of - those that the record is asked about */
static struct clients clients_of(const struct reading_work *work)
{
    const struct domain_facts *domain = &work->world->domain;
    struct ip_address nobody = {.family = IP_NONE};
    struct clients clients = {.count = 0};
    struct rec_spf record;

    rec_spf_parse(work->arena, work->rr->joined, &record);
    (void)ip_parse(span_of(CLIENT_OF_NOBODY), &nobody);
    clients_add(&clients, &nobody);
    clients_of_terms(&clients, &record);
    if (domain->name != NULL && dns_name_equal(domain->name, work->rr->owner))
        clients_of_sets(&clients, domain->spf_sets);
    return clients;
}

/* spf_difference - for the first client where there is one; NULL */
static const char *spf_difference(const struct reading_work *work,
                                  const struct auth_spf_input *inputs,
                                  const struct engine_verdict *theirs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct auth_spf_verdict *ours =
            auth_spf_check(work->arena, (struct ledger *)work->world->ledger, &inputs[i]);

        if (theirs[i].is_lost)
            return theirs[i].detail;
        if (!ours->is_pending && ours->result != SPF_TEMPERROR &&
            ours->result != SPF_PERMERROR && /* what is broken still is found by itself */
            strcmp(spf_result_to_text(ours->result), theirs[i].result) != 0)
            return arena_printf(work->arena, "%s for %s where the standard has %s",
                                theirs[i].result, ip_to_text(work->arena, &inputs[i].client),
                                spf_result_to_text(ours->result));
    }
    return NULL;
}

/* read_spf - the record in its world */
static const struct engine_verdict *read_spf(const struct reading_work *work,
                                             const char **difference_out, const char **text_out)
{
    struct clients clients = clients_of(work);
    struct auth_spf_input inputs[CLIENT_ROOM];
    const struct engine_verdict *theirs = NULL;
    const char *domain = work->rr->owner->text;

    for (size_t i = 0; i < clients.count; i++)
        inputs[i] = (struct auth_spf_input){
            .identity = AUTH_SPF_MAILFROM,
            .client = clients.all[i],
            .helo = domain,
            .mail_from = arena_printf(work->arena, "postmaster@%s", domain),
            .now = work->reader->now};
    theirs =
        engine_standby_spf(work->reader->standby, work->world->ledger, inputs, clients.count);
    if (theirs != NULL)
        *difference_out = spf_difference(work, inputs, theirs, clients.count);
    *text_out = arena_printf(work->arena, "the same results for %zu addresses", clients.count);
    return theirs;
}

/* ---- DKIM ---- */

/* key_message - signed with the key, as nobody did; NULL: the key is not one to sign with */
static const struct mail_message *key_message(const struct reading_work *work)
{
    static const char label[] = "._domainkey.";
    const char *owner = work->rr->owner->text;
    const char *at = strstr(owner, label);
    const char *domain = at != NULL ? at + strlen(label) : NULL;
    struct rec_dkim_key key;

    rec_dkim_key_parse(work->arena, work->rr->joined, &key);
    if (at == NULL || key.is_fatal || key.octets.len == 0 || !key.allows_sha256 ||
        !key.allows_email ||
        (key.type == REC_DKIM_KEY_RSA && auth_dkim_key_bits(&key) < AUTH_DKIM_RSA_BITS_MIN))
        return NULL;
    return mail_message_parse(
        work->arena,
        span_of(arena_printf(work->arena, SIGNED_MESSAGE, domain,
                             key.type == REC_DKIM_KEY_ED25519 ? "ed25519-sha256" : "rsa-sha256",
                             domain, (int)(at - owner), owner)));
}

/* read_proposed_key - a signature that does not fit says that the key was read */
static const struct engine_verdict *read_proposed_key(const struct reading_work *work,
                                                      const char **difference_out,
                                                      const char **text_out)
{
    const struct mail_message *message = key_message(work);
    const struct engine_verdict *theirs = NULL;

    if (message == NULL)
        return NULL;
    theirs = engine_standby_dkim(work->reader->standby, work->world->ledger, message,
                                 work->reader->now);
    if (theirs != NULL && theirs->is_lost)
        *difference_out = theirs->detail;
    else if (theirs != NULL && strcmp(theirs->result, dkim_result_to_text(DKIM_FAIL)) != 0)
        *difference_out =
            arena_printf(work->arena, "the key cannot be used: %s", theirs->detail);
    *text_out = "the key can be used";
    return theirs;
}

/* ---- DMARC ---- */

/* dmarc_text - what the standard reads, in the library's words */
static const char *dmarc_text(struct arena *arena, struct span text)
{
    struct rec_dmarc record;
    size_t count = 0;

    rec_dmarc_parse(arena, text, &record);
    for (const struct rec_dmarc_uri *uri = record.rua; uri != NULL; uri = uri->next)
        count++;
    return record.is_fatal ? NULL
                           : arena_printf(arena, ENGINE_POLICY_TEXT,
                                          rec_dmarc_policy_to_text(record.policy),
                                          rec_dmarc_policy_to_text(record.sub_policy),
                                          record.adkim_strict ? "strict" : "relaxed",
                                          record.aspf_strict ? "strict" : "relaxed", count);
}

/* read_dmarc - the record alone */
static const struct engine_verdict *
read_dmarc(const struct reading_work *work, const char **difference_out, const char **text_out)
{
    const char *ours = dmarc_text(work->arena, work->rr->joined);
    const char *domain = strchr(work->rr->owner->text, '.');
    const struct engine_verdict *theirs = NULL;

    if (ours == NULL || domain == NULL)
        return NULL;
    theirs = engine_standby_dmarc(work->reader->standby, domain + 1,
                                  arena_strdup_span(work->arena, work->rr->joined),
                                  work->reader->now);
    if (theirs != NULL && theirs->is_lost)
        *difference_out = theirs->detail;
    else if (theirs != NULL && strcmp(theirs->detail, ours) != 0)
        *difference_out =
            arena_printf(work->arena, "%s where the standard has %s", theirs->detail, ours);
    *text_out = ours;
    return theirs;
}

/* ---- together ---- */

/* library_read_record - by the library of its kind */
static const struct record_reading *library_read_record(const struct reading_work *work)
{
    const struct dns_rr *rr = work->rr;
    const struct engine_verdict *theirs = NULL;
    struct record_reading *reading = NULL;
    const char *difference = NULL;
    const char *text = NULL;

    if (strstr(rr->owner->text, "._domainkey.") != NULL)
        theirs = read_proposed_key(work, &difference, &text);
    else if (rec_spf_is_record(rr->joined))
        theirs = read_spf(work, &difference, &text);
    else if (rec_dmarc_is_record(rr->joined) &&
             span_starts_with_nocase(span_of(rr->owner->text), "_dmarc."))
        theirs = read_dmarc(work, &difference, &text);
    if (theirs == NULL)
        return NULL;
    reading = arena_new_of(work->reader->arena, struct record_reading);
    reading->library = theirs->library_text;
    reading->name = escape_to_text(work->arena, span_of(rr->owner->text), LIMIT_SHOWN_BYTES);
    reading->agrees = difference == NULL;
    reading->text = difference != NULL ? difference : text;
    return reading;
}

/* library_read - a record_read_fn */
static const struct record_reading *library_read(struct record_reader *base,
                                                 struct arena *arena, const struct facts *world,
                                                 const struct dns_rr *rr)
{
    struct library_reader *reader = (struct library_reader *)base;
    const struct reading_work work = {reader, arena, world, rr};
    bool is_new = false;
    void **slot = NULL;

    if (rr->type != DNS_TXT)
        return NULL;
    slot = table_slot(reader->known, span_of(rr->text), &is_new);
    if (!is_new)
        return *slot;
    if (reader->standby == NULL)
        reader->standby = engine_standby_open(reader->engine, reader->arena);
    *slot = (void *)(uintptr_t)library_read_record(&work);
    return *slot;
}

struct record_reader *gather_reader_open(struct arena *arena, struct engine *engine,
                                         int64_t now)
{
    struct library_reader *reader = arena_new_of(arena, struct library_reader);

    *reader = (struct library_reader){.base = {library_read},
                                      .arena = arena,
                                      .engine = engine,
                                      .known = table_open(arena),
                                      .now = now};
    return &reader->base;
}

void gather_reader_rest(struct record_reader *base)
{
    struct library_reader *reader = (struct library_reader *)base;

    if (reader == NULL)
        return;
    engine_standby_close(reader->standby);
    reader->standby = NULL;
}
