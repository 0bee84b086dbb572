/*
 * SPF verdicts about the envelope at hand. A temperror is not a verdict: the checks about fail
 * say "undetermined" then, once for each identity.
 */
#include <string.h>

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/ip.h"
#include "base/limits.h"
#include "base/span.h"
#include "check/check_emit.h"
#include "check/check_facts.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/mail_trace.h"
#include "model/result.h"
#include "model/spf_verdict.h"

/* where_sender - the MAIL FROM or HELO that was judged */
static struct finding_where where_sender(struct emitter *out,
                                         const struct auth_spf_verdict *verdict)
{
    const char *raw = verdict->identity == AUTH_SPF_MAILFROM ? out->facts->subject->mail_from
                                                             : out->facts->subject->helo;

    return where_envelope(verdict->identity == AUTH_SPF_MAILFROM ? "MAIL FROM" : "HELO",
                          raw != NULL && raw[0] == '\0'
                              ? "<>"
                              : escape_to_text(out->arena, span_of(raw), LIMIT_SHOWN_BYTES));
}

/* add_verdict - the arguments of every finding about a verdict */
static void add_verdict(struct found *found, struct emitter *out,
                        const struct auth_spf_verdict *verdict)
{
    found_text(found, "ip", ip_to_text(out->arena, &out->facts->subject->ip));
    found_text(found, "domain", verdict->domain);
    found_text(found, "because", verdict->reason);
    if (verdict->term != NULL)
        found_text(found, "decided_by", verdict->term);
}

/* client_advice - what to do about a client that the record does not let pass; `listed` is what
 * to do where it is known to be the sender's */
static const char *client_advice(struct emitter *out, const char *listed)
{
    const struct mail_trace *trace = out->facts->message.trace;

    if (check_client_is_known(out->facts))
        return listed;
    if (trace->envelope.hop.relay != NULL)
        return arena_printf(
            out->arena,
            "list nothing: the client is %s, and relays mail of others; sign the "
            "mail with DKIM, which does not depend on the client",
            trace->envelope.hop.relay);
    return "give --ip if another host connected to the receiver, since which one did is only "
           "guessed";
}

/* listing_advice - what to do where the client may be a host of the domain */
static const char *listing_advice(struct emitter *out, const struct auth_spf_verdict *verdict)
{
    const char *ip = ip_to_text(out->arena, &out->facts->subject->ip);

    if (verdict->result == SPF_NONE)
        return arena_printf(out->arena, "publish an SPF record for %s that lists %s",
                            verdict->domain, ip);
    return arena_printf(out->arena, "if %s may send for %s, add it to the SPF record of %s", ip,
                        verdict->domain, verdict->domain);
}

/* emit_mailfrom - a finding when the verdict about MAIL FROM is the one given */
static void emit_mailfrom(struct emitter *out, enum spf_result result)
{
    const struct auth_spf_verdict *verdict = check_spf_verdict(out->facts, AUTH_SPF_MAILFROM);
    struct found *found = NULL;

    if (verdict == NULL || verdict->result != result)
        return;
    found = emit(out, where_sender(out, verdict));
    add_verdict(found, out, verdict);
    found_text(found, "advice", client_advice(out, listing_advice(out, verdict)));
}

/* check_spf_result_fail - the domain says that this client may not send for it */
void check_spf_result_fail(const struct facts *facts, struct emitter *out)
{
    const struct auth_spf_verdict *verdict = check_spf_verdict(facts, AUTH_SPF_MAILFROM);

    emit_mailfrom(out, SPF_FAIL);
    if (verdict != NULL && verdict->result == SPF_TEMPERROR)
        emit_undetermined(out, where_sender(out, verdict), verdict->reason);
}

CHECK_AS(spf_result_softfail, emit_mailfrom(out, SPF_SOFTFAIL))
CHECK_AS(spf_result_neutral, emit_mailfrom(out, SPF_NEUTRAL))
CHECK_AS(spf_result_none, emit_mailfrom(out, SPF_NONE))
CHECK_AS(spf_result_permerror, emit_mailfrom(out, SPF_PERMERROR))

/* check_spf_helo_fail - the client is not allowed to call itself that */
void check_spf_helo_fail(const struct facts *facts, struct emitter *out)
{
    const struct auth_spf_verdict *verdict = check_spf_verdict(facts, AUTH_SPF_HELO);
    struct found *found = NULL;

    if (verdict == NULL)
        return;
    if (verdict->result == SPF_FAIL || verdict->result == SPF_PERMERROR) {
        found = emit(out, where_sender(out, verdict));
        found_text(found, "result", spf_result_to_text(verdict->result));
        add_verdict(found, out, verdict);
    } else if (verdict->result == SPF_TEMPERROR) {
        emit_undetermined(out, where_sender(out, verdict), verdict->reason);
    }
}

/* check_spf_helo_name - HELO wants a host name with a dot, or an address literal */
void check_spf_helo_name(const struct facts *facts, struct emitter *out)
{
    const char *helo = facts->subject->helo;
    struct err why = {0};
    const struct dns_name *name = NULL;

    if (helo == NULL || helo[0] == '[')
        return;
    name = dns_name_parse(out->arena, span_of(helo), &why);
    if (name == NULL || name->labels < 2)
        emit(out, where_envelope("HELO",
                                 escape_to_text(out->arena, span_of(helo), LIMIT_SHOWN_BYTES)));
}
