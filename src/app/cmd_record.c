/*
 * record: a record made from words, in the form a DNS console wants. What our own check would
 * complain about is not made: the record is put into a world of its own and judged there.
 */
#include <string.h>

#include "app/app_domain.h"
#include "app/app_options.h"
#include "app/app_record.h"
#include "app/app_run.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/file_write.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "base/suggest.h"
#include "ledger/ledger.h"
#include "model/facts.h"
#include "model/remedy.h"
#include "render/render_record.h"
#include "remedy/remedy.h"

/* ---- writing ---- */

/* save_private - a new file that nobody else can read; one that is there stays */
static bool save_private(const struct app_making *making, struct err *why)
{
    return making->private_pem == NULL ||
           file_create(making->app->options.key, span_of(making->private_pem), why);
}

/* write_policy - to its file; else it goes behind the record */
static bool write_policy(const struct app_making *making, struct sbuf *out, struct err *why)
{
    const char *path = making->app->options.policy_file;

    if (making->policy == NULL)
        return true;
    if (path != NULL)
        return app_write(path, span_of(making->policy), why);
    sbuf_addf(out, "\n; serve this as text/plain at %s\n%s", making->policy_url,
              making->policy);
    return true;
}

/* cmd_record_write_all - the private key first: without it the record is worth nothing */
static bool cmd_record_write_all(const struct app_making *making, struct err *why)
{
    struct arena *arena = making->app->arena;
    struct sbuf out = sbuf_start(arena);
    /* the world of a new record is empty: the set holds nothing but it */
    const struct facts facts = {.ledger = ledger_open(arena)};
    struct remedy_edit edit = {.action = REMEDY_ADD, .rr = app_record_judge(making, why)};
    struct remedy remedy = {.edits = &edit};

    if (edit.rr == NULL || !save_private(making, why))
        return false;
    remedy.sets = remedy_rrsets(arena, &facts, &edit);
    render_record((enum render_record_form)making->app->options.record_form, &remedy, &out);
    return write_policy(making, &out, why) && app_write("-", sbuf_span(&out), why);
}

/* ---- the command line ---- */

/* cmd_record_read_line - type, domain and words as far as they were given */
static bool cmd_record_read_line(struct app_making *making, struct err *why)
{
    struct app *app = making->app;
    const struct app_line *line = &app->line;

    if (line->argument_count > 0)
        making->type = app_record_type_find(span_of(line->arguments[0]));
    if (line->argument_count > 0 && making->type == NULL) {
        err_set_kind(
            why, ERR_USAGE, "unknown record type \"%s\": expected one of %s%s",
            escape_shown(app->arena, line->arguments[0]), app_record_types(app->arena),
            suggest_among(app->arena, line->arguments[0], app_record_types(app->arena)));
        return false;
    }
    if (line->argument_count > 1)
        making->domain = app_domain(app->arena, line->arguments[1], why);
    if (line->argument_count > 2) {
        making->words = line->arguments + 2;
        making->word_count = line->argument_count - 2;
    }
    return line->argument_count < 2 || making->domain != NULL;
}

/* is_complete - nothing has to be asked; else who could answer is asked */
static bool is_complete(struct app_making *making, struct err *why)
{
    if (app_record_can_ask(making->app))
        return app_record_ask(making, why);
    if (making->domain != NULL)
        return true;
    err_set_kind(why, ERR_USAGE,
                 "record needs arguments: mailassay record %s; the types are %s",
                 making->app->line.command->arguments, app_record_types(making->app->arena));
    return false;
}

/* has_place - forms for machines have no room for a policy */
static bool has_place(const struct app_making *making, struct err *why)
{
    const struct app_options *options = &making->app->options;

    if (making->type->make != app_record_make_sts || options->policy_file != NULL ||
        options->record_form == RENDER_RECORD_oneline)
        return true;
    err_set_kind(why, ERR_USAGE,
                 "record mta-sts --record-format %s: this format cannot hold the policy; write "
                 "it to a file with --policy-file",
                 render_record_name((enum render_record_form)options->record_form));
    return false;
}

int cmd_record(struct app *app)
{
    struct app_making making = {.app = app, .text = sbuf_start(app->arena)};
    struct err why = {0};
    int status = STATUS_FINE;

    if (cmd_record_read_line(&making, &why) && is_complete(&making, &why) &&
        has_place(&making, &why) && making.type->make(&making, &why) &&
        cmd_record_write_all(&making, &why))
        return STATUS_FINE;
    status = app_fail(app, &why);
    return making.is_undetermined ? STATUS_UNDETERMINED : status;
}
