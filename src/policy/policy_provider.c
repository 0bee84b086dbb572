/*
 * The schema checks the form; here names get looked at, and every mistake is collected with its
 * line. Keys of lists and steps come from model/provider.def.
 */
#include <string.h>

#include "policy/policy_provider.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/limits.h"
#include "policy/policy.h"
#include "policy/policy_yaml.h"

#define LABEL_MAX 63  /* octets of a label: RFC 1035, 2.3.4 */
#define NAME_MAX  253 /* octets of a name in presentation form: RFC 1035, 2.3.4 */

/* ---- a file as it is written ---- */

struct written_provider {
    const char *name;
    const char *title;
    enum provider_kind kind;
    enum provider_confidence confidence;
    enum provider_spf_use spf_use;
#define PROVIDER_LIST(key, constant, what) \
    const char **key;                      \
    size_t key##_count;
#include "model/provider.def"
#define PROVIDER_STEP(key, constant, what) const char *key;
#include "model/provider.def"
    struct provider_source *sources;
    size_t sources_count;
};

struct written_file {
    const char *as_of;
    struct written_provider *providers;
    size_t providers_count;
};

static const struct policy_yaml_word kinds[] = {
#define PROVIDER_KIND(word, constant) {word, PROVIDER_##constant},
#include "model/provider.def"
    {NULL, 0},
};

static const struct policy_yaml_word confidences[] = {
    {"high", PROVIDER_HIGH}, {"medium", PROVIDER_MEDIUM}, {"low", PROVIDER_LOW}, {NULL, 0}};

static const struct policy_yaml_word spf_uses[] = {
    {"always", PROVIDER_SPF_USED},
    {"never", PROVIDER_SPF_NEVER},
    {"unless aliased", PROVIDER_SPF_UNLESS_ALIASED},
    {NULL, 0}};

static const struct policy_yaml_key source_keys[] = {
    POLICY_KEY_TEXT("url", struct provider_source, url),
    POLICY_KEY_TEXT("read", struct provider_source, read),
    POLICY_KEY_END,
};

static const struct policy_yaml_schema source_schema =
    POLICY_SCHEMA(provider_source, source_keys);

static const struct policy_yaml_key provider_keys[] = {
    POLICY_KEY_TEXT("name", struct written_provider, name),
    POLICY_KEY_TEXT("title", struct written_provider, title),
    POLICY_KEY_WORD("kind", struct written_provider, kind, kinds),
    POLICY_KEY_WORD("confidence", struct written_provider, confidence, confidences),
    POLICY_KEY_WORD_IF_ANY("spf-use", struct written_provider, spf_use, spf_uses),
#define PROVIDER_LIST(key, constant, what) \
    POLICY_KEY_TEXTS_IF_ANY(#key, struct written_provider, key),
#include "model/provider.def"
#define PROVIDER_STEP(key, constant, what) \
    POLICY_KEY_TEXT_IF_ANY(#key, struct written_provider, key),
#include "model/provider.def"
    POLICY_KEY_ENTRIES("sources", struct written_provider, sources, &source_schema),
    POLICY_KEY_END,
};

static const struct policy_yaml_schema provider_schema =
    POLICY_SCHEMA(written_provider, provider_keys);

static const struct policy_yaml_key file_keys[] = {
    POLICY_KEY_TEXT("as-of", struct written_file, as_of),
    POLICY_KEY_ENTRIES("providers", struct written_file, providers, &provider_schema),
    POLICY_KEY_END,
};

static const struct policy_yaml_schema file_schema = POLICY_SCHEMA(written_file, file_keys);

/* ---- what it means ---- */

struct reader {
    struct arena *arena;
    struct policy_file file;
    size_t index; /* of the provider that is read */
};

/* provider_complain - about a value of the provider that is read; `text` is what the file
 * has there */
static void provider_complain(struct reader *in, const char *key, const char *text,
                              const char *what)
{
    policy_mistake(&in->file, (struct policy_place){"providers", in->index, key},
                   arena_printf(in->arena, "%s \"%s\" %s", key,
                                escape_to_text(in->arena, span_of(text), LIMIT_SHOWN_BYTES),
                                what));
}

/* is_label - part of a name in DNS, lower case */
static bool is_label(struct span label)
{
    for (size_t i = 0; i < label.len; i++)
        if ((!ascii_is_alnum(label.at[i]) && label.at[i] != '-' && label.at[i] != '_') ||
            label.at[i] != ascii_to_lower(label.at[i]))
            return false;
    return label.len > 0 && label.len <= LABEL_MAX;
}

/* is_dns_name - labels with dots between, as names are compared */
static bool is_dns_name(const char *text)
{
    struct span rest = span_of(text);

    if (rest.len > NAME_MAX)
        return false;
    do
        if (!is_label(span_cut(&rest, '.')))
            return false;
    while (rest.at != NULL);
    return true;
}

/* is_header - a name as it precedes the colon of a header field (RFC 5322, 2.2), and what
 * its value has to fit, if there is a colon */
static bool is_header(const char *text)
{
    struct span value = span_of(text);
    struct span name = span_cut(&value, ':');

    for (size_t i = 0; i < name.len; i++)
        if (!ascii_is_visible(name.at[i]))
            return false;
    return name.len > 0 && (value.at == NULL || span_trim(value).len > 0);
}

/* take_names - one list */
static struct provider_names take_names(struct reader *in, enum provider_list list,
                                        const char **names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (list == PROVIDER_BY_HEADER && !is_header(names[i]))
            provider_complain(
                in, provider_list_to_text(list), names[i],
                "is not a header field: \"Name\", or \"Name: text\" with * for anything");
        else if (list != PROVIDER_BY_HEADER && !is_dns_name(names[i]))
            provider_complain(in, provider_list_to_text(list), names[i],
                              "is not a DNS name in lower case without a final dot");
    }
    return (struct provider_names){names, count};
}

/* check_sources - the days */
static void check_sources(struct reader *in, const struct written_provider *written)
{
    for (size_t i = 0; i < written->sources_count; i++) {
        const char *read = written->sources[i].read;
        int64_t day = 0;

        if (!policy_day_parse(span_of(read), &day))
            provider_complain(in, arena_printf(in->arena, "sources[%zu].read", i), read,
                              "is not a date like 2024-02-01 or 2024-02");
    }
}

/* is_known_by - there is a way to recognise it */
static bool is_known_by(const struct provider *provider)
{
    for (int list = 0; list < PROVIDER_LISTS; list++)
        if (list != PROVIDER_BY_SELECTOR && provider->lists[list].count > 0)
            return true;
    return false;
}

/* take_provider - one entry */
static void take_provider(struct reader *in, const struct written_provider *written,
                          struct provider *provider)
{
    *provider = (struct provider){
        .name = written->name,
        .title = written->title,
        .kind = written->kind,
        .confidence = written->confidence,
        .spf_use = written->spf_use,
        .sources = written->sources,
        .source_count = written->sources_count,
    };
#define PROVIDER_LIST(key, constant, what)    \
    provider->lists[PROVIDER_BY_##constant] = \
        take_names(in, PROVIDER_BY_##constant, written->key, written->key##_count);
#include "model/provider.def"
#define PROVIDER_STEP(key, constant, what) \
    provider->steps[PROVIDER_TO_##constant] = written->key;
#include "model/provider.def"
    check_sources(in, written);
    if (!policy_yaml_is_name(written->name))
        provider_complain(
            in, "name", written->name,
            "has characters other than lower case letters, digits, dots and dashes");
    if (!is_known_by(provider))
        provider_complain(in, "name", written->name,
                          "cannot be recognised: give mx, spf, targets, domains or headers");
}

/* take_all - the providers of the file, in order */
static void take_all(struct reader *in, const struct written_file *written,
                     struct policy_provider_file *file)
{
    struct provider *list =
        arena_array_of(in->arena, struct provider, written->providers_count);

    file->as_of = written->as_of;
    file->set.list = list;
    for (; in->index < written->providers_count; in->index++) {
        take_provider(in, &written->providers[in->index], &list[in->index]);
        if (provider_find(&file->set, list[in->index].name) != NULL)
            provider_complain(in, "name", list[in->index].name, "is there twice");
        file->set.count++;
    }
}

const struct policy_provider_file *policy_providers_parse(struct arena *arena, const char *path,
                                                          struct span text, struct err *why)
{
    struct reader in = {.arena = arena,
                        .file = policy_file_start(
                            arena, escape_to_text(arena, span_of(path), LIMIT_SHOWN_BYTES))};
    struct policy_provider_file *result = arena_new_of(arena, struct policy_provider_file);
    const struct written_file *written = policy_yaml_read(&in.file, text, &file_schema, why);
    int64_t day = 0;

    if (written == NULL)
        return NULL;
    if (!policy_day_parse(span_of(written->as_of), &day))
        policy_mistake(&in.file, (struct policy_place){NULL, 0, "as-of"},
                       "as-of is not a date like 2024-02-01 or 2024-02");
    take_all(&in, written, result);
    return policy_file_is_fine(&in.file, why) ? result : NULL;
}

const struct provider_set *policy_providers_load(struct arena *arena, const char *path,
                                                 const struct provider_set *base,
                                                 struct err *why)
{
    const struct policy_provider_file *file = NULL;
    struct provider_set *set = NULL;
    struct provider *list = NULL;
    struct span text = {NULL, 0};

    if (!file_load_text(arena, path, LIMIT_POLICY_BYTES, &text, why) ||
        (file = policy_providers_parse(arena, path, text, why)) == NULL)
        return NULL;
    set = arena_new_of(arena, struct provider_set);
    list = arena_array_of(arena, struct provider, file->set.count + base->count);
    *set = (struct provider_set){list, file->set.count};
    memcpy(list, file->set.list, file->set.count * sizeof(*list));
    for (size_t i = 0; i < base->count; i++)
        if (provider_find(&file->set, base->list[i].name) == NULL)
            list[set->count++] = base->list[i];
    return set;
}
