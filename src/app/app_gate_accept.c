/*
 * "allow ID [ABOUT] until DATE [REASON]" after "; mailassay:" in a proposed zone file, as the
 * value of --allow, or as a list in the file .mailassay.yaml at the top of a tree:
 *
 *     allow:
 *       - spf_addresses_lost 198.51.100.0/24 until 2027-01-31 the old office
 */
#include <string.h>
#include <unistd.h>

#include "app/app_gate_accept.h"
#include "app/app_options.h"
#include "app/app_run.h"
#include "app/app_world.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/span.h"
#include "model/gate.h"
#include "report/report_gate.h"
#include "source/source.h"
#include "source/zone.h"

static const char file_name[] = ".mailassay.yaml";

/* what accepted losses are collected with */
struct accepting {
    struct app *app;
    struct report_accepts *out;
    int64_t today; /* days since 1970-01-01 */
    const char *file;
    int line;
};

/* accept_add - one of them */
static bool accept_add(const struct accepting *accepting, struct span text, struct err *why)
{
    struct report_accept accept = {0};
    struct err inner = {0};

    if (!report_accept_parse(accepting->app->arena, text, &accept, &inner)) {
        if (accepting->file == NULL)
            err_set_kind(why, ERR_USAGE, "--%s", inner.text);
        else
            err_set(why, "%s:%d: %s", accepting->file, accepting->line, inner.text);
        return false;
    }
    accept.file = accepting->file;
    accept.line = accepting->line;
    accept.is_expired = accept.until_day < accepting->today;
    arena_append(accepting->app->arena, accepting->out->list, accepting->out->count, accept);
    return true;
}

/* accept_remark - "mailassay: TEXT" in a file */
static bool accept_remark(struct accepting *accepting, const struct zone_remark *remark,
                          struct err *why)
{
    accepting->file = remark->file;
    accepting->line = remark->line;
    if (span_starts_with(span_of(remark->text), "allow "))
        return accept_add(accepting, span_of(remark->text), why);
    err_set(why,
            "%s:%d: unknown remark \"mailassay: %s\": expected \"allow FINDING [ABOUT] until "
            "DATE REASON\"",
            remark->file, remark->line, escape_shown(accepting->app->arena, remark->text));
    return false;
}

/* accept_zone - the remarks of a zone file */
static bool accept_zone(struct accepting *accepting, const struct zone *zone, struct err *why)
{
    for (const struct zone_remark *remark = zone_remarks(zone); remark != NULL;
         remark = remark->next)
        if (!accept_remark(accepting, remark, why))
            return false;
    return true;
}

/* accept_file - the remarks of a file, whatever its format */
static bool accept_file(struct accepting *accepting, const struct source_world *file,
                        struct err *why)
{
    for (size_t i = 0; i < file->remark_count; i++)
        if (!accept_remark(accepting, &file->remarks[i], why))
            return false;
    for (size_t i = 0; i < file->zone_count; i++)
        if (!accept_zone(accepting, file->zones[i], why))
            return false;
    return true;
}

/* accept_yaml_line - one line of .mailassay.yaml; false: it is not one that it may have */
static bool accept_yaml_line(const struct accepting *accepting, struct span line,
                             bool *is_in_list, struct err *why)
{
    struct span text = span_trim(line);

    if (text.len == 0 || text.at[0] == '#' || span_equal_text(text, "---"))
        return true;
    if (span_equal_text(text, "allow:")) {
        *is_in_list = true;
        return true;
    }
    if (*is_in_list && span_starts_with(text, "- "))
        return accept_add(accepting, span_from(text, 2), why);
    err_set(
        why,
        "%s:%d: expected \"allow:\" and below it lines \"- FINDING [ABOUT] until DATE REASON\"",
        accepting->file, accepting->line);
    return false;
}

/* accept_yaml - the file at the top of a tree, if there is one */
static bool accept_yaml(struct accepting *accepting, const char *folder, struct err *why)
{
    struct arena *arena = accepting->app->arena;
    struct span rest = {0};
    bool is_in_list = false;

    accepting->file = file_in_folder(arena, folder, file_name);
    accepting->line = 0;
    if (access(accepting->file, F_OK) != 0)
        return true;
    if (!file_load_text(arena, accepting->file, LIMIT_BASELINE_BYTES, &rest, why))
        return false;
    while (rest.len > 0) {
        accepting->line++;
        if (!accept_yaml_line(accepting, span_cut(&rest, '\n'), &is_in_list, why))
            return false;
    }
    return true;
}

bool app_gate_accepts_load(struct app *app, const struct app_world *world,
                           struct report_accepts *out, struct err *why)
{
    struct accepting accepting = {.app = app, .out = out};
    const struct source_world *file = NULL;

    accepting.today = clock_day(app_options_now(&app->options));
    for (size_t i = 0; i < app->options.allowed.count; i++)
        if (!accept_add(&accepting, span_of(app->options.allowed.texts[i]), why))
            return false;
    for (size_t i = 0; (file = app_world_file(world, i)) != NULL; i++)
        if (!accept_file(&accepting, file, why))
            return false;
    for (size_t i = 0; i < world->trees.count; i++)
        if (!accept_yaml(&accepting, world->trees.texts[i], why))
            return false;
    return true;
}
