/* The line of the verdict, then a line for each reason. */
#include "base/arena.h"
#include "base/escape.h"
#include "model/damage.h"
#include "model/dkim_verdict.h"
#include "model/dmarc_verdict.h"
#include "model/engine_verdict.h"
#include "model/facts.h"
#include "model/result.h"
#include "model/spf_verdict.h"
#include "render/render_format.h"
#include "render/render_json.h"
#include "render/render_verdict.h"

/* verdict_reason - one line below the verdict */
static void verdict_reason(struct sbuf *out, const char *text)
{
    sbuf_addf(out, "  %s\n", render_safe(out->arena, text));
}

/* spf_reasons - term, counts, the other identity */
static void spf_reasons(const struct facts *facts, struct sbuf *out)
{
    struct arena *arena = out->arena;

    for (size_t i = 0; i < facts->spf_count; i++) {
        const struct auth_spf_verdict *spf = facts->spf[i];

        if (i > 0)
            verdict_reason(
                out, arena_printf(arena, "%s %s %s: %s",
                                  spf->identity == AUTH_SPF_HELO ? "helo" : "mailfrom",
                                  spf->domain, spf_result_to_text(spf->result), spf->reason));
        if (spf->term != NULL)
            verdict_reason(out, arena_printf(arena, "term %s in the record of %s", spf->term,
                                             spf->record_domain ? spf->record_domain : "?"));
        if (spf->explanation != NULL)
            verdict_reason(out, arena_printf(arena, "explanation: %s",
                                             render_raw(arena, spf->explanation)));
        verdict_reason(
            out, arena_printf(arena, "%u lookups, %u void", spf->lookups, spf->void_lookups));
    }
}

/* verdict_damage - what broke a signature, where that was proved */
static void verdict_damage(struct sbuf *out, const struct auth_damage *damage)
{
    for (; damage != NULL; damage = damage->next)
        verdict_reason(out, arena_printf(out->arena, "  %s: %s; %s",
                                         auth_damage_kind_to_text(damage->kind), damage->text,
                                         damage->proof));
}

/* dkim_reasons - every signature */
static void dkim_reasons(const struct facts *facts, struct sbuf *out)
{
    for (size_t i = 0; i < facts->message.dkim_count; i++) {
        const struct auth_dkim_verdict *verdict = &facts->message.dkim[i];

        verdict_reason(out, arena_printf(out->arena,
                                         "signature %zu: %s %s (body hash: %s, header: %s)",
                                         i + 1, dkim_result_to_text(verdict->result),
                                         report_signature_text(out->arena, verdict),
                                         hash_result_to_text(verdict->body_hash),
                                         hash_result_to_text(verdict->header_hash)));
        verdict_damage(out, facts->message.damage == NULL ? NULL : facts->message.damage[i]);
    }
}

/* verdict_aligned - does a method count for DMARC */
static const char *verdict_aligned(bool is_aligned)
{
    return is_aligned ? "passes and is aligned" : "gives no aligned pass";
}

/* dmarc_reasons - policy, alignment, the record */
static void dmarc_reasons(const struct facts *facts, struct sbuf *out)
{
    const struct auth_dmarc_verdict *dmarc = facts->message.dmarc;
    const struct auth_dmarc_policy *policy =
        dmarc != NULL ? dmarc->policy : facts->domain.dmarc;

    if (dmarc != NULL && policy != NULL && policy->step != NULL)
        verdict_reason(out, report_policy_text(out->arena, policy));
    if (dmarc != NULL)
        verdict_reason(out, arena_printf(out->arena, "SPF %s, DKIM %s",
                                         verdict_aligned(dmarc->spf_aligned),
                                         verdict_aligned(dmarc->dkim_aligned)));
    if (policy != NULL && policy->step != NULL && policy->step->rr != NULL)
        verdict_reason(out, escape_to_text(out->arena, policy->step->rr->joined, 0));
}

/* engine_reasons - what the libraries say */
static void engine_reasons(const struct facts *facts, struct sbuf *out)
{
    for (size_t i = 0; i < facts->engine_count; i++) {
        const struct engine_verdict *engine = &facts->engines[i];

        verdict_reason(out, arena_printf(out->arena, "%s about %s: %s%s (%s)",
                                         engine->library_text, engine->about,
                                         engine->result ? engine->result : "no verdict",
                                         render_engine_agrees(facts, engine) ? ", agrees" : "",
                                         engine->detail));
    }
}

void render_verdict_text(const struct render_verdict *verdict,
                         const struct report_options *options, struct sbuf *out)
{
    const struct facts *facts = verdict->report->facts;

    sbuf_addf(out, "%s %s\n", verdict->word.word,
              render_safe(out->arena, verdict->word.summary));
    if (options->is_quiet)
        return;
    switch (verdict->method) {
    case REPORT_SPF:
        spf_reasons(facts, out);
        break;
    case REPORT_DKIM:
        dkim_reasons(facts, out);
        break;
    case REPORT_DMARC:
        dmarc_reasons(facts, out);
        break;
    }
    engine_reasons(facts, out);
}

json_t *render_verdict_document(const struct render_verdict *verdict,
                                const struct report_options *options, struct arena *arena)
{
    return render_json_report(verdict->report, options, arena);
}
