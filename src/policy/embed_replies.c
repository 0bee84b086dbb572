/*
 * embed_replies FILE.yaml FILE.c - run by the build: writes the phrases of a file as a table
 * of C. It is no part of the program.
 */
#include <stdio.h>

#include "base/file.h"
#include "base/file_write.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "policy/policy_reply.h"

/* embed_replies_text - a string of C and a comma; NULL stays NULL */
static void embed_replies_text(struct sbuf *out, const char *text)
{
    sbuf_add(out, text == NULL ? "NULL" : "\"");
    for (; text != NULL && *text != '\0'; text++)
        sbuf_addf(out,
                  *text == ' ' || (ascii_is_visible(*text) && *text != '"' && *text != '\\' &&
                                   *text != '?')
                      ? "%c"
                      : "\\%03o",
                  (unsigned char)*text);
    sbuf_add(out, text == NULL ? ", " : "\", ");
}

/* embed_replies_add_names - one list of a speaker */
static void embed_replies_add_names(struct sbuf *out, const char *name, size_t number,
                                    const char *const *names)
{
    sbuf_addf(out, "static const char *const %s_%zu[] = {", name, number);
    for (; *names != NULL; names++)
        embed_replies_text(out, *names);
    sbuf_add(out, "NULL};\n");
}

/* add_sources - where texts were read */
static void add_sources(struct sbuf *out, const struct policy_reply_file *file)
{
    sbuf_add(out, "static const struct reply_source sources[] = {\n");
    for (size_t i = 0; i < file->source_count; i++) {
        const struct reply_source *source = &file->sources[i];

        sbuf_add(out, "    {");
        embed_replies_text(out, source->id);
        embed_replies_text(out, source->title);
        embed_replies_text(out, source->url);
        embed_replies_text(out, source->read);
        sbuf_add(out, "},\n");
    }
    sbuf_add(out, "};\n");
}

/* add_speakers - who writes */
static void add_speakers(struct sbuf *out, const struct policy_reply_file *file)
{
    for (size_t i = 0; i < file->speaker_count; i++) {
        embed_replies_add_names(out, "hosts", i, file->speakers[i].hosts);
        embed_replies_add_names(out, "signs", i, file->speakers[i].signs);
    }
    sbuf_add(out, "const struct reply_speaker reply_speakers[] = {\n");
    for (size_t i = 0; i < file->speaker_count; i++) {
        sbuf_add(out, "    {");
        embed_replies_text(out, file->speakers[i].id);
        embed_replies_text(out, file->speakers[i].title);
        sbuf_addf(out, "%d, hosts_%zu, signs_%zu},\n", file->speakers[i].is_receiver, i, i);
    }
    sbuf_addf(out, "};\nconst size_t reply_speaker_count = %zu;\n", file->speaker_count);
}

/* add_phrase - one row */
static void add_phrase(struct sbuf *out, const struct policy_reply_file *file,
                       const struct reply_phrase *phrase)
{
    sbuf_addf(out, "    {.kind = %d, .text = ", (int)phrase->kind);
    embed_replies_text(out, phrase->text);
    sbuf_addf(out, ".cause = %d, .means = ", (int)phrase->cause);
    embed_replies_text(out, phrase->means);
    sbuf_add(out, ".todo = ");
    embed_replies_text(out, phrase->todo);
    sbuf_add(out, ".enhanced = ");
    embed_replies_text(out, phrase->enhanced);
    if (phrase->speaker != NULL)
        sbuf_addf(out, ".speaker = &reply_speakers[%zu], ",
                  (size_t)(phrase->speaker - file->speakers));
    sbuf_addf(out, ".reply = %u, .step = %d, .confidence = %d, .source = &sources[%zu]},\n",
              phrase->reply, (int)phrase->step, (int)phrase->confidence,
              (size_t)(phrase->source - file->sources));
}

/* embed_replies_table - the whole file of C */
static struct span embed_replies_table(struct arena *arena,
                                       const struct policy_reply_file *file)
{
    struct sbuf out = sbuf_start(arena);

    sbuf_add(&out, "/* Written by embed_replies.c from policies/replies.yaml. */\n"
                   "#include \"reply/reply_phrase.h\"\n\n");
    add_sources(&out, file);
    add_speakers(&out, file);
    sbuf_add(&out, "const struct reply_phrase reply_phrases[] = {\n");
    for (size_t i = 0; i < file->phrase_count; i++)
        add_phrase(&out, file, &file->phrases[i]);
    sbuf_addf(&out,
              "};\nconst size_t reply_phrase_count = %zu;\n"
              "const char reply_phrases_as_of[] = \"%s\";\n",
              file->phrase_count, file->as_of);
    return sbuf_span(&out);
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_open();
    const struct policy_reply_file *file = NULL;
    struct span text = {NULL, 0};
    struct err why = {0};
    bool is_fine = argc == 3 && file_load(arena, argv[1], LIMIT_POLICY_BYTES, &text, &why) &&
                   (file = policy_reply_parse(arena, argv[1], text, &why)) != NULL &&
                   file_save(argv[2], embed_replies_table(arena, file), &why);

    if (!is_fine)
        fprintf(stderr, "%s\n", argc == 3 ? why.text : "embed_replies FILE.yaml FILE.c");
    arena_close(arena);
    return is_fine ? 0 : 1;
}
