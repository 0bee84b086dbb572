/*
 * Line by line: the header, then answers. Each line becomes an answer exactly as it was
 * written, so that saving it again gives the same bytes.
 */
#include <jansson.h>
#include <string.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "dns/dns_rr.h"
#include "source/snapshot_https.h"
#include "source/snapshot_read.h"

#define SHOWN_MAX 80

/* one line being read */
struct line_reader {
    struct snapshot *snapshot;
    struct err *why;
    int line;
};

/* snapshot_read_fail - say what is wrong with this line; always false */
static bool snapshot_read_fail(const struct line_reader *reader, const char *what)
{
    err_set(reader->why, "%s:%d: %s", reader->snapshot->path, reader->line, what);
    return false;
}

/* snapshot_read_failf - the same with details */
static bool snapshot_read_failf(const struct line_reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool snapshot_read_failf(const struct line_reader *reader, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    snapshot_read_fail(reader, arena_vprintf(reader->snapshot->arena, format, args));
    va_end(args);
    return false;
}

/* snapshot_read_shown - text from the file, fit for a message */
static const char *snapshot_read_shown(const struct line_reader *reader, const char *text)
{
    return escape_to_text(reader->snapshot->arena, span_of(text), SHOWN_MAX);
}

/* name_at - what is known about a name, made if it is new */
static struct snapshot_name *name_at(struct snapshot *snapshot, struct span key)
{
    struct snapshot_name *name = dns_name_table_find(&snapshot->names, key);

    if (name == NULL) {
        name = arena_new_of(snapshot->arena, struct snapshot_name);
        dns_name_table_add(&snapshot->names, snapshot->arena, key, name);
    }
    return name;
}

/* note_existence - the name exists, and so do all above it (RFC 8020) */
static void note_existence(struct snapshot *snapshot, const struct dns_name *name)
{
    struct span key = dns_name_key(name);

    for (;;) {
        struct snapshot_name *at = name_at(snapshot, key);

        if (at->exists)
            return;
        at->exists = true;
        if (key.len == 0)
            return;
        key = dns_name_key_above(key);
    }
}

/* read_closed - the names at and below which the world is closed */
static bool read_closed(const struct line_reader *reader, const json_t *closed)
{
    struct snapshot *snapshot = reader->snapshot;
    const json_t *item = NULL;
    size_t index = 0;

    if (closed == NULL)
        return true;
    if (!json_is_array(closed))
        return snapshot_read_fail(reader, "\"closed\" should be a list of names");
    json_array_foreach(closed, index, item)
    {
        const struct dns_name *name = NULL;

        if (json_is_string(item))
            name = dns_name_from_text(snapshot->arena, json_string_value(item));
        if (name == NULL)
            return snapshot_read_failf(
                reader, "\"closed\" should be a list of names; element %zu is none", index + 1);
        name_at(snapshot, dns_name_key(name))->is_closed = true;
    }
    return true;
}

/* snapshot_read_header - version, time and closed names */
static bool snapshot_read_header(const struct line_reader *reader, const json_t *header)
{
    const json_t *version = json_object_get(header, "snapshot");
    const json_t *taken = json_object_get(header, "taken");

    if (!json_is_integer(version) || json_integer_value(version) < 1)
        return snapshot_read_fail(reader,
                                  "not a snapshot: the first line should be a header like "
                                  "{\"snapshot\":1,\"taken\":\"2026-11-23T10:00:00Z\"}");
    if (json_integer_value(version) > SNAPSHOT_VERSION)
        return snapshot_read_failf(
            reader,
            "a snapshot of a newer version: it has version %lld, this program knows %d; "
            "use a newer mailassay",
            (long long)json_integer_value(version), SNAPSHOT_VERSION);
    if (taken != NULL &&
        (!json_is_string(taken) ||
         !clock_parse(span_of(json_string_value(taken)), &reader->snapshot->taken)))
        return snapshot_read_fail(reader,
                                  "\"taken\" should be a time like \"2026-11-23T10:00:00Z\"");
    return read_closed(reader, json_object_get(header, "closed"));
}

/* snapshot_read_question - name and type */
static bool snapshot_read_question(const struct line_reader *reader, const json_t *object,
                                   struct dns_question *question_out)
{
    const char *name = json_string_value(json_object_get(object, "name"));
    const char *type = json_string_value(json_object_get(object, "type"));

    if (name == NULL || type == NULL)
        return snapshot_read_fail(reader, "an answer needs \"name\" and \"type\" as strings");
    question_out->name = dns_name_from_text(reader->snapshot->arena, name);
    if (question_out->name == NULL || name[0] == '\0')
        return snapshot_read_failf(reader, "\"name\" is \"%s\", which is not a domain name",
                                   snapshot_read_shown(reader, name));
    if (!dns_type_parse(span_of(type), &question_out->type))
        return snapshot_read_failf(reader, "\"type\" is \"%s\", which is not a record type",
                                   snapshot_read_shown(reader, type));
    return true;
}

/* snapshot_read_status - one of those that the format has */
static bool snapshot_read_status(const struct line_reader *reader, const json_t *object,
                                 enum dns_status *status_out)
{
    const char *status = json_string_value(json_object_get(object, "status"));

    if (status == NULL)
        return snapshot_read_fail(reader, "an answer needs \"status\" as a string");
    if (!dns_status_parse(span_of(status), status_out) || *status_out == DNS_PENDING ||
        *status_out == DNS_UNKNOWN || *status_out == DNS_BUDGET)
        return snapshot_read_failf(
            reader,
            "\"status\" is \"%s\"; it should be one of OK NODATA NXDOMAIN SERVFAIL "
            "TIMEOUT BOGUS MALFORMED",
            snapshot_read_shown(reader, status));
    return true;
}

/* snapshot_read_ttl - a number of seconds, or null */
static bool snapshot_read_ttl(const struct line_reader *reader, const json_t *object,
                              struct dns_answer *answer)
{
    const json_t *ttl = json_object_get(object, "ttl");

    if (ttl == NULL || json_is_null(ttl))
        return true;
    if (!json_is_integer(ttl) || json_integer_value(ttl) < 0 ||
        json_integer_value(ttl) > UINT32_MAX)
        return snapshot_read_fail(reader, "\"ttl\" should be a number of seconds or null");
    answer->has_ttl = true;
    answer->ttl = (uint32_t)json_integer_value(ttl);
    return true;
}

/* read_optional - a key that holds text, null or nothing at all */
static bool read_optional(const struct line_reader *reader, const json_t *object,
                          const char *key, const char **text_out)
{
    const json_t *text = json_object_get(object, key);

    if (text == NULL || json_is_null(text))
        return true;
    if (!json_is_string(text))
        return snapshot_read_failf(reader, "\"%s\" should be a string", key);
    *text_out = escape_safe(reader->snapshot->arena, json_string_value(text));
    return true;
}

/* read_place - file and line of one record */
static bool read_place(const struct line_reader *reader, const json_t *place, struct dns_rr *rr)
{
    const char *file = json_string_value(json_object_get(place, "file"));
    const json_t *line = json_object_get(place, "line");

    if (place == NULL || json_is_null(place))
        return true;
    if (file == NULL || !json_is_integer(line) || json_integer_value(line) < 0 ||
        json_integer_value(line) > INT32_MAX)
        return snapshot_read_fail(
            reader, "an element of \"places\" should be null or have \"file\" and "
                    "\"line\"");
    rr->file = escape_safe(reader->snapshot->arena, file);
    rr->line = (int)json_integer_value(line);
    return true;
}

/* snapshot_read_record - one record and its place */
static struct dns_rr *snapshot_read_record(const struct line_reader *reader, const json_t *text,
                                           const json_t *place)
{
    struct err why = {0};
    struct dns_rr *rr = NULL;

    if (!json_is_string(text)) {
        snapshot_read_fail(reader, "\"records\" should be a list of strings");
        return NULL;
    }
    rr = dns_rr_from_text(reader->snapshot->arena, json_string_value(text), &why);
    if (rr == NULL) {
        snapshot_read_fail(reader, why.text);
        return NULL;
    }
    return read_place(reader, place, rr) ? rr : NULL;
}

/* read_records - the records in order */
static bool read_records(const struct line_reader *reader, const json_t *object,
                         struct dns_answer *answer)
{
    const json_t *records = json_object_get(object, "records");
    const json_t *places = json_object_get(object, "places");
    struct dns_rr **end = &answer->records;
    const json_t *text = NULL;
    size_t index = 0;

    if (records != NULL && !json_is_array(records))
        return snapshot_read_fail(reader, "\"records\" should be a list of strings");
    if (json_array_size(records) > LIMIT_ANSWER_RECORDS)
        return snapshot_read_failf(reader, "more than %d records", LIMIT_ANSWER_RECORDS);
    if (places != NULL && json_array_size(places) != json_array_size(records))
        return snapshot_read_fail(reader, "\"places\" should be a list as long as \"records\"");
    json_array_foreach(records, index, text)
    {
        if ((*end = snapshot_read_record(reader, text, json_array_get(places, index))) == NULL)
            return false;
        end = &(*end)->next;
        answer->record_count++;
    }
    return true;
}

/* snapshot_read_has_type - some record is of the type asked for */
static bool snapshot_read_has_type(const struct dns_answer *answer)
{
    for (const struct dns_rr *rr = answer->records; rr != NULL; rr = rr->next)
        if (rr->type == answer->question.type)
            return true;
    return false;
}

/* check_status - the status says what the records say */
static bool check_status(const struct line_reader *reader, const struct dns_answer *answer)
{
    if (answer->status == DNS_OK && answer->record_count == 0)
        return snapshot_read_fail(
            reader, "the status is OK, but there are no records; for an empty answer use "
                    "NODATA or NXDOMAIN");
    if (dns_status_is_absent(answer->status) && snapshot_read_has_type(answer))
        return snapshot_read_failf(
            reader, "the status is %s, but there is a record of the queried type",
            dns_status_to_text(answer->status));
    return true;
}

/* snapshot_read_keep - add the answer to those of its name; a second answer is refused */
static bool snapshot_read_keep(const struct line_reader *reader, struct snapshot_answer *held)
{
    struct snapshot *snapshot = reader->snapshot;
    const struct dns_answer *answer = &held->answer;
    struct snapshot_name *name = name_at(snapshot, dns_name_key(answer->question.name));

    for (const struct snapshot_answer *other = name->answers; other; other = other->next)
        if (other->answer.question.type == answer->question.type)
            return snapshot_read_failf(
                reader, "a second answer for %s. %s, the first is in line %d; remove one",
                answer->question.name->text,
                dns_type_to_text(snapshot->arena, answer->question.type), other->line);
    held->line = reader->line;
    held->next = name->answers;
    name->answers = held;
    if (answer->status == DNS_OK || answer->status == DNS_NODATA)
        note_existence(snapshot, answer->question.name);
    for (const struct dns_rr *rr = answer->records; rr != NULL; rr = rr->next)
        note_existence(snapshot, rr->owner);
    return true;
}

/* read_https - a fact fetched over HTTPS */
static bool read_https(const struct line_reader *reader, const json_t *object)
{
    struct snapshot *snapshot = reader->snapshot;
    struct https_fact *fact = arena_new_of(snapshot->arena, struct https_fact);
    struct https_fact **link = &snapshot->https;
    const char *fault = snapshot_https_read(snapshot->arena, object, fact);

    if (fault != NULL)
        return snapshot_read_fail(reader, fault);
    for (; *link != NULL; link = &(*link)->next)
        if (strcmp((*link)->url, fact->url) == 0)
            return snapshot_read_failf(reader, "a second answer for %s; remove one",
                                       snapshot_read_shown(reader, fact->url));
    *link = fact;
    return true;
}

/* read_list - the records of a key; a line without it has none */
static bool read_list(const struct line_reader *reader, const json_t *texts,
                      struct dns_rr **list)
{
    struct dns_rr **tail = list;
    const json_t *text = NULL;
    size_t index = 0;

    if (texts == NULL)
        return true;
    if (!json_is_array(texts) || json_array_size(texts) > LIMIT_PROOF_RECORDS)
        return snapshot_read_failf(
            reader, "\"signatures\" and \"denial\" should be lists of at most %d strings",
            LIMIT_PROOF_RECORDS);
    json_array_foreach(texts, index, text)
    {
        if ((*tail = snapshot_read_record(reader, text, NULL)) == NULL)
            return false;
        tail = &(*tail)->next;
    }
    return true;
}

/* read_proofs - the DNSSEC records of the answer */
static bool read_proofs(const struct line_reader *reader, const json_t *object,
                        struct dns_answer *answer)
{
    const json_t *signatures = json_object_get(object, "signatures");
    const json_t *denial = json_object_get(object, "denial");
    struct dns_proofs *proofs = NULL;

    if (signatures == NULL && denial == NULL)
        return true;
    proofs = arena_new_of(reader->snapshot->arena, struct dns_proofs);
    answer->proofs = proofs;
    return read_list(reader, signatures, &proofs->signatures) &&
           read_list(reader, denial, &proofs->denial);
}

/* read_unchecked - what a validating resolver holds back */
static bool read_unchecked(const struct line_reader *reader, const json_t *object,
                           struct dns_answer *answer)
{
    struct dns_answer *unchecked = NULL;

    if (object == NULL)
        return true;
    if (answer->status != DNS_BOGUS || !json_is_object(object))
        return snapshot_read_fail(reader,
                                  "\"unchecked\" should be an object beside the status BOGUS");
    unchecked = arena_new_of(reader->snapshot->arena, struct dns_answer);
    unchecked->question = answer->question;
    unchecked->source = answer->source;
    answer->unchecked = unchecked;
    return snapshot_read_status(reader, object, &unchecked->status) &&
           read_records(reader, object, unchecked) && read_proofs(reader, object, unchecked);
}

/* snapshot_read_answer - one line after the header */
static bool snapshot_read_answer(const struct line_reader *reader, const json_t *object)
{
    struct arena *arena = reader->snapshot->arena;
    struct snapshot_answer *held = arena_new_of(arena, struct snapshot_answer);
    struct dns_answer *answer = &held->answer;
    const char *type = json_string_value(json_object_get(object, "type"));
    const json_t *ad = json_object_get(object, "ad");

    if (type != NULL && strcmp(type, SNAPSHOT_HTTPS) == 0)
        return read_https(reader, object);
    if (ad != NULL && !json_is_boolean(ad))
        return snapshot_read_fail(reader, "\"ad\" should be true or false");
    answer->ad = json_is_true(ad);
    return snapshot_read_question(reader, object, &answer->question) &&
           snapshot_read_status(reader, object, &answer->status) &&
           snapshot_read_ttl(reader, object, answer) &&
           read_optional(reader, object, "source", &answer->source) &&
           read_optional(reader, object, "detail", &answer->detail) &&
           read_records(reader, object, answer) && check_status(reader, answer) &&
           read_proofs(reader, object, answer) &&
           read_unchecked(reader, json_object_get(object, "unchecked"), answer) &&
           snapshot_read_keep(reader, held);
}

/* snapshot_read_line - one line of JSON */
static bool snapshot_read_line(const struct line_reader *reader, struct span text,
                               bool is_header)
{
    json_error_t error = {0};
    json_t *object = json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES, &error);
    bool is_read = false;

    if (object == NULL)
        return snapshot_read_failf(reader, "not JSON: %s, in column %d",
                                   snapshot_read_shown(reader, error.text), error.column);
    if (!json_is_object(object))
        snapshot_read_fail(reader, "a line of a snapshot should be a JSON object");
    else
        is_read = is_header ? snapshot_read_header(reader, object)
                            : snapshot_read_answer(reader, object);
    json_decref(object);
    return is_read;
}

/* read_lines - all of the file; empty lines are passed over */
static bool read_lines(struct snapshot *snapshot, struct span bytes, struct err *why)
{
    struct line_reader reader = {snapshot, why, 0};
    bool is_header = true;

    while (bytes.len > 0) {
        struct span text = span_trim(span_cut(&bytes, '\n'));

        reader.line++;
        if (text.len == 0)
            continue;
        if (!snapshot_read_line(&reader, text, is_header))
            return false;
        is_header = false;
    }
    if (is_header)
        err_set(why, "%s: is empty, not a snapshot", snapshot->path);
    return !is_header;
}

struct snapshot *snapshot_load(struct arena *arena, const char *path, struct err *why)
{
    struct snapshot *snapshot = arena_new_of(arena, struct snapshot);
    struct arena *file = arena_open(); /* answers do not look into the bytes of the file */
    struct span bytes = {0};
    bool is_read = false;

    snapshot->arena = arena;
    snapshot->path = arena_strdup(arena, path);
    snapshot->source = arena_printf(arena, "snapshot:%s", path);
    is_read = file_load_text(file, path, LIMIT_SNAPSHOT_BYTES, &bytes, why) &&
              read_lines(snapshot, bytes, why);
    arena_close(file);
    return is_read ? snapshot : NULL;
}
