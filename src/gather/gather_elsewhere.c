/*
 * Records that stand where nobody looks for them. Where the right place is empty, the few
 * places are asked that consoles and people mistake for it.
 */
#include <string.h>

#include "gather/gather_private.h"
#include "ledger/ledger.h"

/* one place that people and consoles mistake for the right one */
struct place_guess {
    const char *labels; /* in front of the domain; "%s" is the selector */
    bool is_doubled;    /* and the domain once more behind it */
    const char *because;
};

static const struct place_guess spf_places[] = {
    {"", true, "the name of the zone was appended once more"},
    {"spf", false, "SPF stands at the domain itself"},
    {"www", false, "SPF stands at the domain itself"},
};
static const struct place_guess dmarc_places[] = {
    {"_dmarc", true, "the name of the zone was appended once more"},
    {"dmarc", false, "the underscore is missing"},
    {"_dmarc.www", false, "the record belongs to the domain itself"},
    {"www", false, "the record belongs to _dmarc below the domain"},
};
static const struct place_guess key_places[] = {
    {"%s._domainkey", true, "the name of the zone was appended once more"},
    {"%s.domainkey", false, "the underscore is missing"},
    {"%s", false, "_domainkey is missing in the name"},
};

typedef bool is_record_fn(struct span text);

/* place_name - the name of a guess; NULL: too long */
static const struct dns_name *place_name(const struct gather_work *work,
                                         const struct place_guess *guess, const char *selector,
                                         const struct dns_name *domain)
{
    const char *rest = strchr(guess->labels, '%') != NULL ? guess->labels + 2 : guess->labels;
    const char *labels = rest == guess->labels
                             ? guess->labels
                             : arena_printf(work->arena, "%s%s", selector, rest);

    if (guess->is_doubled)
        labels = arena_printf(work->arena, "%s%s%s", labels, labels[0] != '\0' ? "." : "",
                              domain->text);
    return dns_name_prepend(work->arena, labels, domain);
}

/* is_from_wildcard - the text is what a wildcard gives to any name */
static bool is_from_wildcard(const struct domain_facts *domain, const struct dns_rr *rr)
{
    const struct dns_answer *wildcard = domain->wildcard_dmarc;

    for (const struct dns_rr *same = wildcard != NULL ? dns_answer_first(wildcard) : NULL;
         same != NULL; same = dns_answer_next(wildcard, same))
        if (span_equal(same->joined, rr->joined))
            return true;
    return false;
}

/* what to look for, and where */
struct place_search {
    const struct place_guess *guesses;
    size_t count;
    const char *selector; /* NULL: none */
    const struct dns_name *domain;
    const struct dns_name *place; /* where it belongs */
    is_record_fn *is_record;
};

/* find_elsewhere - the first of the places that holds such a record */
static struct misplaced_facts find_elsewhere(const struct gather_work *work,
                                             const struct domain_facts *domain,
                                             const struct place_search *search)
{
    struct misplaced_facts found = {.place = search->place};

    for (size_t i = 0; i < search->count; i++) {
        const struct dns_name *name =
            place_name(work, &search->guesses[i], search->selector, search->domain);
        const struct dns_answer *answer =
            name != NULL ? gather_meant_ask(work, name, DNS_TXT) : NULL;

        for (const struct dns_rr *rr = answer != NULL ? dns_answer_first(answer) : NULL;
             rr != NULL && found.rr == NULL && answer->status == DNS_OK;
             rr = dns_answer_next(answer, rr)) {
            if (rr->type != DNS_TXT || !search->is_record(rr->joined) ||
                is_from_wildcard(domain, rr))
                continue;
            found.answer = answer;
            found.rr = rr;
            found.because = search->guesses[i].because;
        }
    }
    return found;
}

/* is_empty_place - the answer is there and says that nothing stands there */
static bool is_empty_place(const struct dns_answer *answer)
{
    return answer != NULL && dns_status_is_absent(answer->status) && answer->records == NULL;
}

void gather_elsewhere(const struct gather_work *work, struct domain_facts *domain)
{
    const struct auth_dmarc_step *step = gather_own_dmarc_step(domain);
    struct place_search spf = {spf_places,   sizeof(spf_places) / sizeof(spf_places[0]),
                               NULL,         domain->name,
                               domain->name, rec_spf_is_record};
    struct place_search dmarc = {dmarc_places, sizeof(dmarc_places) / sizeof(dmarc_places[0]),
                                 NULL,         domain->name,
                                 NULL,         rec_dmarc_is_record};

    if (dns_status_is_answer(domain->txt->status) && domain->spf->root != NULL &&
        domain->spf->root->record_count == 0 && domain->spf_meant.meant == NULL)
        domain->spf_elsewhere = find_elsewhere(work, domain, &spf);
    if (domain->spf_elsewhere.rr != NULL)
        gather_ask_spf_text(work, domain->name, domain->spf_elsewhere.rr->joined);
    if (step == NULL || !is_empty_place(step->answer))
        return;
    dmarc.place = step->answer->question.name;
    domain->dmarc_elsewhere = find_elsewhere(work, domain, &dmarc);
    if (domain->dmarc_elsewhere.rr != NULL)
        gather_ask_dmarc_text(work, step, domain->dmarc_elsewhere.rr->joined);
}

void gather_key_elsewhere(const struct gather_work *work, const struct domain_facts *domain,
                          struct selector_facts *selector)
{
    const struct place_search search = {key_places,
                                        sizeof(key_places) / sizeof(key_places[0]),
                                        selector->selector->text,
                                        selector->domain,
                                        selector->key_name,
                                        rec_dkim_key_is_record};

    if ((selector->origin == SELECTOR_OPTION || selector->origin == SELECTOR_SIGNATURE) &&
        is_empty_place(selector->answer))
        selector->misplaced = find_elsewhere(work, domain, &search);
}
