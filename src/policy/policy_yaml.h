/*
 * NAME
 *     policy_yaml - a YAML file by a schema of libcyaml
 * DESCRIPTION
 *     Private to the loaders of this room: what their schemas are made of, and
 *     the one call that reads a file by one. Every value is still text or a
 *     word of a closed list; the loaders make sense of it.
 * OWNERSHIP
 *     In the arena: libcyaml gets its memory from there.
 * ERRORS
 *     policy_yaml_read() returns NULL and fills `why`, with file and line. What is
 *     wrong with the values is collected by policy_mistake().
 */
#ifndef POLICY_YAML_H
#define POLICY_YAML_H

#include <cyaml/cyaml.h>

#include "base/sbuf.h"
#include "policy/policy_marks.h"

/* a word of a closed list (an array of cyaml_strval_t) */
#define POLICY_YAML_WORD(key, flags, type, member, words)                   \
    CYAML_FIELD_ENUM(key, CYAML_FLAG_STRICT | (flags), type, member, words, \
                     sizeof(words) / sizeof((words)[0]))
#define POLICY_YAML_TEXT(key, type, member) \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, type, member, 1, CYAML_UNLIMITED)
#define POLICY_YAML_TEXT_IF_ANY(key, type, member)                                         \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, 1, \
                           CYAML_UNLIMITED)

/* a file, and where in it things stand */
struct policy_file {
    const char *path;
    struct span text;
    const struct policy_marks *marks;
};

/* what the schema says the root is: a pointer to a structure */
void *policy_yaml_read(struct arena *arena, const struct policy_file *file,
                       const struct cyaml_schema_value *schema, struct err *why);

/* all mistakes of a file, one a line; starts with its file and `text` = sbuf_start() */
struct policy_mistakes {
    const struct policy_file *file;
    struct sbuf text;
};

/* "FILE:LINE: sentence" about a value */
void policy_mistake(struct policy_mistakes *mistakes, struct policy_place place,
                    const char *sentence);

/* names and ids: lower case letters, digits, dots and dashes */
bool policy_yaml_is_name(const char *text);

#endif
