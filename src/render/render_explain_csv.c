/*
 * One list of columns for recipients and for rows of a table: a row that counts several names
 * one of them. The order of the columns is a contract.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/limits_bounce.h"
#include "base/span.h"
#include "model/bounce.h"
#include "model/explain.h"
#include "model/reply.h"
#include "model/reply_cause.h"
#include "model/reply_class.h"
#include "model/report.h"
#include "render/render_csv.h"
#include "render/render_explain.h"

/* csv_untrusted - untrusted octets, bounded; NULL is an empty field */
static void csv_untrusted(struct sbuf *out, const char *text)
{
    render_csv_field(
        out, text != NULL ? escape_to_text(out->arena, span_of(text), LIMIT_BOUNCE_TEXT) : "");
}

/* csv_ours - a text that is safe already; NULL is an empty field */
static void csv_ours(struct sbuf *out, const char *text)
{
    render_csv_field(out, text != NULL ? text : "");
}

/* csv_count - a number, 0 as well */
static void csv_count(struct sbuf *out, size_t number)
{
    render_csv_field(out, arena_printf(out->arena, "%zu", number));
}

/* csv_what - the cause, and what it means for whom */
static void csv_what(struct sbuf *out, const struct reply_cause *cause, enum reply_move move,
                     const char *means)
{
    csv_ours(out, cause->id);
    csv_ours(out, cause->mechanism);
    csv_ours(out, reply_move_to_text(move));
    csv_ours(out, means);
}

/* csv_recipient - one recipient */
static void csv_recipient(struct sbuf *out, const struct explain_one *one)
{
    const struct bounce_recipient *said = one->said;
    const struct reply_input *input = &said->class->input;
    struct arena *arena = out->arena;

    csv_untrusted(out, said->address);
    csv_untrusted(out, one->receiver);
    csv_count(out, 1);
    csv_count(out, one->finality != REPLY_RETRY && one->finality != REPLY_NO_FAILURE);
    csv_what(out, said->class->cause, one->move, said->class->means);
    csv_ours(out, explain_still_to_text(one->still));
    csv_ours(out, one->reason);
    csv_ours(out, input->code >= 100 ? arena_printf(arena, "%u", input->code) : "");
    csv_ours(out,
             input->enhanced.kind != 0 ? smtp_enhanced_to_text(arena, &input->enhanced) : "");
    csv_untrusted(out, arena_strdup_span(arena, said->text));
    csv_ours(out, one->step_count > 0 ? one->steps[0].text : "");
    csv_untrusted(out, said->host);
    csv_untrusted(out, said->reporter);
    csv_ours(out, said->has_time ? clock_to_text(arena, said->time) : "");
    csv_untrusted(out, one->facts.ip);
    csv_untrusted(out, one->facts.mail_from);
    csv_untrusted(out, one->facts.from);
    csv_ours(out, one->customer);
    sbuf_add_octet(out, '\n');
}

/* csv_row - what a row of the table counts; the columns of a single recipient are empty */
static void csv_row(struct sbuf *out, const struct explain_row *row)
{
    enum reply_cause_id id = reply_cause_find(span_of(row->cause));
    const struct reply_cause other = {.id = row->cause, .mechanism = "", .means = ""};
    const struct reply_cause *cause = id < REPLY_CAUSES ? reply_cause_get(id) : &other;

    csv_untrusted(out, row->example);
    csv_untrusted(out, row->receiver);
    csv_count(out, row->count);
    csv_count(out, row->final_count);
    csv_what(out, cause, cause->move, cause->means);
    csv_ours(out, explain_still_to_text(EXPLAIN_UNKNOWN));
    for (int i = 0; i < 3; i++) /* reason, code, enhanced */
        csv_ours(out, "");
    csv_untrusted(out, row->text);
    csv_ours(out, cause->todo);
    for (int i = 0; i < 7; i++) /* host to customer */
        csv_ours(out, "");
    sbuf_add_octet(out, '\n');
}

void render_explain_csv(const struct explain *explain, const struct report_options *options,
                        struct sbuf *out)
{
    (void)options;
    sbuf_add(out, "recipient,receiver,count,final,cause,mechanism,move,means,still,reason,code,"
                  "enhanced,text,step,host,reported_by,at,ip,mail_from,from,customer\n");
    for (size_t i = 0; i < explain->count; i++)
        csv_recipient(out, explain->list[i]);
    for (size_t i = 0; explain->count == 0 && i < explain->row_count; i++)
        csv_row(out, &explain->rows[i]);
}
