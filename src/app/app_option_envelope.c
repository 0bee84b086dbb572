/* Options that say what a client sent: its address, its name and both paths. */
#include <string.h>

#include "app/app_options.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/span.h"
#include "mail/mail_address.h"

bool option_helo(struct app_options *options, const char *text, struct err *why)
{
    const char *trouble =
        arena_printf(options->arena, "--helo \"%s\": not a single word, as HELO requires",
                     escape_shown(options->arena, text));

    options->helo = text;
    if (text[0] != '\0' && strpbrk(text, " \t\r\n") == NULL)
        return true;
    if (text[strspn(text, " \t\r\n")] != '\0' && strpbrk(text, "\t\r\n") == NULL) {
        options->unsendable = trouble;
        return true;
    }
    err_set_kind(why, ERR_USAGE, "%s", trouble);
    return false;
}

/* has_blank_local_part - an address but for blanks in front of the "@" */
static bool has_blank_local_part(struct arena *arena, const char *text)
{
    char *plain = arena_strdup(arena, text);
    const char *unused = NULL;
    const char *at = strrchr(text, '@');
    size_t local = at != NULL ? (size_t)(at - text) : 0;

    for (size_t i = 0; i < local; i++)
        if (plain[i] == ' ')
            plain[i] = '_';
    return text[0] != '<' && text[0] != ' ' && mail_path_parse(arena, span_of(plain), &unused);
}

bool option_mail_from(struct app_options *options, const char *text, struct err *why)
{
    const char *trouble = arena_printf(options->arena,
                                       "--mail-from %s: not an address like user@example.com, "
                                       "nor <> for the null sender",
                                       escape_shown(options->arena, text));

    if (mail_path_parse(options->arena, span_of(text), &options->mail_from))
        return true;
    if (has_blank_local_part(options->arena, text)) {
        options->mail_from = text;
        options->unsendable = trouble;
        return true;
    }
    err_set_kind(why, ERR_USAGE, "%s", trouble);
    return false;
}

bool option_rcpt(struct app_options *options, const char *text, struct err *why)
{
    if (mail_path_parse(options->arena, span_of(text), &options->rcpt) &&
        options->rcpt[0] != '\0' && options->rcpt[0] != '@')
        return true;
    err_set_kind(why, ERR_USAGE, "--rcpt %s: not an address like user@example.com",
                 escape_shown(options->arena, text));
    return false;
}
