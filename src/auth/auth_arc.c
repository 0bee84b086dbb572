/*
 * The fields are put into one place for each instance; what has no place, or finds it taken,
 * is remembered as a fault, which counts only after the faults that RFC 8617, 5.2 has first.
 */
#include "auth/auth_arc.h"
#include "auth/auth_dkim_hash.h"
#include "mail/mail_trace.h"
#include "model/rec_arc.h"
#include "model/rec_tags.h"
#include "record/rec_arc.h"

#define SIGNATURES_OF_SET 2

struct collecting {
    struct arena *arena;
    struct auth_arc_set *sets; /* by instance, 0 is not used; NULL: there is no ARC field */
    unsigned highest;          /* instance that was read */
    const char *fault;         /* of a single field; the first one */
    unsigned fault_instance;
};

/* arc_note - a field without a place of its own; the first is remembered */
static void arc_note(struct collecting *collecting, unsigned instance, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void arc_note(struct collecting *collecting, unsigned instance, const char *format, ...)
{
    va_list args;

    if (collecting->fault != NULL)
        return;
    va_start(args, format);
    collecting->fault = arena_vprintf(collecting->arena, format, args);
    collecting->fault_instance = instance;
    va_end(args);
}

/* read_field - the field as part of `set`; false if its instance cannot be read */
static bool read_field(struct arena *arena, enum auth_arc_part part,
                       const struct mail_header *header, struct auth_arc_set *set)
{
    switch (part) {
    case AUTH_ARC_RESULTS:
        set->results = mail_arc_results_parse(arena, header);
        return rec_arc_instance_parse(set->results.instance, &set->instance);
    case AUTH_ARC_MESSAGE_SIGNATURE:
        rec_arc_message_signature_parse(arena, header->value, &set->message_signature);
        return rec_arc_instance(&set->message_signature, &set->instance);
    case AUTH_ARC_SEAL:
        rec_arc_seal_parse(arena, header->value, &set->seal);
        set->cv = rec_arc_seal_cv(&set->seal);
        return rec_arc_instance(&set->seal, &set->instance);
    case AUTH_ARC_PARTS:
        break;
    }
    return false;
}

/* arc_place - put what was read of the field into the set it belongs to */
static void arc_place(struct collecting *collecting, enum auth_arc_part part,
                      const struct mail_header *header, const struct auth_arc_set *read)
{
    struct auth_arc_set *set = &collecting->sets[read->instance];

    if (set->fields[part] != NULL) {
        arc_note(collecting, read->instance, "instance %u has more than one %s", read->instance,
                 auth_arc_part_to_text(part));
        return;
    }
    set->instance = read->instance;
    set->fields[part] = header;
    switch (part) {
    case AUTH_ARC_RESULTS:
        set->results = read->results;
        break;
    case AUTH_ARC_MESSAGE_SIGNATURE:
        set->message_signature = read->message_signature;
        break;
    case AUTH_ARC_SEAL:
        set->seal = read->seal;
        set->cv = read->cv;
        break;
    case AUTH_ARC_PARTS:
        break;
    }
}

/* collect_field - one field of the three names */
static void collect_field(struct collecting *collecting, enum auth_arc_part part,
                          const struct mail_header *header)
{
    struct auth_arc_set read = {0};

    if (collecting->sets == NULL)
        collecting->sets =
            arena_array_of(collecting->arena, struct auth_arc_set, REC_ARC_INSTANCE_MAX + 1);
    if (!read_field(collecting->arena, part, header, &read)) {
        arc_note(collecting, 0, "%s in line %d has no instance that can be read",
                 auth_arc_part_to_text(part), header->line);
        return;
    }
    if (read.instance > collecting->highest)
        collecting->highest = read.instance;
    if (read.instance == 0)
        arc_note(collecting, 0, "%s in line %d has instance 0; the first is 1",
                 auth_arc_part_to_text(part), header->line);
    else if (read.instance <= REC_ARC_INSTANCE_MAX)
        arc_place(collecting, part, header, &read);
}

/* arc_collect - all fields of the chain */
static void arc_collect(struct collecting *collecting, const struct mail_message *message)
{
    for (size_t i = 0; i < message->header_count; i++)
        for (enum auth_arc_part part = AUTH_ARC_RESULTS; part < AUTH_ARC_PARTS; part++)
            if (span_equal_nocase(message->headers[i].name, auth_arc_part_to_text(part)))
                collect_field(collecting, part, &message->headers[i]);
}

/* set_is_empty - no field has this instance */
static bool set_is_empty(const struct auth_arc_set *set)
{
    return set->instance == 0;
}

/* arc_set_fault - RFC 8617, 5.2, step 3 for one instance; NULL: sound */
static const char *arc_set_fault(struct collecting *collecting, unsigned instance)
{
    const struct auth_arc_set *set = &collecting->sets[instance];
    enum rec_arc_cv wanted = instance == 1 ? REC_ARC_CV_NONE : REC_ARC_CV_PASS;

    if (set_is_empty(set))
        return arena_printf(collecting->arena, "instance %u is missing", instance);
    for (enum auth_arc_part part = AUTH_ARC_RESULTS; part < AUTH_ARC_PARTS; part++)
        if (set->fields[part] == NULL)
            return arena_printf(collecting->arena, "instance %u has no %s", instance,
                                auth_arc_part_to_text(part));
    if (set->cv == wanted)
        return NULL;
    return arena_printf(
        collecting->arena, "cv= of instance %u is %s and should be %s", instance,
        rec_tags_find(&set->seal.tags, "cv") == NULL ? "missing" : rec_arc_cv_to_text(set->cv),
        rec_arc_cv_to_text(wanted));
}

/* judge_structure - steps 1 to 3 of RFC 8617, 5.2 */
static void judge_structure(struct collecting *collecting, struct auth_arc_prepared *prepared)
{
    unsigned highest = collecting->highest;

    if (highest > REC_ARC_INSTANCE_MAX) {
        prepared->fault_instance = highest;
        prepared->fault = arena_printf(collecting->arena,
                                       "instance %u is beyond %d, the most a chain may have",
                                       highest, REC_ARC_INSTANCE_MAX);
        return;
    }
    if (highest > 0 && collecting->sets[highest].fields[AUTH_ARC_SEAL] != NULL &&
        collecting->sets[highest].cv == REC_ARC_CV_FAIL) {
        prepared->fault_instance = highest;
        prepared->fault =
            arena_printf(collecting->arena,
                         "the newest seal, instance %u, says cv=fail: the chain was broken "
                         "when it arrived there",
                         highest);
        return;
    }
    prepared->fault = collecting->fault;
    prepared->fault_instance = collecting->fault_instance;
    for (unsigned i = 1; i <= highest && prepared->fault == NULL; i++) {
        prepared->fault = arc_set_fault(collecting, i);
        prepared->fault_instance = prepared->fault == NULL ? 0 : i;
    }
}

/* keep_sets - those of which there is something to show */
static void keep_sets(const struct collecting *collecting, struct auth_arc_prepared *prepared)
{
    for (unsigned i = 1; collecting->sets != NULL && i <= REC_ARC_INSTANCE_MAX; i++)
        if (!set_is_empty(&collecting->sets[i]))
            arena_append(collecting->arena, prepared->sets, prepared->count,
                         collecting->sets[i]);
}

/* arc_add_signatures - those of a sound chain. A seal signs all fields before itself, in the
 * order of instances and within each in that of the parts (RFC 8617, 5.1.1) */
static void arc_add_signatures(struct arena *arena, struct auth_arc_prepared *prepared)
{
    struct auth_dkim_prepared *signatures = prepared->signatures;
    const struct mail_header **fields =
        arena_array_of(arena, const struct mail_header *, prepared->count *AUTH_ARC_PARTS);

    signatures->signatures =
        arena_array_of(arena, struct auth_dkim_signature, prepared->count * SIGNATURES_OF_SET);
    for (size_t i = 0; i < prepared->count; i++) {
        const struct auth_arc_set *set = &prepared->sets[i];

        for (size_t part = 0; part < AUTH_ARC_PARTS; part++)
            fields[i * AUTH_ARC_PARTS + part] = set->fields[part];
        signatures->signatures[signatures->count++] = (struct auth_dkim_signature){
            .header = set->fields[AUTH_ARC_MESSAGE_SIGNATURE],
            .parsed = set->message_signature,
        };
        signatures->signatures[signatures->count++] = (struct auth_dkim_signature){
            .header = set->fields[AUTH_ARC_SEAL],
            .parsed = set->seal,
            .sealed = fields,
            .sealed_count = i * AUTH_ARC_PARTS + AUTH_ARC_SEAL,
        };
    }
}

struct auth_arc_prepared *auth_arc_prepare(struct arena *arena, struct mail_message *message,
                                           struct auth_dkim_prepared **dkim_out)
{
    struct auth_arc_prepared *prepared = arena_new_of(arena, struct auth_arc_prepared);
    struct collecting collecting = {.arena = arena};
    struct auth_dkim_prepared *sets[2];

    arc_collect(&collecting, message);
    judge_structure(&collecting, prepared);
    keep_sets(&collecting, prepared);
    prepared->signatures = arena_new_of(arena, struct auth_dkim_prepared);
    prepared->signatures->message = message;
    prepared->signatures->arena = arena;
    if (prepared->fault == NULL)
        arc_add_signatures(arena, prepared);
    sets[0] = *dkim_out = auth_dkim_collect(arena, message);
    sets[1] = prepared->signatures;
    auth_dkim_hash(arena, message, sets, 2);
    return prepared;
}
