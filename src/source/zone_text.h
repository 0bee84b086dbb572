/*
 * NAME
 *     zone_text - a master file cut into entries and words
 * DESCRIPTION
 *     Private to source/. An entry is one record or directive: one line, or
 *     several lines held together by brackets. Its words keep their
 *     escapes; a quoted word has lost its quotes. Comments are kept with
 *     the word they follow, because a ";" in unquoted text is mostly a
 *     mistake.
 *
 *     A bracket or quote that is never closed would swallow the records after
 *     it. It is a fault of the line where it was opened, and cutting resumes
 *     at the next line that looks like a record.
 * OWNERSHIP
 *     Words look into the bytes given to zone_text_open(); the array of
 *     words is reused by the next entry.
 * ERRORS
 *     None: any bytes are cut into entries, `fault` says what is wrong with one.
 * STANDARDS
 *     RFC 1035, 5.1
 * BUGS
 *     Quoted text that spans lines is refused; name servers disagree about it.
 */
#ifndef ZONE_TEXT_H
#define ZONE_TEXT_H

#include "base/arena.h"
#include "base/span.h"
#include "model/dns_answer.h"

struct zone_word {
    struct span text; /* escapes kept */
    int line;
    bool is_quoted;         /* written in quotes, which are not in `text` */
    bool has_inner_quotes;  /* unquoted, with quotes inside: alpn="h2,h3" */
    bool is_cut_by_comment; /* a ";" follows without a blank between */
    struct span comment;    /* what follows the ";" on its line */
};

struct zone_entry {
    int line;          /* where it begins */
    bool begins_blank; /* no owner: that of the record before */
    struct zone_word *words;
    size_t count;
    const char *fault; /* NULL if it is well-formed */
    int fault_line;
};

struct zone_text {
    struct arena *arena;
    struct span bytes;
    size_t at;
    int line;
    struct zone_word *words;
    size_t words_size;
};

struct zone_text zone_text_open(struct arena *arena, struct span bytes);

/* the next entry that is not empty; false at the end */
bool zone_text_next(struct zone_text *text, struct zone_entry *entry_out);

/* every type of the registry, beyond those that dns_type_parse() knows */
bool zone_type_parse(struct span text, enum dns_type *type_out);

/* the octets a character-string stands for; false if an escape is malformed */
bool zone_text_unescape(struct arena *arena, struct span text, struct span *octets_out);

#endif
