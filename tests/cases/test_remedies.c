/*
 * Every remedy of every case of testdata/cases, proved a second time and by other means: the
 * case runs again from the start, over a source that edits answers on their way. What the
 * remedy promises has to come true there: its findings go, no error or warning is new, and
 * receivers say what they say of the world that the proof assumed.
 */
#include <dirent.h>
#include <unistd.h>

#include "case_option.h"
#include "unit.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "check/check.h"
#include "gather/gather.h"
#include "mail/mail_message.h"
#include "policy/policy.h"
#include "policy/policy_provider.h"
#include "remedy/remedy.h"
#include "source/source.h"

#define CLOCK "2026-11-24T00:00:00Z"

#define POLICIES_MAX  20
#define DAYS(seconds) ((seconds) / 86400)

static struct arena *policy_arena;
static const struct policy *policies[POLICIES_MAX];
static size_t policy_count;
static size_t change_count;
static size_t remedy_count;
static size_t failed;

/* ---- a source that edits answers ---- */

struct edited {
    struct source source;
    struct source *world;
    const struct remedy_edit *edits;
    source_answered_fn *answered;
    void *ctx;
};

static bool edited_submit(struct source *source, const struct dns_question *question,
                          void *token)
{
    struct edited *self = (struct edited *)source;

    self->world->answers = source->answers;
    return self->world->ops->submit(self->world, question, token);
}

/* is_hit - the edit takes this record away */
static bool is_hit(const struct remedy_edit *edit, const struct dns_rr *rr)
{
    const struct dns_rr *old = edit->action == REMEDY_REPLACE ? edit->old : edit->rr;

    return edit->action != REMEDY_ADD && rr->type == old->type &&
           dns_name_equal(rr->owner, old->owner) &&
           strcmp(remedy_value(rr), remedy_value(old)) == 0;
}

/* copy_kept - the records that no edit takes away */
static void copy_kept(const struct edited *self, const struct dns_answer *answer,
                      struct dns_answer *copy)
{
    for (const struct dns_rr *rr = answer->records; rr != NULL; rr = rr->next) {
        struct dns_rr *same = arena_new_of(self->source.answers, struct dns_rr);
        bool is_kept = true;

        for (const struct remedy_edit *edit = self->edits; edit != NULL; edit = edit->next)
            is_kept = is_kept && !is_hit(edit, rr);
        *same = *rr;
        if (is_kept)
            dns_answer_append(copy, same);
    }
}

/* owns - the owner of an edit is the name, or a wildcard right above a name without anything */
static bool owns(const struct edited *self, const struct dns_name *owner,
                 const struct dns_name *name, enum dns_status status)
{
    if (owner->text[0] != '*')
        return dns_name_equal(owner, name);
    return status == DNS_NXDOMAIN && owner->labels == name->labels &&
           dns_name_is_below(name,
                             dns_name_suffix(self->source.answers, owner, owner->labels - 1U));
}

/* add_new - the records that edits put there */
static void add_new(const struct edited *self, struct dns_answer *copy)
{
    const struct dns_name *final = dns_answer_final_name(copy);

    for (const struct remedy_edit *edit = self->edits; edit != NULL; edit = edit->next) {
        struct dns_rr *rr = arena_new_of(self->source.answers, struct dns_rr);

        if (edit->action == REMEDY_REMOVE || edit->rr->type != copy->question.type ||
            !owns(self, edit->rr->owner, final, copy->status))
            continue;
        *rr = *edit->rr;
        rr->owner = final;
        rr->next = NULL;
        dns_answer_append(copy, rr);
    }
    for (const struct remedy_edit *edit = self->edits; edit != NULL; edit = edit->next)
        if (edit->action != REMEDY_REMOVE && copy->status == DNS_NXDOMAIN &&
            dns_name_is_below(edit->rr->owner, final))
            copy->status = DNS_NODATA;
    if (dns_answer_count(copy) > 0)
        copy->status = DNS_OK;
    else if (copy->status == DNS_OK && copy->record_count == 0)
        copy->status = DNS_NODATA;
}

static void pass_on(void *ctx, void *token, const struct dns_answer *answer)
{
    struct edited *self = ctx;
    struct dns_answer copy = *answer;
    unsigned kept = 0;

    copy.records = NULL;
    copy.record_count = 0;
    copy_kept(self, answer, &copy);
    kept = copy.record_count;
    if (dns_status_is_answer(answer->status))
        add_new(self, &copy);
    if (kept != answer->record_count || copy.record_count != kept ||
        copy.status != answer->status)
        copy.proofs = NULL; /* the zone is to be signed again */
    self->answered(self->ctx, token, &copy);
}

static int edited_poll(struct source *source, int timeout_ms, source_answered_fn *answered,
                       void *ctx)
{
    struct edited *self = (struct edited *)source;

    self->answered = answered;
    self->ctx = ctx;
    self->world->answers = source->answers;
    return self->world->ops->poll(self->world, timeout_ms, pass_on, self);
}

static bool edited_speaks_for(const struct source *source, const struct dns_name *name)
{
    const struct edited *self = (const struct edited *)source;

    return self->world->ops->speaks_for(self->world, name);
}

static const struct source_ops edited_ops = {.type = "edited",
                                             .submit = edited_submit,
                                             .poll = edited_poll,
                                             .speaks_for = edited_speaks_for};

/* ---- one case ---- */

struct one_case {
    struct arena *arena;
    const char *path;
    struct subject subject;
    const char *selectors[LIMIT_SELECTORS];
    const struct facts *facts;
    struct finding *findings;
};

/* open_world - the snapshot of the case speaks before its zone */
static struct source *open_world(struct one_case *one)
{
    static const char *const specs[] = {"snapshot:snapshot", "zone:zone@."};
    struct source_options options = {.timeout_ms = 100};
    struct source *sources[2];
    struct err why = {0};
    size_t count = 0;

    for (size_t i = 0; i < COUNT_OF(specs); i++)
        if (access(i == 0 ? "snapshot" : "zone", R_OK) == 0)
            assert_non_null(sources[count++] =
                                source_open(one->arena, specs[i], &options, &why));
    return source_overlay_open(one->arena, sources, count);
}

/* take_argument - of the file args; returns how many lines it took */
static size_t take_argument(struct one_case *one, const char *word, const char *value)
{
    struct subject *subject = &one->subject;
    struct err why = {0};

    if (strcmp(word, "--parked") == 0) {
        subject->is_parked = true;
        return 1;
    }
    if (case_option_take(one->arena, subject, one->selectors, word, value))
        return 2;
    if (word[0] != '-' && subject->domain == NULL)
        subject->domain = dns_name_parse(one->arena, span_of(word), &why);
    else if (word[0] != '-')
        subject->message =
            mail_message_choose(one->arena, word, &(struct mail_choice){0}, &why);
    return word[0] == '-' ? 2 : 1;
}

/* read_args - the lines of the file args */
static void read_args(struct one_case *one)
{
    const char *lines[64] = {NULL};
    struct span rest = {NULL, 0};
    struct err why = {0};
    size_t count = 0;

    assert_true(file_load(one->arena, "args", LIMIT_ZONE_BYTES, &rest, &why));
    while (rest.len > 0 && count + 1 < COUNT_OF(lines))
        lines[count++] = arena_strdup_span(one->arena, span_cut(&rest, '\n'));
    clock_parse(span_of(CLOCK), &one->subject.now);
    one->subject.selectors = one->selectors;
    for (size_t i = 0; i < count;)
        i += take_argument(one, lines[i], lines[i + 1]);
    assert_non_null(one->subject.domain);
    one->subject.domain_shown = one->subject.domain->text;
}

/* judge - from nothing to findings; `edits` are laid over the world */
static struct finding *judge(struct one_case *one, const struct remedy_edit *edits,
                             const struct facts **facts_out)
{
    struct subject *subject = arena_new_of(one->arena, struct subject);
    struct edited source = {.world = open_world(one), .edits = edits};
    struct gather_work work = {.arena = one->arena, .source = &source.source};
    struct finding *findings = NULL;

    source.source = (struct source){.ops = &edited_ops, .arena = one->arena, .spec = "edited"};
    work.ledger = ledger_open(one->arena);
    if (access("providers", R_OK) == 0) /* adding to none: the file alone */
        work.providers = policy_providers_load(one->arena, "providers",
                                               &(const struct provider_set){NULL, 0},
                                               &(struct err){.text = ""});
    *subject = one->subject;
    *facts_out = gather_run(&work, subject);
    findings = check_run(one->arena, *facts_out);
    source_close(source.world);
    return findings;
}

/* the message fails DMARC, or SPF does not let it pass; the policy and the record decide which
 * of the words it is */
static const char *const troubles[] = {
    "dmarc_result_fail dmarc_result_monitored",
    "spf_result_fail spf_result_softfail spf_result_neutral spf_result_permerror",
};

/* same_trouble - two words for one thing */
static bool same_trouble(const struct finding *a, const struct finding *b)
{
    for (size_t i = 0; i < COUNT_OF(troubles); i++)
        if (strstr(troubles[i], a->id) != NULL && strstr(troubles[i], b->id) != NULL)
            return true;
    return false;
}

/* has - the same finding is in the list */
static bool has(const struct finding *list, const struct finding *finding)
{
    for (; list != NULL; list = list->next)
        if (list->status == finding->status &&
            (strcmp(list->fingerprint, finding->fingerprint) == 0 ||
             same_trouble(list, finding)))
            return true;
    return false;
}

/* complain - one line for a remedy that does not keep its word */
static void complain(const struct one_case *one, const struct remedy *remedy, const char *what,
                     const char *id)
{
    fprintf(stderr, "%s: \"%s\" %s %s\n", one->path, remedy->summary, what, id);
    failed++;
}

/* open_policies - those that are judged by default, once */
static void open_policies(void)
{
    const char *name = NULL;
    struct err why = {0};

    policy_arena = arena_open();
    while ((name = policy_default_name(policy_arena, policy_count)) != NULL)
        assert_non_null(policies[policy_count++] = policy_open(policy_arena, name, &why));
    assert_true(policy_count > 3);
}

/* outcome - what a policy says about facts, as if the sender were known to be small */
static struct policy_outcome outcome(struct one_case *one, const struct policy *policy,
                                     const struct facts *facts)
{
    struct policy_known *known = policy_known_of(one->arena, facts);
    const struct policy_occasion occasion = {known, DAYS(facts->subject->now), NULL};

    policy_known_set(known, span_of("sender.bulk"), "no");
    return policy_judge(one->arena, policy, &occasion);
}

/* same_text - both NULL, or equal */
static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* prove_receivers - what receivers say of the world that the remedy assumes is what they say
 * of the one that it makes */
static void prove_receivers(struct one_case *one, const struct remedy *remedy,
                            const struct facts *facts)
{
    if (remedy->proof.facts_after == NULL) {
        complain(one, remedy, "assumes nothing", "");
        return;
    }
    for (size_t i = 0; i < policy_count; i++) {
        struct policy_outcome before = outcome(one, policies[i], one->facts);
        struct policy_outcome told = outcome(one, policies[i], remedy->proof.facts_after);
        struct policy_outcome made = outcome(one, policies[i], facts);

        if (told.disposition != made.disposition || !same_text(told.code, made.code) ||
            !same_text(told.enhanced, made.enhanced) || told.rule != made.rule)
            complain(one, remedy, "tells wrongly about", policies[i]->name);
        change_count += before.disposition != made.disposition;
    }
}

/* is_milder - p=none where before no record counted: the way to a policy begins there */
static bool is_milder(const struct one_case *one, const struct finding *finding)
{
    const struct auth_dmarc_policy *policy = one->facts->domain.dmarc;

    return strcmp(finding->id, "dmarc_policy_none") == 0 && policy != NULL &&
           (policy->step == NULL || policy->policy == REC_DMARC_NONE);
}

/* is_condition - the condition says so: a policy that is lost, a key that has yet to be
 * published */
static bool is_condition(const struct remedy *remedy, const struct finding *finding)
{
    if (remedy->condition == NULL)
        return false;
    for (size_t i = 0; i < remedy->proof.lost_count; i++)
        if (strncmp(remedy->proof.lost[i].kind, "dmarc_", strlen("dmarc_")) == 0 &&
            strncmp(finding->id, "dmarc_", strlen("dmarc_")) == 0)
            return true;
    return remedy->waits && strncmp(finding->id, "dkim_", strlen("dkim_")) == 0;
}

/* prove - lay it over the world and run the case again */
static void prove(struct one_case *one, const struct remedy *remedy)
{
    const struct facts *facts = NULL;
    const struct finding *after = judge(one, remedy->edits, &facts);

    remedy_count++;
    assert_non_null(remedy->edits);
    if (remedy_rrsets(one->arena, one->facts, remedy->edits) == NULL)
        complain(one, remedy, "edits what is not there", "");
    for (size_t i = 0; i < remedy->proof.cleared_count; i++)
        if (has(after, remedy->proof.cleared[i]))
            complain(one, remedy, "does not clear", remedy->proof.cleared[i]->id);
    for (const struct finding *finding = after; finding != NULL; finding = finding->next)
        if (finding->severity <= SEV_WARNING && !has(one->findings, finding) &&
            !is_milder(one, finding) && !is_condition(remedy, finding))
            complain(one, remedy, "brings", finding->id);
    prove_receivers(one, remedy, facts);
}

/* check_finding - its own remedy clears it, and all choices keep their word */
static void check_finding(struct one_case *one, const struct finding *finding)
{
    for (const struct remedy *remedy = finding->remedy; remedy != NULL; remedy = remedy->next) {
        bool is_cleared = false;

        for (size_t i = 0; i < remedy->proof.cleared_count; i++)
            is_cleared = is_cleared || remedy->proof.cleared[i] == finding;
        if (!is_cleared && remedy == finding->remedy)
            complain(one, remedy, "is no remedy of", finding->id);
        if (remedy->proof.introduced_count > 0)
            complain(one, remedy, "admits to bring", remedy->proof.introduced[0]->id);
        prove(one, remedy);
    }
}

/* check_reason - what has no remedy says why */
static void check_reason(const struct one_case *one, const struct finding *finding)
{
    bool is_trouble = finding->severity <= SEV_WARNING && finding->status == FINDING_FIRES;

    if (!is_trouble || finding->remedy != NULL || finding->no_remedy != NULL)
        return;
    fprintf(stderr, "%s: %s has neither a remedy nor a reason\n", one->path, finding->id);
    failed++;
}

/* check_case - all remedies of a case, and all of them together */
static void check_case(const char *path)
{
    struct one_case one = {.arena = arena_open(), .path = path};
    const struct remedy *fix = NULL;

    assert_int_equal(chdir(path), 0);
    read_args(&one);
    one.findings = judge(&one, NULL, &one.facts);
    remedy_find(one.arena, one.facts, one.findings);
    remedy_note_none(one.arena, one.facts, one.findings);
    for (const struct finding *finding = one.findings; finding != NULL;
         finding = finding->next) {
        check_finding(&one, finding);
        check_reason(&one, finding);
    }
    fix = remedy_plan(one.arena, one.facts, one.findings)->fix;
    if (fix->proof.introduced_count > 0)
        complain(&one, fix, "admits to bring", fix->proof.introduced[0]->id);
    if (fix->edits != NULL)
        prove(&one, fix);
    mail_message_close(one.subject.message);
    arena_close(one.arena);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* each_folder - call `visit` with every folder in a folder, in order */
static void each_folder(const char *path, void (*visit)(const char *path))
{
    struct dirent **entries = NULL;
    struct arena *arena = arena_open();
    int count = scandir(path, &entries, is_visible, alphasort);

    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        visit(arena_printf(arena, "%s/%s", path, entries[i]->d_name));
        free(entries[i]);
    }
    free(entries);
    arena_close(arena);
}

static void check_id(const char *path)
{
    each_folder(path, check_case);
}

static void every_remedy_of_every_case_keeps_its_word(void **state)
{
    (void)state;
    open_policies();
    each_folder(TESTDATA_DIR "/cases", check_id);
    arena_close(policy_arena);
    fprintf(stderr, "%zu remedies proved, %zu changes of receivers\n", remedy_count,
            change_count);
    assert_true(remedy_count > 100);
    assert_true(change_count > 10);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_remedy_of_every_case_keeps_its_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
