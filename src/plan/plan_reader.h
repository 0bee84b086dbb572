/*
 * NAME
 *     plan_reader - what the readers of the formats have in common
 * DESCRIPTION
 *     Private to plan/. A reader walks over the tree and passes each record on as an owner, a
 *     type and a value in the form of its service; from these the one record form of dns/ is
 *     made. Values of TXT differ most: quoted as in a zone file or not, with escapes or
 *     without, in strings or joined.
 * OWNERSHIP
 *     In the arena of the plan.
 * ERRORS
 *     A record that makes no sense is a fault of the plan; reading goes on.
 */
#ifndef PLAN_READER_H
#define PLAN_READER_H

#include "base/sbuf.h"
#include "plan/plan.h"
#include "plan/plan_node.h"

struct plan_terraform_config;

struct plan_input {
    struct plan *plan;
    const struct plan_request *request;
    const struct plan_node *root; /* JSON: the value; YAML: a list of documents */
    bool is_json;
    const struct plan_terraform_config *config; /* plan_terraform.h; NULL elsewhere */
};

#define PLAN_FORMAT(id, name)                       \
    bool plan_is_##id(const struct plan_input *in); \
    void plan_read_##id(const struct plan_input *in);
#include "plan/plan_format.def"

/* how a service writes text */
enum plan_text_form {
    PLAN_TEXT_PLAIN,   /* the text as it is, joined */
    PLAN_TEXT_QUOTED,  /* strings in quotes; a word without quotes is a string of its own */
    PLAN_TEXT_EITHER,  /* quoted if it begins with a quote, else plain */
    PLAN_TEXT_WRAPPED, /* the service puts quotes around it, so that "" in it cuts strings */
    PLAN_TEXT_OCTO     /* plain, with "\;" for ";" */
};

struct plan_value {
    const char *owner; /* absolute, with or without its final dot */
    const char *type;  /* "TXT" */
    const char *data;  /* as the service writes it; MX: "10 host" */
    uint32_t ttl;
    enum plan_text_form form;
    bool has_octal; /* escapes are octal, as of Route 53 */
    const char *file;
    int line;
};

struct plan_place {
    const char *file;
    int line;
};
#define PLAN_AT(file, line) ((struct plan_place){file, line})

/* a fault with its place */
void plan_fault(struct plan *plan, struct plan_place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* the same about what cannot be judged, while the rest can */
void plan_note(struct plan *plan, struct plan_place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* the name of the zone that was asked for, else the one that was found; NULL: neither */
const char *plan_apex(const struct plan_input *in, const char *found);

/* the zone of a closed world, made if there is none; NULL and a fault: no domain name */
struct plan_zone *plan_zone_get(struct plan *plan, const char *apex, int line);

/* the record in the zone, an alias of the provider as such */
void plan_add(struct plan *plan, struct plan_zone *zone, const struct plan_value *value);

/* an entry for a set: PLAN_EMPTY and PLAN_UNKNOWN; NULL: the type does not matter */
struct plan_entry *plan_add_set(struct plan *plan, struct plan_zone *zone, enum plan_kind kind,
                                const struct plan_value *value);
/* an entry with a record: PLAN_HAS and PLAN_GONE */
struct plan_entry *plan_add_rr(struct plan *plan, struct plan_zone *zone, enum plan_kind kind,
                               const struct plan_value *value);

/* what a record of Cloudflare has in fields instead of text; NULL: it has not */
const char *plan_cloudflare_data(struct arena *arena, const struct plan_node *data,
                                 const char *kind);
/* Cloudflare answers with addresses of its own, whatever the record says */
bool plan_cloudflare_is_proxied(const struct plan_node *record);

/* a name below a zone: "@" and "" are its apex, a final dot makes it absolute */
const char *plan_name_in(struct arena *arena, const char *name, const char *zone);

#endif
