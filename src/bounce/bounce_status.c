/*
 * The fields of RFC 3464, in a part of their own or in a text. Groups are found by fields that
 * repeat, because many reports have too many empty lines, or none.
 */
#include "base/sbuf.h"
#include "bounce/bounce_private.h"
#include "reply/reply.h"
#include "reply/reply_class.h"

enum status_field {
    STATUS_FINAL,
    STATUS_ORIGINAL,
    STATUS_ACTION,
    STATUS_CODE,
    STATUS_DIAGNOSTIC,
    STATUS_REMOTE,
    STATUS_LAST_ATTEMPT,
    STATUS_REPORTER,
    STATUS_ARRIVAL,
    STATUS_SENDER,
    STATUS_EXPANDED,
    STATUS_FIELDS
};

static const struct {
    const char *name;
    enum status_field field;
    bool is_of_recipient;
} status_names[] = {
    {"Final-Recipient", STATUS_FINAL, true},
    {"Original-Recipient", STATUS_ORIGINAL, true},
    {"Action", STATUS_ACTION, true},
    {"Status", STATUS_CODE, true},
    {"Diagnostic-Code", STATUS_DIAGNOSTIC, true},
    {"Remote-MTA", STATUS_REMOTE, true},
    {"Last-Attempt-Date", STATUS_LAST_ATTEMPT, true},
    {"Reporting-MTA", STATUS_REPORTER, false},
    {"Arrival-Date", STATUS_ARRIVAL, false},
    {"X-Postfix-Sender", STATUS_SENDER, false},
    {"X-Actual-Recipient", STATUS_EXPANDED, true},
};

/* one group while it is read */
struct status_group {
    struct span values[STATUS_FIELDS];
    struct sbuf current; /* the value that may be continued */
    bool is_ended;       /* by an empty line */
    bool has_recipient_field;
};

/* status_field_of - which field a line begins; STATUS_FIELDS: none */
static enum status_field status_field_of(struct span line, struct span *value_out, bool *of_out)
{
    struct span rest = line;
    struct span name = span_trim(span_cut(&rest, ':'));

    if (rest.at == NULL)
        return STATUS_FIELDS;
    *value_out = span_trim(rest);
    for (size_t i = 0; i < COUNT_OF(status_names); i++)
        if (span_equal_nocase(name, status_names[i].name)) {
            *of_out = status_names[i].is_of_recipient;
            return status_names[i].field;
        }
    return STATUS_FIELDS;
}

/* without_type - "smtp; 550 ..." and "dns; host" without what is before the first ";" */
static struct span without_type(struct span value)
{
    ptrdiff_t at = span_find(span_sub(value, 0, 20), ';');

    for (ptrdiff_t i = 0; value.at != NULL && i < at; i++)
        if (!ascii_is_alnum(value.at[i]) && value.at[i] != '-' && value.at[i] != ' ')
            return value;
    return at < 0 ? value : span_trim(span_from(value, (size_t)at + 1));
}

/* host_text - the name of a host in lower case; NULL: none */
static const char *host_text(struct arena *arena, struct span value)
{
    struct span host = without_type(value);
    struct span rest = host;

    host = span_cut(&rest, ' ');
    while (host.len > 0 && strchr("<[(", host.at[0]) != NULL)
        host = span_from(host, 1);
    while (host.len > 0 && strchr(">]).,;", host.at[host.len - 1]) != NULL)
        host.len--;
    return host.len > 0 ? arena_strdup_span(arena, reply_text_fold(arena, host)) : NULL;
}

/* status_take - the fields of a group become a recipient */
static bool status_take(struct bounce_reader *in, const struct status_group *group)
{
    const struct span *values = group->values;
    struct span final = bounce_typed_address(values[STATUS_FINAL]);
    struct span original = bounce_typed_address(values[STATUS_ORIGINAL]);
    struct bounce_draft *draft = NULL;
    struct span code = values[STATUS_CODE];

    if (values[STATUS_REPORTER].len > 0)
        in->reporter = host_text(in->arena, values[STATUS_REPORTER]);
    if (values[STATUS_SENDER].len > 0)
        in->out->original.mail_from =
            arena_strdup_span(in->arena, bounce_typed_address(values[STATUS_SENDER]));
    if (!in->has_time && values[STATUS_ARRIVAL].len > 0)
        in->has_time = bounce_date(values[STATUS_ARRIVAL], &in->time);
    if (span_find(final, '@') < 0 && span_find(original, '@') > 0)
        final = original;
    if (final.len == 0)
        return false;
    draft = bounce_draft_add(in, final);
    if (original.len > 0 && !span_equal_nocase(original, draft->said.address))
        draft->said.original = arena_strdup_span(in->arena, original);
    if (values[STATUS_ACTION].len > 0) {
        struct span rest = values[STATUS_ACTION];

        draft->said.action =
            arena_strdup_span(in->arena, reply_text_fold(in->arena, span_cut(&rest, ' ')));
    }
    draft->said.host = host_text(in->arena, values[STATUS_REMOTE]);
    draft->said.has_time = bounce_date(values[STATUS_LAST_ATTEMPT], &draft->said.time);
    draft->diagnostic = without_type(values[STATUS_DIAGNOSTIC]);
    code = span_cut(&code, ' ');
    smtp_enhanced_parse(code, &draft->status);
    return true;
}

/* begins_group - the field starts the next recipient, or is about the message again */
static bool begins_group(const struct status_group *group, enum status_field field, bool is_of)
{
    bool is_recipient = field == STATUS_FINAL || field == STATUS_ORIGINAL;

    if (group->values[field].len > 0)
        return true;
    if (group->is_ended && is_of && !group->has_recipient_field)
        return true; /* behind the fields of the message */
    return group->is_ended && is_recipient && group->values[STATUS_FINAL].len > 0;
}

/* status_add - a field, or another line of the field before */
static bool status_add(struct bounce_reader *in, struct status_group *group, struct span line,
                       enum status_field *last)
{
    struct span value = {0};
    bool is_of = false;
    bool is_taken = false;
    enum status_field field = status_field_of(line, &value, &is_of);

    if (field == STATUS_FIELDS) {
        if (*last == STATUS_FIELDS || line.len == 0 || !ascii_is_blank(line.at[0])) {
            *last = STATUS_FIELDS;
            return false;
        }
        sbuf_add_octet(&group->current, ' ');
        sbuf_add_span(&group->current, span_trim(line));
        group->values[*last] = sbuf_span(&group->current);
        return false;
    }
    if (begins_group(group, field, is_of)) {
        is_taken = status_take(in, group);
        *group = (struct status_group){.is_ended = false};
    }
    group->current = sbuf_start(in->arena);
    sbuf_add_span(&group->current, value.len > 0 ? value : span_of(" "));
    group->values[field] = sbuf_span(&group->current);
    group->has_recipient_field |= is_of;
    group->is_ended = false;
    *last = field;
    return is_taken;
}

bool bounce_status_read(struct bounce_reader *in, struct span text, bool is_part)
{
    struct status_group group = {.is_ended = false};
    enum status_field last = STATUS_FIELDS;
    struct span rest = text;
    bool is_any = false;

    while (rest.len > 0) {
        struct span line = span_cut(&rest, '\n');

        if (span_trim(line).len == 0) {
            group.is_ended = true;
            last = STATUS_FIELDS;
            continue;
        }
        if (!is_part || !ascii_is_blank(line.at[0])) {
            /* in a text the fields may be quoted or indented */
            struct span value = {0};
            bool is_of = false;
            struct span bare = span_trim(line);

            while (bare.len > 0 && (bare.at[0] == '>' || bare.at[0] == '|'))
                bare = span_trim(span_from(bare, 1));
            if (status_field_of(bare, &value, &is_of) != STATUS_FIELDS)
                line = bare;
        }
        is_any |= status_add(in, &group, line, &last);
    }
    return status_take(in, &group) || is_any;
}
