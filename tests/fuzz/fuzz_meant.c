/* The reading of what was meant: whatever the text, a reading is a record without a fault of
 * its own, and read again it says the same. LF parts the strings. */
#include "fuzz.h"
#include "model/rec_dmarc.h"
#include "record/rec_dkim.h"
#include "record/rec_meant.h"
#include "record/rec_spf.h"

#define STRINGS_MAX 16

static const struct rec_meant_name known[] = {
    {"_spf.google.com", false}, {"spf.google.com", true}, {"a.example.net", true}};
static const struct rec_meant_name hosts[] = {{"mail.example.com", false},
                                              {"mial.example.com", true}};
static const struct rec_meant_names names = {known, sizeof(known) / sizeof(known[0]), hosts,
                                             sizeof(hosts) / sizeof(hosts[0]), "example.com"};

/* same_again - what came out needs no repair but for its order; else the target fails */
static void same_again(const struct rec_meant *again, struct span text)
{
    if (again == NULL || !span_equal(again->text, text))
        abort();
}

/* read_spf, read_dmarc, read_dkim - one kind of record each */
static void read_spf(struct arena *arena, const struct span *strings, size_t count)
{
    const struct rec_meant *meant = rec_meant_spf(arena, strings, count, &names);
    struct rec_spf record;

    for (; meant != NULL; meant = meant->other) {
        rec_spf_parse(arena, meant->text, &record);
        if (record.is_fatal)
            abort();
        same_again(rec_meant_spf(arena, &meant->text, 1, &names), meant->text);
    }
}

static void read_dmarc(struct arena *arena, const struct span *strings, size_t count)
{
    const struct rec_meant *meant = rec_meant_dmarc(arena, strings, count);

    for (; meant != NULL; meant = meant->other) {
        if (!rec_dmarc_is_record(meant->text))
            abort();
        same_again(rec_meant_dmarc(arena, &meant->text, 1), meant->text);
    }
    meant = rec_meant_dmarc_rest(arena, strings, count);
    if (meant != NULL)
        same_again(rec_meant_dmarc_rest(arena, &meant->text, 1), meant->text);
}

static void read_dkim(struct arena *arena, const struct span *strings, size_t count)
{
    const struct rec_meant *meant = rec_meant_dkim(arena, strings, count);
    struct rec_dkim_key key;

    for (; meant != NULL; meant = meant->other) {
        rec_dkim_key_parse(arena, meant->text, &key);
        if (key.octets.len == 0)
            abort();
        same_again(rec_meant_dkim(arena, &meant->text, 1), meant->text);
    }
}

FUZZ(arena, bytes)
{
    struct span strings[STRINGS_MAX];
    size_t count = 0;

    while (bytes.at != NULL && count < STRINGS_MAX)
        strings[count++] = span_cut(&bytes, '\n');
    read_spf(arena, strings, count);
    read_dmarc(arena, strings, count);
    read_dkim(arena, strings, count);
}
