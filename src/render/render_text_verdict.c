/* One row for each verdict of the standard, and next to it what the libraries say. */
#include <string.h>

#include "base/escape.h"
#include "base/ip.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/damage.h"
#include "model/dkim_verdict.h"
#include "model/dmarc_verdict.h"
#include "model/engine_verdict.h"
#include "model/rec_dkim.h"
#include "model/rec_dmarc.h"
#include "model/result.h"
#include "model/spf_verdict.h"
#include "model/subject.h"
#include "render/render_format.h"
#include "render/render_text.h"

/* ---- the libraries ---- */

/* engine_line - one library about one verdict */
static void engine_line(struct page *page, const struct facts *facts,
                        const struct engine_verdict *engine)
{
    if (render_engine_agrees(facts, engine)) {
        if (!page->is_brief)
            text_row_moref(page, PAGE_FAINT, "confirmed by %s", engine->library_text);
        return;
    }
    if (engine->result != NULL)
        text_row_moref(page, PAGE_DOUBT, "%s differs: %s (%s)", engine->library_text,
                       engine->result, engine->detail);
    else if (engine->is_lost)
        text_row_moref(page, PAGE_DOUBT, "%s gave no verdict: %s", engine->library_text,
                       engine->detail);
    else if (page->is_verbose)
        text_row_moref(page, PAGE_FAINT, "%s: %s", engine->library_text, engine->detail);
}

/* engine_lines - every library that was asked about this */
static void engine_lines(struct page *page, const struct facts *facts, const char *about)
{
    for (size_t i = 0; i < facts->engine_count; i++)
        if (strcmp(facts->engines[i].about, about) == 0)
            engine_line(page, facts, &facts->engines[i]);
}

/* ---- SPF ---- */

/* spf_style - how sure and how good the word is */
static enum page_style spf_style(enum spf_result result)
{
    static const enum page_style styles[] = {
        [SPF_NONE] = PAGE_DOUBT,    [SPF_NEUTRAL] = PAGE_DOUBT,  [SPF_PASS] = PAGE_GOOD,
        [SPF_FAIL] = PAGE_BAD,      [SPF_SOFTFAIL] = PAGE_DOUBT, [SPF_TEMPERROR] = PAGE_DOUBT,
        [SPF_PERMERROR] = PAGE_BAD,
    };

    return styles[result];
}

/* client_text - " from 192.0.2.1", empty when the client is not known */
static const char *client_text(struct page *page, const struct subject *subject)
{
    if (subject->ip.family == IP_NONE)
        return "";
    return arena_printf(page->arena, " from %s", ip_to_text(page->arena, &subject->ip));
}

/* text_verdict_spf_row - one identity */
static void text_verdict_spf_row(struct page *page, const struct facts *facts,
                                 const struct auth_spf_verdict *verdict)
{
    bool is_helo = verdict->identity == AUTH_SPF_HELO;
    struct text_row row = {
        .label = "SPF",
        .word = spf_result_to_text(verdict->result),
        .style = spf_style(verdict->result),
        .about = arena_printf(page->arena, "%s %s%s", is_helo ? "HELO" : "MAIL FROM",
                              verdict->domain, client_text(page, facts->subject)),
    };

    text_row_brief(page, &row);
    text_row_more(page, PAGE_PLAIN, verdict->reason);
    if (verdict->explanation != NULL)
        text_row_moref(page, PAGE_PLAIN, "the domain explains: \"%s\"",
                       escape_shown(page->arena, verdict->explanation));
    engine_lines(page, facts, is_helo ? "spf.helo" : "spf.mailfrom");
}

/* ---- DKIM ---- */

/* dkim_style - how good the word is */
static enum page_style dkim_style(enum dkim_result result)
{
    static const enum page_style styles[] = {
        [DKIM_NONE] = PAGE_DOUBT,    [DKIM_PASS] = PAGE_GOOD,     [DKIM_FAIL] = PAGE_BAD,
        [DKIM_POLICY] = PAGE_BAD,    [DKIM_NEUTRAL] = PAGE_DOUBT, [DKIM_TEMPERROR] = PAGE_DOUBT,
        [DKIM_PERMERROR] = PAGE_BAD,
    };

    return styles[result];
}

/* dkim_about - "example.com, selector s1, rsa-sha256, 2048 bits, aligned" */
static const char *dkim_about(struct page *page, const struct message_facts *message,
                              size_t index)
{
    const struct auth_dkim_verdict *verdict = &message->dkim[index];
    const struct rec_dkim_signature *parsed = &verdict->signature->parsed;
    const struct auth_dmarc_verdict *dmarc = message->dmarc;
    struct sbuf text = sbuf_start(page->arena);

    sbuf_add(&text, parsed->domain != NULL ? parsed->domain->text : "no usable domain");
    if (parsed->selector != NULL)
        sbuf_addf(&text, ", selector %s", parsed->selector->text);
    if (parsed->algorithm_text.len > 0)
        sbuf_addf(&text, ", %s",
                  escape_to_text(page->arena, parsed->algorithm_text, LIMIT_SHOWN_BYTES));
    if (verdict->key_bits > 0)
        sbuf_addf(&text, ", %u bits", verdict->key_bits);
    if (dmarc != NULL && dmarc->dkim != NULL)
        sbuf_add(&text, dmarc->dkim[index].is_aligned ? ", aligned" : ", not aligned");
    return sbuf_text(&text);
}

/* damage_lines - what broke the signature, where that was proved */
static void damage_lines(struct page *page, const struct facts *facts, size_t index)
{
    const struct auth_damage *damage =
        facts->message.damage == NULL ? NULL : facts->message.damage[index];

    for (; damage != NULL; damage = damage->next)
        text_row_moref(page, PAGE_PLAIN, "%s; %s", damage->text, damage->proof);
}

/* text_verdict_dkim_row - one signature */
static void text_verdict_dkim_row(struct page *page, const struct facts *facts, size_t index)
{
    const struct auth_dkim_verdict *verdict = &facts->message.dkim[index];
    struct text_row row = {
        .label = "DKIM",
        .word = dkim_result_to_text(verdict->result),
        .style = dkim_style(verdict->result),
        .about = dkim_about(page, &facts->message, index),
    };

    text_row_brief(page, &row);
    text_row_more(page, PAGE_PLAIN, verdict->reason);
    damage_lines(page, facts, index);
    engine_lines(page, facts, arena_printf(page->arena, "dkim.%zu", index));
}

/* no_signature_row - a message without any */
static void no_signature_row(struct page *page)
{
    text_row_brief(page, &(struct text_row){"DKIM", "none", PAGE_DOUBT,
                                            "the message has no DKIM signature"});
}

/* ---- DMARC ---- */

/* dmarc_style - how good the word is */
static enum page_style dmarc_style(enum dmarc_result result)
{
    static const enum page_style styles[] = {
        [DMARC_NONE] = PAGE_DOUBT,      [DMARC_PASS] = PAGE_GOOD,     [DMARC_FAIL] = PAGE_BAD,
        [DMARC_TEMPERROR] = PAGE_DOUBT, [DMARC_PERMERROR] = PAGE_BAD,
    };

    return styles[result];
}

/* text_verdict_policy_text - ", policy reject (p= at example.com)"; empty without a record */
static const char *text_verdict_policy_text(struct page *page,
                                            const struct auth_dmarc_policy *policy)
{
    if (policy == NULL || policy->step == NULL)
        return "";
    return arena_printf(page->arena, ", policy %s (%s= at %s)",
                        rec_dmarc_policy_to_text(policy->policy),
                        auth_dmarc_tag_to_text(policy->tag), policy->step->domain->text);
}

/* old_reading - where a verifier of RFC 7489 would see it differently */
static void old_reading(struct page *page, const struct auth_dmarc_verdict *verdict)
{
    const struct auth_dmarc_rfc7489 *old = &verdict->rfc7489;

    if (old->result == verdict->result)
        return;
    text_row_moref(page, PAGE_DOUBT, "receivers that still follow RFC 7489 see %s",
                   dmarc_result_to_text(old->result));
}

/* text_verdict_dmarc_row - the message as a whole */
static void text_verdict_dmarc_row(struct page *page, const struct facts *facts)
{
    const struct message_facts *message = &facts->message;
    const struct auth_dmarc_verdict *verdict = message->dmarc;
    struct text_row row = {.label = "DMARC"};

    if (verdict == NULL)
        return;
    row.word = dmarc_result_to_text(verdict->result);
    row.style = dmarc_style(verdict->result);
    if (message->author == NULL)
        row.about = message->author_fault != NULL ? message->author_fault
                                                  : "the message has no author domain";
    else
        row.about = arena_printf(page->arena, "From %s%s", message->author->text,
                                 text_verdict_policy_text(page, verdict->policy));
    text_row_brief(page, &row);
    if (message->author != NULL)
        text_row_more(page, PAGE_PLAIN, verdict->reason);
    old_reading(page, verdict);
    engine_lines(page, facts, "dmarc");
}

/* no_spf_row - SPF was not evaluated: the client or the sender is not known */
static void no_spf_row(struct page *page, const struct subject *subject)
{
    text_row_brief(page,
                   &(struct text_row){"SPF", "not checked", PAGE_DOUBT,
                                      "the client's address or the sender is not known; give "
                                      "--ip and --mail-from"});
    if (subject->envelope_note != NULL)
        text_row_more(page, PAGE_FAINT, subject->envelope_note);
}

void render_text_verdicts(struct page *page, const struct report *report)
{
    const struct facts *facts = report->facts;
    bool has_message = facts->message.message != NULL;

    for (size_t i = 0; i < facts->spf_count; i++)
        text_verdict_spf_row(page, facts, facts->spf[i]);
    if (facts->spf_count == 0 && has_message)
        no_spf_row(page, facts->subject);
    for (size_t i = 0; i < facts->message.dkim_count; i++)
        text_verdict_dkim_row(page, facts, i);
    if (facts->message.dkim_count == 0 && has_message)
        no_signature_row(page);
    render_text_arc_row(page, facts->message.arc);
    text_verdict_dmarc_row(page, facts);
}
