/* What is proposed, against records written by hand. Each is also proved on the way. */
#include <string.h>

#include "unit_arena.h"
#include "world.h"

#include "base/limits.h"
#include "base/sbuf.h"
#include "check/check.h"
#include "dns/dns_rr.h"
#include "gather/gather.h"
#include "ledger/ledger.h"
#include "remedy/remedy.h"

#define NOW 1795478400 /* 2026-11-24T00:00:00Z */

static const struct facts *facts;
static struct finding *findings;

/* judge - example.com in a world with a mail host, DMARC and the lines given */
static void judge(const char *lines)
{
    struct subject *subject = arena_new_of(arena, struct subject);
    struct gather_work work = {.arena = arena, .ledger = ledger_open(arena)};

    work.source = world_source(arena, arena_printf(arena,
                                                   "example.com MX 10 mail.example.com\n"
                                                   "mail.example.com A 192.0.2.25\n%s",
                                                   lines));
    subject->domain = dns_name_from_text(arena, "example.com");
    subject->domain_shown = "example.com";
    subject->now = NOW;
    facts = gather_run(&work, subject);
    findings = check_run(arena, facts);
    remedy_find(arena, facts, findings);
    remedy_note_none(arena, facts, findings);
}

/* remedy_of - that of the first finding with this id */
static const struct remedy *remedy_of(const char *id)
{
    for (const struct finding *finding = findings; finding != NULL; finding = finding->next)
        if (strcmp(finding->id, id) == 0)
            return finding->remedy;
    fail_msg("%s does not fire", id);
    return NULL;
}

/* none_for - why the first finding with this id has no remedy */
static const char *none_for(const char *id)
{
    for (const struct finding *finding = findings; finding != NULL; finding = finding->next)
        if (strcmp(finding->id, id) == 0)
            return finding->no_remedy;
    fail_msg("%s does not fire", id);
    return NULL;
}

/* assert_edit - the one edit of a remedy */
static void assert_edit(const struct remedy *remedy, enum remedy_action action,
                        const char *value)
{
    assert_non_null(remedy);
    assert_non_null(remedy->edits);
    assert_null(remedy->edits->next);
    assert_int_equal(remedy->edits->action, action);
    assert_string_equal(remedy_value(remedy->edits->rr), value);
}

/* assert_spf - a record of terms becomes another one */
static void assert_spf(const char *id, const char *record, const char *expected)
{
    judge(arena_printf(arena,
                       "example.com TXT \"%s\"\n"
                       "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n",
                       record));
    assert_edit(remedy_of(id), REMEDY_REPLACE, arena_printf(arena, "\"%s\"", expected));
}

static void misspelt_terms_are_put_right(void **state)
{
    (void)state;
    assert_spf("spf_syntax", "v=spf1 ipv4:192.0.2.7 -all", "v=spf1 ip4:192.0.2.7 -all");
    assert_spf("spf_syntax", "v=spf1 ip4:2001:db8::1 -all", "v=spf1 ip6:2001:db8::1 -all");
    assert_spf("spf_syntax", "v=spf1 192.0.2.0/24 -all", "v=spf1 ip4:192.0.2.0/24 -all");
    assert_spf("spf_syntax", "v=spf1 mx, -all", "v=spf1 mx -all");
    assert_spf("spf_syntax", "v=spf1 ip4:192.0.2.0/024 -all", "v=spf1 ip4:192.0.2.0/24 -all");
}

static void networks_are_merged_and_repetitions_dropped(void **state)
{
    (void)state;
    assert_spf("spf_duplicate_term",
               "v=spf1 mx ip4:192.0.2.0/25 ip4:192.0.2.128/25 mx ip4:192.0.2.7 -all",
               "v=spf1 ip4:192.0.2.0/24 mx -all");
    assert_spf("spf_duplicate_term",
               "v=spf1 ip6:2001:db8::/33 ip6:2001:db8:8000::/33 mx mx ip4:198.51.100.1 ~all",
               "v=spf1 ip4:198.51.100.1 ip6:2001:db8::/32 mx ~all");
    /* where order matters only the repetition goes */
    assert_spf("spf_duplicate_term", "v=spf1 -ip4:192.0.2.7 ip4:192.0.2.0/24 mx mx -all",
               "v=spf1 -ip4:192.0.2.7 ip4:192.0.2.0/24 mx -all");
}

static void own_hosts_are_listed_before_other_peoples_addresses(void **state)
{
    (void)state;
    judge("example.com TXT \"v=spf1 mx exists:1.example.net exists:2.example.net "
          "exists:3.example.net exists:4.example.net exists:5.example.net "
          "exists:6.example.net exists:7.example.net exists:8.example.net "
          "include:spf.example.net include:spf.example.net -all\"\n"
          "1.example.net A 127.0.0.2\n2.example.net A 127.0.0.2\n3.example.net A 127.0.0.2\n"
          "4.example.net A 127.0.0.2\n5.example.net A 127.0.0.2\n6.example.net A 127.0.0.2\n"
          "7.example.net A 127.0.0.2\n8.example.net A 127.0.0.2\n"
          "spf.example.net TXT \"v=spf1 a:host.example.net -all\"\n"
          "host.example.net A 203.0.113.9\n"
          "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n");
    assert_edit(remedy_of("spf_lookup_limit"), REMEDY_REPLACE,
                "\"v=spf1 ip4:192.0.2.25 exists:1.example.net exists:2.example.net "
                "exists:3.example.net exists:4.example.net exists:5.example.net "
                "exists:6.example.net exists:7.example.net exists:8.example.net "
                "include:spf.example.net -all\"");
    assert_null(remedy_of("spf_lookup_limit")->price);
}

static void includes_move_to_a_return_path_before_addresses_are_copied(void **state)
{
    const struct remedy *split = NULL;

    (void)state;
    judge("example.com TXT \"v=spf1 exists:1.example.net exists:2.example.net "
          "exists:3.example.net exists:4.example.net exists:5.example.net "
          "exists:6.example.net exists:7.example.net exists:8.example.net "
          "include:spf.example.net include:spf.example.org ~all\"\n"
          "1.example.net A 127.0.0.2\n2.example.net A 127.0.0.2\n3.example.net A 127.0.0.2\n"
          "4.example.net A 127.0.0.2\n5.example.net A 127.0.0.2\n6.example.net A 127.0.0.2\n"
          "7.example.net A 127.0.0.2\n8.example.net A 127.0.0.2\n"
          "spf.example.net TXT \"v=spf1 a:host.example.net -all\"\n"
          "spf.example.org TXT \"v=spf1 ip4:198.51.100.0/24 -all\"\n"
          "host.example.net A 203.0.113.9\n"
          "bounce.example.com TXT \"taken\"\n"
          "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n");
    split = remedy_of("spf_lookup_limit");
    assert_non_null(split);
    assert_non_null(strstr(split->condition, "include:spf.example.net"));
    assert_non_null(strstr(split->condition, "mailer.example.com"));
    assert_null(split->price);
    assert_int_equal(split->edits->action, REMEDY_REPLACE);
    assert_null(strstr(remedy_value(split->edits->rr), "spf.example.net"));
    assert_non_null(strstr(remedy_value(split->edits->rr), "include:spf.example.org"));
    assert_int_equal(split->edits->next->action, REMEDY_ADD);
    assert_string_equal(split->edits->next->rr->owner->text, "mailer.example.com");
    assert_string_equal(remedy_value(split->edits->next->rr),
                        "\"v=spf1 include:spf.example.net ~all\"");
    assert_non_null(split->next); /* copying has its price and is the last choice */
    assert_non_null(split->next->price);
    assert_null(split->next->next);
    for (const struct remedy_edit *edit = remedy_plan(arena, facts, findings)->fix->edits;
         edit != NULL; edit = edit->next)
        assert_null(strstr(remedy_value(edit->rr), "203.0.113.9"));
}

static void what_an_owner_wants_comes_first(void **state)
{
    (void)state;
    judge("example.com TXT \"v=spf1 -all mx\"\nexample.com MX 10 mail.example.com\n"
          "mail.example.com A 192.0.2.25\n"
          "_dmarc.example.com TXT \"v=DMARC1; p=reject; pct=20\"\n");
    assert_edit(remedy_of("spf_after_all"), REMEDY_REPLACE, "\"v=spf1 mx -all\"");
    assert_non_null(remedy_of("dmarc_removed_tag")->condition); /* 80 of 100 were spared */
    judge("example.com TXT \"v=spf1 ip4:10.0.0.1 ip4:192.0.2.25 ip4:192.168.0.0/16 -all\"\n"
          "_dmarc.example.com TXT \"v=DMARC1; p=none; pct=20\"\n");
    assert_edit(remedy_of("spf_private_network"), REMEDY_REPLACE,
                "\"v=spf1 ip4:192.0.2.25 -all\"");
    assert_null(remedy_of("dmarc_removed_tag")->condition);
}

static void all_huge_networks_are_given_up_in_one_place(void **state)
{
    const struct finding *huge = NULL;

    (void)state;
    judge("example.com TXT \"v=spf1 mx ip4:171.0.0.0/8 ip4:172.0.0.0/8 -all\"\n"
          "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n");
    assert_non_null(remedy_of("spf_network_huge")->next);
    assert_string_equal(remedy_value(remedy_of("spf_network_huge")->next->edits->rr),
                        "\"v=spf1 mx -all\"");
    for (huge = findings; strcmp(huge->id, "spf_network_huge") != 0;)
        huge = huge->next;
    for (huge = huge->next; strcmp(huge->id, "spf_network_huge") != 0;)
        huge = huge->next;
    assert_null(huge->remedy->next);
}

static void of_two_wide_networks_either_may_go(void **state)
{
    const struct remedy *first = NULL;

    (void)state;
    judge("example.com TXT \"v=spf1 ip4:171.0.0.0/10 ip4:172.0.0.0/10 -all\"\n"
          "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n");
    first = remedy_of("spf_wide");
    assert_edit(first, REMEDY_REPLACE, "\"v=spf1 ip4:172.0.0.0/10 -all\"");
    assert_edit(first->next, REMEDY_REPLACE, "\"v=spf1 ip4:171.0.0.0/10 -all\"");
    assert_null(first->next->next);
}

static void a_merge_of_records_takes_the_softer_all(void **state)
{
    (void)state;
    judge("example.com TXT \"v=spf1 mx -all\"\n"
          "example.com TXT \"v=spf1 ip4:198.51.100.7 ~all\"\n"
          "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n");
    assert_string_equal(remedy_value(remedy_of("spf_several")->edits->next->rr),
                        "\"v=spf1 ip4:198.51.100.7 mx ~all\"");
    assert_int_equal(remedy_of("spf_several")->edits->action, REMEDY_REMOVE);
}

/* assert_dmarc - the same for the DMARC record */
static void assert_dmarc(const char *id, const char *record, const char *expected)
{
    judge(arena_printf(arena,
                       "example.com TXT \"v=spf1 mx -all\"\n"
                       "_dmarc.example.com TXT \"%s\"\n",
                       record));
    assert_edit(remedy_of(id), REMEDY_REPLACE, arena_printf(arena, "\"%s\"", expected));
}

static void records_are_joined_although_neither_was_evaluated(void **state)
{
    const struct remedy_edit *edits = NULL;

    (void)state;
    judge("example.com TXT \"v=spf1 include:a.example.net -all\"\n"
          "example.com TXT \"v=spf1 include:b.example.net ~all\"\n"
          "a.example.net TXT \"v=spf1 include:c.example.net -all\"\n"
          "b.example.net TXT \"v=spf1 ip4:192.0.2.2 -all\"\n"
          "c.example.net TXT \"v=spf1 ip4:192.0.2.3 -all\"\n"
          "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n");
    assert_non_null(remedy_of("spf_several"));
    edits = remedy_of("spf_several")->edits;
    assert_int_equal(edits->action, REMEDY_REMOVE);
    assert_string_equal(remedy_value(edits->next->rr),
                        "\"v=spf1 include:a.example.net include:b.example.net ~all\"");
}

static void dmarc_records_are_put_right(void **state)
{
    (void)state;
    assert_dmarc("dmarc_policy_invalid", "v=DMARC1; p=quarantaine", "v=DMARC1; p=quarantine");
    assert_dmarc("dmarc_np_weaker", "v=DMARC1; p=reject; np=none",
                 "v=DMARC1; p=reject; np=reject");
    assert_dmarc("dmarc_version", "v=dmarc1; p=reject", "v=DMARC1; p=reject");
    assert_dmarc("dmarc_removed_tag", "v=DMARC1; p=none; pct=50", "v=DMARC1; p=none");
    assert_dmarc("dmarc_syntax", "v=DMARC1; p=none; rua=d@example.com",
                 "v=DMARC1; p=none; rua=mailto:d@example.com");
}

static void the_way_to_reject_has_steps(void **state)
{
    static const char *const from_nothing[] = {
        "\"v=DMARC1; p=none; np=reject; rua=mailto:dmarc-reports@example.com\"",
        "\"v=DMARC1; p=none; np=reject\"",
        "\"v=DMARC1; p=quarantine; np=reject; t=y; rua=mailto:dmarc-reports@example.com\"",
        "\"v=DMARC1; p=quarantine; np=reject; rua=mailto:dmarc-reports@example.com\"",
        "\"v=DMARC1; p=reject; np=reject; rua=mailto:dmarc-reports@example.com\"",
    };
    static const char *const from_none[] = {
        "\"v=DMARC1; p=quarantine; rua=mailto:d@example.com; np=reject; t=y\"",
        "\"v=DMARC1; p=quarantine; rua=mailto:d@example.com; np=reject\"",
        "\"v=DMARC1; p=reject; rua=mailto:d@example.com; np=reject\"",
    };
    const struct remedy *remedy = NULL;

    (void)state;
    judge("example.com TXT \"v=spf1 mx -all\"\n");
    remedy = remedy_of("dmarc_missing");
    for (size_t i = 0; i < COUNT_OF(from_nothing); i++, remedy = remedy->next) {
        assert_edit(remedy, REMEDY_ADD, from_nothing[i]);
        assert_non_null(remedy->condition); /* what protects nothing yet is for a person */
        assert_null(remedy->proof.before);
    }
    assert_null(remedy);
    judge("example.com TXT \"v=spf1 mx -all\"\n"
          "_dmarc.example.com TXT \"v=DMARC1; p=none; sp=none; pct=20; "
          "rua=mailto:d@example.com\"\n");
    remedy = remedy_of("dmarc_policy_none");
    for (size_t i = 0; i < COUNT_OF(from_none); i++, remedy = remedy->next) {
        assert_edit(remedy, REMEDY_REPLACE, from_none[i]);
        assert_non_null(remedy->condition);
    }
    assert_null(remedy);
    /* nobody raises a policy without a person */
    assert_edit(remedy_plan(arena, facts, findings)->fix, REMEDY_REPLACE,
                "\"v=DMARC1; p=none; sp=none; rua=mailto:d@example.com; np=reject\"");
}

static void a_policy_that_nobody_reports_about_asks_for_reports_on_its_way(void **state)
{
    const struct remedy *remedy = NULL;

    (void)state;
    judge("example.com TXT \"v=spf1 mx -all\"\n_dmarc.example.com TXT \"v=DMARC1; p=none\"\n");
    remedy = remedy_of("dmarc_policy_none");
    assert_edit(remedy, REMEDY_REPLACE,
                "\"v=DMARC1; p=quarantine; np=reject; t=y; "
                "rua=mailto:dmarc-reports@example.com\"");
    assert_non_null(strstr(remedy->condition, "if dmarc-reports@example.com is a mailbox"));
}

static void what_a_person_must_know_is_a_condition(void **state)
{
    (void)state;
    judge("_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n");
    assert_non_null(remedy_of("spf_missing")->condition);
    assert_non_null(remedy_of("spf_missing")->next);
    for (const struct remedy_edit *edit = remedy_plan(arena, facts, findings)->fix->edits;
         edit != NULL; edit = edit->next)
        assert_null(strstr(remedy_value(edit->rr), "203.0.113.9"));
}

static void records_of_others_are_not_edited(void **state)
{
    (void)state;
    judge("example.com TXT \"v=spf1 redirect=spf.example.net\"\n"
          "spf.example.net TXT \"v=spf1 mx ?all\"\n"
          "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n");
    /* the other record stays: what it says is copied, with its name where it was left out */
    assert_edit(remedy_of("spf_all_neutral"), REMEDY_REPLACE,
                "\"v=spf1 mx:spf.example.net ~all\"");
    assert_string_equal(remedy_of("spf_all_neutral")->edits->rr->owner->text, "example.com");
    assert_non_null(remedy_of("spf_all_neutral")->price);
    /* a macro may mean the name that it stands at */
    judge("example.com TXT \"v=spf1 redirect=spf.example.net\"\n"
          "spf.example.net TXT \"v=spf1 exists:%{i}.%{d} ?all\"\n"
          "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n");
    assert_null(remedy_of("spf_all_neutral"));
    assert_string_equal(none_for("spf_all_neutral"),
                        "the record is in the zone of another domain");
}

static void what_nothing_else_cures_can_be_left_out(void **state)
{
    const struct remedy *remedy = NULL;

    (void)state;
    /* 12 lookups in one foreign record with a macro: neither listed nor moved */
    judge("example.com TXT \"v=spf1 include:i.example.net -all\"\n"
          "i.example.net TXT \"v=spf1 exists:%{i}.e1.test exists:%{i}.e2.test "
          "exists:%{i}.e3.test exists:%{i}.e4.test exists:%{i}.e5.test "
          "exists:%{i}.e6.test exists:%{i}.e7.test exists:%{i}.e8.test "
          "exists:%{i}.e9.test exists:%{i}.e10.test -all\"\n"
          "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n");
    remedy = remedy_of("spf_lookup_limit");
    assert_edit(remedy, REMEDY_REPLACE, "\"v=spf1 -all\"");
    assert_true(span_starts_with(span_of(remedy->condition),
                                 "if nothing is sent through include:i.example.net (lost: "));
    assert_null(remedy->next);
    /* three names without records, all in a record of somebody else */
    judge("example.com TXT \"v=spf1 mx include:i.example.net -all\"\n"
          "i.example.net TXT \"v=spf1 a:n1.example.net a:n2.example.net a:n3.example.net "
          "-all\"\n"
          "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n");
    remedy = remedy_of("spf_void_limit");
    assert_edit(remedy, REMEDY_REPLACE, "\"v=spf1 mx -all\"");
    assert_non_null(remedy->condition);
    assert_null(remedy_plan(arena, facts, findings)->fix->edits);
    /* one of several huge networks is not worth a step */
    judge("example.com TXT \"v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 mx -all\"\n"
          "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n");
    remedy = remedy_of("spf_network_huge");
    while (remedy->next != NULL)
        remedy = remedy->next;
    assert_edit(remedy, REMEDY_REPLACE, "\"v=spf1 mx -all\"");
}

#define HALF_KEY                                                                              \
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA390uEJd9VFVOD5i99FM8yugf+jyEedKFQrmjAFaKLe+" \
    "CJyT7gbKoUe3nVTiuyeFbk1ydkTzTMT1EPwyKDDvPil5ipe84g9/YXDANryvctPDlCcJe9P6DIWN8KjruxNagZ"
#define OTHER_HALF                                                                           \
    "B0lLCjjjvFXF/LASgGxpU/LomTMI7ETbsZe5A/aqm+pgQPPrBewhsEGV0tr0aeQOODDqfJtgUMJP6gPD0obnR5" \
    "lA30iemq6Vr6CS35Mr/dn/W0g2d+lwJxnH0GmuWS/Mqaq6OydidVnzekYJBlkaAzYaveJ/Hz4czhz3lk22H4XM" \
    "UIWbdciL5h3FxeOqTqqGCPMSuC23Ct4yUXTHX5SeQIDAQAB"

static void keys_are_put_together_and_dead_aliases_dropped(void **state)
{
    const struct remedy *remedy = NULL;

    (void)state;
    judge("example.com TXT \"v=spf1 mx -all\"\n"
          "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n"
          "s1._domainkey.example.com TXT \"v=DKIM1; k=rsa; p=" HALF_KEY "\"\n"
          "s1._domainkey.example.com TXT \"" OTHER_HALF "\"\n"
          "s2._domainkey.example.com CNAME s2.dkim.example.net\n"
          "s2.dkim.example.net A 192.0.2.7\n");
    remedy = remedy_of("dkim_key_split");
    assert_non_null(remedy);
    assert_int_equal(remedy->edits->action, REMEDY_REPLACE);
    assert_true(
        span_equal_text(remedy->edits->rr->joined, "v=DKIM1; k=rsa; p=" HALF_KEY OTHER_HALF));
    assert_int_equal(remedy->edits->next->action, REMEDY_REMOVE);
    assert_null(remedy->condition);
    remedy = remedy_of("dkim_key_cname_dangling");
    assert_edit(remedy, REMEDY_REMOVE, "s2.dkim.example.net.");
    assert_int_equal(remedy->edits->rr->type, DNS_CNAME);
    assert_non_null(remedy->condition);
    assert_int_equal(remedy_rrsets(arena, facts, remedy->edits)->after_count, 0);
    /* a half alone is lost */
    judge("example.com TXT \"v=spf1 mx -all\"\n"
          "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n"
          "s1._domainkey.example.com TXT \"v=DKIM1; k=rsa; p=" HALF_KEY "\"\n");
    assert_null(remedy_of("dkim_key_syntax"));
    assert_non_null(none_for("dkim_key_syntax"));
}

static void edits_compose_into_one_for_each_record(void **state)
{
    const struct remedy *fix = NULL;

    (void)state;
    judge("example.com TXT \"v=spf1 mx ipv4:192.0.2.7 a:gone.example.com ?all\"\n"
          "_dmarc.example.com TXT \"v=DMARC1; p=none; np=reject; adkim=x\"\n");
    fix = remedy_plan(arena, facts, findings)->fix;
    assert_non_null(fix->edits->next);
    assert_null(fix->edits->next->next);
    assert_string_equal(remedy_value(fix->edits->rr), "\"v=spf1 ip4:192.0.2.7 mx ~all\"");
    assert_string_equal(remedy_value(fix->edits->next->rr), "\"v=DMARC1; p=none; np=reject\"");
    assert_int_equal(fix->proof.introduced_count, 0);
}

/* finding_of - the first with this id, of a list */
static const struct finding *finding_of(const struct finding *list, const char *id)
{
    while (list != NULL && strcmp(list->id, id) != 0)
        list = list->next;
    return list;
}

/* clearing_step - the step that clears the finding, counted from 1; 0: none does */
static size_t clearing_step(const struct remedy_plan *plan, const struct finding *finding)
{
    size_t number = 1;

    for (const struct remedy *step = plan->steps; step != NULL; step = step->next, number++)
        for (size_t i = 0; i < step->proof.cleared_count; i++)
            if (strcmp(step->proof.cleared[i]->fingerprint, finding->fingerprint) == 0)
                return number;
    return 0;
}

static void records_that_two_findings_change_are_one_step(void **state)
{
    const struct remedy_plan *plan = NULL;

    (void)state;
    judge("example.com TXT \"v=spf1 mx ipv4:192.0.2.7 ?all\"\n"
          "_dmarc.example.com TXT \"v=DMARC1; p=none; np=reject; pct=50\"\n");
    plan = remedy_plan(arena, facts, findings);
    assert_int_equal(clearing_step(plan, finding_of(findings, "spf_syntax")), 1);
    assert_string_equal(remedy_value(plan->steps->edits->rr),
                        "\"v=spf1 mx ip4:192.0.2.7 ~all\"");
    assert_null(plan->steps->edits->next);
    assert_int_equal(clearing_step(plan, finding_of(findings, "dmarc_removed_tag")), 2);
    assert_null(plan->steps->next->next);
    assert_null(remedy_plan_rest(plan, finding_of(findings, "spf_syntax")));
}

static void what_is_left_is_proved_in_the_world_of_the_steps(void **state)
{
    const struct remedy_plan *plan = NULL;
    const struct finding *left = NULL;

    (void)state;
    judge("example.com TXT \"v=spf1 mx ~all\"\n"
          "_dmarc.example.com TXT "
          "\"v=DMARC1; p=none; np=reject; pct=50; rua=mailto:d@example.org\"\n"
          "example.org MX 10 mx.example.org\nmx.example.org A 192.0.2.26\n");
    plan = remedy_plan(arena, facts, findings);
    left = finding_of(plan->rest, "dmarc_rua_unauthorised");
    assert_non_null(left);
    assert_non_null(left->remedy->condition);
    assert_string_equal(remedy_value(left->remedy->edits->old),
                        "\"v=DMARC1; p=none; np=reject; rua=mailto:d@example.org\"");
}

static void nothing_is_done_about_what_is_excused(void **state)
{
    (void)state;
    judge("example.com TXT \"v=spf1 mx ~all\"\n"
          "_dmarc.example.com TXT \"v=DMARC1; p=none; np=reject; pct=50\"\n");
    for (struct finding *finding = findings; finding != NULL; finding = finding->next)
        finding->is_dismissed = strcmp(finding->id, "dmarc_removed_tag") == 0;
    assert_null(remedy_plan(arena, facts, findings)->steps);
}

/* pad - the world gets answers that nobody asked for, until it has so many */
static void pad(size_t count)
{
    struct ledger *ledger = (struct ledger *)facts->ledger;

    for (size_t i = ledger_count(ledger); i < count; i++) {
        struct dns_answer answer = {.status = DNS_NXDOMAIN, .source = "test"};

        answer.question.name =
            dns_name_from_text(arena, arena_printf(arena, "n%zu.example.net", i));
        answer.question.type = DNS_A;
        ledger_add(ledger, &answer);
    }
    assert_int_equal(ledger_count(ledger), count);
}

/* bound: LIMIT_PROOF_QUESTIONS both */
static void proofs_of_one_run_are_bounded(void **state)
{
    static const char lines[] = "example.com TXT \"v=spf1 mx, -all\"\n"
                                "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n";
    const struct finding *fault = NULL;

    (void)state;
    judge(lines);
    for (fault = findings; strcmp(fault->id, "spf_syntax") != 0;)
        fault = fault->next;
    assert_int_equal(fault->unproved, 0);
    pad(LIMIT_PROOF_QUESTIONS);
    remedy_find(arena, facts, findings); /* one proof looks at all that may be looked at */
    remedy_note_none(arena, facts, findings);
    assert_non_null(fault->remedy);
    assert_int_equal(fault->unproved, 1); /* to take the record away */
    pad(LIMIT_PROOF_QUESTIONS + 1);
    remedy_find(arena, facts, findings);
    remedy_note_none(arena, facts, findings);
    assert_null(fault->remedy);
    assert_int_equal(fault->unproved, 2);
}

/* add_text - one more answer in the world, with a TXT record of so many octets of text */
static void add_text(size_t len)
{
    struct ledger *ledger = (struct ledger *)facts->ledger;
    char *text = arena_alloc(arena, len + 1);
    struct dns_answer answer = {.status = DNS_OK, .source = "test"};
    const struct dns_rr_head head = {dns_name_from_text(arena, "long.example.net"), DNS_TXT,
                                     60};
    const struct dns_rr *rr = NULL;

    memset(text, 'x', len);
    rr = remedy_text_rr(arena, &head, span_make(text, len));
    assert_non_null(rr);
    answer.question.name = head.owner;
    answer.question.type = DNS_TXT;
    dns_answer_append(&answer, (struct dns_rr *)rr);
    ledger_add(ledger, &answer);
}

/* bound: LIMIT_PROOF_ANSWER_BYTES both */
static void a_long_answer_counts_as_several(void **state)
{
    static const char lines[] = "example.com TXT \"v=spf1 mx, -all\"\n"
                                "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n";
    const size_t units = 20;
    const size_t head = strlen("long.example.net.\t60\tIN\tTXT\t\"\" \"\" \"\" \"\" \"\"");
    const struct finding *fault = NULL;

    (void)state;
    for (int more = 0; more < 2; more++) {
        judge(lines);
        for (fault = findings; strcmp(fault->id, "spf_syntax") != 0;)
            fault = fault->next;
        add_text(units * LIMIT_PROOF_ANSWER_BYTES - head + (size_t)more - 1);
        pad(LIMIT_PROOF_QUESTIONS - units + 1);
        remedy_find(arena, facts, findings);
        remedy_note_none(arena, facts, findings);
        assert_int_equal(fault->unproved, 1 + more);
    }
}

/* judge_rivals - the domain has so many DMARC records; the finding about them */
static const struct finding *judge_rivals(size_t count)
{
    struct sbuf lines = sbuf_start(arena);

    sbuf_add(&lines, "example.com TXT \"v=spf1 -all\"\n");
    for (size_t i = 0; i < count; i++)
        sbuf_addf(&lines, "_dmarc.example.com TXT \"v=DMARC1; p=reject; x=%zu\"\n", i);
    judge(sbuf_text(&lines));
    return finding_of(findings, "dmarc_several");
}

/* bound: LIMIT_REMEDY_EDITS both */
static void edits_of_one_remedy_are_bounded(void **state)
{
    const struct finding *several = judge_rivals(LIMIT_REMEDY_EDITS + 1);
    size_t edits = 0;

    (void)state;
    assert_non_null(several->remedy);
    for (const struct remedy_edit *edit = several->remedy->edits; edit != NULL;
         edit = edit->next)
        edits++;
    assert_int_equal(edits, LIMIT_REMEDY_EDITS);
    assert_int_equal(several->unproved, LIMIT_REMEDY_EDITS + 1 - LIMIT_REMEDY_CHOICES);
    several = judge_rivals(LIMIT_REMEDY_EDITS + 2);
    assert_null(several->remedy);
    assert_int_equal(several->unproved, LIMIT_REMEDY_EDITS + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(misspelt_terms_are_put_right),
        cmocka_unit_test(networks_are_merged_and_repetitions_dropped),
        cmocka_unit_test(own_hosts_are_listed_before_other_peoples_addresses),
        cmocka_unit_test(includes_move_to_a_return_path_before_addresses_are_copied),
        cmocka_unit_test(what_an_owner_wants_comes_first),
        cmocka_unit_test(all_huge_networks_are_given_up_in_one_place),
        cmocka_unit_test(of_two_wide_networks_either_may_go),
        cmocka_unit_test(a_merge_of_records_takes_the_softer_all),
        cmocka_unit_test(records_are_joined_although_neither_was_evaluated),
        cmocka_unit_test(dmarc_records_are_put_right),
        cmocka_unit_test(the_way_to_reject_has_steps),
        cmocka_unit_test(a_policy_that_nobody_reports_about_asks_for_reports_on_its_way),
        cmocka_unit_test(what_a_person_must_know_is_a_condition),
        cmocka_unit_test(records_of_others_are_not_edited),
        cmocka_unit_test(what_nothing_else_cures_can_be_left_out),
        cmocka_unit_test(keys_are_put_together_and_dead_aliases_dropped),
        cmocka_unit_test(edits_compose_into_one_for_each_record),
        cmocka_unit_test(records_that_two_findings_change_are_one_step),
        cmocka_unit_test(what_is_left_is_proved_in_the_world_of_the_steps),
        cmocka_unit_test(nothing_is_done_about_what_is_excused),
        cmocka_unit_test(proofs_of_one_run_are_bounded),
        cmocka_unit_test(a_long_answer_counts_as_several),
        cmocka_unit_test(edits_of_one_remedy_are_bounded),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
