/*
 * NAME
 *     sandbox_command - one line of a client, read
 * DESCRIPTION
 *     Private to sandbox/. The verb is a row of sandbox_verb.def; what follows it is
 *     read as that row says: nothing, a text, or a path in <> with parameters. A source
 *     route is dropped, as the standard requires. The session decides whether the
 *     command is allowed now.
 * OWNERSHIP
 *     In the arena; `argument` looks into the line.
 * ERRORS
 *     Total: what is wrong is in `fault`, with its reply code.
 * STANDARDS
 *     RFC 5321, 4.1 and 4.5.3.1; RFC 1869 syntax of parameters (RFC 5321, 4.1.2); RFC
 *     6531, 3.3
 * BUGS
 *     An address without <> is refused, although many servers take it.
 */
#ifndef SANDBOX_COMMAND_H
#define SANDBOX_COMMAND_H

#include "base/arena.h"
#include "base/span.h"

enum sandbox_verb {
#define VERB(id, name, argument, when, help) SANDBOX_VERB_##id,
#include "sandbox/sandbox_verb.def"
    SANDBOX_VERB_UNKNOWN
};

enum sandbox_argument { ARGUMENT_NONE, ARGUMENT_ANY, ARGUMENT_ONE, ARGUMENT_FROM, ARGUMENT_TO };
enum sandbox_when { WHEN_ANYTIME, WHEN_GREETED, WHEN_STARTED, WHEN_FILLED, WHEN_IDLE };

struct sandbox_verb_row {
    const char *name;
    enum sandbox_argument argument;
    enum sandbox_when when;
    const char *help;
};

struct sandbox_parameter {
    struct span name;
    struct span value; /* {NULL, 0}: none */
};

struct sandbox_command {
    enum sandbox_verb verb;
    struct span argument;  /* behind the verb, without blanks around it */
    const char *path;      /* of MAIL and RCPT: without <> and route; NULL */
    const char *domain;    /* of the path, as written; NULL: none */
    bool has_route;        /* a source route stood there */
    bool has_blank;        /* a blank stood behind the colon */
    bool is_international; /* the path has octets above 127 */
    struct sandbox_parameter *parameters;
    size_t parameter_count;
    unsigned code; /* 0: fine; else 500, 501, 553 or 555 */
    const char *enhanced;
    const char *fault; /* one clause; NULL: fine */
};

const struct sandbox_verb_row *sandbox_verb_row(enum sandbox_verb verb);

/* `line` is without its line end */
void sandbox_command_parse(struct arena *arena, struct span line,
                           struct sandbox_command *command_out);

/* the value of a parameter; false: it was not given */
bool sandbox_command_find(const struct sandbox_command *command, const char *name,
                          struct span *value_out);

/* octets that "+XX" stands for (RFC 3461, 4); false: not well formed */
bool sandbox_xtext_decode(struct arena *arena, struct span text, struct span *bytes_out);

#endif
