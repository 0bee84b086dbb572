/* Codes and replies for people and for programs. */
#include "render/render_codes.h"
#include "base/arena.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "model/reply.h"
#include "model/reply_cause.h"
#include "model/reply_code.h"
#include "model/reply_phrase.h"
#include "render/render_json.h"
#include "render/render_page.h"

#define COLUMN_TEXT 12
#define COLUMN_MORE 26

/* code_text - "550 5.7.1 [S3150]" */
static const char *code_text(struct arena *arena, const struct reply_code *row)
{
    struct sbuf text = sbuf_start(arena);

    if (row->reply != 0)
        sbuf_addf(&text, "%u", row->reply);
    if (row->enhanced != NULL)
        sbuf_add_item(&text, " ", row->enhanced);
    if (row->mark != NULL)
        sbuf_addf(&text, " \"%s\"", row->mark);
    return sbuf_text(&text);
}

/* class_style - how bad it is */
static enum page_style class_style(unsigned number)
{
    return number == 5 ? PAGE_BAD : number == 4 ? PAGE_DOUBT : PAGE_GOOD;
}

/* codes_explain - one row in full */
static void codes_explain(struct page *page, const struct reply_code *row)
{
    page_put(page, PAGE_STRONG, row->who);
    page_put(page, PAGE_PLAIN, "  ");
    page_put(page, PAGE_FAINT, code_text(page->arena, row));
    page_end(page);
    page_field(page, COLUMN_TEXT, "means", row->meaning);
    page_field(page, COLUMN_TEXT, "cause", row->cause);
    page_field(page, COLUMN_TEXT, "to do", row->remedy);
    page_field(page, COLUMN_TEXT, "see", row->standard);
    page_end(page);
}

/* codes_kind_of - the class of a reply: by its code before the enhanced code; 0: neither is
 * given */
static unsigned codes_kind_of(const struct reply_input *input)
{
    if (input->code != 0)
        return input->code >= 100 ? input->code / 100 : input->code;
    return input->enhanced.kind;
}

/* codes_of - "550 5.7.26", as far as they are given */
static const char *codes_of(struct arena *arena, const struct reply_input *input)
{
    struct sbuf text = sbuf_start(arena);

    if (input->code >= 100)
        sbuf_addf(&text, "%u", input->code);
    if (input->enhanced.kind != 0)
        sbuf_add_item(&text, " ", smtp_enhanced_to_text(arena, &input->enhanced));
    if (text.len == 0 && input->code != 0)
        sbuf_addf(&text, "%uxx", input->code);
    return sbuf_text(&text);
}

/* other_rows - other meanings of the codes of a reply, with the reply's class */
static const struct reply_code **other_rows(struct arena *arena,
                                            const struct reply_class *class, size_t *count_out)
{
    struct reply_code_query query = {.reply = class->input.code >= 100 ? class->input.code : 0,
                                     .enhanced = class->input.enhanced,
                                     .text = class->input.text};
    const struct reply_code **rows = NULL;
    size_t kept = 0;

    *count_out = 0;
    if (query.reply != 0 || query.enhanced.kind != 0)
        rows = reply_code_find(arena, &query, count_out);
    for (size_t i = 0; i < *count_out; i++)
        if (rows[i] != class->row)
            rows[kept++] = rows[i];
    *count_out = kept;
    return rows;
}

/* who_of - who says it: the receiver, else who wrote the text, else the row */
static const char *who_of(const struct reply_class *class)
{
    if (class->receiver != NULL)
        return class->receiver->title;
    if (class->software != NULL)
        return class->software->title;
    return class->row != NULL ? class->row->who : "common";
}

/* facts_text - "ip 192.0.2.1, domain example.com", safe to show */
static const char *facts_text(struct arena *arena, const struct reply_class *class)
{
    struct sbuf text = sbuf_start(arena);

    for (int fact = 0; fact < REPLY_FACTS; fact++)
        if (class->facts[fact].len > 0)
            sbuf_addf(&text, "%s%s %s", text.len > 0 ? ", " : "", reply_fact_to_text(fact),
                      escape_to_text(arena, class->facts[fact], LIMIT_SHOWN_BYTES));
    return sbuf_text(&text);
}

/* evidence_text - by what the answer was found, how sure it is, and where that was read */
static const char *evidence_text(struct arena *arena, const struct reply_class *class)
{
    const struct reply_phrase *phrase = class->phrase;
    const char *confidence = reply_confidence_to_text(class->confidence);

    if (phrase != NULL)
        return arena_printf(arena, "%s \"%s\", confidence %s; %s, read %s",
                            reply_evidence_to_text(phrase->kind), phrase->text, confidence,
                            phrase->source->title, phrase->source->read);
    if (class->row != NULL)
        return arena_printf(arena, "%s code alone, confidence %s%s",
                            class->evidence == REPLY_BY_ENHANCED ? "the enhanced" : "the reply",
                            confidence,
                            class->input.text.len > 0 ? "; the text is unknown" : "");
    return class->evidence == REPLY_BY_CLASS
               ? "the class of the code alone: no standard and no known receiver says more"
               : "nothing: the text is unknown";
}

/* head_line - "550 5.7.26  permanent failure: SPF and DKIM" */
static void head_line(struct page *page, const struct reply_class *class)
{
    const struct smtp_class *kind = smtp_class_get(codes_kind_of(&class->input));
    const char *codes = codes_of(page->arena, &class->input);

    page_put(page, PAGE_STRONG, who_of(class));
    page_put(page, PAGE_PLAIN, "  ");
    page_put(page, kind != NULL ? class_style(kind->number) : PAGE_DOUBT, codes);
    page_put(page, PAGE_PLAIN, codes[0] != '\0' ? "  " : "");
    page_wrapf(page, PAGE_PLAIN, "%s%s%s", kind != NULL ? kind->name : "",
               kind != NULL && class->cause->mechanism[0] != '\0' ? ", about " : "",
               class->cause->mechanism);
    page_end(page);
}

/* class_line - what the class of the codes says, where nothing else does */
static const char *class_line(struct page *page, const struct reply_class *class)
{
    const struct reply_input *input = &class->input;
    const struct smtp_class *kind = smtp_class_get(codes_kind_of(input));
    const char *about = input->code >= 100 ? reply_code_category(input->code) : NULL;

    if (input->enhanced.kind != 0)
        about = smtp_enhanced_subject(input->enhanced.subject);
    if (kind == NULL || class->evidence > REPLY_BY_CLASS)
        return class->means;
    return arena_printf(page->arena, "%s%s%s", kind->name, about != NULL ? ", about " : "",
                        about != NULL ? about : "");
}

/* explain_class - one reply in full */
static void explain_class(struct page *page, const struct reply_class *class)
{
    const struct reply_input *input = &class->input;
    const struct smtp_class *kind = smtp_class_get(codes_kind_of(input));

    head_line(page, class);
    page_field(page, COLUMN_TEXT, "means", class_line(page, class));
    page_field(page, COLUMN_TEXT, "cause", class->because);
    page_field(page, COLUMN_TEXT, "to do", class->todo);
    if (class->finality != REPLY_NO_FAILURE)
        page_field(page, COLUMN_TEXT, "who acts", reply_move_to_sentence(class->move));
    if (kind != NULL)
        page_field(page, COLUMN_TEXT, "then", kind->action);
    if (input->code >= 100 && input->enhanced.kind != 0 &&
        input->enhanced.kind != input->code / 100)
        page_field(page, COLUMN_TEXT, "",
                   "the enhanced code contradicts the reply code; senders follow the reply "
                   "code");
    page_field(page, COLUMN_TEXT, "facts", facts_text(page->arena, class));
    page_field(page, COLUMN_TEXT, "known by", evidence_text(page->arena, class));
    page_field(page, COLUMN_TEXT, "see", class->row != NULL ? class->row->standard : NULL);
    page_end(page);
}

/* explain_others - the alternatives, or that there are some */
static void explain_others(struct page *page, const struct reply_class *class)
{
    size_t count = 0;
    const struct reply_code **rows = other_rows(page->arena, class, &count);

    if (count == 0)
        return;
    if (!page->is_verbose) {
        page_wrapf(page, PAGE_FAINT, "%s of this code: add -v",
                   page_count(page, count, "other meaning"));
        page_end(page);
        return;
    }
    page_wrap(page, PAGE_FAINT, "Other meanings of this code:");
    page_end(page);
    for (size_t i = 0; i < count; i++)
        codes_explain(page, rows[i]);
}

/* list_row - one row in brief */
static void list_row(struct page *page, const struct reply_code *row)
{
    unsigned number = row->reply != 0 ? row->reply / 100 : (unsigned)(row->enhanced[0] - '0');

    page_put(page, class_style(number), code_text(page->arena, row));
    page_linef(page, COLUMN_MORE, PAGE_PLAIN, "%s: %s", row->who, row->meaning);
}

void render_codes_text(const struct codes_view *view, const struct report_options *options,
                       struct sbuf *out)
{
    struct page page = page_open(options, out);

    for (size_t i = 0; i < view->count; i++) {
        explain_class(&page, view->classes[i]);
        explain_others(&page, view->classes[i]);
    }
    for (size_t i = 0; view->count == 0 && i < reply_code_count(); i++)
        list_row(&page, reply_code_get(i));
}

/* ---- JSON ---- */

/* row_json - one row */
static json_t *row_json(struct arena *arena, const struct reply_code *row)
{
    unsigned number = row->reply != 0 ? row->reply / 100 : (unsigned)(row->enhanced[0] - '0');

    return json_pack(
        "{s:o, s:o, s:o, s:o, s:s, s:s, s:o, s:o, s:o, s:o}", "reply",
        row->reply != 0 ? json_integer((json_int_t)row->reply) : json_null(), "enhanced",
        render_json_text(arena, row->enhanced), "mark", render_json_text(arena, row->mark),
        "who", render_json_text(arena, row->who), "class", smtp_class_get(number)->name,
        "action", smtp_class_get(number)->action, "meaning",
        render_json_text(arena, row->meaning), "cause", render_json_text(arena, row->cause),
        "remedy", render_json_text(arena, row->remedy), "standard",
        render_json_text(arena, row->standard));
}

/* facts_json - null for what the text does not name */
static json_t *facts_json(struct arena *arena, const struct reply_class *class)
{
    json_t *object = json_object();

    for (int fact = 0; fact < REPLY_FACTS; fact++)
        json_object_set_new(
            object, reply_fact_to_text(fact),
            class->facts[fact].len > 0
                ? render_json_text(arena, arena_strdup_span(arena, class->facts[fact]))
                : json_null());
    return object;
}

json_t *render_json_source(struct arena *arena, const struct reply_class *class)
{
    const struct reply_source *source = class->phrase != NULL ? class->phrase->source : NULL;

    if (source == NULL)
        return json_null();
    return json_pack("{s:o, s:o, s:o}", "title", render_json_text(arena, source->title), "url",
                     render_json_text(arena, source->url), "read",
                     render_json_text(arena, source->read));
}

json_t *render_json_final(enum reply_finality finality)
{
    return finality == REPLY_FINAL || finality == REPLY_RETRY
               ? json_boolean(finality == REPLY_FINAL)
               : json_null();
}

/* speaker_json - the title of a receiver or of software */
static json_t *speaker_json(struct arena *arena, const struct reply_speaker *speaker)
{
    return speaker != NULL ? render_json_text(arena, speaker->title) : json_null();
}

/* class_json_rest - what rows of the table do not have */
static void class_json_rest(struct arena *arena, const struct reply_class *class,
                            json_t *object)
{
    json_object_update_new(
        object,
        json_pack(
            "{s:s, s:o, s:o, s:o, s:o, s:s, s:s, s:s, s:s?, s:o, s:o, s:o}", "about",
            class->cause->id, "mechanism", render_json_text(arena, class->cause->mechanism),
            "receiver", speaker_json(arena, class->receiver), "software",
            speaker_json(arena, class->software), "final", render_json_final(class->finality),
            "move", reply_move_to_text(class->move), "confidence",
            reply_confidence_to_text(class->confidence), "evidence",
            reply_evidence_to_text(class->evidence), "step",
            class->input.step != REPLY_STEP_UNKNOWN ? reply_step_to_text(class->input.step)
                                                    : NULL,
            "facts", facts_json(arena, class), "source", render_json_source(arena, class),
            "alternative", json_false()));
}

/* class_json - the best answer, with the keys of a row and more */
static json_t *class_json(struct arena *arena, const struct reply_class *class)
{
    const struct reply_input *input = &class->input;
    const struct smtp_class *kind = smtp_class_get(codes_kind_of(input));

    json_t *object = json_pack(
        "{s:o, s:s?, s:o, s:o, s:s?, s:s?, s:o, s:o, s:o, s:o}", "reply",
        input->code >= 100 ? json_integer((json_int_t)input->code) : json_null(), "enhanced",
        input->enhanced.kind != 0 ? smtp_enhanced_to_text(arena, &input->enhanced) : NULL,
        "mark", render_json_text(arena, class->phrase != NULL ? class->phrase->text : NULL),
        "who", render_json_text(arena, who_of(class)), "class",
        kind != NULL ? kind->name : NULL, "action", kind != NULL ? kind->action : NULL,
        "meaning", render_json_text(arena, class->means), "cause",
        render_json_text(arena, class->because), "remedy", render_json_text(arena, class->todo),
        "standard", render_json_text(arena, class->row != NULL ? class->row->standard : NULL));
    class_json_rest(arena, class, object);
    return object;
}

/* class_json_all - the best answer, then the alternatives */
static void class_json_all(struct arena *arena, const struct reply_class *class, json_t *array)
{
    size_t count = 0;
    const struct reply_code **rows = other_rows(arena, class, &count);

    json_array_append_new(array, class_json(arena, class));
    for (size_t i = 0; i < count; i++) {
        json_t *row = row_json(arena, rows[i]);

        json_object_set_new(row, "alternative", json_true());
        json_array_append_new(array, row);
    }
}

void render_codes_json(const struct codes_view *view, const struct report_options *options,
                       struct sbuf *out)
{
    json_t *array = json_array();

    (void)options;

    for (size_t i = 0; i < view->count; i++)
        class_json_all(out->arena, view->classes[i], array);
    for (size_t i = 0; view->count == 0 && i < reply_code_count(); i++)
        json_array_append_new(array, row_json(out->arena, reply_code_get(i)));
    render_json_write(array, out);
}
