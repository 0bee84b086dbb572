/* A list, searched from its start: it is bounded, and asked once a recipient. */
#include "sandbox/sandbox_tries.h"

#include <string.h>

#include "base/limits_serve.h"
#include "base/sbuf.h"

#define FIRST_OF(code) ((code) / 100)

struct sandbox_tries *sandbox_tries_open(struct arena *arena)
{
    struct sandbox_tries *tries = arena_new_of(arena, struct sandbox_tries);

    tries->arena = arena;
    return tries;
}

/* tries_pair - NULL: it is new */
static struct sandbox_tried *tries_pair(const struct sandbox_tries *tries, const char *from,
                                        const char *to)
{
    for (struct sandbox_tried *tried = tries->first; tried != NULL; tried = tried->next)
        if (strcmp(tried->from, from) == 0 && strcmp(tried->to, to) == 0)
            return tried;
    return NULL;
}

const struct sandbox_tried *sandbox_tries_find(const struct sandbox_tries *tries,
                                               const char *from, const char *to)
{
    return tries_pair(tries, from, to);
}

/* add_pair - NULL: there is no room */
static struct sandbox_tried *add_pair(struct sandbox_tries *tries, const char *from,
                                      const char *to)
{
    struct sandbox_tried *tried = NULL;

    if (tries->count >= LIMIT_SANDBOX_TRIED) {
        tries->left_off++;
        return NULL;
    }
    tried = arena_new_of(tries->arena, struct sandbox_tried);
    tried->from = arena_strdup(tries->arena, from);
    tried->to = arena_strdup(tries->arena, to);
    if (tries->newest == NULL)
        tries->first = tried;
    else
        tries->newest->next = tried;
    tries->newest = tried;
    tries->count++;
    return tried;
}

void sandbox_tries_add(struct sandbox_tries *tries, const char *from, const char *to,
                       struct sandbox_try made)
{
    struct sandbox_tried *tried = tries_pair(tries, from, to);

    if (tried == NULL)
        tried = add_pair(tries, from, to);
    if (tried == NULL)
        return;
    if (tried->count < SANDBOX_TRIES_KEPT)
        tried->list[tried->count] = made;
    tried->count++;
    tried->met_trouble = tried->met_trouble || FIRST_OF(made.code) != 2;
    tried->last = made;
}

/* tries_kept - of which more than the number is known */
static size_t tries_kept(const struct sandbox_tried *tried)
{
    return tried->count < SANDBOX_TRIES_KEPT ? tried->count : SANDBOX_TRIES_KEPT;
}

/* came_elsewhere - two tries came by different listeners, as by different MX hosts */
static bool came_elsewhere(const struct sandbox_try *one, const struct sandbox_try *other)
{
    return one->where != NULL && other->where != NULL && strcmp(one->where, other->where) != 0;
}

/* went_elsewhere - some two of them did */
static bool went_elsewhere(const struct sandbox_tried *tried)
{
    for (size_t i = 1; i < tries_kept(tried); i++)
        if (came_elsewhere(&tried->list[0], &tried->list[i]))
            return true;
    return came_elsewhere(&tried->list[0], &tried->last);
}

/* tries_verdict - what the client did, in words */
static const char *tries_verdict(struct arena *arena, const struct sandbox_tried *tried)
{
    bool is_again = tried->count > 1;
    const char *again = "came back";

    if (is_again && FIRST_OF(tried->list[0].code) == 5)
        return "came back although it was refused for good";
    if (came_elsewhere(&tried->list[0], &tried->last))
        again = arena_printf(arena, "fell back to %s", tried->last.where);
    switch (FIRST_OF(tried->last.code)) {
    case 2:
        return is_again ? arena_printf(arena, "%s and was accepted", again)
                        : "was accepted at once";
    case 4:
        return is_again ? arena_printf(arena, "%s and was deferred again", again)
                        : "was deferred and did not come back";
    case 5:
        return is_again ? arena_printf(arena, "%s and was refused for good", again)
                        : "was refused for good";
    }
    return is_again ? arena_printf(arena, "%s and got no reply again", again)
                    : "got no reply and did not come back";
}

/* add_try - its code, and where listeners differ, the one */
static void add_try(struct sbuf *text, const struct sandbox_try *one, bool has_where)
{
    if (one->code == 0)
        sbuf_add(text, "no reply");
    else
        sbuf_addf(text, "%u", one->code);
    if (has_where && one->where != NULL)
        sbuf_addf(text, " at %s", one->where);
}

const char *sandbox_tries_text(struct arena *arena, const struct sandbox_tried *tried)
{
    struct sbuf text = sbuf_start(arena);
    size_t kept = tries_kept(tried);
    bool has_where = went_elsewhere(tried);

    sbuf_addf(&text, "tried %s", tried->count == 1 ? "once" : "");
    if (tried->count > 1)
        sbuf_addf(&text, "%llu times", (unsigned long long)tried->count);
    for (size_t i = 1; i < kept; i++) {
        int64_t gap = tried->list[i].at_ms - tried->list[i - 1].at_ms;

        sbuf_addf(&text, "%s%lld.%lld s", i == 1 ? ", " : " and ", (long long)(gap / 1000),
                  (long long)(gap % 1000 / 100));
    }
    sbuf_add(&text, kept > 1 ? " apart (" : " (");
    for (size_t i = 0; i < kept; i++) {
        sbuf_add(&text, i > 0 ? ", " : "");
        add_try(&text, &tried->list[i], has_where);
    }
    sbuf_addf(&text, "%s): %s", tried->count > kept ? ", ..." : "",
              tries_verdict(arena, tried));
    return sbuf_text(&text);
}
