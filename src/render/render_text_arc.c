/* The ARC chain: one row among the verdicts, and one paragraph of evidence for each hop. */
#include "base/dns_name.h"
#include "base/sbuf.h"
#include "model/dkim_verdict.h"
#include "model/mail_trace.h"
#include "model/rec_arc.h"
#include "model/result.h"
#include "render/render_text.h"

#define COLUMN_HOP     4
#define COLUMN_RESULTS 10

#define SEALERS_SHOWN 4 /* in the row; the evidence has them all */

/* text_arc_is_shown - is there a chain at all */
static bool text_arc_is_shown(const struct auth_arc_verdict *verdict)
{
    return verdict != NULL && (verdict->is_undetermined || verdict->result != ARC_NONE);
}

/* text_arc_sealer - who sealed, or why that is unknown */
static const char *text_arc_sealer(const struct auth_arc_set *set)
{
    if (set->seal.domain != NULL)
        return set->seal.domain->text;
    return set->fields[AUTH_ARC_SEAL] == NULL ? "nobody" : "no usable domain";
}

/* text_arc_about - "2 sets, sealed by list.example.org, forwarder.example.net" */
static const char *text_arc_about(struct page *page, const struct auth_arc_verdict *verdict)
{
    struct sbuf text = sbuf_start(page->arena);

    if (verdict->count == 0)
        return "no instance that can be read";
    sbuf_add(&text, page_count(page, verdict->count, "set"));
    for (size_t i = 0; i < verdict->count && i < SEALERS_SHOWN; i++)
        sbuf_addf(&text, "%s%s", i > 0 ? ", " : ", sealed by ",
                  text_arc_sealer(verdict->instances[i].set));
    if (verdict->count > SEALERS_SHOWN)
        sbuf_addf(&text, " and %zu more", verdict->count - SEALERS_SHOWN);
    return sbuf_text(&text);
}

void render_text_arc_row(struct page *page, const struct auth_arc_verdict *verdict)
{
    struct text_row row = {.label = "ARC"};

    if (!text_arc_is_shown(verdict))
        return;
    row.word = verdict->is_undetermined ? "undetermined" : arc_result_to_text(verdict->result);
    row.style =
        !verdict->is_undetermined && verdict->result == ARC_PASS ? PAGE_GOOD : PAGE_DOUBT;
    row.about = text_arc_about(page, verdict);
    text_row(page, &row);
    text_row_more(page, PAGE_PLAIN, verdict->reason);
}

/* text_arc_outcome - "pass", "fail (the body hash does not match bh=)" */
static const char *text_arc_outcome(struct page *page, const struct auth_dkim_verdict *verdict)
{
    if (verdict == NULL)
        return "not verified";
    if (verdict->result == DKIM_PASS)
        return dkim_result_to_text(verdict->result);
    return arena_printf(page->arena, "%s (%s)", dkim_result_to_text(verdict->result),
                        verdict->reason);
}

/* text_arc_signatures - "cv=pass, seal pass, message signature pass" */
static const char *text_arc_signatures(struct page *page,
                                       const struct auth_arc_instance *instance)
{
    const struct auth_arc_set *set = instance->set;
    const struct dns_name *signer = set->message_signature.domain;
    struct sbuf text = sbuf_start(page->arena);

    if (set->fields[AUTH_ARC_SEAL] != NULL)
        sbuf_addf(&text, "cv=%s, ", rec_arc_cv_to_text(set->cv));
    sbuf_addf(&text, "seal %s, message signature", text_arc_outcome(page, instance->seal));
    if (signer != NULL && set->seal.domain != NULL && !dns_name_equal(signer, set->seal.domain))
        sbuf_addf(&text, " by %s", signer->text);
    sbuf_addf(&text, " %s", text_arc_outcome(page, instance->message_signature));
    return sbuf_text(&text);
}

/* text_arc_results - "mx.example.net: spf=pass, dkim=pass"; with -v also the properties */
static const char *text_arc_results(struct page *page, const struct auth_arc_set *set)
{
    struct sbuf text = sbuf_start(page->arena);
    const struct mail_auth_result *result = set->results.results;

    if (set->fields[AUTH_ARC_RESULTS] == NULL)
        return "no ARC-Authentication-Results";
    sbuf_addf(&text, "%s says ", set->results.server[0] != '\0' ? set->results.server : "it");
    if (result == NULL)
        sbuf_add(&text, "nothing of any method");
    for (; result != NULL; result = result->next) {
        sbuf_addf(&text, "%s=%s", result->method, result->result);
        if (page->is_verbose && result->properties[0] != '\0')
            sbuf_addf(&text, " (%s)", result->properties);
        if (result->next != NULL)
            sbuf_add(&text, ", ");
    }
    return sbuf_text(&text);
}

void render_text_arc(struct page *page, const struct auth_arc_verdict *verdict)
{
    if (!text_arc_is_shown(verdict) || verdict->count == 0)
        return;
    page_section(page, "ARC: who vouched for what (carries no weight in the verdicts)");
    for (size_t i = 0; i < verdict->count; i++) {
        const struct auth_arc_instance *instance = &verdict->instances[i];
        const struct dns_name *selector = instance->set->seal.selector;

        page_to(page, COLUMN_HOP);
        page_putf(page, PAGE_PLAIN, "i=%-3u ", instance->set->instance);
        page_wrapf(page, PAGE_PLAIN, "%s%s%s: %s", text_arc_sealer(instance->set),
                   selector != NULL ? ", selector " : "",
                   selector != NULL ? selector->text : "", text_arc_signatures(page, instance));
        page_line(page, COLUMN_RESULTS, PAGE_FAINT, text_arc_results(page, instance->set));
    }
}
