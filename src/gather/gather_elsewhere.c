/*
 * Records that are where nobody looks for them. Where the right place is empty, the few
 * places are asked that consoles and people mistake for it. What is there may be broken
 * itself: then it is read as it was meant. Several records that say different things contradict
 * one another, and a person has to choose.
 */
#include <string.h>

#include "base/limits.h"
#include "base/must.h"
#include "base/span.h"
#include "gather/gather_private.h"
#include "model/rec_dmarc.h"
#include "model/rec_meant.h"
#include "model/rec_spf.h"
#include "record/rec_dkim.h"
#include "record/rec_meant.h"

/* one place that people and consoles mistake for the right one */
struct place_guess {
    const char *labels; /* in front of the domain; "%" is the selector */
    bool is_doubled;    /* and the domain once more behind it */
    bool is_reported;   /* a record there has a finding of its own */
    bool may_stay;      /* others may refer to the name */
    const char *because;
};

static const char doubled[] = "the name of the zone was appended once more";

static const struct place_guess spf_places[] = {
    {"", true, false, false, doubled},
    {"spf", false, false, true, "the SPF record belongs at the domain itself"},
    {"_spf", false, true, true, "the SPF record belongs at the domain itself"},
    {"www", false, false, false, "the SPF record belongs at the domain itself"},
    {"txt", false, false, false, "the record type is not part of the name"},
    {"@", false, false, false, "\"@\" stands for the domain itself"},
};
static const struct place_guess dmarc_places[] = {
    {"_dmarc", true, false, false, doubled},
    {"dmarc", false, false, false, "the underscore is missing"},
    {"_dmarc.www", false, false, false, "the record belongs to the domain itself"},
    {"www", false, false, false, "the record belongs to _dmarc below the domain"},
    {"_dmarc._dmarc", false, false, false, "_dmarc appears twice in the name"},
    {"_dmarc._domainkey", false, false, false, "_domainkey is for keys"},
    {"", false, true, false, "the record belongs to _dmarc below the domain"},
};
static const struct place_guess key_places[] = {
    {"%._domainkey", true, false, false, doubled},
    {"%.domainkey", false, false, false, "the underscore is missing"},
    {"%", false, false, false, "_domainkey is missing in the name"},
    {"%._domainkeys", false, false, false, "_domainkey is misspelt"},
    {"%._domainkey._domainkey", false, false, false, "_domainkey appears twice in the name"},
    {"%._domainkey.www", false, false, false, "the key belongs to the domain itself"},
    {"_domainkey", false, false, false, "the selector is missing in the name"},
    {"_domainkey.%", false, false, false, "the labels are in the wrong order"},
    {"", false, false, false, "the key belongs to SELECTOR._domainkey below the domain"},
};

/* what to look for, and where */
struct place_search {
    const struct place_guess *guesses;
    size_t count;
    const char *selector; /* NULL: none */
    const struct dns_name *domain;
    const struct dns_name *place; /* where it belongs */
    bool (*is_record)(struct span text);
    const struct rec_meant *(*read)(struct arena *arena, const struct dns_rr *rr);
};

/* elsewhere_read_spf, elsewhere_read_dmarc, elsewhere_read_key - a text as it was meant */
static const struct rec_meant *elsewhere_read_spf(struct arena *arena, const struct dns_rr *rr)
{
    return rec_meant_spf(arena, rr->strings, rr->string_count, NULL);
}

static const struct rec_meant *elsewhere_read_dmarc(struct arena *arena,
                                                    const struct dns_rr *rr)
{
    return rec_meant_dmarc(arena, rr->strings, rr->string_count);
}

static const struct rec_meant *elsewhere_read_key(struct arena *arena, const struct dns_rr *rr)
{
    return rec_meant_dkim(arena, rr->strings, rr->string_count);
}

/* place_name - the name of a guess; NULL: too long */
static const struct dns_name *place_name(const struct gather_work *work,
                                         const struct place_guess *guess,
                                         const struct place_search *search)
{
    const char *mark = strchr(guess->labels, '%');
    const char *labels =
        mark == NULL ? guess->labels
                     : arena_printf(work->arena, "%.*s%s%s", (int)(mark - guess->labels),
                                    guess->labels, search->selector, mark + 1);

    must(search->domain != NULL);
    if (guess->is_doubled)
        labels = arena_printf(work->arena, "%s%s%s", labels, labels[0] != '\0' ? "." : "",
                              search->domain->text);
    return labels[0] == '\0' ? search->domain
                             : dns_name_prepend(work->arena, labels, search->domain);
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

/* is_empty_place - the answer is there and says that nothing is there, or only what a
 * wildcard gives to every name */
static bool is_empty_place(const struct domain_facts *domain, const struct dns_answer *answer)
{
    if (answer == NULL || !dns_status_is_answer(answer->status) ||
        (answer->records != NULL && answer->records->type == DNS_CNAME))
        return false;
    for (const struct dns_rr *rr = dns_answer_first(answer); rr != NULL;
         rr = dns_answer_next(answer, rr))
        if (!is_from_wildcard(domain, rr))
            return false;
    return true;
}

/* elsewhere_text - what a text would be in the right place; {NULL, 0}: no such record */
static struct span elsewhere_text(const struct gather_work *work,
                                  const struct place_search *search, const struct dns_rr *rr)
{
    const struct rec_meant *meant = search->read(work->arena, rr);

    if (meant != NULL && meant->other == NULL && rec_meant_differs(meant))
        return meant->text;
    return search->is_record(rr->joined) ? rr->joined : (struct span){NULL, 0};
}

/* elsewhere_mark - records that do not all say the same contradict one another */
static void elsewhere_mark(struct misplaced_facts *first)
{
    bool is_contradicted = false;

    for (const struct misplaced_facts *one = first; one != NULL; one = one->next)
        is_contradicted = is_contradicted || !span_equal(one->text, first->text);
    for (struct misplaced_facts *one = first; one != NULL; one = one->next)
        one->is_contradicted = is_contradicted;
}

/* find_elsewhere - all that is in one of the places */
static struct misplaced_facts *find_elsewhere(const struct gather_work *work,
                                              const struct domain_facts *domain,
                                              const struct place_search *search)
{
    struct misplaced_facts *first = NULL;
    struct misplaced_facts **end = &first;

    for (size_t i = 0; i < search->count; i++) {
        const struct place_guess *guess = &search->guesses[i];
        const struct dns_name *name = place_name(work, guess, search);
        const struct dns_answer *answer =
            name != NULL ? gather_meant_ask(work, name, DNS_TXT) : NULL;

        if (answer == NULL || answer->status != DNS_OK)
            continue;
        if (answer->records->type == DNS_CNAME) /* it is the alias that moves */
            gather_meant_ask(work, answer->records->target, DNS_TXT);
        for (const struct dns_rr *rr = dns_answer_first(answer); rr != NULL;
             rr = dns_answer_next(answer, rr)) {
            struct misplaced_facts found = {.place = search->place,
                                            .answer = answer,
                                            .rr = rr,
                                            .because = guess->because,
                                            .may_stay = guess->may_stay};

            if (rr->type != DNS_TXT || is_from_wildcard(domain, rr))
                continue;
            found.text = elsewhere_text(work, search, rr);
            found.is_reported = guess->is_reported && search->is_record(rr->joined);
            if (found.text.at == NULL)
                continue;
            *end = arena_new_of(work->arena, struct misplaced_facts);
            **end = found;
            end = &(*end)->next;
        }
    }
    elsewhere_mark(first);
    return first;
}

void gather_elsewhere(const struct gather_work *work, struct domain_facts *domain)
{
    const struct auth_dmarc_step *step = auth_dmarc_own_step(domain->dmarc, domain->name);
    struct place_search spf = {spf_places,        COUNT_OF(spf_places), NULL,
                               domain->name,      domain->name,         rec_spf_is_record,
                               elsewhere_read_spf};
    struct place_search dmarc = {
        dmarc_places,        COUNT_OF(dmarc_places), NULL, domain->name, NULL,
        rec_dmarc_is_record, elsewhere_read_dmarc};
    size_t asked = 0; /* so many remedies are offered */

    if (dns_status_is_answer(domain->txt->status) && domain->spf->root != NULL &&
        domain->spf->root->record_count == 0 && domain->spf_meant.meant == NULL)
        domain->spf_elsewhere = find_elsewhere(work, domain, &spf);
    for (const struct misplaced_facts *one = domain->spf_elsewhere;
         one != NULL && asked < LIMIT_REMEDY_CHOICES; one = one->next, asked++)
        gather_ask_spf_text(work, domain->name, one->text);
    if (step == NULL || domain->dmarc_meant.meant != NULL || step->record_count > 0 ||
        !is_empty_place(domain, step->answer))
        return;
    dmarc.place = step->answer->question.name;
    domain->dmarc_elsewhere = find_elsewhere(work, domain, &dmarc);
    asked = 0;
    for (const struct misplaced_facts *one = domain->dmarc_elsewhere;
         one != NULL && asked < LIMIT_REMEDY_CHOICES; one = one->next, asked++)
        gather_ask_dmarc_text(work, step, one->text);
}

void gather_key_elsewhere(const struct gather_work *work, const struct domain_facts *domain,
                          struct selector_facts *selector)
{
    const struct place_search search = {
        key_places,         COUNT_OF(key_places),   selector->selector->text, selector->domain,
        selector->key_name, rec_dkim_key_is_record, elsewhere_read_key};

    if ((selector->origin == SELECTOR_OPTION || selector->origin == SELECTOR_SIGNATURE) &&
        is_empty_place(domain, selector->answer))
        selector->misplaced = find_elsewhere(work, domain, &search);
}
