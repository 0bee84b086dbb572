/*
 * NAME
 *     zone_fixture - zone files and questions for tests
 * DESCRIPTION
 *     Text becomes a file in the current directory for as long as it is read.
 */
#ifndef ZONE_FIXTURE_H
#define ZONE_FIXTURE_H

#include <unistd.h>

#include "base/file_write.h"
#include "base/sbuf.h"
#include "source/zone.h"
#include "unit.h"

#define FIXTURE_FILE "fixture.tmp"

/* fixture_name - a name written by hand */
static inline const struct dns_name *fixture_name(struct arena *arena, const char *text)
{
    const struct dns_name *name = text == NULL ? NULL : dns_name_from_text(arena, text);

    assert_true(text == NULL || name != NULL);
    return name;
}

/* fixture_write - a file of this process with these bytes; its path */
static inline const char *fixture_write(struct arena *arena, struct span bytes)
{
    const char *path = arena_printf(arena, "%ld." FIXTURE_FILE, (long)getpid());
    struct err why = {0};

    assert_true(file_save(path, bytes, &why));
    return path;
}

/* fixture_load - the zone that these bytes are; NULL with `why` if they are none */
static inline struct zone *fixture_load(struct arena *arena, struct span bytes,
                                        const char *origin, struct err *why)
{
    const char *path = fixture_write(arena, bytes);
    struct zone *zone = zone_open(
        arena, &(struct zone_request){.path = path, .origin = fixture_name(arena, origin)},
        why);

    unlink(path);
    return zone;
}

/* fixture_zone - a zone without faults */
static inline struct zone *fixture_zone(struct arena *arena, const char *text,
                                        const char *origin)
{
    struct err why = {0};
    struct zone *zone = fixture_load(arena, span_of(text), origin, &why);

    assert_string_equal(why.text, "");
    assert_non_null(zone);
    if (zone_faults(zone) != NULL)
        fail_msg("line %d: %s", zone_faults(zone)->line, zone_faults(zone)->text);
    return zone;
}

/* fixture_question - name and type written by hand */
static inline struct dns_question fixture_question(struct arena *arena, const char *name,
                                                   const char *type)
{
    struct dns_question question = {.name = fixture_name(arena, name)};

    assert_true(dns_type_parse(span_of(type), &question.type));
    return question;
}

#endif
