/* The texts of records: words as they were given, behind what makes them records. */
#include <string.h>

#include "app/app_options.h"
#include "app/app_providers.h"
#include "app/app_record.h"
#include "app/app_run.h"
#include "auth/auth_dkim_make.h"
#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "base/suggest.h"
#include "model/dns_answer.h"
#include "model/provider.h"
#include "model/rec_meant.h"
#include "model/rec_spf.h"
#include "record/rec_meant.h"
#include "record/rec_spf.h"
#include "remedy/remedy_new.h"

bool app_record_place(struct app_making *making, const char *labels, struct err *why)
{
    making->owner = dns_name_prepend(making->app->arena, labels, making->domain);
    if (making->owner == NULL)
        err_set_kind(why, ERR_USAGE, "%s.%s is too long for a name", labels,
                     making->domain->text);
    return making->owner != NULL;
}

/* is_guessed - a word is misspelt: the user is there and can type it again */
static bool is_guessed(const struct rec_meant *meant)
{
    for (const struct rec_repair *repair = meant->repairs; repair != NULL;
         repair = repair->next)
        if (repair->kind == REC_REPAIR_VALUE || repair->kind == REC_REPAIR_TARGET)
            return true;
    return false;
}

/* take_meant - the record as it was meant, where that is certain */
static void take_meant(struct app_making *making, const struct rec_meant *meant)
{
    if (!rec_meant_differs(meant) || meant->other != NULL || is_guessed(meant))
        return;
    making->text = sbuf_start(making->app->arena);
    sbuf_add_span(&making->text, meant->text);
}

/* provider_term - "include:..." for the name of a provider; NULL: the word is not one, or
 * `why` says that the provider has several records to choose from */
static const char *provider_term(const struct app_making *making, const char *word,
                                 struct err *why)
{
    const struct provider_set *set = app_providers_open(making->app, why);
    const struct provider *provider = provider_find(set, word);
    const struct provider_names *names =
        provider != NULL ? &provider->lists[PROVIDER_BY_SPF] : NULL;
    struct sbuf list = sbuf_start(making->app->arena);

    if (names == NULL || names->count == 0)
        return NULL;
    if (names->count == 1)
        return arena_printf(making->app->arena, "include:%s", names->names[0]);
    for (size_t i = 0; i < names->count; i++)
        sbuf_addf(&list, "%sinclude:%s", i > 0 ? ", " : "", names->names[i]);
    err_set_kind(why, ERR_USAGE, "record spf: %s has several records: use one of %s",
                 provider->title, sbuf_text(&list));
    return NULL;
}

/* spf_word - a word of the user as a term */
static const char *spf_word(const struct app_making *making, const char *word, struct err *why)
{
    static const char ends[] = "all=fail or all=softfail";
    const char *include = NULL;

    if (strcmp(word, "all=fail") == 0)
        return "-all";
    if (strcmp(word, "all=softfail") == 0)
        return "~all";
    if (strncmp(word, "all=", 4) == 0)
        err_set_kind(why, ERR_USAGE, "record spf: unknown word \"%s\": expected %s%s",
                     escape_shown(making->app->arena, word), ends,
                     suggest_among(making->app->arena, word, ends));
    include = provider_term(making, word, why);
    return include != NULL ? include : word;
}

/* app_record_make_spf - terms, names of providers, and what they were meant to be; without an
 * "all" other hosts get softfail */
bool app_record_make_spf(struct app_making *making, struct err *why)
{
    struct rec_spf record;
    struct span text;

    making->owner = making->domain;
    if (making->word_count == 0) {
        err_set_kind(why, ERR_USAGE,
                     "record spf: no host would be listed: name those that send, such as mx, "
                     "ip4:192.0.2.1 or google-workspace; all=fail alone is for a domain that "
                     "sends nothing");
        return false;
    }
    sbuf_add(&making->text, "v=spf1");
    for (size_t i = 0; i < making->word_count; i++) {
        sbuf_addf(&making->text, " %s", spf_word(making, making->words[i], why));
        if (why->kind != ERR_NONE)
            return false;
    }
    text = sbuf_span(&making->text);
    take_meant(making, rec_meant_spf(making->app->arena, &text, 1, NULL));
    rec_spf_parse(making->app->arena, sbuf_span(&making->text), &record);
    if (record.all == NULL && record.redirect == NULL)
        sbuf_add(&making->text, " ~all");
    return true;
}

/* ---- lists of tags ---- */

static const struct {
    const char *type;
    const char *labels;
    const char *version;
} places[] = {
    {"dmarc", "_dmarc", "v=DMARC1;"},
    {"tls-rpt", "_smtp._tls", "v=TLSRPTv1;"},
};

/* app_record_make_tags - tags as they are */
bool app_record_make_tags(struct app_making *making, struct err *why)
{
    size_t place = 0;

    while (strcmp(places[place].type, making->type->name) != 0)
        place++;
    if (!app_record_place(making, places[place].labels, why))
        return false;
    sbuf_add(&making->text, places[place].version);
    for (size_t i = 0; i < making->word_count; i++)
        sbuf_addf(&making->text, "%s %s", i > 0 ? ";" : "", making->words[i]);
    if (strcmp(making->type->name, "dmarc") == 0) {
        const struct span text = sbuf_span(&making->text);

        take_meant(making, rec_meant_dmarc(making->app->arena, &text, 1));
    }
    return true;
}

/* ---- DKIM ---- */

/* key_bits - of the kind of key that was asked for; false: unknown */
static bool key_bits(const struct app_making *making, unsigned *bits_out, struct err *why)
{
    static const struct {
        const char *word;
        unsigned bits;
    } kinds[] = {{"rsa2048", 2048}, {"rsa3072", 3072}, {"ed25519", 0}};

    *bits_out = kinds[0].bits;
    for (size_t i = 0; making->word_count == 1 && i < COUNT_OF(kinds); i++)
        if (strcmp(kinds[i].word, making->words[0]) == 0) {
            *bits_out = kinds[i].bits;
            return true;
        }
    if (making->word_count > 0)
        err_set_kind(why, ERR_USAGE,
                     "record dkim: unknown key type \"%s\": expected rsa2048, rsa3072 or "
                     "ed25519",
                     escape_shown(making->app->arena, making->words[making->word_count - 1]));
    return making->word_count == 0;
}

/* app_record_make_dkim - a key pair; the private key is kept for later */
bool app_record_make_dkim(struct app_making *making, struct err *why)
{
    struct app *app = making->app;
    struct auth_dkim_pair pair = {0};
    unsigned bits = 0;

    if (!key_bits(making, &bits, why))
        return false;
    if (app->options.selectors.count != 1 || app->options.key == NULL) {
        err_set_kind(why, ERR_USAGE,
                     "record dkim needs one --selector, and --key FILE for the "
                     "private key");
        return false;
    }
    if (!app_record_place(
            making, arena_printf(app->arena, "%s._domainkey", app->options.selectors.texts[0]),
            why) ||
        !auth_dkim_make(app->arena, bits, &pair, why))
        return false;
    making->private_pem = pair.private_pem;
    sbuf_addf(&making->text, "v=DKIM1; k=%s; p=%s", pair.type, pair.public_base64);
    return true;
}

/* ---- what is made ---- */

const struct dns_rr *app_record_judge(const struct app_making *making, struct err *why)
{
    const struct app_list *selectors = &making->app->options.selectors;
    const struct remedy_new made = {
        .domain = making->domain,
        .owner = making->owner,
        .text = sbuf_span(&making->text),
        .selectors = selectors->texts,
        .selector_count = selectors->count,
        .policy = making->policy,
        .policy_url = making->policy_url,
        .mx = making->mx,
        .now = making->now,
    };

    return remedy_new_rr(making->app->arena, &made, why);
}
