/* Options of gate and diff. Worlds are looked at when they are opened. */
#include "app/app_options.h"
#include "base/arena.h"
#include "base/err.h"

/* gate_list_add - to a repeatable option */
static bool gate_list_add(struct app_options *options, struct app_list *list, const char *text)
{
    arena_append(options->arena, list->texts, list->count, text);
    return true;
}

bool option_old(struct app_options *options, const char *text, struct err *why)
{
    (void)why;
    return gate_list_add(options, &options->old_worlds, text);
}

bool option_new(struct app_options *options, const char *text, struct err *why)
{
    (void)why;
    return gate_list_add(options, &options->new_worlds, text);
}

bool option_beside(struct app_options *options, const char *text, struct err *why)
{
    (void)why;
    return gate_list_add(options, &options->beside, text);
}

bool option_message(struct app_options *options, const char *text, struct err *why)
{
    (void)why;
    return gate_list_add(options, &options->messages, text);
}

bool option_allow(struct app_options *options, const char *text, struct err *why)
{
    (void)why;
    return gate_list_add(options, &options->allowed, text);
}

bool option_all(struct app_options *options, const char *text, struct err *why)
{
    (void)text;
    (void)why;
    options->has_all = true;
    return true;
}

bool option_allow_undetermined(struct app_options *options, const char *text, struct err *why)
{
    (void)text;
    (void)why;
    options->allows_undetermined = true;
    return true;
}
