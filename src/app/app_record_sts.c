/*
 * MTA-STS is two things: a record whose id says that the policy is new, and the policy. Words
 * become lines of the policy; without mx= the mail hosts are those that DNS names.
 */
#include <string.h>

#include "app/app_options.h"
#include "app/app_progress.h"
#include "app/app_record.h"
#include "app/app_run.h"
#include "app/pipeline.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/dns_answer.h"

#define MODE_FIRST    "testing" /* RFC 8461, 5: begin so, and read the reports */
#define MAX_AGE_FIRST "604800"  /* RFC 8461, 10.2: weeks; one to begin with */

/* ---- words ---- */

/* word_value - what follows "key=" in a word; NULL: it is another word */
static const char *word_value(const char *word, const char *key)
{
    size_t len = strlen(key);

    return strncmp(word, key, len) == 0 && word[len] == '=' ? word + len + 1 : NULL;
}

/* record_sts_is_plain - one line of printable ASCII: lines are what a policy is made of */
static bool record_sts_is_plain(const char *word)
{
    while (*word > ' ' && *word < 0x7f)
        word++;
    return *word == '\0';
}

/* are_words - each has a key of ours, and its value is not a line of its own */
static bool are_words(const struct app_making *making, struct err *why)
{
    static const char *const known[] = {"mode", "mx", "max_age", "id"};

    for (size_t i = 0; i < making->word_count; i++) {
        bool is_known = false;

        for (size_t k = 0; k < COUNT_OF(known); k++)
            is_known = is_known || word_value(making->words[i], known[k]) != NULL;
        if (is_known && record_sts_is_plain(making->words[i]))
            continue;
        err_set_kind(
            why, ERR_USAGE,
            "record mta-sts: unknown word \"%s\": expected mode=, mx=, max_age= or id=, "
            "without blanks",
            escape_shown(making->app->arena, making->words[i]));
        return false;
    }
    return true;
}

/* record_sts_has_word - some word has the key */
static bool record_sts_has_word(const struct app_making *making, const char *key)
{
    for (size_t i = 0; i < making->word_count; i++)
        if (word_value(making->words[i], key) != NULL)
            return true;
    return false;
}

/* ---- the mail hosts ---- */

/* ask_mx - what the sources say; their time is ours */
static bool ask_mx(struct app_making *making, struct err *why)
{
    struct app *app = making->app;
    const struct pipeline_request request = {.domain = making->domain->text,
                                             .is_verdict_only = true};
    struct pipeline pipeline;
    struct app_progress progress;
    bool is_fine = pipeline_open(&pipeline, app, &request, why);

    if (is_fine) {
        app_progress_open(&progress, app, pipeline.work.ledger);
        making->mx = pipeline_ask(&pipeline, making->domain, DNS_MX);
        app_progress_close(&progress);
        making->now = pipeline.subject.now;
        is_fine = pipeline_save(&pipeline, app->options.save_snapshot, why);
    }
    pipeline_close(&pipeline);
    return is_fine;
}

/* is_before - mail hosts in the order in which they are tried, then by name */
static bool is_before(const struct dns_rr *rr, const struct dns_rr *other)
{
    if (rr->preference != other->preference)
        return rr->preference < other->preference;
    return strcmp(rr->target->text, other->target->text) < 0;
}

/* next_mx - the first after `last`; NULL: no more */
static const struct dns_rr *next_mx(const struct dns_answer *mx, const struct dns_rr *last)
{
    const struct dns_rr *next = NULL;

    for (const struct dns_rr *rr = dns_answer_first(mx); rr; rr = dns_answer_next(mx, rr))
        if ((last == NULL || is_before(last, rr)) && (next == NULL || is_before(rr, next)))
            next = rr;
    return next;
}

/* add_mx - a line for each mail host that DNS names */
static bool add_mx(struct app_making *making, struct sbuf *policy, struct err *why)
{
    const struct dns_answer *mx = making->mx;
    const char *domain = making->domain->text;
    const struct dns_rr *first = dns_answer_first(mx);

    if (!dns_status_is_answer(mx->status)) {
        making->is_undetermined = true;
        err_set_kind(why, ERR_USAGE,
                     "the mail hosts of %s could not be looked up: %s; name them with mx=HOST",
                     domain, mx->detail != NULL ? mx->detail : dns_status_to_text(mx->status));
    } else if (first == NULL)
        err_set_kind(why, ERR_USAGE, "%s has no MX records; name its mail hosts with mx=HOST",
                     domain);
    else if (first->target->labels == 0)
        err_set_kind(why, ERR_USAGE,
                     "%s accepts no mail (null MX, RFC 7505): MTA-STS has nothing to protect",
                     domain);
    else {
        for (const struct dns_rr *rr = next_mx(mx, NULL); rr != NULL; rr = next_mx(mx, rr))
            sbuf_addf(policy, "mx: %s\n", rr->target->text);
        return true;
    }
    return false;
}

/* needs_mx - no pattern was given, and the mode wants one */
static bool needs_mx(const struct app_making *making)
{
    for (size_t i = 0; i < making->word_count; i++)
        if (strcmp(making->words[i], "mode=none") == 0)
            return false;
    return !record_sts_has_word(making, "mx");
}

/* is_mx_wanted - to be named, or to be held against the patterns that were given */
static bool is_mx_wanted(const struct app_making *making)
{
    return making->mx == NULL && (needs_mx(making) || making->app->options.dns.count > 0);
}

/* ---- the two texts ---- */

/* add_lines - a line for each word with the key, or for its default */
static void add_lines(const struct app_making *making, struct sbuf *policy, const char *key,
                      const char *fallback)
{
    for (size_t i = 0; i < making->word_count; i++) {
        const char *value = word_value(making->words[i], key);

        if (value != NULL)
            sbuf_addf(policy, "%s: %s\n", key, value);
    }
    if (fallback != NULL && !record_sts_has_word(making, key))
        sbuf_addf(policy, "%s: %s\n", key, fallback);
}

/* make_policy - in the order of RFC 8461, 3.2 */
static bool make_policy(struct app_making *making, struct err *why)
{
    struct sbuf policy = sbuf_start(making->app->arena);

    sbuf_add(&policy, "version: STSv1\n");
    add_lines(making, &policy, "mode", MODE_FIRST);
    add_lines(making, &policy, "mx", NULL);
    if (needs_mx(making) && !add_mx(making, &policy, why))
        return false;
    add_lines(making, &policy, "max_age", MAX_AGE_FIRST);
    making->policy = sbuf_text(&policy);
    making->policy_url = arena_printf(
        making->app->arena, "https://mta-sts.%s/.well-known/mta-sts.txt", making->domain->text);
    return true;
}

/* make_id - the moment, as letters and digits: another one with every policy */
static const char *make_id(const struct app_making *making)
{
    struct sbuf id = sbuf_start(making->app->arena);

    for (const char *at = clock_to_text(making->app->arena, making->now); *at != '\0'; at++)
        if (ascii_is_alnum(*at) && *at != 'T')
            sbuf_add_octet(&id, *at);
    return sbuf_text(&id);
}

/* app_record_make_sts - the record, and its policy */
bool app_record_make_sts(struct app_making *making, struct err *why)
{
    const struct app_options *options = &making->app->options;

    if (!are_words(making, why) || !app_record_place(making, "_mta-sts", why) ||
        (is_mx_wanted(making) && !ask_mx(making, why)))
        return false;
    if (making->now == 0)
        making->now = app_options_now(options);
    sbuf_add(&making->text, "v=STSv1;");
    for (size_t i = 0; i < making->word_count; i++) {
        const char *id = word_value(making->words[i], "id");

        if (id != NULL)
            sbuf_addf(&making->text, " id=%s;", id);
    }
    if (!record_sts_has_word(making, "id"))
        sbuf_addf(&making->text, " id=%s", make_id(making));
    return make_policy(making, why);
}
