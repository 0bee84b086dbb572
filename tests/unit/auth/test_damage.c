/*
 * Messages that were signed and damaged in a known way. A few hundred by default; the first
 * argument is another count, the second another seed, as in "test_unit_auth_damage 5000".
 */
#include "unit.h"

#include "auth/auth_dkim_make.h"
#include "base/sbuf.h"
#include "damager.h"
#include "dkim_case.h"

#define NAMED_PERCENT 95
#define TRIES         200 /* for a message that can have the damage */

static size_t count = 300;
static uint64_t first_seed = 1;
static bool is_verbose;
static const char *other_record; /* a key that signed nothing */

/* world_of - the published key */
static const char *world_of(struct dkim_case *f, const struct damager *d)
{
    return dkim_case_world(f, d->has_other_key ? other_record
                                               : dkim_signer_record(f->arena, d->key));
}

/* damages_of - what is found in a message */
static const struct auth_damage *damages_of(struct dkim_case *f, struct span message,
                                            const char *world)
{
    const struct auth_dkim_verdict *verdict = dkim_case_judge(f, message, world);

    if (verdict->result == DKIM_PASS)
        return NULL;
    return auth_damage_find(f->arena, (struct mail_message *)f->prepared->message, f->prepared,
                            f->verdicts)[0];
}

/* show - a message that went wrong */
static void show(const struct damager *d, struct span message, const struct auth_damage *found,
                 const char *what)
{
    print_message("%s: shape %d, %s/%s, %s\n", what, (int)d->shape,
                  d->is_simple_header ? "simple" : "relaxed",
                  d->is_simple_body ? "simple" : "relaxed", d->key);
    for (; found != NULL; found = found->next)
        print_message("  claimed: %s: %s; %s\n", auth_damage_kind_to_text(found->kind),
                      found->text, found->proof);
    if (is_verbose)
        print_message("%.*s\n----\n", SPAN_ARG(message));
}

/* make_broken - a message that the damages broke; false if the kinds do not go together */
static bool make_broken(struct dkim_case *f, struct damager *d, enum auth_damage_kind first,
                        enum auth_damage_kind second)
{
    for (int i = 0; i < TRIES; i++) {
        uint64_t seed = d->seed;

        *d = (struct damager){.arena = f->arena, .seed = seed};
        if (damager_make(d, first, second) &&
            dkim_case_judge(f, damager_message(d), world_of(f, d))->result != DKIM_PASS)
            return true;
    }
    return false;
}

/* is_allowed - a claim that is so */
static bool is_allowed(const struct damager *d, enum auth_damage_kind claimed,
                       const enum auth_damage_kind kinds[2])
{
    return claimed == kinds[0] || claimed == kinds[1] ||
           (d->may_rewrite_encoding && claimed == AUTH_DAMAGE_FIELD_REWRITTEN);
}

struct tally {
    size_t made;
    size_t named;
    size_t wrong;
};

/* judge_damaged - one message */
static void judge_damaged(struct dkim_case *f, struct damager *d,
                          const enum auth_damage_kind kinds[2], struct tally *tally)
{
    struct span message = damager_message(d);
    const struct auth_damage *found = damages_of(f, message, world_of(f, d));
    bool is_named = false;
    bool is_wrong = false;

    for (const struct auth_damage *damage = found; damage != NULL; damage = damage->next) {
        is_named = is_named || damage->kind == kinds[0];
        is_wrong = is_wrong || !is_allowed(d, damage->kind, kinds);
    }
    tally->made++;
    tally->named += is_named;
    tally->wrong += is_wrong;
    if (is_wrong || (is_verbose && !is_named && kinds[1] == AUTH_DAMAGE_KINDS))
        show(d, message, found, auth_damage_kind_to_text(kinds[0]));
}

static void one_damage_is_named(void **state)
{
    struct dkim_case *f = *state;
    struct tally all = {0};
    uint64_t seed = first_seed;

    for (int kind = 0; kind < AUTH_DAMAGE_KINDS; kind++) {
        const enum auth_damage_kind kinds[2] = {(enum auth_damage_kind)kind, AUTH_DAMAGE_KINDS};
        struct tally tally = {0};

        for (size_t i = 0; i < count / AUTH_DAMAGE_KINDS + 1; i++) {
            struct arena *arena = f->arena;
            struct damager d = {.arena = arena, .seed = seed += 7919};

            f->arena = d.arena = arena_open();
            assert_true(make_broken(f, &d, kinds[0], kinds[1]));
            judge_damaged(f, &d, kinds, &tally);
            arena_close(f->arena);
            f->arena = arena;
        }
        if (tally.named < tally.made || is_verbose)
            print_message("%s: %zu of %zu named\n", auth_damage_kind_to_text(kinds[0]),
                          tally.named, tally.made);
        all.made += tally.made;
        all.named += tally.named;
        all.wrong += tally.wrong;
    }
    print_message("%zu of %zu named, %zu wrongly\n", all.named, all.made, all.wrong);
    assert_int_equal(all.wrong, 0);
    assert_true(all.named * 100 >= all.made * NAMED_PERCENT);
}

static void of_two_damages_no_other_is_claimed(void **state)
{
    struct dkim_case *f = *state;
    struct damager random = {.seed = first_seed + 17};
    struct tally tally = {0};

    for (size_t i = 0; i < count / 2; i++) {
        const enum auth_damage_kind kinds[2] = {
            (enum auth_damage_kind)damager_random(&random, AUTH_DAMAGE_KINDS),
            (enum auth_damage_kind)damager_random(&random, AUTH_DAMAGE_KINDS)};
        struct arena *arena = f->arena;
        struct damager d = {.seed = random.seed};

        f->arena = d.arena = arena_open();
        if (kinds[0] != kinds[1] && make_broken(f, &d, kinds[0], kinds[1]))
            judge_damaged(f, &d, kinds, &tally);
        arena_close(f->arena);
        f->arena = arena;
    }
    print_message("two damages: the first named in %zu of %zu, %zu wrongly\n", tally.named,
                  tally.made, tally.wrong);
    assert_true(tally.made > count / 4);
    assert_int_equal(tally.wrong, 0);
}

/* rewritten - some octets of the message changed, put in or taken out, from `from` on */
static struct span rewritten(struct damager *d, struct span message, size_t from)
{
    struct sbuf out = sbuf_start(d->arena);
    size_t at = from + damager_random(d, message.len - from);
    size_t taken = damager_random(d, 4);
    size_t put = damager_random(d, 4);

    sbuf_add_span(&out, span_sub(message, 0, at));
    for (size_t i = 0; i < put; i++)
        sbuf_add_octet(&out, "abcXYZ019 \t.,-=\r\n"[damager_random(d, 17)]);
    sbuf_add_span(&out, span_from(message, at + taken));
    return sbuf_span(&out);
}

/* has_signed - does the message that was signed hold the text, blanks aside */
static bool has_signed(struct arena *arena, struct span message, const char *old)
{
    struct sbuf whole = sbuf_start(arena);
    struct sbuf part = sbuf_start(arena);

    if (strstr(old, "...") != NULL)
        return true; /* cut */
    for (size_t i = 0; i < message.len; i++)
        if (!ascii_is_space(message.at[i]))
            sbuf_add_octet(&whole, message.at[i]);
    for (; *old != '\0'; old++)
        if (!ascii_is_space(*old) && *old != '"')
            sbuf_add_octet(&part, *old);
    return strstr(sbuf_text(&whole), sbuf_text(&part)) != NULL;
}

/* claim_is_so - about a message whose header or body alone was rewritten */
static bool claim_is_so(struct arena *arena, const struct auth_damage *damage, bool in_body,
                        struct span message)
{
    if ((damage->part == AUTH_DAMAGE_IN_BODY) != in_body)
        return false;
    return damage->old == NULL || strchr(damage->old, '\\') != NULL ||
           has_signed(arena, message, damage->old);
}

static void of_random_changes_nothing_false_is_claimed(void **state)
{
    struct dkim_case *f = *state;
    size_t claims = 0;
    size_t wrong = 0;

    for (size_t i = 0; i < count / 5; i++) {
        struct arena *arena = f->arena;
        struct damager d = {.seed = first_seed + 31 * i};

        f->arena = d.arena = arena_open();
        assert_true(damager_make(&d, AUTH_DAMAGE_KINDS, AUTH_DAMAGE_KINDS));
        struct span sound = damager_message(&d);
        bool in_body = damager_random(&d, 2) > 0;
        struct span message =
            in_body ? rewritten(&d, sound, sound.len - strlen(d.body))
                    : rewritten(&d, span_sub(sound, 0, sound.len - strlen(d.body) - 8),
                                strlen(d.own));

        if (!in_body)
            message = span_of(arena_printf(d.arena, "%.*s%s", SPAN_ARG(message),
                                           sound.at + sound.len - strlen(d.body) - 8));
        const struct auth_damage *found = damages_of(f, message, world_of(f, &d));

        for (; found != NULL; found = found->next) {
            claims++;
            if (claim_is_so(d.arena, found, in_body, sound))
                continue;
            wrong++;
            show(&d, message, found, "rewritten");
        }
        arena_close(f->arena);
        f->arena = arena;
    }
    print_message("of %zu rewritten: %zu claims, %zu wrong\n", count / 5, claims, wrong);
    assert_int_equal(wrong, 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_damage_is_named, dkim_case_setup,
                                        dkim_case_teardown),
        cmocka_unit_test_setup_teardown(of_two_damages_no_other_is_claimed, dkim_case_setup,
                                        dkim_case_teardown),
        cmocka_unit_test_setup_teardown(of_random_changes_nothing_false_is_claimed,
                                        dkim_case_setup, dkim_case_teardown),
    };
    struct arena *arena = arena_open();
    struct auth_dkim_pair pair = {0};
    struct err why = {0};
    int failed = 0;

    if (argc > 1)
        count = strtoul(argv[1], NULL, 10);
    if (argc > 2)
        first_seed = strtoul(argv[2], NULL, 10);
    is_verbose = argc > 3;
    if (!auth_dkim_make(arena, 1024, &pair, &why))
        return 1;
    other_record = arena_printf(arena, "v=DKIM1; k=rsa; p=%s", pair.public_base64);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_close(arena);
    return failed;
}
