/*
 * NAME
 *     auth_damage_line - damages that are undone line by line
 * DESCRIPTION
 *     Private to the room. A row of the table is a hypothesis: what happened to the lines of
 *     a body, and how a line looked before. Only lines with one of its marks can differ.
 * OWNERSHIP
 *     Rows are static. Rewritten lines go into the buffer of the run.
 * ERRORS
 *     Total: a line that cannot have been made by the damage is left as it is.
 * STANDARDS
 *     RFC 5321, 4.5.2; RFC 4155; RFC 2045, 6.7 and 6.8; RFC 3676, 4.2
 */
#ifndef AUTH_DAMAGE_LINE_H
#define AUTH_DAMAGE_LINE_H

#include "auth/auth_damage.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/damage.h"
#include "model/mail_message.h"

enum damage_mark {
    DAMAGE_MARK_ANY = 1 << 0,
    DAMAGE_MARK_TAB = 1 << 1,
    DAMAGE_MARK_BLANKS = 1 << 2,   /* two blanks in a row */
    DAMAGE_MARK_TRAILING = 1 << 3, /* a blank at the end */
    DAMAGE_MARK_DOT = 1 << 4,      /* begins with a dot */
    DAMAGE_MARK_FROM = 1 << 5,     /* begins with ">" or "From " */
    DAMAGE_MARK_8BIT = 1 << 6,
    DAMAGE_MARK_BARE = 1 << 7,  /* CR or LF alone */
    DAMAGE_MARK_LONG = 1 << 8,  /* 200 octets and more */
    DAMAGE_MARK_DASHES = 1 << 9 /* begins with "--" */
};

enum damage_encoding {
    DAMAGE_ENCODING_NONE, /* 7bit, binary, or not given */
    DAMAGE_ENCODING_8BIT,
    DAMAGE_ENCODING_QP,
    DAMAGE_ENCODING_BASE64
};

#define DAMAGE_BOUNDARIES 8

/* where in the parts of a message a line is */
struct damage_mime {
    bool in_header; /* of a part */
    bool in_part;   /* not in the text before the first part, nor behind the last */
    enum damage_encoding encoding;
    struct span boundaries[DAMAGE_BOUNDARIES];
    size_t boundary_count;
    char names[DAMAGE_BOUNDARIES][72]; /* RFC 2046, 5.1.1: at most 70 octets */
};

struct damage_line {
    struct span text; /* without its end */
    struct span end;  /* CRLF; empty: the body ends, or the line goes on in the next piece */
    struct span next; /* text of the next line */
    unsigned marks;
    size_t number; /* in the body, from 0 */
    bool is_after; /* not a line: the body ends, and what is left is to be written */
    const struct damage_mime *mime;
};

/* what a hypothesis remembers from line to line */
struct damage_carry {
    size_t paragraphs;
    bool is_joined; /* the line before was joined with this one */
    uint32_t bits;  /* base64: octets or letters not yet written */
    unsigned count; /* of them, in bits */
    size_t column;  /* base64: letters in the line that is being written */
    char last[2];   /* base64: the last octets that were decoded */
    bool has_crlf;  /* base64: a line end that is not yet encoded */
};

struct damage_run;

struct damage_undo {
    enum auth_damage_kind kind;
    unsigned marks;
    /* the line with its end as it was into `run->out`; false: as it is */
    bool (*rewrite)(struct damage_run *run, const struct damage_line *line);
    size_t param;
    unsigned when;    /* enum damage_when */
    const char *what; /* a clause: what happened */
};

enum damage_when {
    DAMAGE_WHEN_SIMPLE = 1 << 0, /* relaxed canonicalization does not see it */
    /* only where the whole body is in the window; `param` 0: length of the longest line */
    DAMAGE_WHEN_WHOLE = 1 << 1,
    DAMAGE_WHEN_LARGE = 1 << 2, /* only where it is not */
    DAMAGE_WHEN_CANON = 1 << 3  /* nothing is rewritten: the other canonicalization */
};

extern const struct damage_undo damage_undos[];
extern const size_t damage_undo_count;

unsigned damage_line_marks(struct span text);

/* follow the parts: `line` is the next one */
void damage_mime_start(struct damage_mime *mime, const struct mail_message *message);
void damage_mime_next(struct damage_mime *mime, struct span line);
/* does the line separate parts, or end them */
bool damage_mime_is_boundary(const struct damage_mime *mime, struct span line);

/* what follows "name:" in the line; a NULL span if it is another field */
struct span damage_mime_value(struct span line, const char *name);

/* rows of auth_damage_encoding.c */
bool damage_undo_qp(struct damage_run *run, const struct damage_line *line);
bool damage_undo_base64(struct damage_run *run, const struct damage_line *line);
bool damage_redo_qp(struct damage_run *run, const struct damage_line *line);
bool damage_redo_base64(struct damage_run *run, const struct damage_line *line);
bool damage_undo_to_utf8(struct damage_run *run, const struct damage_line *line);
bool damage_undo_from_utf8(struct damage_run *run, const struct damage_line *line);

enum damage_charset { DAMAGE_LATIN1, DAMAGE_WINDOWS_1252, DAMAGE_LATIN9 };

#endif
