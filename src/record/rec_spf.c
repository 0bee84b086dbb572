/*
 * The record is cut at blanks; each term is then parsed by itself
 * (rec_spf_term.c), and the rules about several terms are applied here.
 */
#include "record/rec_spf.h"

#include "record/rec_spf_private.h"

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
