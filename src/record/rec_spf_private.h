/*
 * NAME
 *     rec_spf_private - what the files of the SPF parser share
 * DESCRIPTION
 *     Private to record/. One parser for the whole record; terms are parsed
 *     one by one, and complain about themselves through it.
 * OWNERSHIP
 *     In the arena of the parser.
 * ERRORS
 *     None: what is wrong becomes a fault of the record.
 */
#ifndef REC_SPF_PRIVATE_H
#define REC_SPF_PRIVATE_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/span.h"
#include "model/rec_spf.h"

/* octets of a term that a sentence quotes */
#define REC_SPF_SHOWN_MAX 80

struct rec_spf_parser {
    struct arena *arena;
    struct rec_spf *record;
    struct rec_spf_term *term; /* the one being parsed */
    struct fault **tail;       /* where the next fault goes */
    size_t fault_count;
};

/* what kind of fault, and where */
struct rec_spf_spot {
    enum rec_spf_fault kind;
    struct span part;
};

static inline struct rec_spf_spot rec_spf_at(enum rec_spf_fault kind, struct span part)
{
    return (struct rec_spf_spot){kind, part};
}

/* note a fault of the present term; fatal means permerror */
void rec_spf_fatal(struct rec_spf_parser *parser, struct rec_spf_spot spot, const char *format,
                   ...) __attribute__((format(printf, 3, 4)));
void rec_spf_warn(struct rec_spf_parser *parser, struct rec_spf_spot spot, const char *format,
                  ...) __attribute__((format(printf, 3, 4)));

/* untrusted octets for a sentence */
const char *rec_spf_shown(const struct rec_spf_parser *parser, struct span bytes);

/* parse `parser->term`, whose text and place are set */
void rec_spf_parse_term(struct rec_spf_parser *parser);

/* the parts of a term after its name: rec_spf_argument.c; false: faulty, and said so */
bool rec_spf_parse_domain_spec(struct rec_spf_parser *parser, const char *what);
void rec_spf_parse_address(struct rec_spf_parser *parser, struct span text);
void rec_spf_parse_prefixes(struct rec_spf_parser *parser, struct span text);
void rec_spf_check_macros(struct rec_spf_parser *parser);

/* where the run of digits that ends at `end` begins */
size_t rec_spf_digits_before(struct span text, size_t end);

/* where the prefix lengths at the end of `text` begin; its length if there are none */
size_t rec_spf_find_prefixes(struct span text);

/* say what was probably meant: rec_spf_hint.c */
void rec_spf_complain_octet(struct rec_spf_parser *parser, size_t at);
void rec_spf_complain_unknown(struct rec_spf_parser *parser, struct span body);
void rec_spf_complain_toplabel(struct rec_spf_parser *parser, const char *what);
void rec_spf_warn_modifier(struct rec_spf_parser *parser);
void rec_spf_warn_domain(struct rec_spf_parser *parser);

/* the mechanism or modifier that a word is, or was probably meant to be; NULL: none is near */
const char *rec_spf_guess(struct span name);

#endif
