/* The catalogue as data, and what a run over facts promises whatever the findings are. */
#include "../gather/gather_case.h"
#include "base/limits.h"
#include "check/check_emit.h"

/* is_id - small letters, digits and underscores with a topic in front */
static bool is_id(const char *id)
{
    static const char *const topics[] = {
        "spf_",    "dkim_", "arc_",     "dmarc_",   "message_",  "dns_",    "engine_",
        "dane_",   "bimi_", "mta_sts_", "tls_rpt_", "https_",    "parked_", "dnssec_",
        "report_", "mx_",   "tlsa_",    "txt_",     "receiver_", "rule_"};
    bool has_topic = false;

    for (size_t i = 0; i < COUNT_OF(topics); i++)
        has_topic = has_topic || strncmp(id, topics[i], strlen(topics[i])) == 0;
    return has_topic && id[strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static void every_row_has_an_id_a_text_a_hint_and_a_standard(void **state)
{
    (void)state;
    assert_true(check_row_count() >= 50);
    for (size_t i = 0; i < check_row_count(); i++) {
        const struct check_row *row = check_row_get(i);

        assert_true(is_id(row->id));
        assert_ptr_equal(check_row_find(row->id), row); /* so ids are different */
        assert_true(strlen(row->text) > 10 && row->text[strlen(row->text) - 1] != '.');
        assert_true(strlen(row->hint) > 10 && row->hint[strlen(row->hint) - 1] != '.');
        if (strncmp(row->standards, "draft-", 6) != 0) { /* sections of drafts move */
            assert_int_equal(strncmp(row->standards, "RFC ", 4), 0);
            assert_non_null(strchr(row->standards, ','));
        }
        assert_in_range(row->severity, SEV_ERROR, SEV_INFO);
    }
    assert_null(check_row_find("no_such_id"));
    assert_null(check_row_find(""));
}

/* find - the first finding of an id; NULL: none */
static struct finding *find(struct finding *findings, const char *id)
{
    while (findings != NULL && strcmp(findings->id, id) != 0)
        findings = findings->next;
    return findings;
}

/* check - a domain against a world */
static struct finding *check(struct gather_case *one)
{
    gather_case_run(one);
    return check_run(one->arena, one->facts);
}

static void the_most_severe_comes_first_and_the_catalogue_orders_the_rest(void **state)
{
    struct gather_case one = gather_case_open("example.com TXT \"v=spf1 mx ptr ~all\"\n"
                                              "example.com TXT \"v=spf1 +all\"\n"
                                              "_dmarc.example.com TXT \"v=DMARC1; p=none\"\n"
                                              "example.com A 192.0.2.1\n",
                                              "example.com");
    struct finding *findings = check(&one);
    size_t count = 0;

    (void)state;
    for (struct finding *finding = findings; finding->next != NULL; finding = finding->next) {
        assert_true(finding->severity <= finding->next->severity);
        if (finding->severity == finding->next->severity)
            assert_true(finding->row <= finding->next->row);
        count++;
    }
    assert_true(count >= 4);
    assert_string_equal(findings->id, "spf_several");
    gather_case_close(&one);
}

/* fingerprint_of - the finding of an id in a world */
static const char *fingerprint_of(struct arena *arena, const char *world, const char *domain,
                                  const char *id)
{
    struct gather_case one = gather_case_open(world, domain);
    struct finding *finding = find(check(&one), id);
    const char *print = finding != NULL ? arena_strdup(arena, finding->fingerprint) : NULL;

    gather_case_close(&one);
    return print;
}

static void fingerprints_survive_changes_elsewhere(void **state)
{
    struct arena *arena = arena_open();
    const char *first = fingerprint_of(arena, "example.com TXT \"v=spf1 mx ptr -all\"\n",
                                       "example.com", "spf_ptr");
    const char *again =
        fingerprint_of(arena,
                       "example.com MX 10 mail.example.com\n"
                       "# a line more\n"
                       "example.com TXT \"v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 ptr ~all\"\n",
                       "example.com", "spf_ptr");

    (void)state;
    assert_string_equal(first, again);
    /* another domain, and another term, are other findings */
    assert_string_not_equal(first,
                            fingerprint_of(arena, "example.net TXT \"v=spf1 mx ptr -all\"\n",
                                           "example.net", "spf_ptr"));
    assert_string_not_equal(
        first, fingerprint_of(arena, "example.com TXT \"v=spf1 mx ptr:x.example -all\"\n",
                              "example.com", "spf_ptr"));
    arena_close(arena);
}

static void the_fingerprint_is_fnv_1a_of_id_subject_and_key(void **state)
{
    /* computed apart: FNV-1a, 64 bits, over "dns_no_mx\0example.com\0example.com MX \0" */
    struct arena *arena = arena_open();

    (void)state;
    assert_string_equal(fingerprint_of(arena,
                                       "example.com A 192.0.2.1\n"
                                       "example.com TXT \"v=spf1 a -all\"\n",
                                       "example.com", "dns_no_mx"),
                        "7657612e6b7a2e57");
    arena_close(arena);
}

/* bound: LIMIT_ROW_FINDINGS both */
static void a_row_stops_at_fifty_findings_and_says_how_many_more(void **state)
{
    static const size_t wrong[] = {LIMIT_ROW_FINDINGS, LIMIT_ROW_FINDINGS + 1, 600};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct arena *arena = arena_open();
        struct sbuf world = sbuf_start(arena);
        struct gather_case one;
        size_t count = 0;

        sbuf_add(&world, "example.com TXT \"v=spf1 \"");
        for (size_t n = 0; n < wrong[i]; n++)
            sbuf_addf(&world, " \"ipv4:192.0.2.%zu \"", n);
        sbuf_add(&world, " \"-all\"\n");
        one = gather_case_open(sbuf_text(&world), "example.com");
        for (struct finding *finding = check(&one); finding != NULL; finding = finding->next) {
            bool is_last =
                strcmp(finding->id, "spf_syntax") == 0 && ++count == LIMIT_ROW_FINDINGS;

            assert_int_equal(finding->more, is_last ? wrong[i] - LIMIT_ROW_FINDINGS : 0);
        }
        assert_int_equal(count, LIMIT_ROW_FINDINGS);
        gather_case_close(&one);
        arena_close(arena);
    }
}

static void an_unknown_fact_is_told_once_and_nothing_is_concluded(void **state)
{
    static const char *const silent[] = {
        "spf_several", "spf_wrong_name",     "spf_type99_only",        "dmarc_missing",
        "dns_no_mx",   "dns_domain_missing", "dkim_selectors_guessed", "dkim_key_missing"};
    struct gather_case one = gather_case_open(". TXT !SERVFAIL\n. MX !SERVFAIL\n. A !SERVFAIL\n"
                                              ". AAAA !SERVFAIL\n. SOA !SERVFAIL\n"
                                              ". NS !SERVFAIL\n. SPF !SERVFAIL\n",
                                              "example.com");
    struct finding *findings = check(&one);
    size_t fires = 0;

    (void)state;
    assert_int_equal(find(findings, "spf_missing")->status, FINDING_UNDETERMINED);
    assert_int_equal(find(findings, "dns_servfail")->status, FINDING_FIRES);
    for (size_t i = 0; i < COUNT_OF(silent); i++) {
        struct finding *finding = find(findings, silent[i]);

        assert_true(finding == NULL || finding->status == FINDING_UNDETERMINED);
    }
    for (struct finding *finding = findings; finding != NULL; finding = finding->next)
        fires += finding->status == FINDING_FIRES;
    assert_int_equal(fires, 1); /* dns_servfail alone */
    assert_string_equal(check_text(one.arena, find(findings, "spf_missing")),
                        "could not be determined: TXT of example.com: "
                        "SERVFAIL by the world of the test");
    gather_case_close(&one);
}

static void a_sender_that_takes_no_answers_wants_a_policy(void **state)
{
    struct gather_case one = gather_case_open(
        "example.com MX 0 .\nexample.com TXT \"v=spf1 ip4:192.0.2.1 -all\"\n", "example.com");

    (void)state;
    assert_non_null(find(check(&one), "dmarc_missing"));
    gather_case_close(&one);
    one = gather_case_open("example.com MX 0 .\n", "example.com");
    assert_null(find(check(&one), "dmarc_missing")); /* it sends nothing: parked_dmarc */
    gather_case_close(&one);
}

static void a_number_decides_about_the_plural(void **state)
{
    struct gather_case one =
        gather_case_open("example.com TXT \"v=spf1 a:a.example.com ~all\"\n", "example.com");

    (void)state;
    assert_string_equal(
        check_text(one.arena, find(check(&one), "spf_void_lookup")),
        "the SPF record of example.com makes 1 lookup for names without records: "
        "a:a.example.com in the record of example.com");
    gather_case_close(&one);
    one = gather_case_open("example.com TXT \"v=spf1 a:a.example.com mx:b.example.com ~all\"\n",
                           "example.com");
    assert_non_null(strstr(check_text(one.arena, find(check(&one), "spf_void_lookup")),
                           "makes 2 lookups for names"));
    gather_case_close(&one);
}

static void a_run_without_an_audit_finds_nothing_about_the_domain(void **state)
{
    struct gather_case one = gather_case_open("", "example.com");

    (void)state;
    one.work.is_verdict_only = true;
    assert_null(check(&one));
    gather_case_close(&one);
}

/* is_safe - nothing in it can steer a terminal */
static bool is_safe(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return false;
    return true;
}

static void what_strangers_wrote_cannot_steer_a_terminal(void **state)
{
    struct gather_case one = gather_case_open(
        "example.com MX 10 a\\027b.example.com\n"
        "example.com TXT \"v=spf1 a:\\027[31m ipv4:\\027]0;x\\007 x\\027=1 ?all mx\\010\"\n"
        "example.com TXT \"\\\"v=spf1 \\027[2J\\\"\"\n"
        "_dmarc.example.com TXT \"v=DMARC1; p=\\027[31m; rau=\\007; rua=\\027@x\"\n"
        "_dmarc.example.com TXT \"v=dmarc1; \\027[31m\"\n"
        "default._domainkey.example.com TXT \"v=DKIM1; k=\\027; p=\\007\"\n",
        "example.com");

    (void)state;
    gather_case_message(&one, "Authentication-Results: \033[31m; spf=\033[2J\r\n"
                              "DKIM-Signature: v=\033; a=\007; d=\033.example; b=\007\r\n"
                              "From: \"\033]0;x\007 a@b.example\" <ann@example.com>\r\n"
                              "X\033Y: 1\r\n"
                              "\r\n"
                              "Hello\033\r\n");
    assert_true(ip_parse(span_of("192.0.2.25"), &one.subject.ip));
    one.subject.helo = "\033[31m";
    one.subject.mail_from = "\033[31m@\007";
    for (struct finding *finding = check(&one); finding != NULL; finding = finding->next) {
        assert_true(is_safe(check_text(one.arena, finding)));
        assert_true(is_safe(check_hint(one.arena, finding)));
        assert_true(finding->where.name == NULL || is_safe(finding->where.name));
        assert_true(finding->where.term == NULL || is_safe(finding->where.term));
        for (struct finding_arg *arg = finding->args; arg != NULL; arg = arg->next)
            assert_true(arg->text == NULL || is_safe(arg->text));
    }
    gather_case_close(&one);
}

/* agrees - with one SPF verdict of the standard */
static bool agrees(enum spf_result ours, enum engine_library library, const char *about,
                   const char *theirs)
{
    struct auth_spf_verdict spf = {.result = ours, .identity = AUTH_SPF_MAILFROM};
    struct auth_dkim_verdict dkim = {.result = DKIM_PERMERROR};
    struct facts facts = {.spf = {&spf}, .spf_count = 1};
    struct engine_verdict verdict = {.library = library, .about = about, .result = theirs};

    facts.message.dkim = &dkim;
    facts.message.dkim_count = 1;
    return check_engine_agrees(&facts, &verdict, NULL);
}

static void a_library_agrees_when_receivers_would_do_the_same(void **state)
{
    (void)state;
    assert_true(agrees(SPF_PASS, ENGINE_LIBSPF2, "spf.mailfrom", "pass"));
    assert_false(agrees(SPF_PASS, ENGINE_LIBSPF2, "spf.mailfrom", "fail"));
    assert_false(agrees(SPF_PERMERROR, ENGINE_LIBSPF2, "spf.mailfrom", "none"));
    assert_true(agrees(SPF_PASS, ENGINE_LIBSPF2, "spf.mailfrom", NULL));
    assert_true(agrees(SPF_PASS, ENGINE_LIBSPF2, "spf.helo", "fail")); /* not judged by us */
    assert_true(agrees(SPF_PASS, ENGINE_LIBOPENDKIM, "dkim.0", "neutral"));
    assert_false(agrees(SPF_PASS, ENGINE_LIBOPENDKIM, "dkim.0", "pass"));
    assert_false(agrees(SPF_PASS, ENGINE_LIBOPENDKIM, "dkim.0", "temperror"));
    assert_true(agrees(SPF_PASS, ENGINE_LIBOPENDKIM, "dkim.1", "pass"));
    assert_true(agrees(SPF_PASS, ENGINE_LIBOPENDMARC, "dmarc", "fail"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_has_an_id_a_text_a_hint_and_a_standard),
        cmocka_unit_test(the_most_severe_comes_first_and_the_catalogue_orders_the_rest),
        cmocka_unit_test(fingerprints_survive_changes_elsewhere),
        cmocka_unit_test(the_fingerprint_is_fnv_1a_of_id_subject_and_key),
        cmocka_unit_test(a_row_stops_at_fifty_findings_and_says_how_many_more),
        cmocka_unit_test(an_unknown_fact_is_told_once_and_nothing_is_concluded),
        cmocka_unit_test(a_sender_that_takes_no_answers_wants_a_policy),
        cmocka_unit_test(a_number_decides_about_the_plural),
        cmocka_unit_test(a_run_without_an_audit_finds_nothing_about_the_domain),
        cmocka_unit_test(what_strangers_wrote_cannot_steer_a_terminal),
        cmocka_unit_test(a_library_agrees_when_receivers_would_do_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
