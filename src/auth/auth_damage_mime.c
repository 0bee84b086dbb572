/* Where in the parts of a message a line is. */
#include "auth/auth_damage_line.h"

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
    static const char key[] = "boundary=";
    size_t len = sizeof(key) - 1;
    size_t at = 0;
    char *name = mime->names[mime->boundary_count % DAMAGE_BOUNDARIES];
    struct span rest = {NULL, 0};

    while (at + len < text.len && !span_equal_nocase(span_sub(text, at, len), key))
        at++;
    if (at + len >= text.len || mime->boundary_count == DAMAGE_BOUNDARIES)
        return;
    rest = span_from(text, at + len);
    if (rest.at[0] == '"') {
        rest = span_from(rest, 1);
        rest = span_cut(&rest, '"');
    } else {
        size_t end = 0;

        while (end < rest.len && !ascii_is_space(rest.at[end]) && rest.at[end] != ';')
            end++;
        rest.len = end;
    }
    if (rest.len == 0 || rest.len > sizeof(mime->names[0]))
        return;
    memcpy(name, rest.at, rest.len);
    mime->boundaries[mime->boundary_count++] = span_make(name, rest.len);
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

/* mime_boundary_rest - what follows the boundary in the line; NULL: it is not one */
static const char *mime_boundary_rest(const struct damage_mime *mime, struct span line,
                                      size_t *len_out)
{
    if (!span_starts_with(line, "--"))
        return NULL;
    for (size_t i = 0; i < mime->boundary_count; i++) {
        struct span name = mime->boundaries[i];

        if (span_equal(span_sub(line, 2, name.len), name)) {
            *len_out = line.len - 2 - name.len;
            return line.at + 2 + name.len;
        }
    }
    return NULL;
}

bool damage_mime_is_boundary(const struct damage_mime *mime, struct span line)
{
    size_t len = 0;

    return mime_boundary_rest(mime, line, &len) != NULL;
}

void damage_mime_next(struct damage_mime *mime, struct span line)
{
    size_t len = 0;
    const char *rest = mime->boundary_count == 0 ? NULL : mime_boundary_rest(mime, line, &len);
    struct span value = {NULL, 0};

    if (rest != NULL) {
        mime->in_header = !span_starts_with(span_make(rest, len), "--");
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
