/*
 * The rows of the dialogue in the order of the story, each with a function that notes what the
 * server looks at.
 */
#include "report/report_story.h"

#include "base/escape.h"
#include "base/limits.h"

typedef void note_fn(struct arena *arena, const struct facts *facts, struct moment *moment);

/* note_plain - nothing beyond what the row says */
static void note_plain(struct arena *arena, const struct facts *facts, struct moment *moment)
{
    (void)arena;
    (void)facts;
    (void)moment;
}

/* note_auth - between servers there is none */
static void note_auth(struct arena *arena, const struct facts *facts, struct moment *moment)
{
    (void)facts;
    moment_note(arena, moment, PAGE_FAINT,
                "not on port 25: servers are judged by address and signatures");
}

/* ---- the message ---- */

/* note_count - a header field that must stand once */
static void note_count(struct arena *arena, const struct facts *facts, struct moment *moment,
                       const char *name)
{
    size_t count = mail_header_count(facts->message.message, name);

    if (count != 1)
        moment_note(arena, moment, PAGE_BAD,
                    count == 0 ? arena_printf(arena, "there is no %s field", name)
                               : arena_printf(arena, "there are %zu %s fields", count, name));
}

/* note_header - what RFC 5322, 3.6 demands, and the author */
static void note_header(struct arena *arena, const struct facts *facts, struct moment *moment)
{
    const struct message_facts *message = &facts->message;

    if (message->message == NULL) {
        moment_note(arena, moment, PAGE_DOUBT, "no message was given");
        return;
    }
    note_count(arena, facts, moment, "From");
    note_count(arena, facts, moment, "Date");
    note_count(arena, facts, moment, "Message-ID");
    for (const struct fault *fault = message->message->faults; fault != NULL;
         fault = fault->next)
        moment_note(arena, moment, PAGE_DOUBT, fault->text);
    if (message->author != NULL)
        moment_note(arena, moment, PAGE_PLAIN,
                    arena_printf(arena, "From %s, %zu octets", message->author->text,
                                 message->message->size));
    else
        moment_note(arena, moment, PAGE_BAD, message->author_fault);
}

/* note_dkim - each signature */
static void note_dkim(struct arena *arena, const struct facts *facts, struct moment *moment)
{
    const struct message_facts *message = &facts->message;

    for (size_t i = 0; i < message->dkim_count; i++) {
        const struct auth_dkim_verdict *verdict = &message->dkim[i];
        const struct dns_name *domain = verdict->signature->parsed.domain;
        bool passes = verdict->result == DKIM_PASS;

        moment_note(arena, moment, passes ? PAGE_GOOD : PAGE_BAD,
                    arena_printf(arena, "DKIM %s by %s: %s",
                                 dkim_result_to_text(verdict->result),
                                 domain != NULL ? domain->text : "no usable domain",
                                 verdict->reason));
    }
    if (message->dkim_count == 0)
        moment_note(arena, moment, PAGE_DOUBT, "DKIM none: the message is not signed");
}

/* note_arc - only where there is a chain */
static void note_arc(struct arena *arena, const struct facts *facts, struct moment *moment)
{
    const struct auth_arc_verdict *arc = facts->message.arc;

    if (arc == NULL || arc->count == 0)
        return;
    moment_note(arena, moment, PAGE_PLAIN,
                arena_printf(arena, "ARC %s: %s",
                             arc->is_undetermined ? "undetermined"
                                                  : arc_result_to_text(arc->result),
                             arc->reason));
}

/* note_content - everything that is judged of the message */
static void note_content(struct arena *arena, const struct facts *facts, struct moment *moment)
{
    const struct auth_dmarc_verdict *dmarc = facts->message.dmarc;

    note_header(arena, facts, moment);
    if (facts->message.message == NULL)
        return;
    note_dkim(arena, facts, moment);
    note_arc(arena, facts, moment);
    if (dmarc != NULL)
        moment_note(arena, moment, dmarc->result == DMARC_PASS ? PAGE_GOOD : PAGE_BAD,
                    arena_printf(arena, "DMARC %s: %s", dmarc_result_to_text(dmarc->result),
                                 dmarc->reason));
}

/* wishes - what the policy of the author domain asks for when DMARC fails; NULL: nothing */
static const char *wishes(const struct auth_dmarc_verdict *dmarc)
{
    if (dmarc->result != DMARC_FAIL || dmarc->policy == NULL || dmarc->policy->step == NULL)
        return NULL;
    return rec_dmarc_policy_to_text(dmarc->policy->policy);
}

/* is_refused - the policy says reject, and DMARC fails */
static bool is_refused(const struct facts *facts)
{
    const struct auth_dmarc_verdict *dmarc = facts->message.dmarc;
    const char *wish = dmarc != NULL ? wishes(dmarc) : NULL;

    return wish != NULL && strcmp(wish, "reject") == 0;
}

/* note_decision - what a receiver that follows the author domain does */
static void note_decision(struct arena *arena, const struct facts *facts,
                          struct moment *moment)
{
    const struct auth_dmarc_verdict *dmarc = facts->message.dmarc;
    const char *wish = dmarc != NULL ? wishes(dmarc) : NULL;

    if (dmarc == NULL)
        moment_note(arena, moment, PAGE_DOUBT, "no message, no decision");
    else if (wish != NULL && strcmp(wish, "none") == 0)
        moment_note(arena, moment, PAGE_DOUBT,
                    "DMARC fails, and the author domain asks for nothing: the receiver's own "
                    "rules decide");
    else if (wish != NULL)
        moment_note(arena, moment, PAGE_BAD,
                    arena_printf(arena, "DMARC fails; the author domain asks for %s", wish));
    else if (dmarc->result == DMARC_PASS)
        moment_note(arena, moment, PAGE_GOOD,
                    "authenticated: reputation and content decide from here on");
    else
        moment_note(arena, moment, PAGE_DOUBT,
                    arena_printf(arena, "DMARC %s: the receiver's own rules decide",
                                 dmarc_result_to_text(dmarc->result)));
}

/* ---- the order ---- */

static const struct {
    enum smtp_state state;
    note_fn *note;
} story[] = {
    {SMTP_STATE_CONNECT, report_story_connect}, {SMTP_STATE_GREETING, note_plain},
    {SMTP_STATE_EHLO, report_story_helo},       {SMTP_STATE_STARTTLS, report_story_starttls},
    {SMTP_STATE_AUTH, note_auth},               {SMTP_STATE_MAIL, report_story_sender},
    {SMTP_STATE_RCPT, report_story_recipient},  {SMTP_STATE_DATA, note_plain},
    {SMTP_STATE_CONTENT, note_content},         {SMTP_STATE_DOT, note_decision},
    {SMTP_STATE_RSET, note_plain},              {SMTP_STATE_NOOP, note_plain},
    {SMTP_STATE_QUIT, note_plain},
};

/* client_line - as the client would send it; NULL: it says nothing */
static const char *client_line(struct arena *arena, const struct facts *facts,
                               enum smtp_state state)
{
    const struct subject *subject = facts->subject;
    const struct smtp_dialogue *row = smtp_dialogue_get(state);
    const struct smtp_dialogue_words words = {
        .name = subject->helo != NULL ? subject->helo : "(not known)",
        .mechanism = "PLAIN (secret)",
        .sender = subject->mail_from != NULL ? subject->mail_from : "(not known)",
        .recipient = subject->rcpt != NULL ? subject->rcpt : "(not known)",
    };
    const char *line = smtp_dialogue_line(arena, row, &words);

    if (line[0] == '\0' || state == SMTP_STATE_AUTH)
        return NULL;
    if (state == SMTP_STATE_MAIL && facts->message.message != NULL)
        line = arena_printf(arena, "%s SIZE=%zu", line, facts->message.message->size);
    return escape_to_text(arena, span_of(line), LIMIT_SHOWN_BYTES);
}

/* server_line - the first reply that the row accepts; NULL: none is due */
static const char *server_line(struct arena *arena, const struct facts *facts,
                               enum smtp_state state)
{
    struct span rest = span_of(smtp_dialogue_get(state)->accepts);
    struct span code = span_cut(&rest, ' ');

    if (code.len == 0 || state == SMTP_STATE_AUTH)
        return NULL;
    if (state == SMTP_STATE_DOT && is_refused(facts))
        return "550 5.7.1 (where the policy is followed)";
    return arena_printf(arena, "%.*s", SPAN_ARG(code));
}

struct moment *report_story(struct arena *arena, const struct report *report)
{
    const struct facts *facts = report->facts;
    struct moment *first = NULL;
    struct moment **tail = &first;

    for (size_t i = 0; i < sizeof(story) / sizeof(story[0]); i++) {
        const struct smtp_dialogue *row = smtp_dialogue_get(story[i].state);
        struct moment *moment = arena_new_of(arena, struct moment);

        moment->step = row->step;
        moment->is_predicted = true;
        moment->client = client_line(arena, facts, story[i].state);
        moment->server = server_line(arena, facts, story[i].state);
        moment_note(arena, moment, PAGE_FAINT,
                    arena_printf(arena, "%s (%s)", row->happens, row->standard));
        story[i].note(arena, facts, moment);
        report_story_replies(arena, report, story[i].state, moment);
        *tail = moment;
        tail = &moment->next;
    }
    return first;
}

void render_story_text(const struct report *report, const struct report_options *options,
                       struct sbuf *out)
{
    struct page page = page_open(options, out);
    const struct subject *subject = report->facts->subject;

    page_title(&page, subject->domain != NULL
                          ? arena_printf(page.arena, "The SMTP session of %s, as it would go",
                                         subject->domain->text)
                          : "The SMTP session, as it would go");
    render_moments(&page, report_story(page.arena, report));
}
