/* Codes that are not in a table are permerror. */
#include <sys/types.h>

#include <opendkim/dkim.h>

#include "engine/engine_opendkim_result.h"
#include "base/span.h"

struct row {
    int code;
    enum dkim_result result;
};

/* errors of one signature that are not permanent */
static const struct row errors[] = {
    {DKIM_SIGERROR_UNKNOWN, DKIM_NEUTRAL},   {DKIM_SIGERROR_BADSIG, DKIM_FAIL},
    {DKIM_SIGERROR_KEYFAIL, DKIM_TEMPERROR}, {DKIM_SIGERROR_KEYTOOSMALL, DKIM_POLICY},
    {DKIM_SIGERROR_MBSFAILED, DKIM_POLICY},
};

/* states of the whole message that are not permanent */
static const struct row troubles[] = {
    {DKIM_STAT_NORESOURCE, DKIM_TEMPERROR}, {DKIM_STAT_INTERNAL, DKIM_TEMPERROR},
    {DKIM_STAT_KEYFAIL, DKIM_TEMPERROR},    {DKIM_STAT_CBTRYAGAIN, DKIM_TEMPERROR},
    {DKIM_STAT_CBERROR, DKIM_TEMPERROR},    {DKIM_STAT_BADSIG, DKIM_FAIL},
};

/* opendkim_result_find - the row of a code, else permerror */
static enum dkim_result opendkim_result_find(const struct row *rows, size_t count, int code)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].code == code)
            return rows[i].result;
    return DKIM_PERMERROR;
}

struct engine_opendkim_result
engine_opendkim_result_of(struct arena *arena, const struct engine_opendkim_facts *facts,
                          int trouble)
{
    struct engine_opendkim_result result = {.result = DKIM_NEUTRAL};

    if ((facts->error == DKIM_SIGERROR_BADSIG || facts->error == DKIM_SIGERROR_OK) &&
        facts->body_hash == DKIM_SIGBH_MISMATCH) {
        result.result = DKIM_FAIL;
        result.detail = "body hash mismatch";
    } else if (facts->error != DKIM_SIGERROR_OK) {
        result.result = opendkim_result_find(errors, COUNT_OF(errors), facts->error);
        result.detail = facts->error_text;
    } else if (trouble != DKIM_STAT_OK) {
        result.result = opendkim_result_find(troubles, COUNT_OF(troubles), trouble);
        result.detail = facts->trouble_text;
    } else if (facts->has_passed && facts->body_hash == DKIM_SIGBH_MATCH) {
        result.result = DKIM_PASS;
        result.detail =
            facts->key_bits == 0
                ? "verified"
                : arena_printf(arena, "verified with a key of %u bits", facts->key_bits);
    } else {
        result.detail = "libopendkim did not verify the signature";
    }
    return result;
}
