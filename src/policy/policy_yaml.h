/*
 * NAME
 *     policy_yaml - a YAML file by a schema, with the line of every value
 * DESCRIPTION
 *     Private to the loaders of this room. A schema is a table of keys, each with its form
 *     and the member of a structure that it fills; one walk over libyaml's document fills
 *     the structures and remembers the place of every value. Values are text or words of a
 *     closed list; the loaders make sense of the text and report what is wrong with it by
 *     policy_mistake(), so that one run reports all mistakes of a file.
 *
 *     Aliases, a second document and more than LIMIT_YAML_DEPTH levels are refused.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     policy_yaml_read() returns NULL and fills `why`, one "FILE:LINE: sentence" for each
 *     mistake.
 */
#ifndef POLICY_YAML_H
#define POLICY_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sbuf.h"
#include "base/span.h"

enum policy_yaml_form {
    POLICY_FORM_TEXT,   /* const char * */
    POLICY_FORM_WORD,   /* an enum: a word of a closed list */
    POLICY_FORM_TEXTS,  /* const char **, and how many */
    POLICY_FORM_ENTRIES /* structures by a schema of their own, and how many */
};

struct policy_yaml_word {
    const char *text; /* NULL ends the list */
    int value;
};

struct policy_yaml_schema;

struct policy_yaml_key {
    const char *name; /* NULL ends the list */
    enum policy_yaml_form form;
    bool is_optional;
    size_t offset;       /* of the member */
    size_t count_offset; /* of the size_t that counts: POLICY_FORM_TEXTS and _ENTRIES */
    const struct policy_yaml_word *words;
    const struct policy_yaml_schema *entry;
};

struct policy_yaml_schema {
    size_t size;      /* of the structure */
    const char *type; /* its name in C */
    const struct policy_yaml_key *keys;
};

#define POLICY_SCHEMA(type, keys)                  \
    {                                              \
        sizeof(struct type), "struct " #type, keys \
    }

#define POLICY_KEY_TEXT(name, type, member)                                  \
    {                                                                        \
        name, POLICY_FORM_TEXT, false, offsetof(type, member), 0, NULL, NULL \
    }
#define POLICY_KEY_TEXT_IF_ANY(name, type, member)                          \
    {                                                                       \
        name, POLICY_FORM_TEXT, true, offsetof(type, member), 0, NULL, NULL \
    }
#define POLICY_KEY_WORD(name, type, member, words)                            \
    {                                                                         \
        name, POLICY_FORM_WORD, false, offsetof(type, member), 0, words, NULL \
    }
#define POLICY_KEY_WORD_IF_ANY(name, type, member, words)                    \
    {                                                                        \
        name, POLICY_FORM_WORD, true, offsetof(type, member), 0, words, NULL \
    }
#define POLICY_KEY_TEXTS(name, type, member)                    \
    {                                                           \
        name, POLICY_FORM_TEXTS, false, offsetof(type, member), \
            offsetof(type, member##_count), NULL, NULL          \
    }
#define POLICY_KEY_TEXTS_IF_ANY(name, type, member)                                            \
    {                                                                                          \
        name, POLICY_FORM_TEXTS, true, offsetof(type, member), offsetof(type, member##_count), \
            NULL, NULL                                                                         \
    }
#define POLICY_KEY_ENTRIES(name, type, member, schema)            \
    {                                                             \
        name, POLICY_FORM_ENTRIES, false, offsetof(type, member), \
            offsetof(type, member##_count), NULL, schema          \
    }
#define POLICY_KEY_ENTRIES_IF_ANY(name, type, member, schema)    \
    {                                                            \
        name, POLICY_FORM_ENTRIES, true, offsetof(type, member), \
            offsetof(type, member##_count), NULL, schema         \
    }
#define POLICY_KEY_END                                  \
    {                                                   \
        NULL, POLICY_FORM_TEXT, false, 0, 0, NULL, NULL \
    }

/* where a value is: "name", "when" of the third of the "rules", "sources[0].read" of the
 * third of the "providers" */
struct policy_place {
    const char *list; /* "rules"; NULL: the top level */
    size_t index;     /* in the list */
    const char *key;  /* NULL: the whole entry */
};

/* where a value of the file is */
struct policy_line {
    struct policy_place place;
    int line;
};

/* a file that is being read; starts with `arena` and `path`, which must be safe to show */
struct policy_file {
    struct arena *arena;
    const char *path;
    struct policy_line *lines;
    size_t line_count;
    struct sbuf mistakes; /* one a line */
};

struct policy_file policy_file_start(struct arena *arena, const char *path);

/* the structure that `schema` describes */
void *policy_yaml_read(struct policy_file *file, struct span text,
                       const struct policy_yaml_schema *schema, struct err *why);

/* the line of the value, or of what should hold it; 1 if that is missing, too */
int policy_file_line(const struct policy_file *file, const struct policy_place *place);

/* "FILE:LINE: sentence" about a value */
void policy_mistake(struct policy_file *file, struct policy_place place, const char *sentence);

/* false if there was a mistake: `why` gets them all */
bool policy_file_is_fine(const struct policy_file *file, struct err *why);

/* names and ids: lower case letters, digits, dots and dashes */
bool policy_yaml_is_name(const char *text);

#endif
