/*
 * embed_policies FILE.c DEFAULT NAME=FILE.yaml... - run by the build: writes policies as tables
 * of C, as the schema reads them. It is not a part of the program; what reads the files is.
 *
 * Initialisers have no names: the structures have their members in the order of the schema.
 */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/file_write.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "policy/embed_text.h"
#include "policy/policy_schema.h"

#define FIRST_POLICY 3 /* of the arguments */

struct embedding {
    struct arena *arena;
    struct sbuf arrays; /* what rows point to */
    struct sbuf rows;
    size_t count;
};

/* a structure, or the elements of a list */
struct written {
    const char *prefix; /* of the names of its arrays; of a list: its own name */
    const char *from;
};

static void embed_entry(struct embedding *to, struct sbuf *out,
                        const struct policy_yaml_schema *schema, struct written what);

/* embed_array - the elements of a list */
static void embed_array(struct embedding *to, const struct policy_yaml_key *key,
                        struct written list, size_t count)
{
    struct sbuf rows = sbuf_start(to->arena);

    for (size_t i = 0; i < count; i++) {
        struct written entry = {arena_printf(to->arena, "%s_%zu", list.prefix, i), list.from};

        if (key->form == POLICY_FORM_TEXTS) {
            embed_text(&rows, ((const char *const *)(const void *)list.from)[i]);
        } else {
            entry.from += i * key->entry->size;
            embed_entry(to, &rows, key->entry, entry);
        }
        sbuf_add(&rows, ",\n");
    }
    sbuf_addf(&to->arrays, "static %s %s[] = {\n%s};\n",
              key->form == POLICY_FORM_TEXTS ? "const char *" : key->entry->type, list.prefix,
              sbuf_text(&rows));
}

/* embed_list - the two members of a list: its array, and how many elements that has */
static void embed_list(struct embedding *to, struct sbuf *out,
                       const struct policy_yaml_key *key, struct written what)
{
    struct written list = {arena_printf(to->arena, "%s_%s", what.prefix, key->name), NULL};
    size_t count = 0;

    memcpy(&list.from, what.from + key->offset, sizeof(list.from));
    memcpy(&count, what.from + key->count_offset, sizeof(count));
    if (count > 0)
        embed_array(to, key, list, count);
    sbuf_addf(out, "%s, %zu, ", count > 0 ? list.prefix : "NULL", count);
}

/* embed_entry - one structure */
static void embed_entry(struct embedding *to, struct sbuf *out,
                        const struct policy_yaml_schema *schema, struct written what)
{
    size_t last = 0;

    sbuf_add(out, "{");
    for (const struct policy_yaml_key *key = schema->keys; key->name != NULL; key++) {
        const char *text = NULL;
        int word = 0;

        must(key->offset >= last); /* the order of the members */
        last = key->offset;
        switch (key->form) {
        case POLICY_FORM_TEXT:
            memcpy(&text, what.from + key->offset, sizeof(text));
            embed_text(out, text);
            sbuf_add(out, ", ");
            break;
        case POLICY_FORM_WORD:
            memcpy(&word, what.from + key->offset, sizeof(word));
            sbuf_addf(out, "%d, ", word);
            break;
        case POLICY_FORM_TEXTS:
        case POLICY_FORM_ENTRIES:
            embed_list(to, out, key, what);
            break;
        }
    }
    sbuf_add(out, "}");
}

/* embed_lines - where the rules are in the file */
static void embed_lines(struct sbuf *out, const char *prefix, const struct policy_file *file,
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

/* embed_policy - "NAME=FILE.yaml" */
static bool embed_policy(struct embedding *to, const char *argument, struct err *why)
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
    embed_lines(&to->arrays, prefix, &file, policy);
    sbuf_add(&to->rows, "    {");
    embed_text(&to->rows, name);
    sbuf_add(&to->rows, ", ");
    embed_entry(to, &to->rows, &policy_schema, (struct written){prefix, (const char *)policy});
    sbuf_addf(&to->rows, ", %s_lines, %zu},\n", prefix, policy->rules_count);
    return true;
}

/* embed_save - the whole file of C */
static bool embed_save(struct embedding *from, const char *path, struct span defaults,
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
        is_fine = embed_policy(&all, argv[i], &why);
    is_fine = is_fine && embed_save(&all, argv[1], defaults, &why);
    if (!is_fine)
        fprintf(stderr, "embed_policies: %s\n", why.text);
    arena_close(arena);
    return is_fine ? 0 : 1;
}
