/* Every mistake in a zone file is noted with its line, and reading goes on behind it. */
#include <sys/stat.h>

#include "base/limits.h"
#include "source/source.h"
#include "zone_fixture.h"

#define FAULTS_MAX 4

/* one mistake: the text begins in line 3; what a fault must say; a name that is read all
 * the same */
struct mistake {
    const char *text;
    struct {
        int line;
        const char *says;
    } faults[FAULTS_MAX];
    const char *survivor;
};

static const char head[] = "$ORIGIN example.com.\n"
                           "@ 3600 IN SOA ns hostmaster 1 7200 900 1209600 300\n";

#define X50  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X255 X50 X50 X50 X50 X50 "xxxxx"

static const struct mistake mistakes[] = {
    /* brackets */
    {"a TXT ( \"x\"\nb A 192.0.2.1\n", {{3, "bracket opened here is not closed"}}, "b"},
    {"a TXT ( \"x\"\n  \"y\"\n\nb A 192.0.2.1\nc A 192.0.2.2\n", {{3, "bracket opened"}}, "b"},
    {"a TXT ( \"x\"\nb TXT ( \"y\" )\n", {{3, "bracket opened"}}, "b"},
    {"a TXT (\n \"x\"\n", {{3, "bracket opened"}}, NULL},
    {"a TXT \"x\"\n (\n", {{4, "bracket opened"}}, "a"},
    {"a TXT ( ( \"x\" )\nb A 192.0.2.1\n", {{3, "bracket opened"}}, "b"},
    {"a TXT ( \"x\"\n  IN MX 10 mail\nb A 192.0.2.1\n", {{3, "bracket opened"}}, "b"},
    {"a TXT ( \"x\"\n  MX 10 mail\nb A 192.0.2.1 )\n",
     {{3, "bracket opened"}, {5, "without an opening one"}},
     NULL},
    {"a TXT ( \"x\"\n$TTL 5\nb A 192.0.2.1\n", {{3, "bracket opened"}}, "b"},
    {"a TXT ( \"x\"\nb 60 IN A 192.0.2.1\n", {{3, "bracket opened"}}, "b"},
    {"a A 192.0.2.1 )\nb A 192.0.2.1\n", {{3, "without an opening one"}}, "b"},
    /* quotes */
    {"a TXT \"x\nb A 192.0.2.1\n", {{3, "quote opened here is not closed"}}, "b"},
    {"a TXT \"x\n  -all\"\nb A 192.0.2.1\n", {{3, "quote opened"}}, "b"},
    {"a TXT ( \"x\"\n  \"y\nb A 192.0.2.1\n", {{4, "quote opened"}}, "b"},
    {"a TXT \"x\\\"\nb A 192.0.2.1\n", {{3, "quote opened"}}, "b"},
    {"a TXT \"x", {{3, "quote opened"}}, NULL},
    {"a TXT \"x\\", {{3, "quote opened"}}, NULL},
    {"a TXT x\"y z\nb A 192.0.2.1\n", {{3, "quote opened"}}, "b"},
    {"a TXT \"x\n  A 192.0.2.1\n", {{3, "quote opened"}}, "a"}, /* the owner is known */
    {"a TXT \"x\"\n  \"y\"\nb A 192.0.2.1\n", {{4, "put all its strings in brackets"}}, "b"},
    {"a TXT \"x\"\n\"y\"\nb A 192.0.2.1\n", {{4, "put all its strings in brackets"}}, "b"},
    /* text */
    {"a TXT v=spf1 -all\n", {{3, "\"v=spf1\" is not in quotes"}}, NULL},
    {"a TXT \"v=spf1\" -all\n", {{3, "\"-all\" is not in quotes"}}, NULL},
    {"a TXT v=DMARC1;p=none\n",
     {{3, "everything after \"v=DMARC1\" is silently dropped"}},
     NULL},
    {"a TXT v=DMARC1; p=none\n",
     {{3, "everything after \"v=DMARC1\" is silently dropped"}},
     NULL},
    {"a TXT v=DMARC1 ; p=none\n",
     {{3, "everything after \"v=DMARC1\" is silently dropped"}},
     NULL},
    {"a TXT x\"y\"\n", {{3, "a quote in the middle"}}, NULL},
    {"a TXT ( \"ok\"\n \"" X255 "x\" )\n", {{4, "a string of 256 octets"}}, NULL},
    {"a TXT \"x\\256\"\n", {{3, "malformed escape"}}, NULL},
    {"a TXT \"x\\25\"\n", {{3, "malformed escape"}}, NULL},
    {"a TXT\nb A 192.0.2.1\n", {{3, "TXT without data"}}, "b"},
    {"a SPF v=spf1 -all\n", {{3, "not in quotes"}}, NULL},
    /* directives */
    {"$INCLUDE none.zone\nb A 192.0.2.1\n", {{3, "No such file"}}, "b"},
    {"$INCLUDE\nb A 192.0.2.1\n", {{3, "$INCLUDE takes a file"}}, "b"},
    {"$INCLUDE /etc/hostname\nb A 192.0.2.1\n", {{3, "outside"}}, "b"},
    {"$GENERATE 9-1 h$ A 192.0.2.$\nb A 192.0.2.1\n", {{3, "$GENERATE takes a range"}}, "b"},
    {"$GENERATE 1-2 h${x} A 192.0.2.$\nb A 192.0.2.1\n", {{3, "is malformed"}}, "b"},
    {"$GENERATE 1-2 h$ A 192.0.2.300\nb A 192.0.2.1\n",
     {{3, "is not an IPv4 address"}, {3, "is not an IPv4 address"}},
     "b"},
    {"$ORIGIN\n", {{3, "$ORIGIN takes one name"}}, NULL},
    {"$ORIGIN a..b.\n", {{3, "not a domain name"}}, NULL},
    {"$TTL\n", {{3, "$TTL takes"}}, NULL},
    {"$TTL 2147483648\n", {{3, "$TTL takes"}}, NULL},
    {"$TTL 1x\n", {{3, "$TTL takes"}}, NULL},
    {"$FOO bar\nb A 192.0.2.1\n", {{3, "\"$FOO\" is not a directive"}}, "b"},
    /* the parts of a record */
    {"a BOGUS x\n", {{3, "\"BOGUS\" is not a record type"}}, NULL},
    {"a 60 IN\n", {{3, "no type"}}, NULL},
    {"a CH TXT \"x\"\n", {{3, "only class IN"}}, NULL},
    {"a CLASS3 TXT \"x\"\n", {{3, "only class IN"}}, NULL},
    {"a 2147483648 A 192.0.2.1\n", {{3, "RFC 2181, 8"}}, NULL},
    {"a ANY \\# 0\n", {{3, "is not allowed in a zone"}}, NULL},
    {"a TYPE41 \\# 0\n", {{3, "is not allowed in a zone"}}, NULL},
    {"a TYPE0 \\# 0\n", {{3, "is not allowed in a zone"}}, NULL},
    {"a..b A 192.0.2.1\n", {{3, "not a domain name"}}, NULL},
    {X50 X50 " A 192.0.2.1\n", {{3, "not a domain name"}}, NULL},
    {"a..b A 192.0.2.1\n  A 192.0.2.2\n",
     {{3, "not a domain name"}, {4, "write the owner"}},
     NULL},
    /* data */
    {"a A 192.0.2.256\n", {{3, "\"192.0.2.256\" is not an IPv4 address"}}, NULL},
    {"a A 192.0.2\n", {{3, "not an IPv4 address"}}, NULL},
    {"a A 2001:db8::1\n", {{3, "not an IPv4 address"}}, NULL},
    {"a AAAA 192.0.2.1\n", {{3, "not an IPv6 address"}}, NULL},
    {"a AAAA 2001:db8::g\n", {{3, "not an IPv6 address"}}, NULL},
    {"a A 192.0.2.1 192.0.2.2\n", {{3, "A data cannot be read"}}, NULL},
    {"a MX 10 192.0.2.1\n", {{3, "MX needs a host name, and \"192.0.2.1\""}}, NULL},
    {"a MX 10 192.0.2.1.\n", {{3, "MX needs a host name"}}, NULL},
    {"a MX 10 2001:db8::1\n", {{3, "MX needs a host name"}}, NULL},
    {"a NS 192.0.2.1\n", {{3, "NS needs a host name"}}, NULL},
    {"a CNAME 192.0.2.1\n", {{3, "CNAME needs a host name"}}, NULL},
    {"a MX mail\n", {{3, "\"mail\" in the MX data should be a number from 0 to 65535"}}, NULL},
    {"a MX 65536 mail\n", {{3, "\"65536\" in the MX data"}}, NULL},
    {"a MX 10\n", {{3, "MX data cannot be read"}}, NULL},
    {"a MX 10 \"mail\"\n", {{3, "in quotes; remove them"}}, NULL},
    {"a MX 10 a..b\n", {{3, "MX data cannot be read"}}, NULL},
    {"a MX \\# 2 000a\n", {{3, "MX data cannot be read"}}, NULL},
    {"a SRV 1 2 65536 mail\n", {{3, "\"65536\" in the SRV data"}}, NULL},
    {"a TLSA 256 1 1 00\n", {{3, "\"256\" in the TLSA data"}}, NULL},
    {"a CAA 256 issue \"x\"\n", {{3, "\"256\" in the CAA data"}}, NULL},
    {"a TYPE65280 x\n", {{3, "cannot be read"}}, NULL},
    {"a TYPE65280 \\# 3 00\n", {{3, "cannot be read"}}, NULL},
    {"a CNAME b\\\n", {{3, "malformed escape"}}, NULL},
    /* the zone as a whole */
    {"@ SOA ns hostmaster 2 7200 900 1209600 300\n", {{3, "a second SOA"}}, NULL},
    {"@ 3600 IN SOA ns hostmaster 1 7200 900 1209600 300\n", {{3, "a second SOA"}}, NULL},
    {"a SOA ns hostmaster 2 7200 900 1209600 300\n",
     {{3, "this SOA belongs to \"a.example.com.\""}},
     NULL},
    {"example.net. A 192.0.2.1\n", {{3, "\"example.net.\" is outside the zone"}}, NULL},
    {"com. A 192.0.2.1\n", {{3, "outside the zone"}}, NULL},
    {"notexample.com. A 192.0.2.1\n", {{3, "outside the zone"}}, NULL},
    {"a CNAME b\na TXT \"x\"\n", {{4, "has a CNAME (line 3) and also TXT (line 4)"}}, NULL},
    {"a TXT \"x\"\na CNAME b\n", {{4, "has a CNAME (line 4) and also TXT (line 3)"}}, NULL},
    {"a CNAME b\na CNAME c\n", {{4, "has a CNAME (line 3) and also CNAME (line 4)"}}, NULL},
    {"@ CNAME b.example.net.\n", {{3, "has a CNAME (line 3) and also SOA (line 2)"}}, NULL},
    {"a DNAME b\na DNAME c\n", {{4, "a second DNAME"}}, NULL},
    {"x.y.a A 192.0.2.1\na DNAME b\n", {{3, "is below the DNAME of \"a.example.com.\""}}, NULL},
    /* several, in the order of lines */
    {"z CNAME y\na A x\nz TXT \"x\"\nb A y\n",
     {{4, "\"x\" is not"}, {5, "CNAME (line 3)"}, {6, "\"y\" is not"}},
     NULL},
};

static void check(const struct mistake *mistake)
{
    struct arena *arena = arena_open();
    const char *text = arena_printf(arena, "%s%s", head, mistake->text);
    struct err why = {0};
    struct zone *zone = fixture_load(arena, span_of(text), NULL, &why);
    const struct zone_fault *fault = NULL;

    assert_string_equal(why.text, "");
    assert_non_null(zone);
    fault = zone_faults(zone);
    for (size_t i = 0; i < FAULTS_MAX && mistake->faults[i].says != NULL; i++) {
        if (fault == NULL)
            fail_msg("no fault says \"%s\":\n%s", mistake->faults[i].says, mistake->text);
        if (strstr(fault->text, mistake->faults[i].says) == NULL ||
            fault->line != mistake->faults[i].line)
            fail_msg("%d: %s\nis not %d: ...%s...\n%s", fault->line, fault->text,
                     mistake->faults[i].line, mistake->faults[i].says, mistake->text);
        fault = fault->next;
    }
    if (fault != NULL)
        fail_msg("%d: %s\nis one too many:\n%s", fault->line, fault->text, mistake->text);
    if (mistake->survivor != NULL) {
        const char *name = arena_printf(arena, "%s.example.com", mistake->survivor);
        struct dns_question question = {.name = fixture_name(arena, name), .type = DNS_A};

        if (zone_find(zone, arena, &question)->status == DNS_NXDOMAIN)
            fail_msg("%s is lost:\n%s", name, mistake->text);
    }
    arena_close(arena);
}

static void every_mistake_is_noted_with_its_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(mistakes); i++)
        check(&mistakes[i]);
}

static void what_looks_like_a_mistake_may_be_none(void **state)
{
    static const char *const texts[] = {
        "a TXT ( \"x\" ; ) comment (\n \"y\" )\n",
        "a TXT \"( ; )\"\n",
        "@ TXT one ; a comment\n",
        "a TXT \"" X255 "\" \"" X255 "\"\n",
        "a CNAME b\na RRSIG CNAME 8 3 60 20261201000000 20261101000000 1 example.com. AQID\n",
        "a MX ( 10\n mail )\n",
        "mx TXT (\n\"a\"\n\"b\"\n)\n",
        "a NSEC b ( A\n MX\n TXT )\n",
        "sub NS ns.sub\nns.sub A 192.0.2.1\n",
        "a AAAA ::ffff:192.0.2.1\n",
        "a A 192.0.2.1;comment\n",
        "\n\n   \n;\n  ; x\n\t\r\n",
        "a TXT \"x\\\"y\"\n",
        "a TXT \"tab\there\"\n",
    };
    struct arena *arena = arena_open();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        fixture_zone(arena, arena_printf(arena, "%s%s", head, texts[i]), NULL);
    arena_close(arena);
}

static void a_nul_octet_is_a_fault_of_its_line(void **state)
{
    static const char bytes[] = "@ SOA ns h 1 2 3 4 5\n"
                                "a TXT \"x\0y\"\n"
                                "b\0 A 192.0.2.1\n"
                                "c A 192.0.2.1\n";
    struct arena *arena = arena_open();
    struct err why = {0};
    struct zone *zone =
        fixture_load(arena, span_make(bytes, sizeof(bytes) - 1), "example.com", &why);
    const struct zone_fault *fault = NULL;

    (void)state;
    assert_non_null(zone);
    fault = zone_faults(zone);
    assert_non_null(fault);
    assert_int_equal(fault->line, 2);
    assert_non_null(strstr(fault->text, "NUL"));
    assert_int_equal(fault->next->line, 3);
    assert_null(fault->next->next);
    arena_close(arena);
}

static void a_byte_order_mark_is_a_fault(void **state)
{
    struct arena *arena = arena_open();
    struct err why = {0};
    struct zone *zone =
        fixture_load(arena, span_of("\xef\xbb\xbf@ SOA ns h 1 2 3 4 5\n"), "example.com", &why);

    (void)state;
    assert_non_null(zone);
    assert_int_equal(zone_faults(zone)->line, 1);
    assert_non_null(strstr(zone_faults(zone)->text, "byte order mark"));
    assert_null(zone_faults(zone)->next);
    arena_close(arena);
}

/* files that are no zones at all */
static void a_file_that_is_no_zone_is_refused(void **state)
{
    static const struct {
        struct span bytes;
        const char *origin;
        const char *says;
    } cases[] = {
        {{"", 0}, "example.com", "is empty"},
        {{"; only a comment\n", 17}, "example.com", "has no record in it"},
        {{"\x7f"
          "ELF\0\1\2\0\n\0\0\0",
          12},
         "example.com",
         "is a binary file"},
        {{"hello world\nhow are you\n", 24},
         "example.com",
         ":1: \"world\" is not a record type"},
        {{"www A 192.0.2.1\n", 16}, NULL, ":1: \"www\" is relative"},
        {{"@ SOA a b 1 2 3 4 5\n", 20}, NULL, ":1: \"@\" is relative"},
        {{"www.example.com. A 192.0.2.1\n", 29}, NULL, ":1: a record before anything says"},
    };
    struct arena *arena = arena_open();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct err why = {0};

        assert_null(fixture_load(arena, cases[i].bytes, cases[i].origin, &why));
        assert_int_equal(why.kind, ERR_INPUT);
        if (strstr(why.text, cases[i].says) == NULL)
            fail_msg("\"%s\" does not say \"%s\"", why.text, cases[i].says);
    }
    arena_close(arena);
}

static void what_is_no_file_is_refused(void **state)
{
    struct arena *arena = arena_open();
    struct err why = {0};

    (void)state;
    assert_null(zone_open(
        arena, &(struct zone_request){.path = TESTDATA_DIR "/zones", .origin = NULL}, &why));
    assert_non_null(strstr(why.text, "is a directory"));
    assert_null(zone_open(
        arena, &(struct zone_request){.path = TESTDATA_DIR "/zones/none.zone", .origin = NULL},
        &why));
    assert_non_null(strstr(why.text, "none.zone: No such file"));
    arena_close(arena);
}

/* open - "zone:" and a file with these bytes and what follows its name */
static struct source *open_text(struct arena *arena, const char *text, const char *after,
                                struct err *why)
{
    const char *path = fixture_write(arena, span_of(text));
    const char *spec = arena_printf(arena, "zone:%s%s", path, after);
    struct source *source = source_open(arena, spec, NULL, why);

    unlink(path);
    return source;
}

static void a_source_lists_all_faults_of_its_file(void **state)
{
    struct arena *arena = arena_open();
    struct err why = {0};
    const char *path = arena_printf(arena, "%ld." FIXTURE_FILE, (long)getpid());

    (void)state;
    assert_null(open_text(arena, "a A x\nb A 192.0.2.1\nc A y\n", "@example.com", &why));
    assert_int_equal(why.kind, ERR_INPUT);
    assert_string_equal(why.text,
                        arena_printf(arena,
                                     "%s:1: \"x\" is not an IPv4 address; correct it\n"
                                     "%s:3: \"y\" is not an IPv4 address; correct it",
                                     path, path));
    arena_close(arena);
}

static void faults_that_do_not_fit_are_counted(void **state)
{
    struct arena *arena = arena_open();
    struct sbuf text = sbuf_start(arena);
    struct err why = {0};
    size_t lines = 1;
    struct span rest = {0};
    uint64_t more = 0;

    (void)state;
    for (int i = 0; i < 300; i++)
        sbuf_add(&text, "a A x\n");
    sbuf_add(&text, "b A 192.0.2.1\n");
    assert_null(open_text(arena, sbuf_text(&text), "@example.com", &why));
    for (const char *at = why.text; *at != '\0'; at++)
        lines += *at == '\n';
    assert_non_null(strstr(why.text, "\nand "));
    rest = span_of(strstr(why.text, "\nand ") + strlen("\nand "));
    assert_true(span_to_number(span_cut(&rest, ' '), UINT32_MAX, &more));
    assert_int_equal(lines - 1 + more, 300);
    assert_true(lines > 20);
    arena_close(arena);
}

static void the_last_at_sign_begins_the_origin_if_it_can(void **state)
{
    static const struct {
        const char *file;
        const char *spec;
        const char *apex; /* NULL: cannot be opened */
    } cases[] = {
        {"at.tmp", "zone:at.tmp@example.com", "www.example.com"},
        {"at.tmp", "zone:at.tmp@.", "www"},
        {"at.tmp", "zone:at.tmp@EXAMPLE.com.", "www.example.com"},
        {"at@example.net", "zone:at@example.net@example.com", "www.example.com"},
        {"at@example.net", "zone:at@example.net", NULL}, /* the file, without an origin */
        {"at.tmp", "zone:at.tmp@a b", NULL},
        {"at.tmp", "zone:", NULL},
        {"at.tmp", "zone:@example.com", NULL},
    };
    struct arena *arena = arena_open();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct err why = {0};
        struct source *source = NULL;

        assert_true(file_save(cases[i].file, span_of("www A 192.0.2.1\n"), &why));
        source = source_open(arena, cases[i].spec, NULL, &why);
        unlink(cases[i].file);
        if ((source == NULL) != (cases[i].apex == NULL))
            fail_msg("%s: %s", cases[i].spec, why.text);
        if (source != NULL)
            assert_true(source->ops->speaks_for(source, fixture_name(arena, cases[i].apex)));
        source_close(source);
    }
    arena_close(arena);
}

/* reading is linear: neither forgotten brackets nor a long line may make it slow */
static void hostile_files_are_read_in_one_go(void **state)
{
    static const struct {
        const char *line;
        int count;
    } cases[] = {
        {"a TXT ( \"x\"\n", 20000},
        {"  MX (\n", 20000},
        {"  MX 10 x (\n", 20000},
        {"((((((((", 20000},
        {"\"", 50001},
        {"a TXT \"x\n", 20000},
        {"a ", 200000},
        {"a NSEC (\n", 20000},
        {"\\", 50001},
        {"a.", 100000},
        {"))))\n", 20000},
        {"$ORIGIN a\n", 2000},
    };
    struct arena *arena = arena_open();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct sbuf text = sbuf_start(arena);
        struct zone *zone = NULL;
        struct err why = {0};

        sbuf_add(&text, head);
        for (int j = 0; j < cases[i].count; j++)
            sbuf_add(&text, cases[i].line);
        zone = fixture_load(arena, sbuf_span(&text), NULL, &why);
        assert_non_null(zone);
        assert_non_null(zone_faults(zone));
    }
    arena_close(arena);
}

static void more_records_of_a_name_than_are_kept_are_a_fault(void **state)
{
    struct arena *arena = arena_open();
    struct sbuf text = sbuf_start(arena);
    struct err why = {0};
    struct zone *zone = NULL;

    (void)state;
    for (int i = 0; i <= LIMIT_ANSWER_RECORDS; i++)
        sbuf_addf(&text, "a TXT %d\n", i);
    zone = fixture_load(arena, sbuf_span(&text), "example.com", &why);
    assert_non_null(zone);
    assert_int_equal(zone_faults(zone)->line, LIMIT_ANSWER_RECORDS + 1);
    assert_null(zone_faults(zone)->next);
    arena_close(arena);
}

static void a_record_of_more_octets_than_fit_is_a_fault(void **state)
{
    struct arena *arena = arena_open();

    (void)state;
    for (int strings = 256; strings <= 257;
         strings++) { /* of 256 octets each: at most 65,535 */
        struct sbuf text = sbuf_start(arena);
        struct err why = {0};
        struct zone *zone = NULL;

        sbuf_add(&text, "a TXT (");
        for (int i = 0; i < strings; i++)
            sbuf_add(&text, i == 0 ? " \"" X50 "\"" : "\n \"" X255 "\"");
        sbuf_add(&text, " )\n");
        zone = fixture_load(arena, sbuf_span(&text), "example.com", &why);
        if (strings == 256) {
            assert_non_null(zone);
            assert_null(zone_faults(zone));
        } else {
            assert_null(zone); /* no other record */
            assert_non_null(strstr(why.text, ":1: 65587 octets of data"));
        }
    }
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mistake_is_noted_with_its_line),
        cmocka_unit_test(what_looks_like_a_mistake_may_be_none),
        cmocka_unit_test(a_nul_octet_is_a_fault_of_its_line),
        cmocka_unit_test(a_byte_order_mark_is_a_fault),
        cmocka_unit_test(a_file_that_is_no_zone_is_refused),
        cmocka_unit_test(what_is_no_file_is_refused),
        cmocka_unit_test(a_source_lists_all_faults_of_its_file),
        cmocka_unit_test(faults_that_do_not_fit_are_counted),
        cmocka_unit_test(the_last_at_sign_begins_the_origin_if_it_can),
        cmocka_unit_test(hostile_files_are_read_in_one_go),
        cmocka_unit_test(a_record_of_more_octets_than_fit_is_a_fault),
        cmocka_unit_test(more_records_of_a_name_than_are_kept_are_a_fault),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
