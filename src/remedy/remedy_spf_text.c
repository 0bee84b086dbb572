/* How SPF was written and where it was put. */
#include <string.h>

#include "auth/auth_spf.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/span.h"
#include "model/dmarc_verdict.h"
#include "remedy/remedy_private.h"

static const char marker[] = "v=spf1";

/* ---- terms that are misspelt ---- */

/* term_index - the term that the finding names, as it is in the record; term_count: none */
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
    size_t index = 0;
    bool is_known = false;

    if (root == NULL || root->record == NULL)
        return;
    is_known = remedy_offer_meant(maker, &maker->facts->domain.spf_meant);
    index = term_index(maker, root->record);
    if (index == root->record->term_count)
        return;
    draft = remedy_draft_of(maker->arena, root->record);
    remedy_draft_drop(&draft, index);
    remedy_replace_text(
        maker,
        remedy_offer(maker, "remove the term",
                     is_known ? "if it is not needed" : "if no host relies on this term alone"),
        root->rr, remedy_draft_text(&draft));
}

/* ---- texts that are not records ---- */

/* spf_text_offer_text - the record with another text; next to a valid record it only has to
 * go */
static void spf_text_offer_text(struct remedy_maker *maker, const struct dns_rr *rr,
                                struct span text)
{
    const struct auth_spf_node *root = check_spf_root(maker->facts);

    if (root != NULL && root->record_count > 0 && !rec_spf_is_record(rr->joined)) {
        remedy_spf_beside(maker, rr);
        return;
    }
    if (rec_spf_is_record(text))
        remedy_replace_text(
            maker, remedy_offer(maker, "publish the text as a record", "if that is intended"),
            rr, text);
}

/* offer_meant_at - what the text was meant to be; false: nobody knows */
static bool offer_meant_at(struct remedy_maker *maker, const struct dns_rr *rr)
{
    const struct meant_facts *meant = &maker->facts->domain.spf_meant;

    return meant->rr == rr && remedy_offer_meant(maker, meant);
}

void remedy_spf_quoted(struct remedy_maker *maker)
{
    const struct dns_rr *rr = maker->finding->where.rr;

    if (rr != NULL && !offer_meant_at(maker, rr))
        spf_text_offer_text(maker, rr, remedy_unquoted(maker->arena, rr->joined));
}

/* after_version - what follows the version, however that is spelt */
static struct span after_version(struct span text)
{
    static const char *const spellings[] = {"v=spf1", "v=spf 1", "v=spf2.0", "v=spf2",
                                            "v=spf",  "spf1",    "v = spf1", "v:spf1"};

    for (size_t i = 0; i < COUNT_OF(spellings); i++)
        if (span_starts_with_nocase(text, spellings[i]))
            return span_from(text, strlen(spellings[i]));
    return (struct span){NULL, 0};
}

void remedy_spf_version(struct remedy_maker *maker)
{
    const struct dns_rr *rr = maker->finding->where.rr;
    struct span rest = {NULL, 0};
    struct sbuf text = sbuf_start(maker->arena);

    if (rr == NULL || offer_meant_at(maker, rr))
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
    if (rr == NULL || offer_meant_at(maker, rr))
        return;
    for (size_t i = 0; i < rr->string_count; i++) {
        struct span piece = span_trim(rr->strings[i]);

        if (i > 0 && piece.len > 0)
            sbuf_add_octet(&text, ' ');
        sbuf_add_span(&text, piece);
    }
    remedy_replace_text(maker,
                        remedy_offer(maker, "put a blank between the strings",
                                     "if no name or address was cut there on purpose"),
                        rr, sbuf_span(&text));
}

void remedy_spf_sender_id(struct remedy_maker *maker)
{
    const struct dns_rr *rr = maker->finding->where.rr;

    if (rr != NULL)
        remedy_remove(
            maker,
            remedy_offer(maker, "remove the Sender ID record, which no receiver uses", NULL),
            rr);
}

/* ---- the wrong place ---- */

/* spf_in - the one SPF record among the texts of an answer; NULL: none or several */
static const struct dns_rr *spf_in(const struct dns_answer *answer)
{
    const struct dns_rr *rr = NULL;

    return answer != NULL && auth_spf_select(answer, &rr) == 1 ? rr : NULL;
}

/* add_to_domain - the text of a record at another name */
static void add_to_domain(struct remedy_maker *maker, struct remedy *remedy,
                          const struct dns_rr *rr)
{
    remedy_add_text(maker, remedy, maker->facts->domain.name,
                    arena_strdup_span(maker->arena, rr->joined));
}

void remedy_spf_wrong_name(struct remedy_maker *maker)
{
    remedy_offer_moved(maker, maker->facts->domain.spf_elsewhere);
}

void remedy_spf_type99(struct remedy_maker *maker)
{
    const struct dns_rr *rr = spf_in(maker->facts->domain.spf_type);

    if (rr != NULL)
        add_to_domain(maker, remedy_offer(maker, "publish the same text as a TXT record", NULL),
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
    remedy = remedy_offer(maker, "move the record to the domain, where it belongs", NULL);
    remedy_remove(maker, remedy, rr);
    if (root->record_count == 0)
        add_to_domain(maker, remedy, rr);
}
