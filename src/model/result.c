/* The rows of result.def once more, now as words. */
#include "model/result.h"

const char *spf_result_to_text(enum spf_result result)
{
    static const char *const words[] = {
#define SPF_RESULT(id, word) word,
#include "model/result.def"
    };

    return words[result];
}

const char *dkim_result_to_text(enum dkim_result result)
{
    static const char *const words[] = {
#define DKIM_RESULT(id, word) word,
#include "model/result.def"
    };

    return words[result];
}

const char *dmarc_result_to_text(enum dmarc_result result)
{
    static const char *const words[] = {
#define DMARC_RESULT(id, word) word,
#include "model/result.def"
    };

    return words[result];
}

const char *arc_result_to_text(enum arc_result result)
{
    static const char *const words[] = {
#define ARC_RESULT(id, word) word,
#include "model/result.def"
    };

    return words[result];
}

const char *hash_result_to_text(enum hash_result result)
{
    static const char *const words[] = {
#define HASH_RESULT(id, word) word,
#include "model/result.def"
    };

    return words[result];
}
