/* From what the user names to sources. A path becomes the spec of a source by what it holds. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/app_world.h"
#include "base/dns_name.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "plan/plan.h"
#include "source/zone.h"

/* octets of a file that are looked at to see what it is: a zone begins with its SOA */
#define SNIFF_BYTES 65536

/* a world under way */
struct world_maker {
    struct app *app;
    struct app_world *world;
    struct err *why;
    size_t files; /* seen in the folder */
};

/* ---- what a file is ---- */

/* sniff_word - the next word of a line; a bracket begins one */
static struct span sniff_word(struct span *line)
{
    struct span word = {0};

    *line = span_trim(*line);
    while (word.len < line->len && !ascii_is_blank(line->at[word.len]))
        word.len++;
    word.at = line->at;
    *line = span_from(*line, word.len);
    return word;
}

/* is_number_or_bracket - what follows the two names of an SOA record */
static bool is_number_or_bracket(struct span word)
{
    return word.len > 0 && (word.at[0] == '(' || ascii_is_digit(word.at[0]));
}

/* is_soa_line - "owner [ttl] [class] SOA name name (" */
static bool is_soa_line(struct span line, bool *is_absolute_out)
{
    struct span word = sniff_word(&line);

    *is_absolute_out = word.len > 0 && word.at[word.len - 1] == '.';
    for (size_t i = 0; i < 4 && word.len > 0 && !span_equal_nocase(word, "SOA"); i++)
        word = sniff_word(&line);
    if (!span_equal_nocase(word, "SOA"))
        return false;
    if (is_number_or_bracket(sniff_word(&line)))
        return true;
    sniff_word(&line);
    return is_number_or_bracket(sniff_word(&line));
}

/* has_soa_line - the text has an SOA record, comments aside, and its owner says which zone it
 * is */
static bool has_soa_line(struct span text, bool *is_absolute_out)
{
    while (text.len > 0) {
        struct span line = span_cut(&text, '\n');

        if (is_soa_line(span_cut(&line, ';'), is_absolute_out))
            return true;
    }
    *is_absolute_out = false;
    return false;
}

/* has_origin_line - the text has $ORIGIN */
static bool has_origin_line(struct span text)
{
    while (text.len > 0)
        if (span_starts_with_nocase(span_cut(&text, '\n'), "$ORIGIN"))
            return true;
    return false;
}

/* the beginning of a file */
struct sniffed {
    struct span bytes;
    bool is_snapshot;
    bool is_plan; /* of DNS as code */
    bool has_soa;
    bool says_zone; /* the owner of the SOA record does, or $ORIGIN */
};

/* is_small - of a size that can be compared */
static bool is_small(const char *path, const struct stat *about, struct err *why)
{
    if (!S_ISREG(about->st_mode) || about->st_size <= LIMIT_GATE_BYTES)
        return true;
    err_set(why, "%s: larger than %d octets, the most that is compared", path,
            LIMIT_GATE_BYTES);
    return false;
}

/* sniff_file - read its beginning; false and `why` */
static bool sniff_file(struct arena *arena, const char *path, struct sniffed *out,
                       struct err *why)
{
    char *bytes = arena_alloc(arena, SNIFF_BYTES);
    int fd = file_open(path, why);
    ptrdiff_t got = 0;

    if (fd < 0)
        return false;
    got = file_read(fd, bytes, SNIFF_BYTES);
    close(fd);
    if (got < 0) {
        err_set(why, "%s: %s", path, strerror(errno));
        return false;
    }
    out->bytes = span_make(bytes, (size_t)got);
    out->is_snapshot = span_starts_with(out->bytes, "{\"snapshot\"");
    out->is_plan = plan_is_plan(path, out->bytes);
    out->has_soa = has_soa_line(out->bytes, &out->says_zone);
    out->says_zone = out->says_zone || has_origin_line(out->bytes);
    return true;
}

/* zone_named - the zone that a file name says: "example.com.zone", "db.example.com"; NULL */
static const char *zone_named(struct arena *arena, const char *path)
{
    static const char *const suffixes[] = {".zone", ".db", ".dns"};
    struct span name = span_of(file_last_part(path));
    struct err why = {0};
    const struct dns_name *zone = NULL;
    bool is_named = false;

    for (size_t i = 0; i < COUNT_OF(suffixes) && !is_named; i++) {
        is_named = span_ends_with_nocase(name, suffixes[i]);
        if (is_named)
            name = span_sub(name, 0, name.len - strlen(suffixes[i]));
    }
    if (!is_named && span_starts_with(name, "db.")) {
        is_named = true;
        name = span_from(name, 3);
    }
    if (is_named && span_find(name, '.') > 0)
        zone = dns_name_parse(arena, name, &why);
    return zone != NULL ? zone->text : NULL;
}

/* add_spec - one more source of the world itself */
static void add_spec(struct world_maker *maker, const char *spec)
{
    arena_append(maker->app->arena, maker->world->specs.texts, maker->world->specs.count, spec);
}

/* add_file - a snapshot or a zone file */
static void add_file(struct world_maker *maker, const char *path, const struct sniffed *sniffed)
{
    struct arena *arena = maker->app->arena;
    const char *named = zone_named(arena, path);

    if (sniffed->is_snapshot)
        add_spec(maker, arena_printf(arena, "snapshot:%s", path));
    else if (sniffed->is_plan)
        add_spec(maker, arena_printf(arena, "plan:%s", path));
    else if (!sniffed->says_zone && named != NULL)
        add_spec(maker, arena_printf(arena, "zone:%s@%s", path, named));
    else
        add_spec(maker, arena_printf(arena, "zone:%s", path));
}

/* ---- folders ---- */

static bool add_folder(struct world_maker *maker, const char *path, const char *real_tree);

/* world_is_below - the path, links followed, is in the folder */
static bool world_is_below(struct world_maker *maker, const char *path, const char *real_tree)
{
    const char *real = file_real_path(maker->app->arena, path);
    bool is_inside = real != NULL && file_below(real, real_tree) != NULL;

    if (real == NULL)
        err_set(maker->why, "%s: %s", path, strerror(errno));
    else if (!is_inside)
        err_set(maker->why,
                "%s: a link that leads out of the folder; remove it, or name its target", path);
    return is_inside;
}

/* is_plan_of_folder - DNS as code, maybe broken; other JSON and YAML in a folder is skipped */
static bool is_plan_of_folder(const struct world_maker *maker, const char *path,
                              struct span bytes)
{
    static const char mark[] = "type:";
    const char *name = file_last_part(path);
    const char *dot = strrchr(name, '.');
    bool is_zone_name = dot != NULL && strcmp(dot, ".yaml") == 0 &&
                        memchr(name, '.', (size_t)(dot - name)) != NULL;

    if (plan_is_part(maker->app->arena, path))
        return false;
    return plan_recognise(path) ||
           (is_zone_name && memmem(bytes.at, bytes.len, mark, sizeof(mark) - 1) != NULL);
}

/* add_entry - what is in a folder */
static bool add_entry(struct world_maker *maker, const char *path, const char *real_tree)
{
    struct sniffed sniffed = {0};
    struct stat about = {0};

    if (!world_is_below(maker, path, real_tree))
        return false;
    if (stat(path, &about) != 0) {
        err_set(maker->why, "%s: %s", path, strerror(errno));
        return false;
    }
    if (S_ISDIR(about.st_mode))
        return add_folder(maker, path, real_tree);
    if (!S_ISREG(about.st_mode))
        return true;
    maker->files++;
    if (!is_small(path, &about, maker->why) ||
        !sniff_file(maker->app->arena, path, &sniffed, maker->why))
        return false;
    if (sniffed.is_plan && !is_plan_of_folder(maker, path, sniffed.bytes))
        return true;
    if (sniffed.is_snapshot || sniffed.is_plan || sniffed.has_soa ||
        zone_named(maker->app->arena, path) != NULL)
        add_file(maker, path, &sniffed);
    return true;
}

/* add_folder - all that is in it, in the order of names */
static bool add_folder(struct world_maker *maker, const char *path, const char *real_tree)
{
    struct file_name_list list = {NULL, 0};

    if (!file_names(maker->app->arena, path, &list, maker->why))
        return false;
    for (size_t i = 0; i < list.count; i++)
        if (!add_entry(maker, file_in_folder(maker->app->arena, path, list.names[i]),
                       real_tree))
            return false;
    return true;
}

/* add_tree - a folder that the user named */
static bool add_tree(struct world_maker *maker, const char *path)
{
    size_t before = maker->world->specs.count;
    const char *real = file_real_path(maker->app->arena, path);
    const char *real_tree = real != NULL ? real : path;

    maker->files = 0;
    arena_append(maker->app->arena, maker->world->trees.texts, maker->world->trees.count, path);
    if (!add_folder(maker, path, real_tree))
        return false;
    if (maker->world->specs.count > before)
        return true;
    err_set(
        maker->why,
        "%s: no zone in this folder (%zu file%s); a zone file has an SOA record, or is named "
        "after its zone as example.com.zone or db.example.com",
        path, maker->files, maker->files == 1 ? "" : "s");
    return false;
}

/* ---- together ---- */

/* is_spec - "live", "zone:...", "snapshot:..." */
static bool is_spec(const char *text)
{
    static const char *const types[] = {"live", "zone", "plan", "snapshot", "fail"};
    struct span rest = span_of(text);
    struct span type = span_cut(&rest, ':');

    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (span_equal_text(type, types[i]) && (rest.at != NULL || i == 0))
            return true;
    return false;
}

/* add_given - one thing that the user named */
static bool add_given(struct world_maker *maker, const char *text)
{
    struct sniffed sniffed = {0};
    struct stat about = {0};

    if (is_spec(text)) {
        add_spec(maker, text);
        return true;
    }
    if (stat(text, &about) != 0) {
        err_set(maker->why, "%s: %s", text,
                strcmp(text, "-") == 0
                    ? "standard input can be read only once: write it to a file first"
                    : strerror(errno));
        return false;
    }
    if (S_ISDIR(about.st_mode))
        return add_tree(maker, text);
    if (!S_ISREG(about.st_mode)) {
        err_set(maker->why,
                "%s: is not a regular file, and is read more than once: write it to a file "
                "first",
                text);
        return false;
    }
    if (!is_small(text, &about, maker->why) ||
        !sniff_file(maker->app->arena, text, &sniffed, maker->why))
        return false;
    add_file(maker, text, &sniffed);
    return true;
}

/* note_tree - the folder that a spec of the world came from; NULL: its own */
static const char *note_tree(const struct app_world *world, const char *spec)
{
    const char *path = strchr(spec, ':');

    for (size_t i = 0; i < world->trees.count && path != NULL; i++)
        if (strncmp(path + 1, world->trees.texts[i], strlen(world->trees.texts[i])) == 0)
            return world->trees.texts[i];
    return NULL;
}

/* is_twice - a zone of the file is in another one, too: they contradict each other */
static bool is_twice(struct world_maker *maker, const struct source_world *file,
                     const struct source_world *other)
{
    for (size_t i = 0; i < file->zone_count; i++)
        for (size_t j = 0; j < other->zone_count; j++) {
            if (!dns_name_equal(zone_apex(file->zones[i]), zone_apex(other->zones[j])))
                continue;
            err_set(maker->why, "%s and %s are both the zone %s; name one of them", other->name,
                    file->name, zone_apex(file->zones[i])->text);
            return true;
        }
    return false;
}

/* note_zone - no zone of the world is in two files */
static bool note_zone(struct world_maker *maker, size_t index)
{
    const struct app_world *world = maker->world;
    const struct source_world *file = source_world_of(world->held[index]);

    for (size_t i = 0; i < index && index < world->own && file != NULL; i++) {
        const struct source_world *other =
            world->held[i] != NULL ? source_world_of(world->held[i]) : NULL;

        if (other != NULL && is_twice(maker, file, other))
            return false;
    }
    return true;
}

/* open_held - read every file once; goes on after a bad zone, to report all of them */
static bool open_held(struct world_maker *maker)
{
    struct app_world *world = maker->world;
    struct source_options options = maker->app->options.source;
    struct sbuf faults = sbuf_start(maker->app->arena);

    world->held = arena_array_of(maker->app->arena, struct source *, world->specs.count);
    for (size_t i = 0; i < world->specs.count; i++) {
        struct err why = {0};

        options.tree = note_tree(world, world->specs.texts[i]);
        world->held[i] = source_open(maker->app->arena, world->specs.texts[i], &options, &why);
        if (world->held[i] == NULL) {
            sbuf_addf(&faults, "%s%s", faults.len > 0 ? "\n" : "", why.text);
            *maker->why = why;
        } else if (!note_zone(maker, i)) {
            return false;
        } else if (world->held[i]->ops->open_again == NULL) {
            source_close(world->held[i]);
            world->held[i] = NULL;
        }
        if (world->held[i] == NULL || world->held[i]->ops->wait != NULL)
            world->has_live = true;
    }
    if (faults.len == 0)
        return true;
    err_set_kind(maker->why, maker->why->kind, "%s", sbuf_text(&faults));
    return false;
}

bool app_world_open(struct app *app, const struct app_world_request *request,
                    struct app_world *world_out, struct err *why)
{
    struct world_maker maker = {.app = app, .world = world_out, .why = why};

    *world_out = (struct app_world){.given = request->given};
    for (size_t i = 0; i < request->given.count; i++)
        if (!add_given(&maker, request->given.texts[i]))
            return false;
    world_out->own = world_out->specs.count;
    for (size_t i = 0; i < request->beside.count; i++)
        add_spec(&maker, request->beside.texts[i]);
    return open_held(&maker);
}

struct app app_world_use(const struct app *app, const struct app_world *world,
                         struct arena *arena)
{
    struct app use = *app;

    use.arena = arena;
    use.options.arena = arena;
    use.options.dns = world->specs;
    use.held = (struct source *const *)world->held;
    return use;
}

void app_world_close(struct app_world *world)
{
    for (size_t i = 0; world->held != NULL && i < world->specs.count; i++)
        source_close(world->held[i]);
}

const struct source_world *app_world_file(const struct app_world *world, size_t index)
{
    for (size_t i = 0; i < world->own; i++) {
        const struct source_world *file =
            world->held[i] != NULL ? source_world_of(world->held[i]) : NULL;

        if (file != NULL && index-- == 0)
            return file;
    }
    return NULL;
}
