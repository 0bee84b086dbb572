/* A list, searched from its start: it is bounded, and asked once a recipient. */
#include "sandbox/sandbox_tries.h"

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
    tried->last = made;
}

/* tries_verdict - what the client did, in words */
static const char *tries_verdict(const struct sandbox_tried *tried)
{
    bool is_again = tried->count > 1;
    unsigned first = FIRST_OF(tried->list[0].code);

    if (is_again && first == 5)
        return "came back although it was refused for good";
    switch (FIRST_OF(tried->last.code)) {
    case 2:
        return is_again ? "came back and was accepted" : "was accepted at once";
    case 4:
        return is_again ? "came back and was deferred again"
                        : "was deferred and did not come back";
    case 5:
        return is_again ? "came back and was refused for good" : "was refused for good";
    }
    return is_again ? "came back and got no reply again" : "got no reply and did not come back";
}

const char *sandbox_tries_text(struct arena *arena, const struct sandbox_tried *tried)
{
    struct sbuf text = sbuf_start(arena);
    size_t kept = tried->count < SANDBOX_TRIES_KEPT ? tried->count : SANDBOX_TRIES_KEPT;

    sbuf_addf(&text, "tried %s", tried->count == 1 ? "once" : "");
    if (tried->count > 1)
        sbuf_addf(&text, "%llu times", (unsigned long long)tried->count);
    for (size_t i = 1; i < kept; i++) {
        int64_t gap = tried->list[i].at_ms - tried->list[i - 1].at_ms;

        sbuf_addf(&text, "%s%lld.%lld s", i == 1 ? ", " : " and ", (long long)(gap / 1000),
                  (long long)(gap % 1000 / 100));
    }
    sbuf_add(&text, kept > 1 ? " apart (" : " (");
    for (size_t i = 0; i < kept; i++)
        sbuf_addf(&text, "%s%s", i > 0 ? ", " : "",
                  tried->list[i].code == 0 ? "no reply"
                                           : arena_printf(arena, "%u", tried->list[i].code));
    sbuf_addf(&text, "%s): %s", tried->count > kept ? ", ..." : "", tries_verdict(tried));
    return sbuf_text(&text);
}
