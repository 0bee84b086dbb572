/*
 * Outcomes of receivers become courses of the session, and replies at the step where each would
 * speak. Those with the same line are one reply with several names. At the final dot replies
 * differ without being another course: nothing that comes before it differs.
 */
#include <string.h>

#include "render/render_policies.h"
#include "render/render_story_part.h"

#define CODE_CLOSING "421" /* RFC 5321, 3.8: the server closes the connection */

/* ---- courses ---- */

unsigned story_place(enum smtp_state state)
{
    unsigned place = 0;

    for (enum smtp_state at = SMTP_STATE_CONNECT; at != state && at != SMTP_STATE_CLOSED;
         at = smtp_dialogue_told(at))
        place++;
    return place;
}

/* story_receivers_state_of - where the receiver's rule decides; a client is refused in
 * place of the greeting */
static enum smtp_state story_receivers_state_of(const struct policy_outcome *outcome)
{
    enum policy_step step = outcome->rule != NULL ? outcome->rule->at : POLICY_AT_DOT;

    switch (step) {
    case POLICY_AT_CONNECT:
        return SMTP_STATE_GREETING;
    case POLICY_AT_EHLO:
        return SMTP_STATE_EHLO;
    case POLICY_AT_MAIL:
        return SMTP_STATE_MAIL;
    case POLICY_AT_RCPT:
        return SMTP_STATE_RCPT;
    case POLICY_AT_DATA:
        return SMTP_STATE_DATA;
    case POLICY_AT_HEADER:
        return SMTP_STATE_CONTENT;
    case POLICY_AT_DOT:
        break;
    }
    return SMTP_STATE_DOT;
}

/* story_receivers_is_closing - the reply ends the connection, too */
static bool story_receivers_is_closing(const struct policy_outcome *outcome)
{
    return outcome->code != NULL && strcmp(outcome->code, CODE_CLOSING) == 0;
}

/* find_course - the one that ends so; a new one, behind the longer ones, if there is none */
static struct story_course *find_course(struct arena *arena, struct story_course **first,
                                        enum smtp_state ends_at, bool is_closed)
{
    struct story_course **at = first;
    struct story_course *course = NULL;

    for (; *at != NULL && story_place((*at)->ends_at) >= story_place(ends_at);
         at = &(*at)->next)
        if ((*at)->ends_at == ends_at && (*at)->is_closed == is_closed)
            return *at;
    course = arena_new_of(arena, struct story_course);
    *course = (struct story_course){.ends_at = ends_at, .is_closed = is_closed, .next = *at};
    *at = course;
    return course;
}

/* course_of_scene - where port and TLS mode end it, whoever the receivers are; NULL: they do
 * not */
static struct story_course *course_of_scene(struct arena *arena,
                                            const struct story_scene *scene)
{
    const struct smtp_port *port = scene->port;
    bool is_implicit = scene->tls == SMTP_TLS_IMPLICIT;
    struct story_course *course = arena_new_of(arena, struct story_course);

    *course = (struct story_course){.ends_at = SMTP_STATE_DOT};
    if (is_implicit != (port->tls == SMTP_TLS_IMPLICIT))
        *course = (struct story_course){.ends_at = is_implicit ? SMTP_STATE_TLS_FIRST
                                                               : SMTP_STATE_GREETING,
                                        .is_closed = true,
                                        .why = port->mismatch};
    else if (port->has_login && scene->tls == SMTP_TLS_NONE)
        *course = (struct story_course){
            .ends_at = SMTP_STATE_AUTH,
            .server = "530 5.7.0",
            .why = "in clear: a server lists no AUTH before TLS, and answers 530 5.7.0, "
                   "STARTTLS first (RFC 3207, 4), or 538 5.7.11, this login wants encryption"};
    else if (!port->has_login)
        return NULL;
    return course;
}

/* courses_of_receivers - by what their rules say; without receivers the whole way */
static struct story_course *courses_of_receivers(struct arena *arena,
                                                 const struct report *report)
{
    struct story_course *first = NULL;

    for (size_t i = 0; i < report->outcome_count; i++) {
        const struct policy_outcome *outcome = &report->outcomes[i];
        enum smtp_state state = story_receivers_state_of(outcome);
        struct story_course *course = NULL;

        if (outcome->policy->kind != POLICY_RECEIVER)
            continue;
        course = find_course(arena, &first, state,
                             state != SMTP_STATE_DOT && story_receivers_is_closing(outcome));
        arena_append(arena, course->outcomes, course->outcome_count, outcome);
    }
    if (first == NULL)
        find_course(arena, &first, SMTP_STATE_DOT, false);
    return first;
}

/* cut_at_size - a server that does not take the size says so to MAIL FROM; who turns the client
 * away earlier does so still */
static void cut_at_size(struct arena *arena, struct story_course **first)
{
    struct story_course *cut = arena_new_of(arena, struct story_course);

    *cut = (struct story_course){.ends_at = SMTP_STATE_MAIL,
                                 .server = "552 5.3.4",
                                 .why = "the message is too large for this server: nothing of "
                                        "it is sent (RFC 1870, 6.1)"};
    if (story_place((*first)->ends_at) < story_place(cut->ends_at))
        return;
    while (*first != NULL && story_place((*first)->ends_at) >= story_place(cut->ends_at)) {
        for (size_t i = 0; i < (*first)->outcome_count; i++)
            arena_append(arena, cut->outcomes, cut->outcome_count, (*first)->outcomes[i]);
        *first = (*first)->next;
    }
    cut->next = *first;
    *first = cut;
}

struct story_course *story_courses(struct arena *arena, const struct story_scene *scene)
{
    struct story_course *first = course_of_scene(arena, scene);

    if (first == NULL)
        first = courses_of_receivers(arena, scene->report);
    if (story_is_too_large(scene))
        cut_at_size(arena, &first);
    return first;
}

/* ---- headings ---- */

/* turned_away - one word for what all its receivers do */
static const char *turned_away(const struct story_course *course)
{
    enum policy_disposition first = course->outcomes[0]->disposition;

    if (course->why != NULL)
        return "refused";
    for (size_t i = 1; i < course->outcome_count; i++)
        if (course->outcomes[i]->disposition != first)
            return "turned away";
    return first == POLICY_REJECT ? "refused" : "put off";
}

/* story_receivers_is_whole - the course has the receiver's bulk mail and its other mail,
 * one after the other */
static bool story_receivers_is_whole(const struct story_course *course, size_t at)
{
    return at + 1 < course->outcome_count && course->outcomes[at]->is_for_bulk &&
           course->outcomes[at + 1]->is_for_others &&
           course->outcomes[at]->policy == course->outcomes[at + 1]->policy;
}

/* labels_of - "Gmail; iCloud, bulk mail" */
static const char *labels_of(struct arena *arena, const struct story_course *course)
{
    struct sbuf labels = sbuf_start(arena);

    for (size_t i = 0; i < course->outcome_count; i++) {
        bool is_both = story_receivers_is_whole(course, i);

        sbuf_addf(&labels, "%s%s", i > 0 ? "; " : "",
                  is_both ? course->outcomes[i]->policy->title
                          : policy_outcome_label(arena, course->outcomes[i]));
        i += is_both;
    }
    return sbuf_text(&labels);
}

const char *story_heading(struct arena *arena, const struct story_course *course)
{
    static const char *const where[SMTP_STATES] = {
        [SMTP_STATE_GREETING] = "in place of the greeting",
        [SMTP_STATE_EHLO] = "at EHLO",
        [SMTP_STATE_MAIL] = "at MAIL FROM",
        [SMTP_STATE_RCPT] = "at RCPT TO",
        [SMTP_STATE_DATA] = "at DATA",
        [SMTP_STATE_CONTENT] = "for the header, told after the final dot",
    };

    if (course->outcome_count == 0)
        return NULL;
    if (course->ends_at == SMTP_STATE_DOT)
        return arena_printf(arena, "%s: to the final dot", labels_of(arena, course));
    return arena_printf(arena, "%s: %s %s%s", labels_of(arena, course), turned_away(course),
                        where[course->ends_at],
                        course->is_closed ? ", and the connection closes" : "");
}

/* add_receiver - each once */
static void add_receiver(struct arena *arena, struct moment_receivers *receivers,
                         const struct policy_outcome *outcome)
{
    const struct moment_receiver one = {outcome->policy->name, outcome->is_for_bulk,
                                        outcome->is_for_others};

    arena_append(arena, receivers->list, receivers->count, one);
}

void story_receivers(struct arena *arena, const struct story_course *course,
                     struct moment *moment)
{
    for (size_t i = 0; i < course->outcome_count; i++)
        add_receiver(arena, &moment->receivers, course->outcomes[i]);
}

/* story_receivers_style_of - how loud a reply speaks */
static enum page_style story_receivers_style_of(enum policy_disposition disposition)
{
    if (disposition == POLICY_ACCEPT)
        return PAGE_GOOD;
    return disposition == POLICY_REJECT ? PAGE_BAD : PAGE_DOUBT;
}

/* story_receivers_refusal - "550 5.7.26 text", with what of it is known */
static const char *story_receivers_refusal(struct arena *arena,
                                           const struct policy_outcome *outcome,
                                           const char *class)
{
    return arena_printf(arena, "%s%s%s%s%s", outcome->code != NULL ? outcome->code : class,
                        outcome->enhanced != NULL ? " " : "",
                        outcome->enhanced != NULL ? outcome->enhanced : "",
                        outcome->reply != NULL ? " " : "",
                        outcome->reply != NULL ? outcome->reply : "");
}

/* line_of - the reply, as far as it is certain */
static const char *line_of(struct arena *arena, const struct policy_outcome *outcome)
{
    switch (outcome->disposition) {
    case POLICY_ACCEPT:
    case POLICY_JUNK:
        return "250";
    case POLICY_DEFER:
        return story_receivers_refusal(arena, outcome, "4xx");
    case POLICY_REJECT:
        return story_receivers_refusal(arena, outcome, "5xx");
    case POLICY_UNKNOWN:
        break;
    }
    return "(cannot be told)";
}

/* ---- replies ---- */

/* find_reply - the one with this line and disposition; a new one at the end if there is none */
static struct moment_reply *find_reply(struct arena *arena, struct moment *moment,
                                       const char *line, const char *disposition)
{
    struct moment_reply **at = &moment->replies;

    while (*at != NULL &&
           (strcmp((*at)->server, line) != 0 || strcmp((*at)->disposition, disposition) != 0))
        at = &(*at)->next;
    if (*at == NULL) {
        *at = arena_new_of(arena, struct moment_reply);
        **at = (struct moment_reply){.server = line, .disposition = disposition};
    }
    return *at;
}

/* add_who - "Gmail: would reject ...", or one more name in front of what is said already */
static void add_who(struct arena *arena, struct moment_reply *reply,
                    const struct policy_outcome *outcome)
{
    const char *label = policy_outcome_label(arena, outcome);
    const char *deed = policy_outcome_deed(arena, outcome);

    for (struct moment_note *at = reply->notes; at != NULL; at = at->next) {
        struct span names = span_of(at->text);
        ptrdiff_t end = (ptrdiff_t)names.len - (ptrdiff_t)strlen(deed) - 2;

        if (end > 0 && strcmp(at->text + end + 2, deed) == 0) {
            at->text = arena_printf(arena, "%.*s; %s: %s", (int)end, at->text, label, deed);
            return;
        }
    }
    moment_note_add(arena, &reply->notes, story_receivers_style_of(outcome->disposition),
                    arena_printf(arena, "%s: %s", label, deed));
}

/* story_receivers_settle - what follows from all replies together: one line that comes in
 * place of what is due is the server's */
static void story_receivers_settle(struct arena *arena, const struct story_course *course,
                                   struct moment *moment)
{
    bool is_one = moment->replies != NULL && moment->replies->next == NULL;

    for (struct moment_reply *reply = moment->replies; reply != NULL; reply = reply->next)
        if (span_starts_with(span_of(reply->server), CODE_CLOSING))
            moment_note_add(arena, &reply->notes, PAGE_FAINT,
                            "the server closes the connection (RFC 5321, 3.8)");
    moment->is_answered_by_all = moment->replies != NULL;
    if (course->ends_at != SMTP_STATE_DOT)
        moment->server = is_one ? moment->replies->server : NULL;
}

void story_replies(struct arena *arena, const struct story_scene *scene,
                   const struct story_course *course, struct moment *moment)
{
    for (size_t i = 0; i < course->outcome_count; i++) {
        const struct policy_outcome *outcome = course->outcomes[i];
        struct moment_reply *reply = NULL;

        if (!render_policy_is_shown(scene->report, outcome))
            continue;
        reply = find_reply(arena, moment, line_of(arena, outcome),
                           policy_disposition_to_text(outcome->disposition));
        add_who(arena, reply, outcome);
        add_receiver(arena, &reply->receivers, outcome);
    }
    story_receivers_settle(arena, course, moment);
}
