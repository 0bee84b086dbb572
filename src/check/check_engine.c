/*
 * The libraries' verdicts next to the standard's. Words are compared, not reasons; kinds of
 * "does not verify" that no receiver treats apart count as agreement.
 */
#include <string.h>

#include "base/arena.h"
#include "base/span.h"
#include "check/check.h"
#include "check/check_engine_cause.h"
#include "check/check_facts.h"
#include "model/result.h"

static const char dkim_prefix[] = "dkim.";

const struct auth_dkim_verdict *check_engine_signature(const struct facts *facts,
                                                       const char *about)
{
    uint64_t index = 0;

    if (!span_starts_with(span_of(about), dkim_prefix) ||
        !span_to_number(span_of(about + strlen(dkim_prefix)), UINT32_MAX, &index) ||
        index >= facts->message.dkim_count)
        return NULL;
    return &facts->message.dkim[index];
}

/* our_dkim_word - of the signature that "dkim.N" is about; NULL if it was not verified */
static const char *our_dkim_word(const struct facts *facts, const char *about)
{
    const struct auth_dkim_verdict *verdict = check_engine_signature(facts, about);

    if (verdict == NULL || (verdict->signature != NULL && verdict->signature->is_over_limit))
        return NULL;
    return dkim_result_to_text(verdict->result);
}

/* our_spf_word - of the identity; NULL: not judged */
static const char *our_spf_word(const struct facts *facts, enum auth_spf_identity identity)
{
    const struct auth_spf_verdict *verdict = check_spf_verdict(facts, identity);

    return verdict != NULL ? spf_result_to_text(verdict->result) : NULL;
}

/* our_word - what the standard says about the same question; NULL if it was not asked */
static const char *our_word(const struct facts *facts, const char *about)
{
    if (strcmp(about, "spf.mailfrom") == 0)
        return our_spf_word(facts, AUTH_SPF_MAILFROM);
    if (strcmp(about, "spf.helo") == 0)
        return our_spf_word(facts, AUTH_SPF_HELO);
    if (span_starts_with(span_of(about), dkim_prefix))
        return our_dkim_word(facts, about);
    if (strcmp(about, "dmarc") == 0 && facts->message.dmarc != NULL)
        return dmarc_result_to_text(facts->message.dmarc->result);
    return NULL;
}

/* is_dkim_refusal - the signature does not verify, whatever the word: receivers act the same */
static bool is_dkim_refusal(const char *word)
{
    return strcmp(word, "pass") != 0 && strcmp(word, "temperror") != 0;
}

bool check_engine_agrees(const struct facts *facts, const struct engine_verdict *verdict,
                         const char **ours_out)
{
    const char *ours = our_word(facts, verdict->about);

    if (ours_out != NULL)
        *ours_out = ours;
    if (ours == NULL || verdict->result == NULL || strcmp(ours, verdict->result) == 0)
        return true;
    return verdict->library == ENGINE_LIBOPENDKIM && is_dkim_refusal(ours) &&
           is_dkim_refusal(verdict->result);
}

/* check_engine_lost - a library gave no verdict because its process ended */
void check_engine_lost(const struct facts *facts, struct emitter *out)
{
    for (size_t i = 0; i < facts->engine_count; i++) {
        const struct engine_verdict *verdict = &facts->engines[i];
        struct found *found = NULL;

        if (!verdict->is_lost)
            continue;
        found = emit(out, (struct finding_where){.name = verdict->about});
        found_text(found, "library", verdict->library_text);
        found_text(found, "about", verdict->about);
        found_text(found, "detail", verdict->detail);
    }
}

/* emit_unavailable - who asked for the libraries must not miss that they were not asked */
static void emit_unavailable(const struct facts *facts, struct emitter *out, const char *about,
                             const char *reason)
{
    struct found *found = emit(out, (struct finding_where){.name = about});

    if (facts->is_engine_demanded)
        found->finding->severity = SEV_WARNING;
    found_text(found, "reason", reason);
}

/* check_engine_unavailable - the libraries could not be started, or were not asked something */
void check_engine_unavailable(const struct facts *facts, struct emitter *out)
{
    if (facts->engine_trouble != NULL)
        emit_unavailable(facts, out, NULL, facts->engine_trouble);
    for (size_t i = 0; i < facts->engine_count; i++) {
        const struct engine_verdict *verdict = &facts->engines[i];

        if (verdict->is_unavailable)
            emit_unavailable(facts, out, verdict->about,
                             arena_printf(out->arena, "%s, %s: %s", verdict->library_text,
                                          verdict->about, verdict->detail));
    }
}
