/*
 * libopendmarc as its milter calls it, with the results of SPF and DKIM and
 * the record passed in. Functions that would send DNS queries are not called:
 * query_dmarc(), and fetch_rua() or fetch_ruf() with a buffer. The
 * organizational domain is given for an inherited record only (the library
 * then uses sp), and the domain is always the author's.
 */
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include <opendmarc/dmarc.h>

#include "base/library.h"
#include "engine/engine_library.h"
#include "engine/engine_standby.h"
#include "engine/engine_suffixes.h"
#include "engine/engine_wire.h"
#include "model/result.h"

#define OPENDMARC_FUNCTIONS(F)            \
    F(opendmarc_get_policy_to_enforce)    \
    F(opendmarc_policy_connect_init)      \
    F(opendmarc_policy_connect_shutdown)  \
    F(opendmarc_policy_fetch_adkim)       \
    F(opendmarc_policy_fetch_aspf)        \
    F(opendmarc_policy_fetch_p)           \
    F(opendmarc_policy_fetch_rua)         \
    F(opendmarc_policy_fetch_sp)          \
    F(opendmarc_policy_library_init)      \
    F(opendmarc_policy_status_to_str)     \
    F(opendmarc_policy_store_dkim)        \
    F(opendmarc_policy_store_dmarc)       \
    F(opendmarc_policy_store_from_domain) \
    F(opendmarc_policy_store_spf)

static struct opendmarc_functions {
    OPENDMARC_FUNCTIONS(LIBRARY_POINTER)
} opendmarc;

static const struct library_place opendmarc_places[] = {
#define PLACE(name) LIBRARY_PLACE(struct opendmarc_functions, name)
    OPENDMARC_FUNCTIONS(PLACE)
#undef PLACE
};

#define SUFFIX_LIST "/usr/share/publicsuffix/public_suffix_list.dat"

/* the milter gives the client's address; the library only keeps it */
#define NO_ADDRESS "0.0.0.0"

/* What came with the question. */
struct question {
    const char *author;
    const char *organizational_domain;
    const char *record;
    const char *spf_domain;
    bool spf_is_helo;
    const char *spf_result;
};

/* result words and the milter's codes for them */
struct outcome {
    const char *word;
    int spf;
    int dkim;
};

static const struct outcome outcomes[] = {
    {"pass", DMARC_POLICY_SPF_OUTCOME_PASS, DMARC_POLICY_DKIM_OUTCOME_PASS},
    {"fail", DMARC_POLICY_SPF_OUTCOME_FAIL, DMARC_POLICY_DKIM_OUTCOME_FAIL},
    {"softfail", DMARC_POLICY_SPF_OUTCOME_FAIL, DMARC_POLICY_DKIM_OUTCOME_NONE},
    {"temperror", DMARC_POLICY_SPF_OUTCOME_TMPFAIL, DMARC_POLICY_DKIM_OUTCOME_TMPFAIL},
    {"", DMARC_POLICY_SPF_OUTCOME_NONE, DMARC_POLICY_DKIM_OUTCOME_NONE}, /* all others */
};

/* the library's codes in RFC 8601's words */
struct verdict {
    int code;
    enum dmarc_result result;
    const char *detail;
};

static const struct verdict verdicts[] = {
    {DMARC_POLICY_ABSENT, DMARC_NONE, "no policy"},
    {DMARC_FROM_DOMAIN_ABSENT, DMARC_NONE, "no author domain"},
    {DMARC_POLICY_PASS, DMARC_PASS, "an aligned identifier passed"},
    {DMARC_POLICY_REJECT, DMARC_FAIL, "policy reject"},
    {DMARC_POLICY_QUARANTINE, DMARC_FAIL, "policy quarantine"},
    {DMARC_POLICY_NONE, DMARC_FAIL, "policy none"},
    {DMARC_DNS_ERROR_TMPERR, DMARC_TEMPERROR, "temporary error"},
};

static bool is_loaded;

/* the list of public suffixes that the library has */
static struct suffixes {
    bool is_there;
    bool is_whole;
    char labels[ENGINE_LABELS_ROOM]; /* the rules that end in these; unless it is whole */
} suffixes;

/* opendmarc_outcome_of - the row of a result word */
static const struct outcome *opendmarc_outcome_of(const char *word)
{
    size_t i = 0;

    while (outcomes[i].word[0] != '\0' && (word == NULL || strcmp(outcomes[i].word, word) != 0))
        i++;
    return &outcomes[i];
}

/* opendmarc_bytes - the library's string type; it does not write to what it is given here */
static u_char *opendmarc_bytes(const char *text)
{
    return (u_char *)(uintptr_t)text;
}

void engine_opendmarc_load(void)
{
    is_loaded = is_loaded || library_load(LIBRARY_OPENDMARC, opendmarc_places,
                                          COUNT_OF(opendmarc_places), &opendmarc);
}

/* give_list - have the library read the file, or none; false if it does not */
static bool give_list(const char *path)
{
    static OPENDMARC_LIB_T options; /* the library keeps where it is */

    options.tld_type = path != NULL ? OPENDMARC_TLD_TYPE_MOZILLA : OPENDMARC_TLD_TYPE_NONE;
    options.tld_source_file[0] = '\0';
    if (path != NULL)
        (void)snprintf((char *)options.tld_source_file, sizeof(options.tld_source_file), "%s",
                       path);
    return opendmarc.opendmarc_policy_library_init(&options) == DMARC_PARSE_OKAY;
}

/* give_part - the rules for these labels, with those that it had; false: it needs the whole */
static bool give_part(const char *labels)
{
    char path[32]; /* "/proc/self/fd/" and a number */
    bool is_given = false;
    int fd = -1;

    if (labels[0] == '\0' || !engine_suffixes_join(suffixes.labels, labels) ||
        (fd = engine_suffixes_pick(SUFFIX_LIST, suffixes.labels)) < 0)
        return false;
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    is_given = give_list(path);
    (void)close(fd);
    return is_given;
}

void engine_opendmarc_prepare(const char *labels)
{
    engine_opendmarc_load();
    if (!is_loaded || suffixes.is_whole ||
        (suffixes.is_there && labels[0] != '\0' &&
         engine_suffixes_are_in(labels, suffixes.labels)))
        return;
    suffixes.is_there = true;
    if (give_part(labels))
        return;
    suffixes.is_whole = true;
    (void)give_list(access(SUFFIX_LIST, R_OK) == 0 ? SUFFIX_LIST : NULL);
}

/* opendmarc_read_question - all but the list of DKIM results */
static void opendmarc_read_question(struct engine_child *child, struct question *question)
{
    struct engine_reader *in = &child->question;

    question->author = engine_get_text(in, child->arena);
    question->organizational_domain = engine_get_text(in, child->arena);
    question->record = engine_get_text(in, child->arena);
    question->spf_domain = engine_get_text(in, child->arena);
    question->spf_is_helo = engine_get_octet(in) != 0;
    question->spf_result = engine_get_text(in, child->arena);
}

/* store_dkim - every DKIM result, in message order */
static void store_dkim(struct engine_child *child, DMARC_POLICY_T *policy)
{
    size_t count = engine_get_count(&child->question, 3 * 9);

    for (size_t i = 0; i < count; i++) {
        const char *domain = engine_get_text(&child->question, child->arena);
        const char *selector = engine_get_text(&child->question, child->arena);
        const char *result = engine_get_text(&child->question, child->arena);

        if (domain != NULL)
            (void)opendmarc.opendmarc_policy_store_dkim(
                policy, opendmarc_bytes(domain),
                opendmarc_bytes(selector != NULL ? selector : ""),
                opendmarc_outcome_of(result)->dkim, NULL);
    }
}

/* store_spf - the one SPF result */
static void store_spf(const struct question *question, DMARC_POLICY_T *policy)
{
    if (question->spf_domain != NULL)
        (void)opendmarc.opendmarc_policy_store_spf(
            policy, opendmarc_bytes(question->spf_domain),
            opendmarc_outcome_of(question->spf_result)->spf,
            question->spf_is_helo ? DMARC_POLICY_SPF_ORIGIN_HELO
                                  : DMARC_POLICY_SPF_ORIGIN_MAILFROM,
            NULL);
}

/* put_result - the verdict of a code; a refused record is permerror */
static void put_result(struct sbuf *out, int code)
{
    for (size_t i = 0; i < COUNT_OF(verdicts); i++)
        if (verdicts[i].code == code) {
            engine_put_verdict(out, (int)verdicts[i].result, verdicts[i].detail);
            return;
        }
    engine_put_verdict(out, DMARC_PERMERROR, opendmarc.opendmarc_policy_status_to_str(code));
}

/* policy_word - what p= or sp= asks for, in the library's letters */
static const char *policy_word(int letter)
{
    static const struct {
        int letter;
        const char *word;
    } words[] = {{DMARC_RECORD_P_NONE, "none"},
                 {DMARC_RECORD_P_QUARANTINE, "quarantine"},
                 {DMARC_RECORD_P_REJECT, "reject"}};

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (words[i].letter == letter)
            return words[i].word;
    return "-";
}

/* policy_text - the record as the library has it, in the form of ENGINE_POLICY_TEXT */
static const char *policy_text(struct arena *arena, DMARC_POLICY_T *policy)
{
    u_char **reports = opendmarc.opendmarc_policy_fetch_rua(policy, NULL, 0, true);
    size_t count = 0;
    int p = 0;
    int sp = 0;
    int adkim = 0;
    int aspf = 0;

    (void)opendmarc.opendmarc_policy_fetch_p(policy, &p);
    (void)opendmarc.opendmarc_policy_fetch_sp(policy, &sp);
    (void)opendmarc.opendmarc_policy_fetch_adkim(policy, &adkim);
    (void)opendmarc.opendmarc_policy_fetch_aspf(policy, &aspf);
    while (reports != NULL && reports[count] != NULL)
        count++;
    return arena_printf(arena, ENGINE_POLICY_TEXT, policy_word(p),
                        policy_word(sp == DMARC_RECORD_P_UNSPECIFIED ? p : sp),
                        adkim == DMARC_RECORD_A_STRICT ? "strict" : "relaxed",
                        aspf == DMARC_RECORD_A_STRICT ? "strict" : "relaxed", count);
}

void engine_opendmarc_read(struct engine_child *child)
{
    const char *domain = engine_get_text(&child->question, child->arena);
    const char *record = engine_get_text(&child->question, child->arena);
    DMARC_POLICY_T *policy = NULL;
    struct sbuf out = sbuf_start(child->arena);
    int status = DMARC_PARSE_OKAY;

    if (!is_loaded)
        _exit(ENGINE_STATUS_ABSENT);
    policy = opendmarc.opendmarc_policy_connect_init(opendmarc_bytes(NO_ADDRESS), 0);
    (void)opendmarc.opendmarc_policy_store_from_domain(policy, opendmarc_bytes(domain));
    status = opendmarc.opendmarc_policy_store_dmarc(policy, opendmarc_bytes(record),
                                                    opendmarc_bytes(domain), NULL);
    if (status == DMARC_PARSE_OKAY)
        engine_put_verdict(&out, DMARC_FAIL, policy_text(child->arena, policy));
    else
        put_result(&out, status);
    (void)opendmarc.opendmarc_policy_connect_shutdown(policy);
    engine_child_reply(ENGINE_FRAME_VERDICTS, sbuf_span(&out));
}

void engine_opendmarc_answer(struct engine_child *child)
{
    struct sbuf out = sbuf_start(child->arena);
    DMARC_POLICY_T *policy = NULL;
    struct question question;
    int status = DMARC_PARSE_OKAY;

    if (!suffixes.is_there)
        _exit(ENGINE_STATUS_ABSENT);
    policy = opendmarc.opendmarc_policy_connect_init(opendmarc_bytes(NO_ADDRESS), 0);
    opendmarc_read_question(child, &question);
    (void)opendmarc.opendmarc_policy_store_from_domain(policy,
                                                       opendmarc_bytes(question.author));
    store_spf(&question, policy);
    store_dkim(child, policy);
    if (question.record != NULL)
        status = opendmarc.opendmarc_policy_store_dmarc(
            policy, opendmarc_bytes(question.record), opendmarc_bytes(question.author),
            opendmarc_bytes(question.organizational_domain));
    if (status == DMARC_PARSE_OKAY)
        status = question.record != NULL ? opendmarc.opendmarc_get_policy_to_enforce(policy)
                                         : DMARC_POLICY_ABSENT;
    put_result(&out, status);
    (void)opendmarc.opendmarc_policy_connect_shutdown(policy);
    engine_child_reply(ENGINE_FRAME_VERDICTS, sbuf_span(&out));
}
