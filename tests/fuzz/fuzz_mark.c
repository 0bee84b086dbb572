/* A mark certificate as HTTPS brings it, and whom it covers. */
#include "base/must.h"
#include "fuzz.h"
#include "smtp/smtp_mark.h"

FUZZ(arena, bytes)
{
    const struct smtp_mark *mark = smtp_mark_read(arena, bytes);

    if (mark == NULL)
        return;
    must(mark->certificate.names != NULL && mark->certificate.names_shown != NULL &&
         mark->certificate.subject != NULL && mark->certificate.not_after != NULL);
    smtp_mark_covers(mark, "example.com");
}
