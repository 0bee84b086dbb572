/*
 * A kind has a function that prepares the message to be damaged, before it is signed, and one
 * that damages it. Texts are strings: no message here holds a NUL.
 */
#include "base/sbuf.h"
#include "damager.h"
#include "unit.h"

#define COLUMN  998 /* RFC 5322, 2.1.1 */
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

static const char *const words[] = {
    "order",  "shipped", "today", "invoice", "please", "find", "attached", "the",
    "report", "of",      "week",  "meeting", "at",     "noon", "with",     "regards"};
static const char *const accents[] = {"caf\xC3\xA9", "f\xC3\xBCr", "se\xC3\xB1or",
                                      "\xC3\xA0 bient\xC3\xB4t",
                                      ("Gr\xC3\xBC\xC3\x9F"
                                       "e")};

size_t damager_random(struct damager *d, size_t below)
{
    d->seed = d->seed * 6364136223846793005U + 1442695040888963407U;
    return (size_t)(d->seed >> 33) % below;
}

/* cut_and_put - `len` octets at `at` become `with` */
static const char *cut_and_put(struct damager *d, const char *text, const char *at, size_t len,
                               const char *with)
{
    return arena_printf(d->arena, "%.*s%s%s", (int)(at - text), text, with, at + len);
}

/* change - the first `what` becomes `with`; false if there is none */
static bool change(struct damager *d, const char **text, const char *what, const char *with)
{
    const char *at = strstr(*text, what);

    if (at == NULL)
        return false;
    *text = cut_and_put(d, *text, at, strlen(what), with);
    return true;
}

/* change_all - every `what` */
static bool change_all(struct damager *d, const char **text, const char *what, const char *with)
{
    struct sbuf out = sbuf_start(d->arena);
    const char *from = *text;
    const char *at = NULL;
    bool is_any = false;

    while ((at = strstr(from, what)) != NULL) {
        sbuf_add_span(&out, span_make(from, (size_t)(at - from)));
        sbuf_add(&out, with);
        from = at + strlen(what);
        is_any = true;
    }
    sbuf_add(&out, from);
    *text = sbuf_text(&out);
    return is_any;
}

/* ---- messages ---- */

/* add_words - some words with blanks between them */
static void add_words(struct damager *d, struct sbuf *out, size_t count, bool is_8bit)
{
    for (size_t i = 0; i < count; i++) {
        bool has_accent = is_8bit && damager_random(d, 4) == 0;

        sbuf_addf(out, "%s%s", i > 0 ? " " : "",
                  has_accent ? accents[damager_random(d, COUNT_OF(accents))]
                             : words[damager_random(d, COUNT_OF(words))]);
    }
}

/* add_text - paragraphs */
static void add_text(struct damager *d, struct sbuf *out, bool is_8bit)
{
    size_t lines = 4 + damager_random(d, 20);

    for (size_t i = 0; i < lines; i++) {
        if (i > 0 && damager_random(d, 5) == 0)
            sbuf_add(out, "\r\n");
        add_words(d, out, 2 + damager_random(d, 9), is_8bit);
        sbuf_add(out, "\r\n");
    }
    if (is_8bit)
        sbuf_add(out, "caf\xC3\xA9\r\n");
}

/* base64_of - in lines of 76 */
static const char *base64_of(struct damager *d, struct span octets)
{
    struct sbuf out = sbuf_start(d->arena);
    size_t column = 0;

    for (size_t i = 0; i < octets.len; i += 3) {
        uint32_t bits = 0;

        for (size_t k = 0; k < 3; k++)
            bits = bits << 8 |
                   (i + k < octets.len ? (uint32_t)(unsigned char)octets.at[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            sbuf_add_octet(&out, k > 0 && i + k - 1 >= octets.len
                                     ? '='
                                     : LETTERS[bits >> (18 - 6 * k) & 63]);
        column += 4;
        if (column == 76 || i + 3 >= octets.len) {
            sbuf_add(&out, "\r\n");
            column = 0;
        }
    }
    return sbuf_text(&out);
}

/* qp_of - quoted-printable, soft breaks where a line would grow beyond 76 */
static const char *qp_of(struct damager *d, const char *text)
{
    struct sbuf out = sbuf_start(d->arena);
    size_t column = 0;

    for (const char *at = text; *at != '\0'; at++) {
        unsigned char octet = (unsigned char)*at;
        bool is_plain =
            (octet >= 33 && octet < 127 && octet != '=') || (octet == ' ' && at[1] != '\r');

        if (octet == '\r' && at[1] == '\n') {
            sbuf_add(&out, "\r\n");
            column = 0;
            at++;
            continue;
        }
        if (column + (is_plain ? 1 : 3) > 75) {
            sbuf_add(&out, "=\r\n");
            column = 0;
        }
        if (is_plain)
            sbuf_add_octet(&out, *at);
        else
            sbuf_addf(&out, "=%02X", octet);
        column += is_plain ? 1 : 3;
    }
    return sbuf_text(&out);
}

/* make_body - by the shape */
static void make_body(struct damager *d)
{
    struct sbuf text = sbuf_start(d->arena);
    struct sbuf out = sbuf_start(d->arena);

    add_text(d, &text, d->shape == SHAPE_8BIT);
    d->body = sbuf_text(&text);
    if (d->shape == SHAPE_BASE64)
        d->body = base64_of(d, sbuf_span(&text));
    if (d->shape != SHAPE_MULTIPART)
        return;
    sbuf_addf(&out,
              "This is a message of several parts.\r\n--=_b1\r\nContent-Type: text/plain; "
              "charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s--=_b1\r\n"
              "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
              "\r\n%s--=_b1--\r\n",
              d->body, base64_of(d, span_of(d->body)));
    d->body = sbuf_text(&out);
}

/* make_header - all fields that are signed, and some that are not */
static void make_header(struct damager *d)
{
    static const char *const types[] = {
        [SHAPE_PLAIN] = "text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: 7bit",
        [SHAPE_8BIT] = "text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit",
        [SHAPE_BASE64] = "text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64",
        [SHAPE_MULTIPART] = "multipart/mixed; boundary=\"=_b1\"",
    };
    struct sbuf out = sbuf_start(d->arena);

    sbuf_add(&out, "Received: from a.example.com by b.example.com; Tue, 24 Nov 2026 10:00:00 "
                   "+0000\r\nFrom: Ann Lee <ann@example.com>\r\nTo: bob@example.net,\r\n"
                   " carol@example.net, dave@example.net\r\nSubject: ");
    add_words(d, &out, 3 + damager_random(d, 4), false);
    sbuf_addf(&out,
              "\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\nMessage-ID: <%zu@example.com>\r\n"
              "Comments: one\r\nComments: two\r\nMIME-Version: 1.0\r\nContent-Type: %s\r\n",
              damager_random(d, 100000), types[d->shape]);
    d->header = sbuf_text(&out);
    d->names = damager_random(d, 2) > 0
                   ? "From:To:Subject:Date:Message-ID:Comments:Comments:MIME-Version:"
                     "Content-Type:Sender:Reply-To"
                   : "from:to:to:subject:subject:date:message-id:comments:comments:"
                     "mime-version:content-type:content-transfer-encoding:sender";
}

/* ---- damages ---- */

/* part_text - where the text of the first part begins; NULL: not to be found any more */
static const char *part_text(const struct damager *d)
{
    const char *at = d->shape == SHAPE_MULTIPART ? strstr(d->body, "\r\n\r\n") : NULL;

    return d->shape != SHAPE_MULTIPART ? d->body : at == NULL ? NULL : at + 4;
}

/* pick_line - the start of a line of the body that is not empty; text parts alone */
static const char *pick_line(struct damager *d)
{
    const char *text = part_text(d);
    const char *lines[60];
    size_t count = 0;

    while (text != NULL && *text != '\0' && count < COUNT_OF(lines)) {
        const char *end = strstr(text, "\r\n");

        if (end == NULL || (text[0] == '-' && text[1] == '-'))
            break;
        if (end > text)
            lines[count++] = text;
        text = end + 2;
    }
    return count == 0 ? NULL : lines[damager_random(d, count)];
}

/* put_line - a line more, somewhere in the text */
static bool put_line(struct damager *d, const char *line)
{
    const char *at = pick_line(d);

    if (at == NULL || d->shape == SHAPE_BASE64)
        return false;
    d->body = cut_and_put(d, d->body, at, 0, line);
    return true;
}

static bool make_nothing(struct damager *d)
{
    (void)d;
    return true;
}

static bool make_other_key(struct damager *d)
{
    d->has_other_key = true;
    return d->key[0] == 'r'; /* Ed25519 does not show it */
}

static bool make_other_canon(struct damager *d)
{
    d->has_other_canon = true;
    return put_line(d, "two  blanks \r\n");
}

static bool make_unseen_body(struct damager *d)
{
    d->has_no_body = true;
    return true;
}

static bool lose_body(struct damager *d)
{
    d->body = "";
    return true;
}

static bool append(struct damager *d)
{
    static const char *const texts[] = {
        "\r\n-- \r\nnews mailing list\r\nhttps://lists.example.org/news\r\n",
        "This e-mail is confidential.\r\n", "\r\n___________\r\nlist mailing list\r\n"};
    const char *text = texts[damager_random(d, COUNT_OF(texts))];
    const char *end = strstr(d->body, "--=_b1--");

    if (end == NULL)
        d->body = arena_printf(d->arena, "%s%s", d->body, text);
    else if (damager_random(d, 2) > 0)
        d->body = cut_and_put(
            d, d->body, end, 0,
            arena_printf(d->arena, "--=_b1\r\nContent-Type: text/plain\r\n\r\n%s", text));
    else if (part_text(d) != NULL)
        d->body = cut_and_put(d, d->body, strstr(part_text(d), "--=_b1"), 0, text);
    return true;
}

static bool prepend(struct damager *d)
{
    static const char text[] = "CAUTION: this message came from outside.\r\n\r\n";
    const char *at = d->body;

    if (damager_random(d, 2) > 0)
        at = part_text(d);
    if (at == NULL)
        return false;
    d->body = cut_and_put(d, d->body, at, 0, text);
    return true;
}

static bool truncate_body(struct damager *d)
{
    const char *end = strstr(d->body, "--=_b1--");

    if (end == NULL)
        return false;
    d->body = arena_printf(d->arena, "%.*s",
                           (int)(end - d->body + (ptrdiff_t)damager_random(d, 7)), d->body);
    return true;
}

static bool make_simple_body(struct damager *d)
{
    d->is_simple_body = true;
    return true;
}

static bool make_dashes(struct damager *d)
{
    d->is_simple_body = true;
    return damager_random(d, 2) == 0 || put_line(d, "-- \r\n");
}

static bool change_trailing(struct damager *d)
{
    const char *end = NULL;

    if (strstr(d->body, "\r\n-- \r\n") != NULL)
        return change(d, &d->body, "\r\n-- \r\n", "\r\n--\r\n");
    if (damager_random(d, 2) > 0)
        return change_all(d, &d->body, "\r\n", damager_random(d, 2) > 0 ? " \r\n" : "\t\r\n");
    end = pick_line(d);
    end = end == NULL ? NULL : strstr(end, "\r\n");
    if (end == NULL)
        return false;
    d->body = cut_and_put(d, d->body, end, 0, "  ");
    return true;
}

static bool add_trailing_lines(struct damager *d)
{
    static const char *const texts[] = {" \r\n", "\t\r\n  \r\n", "  \r\n\r\n \r\n"};

    d->body = arena_printf(d->arena, "%s%s", d->body, texts[damager_random(d, 3)]);
    return true;
}

static bool change_line_ends(struct damager *d)
{
    static const char *const ends[] = {"\n", "\r\r\n", "\r"};
    const char *with = ends[damager_random(d, 3)];

    if (damager_random(d, 2) > 0)
        return change_all(d, &d->body, "\r\n", with);
    return change(d, &d->body, "\r\n", with);
}

static bool make_bare_lf(struct damager *d)
{
    if (damager_random(d, 2) > 0)
        return change_all(d, &d->body, "\r\n", "\n");
    return put_line(d, "here a line ends\nin LF alone\r\n");
}

static bool add_cr(struct damager *d)
{
    const char *at = NULL;

    if (strstr(d->body, "ends\nin") != NULL)
        return change(d, &d->body, "ends\nin", "ends\r\nin");
    at = strchr(d->body, '\n');
    return at != NULL && at > d->body && at[-1] != '\r' &&
           change_all(d, &d->body, "\n", "\r\n");
}

static bool make_dot(struct damager *d)
{
    return put_line(d, ".profile and others\r\n") &&
           (damager_random(d, 2) == 0 || put_line(d, ".bashrc\r\n"));
}

static bool stuff_dots(struct damager *d)
{
    return change_all(d, &d->body, "\r\n.", "\r\n..") ||
           (d->body[0] == '.' && change(d, &d->body, ".", ".."));
}

static bool make_two_dots(struct damager *d)
{
    return put_line(d, damager_random(d, 2) > 0 ? "..profile\r\n" : ".profile\r\n");
}

static bool unstuff_dots(struct damager *d)
{
    return change(d, &d->body, "..profile", ".profile") ||
           change(d, &d->body, ".profile", "profile");
}

static bool make_from(struct damager *d)
{
    return put_line(d, "From here on it is easy\r\n") &&
           (damager_random(d, 2) == 0 || put_line(d, "From there, too\r\n"));
}

static bool quote_from(struct damager *d)
{
    bool is_first = strncmp(d->body, "From ", 5) == 0;

    if (is_first)
        d->body = arena_printf(d->arena, ">%s", d->body);
    return change_all(d, &d->body, "\r\nFrom ", "\r\n>From ") || is_first;
}

/* to_latin1 - the accents that there are */
static bool to_latin1(struct damager *d)
{
    struct sbuf out = sbuf_start(d->arena);

    for (const char *at = d->body; *at != '\0'; at++)
        if (*at == '\xC3')
            sbuf_add_octet(&out, (char)(*++at | 0x40));
        else
            sbuf_add_octet(&out, *at);
    d->body = sbuf_text(&out);
    return true;
}

static bool make_latin1(struct damager *d)
{
    return d->shape == SHAPE_8BIT && (damager_random(d, 2) == 0 || to_latin1(d));
}

static bool convert_charset(struct damager *d)
{
    struct sbuf out = sbuf_start(d->arena);

    if (strstr(d->body, "caf\xC3\xA9") != NULL)
        return to_latin1(d);
    for (const char *at = d->body; *at != '\0'; at++)
        if (*at & 0x80) {
            sbuf_add_octet(&out, '\xC3');
            sbuf_add_octet(&out, (char)(*at & ~0x40));
        } else {
            sbuf_add_octet(&out, *at);
        }
    d->body = sbuf_text(&out);
    return true;
}

static bool make_encodable(struct damager *d)
{
    if (d->shape != SHAPE_8BIT || damager_random(d, 3) > 0)
        return d->shape == SHAPE_8BIT;
    d->body = damager_random(d, 2) > 0 ? qp_of(d, d->body) : base64_of(d, span_of(d->body));
    return change(d, &d->header, "g: 8bit",
                  strstr(d->body, "caf=C3") != NULL ? "g: quoted-printable" : "g: base64");
}

/* decoded - the body of an encoding that make_encodable() chose, from the words in it */
static bool decode_body(struct damager *d, bool is_qp)
{
    struct sbuf out = sbuf_start(d->arena);
    uint32_t bits = 0;
    unsigned count = 0;

    for (const char *at = d->body; *at != '\0'; at++) {
        const char *letter = strchr(LETTERS, *at);

        if (is_qp && *at == '=' && at[1] == '\r') {
            at += 2;
        } else if (is_qp && *at == '=') {
            char hex[3] = {at[1], at[2], '\0'};

            sbuf_add_octet(&out, (char)strtoul(hex, NULL, 16));
            at += 2;
        } else if (is_qp) {
            sbuf_add_octet(&out, *at);
        } else if (letter != NULL) {
            bits = bits << 6 | (uint32_t)(letter - LETTERS);
            count += 6;
            if (count >= 8) {
                count -= 8;
                sbuf_add_octet(&out, (char)(bits >> count & 0xFF));
            }
        }
    }
    d->body = sbuf_text(&out);
    return true;
}

static bool change_encoding(struct damager *d)
{
    bool is_qp = damager_random(d, 2) > 0;

    d->may_rewrite_encoding = true;
    if (change(d, &d->header, "g: quoted-printable", "g: 8bit"))
        return decode_body(d, true);
    if (change(d, &d->header, "g: base64", "g: 8bit"))
        return decode_body(d, false);
    d->body = is_qp ? qp_of(d, d->body) : base64_of(d, span_of(d->body));
    return change(d, &d->header, "g: 8bit", is_qp ? "g: quoted-printable" : "g: base64");
}

static bool make_long_line(struct damager *d)
{
    struct sbuf line = sbuf_start(d->arena);

    while (line.len < COLUMN + 100)
        add_words(d, &line, 12, false);
    sbuf_add(&line, "\r\n");
    return put_line(d, sbuf_text(&line));
}

/* longest_line - of the body */
static const char *longest_line(const struct damager *d, size_t *len_out)
{
    const char *longest = d->body;

    *len_out = 0;
    for (const char *at = d->body; *at != '\0';) {
        const char *end = strstr(at, "\r\n");

        if (end == NULL)
            break;
        if ((size_t)(end - at) > *len_out) {
            *len_out = (size_t)(end - at);
            longest = at;
        }
        at = end + 2;
    }
    return longest;
}

static bool wrap_line(struct damager *d)
{
    size_t len = 0;
    const char *line = longest_line(d, &len);
    size_t column = damager_random(d, 2) > 0 ? COLUMN : 300;
    const char *blank = NULL;

    if (len <= COLUMN)
        return false;
    switch (damager_random(d, 3)) {
    case 0:
        d->body = cut_and_put(d, d->body, line + column, 0, "\r\n");
        return true;
    case 1:
        d->body = cut_and_put(d, d->body, line + COLUMN, 0, "\r\n ");
        return true;
    default:
        blank = strchr(line + column, ' ');
        if (blank == NULL || blank > line + len)
            return false;
        d->body = cut_and_put(d, d->body, blank, 1, "\r\n");
        return true;
    }
}

static bool make_tabs(struct damager *d)
{
    d->is_simple_body = true;
    return put_line(d, "\tname\t\tprice\r\n") &&
           (damager_random(d, 2) == 0 || put_line(d, "tea\t2.50\r\n"));
}

/* expand_tabs - up to the next of 8 columns */
static bool expand_tabs(struct damager *d)
{
    struct sbuf out = sbuf_start(d->arena);
    size_t column = 0;
    size_t each = damager_random(d, 3) * 4; /* 0: to the stops */

    if (strchr(d->body, '\t') == NULL)
        return false;
    for (const char *at = d->body; *at != '\0'; at++) {
        size_t blanks = each > 0 ? each : 8 - column % 8;

        if (*at != '\t') {
            sbuf_add_octet(&out, *at);
            column = *at == '\n' ? 0 : column + 1;
            continue;
        }
        column += blanks;
        for (; blanks > 0; blanks--)
            sbuf_add_octet(&out, ' ');
    }
    d->body = sbuf_text(&out);
    return true;
}

static bool make_long_field(struct damager *d)
{
    struct sbuf out = sbuf_start(d->arena);

    sbuf_add(&out, "References:");
    for (int i = 0; out.len < COLUMN + 200; i++)
        sbuf_addf(&out, " <%d.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA@mail.example.com>", i);
    sbuf_add(&out, "\r\n");
    d->header = arena_printf(d->arena, "%s%s", d->header, sbuf_text(&out));
    d->names = arena_printf(d->arena, "%s:References", d->names);
    return true;
}

static bool break_field(struct damager *d)
{
    const char *field = strstr(d->header, "References:");

    if (field == NULL || strstr(field, "\r\n") < field + COLUMN || field[COLUMN] == ' ' ||
        field[COLUMN - 1] == ' ')
        return false;
    d->header = cut_and_put(d, d->header, field + COLUMN, 0,
                            damager_random(d, 2) > 0 ? "\r\n " : "\r\n\t");
    return true;
}

static bool make_simple_header(struct damager *d)
{
    d->is_simple_header = true;
    return true;
}

static bool fold_field(struct damager *d)
{
    const char *subject = strstr(d->header, "\r\nSubject: ");
    const char *blank = subject == NULL ? NULL : strchr(subject + 11, ' ');

    if (blank == NULL || blank > strstr(subject + 11, "\r\n"))
        return false;
    d->header = damager_random(d, 2) > 0 ? cut_and_put(d, d->header, blank, 0, "\r\n")
                                         : cut_and_put(d, d->header, blank, 1, "\r\n\t");
    return true;
}

static bool unfold_field(struct damager *d)
{
    return change(d, &d->header, "net,\r\n carol", "net, carol");
}

static bool change_case(struct damager *d)
{
    return damager_random(d, 2) > 0
               ? change(d, &d->header, "\r\nSubject:", "\r\nSUBJECT:")
               : change(d, &d->header, "\r\nMessage-ID:", "\r\nMessage-Id:");
}

static bool change_blanks(struct damager *d)
{
    if (!d->is_simple_header)
        return change(d, &d->header, "carol@example.net, dave", "carol@example.net,dave");
    switch (damager_random(d, 3)) {
    case 0:
        return change(d, &d->header, "\r\nSubject: ", "\r\nSubject:");
    case 1:
        return change(d, &d->header, "\r\nDate: ", "\r\nDate:  ");
    default:
        return change(d, &d->header, " +0000\r\nMessage", " +0000 \r\nMessage");
    }
}

static bool rewrite_field(struct damager *d)
{
    switch (damager_random(d, 5)) {
    case 0:
        return change(d, &d->header, "\r\nSubject: ", "\r\nSubject: [news] ");
    case 1:
        return strstr(d->names, "Reply-To") == NULL &&
               change(d, &d->header, "Ann Lee <ann@example.com>",
                      "Ann Lee via News <news@lists.example.org>\r\nReply-To: Ann Lee "
                      "<ann@example.com>");
    case 2:
        return change(d, &d->header, "2026 10:00:00 +0000\r\nMessage",
                      "2026 10:00:00 +0000 (UTC)\r\nMessage");
    case 3:
        return change(d, &d->header, "Ann Lee <ann@example.com>",
                      "\"Ann Lee (ann@example.com via news Mailing List)\" "
                      "<news@lists.example.org>");
    default:
        return change(d, &d->header, "\r\nSubject: ", "\r\nSubject: [SPAM] Re: ");
    }
}

static bool add_field(struct damager *d)
{
    d->header =
        arena_printf(d->arena, "%sSender: news-bounces@lists.example.org\r\n", d->header);
    return true;
}

static bool remove_field(struct damager *d)
{
    return change(d, &d->header, "MIME-Version: 1.0\r\n", "");
}

static bool make_oversigned(struct damager *d)
{
    return strstr(d->names, "subject:subject") != NULL;
}

static bool double_field(struct damager *d)
{
    const char *from = strstr(d->header, "\r\nSubject: ");
    const char *end = NULL;

    if (from == NULL)
        return false;
    from += 2;
    end = strstr(from, "\r\n") + 2;
    d->header = cut_and_put(d, d->header, end, 0,
                            arena_printf(d->arena, "%.*s", (int)(end - from), from));
    return true;
}

static bool reorder_fields(struct damager *d)
{
    return change(d, &d->header, "Comments: one\r\nComments: two\r\n",
                  "Comments: two\r\nComments: one\r\n");
}

static bool change_own(struct damager *d)
{
    if (d->is_simple_header)
        return damager_random(d, 2) > 0 ? change_all(d, &d->own, "\r\n\t", "\r\n ")
                                        : change(d, &d->own, "; d=", ";\r\n\td=");
    return damager_random(d, 2) > 0 ? change_all(d, &d->own, "; ", ";")
                                    : change(d, &d->own, " h=", " h= ");
}

static const struct {
    enum auth_damage_kind kind;
    bool (*prepare)(struct damager *damager);
    bool (*damage)(struct damager *damager);
} damages[] = {
    {AUTH_DAMAGE_OTHER_KEY, make_other_key, make_nothing},
    {AUTH_DAMAGE_WRONG_CANONICALIZATION, make_other_canon, make_nothing},
    {AUTH_DAMAGE_EMPTY_BODY_HASH, make_unseen_body, make_nothing},
    {AUTH_DAMAGE_BODY_MISSING, make_nothing, lose_body},
    {AUTH_DAMAGE_BODY_APPENDED, make_nothing, append},
    {AUTH_DAMAGE_BODY_PREPENDED, make_nothing, prepend},
    {AUTH_DAMAGE_BODY_TRUNCATED, make_nothing, truncate_body},
    {AUTH_DAMAGE_TRAILING_BLANKS, make_dashes, change_trailing},
    {AUTH_DAMAGE_TRAILING_LINES, make_simple_body, add_trailing_lines},
    {AUTH_DAMAGE_LINE_ENDINGS, make_nothing, change_line_ends},
    {AUTH_DAMAGE_BARE_LF_ADDED_CR, make_bare_lf, add_cr},
    {AUTH_DAMAGE_DOT_STUFFED, make_dot, stuff_dots},
    {AUTH_DAMAGE_DOT_UNSTUFFED, make_two_dots, unstuff_dots},
    {AUTH_DAMAGE_FROM_QUOTED, make_from, quote_from},
    {AUTH_DAMAGE_CHARSET_CONVERTED, make_latin1, convert_charset},
    {AUTH_DAMAGE_TRANSFER_ENCODING_CHANGED, make_encodable, change_encoding},
    {AUTH_DAMAGE_LINE_WRAPPED, make_long_line, wrap_line},
    {AUTH_DAMAGE_TABS_CONVERTED, make_tabs, expand_tabs},
    {AUTH_DAMAGE_HEADER_LINE_BROKEN, make_long_field, break_field},
    {AUTH_DAMAGE_HEADER_FOLDED, make_simple_header, fold_field},
    {AUTH_DAMAGE_HEADER_UNFOLDED, make_simple_header, unfold_field},
    {AUTH_DAMAGE_HEADER_CASE, make_simple_header, change_case},
    {AUTH_DAMAGE_HEADER_BLANKS, make_nothing, change_blanks},
    {AUTH_DAMAGE_FIELD_REWRITTEN, make_nothing, rewrite_field},
    {AUTH_DAMAGE_FIELD_ADDED, make_nothing, add_field},
    {AUTH_DAMAGE_FIELD_REMOVED, make_nothing, remove_field},
    {AUTH_DAMAGE_FIELD_DUPLICATED, make_oversigned, double_field},
    {AUTH_DAMAGE_FIELD_REORDERED, make_nothing, reorder_fields},
    {AUTH_DAMAGE_SIGNATURE_FIELD_CHANGED, make_nothing, change_own},
};

/* damager_sign - as the kinds want it */
static void damager_sign(struct damager *d)
{
    const char *canon =
        arena_printf(d->arena, "%s/%s", d->is_simple_header ? "simple" : "relaxed",
                     d->is_simple_body ? "simple" : "relaxed");
    const char *claimed =
        arena_printf(d->arena, "%s/%s", d->is_simple_header ? "simple" : "relaxed",
                     d->is_simple_body == d->has_other_canon ? "relaxed" : "simple");
    const struct dkim_signing signing = {
        .domain = "example.com",
        .selector = "sel",
        .key = d->key,
        .canon = canon,
        .headers = d->names,
        .field = !d->has_other_canon
                     ? NULL
                     : arena_printf(d->arena,
                                    "DKIM-Signature: v=1; a=%s; c=%s; d=example.com; s=sel;\r\n"
                                    "\th=%s;\r\n\tbh=@BH@;\r\n\tb=@B@\r\n",
                                    d->key[0] == 'e' ? "ed25519-sha256" : "rsa-sha256", claimed,
                                    d->names)};
    const char *message =
        arena_printf(d->arena, "%s\r\n%s", d->header, d->has_no_body ? "" : d->body);
    struct span signed_message = dkim_signer_sign(d->arena, span_of(message), &signing);

    d->own = arena_strdup_span(
        d->arena, span_sub(signed_message, 0, signed_message.len - strlen(message)));
}

/* find_damage - the row of a kind */
static size_t find_damage(enum auth_damage_kind kind)
{
    size_t row = 0;

    while (damages[row].kind != kind)
        row++;
    return row;
}

bool damager_make(struct damager *d, enum auth_damage_kind first, enum auth_damage_kind second)
{
    const enum auth_damage_kind kinds[] = {first, second};

    d->shape = (enum damager_shape)damager_random(d, SHAPES);
    d->is_simple_header = damager_random(d, 2) > 0;
    d->is_simple_body = damager_random(d, 2) > 0;
    d->key = damager_random(d, 3) == 0 ? "ed25519" : "rsa1024";
    make_header(d);
    make_body(d);
    for (size_t i = 0; i < 2; i++)
        if (kinds[i] != AUTH_DAMAGE_KINDS && !damages[find_damage(kinds[i])].prepare(d))
            return false;
    damager_sign(d);
    for (size_t i = 0; i < 2; i++)
        if (kinds[i] != AUTH_DAMAGE_KINDS && !damages[find_damage(kinds[i])].damage(d))
            return false;
    return true;
}

struct span damager_message(const struct damager *d)
{
    return span_of(arena_printf(d->arena, "%s%s\r\n%s", d->own, d->header, d->body));
}
