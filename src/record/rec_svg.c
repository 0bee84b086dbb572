/*
 * One walk with expat, whose names come as "namespace|name". Entities are refused where they
 * are declared, so nothing is ever expanded; depth costs nothing, because nothing recurses.
 */
#include "record/rec_svg.h"

#include <expat.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/sbuf.h"

/* Positions are 64 bits wide since expat 2.9.0, which deprecates the functions that return a
 * long; older ones have nothing else. */
#if XML_MAJOR_VERSION > 2 || (XML_MAJOR_VERSION == 2 && XML_MINOR_VERSION >= 9)
#define expat_offset XML_GetCurrentByteIndex64
#define expat_line   XML_GetCurrentLineNumber64
#else
#define expat_offset XML_GetCurrentByteIndex
#define expat_line   XML_GetCurrentLineNumber
#endif

#define SEPARATOR  '|'
#define SHOWN_MAX  60
#define TITLE_MAX  64 /* what the draft asks titles to stay below */
#define SIDE_SLACK 0.01

static const char svg_space[] = "http://www.w3.org/2000/svg|";
static const char xlink_href[] = "http://www.w3.org/1999/xlink|href";

struct walk {
    struct arena *arena;
    XML_Parser parser;
    struct rec_svg *svg;
    struct fault **tail;
    unsigned depth;
    bool is_in_title;
    bool is_stopped;
    struct sbuf title;
};

/* svg_note - one fault at the place where the walk is */
static void svg_note(struct walk *walk, int kind, const char *text)
{
    struct fault fault = {.kind = kind, .is_fatal = true, .text = text};

    if (walk->parser != NULL) {
        fault.at = (size_t)expat_offset(walk->parser);
        fault.text = arena_printf(walk->arena, "line %" PRIu64 ": %s",
                                  (uint64_t)expat_line(walk->parser), text);
    }
    walk->tail = &fault_add(walk->arena, walk->tail, fault)->next;
    walk->svg->fault_count++;
}

/* svg_shown - text of the document, fit for a sentence */
static const char *svg_shown(struct walk *walk, const char *text)
{
    return escape_to_text(walk->arena, span_of(text), SHOWN_MAX);
}

/* local_of - the name of an element of SVG; NULL: it belongs to another language */
static const char *local_of(const char *name)
{
    size_t len = sizeof(svg_space) - 1;

    return strncmp(name, svg_space, len) == 0 ? name + len : NULL;
}

/* attribute_of - its value; NULL: not there */
static const char *attribute_of(const char **attributes, const char *name)
{
    for (; attributes[0] != NULL; attributes += 2)
        if (strcmp(attributes[0], name) == 0)
            return attributes[1];
    return NULL;
}

/* is_square - "x y width height" with equal sides above 0 */
static bool is_square(const char *box)
{
    double numbers[4] = {0};
    char *end = NULL;

    for (size_t i = 0; i < 4; i++) {
        numbers[i] = strtod(box, &end);
        if (end == box)
            return false;
        box = end + strspn(end, " ,\t\r\n");
    }
    return *box == '\0' && numbers[2] > 0 && numbers[3] >= numbers[2] * (1 - SIDE_SLACK) &&
           numbers[3] <= numbers[2] * (1 + SIDE_SLACK);
}

/* look_at_root - what the profile asks of the root element */
static void look_at_root(struct walk *walk, const char *name, const char **attributes)
{
    static const struct {
        const char *attribute;
        const char *value;
    } wanted[] = {{"version", "1.2"}, {"baseProfile", "tiny-ps"}};
    const char *box = attribute_of(attributes, "viewBox");

    if (local_of(name) == NULL || strcmp(local_of(name), "svg") != 0) {
        svg_note(walk, REC_SVG_ROOT,
                 "the root is not <svg xmlns=\"http://www.w3.org/2000/svg\">");
        return;
    }
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        const char *value = attribute_of(attributes, wanted[i].attribute);

        if (value == NULL || strcmp(value, wanted[i].value) != 0)
            svg_note(walk, REC_SVG_PROFILE,
                     arena_printf(walk->arena, "the root has %s=\"%s\" instead of \"%s\"",
                                  wanted[i].attribute,
                                  value != NULL ? svg_shown(walk, value) : "",
                                  wanted[i].value));
    }
    if (attribute_of(attributes, "x") != NULL || attribute_of(attributes, "y") != NULL)
        svg_note(walk, REC_SVG_POSITION, "the root has x= or y=");
    if (box == NULL)
        svg_note(walk, REC_SVG_VIEW_BOX, "the root has no viewBox=");
    else if (!is_square(box))
        svg_note(
            walk, REC_SVG_VIEW_BOX,
            arena_printf(walk->arena, "viewBox=\"%s\" is not square", svg_shown(walk, box)));
}

/* look_at_attributes - nothing runs, and everything is inside */
static void look_at_attributes(struct walk *walk, const char *element, const char **attributes)
{
    for (; attributes[0] != NULL; attributes += 2) {
        const char *name = attributes[0];
        bool is_reference = strcmp(name, xlink_href) == 0 || strcmp(name, "href") == 0;

        if (strncmp(name, "on", 2) == 0 && strchr(name, SEPARATOR) == NULL)
            svg_note(walk, REC_SVG_ATTRIBUTE,
                     arena_printf(walk->arena, "<%s> has the event handler %s=", element,
                                  svg_shown(walk, name)));
        if (is_reference && attributes[1][0] != '#')
            svg_note(walk, REC_SVG_REFERENCE,
                     arena_printf(walk->arena, "<%s> refers to \"%s\", outside of the document",
                                  element, svg_shown(walk, attributes[1])));
    }
}

/* look_at_element - what the profile leaves out of SVG Tiny 1.2 */
static void look_at_element(struct walk *walk, const char *element)
{
    static const char *const excluded[] = {
        "script",
        "animate",
        "animateColor",
        "animateMotion",
        "animateTransform",
        "set",
        "handler",
        "listener",
        "image",
        "audio",
        "video",
        "animation",
        "foreignObject",
        "a",
        "discard",
        "mpath",
        "prefetch",
        "switch",
        "style",
    };

    for (size_t i = 0; i < COUNT_OF(excluded); i++)
        if (strcmp(excluded[i], element) == 0)
            svg_note(walk, REC_SVG_ELEMENT,
                     arena_printf(walk->arena, "<%s> is not in the profile", element));
}

/* on_start - an element begins */
static void XMLCALL on_start(void *ctx, const XML_Char *name, const XML_Char **attributes)
{
    struct walk *walk = ctx;
    const char *element = local_of(name);

    walk->depth++;
    if (walk->depth == 1)
        look_at_root(walk, name, attributes);
    if (element == NULL)
        return;
    look_at_element(walk, element);
    look_at_attributes(walk, svg_shown(walk, element), attributes);
    walk->is_in_title = walk->depth == 2 && strcmp(element, "title") == 0;
}

static void XMLCALL on_end(void *ctx, const XML_Char *name)
{
    struct walk *walk = ctx;

    (void)name;
    walk->depth--;
    walk->is_in_title = false;
}

static void XMLCALL on_text(void *ctx, const XML_Char *text, int len)
{
    struct walk *walk = ctx;

    if (walk->is_in_title && walk->title.len < TITLE_MAX)
        sbuf_add_span(&walk->title, span_make(text, (size_t)len));
}

/* on_entity - the document would have text replaced by other text: not read on */
static void XMLCALL on_entity(void *ctx, const XML_Char *name, int is_parameter,
                              const XML_Char *value, int value_len, const XML_Char *base,
                              const XML_Char *system, const XML_Char *public_id,
                              const XML_Char *notation)
{
    struct walk *walk = ctx;

    (void)name, (void)is_parameter, (void)value, (void)value_len, (void)base, (void)system;
    (void)public_id, (void)notation;
    if (walk->is_stopped)
        return;
    walk->is_stopped = true;
    svg_note(walk, REC_SVG_XML, "declares an entity; a logo has none");
    XML_StopParser(walk->parser, XML_FALSE);
}

/* svg_run - the document through expat */
static void svg_run(struct walk *walk, struct span bytes)
{
    XML_SetUserData(walk->parser, walk);
    XML_SetElementHandler(walk->parser, on_start, on_end);
    XML_SetCharacterDataHandler(walk->parser, on_text);
    XML_SetEntityDeclHandler(walk->parser, on_entity);
    if (XML_Parse(walk->parser, bytes.at, (int)bytes.len, 1) != XML_STATUS_OK &&
        !walk->is_stopped) {
        svg_note(walk, REC_SVG_XML,
                 arena_printf(walk->arena, "not well-formed: %s",
                              XML_ErrorString(XML_GetErrorCode(walk->parser))));
        walk->is_stopped = true;
    }
}

void rec_svg_parse(struct arena *arena, struct span bytes, struct rec_svg *svg_out)
{
    struct walk walk = {.arena = arena, .svg = svg_out, .title = sbuf_start(arena)};
    struct span title;

    *svg_out = (struct rec_svg){.faults = NULL};
    walk.tail = &svg_out->faults;
    if (span_starts_with(bytes, "\x1f\x8b")) {
        svg_note(&walk, REC_SVG_ENCODING,
                 "is compressed with gzip; the profile wants plain text");
        return;
    }
    if (bytes.len > INT32_MAX)
        bytes.len = INT32_MAX;
    walk.parser = XML_ParserCreateNS(NULL, SEPARATOR);
    if (walk.parser == NULL) {
        svg_note(&walk, REC_SVG_XML, "could not be read: out of memory");
        return;
    }
    svg_run(&walk, bytes);
    XML_ParserFree(walk.parser);
    walk.parser = NULL;
    title = span_trim(sbuf_span(&walk.title));
    if (title.len > 0)
        svg_out->title = escape_to_text(arena, title, TITLE_MAX);
    else if (!walk.is_stopped)
        svg_note(&walk, REC_SVG_TITLE, "the root element has no <title>, or an empty one");
}
