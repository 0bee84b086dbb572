/*
 * NAME
 *     provider - what is known about those who send or take mail for others
 * DESCRIPTION
 *     A provider is data: names it is recognised by, selectors it signs with,
 *     and the steps to take there. Where a set comes from is the business of
 *     policy/policy_provider.h; here names are looked up in one.
 *
 *     A name of a list stands for itself and everything below it:
 *     "sendgrid.example" is found in "u1.wl.sendgrid.example". The longest
 *     name that fits wins, so that a part of a provider's names may belong to
 *     another.
 * OWNERSHIP
 *     A set is static or lives in the arena of who read it.
 * ERRORS
 *     None: what nobody is known by gives NULL.
 */
#ifndef MODEL_PROVIDER_H
#define MODEL_PROVIDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

enum provider_kind {
#define PROVIDER_KIND(word, constant) PROVIDER_##constant,
#include "model/provider.def"
    PROVIDER_KINDS
};

enum provider_list {
#define PROVIDER_LIST(key, constant, what) PROVIDER_BY_##constant,
#include "model/provider.def"
    PROVIDER_LISTS
};

enum provider_step {
#define PROVIDER_STEP(key, constant, what) PROVIDER_TO_##constant,
#include "model/provider.def"
    PROVIDER_STEPS
};

enum provider_confidence { PROVIDER_HIGH, PROVIDER_MEDIUM, PROVIDER_LOW };

/* whether the SPF record of a domain is ever looked at for mail that the provider sends for it:
 * not where MAIL FROM is the provider's own, or a name behind an alias to it */
enum provider_spf_use { PROVIDER_SPF_USED, PROVIDER_SPF_NEVER, PROVIDER_SPF_UNLESS_ALIASED };

struct provider_names {
    /* lower case, without a last dot; header fields as provider_has_header() reads them */
    const char *const *names;
    size_t count;
};

struct provider_source {
    const char *url;
    const char *read; /* the day, as written */
};

struct provider {
    const char *name;  /* "google-workspace" */
    const char *title; /* "Google Workspace" */
    enum provider_kind kind;
    enum provider_confidence confidence;
    enum provider_spf_use spf_use;
    struct provider_names lists[PROVIDER_LISTS];
    const char *steps[PROVIDER_STEPS]; /* one sentence each; NULL: no source says how */
    const struct provider_source *sources;
    size_t source_count;
};

struct provider_set {
    const struct provider *list;
    size_t count;
};

const char *provider_kind_to_text(enum provider_kind kind);
const char *provider_confidence_to_text(enum provider_confidence confidence);
const char *provider_list_to_text(enum provider_list list);  /* "mx", as in files */
const char *provider_list_to_title(enum provider_list list); /* "mail hosts" */
const char *provider_step_to_text(enum provider_step step);  /* "sign" */
const char *provider_step_to_title(enum provider_step step);

/* whose list has the name, or a name above it; `set` may be NULL. Case does not matter */
const struct provider *provider_of(const struct provider_set *set, enum provider_list list,
                                   const char *name);

/* the provider adds such a header field: its list `headers` has "Name", or "Name: text" with
 * "*" for anything, which the value without the blanks around it fits. Case does not matter */
bool provider_has_header(const struct provider *provider, struct span name, struct span value);

/* who is included by "include:<name>" of an SPF record */
const struct provider *provider_of_spf_include(const struct provider_set *set,
                                               const char *name);

/* by its own name ("google-workspace"); NULL: none */
const struct provider *provider_find(const struct provider_set *set, const char *name);

#endif
