/* Capacity doubles; what is outgrown stays in the arena until that closes. */
#include <string.h>

#include "base/sbuf.h"

#define SBUF_FIRST 64

struct sbuf sbuf_start(struct arena *arena)
{
    return (struct sbuf){.arena = arena};
}

/* sbuf_reserve - room for `more` octets and a NUL */
static void sbuf_reserve(struct sbuf *buf, size_t more)
{
    size_t size = buf->size == 0 ? SBUF_FIRST : buf->size;
    char *bytes = NULL;

    if (buf->size > buf->len + more)
        return;
    while (size <= buf->len + more)
        size *= 2;
    if (!arena_extend(buf->arena, buf->bytes, buf->size, size)) {
        bytes = arena_alloc(buf->arena, size);
        if (buf->len > 0)
            memcpy(bytes, buf->bytes, buf->len);
        buf->bytes = bytes;
    }
    buf->size = size;
}

void sbuf_add_octet(struct sbuf *buf, char octet)
{
    sbuf_reserve(buf, 1);
    buf->bytes[buf->len++] = octet;
}

void sbuf_add_grouped(struct sbuf *buf, const char *digits)
{
    for (size_t left = strlen(digits); left > 0; left--) {
        sbuf_add_octet(buf, *digits++);
        if (left > 1 && left % 3 == 1)
            sbuf_add_octet(buf, ',');
    }
}

void sbuf_add(struct sbuf *buf, const char *text)
{
    sbuf_add_span(buf, span_of(text));
}

void sbuf_add_span(struct sbuf *buf, struct span bytes)
{
    if (bytes.len == 0)
        return;
    sbuf_reserve(buf, bytes.len);
    memcpy(buf->bytes + buf->len, bytes.at, bytes.len);
    buf->len += bytes.len;
}

void sbuf_add_item(struct sbuf *list, const char *between, const char *item)
{
    if (list->len > 0)
        sbuf_add(list, between);
    sbuf_add(list, item);
}

void sbuf_addf(struct sbuf *buf, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    sbuf_add(buf, arena_vprintf(buf->arena, format, args));
    va_end(args);
}

const char *sbuf_text(struct sbuf *buf)
{
    sbuf_reserve(buf, 0);
    buf->bytes[buf->len] = '\0';
    return buf->bytes;
}

struct span sbuf_span(const struct sbuf *buf)
{
    return span_make(buf->bytes, buf->len);
}
