/* What the recipient requires of the connection: MTA-STS and DANE. */
#include "model/https_fact.h"
#include "model/rec_mta_sts.h"
#include "model/rec_mta_sts_policy.h"
#include "session/session_part.h"

static const char sts_demand[] = "mail is sent only over TLS 1.2 or newer, to a host that the "
                                 "policy names, with a valid certificate (RFC 8461, 4)";

/* ---- MTA-STS ---- */

/* note_uncovered - mail hosts that the policy does not name get no mail (RFC 8461, 4.1) */
static void note_uncovered(struct arena *arena, struct session_step *step,
                           const struct domain_facts *recipient)
{
    const struct rec_mta_sts_policy *policy = recipient->mta_sts.policy;
    bool is_enforced = policy->mode == REC_STS_ENFORCE;

    for (const struct mx_host *mx = recipient->mx_hosts; mx != NULL; mx = mx->next)
        if (!rec_mta_sts_policy_covers(policy, mx->host))
            session_notef(arena, step, is_enforced ? SESSION_BAD : SESSION_DOUBT,
                          "%s is not listed in the policy: %s", mx->host->text,
                          is_enforced ? "no mail is sent there (RFC 8461, 4.1)"
                                      : "with enforce no mail would be sent there");
}

/* note_unfetched - a record without a policy that senders could use */
static void note_unfetched(struct arena *arena, struct session_step *step,
                           const struct domain_facts *recipient)
{
    const struct https_fact *fetched = recipient->mta_sts.fetched;
    const char *name = recipient->name->text;

    if (recipient->mta_sts.policy != NULL)
        session_notef(arena, step, SESSION_BAD,
                      "the MTA-STS policy of %s is invalid: senders ignore it", name);
    else if (fetched == NULL || fetched->status <= HTTPS_UNKNOWN)
        session_notef(arena, step, SESSION_DOUBT,
                      "%s has MTA-STS: if its policy is enforce, %s", name, sts_demand);
    else
        session_notef(arena, step, SESSION_DOUBT,
                      "the MTA-STS policy of %s could not be fetched (%s): a "
                      "sender without a cached copy continues without it "
                      "(RFC 8461, 3.3)",
                      name, https_status_to_text(fetched->status));
}

/* note_sts_mode - of the policy, if it was fetched */
static void note_sts_mode(struct arena *arena, struct session_step *step,
                          const struct domain_facts *recipient)
{
    const struct rec_mta_sts_policy *policy = recipient->mta_sts.policy;
    const char *name = recipient->name->text;

    if (policy == NULL || policy->is_fatal) {
        note_unfetched(arena, step, recipient);
        return;
    }
    switch (policy->mode) {
    case REC_STS_ENFORCE:
        session_notef(arena, step, SESSION_GOOD, "%s enforces MTA-STS: %s", name, sts_demand);
        break;
    case REC_STS_TESTING:
        session_notef(arena, step, SESSION_PLAIN,
                      "the MTA-STS policy of %s is testing: it requires "
                      "nothing, failures are only reported (RFC 8461, 5)",
                      name);
        break;
    case REC_STS_NONE:
    case REC_STS_UNSAID:
        session_notef(arena, step, SESSION_PLAIN,
                      "the MTA-STS policy of %s is none: it requires nothing", name);
        return;
    }
    note_uncovered(arena, step, recipient);
}

/* note_mta_sts - the record (RFC 8461, 3.1) */
static void note_mta_sts(struct arena *arena, struct session_step *step,
                         const struct domain_facts *recipient)
{
    const struct text_facts *text = &recipient->mta_sts.text;
    const struct rec_mta_sts *record = recipient->mta_sts.record;

    if (!session_is_known(text->answer))
        session_notef(arena, step, SESSION_DOUBT, "whether %s has MTA-STS is not known",
                      recipient->name->text);
    else if (text->count == 0)
        session_notef(arena, step, SESSION_PLAIN, "%s has no MTA-STS, which could require TLS",
                      recipient->name->text);
    else if (text->count > 1 || record == NULL || record->is_fatal)
        session_notef(arena, step, SESSION_BAD,
                      "the MTA-STS record of %s is invalid: senders ignore it "
                      "(RFC 8461, 3.1)",
                      recipient->name->text);
    else
        note_sts_mode(arena, step, recipient);
}

/* ---- DANE ---- */

/* note_secure - a set without a usable record still requires TLS */
static void note_secure(struct arena *arena, struct session_step *step,
                        const struct mx_host *mx)
{
    bool is_usable = false;

    for (const struct tlsa_facts *one = mx->tlsa_records; one != NULL; one = one->next)
        is_usable = is_usable || one->record->is_usable;
    if (is_usable)
        session_notef(arena, step, SESSION_GOOD,
                      "DANE: mail is sent to %s only over TLS, with a certificate "
                      "that matches its TLSA records; otherwise the client "
                      "keeps the mail and tries again (RFC 7672, 2.2)",
                      mx->host->text);
    else
        session_notef(arena, step, SESSION_BAD,
                      "DANE: no TLSA record of %s is usable for mail: TLS is "
                      "required, but certificates are not checked (RFC 7672, 2.2)",
                      mx->host->text);
}

/* note_dane - whether TLSA records require TLS (RFC 7672, 2.2) */
static void note_dane(struct arena *arena, struct session_step *step, const struct mx_host *mx)
{
    switch (mx->dane) {
    case DANE_ABSENT:
        session_notef(arena, step, SESSION_PLAIN,
                      "%s has no TLSA record, which could require TLS (DANE)", mx->host->text);
        break;
    case DANE_UNASKED:
    case DANE_UNVERIFIED:
        session_notef(arena, step, SESSION_DOUBT, "what DANE requires for %s is not known: %s",
                      mx->host->text, mx->dane_reason);
        break;
    case DANE_INSECURE:
        session_notef(arena, step, SESSION_DOUBT,
                      "%s has TLSA records that senders must ignore: %s", mx->host->text,
                      mx->dane_reason);
        break;
    case DANE_SECURE:
        note_secure(arena, step, mx);
        break;
    }
}

void session_note_starttls(struct arena *arena, const struct session_setting *setting,
                           struct session_step *step)
{
    const struct domain_facts *recipient = setting->report->facts->recipient;

    if (recipient == NULL)
        session_note(
            arena, step, SESSION_DOUBT,
            "what MTA-STS and DANE require depends on the recipient's domain: give it with "
            "--rcpt");
    else {
        note_mta_sts(arena, step, recipient);
        for (const struct mx_host *mx = recipient->mx_hosts; mx != NULL; mx = mx->next)
            note_dane(arena, step, mx);
    }
    session_note(arena, step, SESSION_FAINT,
                 "--live shows whether it is offered and with which certificate; unless "
                 "something requires TLS, mail is sent in clear text without it");
}
