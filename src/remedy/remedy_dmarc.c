/* The DMARC record of the domain: tags, words and its name. */
#include <string.h>

#include "base/fault.h"
#include "base/span.h"
#include "model/dmarc_verdict.h"
#include "model/finding_id.h"
#include "model/rec_dmarc.h"
#include "model/rec_meant.h"
#include "model/result.h"
#include "record/rec_meant.h"
#include "remedy/remedy_private.h"

static const char marker[] = "v=DMARC1";

/* dmarc_own - the step with the domain's own record; NULL: none */
static const struct auth_dmarc_step *dmarc_own(const struct remedy_maker *maker)
{
    return check_dmarc_own_record(maker->facts);
}

/* dmarc_offer_tags - the record becomes what the tags say */
static struct remedy *dmarc_offer_tags(struct remedy_maker *maker, const struct dns_rr *rr,
                                       const struct remedy_tags *tags, const char *summary)
{
    struct remedy *remedy = remedy_offer(maker, summary, NULL);

    remedy_replace_text(maker, remedy, rr, remedy_tags_text(tags));
    return remedy;
}

/* name_of_term - "sp" of "sp=none" in the finding's place; NULL: none */
static const char *name_of_term(const struct remedy_maker *maker)
{
    struct span rest = span_of(maker->finding->where.term);

    if (rest.len == 0)
        return NULL;
    return arena_strdup_span(maker->arena, span_trim(span_cut(&rest, '=')));
}

/* without_sizes - the addresses of a list, without the limits of size behind them */
static struct span without_sizes(struct arena *arena, const struct rec_dmarc_uri *uri)
{
    struct sbuf list = sbuf_start(arena);

    for (; uri != NULL; uri = uri->next) {
        struct span rest = uri->text;

        sbuf_add(&list, list.len > 0 ? "," : "");
        sbuf_add_span(&list, span_cut(&rest, '!'));
    }
    return sbuf_span(&list);
}

/* percent_condition - older receivers spare a part of the mail that fails as long as pct= says
 * so; NULL: nothing is spared */
static const char *percent_condition(const struct remedy_maker *maker, const char *name)
{
    const struct rec_dmarc *record = dmarc_own(maker)->record;

    if (strcmp(name, "pct") != 0 || record->percent >= 100 || record->policy == REC_DMARC_NONE)
        return NULL;
    return "if the reports show that all your own mail passes";
}

void remedy_dmarc_drop_tag(struct remedy_maker *maker)
{
    const char *name = name_of_term(maker);
    struct remedy_tags tags = {0};

    if (dmarc_own(maker) == NULL || name == NULL)
        return;
    if (maker->finding->row == ID_dmarc_unknown_tag)
        remedy_offer_meant(maker, &maker->facts->domain.dmarc_meant);
    tags = remedy_tags_of(maker->arena, &dmarc_own(maker)->record->tags);
    if (strcmp(name, "rua") == 0 ||
        strcmp(name, "ruf") == 0) { /* what follows "!" is removed */
        remedy_tags_set(&tags, name,
                        without_sizes(maker->arena, name[2] == 'a'
                                                        ? dmarc_own(maker)->record->rua
                                                        : dmarc_own(maker)->record->ruf),
                        false);
        dmarc_offer_tags(maker, dmarc_own(maker)->rr, &tags,
                         "remove the size limit behind the addresses");
        return;
    }
    remedy_tags_remove(&tags, name);
    dmarc_offer_tags(maker, dmarc_own(maker)->rr, &tags,
                     arena_printf(maker->arena, "remove %s= from the record", name))
        ->condition = percent_condition(maker, name);
}

void remedy_dmarc_sp(struct remedy_maker *maker)
{
    struct remedy_tags tags = {0};

    if (dmarc_own(maker) == NULL)
        return;
    tags = remedy_tags_of(maker->arena, &dmarc_own(maker)->record->tags);
    remedy_tags_remove(&tags, "sp");
    dmarc_offer_tags(maker, dmarc_own(maker)->rr, &tags,
                     "remove sp=: subdomains get the policy of the domain")
        ->condition = "if all senders of subdomains pass";
    remedy_tags_set(&tags, "sp", span_of("quarantine"), false);
    dmarc_offer_tags(maker, dmarc_own(maker)->rr, &tags,
                     "publish sp=quarantine as a first step")
        ->condition = "if most senders of subdomains pass";
}

/* np_condition - the message at hand, which fails, may be from such a name; NULL: it is not */
static const char *np_condition(const struct remedy_maker *maker)
{
    const struct message_facts *message = &maker->facts->message;

    if (message->dmarc == NULL || message->dmarc->result == DMARC_PASS ||
        message->author == NULL || dns_name_equal(message->author, maker->facts->domain.name))
        return NULL;
    return arena_printf(maker->arena, "if mail from %s may be refused", message->author->text);
}

void remedy_dmarc_np(struct remedy_maker *maker)
{
    struct remedy_tags tags = {0};

    if (dmarc_own(maker) == NULL)
        return;
    tags = remedy_tags_of(maker->arena, &dmarc_own(maker)->record->tags);
    remedy_tags_set(&tags, "np", span_of("reject"), false);
    dmarc_offer_tags(maker, dmarc_own(maker)->rr, &tags,
                     "add np=reject: no legitimate mail comes from names that do not exist")
        ->condition = np_condition(maker);
}

/* alignment has a tag for each identifier; the finding names it */
void remedy_dmarc_strict(struct remedy_maker *maker)
{
    static const char *const names[] = {"adkim", "aspf"};
    const char *written = NULL;

    for (const struct finding_arg *arg = maker->finding->args; arg != NULL; arg = arg->next)
        if (strcmp(arg->key, "tag") == 0)
            written = arg->text;
    for (size_t i = 0; dmarc_own(maker) != NULL && written != NULL && i < 2; i++) {
        struct remedy_tags tags = remedy_tags_of(maker->arena, &dmarc_own(maker)->record->tags);

        if (!span_starts_with(span_of(written), names[i]))
            continue;
        remedy_tags_remove(&tags, names[i]);
        dmarc_offer_tags(maker, dmarc_own(maker)->rr, &tags,
                         arena_printf(maker->arena,
                                      "remove %s=s: names of the same organisation then align",
                                      names[i]))
            ->condition = "if other names of the organisation may send for it";
    }
}

/* ---- words ---- */

static const char *const policy_words[] = {"none", "quarantine", "reject"};

#define POLICY_WORDS COUNT_OF(policy_words)

/* is_policy - a word that p, sp and np take */
static bool is_policy(struct span word)
{
    for (size_t i = 0; i < POLICY_WORDS; i++)
        if (span_equal_nocase(word, policy_words[i]))
            return true;
    return false;
}

/* drop_unreadable - sp and np with a word that nobody knows: the policy above them counts
 * then; false: none */
static bool drop_unreadable(struct remedy_tags *tags, const struct rec_dmarc *record)
{
    static const char *const names[] = {"sp", "np"};
    bool has_any = false;

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const struct rec_tag *tag = rec_tags_find(&record->tags, names[i]);

        if (tag == NULL || is_policy(tag->value))
            continue;
        remedy_tags_remove(tags, names[i]);
        has_any = true;
    }
    return has_any;
}

/* dmarc_offer_rest - the repairs of a record in which nobody can read a list of report
 * addresses: that list stays as it is, for a person; false: there is nothing to repair */
static bool dmarc_offer_rest(struct remedy_maker *maker, const struct auth_dmarc_step *step)
{
    struct meant_facts facts = {.rr = step->rr};

    facts.meant = rec_meant_dmarc_rest(maker->arena, step->rr->strings, step->rr->string_count);
    return rec_meant_differs(facts.meant) && remedy_offer_meant(maker, &facts);
}

void remedy_dmarc_policy(struct remedy_maker *maker)
{
    const struct auth_dmarc_step *step = dmarc_own(maker);
    const struct rec_tag *policy = NULL;
    struct remedy_tags tags = {0};

    if (step == NULL || remedy_offer_meant(maker, &maker->facts->domain.dmarc_meant) ||
        dmarc_offer_rest(maker, step))
        return;
    tags = remedy_tags_of(maker->arena, &step->record->tags);
    policy = rec_tags_find(&step->record->tags, "p");
    if (drop_unreadable(&tags, step->record) && policy != NULL && is_policy(policy->value)) {
        dmarc_offer_tags(maker, step->rr, &tags,
                         "remove the invalid policy: subdomains get the policy of the domain")
            ->condition = "if it should also apply to subdomains";
        return;
    }
    for (size_t i = 0; i < POLICY_WORDS; i++) {
        const char *what = arena_printf(maker->arena, "publish p=%s", policy_words[i]);
        const char *when = arena_printf(maker->arena, "if p=%s is intended", policy_words[i]);

        remedy_tags_set(&tags, "p", span_of(policy_words[i]), true);
        dmarc_offer_tags(maker, step->rr, &tags, what)->condition = when;
    }
}

/* ---- lists of addresses ---- */

/* dmarc_is_refused - reports will not be sent to this URI, or cannot be delivered */
static bool dmarc_is_refused(const struct remedy_maker *maker, const struct rec_dmarc_uri *uri)
{
    for (const struct auth_dmarc_report *report = maker->facts->domain.reports; report != NULL;
         report = report->next)
        if (report->uri == uri)
            return report->takes_no_mail ||
                   (report->is_external && !report->is_authorised && !report->is_undetermined);
    return false;
}

/* uri_list - a list without what is refused or malformed; bare addresses get "mailto:" */
static struct span uri_list(const struct remedy_maker *maker, const struct rec_dmarc_uri *uri,
                            bool wants_refused)
{
    struct sbuf list = sbuf_start(maker->arena);

    for (; uri != NULL; uri = uri->next) {
        bool is_bare = !uri->is_valid || span_find(uri->text, ':') < 0;

        if ((!wants_refused && dmarc_is_refused(maker, uri)) || uri->text.len == 0 ||
            (is_bare && span_find(uri->text, '@') < 0))
            continue;
        sbuf_add(&list, list.len > 0 ? "," : "");
        if (is_bare && span_find(uri->text, ':') < 0)
            sbuf_add(&list, "mailto:");
        sbuf_add_span(&list, uri->text);
    }
    return sbuf_span(&list);
}

/* set_list - rua or ruf, or nothing where nothing is left */
static void set_list(struct remedy_tags *tags, const char *name, struct span list)
{
    if (list.len > 0)
        remedy_tags_set(tags, name, list, false);
    else
        remedy_tags_remove(tags, name);
}

/* drop_condition - what must be so before an address goes; a domain without mail has none */
static const char *drop_condition(const struct remedy_maker *maker)
{
    if (strstr(maker->finding->id, "_undeliverable") == NULL)
        return "if the other domain will not agree";
    return maker->facts->domain.parked != PARKED_NOT ? NULL : "if nobody will read mail there";
}

void remedy_dmarc_reports(struct remedy_maker *maker)
{
    const struct auth_dmarc_step *step = dmarc_own(maker);
    bool is_rua = span_starts_with(span_of(maker->finding->id), "dmarc_rua_");
    struct remedy_tags tags = {0};

    if (step == NULL)
        return;
    tags = remedy_tags_of(maker->arena, &step->record->tags);
    set_list(&tags, is_rua ? "rua" : "ruf",
             uri_list(maker, is_rua ? step->record->rua : step->record->ruf, false));
    dmarc_offer_tags(maker, step->rr, &tags, "remove the address that gets no reports")
        ->condition = drop_condition(maker);
}

/* dmarc_has_fault - a fault of the record is in the value of this tag */
static bool dmarc_has_fault(const struct rec_dmarc *record, const struct rec_tag *tag, int kind)
{
    size_t end = tag->next != NULL ? tag->next->at : record->tags.text.len;

    for (const struct fault *fault = record->faults; fault != NULL; fault = fault->next)
        if (fault->kind == kind && fault->at >= tag->at && fault->at < end)
            return true;
    return false;
}

void remedy_dmarc_syntax(struct remedy_maker *maker)
{
    const struct auth_dmarc_step *step = dmarc_own(maker);
    const struct meant_facts *meant = &maker->facts->domain.dmarc_meant;
    bool is_weaker = remedy_is_weaker(maker->arena, meant);
    bool was_asked = false; /* for reports, in words that nobody can read */
    struct remedy_tags tags = {.arena = maker->arena};

    if (step == NULL || (remedy_offer_meant(maker, meant) && !is_weaker))
        return;
    if (meant->meant == NULL)
        dmarc_offer_rest(maker, step);
    for (const struct rec_tag *tag = step->record->tags.first; tag != NULL; tag = tag->next) {
        const char *name = arena_strdup_span(maker->arena, tag->name);

        if (name[0] == '\0' || tag->value.len == 0 ||
            dmarc_has_fault(step->record, tag, REC_DMARC_FAULT_VALUE) ||
            dmarc_has_fault(step->record, tag, REC_TAG_NAME) ||
            dmarc_has_fault(step->record, tag, REC_TAG_VALUE) ||
            rec_tags_find(&step->record->tags, name) != tag)
            continue;
        remedy_tags_set(&tags, name, tag->value, false);
    }
    if (rec_tags_find(&step->record->tags, "rua") != NULL) {
        struct span list = uri_list(maker, step->record->rua, true);

        was_asked = list.len == 0;
        set_list(&tags, "rua", list);
    }
    if (rec_tags_find(&step->record->tags, "ruf") != NULL)
        set_list(&tags, "ruf", uri_list(maker, step->record->ruf, true));
    dmarc_offer_tags(maker, step->rr, &tags, "publish only what receivers read of the record")
        ->condition = is_weaker   ? "if the stricter policy of today is intended"
                      : was_asked ? "if no reports are wanted"
                                  : NULL;
    if (was_asked)
        remedy_dmarc_ask_reports(maker);
}

/* ---- texts and places ---- */

/* dmarc_offer_text - another text; next to a valid record it is only removed */
static void dmarc_offer_text(struct remedy_maker *maker, const struct dns_rr *rr,
                             struct span text)
{
    const struct auth_dmarc_step *step = check_dmarc_own_step(maker->facts);

    if (step->record_count > 0 && !rec_dmarc_is_record(rr->joined))
        remedy_remove(maker,
                      remedy_offer(maker, "remove the record: the other one counts", NULL), rr);
    else if (rec_dmarc_is_record(text))
        remedy_replace_text(
            maker, remedy_offer(maker, "publish the text as a record", "if that is intended"),
            rr, text);
}

/* skip_version - what follows a misspelt version; {NULL, 0}: there is none at the start */
static struct span skip_version(struct span text)
{
    static const char *const spellings[] = {"v=dmarc1",   "v=dmarc 1", "v=dmarcv1", "v=dmarc",
                                            "v = dmarc1", "v:dmarc1",  "dmarc1",    "dmarc"};

    for (size_t i = 0; i < COUNT_OF(spellings); i++)
        if (span_starts_with_nocase(text, spellings[i]))
            return span_from(text, strlen(spellings[i]));
    return (struct span){NULL, 0};
}

/* right_version - the text with the version as it is to be written */
static struct span right_version(struct arena *arena, struct span text)
{
    struct sbuf right = sbuf_start(arena);
    struct span rest = span_trim(text);

    if (skip_version(rest).at != NULL)
        rest = skip_version(rest);
    while (rest.len > 0 && !ascii_is_alpha(rest.at[0]))
        rest = span_from(rest, 1);
    sbuf_addf(&right, "%s; ", marker);
    sbuf_add_span(&right, rest);
    return span_trim(sbuf_span(&right));
}

/* dmarc_offer_meant_at - what the text was meant to be; false: nobody knows */
static bool dmarc_offer_meant_at(struct remedy_maker *maker, const struct dns_rr *rr)
{
    const struct meant_facts *meant = &maker->facts->domain.dmarc_meant;

    return meant->rr == rr && remedy_offer_meant(maker, meant);
}

void remedy_dmarc_quoted(struct remedy_maker *maker)
{
    const struct dns_rr *rr = maker->finding->where.rr;
    struct span text = {NULL, 0};

    if (rr == NULL || dmarc_offer_meant_at(maker, rr))
        return;
    text = remedy_unquoted(maker->arena, rr->joined);
    dmarc_offer_text(maker, rr,
                     rec_dmarc_is_record(text) ? text : right_version(maker->arena, text));
}

void remedy_dmarc_version(struct remedy_maker *maker)
{
    const struct dns_rr *rr = maker->finding->where.rr;

    if (rr != NULL && !dmarc_offer_meant_at(maker, rr))
        dmarc_offer_text(maker, rr, right_version(maker->arena, rr->joined));
}

void remedy_dmarc_wrong_name(struct remedy_maker *maker)
{
    const struct auth_dmarc_step *step = check_dmarc_own_step(maker->facts);
    const struct dns_rr *rr = check_apex_txt(maker->facts);

    if (remedy_offer_moved(maker, maker->facts->domain.dmarc_elsewhere) || step == NULL ||
        step->record_count == 0)
        return;
    while (rr != NULL && !rec_dmarc_is_record(rr->joined))
        rr = dns_answer_next(maker->facts->domain.txt, rr);
    if (rr != NULL)
        remedy_remove(maker,
                      remedy_offer(maker, "remove the record: the other one counts", NULL), rr);
}
