/* A tag=value list and what is read out of its values. */
#include "base/base64.h"
#include "base/must.h"
#include "record/rec_tags.h"
#include "fuzz.h"

/* is_inside - the part lies in the whole */
static bool is_inside(struct span part, struct span whole)
{
    return part.len == 0 || (part.at >= whole.at && part.at + part.len <= whole.at + whole.len);
}

FUZZ(arena, bytes)
{
    struct rec_tags tags;
    size_t before = 0;

    rec_tags_parse(arena, bytes, &tags);
    for (const struct rec_tag *tag = tags.first; tag != NULL; tag = tag->next) {
        struct span octets = {0};
        struct span plain = rec_without_blanks(arena, tag->value);

        must(is_inside(tag->name, bytes) && is_inside(tag->value, bytes));
        must(tag->at >= before && tag->at <= bytes.len);
        before = tag->at;
        must(plain.len <= tag->value.len);
        if (base64_decode(arena, plain, &octets))
            must(octets.len <= plain.len / 4 * 3 + 3);
    }
    for (const struct fault *fault = tags.faults; fault != NULL; fault = fault->next)
        must(fault->at <= bytes.len);
}
