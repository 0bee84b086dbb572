/* Body digests in one pass, header digests from an index of field names. */
#include "auth/auth_dkim_hash.h"
#include "auth/auth_dkim_canon.h"
#include "mail/mail_message.h"
#include "model/rec_tags.h"

#define CANONS     2
#define FNV_OFFSET 2166136261U
#define FNV_PRIME  16777619U
#define NONE       SIZE_MAX

/* is_hashed - is there anything to compute for the signature */
static bool is_hashed(const struct auth_dkim_signature *signature)
{
    return !signature->is_over_limit &&
           signature->parsed.algorithm != REC_DKIM_ALGORITHM_UNKNOWN;
}

/* dkim_hash_read_body - feed every chunk to the canonicalizations in use; false if reading
 * broke off */
static bool dkim_hash_read_body(struct mail_message *message, struct auth_dkim_body *bodies)
{
    struct span chunk = {NULL, 0};

    mail_body_rewind(message);
    while (mail_body_next(message, &chunk))
        for (int i = 0; i < CANONS; i++)
            if (bodies[i].sink != NULL)
                auth_dkim_body_add(&bodies[i], chunk);
    for (int i = 0; i < CANONS; i++)
        if (bodies[i].sink != NULL)
            auth_dkim_body_end(&bodies[i]);
    return mail_body_failed(message) == NULL;
}

/* body_limit - octets that the digest of the signature takes */
static uint64_t body_limit(const struct auth_dkim_signature *signature)
{
    return signature->parsed.has_length ? signature->parsed.length : AUTH_DKIM_NO_LIMIT;
}

/* open_digests - one for each signature that covers the body; false if there is none */
static bool open_digests(struct arena *arena, const struct auth_dkim_list *list,
                         struct auth_dkim_body *bodies, struct auth_dkim_digest **digests)
{
    bool is_used = false;

    for (size_t i = 0; i < list->count; i++) {
        const struct auth_dkim_signature *signature = list->at[i];
        struct auth_dkim_body *body = &bodies[signature->parsed.body_canon];

        if (!is_hashed(signature) || signature->sealed != NULL)
            continue;
        is_used = true;
        if (body->sink == NULL)
            body->sink = auth_dkim_sink_open(arena);
        digests[i] = auth_dkim_sink_digest(body->sink, signature->parsed.algorithm,
                                           body_limit(signature));
    }
    return is_used;
}

const char *auth_dkim_hash_body(struct arena *arena, struct mail_message *message,
                                const struct auth_dkim_list *list)
{
    struct auth_dkim_body bodies[CANONS] = {{.canon = REC_DKIM_SIMPLE},
                                            {.canon = REC_DKIM_RELAXED}};
    struct auth_dkim_digest **digests =
        arena_array_of(arena, struct auth_dkim_digest *, list->count);
    const char *trouble = NULL;

    if (open_digests(arena, list, bodies, digests) && !dkim_hash_read_body(message, bodies))
        trouble = arena_printf(arena, "the body cannot be read: %s", mail_body_failed(message));
    for (size_t i = 0; i < list->count && trouble == NULL; i++)
        if (digests[i] != NULL) {
            struct auth_dkim_signature *signature = list->at[i];
            struct auth_dkim_sink *sink = bodies[signature->parsed.body_canon].sink;

            signature->body_digest = auth_dkim_digest_end(sink, digests[i]);
            signature->body_length = sink->total;
        }
    return trouble;
}

/* the fields of one name */
struct name_fields {
    struct span name;
    size_t lowest;     /* index of the last field of the name */
    size_t next;       /* the one to be signed next, going up; NONE: no more */
    size_t generation; /* of the signature that `next` belongs to */
    struct name_fields *same_bucket;
};

struct field_index {
    const struct mail_message *message;
    struct name_fields **buckets;
    size_t mask;
    size_t *above; /* for each field the next one up of its name, or NONE */
};

/* dkim_hash_bucket_of - where the fields of a name are found */
static struct name_fields **dkim_hash_bucket_of(const struct field_index *index,
                                                struct span name)
{
    uint32_t hash = FNV_OFFSET;

    for (size_t i = 0; i < name.len; i++)
        hash = (hash ^ (uint8_t)ascii_to_lower(name.at[i])) * FNV_PRIME;
    return &index->buckets[hash & index->mask];
}

/* fields_find - the fields of the name; NULL if there are none */
static struct name_fields *fields_find(const struct field_index *index, struct span name)
{
    struct name_fields *fields = *dkim_hash_bucket_of(index, name);

    while (fields != NULL && !span_same_nocase(fields->name, name))
        fields = fields->same_bucket;
    return fields;
}

/* index_fields - chain the fields of each name from the bottom up */
static void index_fields(struct arena *arena, const struct mail_message *message,
                         struct field_index *index)
{
    size_t size = 16;

    while (size < message->header_count)
        size *= 2;
    index->message = message;
    index->mask = size - 1;
    index->buckets = arena_array_of(arena, struct name_fields *, size);
    index->above = arena_array_of(arena, size_t, message->header_count);
    for (size_t i = 0; i < message->header_count; i++) {
        struct span name = message->headers[i].name;
        struct name_fields *fields = fields_find(index, name);

        index->above[i] = fields == NULL ? NONE : fields->lowest;
        if (fields == NULL) {
            struct name_fields **bucket = dkim_hash_bucket_of(index, name);

            fields = arena_new_of(arena, struct name_fields);
            fields->name = name;
            fields->same_bucket = *bucket;
            *bucket = fields;
        }
        fields->lowest = i;
    }
}

/* next_field - the field that one more mention in h= signs; NULL: the null string. The
 * signature's own field did not exist when it was made. */
static const struct mail_header *next_field(struct field_index *index, struct span name,
                                            const struct mail_header *own, size_t generation)
{
    struct name_fields *fields = fields_find(index, name);
    size_t at = NONE;

    if (fields == NULL)
        return NULL;
    if (fields->generation != generation) {
        fields->generation = generation;
        fields->next = fields->lowest;
    }
    if (fields->next != NONE && &index->message->headers[fields->next] == own)
        fields->next = index->above[fields->next];
    at = fields->next;
    if (at == NONE)
        return NULL;
    fields->next = index->above[at];
    return &index->message->headers[at];
}

bool auth_dkim_signature_place(const struct rec_dkim_signature *parsed, struct span *place_out)
{
    const struct rec_tag *tag = rec_tags_find(&parsed->tags, "b");
    struct span rest = {NULL, 0};

    if (tag == NULL)
        return false;
    rest = span_from(parsed->tags.text, tag->at);
    span_cut(&rest, '=');
    if (rest.at == NULL)
        return false;
    *place_out = span_cut(&rest, ';');
    return true;
}

/* add_sealed - the fields of an ARC-Seal */
static void add_sealed(struct auth_dkim_sink *sink, const struct auth_dkim_signature *signature)
{
    for (size_t i = 0; i < signature->sealed_count; i++)
        auth_dkim_header_add(sink, signature->parsed.header_canon, signature->sealed[i]);
}

/* dkim_hash_add_named - the fields that h= names */
static void dkim_hash_add_named(struct field_index *index, struct auth_dkim_sink *sink,
                                const struct auth_dkim_signature *signature, size_t generation)
{
    const struct rec_dkim_signature *parsed = &signature->parsed;

    for (size_t i = 0; i < parsed->signed_count; i++) {
        const struct mail_header *header =
            next_field(index, parsed->signed_names[i], signature->header, generation);

        if (header != NULL)
            auth_dkim_header_add(sink, parsed->header_canon, header);
    }
}

/* hash_header - the digest that the signature signs */
static void hash_header(struct field_index *index, struct auth_dkim_sink *sink,
                        struct auth_dkim_signature *signature, size_t generation)
{
    const struct rec_dkim_signature *parsed = &signature->parsed;
    struct auth_dkim_digest *digest = NULL;
    struct span place = {NULL, 0};

    if (!auth_dkim_signature_place(parsed, &place))
        return;
    digest = auth_dkim_sink_digest(sink, parsed->algorithm, AUTH_DKIM_NO_LIMIT);
    if (signature->sealed != NULL)
        add_sealed(sink, signature);
    else
        dkim_hash_add_named(index, sink, signature, generation);
    auth_dkim_own_header_add(sink, parsed->header_canon, signature->header, place);
    signature->header_digest = auth_dkim_digest_end(sink, digest);
    auth_dkim_sink_reset(sink);
}

void auth_dkim_hash_headers(struct arena *arena, const struct mail_message *message,
                            const struct auth_dkim_list *list)
{
    struct field_index index = {0};
    struct auth_dkim_sink *sink = auth_dkim_sink_open(arena);

    index_fields(arena, message, &index);
    for (size_t i = 0; i < list->count; i++)
        if (is_hashed(list->at[i]))
            hash_header(&index, sink, list->at[i], i + 1);
}
