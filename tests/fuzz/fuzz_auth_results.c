/* The value of an Authentication-Results field, and of its twin in ARC. All of it is shown, so
 * nothing may leave raw. */
#include "base/must.h"
#include "mail/mail_trace_private.h"
#include "fuzz.h"
#include "mail/mail_trace.h"

/* is_safe - one line of visible text, as it is shown */
static bool is_safe(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 127)
            return false;
    return true;
}

/* check - every text of the list */
static void check(const struct mail_auth_result *result)
{
    for (; result != NULL; result = result->next) {
        must(is_safe(result->server) && is_safe(result->method));
        must(is_safe(result->result) && is_safe(result->properties));
    }
}

FUZZ(arena, bytes)
{
    const struct mail_header header = {
        .name = span_of("ARC-Authentication-Results"), .value = bytes, .raw = bytes, .line = 1};
    struct mail_arc_results arc = mail_arc_results_parse(arena, &header);

    must(is_safe(arc.server));
    check(arc.results);
    check(mail_auth_results_parse(arena, &header));
}
