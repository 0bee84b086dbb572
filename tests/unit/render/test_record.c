/*
 * Every form of records, read back by ldns or a JSON parser: the octets are those that were put
 * in, and no string is longer than 255 octets.
 */
#include <jansson.h>

#include "unit.h"

#include "dns/dns_ldns.h"
#include "dns/dns_rr.h"
#include "ledger/ledger.h"
#include "model/facts.h"
#include "render/render_record.h"
#include "remedy/remedy.h"

#define LONG_LEN 700

static struct arena *arena;
static char long_text[LONG_LEN + 1];

static int open_arena(void **state)
{
    static const char odd[] = "\"quotes\" \\ ; $ \" \" \xc3\xa9 ";

    (void)state;
    arena = arena_open();
    memset(long_text, 'x', LONG_LEN);
    memcpy(long_text, "v=spf1 ", 7);
    memcpy(long_text + 10, odd, sizeof(odd) - 1);
    memcpy(long_text + 246, odd, sizeof(odd) - 1); /* over a seam */
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_close(arena);
    return 0;
}

/* text_rr - a TXT record of a text */
static const struct dns_rr *text_rr(const char *text)
{
    const struct dns_rr_head head = {dns_name_from_text(arena, "_dmarc.example.com"), DNS_TXT,
                                     3600};
    struct span strings[8];
    size_t count = 0;

    for (struct span rest = span_of(text); rest.len > 0; rest = span_from(rest, 255))
        strings[count++] = span_sub(rest, 0, 255);
    return dns_rr_from_strings(arena, &head, strings, count);
}

/* facts_of - a world whose only answer holds these records */
static const struct facts *facts_of(const struct dns_rr *const *rrs, size_t count)
{
    struct facts *facts = arena_new_of(arena, struct facts);
    struct ledger *ledger = ledger_open(arena);
    struct dns_answer answer = {.status = DNS_OK};

    answer.question = (struct dns_question){rrs[0]->owner, DNS_TXT};
    for (size_t i = 0; i < count; i++) {
        struct dns_rr *copy = arena_new_of(arena, struct dns_rr);

        *copy = *rrs[i];
        dns_answer_append(&answer, copy);
    }
    ledger_add(ledger, &answer);
    facts->ledger = ledger;
    return facts;
}

/* remedy_of - the edit with the set that it touches */
static const struct remedy *remedy_of(const struct facts *facts, struct remedy_edit *edit)
{
    struct remedy *remedy = arena_new_of(arena, struct remedy);

    remedy->edits = edit;
    remedy->sets = remedy_rrsets(arena, facts, edit);
    return remedy;
}

/* rendered - a replacement beside a record that stays, in one form */
static const char *rendered(enum render_record_form form)
{
    const struct dns_rr *rrs[] = {text_rr("v=spf1 -all"), text_rr("stays")};
    struct remedy_edit edit = {REMEDY_REPLACE, text_rr(long_text), rrs[0], NULL};
    struct sbuf out = sbuf_start(arena);

    render_record(form, remedy_of(facts_of(rrs, 2), &edit), &out);
    return sbuf_text(&out);
}

/* assert_text - the strings of a record, by ldns, joined */
static void assert_text(const ldns_rr *rr, const char *expected)
{
    char joined[2 * LONG_LEN] = {0};
    size_t len = 0;

    assert_int_equal(ldns_rr_get_type(rr), LDNS_RR_TYPE_TXT);
    for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
        const uint8_t *octets = ldns_rdf_data(ldns_rr_rdf(rr, i));

        assert_true(len + octets[0] < sizeof(joined));
        memcpy(joined + len, octets + 1, octets[0]);
        len += octets[0];
    }
    assert_int_equal(len, strlen(expected));
    assert_memory_equal(joined, expected, len);
}

/* assert_line - one record in presentation form */
static void assert_line(const char *line, const char *expected)
{
    ldns_rr *rr = NULL;

    assert_int_equal(ldns_rr_new_frm_str(&rr, line, 0, NULL, NULL), LDNS_STATUS_OK);
    assert_text(rr, expected);
    ldns_rr_free(rr);
}

/* assert_value - what follows the type */
static void assert_value(const char *value, const char *expected)
{
    assert_line(arena_printf(arena, "x.example. 300 IN TXT %s", value), expected);
}

/* assert_route53_value - the same for a console that reads numbers of octets as octal */
static void assert_route53_value(const char *value, const char *expected)
{
    struct sbuf text = sbuf_start(arena);

    for (; *value != '\0'; value++) {
        sbuf_add_octet(&text, *value);
        if (*value != '\\')
            continue;
        if (!ascii_is_digit(value[1])) {
            sbuf_add_octet(&text, *++value);
            continue;
        }
        assert_in_range(value[1], '0', '3');
        sbuf_addf(&text, "%03d",
                  (value[1] - '0') * 64 + (value[2] - '0') * 8 + (value[3] - '0'));
        value += 3;
    }
    assert_value(sbuf_text(&text), expected);
}

/* assert_file - the first record of a zone file; comments in front */
static void assert_file(const char *text, const char *expected)
{
    FILE *fp = fmemopen((void *)text, strlen(text), "r");
    ldns_rr *rr = NULL;

    assert_non_null(fp);
    while (rr == NULL) {
        ldns_status status = ldns_rr_new_frm_fp(&rr, fp, NULL, NULL, NULL);

        assert_true(status == LDNS_STATUS_OK || status == LDNS_STATUS_SYNTAX_EMPTY);
    }
    assert_text(rr, expected);
    ldns_rr_free(rr);
    fclose(fp);
}

static void zone_forms_are_read_back_by_ldns(void **state)
{
    (void)state;
    assert_file(rendered(RENDER_RECORD_oneline), long_text);
    assert_file(rendered(RENDER_RECORD_zone), long_text);
    assert_non_null(strstr(rendered(RENDER_RECORD_zone), "TXT (\n"));
}

static void nsupdate_deletes_the_old_and_adds_the_new(void **state)
{
    const char *text = rendered(RENDER_RECORD_nsupdate);
    struct span rest = span_of(text);
    struct span deleted = span_cut(&rest, '\n');
    struct span added = span_cut(&rest, '\n');

    (void)state;
    assert_true(
        span_equal_text(deleted, "update delete _dmarc.example.com. TXT \"v=spf1 -all\""));
    assert_true(span_starts_with(added, "update add "));
    assert_line(arena_strdup_span(arena, span_from(added, strlen("update add "))), long_text);
    assert_true(span_equal_text(rest, "send\n"));
}

/* parse - JSON that a parser takes */
static json_t *parse(const char *text)
{
    json_error_t error;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);

    if (root == NULL)
        fail_msg("%s", error.text);
    return root;
}

static void route53_gives_the_whole_set(void **state)
{
    json_t *root = parse(rendered(RENDER_RECORD_route53));
    json_t *change = json_array_get(json_object_get(root, "Changes"), 0);
    json_t *set = json_object_get(change, "ResourceRecordSet");
    json_t *records = json_object_get(set, "ResourceRecords");
    json_t *first = json_object_get(json_array_get(records, 0), "Value");
    json_t *second = json_object_get(json_array_get(records, 1), "Value");

    (void)state;
    assert_string_equal(json_string_value(json_object_get(change, "Action")), "UPSERT");
    assert_string_equal(json_string_value(json_object_get(set, "Name")), "_dmarc.example.com.");
    assert_int_equal(json_integer_value(json_object_get(set, "TTL")), 3600);
    assert_int_equal(json_array_size(records), 2);
    assert_route53_value(json_string_value(first), long_text);
    assert_value(json_string_value(second), "stays");
    json_decref(root);
}

static void terraform_has_two_quotes_between_strings(void **state)
{
    json_t *root = parse(rendered(RENDER_RECORD_terraform));
    json_t *sets = json_object_get(json_object_get(root, "resource"), "aws_route53_record");
    json_t *set = json_object_get(sets, "TXT__dmarc_example_com");
    const char *text = json_string_value(json_array_get(json_object_get(set, "records"), 0));
    struct sbuf value = sbuf_start(arena);

    (void)state;
    assert_non_null(text);
    sbuf_add_octet(&value, '"');
    for (; *text != '\0'; text++) { /* what the provider does: quotes around, a blank between */
        if (text[0] == '\\' && text[1] != '\0')
            sbuf_add_octet(&value, *text++);
        else if (text[0] == '"' && text[1] == '"') {
            sbuf_add(&value, "\" \"");
            text++;
            continue;
        }
        sbuf_add_octet(&value, *text);
    }
    sbuf_add_octet(&value, '"');
    assert_route53_value(sbuf_text(&value), long_text);
    json_decref(root);
}

static void cloudflare_deletes_and_posts(void **state)
{
    json_t *root = parse(rendered(RENDER_RECORD_cloudflare));
    json_t *old = json_array_get(json_object_get(root, "deletes"), 0);
    json_t *new = json_array_get(json_object_get(root, "posts"), 0);

    (void)state;
    assert_value(json_string_value(json_object_get(old, "content")), "v=spf1 -all");
    assert_value(json_string_value(json_object_get(new, "content")), long_text);
    assert_string_equal(json_string_value(json_object_get(new, "name")), "_dmarc.example.com");
    assert_int_equal(json_integer_value(json_object_get(new, "ttl")), 3600);
    json_decref(root);
}

static void a_set_that_is_gone_is_deleted_with_its_values(void **state)
{
    const struct dns_rr *only = text_rr("v=spf1 -all");
    struct remedy_edit edit = {REMEDY_REMOVE, only, NULL, NULL};
    struct sbuf out = sbuf_start(arena);
    json_t *root = NULL;
    json_t *change = NULL;

    (void)state;
    render_record(RENDER_RECORD_route53, remedy_of(facts_of(&only, 1), &edit), &out);
    root = parse(sbuf_text(&out));
    change = json_array_get(json_object_get(root, "Changes"), 0);
    assert_string_equal(json_string_value(json_object_get(change, "Action")), "DELETE");
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zone_forms_are_read_back_by_ldns),
        cmocka_unit_test(nsupdate_deletes_the_old_and_adds_the_new),
        cmocka_unit_test(route53_gives_the_whole_set),
        cmocka_unit_test(terraform_has_two_quotes_between_strings),
        cmocka_unit_test(cloudflare_deletes_and_posts),
        cmocka_unit_test(a_set_that_is_gone_is_deleted_with_its_values),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
