/*
 * embed_policies FILE.c DEFAULT NAME=FILE.yaml... - run by the build: writes policies as tables
 * of C, as the schema reads them. It is not a part of the program; what reads the files is.
 */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/file_write.h"
#include "base/limits.h"
#include "base/span.h"
#include "policy/embed_text.h"
#include "policy/policy_schema.h"

#define FIRST_POLICY 3 /* of the arguments */

/* embed_policies_member - ".name = value, "; without a text it stays NULL */
static void embed_policies_member(struct sbuf *out, const char *name, const char *text)
{
    if (text == NULL)
        return;
    sbuf_addf(out, ".%s = ", name);
    embed_text(out, text);
    sbuf_add(out, ", ");
}

/* a list of texts that a row points to */
struct embed_list {
    const char *member;
    const char *const *texts;
    size_t count;
};

/* embed_policies_list - the array of a list; "PREFIX_MEMBER" is its name */
static void embed_policies_list(struct sbuf *out, const char *prefix, struct embed_list list)
{
    if (list.count == 0)
        return;
    sbuf_addf(out, "static const char *%s_%s[] = {", prefix, list.member);
    for (size_t i = 0; i < list.count; i++) {
        embed_text(out, list.texts[i]);
        sbuf_add(out, ", ");
    }
    sbuf_add(out, "};\n");
}

/* embed_policies_point - the member that points to it, and its count */
static void embed_policies_point(struct sbuf *out, const char *prefix, struct embed_list list)
{
    if (list.count > 0)
        sbuf_addf(out, ".%s = %s_%s, .%s_count = %zu, ", list.member, prefix, list.member,
                  list.member, list.count);
}

/* embed_policies_sources - the list at the top of a policy */
static void embed_policies_sources(struct sbuf *out, const char *prefix,
                                   const struct written_policy *policy)
{
    sbuf_addf(out, "static struct written_source %s_sources[] = {\n", prefix);
    for (size_t i = 0; i < policy->sources_count; i++) {
        const struct written_source *source = &policy->sources[i];

        sbuf_add(out, "    {");
        embed_policies_member(out, "id", source->id);
        embed_policies_member(out, "title", source->title);
        embed_policies_member(out, "url", source->url);
        embed_policies_member(out, "read", source->read);
        sbuf_add(out, "},\n");
    }
    sbuf_add(out, "};\n");
}

/* embed_policies_rule - one row */
static void embed_policies_rule(struct sbuf *out, const char *prefix,
                                const struct written_rule *rule)
{
    const struct {
        const char *name;
        const char *text;
    } texts[] = {
        {"id", rule->id},       {"says", rule->says},         {"since", rule->since},
        {"until", rule->until}, {"applies", rule->applies},   {"when", rule->when},
        {"code", rule->code},   {"enhanced", rule->enhanced}, {"reply", rule->reply},
        {"asks", rule->asks},   {"note", rule->note},
    };

    sbuf_add(out, "    {");
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        embed_policies_member(out, texts[i].name, texts[i].text);
    embed_policies_point(out, prefix, (struct embed_list){"source", NULL, rule->source_count});
    embed_policies_point(out, prefix,
                         (struct embed_list){"publish", NULL, rule->publish_count});
    sbuf_addf(out,
              ".who = %d, .disposition = %d, .at = %d, .confidence = %d, .severity = %d},\n",
              (int)rule->who, (int)rule->disposition, (int)rule->at, (int)rule->confidence,
              (int)rule->severity);
}

/* embed_policies_rules - all of them; their lists come before */
static void embed_policies_rules(struct arena *arena, struct sbuf *out, const char *prefix,
                                 const struct written_policy *policy)
{
    struct sbuf rows = sbuf_start(arena);

    for (size_t i = 0; i < policy->rules_count; i++) {
        const struct written_rule *rule = &policy->rules[i];
        const char *own = arena_printf(arena, "%s_rule_%zu", prefix, i);

        embed_policies_list(out, own,
                            (struct embed_list){"source", rule->source, rule->source_count});
        embed_policies_list(out, own,
                            (struct embed_list){"publish", rule->publish, rule->publish_count});
        embed_policies_rule(&rows, own, rule);
    }
    sbuf_addf(out, "static struct written_rule %s_rules[] = {\n%s};\n", prefix,
              sbuf_text(&rows));
}

/* embed_policies_advice - if there is any */
static void embed_policies_advice(struct arena *arena, struct sbuf *out, const char *prefix,
                                  const struct written_policy *policy)
{
    struct sbuf rows = sbuf_start(arena);

    for (size_t i = 0; i < policy->advice_count; i++) {
        const struct written_advice *advice = &policy->advice[i];
        const char *own = arena_printf(arena, "%s_advice_%zu", prefix, i);
        const struct embed_list source = {"source", advice->source, advice->source_count};

        embed_policies_list(out, own, source);
        sbuf_add(&rows, "    {");
        embed_policies_member(&rows, "id", advice->id);
        embed_policies_member(&rows, "says", advice->says);
        embed_policies_member(&rows, "since", advice->since);
        embed_policies_point(&rows, own, source);
        sbuf_addf(&rows, ".confidence = %d},\n", (int)advice->confidence);
    }
    if (policy->advice_count > 0)
        sbuf_addf(out, "static struct written_advice %s_advice[] = {\n%s};\n", prefix,
                  sbuf_text(&rows));
}

/* embed_policies_lines - where the rules are in the file */
static void embed_policies_lines(struct sbuf *out, const char *prefix,
                                 const struct policy_file *file,
                                 const struct written_policy *policy)
{
    sbuf_addf(out, "static struct policy_line %s_lines[] = {\n", prefix);
    for (size_t i = 0; i < policy->rules_count; i++) {
        const struct policy_place place = {"rules", i, NULL};

        sbuf_addf(out, "    {{\"rules\", %zu, NULL}, %d},\n", i,
                  policy_file_line(file, &place));
    }
    sbuf_add(out, "};\n");
}

/* embed_policies_row - the policy itself */
static void embed_policies_row(struct sbuf *rows, const char *name, const char *prefix,
                               const struct written_policy *policy)
{
    sbuf_add(rows, "    {");
    embed_policies_member(rows, "name", name);
    sbuf_add(rows, ".written = {");
    embed_policies_member(rows, "name", policy->name);
    embed_policies_member(rows, "title", policy->title);
    embed_policies_member(rows, "as_of", policy->as_of);
    embed_policies_member(rows, "about", policy->about);
    embed_policies_point(rows, prefix,
                         (struct embed_list){"domains", NULL, policy->domains_count});
    embed_policies_point(rows, prefix,
                         (struct embed_list){"sources", NULL, policy->sources_count});
    embed_policies_point(rows, prefix, (struct embed_list){"rules", NULL, policy->rules_count});
    embed_policies_point(rows, prefix,
                         (struct embed_list){"advice", NULL, policy->advice_count});
    sbuf_addf(rows,
              ".kind = %d, .standard = %d},\n     .lines = %s_lines, .line_count = %zu},\n",
              (int)policy->kind, (int)policy->standard, prefix, policy->rules_count);
}

struct embedding {
    struct arena *arena;
    struct sbuf arrays;
    struct sbuf rows;
    size_t count;
};

/* embed_policies_add - "NAME=FILE.yaml" */
static bool embed_policies_add(struct embedding *to, const char *argument, struct err *why)
{
    struct span path = span_of(argument);
    const char *name = arena_strdup_span(to->arena, span_cut(&path, '='));
    const char *prefix = arena_printf(to->arena, "policy_%zu", to->count++);
    struct policy_file file = policy_file_start(to->arena, path.at);
    const struct written_policy *policy = NULL;
    struct span text = {NULL, 0};

    if (!file_load(to->arena, path.at, LIMIT_POLICY_BYTES, &text, why) ||
        (policy = policy_schema_read(&file, text, why)) == NULL)
        return false;
    embed_policies_list(&to->arrays, prefix,
                        (struct embed_list){"domains", policy->domains, policy->domains_count});
    embed_policies_sources(&to->arrays, prefix, policy);
    embed_policies_rules(to->arena, &to->arrays, prefix, policy);
    embed_policies_advice(to->arena, &to->arrays, prefix, policy);
    embed_policies_lines(&to->arrays, prefix, &file, policy);
    embed_policies_row(&to->rows, name, prefix, policy);
    return true;
}

/* embed_policies_save - the whole file of C */
static bool embed_policies_save(struct embedding *from, const char *path, struct span defaults,
                                struct err *why)
{
    struct sbuf out = sbuf_start(from->arena);

    sbuf_addf(&out,
              "/* Written by embed_policies.c from policies/. */\n"
              "#include \"policy/policy_builtin.h\"\n\n%s\n"
              "const struct policy_builtin policy_builtins[] = {\n%s};\n"
              "const size_t policy_builtins_count = %zu;\nconst char policy_defaults[] = ",
              sbuf_text(&from->arrays), sbuf_text(&from->rows), from->count);
    embed_text(&out, arena_strdup_span(from->arena, defaults));
    sbuf_add(&out, ";\n");
    return file_save(path, sbuf_span(&out), why);
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_open();
    struct embedding all = {
        .arena = arena, .arrays = sbuf_start(arena), .rows = sbuf_start(arena)};
    struct span defaults = {NULL, 0};
    struct err why = {0};
    bool is_fine =
        argc > FIRST_POLICY && file_load(arena, argv[2], LIMIT_POLICY_BYTES, &defaults, &why);

    for (int i = FIRST_POLICY; i < argc && is_fine; i++)
        is_fine = embed_policies_add(&all, argv[i], &why);
    is_fine = is_fine && embed_policies_save(&all, argv[1], defaults, &why);
    if (!is_fine)
        fprintf(stderr, "embed_policies: %s\n", why.text);
    arena_close(arena);
    return is_fine ? 0 : 1;
}
