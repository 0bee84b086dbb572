/* What an option's value or a command's argument may be: from the tables that read it, else
 * from a list here. */
#include <string.h>

#include "app/app_completion.h"
#include "app/app_options.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/finding.h"
#include "policy/policy.h"
#include "policy/policy_provider.h"
#include "render/render_view.h"

/* completion_policies - those that are built in */
static void completion_policies(struct sbuf *out)
{
    for (size_t i = 0; i < policy_builtin_count(); i++)
        sbuf_addf(out, "%s ", policy_builtin_name(i));
}

static void completion_providers(struct sbuf *out)
{
    for (size_t i = 0; i < policy_providers.count; i++)
        sbuf_addf(out, "%s ", policy_providers.list[i].name);
}

static void completion_findings(struct sbuf *out)
{
    for (size_t i = 0; i < check_row_count(); i++)
        sbuf_addf(out, "%s ", check_row_get(i)->id);
}

static void completion_formats(struct sbuf *out)
{
    for (size_t i = 0; i < FORMAT_COUNT; i++)
        sbuf_addf(out, "%s ", render_format_name((enum render_format)i));
}

static void completion_commands(struct sbuf *out)
{
    for (size_t i = 0; i < app_command_count(); i++)
        sbuf_addf(out, "%s ", app_command_get(i)->name);
}

/* a name of an option or a command, and where its words come from */
struct completion_row {
    const char *name;
    void (*list)(struct sbuf *out); /* NULL: `words` */
    const char *words;
};

static const struct completion_row option_rows[] = {
    {"dns", NULL, "live zone: plan: snapshot: "},
    {"format", completion_formats, NULL},
    {"ignore", completion_findings, NULL},
    {"mechanism", NULL, "PLAIN LOGIN CRAM-MD5 XOAUTH2 "},
    {"policy", completion_policies, NULL},
    {"port", NULL, "25 587 465 2525 "},
    {"record-format", NULL, "oneline zone route53 terraform nsupdate cloudflare "},
};

static const struct completion_row command_rows[] = {
    {"findings", completion_findings, NULL},
    {"help", completion_commands, NULL},
    {"policies", completion_policies, NULL},
    {"providers", completion_providers, NULL},
    {"record", NULL, "spf dmarc dkim mta-sts tls-rpt "},
};

/* completion_words - of the row with the name; "" if there is none */
static const char *completion_words(struct arena *arena, const struct completion_row *rows,
                                    size_t count, const char *name)
{
    struct sbuf out = sbuf_start(arena);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].name, name) != 0)
            continue;
        if (rows[i].list == NULL)
            return rows[i].words;
        rows[i].list(&out);
    }
    return sbuf_text(&out);
}

struct app_completion app_completion_of_option(struct arena *arena,
                                               const struct app_option *option)
{
    const size_t count = COUNT_OF(option_rows);
    struct sbuf listed = sbuf_start(arena);

    for (const struct app_option_word *word = option->type.words;
         word != NULL && word->text != NULL; word++)
        sbuf_addf(&listed, "%s ", word->text);
    return (struct app_completion){
        .words = option->type.words != NULL
                     ? sbuf_text(&listed)
                     : completion_words(arena, option_rows, count, option->name),
        .is_file = option->value != NULL &&
                   (strcmp(option->value, "FILE") == 0 || strcmp(option->name, "dns") == 0),
    };
}

struct app_completion app_completion_of_argument(struct arena *arena,
                                                 const struct app_command *command)
{
    const size_t count = COUNT_OF(command_rows);

    return (struct app_completion){
        .words = completion_words(arena, command_rows, count, command->name),
        .is_file = strstr(command->arguments, "MESSAGE") != NULL ||
                   strstr(command->arguments, "FILE") != NULL,
    };
}
