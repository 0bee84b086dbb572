/*
 * What mail servers write for people: an address at the start of a line, and below it the text
 * about it, as Exim, qmail, Postfix, sendmail, Exchange and the large hosters do; where that is
 * missing, addresses in sentences are looked for.
 */
#include "base/limits_bounce.h"
#include "bounce/bounce_private.h"

/* ---- anchors: a line that an address begins ---- */

/* words before the address of a line that is about it */
static const char *const anchor_words[] = {
    "recipient:",
    "recipient address:",
    ">>>",
    "failed recipient:",
    "rcpt to:",
    "mailto:",
    "unknown user:",
    "user:",
    "e-mail address:",
    "address:",
    "recipients:",
    "final-recipient: rfc822;",
    "delivery to",
    "mail to",
    "in:  rcpt to:",
    "sent <<< rcpt to:",
    "<<< rcpt to:",
    ">>> rcpt to:",
    "mail for",
    "empfänger:",
    "destinataire :",
    "destinataire:",
    "destinatario:",
    "destinatário:",
    "odbiorca:",
    "příjemce:",
    "ontvanger:",
    "получатель:",
    "адресат:",
    "收件人:",
    "收件者:",
    "宛先:",
    "받는사람:",
    "받는 사람:",
    "수신자:",
};

/* what may follow it */
static const char *const anchor_tails[] = {":",  " on ", "...", " (", " [",   " <",   ";",
                                           ", ", "\t",   " -",  " :", " to ", " ...", " ORCPT"};

/* tail_fits - the rest of a line that is about the address */
static bool tail_fits(struct span rest)
{
    if (span_trim(rest).len == 0 || span_equal_text(span_trim(rest), "."))
        return true;
    for (size_t i = 0; i < COUNT_OF(anchor_tails); i++)
        if (span_starts_with(rest, anchor_tails[i]))
            return true;
    return false;
}

/* skip_marks - bullets and quotation marks in front */
static struct span skip_marks(struct span line)
{
    line = span_trim(line);
    while (line.len > 1 && strchr("*-|", line.at[0]) != NULL)
        line = span_trim(span_from(line, 1));
    while (line.len > 1 && line.at[0] == '>' && line.at[1] != '>')
        line = span_trim(span_from(line, 1));
    return line;
}

/* anchor_at - the address that a line is about, and the text after it; false: none */
static bool anchor_at(struct span line, struct span *address_out, struct span *rest_out)
{
    struct span text = skip_marks(line);
    size_t len = 0;

    for (size_t i = 0; i < COUNT_OF(anchor_words); i++)
        if (span_starts_with_nocase(text, anchor_words[i])) {
            text = span_trim(span_from(text, strlen(anchor_words[i])));
            break;
        }
    len = bounce_address_at(text, address_out);
    if (len == 0 && span_starts_with(skip_marks(line), ">>>")) {
        /* "Name <a@b>" */
        ptrdiff_t open = span_find(text, '<');

        if (open >= 0) {
            text = span_from(text, (size_t)open);
            len = bounce_address_at(text, address_out);
        }
    }
    *rest_out = span_from(text, len);
    if (len == 0 || !tail_fits(*rest_out))
        return false;
    if (span_starts_with(*rest_out, " <") &&
        (len = bounce_address_at(span_from(*rest_out, 1), &text)) > 0) {
        *address_out = text; /* "a@b <c@d>": the name looks like an address */
        *rest_out = span_from(*rest_out, 1 + len);
    }
    return true;
}

/* ---- which addresses count ---- */

struct anchors {
    struct bounce_reader *in;
    struct span sender; /* who gets the report; may be empty */
    struct span failed; /* X-Failed-Recipients */
    bool is_closed;     /* only recipients that are known already */
    bool takes_helpers; /* as a last resort */
};

/* is_helper - an address to ask for help, not one to deliver to */
static bool is_helper(struct span address)
{
    static const char *const names[] = {"postmaster@", "mailer-daemon@", "abuse@",
                                        "support@",    "helpdesk@",      "hostmaster@"};

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (span_starts_with_nocase(address, names[i]))
            return true;
    return false;
}

/* weak_draft - a recipient of the fields that is not named by an address: a file, a host */
static struct bounce_draft *weak_draft(struct bounce_reader *in)
{
    for (size_t i = 0; i < in->count; i++) {
        const char *address = in->drafts[i].said.address;

        if (strchr(address, '@') == NULL || address[0] == '@')
            return &in->drafts[i];
    }
    return NULL;
}

/* is_sender - who gets the report, unless listed as failed */
static bool is_sender(const struct anchors *anchors, struct span address)
{
    const char *text = arena_strdup_span(anchors->in->arena, address);

    return span_equal_nocase(anchors->sender, text) &&
           span_find_nocase(anchors->failed, text) < 0;
}

/* anchor_draft - the recipient that an anchor stands for; NULL: none */
static struct bounce_draft *anchor_draft(struct anchors *anchors, struct span address)
{
    struct bounce_draft *draft = bounce_draft_find(anchors->in, address);

    if (draft != NULL || anchors->is_closed)
        return draft;
    if ((is_helper(address) && !anchors->takes_helpers) || is_sender(anchors, address) ||
        anchors->in->count >= LIMIT_BOUNCE_RECIPIENTS)
        return NULL;
    draft = weak_draft(anchors->in);
    if (draft == NULL)
        return bounce_draft_add(anchors->in, address);
    if (draft->said.original == NULL)
        draft->said.original = draft->said.address;
    draft->said.address = arena_strdup_span(anchors->in->arena, address);
    return draft;
}

/* is_rule - a line that divides parts of a report */
static bool is_rule(struct span line)
{
    line = span_trim(line);
    return span_starts_with(line, "----") || span_starts_with(line, "====") ||
           span_starts_with(line, "____");
}

/* ends_excerpt - the text about the recipient ends */
static bool ends_excerpt(struct span line, struct span excerpt, bool was_empty)
{
    if (is_rule(line))
        return true;
    /* two empty lines, or one behind a reply */
    return was_empty && span_trim(line).len > 0 && !ascii_is_blank(line.at[0]) &&
           excerpt.len > LIMIT_BOUNCE_EXCERPT;
}

/* announces_sender - the address below the line is not a recipient's */
static bool announces_sender(struct span line)
{
    return span_ends_with_nocase(line, "sent by") || span_ends_with_nocase(line, "sender:") ||
           span_ends_with_nocase(line, "from:");
}

/* text_anchors - each anchor, with the text up to the next one */
static void text_anchors(struct anchors *anchors, struct span text)
{
    size_t current = 0; /* 1 + index of the draft whose text goes on */
    struct span rest = text;
    struct span before = {0}; /* the last line with text */
    bool was_empty = false;

    while (rest.len > 0) {
        struct span line = span_cut(&rest, '\n');
        struct span address = {0};
        struct span behind = {0};
        struct bounce_draft *draft = NULL;

        if (span_trim(line).len > 0 && !announces_sender(before) &&
            anchor_at(line, &address, &behind) &&
            (draft = anchor_draft(anchors, address)) != NULL) {
            if (draft->excerpt.len == 0) {
                draft->excerpt = behind;
                current = (size_t)(draft - anchors->in->drafts) + 1;
            } else if (current != (size_t)(draft - anchors->in->drafts) + 1) {
                current = 0;
            }
        }
        before = span_trim(line).len > 0 ? span_trim(line) : before;
        draft = current > 0 ? &anchors->in->drafts[current - 1] : NULL;
        if (draft == NULL)
            continue;
        if (ends_excerpt(line, draft->excerpt, was_empty)) {
            current = 0;
            continue;
        }
        draft->excerpt.len = (size_t)(line.at + line.len - draft->excerpt.at);
        was_empty = span_trim(line).len == 0;
    }
}

/* ---- addresses in sentences and fields ---- */

/* text_first_address - the first one that may be a recipient's */
static bool text_first_address(struct anchors *anchors, struct span text)
{
    for (size_t at = 0; at < text.len; at++) {
        struct span address = {0};
        size_t len = 0;

        if (at > 0 && strchr(" \t\n<\"(:,;'", text.at[at - 1]) == NULL)
            continue;
        len = bounce_address_at(span_from(text, at), &address);
        if (len > 0 && span_find(address, '.') > 0 && anchor_draft(anchors, address) != NULL)
            return true;
    }
    return false;
}

/* field_addresses - those of a list in a field */
static bool field_addresses(struct anchors *anchors, struct span value)
{
    bool is_any = false;
    struct span address = {0};

    for (size_t at = 0; (at = bounce_address_next(value, at, &address)) > 0;)
        is_any |= anchor_draft(anchors, address) != NULL;
    return is_any;
}

/* original_recipients - of the original message */
static void original_recipients(struct anchors *anchors, const struct bounce_parts *parts)
{
    static const char *const names[] = {"X-Envelope-To", "To", "Cc", "Delivered-To"};
    const struct bounce_part *part = bounce_parts_find(parts, BOUNCE_PART_ORIGINAL);
    struct bounce_fields fields = {0};

    if (part == NULL)
        return;
    fields = bounce_fields_read(anchors->in->arena, part->content);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (field_addresses(anchors, bounce_fields_find(&fields, names[i])))
            return;
}

/* last_resorts - where no line begins with a recipient's address */
static void last_resorts(struct anchors *anchors, struct span text,
                         const struct bounce_parts *parts)
{
    for (int round = 0; round < 2 && anchors->in->count == 0; round++) {
        if (text_first_address(anchors, text))
            return;
        original_recipients(anchors, parts);
        if (anchors->in->count > 0)
            return;
        /* the sender wrote to itself, or to a postmaster */
        anchors->sender = span_of("");
        anchors->takes_helpers = true;
        text_anchors(anchors, text);
    }
}

/* has_excerpt - the text is about one of them */
static bool has_excerpt(const struct bounce_reader *in)
{
    for (size_t i = 0; i < in->count; i++)
        if (in->drafts[i].excerpt.len > 0)
            return true;
    return false;
}

/* failed_recipients - X-Failed-Recipients, if the text is about them; else those that the text
 * is about, because the field has addresses after forwarding */
static void failed_recipients(struct anchors *anchors, struct span text)
{
    struct bounce_reader *in = anchors->in;
    bool is_any = field_addresses(anchors, anchors->failed);

    anchors->is_closed = is_any;
    text_anchors(anchors, text);
    if (!is_any || has_excerpt(in))
        return;
    anchors->is_closed = false;
    in->count = 0;
    text_anchors(anchors, text);
    if (in->count == 0)
        field_addresses(anchors, anchors->failed);
}

void bounce_text_read(struct bounce_reader *in, struct span text,
                      const struct bounce_parts *parts)
{
    struct anchors anchors = {.in = in, .is_closed = in->count > 0 && weak_draft(in) == NULL};
    struct span to = bounce_fields_find(&parts->fields, "To");

    anchors.failed = bounce_fields_find(&parts->fields, "X-Failed-Recipients");
    for (size_t at = 0; at < to.len && anchors.sender.len == 0; at++)
        bounce_address_at(span_from(to, at), &anchors.sender);
    if (anchors.failed.len > 0 && !anchors.is_closed)
        failed_recipients(&anchors, text);
    else
        text_anchors(&anchors, text);
    last_resorts(&anchors, text, parts);
    if (bounce_is_warning(in->arena, parts, text))
        for (size_t i = 0; i < in->count; i++)
            if (in->drafts[i].said.action == NULL)
                in->drafts[i].said.action = "delayed";
}
