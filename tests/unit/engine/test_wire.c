/* What a child may send, taken apart: whatever octets come, nothing is read beyond them. */
#include "base/limits.h"
#include "engine_fixture.h"

#include "engine/engine_answers.h"

/* written - a writer in the arena */
static struct sbuf written(struct arena *arena)
{
    return sbuf_start(arena);
}

static void what_is_put_is_got(void **state)
{
    struct arena *arena = arena_open();
    struct sbuf out = written(arena);
    struct engine_reader in;

    (void)state;
    engine_put_octet(&out, 200);
    engine_put_number(&out, 0x0102030405060708u);
    engine_put_number(&out, UINT64_MAX);
    engine_put_span(&out, span_make("a\0b", 3));
    engine_put_text(&out, "text");
    engine_put_text(&out, NULL);
    engine_put_text(&out, "");
    in = engine_reader_of(sbuf_span(&out));
    assert_int_equal(engine_get_octet(&in), 200);
    assert_true(engine_get_number(&in) == 0x0102030405060708u);
    assert_true(engine_get_number(&in) == UINT64_MAX);
    assert_true(span_equal(engine_get_span(&in), span_make("a\0b", 3)));
    assert_string_equal(engine_get_text(&in, arena), "text");
    assert_null(engine_get_text(&in, arena));
    assert_string_equal(engine_get_text(&in, arena), "");
    assert_true(engine_got_all(&in));
    arena_close(arena);
}

static void a_frame_header_is_length_and_kind(void **state)
{
    const uint8_t octets[ENGINE_FRAME_HEADER] = {0x01, 0x02, 0x03, 0x04, 0x05};
    static const char nothing[ENGINE_FRAME_FIRST];
    char made[ENGINE_FRAME_FIRST];
    struct span rest = {NULL, 0};
    uint8_t kind = 0;

    (void)state;
    assert_int_equal(engine_frame_parse(octets, &kind), 0x01020304);
    assert_int_equal(kind, 5);
    (void)engine_frame_first(ENGINE_FRAME_VERDICTS, span_make(nothing, 0x01020304), made,
                             &rest);
    assert_memory_equal(made, octets, sizeof(octets));
}

static void a_frame_begins_with_what_fits(void **state)
{
    static char payload[ENGINE_FRAME_FIRST];
    char first[ENGINE_FRAME_FIRST];
    struct span rest = {NULL, 0};
    size_t most = ENGINE_FRAME_FIRST - ENGINE_FRAME_HEADER;

    (void)state;
    payload[most] = 'x';
    assert_int_equal(
        engine_frame_first(ENGINE_FRAME_BODY_END, (struct span){NULL, 0}, first, &rest).len,
        ENGINE_FRAME_HEADER);
    assert_int_equal(rest.len, 0);
    assert_int_equal(
        engine_frame_first(ENGINE_FRAME_BODY, span_make(payload, most), first, &rest).len,
        ENGINE_FRAME_FIRST);
    assert_int_equal(rest.len, 0);
    assert_int_equal(
        engine_frame_first(ENGINE_FRAME_BODY, span_make(payload, most + 1), first, &rest).len,
        ENGINE_FRAME_FIRST);
    assert_int_equal(rest.len, 1);
    assert_int_equal(rest.at[0], 'x');
}

static void a_reader_breaks_at_the_end_and_stays_broken(void **state)
{
    struct engine_reader in = engine_reader_of(span_make("\0\0\0\0\0\0\0\005abc", 11));

    (void)state;
    assert_int_equal(engine_get_span(&in).len, 0); /* 5 octets announced, 3 there */
    assert_true(in.is_broken);
    assert_int_equal(engine_get_octet(&in), 0);
    assert_false(engine_got_all(&in));
    in = engine_reader_of(span_make("\377\377\377\377\377\377\377\377", 8));
    assert_int_equal(engine_get_span(&in).len, 0);
    assert_true(in.is_broken);
}

static void a_count_beyond_the_payload_is_refused(void **state)
{
    struct engine_reader in = engine_reader_of(span_make("\0\0\0\0\0\0\0\003123456", 14));

    (void)state;
    assert_int_equal(engine_get_count(&in, 2), 3);
    in = engine_reader_of(span_make("\0\0\0\0\0\0\0\003123456", 14));
    assert_int_equal(engine_get_count(&in, 3), 0);
    assert_true(in.is_broken);
}

static void leftovers_are_noticed(void **state)
{
    struct engine_reader in = engine_reader_of(span_make("ab", 2));

    (void)state;
    (void)engine_get_octet(&in);
    assert_false(engine_got_all(&in));
    (void)engine_get_octet(&in);
    assert_true(engine_got_all(&in));
}

/* missed - a list of one name, as a child would write it; what the parent makes of it */
static bool missed(struct ledger *ledger, struct arena *arena, const char *name, uint64_t type)
{
    struct sbuf out = written(arena);
    struct engine_reader in;

    engine_put_number(&out, 1);
    engine_put_text(&out, name);
    engine_put_number(&out, type);
    in = engine_reader_of(sbuf_span(&out));
    return engine_missed_read(&in, arena, ledger);
}

static void only_sound_names_and_types_reach_the_ledger(void **state)
{
    struct arena *arena = arena_open();
    struct ledger *ledger = ledger_open(arena);

    (void)state;
    assert_true(missed(ledger, arena, "example.com", DNS_TXT));
    assert_true(missed(ledger, arena, "a\\.b.example.com", DNS_A));
    assert_int_equal(ledger_wanted(ledger), 2);
    assert_false(missed(ledger, arena, NULL, DNS_TXT));
    assert_false(missed(ledger, arena, "a..b", DNS_TXT));
    assert_false(missed(ledger, arena, "example.com", DNS_DNSKEY));
    assert_false(missed(ledger, arena, "example.com", UINT64_MAX));
    assert_int_equal(ledger_wanted(ledger), 2);
    arena_close(arena);
}

/* bound: LIMIT_CHILD_MISSED both */
static void a_list_of_no_names_or_too_many_is_refused(void **state)
{
    struct arena *arena = arena_open();
    struct ledger *ledger = ledger_open(arena);
    struct sbuf none = written(arena);
    struct sbuf many = written(arena);
    struct engine_reader in;

    (void)state;
    engine_put_number(&none, 0);
    in = engine_reader_of(sbuf_span(&none));
    assert_false(engine_missed_read(&in, arena, ledger));
    for (int count = LIMIT_CHILD_MISSED + 1; count >= LIMIT_CHILD_MISSED; count--) {
        many = written(arena);
        engine_put_number(&many, (uint64_t)count);
        for (int i = 0; i < count; i++) {
            engine_put_text(&many, "example.com");
            engine_put_number(&many, DNS_TXT);
        }
        in = engine_reader_of(sbuf_span(&many));
        assert_int_equal(engine_missed_read(&in, arena, ledger), count == LIMIT_CHILD_MISSED);
        assert_int_equal(ledger_wanted(ledger), count == LIMIT_CHILD_MISSED ? 1 : 0);
    }
    arena_close(arena);
}

/* answers_of - the world's answers after asking for some names, as a child reads them */
static void answers_of(struct fixture *fixture, enum engine_kind kind,
                       struct engine_answers *answers)
{
    struct sbuf out = written(fixture->arena);
    struct engine_reader in;

    engine_answers_write(&out, fixture->ledger, kind);
    in = engine_reader_of(sbuf_span(&out));
    engine_answers_read(answers, &in, fixture->arena);
    assert_true(engine_got_all(&in));
}

/* ask - fill the ledger with one answer */
static void ask(struct fixture *fixture, const char *name, enum dns_type type)
{
    (void)ledger_ask(fixture->ledger, dns_name_from_text(fixture->arena, name), type);
    ledger_fill(fixture->ledger, fixture->world);
}

static void answers_travel_and_are_found_however_they_are_spelled(void **state)
{
    struct fixture fixture = fixture_open("example.com MX 5 mx.example.net\n"
                                          "alias.example.com CNAME example.org\n"
                                          "example.org TXT \"one\" \"two\"");
    struct engine_answers answers;
    const struct engine_answer *answer;

    (void)state;
    ask(&fixture, "example.com", DNS_MX);
    ask(&fixture, "alias.example.com", DNS_TXT);
    ask(&fixture, "gone.example.com", DNS_A);
    ask(&fixture, "example.com", DNS_CAA); /* no library asks for that */
    answers_of(&fixture, ENGINE_KIND_SPF, &answers);
    assert_int_equal(engine_answers_find(&answers, "EXAMPLE.com.", DNS_MX, &answer),
                     ENGINE_LOOKUP_FOUND);
    assert_int_equal(answer->status, DNS_OK);
    assert_int_equal(answer->record_count, 1);
    assert_int_equal(answer->records[0].preference, 5);
    assert_string_equal(answer->records[0].target, "mx.example.net");
    assert_int_equal(engine_answers_find(&answers, "alias.example.com", DNS_TXT, &answer),
                     ENGINE_LOOKUP_FOUND);
    assert_int_equal(answer->record_count, 2);
    assert_int_equal(answer->records[0].type, DNS_CNAME);
    assert_string_equal(answer->records[0].owner, "alias.example.com");
    assert_true(span_equal_text(answer->records[1].octets, "\003one\003two"));
    assert_int_equal(engine_answers_find(&answers, "gone.example.com", DNS_A, &answer),
                     ENGINE_LOOKUP_FOUND);
    assert_int_equal(answer->status, DNS_NXDOMAIN);
    assert_int_equal(engine_answers_find(&answers, "example.com", DNS_CAA, &answer),
                     ENGINE_LOOKUP_MISSED);
    assert_int_equal(engine_answers_find(&answers, "a..b", DNS_A, &answer),
                     ENGINE_LOOKUP_NO_NAME);
    assert_int_equal(answers.missed_count, 1);
    arena_close(fixture.arena);
}

static void libopendkim_gets_keys_only(void **state)
{
    struct fixture fixture = fixture_open("s._domainkey.example.com TXT \"k\"\n"
                                          "example.com TXT \"t\"");
    struct engine_answers answers;
    const struct engine_answer *answer;

    (void)state;
    ask(&fixture, "s._domainkey.example.com", DNS_TXT);
    ask(&fixture, "example.com", DNS_TXT);
    answers_of(&fixture, ENGINE_KIND_DKIM, &answers);
    assert_int_equal(answers.count, 1);
    assert_int_equal(
        engine_answers_find(&answers, "s._domainkey.example.com", DNS_TXT, &answer),
        ENGINE_LOOKUP_FOUND);
    arena_close(fixture.arena);
}

static void a_truncated_table_is_refused_at_every_length(void **state)
{
    struct fixture fixture =
        fixture_open("example.com TXT \"one\" \"two\"\nexample.com A 192.0.2.1");
    struct sbuf out = written(fixture.arena);
    struct engine_answers answers;

    (void)state;
    ask(&fixture, "example.com", DNS_TXT);
    ask(&fixture, "example.com", DNS_A);
    engine_answers_write(&out, fixture.ledger, ENGINE_KIND_SPF);
    for (size_t len = 0; len < out.len; len++) {
        char *exact = arena_alloc(fixture.arena, len + 1);
        struct engine_reader in;

        memcpy(exact, out.bytes, len);
        in = engine_reader_of(span_make(exact, len));
        engine_answers_read(&answers, &in, fixture.arena);
        assert_false(engine_got_all(&in));
        assert_int_equal(answers.count, 0);
    }
    arena_close(fixture.arena);
}

static void an_answer_becomes_a_message(void **state)
{
    struct fixture fixture = fixture_open("a.example CNAME b.example\nb.example TXT \"hi\"");
    struct engine_answers answers;
    const struct engine_answer *answer;
    struct span message;
    static const char expected[] =
        "\0\0\201\200\0\001\0\002\0\0\0\0" /* header: 1 question, 2 answers */
        "\001a\007example\0\0\020\0\001"   /* a.example TXT IN */
        "\001a\007example\0\0\005\0\001\0\0\001\054\0\013\001b\007example\0"
        "\001b\007example\0\0\020\0\001\0\0\001\054\0\003\002hi";

    (void)state;
    ask(&fixture, "a.example", DNS_TXT);
    answers_of(&fixture, ENGINE_KIND_SPF, &answers);
    assert_int_equal(engine_answers_find(&answers, "a.example", DNS_TXT, &answer),
                     ENGINE_LOOKUP_FOUND);
    message = engine_answer_to_message(fixture.arena, answer, 512);
    assert_int_equal(message.len, sizeof(expected) - 1);
    assert_memory_equal(message.at, expected, sizeof(expected) - 1);
    assert_int_equal(engine_answer_to_message(fixture.arena, answer, 40).len, 0);
    arena_close(fixture.arena);
}

static void absence_differs_in_a_message(void **state)
{
    struct fixture fixture = fixture_open("x\\.y.example A 192.0.2.1");
    struct engine_answers answers;
    const struct engine_answer *answer;
    bool is_new = false;

    (void)state;
    ask(&fixture, "x\\.y.example", DNS_TXT);
    ask(&fixture, "gone.example", DNS_TXT);
    answers_of(&fixture, ENGINE_KIND_SPF, &answers);
    /* NODATA: no error, no answer; no library can spell a dot inside a label */
    answer = *table_slot(answers.all, span_of("16 x\\.y.example"), &is_new);
    assert_false(is_new);
    assert_memory_equal(engine_answer_to_message(fixture.arena, answer, 512).at,
                        "\0\0\201\200\0\001\0\0\0\0\0\0\003x.y\007example\0\0\020\0\001", 29);
    assert_int_equal(engine_answers_find(&answers, "gone.example", DNS_TXT, &answer),
                     ENGINE_LOOKUP_FOUND);
    /* NXDOMAIN: RCODE 3 */
    assert_memory_equal(engine_answer_to_message(fixture.arena, answer, 512).at,
                        "\0\0\201\203\0\001\0\0", 8);
    arena_close(fixture.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_put_is_got),
        cmocka_unit_test(a_frame_header_is_length_and_kind),
        cmocka_unit_test(a_frame_begins_with_what_fits),
        cmocka_unit_test(a_reader_breaks_at_the_end_and_stays_broken),
        cmocka_unit_test(a_count_beyond_the_payload_is_refused),
        cmocka_unit_test(leftovers_are_noticed),
        cmocka_unit_test(only_sound_names_and_types_reach_the_ledger),
        cmocka_unit_test(a_list_of_no_names_or_too_many_is_refused),
        cmocka_unit_test(answers_travel_and_are_found_however_they_are_spelled),
        cmocka_unit_test(libopendkim_gets_keys_only),
        cmocka_unit_test(a_truncated_table_is_refused_at_every_length),
        cmocka_unit_test(an_answer_becomes_a_message),
        cmocka_unit_test(absence_differs_in_a_message),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
