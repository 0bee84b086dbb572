/*
 * embed_replies FILE.yaml FILE.c - run by the build: writes the phrases of a file as a table
 * of C, and the index over them. It is not a part of the program.
 */
#include <stdio.h>

#include "base/file.h"
#include "base/file_write.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "policy/embed_text.h"
#include "policy/policy_reply.h"
#include "reply/reply_index.h"
#include "reply/reply_phrase.h"

/* embed_replies_text - a string of C and a comma; NULL stays NULL */
static void embed_replies_text(struct sbuf *out, const char *text)
{
    embed_text(out, text);
    sbuf_add(out, ", ");
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

/* ---- the index ---- */

/* how many patterns have these three octets; more than the rarest is never asked */
static uint16_t gram_counts[1 << 24];

/* rows of the index as they come: in the order of their owners */
struct index {
    struct reply_index_row rows[UINT16_MAX];
    size_t count;
};

/* count_grams - those of the literals of a pattern */
static void count_grams(const char *pattern)
{
    struct span rest = span_of(pattern);

    while (rest.len > 0) {
        struct span literal = reply_phrase_cut(&rest);

        for (size_t at = 0; at + REPLY_GRAM <= literal.len; at++)
            if (gram_counts[reply_gram_at(literal.at + at)] < UINT16_MAX)
                gram_counts[reply_gram_at(literal.at + at)]++;
        if (rest.len > 0 && rest.at[0] == '{')
            span_cut(&rest, '}');
        else
            rest = span_from(rest, 1);
    }
}

/* rarest_gram - of the pattern; false: no literal is long enough */
static bool rarest_gram(const char *pattern, uint32_t *gram_out)
{
    struct span rest = span_of(pattern);
    unsigned least = UINT16_MAX + 1U;

    while (rest.len > 0) {
        struct span literal = reply_phrase_cut(&rest);

        for (size_t at = 0; at + REPLY_GRAM <= literal.len; at++) {
            uint32_t gram = reply_gram_at(literal.at + at);

            if (gram_counts[gram] < least) {
                least = gram_counts[gram];
                *gram_out = gram;
            }
        }
        if (rest.len > 0 && rest.at[0] == '{')
            span_cut(&rest, '}');
        else
            rest = span_from(rest, 1);
    }
    return least <= UINT16_MAX;
}

/* index_pattern - one more row */
static bool index_pattern(struct index *index, const char *pattern, size_t owner,
                          struct err *why_out)
{
    struct reply_index_row *row = &index->rows[index->count];

    if (index->count == UINT16_MAX || owner > UINT16_MAX) {
        err_set(why_out, "too many phrases for the index");
        return false;
    }
    row->owner = (uint16_t)owner;
    if (!rarest_gram(pattern, &row->gram)) {
        err_set(why_out, "phrase \"%s\" has no literal of %d octets", pattern, REPLY_GRAM);
        return false;
    }
    index->count++;
    return true;
}

/* index_fill - a row for each phrase and each sign */
static bool index_fill(struct index *index, const struct policy_reply_file *file,
                       struct err *why_out)
{
    const char *const *sign = NULL;

    for (size_t i = 0; i < file->phrase_count; i++)
        count_grams(file->phrases[i].text);
    for (size_t i = 0; i < file->speaker_count; i++)
        for (sign = file->speakers[i].signs; *sign != NULL; sign++)
            count_grams(*sign);
    for (size_t i = 0; i < file->phrase_count; i++)
        if (!index_pattern(index, file->phrases[i].text, i, why_out))
            return false;
    for (size_t i = 0; i < file->speaker_count; i++)
        for (sign = file->speakers[i].signs; *sign != NULL; sign++)
            if (!index_pattern(index, *sign, file->phrase_count + i, why_out))
                return false;
    return true;
}

/* add_index - rows by bucket, and where each bucket starts */
static void add_index(struct sbuf *out, const struct index *index)
{
    struct sbuf starts = sbuf_start(out->arena);
    size_t count = 0;

    sbuf_add(out, "const struct reply_index_row reply_index_rows[] = {\n");
    for (uint32_t bucket = 0; bucket < REPLY_INDEX_BUCKETS; bucket++) {
        sbuf_addf(&starts, "%zu,%s", count, bucket % 16 == 15 ? "\n" : " ");
        for (size_t i = 0; i < index->count; i++)
            if (reply_gram_bucket(index->rows[i].gram) == bucket) {
                sbuf_addf(out, "    {0x%06x, %u},\n", (unsigned)index->rows[i].gram,
                          index->rows[i].owner);
                count++;
            }
    }
    sbuf_addf(out,
              "};\nconst uint16_t reply_index_starts[REPLY_INDEX_BUCKETS + 1] = "
              "{\n%s%zu};\n",
              sbuf_text(&starts), count);
}

/* ---- the file ---- */

/* embed_replies_table - the whole file of C */
static struct span embed_replies_table(struct arena *arena,
                                       const struct policy_reply_file *file,
                                       const struct index *index)
{
    struct sbuf out = sbuf_start(arena);

    sbuf_add(&out, "/* Written by embed_replies.c from policies/replies.yaml. */\n"
                   "#include \"reply/reply_index.h\"\n"
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
    add_index(&out, index);
    return sbuf_span(&out);
}

int main(int argc, char **argv)
{
    static struct index index;
    struct arena *arena = arena_open();
    const struct policy_reply_file *file = NULL;
    struct span text = {NULL, 0};
    struct err why = {0};
    bool is_fine = argc == 3 && file_load(arena, argv[1], LIMIT_POLICY_BYTES, &text, &why) &&
                   (file = policy_reply_parse(arena, argv[1], text, &why)) != NULL &&
                   index_fill(&index, file, &why) &&
                   file_save(argv[2], embed_replies_table(arena, file, &index), &why);

    if (!is_fine)
        fprintf(stderr, "%s\n", argc == 3 ? why.text : "embed_replies FILE.yaml FILE.c");
    arena_close(arena);
    return is_fine ? 0 : 1;
}
