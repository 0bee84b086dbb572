/* What a change of DNS does to mail that receivers reported. */
#include <string.h>

#include "base/arena.h"
#include "base/limits_reports.h"
#include "render/render_traffic.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/traffic.h"
#include "render/render_json.h"
#include "render/render_page.h"

#define COLUMN_LINE  2
#define CHANGES_MOST 10 /* without -v */

/* a sum that became another, and how it is shown */
struct change_line {
    uint64_t before;
    uint64_t after;
    const char *text;
};

/* change_of_sender - messages that pass then less those that pass now */
static int64_t change_of_sender(const struct traffic_sender *sender)
{
    return (int64_t)sender->world.pass - (int64_t)sender->now.pass;
}

/* change_is_new - the policy is to act on messages of the sender, and did not before */
static bool change_is_new(const struct traffic_sender *sender)
{
    return sender->world.refused > sender->now.refused ||
           sender->world.junked > sender->now.junked;
}

/* traffic_change_text - "80 messages of ... are refused then"; NULL: nothing to report */
static const char *traffic_change_text(struct arena *arena, const struct traffic_sender *sender)
{
    int64_t change = change_of_sender(sender);
    uint64_t size = (uint64_t)(change < 0 ? -change : change);
    bool is_refused = sender->world.refused > sender->now.refused;
    const char *action = change < 0 ? "no longer pass DMARC" : "pass DMARC then";

    if (change == 0 && (sender->owner > TRAFFIC_PERHAPS || !change_is_new(sender)))
        return NULL;
    if (change == 0) {
        size = is_refused ? sender->world.refused - sender->now.refused
                          : sender->world.junked - sender->now.junked;
        action = is_refused ? "are refused then" : "go to junk then";
    }
    return arena_printf(arena, "%s messages of %s (%s: %s) %s", traffic_number(arena, size),
                        sender->name, traffic_owner_to_text(sender->owner), sender->reason,
                        action);
}

/* change_senders - those of whose mail something else becomes then */
static void change_senders(struct page *page, const struct traffic *traffic)
{
    size_t count = 0;

    for (const struct traffic_sender *one = traffic->senders; one != NULL; one = one->next) {
        const char *text = traffic_change_text(page->arena, one);
        bool is_better = change_of_sender(one) > 0;

        if (text == NULL || (++count > CHANGES_MOST && !page->is_verbose))
            continue;
        page_item(page, COLUMN_LINE, is_better ? "+ " : "- ", text);
    }
    if (count > CHANGES_MOST && !page->is_verbose)
        page_linef(page, COLUMN_LINE, PAGE_FAINT, "%zu more senders: -v", count - CHANGES_MOST);
}

void render_traffic_change(struct page *page, const struct traffic *traffic,
                           const struct traffic_sum *after)
{
    const struct traffic_sum *before = &traffic->now;
    const struct change_line lines[] = {
        {before->pass, after->pass, "pass"},
        {before->refused, after->refused, "to be refused"},
        {before->junked, after->junked, "to go to junk"},
        {before->unknown, after->unknown, "could not be evaluated"},
    };
    struct sbuf text = sbuf_start(page->arena);

    sbuf_addf(&text, "receivers reported %s messages in %s",
              traffic_number(page->arena, before->messages),
              page_count(page, traffic_days(traffic), "day"));
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        if (lines[i].before != lines[i].after || i == 0)
            sbuf_addf(&text, "%s %s: %s -> %s", i == 0 ? ":" : ",", lines[i].text,
                      traffic_number(page->arena, lines[i].before),
                      traffic_number(page->arena, lines[i].after));
    page_line(page, COLUMN_LINE, after->pass < before->pass ? PAGE_BAD : PAGE_PLAIN,
              sbuf_text(&text));
    change_senders(page, traffic);
}

json_t *render_traffic_json_change(struct arena *arena, const struct traffic *traffic,
                                   const struct traffic_sum *after)
{
    json_t *senders = NULL;

    if (traffic == NULL)
        return json_null();
    senders = json_array();
    for (const struct traffic_sender *one = traffic->senders;
         one != NULL && json_array_size(senders) < LIMIT_TRAFFIC_SENDERS; one = one->next)
        if (change_of_sender(one) != 0 || change_is_new(one))
            json_array_append_new(senders,
                                  json_pack("{s:o, s:s, s:o, s:I, s:I, s:I, s:I, s:I}", "name",
                                            render_json_text(arena, one->name), "owner",
                                            traffic_owner_to_text(one->owner), "reason",
                                            render_json_text(arena, one->reason), "messages",
                                            (json_int_t)one->now.messages, "pass_before",
                                            (json_int_t)one->now.pass, "pass_after",
                                            (json_int_t)one->world.pass, "quarantine_after",
                                            (json_int_t)one->world.junked, "reject_after",
                                            (json_int_t)one->world.refused));
    return json_pack("{s:o, s:o, s:o}", "before", render_traffic_json_sum(&traffic->now),
                     "after", render_traffic_json_sum(after), "senders", senders);
}
