/* What libraries and their results are called. */
#include "engine/engine_library.h"
#include "engine/engine_private.h"

const char *engine_library_text(struct arena *arena, enum engine_library library)
{
    switch (library) {
    case ENGINE_LIBSPF2:
        return engine_spf2_version(arena);
    case ENGINE_LIBOPENDKIM:
        return engine_opendkim_version(arena);
    case ENGINE_LIBOPENDMARC:
        break; /* has no function for its version */
    }
    return "libopendmarc";
}

const char *engine_result_word(enum engine_library library, uint8_t number)
{
    static const char *const spf[] = {
#define SPF_RESULT(id, word) word,
#include "model/result.def"
    };
    static const char *const dkim[] = {
#define DKIM_RESULT(id, word) word,
#include "model/result.def"
    };
    static const char *const dmarc[] = {
#define DMARC_RESULT(id, word) word,
#include "model/result.def"
    };

    switch (library) {
    case ENGINE_LIBSPF2:
        return number < sizeof(spf) / sizeof(spf[0]) ? spf[number] : NULL;
    case ENGINE_LIBOPENDKIM:
        return number < sizeof(dkim) / sizeof(dkim[0]) ? dkim[number] : NULL;
    case ENGINE_LIBOPENDMARC:
        break;
    }
    return number < sizeof(dmarc) / sizeof(dmarc[0]) ? dmarc[number] : NULL;
}
