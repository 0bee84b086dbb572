/* --record-format and --fix. */
#include <string.h>

#include "app/app_remedy.h"
#include "app/app_options.h"
#include "base/arena.h"
#include "base/dns_name.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "base/table.h"
#include "gather/gather_reader.h"
#include "ledger/ledger.h"
#include "model/dns_answer.h"
#include "model/finding.h"
#include "model/remedy.h"
#include "remedy/remedy.h"
#include "render/render_record.h"

bool option_record_format(struct app_options *options, const char *text, struct err *why)
{
    struct sbuf names = sbuf_start(options->arena);

    options->record_form = render_record_find(text);
    if (options->record_form >= 0)
        return true;
    for (int form = 0; form < RENDER_RECORD_FORMS; form++)
        sbuf_addf(&names, "%s%s",
                  form == 0                        ? ""
                  : form < RENDER_RECORD_FORMS - 1 ? ", "
                                                   : " or ",
                  render_record_name((enum render_record_form)form));
    err_set_kind(why, ERR_USAGE, "--record-format %s",
                 app_option_unlisted(options, text, sbuf_text(&names)));
    return false;
}

/* ---- the file ---- */

struct fragment {
    const struct facts *facts;
    const struct remedy *fix;
    struct table *written; /* records that are in the file, or must not be */
    struct sbuf out;
};

/* remedy_key_of - owner, type and value: what makes a record */
static const char *remedy_key_of(struct arena *arena, const struct dns_rr *rr)
{
    return arena_printf(arena, "%s %d %s", rr->owner->text, (int)rr->type, remedy_value(rr));
}

/* remedy_is_new - the record was not written yet; it is from now on */
static bool remedy_is_new(struct fragment *fragment, const struct dns_rr *rr)
{
    bool is_new = false;

    table_slot(fragment->written, span_of(remedy_key_of(fragment->out.arena, rr)), &is_new);
    return is_new;
}

/* add_rest - what is known of the domain and stays as it is */
static void add_rest(struct fragment *fragment)
{
    const struct ledger *ledger = fragment->facts->ledger;
    const struct dns_name *domain = fragment->facts->domain.name;

    for (const struct remedy_edit *edit = fragment->fix->edits; edit; edit = edit->next) {
        remedy_is_new(fragment, edit->rr);
        if (edit->old != NULL)
            remedy_is_new(fragment, edit->old);
    }
    sbuf_add(&fragment->out,
             "\n"
             "; other known records of the domain, unchanged, so that this file can be "
             "checked\n");
    for (size_t i = 0; i < ledger_count(ledger); i++)
        for (const struct dns_rr *rr = ledger_get(ledger, i)->records; rr; rr = rr->next)
            if (dns_name_is_below(rr->owner, domain) && remedy_is_new(fragment, rr))
                sbuf_addf(&fragment->out, "%s\n", rr->text);
}

/* has_records - the file becomes a zone: something is to be published, or is known */
static bool has_records(const struct fragment *fragment)
{
    const struct ledger *ledger = fragment->facts->ledger;

    for (size_t i = 0; i < ledger_count(ledger); i++)
        for (const struct dns_rr *rr = ledger_get(ledger, i)->records; rr; rr = rr->next)
            if (dns_name_is_below(rr->owner, fragment->facts->domain.name))
                return true;
    return fragment->fix->edits != NULL;
}

/* add_heading - what the edits clear, as comments of zone files */
static void add_heading(struct fragment *fragment)
{
    size_t count = 0;
    const struct finding **gone =
        remedy_gone(fragment->out.arena, &fragment->fix->proof, &count);

    sbuf_addf(&fragment->out, "; %s: clears %zu finding%s, adds no error or warning\n",
              fragment->facts->domain.name->text, count, count == 1 ? "" : "s");
    for (size_t i = 0; i < count; i++)
        sbuf_addf(&fragment->out, ";   %s\n", gone[i]->id);
    if (has_records(fragment))
        sbuf_addf(&fragment->out,
                  "; check it with --dns zone:THIS-FILE@%s before the other --dns\n\n",
                  fragment->facts->domain.name->text);
    else
        sbuf_add(&fragment->out, "; nothing to publish; no record of the domain is known\n\n");
}

/* is_zone - a form in which comments and further records can be */
static bool is_zone(int form)
{
    return form == RENDER_RECORD_oneline || form == RENDER_RECORD_zone;
}

/* write_fix - the file of --fix */
static bool write_fix(struct app *app, const struct report *report, struct err *why)
{
    struct fragment fragment = {
        .facts = report->facts,
        .fix = report->plan->fix,
        .written = table_open(app->arena),
        .out = sbuf_start(app->arena),
    };
    int form = app->options.record_form;

    if (is_zone(form))
        add_heading(&fragment);
    render_record((enum render_record_form)form, fragment.fix, &fragment.out);
    if (is_zone(form))
        add_rest(&fragment);
    return app_write(app->options.fix, sbuf_span(&fragment.out), why);
}

bool app_remedy(struct app *app, struct report *report, struct err *why)
{
    remedy_find(app->arena, report->facts, report->findings);
    report->plan = remedy_plan(app->arena, report->facts, report->findings);
    gather_reader_rest(report->facts->reader);
    return app->options.fix == NULL || report->facts->domain.name == NULL ||
           write_fix(app, report, why);
}
