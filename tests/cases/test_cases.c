/*
 * Every folder of testdata/cases is one case (README.md beside this file tells the format). All
 * of them run in this process, one arena each; a failing case is one line.
 */
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "case_option.h"
#include "libraries.h"
#include "render/render_view.h"
#include "unit.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "check/check.h"
#include "compare/compare.h"
#include "dnssec/dnssec_anchor.h"
#include "engine/engine.h"
#include "gather/gather.h"
#include "ledger/ledger_snapshot.h"
#include "mail/mail_message.h"
#include "policy/policy_provider.h"
#include "report/report_outcome.h"
#include "source/source.h"
#include "policy/policy.h"
#include "policy/policy_fact.h"
#include "report/report.h"
#include "report/report_complete.h"

#define CASES_MAX 2000
#define CLOCK     "2026-11-24T00:00:00Z"

#define SECONDS_OF_DAY 86400

enum expected { FIRES, UNDETERMINED, SILENT };

struct one_case {
    const char *id;     /* the folder above */
    const char *folder; /* "fires-two-records" */
    const char *path;
    enum expected expected;
};

static struct arena *names;      /* of the cases, for the whole run */
static struct engine *libraries; /* for the cases that ask them; NULL: they do not run here */
static struct one_case cases[CASES_MAX];
static size_t case_count;
static size_t failed;

/* complain - one line for a failing case */
static void complain(const struct one_case *one, const char *what)
{
    fprintf(stderr, "%s/%s: %s\n", one->id, one->folder, what);
    failed++;
}

/* ---- finding the cases ---- */

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* add_case - expectation by the folder's first word */
static void add_case(const char *id, const char *folder)
{
    struct one_case *one = &cases[case_count++];

    assert_true(case_count < CASES_MAX);
    one->id = id;
    one->folder = folder;
    one->path = arena_printf(names, "%s/cases/%s/%s", TESTDATA_DIR, id, folder);
    if (strncmp(folder, "fires-", 6) == 0)
        one->expected = FIRES;
    else if (strncmp(folder, "undetermined-", 13) == 0)
        one->expected = UNDETERMINED;
    else if (strncmp(folder, "silent-", 7) == 0)
        one->expected = SILENT;
    else
        complain(one, "the folder begins neither with fires- nor undetermined- nor silent-");
}

/* list - names in a directory, sorted */
static int list(const char *path, struct dirent ***entries_out)
{
    int count = scandir(path, entries_out, is_visible, alphasort);

    if (count < 0)
        fail_msg("%s: cannot be read", path);
    return count;
}

static int find_cases(void **state)
{
    const char *root = TESTDATA_DIR "/cases";
    struct dirent **ids = NULL;
    struct err why = {0};
    int id_count = list(root, &ids);

    (void)state;
    if (libraries_run()) {
        libraries = engine_open(&why);
        assert_non_null(libraries);
    }
    names = arena_open();
    for (int i = 0; i < id_count; i++) {
        const char *id = arena_strdup(names, ids[i]->d_name);
        struct dirent **folders = NULL;
        int count = list(arena_printf(names, "%s/%s", root, id), &folders);

        for (int j = 0; j < count; j++) {
            add_case(id, arena_strdup(names, folders[j]->d_name));
            free(folders[j]);
        }
        free(folders);
        free(ids[i]);
    }
    free(ids);
    return 0;
}

static int forget_cases(void **state)
{
    (void)state;
    engine_close(libraries);
    arena_close(names);
    return 0;
}

/* ---- running one ---- */

struct run {
    struct arena *arena;
    const struct one_case *one;
    struct subject subject;
    struct source *source;
    struct ledger *ledger;
    struct facts *facts;
    struct finding *findings;
    const char *selectors[LIMIT_SELECTORS];
};

/* file_of - a file of the case if there is one */
static bool file_of(struct run *run, const char *name, struct span *bytes_out)
{
    struct err why = {0};
    const char *path = arena_printf(run->arena, "%s/%s", run->one->path, name);

    return access(path, R_OK) == 0 &&
           file_load(run->arena, path, LIMIT_ZONE_BYTES, bytes_out, &why);
}

/* take_option - one option of args with its value */
static void take_option(struct run *run, const char *option, const char *value)
{
    struct subject *subject = &run->subject;
    struct err why = {0};

    if (case_option_take(run->arena, subject, run->selectors, option, value))
        return;
    if (strcmp(option, "--trust-anchor") == 0)
        subject->anchors = dnssec_anchors_load(run->arena, value, &why);
    else
        fail_msg("%s: args holds an unknown option %s", run->one->path, option);
}

/* take_message - by its name inside the case, so that reports do not show the machine's paths
 */
static void take_message(struct run *run, const char *name)
{
    struct err why = {0};

    run->subject.message =
        mail_message_choose(run->arena, name, &(struct mail_choice){0}, &why);
    if (run->subject.message == NULL)
        fail_msg("%s: %s", run->one->path, why.text);
}

/* read_args - DOMAIN [MESSAGE] and options, one argument a line */
static void read_args(struct run *run)
{
    struct span rest = {NULL, 0};
    struct err why = {0};

    if (!file_of(run, "args", &rest))
        fail_msg("%s: there is no file args", run->one->path);
    clock_parse(span_of(CLOCK), &run->subject.now);
    run->subject.selectors = run->selectors;
    while (rest.len > 0) {
        const char *line = arena_strdup_span(run->arena, span_cut(&rest, '\n'));

        if (strcmp(line, "--parked") == 0)
            run->subject.is_parked = true;
        else if (line[0] == '-')
            take_option(run, line, arena_strdup_span(run->arena, span_cut(&rest, '\n')));
        else if (run->subject.domain == NULL)
            run->subject.domain = dns_name_parse(run->arena, span_of(line), &why);
        else
            take_message(run, line);
    }
    if (run->subject.domain == NULL)
        fail_msg("%s: args names no domain", run->one->path);
    run->subject.domain_shown = run->subject.domain->text;
}

/* open_world - the snapshot speaks before the zone */
static void open_world(struct run *run)
{
    static const char *const files[] = {"snapshot", "zone"};
    static const char *const specs[] = {"snapshot:snapshot", "zone:zone@."};
    struct source_options options = {.timeout_ms = 100};
    struct source *sources[2];
    struct err why = {0};
    size_t count = 0;

    for (size_t i = 0; i < COUNT_OF(files); i++) {
        if (access(files[i], R_OK) != 0)
            continue;
        sources[count] = source_open(run->arena, specs[i], &options, &why);
        if (sources[count++] == NULL)
            fail_msg("%s: %s", run->one->path, why.text);
    }
    assert_true(count > 0);
    run->source = source_overlay_open(run->arena, sources, count);
}

/* library_of - by the word in the file engines */
static enum engine_library library_of(struct span word)
{
    if (span_equal_text(word, "libspf2"))
        return ENGINE_LIBSPF2;
    if (span_equal_text(word, "libopendkim"))
        return ENGINE_LIBOPENDKIM;
    assert_true(span_equal_text(word, "libopendmarc"));
    return ENGINE_LIBOPENDMARC;
}

/* take_engine - one line of the file engines */
static void take_engine(struct run *run, struct engine_verdict *verdict, struct span line)
{
    struct span library = span_cut(&line, ' ');
    const char *about = arena_strdup_span(run->arena, span_cut(&line, ' '));
    const char *word = arena_strdup_span(run->arena, line);
    bool is_lost = strcmp(word, "lost") == 0;
    bool is_unavailable = strcmp(word, "unavailable") == 0;

    *verdict = (struct engine_verdict){
        .library = library_of(library),
        .library_text = arena_strdup_span(run->arena, library),
        .about = about,
        .result = is_lost || is_unavailable ? NULL : word,
        .is_lost = is_lost,
        .is_skipped = is_unavailable,
        .is_unavailable = is_unavailable,
        .detail = is_lost ? "the process ended by signal 11" : "as the case says",
    };
}

/* asks_libraries - the file engines says to ask the real ones */
static bool asks_libraries(struct run *run)
{
    struct span text = {NULL, 0};

    return file_of(run, "engines", &text) && span_equal_text(text, "ask\n");
}

/* is_left_out - the case asks libraries that do not run here */
static bool is_left_out(struct run *run)
{
    return libraries == NULL && asks_libraries(run);
}

/* take_engines - otherwise the file stands for the libraries */
static void take_engines(struct run *run)
{
    struct engine_verdict *verdicts = NULL;
    struct span rest = {NULL, 0};

    if (asks_libraries(run) || !file_of(run, "engines", &rest))
        return;
    while (rest.len > 0) {
        struct span line = span_cut(&rest, '\n');

        if (span_starts_with(line, "trouble ")) {
            run->facts->engine_trouble = arena_strdup_span(run->arena, span_from(line, 8));
            continue;
        }
        verdicts =
            arena_grow(run->arena, verdicts, run->facts->engine_count, sizeof(*verdicts));
        take_engine(run, &verdicts[run->facts->engine_count++], line);
    }
    run->facts->engines = verdicts;
}

/* providers_of - the file "providers" of the case; NULL: nobody is known */
static const struct provider_set *providers_of(struct run *run)
{
    const struct policy_provider_file *file = NULL;
    struct span text = {NULL, 0};
    struct err why = {0};

    if (!file_of(run, "providers", &text))
        return NULL;
    file = policy_providers_parse(run->arena, "providers", text, &why);
    if (file == NULL)
        fail_msg("%s: %s", run->one->path, why.text);
    return &file->set;
}

/* add_changes - with a file "old" in the case: what the step from there to here changes */
static void add_changes(struct run *run)
{
    struct subject *subject = arena_new_of(run->arena, struct subject);
    struct source_options options = {.timeout_ms = 100};
    struct gather_work work = {.arena = run->arena, .ledger = ledger_open(run->arena)};
    struct finding **tail = &run->findings;
    struct finding *changes = NULL;
    struct finding *next = NULL;
    struct err why = {0};

    if (access("old", R_OK) != 0)
        return;
    *subject = run->subject;
    work.providers = providers_of(run);
    work.source = source_open(run->arena, "zone:old@.", &options, &why);
    if (work.source == NULL)
        fail_msg("%s: %s", run->one->path, why.text);
    changes = check_changes(run->arena,
                            compare_facts(run->arena, gather_run(&work, subject), run->facts));
    for (; changes != NULL; changes = next) { /* the most severe first */
        next = changes->next;
        for (tail = &run->findings; *tail && (*tail)->severity <= changes->severity;
             tail = &(*tail)->next)
            ;
        changes->next = *tail;
        *tail = changes;
    }
}

/* take_outcomes - the file "policies" names receivers and rule books; what they would do counts */
static void take_outcomes(struct run *run)
{
    struct report report = {.facts = run->facts, .findings = run->findings};
    struct policy_occasion occasion = {.known = policy_known_of(run->arena, run->facts),
                                       .day = run->facts->subject->now / SECONDS_OF_DAY,
                                       .findings = run->findings};
    struct policy_outcome *outcomes = arena_array_of(run->arena, struct policy_outcome, 2);
    struct span rest = {NULL, 0};
    struct err why = {0};

    if (!file_of(run, "policies", &rest))
        return;
    while (rest.len > 0) {
        const char *name = arena_strdup_span(run->arena, span_cut(&rest, '\n'));
        const struct policy *policy = policy_open(run->arena, name, &why);

        if (policy == NULL)
            fail_msg("%s: %s", run->one->path, why.text);
        report.has_named_policies = true;
        report.outcomes = outcomes;
        report.outcome_count = policy_judge_both(run->arena, policy, &occasion, outcomes);
        report_add_outcomes(run->arena, &report);
    }
    run->findings = report.findings;
}

/* judge - gather with the source, then check */
static void judge(struct run *run)
{
    struct subject *subject = arena_new_of(run->arena, struct subject);
    struct gather_work work = {.arena = run->arena, .source = run->source};
    struct facts *facts = arena_new_of(run->arena, struct facts);

    if (asks_libraries(run))
        work.engine = libraries;
    *subject = run->subject;
    work.providers = providers_of(run);
    run->ledger = ledger_open(run->arena);
    work.ledger = run->ledger;
    *facts = *gather_run(&work, subject);
    run->facts = facts;
    take_engines(run);
    run->findings = check_run(run->arena, facts);
    add_changes(run);
    take_outcomes(run);
}

static void open_run(struct run *run, const struct one_case *one)
{
    *run = (struct run){.arena = arena_open(), .one = one};
    if (chdir(one->path) != 0)
        fail_msg("%s: cannot be entered", one->path);
    read_args(run);
    open_world(run);
    judge(run);
}

static void close_run(struct run *run)
{
    source_close(run->source);
    mail_message_close(run->subject.message);
    arena_close(run->arena);
}

/* ---- what is expected ---- */

/* meets - the findings hold what the folder promises */
static bool meets(const struct run *run)
{
    bool fires = false;
    bool is_undetermined = false;

    for (const struct finding *finding = run->findings; finding != NULL;
         finding = finding->next) {
        if (strcmp(finding->id, run->one->id) != 0)
            continue;
        fires = fires || finding->status == FINDING_FIRES;
        is_undetermined = is_undetermined || finding->status == FINDING_UNDETERMINED;
    }
    switch (run->one->expected) {
    case FIRES:
        return fires;
    case UNDETERMINED:
        return is_undetermined && !fires;
    case SILENT:
        return !fires && !is_undetermined;
    }
    return false;
}

/* is_differs - the general row of a library: "engine_spf_differs" */
static bool is_differs(const char *id)
{
    return span_starts_with(span_of(id), "engine_") &&
           span_ends_with_nocase(span_of(id), "_differs");
}

/* meets_with_libraries - where the real libraries were asked, the finding is about what they
 * said (without that it is less severe than its row), and nothing is left unexplained */
static bool meets_with_libraries(const struct run *run)
{
    bool is_about_verdict = run->one->expected != FIRES;

    for (const struct finding *finding = run->findings; finding != NULL;
         finding = finding->next) {
        if (is_differs(finding->id) && strcmp(finding->id, run->one->id) != 0)
            return false;
        if (strcmp(finding->id, run->one->id) == 0 &&
            finding->severity == check_row_find(finding->id)->severity)
            is_about_verdict = true;
    }
    return is_about_verdict;
}

/* reported - what was found instead, for the line of a failing case */
static const char *reported(const struct run *run)
{
    struct sbuf list = sbuf_start(run->arena);

    sbuf_add(&list, "the finding is not as the folder promises; reported:");
    for (const struct finding *finding = run->findings; finding != NULL;
         finding = finding->next)
        sbuf_addf(&list, " %s%s", finding->id,
                  finding->status == FINDING_UNDETERMINED ? " (undetermined)" : "");
    return sbuf_text(&list);
}

static void every_case_says_what_its_folder_promises(void **state)
{
    (void)state;
    failed = 0;
    assert_true(case_count > 0);
    for (size_t i = 0; i < case_count; i++) {
        struct run run;

        open_run(&run, &cases[i]);
        if (!is_left_out(&run) &&
            (!meets(&run) || (asks_libraries(&run) && !meets_with_libraries(&run))))
            complain(&cases[i], reported(&run));
        close_run(&run);
    }
    assert_int_equal(failed, 0);
}

/* is_complete - one line with an end; what is not filled in stops check_text() itself */
static bool is_complete(const char *text)
{
    return text[0] != '\0' && strpbrk(text, "\n\r\t") == NULL && text[strlen(text) - 1] != ' ';
}

/* check_texts - of all findings of a case */
static void check_texts(const struct run *run)
{
    for (const struct finding *a = run->findings; a != NULL; a = a->next) {
        if (!is_complete(check_text(run->arena, a)))
            complain(run->one, check_text(run->arena, a));
        if (!is_complete(check_hint(run->arena, a)))
            complain(run->one, check_hint(run->arena, a));
        if (strlen(a->fingerprint) != 16)
            complain(run->one, "a fingerprint is not 16 digits long");
        for (const struct finding *b = a->next; b != NULL; b = b->next)
            if (strcmp(a->fingerprint, b->fingerprint) == 0)
                complain(run->one, arena_printf(run->arena,
                                                "two findings have one fingerprint: "
                                                "%s",
                                                check_text(run->arena, b)));
        if (a->next != NULL && a->severity > a->next->severity)
            complain(run->one, "the most severe finding does not come first");
    }
}

static void texts_are_complete_and_fingerprints_differ(void **state)
{
    (void)state;
    failed = 0;
    for (size_t i = 0; i < case_count; i++) {
        struct run run;

        open_run(&run, &cases[i]);
        check_texts(&run);
        close_run(&run);
    }
    assert_int_equal(failed, 0);
}

/* argument_of - a named argument of a finding, which must be there and say something */
static const char *argument_of(const struct finding *finding, const char *key)
{
    for (const struct finding_arg *arg = finding->args; arg != NULL; arg = arg->next)
        if (strcmp(arg->key, key) == 0 && arg->text != NULL && arg->text[0] != '\0')
            return arg->text;
    fail_msg("%s: has no {%s}", finding->id, key);
    return NULL;
}

/* shows_both_sides - the text of the general row holds verdict and evidence of each judge */
static bool shows_both_sides(const struct run *run)
{
    static const char *const keys[] = {"theirs", "detail", "ours", "because"};
    const struct finding *finding = run->findings;
    const char *text = NULL;

    while (strcmp(finding->id, run->one->id) != 0)
        finding = finding->next;
    text = check_text(run->arena, finding);
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (strstr(text, argument_of(finding, keys[i])) == NULL)
            return false;
    return strcmp(argument_of(finding, "theirs"), argument_of(finding, "ours")) != 0;
}

/* statuses - the exit status at each threshold, as text */
static const char *statuses(struct run *run)
{
    struct report report = {.facts = run->facts, .findings = run->findings};
    struct sbuf list = sbuf_start(run->arena);

    for (int threshold = THRESHOLD_ERROR; threshold <= THRESHOLD_NEVER; threshold++)
        sbuf_addf(&list, " %d", report_exit_status(&report, (enum report_threshold)threshold));
    return sbuf_text(&list);
}

static void what_no_row_explains_shows_both_sides_and_changes_no_exit_status(void **state)
{
    size_t told = 0;

    (void)state;
    failed = 0;
    for (size_t i = 0; i < case_count; i++) {
        struct run run;
        const char *with = NULL;

        if (cases[i].expected != FIRES || !is_differs(cases[i].id))
            continue;
        open_run(&run, &cases[i]);
        if (!is_left_out(&run) && !shows_both_sides(&run))
            complain(&cases[i], "does not show both sides");
        with = statuses(&run);
        run.facts->engine_count = 0;
        run.findings = check_run(run.arena, run.facts);
        if (strcmp(with, statuses(&run)) != 0)
            complain(&cases[i], "the difference changes the exit status");
        close_run(&run);
        told++;
    }
    assert_true(told >= 3); /* one of each library */
    assert_int_equal(failed, 0);
}

/* has_case - some case of the row expects this */
static bool has_case(const char *id, enum expected expected)
{
    for (size_t i = 0; i < case_count; i++)
        if (cases[i].expected == expected && strcmp(cases[i].id, id) == 0)
            return true;
    return false;
}

static void every_row_has_a_case_that_fires_and_one_that_is_silent(void **state)
{
    (void)state;
    failed = 0;
    for (size_t row = 0; row < check_row_count(); row++) {
        const char *id = check_row_get(row)->id;

        if (!has_case(id, FIRES) || !has_case(id, SILENT)) {
            fprintf(stderr, "%s: has no case that %s\n", id,
                    has_case(id, FIRES) ? "is silent" : "fires");
            failed++;
        }
    }
    assert_int_equal(failed, 0);
}

static void every_folder_names_a_row(void **state)
{
    (void)state;
    failed = 0;
    for (size_t i = 0; i < case_count; i++)
        if (check_row_find(cases[i].id) == NULL)
            complain(&cases[i], "the folder above names no finding");
    assert_int_equal(failed, 0);
}

/* content - all files of a case in one text */
static const char *content(struct run *run)
{
    static const char *const files[] = {"args",    "zone",   "snapshot", "message.eml",
                                        "engines", "anchor", "old"};
    struct sbuf all = sbuf_start(run->arena);
    struct span bytes = {NULL, 0};

    for (size_t i = 0; i < COUNT_OF(files); i++) {
        sbuf_addf(&all, "--- %s\n", files[i]);
        if (file_of(run, files[i], &bytes))
            sbuf_add_span(&all, bytes);
    }
    return sbuf_text(&all);
}

static void no_two_cases_of_a_finding_hold_the_same_files(void **state)
{
    struct run a = {.arena = arena_open()};
    struct run b = {.arena = a.arena};

    (void)state;
    failed = 0;
    for (size_t i = 0; i < case_count; i++)
        for (size_t j = i + 1; j < case_count && strcmp(cases[i].id, cases[j].id) == 0; j++) {
            a.one = &cases[i];
            b.one = &cases[j];
            if (strcmp(content(&a), content(&b)) == 0)
                complain(&cases[j], "holds the same files as a case before it");
        }
    arena_close(a.arena);
    assert_int_equal(failed, 0);
}

/* ---- snapshots ---- */

/* rendered - the JSON report with every answer in it */
static struct span rendered(struct run *run)
{
    struct report report = {.facts = run->facts, .findings = run->findings};
    struct report_options options = {.is_verbose = true};
    struct sbuf out = sbuf_start(run->arena);

    report.result = report_judge(run->facts, run->findings);
    report_complete(run->arena, &report);
    render_view_cell(VIEW_check, FORMAT_json)(&report, &options, &out);
    return sbuf_span(&out);
}

/* replay - the same case from its own snapshot */
static struct span replay(struct run *run, const char *path)
{
    struct source_options options = {0};
    struct err why = {0};

    if (!ledger_save(run->ledger, run->arena, path, run->subject.now, &why))
        fail_msg("%s: %s", run->one->path, why.text);
    source_close(run->source);
    run->source =
        source_open(run->arena, arena_printf(run->arena, "snapshot:%s", path), &options, &why);
    if (run->source == NULL)
        fail_msg("%s: %s", run->one->path, why.text);
    judge(run);
    return rendered(run);
}

static void a_saved_snapshot_gives_the_same_report_byte_for_byte(void **state)
{
    char path[] = "/tmp/mailassay-case-XXXXXX";
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    failed = 0;
    for (size_t i = 0; i < case_count; i++) {
        struct run run;
        struct span first = {NULL, 0};

        open_run(&run, &cases[i]);
        first = rendered(&run);
        if (!span_equal(first, replay(&run, path)))
            complain(&cases[i], "the report from its snapshot differs");
        close_run(&run);
    }
    unlink(path);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_says_what_its_folder_promises),
        cmocka_unit_test(what_no_row_explains_shows_both_sides_and_changes_no_exit_status),
        cmocka_unit_test(every_row_has_a_case_that_fires_and_one_that_is_silent),
        cmocka_unit_test(every_folder_names_a_row),
        cmocka_unit_test(no_two_cases_of_a_finding_hold_the_same_files),
        cmocka_unit_test(texts_are_complete_and_fingerprints_differ),
        cmocka_unit_test(a_saved_snapshot_gives_the_same_report_byte_for_byte),
    };

    return cmocka_run_group_tests(tests, find_cases, forget_cases);
}
