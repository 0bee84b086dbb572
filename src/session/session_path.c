/* The paths of MAIL FROM and RCPT TO, where mail to them goes, and SIZE. */
#include <inttypes.h>
#include <string.h>

#include "base/err.h"
#include "base/escape.h"
#include "base/limits.h"
#include "mail/mail_address.h"
#include "session/session_part.h"
#include "base/sbuf.h"
#include "base/span.h"

#define LOCAL_PART_MOST 64    /* RFC 5321, 4.5.3.1.1 */
#define SIZE_LEAST      65536 /* RFC 5321, 4.5.3.1.7: every server takes as much */

/* ---- where mail goes ---- */

/* what a domain that cannot receive mail means for a path */
struct role {
    const char *null_mx;
    const char *missing;
    const char *unreachable;
};

/* a path, and what it is for */
struct path {
    const struct facts *facts;
    const char *text;
    const struct role *role;
};

static const struct role sender_role = {
    .null_mx = "it accepts no bounces, and servers may reply 550 5.7.27 (RFC 7505, 4.2)",
    .missing = "bounces cannot be delivered, and servers reply 550 5.1.8 or 450 4.1.8 "
               "(RFC 3463, 3.2)",
    .unreachable = "no mail can be delivered there, not even a bounce (5.1.8: RFC 3463, 3.2)",
};

static const struct role recipient_role = {
    .null_mx = "it accepts no mail, and the client gives up with 556 5.1.10 (RFC 7505, 4.1)",
    .missing = "it has no host to connect to, and the client gives up with 5.1.2 (RFC 3463, "
               "3.2)",
    .unreachable = "no mail can be delivered there (5.1.2: RFC 3463, 3.2)",
};

/* session_path_is_null_mx - exactly one MX, and it names the root (RFC 7505, 3) */
static bool session_path_is_null_mx(const struct dns_answer *mx)
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

/* mx_has_address - A or AAAA; true also where that is not known */
static bool mx_has_address(const struct dns_answer *a, const struct dns_answer *aaaa)
{
    return !session_is_known(a) || !session_is_known(aaaa) || a->status == DNS_OK ||
           aaaa->status == DNS_OK;
}

/* session_path_note_mx - where mail for the domain goes (RFC 5321, 5.1) */
static void session_path_note_mx(struct arena *arena, struct session_step *step,
                                 const struct path *path, const struct dns_name *name)
{
    const struct facts *facts = path->facts;
    const struct role *role = path->role;
    const struct dns_answer *mx = session_find(facts, name, DNS_MX);

    if (!session_is_known(mx) && role == &recipient_role && facts->subject->is_rcpt_traced)
        return; /* queried for evidence only */
    if (!session_is_known(mx))
        session_notef(arena, step, SESSION_DOUBT, "the MX of %s is not known", name->text);
    else if (mx->status == DNS_OK && session_path_is_null_mx(mx))
        session_notef(arena, step, SESSION_BAD, "%s has a null MX: %s", name->text,
                      role->null_mx);
    else if (mx->status == DNS_OK)
        session_notef(arena, step, SESSION_GOOD, "MX of %s: %s", name->text,
                      mx_text(arena, mx));
    else if (mx->status == DNS_NXDOMAIN)
        session_notef(arena, step, SESSION_BAD, "%s does not exist: %s", name->text,
                      role->missing);
    else if (!mx_has_address(session_find(facts, name, DNS_A),
                             session_find(facts, name, DNS_AAAA)))
        session_notef(arena, step, SESSION_BAD, "%s has neither MX nor address: %s", name->text,
                      role->unreachable);
    else
        session_notef(arena, step, SESSION_DOUBT,
                      "%s has no MX: its address is used instead (RFC 5321, 5.1)", name->text);
}

/* note_hosts - mail hosts without an address */
static void note_hosts(struct arena *arena, struct session_step *step,
                       const struct domain_facts *recipient)
{
    for (const struct mx_host *mx = recipient->mx_hosts; mx != NULL; mx = mx->next)
        if (mx->host->labels > 0 && !mx_has_address(mx->a, mx->aaaa))
            session_notef(arena, step, SESSION_BAD,
                          "%s has no address: it cannot be connected to", mx->host->text);
}

/* note_domain - what follows the "@" */
static void note_domain(struct arena *arena, struct session_step *step, const struct path *path)
{
    struct err unused = {0};
    const struct dns_name *name = mail_path_domain(arena, path->text, &unused);
    struct span text = span_of(path->text);

    if (name != NULL)
        session_path_note_mx(arena, step, path, name);
    else if (span_equal_nocase(text, "postmaster"))
        session_note(arena, step, SESSION_PLAIN,
                     "the server's own postmaster, who needs no domain (RFC 5321, 4.5.1)");
    else if (text.len > 0 && text.at[text.len - 1] == ']')
        session_note(arena, step, SESSION_DOUBT,
                     "an address literal in place of a domain: allowed (RFC 5321, 4.1.3), but "
                     "refused by many");
    else
        session_note(arena, step, SESSION_BAD,
                     path->role == &sender_role
                         ? "the sender has no domain to which bounces could be sent"
                         : "the recipient has no domain to send to");
}

/* ---- the local part ---- */

/* local_part - before the last "@" */
static struct span local_part(const char *path)
{
    struct span text = span_of(path);
    ptrdiff_t at = span_find_last(text, '@');

    return at < 0 ? text : span_sub(text, 0, (size_t)at);
}

/* lacks_quotes - it has characters that need a quoted local part (RFC 5321, 4.1.2) */
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

/* session_path_is_ascii - no octet above 127 */
static bool session_path_is_ascii(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] > 0x7f)
            return false;
    return true;
}

/* note_local_part - what servers read differently, or refuse */
static void note_local_part(struct arena *arena, struct session_step *step, const char *path)
{
    struct span local = local_part(path);

    if (lacks_quotes(local))
        session_note(arena, step, SESSION_BAD,
                     "the local part needs quotes (RFC 5321, 4.1.2): it has a special "
                     "character, a dot at an end, or two dots in a row; servers reply 553 "
                     "5.1.3 or 501");
    else if (span_find(local, '%') >= 0 || span_find(local, '!') >= 0)
        session_note(arena, step, SESSION_DOUBT,
                     "% or ! in the local part: old servers read a route to another host, and "
                     "many refuse it as an attempt to relay (550 5.7.1)");
    if (local.len > LOCAL_PART_MOST)
        session_notef(arena, step, SESSION_BAD,
                      "the local part has %zu octets: servers need not accept "
                      "more than %d (RFC 5321, 4.5.3.1.1)",
                      local.len, LOCAL_PART_MOST);
    if (!session_path_is_ascii(span_of(path)))
        session_note(arena, step, SESSION_DOUBT,
                     "not ASCII: only servers that offer SMTPUTF8 accept it (RFC 6531, 3.1)");
}

/* ---- VERP ---- */

/* verp_recipient - "user@example.com" from "...user=example.com"; NULL: not VERP */
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

/* note_verp - whether the sender's path names the recipient of this message */
static void note_verp(struct arena *arena, const struct subject *subject,
                      struct session_step *step)
{
    const char *coded = verp_recipient(arena, subject->mail_from);
    const char *shown = NULL;

    if (coded == NULL)
        return;
    shown = escape_to_text(arena, span_of(coded), LIMIT_SHOWN_BYTES);
    if (subject->rcpt == NULL)
        session_notef(arena, step, SESSION_PLAIN, "VERP: a bounce names %s", shown);
    else if (span_equal_nocase(span_of(coded), subject->rcpt) ||
             span_ends_with_nocase(span_of(subject->rcpt), coded))
        session_note(arena, step, SESSION_GOOD, "VERP: a bounce names the recipient");
    else
        session_notef(arena, step, SESSION_BAD,
                      "VERP names %s, which is not the recipient: a bounce "
                      "would count for the wrong address",
                      shown);
}

/* note_verp_recipient - bounces go to such an address, other mail seldom does */
static void note_verp_recipient(struct arena *arena, const struct subject *subject,
                                struct session_step *step)
{
    const char *coded = verp_recipient(arena, subject->rcpt);

    if (coded == NULL)
        return;
    if (subject->mail_from != NULL && subject->mail_from[0] == '\0')
        session_notef(arena, step, SESSION_GOOD, "a bounce to a VERP address: it names %s",
                      escape_to_text(arena, span_of(coded), LIMIT_SHOWN_BYTES));
    else
        session_note(arena, step, SESSION_DOUBT,
                     "the recipient looks like a VERP bounce address: should it receive mail?");
}

/* ---- SIZE ---- */

bool session_is_too_large(const struct session_setting *setting)
{
    return setting->size_limit > 0 &&
           setting->report->facts->message.wire_size > setting->size_limit;
}

void session_note_size(struct arena *arena, const struct session_setting *setting,
                       struct session_step *step)
{
    uint64_t size = setting->report->facts->message.wire_size;

    if (setting->report->facts->message.message == NULL)
        return;
    if (setting->size_limit > 0)
        session_notef(arena, step, session_is_too_large(setting) ? SESSION_BAD : SESSION_GOOD,
                      "SIZE: %" PRIu64 " octets, the server accepts %" PRIu64
                      " (RFC 1870, 6.1)",
                      size, setting->size_limit);
    else if (size <= SIZE_LEAST)
        session_notef(arena, step, SESSION_GOOD,
                      "SIZE: %" PRIu64 " octets are within the 64K that "
                      "every server accepts (RFC 5321, 4.5.3.1.7)",
                      size);
    else
        session_notef(arena, step, SESSION_DOUBT,
                      "SIZE: %" PRIu64 " octets are more than the 64K that "
                      "every server accepts (RFC 5321, 4.5.3.1.7): one with a "
                      "lower limit replies 552 5.3.4 here (RFC 1870, 6.1); give "
                      "its limit with --size-limit",
                      size);
}

/* ---- the steps ---- */

bool session_note_origin(struct arena *arena, const struct subject *subject,
                         struct session_step *step)
{
    if (subject->mail_from == NULL) {
        session_note(arena, step, SESSION_DOUBT,
                     "the sender is not known: give it with --mail-from");
        return false;
    }
    session_notef(arena, step, SESSION_PLAIN, "from %s",
                  subject->mail_from_origin != NULL ? subject->mail_from_origin
                                                    : "--mail-from");
    return true;
}

void session_note_return(struct arena *arena, const struct facts *facts,
                         struct session_step *step)
{
    const char *path = facts->subject->mail_from;
    const struct path whole = {facts, path, &sender_role};

    if (path[0] == '\0') {
        session_note(arena, step, SESSION_PLAIN,
                     "the null reverse-path: this is a bounce, which is never bounced itself");
        return;
    }
    note_domain(arena, step, &whole);
    note_local_part(arena, step, path);
    note_verp(arena, facts->subject, step);
}

void session_note_sender(struct arena *arena, const struct session_setting *setting,
                         struct session_step *step)
{
    const struct facts *facts = setting->report->facts;

    if (session_note_origin(arena, facts->subject, step)) {
        session_note_spf(arena, facts, step, AUTH_SPF_MAILFROM);
        session_note_return(arena, facts, step);
    }
    session_note_size(arena, setting, step);
}

void session_note_recipient(struct arena *arena, const struct session_setting *setting,
                            struct session_step *step)
{
    const struct facts *facts = setting->report->facts;
    const char *rcpt = facts->subject->rcpt;
    const struct path whole = {facts, rcpt, &recipient_role};

    if (rcpt == NULL) {
        session_note(arena, step, SESSION_DOUBT,
                     "the recipient is not known: give it with --rcpt");
        return;
    }
    session_notef(arena, step, SESSION_PLAIN, "from %s",
                  facts->subject->rcpt_origin != NULL ? facts->subject->rcpt_origin : "--rcpt");
    note_domain(arena, step, &whole);
    if (facts->recipient != NULL)
        note_hosts(arena, step, facts->recipient);
    note_local_part(arena, step, rcpt);
    note_verp_recipient(arena, facts->subject, step);
}
