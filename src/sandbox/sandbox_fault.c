/* Words by table; chance by a hash, so that nothing has to be remembered. */
#include "sandbox/sandbox_fault.h"

#define ONE_IN 4 /* of all commands that chance looks at */

static const struct {
    const char *word;
    struct sandbox_fault fault;
} fault_words[] = {
#define FAULT(word, kind, code, delay) {word, {FAULT_##kind, code, delay, NULL}},
#include "sandbox/sandbox_fault.def"
};

static const char *const stage_words[] = {
    [STAGE_CONNECT] = "connect", [STAGE_EHLO] = "ehlo", [STAGE_STARTTLS] = "starttls",
    [STAGE_MAIL] = "mail",       [STAGE_RCPT] = "rcpt", [STAGE_DATA] = "data",
    [STAGE_DOT] = "dot"};

/* trouble that passes, whatever the client does: a program that tries again gets through */
static const struct sandbox_fault passing[] = {
    {FAULT_REPLY, 450, 0, NULL}, {FAULT_REPLY, 451, 0, NULL},   {FAULT_REPLY, 421, 0, NULL},
    {FAULT_CLOSE, 0, 0, NULL},   {FAULT_TARPIT, 0, 2000, NULL},
};

bool sandbox_stage_of_text(struct span word, enum sandbox_stage *stage_out)
{
    for (int stage = 0; stage < STAGES; stage++)
        if (span_equal_nocase(word, stage_words[stage])) {
            *stage_out = (enum sandbox_stage)stage;
            return true;
        }
    return false;
}

struct sandbox_fault sandbox_fault_of_word(struct span word)
{
    uint64_t code = 0;

    for (size_t i = 0; i < COUNT_OF(fault_words); i++)
        if (span_equal_nocase(word, fault_words[i].word))
            return fault_words[i].fault;
    if (word.len == 3 && span_to_number(word, 559, &code) && code >= 400)
        return (struct sandbox_fault){FAULT_REPLY, (unsigned)code, 0, NULL};
    return (struct sandbox_fault){.kind = FAULT_NONE};
}

/* fault_of_tag - "450", "data-450"; without a stage it is for `usual` */
static struct sandbox_fault fault_of_tag(struct span tag, enum sandbox_stage stage,
                                         enum sandbox_stage usual)
{
    struct span word = tag;
    struct span name = span_cut(&word, '-');

    if (word.at == NULL)
        return stage == usual ? sandbox_fault_of_word(tag)
                              : (struct sandbox_fault){.kind = FAULT_NONE};
    return span_equal_nocase(name, stage_words[stage]) && !span_equal_nocase(word, "wrong-tls")
               ? sandbox_fault_of_word(word)
               : (struct sandbox_fault){.kind = FAULT_NONE};
}

struct sandbox_fault sandbox_fault_of_path(struct span path, enum sandbox_stage stage)
{
    enum sandbox_stage usual = stage == STAGE_MAIL ? STAGE_MAIL : STAGE_RCPT;
    struct sandbox_fault fault = {.kind = FAULT_NONE};
    ptrdiff_t at = span_find_last(path, '@');
    struct span tags = span_sub(path, 0, at < 0 ? 0 : (size_t)at);

    span_cut(&tags, '+');
    while (tags.at != NULL && fault.kind == FAULT_NONE)
        fault = fault_of_tag(span_cut(&tags, '+'), stage, usual);
    return fault;
}

/* mix_in - FNV-1a, one octet */
static uint64_t mix_in(uint64_t hash, unsigned char octet)
{
    return (hash ^ octet) * 1099511628211ULL;
}

struct sandbox_fault sandbox_fault_of_seed(uint64_t seed, struct span path,
                                           enum sandbox_stage stage, uint64_t tries)
{
    uint64_t hash = 14695981039346656037ULL;

    for (size_t i = 0; i < sizeof(seed); i++)
        hash = mix_in(hash, (unsigned char)(seed >> (8 * i)));
    for (size_t i = 0; i < path.len; i++)
        hash = mix_in(hash, (unsigned char)path.at[i]);
    hash = mix_in(hash, (unsigned char)stage);
    hash = mix_in(hash, (unsigned char)tries);
    hash ^= hash >> 32;
    if (hash % ONE_IN != 0)
        return (struct sandbox_fault){.kind = FAULT_NONE};
    return passing[hash / ONE_IN % COUNT_OF(passing)];
}
