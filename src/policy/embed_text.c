/* Whatever a compiler could take for something else is an octal escape. */
#include "policy/embed_text.h"
#include "base/span.h"

void embed_text(struct sbuf *out, const char *text)
{
    if (text == NULL) {
        sbuf_add(out, "NULL");
        return;
    }
    sbuf_add_octet(out, '"');
    for (; *text != '\0'; text++)
        sbuf_addf(out,
                  *text == ' ' || (ascii_is_visible(*text) && *text != '"' && *text != '\\' &&
                                   *text != '?')
                      ? "%c"
                      : "\\%03o",
                  (unsigned char)*text);
    sbuf_add_octet(out, '"');
}
