/*
 * What a field may have said. A list puts a tag in front of Subject and its own address into
 * From; gateways mark subjects; programs write dates, content types and encoded words in
 * their own way. The old value is often in the message still: in Reply-To, or in a field
 * named after the one that was rewritten.
 */
#include <strings.h>

#include "auth/auth_damage_value.h"
#include "base/arena.h"
#include "base/sbuf.h"
#include "model/mail_message.h"

#define WORDS_CUT 6 /* words that may have been put in front of a value, or behind it */

/* value_is - the name of the field */
static bool value_is(const struct damage_value *value, const char *name)
{
    return span_equal_nocase(value->name, name);
}

/* ---- tags and marks ---- */

/* guess_tags - "[news] " and its like, in front or behind "Re: " */
static void guess_tags(const struct damage_value *value)
{
    static const char closing[] = "])}";
    static const char opening[] = "[({";
    struct span text = value->text;
    unsigned rank = value_is(value, "Subject") ? 0 : 2;
    size_t at = 0;

    for (int words = 0; words < 3 && at < text.len; words++) {
        const char *open = text.at[at] == '\0' ? NULL : strchr(opening, text.at[at]);
        ptrdiff_t end =
            open == NULL ? -1 : span_find(span_from(text, at), closing[open - opening]);

        if (end > 0) {
            size_t behind = at + (size_t)end + 1;

            damage_value_cut(value, rank, at, damage_skip_space(text, behind) - at);
            damage_value_cut(value, rank + 1, at, behind - at);
        }
        at = damage_skip_space(text, damage_skip_word(text, at));
    }
}

/* guess_words - words that were put in front, or behind */
static void guess_words(const struct damage_value *value)
{
    struct span text = value->text;
    bool is_subject = value_is(value, "Subject");
    unsigned rank = is_subject ? 1 : 4;
    size_t at = 0;
    size_t end = text.len;

    for (int i = 0; i < WORDS_CUT; i++) {
        at = damage_skip_space(text, damage_skip_word(text, at));
        if (at >= text.len)
            break;
        damage_value_cut(value, rank, 0, at);
        rank = is_subject && i == 0 ? 2 : rank;
    }
    for (int i = 0; i < WORDS_CUT; i++) {
        while (end > 0 && !ascii_is_space(text.at[end - 1]))
            end--;
        while (end > 0 && ascii_is_space(text.at[end - 1]))
            end--;
        if (end == 0)
            break;
        damage_value_cut(value, is_subject && i == 0 ? 1 : rank, end, text.len - end);
    }
}

/* ---- addresses ---- */

/* an address and the name in front of it, as a field shows them */
struct mailbox {
    struct span name; /* without quotes */
    struct span address;
};

/* mailbox_parse - of the first address in the text */
static struct mailbox mailbox_parse(struct span text)
{
    struct span rest = text;
    struct mailbox mailbox = {.name = span_trim(span_cut(&rest, '<'))};

    if (rest.at == NULL)
        return (struct mailbox){.address = span_trim(text)};
    mailbox.address = span_trim(span_cut(&rest, '>'));
    if (mailbox.name.len >= 2 && mailbox.name.at[0] == '"')
        mailbox.name = span_sub(mailbox.name, 1, mailbox.name.len - 2);
    return mailbox;
}

/* mailbox_bare_name - without what a list wrote behind it and around it */
static struct span mailbox_bare_name(struct span name)
{
    static const char *const joints[] = {" via ", " (via ", " on behalf of ", ", via ", " - "};

    for (size_t i = 0; i < COUNT_OF(joints); i++) {
        const char *hit =
            name.len == 0 ? NULL : memmem(name.at, name.len, joints[i], strlen(joints[i]));

        if (hit != NULL)
            name.len = (size_t)(hit - name.at);
    }
    if (name.len >= 2 && name.at[0] == '\'' && name.at[name.len - 1] == '\'')
        name = span_sub(name, 1, name.len - 2);
    return span_trim(name);
}

/* add_mailbox - name and address in the ways they are written */
static void add_mailbox(const struct damage_value *value, unsigned rank, struct mailbox mailbox)
{
    struct arena *scratch = value->head->work->scratch;

    if (span_find(mailbox.address, '@') < 0)
        return;
    if (mailbox.name.len > 0) {
        damage_value_add_text(value, rank,
                              arena_printf(scratch, "%.*s <%.*s>", SPAN_ARG(mailbox.name),
                                           SPAN_ARG(mailbox.address)));
        damage_value_add_text(value, rank,
                              arena_printf(scratch, "\"%.*s\" <%.*s>", SPAN_ARG(mailbox.name),
                                           SPAN_ARG(mailbox.address)));
    }
    damage_value_add(value, rank + 1, mailbox.address);
    damage_value_add_text(value, rank + 1,
                          arena_printf(scratch, "<%.*s>", SPAN_ARG(mailbox.address)));
}

/* fields that may hold the author's address after From was rewritten */
static const char *const author_fields[] = {
    "Reply-To",      "X-Original-From", "X-From", "Author",      "Cc",
    "Original-From", "Resent-From",     "Sender", "Return-Path", "From"};

/* damage_value_unmangled - "ann=example.com@list.example" as a list writes it:
 * ann@example.com */
static struct span damage_value_unmangled(struct damage_head *head, struct span address)
{
    struct span rest = address;
    struct span local = span_cut(&rest, '@');
    ptrdiff_t equals = span_find_last(local, '=');
    struct span user = span_sub(local, 0, equals < 0 ? 0 : (size_t)equals);
    ptrdiff_t plus = span_find_last(user, '+');

    if (equals < 0)
        return (struct span){NULL, 0};
    user = plus < 0 ? user : span_from(user, (size_t)plus + 1);
    return span_of(arena_printf(head->work->scratch, "%.*s@%.*s", SPAN_ARG(user),
                                SPAN_ARG(span_from(local, (size_t)equals + 1))));
}

/* mailbox_in_name - the author as some lists keep him: "Ann (ann@example.com via list)" */
static struct mailbox mailbox_in_name(struct span name)
{
    ptrdiff_t open = span_find(name, '(');
    struct span rest = span_from(name, open < 0 ? name.len : (size_t)open + 1);
    struct span address = span_sub(rest, 0, damage_skip_word(rest, 0));

    if (address.len > 0 && address.at[address.len - 1] == ')')
        address.len--;
    return (struct mailbox){.name = span_trim(span_sub(name, 0, open < 0 ? 0 : (size_t)open)),
                            .address = address};
}

/* guess_author - From before a list rewrote it */
static void guess_author(const struct damage_value *value)
{
    struct mailbox from = mailbox_parse(value->text);
    struct span name = mailbox_bare_name(from.name);
    struct span identity = value->head->signature->parsed.identity;
    struct span mangled = damage_value_unmangled(value->head, from.address);
    const char *domain = value->head->signature->parsed.domain->text;
    /* an address of the signer was hardly rewritten */
    unsigned rank = span_ends_with_nocase(from.address, domain) ? 2 : 0;

    for (size_t i = 0; i < COUNT_OF(author_fields); i++) {
        const struct mail_header *field =
            mail_header_find(value->head->work->message, author_fields[i], 0);

        if (field == NULL)
            continue;
        damage_value_add(value, rank, span_trim(field->value));
        add_mailbox(
            value, i == 0 ? rank : rank + 1,
            (struct mailbox){.name = name, .address = mailbox_parse(field->value).address});
    }
    add_mailbox(value, rank, mailbox_in_name(from.name));
    add_mailbox(value, rank + 1, (struct mailbox){.name = name, .address = mangled});
    if (identity.len > 0 && identity.at[0] != '@')
        add_mailbox(value, rank + 1, (struct mailbox){.name = name, .address = identity});
}

/* guess_spelling - an address written in another way */
static void guess_spelling(const struct damage_value *value)
{
    struct mailbox mailbox = mailbox_parse(value->text);
    struct sbuf text = sbuf_start(value->head->work->scratch);

    if (span_find(value->text, '@') < 0)
        return;
    if (span_find(value->text, ',') < 0)
        add_mailbox(value, 2, mailbox);
    for (size_t i = 0; i < value->text.len; i++)
        if (value->text.at[i] != '"')
            sbuf_add_octet(&text, value->text.at[i]);
    damage_value_add(value, 2, sbuf_span(&text));
    text.len = 0;
    for (size_t i = 0; i < value->text.len; i++)
        sbuf_add_octet(&text, ascii_to_lower(value->text.at[i]));
    damage_value_add(value, 4, sbuf_span(&text));
}

/* ---- fields that keep the old value ---- */

/* keeps_old_value - is the name one that programs make of another: "X-Original-Subject" */
static bool keeps_old_value(struct span name)
{
    static const char *const prefixes[] = {"X-", "Old-", "Original-", "Orig-", "Resent-"};

    for (size_t i = 0; i < COUNT_OF(prefixes); i++)
        if (span_starts_with_nocase(name, prefixes[i]))
            return true;
    return false;
}

/* guess_kept - "X-Original-Subject" and all others whose name ends in that of the field */
static void guess_kept(const struct damage_value *value)
{
    const struct mail_message *message = value->head->work->message;

    for (size_t i = 0; i < message->header_count; i++) {
        struct span name = message->headers[i].name;
        struct span end = {NULL, 0};

        if (name.len <= value->name.len + 1)
            continue;
        end = span_from(name, name.len - value->name.len);
        if (end.at[-1] == '-' && strncasecmp(end.at, value->name.at, end.len) == 0 &&
            keeps_old_value(name))
            damage_value_add(value, 0, span_trim(message->headers[i].value));
    }
}

/* which field may hold what another one said */
static const struct {
    const char *name;
    const char *holder;
} holders[] = {
    {"Subject", "Thread-Topic"},
    {"To", "Delivered-To"},
    {"To", "X-Original-To"},
    {"To", "Envelope-To"},
    {"Sender", "From"},
    {"Reply-To", "From"},
    {"Reply-To", "Mail-Reply-To"},
    {"Reply-To", "X-Reply-To"},
    {"Errors-To", "Return-Path"},
    {"Cc", "From"},
    {"From", "Sender"},
    {"Return-Path", "From"},
    {"Message-ID", "X-Message-ID"},
    {"In-Reply-To", "References"},
};

/* guess_holders - the value of another field, or its address alone */
static void guess_holders(const struct damage_value *value)
{
    for (size_t i = 0; i < COUNT_OF(holders); i++) {
        const struct mail_header *field = NULL;

        if (!value_is(value, holders[i].name))
            continue;
        field = mail_header_find(value->head->work->message, holders[i].holder, 0);
        if (field == NULL)
            continue;
        damage_value_add(value, 2, span_trim(field->value));
        if (span_find(field->value, '@') >= 0)
            add_mailbox(value, 2, mailbox_parse(field->value));
    }
}

/* values that programs write */
static const struct {
    const char *name;
    unsigned rank;
    const char *text;
} constants[] = {
    {"MIME-Version", 0, "1.0"},
    {"Content-Transfer-Encoding", 0, "8bit"},
    {"Content-Transfer-Encoding", 0, "7bit"},
    {"Content-Transfer-Encoding", 0, "quoted-printable"},
    {"Content-Transfer-Encoding", 0, "base64"},
    {"Content-Transfer-Encoding", 1, "binary"},
    {"Content-Transfer-Encoding", 1, "8BIT"},
    {"Content-Transfer-Encoding", 1, "7BIT"},
    {"Content-Transfer-Encoding", 1, "QUOTED-PRINTABLE"},
    {"Content-Transfer-Encoding", 1, "BASE64"},
    {"Content-Type", 1, "text/plain; charset=utf-8"},
    {"Content-Type", 1, "text/plain; charset=\"utf-8\""},
    {"Content-Type", 1, "text/plain; charset=UTF-8"},
    {"Content-Type", 1, "text/plain; charset=\"UTF-8\""},
    {"Content-Type", 2, "text/plain; charset=us-ascii"},
    {"Content-Type", 2, "text/plain; charset=iso-8859-1"},
    {"Content-Type", 2, "text/plain"},
    {"Content-Type", 2, "text/html; charset=utf-8"},
    {"Content-Type", 2, "text/html; charset=\"utf-8\""},
    {"Content-Type", 2, "text/html; charset=UTF-8"},
    {"Content-Type", 2, "text/plain; charset=utf-8; format=flowed"},
    {"Content-Disposition", 1, "inline"},
    {"Content-Language", 2, "en-US"},
    {"Precedence", 1, "bulk"},
    {"Precedence", 1, "list"},
    {"Auto-Submitted", 1, "auto-generated"},
    {"List-Unsubscribe-Post", 0, "List-Unsubscribe=One-Click"}, /* RFC 8058, 3.1 */
    {"X-Priority", 2, "3"},
    {"Importance", 2, "normal"},
};

/* guess_constants - what the field says with most programs */
static void guess_constants(const struct damage_value *value)
{
    for (size_t i = 0; i < COUNT_OF(constants); i++)
        if (value_is(value, constants[i].name))
            damage_value_add_text(value, constants[i].rank, constants[i].text);
}

/* ---- which sources a field has ---- */

/* value_start - the field of a piece, or its name alone */
static struct damage_value value_start(struct damage_head *head, size_t piece)
{
    const struct mail_header *header = head->pieces[piece].header;
    struct damage_value value = {.head = head,
                                 .piece = piece,
                                 .name = head->pieces[piece].name,
                                 .blank = span_of(" "),
                                 .kind = AUTH_DAMAGE_FIELD_REMOVED};

    if (header == NULL)
        return value;
    value.kind = AUTH_DAMAGE_FIELD_REWRITTEN;
    value.text = span_trim(header->value);
    value.blank = span_sub(header->value, 0, damage_skip_space(header->value, 0));
    return value;
}

void damage_guess_value(struct damage_head *head, size_t piece)
{
    const struct damage_value value = value_start(head, piece);

    if (value_is(&value, "From"))
        guess_author(&value);
    guess_tags(&value);
    guess_kept(&value);
    guess_holders(&value);
    guess_constants(&value);
    if (value_is(&value, "Date"))
        damage_guess_dates(&value);
    if (value_is(&value, "Content-Type"))
        damage_guess_type(&value);
    guess_spelling(&value);
    damage_guess_encoded(&value);
    guess_words(&value);
}

void damage_guess_removed(struct damage_head *head, size_t piece)
{
    const struct damage_value value = value_start(head, piece);

    guess_kept(&value);
    guess_holders(&value);
    guess_constants(&value);
}
