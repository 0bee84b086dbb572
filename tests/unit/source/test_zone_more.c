/* What a zone file may hold beside records: other files, counted records, aliases of providers,
 * remarks for this program. */
#include <sys/stat.h>

#include "zone_fixture.h"

#include "base/limits.h"
#include "base/sbuf.h"

static struct arena *arena;
static char folder[] = "/tmp/mailassay-zone-XXXXXX";

static int open_folder(void **state)
{
    (void)state;
    arena = arena_open();
    return mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static int close_folder(void **state)
{
    (void)state;
    arena_close(arena);
    return chdir("/") != 0;
}

/* put - a file of the folder */
static void put(const char *path, const char *text)
{
    struct err why = {0};

    assert_true(file_save(path, span_of(text), &why));
}

/* load - a zone of the folder, with its tree */
static struct zone *load(const char *path, const char *tree)
{
    const struct zone_request request = {path, fixture_name(arena, "example.com"), tree};
    struct err why = {0};
    struct zone *zone = zone_open(arena, &request, &why);

    if (zone == NULL)
        fail_msg("%s", why.text);
    return zone;
}

/* answer - to a question about a name */
static const struct dns_answer *answer(struct zone *zone, const char *name, enum dns_type type)
{
    const struct dns_question question = {fixture_name(arena, name), type};

    return zone_find(zone, arena, &question);
}

/* fault_of - the first fault of a file with this text */
static const char *fault_of(const char *text)
{
    put("faulty.zone", text);
    const struct zone_fault *fault = zone_faults(load("faulty.zone", NULL));

    return fault != NULL ? fault->text : "";
}

static void an_included_file_has_its_own_lines_origin_and_owner(void **state)
{
    struct zone *zone = NULL;

    (void)state;
    assert_int_equal(mkdir("parts", 0777), 0);
    put("main.zone", "a A 192.0.2.1\n$INCLUDE parts/sub.inc sub\n  A 192.0.2.2\n");
    put("parts/sub.inc", "$INCLUDE deep.inc\nb A 192.0.2.3\n");
    put("parts/deep.inc", "\n\nc TXT \"v=spf1 -all\"\n");
    zone = load("main.zone", NULL);
    assert_null(zone_faults(zone));
    assert_int_equal(dns_answer_count(answer(zone, "a.example.com", DNS_A)), 2);
    assert_string_equal(answer(zone, "b.sub.example.com", DNS_A)->records->file,
                        "parts/sub.inc");
    assert_string_equal(answer(zone, "c.sub.example.com", DNS_TXT)->records->file,
                        "parts/deep.inc");
    assert_int_equal(answer(zone, "c.sub.example.com", DNS_TXT)->records->line, 3);
}

static void faults_of_an_included_file_name_it(void **state)
{
    const struct zone_fault *fault = NULL;

    (void)state;
    put("main.zone", "a A 192.0.2.1\n$INCLUDE bad.inc\n");
    put("bad.inc", "b A 192.0.2.1\nc A 192.0.2.x\n");
    fault = zone_faults(load("main.zone", NULL));
    assert_non_null(fault);
    assert_string_equal(fault->file, "bad.inc");
    assert_int_equal(fault->line, 2);
}

static void nothing_outside_the_tree_is_read(void **state)
{
    (void)state;
    mkdir("in", 0777);
    put("outside.inc", "secret A 192.0.2.1\n");
    unlink("in/link.inc");
    assert_int_equal(symlink("../outside.inc", "in/link.inc"), 0);
    put("in/up.zone", "a A 192.0.2.1\n$INCLUDE ../outside.inc\n");
    put("in/link.zone", "a A 192.0.2.1\n$INCLUDE link.inc\n");
    assert_non_null(strstr(zone_faults(load("in/up.zone", NULL))->text, "outside"));
    assert_non_null(strstr(zone_faults(load("in/link.zone", NULL))->text, "outside"));
    /* a tree that is wider than the folder of the file */
    assert_null(zone_faults(load("in/up.zone", ".")));
}

/* bound: LIMIT_INCLUDE_DEPTH both */
static void files_include_each_other_only_so_deep(void **state)
{
    (void)state;
    put("circle.inc", "$INCLUDE circle.inc\n");
    assert_non_null(strstr(fault_of("a A 192.0.2.1\n$INCLUDE circle.inc\n"), "deep"));
    for (int i = 0; i < LIMIT_INCLUDE_DEPTH; i++)
        put(arena_printf(arena, "level%d.inc", i),
            i + 1 < LIMIT_INCLUDE_DEPTH ? arena_printf(arena, "$INCLUDE level%d.inc\n", i + 1)
                                        : "deepest A 192.0.2.1\n");
    assert_string_equal(fault_of("a A 192.0.2.1\n$INCLUDE level0.inc\n"), "");
}

static void counted_records_are_written_out(void **state)
{
    struct zone *zone = NULL;

    (void)state;
    put("main.zone", "$GENERATE 1-5/2 h${0,3}-${-1,1,x} A 192.0.2.$\n"
                     "$GENERATE 7-7 t$ TXT \"cost \\$5, $$ $\"\n");
    zone = load("main.zone", NULL);
    assert_null(zone_faults(zone));
    assert_int_equal(dns_answer_count(answer(zone, "h001-0.example.com", DNS_A)), 1);
    assert_int_equal(dns_answer_count(answer(zone, "h005-4.example.com", DNS_A)), 1);
    assert_int_equal(answer(zone, "h002-1.example.com", DNS_A)->status, DNS_NXDOMAIN);
    assert_true(span_equal_text(answer(zone, "t7.example.com", DNS_TXT)->records->joined,
                                "cost $5, $ 7"));
    assert_int_equal(answer(zone, "h003-2.example.com", DNS_A)->records->line, 1);
}

/* bound: LIMIT_GENERATED_RECORDS both */
static void counted_records_are_bounded(void **state)
{
    (void)state;
    assert_string_equal(fault_of(arena_printf(arena, "$GENERATE 1-%d h$ A 192.0.2.1\n",
                                              LIMIT_GENERATED_RECORDS)),
                        "");
    assert_non_null(strstr(fault_of(arena_printf(arena,
                                                 "a A 192.0.2.1\n"
                                                 "$GENERATE 0-%d h$ A 192.0.2.1\n",
                                                 LIMIT_GENERATED_RECORDS)),
                           "more than"));
}

static void an_alias_of_a_provider_has_unknown_addresses(void **state)
{
    struct zone *zone = NULL;

    (void)state;
    put("main.zone", "@ 300 IN ALIAS web.example.net.\n@ MX 10 mx\nmx A 192.0.2.1\n"
                     "www ANAME web.example.net.\n");
    zone = load("main.zone", NULL);
    assert_null(zone_faults(zone));
    assert_int_equal(answer(zone, "example.com", DNS_A)->status, DNS_UNKNOWN);
    assert_int_equal(answer(zone, "www.example.com", DNS_AAAA)->status, DNS_UNKNOWN);
    assert_int_equal(answer(zone, "www.example.com", DNS_TXT)->status, DNS_NODATA);
    assert_int_equal(answer(zone, "example.com", DNS_MX)->status, DNS_OK);
    assert_string_equal(zone_aliases(zone)->text, "web.example.net");
    assert_int_equal(zone_aliases(zone)->next->line, 4);
}

static void remarks_are_found_in_comments_only(void **state)
{
    struct zone *zone = NULL;
    const struct zone_remark *remark = NULL;

    (void)state;
    put("main.zone", "; mailassay: allow mx_lost until 2027-01-31 moved\n"
                     "a TXT \"; mailassay: no remark\" ;mailassay: second\n"
                     "b A 192.0.2.1 ; about mailassay: none\n");
    zone = load("main.zone", NULL);
    remark = zone_remarks(zone);
    assert_string_equal(remark->text, "allow mx_lost until 2027-01-31 moved");
    assert_string_equal(remark->next->text, "second");
    assert_int_equal(remark->next->line, 2);
    assert_null(remark->next->next);
}

/* memory_of - a zone of so many names with a hundred labels each, in octets for each of the
 * file */
static double memory_of(size_t names)
{
    struct arena *own = arena_open();
    struct sbuf text = sbuf_start(own);
    struct err why = {0};
    const struct dns_name *origin = fixture_name(arena, "example.com");
    size_t before = 0;
    double each = 0;

    sbuf_add(&text, "@ 300 SOA ns host 1 2 3 4 5\n");
    for (size_t i = 0; i < names; i++) {
        for (int label = 0; label < 50; label++)
            sbuf_add(&text, "l.");
        sbuf_addf(&text, "n%zu", i);
        for (int label = 0; label < 48; label++)
            sbuf_add(&text, ".l");
        sbuf_add(&text, " 300 A 192.0.2.1\n");
    }
    put("deep.zone", sbuf_text(&text));
    before = arena_size(own);
    assert_non_null(
        zone_open(own, &(struct zone_request){.path = "deep.zone", .origin = origin}, &why));
    each = (double)(arena_size(own) - before) / (double)text.len;
    arena_close(own);
    return each;
}

static void memory_is_in_proportion_to_the_file(void **state)
{
    (void)state;
    for (size_t names = 5000; names <= 20000; names *= 2)
        assert_true(memory_of(names) < 7); /* the file itself comes beside */
}

static void names_between_records_exist(void **state)
{
    (void)state;
    put("between.zone", "@ 300 SOA ns host 1 2 3 4 5\n"
                        "a.b.c 300 A 192.0.2.1\n"
                        "x.*.w 300 A 192.0.2.1\n"
                        "d.e.deeper.sub 300 A 192.0.2.1\n"
                        "sub 300 NS ns.example.net.\n"
                        "z\\.c 300 A 192.0.2.1\n");
    struct zone *zone = load("between.zone", NULL);

    assert_int_equal(answer(zone, "b.c.example.com", DNS_A)->status, DNS_NODATA);
    assert_int_equal(answer(zone, "c.example.com", DNS_DS)->status, DNS_NODATA);
    assert_int_equal(answer(zone, "q.b.c.example.com", DNS_A)->status, DNS_NXDOMAIN);
    assert_int_equal(answer(zone, "q.c.example.com", DNS_A)->status, DNS_NXDOMAIN);
    assert_int_equal(answer(zone, "b.example.com", DNS_A)->status, DNS_NXDOMAIN);
    /* the wildcard exists because of what is below it */
    assert_int_equal(answer(zone, "q.w.example.com", DNS_A)->status, DNS_NODATA);
    assert_int_equal(answer(zone, "*.w.example.com", DNS_A)->status, DNS_NODATA);
    assert_int_equal(answer(zone, "deeper.sub.example.com", DNS_A)->status, DNS_UNKNOWN);
    assert_false(zone_delegates(zone, fixture_name(arena, "deeper.sub.example.com")));
    assert_true(zone_delegates(zone, fixture_name(arena, "sub.example.com")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_included_file_has_its_own_lines_origin_and_owner),
        cmocka_unit_test(faults_of_an_included_file_name_it),
        cmocka_unit_test(nothing_outside_the_tree_is_read),
        cmocka_unit_test(files_include_each_other_only_so_deep),
        cmocka_unit_test(counted_records_are_written_out),
        cmocka_unit_test(counted_records_are_bounded),
        cmocka_unit_test(an_alias_of_a_provider_has_unknown_addresses),
        cmocka_unit_test(remarks_are_found_in_comments_only),
        cmocka_unit_test(memory_is_in_proportion_to_the_file),
        cmocka_unit_test(names_between_records_exist),
    };

    return cmocka_run_group_tests_name("zone_more", tests, open_folder, close_folder);
}
