/*
 * NAME
 *     policy_schema - a policy file as it is written
 * DESCRIPTION
 *     Private to the loader: the schema, and the structures that it fills.
 *     Every value is still text; policy_load.c makes sense of it.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     policy_schema_read() returns NULL and fills `why`, with file and line.
 */
#ifndef POLICY_SCHEMA_H
#define POLICY_SCHEMA_H

#include "model/policy.h"
#include "policy/policy.h"
#include "policy/policy_yaml.h"

struct written_source {
    const char *id;
    const char *title;
    const char *url;
    const char *read;
};

struct written_rule {
    const char *id;
    const char *says;
    enum written_who { WRITTEN_EVERYBODY, WRITTEN_BULK } who;
    const char *since;
    const char *until;
    const char *applies;
    const char *when;
    enum policy_disposition disposition;
    enum policy_step at;
    const char *code;
    const char *enhanced;
    const char *reply;
    const char **source;
    size_t source_count;
    enum policy_confidence confidence;
    const char *asks;
    enum written_severity {
        WRITTEN_BY_DISPOSITION,
        WRITTEN_ERROR,
        WRITTEN_WARNING,
        WRITTEN_NOTICE
    } severity;
    const char **publish;
    size_t publish_count;
    const char *note;
};

struct written_advice {
    const char *id;
    const char *says;
    const char *since;
    const char **source;
    size_t source_count;
    enum policy_confidence confidence;
};

struct written_policy {
    const char *name;
    const char *title;
    enum policy_kind kind;
    const char *as_of;
    const char *about;
    enum policy_standard standard;
    const char **domains;
    size_t domains_count;
    struct written_source *sources;
    size_t sources_count;
    struct written_rule *rules;
    size_t rules_count;
    struct written_advice *advice;
    size_t advice_count;
};

/* the members of these structures are in the order of its keys: embed_policies.c */
extern const struct policy_yaml_schema policy_schema;

struct written_policy *policy_schema_read(struct policy_file *file, struct span text,
                                          struct err *why);

/* policy_load.c: what is written, made sense of; NULL and `why`, with file and line */
const struct policy *policy_make(const struct policy_file *file,
                                 const struct written_policy *written, struct err *why);

#endif
