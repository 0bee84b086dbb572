/*
 * One walk with expat, whose names are "namespace|name". feedback_element.def is the schema as
 * far as it is read. Entities are refused where they are declared, so none is expanded.
 */
#include <expat.h>
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/escape.h"
#include "base/limits_reports.h"
#include "feedback/feedback_draft.h"

/* Positions are 64 bits wide since expat 2.9.0, which deprecates the functions that return a
 * long; older ones have nothing else. */
#if XML_MAJOR_VERSION > 2 || (XML_MAJOR_VERSION == 2 && XML_MINOR_VERSION >= 9)
#define feedback_expat_line XML_GetCurrentLineNumber64
#else
#define feedback_expat_line XML_GetCurrentLineNumber
#endif

#define SEPARATOR  '|'
#define TEXT_SIZE  1024 /* of an element; no value is longer */
#define SHOWN_SIZE 100
#define DEPTH_SIZE 8 /* deeper elements than those of the schema are counted only */

static const char second_report[] = "something follows the report in the same document";

/* an element around some reports, not always closed: XML Schema 1.0 */
static const char wrapper[] = "http://www.w3.org/2001/XMLSchema|schema";

/* namespaces: RFC 9990, appendix A; RFC 7489, appendix C */
static const char space_now[] = "urn:ietf:params:xml:ns:dmarc-2.0";
static const char space_before[] = "http://dmarc.org/dmarc-xml/";

static const struct {
    enum feedback_element id;
    enum feedback_element inside;
    const char *name;
} elements[] = {
#define ELEMENT(id, inside, name) {ELEMENT_##id, ELEMENT_##inside, name},
#include "feedback/feedback_element.def"
    {ELEMENT_IDENTIFIERS, ELEMENT_RECORD, "identities"}, /* in drafts of RFC 7489 */
};

struct xml_state {
    struct feedback_part *part;
    XML_Parser parser;
    unsigned depth;
    enum feedback_element path[DEPTH_SIZE];
    char text[TEXT_SIZE];
    size_t text_len;
    bool is_wrapped; /* in an <xs:schema>, as some reporters send it */
    bool has_begun;  /* blanks before the document are over */
    bool is_done;    /* the report has ended */
    struct feedback_draft draft;
};

/* xml_opens - "<" and what may follow it in XML; "<a@b.example>: ..." is an address */
static bool xml_opens(struct span head)
{
    struct span tag = span_from(head, 1);
    size_t len = 0;

    if (!span_starts_with(head, "<"))
        return false;
    while (len < tag.len && !ascii_is_space(tag.at[len]) && tag.at[len] != '>')
        len++;
    return span_find(span_sub(tag, 0, len), '@') < 0;
}

static bool xml_is_it(struct span head)
{
    head = feedback_without_mark(head);
    while (head.len > 0 && ascii_is_space(head.at[0]))
        head = span_from(head, 1);
    return xml_opens(head) || span_starts_with(head, "\xFE\xFF\0<") ||
           (head.len > 3 && memcmp(head.at, "\xFF\xFE<\0", 4) == 0);
}

/* xml_refuse - the report does not count; with the line */
static void xml_refuse(struct xml_state *state, const char *text)
{
    if (!state->part->is_dead)
        feedback_part_refuse(state->part,
                             arena_printf(state->part->set->arena, "line %" PRIu64 ": %s",
                                          (uint64_t)feedback_expat_line(state->parser), text));
    XML_StopParser(state->parser, XML_FALSE);
}

/* xml_root - is the document a report of a known namespace? */
static void xml_root(struct xml_state *state, struct span name)
{
    struct arena *arena = state->part->set->arena;
    ptrdiff_t bar = span_find_last(name, SEPARATOR);
    struct span space = bar > 0 ? span_sub(name, 0, (size_t)bar) : (struct span){"", 0};

    if (!span_equal_text(span_from(name, (size_t)(bar + 1)), "feedback")) {
        const char *shown =
            escape_to_text(arena, span_from(name, (size_t)(bar + 1)), SHOWN_SIZE);

        feedback_part_leave(state->part,
                            arena_printf(arena,
                                         "is not an aggregate report: the root element is <%s> "
                                         "instead of <feedback>",
                                         shown));
        XML_StopParser(state->parser, XML_FALSE);
    } else if (space.len > 0 && !span_equal_text(space, space_now) &&
               !span_starts_with(space, space_before)) {
        xml_refuse(state,
                   arena_printf(arena,
                                "the namespace \"%s\" is not that of aggregate reports (%s)",
                                escape_to_text(arena, space, SHOWN_SIZE), space_now));
    }
    state->draft.report.is_rfc9990 = span_equal_text(space, space_now);
}

/* xml_find - the element of this name inside of another one */
static enum feedback_element xml_find(enum feedback_element inside, struct span name)
{
    ptrdiff_t bar = span_find_last(name, SEPARATOR);
    struct span local = span_from(name, (size_t)(bar + 1));

    for (size_t i = 0; i < COUNT_OF(elements); i++)
        if (elements[i].inside == inside && span_equal_text(local, elements[i].name))
            return elements[i].id;
    return ELEMENT_OTHER;
}

/* xml_path - the element that the walk is in */
static enum feedback_element xml_path(const struct xml_state *state)
{
    if (state->depth == 0)
        return ELEMENT_DOCUMENT;
    return state->depth <= DEPTH_SIZE ? state->path[state->depth - 1] : ELEMENT_OTHER;
}

static void XMLCALL xml_on_start(void *ctx, const XML_Char *name, const XML_Char **attributes)
{
    struct xml_state *state = ctx;
    enum feedback_element element = ELEMENT_OTHER;

    (void)attributes;
    if (state->part->is_dead)
        return;
    if (state->depth == 0 && !state->is_wrapped && strcmp(name, wrapper) == 0) {
        state->is_wrapped = true;
        return;
    }
    if (state->is_done)
        xml_refuse(state, second_report);
    else if (state->depth == 0)
        xml_root(state, span_of(name));
    element = xml_find(xml_path(state), span_of(name));
    if (state->depth++ < DEPTH_SIZE)
        state->path[state->depth - 1] = element;
    state->text_len = 0;
    state->draft.line = (uint64_t)feedback_expat_line(state->parser);
    feedback_draft_begin(&state->draft, element);
}

static void XMLCALL xml_on_end(void *ctx, const XML_Char *name)
{
    struct xml_state *state = ctx;

    (void)name;
    if (state->part->is_dead || state->depth == 0)
        return;
    state->draft.line = (uint64_t)feedback_expat_line(state->parser);
    feedback_draft_end(&state->draft, xml_path(state),
                       span_trim(span_make(state->text, state->text_len)));
    state->text_len = 0;
    state->is_done = --state->depth == 0;
}

static void XMLCALL xml_on_text(void *ctx, const XML_Char *text, int len)
{
    struct xml_state *state = ctx;
    struct span part = span_sub(span_make(text, (size_t)len), 0, TEXT_SIZE - state->text_len);

    if (part.len > 0)
        memcpy(state->text + state->text_len, part.at, part.len);
    state->text_len += part.len;
}

/* xml_on_doctype - the only place where entities can be declared */
static void XMLCALL xml_on_doctype(void *ctx, const XML_Char *name, const XML_Char *system,
                                   const XML_Char *public_id, int has_subset)
{
    struct xml_state *state = ctx;

    (void)name, (void)system, (void)public_id, (void)has_subset;
    if (!state->part->is_dead)
        xml_refuse(state, "declares a document type; reports have none");
}

static void xml_open(struct feedback_part *part)
{
    struct xml_state *state = part->set->reading->xml;

    if (state == NULL)
        state = part->set->reading->xml = arena_new_of(part->set->arena, struct xml_state);
    part->state = state;
    state->part = part;
    state->depth = 0;
    state->text_len = 0;
    state->is_wrapped = state->has_begun = state->is_done = false;
    state->parser = XML_ParserCreateNS(NULL, SEPARATOR);
    if (state->parser == NULL) {
        feedback_part_refuse(part, "could not be read: out of memory");
        return;
    }
    feedback_draft_open(&state->draft, part);
    XML_SetUserData(state->parser, state);
    XML_SetElementHandler(state->parser, xml_on_start, xml_on_end);
    XML_SetCharacterDataHandler(state->parser, xml_on_text);
    XML_SetStartDoctypeDeclHandler(state->parser, xml_on_doctype);
}

/* xml_is_utf8 - except for a character that is cut at the end */
static bool xml_is_utf8(struct span bytes)
{
    uint32_t code = 0;

    while (bytes.len > 3) {
        size_t len = utf8_next(bytes, &code);

        if (len == 0)
            return false;
        bytes = span_from(bytes, len);
    }
    return true;
}

/* xml_parse - pass on to expat */
static void xml_parse(struct xml_state *state, struct span bytes, bool is_last)
{
    enum XML_Error error = XML_ERROR_NONE;

    if (XML_Parse(state->parser, bytes.at, (int)bytes.len, is_last) == XML_STATUS_OK ||
        state->part->is_dead || (is_last && state->is_done))
        return;
    error = XML_GetErrorCode(state->parser);
    if (state->is_done && error == XML_ERROR_JUNK_AFTER_DOC_ELEMENT)
        xml_refuse(state, second_report);
    else if (is_last && !state->is_done)
        xml_refuse(state, "ends before the report does");
    else if (error == XML_ERROR_INVALID_TOKEN && !xml_is_utf8(bytes))
        xml_refuse(state, "is not valid UTF-8");
    else
        xml_refuse(state, arena_printf(state->part->set->arena, "not well-formed XML: %s",
                                       XML_ErrorString(error)));
}

/* xml_skip_blanks - before the declaration: not allowed, but some reporters send them */
static struct span xml_skip_blanks(struct xml_state *state, struct span bytes)
{
    while (!state->has_begun && bytes.len > 0 && ascii_is_space(bytes.at[0]))
        bytes = span_from(bytes, 1);
    state->has_begun = state->has_begun || bytes.len > 0;
    return bytes;
}

static void xml_feed(struct feedback_part *part, struct span bytes)
{
    struct xml_state *state = part->state;

    if (!feedback_part_is_large(part, part->size, LIMIT_FEEDBACK_BYTES, "a report"))
        xml_parse(state, xml_skip_blanks(state, bytes), false);
}

static void xml_end(struct feedback_part *part)
{
    struct xml_state *state = part->state;

    if (!part->is_dead && !part->is_cut)
        xml_parse(state, (struct span){"", 0}, true);
    if (!part->is_dead && !part->is_cut)
        feedback_draft_close(&state->draft);
    XML_ParserFree(state->parser);
    state->parser = NULL;
}

const struct feedback_reader feedback_xml = {"XML", xml_is_it, xml_open, xml_feed, xml_end};
