/*
 * The libraries' verdicts. libspf2 is asked in every pass, because it wants names of its own;
 * the message and DMARC only once the standard's verdicts they go with are settled.
 */
#include "engine/engine.h"
#include "gather/gather_private.h"
#include "ledger/ledger.h"
#include "model/mail_address.h"
#include "model/rec_dkim.h"
#include "model/rec_tags.h"
#include "model/result.h"
#include "model/spf_verdict.h"

/* domain_as_written - d= with its capitals: header.d= of Authentication-Results has them. What
 * has other octets is reported in its canonical form. */
static const char *domain_as_written(struct arena *arena,
                                     const struct rec_dkim_signature *parsed)
{
    const struct rec_tag *tag = rec_tags_find(&parsed->tags, "d");

    return tag != NULL && span_equal_nocase(tag->value, parsed->domain->text)
               ? arena_strdup_span(arena, tag->value)
               : parsed->domain->text;
}

/* author_as_written - a milter passes on the octets of From, U-labels alike; NULL: what differs
 * from the A-labels is more than that */
static const char *author_as_written(struct arena *arena, const struct message_facts *message)
{
    const struct mail_address *first = message->from != NULL ? message->from->first : NULL;
    struct span written = first != NULL ? first->domain_text : (struct span){NULL, 0};

    for (size_t i = 0; i < written.len; i++)
        if (ascii_is_space(written.at[i]) || written.at[i] == '(')
            return NULL;
    return message->author != NULL && written.len > 0 ? arena_strdup_span(arena, written)
                                                      : NULL;
}

/* pass_dkim_verdicts - the standard's DKIM verdicts, as a milter passes them on */
static void pass_dkim_verdicts(struct arena *arena, const struct message_facts *message,
                               struct engine_dmarc *dmarc)
{
    dmarc->dkim = arena_alloc(arena, sizeof(*dmarc->dkim) * (message->dkim_count + 1));
    for (size_t i = 0; i < message->dkim_count; i++) {
        const struct rec_dkim_signature *parsed = &message->dkim[i].signature->parsed;

        if (parsed->domain == NULL || parsed->selector == NULL)
            continue;
        dmarc->dkim[dmarc->dkim_count++] = (struct engine_dmarc_dkim){
            .domain = domain_as_written(arena, parsed),
            .selector = parsed->selector->text,
            .result = dkim_result_to_text(message->dkim[i].result),
        };
    }
}

/* pass_spf_verdict - the standard's SPF verdict about MAIL FROM */
static void pass_spf_verdict(const struct facts *facts, struct engine_dmarc *dmarc)
{
    const struct auth_spf_verdict *spf = facts->spf_count > 0 ? facts->spf[0] : NULL;

    if (spf == NULL || spf->identity != AUTH_SPF_MAILFROM)
        return;
    dmarc->spf_domain = spf->domain;
    dmarc->spf_is_helo = facts->subject->mail_from[0] == '\0';
    dmarc->spf_result = spf_result_to_text(spf->result);
}

/* dmarc_identifiers - the author, and what SPF and DKIM say by now */
static struct engine_dmarc *dmarc_identifiers(struct arena *arena, const struct facts *facts)
{
    const struct message_facts *message = &facts->message;
    struct engine_dmarc *dmarc = arena_new_of(arena, struct engine_dmarc);

    dmarc->author = message->author;
    dmarc->author_written = author_as_written(arena, message);
    pass_spf_verdict(facts, dmarc);
    pass_dkim_verdicts(arena, message, dmarc);
    return dmarc;
}

/* dmarc_request - NULL where libopendmarc would have nothing to judge */
static struct engine_dmarc *dmarc_request(struct arena *arena, const struct facts *facts)
{
    const struct auth_dmarc_verdict *verdict = facts->message.dmarc;
    struct engine_dmarc *dmarc = NULL;

    if (verdict == NULL || verdict->is_pending || verdict->policy == NULL ||
        verdict->policy->is_undetermined)
        return NULL;
    dmarc = dmarc_identifiers(arena, facts);
    if (verdict->policy->step != NULL) {
        dmarc->record = arena_strdup_span(arena, verdict->policy->step->rr->joined);
        dmarc->record_domain = verdict->policy->step->domain;
        if (!dns_name_equal(dmarc->record_domain, dmarc->author))
            dmarc->organizational_domain = verdict->organizational_domain;
    }
    return dmarc;
}

/* dkim_is_settled - every signature has its verdict */
static bool dkim_is_settled(const struct message_facts *message)
{
    for (size_t i = 0; i < message->dkim_count; i++)
        if (message->dkim[i].is_pending)
            return false;
    return true;
}

/* ask_for_hosts - libspf2 looks up names of one label as well, for which the standard asks
 * nothing (RFC 7208, 4.3): asked for with all others, they cost no further process */
static void ask_for_hosts(const struct gather_work *work, const struct facts *facts)
{

    for (size_t i = 0; i < facts->spf_count; i++) {
        const char *domain = facts->spf[i]->domain;
        const struct dns_name *name =
            domain != NULL ? dns_name_parse(work->arena, span_of(domain), NULL) : NULL;

        if (name != NULL && name->labels == 1)
            (void)ledger_ask(work->ledger, name, DNS_TXT);
    }
}

void gather_engines(const struct gather_work *work, struct facts *facts)
{
    struct auth_spf_input inputs[2];
    struct engine_request request = {.spf = inputs, .now = facts->subject->now};
    bool is_pending = false; /* what was missed is wanted in the ledger: that suffices */

    if (work->engine == NULL)
        return;
    request.spf_count = gather_spf_inputs(facts->subject, inputs);
    ask_for_hosts(work, facts);
    if (facts->message.message != NULL && dkim_is_settled(&facts->message)) {
        request.message = facts->subject->message;
        /* a library would take the missing body for an empty one */
        request.signature_count =
            facts->message.message->is_header_only ? 0 : facts->message.dkim_count;
        request.dmarc = dmarc_request(work->arena, facts);
    } else if (facts->message.message != NULL) {
        engine_expect_dmarc(work->engine, dmarc_identifiers(work->arena, facts));
    }
    if (request.spf_count == 0 && request.message == NULL)
        return;
    facts->engines = engine_judge(work->engine, work->arena, work->ledger, &request,
                                  &facts->engine_count, &is_pending);
}
