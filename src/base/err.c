/* The reason is formatted in place; nothing allocates. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

/* set_text - format, and mark a sentence that was cut */
__attribute__((format(printf, 2, 0))) static void set_text(struct err *why, const char *format,
                                                           va_list args)
{
    static const char mark[] = "...";
    int len = vsnprintf(why->text, sizeof(why->text), format, args);

    if (len >= (int)sizeof(why->text))
        memcpy(why->text + sizeof(why->text) - sizeof(mark), mark, sizeof(mark));
}

void err_set(struct err *why, const char *format, ...)
{
    va_list args;

    if (why == NULL)
        return;
    why->kind = ERR_INPUT;
    va_start(args, format);
    set_text(why, format, args);
    va_end(args);
}

void err_set_kind(struct err *why, enum err_kind kind, const char *format, ...)
{
    va_list args;

    if (why == NULL)
        return;
    why->kind = kind;
    va_start(args, format);
    set_text(why, format, args);
    va_end(args);
}
