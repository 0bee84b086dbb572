/*
 * The record is cut at blanks; each term is then parsed by itself
 * (rec_spf_term.c), and the rules about several terms are applied here.
 */
#include "record/rec_spf.h"

#include "base/escape.h"
#include "base/limits.h"
#include "record/rec_spf_private.h"

static void spf_add_fault(struct rec_spf_parser *parser, const struct fault *fault,
                          const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

/* of faults beyond LIMIT_SPF_FAULTS */
static const char unexplained[] = "one of many faults: those before it are explained";

/* spf_add_fault - append a fault with its sentence */
static void spf_add_fault(struct rec_spf_parser *parser, const struct fault *fault,
                          const char *format, va_list args)
{
    struct fault *copy = NULL;

    parser->record->is_fatal = parser->record->is_fatal || fault->is_fatal;
    copy = arena_new_of(parser->arena, struct fault);
    *copy = *fault;
    copy->text = parser->fault_count < LIMIT_SPF_FAULTS
                     ? arena_vprintf(parser->arena, format, args)
                     : unexplained;
    copy->at = fault->part.at == NULL ? 0 : (size_t)(fault->part.at - parser->record->text.at);
    *parser->tail = copy;
    parser->tail = &copy->next;
    parser->fault_count++;
}

void rec_spf_fatal(struct rec_spf_parser *parser, struct rec_spf_spot spot, const char *format,
                   ...)
{
    struct fault fault = {.kind = (int)spot.kind, .is_fatal = true, .part = spot.part};
    va_list args;

    va_start(args, format);
    spf_add_fault(parser, &fault, format, args);
    va_end(args);
}

void rec_spf_warn(struct rec_spf_parser *parser, struct rec_spf_spot spot, const char *format,
                  ...)
{
    struct fault fault = {.kind = (int)spot.kind, .part = spot.part};
    va_list args;

    va_start(args, format);
    spf_add_fault(parser, &fault, format, args);
    va_end(args);
}

const char *rec_spf_shown(const struct rec_spf_parser *parser, struct span bytes)
{
    return escape_to_text(parser->arena, bytes, REC_SPF_SHOWN_MAX);
}

/* next_term - cut the next run of octets without SP off `*rest`; empty at the end */
static struct span next_term(struct span *rest)
{
    size_t from = 0;
    size_t to = 0;
    struct span term;

    while (from < rest->len && rest->at[from] == ' ')
        from++;
    to = from;
    while (to < rest->len && rest->at[to] != ' ')
        to++;
    term = span_sub(*rest, from, to - from);
    *rest = span_from(*rest, to);
    return term;
}

/* count_terms - how many terms the text holds */
static size_t count_terms(struct span text)
{
    size_t count = 0;

    while (next_term(&text).len > 0)
        count++;
    return count;
}

/* remember_once - a modifier that may occur only once (RFC 7208, 6) */
static void remember_once(struct rec_spf_parser *parser, const struct rec_spf_term **seen)
{
    struct rec_spf_term *term = parser->term;

    if (*seen == NULL)
        *seen = term;
    else
        rec_spf_fatal(parser, rec_spf_at(REC_SPF_FAULT_DUPLICATE, term->text),
                      "%s= appears twice", rec_spf_shown(parser, term->name));
}

/* spf_remember - note the terms that concern the whole record */
static void spf_remember(struct rec_spf_parser *parser)
{
    struct rec_spf *record = parser->record;
    struct rec_spf_term *term = parser->term;

    term->is_after_all = record->all != NULL && term->kind != REC_SPF_REDIRECT &&
                         term->kind != REC_SPF_EXP && term->kind != REC_SPF_UNKNOWN_MODIFIER;
    if (term->kind == REC_SPF_ALL && record->all == NULL)
        record->all = term;
    else if (term->kind == REC_SPF_REDIRECT)
        remember_once(parser, &record->redirect);
    else if (term->kind == REC_SPF_EXP)
        remember_once(parser, &record->exp);
}

void rec_spf_parse(struct arena *arena, struct span text, struct rec_spf *record_out)
{
    struct rec_spf_parser parser = {.arena = arena, .record = record_out};
    struct span rest = text;

    *record_out = (struct rec_spf){.text = text};
    parser.tail = &record_out->faults;
    if (rec_spf_is_record(text))
        rest = span_from(text, strlen(REC_SPF_VERSION));
    else
        rec_spf_fatal(
            &parser,
            rec_spf_at(REC_SPF_FAULT_UNKNOWN, span_sub(text, 0, strlen(REC_SPF_VERSION))),
            "the record does not begin with " REC_SPF_VERSION);
    record_out->term_count = count_terms(rest);
    record_out->terms = arena_array_of(arena, struct rec_spf_term, record_out->term_count);
    for (size_t i = 0; i < record_out->term_count; i++) {
        parser.term = &record_out->terms[i];
        parser.term->text = next_term(&rest);
        parser.term->at = (size_t)(parser.term->text.at - text.at);
        rec_spf_parse_term(&parser);
        spf_remember(&parser);
    }
}
