/*
 * A course is walked along the rows of the dialogue up to where its receivers speak; then the
 * client leaves, as the row there says. A function notes for each state what the server looks
 * at, one as a relay, another where programs of users submit.
 */
#include <inttypes.h>

#include "base/escape.h"
#include "base/limits.h"
#include "base/must.h"
#include "render/render_story.h"
#include "render/render_story_part.h"

#define PORT_RELAY 25

/* note_plain - nothing beyond what the row says */
static void note_plain(struct arena *arena, const struct story_scene *scene,
                       struct moment *moment)
{
    (void)arena;
    (void)scene;
    (void)moment;
}

/* note_auth - between servers there is none */
static void note_auth(struct arena *arena, const struct story_scene *scene,
                      struct moment *moment)
{
    (void)scene;
    moment_note(arena, moment, PAGE_FAINT,
                "not on port 25: servers are judged by address and signatures");
}

static const struct {
    story_note_fn *relay;
    story_note_fn *submission;
} notes[SMTP_STATES] = {
    [SMTP_STATE_CONNECT] = {story_note_connect, story_note_user_connect},
    [SMTP_STATE_TLS_FIRST] = {note_plain, note_plain},
    [SMTP_STATE_GREETING] = {note_plain, note_plain},
    [SMTP_STATE_EHLO] = {story_note_helo, story_note_user_helo},
    [SMTP_STATE_STARTTLS] = {story_note_starttls, story_note_user_starttls},
    [SMTP_STATE_TLS] = {note_plain, note_plain},
    [SMTP_STATE_EHLO_AGAIN] = {note_plain, note_plain},
    [SMTP_STATE_AUTH] = {note_auth, story_note_user_auth},
    [SMTP_STATE_MAIL] = {story_note_sender, story_note_user_sender},
    [SMTP_STATE_RCPT] = {story_note_recipient, story_note_user_recipient},
    [SMTP_STATE_DATA] = {note_plain, note_plain},
    [SMTP_STATE_CONTENT] = {story_note_content, story_note_user_content},
    [SMTP_STATE_DOT] = {story_note_decision, story_note_user_decision},
    [SMTP_STATE_RSET] = {note_plain, note_plain},
    [SMTP_STATE_NOOP] = {note_plain, note_plain},
    [SMTP_STATE_QUIT] = {note_plain, note_plain},
};

/* story_applies - the state has a part in a session with this TLS mode */
static bool story_applies(const struct story_scene *scene, enum smtp_state state)
{
    if (state == SMTP_STATE_TLS_FIRST)
        return scene->tls == SMTP_TLS_IMPLICIT;
    if (state == SMTP_STATE_STARTTLS || state == SMTP_STATE_TLS ||
        state == SMTP_STATE_EHLO_AGAIN)
        return scene->tls == SMTP_TLS_STARTTLS;
    return true;
}

/* is_unsaid - no login at a relay */
static bool is_unsaid(const struct story_scene *scene, enum smtp_state state)
{
    return state == SMTP_STATE_AUTH && !scene->port->has_login;
}

/* client_line - as the client would send it; NULL: it says nothing */
static const char *client_line(struct arena *arena, const struct story_scene *scene,
                               enum smtp_state state)
{
    const struct facts *facts = scene->report->facts;
    const struct subject *subject = facts->subject;
    const struct smtp_dialogue_words words = {
        .name = subject->helo != NULL ? subject->helo : "(not known)",
        .mechanism = "PLAIN (secret)",
        .sender = subject->mail_from != NULL ? subject->mail_from : "(not known)",
        .recipient = subject->rcpt != NULL ? subject->rcpt : "(not known)",
    };
    const char *line = smtp_dialogue_line(arena, smtp_dialogue_get(state), &words);

    if (line[0] == '\0' || is_unsaid(scene, state))
        return NULL;
    if (state == SMTP_STATE_MAIL && facts->message.message != NULL)
        line = arena_printf(arena, "%s SIZE=%" PRIu64, line, facts->message.wire_size);
    return escape_to_text(arena, span_of(line), LIMIT_SHOWN_BYTES);
}

/* listing_state - the EHLO whose list counts */
static enum smtp_state listing_state(const struct story_scene *scene)
{
    return scene->tls == SMTP_TLS_STARTTLS ? SMTP_STATE_EHLO_AGAIN : SMTP_STATE_EHLO;
}

/* server_line - the first reply that the row accepts; NULL: none is due */
static const char *server_line(struct arena *arena, const struct story_scene *scene,
                               enum smtp_state state)
{
    struct span rest = span_of(smtp_dialogue_get(state)->accepts);
    struct span code = span_cut(&rest, ' ');

    if (code.len == 0 || is_unsaid(scene, state))
        return NULL;
    if (scene->size_limit > 0 && state == listing_state(scene))
        return arena_printf(arena, "250 SIZE %" PRIu64, scene->size_limit);
    if (state == SMTP_STATE_DOT && !scene->port->has_login &&
        story_is_refused(scene->report->facts))
        return "550 5.7.1 (where the policy is followed)";
    return arena_printf(arena, "%.*s", SPAN_ARG(code));
}

/* make_moment - what is said and looked at in a state, whoever the server is */
static struct moment *make_moment(struct arena *arena, const struct story_scene *scene,
                                  enum smtp_state state)
{
    const struct smtp_dialogue *row = smtp_dialogue_get(state);
    struct moment *moment = arena_new_of(arena, struct moment);

    moment->step = row->step;
    moment->is_predicted = true;
    moment->client = client_line(arena, scene, state);
    moment->server = server_line(arena, scene, state);
    moment_note(arena, moment, PAGE_FAINT,
                arena_printf(arena, "%s (%s)", row->happens, row->standard));
    if (scene->port->has_login)
        notes[state].submission(arena, scene, moment);
    else
        notes[state].relay(arena, scene, moment);
    return moment;
}

/* ---- one course ---- */

/* is_spoken - the receivers of the course answer in this state */
static bool is_spoken(const struct story_course *course, enum smtp_state state)
{
    /* a header is judged before the dot, and answered after it */
    return state == (course->ends_at == SMTP_STATE_CONTENT ? SMTP_STATE_DOT : course->ends_at);
}

/* story_speak - in place of the reply that is due */
static void story_speak(struct arena *arena, const struct story_scene *scene,
                        const struct story_course *course, struct moment *moment)
{
    if (course->why != NULL) {
        moment->server = course->server;
        moment_note(arena, moment, PAGE_BAD, course->why);
        return;
    }
    story_replies(arena, scene, course, moment);
}

/* story_after - the state that follows; a client that is turned away leaves */
static enum smtp_state story_after(const struct story_course *course, enum smtp_state state)
{
    bool is_early = course->ends_at != SMTP_STATE_DOT;

    if (is_early && is_spoken(course, state))
        return course->is_closed ? SMTP_STATE_CLOSED : smtp_dialogue_get(state)->refused;
    /* what is left is the client's leave */
    if (is_early && story_place(state) > story_place(course->ends_at))
        return smtp_dialogue_probe(state)->next;
    return smtp_dialogue_told(state);
}

/* story_tell - the moments of one course, at the end of the list */
static struct moment **story_tell(struct arena *arena, const struct story_scene *scene,
                                  const struct story_course *course, struct moment **tail)
{
    for (enum smtp_state state = SMTP_STATE_CONNECT; state != SMTP_STATE_CLOSED;
         state = story_after(course, state)) {
        struct moment *moment = NULL;

        if (!story_applies(scene, state))
            continue;
        moment = make_moment(arena, scene, state);
        story_receivers(arena, course, moment);
        if (is_spoken(course, state))
            story_speak(arena, scene, course, moment);
        *tail = moment;
        tail = &moment->next;
    }
    return tail;
}

/* scene_of - where the report says, or between servers */
static struct story_scene scene_of(const struct report *report)
{
    struct story_scene scene = {
        .report = report, .tls = report->tls, .size_limit = report->size_limit};

    scene.port = smtp_port_find(report->port != 0 ? report->port : PORT_RELAY);
    must(scene.port != NULL);
    if (scene.tls == SMTP_TLS_AUTO)
        scene.tls = scene.port->tls;
    return scene;
}

struct moment *render_story(struct arena *arena, const struct report *report)
{
    const struct story_scene scene = scene_of(report);
    const struct story_course *courses = story_courses(arena, &scene);
    bool is_alone = courses->next == NULL && courses->ends_at == SMTP_STATE_DOT;
    struct moment *first = NULL;
    struct moment **tail = &first;
    unsigned number = 0;

    for (const struct story_course *course = courses; course != NULL; course = course->next) {
        struct moment **start = tail;

        tail = story_tell(arena, &scene, course, tail);
        (*start)->heading = is_alone ? NULL : story_heading(arena, course);
        number++;
        for (struct moment *moment = *start; moment != NULL; moment = moment->next) {
            moment->conversation = number;
            moment->is_told_above = number > 1;
        }
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
    render_moments(&page, render_story(page.arena, report));
}
