/* What a server sends to a hello that offers old ciphers: the first octet says which. */
#include "base/must.h"
#include "fuzz.h"
#include "smtp/smtp_old.h"

FUZZ(arena, bytes)
{
    enum smtp_old_offer offer = OLD_CIPHERS;
    enum smtp_old_answer whole = OLD_UNKNOWN;

    (void)arena;
    if (bytes.len == 0)
        return;
    offer = (enum smtp_old_offer)(OLD_CIPHERS +
                                  (unsigned char)bytes.at[0] % (OLD_OFFERS - OLD_CIPHERS));
    bytes = span_from(bytes, 1);
    whole = smtp_old_read(offer, bytes);
    /* what was clear once stays so, however much comes behind it */
    for (size_t len = 0; len < bytes.len && len < 512; len++) {
        enum smtp_old_answer part = smtp_old_read(offer, span_sub(bytes, 0, len));

        must(part == OLD_UNKNOWN || part == whole);
    }
}
