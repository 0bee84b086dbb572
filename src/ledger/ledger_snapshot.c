/*
 * One line at a time through jansson, which keeps keys in the order they were set.
 * Questions without an answer are left out: not to be in the snapshot is to be unknown.
 */
#include <jansson.h>
#include <string.h>

#include "ledger/ledger_snapshot.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/file_write.h"
#include "base/must.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "ledger/ledger_https.h"
#include "model/dns_answer.h"
#include "source/snapshot_https.h"
#include "source/snapshot_read.h"

/* the DNS type 65 is written by number, because "HTTPS" lines hold facts fetched over HTTPS */
#define TYPE_HTTPS      65
#define TYPE_HTTPS_TEXT "TYPE65"

/* text_json - a string; bytes that are not UTF-8 (a file name may hold them) are escaped */
static json_t *text_json(struct arena *arena, const char *text)
{
    json_t *json = json_string(text);

    return json != NULL ? json : json_string(escape_to_text(arena, span_of(text), 0));
}

/* dump_part - jansson returns its text in pieces */
static int dump_part(const char *part, size_t len, void *ctx)
{
    sbuf_add_span(ctx, span_make(part, len));
    return 0;
}

/* snapshot_add_line - one object; it is released */
static void snapshot_add_line(struct sbuf *buf, json_t *object)
{
    must(object != NULL);
    must(json_dump_callback(object, dump_part, buf, JSON_COMPACT | JSON_ENSURE_ASCII) == 0);
    sbuf_add_octet(buf, '\n');
    json_decref(object);
}

/* add_header - which version, who, when */
static void add_header(struct sbuf *buf, int64_t taken)
{
    snapshot_add_line(buf, json_pack("{s:i, s:s, s:s}", "snapshot", SNAPSHOT_VERSION, "tool",
                                     "mailassay " MAILASSAY_VERSION, "taken",
                                     clock_to_text(buf->arena, taken)));
}

/* place_json - where a record is in a zone file, or null */
static json_t *place_json(struct arena *arena, const struct dns_rr *rr)
{
    if (rr->file == NULL)
        return json_null();
    return json_pack("{s:o, s:i}", "file", text_json(arena, rr->file), "line", rr->line);
}

/* texts_json - the texts of a list of records */
static json_t *texts_json(struct arena *arena, const struct dns_rr *rr)
{
    json_t *texts = json_array();

    for (; rr != NULL; rr = rr->next)
        must(json_array_append_new(texts, text_json(arena, rr->text)) == 0);
    return texts;
}

/* places_json - where the records are in zone files; NULL: nowhere */
static json_t *places_json(struct arena *arena, const struct dns_rr *records)
{
    json_t *places = json_array();
    bool has_place = false;

    for (const struct dns_rr *rr = records; rr != NULL; rr = rr->next) {
        must(json_array_append_new(places, place_json(arena, rr)) == 0);
        has_place = has_place || rr->file != NULL;
    }
    if (has_place)
        return places;
    json_decref(places);
    return NULL;
}

/* proof_json - signatures or a denial; NULL: not requested, or too much of it came */
static json_t *proof_json(struct arena *arena, const struct dns_proofs *proofs, bool is_denial)
{
    if (proofs == NULL)
        return NULL;
    return texts_json(arena, is_denial ? proofs->denial : proofs->signatures);
}

/* unchecked_json - what a validating resolver holds back; NULL: nothing */
static json_t *unchecked_json(struct arena *arena, const struct dns_answer *answer)
{
    if (answer == NULL)
        return NULL;
    return json_pack("{s:s, s:o, s:o*, s:o*}", "status", dns_status_to_text(answer->status),
                     "records", texts_json(arena, answer->records), "signatures",
                     proof_json(arena, answer->proofs, false), "denial",
                     proof_json(arena, answer->proofs, true));
}

/* snapshot_status - as it was answered, whatever was made of it */
static enum dns_status snapshot_status(const struct dns_answer *answer)
{
    return answer->is_rejected ? DNS_NXDOMAIN : answer->status;
}

/* answer_json - one question and what is known about it */
static json_t *answer_json(struct arena *arena, const struct dns_answer *answer)
{
    enum dns_type type = answer->question.type;
    bool has_detail = answer->detail != NULL && !answer->is_rejected;

    return json_pack(
        "{s:o, s:s, s:s, s:o, s:b, s:o?, s:o, s:o*, s:o*, s:o*, s:o*, s:o*}", "name",
        text_json(arena, arena_printf(arena, "%s.", answer->question.name->text)), "type",
        (int)type == TYPE_HTTPS ? TYPE_HTTPS_TEXT : dns_type_to_text(arena, type), "status",
        dns_status_to_text(snapshot_status(answer)), "ttl",
        answer->has_ttl ? json_integer(answer->ttl) : json_null(), "ad", (int)answer->ad,
        "source", answer->source != NULL ? text_json(arena, answer->source) : NULL, "records",
        texts_json(arena, answer->records), "detail",
        has_detail ? text_json(arena, answer->detail) : NULL, "places",
        places_json(arena, answer->records), "signatures",
        proof_json(arena, answer->proofs, false), "denial",
        proof_json(arena, answer->proofs, true), "unchecked",
        unchecked_json(arena, answer->unchecked));
}

/* is_kept - what the format has a status for */
static bool is_kept(enum dns_status status)
{
    return status != DNS_PENDING && status != DNS_UNKNOWN && status != DNS_BUDGET;
}

bool ledger_save(const struct ledger *ledger, struct arena *arena, const char *path,
                 int64_t taken, struct err *why)
{
    struct sbuf buf = sbuf_start(arena);

    add_header(&buf, taken);
    for (size_t i = 0; i < ledger_count(ledger); i++) {
        const struct dns_answer *answer = ledger_get(ledger, i);

        if (is_kept(snapshot_status(answer)))
            snapshot_add_line(&buf, answer_json(arena, answer));
    }
    for (const struct https_fact *fact = ledger_https_first(ledger); fact != NULL;
         fact = fact->next)
        if (snapshot_https_is_kept(fact))
            snapshot_add_line(&buf, snapshot_https_json(arena, fact));
    return file_save(path, sbuf_span(&buf), why);
}
