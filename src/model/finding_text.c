/* The rows of the catalogue, and what a finding says. */
#include "base/arena.h"
#include "model/finding.h"

#include <string.h>

#include "base/must.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "base/suggest.h"
#include "model/finding_id.h"

#define RFC(number, section) "RFC " #number ", " section
#define DRAFT(name)          name

static const struct check_row rows[FINDING_IDS] = {
#define CHECK(id, severity, cite, text, hint) {ID_##id, #id, severity, cite, text, hint},
#include "model/finding_table.def"
};

/* shown instead of the row's own text and hint when its facts could not be determined */
static const char undetermined_text[] = "could not be determined: {reason}";

static const char undetermined_hint[] = "run again when DNS answers, or give a source that has "
                                        "the answer (--dns); a missing answer "
                                        "was not taken as absence";

size_t check_row_count(void)
{
    return FINDING_IDS;
}

const struct check_row *check_row_get(size_t row)
{
    must(row < FINDING_IDS);
    return &rows[row];
}

const struct check_row *check_row_find(const char *id)
{
    for (size_t row = 0; row < FINDING_IDS; row++)
        if (strcmp(rows[row].id, id) == 0)
            return &rows[row];
    return NULL;
}

const char *check_id_hint(struct arena *arena, const char *id)
{
    struct suggest suggest = suggest_start(id);

    for (size_t i = 0; i < FINDING_IDS; i++)
        suggest_offer(&suggest, rows[i].id);
    return suggest_hint(arena, &suggest, "; see mailassay findings");
}

/* add_value - what {key} stands for: an argument, else a part of the place */
static bool add_value(struct sbuf *text, const struct finding *finding, struct span key)
{
    const struct finding_where *where = &finding->where;

    for (const struct finding_arg *arg = finding->args; arg != NULL; arg = arg->next)
        if (span_equal_text(key, arg->key)) {
            if (arg->text != NULL)
                sbuf_add(text, arg->text);
            else
                sbuf_addf(text, "%lld", (long long)arg->number);
            return true;
        }
    if (span_equal_text(key, "name"))
        sbuf_add(text, where->name != NULL ? where->name : "");
    else if (span_equal_text(key, "type"))
        sbuf_add(text, where->type != NULL ? where->type : "");
    else if (span_equal_text(key, "term"))
        sbuf_add(text, where->term != NULL ? where->term : "");
    else
        return false;
    return true;
}

/* number_of - the argument as a number; 0: it is text, or none */
static int64_t number_of(const struct finding *finding, struct span key)
{
    for (const struct finding_arg *arg = finding->args; arg != NULL; arg = arg->next)
        if (span_equal_text(key, arg->key))
            return arg->number;
    return 0;
}

/* check_add_words - literal text of a template: "(s)" is the plural of the number before it */
static void check_add_words(struct sbuf *text, struct span words, int64_t number)
{
    for (size_t i = 0; i < words.len; i++)
        if (span_starts_with(span_from(words, i), "(s)")) {
            sbuf_add(text, number == 1 ? "" : "s");
            i += sizeof("(s)") - 2;
        } else {
            sbuf_add_octet(text, words.at[i]);
        }
}

/* check_fill - a template with its arguments; values are not looked into again */
static const char *check_fill(struct arena *arena, const char *template,
                              const struct finding *finding)
{
    struct sbuf text = sbuf_start(arena);
    struct span rest = span_of(template);
    int64_t number = 0;

    while (rest.len > 0) {
        ptrdiff_t open = span_find(rest, '{');
        struct span key = {NULL, 0};

        if (open < 0)
            break;
        check_add_words(&text, span_sub(rest, 0, (size_t)open), number);
        rest = span_from(rest, (size_t)open + 1);
        key = span_cut(&rest, '}');
        must(add_value(&text, finding, key));
        number = number_of(finding, key);
    }
    check_add_words(&text, rest, number);
    return sbuf_text(&text);
}

const char *finding_text_of(const struct finding *finding, const char *key)
{
    for (const struct finding_arg *arg = finding->args; arg != NULL; arg = arg->next)
        if (strcmp(arg->key, key) == 0)
            return arg->text;
    return NULL;
}

const char *check_clause(struct arena *arena, const struct finding *finding)
{
    bool fires = finding->status == FINDING_FIRES;

    return check_fill(arena, fires ? rows[finding->row].text : undetermined_text, finding);
}

const char *check_text(struct arena *arena, const struct finding *finding)
{
    const char *text = check_clause(arena, finding);

    return finding_text_of(finding, "meant") == NULL
               ? text
               : arena_printf(arena, "%s; intended: %s", text,
                              finding_text_of(finding, "meant"));
}

const char *check_hint(struct arena *arena, const struct finding *finding)
{
    bool fires = finding->status == FINDING_FIRES;

    if (finding_text_of(finding, "meant") != NULL)
        return arena_printf(arena, "publish the intended record: %s",
                            finding_text_of(finding, "meant"));
    return check_fill(arena, fires ? rows[finding->row].hint : undetermined_hint, finding);
}
