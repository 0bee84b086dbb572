/*
 * Both body canonicalizations are one machine that holds back what may still
 * vanish: CR, CRLFs, and blanks if relaxed. Long runs in which nothing changes
 * are found first and passed on in one piece.
 */
#include "auth/auth_dkim_canon.h"

#define BLOCK 32 /* octets that are searched at once; the compiler makes vectors of it */

static const char line_end[] = "\r\n";

/* dkim_canon_release - what was held back proves to be inside the body */
static void dkim_canon_release(struct auth_dkim_body *body)
{
    for (; body->line_ends > 0; body->line_ends--)
        auth_dkim_sink_add(body->sink, line_end, 2);
    if (body->has_blank)
        auth_dkim_sink_add(body->sink, " ", 1);
    body->has_blank = false;
    body->has_output = true;
}

/* add_octet - the machine, one octet at a time */
static void add_octet(struct auth_dkim_body *body, char octet)
{
    if (body->has_cr) {
        body->has_cr = false;
        if (octet == '\n') {
            body->has_blank = false; /* blanks at the end of a line vanish */
            body->line_ends++;
            return;
        }
        dkim_canon_release(body);
        auth_dkim_sink_add(body->sink, line_end, 1);
    }
    if (octet == '\r') {
        body->has_cr = true;
    } else if (body->canon == REC_DKIM_RELAXED && ascii_is_blank(octet)) {
        body->has_blank = true;
    } else {
        dkim_canon_release(body);
        auth_dkim_sink_add(body->sink, &octet, 1);
    }
}

/* needs_care - relaxed: a blank that changes, or one whose fate the next chunk decides */
static bool needs_care(const char *at, const char *end)
{
    if (*at == '\t')
        return true;
    if (*at != ' ')
        return false;
    return at + 1 == end || at[1] == ' ' || at[1] == '\t' || at[1] == '\r';
}

/* unchanged_end - how far relaxed canonicalization leaves the octets as they are */
static const char *unchanged_end(const char *at, const char *end)
{
    while (end - at > BLOCK) {
        unsigned char hit = 0;

        for (int i = 0; i < BLOCK; i++) {
            unsigned char is_blank =
                (at[i] == ' ') &
                ((at[i + 1] == ' ') | (at[i + 1] == '\t') | (at[i + 1] == '\r'));

            hit |= (unsigned char)((at[i] == '\t') | is_blank);
        }
        if (hit)
            break;
        at += BLOCK;
    }
    while (at < end && !needs_care(at, end))
        at++;
    return at;
}

/* add_run - pass on octets in one piece, but for the CR and CRLFs at their end */
static void add_run(struct auth_dkim_body *body, const char *at, const char *end)
{
    if (end > at && end[-1] == '\r') {
        body->has_cr = true;
        end--;
    }
    while (end - at >= 2 && end[-1] == '\n' && end[-2] == '\r') {
        body->line_ends++;
        end -= 2;
    }
    auth_dkim_sink_add(body->sink, at, (size_t)(end - at));
}

/* begins_run - nothing is undecided and the octet is not special */
static bool begins_run(const struct auth_dkim_body *body, char octet)
{
    return !body->has_cr && octet != '\r' &&
           (body->canon == REC_DKIM_SIMPLE || !ascii_is_blank(octet));
}

void auth_dkim_body_add(struct auth_dkim_body *body, struct span chunk)
{
    const char *at = chunk.at;
    const char *end = chunk.len == 0 ? at : at + chunk.len;

    while (at < end) {
        if (!begins_run(body, *at)) {
            add_octet(body, *at++);
            continue;
        }
        const char *run_end = body->canon == REC_DKIM_SIMPLE ? end : unchanged_end(at, end);

        dkim_canon_release(body);
        add_run(body, at, run_end);
        at = run_end;
    }
}

void auth_dkim_body_end(struct auth_dkim_body *body)
{
    if (body->has_cr) { /* a bare CR is the last octet */
        dkim_canon_release(body);
        auth_dkim_sink_add(body->sink, line_end, 1);
    }
    /* an empty body is CRLF if simple (RFC 6376, 3.4.3) and nothing if relaxed (3.4.4) */
    if (body->canon == REC_DKIM_SIMPLE || body->has_output)
        auth_dkim_sink_add(body->sink, line_end, 2);
    body->line_ends = 0;
    body->has_cr = body->has_blank = body->has_output = false;
}

/* a relaxed field on its way: blanks are held back until something follows */
struct relaxing {
    struct auth_dkim_sink *sink;
    bool has_blank;
    bool has_output;
};

/* is_fold - CRLF, which in a field is always folding */
static bool is_fold(struct span text, size_t i)
{
    return text.at[i] == '\r' && i + 1 < text.len && text.at[i + 1] == '\n';
}

/* dkim_canon_relax - unfold, make blanks one SP, drop them at both ends (RFC 6376, 3.4.2) */
static void dkim_canon_relax(struct relaxing *relaxing, struct span text)
{
    size_t i = 0;

    while (i < text.len) {
        size_t from = i;

        if (is_fold(text, i)) {
            i += 2;
            continue;
        }
        if (ascii_is_blank(text.at[i])) {
            relaxing->has_blank = true;
            i++;
            continue;
        }
        while (i < text.len && !ascii_is_blank(text.at[i]) && !is_fold(text, i))
            i++;
        if (relaxing->has_blank && relaxing->has_output)
            auth_dkim_sink_add(relaxing->sink, " ", 1);
        relaxing->has_blank = false;
        relaxing->has_output = true;
        auth_dkim_sink_add(relaxing->sink, text.at + from, i - from);
    }
}

/* dkim_canon_add_name - in lower case, with its colon */
static void dkim_canon_add_name(struct auth_dkim_sink *sink, struct span name)
{
    for (size_t i = 0; i < name.len; i++) {
        char letter = ascii_to_lower(name.at[i]);

        auth_dkim_sink_add(sink, &letter, 1);
    }
    auth_dkim_sink_add(sink, ":", 1);
}

void auth_dkim_header_add(struct auth_dkim_sink *sink, enum rec_dkim_canon canon,
                          const struct mail_header *header)
{
    struct relaxing relaxing = {.sink = sink};

    if (canon == REC_DKIM_SIMPLE) {
        auth_dkim_sink_add(sink, header->raw.at, header->raw.len);
        return;
    }
    dkim_canon_add_name(sink, header->name);
    dkim_canon_relax(&relaxing, header->value);
    auth_dkim_sink_add(sink, line_end, 2);
}

void auth_dkim_own_header_add(struct auth_dkim_sink *sink, enum rec_dkim_canon canon,
                              const struct mail_header *header, struct span removed)
{
    struct relaxing relaxing = {.sink = sink};
    size_t cut = (size_t)(removed.at - header->value.at);
    struct span before = span_sub(header->value, 0, cut);
    struct span after = span_from(header->value, cut + removed.len);

    if (canon == REC_DKIM_SIMPLE) {
        auth_dkim_sink_add(sink, header->raw.at, (size_t)(removed.at - header->raw.at));
        auth_dkim_sink_add(sink, after.at, after.len);
        return;
    }
    dkim_canon_add_name(sink, header->name);
    dkim_canon_relax(&relaxing, before);
    dkim_canon_relax(&relaxing, after);
}
