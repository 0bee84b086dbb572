/* Failure and abuse reports: RFC 5965, RFC 6591. */
#include "bounce/bounce_private.h"
#include "reply/reply_class.h"

/* feedback_addresses - To of the original message */
static void feedback_addresses(struct bounce_reader *in, const struct bounce_parts *parts)
{
    const struct bounce_part *part = bounce_parts_find(parts, BOUNCE_PART_ORIGINAL);
    struct bounce_fields fields = {0};
    struct span address = {0};
    struct span to = {0};

    if (part == NULL)
        return;
    fields = bounce_fields_read(in->arena, part->content);
    to = bounce_fields_find(&fields, "To");
    for (size_t at = 0; (at = bounce_address_next(to, at, &address)) > 0;)
        bounce_draft_add(in, address);
}

/* feedback_value - a value of the report as text, or NULL */
static const char *feedback_value(struct bounce_reader *in, const struct bounce_fields *fields,
                                  const char *name)
{
    struct span value = bounce_fields_find(fields, name);

    return value.len > 0 ? arena_strdup_span(in->arena, value) : NULL;
}

/* feedback_lower - the same in lower case */
static const char *feedback_lower(struct bounce_reader *in, const struct bounce_fields *fields,
                                  const char *name)
{
    struct span value = bounce_fields_find(fields, name);

    return value.len > 0 ? arena_strdup_span(in->arena, reply_text_fold(in->arena, value))
                         : NULL;
}

static const char complaint_subject[] = "complaint about message from "; /* Outlook.com */

/* complaint_read - reports without a feedback part: those of Outlook.com, and what Apple Mail
 * sends to unsubscribe */
static bool complaint_read(struct bounce_reader *in, const struct bounce_parts *parts)
{
    struct span subject = bounce_fields_find(&parts->fields, "Subject");
    ptrdiff_t at = span_find_nocase(subject, complaint_subject);

    if (at >= 0) {
        struct span client =
            span_trim(span_from(subject, (size_t)at + sizeof(complaint_subject) - 1));

        in->out->feedback = "abuse";
        in->out->original.client = arena_strdup_span(in->arena, client);
        feedback_addresses(in, parts);
        return true;
    }
    if (bounce_fields_find(&parts->fields, "X-Apple-Unsubscribe").len == 0)
        return false;
    in->out->feedback = "opt-out";
    bounce_draft_add(in, bounce_typed_address(bounce_fields_find(&parts->fields, "From")));
    return true;
}

bool bounce_feedback_is(const struct bounce_parts *parts)
{
    return bounce_parts_find(parts, BOUNCE_PART_FEEDBACK) != NULL ||
           span_find_nocase(bounce_fields_find(&parts->fields, "Subject"), complaint_subject) >=
               0 ||
           bounce_fields_find(&parts->fields, "X-Apple-Unsubscribe").len > 0;
}

bool bounce_feedback_read(struct bounce_reader *in, const struct bounce_parts *parts)
{
    const struct bounce_part *part = bounce_parts_find(parts, BOUNCE_PART_FEEDBACK);
    struct bounce_original *original = &in->out->original;
    struct bounce_fields fields = {0};
    struct span path = {0};

    if (part == NULL)
        return complaint_read(in, parts);
    fields = bounce_fields_read(in->arena, span_trim(part->content));
    in->out->feedback = feedback_lower(in, &fields, "Feedback-Type");
    in->out->failure = feedback_lower(in, &fields, "Auth-Failure");
    original->client = feedback_value(in, &fields, "Source-IP");
    original->from = feedback_lower(in, &fields, "Reported-Domain");
    original->dkim_domain = feedback_lower(in, &fields, "DKIM-Domain");
    original->selector = feedback_lower(in, &fields, "DKIM-Selector");
    path = bounce_fields_find(&fields, "Original-Mail-From");
    if (path.len > 0)
        original->mail_from = arena_strdup_span(in->arena, bounce_typed_address(path));
    in->reporter = feedback_lower(in, &fields, "Reporting-MTA");
    if (in->reporter != NULL)
        in->reporter =
            arena_strdup_span(in->arena, bounce_typed_address(span_of(in->reporter)));
    if (bounce_fields_find(&fields, "Arrival-Date").len > 0)
        in->has_time = bounce_date(bounce_fields_find(&fields, "Arrival-Date"), &in->time);
    for (size_t i = 0; i < fields.count; i++)
        if (span_equal_nocase(fields.list[i].name, "Original-Rcpt-To"))
            bounce_draft_add(in, bounce_typed_address(fields.list[i].value));
    if (in->count == 0)
        feedback_addresses(in, parts);
    if (in->count == 0)
        bounce_draft_add(in, span_of(""));
    return true;
}
