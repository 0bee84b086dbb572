/*
 * NAME
 *     rec_meant_private - the parts of the reading of what was meant
 * DESCRIPTION
 *     Private to record/. One fixer for one text. Each repair that is taken is
 *     noted with what was written and what was meant.
 * OWNERSHIP
 *     In the arena of the fixer.
 * ERRORS
 *     None.
 */
#ifndef REC_MEANT_PRIVATE_H
#define REC_MEANT_PRIVATE_H

#include "base/arena.h"
#include "base/ip.h"
#include "base/span.h"
#include "model/rec_meant.h"
#include "record/rec_meant.h"

struct rec_fixer {
    struct arena *arena;
    struct rec_meant *meant;
    struct rec_repair **tail;
    const struct rec_meant_names *names;
    bool wants_other; /* where there is a choice take the second */
    bool has_other;   /* there was one */
    bool keeps_lists; /* a list of report addresses that nobody can read stays as it is */
};

/* the pieces of a text: strings of the record, cut again at quotes that are part of it */
struct rec_fixer_pieces {
    struct span *spans;
    size_t count;
};

struct rec_fixer rec_fixer_open(struct arena *arena);

/* one reading of the strings; NULL: none */
typedef const struct rec_meant *rec_fixer_read_fn(struct rec_fixer *fixer,
                                                  const struct span *strings, size_t count);

/* the reading, and the other one where there was a choice. Each must read as itself: what is
 * repaired needs no repair. NULL: none does */
const struct rec_meant *rec_fixer_read(struct rec_fixer *fixer, rec_fixer_read_fn *read,
                                       const struct span *strings, size_t count);
void rec_fixer_note(struct rec_fixer *fixer, enum rec_repair_kind kind, struct span written,
                    const char *meant);

/* the strings without octets that no record holds: blanks of all kinds become SP, quotes and
 * what is invisible go, dashes become hyphens. false: too long, or nothing there */
bool rec_fixer_clean(struct rec_fixer *fixer, const struct span *strings, size_t count,
                     struct rec_fixer_pieces *out);

/* the piece that is the beginning moves to the front, those before it to the end */
void rec_fixer_rotate(struct rec_fixer *fixer, struct rec_fixer_pieces *pieces, size_t first);

/* the word of the list that is nearest; NULL: none within a third of its length */
const char *rec_fixer_word(struct span written, const char *const *words);

/* letters, digits, "-", "_" and inner dots, with a dot and a last label of two octets or more
 * that is not a number */
bool rec_fixer_is_name(struct span text);

/* the only known name that belongs to whom the word names: "_spf.google.com" for "google";
 * NULL: none, or several */
const char *rec_fixer_owner_name(const struct rec_meant_names *names, struct span label);

/* a name of the list is known to have no record, or not known to have none */
bool rec_fixer_knows(const struct rec_meant_name *names, size_t count, struct span name,
                     bool is_missing);

/* a name out of a URL, a mail address or the like; the text itself if it is something else */
struct span rec_fixer_bare_name(struct span text);

/* the text up to the first of these octets, or all of it */
struct span rec_fixer_before(struct span text, char octet);

/* one span out of two, with something between */
struct span rec_fixer_join(struct arena *arena, struct span a, const char *between,
                           struct span b);

/* an address with its prefix length, as ip4: and ip6: take them; NULL: the text is none.
 * `family_out` says of which family: rec_meant_network.c */
const char *rec_fixer_network(struct arena *arena, struct span text,
                              enum ip_family *family_out);
/* "192.0.2.4-192.0.2.7" or "192.0.2.4-7" as networks; how many there are, 0: the text is no
 * range, or needs more than `max` */
size_t rec_fixer_range(struct arena *arena, struct span text, const char **networks_out,
                       size_t max);
/* a netmask alone, of at least eight bits */
bool rec_fixer_is_mask(struct span text);
/* what follows an address, the slash included, as a length; false: nobody knows */
bool rec_fixer_prefix(struct span text, unsigned most, unsigned *prefix_out);

/* ---- terms: rec_meant_spf_term.c ---- */

/* a term in its parts; of a bare value everything is the value */
struct rec_fixer_parts {
    struct span term;
    struct span qualifier; /* every "+", "-", "~" and "?" in front */
    struct span body;      /* what follows them */
    struct span name;
    const char *mechanism; /* that the name is, or was meant to be; NULL: none */
    char mark;             /* ":" or "="; '\0': none */
    struct span value;
    bool has_value; /* a mark, behind the name of a mechanism */
};

/* what a repaired term says */
struct rec_fixer_named {
    const char *name;
    struct span value;
};

/* note the repair, and go on with the new term */
struct span rec_fixer_term_noted(struct rec_fixer *fixer, enum rec_repair_kind kind,
                                 const struct rec_fixer_parts *parts, struct span term);

/* the same with the term of this name and value, or of the same name and this value */
struct span rec_fixer_term_named(struct rec_fixer *fixer, enum rec_repair_kind kind,
                                 const struct rec_fixer_parts *parts,
                                 const struct rec_fixer_named *named);
struct span rec_fixer_term_valued(struct rec_fixer *fixer, enum rec_repair_kind kind,
                                  const struct rec_fixer_parts *parts, struct span value);

/* a rule: the repaired term, or {NULL, 0}: it does not apply. rec_meant_spf_edge.c */
typedef struct span rec_fixer_rule_fn(struct rec_fixer *fixer,
                                      const struct rec_fixer_parts *parts);

rec_fixer_rule_fn rec_fixer_rule_edges;    /* quotes, commas and brackets around a term */
rec_fixer_rule_fn rec_fixer_rule_brackets; /* "include:<x.example>", "ip6:[2001:db8::1]" */
rec_fixer_rule_fn rec_fixer_rule_port;     /* "a:mail.example.com:25" */
/* "ip4:192.0.2.25/" and "ip4:192.0.2.0/", which is the address or its network */
rec_fixer_rule_fn rec_fixer_rule_open_prefix;
/* "include:gr\xc3\xbcn.example", which DNS knows as "xn--grn-ioa.example" */
rec_fixer_rule_fn rec_fixer_rule_letters;
rec_fixer_rule_fn rec_fixer_rule_no_zone; /* "a:mail", "include:_spf": a name in the zone */
rec_fixer_rule_fn rec_fixer_rule_macro;   /* "%i" and "%{i" */

/* ---- words of an SPF record: rec_meant_spf_words.c ---- */

struct rec_fixer_words {
    struct span *spans;
    size_t count;
};

void rec_fixer_add_word(struct rec_fixer *fixer, struct rec_fixer_words *words,
                        struct span word);
/* a term begins and ends here, well-formed or not */
bool rec_fixer_is_like_term(struct rec_fixer *fixer, struct span word);
/* "_all", "=all", ".all" and "!all": a key with the hyphen, or the "not" of programs */
bool rec_fixer_is_slipped_all(struct span word);
/* any of the four */
bool rec_fixer_is_all(struct span word);
/* the text with dots where commas stand for them, and slashes: rec_meant_spf_comma.c */
struct span rec_fixer_dotted(struct rec_fixer *fixer, struct span text);
/* words that a blank tore apart as one */
struct rec_fixer_words rec_fixer_join_torn(struct rec_fixer *fixer,
                                           const struct rec_fixer_words *words);
/* words that are several terms cut: those that lost a blank, and ranges of addresses */
struct rec_fixer_words rec_fixer_cut_glued(struct rec_fixer *fixer,
                                           const struct rec_fixer_words *words);

/* ---- lists of tags: rec_meant_tags.c ---- */

/* what a kind of record has in its tags */
struct rec_fixer_grammar {
    const char *const *names; /* of its tags */
    const char *const *words; /* values that another tag may have been glued to */
};

struct rec_fixer_tag {
    struct span name; /* {NULL, 0}: a value without a name */
    struct span value;
};

struct rec_fixer_tags {
    struct rec_fixer_tag *tags;
    size_t count;
};

/* the text without remarks after #; each ends where its tag does, as receivers read it */
struct span rec_fixer_uncomment_tags(struct rec_fixer *fixer, struct span text);

/* the text cut into tags, whatever is between them and before their values */
struct rec_fixer_tags rec_fixer_cut_tags(struct rec_fixer *fixer, struct span text,
                                         const struct rec_fixer_grammar *grammar);
/* a word, or a text of such words, that precedes a record in a line of a zone file */
bool rec_fixer_is_console_word(struct span word);
bool rec_fixer_is_console(struct span text);
/* one more tag; of two of a name with different values the first, or the second in the other
 * reading */
void rec_fixer_put_tag(struct rec_fixer *fixer, struct rec_fixer_tags *tags, const char *name,
                       struct span value);
struct rec_fixer_tag *rec_fixer_find_tag(const struct rec_fixer_tags *tags, const char *name);
/* "a=b; c=d", the version first */
struct span rec_fixer_tags_text(struct rec_fixer *fixer, const struct rec_fixer_tags *tags);

/* what rec_meant_spf_term.c does to one term: a well-formed one, or {NULL, 0} */
struct span rec_fixer_term(struct rec_fixer *fixer, struct span written);
bool rec_fixer_term_is_sound(struct arena *arena, struct span term);
/* the mechanism or modifier that the word is, or was meant to be; NULL: none */
const char *rec_fixer_mechanism(struct span word);

#endif
