/* What a server sends to a hello that offers old ciphers. */
#include "base/must.h"
#include "fuzz.h"
#include "smtp/smtp_old.h"

FUZZ(arena, bytes)
{
    enum smtp_old_answer whole = smtp_old_read(bytes);

    (void)arena;
    /* what was clear once stays so, however much comes behind it */
    for (size_t len = 0; len < bytes.len && len < 512; len++) {
        enum smtp_old_answer part = smtp_old_read(span_sub(bytes, 0, len));

        must(part == OLD_UNKNOWN || part == whole);
    }
}
