/* Faults and their places in a term. */
#include <stdarg.h>

#include "base/escape.h"
#include "base/limits.h"
#include "record/rec_spf_private.h"

static void spf_add_fault(struct rec_spf_parser *parser, struct fault fault, const char *format,
                          va_list args) __attribute__((format(printf, 3, 0)));

/* of faults beyond LIMIT_SPF_FAULTS */
static const char unexplained[] = "one of many faults: those before it are explained";

/* spf_add_fault - append a fault with its sentence */
static void spf_add_fault(struct rec_spf_parser *parser, struct fault fault, const char *format,
                          va_list args)
{
    parser->record->is_fatal |= fault.is_fatal;
    fault.text = parser->fault_count < LIMIT_SPF_FAULTS
                     ? arena_vprintf(parser->arena, format, args)
                     : unexplained;
    if (fault.part.at != NULL)
        fault.at = (size_t)(fault.part.at - parser->record->text.at);
    parser->tail = &fault_add(parser->arena, parser->tail, fault)->next;
    parser->fault_count++;
}

void rec_spf_fatal(struct rec_spf_parser *parser, struct rec_spf_spot spot, const char *format,
                   ...)
{
    struct fault fault = {.kind = (int)spot.kind, .is_fatal = true, .part = spot.part};
    va_list args;

    va_start(args, format);
    spf_add_fault(parser, fault, format, args);
    va_end(args);
}

void rec_spf_warn(struct rec_spf_parser *parser, struct rec_spf_spot spot, const char *format,
                  ...)
{
    struct fault fault = {.kind = (int)spot.kind, .part = spot.part};
    va_list args;

    va_start(args, format);
    spf_add_fault(parser, fault, format, args);
    va_end(args);
}

const char *rec_spf_shown(const struct rec_spf_parser *parser, struct span bytes)
{
    return escape_to_text(parser->arena, bytes, REC_SPF_SHOWN_MAX);
}

size_t rec_spf_digits_before(struct span text, size_t end)
{
    while (end > 0 && ascii_is_digit(text.at[end - 1]))
        end--;
    return end;
}

size_t rec_spf_find_prefixes(struct span text)
{
    size_t at = rec_spf_digits_before(text, text.len);
    size_t more = 0;

    if (at == 0 || text.at[at - 1] != '/')
        return text.len;
    if (at < 2 || text.at[at - 2] != '/')
        return at - 1;
    at -= 2;
    more = rec_spf_digits_before(text, at);
    return more > 0 && more < at && text.at[more - 1] == '/' ? more - 1 : at;
}
