/*
 * NAME
 *     plan_node - a JSON or YAML file as a tree, with the line of each value
 * DESCRIPTION
 *     Private to plan/. Both forms give the same tree: maps, lists and scalars. Aliases of
 *     YAML are refused, and so are duplicate keys of a map, and values nested deeper than
 *     LIMIT_PLAN_DEPTH.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     The readers return NULL and fill `why` with the line.
 */
#ifndef PLAN_NODE_H
#define PLAN_NODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

enum plan_node_kind { PLAN_NODE_NULL, PLAN_NODE_TEXT, PLAN_NODE_LIST, PLAN_NODE_MAP };

struct plan_node {
    enum plan_node_kind kind;
    const char *key;  /* in a map; NULL elsewhere */
    const char *text; /* of scalars, "" for others: "true", "300", what a string holds */
    bool is_true;     /* the word true, not a string */
    int line;
    struct plan_node *first; /* of a map or list */
    struct plan_node *next;
};

struct plan_node *plan_json_read(struct arena *arena, const char *path, struct span bytes,
                                 struct err *why);
/* all documents of the file, as a list */
struct plan_node *plan_yaml_read(struct arena *arena, const char *path, struct span bytes,
                                 struct err *why);

/* accept NULL and what is not a map: a value that is not there is NULL */
const struct plan_node *plan_get(const struct plan_node *map, const char *key);
/* the first item of the list at the key; NULL: it is empty, or there is no list */
const struct plan_node *plan_items(const struct plan_node *map, const char *key);
/* the text of a scalar; NULL if it is not one, or null */
const char *plan_text_of(const struct plan_node *node);
const char *plan_text(const struct plan_node *map, const char *key);
/* the number; `otherwise` if it is none or beyond `most` */
uint32_t plan_number(const struct plan_node *map, const char *key, uint32_t most,
                     uint32_t otherwise);
bool plan_is_true(const struct plan_node *map, const char *key);
bool plan_is_map(const struct plan_node *node);
bool plan_is_list(const struct plan_node *node);

#endif
