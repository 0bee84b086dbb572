/* Messages as the page of the sandbox shows them: any octets give texts that JSON can hold. */
#include <jansson.h>

#include "base/must.h"
#include "fuzz.h"
#include "web/web_mail.h"

/* must_hold - the text is UTF-8 */
static void must_hold(const char *text)
{
    json_t *value = json_string(text);

    must(value != NULL);
    json_decref(value);
}

FUZZ(arena, bytes)
{
    struct web_mail mail = {0};

    web_mail_read(arena, bytes, &mail);
    must_hold(mail.subject);
    must_hold(mail.message_id);
    must_hold(mail.text);
    must_hold(mail.html);
    for (size_t i = 0; i < mail.attachment_count; i++) {
        must_hold(mail.attachments[i].name);
        must_hold(mail.attachments[i].type);
        must_hold(mail.attachments[i].content_id);
    }
}
