/* How SPF was written and where it was put. */
#include <string.h>

#include "base/escape.h"
#include "base/limits.h"
#include "remedy/remedy_private.h"

static const char marker[] = "v=spf1";

/* ---- several records ---- */

/* spf_text_softest - the "all" that refuses least among those that refuse anything */
static const char *spf_text_softest(const char *all, const struct rec_spf_term *term)
{
    static const char *const order[] = {"?all", "~all", "-all"};

    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
        if (term->qualifier == order[i][0] || (all != NULL && strcmp(all, order[i]) == 0))
            return order[i];
    return all;
}

void remedy_spf_several(struct remedy_maker *maker)
{
    const struct auth_spf_node *root = check_spf_root(maker->facts);
    struct remedy_draft draft = {.arena = maker->arena};
    struct remedy *remedy = remedy_offer(maker, "one record with the terms of all", NULL);
    const struct dns_rr *first = NULL;
    const char *all = NULL;

    for (const struct dns_rr *rr = dns_answer_first(root->answer); rr != NULL;
         rr = dns_answer_next(root->answer, rr)) {
        struct rec_spf record;

        if (!rec_spf_is_record(rr->joined))
            continue;
        rec_spf_parse(maker->arena, rr->joined, &record);
        for (size_t i = 0; i < record.term_count; i++)
            if (record.terms[i].kind != REC_SPF_ALL && !record.terms[i].is_after_all)
                remedy_draft_add(&draft, record.terms[i].text);
        if (record.all != NULL)
            all = spf_text_softest(all, record.all);
        if (first == NULL)
            first = rr;
        else
            remedy_remove(maker, remedy, rr);
    }
    remedy_draft_add_text(&draft, all != NULL ? all : "~all");
    remedy_draft_tidy(&draft);
    remedy_replace_text(maker, remedy, first, remedy_draft_text(&draft));
}

/* ---- terms that are misspelt ---- */

/* strip_edges - quotes, commas, semicolons and the like around a term */
static struct span strip_edges(struct span term)
{
    while (term.len > 0 && strchr("\",;'<(", term.at[0]) != NULL)
        term = span_from(term, 1);
    while (term.len > 0 && strchr("\",;'>).", term.at[term.len - 1]) != NULL)
        term.len--;
    return term;
}

/* spf_text_behind - `rest` behind another beginning */
static const char *spf_text_behind(struct arena *arena, const char *start, struct span rest)
{
    return arena_printf(arena, "%s%.*s", start, SPAN_ARG(rest));
}

/* right_name - spellings of mechanisms: the right one for the beginning of the term */
static const char *right_name(struct arena *arena, struct span term)
{
    static const struct {
        const char *wrong;
        const char *right;
    } names[] = {
        {"ipv4:", "ip4:"},
        {"ipv4=", "ip4:"},
        {"ip4=", "ip4:"},
        {"ip:", "ip4:"},
        {"ip=", "ip4:"},
        {"ip4.", "ip4:"},
        {"ip4::", "ip4:"},
        {"ipv6:", "ip6:"},
        {"ipv6=", "ip6:"},
        {"ip6=", "ip6:"},
        {"includes:", "include:"},
        {"inlcude:", "include:"},
        {"incude:", "include:"},
        {"includ:", "include:"},
        {"inclue:", "include:"},
        {"include=", "include:"},
        {"include::", "include:"},
        {"redirect:", "redirect="},
        {"a=", "a:"},
        {"mx=", "mx:"},
        {"exists=", "exists:"},
        {"all=", "all"},
        {"--all", "-all"},
        {"~~all", "~all"},
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (span_starts_with_nocase(term, names[i].wrong))
            return spf_text_behind(arena, names[i].right,
                                   span_from(term, strlen(names[i].wrong)));
    return NULL;
}

/* as_address - an address that stands alone or behind the wrong mechanism */
static const char *as_address(struct arena *arena, struct span term)
{
    struct span rest = term;
    struct span address = {NULL, 0};
    struct ip_address ip;

    if (span_find(term, ':') >= 0 && !ip_parse(span_cut(&rest, '/'), &ip)) {
        rest = term;
        span_cut(&rest, ':');
    } else {
        rest = term;
    }
    address = rest;
    address = span_cut(&address, '/');
    if (!ip_parse(address, &ip))
        return NULL;
    return spf_text_behind(arena, ip.family == IP_V4 ? "ip4:" : "ip6:", rest);
}

/* plain_prefix - "/032" and "/ 24" without what does not belong there */
static const char *plain_prefix(struct arena *arena, struct span term)
{
    ptrdiff_t slash = span_find_last(term, '/');
    struct span digits = span_from(term, (size_t)(slash + 1));

    if (slash < 0 || digits.len < 2 || digits.at[0] != '0')
        return NULL;
    while (digits.len > 1 && digits.at[0] == '0')
        digits = span_from(digits, 1);
    return arena_printf(arena, "%.*s/%.*s", (int)slash, term.at, SPAN_ARG(digits));
}

/* only_all - "all." or "all/8" or "-all:x" as the word alone */
static const char *only_all(struct arena *arena, struct span term)
{
    struct span word = term;
    const char *qualifier = "";

    if (word.len > 0 && strchr("+-~?", word.at[0]) != NULL) {
        qualifier = arena_printf(arena, "%c", word.at[0]);
        word = span_from(word, 1);
    }
    if (!span_starts_with_nocase(word, "all"))
        return NULL;
    return arena_printf(arena, "%sall", qualifier);
}

/* is_sound - the word alone is a term of a record, and no unknown modifier */
static bool is_sound(struct arena *arena, const char *term)
{
    struct rec_spf record;

    if (term == NULL || term[0] == '\0')
        return false;
    rec_spf_parse(arena, span_of(arena_printf(arena, "%s %s", marker, term)), &record);
    return !record.is_fatal && record.term_count == 1 &&
           record.terms[0].kind != REC_SPF_UNKNOWN_MODIFIER;
}

/* spf_text_repaired - what was probably meant; NULL: nobody knows */
static const char *spf_text_repaired(struct arena *arena, struct span term)
{
    struct span core = strip_edges(term);
    const char *tries[] = {
        arena_strdup_span(arena, core), right_name(arena, core), as_address(arena, core),
        plain_prefix(arena, core),      only_all(arena, core),
    };

    for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++)
        if (is_sound(arena, tries[i]) && !span_equal_text(term, tries[i]))
            return tries[i];
    return NULL;
}

/* term_index - the term that the finding names, as it is in the record; {NULL, 0}: none */
static size_t term_index(const struct remedy_maker *maker, const struct rec_spf *record)
{
    const char *text = maker->finding->where.term;
    size_t i = 0;

    while (i < record->term_count &&
           (text == NULL ||
            strcmp(escape_to_text(maker->arena, record->terms[i].text, LIMIT_SHOWN_BYTES),
                   text) != 0))
        i++;
    return i;
}

void remedy_spf_syntax(struct remedy_maker *maker)
{
    const struct auth_spf_node *root = check_spf_root(maker->facts);
    struct remedy_draft draft = {0};
    const char *right = NULL;
    struct span wrong = {NULL, 0};
    size_t index = 0;

    if (root == NULL || root->record == NULL)
        return;
    index = term_index(maker, root->record);
    if (index == root->record->term_count)
        return;
    wrong = root->record->terms[index].text;
    right = spf_text_repaired(maker->arena, wrong);
    draft = remedy_draft_of(maker->arena, root->record);
    if (right != NULL) {
        draft.terms[index] = span_of(right);
        remedy_replace_text(
            maker,
            remedy_offer(maker, arena_printf(maker->arena, "the term is %s", right), NULL),
            root->rr, remedy_draft_text(&draft));
        draft.terms[index] = wrong;
    }
    remedy_draft_drop(&draft, index);
    remedy_replace_text(maker,
                        remedy_offer(maker, "the record without the term",
                                     right != NULL ? "if it is not needed"
                                                   : "if nobody sends by this term alone"),
                        root->rr, remedy_draft_text(&draft));
}

/* ---- texts that are no record ---- */

/* spf_text_offer_text - the record with another text; beside a sound record it only has to
 * go */
static void spf_text_offer_text(struct remedy_maker *maker, const struct dns_rr *rr,
                                struct span text)
{
    const struct auth_spf_node *root = check_spf_root(maker->facts);

    if (root != NULL && root->record_count > 0 && !rec_spf_is_record(rr->joined)) {
        remedy_remove(maker, remedy_offer(maker, "the other record counts", NULL), rr);
        return;
    }
    if (rec_spf_is_record(text))
        remedy_replace_text(maker, remedy_offer(maker, "the text as it was meant", NULL), rr,
                            text);
}

void remedy_spf_quoted(struct remedy_maker *maker)
{
    const struct dns_rr *rr = maker->finding->where.rr;

    if (rr != NULL)
        spf_text_offer_text(maker, rr, remedy_unquoted(maker->arena, rr->joined));
}

/* after_version - what follows the version, however that is spelt */
static struct span after_version(struct span text)
{
    static const char *const spellings[] = {"v=spf1", "v=spf 1", "v=spf2.0", "v=spf2",
                                            "v=spf",  "spf1",    "v = spf1", "v:spf1"};

    for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++)
        if (span_starts_with_nocase(text, spellings[i]))
            return span_from(text, strlen(spellings[i]));
    return (struct span){NULL, 0};
}

void remedy_spf_version(struct remedy_maker *maker)
{
    const struct dns_rr *rr = maker->finding->where.rr;
    struct span rest = {NULL, 0};
    struct sbuf text = sbuf_start(maker->arena);

    if (rr == NULL)
        return;
    rest = span_trim(rr->joined);
    while (rest.len > 0 && after_version(rest).at == NULL)
        rest = span_from(rest, 1);
    rest = after_version(rest);
    while (rest.len > 0 && strchr(" ,;:.", rest.at[0]) != NULL)
        rest = span_from(rest, 1);
    sbuf_addf(&text, "%s ", marker);
    sbuf_add_span(&text, rest);
    spf_text_offer_text(maker, rr, span_trim(sbuf_span(&text)));
}

void remedy_spf_split_blank(struct remedy_maker *maker)
{
    const struct dns_rr *rr = check_apex_txt(maker->facts);
    struct sbuf text = sbuf_start(maker->arena);

    while (rr != NULL && !span_starts_with_nocase(span_trim(rr->joined), marker))
        rr = dns_answer_next(maker->facts->domain.txt, rr);
    if (rr == NULL)
        return;
    for (size_t i = 0; i < rr->string_count; i++) {
        struct span piece = span_trim(rr->strings[i]);

        if (i > 0 && piece.len > 0)
            sbuf_add_octet(&text, ' ');
        sbuf_add_span(&text, piece);
    }
    remedy_replace_text(maker, remedy_offer(maker, "a blank between its strings", NULL), rr,
                        sbuf_span(&text));
}

void remedy_spf_sender_id(struct remedy_maker *maker)
{
    const struct dns_rr *rr = maker->finding->where.rr;

    if (rr != NULL)
        remedy_remove(maker, remedy_offer(maker, "nobody uses it any more", NULL), rr);
}

/* ---- the wrong place ---- */

/* spf_in - the one SPF record among the texts of an answer; NULL: none or several */
static const struct dns_rr *spf_in(const struct dns_answer *answer)
{
    const struct dns_rr *rr = NULL;

    return answer != NULL && auth_spf_select(answer, &rr) == 1 ? rr : NULL;
}

/* add_to_domain - the text of a record that stands elsewhere */
static void add_to_domain(struct remedy_maker *maker, struct remedy *remedy,
                          const struct dns_rr *rr)
{
    remedy_add_text(maker, remedy, maker->facts->domain.name,
                    arena_strdup_span(maker->arena, rr->joined));
}

void remedy_spf_wrong_name(struct remedy_maker *maker)
{
    const struct dns_rr *rr = spf_in(maker->facts->domain.spf_misplaced);
    struct remedy *remedy = NULL;

    if (rr == NULL)
        return;
    remedy = remedy_offer(maker, "the record where receivers look", NULL);
    add_to_domain(maker, remedy, rr);
}

void remedy_spf_type99(struct remedy_maker *maker)
{
    const struct dns_rr *rr = spf_in(maker->facts->domain.spf_type);

    if (rr != NULL)
        add_to_domain(maker, remedy_offer(maker, "the same text in the type that counts", NULL),
                      rr);
}

void remedy_spf_at_dmarc(struct remedy_maker *maker)
{
    const struct auth_dmarc_step *step = check_dmarc_own_step(maker->facts);
    const struct auth_spf_node *root = check_spf_root(maker->facts);
    const struct dns_rr *rr = step != NULL ? spf_in(step->answer) : NULL;
    struct remedy *remedy = NULL;

    if (rr == NULL || root == NULL)
        return;
    remedy = remedy_offer(maker, "each record where it belongs", NULL);
    remedy_remove(maker, remedy, rr);
    if (root->record_count == 0)
        add_to_domain(maker, remedy, rr);
    if (step->record_count == 0)
        remedy_add_text(maker, remedy, rr->owner, "v=DMARC1; p=none");
}
