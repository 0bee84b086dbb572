/* Who connects, as whom, from whom and to whom: what a server knows before the message. */
#include <string.h>

#include "base/escape.h"
#include "base/limits.h"
#include "dns/dns_ledger.h"
#include "mail/mail_address.h"
#include "report/report_story.h"

/* find - the answer to a question that was asked; NULL */
static const struct dns_answer *find(const struct facts *facts, const struct dns_name *name,
                                     enum dns_type type)
{
    return facts->ledger != NULL && name != NULL ? dns_ledger_find(facts->ledger, name, type)
                                                 : NULL;
}

/* is_known - the question was answered, one way or the other */
static bool is_known(const struct dns_answer *answer)
{
    return answer != NULL && dns_status_is_answer(answer->status);
}

/* note_spf - verdict and reason of one identity; says so if it was not judged */
static void note_spf(struct arena *arena, const struct facts *facts, struct moment *moment,
                     enum auth_spf_identity identity)
{
    for (size_t i = 0; i < facts->spf_count; i++) {
        const struct auth_spf_verdict *verdict = facts->spf[i];
        bool is_bad = verdict->result == SPF_FAIL || verdict->result == SPF_PERMERROR;

        if (verdict->identity != identity)
            continue;
        moment_note(arena, moment,
                    verdict->result == SPF_PASS ? PAGE_GOOD : is_bad ? PAGE_BAD : PAGE_DOUBT,
                    arena_printf(arena, "SPF %s: %s", spf_result_to_text(verdict->result),
                                 verdict->reason));
        return;
    }
    moment_note(arena, moment, PAGE_DOUBT, "SPF is not checked: the client's address or the "
                                           "name is not known (--ip, --helo, --mail-from)");
}

/* ---- connect ---- */

/* ptr_names - "mx.example.com, ..." of the answer */
static const char *ptr_names(struct arena *arena, const struct dns_answer *ptr)
{
    struct sbuf names = sbuf_start(arena);

    for (const struct dns_rr *rr = dns_answer_first(ptr); rr != NULL;
         rr = dns_answer_next(ptr, rr))
        if (rr->target != NULL && names.len < LIMIT_SHOWN_BYTES)
            sbuf_addf(&names, "%s%s", names.len > 0 ? ", " : "", rr->target->text);
    return sbuf_text(&names);
}

void report_story_connect(struct arena *arena, const struct facts *facts,
                          struct moment *moment)
{
    const struct subject *subject = facts->subject;
    const struct dns_answer *ptr = facts->client_ptr;

    if (subject->ip.family == IP_NONE) {
        moment_note(arena, moment, PAGE_DOUBT,
                    "the client's address is not known: give it with --ip");
        return;
    }
    moment_note(arena, moment, PAGE_PLAIN,
                arena_printf(arena, "address %s, from %s", ip_to_text(arena, &subject->ip),
                             subject->ip_origin));
    if (!is_known(ptr))
        moment_note(arena, moment, PAGE_DOUBT, "its PTR could not be asked for");
    else if (ptr->status != DNS_OK)
        moment_note(arena, moment, PAGE_BAD,
                    "it has no PTR: many receivers refuse or delay it");
    else if (facts->client_ptr_confirmed)
        moment_note(arena, moment, PAGE_GOOD,
                    arena_printf(arena, "PTR %s, which leads back to the address",
                                 ptr_names(arena, ptr)));
    else
        moment_note(arena, moment, PAGE_BAD,
                    arena_printf(arena, "PTR %s, which does not lead back to the address",
                                 ptr_names(arena, ptr)));
}

/* ---- EHLO ---- */

/* leads_to - an address of the answer is the client's */
static bool leads_to(const struct dns_answer *answer, const struct ip_address *client)
{
    for (const struct dns_rr *rr = dns_answer_first(answer); rr != NULL;
         rr = dns_answer_next(answer, rr))
        if (rr->address != NULL && ip_equal(rr->address, client))
            return true;
    return false;
}

/* note_resolution - does the name have addresses, and is the client's among them */
static void note_resolution(struct arena *arena, const struct facts *facts,
                            struct moment *moment, const struct dns_name *name)
{
    const struct dns_answer *a = find(facts, name, DNS_A);
    const struct dns_answer *aaaa = find(facts, name, DNS_AAAA);
    const struct dns_answer *txt = find(facts, name, DNS_TXT);
    const struct ip_address *client = &facts->subject->ip;

    if (txt != NULL && txt->status == DNS_NXDOMAIN)
        moment_note(arena, moment, PAGE_BAD, "the name does not exist");
    else if (!is_known(a) || !is_known(aaaa))
        moment_note(arena, moment, PAGE_DOUBT, "whether the name resolves is not known");
    else if (a->status != DNS_OK && aaaa->status != DNS_OK)
        moment_note(arena, moment, PAGE_BAD, "the name has no address");
    else if (client->family == IP_NONE)
        moment_note(arena, moment, PAGE_GOOD, "the name resolves");
    else if (leads_to(a, client) || leads_to(aaaa, client))
        moment_note(arena, moment, PAGE_GOOD, "the name resolves to the client's address");
    else
        moment_note(arena, moment, PAGE_DOUBT, "the name resolves, but to other addresses");
}

void report_story_helo(struct arena *arena, const struct facts *facts, struct moment *moment)
{
    const char *helo = facts->subject->helo;
    struct err why = {0};
    const struct dns_name *name = NULL;

    if (helo == NULL) {
        moment_note(arena, moment, PAGE_DOUBT, "the name is not known: give it with --helo");
        return;
    }
    if (helo[0] == '[') {
        moment_note(arena, moment, PAGE_DOUBT, "an address literal: allowed (RFC 5321, 4.1.3), "
                                               "and refused by many");
        return;
    }
    name = dns_name_parse(arena, span_of(helo), &why);
    if (name == NULL)
        moment_note(arena, moment, PAGE_BAD,
                    arena_printf(arena, "no valid name: %s", why.text));
    else if (name->labels < 2)
        moment_note(arena, moment, PAGE_BAD, "not a full host name (RFC 5321, 2.3.5)");
    else
        note_resolution(arena, facts, moment, name);
    note_spf(arena, facts, moment, AUTH_SPF_HELO);
}

/* ---- paths ---- */

/* is_null_mx - exactly one MX, and it names the root (RFC 7505, 3) */
static bool is_null_mx(const struct dns_answer *mx)
{
    const struct dns_rr *rr = dns_answer_first(mx);

    return dns_answer_count(mx) == 1 && rr->target != NULL && rr->target->labels == 0;
}

/* mx_text - "mx1 (10), mx2 (20)" */
static const char *mx_text(struct arena *arena, const struct dns_answer *mx)
{
    struct sbuf text = sbuf_start(arena);

    for (const struct dns_rr *rr = dns_answer_first(mx); rr != NULL;
         rr = dns_answer_next(mx, rr))
        if (rr->target != NULL && text.len < LIMIT_SHOWN_BYTES)
            sbuf_addf(&text, "%s%s (%u)", text.len > 0 ? ", " : "", rr->target->text,
                      rr->preference);
    return sbuf_text(&text);
}

/* note_mx - where mail for the domain goes (RFC 5321, 5.1) */
static void note_mx(struct arena *arena, const struct facts *facts, struct moment *moment,
                    const struct dns_name *name)
{
    const struct dns_answer *mx = find(facts, name, DNS_MX);
    const struct dns_answer *a = find(facts, name, DNS_A);
    const struct dns_answer *aaaa = find(facts, name, DNS_AAAA);

    if (!is_known(mx))
        moment_note(arena, moment, PAGE_DOUBT,
                    arena_printf(arena, "the MX of %s is not known", name->text));
    else if (mx->status == DNS_OK && is_null_mx(mx))
        moment_note(arena, moment, PAGE_BAD,
                    arena_printf(arena, "%s has a null MX: it takes no mail (RFC 7505)",
                                 name->text));
    else if (mx->status == DNS_OK)
        moment_note(arena, moment, PAGE_GOOD,
                    arena_printf(arena, "MX of %s: %s", name->text, mx_text(arena, mx)));
    else if (mx->status == DNS_NXDOMAIN)
        moment_note(arena, moment, PAGE_BAD,
                    arena_printf(arena, "%s does not exist", name->text));
    else if (is_known(a) && is_known(aaaa) && a->status != DNS_OK && aaaa->status != DNS_OK)
        moment_note(arena, moment, PAGE_BAD,
                    arena_printf(arena, "%s has neither MX nor address: no mail can get there",
                                 name->text));
    else
        moment_note(arena, moment, PAGE_DOUBT,
                    arena_printf(arena, "%s has no MX; its address stands in (RFC 5321, 5.1)",
                                 name->text));
}

/* local_part - before the last "@" */
static struct span local_part(const char *path)
{
    struct span text = span_of(path);
    ptrdiff_t at = span_find_last(text, '@');

    return at < 0 ? text : span_sub(text, 0, (size_t)at);
}

/* lacks_quotes - it holds what only a quoted local part may (RFC 5321, 4.1.2) */
static bool lacks_quotes(struct span local)
{
    static const char special[] = "()<>[]:;@\\,\" ";
    bool is_quoted = local.len > 1 && local.at[0] == '"' && local.at[local.len - 1] == '"';

    if (is_quoted || local.len == 0)
        return false;
    for (size_t i = 0; i < local.len; i++)
        if (memchr(special, local.at[i], sizeof(special) - 1) != NULL ||
            (local.at[i] == '.' && (i == 0 || i + 1 == local.len || local.at[i - 1] == '.')))
            return true;
    return false;
}

/* note_quoting - a local part that servers read differently */
static void note_quoting(struct arena *arena, struct moment *moment, const char *path)
{
    if (lacks_quotes(local_part(path)))
        moment_note(arena, moment, PAGE_BAD,
                    "the local part needs quotes (RFC 5321, 4.1.2): it holds a special "
                    "character, or a dot at an end or beside another");
}

/* verp_recipient - "user@example.com" coded as "...user=example.com"; NULL: no such thing */
static const char *verp_recipient(struct arena *arena, const char *path)
{
    struct span local = local_part(path);
    ptrdiff_t equals = span_find_last(local, '=');
    struct span before = {0};
    struct span domain = {0};
    size_t start = 0;

    if (equals <= 0)
        return NULL;
    before = span_sub(local, 0, (size_t)equals);
    domain = span_from(local, (size_t)equals + 1);
    if (span_find(domain, '.') <= 0)
        return NULL;
    for (size_t i = 0; i < before.len; i++)
        if (before.at[i] == '+' || before.at[i] == '-')
            start = i + 1;
    return arena_printf(arena, "%.*s@%.*s", SPAN_ARG(span_from(before, start)),
                        SPAN_ARG(domain));
}

/* note_verp - is the recipient that the sender's path codes the one of this message */
static void note_verp(struct arena *arena, const struct subject *subject,
                      struct moment *moment)
{
    const char *coded = verp_recipient(arena, subject->mail_from);
    const char *shown = NULL;

    if (coded == NULL)
        return;
    shown = escape_to_text(arena, span_of(coded), LIMIT_SHOWN_BYTES);
    if (subject->rcpt == NULL)
        moment_note(arena, moment, PAGE_PLAIN,
                    arena_printf(arena, "VERP: a bounce names %s", shown));
    else if (span_equal_nocase(span_of(coded), subject->rcpt) ||
             span_ends_with_nocase(span_of(subject->rcpt), coded))
        moment_note(arena, moment, PAGE_GOOD, "VERP: a bounce names the recipient");
    else
        moment_note(arena, moment, PAGE_BAD,
                    arena_printf(arena, "VERP names %s, which is not the recipient: a bounce "
                                 "would be booked on another", shown));
}

void report_story_sender(struct arena *arena, const struct facts *facts,
                         struct moment *moment)
{
    const struct subject *subject = facts->subject;
    struct err unused = {0};
    const struct dns_name *name = NULL;

    if (subject->mail_from == NULL) {
        moment_note(arena, moment, PAGE_DOUBT,
                    "the sender is not known: give it with --mail-from");
        return;
    }
    moment_note(arena, moment, PAGE_PLAIN,
                arena_printf(arena, "from %s", subject->mail_from_origin != NULL
                                                   ? subject->mail_from_origin
                                                   : "--mail-from"));
    note_spf(arena, facts, moment, AUTH_SPF_MAILFROM);
    if (subject->mail_from[0] == '\0') {
        moment_note(arena, moment, PAGE_PLAIN,
                    "the null path: a bounce, which no bounce answers");
        return;
    }
    name = mail_path_domain(arena, subject->mail_from, &unused);
    if (name == NULL)
        moment_note(arena, moment, PAGE_BAD,
                    "the sender has no domain that bounces could go to");
    else
        note_mx(arena, facts, moment, name);
    note_quoting(arena, moment, subject->mail_from);
    note_verp(arena, subject, moment);
}

void report_story_recipient(struct arena *arena, const struct facts *facts,
                            struct moment *moment)
{
    const char *rcpt = facts->subject->rcpt;
    struct err unused = {0};
    const struct dns_name *name = NULL;

    if (rcpt == NULL) {
        moment_note(arena, moment, PAGE_DOUBT,
                    "the recipient is not known: give it with --rcpt");
        return;
    }
    name = mail_path_domain(arena, rcpt, &unused);
    if (name == NULL)
        moment_note(arena, moment, PAGE_BAD, "the recipient has no domain to send to");
    else
        note_mx(arena, facts, moment, name);
    note_quoting(arena, moment, rcpt);
    if (verp_recipient(arena, rcpt) != NULL)
        moment_note(arena, moment, PAGE_DOUBT,
                    "the recipient looks like a VERP bounce address: is it meant to get mail?");
}

/* ---- STARTTLS ---- */

/* note_sts_mode - what the policy says; where it was not fetched, what it may say */
static void note_sts_mode(struct arena *arena, struct moment *moment,
                          const struct domain_facts *recipient)
{
    static const char demand[] = "mail goes only over TLS 1.2 or newer, to a host the policy "
                                 "names, with a valid certificate (RFC 8461, 4)";
    const struct rec_mta_sts_policy *policy = recipient->mta_sts.policy;
    const char *name = recipient->name->text;

    if (policy == NULL || policy->is_fatal)
        moment_note(arena, moment, PAGE_DOUBT,
                    arena_printf(arena, "%s has MTA-STS: where its policy says enforce, %s",
                                 name, demand));
    else if (policy->mode == REC_STS_ENFORCE)
        moment_note(arena, moment, PAGE_GOOD,
                    arena_printf(arena, "%s enforces MTA-STS: %s", name, demand));
    else
        moment_note(arena, moment, PAGE_PLAIN,
                    arena_printf(arena, "the MTA-STS policy of %s says %s: it demands nothing",
                                 name, rec_mta_sts_mode_to_text(policy->mode)));
}

/* note_mta_sts - is there a policy that senders must fetch (RFC 8461) */
static void note_mta_sts(struct arena *arena, struct moment *moment,
                         const struct domain_facts *recipient)
{
    const struct text_facts *text = &recipient->mta_sts.text;
    const struct rec_mta_sts *record = recipient->mta_sts.record;

    if (!is_known(text->answer))
        moment_note(arena, moment, PAGE_DOUBT,
                    arena_printf(arena, "whether %s has MTA-STS is not known",
                                 recipient->name->text));
    else if (text->count == 0)
        moment_note(arena, moment, PAGE_PLAIN,
                    arena_printf(arena, "%s has no MTA-STS: it demands no TLS that way",
                                 recipient->name->text));
    else if (text->count > 1 || record == NULL || record->is_fatal)
        moment_note(arena, moment, PAGE_BAD,
                    arena_printf(arena, "the MTA-STS record of %s is unusable: senders take it "
                                 "for none (RFC 8461, 3.1)", recipient->name->text));
    else
        note_sts_mode(arena, moment, recipient);
}

/* note_dane - do TLSA records demand TLS at the host (RFC 7672, 2.2) */
static void note_dane(struct arena *arena, struct moment *moment, const struct mx_host *mx)
{
    switch (mx->dane) {
    case DANE_ABSENT:
        moment_note(arena, moment, PAGE_PLAIN,
                    arena_printf(arena, "%s has no TLSA record: DANE demands nothing",
                                 mx->host->text));
        break;
    case DANE_UNASKED:
    case DANE_UNVERIFIED:
        moment_note(arena, moment, PAGE_DOUBT,
                    arena_printf(arena, "what DANE demands of %s is not known: %s",
                                 mx->host->text, mx->dane_reason));
        break;
    case DANE_INSECURE:
        moment_note(arena, moment, PAGE_DOUBT,
                    arena_printf(arena, "%s has TLSA records that senders must ignore: %s",
                                 mx->host->text, mx->dane_reason));
        break;
    case DANE_SECURE:
        moment_note(arena, moment, PAGE_GOOD,
                    arena_printf(arena, "DANE: %s takes mail only over TLS, with a certificate "
                                 "that its TLSA records name (RFC 7672, 2.2)", mx->host->text));
        break;
    }
}

void report_story_starttls(struct arena *arena, const struct facts *facts,
                           struct moment *moment)
{
    const struct domain_facts *recipient = facts->recipient;

    if (recipient == NULL)
        moment_note(arena, moment, PAGE_DOUBT,
                    "what the recipient demands (MTA-STS, DANE) depends on its domain: give it "
                    "with --rcpt");
    else {
        note_mta_sts(arena, moment, recipient);
        for (const struct mx_host *mx = recipient->mx_hosts; mx != NULL; mx = mx->next)
            note_dane(arena, moment, mx);
    }
    moment_note(arena, moment, PAGE_FAINT,
                "whether it is offered is told by --live; where nothing demands it, mail "
                "travels in clear without it");
}
