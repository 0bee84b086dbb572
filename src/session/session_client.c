/* Who connects, and as whom. */
#include "base/err.h"
#include "base/ip.h"
#include "base/limits.h"
#include "ledger/ledger.h"
#include "session/session_part.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/result.h"

const struct dns_answer *session_find(const struct facts *facts, const struct dns_name *name,
                                      enum dns_type type)
{
    return facts->ledger != NULL && name != NULL ? ledger_find(facts->ledger, name, type)
                                                 : NULL;
}

bool session_is_known(const struct dns_answer *answer)
{
    return answer != NULL && dns_status_is_answer(answer->status);
}

void session_note_spf(struct arena *arena, const struct facts *facts, struct session_step *step,
                      enum auth_spf_identity identity)
{
    for (size_t i = 0; i < facts->spf_count; i++) {
        const struct auth_spf_verdict *verdict = facts->spf[i];
        bool is_bad = verdict->result == SPF_FAIL || verdict->result == SPF_PERMERROR;

        if (verdict->identity != identity)
            continue;
        session_notef(arena, step,
                      verdict->result == SPF_PASS ? SESSION_GOOD
                      : is_bad                    ? SESSION_BAD
                                                  : SESSION_DOUBT,
                      "SPF %s: %s", spf_result_to_text(verdict->result), verdict->reason);
        return;
    }
    session_note(arena, step, SESSION_DOUBT,
                 "SPF is not checked: the client's address or the name is not known (--ip, "
                 "--helo, --mail-from)");
}

/* ---- connect ---- */

/* ptr_names - "mx.example.com, ..." of the answer */
static const char *ptr_names(struct arena *arena, const struct dns_answer *ptr)
{
    struct sbuf names = sbuf_start(arena);

    for (const struct dns_rr *rr = dns_answer_first(ptr); rr != NULL;
         rr = dns_answer_next(ptr, rr))
        if (rr->target != NULL && names.len < LIMIT_SHOWN_BYTES)
            sbuf_add_item(&names, ", ", rr->target->text);
    return sbuf_text(&names);
}

void session_note_connect(struct arena *arena, const struct session_setting *setting,
                          struct session_step *step)
{
    const struct facts *facts = setting->report->facts;
    const struct subject *subject = facts->subject;
    const struct dns_answer *ptr = facts->client_ptr;

    if (subject->ip.family == IP_NONE) {
        session_note(arena, step, SESSION_DOUBT,
                     "the client's address is not known: give it with --ip");
        return;
    }
    session_notef(arena, step, SESSION_PLAIN, "address %s, from %s",
                  ip_to_text(arena, &subject->ip), subject->ip_origin);
    if (!session_is_known(ptr))
        session_note(arena, step, SESSION_DOUBT, "its PTR record could not be looked up");
    else if (ptr->status != DNS_OK)
        session_note(arena, step, SESSION_BAD,
                     "it has no PTR record: many receivers refuse it");
    else if (facts->client_ptr_confirmed)
        session_notef(arena, step, SESSION_GOOD, "PTR %s, which resolves back to it",
                      ptr_names(arena, ptr));
    else
        session_notef(arena, step, SESSION_BAD, "PTR %s, which does not resolve back to it",
                      ptr_names(arena, ptr));
}

/* ---- EHLO ---- */

/* note_resolution - whether the name resolves, and to the client */
static void note_resolution(struct arena *arena, const struct facts *facts,
                            struct session_step *step, const struct dns_name *name)
{
    const struct dns_answer *a = session_find(facts, name, DNS_A);
    const struct dns_answer *aaaa = session_find(facts, name, DNS_AAAA);
    const struct dns_answer *txt = session_find(facts, name, DNS_TXT);
    const struct ip_address *client = &facts->subject->ip;

    if (txt != NULL && txt->status == DNS_NXDOMAIN)
        session_note(arena, step, SESSION_BAD, "the name does not exist");
    else if (!session_is_known(a) || !session_is_known(aaaa))
        session_note(arena, step, SESSION_DOUBT, "whether the name resolves is not known");
    else if (a->status != DNS_OK && aaaa->status != DNS_OK)
        session_note(arena, step, SESSION_BAD, "the name has no address");
    else if (client->family == IP_NONE)
        session_note(arena, step, SESSION_GOOD, "the name resolves");
    else if (dns_answer_has_address(a, client) || dns_answer_has_address(aaaa, client))
        session_note(arena, step, SESSION_GOOD, "the name resolves to the client's address");
    else
        session_note(arena, step, SESSION_DOUBT, "the name resolves, but to other addresses");
}

void session_note_helo(struct arena *arena, const struct session_setting *setting,
                       struct session_step *step)
{
    const struct facts *facts = setting->report->facts;
    const char *helo = facts->subject->helo;
    struct err why = {0};
    const struct dns_name *name = NULL;

    if (helo == NULL) {
        session_note(arena, step, SESSION_DOUBT, "the name is not known: give it with --helo");
        return;
    }
    if (helo[0] == '[') {
        session_note(arena, step, SESSION_DOUBT,
                     "an address literal: allowed (RFC 5321, 4.1.3), but refused by many");
        return;
    }
    name = dns_name_parse(arena, span_of(helo), &why);
    if (name == NULL)
        session_notef(arena, step, SESSION_BAD, "not a valid name: %s", why.text);
    else if (name->labels < 2)
        session_note(arena, step, SESSION_BAD, "not a full host name (RFC 5321, 2.3.5)");
    else
        note_resolution(arena, facts, step, name);
    session_note_spf(arena, facts, step, AUTH_SPF_HELO);
}
