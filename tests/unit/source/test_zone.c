/* What a zone answers: RFC 1034, 4.3.2, RFC 4592, RFC 6604 and RFC 6672, name by name. */
#include "zone_fixture.h"

#define RECORDS_MAX 4

/* no TTL */
#define NONE (-1)

struct found {
    const char *name;
    const char *type;
    enum dns_status status;
    int ttl;
    const char *records[RECORDS_MAX];
    int lines[RECORDS_MAX];
};

static void check(struct zone *zone, struct arena *arena, const struct found *wanted)
{
    struct dns_question question = fixture_question(arena, wanted->name, wanted->type);
    const struct dns_answer *answer = zone_find(zone, arena, &question);
    const struct dns_rr *rr = answer->records;
    size_t count = 0;

    if (answer->status != wanted->status)
        fail_msg("%s %s: status %s, not %s", wanted->name, wanted->type,
                 dns_status_to_text(answer->status), dns_status_to_text(wanted->status));
    assert_int_equal(answer->has_ttl ? (int)answer->ttl : NONE, wanted->ttl);
    for (; count < RECORDS_MAX && wanted->records[count] != NULL; count++, rr = rr->next) {
        if (rr == NULL)
            fail_msg("%s %s: \"%s\" is missing", wanted->name, wanted->type,
                     wanted->records[count]);
        assert_string_equal(rr->text, wanted->records[count]);
        assert_int_equal(rr->line, wanted->lines[count]);
        assert_non_null(rr->file);
    }
    assert_null(rr);
    assert_int_equal(answer->record_count, count);
    assert_ptr_equal(answer->question.name, question.name);
    assert_int_equal(answer->question.type, question.type);
    assert_false(answer->ad);
}

static void check_all(struct zone *zone, struct arena *arena, const struct found *wanted,
                      size_t count)
{
    for (size_t i = 0; i < count; i++)
        check(zone, arena, &wanted[i]);
}

/* the zone and the answers of RFC 4592, 2.2.1, and around them */
static void wildcards_follow_rfc_4592(void **state)
{
    static const struct found wanted[] = {
        /* "the following responses would be synthesized from one of the wildcards" */
        {"host3.example",
         "MX",
         DNS_OK,
         3600,
         {"host3.example.\t3600\tIN\tMX\t10 host1.example."},
         {13}},
        {"host3.example", "A", DNS_NODATA, 600, {0}, {0}},
        {"foo.bar.example",
         "TXT",
         DNS_OK,
         3600,
         {"foo.bar.example.\t3600\tIN\tTXT\t\"this is a wildcard\""},
         {12}},
        /* "would not be synthesized from any of the wildcards" */
        {"host1.example", "MX", DNS_NODATA, 600, {0}, {0}},
        {"sub.*.example", "MX", DNS_NODATA, 600, {0}, {0}},
        {"_telnet._tcp.host1.example", "TYPE33", DNS_NXDOMAIN, 600, {0}, {0}},
        {"host.subdel.example", "A", DNS_UNKNOWN, NONE, {0}, {0}},
        {"ghost.*.example", "MX", DNS_NXDOMAIN, 600, {0}, {0}},
        /* the wildcard asked for by its own name */
        {"*.example",
         "MX",
         DNS_OK,
         3600,
         {"*.example.\t3600\tIN\tMX\t10 host1.example."},
         {13}},
        {"*.example", "A", DNS_NODATA, 600, {0}, {0}},
        {"sub.*.example",
         "TXT",
         DNS_OK,
         3600,
         {"sub.*.example.\t3600\tIN\tTXT\t\"this is not a wildcard\""},
         {14}},
        /* empty non-terminals exist, and no wildcard covers them or what is below them */
        {"_tcp.host1.example", "TXT", DNS_NODATA, 600, {0}, {0}},
        {"host2.example", "TXT", DNS_NODATA, 600, {0}, {0}},
        {"x.host2.example", "TXT", DNS_NXDOMAIN, 600, {0}, {0}},
        {"example",
         "NS",
         DNS_OK,
         3600,
         {"example.\t3600\tIN\tNS\tns.example.com.", "example.\t3600\tIN\tNS\tns.example.net."},
         {10, 11}},
        {"example", "TXT", DNS_NODATA, 600, {0}, {0}},
        {"example.com", "A", DNS_UNKNOWN, NONE, {0}, {0}},
    };
    struct arena *arena = arena_open();
    struct err why = {0};
    struct zone *zone = zone_open(
        arena,
        &(struct zone_request){.path = TESTDATA_DIR "/zones/wildcards.zone", .origin = NULL},
        &why);

    (void)state;
    assert_non_null(zone);
    assert_null(zone_faults(zone));
    assert_string_equal(zone_apex(zone)->text, "example");
    check_all(zone, arena, wanted, COUNT_OF(wanted));
    arena_close(arena);
}

static void aliases_are_followed_inside_the_zone(void **state)
{
    static const char text[] = "@ 300 IN SOA ns h 1 2 3 4 60\n"
                               "www IN CNAME web\n"
                               "web 50 IN CNAME host\n"
                               "host 200 IN A 192.0.2.1\n"
                               "out IN CNAME www.example.net.\n"
                               "gone IN CNAME nowhere\n"
                               "mute IN CNAME host\n"
                               "a IN CNAME b\n"
                               "b IN CNAME a\n"
                               "self IN CNAME self\n"
                               "*.w IN CNAME host\n"
                               "to-w IN CNAME x.w\n"
                               "down IN CNAME x.sub\n"
                               "sub IN NS ns.example.net.\n";
    static const struct found wanted[] = {
        {"www.example.com",
         "A",
         DNS_OK,
         50,
         {"www.example.com.\t60\tIN\tCNAME\tweb.example.com.",
          "web.example.com.\t50\tIN\tCNAME\thost.example.com.",
          "host.example.com.\t200\tIN\tA\t192.0.2.1"},
         {2, 3, 4}},
        {"www.example.com",
         "CNAME",
         DNS_OK,
         60,
         {"www.example.com.\t60\tIN\tCNAME\tweb.example.com."},
         {2}},
        {"out.example.com",
         "A",
         DNS_OK,
         60,
         {"out.example.com.\t60\tIN\tCNAME\twww.example.net."},
         {5}},
        /* RFC 6604, 3: the status is that of the last name */
        {"gone.example.com",
         "A",
         DNS_NXDOMAIN,
         60,
         {"gone.example.com.\t60\tIN\tCNAME\tnowhere.example.com."},
         {6}},
        {"mute.example.com",
         "MX",
         DNS_NODATA,
         60,
         {"mute.example.com.\t60\tIN\tCNAME\thost.example.com."},
         {7}},
        {"a.example.com",
         "A",
         DNS_SERVFAIL,
         NONE,
         {"a.example.com.\t60\tIN\tCNAME\tb.example.com.",
          "b.example.com.\t60\tIN\tCNAME\ta.example.com."},
         {8, 9}},
        {"self.example.com",
         "A",
         DNS_SERVFAIL,
         NONE,
         {"self.example.com.\t60\tIN\tCNAME\tself.example.com."},
         {10}},
        {"y.w.example.com",
         "A",
         DNS_OK,
         60,
         {"y.w.example.com.\t60\tIN\tCNAME\thost.example.com.",
          "host.example.com.\t200\tIN\tA\t192.0.2.1"},
         {11, 4}},
        {"to-w.example.com",
         "A",
         DNS_OK,
         60,
         {"to-w.example.com.\t60\tIN\tCNAME\tx.w.example.com.",
          "x.w.example.com.\t60\tIN\tCNAME\thost.example.com.",
          "host.example.com.\t200\tIN\tA\t192.0.2.1"},
         {12, 11, 4}},
        {"w.example.com", "A", DNS_NODATA, 60, {0}, {0}},
        /* the chain leaves the zone through a delegation */
        {"down.example.com",
         "A",
         DNS_OK,
         60,
         {"down.example.com.\t60\tIN\tCNAME\tx.sub.example.com."},
         {13}},
    };
    struct arena *arena = arena_open();
    struct zone *zone = fixture_zone(arena, text, "example.com");
    struct dns_question question = fixture_question(arena, "b.example.com", "A");

    (void)state;
    check_all(zone, arena, wanted, COUNT_OF(wanted));
    assert_string_equal(zone_find(zone, arena, &question)->detail,
                        "the CNAME chain goes in a circle at b.example.com");
    arena_close(arena);
}

/* links - the answer for the first of `count` aliases in a row, the last naming a host */
static enum dns_status status_of_chain(unsigned count)
{
    struct arena *arena = arena_open();
    struct sbuf text = {0};
    enum dns_status status = DNS_PENDING;
    struct dns_question question = fixture_question(arena, "l0.example.com", "A");

    text = sbuf_start(arena);
    for (unsigned i = 0; i < count; i++)
        sbuf_addf(&text, "l%u IN CNAME l%u\n", i, i + 1);
    sbuf_addf(&text, "l%u IN A 192.0.2.1\n", count);
    status = zone_find(fixture_zone(arena, sbuf_text(&text), "example.com"), arena, &question)
                 ->status;
    arena_close(arena);
    return status;
}

static void a_chain_of_12_links_is_followed_and_one_of_13_is_not(void **state)
{
    (void)state;
    assert_int_equal(status_of_chain(12), DNS_OK);
    assert_int_equal(status_of_chain(13), DNS_SERVFAIL);
}

static void authority_ends_at_delegations(void **state)
{
    static const char text[] =
        "$TTL 60\n"
        "@ IN SOA ns h 1 2 3 4 60\n"
        "@ IN NS ns\n"
        "ns IN A 192.0.2.1\n"
        "sub IN NS ns.sub\n"
        "sub IN DS 1 8 2 0000000000000000000000000000000000000000000000000000000000000000\n"
        "ns.sub IN A 192.0.2.2\n"
        "deep.er.sub IN TXT \"hidden\"\n"
        "bare IN NS ns\n";
    static const struct found wanted[] = {
        {"sub.example.com",
         "NS",
         DNS_OK,
         60,
         {"sub.example.com.\t60\tIN\tNS\tns.sub.example.com."},
         {5}},
        {"sub.example.com", "TXT", DNS_UNKNOWN, NONE, {0}, {0}},
        {"ns.sub.example.com", "A", DNS_UNKNOWN, NONE, {0}, {0}},
        {"deep.er.sub.example.com", "TXT", DNS_UNKNOWN, NONE, {0}, {0}},
        {"er.sub.example.com", "DS", DNS_UNKNOWN, NONE, {0}, {0}},
        {"sub.example.com",
         "DS",
         DNS_OK,
         60,
         {"sub.example.com.\t60\tIN\tDS\t1 8 2 "
          "0000000000000000000000000000000000000000000000000000000000000000"},
         {6}},
        {"bare.example.com", "DS", DNS_NODATA, 60, {0}, {0}},
        {"example.com", "NS", DNS_OK, 60, {"example.com.\t60\tIN\tNS\tns.example.com."}, {3}},
    };
    static const struct {
        const char *name;
        bool speaks;
    } authority[] = {
        {"example.com", true},
        {"www.example.com", true},
        {"ns.example.com", true},
        {"sub.example.com", false},
        {"ns.sub.example.com", false},
        {"x.y.sub.example.com", false},
        {"xsub.example.com", true},
        {"com", false},
        {"example.net", false},
        {"notexample.com", false},
        {".", false},
        /* an escaped dot does not end a label, an escaped backslash before one does */
        {"x\\.example.com", false},
        {"x\\\\.example.com", true},
    };
    struct arena *arena = arena_open();
    struct zone *zone = fixture_zone(arena, text, "example.com");

    (void)state;
    check_all(zone, arena, wanted, COUNT_OF(wanted));
    for (size_t i = 0; i < COUNT_OF(authority); i++)
        if (zone_speaks_for(zone, fixture_name(arena, authority[i].name)) !=
            authority[i].speaks)
            fail_msg("%s: authority is wrong", authority[i].name);
    arena_close(arena);
}

static void a_dname_moves_everything_below_it(void **state)
{
    static const char text[] = "$TTL 60\n"
                               "@ IN SOA ns h 1 2 3 4 60\n"
                               "old 40 IN DNAME new\n"
                               "old IN TXT \"still here\"\n"
                               "host.new IN A 192.0.2.1\n"
                               "away IN DNAME example.net.\n";
    static const struct found wanted[] = {
        {"host.old.example.com",
         "A",
         DNS_OK,
         40,
         {"host.old.example.com.\t40\tIN\tCNAME\thost.new.example.com.",
          "host.new.example.com.\t60\tIN\tA\t192.0.2.1"},
         {3, 5}},
        {"a.b.away.example.com",
         "A",
         DNS_OK,
         60,
         {"a.b.away.example.com.\t60\tIN\tCNAME\ta.b.example.net."},
         {6}},
        {"none.old.example.com",
         "A",
         DNS_NXDOMAIN,
         40,
         {"none.old.example.com.\t40\tIN\tCNAME\tnone.new.example.com."},
         {3}},
        {"old.example.com",
         "TXT",
         DNS_OK,
         60,
         {"old.example.com.\t60\tIN\tTXT\t\"still here\""},
         {4}},
        {"old.example.com",
         "DNAME",
         DNS_OK,
         40,
         {"old.example.com.\t40\tIN\tDNAME\tnew.example.com."},
         {3}},
        {"old.example.com", "A", DNS_NODATA, 60, {0}, {0}},
    };
    struct arena *arena = arena_open();
    struct zone *zone = fixture_zone(arena, text, "example.com");
    char label[64] = "";
    struct dns_question question = {0};

    (void)state;
    check_all(zone, arena, wanted, COUNT_OF(wanted));
    /* RFC 6672, 2.2: no target beyond 255 octets; here 233 before the owner and 42 behind */
    memset(label, 'x', 60);
    zone = fixture_zone(arena, "d DNAME dddddddddddddddddddddddddddddd.example.net.\n",
                        "example.com");
    question = fixture_question(
        arena, arena_printf(arena, "%s.%s.%s.%.50s.d.example.com", label, label, label, label),
        "A");
    assert_int_equal(zone_find(zone, arena, &question)->status, DNS_SERVFAIL);
    arena_close(arena);
}

static void a_zone_at_the_root_speaks_for_everything(void **state)
{
    static const char text[] = "example.com. IN MX 0 .\n"
                               "*.example.org. IN TXT \"wild\"\n"
                               "example.net IN A 192.0.2.1\n"
                               "$ORIGIN arpa.\n"
                               "1.2.0.192.in-addr IN PTR host.example.com.\n";
    static const struct found wanted[] = {
        {"example.com", "MX", DNS_OK, 3600, {"example.com.\t3600\tIN\tMX\t0 ."}, {1}},
        {"x.example.org",
         "TXT",
         DNS_OK,
         3600,
         {"x.example.org.\t3600\tIN\tTXT\t\"wild\""},
         {2}},
        {"example.net", "A", DNS_OK, 3600, {"example.net.\t3600\tIN\tA\t192.0.2.1"}, {3}},
        {"1.2.0.192.in-addr.arpa",
         "PTR",
         DNS_OK,
         3600,
         {"1.2.0.192.in-addr.arpa.\t3600\tIN\tPTR\thost.example.com."},
         {5}},
        {"in-addr.arpa", "PTR", DNS_NODATA, NONE, {0}, {0}},
        {".", "NS", DNS_NODATA, NONE, {0}, {0}},
        {"test", "A", DNS_NXDOMAIN, NONE, {0}, {0}},
    };
    struct arena *arena = arena_open();
    struct zone *zone = fixture_zone(arena, text, ".");

    (void)state;
    assert_string_equal(zone_apex(zone)->text, "");
    assert_true(zone_speaks_for(zone, fixture_name(arena, "any.thing.example")));
    check_all(zone, arena, wanted, COUNT_OF(wanted));
    arena_close(arena);
}

static void a_wildcard_at_the_root_matches(void **state)
{
    static const struct found wanted = {
        "a.b.example", "A", DNS_OK, 3600, {"a.b.example.\t3600\tIN\tA\t192.0.2.9"}, {1}};
    struct arena *arena = arena_open();

    (void)state;
    check(fixture_zone(arena, "*. A 192.0.2.9\n", "."), arena, &wanted);
    arena_close(arena);
}

static void what_a_record_leaves_out_comes_from_before(void **state)
{
    static const char text[] = "@ 300 SOA ns h 1 2h 3 4w 60\n"
                               "  NS ns\n"
                               "ns IN 10 A 192.0.2.1\n"
                               "\t\t20 IN A 192.0.2.2 ; comment\n"
                               "   AAAA 2001:db8::1\n"
                               "$TTL 1h30m\n"
                               "b A 192.0.2.3\r\n"
                               "$ORIGIN sub\n"
                               "c CLASS1 A 192.0.2.4\n"
                               "C.Sub.EXAMPLE.com. a 192.0.2.5\n"
                               "@ TXT \"the origin\"\n"
                               "$ORIGIN more\n"
                               "d A ( 192.0.2.6\n\n ; inside\n )\n"
                               "e TYPE65280 \\# 4 0a000001\n"
                               "f A 192.0.2.7\n"
                               "f A 192.0.2.7\n"
                               "f 5 A 192.0.2.7";
    static const struct found wanted[] = {
        {"example.com",
         "SOA",
         DNS_OK,
         300,
         {"example.com.\t300\tIN\tSOA\tns.example.com. h.example.com. 1 7200 3 2419200 60"},
         {1}},
        {"example.com", "NS", DNS_OK, 60, {"example.com.\t60\tIN\tNS\tns.example.com."}, {2}},
        {"ns.example.com",
         "A",
         DNS_OK,
         10,
         {"ns.example.com.\t10\tIN\tA\t192.0.2.1", "ns.example.com.\t20\tIN\tA\t192.0.2.2"},
         {3, 4}},
        {"ns.example.com",
         "AAAA",
         DNS_OK,
         60,
         {"ns.example.com.\t60\tIN\tAAAA\t2001:db8::1"},
         {5}},
        {"b.example.com", "A", DNS_OK, 5400, {"b.example.com.\t5400\tIN\tA\t192.0.2.3"}, {7}},
        {"c.sub.example.com",
         "A",
         DNS_OK,
         5400,
         {"c.sub.example.com.\t5400\tIN\tA\t192.0.2.4",
          "c.sub.example.com.\t5400\tIN\tA\t192.0.2.5"},
         {9, 10}},
        {"sub.example.com",
         "TXT",
         DNS_OK,
         5400,
         {"sub.example.com.\t5400\tIN\tTXT\t\"the origin\""},
         {11}},
        {"d.more.sub.example.com",
         "A",
         DNS_OK,
         5400,
         {"d.more.sub.example.com.\t5400\tIN\tA\t192.0.2.6"},
         {13}},
        {"e.more.sub.example.com",
         "TYPE65280",
         DNS_OK,
         5400,
         {"e.more.sub.example.com.\t5400\tIN\tTYPE65280\t\\# 4 0a000001"},
         {17}},
        /* a record twice is one record */
        {"f.more.sub.example.com",
         "A",
         DNS_OK,
         5400,
         {"f.more.sub.example.com.\t5400\tIN\tA\t192.0.2.7"},
         {18}},
    };
    struct arena *arena = arena_open();

    (void)state;
    check_all(fixture_zone(arena, text, "example.com"), arena, wanted, COUNT_OF(wanted));
    arena_close(arena);
}

static void an_soa_without_a_ttl_has_its_minimum(void **state)
{
    static const struct found wanted[] = {
        {"example.com",
         "SOA",
         DNS_OK,
         77,
         {"example.com.\t77\tIN\tSOA\tns.example.com. h.example.com. 1 2 3 4 77"},
         {1}},
        {"a.example.com", "A", DNS_OK, 77, {"a.example.com.\t77\tIN\tA\t192.0.2.1"}, {2}},
        {"b.example.com", "A", DNS_NXDOMAIN, 77, {0}, {0}},
    };
    static const struct found short_lived = {"b.example.com", "A", DNS_NXDOMAIN, 10, {0}, {0}};
    struct arena *arena = arena_open();

    (void)state;
    check_all(fixture_zone(arena, "@ SOA ns h 1 2 3 4 77\na A 192.0.2.1\n", "example.com"),
              arena, wanted, COUNT_OF(wanted));
    /* RFC 2308, 5: the lesser of the minimum and the TTL of the SOA */
    check(fixture_zone(arena, "@ 10 SOA ns h 1 2 3 4 77\n", "example.com"), arena,
          &short_lived);
    arena_close(arena);
}

static void the_file_says_which_zone_it_is(void **state)
{
    static const struct {
        const char *text;
        const char *apex;
    } cases[] = {
        {"example.com. 60 IN SOA ns h 1 2 3 4 5\nwww A 192.0.2.1\n", "example.com"},
        {"$ORIGIN .\n$TTL 60\nexample.com IN SOA ns.example.com h 1 2 3 4 5\n"
         "$ORIGIN example.com.\nwww A 192.0.2.1\n",
         "example.com"},
        {"$ORIGIN example.com.\nwww A 192.0.2.1\n$ORIGIN sub\nwww A 192.0.2.1\n",
         "example.com"},
        {"$ORIGIN www.example.com.\n@ A 192.0.2.1\nexample.com. SOA ns h 1 2 3 4 5\n",
         "example.com"},
    };
    static const struct found wanted = {
        "www.example.com", "A", DNS_OK, 60, {"www.example.com.\t60\tIN\tA\t192.0.2.1"}, {5}};
    struct arena *arena = arena_open();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct zone *zone = fixture_zone(arena, cases[i].text, NULL);

        assert_string_equal(zone_apex(zone)->text, cases[i].apex);
        if (i == 1)
            check(zone, arena, &wanted);
    }
    arena_close(arena);
}

static void text_keeps_every_octet(void **state)
{
    static const char text[] = "a TXT \"v=spf1 \" ( \"ip4:192.0.2.0/24\"\n"
                               "  \" -all\" ) ; the end\n"
                               "b TXT \"semi;colon (bracket) \\\"quote\\\" back\\\\slash\"\n"
                               "c TXT \"\\000\\255\\032\" \"\"\n"
                               "d TXT one-word\n"
                               "e TXT \"one\"\"two\"\n"
                               "f TXT un\\032quoted\\;\n"
                               "g TXT \\# 4 03616263\n";
    static const struct {
        const char *name;
        size_t count;
        struct span joined;
    } wanted[] = {
        {"a.example", 3, {"v=spf1 ip4:192.0.2.0/24 -all", 28}},
        {"b.example", 1, {"semi;colon (bracket) \"quote\" back\\slash", 39}},
        {"c.example", 2, {"\0\377 ", 3}},
        {"d.example", 1, {"one-word", 8}},
        {"e.example", 2, {"onetwo", 6}},
        {"f.example", 1, {"un quoted;", 10}},
        {"g.example", 1, {"abc", 3}},
    };
    struct arena *arena = arena_open();
    struct zone *zone = fixture_zone(arena, text, "example");

    (void)state;
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        struct dns_question question = fixture_question(arena, wanted[i].name, "TXT");
        const struct dns_rr *rr = zone_find(zone, arena, &question)->records;

        assert_non_null(rr);
        assert_int_equal(rr->string_count, wanted[i].count);
        assert_int_equal(rr->joined.len, wanted[i].joined.len);
        assert_memory_equal(rr->joined.at, wanted[i].joined.at, wanted[i].joined.len);
    }
    arena_close(arena);
}

static void other_types_are_read_as_they_are_written(void **state)
{
    static const char text[] = "$TTL 60\n"
                               "_25._tcp TLSA 3 1 1 (\n"
                               "  0123456789abcdef0123456789abcdef\n"
                               "  0123456789abcdef0123456789abcdef )\n"
                               "caa CAA 0 issue ca.example.net\n"
                               "caa CAA 0 iodef \"mailto:ca@example.com\"\n"
                               "key DNSKEY 256 3 8 AQID BAUG\n"
                               "srv SRV 1 2 25 mail\n"
                               "svc HTTPS 1 . alpn=\"h2,h3\"\n"
                               "old SPF \"v=spf1 -all\"\n"
                               "es\\.caped A 192.0.2.1\n";
    static const struct found wanted[] = {
        {"_25._tcp.example",
         "TLSA",
         DNS_OK,
         60,
         {"_25._tcp.example.\t60\tIN\tTLSA\t3 1 1 "
          "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"},
         {2}},
        {"caa.example",
         "CAA",
         DNS_OK,
         60,
         {"caa.example.\t60\tIN\tCAA\t0 issue \"ca.example.net\"",
          "caa.example.\t60\tIN\tCAA\t0 iodef \"mailto:ca@example.com\""},
         {5, 6}},
        {"key.example",
         "DNSKEY",
         DNS_OK,
         60,
         {"key.example.\t60\tIN\tDNSKEY\t256 3 8 AQIDBAUG"},
         {7}},
        {"old.example",
         "SPF",
         DNS_OK,
         60,
         {"old.example.\t60\tIN\tSPF\t\"v=spf1 -all\""},
         {10}},
        {"es\\.caped.example",
         "A",
         DNS_OK,
         60,
         {"es\\.caped.example.\t60\tIN\tA\t192.0.2.1"},
         {11}},
    };
    struct arena *arena = arena_open();
    struct zone *zone = fixture_zone(arena, text, "example");
    struct dns_question question = fixture_question(arena, "srv.example", "TYPE33");

    (void)state;
    check_all(zone, arena, wanted, COUNT_OF(wanted));
    assert_int_equal(zone_find(zone, arena, &question)->status, DNS_OK);
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wildcards_follow_rfc_4592),
        cmocka_unit_test(aliases_are_followed_inside_the_zone),
        cmocka_unit_test(a_chain_of_12_links_is_followed_and_one_of_13_is_not),
        cmocka_unit_test(authority_ends_at_delegations),
        cmocka_unit_test(a_dname_moves_everything_below_it),
        cmocka_unit_test(a_zone_at_the_root_speaks_for_everything),
        cmocka_unit_test(a_wildcard_at_the_root_matches),
        cmocka_unit_test(what_a_record_leaves_out_comes_from_before),
        cmocka_unit_test(an_soa_without_a_ttl_has_its_minimum),
        cmocka_unit_test(the_file_says_which_zone_it_is),
        cmocka_unit_test(text_keeps_every_octet),
        cmocka_unit_test(other_types_are_read_as_they_are_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
