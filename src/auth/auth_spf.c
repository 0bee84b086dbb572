/*
 * From an identity to a verdict: who is the sender, what does check_host()
 * say (auth_spf_eval.c), and how is that explained.
 */
#include <string.h>

#include "auth/auth_spf_private.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/sbuf.h"

#define POSTMASTER "postmaster" /* RFC 7208, 4.3: where there is no local-part */

/* end_with_none - no evaluation takes place: none, and why */
static void end_with_none(struct auth_spf_eval *eval, const char *reason)
{
    eval->verdict->result = SPF_NONE;
    eval->verdict->reason = reason;
}

/* split_sender - local-part and domain of the identity; false if there is none */
static bool split_sender(struct auth_spf_eval *eval, struct span *domain_out)
{
    const struct auth_spf_input *input = eval->input;
    struct span path = span_of(input->mail_from);
    ptrdiff_t at = span_find_last(path, '@');

    eval->local = span_of(POSTMASTER);
    if (input->identity == AUTH_SPF_HELO || (input->mail_from != NULL && path.len == 0)) {
        *domain_out = span_of(input->helo); /* RFC 7208, 2.4: the null reverse-path */
        return input->helo != NULL;
    }
    *domain_out = span_from(path, (size_t)(at + 1));
    if (at > 0)
        eval->local = span_sub(path, 0, (size_t)at);
    return input->mail_from != NULL;
}

/* spf_is_ascii - no octet above 0x7f */
static bool spf_is_ascii(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] >= 0x80)
            return false;
    return true;
}

/* parse_domain - <domain> of the identity as a name; NULL when check_host() says none */
static const struct dns_name *parse_domain(struct auth_spf_eval *eval, struct span domain)
{
    struct err why;
    const struct dns_name *name = NULL;
    const char *shown = NULL;

    if (domain.len == 0 || domain.at[0] != '[')
        name = dns_name_parse(eval->arena, domain, &why);
    if (name != NULL) {
        eval->verdict->domain = name->text;
        return name;
    }
    shown = escape_to_text(eval->arena, domain, LIMIT_SHOWN_BYTES);
    eval->verdict->domain = shown;
    if (domain.len == 0)
        end_with_none(eval, "the identity has no domain");
    else if (domain.at[0] == '[')
        end_with_none(eval, arena_printf(eval->arena, "%s is an address, not a domain", shown));
    else
        end_with_none(eval, arena_strdup(eval->arena, why.text));
    return NULL;
}

/* set_sender - the values of %{s}, %{o} and %{h} (RFC 7208, 7.2) */
static void set_sender(struct auth_spf_eval *eval, struct span domain,
                       const struct dns_name *name)
{
    struct span helo = span_of(eval->input->helo);
    struct sbuf sender = sbuf_start(eval->arena);

    if (domain.len > 0 && domain.at[domain.len - 1] == '.')
        domain.len--;
    eval->sender_domain = spf_is_ascii(domain) ? domain : span_make(name->text, name->len);
    sbuf_add_span(&sender, eval->local);
    sbuf_add_octet(&sender, '@');
    sbuf_add_span(&sender, eval->sender_domain);
    eval->sender = sbuf_span(&sender);
    eval->helo =
        helo.len == 0 || helo.len > LIMIT_SPF_IDENTITY_BYTES ? span_of("unknown") : helo;
}

/* first_frame - check_host() for the identity itself; NULL: the verdict is none already */
static struct auth_spf_frame *first_frame(struct auth_spf_eval *eval)
{
    struct auth_spf_frame *frame = arena_new_of(eval->arena, struct auth_spf_frame);
    struct span domain = {NULL, 0};

    if (!split_sender(eval, &domain)) {
        end_with_none(eval, eval->input->identity == AUTH_SPF_HELO || eval->input->mail_from
                                ? "the HELO name is not known"
                                : "the MAIL FROM address is not known");
        return NULL;
    }
    frame->name = parse_domain(eval, domain);
    if (frame->name == NULL)
        return NULL;
    if (eval->local.len > LIMIT_SPF_IDENTITY_BYTES) {
        end_with_none(eval, "the local-part is longer than any server accepts");
        return NULL;
    }
    if (eval->input->client.family == IP_NONE) {
        end_with_none(eval, "the address of the client is not known");
        return NULL;
    }
    set_sender(eval, domain, frame->name);
    frame->domain = eval->sender_domain;
    return frame;
}

/* spf_explain - the text that exp= of the deciding record points to (RFC 7208, 6.2) */
static const char *spf_explain(struct auth_spf_eval *eval)
{
    const struct auth_spf_frame *frame = eval->decided_in;
    const struct dns_answer *answer = NULL;
    struct auth_spf_target target;

    if (frame->record->exp == NULL)
        return NULL;
    eval->is_explaining = true;
    target = auth_spf_target_of(eval, frame, frame->record->exp);
    if (target.name == NULL)
        return NULL;
    answer = ledger_ask(eval->ledger, target.name, DNS_TXT);
    if (answer->status == DNS_PENDING)
        auth_spf_stop_pending(eval);
    if (answer->status != DNS_OK || dns_answer_count(answer) != 1)
        return NULL;
    return auth_spf_expand_text(eval, frame, dns_answer_first(answer)->joined);
}

/* explain_path - the domains from the identity down to the deciding record */
static void explain_path(struct auth_spf_eval *eval)
{
    size_t len = 0;
    const char **path = NULL;

    for (const struct auth_spf_frame *frame = eval->decided_in; frame != NULL;
         frame = frame->above)
        len++;
    path = arena_array_of(eval->arena, const char *, len);
    eval->verdict->path = path;
    eval->verdict->path_len = len;
    for (const struct auth_spf_frame *frame = eval->decided_in; frame != NULL;
         frame = frame->above)
        path[--len] = frame->name->text;
}

/* explain_match - the sentence for a result that a term, or the lack of one, gave */
static const char *explain_match(struct auth_spf_eval *eval)
{
    const char *client = ip_to_text(eval->arena, &eval->input->client);
    const char *domain = eval->decided_in->name->text;
    const struct rec_spf_term *term = eval->decided_by;

    if (term == NULL)
        return arena_printf(eval->arena, "no term in the record of %s matches %s", domain,
                            client);
    if (term->kind == REC_SPF_ALL)
        return arena_printf(eval->arena, "%s in the record of %s: no term before it matches %s",
                            eval->verdict->term, domain, client);
    return arena_printf(eval->arena, "%s in the record of %s matches %s", eval->verdict->term,
                        domain, client);
}

/* spf_fill_verdict - fill the verdict from what decided */
static void spf_fill_verdict(struct auth_spf_eval *eval, enum spf_result result)
{
    struct auth_spf_verdict *verdict = eval->verdict;

    verdict->result = result;
    if (result == SPF_NONE || eval->decided_in == NULL)
        return;
    if (eval->decided_in->record != NULL)
        verdict->record_domain = eval->decided_in->name->text;
    if (eval->decided_by != NULL) {
        verdict->term = auth_spf_term_shown(eval->arena, eval->decided_by);
        verdict->term_at = eval->decided_by->at;
    }
    explain_path(eval);
    if (result != SPF_TEMPERROR && result != SPF_PERMERROR)
        verdict->reason = explain_match(eval);
}

/* spf_evaluate - check_host(), the explanation, and querying ahead when something is missing */
static void spf_evaluate(struct auth_spf_eval *eval, struct auth_spf_frame *first)
{
    enum spf_result result = auth_spf_check_host(eval, first);

    if (result == SPF_FAIL && !eval->is_stopped)
        eval->verdict->explanation = spf_explain(eval);
    eval->verdict->is_pending = eval->is_pending;
    if (eval->is_pending)
        auth_spf_ask_ahead(eval, first);
    else
        spf_fill_verdict(eval, eval->is_stopped ? eval->stopped_with : result);
}

/* spf_keep - move what the verdict says into the caller's arena, out of the working one */
static void spf_keep(struct auth_spf_verdict *verdict, struct arena *arena)
{
    const char **path = arena_array_of(arena, const char *, verdict->path_len);

    for (size_t i = 0; i < verdict->path_len; i++)
        path[i] = arena_strdup(arena, verdict->path[i]);
    verdict->path = path;
    verdict->domain = arena_strdup(arena, verdict->domain);
    verdict->explanation = arena_strdup(arena, verdict->explanation);
    verdict->term = arena_strdup(arena, verdict->term);
    verdict->record_domain = arena_strdup(arena, verdict->record_domain);
    verdict->shortened = arena_strdup(arena, verdict->shortened);
    verdict->reason = arena_strdup(arena, verdict->reason);
}

const struct auth_spf_verdict *auth_spf_check(struct arena *arena, struct ledger *ledger,
                                              const struct auth_spf_input *input)
{
    struct auth_spf_verdict *verdict = arena_new_of(arena, struct auth_spf_verdict);
    struct arena *work = arena_open(); /* nothing of an unfinished pass is kept */
    struct auth_spf_eval eval = {
        .arena = work, .ledger = ledger, .input = input, .verdict = verdict};
    struct auth_spf_frame *first = NULL;

    verdict->identity = input->identity;
    verdict->domain = "";
    verdict->reason = "";
    verdict->trouble = DNS_OK;
    first = first_frame(&eval);
    if (first != NULL)
        spf_evaluate(&eval, first);
    spf_keep(verdict, arena);
    arena_close(work);
    return verdict;
}
