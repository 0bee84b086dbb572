/*
 * Presentation form is made by dns/ and is the same everywhere: strings in quotes, at most 255
 * octets each, everything unusual as \DDD. The forms differ in what they put around it.
 */
#include <string.h>

#include "render/render_record.h"
#include "base/arena.h"
#include "base/span.h"
#include "model/dns_answer.h"
#include "render/render_json.h"

struct writer {
    const struct remedy_edit *edits;
    const struct remedy_rrset *sets;
    struct sbuf *out;
};

/* record_type_text - "TXT" */
static const char *record_type_text(const struct writer *writer, const struct dns_rr *rr)
{
    return dns_type_to_text(writer->out->arena, rr->type);
}

/* record_add_line - "owner. 3600 IN TXT value" */
static void record_add_line(const struct writer *writer, const char *before,
                            const struct dns_rr *rr)
{
    sbuf_addf(writer->out, "%s%s. %u IN %s %s\n", before, rr->owner->text, (unsigned)rr->ttl,
              record_type_text(writer, rr), remedy_value(rr));
}

/* write_oneline - removed records are comments */
static void write_oneline(const struct writer *writer)
{
    for (const struct remedy_edit *edit = writer->edits; edit != NULL; edit = edit->next) {
        if (edit->action == REMEDY_REPLACE)
            record_add_line(writer, "; remove: ", edit->old);
        record_add_line(writer, edit->action == REMEDY_REMOVE ? "; remove: " : "", edit->rr);
    }
}

/* record_add_strings - a long text over several lines, in brackets */
static void record_add_strings(const struct writer *writer, const struct dns_rr *rr)
{
    const char *value = remedy_value(rr);

    sbuf_addf(writer->out, "%s. %u IN %s (\n    ", rr->owner->text, (unsigned)rr->ttl,
              record_type_text(writer, rr));
    for (bool is_inside = false; *value != '\0'; value++) {
        if (*value == '\\' && value[1] != '\0')
            sbuf_add_octet(writer->out, *value++);
        else if (*value == '"')
            is_inside = !is_inside;
        else if (*value == ' ' && !is_inside) {
            sbuf_add(writer->out, "\n    ");
            continue;
        }
        sbuf_add_octet(writer->out, *value);
    }
    sbuf_add(writer->out, " )\n");
}

/* write_zone - for an editor */
static void write_zone(const struct writer *writer)
{
    for (const struct remedy_edit *edit = writer->edits; edit != NULL; edit = edit->next) {
        if (edit->action == REMEDY_REPLACE)
            record_add_line(writer, "; remove: ", edit->old);
        if (edit->action != REMEDY_REMOVE && edit->rr->string_count > 1)
            record_add_strings(writer, edit->rr);
        else
            record_add_line(writer, edit->action == REMEDY_REMOVE ? "; remove: " : "",
                            edit->rr);
    }
}

/* write_nsupdate - in one transaction; all deletions first, since a server passes over what
 * would be next to an alias (RFC 2136, 3.4.2.2) */
static void write_nsupdate(const struct writer *writer)
{
    for (const struct remedy_edit *edit = writer->edits; edit != NULL; edit = edit->next) {
        const struct dns_rr *old = edit->action == REMEDY_REPLACE ? edit->old : edit->rr;

        if (edit->action != REMEDY_ADD)
            sbuf_addf(writer->out, "update delete %s. %s %s\n", old->owner->text,
                      record_type_text(writer, old), remedy_value(old));
    }
    for (const struct remedy_edit *edit = writer->edits; edit != NULL; edit = edit->next)
        if (edit->action != REMEDY_REMOVE)
            sbuf_addf(writer->out, "update add %s. %u %s %s\n", edit->rr->owner->text,
                      (unsigned)edit->rr->ttl, record_type_text(writer, edit->rr),
                      remedy_value(edit->rr));
    sbuf_add(writer->out, "send\n");
}

/* ---- JSON ---- */

/* set_ttl - that of the first record; a set has one */
static json_t *set_ttl(const struct remedy_rrset *set)
{
    return json_integer(
        (json_int_t)(set->after_count > 0 ? set->after[0] : set->before[0])->ttl);
}

/* route53_value - as in zone files, except that \DDD is octal there */
static const char *route53_value(struct arena *arena, const struct dns_rr *rr)
{
    struct sbuf text = sbuf_start(arena);

    for (const char *at = remedy_value(rr); *at != '\0'; at++) {
        sbuf_add_octet(&text, *at);
        if (*at != '\\')
            continue;
        if (!ascii_is_digit(at[1])) {
            sbuf_add_octet(&text, *++at);
            continue;
        }
        sbuf_addf(&text, "%03o",
                  (unsigned)((at[1] - '0') * 100 + (at[2] - '0') * 10 + (at[3] - '0')));
        at += 3;
    }
    return sbuf_text(&text);
}

/* route53_change - one set: as it becomes, or gone */
static json_t *route53_change(const struct writer *writer, const struct remedy_rrset *set)
{
    json_t *records = json_array();
    bool is_gone = set->after_count == 0;
    const struct dns_rr **rrs = is_gone ? set->before : set->after;
    size_t count = is_gone ? set->before_count : set->after_count;

    for (size_t i = 0; i < count; i++)
        json_array_append_new(
            records, json_pack("{s:s}", "Value", route53_value(writer->out->arena, rrs[i])));
    return json_pack("{s:s, s:{s:s, s:s, s:o, s:o}}", "Action", is_gone ? "DELETE" : "UPSERT",
                     "ResourceRecordSet", "Name",
                     arena_printf(writer->out->arena, "%s.", set->name->text), "Type",
                     dns_type_to_text(writer->out->arena, set->type), "TTL", set_ttl(set),
                     "ResourceRecords", records);
}

/* write_route53 - whole sets */
static void write_route53(const struct writer *writer)
{
    json_t *changes = json_array();

    for (const struct remedy_rrset *set = writer->sets; set != NULL; set = set->next)
        json_array_append_new(changes, route53_change(writer, set));
    render_json_write(json_pack("{s:o}", "Changes", changes), writer->out);
}

/* add_template_octet - "${" and "%{" begin an expression in Terraform; doubled they are text */
static void add_template_octet(struct sbuf *text, const char *at)
{
    if ((*at == '$' || *at == '%') && at[1] == '{')
        sbuf_add_octet(text, *at);
    sbuf_add_octet(text, *at);
}

/* terraform_value - the provider puts the outer quotes; between strings there are two */
static const char *terraform_value(struct arena *arena, const struct dns_rr *rr)
{
    static const char seam[] = "\" \"";
    struct sbuf text = sbuf_start(arena);
    const char *value = route53_value(arena, rr);

    for (const char *at = value; *at != '\0'; at++) {
        if (*at == '\\')
            sbuf_add_octet(&text, *at++);
        else if (strncmp(at, seam, strlen(seam)) == 0) {
            sbuf_add(&text, "\"\"");
            at += strlen(seam) - 1;
            continue;
        } else if (*at == '"')
            continue; /* the outer ones */
        add_template_octet(&text, at);
    }
    return sbuf_text(&text);
}

/* terraform_label - "_dmarc.example.com" and TXT as an identifier that is not taken */
static const char *terraform_label(struct arena *arena, const struct remedy_rrset *set,
                                   const json_t *taken)
{
    struct sbuf label = sbuf_start(arena);

    sbuf_addf(&label, "%s_", dns_type_to_text(arena, set->type));
    for (const char *at = set->name->text; *at != '\0'; at++)
        sbuf_add_octet(&label, ascii_is_alnum(*at) ? *at : '_');
    while (json_object_get(taken, sbuf_text(&label)) != NULL)
        sbuf_add_octet(&label, '_');
    return sbuf_text(&label);
}

/* note_gone - a comment, since a configuration says nothing of what is not there */
static void note_gone(struct arena *arena, json_t *root, const struct sbuf *gone)
{
    if (gone->len > 0)
        json_object_set_new(
            root, "//",
            json_string(arena_printf(arena, "remove from the configuration: %s",
                                     arena_strdup_span(arena, sbuf_span(gone)))));
}

/* write_terraform - the sets that stay; those that go are named in a comment */
static void write_terraform(const struct writer *writer)
{
    struct arena *arena = writer->out->arena;
    json_t *root = json_object();
    json_t *sets = json_object();
    struct sbuf gone = sbuf_start(arena);

    for (const struct remedy_rrset *set = writer->sets; set != NULL; set = set->next) {
        json_t *records = json_array();

        for (size_t i = 0; i < set->after_count; i++)
            json_array_append_new(records, json_string(terraform_value(arena, set->after[i])));
        json_t *body =
            json_pack("{s:s, s:s, s:s, s:o, s:o}", "zone_id", "${var.zone_id}", "name",
                      set->name->text, "type", dns_type_to_text(arena, set->type), "ttl",
                      set_ttl(set), "records", records);
        if (set->after_count > 0) {
            json_object_set_new(sets, terraform_label(arena, set, sets), body);
            continue;
        }
        sbuf_addf(&gone, "%s%s of %s", gone.len > 0 ? ", " : "",
                  dns_type_to_text(arena, set->type), set->name->text);
        json_decref(body);
    }
    note_gone(arena, root, &gone);
    json_object_update_new(root,
                           json_pack("{s:{s:o}}", "resource", "aws_route53_record", sets));
    render_json_write(root, writer->out);
}

/* cloudflare_record - name, type and content; the TTL of what is new */
static json_t *cloudflare_record(const struct writer *writer, const struct dns_rr *rr,
                                 bool has_ttl)
{
    struct span content = span_of(remedy_value(rr));

    json_t *record =
        json_pack("{s:s, s:s}", "type", record_type_text(writer, rr), "name", rr->owner->text);
    if (rr->type == DNS_MX) {
        json_object_set_new(record, "priority", json_integer(rr->preference));
        span_cut(&content, ' ');
    }
    json_object_set_new(record, "content",
                        json_string(arena_strdup_span(writer->out->arena, content)));
    if (has_ttl)
        json_object_set_new(record, "ttl", json_integer((json_int_t)rr->ttl));
    return record;
}

/* write_cloudflare - deletes and posts */
static void write_cloudflare(const struct writer *writer)
{
    json_t *deletes = json_array();
    json_t *posts = json_array();

    for (const struct remedy_edit *edit = writer->edits; edit != NULL; edit = edit->next) {
        const struct dns_rr *old = edit->action == REMEDY_REPLACE ? edit->old : edit->rr;

        if (edit->action != REMEDY_ADD)
            json_array_append_new(deletes, cloudflare_record(writer, old, false));
        if (edit->action != REMEDY_REMOVE)
            json_array_append_new(posts, cloudflare_record(writer, edit->rr, true));
    }
    render_json_write(json_pack("{s:o, s:o}", "deletes", deletes, "posts", posts), writer->out);
}

/* ---- the table ---- */

static const struct {
    const char *name;
    void (*write)(const struct writer *writer);
} forms[] = {
#define RENDER_RECORD(id, summary) {#id, write_##id},
#include "render/render_record.def"
};

int render_record_find(const char *name)
{
    for (int form = 0; form < RENDER_RECORD_FORMS; form++)
        if (strcmp(forms[form].name, name) == 0)
            return form;
    return -1;
}

const char *render_record_name(enum render_record_form form)
{
    return forms[form].name;
}

void render_record(enum render_record_form form, const struct remedy *remedy, struct sbuf *out)
{
    const struct writer writer = {.edits = remedy->edits, .sets = remedy->sets, .out = out};

    forms[form].write(&writer);
}
