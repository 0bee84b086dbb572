/* What others wrote into a message: whatever the fields hold, the rows are complete, bounded and
 * safe to show. */
#include "auth/auth_arc.h"
#include "base/limits_bounce.h"
#include "base/must.h"
#include "explain/explain_stated.h"
#include "fuzz.h"
#include "mail/mail_message.h"
#include "mail/mail_trace.h"

/* is_shown - no control character is left in a text that may be shown */
static bool is_shown(const char *text)
{
    for (; text != NULL && *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == '\x7f')
            return false;
    return true;
}

FUZZ(arena, bytes)
{
    struct mail_message *message = mail_message_parse(arena, bytes);
    const struct subject subject = {.ip = {.family = IP_NONE}};
    struct facts *facts = arena_new_of(arena, struct facts);
    struct auth_dkim_prepared *dkim = NULL;
    const struct explain_stated *rows = NULL;
    size_t count = 0;

    if (message == NULL)
        return;
    facts->subject = &subject;
    facts->message.message = message;
    facts->message.trace = mail_trace_parse(arena, message, NULL);
    facts->message.arc_prepared = auth_arc_prepare(arena, message, &dkim);
    rows = explain_stated(arena, facts, &count);
    must(count <= LIMIT_STATED);
    for (size_t i = 0; i < count; i++) {
        must(rows[i].field != NULL && rows[i].method != NULL && rows[i].result != NULL);
        must(rows[i].server != NULL && rows[i].about != NULL && rows[i].line >= 1);
        must(is_shown(rows[i].server) && is_shown(rows[i].result) && is_shown(rows[i].about));
        must(is_shown(rows[i].ours) && is_shown(rows[i].why));
    }
}
