/* Words about differences, and how many addresses they are about. */
#include "model/compare.h"

#include <string.h>

#include "base/sbuf.h"

static const struct {
    const char *id;
    enum finding_id row;
    enum compare_class class;
} kinds[COMPARE_KINDS] = {
#define COMPARE(id, class) {#id, ID_##id, COMPARE_##class},
#include "model/compare.def"
};

const char *compare_kind_to_text(enum compare_kind kind)
{
    return kinds[kind].id;
}

enum compare_class compare_kind_class(enum compare_kind kind)
{
    return kinds[kind].class;
}

bool compare_kind_find(enum finding_id row, enum compare_kind *kind_out)
{
    for (int kind = 0; kind < COMPARE_KINDS; kind++)
        if (kinds[kind].row == row) {
            *kind_out = (enum compare_kind)kind;
            return true;
        }
    return false;
}

const char *compare_key_change_to_text(enum compare_key_change change)
{
    static const char *const words[] = {"same", "gone", "new", "replaced", "unknown"};

    return words[change];
}

const char *compare_size_text(struct arena *arena, const struct ip_ranges both[])
{
    struct sbuf text = sbuf_start(arena);
    const char *digits = ip_ranges_size_text(arena, &both[0]);
    size_t networks = ip_ranges_count_networks(&both[1]);

    if (both[0].count > 0 || networks == 0)
        sbuf_addf(&text, "%s address%s", ip_ranges_size_grouped(arena, &both[0]),
                  strcmp(digits, "1") == 0 ? "" : "es");
    if (networks > 0)
        sbuf_addf(&text, "%s%zu IPv6 network%s", text.len > 0 ? " and " : "", networks,
                  networks == 1 ? "" : "s");
    return sbuf_text(&text);
}

const char *compare_networks_text(struct arena *arena, const struct ip_ranges both[],
                                  size_t max)
{
    struct sbuf text = sbuf_start(arena);
    size_t count = 0;

    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++) {
        struct ip_network_walk walk = {0};
        struct ip_network network;

        while (ip_ranges_next_network(&both[i], &walk, &network))
            if (count++ < max)
                sbuf_addf(&text, "%s%s", count > 1 ? ", " : "",
                          ip_network_to_text(arena, &network));
    }
    if (count > max)
        sbuf_addf(&text, " and %zu more", count - max);
    return sbuf_text(&text);
}
