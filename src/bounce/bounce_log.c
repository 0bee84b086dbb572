/*
 * Lines of mail logs: Postfix, Exim, sendmail, OpenSMTPD, message tracking of Exchange, and
 * PowerMTA. Each is known by words that only it writes; most write "name=value".
 */
#include "base/ip.h"
#include "base/limits.h"
#include "base/limits_bounce.h"
#include "bounce/bounce_private.h"
#include "reply/reply.h"
#include "reply/reply_class.h"

/* log_value - what follows "name=" at the start of a word: in "<>", in quotes, or up to a comma
 * or blank */
static struct span log_value(struct span line, const char *name)
{
    size_t len = strlen(name);
    const char *found = NULL;

    for (size_t at = 0; at + len <= line.len; at++) {
        struct span rest = span_from(line, at);
        size_t end = 0;
        char close = '\0';

        found = memmem(rest.at, rest.len, name, len);
        if (found == NULL)
            break;
        at = (size_t)(found - line.at);
        if (at > 0 && strchr(" ,;(\t", line.at[at - 1]) == NULL)
            continue;
        rest = span_from(line, at + len);
        if (rest.len > 0 && rest.at[0] == '<')
            close = '>';
        else if (rest.len > 0 && rest.at[0] == '"')
            close = '"';
        if (close != '\0') {
            ptrdiff_t stop = span_find(span_from(rest, 1), close);

            return stop < 0 ? span_of("") : span_sub(rest, 1, (size_t)stop);
        }
        while (end < rest.len && strchr(", \t", rest.at[end]) == NULL)
            end++;
        return span_sub(rest, 0, end);
    }
    return span_of("");
}

/* log_keep - the value of a name, if the line has it */
static void log_keep(struct bounce_reader *in, struct span line, const char *name,
                     const char **text)
{
    struct span value = log_value(line, name);

    if (value.len > 0)
        *text = arena_strdup_span(in->arena, value);
}

/* log_host - the name in "mx.example.net[192.0.2.1]:25", "mx.example.net. [192.0.2.1]",
 * "192.0.2.1 (mx.example.net)"; NULL: none */
static const char *log_host(struct arena *arena, struct span relay)
{
    ptrdiff_t open = span_find(relay, '(');
    size_t len = 0;

    if (open > 0)
        relay = span_from(relay, (size_t)open + 1);
    while (len < relay.len && (ascii_is_alnum(relay.at[len]) || relay.at[len] == '.' ||
                               relay.at[len] == '-' || relay.at[len] == '_'))
        len++;
    while (len > 0 && relay.at[len - 1] == '.')
        len--;
    if (len == 0 || span_equal_text(span_sub(relay, 0, len), "none"))
        return NULL;
    return arena_strdup_span(arena, reply_text_fold(arena, span_sub(relay, 0, len)));
}

/* log_time - the time in front: RFC 3339, or "2026-11-29 10:00:00"; syslog has no year */
static bool log_time(struct arena *arena, struct span line, int64_t *time_out)
{
    struct span rest = line;
    struct span word = span_cut(&rest, ' ');
    struct span comma = word;

    if (bounce_date(span_cut(&comma, ','), time_out) && span_find(word, 'T') > 0)
        return true;
    if (word.len != 10 || word.at[4] != '-')
        return false;
    return bounce_date(span_of(arena_printf(arena, "%.*sT%.*sZ", SPAN_ARG(word),
                                            SPAN_ARG(span_sub(rest, 0, 8)))),
                       time_out);
}

/* log_draft - the recipient of a line */
static struct bounce_draft *log_draft(struct bounce_reader *in, struct span line,
                                      struct span recipient)
{
    struct bounce_draft *draft = bounce_draft_add(in, recipient);

    draft->said.has_time = log_time(in->arena, line, &draft->said.time);
    return draft;
}

/* log_from - the envelope sender, where the line has it */
static void log_from(struct bounce_reader *in, struct span sender)
{
    if (sender.at != NULL && span_find(sender, '@') > 0 && in->out->original.mail_from == NULL)
        in->out->original.mail_from = arena_strdup_span(in->arena, sender);
}

/* ---- Postfix ---- */

/* log_postfix_reject - this server refused somebody: "reject: RCPT from x[ip]: 554 ..." */
static bool log_postfix_reject(struct bounce_reader *in, struct span line)
{
    ptrdiff_t at = span_find_nocase(line, "reject: ");
    struct span rest = {0};
    ptrdiff_t colon = 0;
    struct bounce_draft *draft = NULL;

    if (at < 0)
        return false;
    rest = span_from(line, (size_t)at + 8);
    colon = span_find_nocase(rest, "]: ");
    if (colon < 0)
        return false;
    draft = log_draft(in, line, log_value(rest, "to="));
    draft->diagnostic = span_from(rest, (size_t)colon + 3);
    log_from(in, log_value(rest, "from="));
    log_keep(in, rest, "helo=", &in->out->original.helo);
    at = span_find(rest, '[');
    if (at >= 0 && at < colon)
        in->out->original.client = arena_strdup_span(
            in->arena, span_sub(rest, (size_t)at + 1, (size_t)(colon - at - 1)));
    at = span_find_nocase(draft->diagnostic, "; from=<");
    if (at > 0)
        draft->diagnostic.len = (size_t)at;
    return true;
}

/* log_postfix - "to=<a@b>, relay=x[ip]:25, ... status=bounced (...)" */
static bool log_postfix(struct bounce_reader *in, struct span line)
{
    struct span status = log_value(line, "status=");
    ptrdiff_t at = span_find_nocase(line, "status=");
    struct bounce_draft *draft = NULL;
    struct span said = {0};
    ptrdiff_t open = 0;

    if (span_find_nocase(line, "postfix") < 0)
        return false;
    if (status.len == 0)
        return log_postfix_reject(in, line);
    draft = log_draft(in, line, log_value(line, "to="));
    said = span_trim(span_from(line, (size_t)at));
    open = span_find(said, '(');
    if (open > 0) {
        said = span_from(said, (size_t)open + 1);
        if (said.len > 0 && said.at[said.len - 1] == ')')
            said.len--;
        draft->diagnostic = said;
    }
    smtp_enhanced_parse(log_value(line, "dsn="), &draft->status);
    draft->said.host = log_host(in->arena, log_value(line, "relay="));
    draft->said.action = span_equal_text(status, "deferred") ? "delayed"
                         : span_equal_text(status, "sent")   ? "delivered"
                                                             : "failed";
    log_keep(in, line, "orig_to=", &draft->said.original);
    return true;
}

/* ---- sendmail and OpenSMTPD ---- */

/* log_stat - "stat=..." up to the end of the line, or "reply=..." in front of it: the server's
 * reply, for which stat= may have a general name only */
static struct span log_stat(struct span line)
{
    ptrdiff_t at = span_find_nocase(line, "stat=");
    ptrdiff_t reply = span_find_nocase(line, ", reply=");
    struct span said = {0};

    if (at > 0 && reply > 0 && reply < at) {
        said = span_trim(span_sub(line, (size_t)reply + 8, (size_t)(at - reply - 8)));
        if (said.len > 4 && (said.at[0] == '4' || said.at[0] == '5'))
            return said.at[said.len - 1] == ',' ? span_sub(said, 0, said.len - 1) : said;
    }
    if (at < 0)
        return span_of("");
    said = span_trim(span_from(line, (size_t)at + 5));
    if (said.len > 1 && said.at[0] == '"')
        said = span_sub(said, 1, said.at[said.len - 1] == '"' ? said.len - 2 : said.len - 1);
    return said;
}

/* log_action - by "stat=" and "result=" */
static const char *log_action(struct span said, struct span result)
{
    if (span_starts_with_nocase(said, "sent") || span_equal_text(result, "Ok"))
        return "delivered";
    if (span_starts_with_nocase(said, "deferred") || span_equal_text(result, "TempFail") ||
        span_starts_with(said, "4"))
        return "delayed";
    return "failed";
}

/* log_sendmail - "to=<a@b>, ..., relay=x. [ip], dsn=5.7.1, stat=..." and OpenSMTPD's
 * "from=<a@b> to=<c@d> ... relay="ip (x)" ... result="PermFail" stat="550 ..."" */
static bool log_sendmail(struct bounce_reader *in, struct span line)
{
    struct span said = log_stat(line);
    struct span to = log_value(line, "to=");
    struct bounce_draft *draft = NULL;

    if (said.len == 0 || to.len == 0)
        return false;
    draft = log_draft(in, line, bounce_typed_address(to));
    draft->diagnostic = said;
    draft->said.host = log_host(in->arena, log_value(line, "relay="));
    draft->said.action = log_action(said, log_value(line, "result="));
    if (span_find_nocase(line, "permfail") >= 0)
        draft->said.action = "failed";
    smtp_enhanced_parse(log_value(line, "dsn="), &draft->status);
    log_from(in, log_value(line, "from="));
    log_from(in, log_value(line, "ctladdr="));
    log_keep(in, line, "source=", &in->out->original.client);
    return true;
}

/* ---- Exim ---- */

/* log_exim_mark - where " ** " and the like are, and what they mean */
static ptrdiff_t log_exim_mark(struct span line, const char **action_out)
{
    static const struct {
        const char *mark;
        const char *action;
    } marks[] = {{" ** ", "failed"}, {" == ", "delayed"}, {" => ", "delivered"}};

    for (size_t i = 0; i < COUNT_OF(marks); i++) {
        ptrdiff_t at =
            span_find_nocase(span_sub(line, 0, LIMIT_LINE_LOOK_BYTES), marks[i].mark);

        if (at > 0) {
            *action_out = marks[i].action;
            return at;
        }
    }
    return -1;
}

/* log_exim - "... ** a@b R=router T=transport H=x [ip]: SMTP error from ...: 550 ..." */
static bool log_exim(struct bounce_reader *in, struct span line)
{
    const char *action = NULL;
    ptrdiff_t at = log_exim_mark(line, &action);
    struct span rest = {0};
    struct span address = {0};
    struct bounce_draft *draft = NULL;
    size_t len = 0;

    if (at < 0)
        return false;
    rest = span_from(line, (size_t)at + 4);
    len = bounce_address_at(rest, &address);
    if (len == 0)
        return false;
    draft = log_draft(in, line, address);
    rest = span_from(rest, len);
    draft->said.action = action;
    draft->said.host = log_host(in->arena, log_value(rest, "H="));
    log_from(in, log_value(rest, "F="));
    log_from(in, log_value(rest, "P="));
    at = span_find_nocase(rest, ": ");
    draft->diagnostic = at > 0 ? span_from(rest, (size_t)at + 2) : rest;
    return true;
}

/* log_exim_reject - "H=(x) [ip] F=<a@b> rejected RCPT <c@d>: ..." */
static bool log_exim_reject(struct bounce_reader *in, struct span line)
{
    ptrdiff_t at = span_find_nocase(line, " rejected ");
    struct span rest = span_from(line, at > 0 ? (size_t)at + 10 : line.len);
    ptrdiff_t open = span_find(line, '[');
    ptrdiff_t close = span_find(line, ']');
    ptrdiff_t colon = span_find_nocase(rest, ": ");
    struct bounce_draft *draft = NULL;

    if (at < 0 || colon < 0 || span_find_nocase(line, "H=") < 0 || open < 0 || close < open)
        return false;
    draft = log_draft(in, line,
                      bounce_typed_address(span_from(rest, span_find(rest, '<') > 0
                                                               ? (size_t)span_find(rest, '<')
                                                               : rest.len)));
    draft->diagnostic = span_from(rest, (size_t)colon + 2);
    draft->said.action = "failed";
    in->out->original.client = arena_strdup_span(
        in->arena, span_sub(line, (size_t)open + 1, (size_t)(close - open - 1)));
    log_from(in, log_value(line, "F="));
    return true;
}

/* ---- Exchange ---- */

/* log_column - the next column of a line with commas; quotes are taken off */
static struct span log_column(struct span *rest)
{
    struct span column = {0};

    if (rest->len > 0 && rest->at[0] == '"') {
        ptrdiff_t end = span_find(span_from(*rest, 1), '"');

        column = span_sub(*rest, 1, end < 0 ? rest->len : (size_t)end);
        *rest = span_from(*rest, column.len + 2);
        if (rest->len > 0 && rest->at[0] == ',')
            *rest = span_from(*rest, 1);
        return column;
    }
    return span_cut(rest, ',');
}

/* log_tracked_text - "[{LED=550 5.7.1 ...};{MSG=};...]": the reply; else all of it */
static struct span log_tracked_text(struct span status)
{
    ptrdiff_t at = span_find_nocase(status, "{LED=");
    struct span rest = {0};

    if (at < 0)
        return status;
    rest = span_from(status, (size_t)at + 5);
    at = span_find_nocase(rest, "};");
    return at > 0 ? span_sub(rest, 0, (size_t)at) : rest;
}

/* log_exchange - a line of message tracking: date, ..., FAIL, ..., recipients, status, ... */
static bool log_exchange(struct bounce_reader *in, struct span line)
{
    struct span rest = line;
    struct span status = {0};
    struct span recipient = {0};
    const char *action = NULL;
    struct bounce_draft *draft = NULL;
    int64_t unused = 0;

    if (line.len < 20 || span_find(span_sub(line, 0, 30), ',') < 0 ||
        !bounce_date(log_column(&rest), &unused))
        return false;
    while (rest.len > 0 && action == NULL) {
        struct span column = log_column(&rest);

        action = span_equal_text(column, "FAIL")      ? "failed"
                 : span_equal_text(column, "DEFER")   ? "delayed"
                 : span_equal_text(column, "DELIVER") ? "delivered"
                                                      : NULL;
    }
    while (rest.len > 0 && status.len == 0) {
        struct span column = log_column(&rest);
        struct span address = {0};

        if (recipient.len > 0)
            status = column;
        else if (column.len > 0 && column.at[0] != '<' && /* that is a Message-ID */
                 bounce_address_at(column, &address) == column.len)
            recipient = address;
    }
    if (action == NULL || recipient.len == 0)
        return false;
    draft = log_draft(in, line, recipient);
    draft->said.action = action;
    draft->diagnostic = log_tracked_text(status);
    return true;
}

/* ---- PowerMTA ---- */

/* log_is_address - an IP address and nothing else */
static bool log_is_address(struct span column)
{
    struct ip_address address = {0};

    return ip_parse(column, &address);
}

/* log_account_column - one column of an accounting record, by its form: which columns there are
 * is configured */
static void log_account_column(struct bounce_reader *in, struct span column,
                               struct bounce_draft *draft)
{
    struct arena *arena = in->arena;

    if (span_equal_text(column, "failed") || span_equal_text(column, "delayed") ||
        span_equal_text(column, "relayed") || span_equal_text(column, "delivered"))
        draft->said.action = arena_strdup_span(arena, column);
    else if (span_starts_with_nocase(column, "smtp;"))
        draft->diagnostic = span_trim(span_from(column, 5));
    else if (draft->diagnostic.len > 0 && draft->said.host == NULL &&
             span_find(column, '.') > 0 && span_find(column, '(') > 0)
        draft->said.host = log_host(arena, span_cut(&column, '('));
    else if (draft->said.host != NULL && in->out->original.client == NULL &&
             log_is_address(column))
        in->out->original.client = arena_strdup_span(arena, column);
    else if (draft->status.kind == 0)
        smtp_enhanced_parse(column, &draft->status);
}

/* log_account - "b,2026-11-29 10:00:00+0000,...,sender,recipient,...,failed,5.1.1 (...),
 * smtp;550 ...,host (ip),..." */
static bool log_account(struct bounce_reader *in, struct span line)
{
    struct span rest = line;
    struct span type = log_column(&rest);
    struct span date = log_column(&rest);
    struct bounce_draft *draft = NULL;
    struct span sender = {0};

    if (type.len == 0 || type.len > 2 || !ascii_is_alpha(type.at[0]) || date.len < 19 ||
        date.at[4] != '-' || date.at[10] != ' ' || span_find_nocase(line, "smtp;") < 0)
        return false;
    while (rest.len > 0) {
        struct span column = log_column(&rest);
        struct span address = {0};
        bool is_address = column.len > 0 && bounce_address_at(column, &address) == column.len;

        if (draft != NULL)
            log_account_column(in, column, draft);
        else if (is_address && sender.len == 0)
            sender = address;
        else if (is_address)
            draft = log_draft(in, date, address);
    }
    if (draft != NULL)
        log_from(in, sender);
    return draft != NULL;
}

/* ---- qmail ---- */

/* log_qmail - "delivery 12: failure: 192.0.2.1_does_not_like_recipient./Remote_host_..." */
static bool log_qmail(struct bounce_reader *in, struct span line)
{
    static const char *const words[] = {": failure: ", ": deferral: "};
    ptrdiff_t at = span_find_nocase(line, "delivery ");
    struct span rest = at >= 0 ? span_from(line, (size_t)at + strlen("delivery ")) : line;
    struct span address = {0};
    struct bounce_draft *draft = NULL;
    char *text = NULL;
    size_t digits = 0;

    while (digits < rest.len && ascii_is_digit(rest.at[digits]))
        digits++;
    rest = span_from(rest, digits);
    for (size_t i = 0; at >= 0 && digits > 0 && i < COUNT_OF(words) && text == NULL; i++)
        if (span_starts_with(rest, words[i]))
            text = arena_strdup_span(in->arena, span_from(rest, strlen(words[i])));
    if (text == NULL)
        return false;
    for (char *octet = text; *octet != '\0'; octet++)
        *octet = *octet == '_' || *octet == '/' ? ' ' : *octet;
    at = span_find(span_of(text), '<');
    if (at >= 0)
        bounce_address_at(span_from(span_of(text), (size_t)at + 1), &address);
    draft = log_draft(in, line, address);
    draft->diagnostic = span_of(text);
    return true;
}

bool bounce_log_read(struct bounce_reader *in, struct span line)
{
    line = span_trim(line);
    if (line.len > LIMIT_REPLY_BYTES)
        line.len = LIMIT_REPLY_BYTES;
    return log_postfix(in, line) || log_exim(in, line) || log_sendmail(in, line) ||
           log_exim_reject(in, line) || log_exchange(in, line) || log_account(in, line) ||
           log_qmail(in, line);
}
