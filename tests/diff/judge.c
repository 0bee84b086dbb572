/*
 * The standard judge for the differential tests: one JSON object a line in, one out.
 *
 * in:  {"id", "world": text of tests/support/world.h, "ip", "helo", "mail_from"}  SPF, or
 *      {"id", "world", "message": base64, "now"}                                  DKIM, or
 *      the same with "arc": true                                                  ARC
 * out: {"id", "result", "explanation", "reason"} or {"id", "results": [...], "reasons": [...]}
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/auth_arc.h"
#include "auth/auth_dkim.h"
#include "auth/auth_spf.h"
#include "base/base64.h"
#include "mail/mail_message.h"
#include "world.h"

#define ROUNDS_MAX 60

/* text_of - a string of the object, NULL if it is not there */
static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* judge_spf - check_host() for one envelope */
static json_t *judge_spf(struct arena *arena, const json_t *in, struct source *source)
{
    struct ledger *ledger = ledger_open(arena);
    struct auth_spf_input input = {
        .identity = AUTH_SPF_MAILFROM,
        .helo = text_of(in, "helo"),
        .mail_from = text_of(in, "mail_from"),
        .receiver = "receiver.example",
        .now = 1700000000,
    };
    const struct auth_spf_verdict *verdict = NULL;

    if (!ip_parse(span_of(text_of(in, "ip")), &input.client))
        return json_pack("{s:s}", "result", "no address");
    for (int i = 0; i < ROUNDS_MAX; i++) {
        verdict = auth_spf_check(arena, ledger, &input);
        if (!verdict->is_pending)
            break;
        ledger_fill(ledger, source);
    }
    return json_pack("{s:s, s:s?, s:s, s:s?}", "result",
                     verdict->is_pending ? "pending" : spf_result_to_text(verdict->result),
                     "explanation", verdict->is_pending ? NULL : verdict->explanation, "reason",
                     verdict->is_pending ? "" : verdict->reason, "term",
                     verdict->is_pending ? NULL : verdict->term);
}

/* judge_dkim - every signature of one message */
static json_t *judge_dkim(struct arena *arena, const json_t *in, struct source *source)
{
    struct ledger *ledger = ledger_open(arena);
    struct span bytes = {0};
    struct auth_dkim_prepared *prepared = NULL;
    const struct auth_dkim_verdict *verdicts = NULL;
    int64_t now = json_integer_value(json_object_get(in, "now"));
    json_t *results = json_array();
    json_t *reasons = json_array();

    if (!base64_decode(arena, span_of(text_of(in, "message")), &bytes))
        abort();
    prepared = auth_dkim_prepare(arena, mail_message_parse(arena, bytes));
    verdicts = auth_dkim_judge(arena, ledger, prepared, now);
    for (int i = 0; i < ROUNDS_MAX && ledger_wanted(ledger) > 0; i++) {
        ledger_fill(ledger, source);
        verdicts = auth_dkim_judge(arena, ledger, prepared, now);
    }
    for (size_t i = 0; i < prepared->count; i++) {
        json_array_append_new(results, json_string(dkim_result_to_text(verdicts[i].result)));
        json_array_append_new(reasons, json_string(verdicts[i].reason));
    }
    return json_pack("{s:o, s:o}", "results", results, "reasons", reasons);
}

/* judge_arc - the chain of one message */
static json_t *judge_arc(struct arena *arena, const json_t *in, struct source *source)
{
    struct ledger *ledger = ledger_open(arena);
    struct span bytes = {0};
    struct auth_dkim_prepared *dkim = NULL;
    struct auth_arc_prepared *prepared = NULL;
    const struct auth_arc_verdict *verdict = NULL;
    int64_t now = json_integer_value(json_object_get(in, "now"));

    if (!base64_decode(arena, span_of(text_of(in, "message")), &bytes))
        abort();
    prepared = auth_arc_prepare(arena, mail_message_parse(arena, bytes), &dkim);
    verdict = auth_arc_judge(arena, ledger, prepared, now);
    for (int i = 0; i < ROUNDS_MAX && ledger_wanted(ledger) > 0; i++) {
        ledger_fill(ledger, source);
        verdict = auth_arc_judge(arena, ledger, prepared, now);
    }
    return json_pack("{s:s, s:s}", "result",
                     verdict->is_undetermined ? "undetermined"
                                              : arc_result_to_text(verdict->result),
                     "reason", verdict->reason);
}

/* judge_one - by what the case holds */
static json_t *judge_one(struct arena *arena, const json_t *in, struct source *source)
{
    if (json_is_true(json_object_get(in, "arc")))
        return judge_arc(arena, in, source);
    if (text_of(in, "message") != NULL)
        return judge_dkim(arena, in, source);
    return judge_spf(arena, in, source);
}

int main(void)
{
    char *line = NULL;
    size_t size = 0;

    while (getline(&line, &size, stdin) > 0) {
        struct arena *arena = arena_open();
        json_t *in = json_loads(line, 0, NULL);
        struct source *source = NULL;
        json_t *out = NULL;

        if (in == NULL)
            abort();
        source = world_source(arena, text_of(in, "world"));
        out = judge_one(arena, in, source);
        json_object_set(out, "id", json_object_get(in, "id"));
        json_dumpf(out, stdout, JSON_COMPACT);
        putchar('\n');
        fflush(stdout);
        json_decref(out);
        json_decref(in);
        arena_close(arena);
    }
    free(line);
    return 0;
}
