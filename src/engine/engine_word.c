/* What libraries, their results and their ends are called. */
#include <sys/wait.h>

#include "base/escape.h"
#include "base/limits.h"
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

/* result_word_of - the word of a child's number; NULL: none of the library's results */
static const char *result_word_of(enum engine_library library, uint8_t number)
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
        return number < COUNT_OF(spf) ? spf[number] : NULL;
    case ENGINE_LIBOPENDKIM:
        return number < COUNT_OF(dkim) ? dkim[number] : NULL;
    case ENGINE_LIBOPENDMARC:
        break;
    }
    return number < COUNT_OF(dmarc) ? dmarc[number] : NULL;
}

bool engine_verdicts_read(struct arena *arena, struct engine_verdict *verdicts, size_t count,
                          struct span reply)
{
    struct engine_reader in = engine_reader_of(reply);

    for (size_t i = 0; i < count; i++) {
        verdicts[i].result = result_word_of(verdicts[i].library, engine_get_octet(&in));
        verdicts[i].detail = escape_to_text(arena, engine_get_span(&in), LIMIT_SHOWN_BYTES);
        if (verdicts[i].result == NULL)
            return false;
    }
    return engine_got_all(&in);
}

const char *engine_loss_text(struct arena *arena, const struct engine *engine,
                             enum engine_library library, const struct engine_end *end)
{
    static const char *const names[] = {"libspf2", "libopendkim", "libopendmarc"};
    static const char *const whats[] = {"this question", "this message", "this record"};
    const char *name = names[library];
    const char *what = whats[library];

    switch (end->kind) {
    case ENGINE_END_SIGNAL:
        return arena_printf(arena, "%s ended with signal %d on %s", name, end->number, what);
    case ENGINE_END_HUNG:
        return arena_printf(arena, "%s had no answer within %d seconds on %s", name,
                            engine->wait_ms / 1000, what);
    case ENGINE_END_EXIT:
        if (end->number != 0)
            return arena_printf(arena, "%s ended with exit status %d on %s", name, end->number,
                                what);
        return arena_printf(arena, "%s gave an answer that makes no sense on %s", name, what);
    case ENGINE_END_UNSTARTED:
    case ENGINE_END_UNKNOWN:
        break;
    }
    return arena_printf(arena, "the process that runs %s died", name);
}

struct engine_end engine_end_of(int status)
{
    return WIFSIGNALED(status) ? (struct engine_end){ENGINE_END_SIGNAL, WTERMSIG(status)}
                               : (struct engine_end){ENGINE_END_EXIT, WEXITSTATUS(status)};
}
