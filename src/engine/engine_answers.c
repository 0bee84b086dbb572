/*
 * The parent sends all answers of the types that a library can ask for; only the library knows
 * which of them it will use, and libspf2 may look up a hundred thousand times.
 */
#include <string.h>

#include "engine/engine_answers.h"
#include "base/ip.h"
#include "base/sbuf.h"
#include "base/table.h"

#define ANSWER_OCTETS 26 /* at least: name, type, status, number of records */
#define RECORD_OCTETS 42 /* at least: type, two texts, octets, preference */
#define MISSED_OCTETS 17 /* at least: name, type */

/* is_library_type - libraries ask for no others */
static bool is_library_type(uint64_t type)
{
    return type == DNS_TXT || type == DNS_A || type == DNS_AAAA || type == DNS_MX ||
           type == DNS_PTR || type == DNS_SPF;
}

/* may_ask - the library behind `kind` can ask for the answer */
static bool may_ask(enum engine_kind kind, const struct dns_answer *answer)
{
    if (kind == ENGINE_KIND_DKIM)
        return answer->question.type == DNS_TXT &&
               strstr(answer->question.name->text, "._domainkey.") != NULL;
    return kind == ENGINE_KIND_SPF && is_library_type(answer->question.type);
}

/* strings_span - character-strings as on the wire, each after its length */
static struct span strings_span(struct arena *arena, const struct dns_rr *rr)
{
    struct sbuf out = sbuf_start(arena);

    for (size_t i = 0; i < rr->string_count; i++) {
        struct span string = span_sub(rr->strings[i], 0, UINT8_MAX);

        sbuf_add_octet(&out, (char)(uint8_t)string.len);
        sbuf_add_span(&out, string);
    }
    return sbuf_span(&out);
}

/* answers_put_record - one record, each part whether its type has it or not */
static void answers_put_record(struct sbuf *out, const struct engine_rr *rr)
{
    engine_put_number(out, (uint64_t)rr->type);
    engine_put_text(out, rr->owner);
    engine_put_text(out, rr->target);
    engine_put_span(out, rr->octets);
    engine_put_number(out, rr->preference);
}

/* write_record - what a child needs of a record */
static void write_record(struct sbuf *out, const struct dns_rr *rr)
{
    struct engine_rr sent = {.type = rr->type, .preference = rr->preference};

    if (rr->address != NULL)
        sent.octets = span_make((const char *)rr->address->octets,
                                rr->address->family == IP_V4 ? IP_V4_OCTETS : IP_V6_OCTETS);
    else if (rr->string_count > 0)
        sent.octets = strings_span(out->arena, rr);
    if (rr->type == DNS_CNAME)
        sent.owner = rr->owner->text;
    if (rr->target != NULL)
        sent.target = rr->target->text;
    answers_put_record(out, &sent);
}

/* put_head - query and status; the number of records and the records follow */
static void put_head(struct sbuf *out, const char *name, enum dns_type type,
                     enum dns_status status)
{
    engine_put_text(out, name);
    engine_put_number(out, (uint64_t)type);
    engine_put_octet(out, (uint8_t)status);
}

void engine_answers_write_txt(struct sbuf *out, const char *name, struct span strings)
{
    struct engine_rr sent = {.type = DNS_TXT, .octets = strings};

    engine_put_number(out, 1);
    put_head(out, name, DNS_TXT, DNS_OK);
    engine_put_number(out, 1);
    answers_put_record(out, &sent);
}

/* is_sent - records of the type asked for, and the chain that led there */
static bool is_sent(const struct dns_answer *answer, const struct dns_rr *rr)
{
    return rr->type == answer->question.type || rr->type == DNS_CNAME;
}

/* write_answer - one answer with its records */
static void write_answer(struct sbuf *out, const struct dns_answer *answer)
{
    uint64_t count = 0;

    for (const struct dns_rr *rr = answer->records; rr != NULL; rr = rr->next)
        count += is_sent(answer, rr);
    put_head(out, answer->question.name->text, answer->question.type, answer->status);
    engine_put_number(out, count);
    for (const struct dns_rr *rr = answer->records; rr != NULL; rr = rr->next)
        if (is_sent(answer, rr))
            write_record(out, rr);
}

void engine_answers_write(struct sbuf *out, const struct ledger *ledger, enum engine_kind kind)
{
    uint64_t count = 0;

    for (size_t i = 0; i < ledger_count(ledger); i++) {
        const struct dns_answer *answer = ledger_get(ledger, i);

        count += answer->status != DNS_PENDING && may_ask(kind, answer);
    }
    engine_put_number(out, count);
    for (size_t i = 0; i < ledger_count(ledger); i++) {
        const struct dns_answer *answer = ledger_get(ledger, i);

        if (answer->status != DNS_PENDING && may_ask(kind, answer))
            write_answer(out, answer);
    }
}

/* answers_slot_of - where the answer is kept */
static void **answers_slot_of(const struct engine_answers *answers, const char *name,
                              enum dns_type type, bool *is_new_out)
{
    const char *key = arena_printf(answers->arena, "%u %s", (unsigned)type, name);

    return table_slot(answers->all, span_of(key), is_new_out);
}

/* answers_read_record - the counterpart of answers_put_record() */
static void answers_read_record(struct engine_reader *in, struct arena *arena,
                                struct engine_rr *rr)
{
    rr->type = (enum dns_type)(uint16_t)engine_get_number(in);
    rr->owner = engine_get_text(in, arena);
    rr->target = engine_get_text(in, arena);
    rr->octets = engine_get_span(in);
    rr->preference = (uint16_t)engine_get_number(in);
}

/* answers_read_answer - the counterpart of write_answer() */
static void answers_read_answer(struct engine_reader *in, struct arena *arena,
                                struct engine_answer *answer)
{
    answer->name = engine_get_text(in, arena);
    answer->type = (enum dns_type)(uint16_t)engine_get_number(in);
    answer->status = (enum dns_status)engine_get_octet(in);
    answer->record_count = engine_get_count(in, RECORD_OCTETS);
    answer->records = arena_array_of(arena, struct engine_rr, answer->record_count + 1);
    for (size_t i = 0; i < answer->record_count; i++)
        answers_read_record(in, arena, &answer->records[i]);
    if (answer->name == NULL)
        in->is_broken = true;
}

void engine_answers_read(struct engine_answers *answers, struct engine_reader *in,
                         struct arena *arena)
{
    size_t count = engine_get_count(in, ANSWER_OCTETS);
    bool is_new = false;

    *answers = (struct engine_answers){.arena = arena, .all = table_open(arena)};
    for (size_t i = 0; i < count; i++) {
        struct engine_answer *answer = arena_new_of(arena, struct engine_answer);

        answers_read_answer(in, arena, answer);
        if (in->is_broken)
            return;
        *answers_slot_of(answers, answer->name, answer->type, &is_new) = answer;
    }
    answers->count = count;
}

/* answers_name_of - what a resolver would query; the empty string is the root */
static const struct dns_name *answers_name_of(struct arena *arena, const char *name)
{
    if (name[0] == '\0' || strcmp(name, ".") == 0)
        return dns_name_from_text(arena, ".");
    return dns_name_from_octets(arena, span_of(name));
}

enum engine_lookup engine_answers_find(struct engine_answers *answers, const char *name,
                                       enum dns_type type, const struct engine_answer **out)
{
    const struct dns_name *parsed = answers_name_of(answers->arena, name);
    bool is_new = false;

    *out = NULL;
    if (parsed == NULL)
        return ENGINE_LOOKUP_NO_NAME;
    *out = *answers_slot_of(answers, parsed->text, type, &is_new);
    if (is_new && answers->missed_count < LIMIT_CHILD_MISSED)
        answers->missed[answers->missed_count++] = (struct dns_question){parsed, type};
    return *out != NULL ? ENGINE_LOOKUP_FOUND : ENGINE_LOOKUP_MISSED;
}

void engine_missed_write(struct sbuf *out, const struct engine_answers *answers)
{
    engine_put_number(out, answers->missed_count);
    for (size_t i = 0; i < answers->missed_count; i++) {
        engine_put_text(out, answers->missed[i].name->text);
        engine_put_number(out, (uint64_t)answers->missed[i].type);
    }
}

bool engine_missed_read(struct engine_reader *in, struct arena *arena, struct ledger *ledger)
{
    size_t count = engine_get_count(in, MISSED_OCTETS);
    struct dns_question *questions = arena_array_of(arena, struct dns_question, count + 1);

    if (count == 0 || count > LIMIT_CHILD_MISSED)
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *text = engine_get_text(in, arena);
        uint64_t type = engine_get_number(in);

        questions[i].name = text != NULL ? dns_name_from_text(arena, text) : NULL;
        questions[i].type = (enum dns_type)type;
        if (questions[i].name == NULL || !is_library_type(type))
            return false;
    }
    if (!engine_got_all(in))
        return false;
    for (size_t i = 0; i < count; i++)
        (void)ledger_ask(ledger, questions[i].name, questions[i].type);
    return true;
}
