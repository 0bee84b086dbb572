/* An accepted loss: what follows "mailassay:" in a zone file. */
#include <string.h>

#include "base/must.h"
#include "report/report_gate.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    struct report_accept accept;
    struct err why = {0};

    if (!report_accept_parse(arena, bytes, &accept, &why)) {
        must(why.kind != ERR_NONE);
        return;
    }
    must(check_row_find(accept.finding) != NULL && strlen(accept.until) == 10);
    must(accept.about == NULL || accept.about[0] != '\0');
}
