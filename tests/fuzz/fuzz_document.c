/* A stored report, shown as a page. */
#include <string.h>

#include "base/must.h"
#include "html/html.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    json_error_t error;
    json_t *document = json_loadb(bytes.at != NULL ? bytes.at : "", bytes.len, 0, &error);
    struct sbuf out = sbuf_start(arena);

    if (html_check(document) == NULL) {
        html_page(document, &out);
        must(strstr(sbuf_text(&out), "</html>") != NULL);
    }
    json_decref(document);
}
