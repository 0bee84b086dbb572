/* Rows are few; every search walks all of them. */
#include "model/reply_code.h"
#include "base/must.h"

static const struct reply_code codes[] = {
#define CODE(about, reply, enhanced, mark, who, meaning, cause, remedy, standard) \
    {REPLY_CAUSE_##about, reply, enhanced, mark, who, meaning, cause, remedy, standard},
#include "model/reply_code.def"
};

static const struct smtp_class classes[] = {
    {2, "success", "go on"},
    {3, "the server expects more", "send what is missing: the login, or the message"},
    {4, "temporary failure", "keep the message queued and try again with growing pauses"},
    {5, "permanent failure", "do not retry unchanged: bounce, correct, send again"},
};

size_t reply_code_count(void)
{
    return COUNT_OF(codes);
}

const struct reply_code *reply_code_get(size_t index)
{
    must(index < reply_code_count());
    return &codes[index];
}

const struct smtp_class *smtp_class_get(unsigned number)
{
    return number >= 2 && number <= 5 ? &classes[number - 2] : NULL;
}

const char *reply_code_category(unsigned reply)
{
    /* RFC 5321, 4.2.1 */
    static const char *const names[] = {"syntax",    "information", "the connection",
                                        "the login", NULL,          "the mail system"};
    unsigned second = reply / 10 % 10;

    return second < COUNT_OF(names) ? names[second] : NULL;
}

const char *smtp_enhanced_subject(unsigned subject)
{
    /* RFC 3463, 3.1 to 3.8 */
    static const char *const names[] = {
        "nothing in particular",
        "the address",
        "the mailbox",
        "the mail system",
        "the network and routing",
        "the protocol",
        "the content or its conversion",
        "security or policy",
    };

    return subject < COUNT_OF(names) ? names[subject] : NULL;
}

/* ---- matching ---- */

bool reply_code_matches_enhanced(const char *row, const struct smtp_enhanced *code)
{
    struct span rest = span_of(row);
    struct span kind = span_cut(&rest, '.');
    struct span subject = span_cut(&rest, '.');
    struct span least = span_cut(&rest, '-');
    uint64_t numbers[4] = {0};

    if (!span_to_number(kind, 9, &numbers[0]) || !span_to_number(subject, 999, &numbers[1]) ||
        !span_to_number(least, 999, &numbers[2]))
        return false;
    if (!span_to_number(rest, 999, &numbers[3]))
        numbers[3] = numbers[2];
    return code->kind == numbers[0] && code->subject == numbers[1] &&
           code->detail >= numbers[2] && code->detail <= numbers[3];
}

/* holds_mark - the text holds it, ASCII case folded */
static bool holds_mark(struct span text, const char *mark)
{
    for (size_t i = 0; i < text.len; i++)
        if (span_starts_with_nocase(span_from(text, i), mark))
            return true;
    return false;
}

/* code_class_of - of the row, from its reply or its enhanced code */
static unsigned code_class_of(const struct reply_code *row)
{
    return row->reply != 0 ? row->reply / 100 : (unsigned)(row->enhanced[0] - '0');
}

/* matches_reply - the row is about this reply code */
static bool matches_reply(const struct reply_code *row, const struct reply_code_query *query)
{
    if (query->reply == 0 || row->reply == query->reply)
        return true;
    return row->reply == 0 && query->enhanced.kind != 0 &&
           code_class_of(row) == query->reply / 100;
}

/* code_matches - every part that is given agrees with the row */
static bool code_matches(const struct reply_code *row, const struct reply_code_query *query)
{
    if (!matches_reply(row, query))
        return false;
    if (query->enhanced.kind != 0 &&
        (row->enhanced == NULL ||
         !reply_code_matches_enhanced(row->enhanced, &query->enhanced)))
        return false;
    return row->mark == NULL || query->text.len == 0 || holds_mark(query->text, row->mark);
}

const struct reply_code **
reply_code_find(struct arena *arena, const struct reply_code_query *query, size_t *count_out)
{
    const struct reply_code **found =
        arena_array_of(arena, const struct reply_code *, reply_code_count());
    struct reply_code_query asked = *query;

    /* an enhanced code that contradicts the reply is read with the class of the reply */
    if (asked.reply != 0 && asked.enhanced.kind != 0)
        asked.enhanced.kind = asked.reply / 100;
    *count_out = 0;
    for (size_t i = 0; i < reply_code_count(); i++)
        if (code_matches(&codes[i], &asked))
            found[(*count_out)++] = &codes[i];
    return found;
}
