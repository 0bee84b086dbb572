/* PROXY headers: what is complete stays so when more follows, and uses what it says. */
#include "base/must.h"
#include "fuzz.h"
#include "sandbox/sandbox_proxy.h"

FUZZ(arena, bytes)
{
    const struct sandbox_proxy whole = sandbox_proxy_parse(bytes);

    must(whole.state != PROXY_COMPLETE || (whole.used > 0 && whole.used <= bytes.len));
    for (size_t len = 0; whole.state == PROXY_COMPLETE && len < whole.used; len++)
        must(sandbox_proxy_parse(span_sub(bytes, 0, len)).state == PROXY_INCOMPLETE);
    ip_to_text(arena, &whole.client);
}
