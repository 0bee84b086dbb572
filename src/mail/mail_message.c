/* The end of the header section is found as stored; then lines get CRLF and fields are cut. */
#include <string.h>

#include "base/fault.h"
#include "base/file.h"
#include "base/limits.h"
#include "mail/mail_octets.h"
#include "mail/mail_unwrap.h"

#define HEAD_FIRST 65536 /* octets of a large file that are looked at first */
#define BLANK_BODY 8     /* octets: a few line ends behind a pasted header are not a body */

/* the header section as it is stored */
struct section {
    size_t end;  /* of the last field */
    size_t body; /* where the body begins */
    bool is_unix;
    bool is_found; /* false: more octets are needed */
    bool has_empty_line;
    bool has_bad_line;
    bool is_cut; /* fields beyond LIMIT_HEADER_BYTES are left out */
};

struct line {
    struct span content;
    size_t next;
    bool is_ended;
    bool has_bare_lf;
};

/* what the parts of one parse share */
struct parsing {
    struct arena *arena;
    struct mail_message *message;
    struct span text; /* the header section with CRLF */
    bool has_nul;     /* somewhere in what is looked at */
    bool has_8bit;
    int line;
    unsigned noted; /* kinds that already have their fault: the first place is reported */
};

/* next_line - cut the line at `at`; a CRLF file is not cut at a bare LF */
static struct line next_line(struct span bytes, size_t at, bool is_unix)
{
    const char *end = bytes.at + bytes.len;
    const char *lf = bytes.at + at;
    struct span content = span_from(bytes, at);
    bool has_bare_lf = false;

    while ((lf = memchr(lf, '\n', (size_t)(end - lf))) != NULL) {
        bool has_cr = lf > content.at && lf[-1] == '\r';

        if (is_unix || has_cr) {
            size_t next = (size_t)(lf + 1 - bytes.at);

            content.len = (size_t)(lf - content.at) - (has_cr ? 1 : 0);
            return (struct line){content, next, true, has_bare_lf};
        }
        has_bare_lf = true;
        lf++;
    }
    return (struct line){content, bytes.len, false, has_bare_lf};
}

/* colon_of - where the name of a header field ends, -1 if the line begins none: receivers
 * agree that a name has no blank inside (RFC 5322, 4.5.8 allows blanks before the colon) */
static ptrdiff_t colon_of(struct span line)
{
    ptrdiff_t colon = span_find(line, ':');
    size_t len = colon < 0 ? 0 : (size_t)colon;

    while (len > 0 && ascii_is_blank(line.at[len - 1]))
        len--;
    for (size_t i = 0; i < len; i++)
        if (ascii_is_space(line.at[i]))
            return -1;
    return len == 0 ? -1 : colon;
}

/* begins_body - the line cannot be in a header section; nor can a folded one in front */
static bool begins_body(struct span line, bool is_first)
{
    if (line.len > 0 && ascii_is_blank(line.at[0]))
        return is_first;
    return colon_of(line) < 0;
}

/* find_section - where the header section ends. A line that is not a field begins the body, as
 * with Postfix and Sendmail */
static void find_section(struct span bytes, bool is_whole, struct section *section)
{
    size_t at = 0;

    section->is_found = false;
    while (at < bytes.len) {
        struct line line = next_line(bytes, at, section->is_unix);

        if (!line.is_ended && !is_whole)
            return;
        section->has_empty_line = line.content.len == 0;
        section->has_bad_line = line.content.len > 0 && begins_body(line.content, at == 0);
        section->is_found = section->has_empty_line || section->has_bad_line;
        section->end = at;
        section->body = section->has_empty_line ? line.next : at;
        if (section->is_found)
            return;
        at = line.next;
    }
    section->is_found = is_whole;
    section->end = section->body = at;
}

/* start_section - CRLF or LF, by the first line */
static void start_section(struct span bytes, struct section *section)
{
    ptrdiff_t lf = span_find(bytes, '\n');

    *section = (struct section){0};
    section->is_unix = lf >= 0 && !(lf > 0 && bytes.at != NULL && bytes.at[lf - 1] == '\r');
}

/* message_note - remember an oddity where it is met first; NULL if its kind is known already */
static struct fault *message_note(struct parsing *parsing, enum mail_fault kind, size_t at)
{
    if (parsing->noted & 1U << kind)
        return NULL;
    parsing->noted |= 1U << kind;
    return fault_add(parsing->arena, &parsing->message->faults,
                     (struct fault){.kind = (int)kind, .at = at});
}

/* note_line - the same with a sentence that names the line */
static void note_line(struct parsing *parsing, enum mail_fault kind, size_t at,
                      const char *sentence)
{
    struct fault *fault = message_note(parsing, kind, at);

    if (fault != NULL)
        fault->text = arena_printf(parsing->arena, "line %d: %s", parsing->line, sentence);
}

/* look_at_line - what is odd about one line: its length, stray octets */
static void look_at_line(struct parsing *parsing, const struct line *cut, size_t at)
{
    struct span line = cut->content;
    struct fault *fault = NULL;

    if (line.len > MAIL_LINE_MAX &&
        (fault = message_note(parsing, MAIL_FAULT_LONG_LINE, at)) != NULL)
        fault->text = arena_printf(parsing->arena, "line %d: %zu octets, %d are allowed",
                                   parsing->line, line.len, MAIL_LINE_MAX);
    if (cut->has_bare_lf)
        note_line(parsing, MAIL_FAULT_BARE_LF, at, "LF without CR in a file with CRLF");
    if (span_find(line, '\r') >= 0)
        note_line(parsing, MAIL_FAULT_BARE_CR, at, "CR without LF");
    if (parsing->has_nul && span_find(line, '\0') >= 0)
        note_line(parsing, MAIL_FAULT_NUL, at, "NUL octet");
}

/* look_at_name - octets 33 to 126 make a field name (RFC 5322, 2.2) */
static void look_at_name(struct parsing *parsing, struct span name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!ascii_is_visible(name.at[i]))
            note_line(parsing, MAIL_FAULT_FIELD_NAME, (size_t)(name.at - parsing->text.at),
                      "octets in a field name that may not be there");
}

/* look_for_non_ascii - 8-bit octets in the header section */
static void look_for_non_ascii(struct parsing *parsing, struct span line, size_t at)
{
    for (size_t i = 0; i < line.len; i++)
        if ((unsigned char)line.at[i] > 127) {
            note_line(parsing, MAIL_FAULT_NON_ASCII, at, "8-bit octets in the header section");
            return;
        }
}

/* cut_field - one field from `at`: its first line and those that begin with a blank; returns
 * where the next field begins */
static size_t cut_field(struct parsing *parsing, size_t at, struct mail_header *header)
{
    struct span text = parsing->text;
    size_t next = at;

    header->line = parsing->line;
    do {
        struct line line = next_line(text, next, false);

        look_at_line(parsing, &line, next);
        if (parsing->has_8bit)
            look_for_non_ascii(parsing, line.content, next);
        next = line.next;
        parsing->line++;
    } while (next < text.len && ascii_is_blank(text.at[next]));
    header->raw = span_sub(text, at, next - at);
    size_t colon = (size_t)span_find(header->raw, ':');

    header->value = span_sub(header->raw, colon + 1, header->raw.len - colon - 3);
    header->name = span_trim(span_sub(header->raw, 0, colon));
    return next;
}

/* cut_fields - all of the header section, up to LIMIT_HEADER_FIELDS */
static void cut_fields(struct parsing *parsing)
{
    struct mail_message *message = parsing->message;
    size_t at = 0;

    while (at < parsing->text.len) {
        struct mail_header header = {0};
        int line = parsing->line;

        at = cut_field(parsing, at, &header);
        if (message->header_count == LIMIT_HEADER_FIELDS) {
            note_line(parsing, MAIL_FAULT_TOO_MANY_FIELDS, at, "more header fields follow");
            continue;
        }
        int next_line_number = parsing->line;

        parsing->line = line;
        look_at_name(parsing, header.name);
        parsing->line = next_line_number;
        arena_append(parsing->arena, message->headers, message->header_count, header);
    }
}

/* section_text - the header section with CRLF, its last line ended */
static struct span section_text(struct arena *arena, struct span bytes,
                                const struct section *section)
{
    struct span stored = span_sub(bytes, 0, section->end);
    bool is_ended = stored.len == 0 || (stored.len >= 2 && stored.at[stored.len - 1] == '\n' &&
                                        stored.at[stored.len - 2] == '\r');
    bool after_cr = false;
    char *text = NULL;
    size_t len = 0;

    if (is_ended && !section->is_unix)
        return stored;
    text = arena_alloc(arena, 2 * stored.len + 2);
    if (section->is_unix) {
        len = mail_body_add_cr(text, stored, &after_cr);
    } else {
        memcpy(text, stored.at, stored.len);
        len = stored.len;
    }
    if (len < 2 || text[len - 1] != '\n' || text[len - 2] != '\r') {
        text[len++] = '\r';
        text[len++] = '\n';
    }
    return span_make(text, len);
}

/* look_at_body - a first look, and whether there is any */
static void look_at_body(struct parsing *parsing)
{
    struct mail_message *message = parsing->message;
    struct span chunk = {NULL, 0};
    size_t at = 0;
    bool is_plain = false;

    mail_body_rewind(message);
    message->has_body = mail_body_next(message, &chunk);
    message->is_header_only =
        !message->has_body || (chunk.len <= BLANK_BODY && span_trim(chunk).len == 0);
    chunk = span_sub(chunk, 0, LIMIT_BODY_LOOK_BYTES);
    is_plain = !mail_octets_are_odd(chunk) && !mail_octets_have_long_line(chunk);
    parsing->has_nul = !is_plain && span_find(chunk, '\0') >= 0;
    while (at < chunk.len && !is_plain) {
        struct line line = next_line(chunk, at, false);

        look_at_line(parsing, &line, message->body->start + at);
        parsing->line++;
        at = line.next;
    }
    mail_body_rewind(message);
}

/* note_wrappings - what the message was dressed in */
static void note_wrappings(struct parsing *parsing, const struct mail_unwrapped *unwrapped)
{
    struct mail_message *message = parsing->message;

    message->wrappings = unwrapped->notes;
    message->wrapping_count = unwrapped->note_count;
    message->report = unwrapped->report;
    if (unwrapped->is_mbox)
        message_note(parsing, MAIL_FAULT_MBOX_LINE, 0)->text =
            arena_printf(parsing->arena, "line %d: an mbox \"From \" line",
                         unwrapped->line > 1 ? unwrapped->line - 1 : 1);
}

/* parse_section - fields, oddities and the place of the body */
static void parse_section(struct mail_message *message, struct span bytes,
                          const struct section *section, const struct mail_unwrapped *unwrapped)
{
    struct parsing parsing = {
        .arena = message->body->arena,
        .message = message,
        .text = section_text(message->body->arena, bytes, section),
        .line = unwrapped->line,
    };

    parsing.has_nul = span_find(parsing.text, '\0') >= 0;
    parsing.has_8bit = mail_octets_are_8bit(parsing.text);
    message->size = (size_t)message->body->size;
    message->body->start = section->body;
    message->body->is_unix = section->is_unix;
    note_wrappings(&parsing, unwrapped);
    cut_fields(&parsing);
    if (section->is_cut)
        note_line(&parsing, MAIL_FAULT_TOO_MANY_FIELDS, section->end,
                  "more octets of header fields follow than any receiver takes");
    if (section->has_bad_line)
        note_line(&parsing, MAIL_FAULT_NO_COLON, section->end,
                  "not a header field; the body begins here");
    else if (!section->has_empty_line)
        note_line(&parsing, MAIL_FAULT_NO_BODY, section->end,
                  "the message ends without an empty line after the header section");
    if (section->has_empty_line)
        parsing.line++;
    message->body_line = parsing.line;
    look_at_body(&parsing);
    message->is_header_only |= unwrapped->is_header_only;
}

/* message_refusal - why the header section cannot be one; NULL if it may be */
static const char *message_refusal(struct span head, const struct section *section)
{
    if (head.len == 0 || head.at == NULL)
        return "is empty, not a message";
    if (!section->is_found)
        return NULL;
    return section->end > 0
               ? NULL
               : "not a message: it does not begin with a header field (\"Name: value\")";
}

/* load_section - read until the header section ends; false and `why` if it cannot be had */
static bool load_section(struct mail_body *body, struct section *section, struct span *head_out,
                         const char **refusal_out)
{
    size_t want = HEAD_FIRST;
    struct span head = {NULL, 0};

    do {
        head = mail_body_head(body, want);
        if (head.at == NULL && body->trouble != NULL) {
            *refusal_out = body->trouble;
            return false;
        }
        start_section(head, section);
        section->is_unix = section->is_unix && !body->is_wire;
        find_section(head, head.len >= body->size, section);
        if ((*refusal_out = message_refusal(head, section)) != NULL)
            return false;
        want *= 2;
    } while (!section->is_found && head.len <= LIMIT_HEADER_BYTES && head.len < body->size);
    *head_out = head;
    if (section->is_found && section->end <= LIMIT_HEADER_BYTES)
        return true;
    *refusal_out =
        arena_printf(body->arena, "has a header section over %d octets", LIMIT_HEADER_BYTES);
    return false;
}

/* open_body - the message that is chosen, out of what was opened; NULL and `why` */
static struct mail_message *open_body(struct mail_body *body, const char *path,
                                      const struct mail_choice *choice, struct err *why)
{
    struct mail_message *message = arena_new_of(body->arena, struct mail_message);
    const char *sentence = NULL;
    const struct mail_unwrapped *unwrapped = NULL;
    struct section section = {0};
    struct span head = {NULL, 0};
    struct err detail = {0};

    message->path = arena_strdup(body->arena, path);
    message->body = body;
    body->is_wire = choice->is_wire;
    sentence = choice->is_wire ? NULL : mail_unwrap_foreign(mail_body_head(body, HEAD_FIRST));
    if (sentence == NULL) {
        unwrapped = mail_unwrap(body, choice, &detail);
        sentence = unwrapped == NULL ? detail.text : NULL;
    }
    if (sentence == NULL && load_section(body, &section, &head, &sentence)) {
        parse_section(message, head, &section, unwrapped);
        message->came = body->came;
        return message;
    }
    err_set(why, "%s: %s", file_shown_name(path), sentence);
    mail_body_close(body);
    return NULL;
}

struct mail_message *mail_message_choose(struct arena *arena, const char *path,
                                         const struct mail_choice *choice, struct err *why)
{
    int fd = file_open(path, why);
    struct mail_body *body = fd >= 0 ? mail_body_open(arena, fd, path, why) : NULL;

    return body != NULL ? open_body(body, path, choice, why) : NULL;
}

struct mail_message *mail_message_open_at(struct arena *arena, int fd, const char *path,
                                          struct err *why)
{
    const struct mail_choice first = {0};
    struct mail_body *body = mail_body_open(arena, fd, path, why);

    return body != NULL ? open_body(body, path, &first, why) : NULL;
}

/* cut_section - leave out the lines beyond LIMIT_HEADER_BYTES: a file with them is refused,
 * but memory must be read somehow */
static void cut_section(struct span bytes, struct section *section)
{
    size_t end = LIMIT_HEADER_BYTES;

    if (section->end <= end)
        return;
    while (end > 0 && bytes.at[end - 1] != '\n')
        end--;
    section->end = end;
    section->is_cut = true;
}

struct mail_message *mail_message_parse(struct arena *arena, struct span bytes)
{
    struct mail_message *message = arena_new_of(arena, struct mail_message);
    const struct mail_choice first = {0};
    const struct mail_unwrapped *unwrapped = NULL;
    struct section section = {0};

    message->body = mail_body_in_memory(arena, bytes);
    unwrapped = mail_unwrap(message->body, &first, NULL); /* the first is always there */
    bytes = message->body->memory;
    start_section(bytes, &section);
    find_section(bytes, true, &section);
    cut_section(bytes, &section);
    parse_section(message, bytes, &section, unwrapped);
    return message;
}

void mail_message_close(struct mail_message *message)
{
    if (message != NULL)
        mail_body_close(message->body);
}
