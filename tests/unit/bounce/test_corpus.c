/*
 * Figures over the bounces that are collected beside the tree (../shared/bounces): how many
 * causes of authentication are named rightly, that none is named wrongly, that every file has
 * its recipients. Skipped where they are missing.
 */
#include <dirent.h>
#include <stdio.h>

#include "base/file.h"
#include "base/limits_bounce.h"
#include "bounce/bounce.h"
#include "explain/explain.h"
#include "unit_arena.h"

#define RIGHT_OF_HUNDRED 98 /* causes of authentication */
#define NAMED_OF_HUNDRED 90 /* receivers, where a host answered */

/* ids of the causes that are about authentication, as the collection writes them */
static const char *const auth_causes[] = {
    "auth-level", "dmarc-none", "unaligned", "dmarc-policy", "unauthenticated",
    "spf-broken", "dkim-fail",  "spf-fail",  "ptr",          "sender-domain",
    "helo",       "tls",        "spoof",     "login",        "policy-maybe-auth"};

struct figures {
    size_t files;
    size_t auth;
    size_t auth_right;
    size_t auth_wrong; /* said of one that is not */
    size_t no_recipient;
    size_t hosts; /* that answered */
    size_t named;
};

static bool is_auth(const char *id)
{
    for (size_t i = 0; i < sizeof(auth_causes) / sizeof(auth_causes[0]); i++)
        if (strcmp(auth_causes[i], id) == 0)
            return true;
    return false;
}

/* judge_recipients - the cause that is wanted is among them; counts the rest */
static bool judge_recipients(const struct bounce *bounce, const char *wanted,
                             struct figures *figures, bool *is_false_out)
{
    bool is_right = false;

    for (size_t i = 0; i < bounce->count; i++) {
        const struct bounce_recipient *said = &bounce->recipients[i];
        const struct explain_one *one = explain_one(arena, bounce, said, NULL);

        is_right |= strcmp(said->class->cause->id, wanted) == 0;
        *is_false_out |= is_auth(said->class->cause->id) && !is_auth(wanted);
        figures->hosts += said->host != NULL;
        figures->named += said->host != NULL && one->receiver != NULL;
    }
    return is_right;
}

/* judge_file - a line of expected.tsv */
static void judge_file(struct span line, struct figures *figures)
{
    const char *name = arena_strdup_span(arena, span_cut(&line, '\t'));
    const char *wanted = NULL;
    struct span bytes = {0};
    struct err why = {0};
    const struct bounce *bounce = NULL;
    bool is_false = false;
    bool is_right = false;

    span_cut(&line, '\t');
    wanted = arena_strdup_span(arena, span_cut(&line, '\t'));
    assert_true(file_load(arena, arena_printf(arena, SHARED_DIR "/bounces/messages/%s", name),
                          LIMIT_BOUNCE_BYTES, &bytes, &why));
    bounce = bounce_read(arena, bytes);
    is_right = judge_recipients(bounce, wanted, figures, &is_false);
    figures->files++;
    figures->auth += is_auth(wanted);
    figures->auth_right += is_auth(wanted) && is_right;
    figures->auth_wrong += is_false;
    figures->no_recipient += bounce->count == 0;
    if ((is_auth(wanted) && !is_right) || is_false || bounce->count == 0)
        print_message("%s: %s expected, %s found\n", name, wanted,
                      bounce->count > 0 ? bounce->recipients[0].class->cause->id : "nobody");
}

static void figures_hold(void **state)
{
    struct figures figures = {0};
    struct span rest = {0};
    struct err why = {0};

    (void)state;
    assert_true(
        file_load(arena, SHARED_DIR "/bounces/expected.tsv", LIMIT_BOUNCE_BYTES, &rest, &why));
    span_cut(&rest, '\n');
    while (rest.len > 0)
        judge_file(span_cut(&rest, '\n'), &figures);
    print_message("%zu files: %zu of %zu causes of authentication, %zu false, %zu without "
                  "recipient, receiver of %zu of %zu\n",
                  figures.files, figures.auth_right, figures.auth, figures.auth_wrong,
                  figures.no_recipient, figures.named, figures.hosts);
    assert_true(figures.auth_right * 100 >= figures.auth * RIGHT_OF_HUNDRED);
    assert_int_equal(figures.auth_wrong, 0);
    assert_int_equal(figures.no_recipient, 0);
    assert_true(figures.named * 100 >= figures.hosts * NAMED_OF_HUNDRED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(figures_hold)};
    DIR *folder = opendir(SHARED_DIR "/bounces/messages");

    if (folder == NULL) {
        puts("skipped: the collected bounces are not beside the tree");
        return 77;
    }
    closedir(folder);
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
