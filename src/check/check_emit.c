/*
 * Findings are linked in the order in which they are emitted; what distinguishes two of one row
 * is gathered here from the place unless the check says otherwise.
 */
#include "check/check_emit.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "check/check_facts.h"
#include "model/rec_dkim.h"

#define PART_SHOWN 60 /* of the text around a fault: enough to find it */

/* count_finding - one more of a row that shows all it may: nothing is kept of it */
static struct found *count_finding(struct emitter *out)
{
    if (out->unkept == NULL) {
        out->unkept = arena_new_of(out->arena, struct found);
        out->unkept->finding = arena_new_of(out->arena, struct finding);
        out->unkept->is_counted_only = true;
    }
    out->last->more++;
    return out->unkept;
}

/* open_finding - link an empty finding of the row that is running */
static struct found *open_finding(struct emitter *out, struct finding_where where)
{
    const struct check_row *row = check_row_get(out->row);
    struct found *found = NULL;
    struct finding *finding = NULL;

    if (out->row_count++ >= LIMIT_ROW_FINDINGS)
        return count_finding(out);
    found = arena_new_of(out->arena, struct found);
    finding = arena_new_of(out->arena, struct finding);
    finding->id = row->id;
    finding->row = out->row;
    finding->severity = row->severity;
    finding->where = where;
    finding->key = arena_printf(out->arena, "%s %s %s", where.name ? where.name : "",
                                where.type ? where.type : "", where.term ? where.term : "");
    *out->tail = finding;
    out->tail = &finding->next;
    out->last = finding;
    found->arena = out->arena;
    found->finding = finding;
    found->tail = &finding->args;
    return found;
}

struct found *emit(struct emitter *out, struct finding_where where)
{
    struct found *found = open_finding(out, where);

    found->finding->status = FINDING_FIRES;
    return found;
}

struct found *emit_undetermined(struct emitter *out, struct finding_where where,
                                const char *reason)
{
    struct found *found = open_finding(out, where);

    found->finding->status = FINDING_UNDETERMINED;
    found_text(found, "reason", reason);
    return found;
}

/* add_arg - an empty argument at the end */
static struct finding_arg *add_arg(struct found *found, const char *key)
{
    struct finding_arg *arg = arena_new_of(found->arena, struct finding_arg);

    arg->key = key;
    *found->tail = arg;
    found->tail = &arg->next;
    return arg;
}

void emit_several(struct emitter *out, const struct text_facts *text)
{
    if (text->count > 1)
        found_number(emit(out, where_rr(out, text->answer, text->rr)), "count",
                     (int64_t)text->count);
}

void emit_meant(struct emitter *out, const struct text_facts *text, const char *word)
{
    if (text->answer == NULL || text->count > 0)
        return;
    for (const struct dns_rr *rr = dns_answer_first(text->answer); rr != NULL;
         rr = dns_answer_next(text->answer, rr))
        if (check_holds(rr->joined, word))
            found_span(emit(out, where_rr(out, text->answer, rr)), "text", rr->joined);
}

void found_number(struct found *found, const char *key, int64_t number)
{
    if (found->is_counted_only)
        return;
    add_arg(found, key)->number = number;
}

void found_text(struct found *found, const char *key, const char *text)
{
    if (!found->is_counted_only)
        add_arg(found, key)->text = text != NULL ? text : "";
}

void found_span(struct found *found, const char *key, struct span bytes)
{
    if (!found->is_counted_only)
        found_text(found, key, escape_to_text(found->arena, bytes, LIMIT_SHOWN_BYTES));
}

void found_name(struct found *found, const char *key, const struct dns_name *name)
{
    found_text(found, key, name != NULL ? name->text : "");
}

void found_key(struct found *found, const char *key)
{
    found->finding->key = key;
}

void found_severity(struct found *found, enum severity severity)
{
    found->finding->severity = severity;
}

void found_fault(struct found *found, const struct fault *fault)
{
    if (found->is_counted_only)
        return;
    found_text(found, "part", escape_to_text(found->arena, fault->part, PART_SHOWN));
    found_text(found, "fault", fault->text);
    found->finding->key =
        arena_printf(found->arena, "%s %d %s", found->finding->key, fault->kind,
                     escape_to_text(found->arena, fault->part, LIMIT_SHOWN_BYTES));
}

struct finding_where where_name(struct emitter *out, const struct dns_name *name,
                                enum dns_type type)
{
    return (struct finding_where){.name = name->text,
                                  .type = dns_type_to_text(out->arena, type)};
}

struct finding_where where_rr(struct emitter *out, const struct dns_answer *answer,
                              const struct dns_rr *rr)
{
    struct finding_where where = where_name(out, answer->question.name, rr->type);

    where.file = rr->file;
    where.line = rr->line;
    where.rr = rr;
    return where;
}

struct finding_where where_node(struct emitter *out, const struct auth_spf_node *node,
                                struct span term)
{
    struct finding_where where = where_rr(out, node->answer, node->rr);

    if (term.len > 0)
        where.term = escape_to_text(out->arena, term, LIMIT_SHOWN_BYTES);
    return where;
}

struct finding_where where_header(struct emitter *out, const struct mail_header *header)
{
    struct finding_where where = where_line(out, header->line);

    where.name = escape_to_text(out->arena, header->name, LIMIT_SHOWN_BYTES);
    return where;
}

struct finding_where where_from(struct emitter *out)
{
    const struct message_facts *message = &out->facts->message;
    const struct mail_header *from = mail_header_find(message->message, "From", 0);
    struct finding_where where = from != NULL ? where_header(out, from) : where_line(out, 0);

    where.term = message->author != NULL ? message->author->text : NULL;
    return where;
}

struct finding_where where_signature(struct emitter *out,
                                     const struct auth_dkim_verdict *verdict)
{
    const struct rec_dkim_signature *parsed = &verdict->signature->parsed;
    struct finding_where where = where_header(out, verdict->signature->header);

    if (parsed->domain != NULL && parsed->selector != NULL)
        where.term =
            arena_printf(out->arena, "d=%s s=%s", parsed->domain->text, parsed->selector->text);
    return where;
}

struct finding_where where_line(struct emitter *out, int line)
{
    const struct mail_message *message = out->facts->message.message;

    return (struct finding_where){
        .type = "header",
        .file = message != NULL ? message->path : NULL,
        .line = line,
    };
}

struct finding_where where_envelope(const char *part, const char *value)
{
    return (struct finding_where){.name = part, .type = "envelope", .term = value};
}

struct check_list check_list_start(struct arena *arena, size_t max)
{
    return (struct check_list){.text = sbuf_start(arena), .max = max};
}

void check_list_add(struct check_list *list, const char *text)
{
    if (list->count++ >= list->max)
        return;
    if (list->count > 1)
        sbuf_add(&list->text, ", ");
    sbuf_add(&list->text, text);
}

const char *check_list_text(struct check_list *list)
{
    if (list->count > list->max)
        sbuf_addf(&list->text, " and %zu more", list->count - list->max);
    return sbuf_text(&list->text);
}
