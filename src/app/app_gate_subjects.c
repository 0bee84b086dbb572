/* Names are read from the right: what precedes the domain says what the record is. */
#include <stdlib.h>
#include <string.h>

#include "app/app_gate_subjects.h"
#include "base/limits.h"
#include "base/span.h"
#include "model/dns_answer.h"
#include "model/rec_spf.h"
#include "source/source.h"
#include "source/zone.h"

#define NEWCOMERS_SHOWN 5 /* enough to see which names they are */

static const char audit[] = "_smtp._tls.";

/* one walk over a source */
struct finder {
    struct app_gate_subjects *subjects;
    bool is_beside;
    bool has_changes;  /* sets of an open world: what loses its records is touched, too */
    bool by_questions; /* a snapshot that holds what the audit of a domain asks for */
};

struct app_gate_subject *app_gate_subjects_get(struct app_gate_subjects *subjects,
                                               const struct dns_name *domain)
{
    struct app_gate_subject *subject =
        dns_name_table_find(&subjects->names, dns_name_key(domain));

    if (subject != NULL)
        return subject;
    subject = arena_new_of(subjects->arena, struct app_gate_subject);
    subject->domain = domain;
    subject->is_candidate = true;
    subject->is_quiet = true;
    dns_name_table_add(&subjects->names, subjects->arena, dns_name_key(domain), subject);
    arena_append(subjects->arena, subjects->list, subjects->count, subject);
    return subject;
}

/* note_subject - a domain with a record that says something about mail; a wildcard stands for
 * the names that it answers for */
static struct app_gate_subject *note_subject(const struct finder *finder, const char *domain)
{
    struct app_gate_subject *subject = NULL;
    const struct dns_name *name = NULL;

    if (domain[0] == '\0' ||
        (name = dns_name_from_text(finder->subjects->arena, domain)) == NULL)
        return NULL;
    subject = app_gate_subjects_get(finder->subjects, name);
    if (!finder->is_beside && domain[0] != '_')
        subject->is_candidate = false;
    subject->is_quiet = false;
    return subject;
}

/* add_selector_of - a key below the domain */
static void add_selector_of(struct app_gate_subjects *subjects,
                            struct app_gate_subject *subject, struct span selector)
{
    const char *text = arena_strdup_span(subjects->arena, selector);

    for (size_t i = 0; i < subject->selectors.count; i++)
        if (strcmp(subject->selectors.texts[i], text) == 0)
            return;
    if (subject->selectors.count < LIMIT_SELECTORS)
        arena_append(subjects->arena, subject->selectors.texts, subject->selectors.count, text);
}

/* ---- what a name says ---- */

/* gate_subjects_take_selector - "selector._domainkey.domain" */
static void gate_subjects_take_selector(const struct finder *finder,
                                        const struct dns_question *question, const char *at)
{
    struct app_gate_subject *subject = note_subject(finder, strchr(at + 1, '.') + 1);

    if (subject != NULL && at > question->name->text)
        add_selector_of(finder->subjects, subject,
                        span_make(question->name->text, (size_t)(at - question->name->text)));
}

/* take_accepted - "domain._report._dmarc.destination" (RFC 9990, 4) */
static void take_accepted(const struct finder *finder, const struct dns_question *question,
                          const char *at)
{
    static const char infix[] = "._report._dmarc.";
    struct arena *arena = finder->subjects->arena;
    struct app_gate_subject *subject = note_subject(finder, at + sizeof(infix) - 1);
    const char *domain = arena_strdup_span(
        arena, span_make(question->name->text, (size_t)(at - question->name->text)));

    if (subject == NULL)
        return;
    for (size_t i = 0; i < subject->accepts_report_count; i++)
        if (dns_name_equal(subject->accepts_reports[i], question->name))
            return;
    arena_append(arena, subject->accepts_reports, subject->accepts_report_count,
                 question->name);
    if (domain[0] != '*' && dns_name_from_text(arena, domain) != NULL)
        app_gate_subjects_get(finder->subjects, dns_name_from_text(arena, domain));
}

/* take_below - a record at a name below the domain: "_dmarc.domain" */
static void take_below(const struct finder *finder, const struct dns_question *question)
{
    static const char *const prefixes[] = {"_dmarc.", "_mta-sts.", "_smtp._tls.",
                                           "default._bimi."};
    const char *name = question->name->text;
    const char *at = NULL;

    if ((at = strstr(name, "._domainkey.")) != NULL)
        gate_subjects_take_selector(finder, question, at);
    else if ((at = strstr(name, "._report._dmarc.")) != NULL)
        take_accepted(finder, question, at);
    for (size_t i = 0; i < COUNT_OF(prefixes); i++)
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
            note_subject(finder, name + strlen(prefixes[i]));
}

/* is_of_domain - a TXT record that makes its owner a domain with mail; of what goes away only
 * the name is known */
static bool is_of_domain(const struct dns_question *question, const struct dns_rr *rr)
{
    const char *name = question->name->text;

    if (rr == NULL)
        return name[0] != '_' && strstr(name, "._") == NULL;
    return rr->type == DNS_TXT && rec_spf_is_record(rr->joined);
}

/* is_alias_of_itself - a name at which nothing works any more, whatever was there before */
static bool is_alias_of_itself(const struct dns_question *question, const struct dns_rr *rr)
{
    return question->type == DNS_CNAME && rr != NULL && is_of_domain(question, NULL) &&
           dns_name_equal(rr->target, question->name);
}

/* take_above - what changes at a host may be what a domain at its name or above it uses: nobody
 * can be asked which records of live DNS lead there */
static void take_above(const struct finder *finder, const struct dns_name *name)
{
    for (; name != NULL && name->labels > 1;
         name = dns_name_parent(finder->subjects->arena, name))
        if (name->text[0] != '_' && strstr(name->text, "._") == NULL)
            app_gate_subjects_get(finder->subjects, name);
}

/* is_of_audit - the audit of a domain asks this, and nothing else does */
static bool is_of_audit(const struct dns_question *question)
{
    return strncmp(question->name->text, audit, sizeof(audit) - 1) == 0;
}

/* take_entry - one record of a world, or of a zone around it */
static void take_entry(void *ctx, const struct dns_question *question, const struct dns_rr *rr)
{
    const struct finder *finder = ctx;

    if (finder->by_questions) { /* of a snapshot only what was audited is a subject */
        if (is_of_audit(question))
            note_subject(finder, question->name->text + sizeof(audit) - 1);
        if (rr == NULL || strstr(question->name->text, "._domainkey.") == NULL)
            return;
    }
    if (rr == NULL && !finder->has_changes)
        return;
    if (finder->has_changes && !finder->is_beside)
        take_above(finder, question->name);
    if (!finder->is_beside && is_alias_of_itself(question, rr))
        app_gate_subjects_get(finder->subjects, question->name)->is_candidate = false;
    if (question->type == DNS_MX || (question->type == DNS_TXT && is_of_domain(question, rr)))
        note_subject(finder, question->name->text);
    else if (question->type == DNS_TXT || question->type == DNS_CNAME)
        take_below(finder, question);
}

/* ---- sources ---- */

/* look_for_audit - sets a bool: the snapshot holds what an audit asks for */
static void look_for_audit(void *ctx, const struct dns_question *question,
                           const struct dns_rr *rr)
{
    (void)rr;
    *(bool *)ctx |= is_of_audit(question);
}

/* find_in - the subjects of one source */
static void find_in(struct app_gate_subjects *subjects, const struct source *source,
                    bool is_beside)
{
    struct finder finder = {.subjects = subjects, .is_beside = is_beside};
    const struct source_world *world = NULL;

    if (source == NULL || source->ops->each_entry == NULL)
        return;
    world = source_world_of(source);
    if (world == NULL)
        source->ops->each_entry(source, look_for_audit, &finder.by_questions);
    for (size_t i = 0; world != NULL && !is_beside && i < world->zone_count; i++)
        app_gate_subjects_get(subjects, zone_apex(world->zones[i]))->is_candidate = false;
    finder.has_changes = world != NULL && world->is_open;
    source->ops->each_entry(source, take_entry, &finder);
}

/* ---- names that a wildcard answers for no more ---- */

/* a search for names that only the new world has */
struct newcomers {
    struct app *app;
    struct app_gate_subjects *subjects;
    struct dns_name_table
        known; /* names of the old world, and those above them; reported ones */
    size_t count;
};

/* note_known - the name and those above it */
static void note_known(void *ctx, const struct dns_question *question, const struct dns_rr *rr)
{
    struct newcomers *newcomers = ctx;
    struct arena *arena = newcomers->subjects->arena;
    const struct dns_name *name = question->name;

    if (question->type == DNS_MX && rr != NULL && name->text[0] == '*' && rr->target != NULL &&
        rr->target->labels > 0)
        app_gate_subjects_get(newcomers->subjects, name)->has_mail_hosts = true;
    for (; name != NULL && name->labels > 0 &&
           dns_name_table_find(&newcomers->known, dns_name_key(name)) == NULL;
         name = dns_name_parent(arena, name))
        dns_name_table_add(&newcomers->known, arena, dns_name_key(name), newcomers);
}

/* wildcard_over - the wildcard with mail hosts that answers for the name while it does not
 * exist (RFC 4592, 2.2.1); NULL */
static const struct dns_name *wildcard_over(const struct newcomers *newcomers,
                                            const struct dns_name *name,
                                            const struct dns_name *above)
{
    const struct dns_name *wildcard = dns_name_prepend(newcomers->subjects->arena, "*", above);
    const struct app_gate_subject *subject = NULL;

    if (wildcard == NULL || name->text[0] == '_' || name->text[0] == '*' ||
        dns_name_table_find(&newcomers->subjects->names, dns_name_key(name)) != NULL)
        return NULL; /* a domain with records about mail is judged */
    subject = dns_name_table_find(&newcomers->subjects->names, dns_name_key(wildcard));
    return subject != NULL && subject->has_mail_hosts ? wildcard : NULL;
}

/* note_newcomer - a name that comes to exist, if only because something below it does. It is a
 * note and not a loss: nobody need have received mail there. */
static void note_newcomer(void *ctx, const struct dns_question *question,
                          const struct dns_rr *rr)
{
    struct newcomers *newcomers = ctx;
    struct arena *arena = newcomers->subjects->arena;
    const struct dns_name *name = rr != NULL ? question->name : NULL;

    while (name != NULL && name->labels > 1 &&
           dns_name_table_find(&newcomers->known, dns_name_key(name)) == NULL) {
        const struct dns_name *above = dns_name_parent(arena, name);
        const struct dns_name *wildcard = wildcard_over(newcomers, name, above);

        if (wildcard != NULL && newcomers->count++ < NEWCOMERS_SHOWN)
            app_notice(newcomers->app,
                       arena_printf(arena,
                                    "%s:%d: %s exists now, so that %s no longer gives it mail "
                                    "hosts",
                                    rr->file, rr->line, name->text, wildcard->text));
        dns_name_table_add(&newcomers->known, arena, dns_name_key(name), newcomers);
        name = above;
    }
}

/* lists_names - the source says which names there are */
static bool lists_names(const struct source *source)
{
    return source != NULL && source->ops->each_entry != NULL && source_world_of(source) != NULL;
}

/* find_newcomers - where the old world lists its names */
static void find_newcomers(struct app *app, struct app_gate_subjects *subjects,
                           const struct app_world worlds[2])
{
    struct newcomers newcomers = {.app = app, .subjects = subjects};

    for (size_t i = 0; i < worlds[0].specs.count; i++)
        if (lists_names(worlds[0].held[i]))
            worlds[0].held[i]->ops->each_entry(worlds[0].held[i], note_known, &newcomers);
    for (size_t i = 0; i < worlds[1].own; i++)
        if (lists_names(worlds[1].held[i]) && newcomers.known.count > 0)
            worlds[1].held[i]->ops->each_entry(worlds[1].held[i], note_newcomer, &newcomers);
}

/* gate_subjects_by_name - in canonical order, so that a domain precedes those below it */
static int gate_subjects_by_name(const void *left, const void *right)
{
    return dns_name_compare((*(struct app_gate_subject *const *)left)->domain,
                            (*(struct app_gate_subject *const *)right)->domain);
}

struct app_gate_subjects *app_gate_subjects_find(struct app *app,
                                                 const struct app_world worlds[2])
{
    struct app_gate_subjects *subjects = arena_new_of(app->arena, struct app_gate_subjects);

    subjects->arena = app->arena;
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < worlds[i].specs.count; j++)
            find_in(subjects, worlds[i].held[j], j >= worlds[i].own);
    find_newcomers(app, subjects, worlds);
    if (subjects->count > 0)
        qsort(subjects->list, subjects->count, sizeof(*subjects->list), gate_subjects_by_name);
    return subjects;
}
