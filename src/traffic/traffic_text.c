/* Numbers and sentences about traffic. */
#include <string.h>

#include "base/arena.h"
#include "base/sbuf.h"
#include "model/traffic.h"
#include "traffic/traffic.h"

#define SENTENCE_SENDERS 2

/* text_sender - "; 80 from mail7.example.net (yours: its name ...) fail: sign there first" */
static void text_sender(struct sbuf *text, const struct traffic_sender *sender)
{
    struct arena *arena = text->arena;

    sbuf_addf(text, "; %s from %s (%s: %s) %s",
              traffic_number(arena, traffic_failing(&sender->world)), sender->name,
              sender->owner == TRAFFIC_OWN ? "yours" : "perhaps yours", sender->reason,
              sender->passes_since > 0 ? "failed" : "fail");
    if (sender->passes_since > 0)
        sbuf_addf(text, " until %s, and it passes since %s",
                  traffic_day(arena, sender->fail_until),
                  traffic_day(arena, sender->passes_since));
    else
        sbuf_addf(text, "%s",
                  sender->owner == TRAFFIC_OWN ? ": sign there first"
                                               : ": find out who uses it");
}

/* text_own - the largest senders of one's own that fail, and how many more */
static void text_own(struct sbuf *text, const struct traffic *traffic)
{
    size_t shown = 0;
    size_t more = 0;
    uint64_t messages = 0;

    for (const struct traffic_sender *one = traffic->senders; one != NULL; one = one->next) {
        if (one->owner > TRAFFIC_PERHAPS || traffic_failing(&one->world) == 0)
            continue;
        if (shown < SENTENCE_SENDERS) {
            text_sender(text, one);
            shown++;
            continue;
        }
        more++;
        messages += traffic_failing(&one->world);
    }
    if (more > 0)
        sbuf_addf(text, "; %s from %zu more of yours fail",
                  traffic_number(text->arena, messages), more);
}

const char *traffic_evidence(const struct traffic *traffic, const struct traffic_sum *sum)
{
    struct arena *arena = traffic->arena;
    struct sbuf text = sbuf_start(arena);
    unsigned days = traffic_days(traffic);
    uint64_t unseen = 0;

    if (sum->messages == 0)
        return "the reports hold no message of the domain";
    sbuf_addf(&text, "of %s messages in %u day%s %s pass", traffic_number(arena, sum->messages),
              days, days == 1 ? "" : "s", traffic_number(arena, sum->pass));
    text_own(&text, traffic);
    if (sum->fail[TRAFFIC_FORWARDED] > 0)
        sbuf_addf(&text, "; %s look forwarded",
                  traffic_number(arena, sum->fail[TRAFFIC_FORWARDED]));
    if (sum->fail[TRAFFIC_FOREIGN] > 0)
        sbuf_addf(&text, "; %s are foreign", traffic_number(arena, sum->fail[TRAFFIC_FOREIGN]));
    if (sum->unknown > 0)
        sbuf_addf(&text, "; %s could not be judged", traffic_number(arena, sum->unknown));
    for (const struct traffic_sender *one = traffic->senders; one != NULL; one = one->next)
        unseen += one->unseen;
    if (unseen > 0)
        sbuf_addf(&text,
                  "; %s that would pass today failed then, and no newer report shows it "
                  "yet",
                  traffic_number(arena, unseen));
    return sbuf_text(&text);
}
