/* A DMARC record as it was meant: its tags, each with the value that was meant. */
#include <string.h>

#include "base/fault.h"
#include "base/sbuf.h"
#include "base/suggest.h"
#include "model/rec_dmarc.h"
#include "record/rec_dmarc.h"
#include "record/rec_meant_private.h"

#define VERSION "DMARC1" /* RFC 9989, 4.7 */

static const char *const tag_names[] = {"v",   "p",  "sp", "np", "rua", "ruf", "adkim",  "aspf",
                                        "pct", "fo", "rf", "ri", "t",   "psd", "policy", NULL};
static const char *const values[] = {VERSION, "none", "quarantine", "reject", NULL};
static const struct rec_fixer_grammar grammar = {tag_names, values};

/* ---- words ---- */

/* policy_of - the policy that a word is, or was meant to be; NULL: none */
static const char *policy_of(struct span word)
{
    static const char *const words[] = {"none", "quarantine", "reject", NULL};

    while (word.len > 0 && !ascii_is_alpha(word.at[word.len - 1]))
        word.len--;
    while (word.len > 0 && !ascii_is_alpha(word.at[0]))
        word = span_from(word, 1);
    return rec_fixer_word(word, words);
}

/* has_two_policies - "quarantine/reject": both */
static bool has_two_policies(struct span value, const char *policies_out[2])
{
    size_t count = 0;

    while (value.len > 0 && count < 2) {
        size_t len = 0;
        const char *policy = NULL;

        while (len < value.len && ascii_is_alpha(value.at[len]))
            len++;
        policy = len > 0 ? policy_of(span_sub(value, 0, len)) : NULL;
        if (policy != NULL && (count == 0 || strcmp(policy, policies_out[0]) != 0))
            policies_out[count++] = policy;
        value = span_from(value, len + 1);
    }
    return count == 2;
}

/* is_dmarc_version - DMARC1, perhaps misspelt */
static bool is_dmarc_version(struct rec_fixer *fixer, struct span value)
{
    struct sbuf word = sbuf_start(fixer->arena);

    for (size_t i = 0; i < value.len; i++)
        if (ascii_is_alnum(value.at[i]))
            sbuf_add_octet(&word, value.at[i]);
    return suggest_distance(sbuf_span(&word), span_of(VERSION), 2) <= 2;
}

/* is_other_version - that of another kind of record, which somebody copied */
static bool is_other_version(struct span value)
{
    return span_equal_nocase(value, "DKIM1") || span_equal_nocase(value, "spf1") ||
           span_equal_nocase(value, "1");
}

/* tag_meant - the tag that a name is, or was meant to be; NULL: nobody knows it */
static const char *tag_meant(struct span name)
{
    static const char *const guessed[] = {"rua", "ruf", "adkim", "aspf", "pct", "psd", NULL};

    for (size_t i = 0; tag_names[i] != NULL; i++)
        if (span_equal_nocase(name, tag_names[i]))
            return strcmp(tag_names[i], "policy") == 0 ? "p" : tag_names[i];
    if (span_equal_nocase(name, "pol") || suggest_distance(name, span_of("policy"), 2) <= 2)
        return "p";
    return name.len < 3 ? NULL : rec_fixer_word(name, guessed);
}

/* ---- addresses ---- */

/* is_address - local part, "@" and a domain; a size limit may follow */
static bool is_address(struct span text)
{
    ptrdiff_t at = span_find_last(text, '@');
    struct span domain = at < 1 ? (struct span){NULL, 0} : span_from(text, (size_t)at + 1);

    domain = span_cut(&domain, '!');
    return at > 0 && span_find(text, '@') == at && rec_fixer_is_name(domain) &&
           span_find(text, ':') < 0 && span_find(text, '/') < 0 && span_find(text, '<') < 0;
}

/* is_scheme - "mailto", perhaps misspelt */
static bool is_scheme(struct span word)
{
    return suggest_distance(word, span_of("mailto"), 2) <= 2 ||
           span_equal_nocase(word, "http") || span_equal_nocase(word, "https") ||
           span_equal_nocase(word, "mail") || span_equal_nocase(word, "email") ||
           span_equal_nocase(word, "e-mail");
}

/* with_at - "d(at)example.com" and "d@@example.com" with their "@" */
static struct span with_at(struct rec_fixer *fixer, struct span entry)
{
    static const char *const words[] = {"(at)", "[at]", "{at}", "<at>", " at ", "@@"};

    for (size_t i = 0; i < COUNT_OF(words); i++)
        for (size_t at = 1; at + strlen(words[i]) < entry.len; at++)
            if (span_starts_with_nocase(span_from(entry, at), words[i]))
                return rec_fixer_join(fixer->arena, span_sub(entry, 0, at), "@",
                                      span_from(entry, at + strlen(words[i])));
    return entry;
}

/* bare_address - an address without scheme and brackets; {NULL, 0}: none */
static struct span bare_address(struct span entry)
{
    ptrdiff_t mark = -1;

    while (entry.len > 0 && strchr("<(['", entry.at[0]) != NULL)
        entry = span_from(entry, 1);
    while (entry.len > 0 && strchr(">)]'.", entry.at[entry.len - 1]) != NULL)
        entry.len--;
    for (size_t i = 0; i < entry.len && mark < 0; i++)
        if (strchr(":=", entry.at[i]) != NULL)
            mark = (ptrdiff_t)i;
    if (mark > 0 && is_scheme(span_sub(entry, 0, (size_t)mark))) {
        entry = span_from(entry, (size_t)mark + 1);
        while (entry.len > 0 && strchr("/:=<( ", entry.at[0]) != NULL)
            entry = span_from(entry, 1);
    }
    return is_address(entry) ? entry : (struct span){NULL, 0};
}

/* without_bad_size - the address without what is after "!" and is not a size like "10m" */
static struct span without_bad_size(struct span address)
{
    struct span size = address;
    struct span plain = span_cut(&size, '!');
    uint64_t number = 0;

    if (size.len > 0 && strchr("kmgt", ascii_to_lower(size.at[size.len - 1])) != NULL)
        size.len--;
    return size.at == NULL || span_to_number(size, UINT64_MAX, &number) ? address : plain;
}

/* add_uri - one entry of a list of addresses; false: nobody knows what it is */
static bool add_uri(struct rec_fixer *fixer, struct sbuf *list, struct span entry)
{
    struct span address = without_bad_size(bare_address(with_at(fixer, entry)));
    const char *uri = NULL;

    if (entry.len == 0 || span_equal_nocase(entry, "and") || span_equal_text(entry, "&") ||
        suggest_distance(entry, span_of("mailto"), 1) <= 1)
        return true; /* "mailto" and its address, parted by a blank or semicolon */
    if (address.at == NULL && !span_starts_with_nocase(entry, "https://") &&
        !span_starts_with_nocase(entry, "http://"))
        return false;
    uri = address.at == NULL ? arena_strdup_span(fixer->arena, entry)
                             : arena_printf(fixer->arena, "mailto:%.*s", SPAN_ARG(address));
    if (!span_equal_nocase(entry, uri))
        rec_fixer_note(fixer, REC_REPAIR_SCHEME, entry, uri);
    sbuf_add_item(list, ",", uri);
    return true;
}

/* named_address - "mailto:Ann Lee <d@example.com>" without the name of who reads it, and
 * "mailto : d@example.com" without its blanks; the list itself: it has neither */
static struct span named_address(struct rec_fixer *fixer, struct span list)
{
    struct sbuf plain = sbuf_start(fixer->arena);
    struct span whole = list;

    while (list.len > 0) {
        struct span entry = span_cut(&list, ',');
        ptrdiff_t open = span_find(entry, '<');
        ptrdiff_t close = span_find(entry, '>');
        ptrdiff_t colon = span_find(entry, ':');
        ptrdiff_t at = span_find(entry, '@');

        if (entry.len > 0 && span_trim(entry).at[0] == '[' && at > 0 &&
            span_find(entry, '(') > 0) {
            span_cut(&entry, '('); /* a link of Markdown */
            entry = span_cut(&entry, ')');
        } else if (open > 0 && close > open && at > open && at < close) {
            entry = span_sub(entry, (size_t)open + 1, (size_t)(close - open) - 1);
        } else if (colon > 0 && at > colon &&
                   is_scheme(span_trim(span_sub(entry, 0, (size_t)colon)))) {
            entry = rec_fixer_join(fixer->arena, span_of("mailto:"), "",
                                   span_trim(span_from(entry, (size_t)colon + 1)));
        }
        sbuf_add_span(&plain, with_at(fixer, entry));
        sbuf_add(&plain, list.len > 0 ? "," : "");
    }
    if (!span_equal(sbuf_span(&plain), whole))
        rec_fixer_note(fixer, REC_REPAIR_SCHEME, whole,
                       arena_strdup_span(fixer->arena, sbuf_span(&plain)));
    return sbuf_span(&plain);
}

/* uri_length - of the first entry of a list: up to a comma or blank, or to another "mailto:" */
static size_t uri_length(struct span list)
{
    size_t len = 0;

    while (len < list.len && strchr(", ", list.at[len]) == NULL &&
           (len == 0 || list.at[len - 1] == '<' ||
            !span_starts_with_nocase(span_from(list, len), "mailto:")))
        len++;
    return len;
}

/* add_uris - a list of addresses behind those that are there; false: one is not readable */
static bool add_uris(struct rec_fixer *fixer, struct sbuf *out, struct span list)
{
    while (list.len > 0) {
        size_t len = uri_length(list);

        if (!add_uri(fixer, out, span_sub(list, 0, len)))
            return false;
        if (len < list.len && list.at[len] != ',')
            rec_fixer_note(fixer, REC_REPAIR_SEPARATOR, list, ",");
        while (len < list.len && strchr(", ", list.at[len]) != NULL)
            len++;
        list = span_from(list, len);
    }
    return true;
}

/* put_uris - addresses of rua= or ruf=, behind those that it has already */
static bool put_uris(struct rec_fixer *fixer, struct rec_fixer_tags *tags, const char *name,
                     struct span value)
{
    struct rec_fixer_tag *same = rec_fixer_find_tag(tags, name);
    struct sbuf list = sbuf_start(fixer->arena);

    if (same != NULL) {
        rec_fixer_note(fixer, REC_REPAIR_SEPARATOR, value, ",");
        sbuf_add_span(&list, same->value);
    }
    if (!add_uris(fixer, &list, named_address(fixer, value)))
        return false;
    if (same != NULL)
        same->value = sbuf_span(&list);
    else
        rec_fixer_put_tag(fixer, tags, name, sbuf_span(&list));
    return true;
}

/* put_list - the same; what nobody can read stays, if that is wanted */
static bool put_list(struct rec_fixer *fixer, struct rec_fixer_tags *tags, const char *name,
                     struct span value)
{
    struct rec_repair **tail = fixer->tail;
    size_t count = fixer->meant->repair_count;

    if (put_uris(fixer, tags, name, value))
        return true;
    if (!fixer->keeps_lists || rec_fixer_find_tag(tags, name) != NULL)
        return false;
    *tail = NULL;
    fixer->tail = tail;
    fixer->meant->repair_count = count;
    rec_fixer_put_tag(fixer, tags, name, value);
    return true;
}

/* ---- tags ---- */

/* plain_value - of tags with one letter or a number: "strict", "50%", "1,d" */
static struct span plain_value(struct rec_fixer *fixer, const char *name, struct span value)
{
    struct sbuf text = sbuf_start(fixer->arena);
    bool is_letter = strcmp(name, "adkim") == 0 || strcmp(name, "aspf") == 0 ||
                     strcmp(name, "t") == 0 || strcmp(name, "psd") == 0;

    for (size_t i = 0; i < value.len && (!is_letter || i == 0); i++)
        if (strcmp(name, "fo") == 0 && strchr(", /", value.at[i]) != NULL)
            sbuf_add_octet(&text, ':');
        else if (strcmp(name, "pct") != 0 || ascii_is_digit(value.at[i]))
            sbuf_add_octet(&text, is_letter ? ascii_to_lower(value.at[i]) : value.at[i]);
    if (strcmp(name, "fo") == 0 && !rec_dmarc_is_fo(sbuf_span(&text))) {
        text = sbuf_start(fixer->arena);
        sbuf_add(&text, "0"); /* what receivers assume */
    }
    if (!span_equal(sbuf_span(&text), value))
        rec_fixer_note(fixer, REC_REPAIR_VALUE, value,
                       arena_strdup_span(fixer->arena, sbuf_span(&text)));
    return sbuf_span(&text);
}

/* put_dmarc_policy - p, sp or np; false: no policy is like the word */
static bool put_dmarc_policy(struct rec_fixer *fixer, struct rec_fixer_tags *tags,
                             const char *name, struct span value)
{
    const char *policy = policy_of(value);
    const char *both[2];

    if (has_two_policies(value, both)) {
        policy = both[fixer->wants_other ? 1 : 0];
        fixer->has_other = true;
    }
    if (policy == NULL)
        return false;
    if (!span_equal_nocase(value, policy))
        rec_fixer_note(fixer, REC_REPAIR_VALUE, value, policy);
    rec_fixer_put_tag(fixer, tags, name, span_of(policy));
    return true;
}

/* put_named - a tag with a name; false: its value cannot be read */
static bool put_named(struct rec_fixer *fixer, struct rec_fixer_tags *tags,
                      const struct rec_fixer_tag *tag)
{
    const char *name = tag_meant(tag->name);

    if (name == NULL && tags->count == 0 && tag->value.len == 0 &&
        rec_fixer_is_console(tag->name)) {
        rec_fixer_note(fixer, REC_REPAIR_CONSOLE, tag->name, "");
        return true;
    }
    if (name == NULL && span_starts_with_nocase(tag->value, "v=") &&
        is_dmarc_version(fixer, span_from(tag->value, 2))) {
        rec_fixer_note(fixer, REC_REPAIR_CONSOLE, tag->name, "");
        rec_fixer_put_tag(fixer, tags, "v", span_of(VERSION));
        return true;
    }
    if (name == NULL) { /* receivers skip it */
        rec_fixer_put_tag(fixer, tags, arena_strdup_span(fixer->arena, tag->name), tag->value);
        return true;
    }
    if (!span_equal_text(tag->name, name))
        rec_fixer_note(fixer, REC_REPAIR_NAME, tag->name, name);
    if (strcmp(name, "v") == 0) {
        if (!is_dmarc_version(fixer, tag->value) && !is_other_version(tag->value))
            return false;
        if (!span_equal_text(tag->value, VERSION))
            rec_fixer_note(fixer, REC_REPAIR_VERSION, tag->value, VERSION);
        rec_fixer_put_tag(fixer, tags, name, span_of(VERSION));
        return true;
    }
    if (name[strlen(name) - 1] == 'p' && strlen(name) < 3)
        return put_dmarc_policy(fixer, tags, name, tag->value);
    if (strcmp(name, "rua") == 0 || strcmp(name, "ruf") == 0)
        return put_list(fixer, tags, name, tag->value);
    rec_fixer_put_tag(fixer, tags, name, plain_value(fixer, name, tag->value));
    return true;
}

/* put_bare - a value without a name: a policy, the version, an address of the list before it,
 * or a part of a zone file line in front */
static bool put_bare(struct rec_fixer *fixer, struct rec_fixer_tags *tags, struct span value)
{
    const struct rec_fixer_tag *last = tags->count > 0 ? &tags->tags[tags->count - 1] : NULL;

    if (last != NULL &&
        (span_equal_text(last->name, "rua") || span_equal_text(last->name, "ruf")))
        return put_uris(fixer, tags, last->name.at, value);
    if (is_dmarc_version(fixer, value) ||
        (value.len > 1 && ascii_to_lower(value.at[0]) == 'v' &&
         is_dmarc_version(fixer, span_from(value, 1)))) {
        rec_fixer_note(fixer, REC_REPAIR_VERSION, value, VERSION);
        rec_fixer_put_tag(fixer, tags, "v", span_of(VERSION));
        return true;
    }
    if (policy_of(value) != NULL) {
        rec_fixer_note(fixer, REC_REPAIR_NAME, value, "p=");
        return put_dmarc_policy(fixer, tags, "p", value);
    }
    if (tags->count > 0 || !rec_fixer_is_console(value))
        return false;
    rec_fixer_note(fixer, REC_REPAIR_CONSOLE, value, "");
    return true;
}

/* dmarc_joined - the pieces as one text; a semicolon where one tag ends and one begins */
static struct span dmarc_joined(struct rec_fixer *fixer, const struct rec_fixer_pieces *pieces)
{
    struct sbuf text = sbuf_start(fixer->arena);

    for (size_t i = 0; i < pieces->count; i++) {
        struct span next = span_trim(pieces->spans[i]);
        struct span name = next;
        bool is_tag = false;

        name = span_trim(span_cut(&name, '='));
        for (size_t j = 0; tag_names[j] != NULL; j++)
            is_tag = is_tag || span_equal_nocase(name, tag_names[j]);
        if (i > 0 && is_tag && name.len < next.len)
            sbuf_add_octet(&text, ' ');
        sbuf_add_span(&text, pieces->spans[i]);
    }
    return sbuf_span(&text);
}

/* meant_dmarc_is_clean - nothing is left that a receiver would trip over */
static bool meant_dmarc_is_clean(struct rec_fixer *fixer, struct span text)
{
    struct rec_dmarc record;

    rec_dmarc_parse(fixer->arena, text, &record);
    for (const struct fault *fault = record.faults; fault != NULL; fault = fault->next)
        if (fault->kind != REC_DMARC_FAULT_NO_POLICY &&
            fault->kind != REC_DMARC_FAULT_REMOVED && fault->kind != REC_DMARC_FAULT_UNKNOWN &&
            !(fixer->keeps_lists && fault->kind == REC_DMARC_FAULT_URI))
            return false;
    return record.is_record;
}

/* dmarc_read - one reading; NULL: none */
static const struct rec_meant *dmarc_read(struct rec_fixer *fixer, const struct span *strings,
                                          size_t count)
{
    struct rec_fixer_pieces pieces = {0};
    struct rec_fixer_tags cut = {0};
    struct rec_fixer_tags tags = {0};
    struct span text;
    bool is_about = false;
    bool is_foreign = false;

    if (!rec_fixer_clean(fixer, strings, count, &pieces))
        return NULL;
    for (size_t i = 0; i < pieces.count && !rec_fixer_is_console(span_trim(pieces.spans[0]));
         i++)
        if (span_starts_with_nocase(span_trim(pieces.spans[i]), "v=DMARC1")) {
            rec_fixer_rotate(fixer, &pieces, i);
            break;
        }
    text = dmarc_joined(fixer, &pieces);
    text = rec_fixer_uncomment_tags(fixer, text);
    if (text.len > 0 && text.at[0] == ' ')
        rec_fixer_note(fixer, REC_REPAIR_BLANK_FRONT, text, "v=" VERSION);
    cut = rec_fixer_cut_tags(fixer, text, &grammar);
    for (size_t i = 0; i < cut.count; i++)
        is_foreign = is_foreign || (span_equal_nocase(cut.tags[i].name, "v") &&
                                    is_other_version(cut.tags[i].value));
    for (size_t i = 0; i < cut.count; i++)
        if (cut.tags[i].name.at != NULL ? !put_named(fixer, &tags, &cut.tags[i])
                                        : !put_bare(fixer, &tags, cut.tags[i].value))
            return NULL;
    is_about = rec_fixer_find_tag(&tags, "v") != NULL &&
               (!is_foreign || rec_fixer_find_tag(&tags, "p") != NULL);
    if (!is_about && rec_fixer_find_tag(&tags, "p") != NULL) {
        rec_fixer_note(fixer, REC_REPAIR_VERSION, span_of(""), "v=" VERSION);
        arena_append(fixer->arena, tags.tags, tags.count,
                     ((struct rec_fixer_tag){span_of("v"), span_of(VERSION)}));
        is_about = true;
    }
    fixer->meant->text = rec_fixer_tags_text(fixer, &tags);
    return is_about && meant_dmarc_is_clean(fixer, fixer->meant->text) ? fixer->meant : NULL;
}

const struct rec_meant *rec_meant_dmarc(struct arena *arena, const struct span *strings,
                                        size_t count)
{
    struct rec_fixer fixer = rec_fixer_open(arena);

    return rec_fixer_read(&fixer, dmarc_read, strings, count);
}

const struct rec_meant *rec_meant_dmarc_rest(struct arena *arena, const struct span *strings,
                                             size_t count)
{
    struct rec_fixer fixer = rec_fixer_open(arena);
    const struct rec_meant *meant = NULL;

    fixer.keeps_lists = true;
    meant = rec_fixer_read(&fixer, dmarc_read, strings, count);
    return fixer.has_other ? NULL : meant;
}
