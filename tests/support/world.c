/* Lines become records in one list; an answer looks through all of it, worlds are small. */
#include <string.h>

#include "dns/dns_rr.h"
#include "unit.h"
#include "world.h"

#define WORLD_TTL  300
#define ROUNDS_MAX 50

struct line {
    const struct dns_name *name; /* without "*." */
    bool is_wildcard;            /* "*.name" */
    enum dns_type type;
    struct dns_rr *rr; /* NULL: a failure */
    enum dns_status status;
    struct line *next;
};

struct open_question {
    struct dns_question question;
    void *token;
    struct open_question *next;
};

struct world {
    struct source source;
    struct line *lines;
    struct open_question *open;
};

/* wrong - a world that cannot be read is a mistake of the test */
static void wrong(struct span line)
{
    fail_msg("world: cannot read \"%.*s\"", SPAN_ARG(line));
}

/* take_word - cut the first word off */
static struct span take_word(struct span *rest)
{
    struct span word = {0};

    *rest = span_trim(*rest);
    word.at = rest->at;
    while (word.len < rest->len && !ascii_is_blank(rest->at[word.len]))
        word.len++;
    *rest = span_trim(span_from(*rest, word.len));
    return word;
}

/* read_line - "NAME TYPE RDATA" or "NAME TYPE !STATUS" */
static struct line *read_line(struct arena *arena, struct span text)
{
    struct line *line = arena_new_of(arena, struct line);
    struct err why = {0};
    struct span rest = text;
    struct span name = take_word(&rest);
    struct span type = take_word(&rest);

    line->is_wildcard = span_starts_with(name, "*.");
    if (!dns_type_parse(type, &line->type))
        wrong(text);
    line->name = dns_name_from_text(
        arena, arena_strdup_span(arena, span_from(name, line->is_wildcard ? 2 : 0)));
    if (line->name == NULL)
        wrong(text);
    if (span_starts_with(rest, "!")) {
        if (!dns_status_parse(span_from(rest, 1), &line->status))
            wrong(text);
        return line;
    }
    line->rr = dns_rr_from_text(arena,
                                arena_printf(arena, "%s. %d IN %.*s %.*s", line->name->text,
                                             WORLD_TTL, SPAN_ARG(type), SPAN_ARG(rest)),
                                &why);
    if (line->rr == NULL)
        wrong(text);
    return line;
}

/* status_of - the failure that the world has for the question; DNS_OK: none */
static enum dns_status status_of(const struct world *world, const struct dns_question *question)
{
    const struct dns_name *name = question->name;

    for (const struct line *line = world->lines; line != NULL; line = line->next) {
        if (line->rr != NULL || line->type != question->type || line->name->labels == 0)
            continue;
        if (line->is_wildcard ? dns_name_is_below(name, line->name)
                              : dns_name_equal(name, line->name))
            return line->status;
    }
    return DNS_OK;
}

/* is_listed - the name itself, or something below it, has a record or a failure */
static bool is_listed(const struct world *world, const struct dns_name *name)
{
    for (const struct line *line = world->lines; line != NULL; line = line->next)
        if (line->name->labels > 0 && dns_name_is_below(line->name, name) &&
            !(line->is_wildcard && line->rr == NULL))
            return true;
    return false;
}

/* status_of_unlisted - "." TYPE !STATUS if there is one, else the name does not exist */
static enum dns_status status_of_unlisted(const struct world *world,
                                          const struct dns_question *question)
{
    for (const struct line *line = world->lines; line != NULL; line = line->next)
        if (line->name->labels == 0 && line->rr == NULL && line->type == question->type)
            return line->status;
    return DNS_NXDOMAIN;
}

/* add_records - the records of `name` that answer the question; a CNAME answers any */
static void add_records(const struct world *world, struct dns_answer *answer,
                        const struct dns_name *name, bool is_wildcard)
{
    struct arena *arena = world->source.arena;

    for (const struct line *line = world->lines; line != NULL; line = line->next) {
        struct dns_rr *copy = NULL;
        struct err why = {0};

        if (line->rr == NULL || line->is_wildcard != is_wildcard ||
            !dns_name_equal(line->name, name))
            continue;
        if (line->type != answer->question.type && line->type != DNS_CNAME)
            continue;
        copy = arena_new_of(arena, struct dns_rr);
        *copy = *line->rr;
        if (is_wildcard)
            copy = dns_rr_from_text(arena,
                                    arena_printf(arena, "%s.%s", answer->question.name->text,
                                                 strchr(line->rr->text, '\t')),
                                    &why);
        dns_answer_append(answer, copy);
    }
}

/* closest_listed - the nearest ancestor that exists */
static const struct dns_name *closest_listed(const struct world *world,
                                             const struct dns_name *name)
{
    while (name->labels > 0 && !is_listed(world, name))
        name = dns_name_parent(world->source.arena, name);
    return name;
}

/* find - the world's answer */
static struct dns_answer find(const struct world *world, const struct dns_question *question)
{
    struct dns_answer answer = {
        .question = *question,
        .status = status_of(world, question),
        .has_ttl = true,
        .ttl = WORLD_TTL,
        .source = "world",
    };
    const struct dns_name *enclosing = closest_listed(world, question->name);
    bool is_known = dns_name_equal(enclosing, question->name);

    if (answer.status == DNS_OK) {
        add_records(world, &answer, enclosing, !is_known);
        if (answer.records == NULL)
            answer.status = is_known ? DNS_NODATA : status_of_unlisted(world, question);
    }
    if (!dns_status_is_answer(answer.status)) {
        answer.has_ttl = false;
        answer.ttl = 0;
        answer.detail = arena_printf(world->source.arena, "%s by the world of the test",
                                     dns_status_to_text(answer.status));
    }
    return answer;
}

static bool world_submit(struct source *source, const struct dns_question *question,
                         void *token)
{
    struct world *world = (struct world *)source;
    struct open_question *open = arena_new_of(source->arena, struct open_question);
    struct open_question **end = &world->open;

    *open = (struct open_question){.question = *question, .token = token};
    while (*end != NULL)
        end = &(*end)->next;
    *end = open;
    return true;
}

static int world_poll(struct source *source, int timeout_ms, source_answered_fn *answered,
                      void *ctx)
{
    struct world *world = (struct world *)source;

    (void)timeout_ms;
    while (world->open != NULL) {
        struct open_question *open = world->open;
        struct dns_answer answer = find(world, &open->question);

        world->open = open->next;
        answered(ctx, open->token, &answer);
    }
    return 0;
}

static bool world_speaks_for(const struct source *source, const struct dns_name *name)
{
    (void)source;
    (void)name;
    return true;
}

static void world_close(struct source *source)
{
    (void)source;
}

struct source *world_source(struct arena *arena, const char *text)
{
    static const struct source_ops ops = {
        .type = "world",
        .submit = world_submit,
        .poll = world_poll,
        .speaks_for = world_speaks_for,
        .close = world_close,
    };
    struct world *world = arena_new_of(arena, struct world);
    struct line **end = &world->lines;
    struct span rest = span_of(text);

    world->source =
        (struct source){.ops = &ops, .arena = arena, .answers = arena, .spec = "world"};
    while (rest.at != NULL) {
        struct span line = span_trim(span_cut(&rest, '\n'));

        if (line.len == 0 || line.at[0] == '#')
            continue;
        *end = read_line(arena, line);
        end = &(*end)->next;
    }
    return &world->source;
}

void world_run(struct ledger *ledger, struct source *source, bool (*pass)(void *ctx), void *ctx)
{
    for (int i = 0; i < ROUNDS_MAX; i++) {
        if (pass(ctx))
            return;
        ledger_fill(ledger, source);
    }
    fail_msg("still not done after %d rounds", ROUNDS_MAX);
}
