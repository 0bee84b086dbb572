/* A line is a record; what a zone file may do beyond that (directives, brackets) is refused. */
#include "base/escape.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/span.h"
#include "dns/dns_rr.h"
#include "dnssec/dnssec_anchor.h"

/* https://data.iana.org/root-anchors/root-anchors.xml: KSK-2017 and KSK-2024 */
static const char *const root_anchors[] = {
    ". 0 IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
    ". 0 IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16",
};

/* anchor_add - to the end of the list */
static struct dnssec_anchor **anchor_add(struct arena *arena, struct dnssec_anchor **tail,
                                         const struct dns_rr *rr)
{
    struct dnssec_anchor *anchor = arena_new_of(arena, struct dnssec_anchor);

    anchor->rr = rr;
    *tail = anchor;
    return &anchor->next;
}

const struct dnssec_anchor *dnssec_anchors_root(void)
{
    static struct dnssec_anchor *anchors; /* read once: a scan needs them for each subject */
    static struct arena *arena;           /* theirs */
    struct dnssec_anchor **tail = &anchors;
    struct err why = {0};

    if (anchors != NULL)
        return anchors;
    arena = arena_open();
    for (size_t i = 0; i < COUNT_OF(root_anchors); i++) {
        const struct dns_rr *rr = dns_rr_from_text(arena, root_anchors[i], &why);

        must(rr != NULL);
        tail = anchor_add(arena, tail, rr);
    }
    return anchors;
}

/* anchor_read_line - one record; false if it cannot be an anchor */
static bool anchor_read_line(struct arena *arena, struct span line,
                             struct dnssec_anchor ***tail)
{
    struct err why = {0};
    const struct dns_rr *rr = dns_rr_from_text(arena, arena_strdup_span(arena, line), &why);

    if (rr == NULL || (rr->type != DNS_DS && rr->type != DNS_DNSKEY))
        return false;
    *tail = anchor_add(arena, *tail, rr);
    return true;
}

const struct dnssec_anchor *dnssec_anchors_load(struct arena *arena, const char *path,
                                                struct err *why)
{
    struct dnssec_anchor *anchors = NULL;
    struct dnssec_anchor **tail = &anchors;
    struct span bytes = {0};
    size_t count = 0;

    if (!file_load_text(arena, path, LIMIT_ANCHOR_BYTES, &bytes, why))
        return NULL;
    for (int line = 1; bytes.len > 0; line++) {
        struct span text = span_cut(&bytes, '\n');

        text = span_trim(span_cut(&text, ';'));
        if (text.len == 0)
            continue;
        if (++count > LIMIT_ANCHORS || !anchor_read_line(arena, text, &tail)) {
            err_set_kind(why, ERR_INPUT,
                         count > LIMIT_ANCHORS
                             ? "%s:%d: too many trust anchors: \"%s\""
                             : "%s:%d: expected a DS or DNSKEY record on one line: \"%s\"",
                         path, line, escape_to_text(arena, text, LIMIT_SHOWN_BYTES));
            return NULL;
        }
    }
    if (anchors == NULL)
        err_set_kind(why, ERR_INPUT, "%s: holds no DS or DNSKEY record", path);
    return anchors;
}

const struct dns_name *dnssec_anchors_closest(const struct dnssec_anchor *anchors,
                                              const struct dns_name *name)
{
    const struct dns_name *closest = NULL;

    for (; anchors != NULL; anchors = anchors->next) {
        const struct dns_name *owner = anchors->rr->owner;

        if (dns_name_is_below(name, owner) &&
            (closest == NULL || owner->labels > closest->labels))
            closest = owner;
    }
    return closest;
}
