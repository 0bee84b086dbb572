/* Where programs of users submit: who logged in counts; receivers judge later, on port 25. */
#include "render/render_story_part.h"

/* note_both - port and TLS mode that belong together, and the other way round */
static void note_both(struct arena *arena, const struct story_scene *scene,
                      struct moment *moment)
{
    const struct smtp_port *port = scene->port;

    moment_note(
        arena, moment, PAGE_PLAIN,
        arena_printf(arena, "port %u, %s: %s", port->number, port->name, port->purpose));
    if (scene->tls == port->tls)
        moment_note(arena, moment, PAGE_FAINT,
                    arena_printf(arena, "with the wrong TLS mode: %s", port->mismatch));
}

void story_note_user_connect(struct arena *arena, const struct story_scene *scene,
                             struct moment *moment)
{
    note_both(arena, scene, moment);
    moment_note(arena, moment, PAGE_PLAIN,
                "users come from anywhere: address and PTR decide nothing once they log in");
}

void story_note_user_helo(struct arena *arena, const struct story_scene *scene,
                          struct moment *moment)
{
    (void)scene;
    moment_note(arena, moment, PAGE_PLAIN,
                "programs of users often know no name of their host: nothing rests on it");
}

void story_note_user_starttls(struct arena *arena, const struct story_scene *scene,
                              struct moment *moment)
{
    (void)scene;
    moment_note(arena, moment, PAGE_PLAIN,
                "comes before the login: in clear a server lists no AUTH (RFC 4954, 4), and "
                "answers 530 5.7.0 to what needs TLS (RFC 3207, 4)");
    moment_note(arena, moment, PAGE_PLAIN,
                "the client must verify the certificate for the name of the server "
                "(RFC 8314, 3.1)");
}

void story_note_user_auth(struct arena *arena, const struct story_scene *scene,
                          struct moment *moment)
{
    bool has_tls = scene->tls != SMTP_TLS_NONE;

    moment_note(arena, moment, PAGE_PLAIN,
                "required: without it MAIL FROM is answered 530 5.7.0 (RFC 6409, 4.3; "
                "RFC 4954, 6)");
    if (!has_tls)
        return;
    moment_note(arena, moment, PAGE_GOOD,
                "offered under TLS, in the AUTH line of the EHLO before it: PLAIN and LOGIN "
                "send the password as it is, which TLS hides");
    moment_note(arena, moment, PAGE_FAINT,
                "a wrong password gets 535 5.7.8, a mechanism that is not offered 504 5.5.4 "
                "(RFC 4954, 6); what is offered is told by --live");
}

void story_note_user_sender(struct arena *arena, const struct story_scene *scene,
                            struct moment *moment)
{
    const struct facts *facts = scene->report->facts;

    moment_note(arena, moment, PAGE_PLAIN,
                "may this user send as this address? If not: 550 5.7.1 (RFC 6409, 6.1). SPF is "
                "not asked, it is about servers");
    if (story_note_origin(arena, facts->subject, moment))
        story_note_return(arena, facts, moment);
    story_note_size(arena, scene, moment);
}

void story_note_user_recipient(struct arena *arena, const struct story_scene *scene,
                               struct moment *moment)
{
    moment_note(arena, moment, PAGE_PLAIN,
                "any recipient, after the login; without it 550 5.7.1, relaying is denied");
    story_note_recipient(arena, scene, moment);
}

void story_note_user_content(struct arena *arena, const struct story_scene *scene,
                             struct moment *moment)
{
    if (scene->report->facts->message.message == NULL) {
        moment_note(arena, moment, PAGE_DOUBT, "no message was given");
        return;
    }
    story_note_header(arena, scene->report, moment);
    moment_note(arena, moment, PAGE_PLAIN,
                "the server may add Date and Message-ID (RFC 6409, 8.2 and 8.3), and signs "
                "with DKIM where it does");
}

void story_note_user_decision(struct arena *arena, const struct story_scene *scene,
                              struct moment *moment)
{
    (void)scene;
    moment_note(arena, moment, PAGE_PLAIN,
                "with 250 it is in the queue; receivers judge SPF, DKIM and DMARC when it "
                "reaches their port 25: see --port 25");
}
