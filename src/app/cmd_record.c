/*
 * record: a record made from words, in the form a DNS console wants. What our own check would
 * complain about is not made: the record is put into a world of its own and judged there.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "app/app_run.h"
#include "app/pipeline.h"
#include "auth/auth_dkim_make.h"
#include "base/escape.h"
#include "base/limits.h"
#include "dns/dns_ledger.h"
#include "dns/dns_rr.h"
#include "remedy/remedy.h"
#include "report/render_record.h"

#define TTL 3600

struct making {
    struct app *app;
    const struct dns_name *domain;
    const struct dns_name *owner;
    struct sbuf text;
    const char *private_pem;       /* NULL: none was made */
};

bool option_key(struct app_options *options, const char *text, struct err *why)
{
    options->key = text;
    if (text[0] != '\0')
        return true;
    err_set_kind(why, ERR_USAGE, "--key: the file has no name");
    return false;
}

/* words - the arguments after type and domain */
static size_t words(const struct app *app, const char *const **words_out)
{
    *words_out = app->line.arguments + 2;
    return app->line.argument_count - 2;
}

/* shown - what the user wrote, fit for a sentence */
static const char *shown(const struct app *app, const char *text)
{
    return escape_to_text(app->arena, span_of(text), LIMIT_SHOWN_BYTES);
}

/* ---- the texts ---- */

/* make_spf - terms as they are; without an end strangers get softfail */
static bool make_spf(struct making *making, struct err *why)
{
    const char *const *terms = NULL;
    size_t count = words(making->app, &terms);
    struct rec_spf record;

    (void)why;
    making->owner = making->domain;
    sbuf_add(&making->text, "v=spf1");
    for (size_t i = 0; i < count; i++)
        sbuf_addf(&making->text, " %s",
                  strcmp(terms[i], "all=fail") == 0       ? "-all"
                  : strcmp(terms[i], "all=softfail") == 0 ? "~all"
                                                          : terms[i]);
    rec_spf_parse(making->app->arena, sbuf_span(&making->text), &record);
    if (record.all == NULL && record.redirect == NULL)
        sbuf_add(&making->text, " ~all");
    return true;
}

/* make_dmarc - tags as they are */
static bool make_dmarc(struct making *making, struct err *why)
{
    const char *const *tags = NULL;
    size_t count = words(making->app, &tags);

    making->owner = dns_name_prepend(making->app->arena, "_dmarc", making->domain);
    if (making->owner == NULL) {
        err_set_kind(why, ERR_USAGE, "_dmarc.%s is too long for a name", making->domain->text);
        return false;
    }
    sbuf_add(&making->text, "v=DMARC1");
    for (size_t i = 0; i < count; i++)
        sbuf_addf(&making->text, "; %s", tags[i]);
    return true;
}

/* key_bits - of the kind of key that was asked for; false: there is none of the name */
static bool key_bits(const struct app *app, unsigned *bits_out, struct err *why)
{
    static const struct {
        const char *word;
        unsigned bits;
    } kinds[] = {{"rsa2048", 2048}, {"rsa3072", 3072}, {"ed25519", 0}};
    const char *const *kind = NULL;
    size_t count = words(app, &kind);

    *bits_out = kinds[0].bits;
    for (size_t i = 0; count == 1 && i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kinds[i].word, kind[0]) == 0) {
            *bits_out = kinds[i].bits;
            return true;
        }
    if (count > 0)
        err_set_kind(why, ERR_USAGE, "record dkim: \"%s\" is no kind of key; there are "
                     "rsa2048, rsa3072 and ed25519", shown(app, kind[count - 1]));
    return count == 0;
}

/* make_dkim - a key pair; the private key is kept for later */
static bool make_dkim(struct making *making, struct err *why)
{
    struct app *app = making->app;
    struct auth_dkim_pair pair = {0};
    unsigned bits = 0;

    if (!key_bits(app, &bits, why))
        return false;
    if (app->options.selectors.count != 1 || app->options.key == NULL) {
        err_set_kind(why, ERR_USAGE, "record dkim needs one --selector, and --key FILE for the "
                     "private key");
        return false;
    }
    making->owner = dns_name_prepend(
        app->arena, arena_printf(app->arena, "%s._domainkey", app->options.selectors.texts[0]),
        making->domain);
    if (making->owner == NULL) {
        err_set_kind(why, ERR_USAGE, "--selector %s: too long for a name with %s",
                     app->options.selectors.texts[0], making->domain->text);
        return false;
    }
    if (!auth_dkim_make(app->arena, bits, &pair, why))
        return false;
    making->private_pem = pair.private_pem;
    sbuf_addf(&making->text, "v=DKIM1; k=%s; p=%s", pair.type, pair.public_base64);
    return true;
}

static const struct {
    const char *name;
    bool (*make)(struct making *making, struct err *why);
} types[] = {{"spf", make_spf}, {"dmarc", make_dmarc}, {"dkim", make_dkim}};

/* ---- judging ---- */

/* record_of - the text cut into strings */
static const struct dns_rr *record_of(const struct making *making)
{
    const struct dns_rr_head head = {making->owner, DNS_TXT, TTL};

    return remedy_text_rr(making->app->arena, &head, sbuf_span(&making->text));
}

/* facts_with - a world that holds this record and of which nothing else is known */
static const struct facts *facts_with(const struct making *making, const struct dns_rr *rr)
{
    struct arena *arena = making->app->arena;
    struct dns_answer *answer = arena_new_of(arena, struct dns_answer);
    const struct dns_answer **changed = arena_array_of(arena, const struct dns_answer *, 1);
    struct subject *subject = arena_new_of(arena, struct subject);
    struct dns_rr *copy = arena_new_of(arena, struct dns_rr);
    const struct facts start = {.subject = subject};

    *copy = *rr;
    answer->question = (struct dns_question){making->owner, DNS_TXT};
    answer->status = DNS_OK;
    dns_answer_append(answer, copy);
    changed[0] = answer;
    subject->domain = making->domain;
    subject->domain_shown = making->domain->text;
    subject->selectors = making->app->options.selectors.texts;
    subject->selector_count = making->app->options.selectors.count;
    return gather_supposed(arena, &start,
                           dns_ledger_over(arena, dns_ledger_open(arena), changed, 1));
}

/* is_about - the finding is about the record that is made */
static bool is_about(const struct finding *finding, const struct making *making)
{
    const struct finding_where *where = &finding->where;

    return finding->status == FINDING_FIRES && finding->severity <= SEV_WARNING &&
           where->name != NULL && strcmp(where->name, making->owner->text) == 0 &&
           where->type != NULL && strcmp(where->type, "TXT") == 0;
}

/* is_sound - our own check has nothing to complain about */
static bool is_sound(const struct making *making, const struct facts *facts, struct err *why)
{
    struct arena *arena = making->app->arena;

    for (const struct finding *finding = check_run(arena, facts); finding != NULL;
         finding = finding->next)
        if (is_about(finding, making)) {
            err_set_kind(why, ERR_USAGE, "not made: %s: %s", finding->id,
                         check_text(arena, finding));
            return false;
        }
    return true;
}

/* ---- writing ---- */

/* save_private - a new file that nobody else can read; one that is there stays */
static bool save_private(const struct making *making, struct err *why)
{
    const char *path = making->app->options.key;
    struct span rest = span_of(making->private_pem);
    int fd = -1;
    bool is_saved = false;

    if (making->private_pem == NULL)
        return true;
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        err_set(why, "%s: %s", path,
                errno == EEXIST ? "is there already; a key is never overwritten"
                                : strerror(errno));
        return false;
    }
    is_saved = write(fd, rest.at, rest.len) == (ssize_t)rest.len;
    is_saved = close(fd) == 0 && is_saved;
    if (!is_saved) {
        unlink(path);
        err_set(why, "%s: cannot be written", path);
    }
    return is_saved;
}

/* write_record - the private key first: without it the record is worth nothing */
static bool write_record(const struct making *making, struct err *why)
{
    struct sbuf out = sbuf_start(making->app->arena);
    struct remedy_edit edit = {.action = REMEDY_ADD, .rr = record_of(making)};
    const struct facts *facts = NULL;

    if (edit.rr == NULL) {
        err_set_kind(why, ERR_USAGE, "not made: the text is too long for a record");
        return false;
    }
    facts = facts_with(making, edit.rr);
    if (!is_sound(making, facts, why) || !save_private(making, why))
        return false;
    /* the world of a new record is empty: the set holds nothing but it */
    *(struct facts *)facts = (struct facts){.ledger = dns_ledger_open(making->app->arena)};
    render_record((enum render_record_form)making->app->options.record_form, facts, &edit,
                  &out);
    return app_write("-", sbuf_span(&out), why);
}

int cmd_record(struct app *app)
{
    struct making making = {.app = app, .text = sbuf_start(app->arena)};
    struct err why = {0};
    size_t type = 0;

    while (type < sizeof(types) / sizeof(types[0]) &&
           strcmp(types[type].name, app->line.arguments[0]) != 0)
        type++;
    if (type == sizeof(types) / sizeof(types[0])) {
        err_set_kind(&why, ERR_USAGE, "record \"%s\": there are spf, dmarc and dkim",
                     shown(app, app->line.arguments[0]));
        return app_fail(app, &why);
    }
    making.domain = app_domain(app->arena, app->line.arguments[1], &why);
    if (making.domain == NULL || !types[type].make(&making, &why) ||
        !write_record(&making, &why))
        return app_fail(app, &why);
    return STATUS_FINE;
}
