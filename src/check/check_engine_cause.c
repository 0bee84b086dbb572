/*
 * The table of known differences, and two ways to read it: each row has the verdicts that it
 * explains, and what none of them explains is reported by the general row of its library.
 */
#include <string.h>

#include "check/check_engine_cause.h"
#include "base/arena.h"
#include "base/span.h"
#include "check/check.h"
#include "model/dmarc_verdict.h"
#include "model/rec_dmarc.h"
#include "model/result.h"

struct cause {
    enum engine_library library;
    bool is_certain;
    bool (*holds)(struct engine_case *one);
};

static const struct cause causes[] = {
#define CAUSE(id, library, is_certain) {library, is_certain, check_cause_##id},
#include "check/check_engine_cause.def"
};

#define CAUSES COUNT_OF(causes)

/* check_engine_policy - the policy that libopendmarc would enforce ("reject"); NULL: its
 * verdict names none */
static const char *check_engine_policy(const struct engine_verdict *verdict)
{
    static const char prefix[] = "policy ";

    if (verdict->library != ENGINE_LIBOPENDMARC || verdict->result == NULL ||
        !span_starts_with(span_of(verdict->detail), prefix))
        return NULL;
    return verdict->detail + strlen(prefix);
}

/* policy_differs - both say fail, and the policies that they would enforce differ */
static bool policy_differs(const struct facts *facts, const struct engine_verdict *verdict)
{
    const struct auth_dmarc_verdict *ours = facts->message.dmarc;
    const char *theirs = check_engine_policy(verdict);

    return theirs != NULL && ours != NULL && ours->policy != NULL &&
           ours->result == DMARC_FAIL &&
           strcmp(theirs, rec_dmarc_policy_to_text(ours->policy->policy)) != 0;
}

/* open_case - the case of a verdict; false if it does not differ */
static bool open_case(struct engine_case *one, struct emitter *out,
                      const struct engine_verdict *verdict)
{
    *one = (struct engine_case){.out = out, .facts = out->facts, .verdict = verdict};
    return !check_engine_agrees(out->facts, verdict, &one->ours) ||
           policy_differs(out->facts, verdict);
}

/* their_words - result, with the policy where that is what differs */
static const char *their_words(const struct engine_case *one)
{
    const char *policy = check_engine_policy(one->verdict);

    if (policy == NULL)
        return one->verdict->result;
    return arena_printf(one->out->arena, "%s (policy %s)", one->verdict->result, policy);
}

/* our_words - the same for the standard */
static const char *our_words(const struct engine_case *one)
{
    const struct auth_dmarc_verdict *dmarc = one->facts->message.dmarc;

    if (check_engine_policy(one->verdict) == NULL || dmarc == NULL ||
        dmarc->result != DMARC_FAIL || dmarc->policy == NULL)
        return one->ours;
    return arena_printf(one->out->arena, "%s (policy %s)", one->ours,
                        rec_dmarc_policy_to_text(dmarc->policy->policy));
}

/* engine_cause_effect_of - what became of it */
static const char *engine_cause_effect_of(const struct engine_case *one)
{
    if (one->verdict == NULL)
        return "no verdict of this report depends on it";
    return arena_printf(one->out->arena, "%s says %s about %s, the standard says %s",
                        one->verdict->library_text, their_words(one), one->verdict->about,
                        our_words(one));
}

/* engine_cause_report - a finding about a case whose cause holds */
static void engine_cause_report(struct engine_case *one)
{
    struct found *found = emit(one->out, one->where);

    if (one->verdict == NULL)
        found->finding->severity = SEV_NOTICE;
    found_text(found, "cause", one->cause);
    found_text(found, "effect", engine_cause_effect_of(one));
}

/* engine_cause_explain - the verdicts that a cause explains; else, if it is certain, the
 * records alone */
static void engine_cause_explain(struct emitter *out, const struct cause *cause)
{
    const struct facts *facts = out->facts;
    struct engine_case one = {.out = NULL};
    bool is_reported = false;

    for (size_t i = 0; i < facts->engine_count; i++)
        if (facts->engines[i].library == cause->library &&
            open_case(&one, out, &facts->engines[i]) && cause->holds(&one)) {
            engine_cause_report(&one);
            is_reported = true;
        }
    one = (struct engine_case){.out = out, .facts = facts};
    if (!is_reported && cause->is_certain && cause->holds(&one))
        engine_cause_report(&one);
}

/* is_explained - some cause holds for the case */
static bool is_explained(const struct engine_case *one)
{
    for (size_t i = 0; i < CAUSES; i++) {
        struct engine_case copy = *one;

        if (causes[i].library == one->verdict->library && causes[i].holds(&copy))
            return true;
    }
    return false;
}

/* our_reason - the standard's evidence about what a verdict is about */
static const char *our_reason(const struct facts *facts, const char *about)
{
    const struct auth_dkim_verdict *dkim = check_engine_signature(facts, about);

    for (size_t i = 0; i < facts->spf_count; i++)
        if (strcmp(about,
                   facts->spf[i]->identity == AUTH_SPF_HELO ? "spf.helo" : "spf.mailfrom") == 0)
            return facts->spf[i]->reason;
    if (dkim != NULL)
        return dkim->reason;
    return facts->message.dmarc != NULL ? facts->message.dmarc->reason : "";
}

/* emit_unexplained - a difference that nobody knew of, with both sides' evidence */
static void emit_unexplained(struct emitter *out, enum engine_library library)
{
    const struct facts *facts = out->facts;

    for (size_t i = 0; i < facts->engine_count; i++) {
        const struct engine_verdict *verdict = &facts->engines[i];
        struct engine_case one = {.out = NULL};
        struct found *found = NULL;

        if (verdict->library != library || !open_case(&one, out, verdict) || is_explained(&one))
            continue;
        found = emit(out, (struct finding_where){.name = verdict->about});
        found_text(found, "library", verdict->library_text);
        found_text(found, "about", verdict->about);
        found_text(found, "theirs", their_words(&one));
        found_text(found, "ours", our_words(&one));
        found_text(found, "detail", verdict->detail);
        found_text(found, "because", our_reason(facts, verdict->about));
    }
}

CHECK_AS(engine_spf_differs, emit_unexplained(out, ENGINE_LIBSPF2))
CHECK_AS(engine_dkim_differs, emit_unexplained(out, ENGINE_LIBOPENDKIM))
CHECK_AS(engine_dmarc_differs, emit_unexplained(out, ENGINE_LIBOPENDMARC))

/* one check for each cause, which finds its entry by the place in the table */
enum {
#define CAUSE(id, library, is_certain) CAUSE_##id,
#include "check/check_engine_cause.def"
};

#define CAUSE(id, library, is_certain) \
    CHECK_AS(engine_##id, engine_cause_explain(out, &causes[CAUSE_##id]))
#include "check/check_engine_cause.def"
