/*
 * embed_providers FILE.yaml FILE.c - run by the build: writes the providers of a file as a
 * table of C. It is not a part of the program; what reads the file is.
 */
#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/file_write.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/provider.h"
#include "policy/embed_text.h"
#include "policy/policy_provider.h"

/* add_arrays - what the row of a provider points to */
static void add_arrays(struct sbuf *out, const struct provider *provider, size_t number)
{
    for (int list = 0; list < PROVIDER_LISTS; list++) {
        const struct provider_names *names = &provider->lists[list];

        if (names->count == 0)
            continue;
        sbuf_addf(out, "static const char *const names_%zu_%d[] = {", number, list);
        for (size_t i = 0; i < names->count; i++) {
            embed_text(out, names->names[i]);
            sbuf_add(out, ", ");
        }
        sbuf_add(out, "};\n");
    }
    sbuf_addf(out, "static const struct provider_source sources_%zu[] = {\n", number);
    for (size_t i = 0; i < provider->source_count; i++) {
        sbuf_add(out, "    {");
        embed_text(out, provider->sources[i].url);
        sbuf_add(out, ", ");
        embed_text(out, provider->sources[i].read);
        sbuf_add(out, "},\n");
    }
    sbuf_add(out, "};\n");
}

/* add_row - the provider itself */
static void add_row(struct sbuf *out, const struct provider *provider, size_t number)
{
    sbuf_add(out, "    {.name = ");
    embed_text(out, provider->name);
    sbuf_add(out, ", .title = ");
    embed_text(out, provider->title);
    sbuf_addf(out, ", .kind = %d, .confidence = %d, .spf_use = %d,\n     .lists = {",
              (int)provider->kind, (int)provider->confidence, (int)provider->spf_use);
    for (int list = 0; list < PROVIDER_LISTS; list++)
        if (provider->lists[list].count > 0)
            sbuf_addf(out, "[%d] = {names_%zu_%d, %zu}, ", list, number, list,
                      provider->lists[list].count);
    sbuf_add(out, "},\n     .steps = {");
    for (int step = 0; step < PROVIDER_STEPS; step++) {
        embed_text(out, provider->steps[step]);
        sbuf_add(out, ", ");
    }
    sbuf_addf(out, "},\n     .sources = sources_%zu, .source_count = %zu},\n", number,
              provider->source_count);
}

/* embed_providers_table - the whole file of C */
static struct span embed_providers_table(struct arena *arena,
                                         const struct policy_provider_file *file)
{
    struct sbuf out = sbuf_start(arena);

    sbuf_add(&out, "/* Written by embed_providers.c from policies/providers.yaml. */\n"
                   "#include \"policy/policy_provider.h\"\n\n");
    for (size_t i = 0; i < file->set.count; i++)
        add_arrays(&out, &file->set.list[i], i);
    sbuf_add(&out, "static const struct provider rows[] = {\n");
    for (size_t i = 0; i < file->set.count; i++)
        add_row(&out, &file->set.list[i], i);
    sbuf_addf(&out,
              "};\nconst struct provider_set policy_providers = {rows, %zu};\n"
              "const char policy_providers_as_of[] = ",
              file->set.count);
    embed_text(&out, file->as_of);
    sbuf_add(&out, ";\n");
    return sbuf_span(&out);
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_open();
    const struct policy_provider_file *file = NULL;
    struct span text = {NULL, 0};
    struct err why = {0};
    bool is_fine = argc == 3 && file_load(arena, argv[1], LIMIT_POLICY_BYTES, &text, &why) &&
                   (file = policy_providers_parse(arena, argv[1], text, &why)) != NULL &&
                   file_save(argv[2], embed_providers_table(arena, file), &why);

    if (!is_fine)
        fprintf(stderr, "%s\n", argc == 3 ? why.text : "embed_providers FILE.yaml FILE.c");
    arena_close(arena);
    return is_fine ? 0 : 1;
}
