/*
 * What kind of input it is shows by its first octets, which are kept in the buffer of the line
 * reader: so a pipe is read once, like a file.
 */
#include "explain/explain_input.h"

#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/limits_bounce.h"
#include "base/line_reader.h"
#include "base/sbuf.h"
#include "feedback/feedback.h"
#include "feedback/feedback_gunzip.h"
#include "bounce/bounce.h"

/* ---- words ---- */

const char *explain_input_form(const struct bounce *bounce, struct span bytes)
{
    if (bounce->kind == BOUNCE_TLS)
        return "a TLS report (RFC 8460)";
    if (bounce->kind == BOUNCE_AGGREGATE)
        return span_starts_with(bytes, "\x1f\x8b") || span_starts_with(bytes, "PK")
                   ? "a compressed file, possibly with reports from receivers"
                   : "a DMARC aggregate report (RFC 9990)";
    if (bounce->count == 0)
        return NULL;
    /* a word is not a reply because it resembles a mark */
    if (bounce->kind == BOUNCE_REPLY && bounce->recipients[0].class->input.code < 100)
        return NULL;
    return bounce->form;
}

/* ---- one after the other ---- */

/* what one message or line needs */
struct explain_stream {
    struct explain_input *explain;
    struct arena *scratch; /* of one, once there are too many to be listed */
    bool is_folder;
    bool has_reports;               /* a file of the folder may be one of a receiver */
    struct feedback_gunzip *packed; /* the file that is read; NULL: it is not packed */
};

/* stream_add - one message or line; the bytes are copied where they have to last */
static void stream_add(struct explain_stream *stream, struct span bytes)
{
    struct explain_input *explain = stream->explain;
    struct arena *arena = explain->arena;

    explain->octets += bytes.len;
    if (!explain->is_table && explain->octets > LIMIT_BOUNCE_BYTES) {
        explain->is_table = true;
        explain->entry_count = 0;
    }
    if (explain->is_table) {
        arena_reset(stream->scratch);
        explain_input_add(explain, bounce_read(stream->scratch, bytes));
        return;
    }
    explain_input_add(explain, bounce_read(arena, arena_span(arena, bytes)));
}

/* stream_log - each line by itself */
static bool stream_log(struct explain_stream *stream, struct line_reader *lines,
                       struct err *why)
{
    struct span line = {0};

    while (line_reader_next(lines, &line, why))
        if (!lines->was_too_long && line.len > 0)
            stream_add(stream, line);
    return why->text[0] == '\0';
}

/* stream_message - one that was collected from a mailbox; `count` grows */
static void stream_message(struct explain_stream *stream, const struct sbuf *message,
                           size_t *count)
{
    if (message->len == 0)
        return;
    stream_add(stream, sbuf_span(message));
    (*count)++;
}

/* stream_mbox - each message by itself; what is too long of one is left out */
static bool stream_mbox(struct explain_stream *stream, struct line_reader *lines, size_t *count,
                        struct err *why)
{
    struct arena *holder = arena_open();
    struct sbuf message = sbuf_start(holder);
    struct span line = {0};
    bool was_empty = true;

    while (line_reader_next(lines, &line, why)) {
        if (was_empty && span_starts_with(line, "From ")) {
            stream_message(stream, &message, count);
            arena_reset(holder);
            message = sbuf_start(holder);
        }
        was_empty = span_trim(line).len == 0;
        if (message.len + line.len < LIMIT_BOUNCE_BYTES && !lines->was_too_long) {
            sbuf_add_span(&message, line);
            sbuf_add_octet(&message, '\n');
        }
    }
    stream_message(stream, &message, count);
    arena_close(holder);
    return why->text[0] == '\0';
}

/* ---- files ---- */

/* fill_head - the first octets, in the buffer of the reader */
static bool fill_head(struct line_reader *lines, struct err *why)
{
    while (!lines->is_at_end && lines->end < LIMIT_BOUNCE_HEAD) {
        ptrdiff_t got = line_reader_octets(lines, lines->bytes + lines->end,
                                           LIMIT_BOUNCE_HEAD - lines->end, why);

        if (got < 0)
            return false;
        lines->is_at_end = got == 0;
        lines->end += (size_t)got;
    }
    return true;
}

/* rest_of - all of a file behind its head, up to the bound and one octet more, so that a reader
 * sees that there is more */
static struct span rest_of(struct arena *arena, struct line_reader *lines, struct err *why)
{
    struct sbuf bytes = sbuf_start(arena);
    char piece[4096];
    ptrdiff_t got = 0;

    sbuf_add_span(&bytes, span_make(lines->bytes, lines->end));
    while (!lines->is_at_end && bytes.len <= LIMIT_BOUNCE_BYTES &&
           (got = line_reader_octets(lines, piece, sizeof(piece), why)) > 0)
        sbuf_add_span(&bytes, span_make(piece, (size_t)got));
    return sbuf_span(&bytes);
}

/* is_mbox - it begins as one */
static bool is_mbox(struct span head)
{
    return span_starts_with(head, "From ") && span_find(head, '\n') > 0;
}

/* explain_left_text - one sentence about something in a file that is not explained here */
static const char *explain_left_text(struct arena *arena, const struct bounce *bounce,
                                     struct span bytes)
{
    const char *form = bounce->kind == BOUNCE_MESSAGE ? "an ordinary message"
                                                      : explain_input_form(bounce, bytes);

    return arena_printf(
        arena, "the file also contains %s, which was not read: save it in a separate file",
        form != NULL ? form : "something that is neither a bounce nor a report");
}

/* explain_left - say it, and not twice */
static void explain_left(struct explain_input *explain, const struct bounce *bounce,
                         struct span bytes)
{
    struct arena *arena = explain->arena;
    const char *text = explain_left_text(arena, bounce, bytes);

    for (size_t i = 0; i < explain->out.fault_count; i++)
        if (strcmp(explain->out.faults[i], text) == 0)
            return;
    arena_append(arena, explain->out.faults, explain->out.fault_count, text);
}

/* explain_is_report - it has recipients that were refused, or complaints */
static bool explain_is_report(const struct bounce *bounce)
{
    return bounce->kind == BOUNCE_REPORT || bounce->kind == BOUNCE_FEEDBACK;
}

/* explain_joined - what is behind the first thing of a file; how many reports */
static size_t explain_joined(struct explain_input *explain, struct span rest)
{
    struct arena *arena = explain->arena;
    size_t count = 0;

    for (size_t i = 0; i < LIMIT_BOUNCE_PARTS && span_trim(rest).len > 0; i++) {
        struct span next = bounce_cut_report(arena, &rest);
        const struct bounce *bounce = bounce_read(arena, next);

        if (explain_is_report(bounce)) {
            explain_input_add(explain, bounce);
            count++;
        } else {
            explain_left(explain, bounce, next);
        }
    }
    if (span_trim(rest).len > 0)
        arena_append(arena, explain->out.faults, explain->out.fault_count,
                     arena_printf(arena,
                                  "the file contains more than %d messages: save it as an mbox",
                                  LIMIT_BOUNCE_PARTS));
    return count;
}

/* explain_is_of - the input is what the bounce is */
static void explain_is_of(struct explain_input *explain, const struct bounce *bounce)
{
    explain->out.kind = bounce->kind;
    explain->out.form = bounce->form;
    explain->out.feedback = bounce->feedback;
}

/* explain_whole - a file that is one thing, or several that somebody joined */
static void explain_whole(struct explain_input *explain, const char *path, struct span bytes)
{
    struct arena *arena = explain->arena;
    struct span rest = bytes;
    struct span first = bounce_cut_report(arena, &rest);
    const struct bounce *bounce = bounce_read(arena, first);
    size_t joined = 0;

    explain_is_of(explain, bounce);
    explain->bytes = bytes;
    explain_input_add(explain, bounce);
    if (rest.len > 0 && bytes.len > LIMIT_BOUNCE_BYTES)
        arena_append(
            arena, explain->out.faults, explain->out.fault_count,
            arena_printf(arena, "only the first %d octets were read", LIMIT_BOUNCE_BYTES));
    joined = explain_joined(explain, span_sub(rest, 0, LIMIT_BOUNCE_BYTES));
    if (joined == 0 && bounce->kind == BOUNCE_MESSAGE)
        explain->message = path;
    if (joined == 0)
        return;
    explain->out.kind = BOUNCE_MAILBOX;
    explain->out.form = "several reports in one file";
    explain->bytes = span_of("");
    if (!explain_is_report(bounce))
        explain_left(explain, bounce, first);
}

/* explain_mbox - messages of a mailbox; with only one it is that */
static bool explain_mbox(struct explain_stream *stream, struct line_reader *lines,
                         struct err *why)
{
    struct explain_input *explain = stream->explain;
    size_t count = 0;

    if (!stream_mbox(stream, lines, &count, why))
        return false;
    explain->out.kind = BOUNCE_MAILBOX;
    explain->out.form = "a mailbox";
    if (count == 1 && explain->entry_count > 0) {
        explain_is_of(explain, explain->entries[0].bounce);
    } else if (count == 1 && explain->out.total == 0) {
        explain->out.kind = BOUNCE_MESSAGE;
        explain->message = lines->path;
    }
    return true;
}

/* holds_packed_report - gzip data with a report of a receiver: that is read as it is */
static bool holds_packed_report(struct arena *scratch, struct span head)
{
    struct feedback_gunzip *gunzip = feedback_gunzip_open(scratch, head, -1);
    char *bytes = arena_alloc(scratch, LIMIT_BOUNCE_HEAD);
    ptrdiff_t got =
        gunzip != NULL ? feedback_gunzip_read(gunzip, bytes, LIMIT_BOUNCE_HEAD) : -1;
    bool is_report = got > 0 && feedback_is_likely(span_make(bytes, (size_t)got));

    feedback_gunzip_close(gunzip);
    return is_report;
}

/* read_unpacked - in place of what is in the file */
static ptrdiff_t read_unpacked(void *ctx, char *to, size_t room)
{
    return feedback_gunzip_read(ctx, to, room);
}

/* explain_unpack - a log or a message that was packed; false: trouble */
static bool explain_unpack(struct explain_stream *stream, struct line_reader *lines,
                           struct err *why)
{
    struct span head = span_make(lines->bytes, lines->end);

    if (!feedback_is_gzip(head) || holds_packed_report(stream->scratch, head))
        return true;
    stream->packed = feedback_gunzip_open(stream->explain->arena, head, lines->fd);
    if (stream->packed == NULL) {
        err_set(why, "%s: could not be unpacked: out of memory", lines->path);
        return false;
    }
    line_reader_through(lines, (struct line_filter){read_unpacked, stream->packed,
                                                    "the gzip data is damaged or cut off"});
    return fill_head(lines, why);
}

/* explain_opened - a file, by what it begins with */
static bool explain_opened(struct explain_stream *stream, struct line_reader *lines,
                           struct err *why)
{
    struct explain_input *explain = stream->explain;
    struct arena *arena = explain->arena;
    struct span head = {0};

    if (!fill_head(lines, why) || !explain_unpack(stream, lines, why))
        return false;
    head = span_make(lines->bytes, lines->end);
    if (span_trim(head).len == 0) {
        err_set(why, "%s: empty file", lines->path);
        return false;
    }
    if (is_mbox(head))
        return explain_mbox(stream, lines, why);
    if (bounce_kind_of(stream->scratch, head) == BOUNCE_LOG) {
        explain->out.kind = BOUNCE_LOG;
        explain->out.form = "lines of a mail log";
        return stream_log(stream, lines, why);
    }
    if (!stream->is_folder) {
        explain_whole(explain, lines->path, rest_of(arena, lines, why));
        return why->text[0] == '\0';
    }
    stream->has_reports |=
        feedback_is_likely(head) || bounce_kind_of(stream->scratch, head) == BOUNCE_MESSAGE;
    arena = arena_open();
    stream_add(stream, rest_of(arena, lines, why));
    arena_close(arena);
    return true;
}

/* explain_file - a file, or standard input */
static bool explain_file(struct explain_stream *stream, const char *path, struct err *why)
{
    struct arena *holder = arena_open();
    struct line_reader lines = {.path = NULL};
    bool is_read = false;

    if (line_reader_open(&lines, holder, path, why)) {
        is_read = explain_opened(stream, &lines, why);
        line_reader_close(&lines);
    }
    feedback_gunzip_close(stream->packed);
    stream->packed = NULL;
    arena_close(holder);
    return is_read;
}

/* ---- folders ---- */

/* explain_folder - each file of it and of the folders inside, as a Maildir has them; "tmp" is
 * being delivered */
static void explain_folder(struct explain_stream *stream, const char *path, unsigned depth)
{
    struct arena *holder = arena_open();
    struct file_name_list list = {NULL, 0};
    struct err unread = {0};

    file_names(holder, path, &list, &unread);
    for (size_t i = 0; i < list.count; i++) {
        const char *inside = file_in_folder(holder, path, list.names[i]);
        struct stat status = {0};

        unread = (struct err){0};
        if (strcmp(list.names[i], "tmp") == 0 || stat(inside, &status) != 0)
            continue;
        if (S_ISREG(status.st_mode))
            explain_file(stream, inside, &unread);
        else if (S_ISDIR(status.st_mode) && depth < LIMIT_EXPLAIN_FOLDERS)
            explain_folder(stream, inside, depth + 1);
    }
    arena_close(holder);
}

/* explain_folders - a folder that the user named */
static bool explain_folders(struct explain_stream *stream, const char *path, struct err *why)
{
    struct explain *out = &stream->explain->out;

    stream->is_folder = true;
    explain_folder(stream, path, 0);
    out->kind = BOUNCE_MAILBOX;
    out->form = "a folder";
    out->feedback = NULL;
    stream->explain->message = NULL;
    if (out->total > 0)
        return true;
    if (stream->has_reports) { /* of receivers, and nothing else */
        out->kind = BOUNCE_AGGREGATE;
        return true;
    }
    err_set(why, "%s: no bounce, reply or log in this folder", path);
    return false;
}

/* ---- arguments ---- */

/* explain_words - the words as one text */
static struct span explain_words(struct arena *arena, const char *const *words, size_t count)
{
    struct sbuf text = sbuf_start(arena);

    for (size_t i = 0; i < count; i++)
        sbuf_addf(&text, "%s%s", i > 0 ? " " : "", words[i]);
    return span_sub(sbuf_span(&text), 0, LIMIT_REPLY_BYTES);
}

/* looks_like_path - nobody writes a reply so */
static bool looks_like_path(struct span text)
{
    return span_find(text, ' ') < 0 &&
           (span_find(text, '/') >= 0 ||
            (span_find(text, '.') > 0 && !ascii_is_digit(text.at[0])));
}

/* explain_pasted - a reply, a line of a log, the text of a bounce */
static bool explain_pasted(struct explain_input *explain, struct span text, struct err *why)
{
    const char *shown = escape_to_text(explain->arena, text, LIMIT_SHOWN_BYTES);

    if (looks_like_path(text)) {
        err_set(why, "%s: no such file", shown);
        return false;
    }
    explain_whole(explain, "-", text);
    if (explain->out.total > 0 || explain->entry_count > 0)
        return true;
    err_set_kind(why, ERR_USAGE, "\"%s\" is neither a file nor a known reply of a mail server",
                 shown);
    return false;
}

bool explain_input_read(struct explain_input *input, const char *const *words, size_t count,
                        struct err *why)
{
    const char *first = words[0];
    struct explain_stream stream = {.explain = input};
    struct stat status = {0};
    bool is_read = false;

    input->path = first;
    if (count > 1 || (strcmp(first, "-") != 0 && stat(first, &status) != 0))
        return explain_pasted(input, explain_words(input->arena, words, count), why);
    stream.scratch = arena_open();
    is_read = strcmp(first, "-") != 0 && S_ISDIR(status.st_mode)
                  ? explain_folders(&stream, first, why)
                  : explain_file(&stream, first, why);
    arena_close(stream.scratch);
    return is_read;
}

const char *explain_input_rest(struct arena *arena, const char *path)
{
    struct span rest = {0};
    struct span next = {0};
    struct err unread = {0};
    const struct bounce *bounce = NULL;

    if (strcmp(path, "-") == 0 || !file_load(arena, path, LIMIT_BOUNCE_BYTES, &rest, &unread))
        return NULL;
    bounce_cut_report(arena, &rest);
    next = bounce_cut_report(arena, &rest);
    bounce = bounce_read(arena, next);
    return explain_is_report(bounce) ? explain_left_text(arena, bounce, next) : NULL;
}
