/* Where in the parts of a message a line is. */
#include <string.h>

#include "auth/auth_damage_line.h"
#include "base/mime.h"

struct span damage_mime_value(struct span line, const char *name)
{
    struct span rest = line;
    struct span found = span_cut(&rest, ':');

    return rest.at != NULL && span_equal_nocase(span_trim(found), name)
               ? rest
               : (struct span){NULL, 0};
}

/* mime_encoding_of - the word of a Content-Transfer-Encoding */
static enum damage_encoding mime_encoding_of(struct span value)
{
    static const struct {
        const char *word;
        enum damage_encoding encoding;
    } words[] = {{"8bit", DAMAGE_ENCODING_8BIT},
                 {"quoted-printable", DAMAGE_ENCODING_QP},
                 {"base64", DAMAGE_ENCODING_BASE64}};

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (span_equal_nocase(span_trim(value), words[i].word))
            return words[i].encoding;
    return DAMAGE_ENCODING_NONE;
}

/* mime_add_boundary - boundary= of a line or value */
static void mime_add_boundary(struct damage_mime *mime, struct span text)
{
    struct span boundary = mime_parameter(text, "boundary");
    char *name = NULL;

    if (boundary.len == 0 || boundary.len > sizeof(mime->names[0]) ||
        mime->boundary_count == DAMAGE_BOUNDARIES)
        return;
    name = mime->names[mime->boundary_count];
    memcpy(name, boundary.at, boundary.len);
    mime->boundaries[mime->boundary_count++] = span_make(name, boundary.len);
}

void damage_mime_start(struct damage_mime *mime, const struct mail_message *message)
{
    const struct mail_header *type = mail_header_find(message, "Content-Type", 0);
    const struct mail_header *encoding =
        mail_header_find(message, "Content-Transfer-Encoding", 0);

    *mime = (struct damage_mime){0};
    if (type != NULL && span_starts_with_nocase(span_trim(type->value), "multipart/"))
        mime_add_boundary(mime, type->value);
    mime->in_part = mime->boundary_count == 0;
    if (encoding != NULL && mime->in_part)
        mime->encoding = mime_encoding_of(encoding->value);
}

/* mime_boundary_at - the line is one of the boundaries */
static bool mime_boundary_at(const struct damage_mime *mime, struct span line,
                             bool *is_last_out)
{
    for (size_t i = 0; i < mime->boundary_count; i++)
        if (mime_is_boundary(line, mime->boundaries[i], is_last_out))
            return true;
    return false;
}

bool damage_mime_is_boundary(const struct damage_mime *mime, struct span line)
{
    bool is_last = false;

    return mime_boundary_at(mime, line, &is_last);
}

void damage_mime_next(struct damage_mime *mime, struct span line)
{
    bool is_last = false;
    struct span value = {NULL, 0};

    if (mime_boundary_at(mime, line, &is_last)) {
        mime->in_header = !is_last;
        mime->in_part = false;
        mime->encoding = DAMAGE_ENCODING_NONE;
        return;
    }
    if (!mime->in_header)
        return;
    if (line.len == 0) {
        mime->in_header = false;
        mime->in_part = true;
        return;
    }
    mime_add_boundary(mime, line);
    value = damage_mime_value(line, "Content-Transfer-Encoding");
    if (value.at != NULL)
        mime->encoding = mime_encoding_of(value);
}
