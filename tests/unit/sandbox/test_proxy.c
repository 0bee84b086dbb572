/* PROXY headers of both versions, whole and in pieces. */
#include "base/limits_serve.h"
#include "sandbox/sandbox_proxy.h"
#include "unit.h"

#define BINARY "\r\n\r\n\0\r\nQUIT\n"

/* parses_as - the state, the client as text and the octets used */
static void parses_as(struct span bytes, enum sandbox_proxy_state state, const char *client)
{
    struct arena *arena = arena_open();
    const struct sandbox_proxy proxy = sandbox_proxy_parse(bytes);

    assert_int_equal(proxy.state, state);
    if (client == NULL)
        assert_int_equal(proxy.client.family, IP_NONE);
    else
        assert_string_equal(ip_to_text(arena, &proxy.client), client);
    arena_close(arena);
}

static void headers_in_text(void **state)
{
    static const struct {
        const char *text;
        enum sandbox_proxy_state state;
        const char *client;
    } rows[] = {
        {"PROXY TCP4 192.0.2.1 192.0.2.2 35000 25\r\nEHLO", PROXY_COMPLETE, "192.0.2.1"},
        {"PROXY TCP6 2001:db8::1 2001:db8::2 1 2\r\n", PROXY_COMPLETE, "2001:db8::1"},
        {"PROXY UNKNOWN\r\n", PROXY_COMPLETE, NULL},
        {"", PROXY_INCOMPLETE, NULL},
        {"PROX", PROXY_INCOMPLETE, NULL},
        {"PROXY TCP4 192.0.2.1", PROXY_INCOMPLETE, NULL},
        {"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\n", PROXY_BROKEN, NULL},
        {"PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n", PROXY_BROKEN, NULL},
        {"PROXY TCP5 192.0.2.1 192.0.2.2 1 2\r\n", PROXY_BROKEN, NULL},
        {"PROXY TCP4 here there 1 2\r\n", PROXY_BROKEN, NULL},
        {"PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n", PROXY_BROKEN, NULL},
        {"PROXY TCP4 192.0.2.1 2001:db8::2 1 2\r\n", PROXY_BROKEN, NULL},
        {"PROXY TCP4 192.0.2.1 192.0.2.2 1 65536\r\n", PROXY_BROKEN, NULL},
        {"PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n", PROXY_BROKEN, NULL},
        {"PROXY UNKNOWN 2001:db8::1 2001:db8::2 1 2\r\n", PROXY_COMPLETE, NULL},
        {"EHLO client.example\r\n", PROXY_BROKEN, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        parses_as(span_of(rows[i].text), rows[i].state, rows[i].client);
}

static void headers_in_binary(void **state)
{
    static const char v4[] = BINARY "\x21\x11\0\x0c\xc0\0\2\1\xc0\0\2\2\x88\xb8\0\x19";
    static const char local[] = BINARY "\x20\0\0\0";
    static const char old[] = BINARY "\x11\x11\0\0";
    static const char cut[] = BINARY "\x21\x11\0\4\xc0\0\2\1";

    (void)state;
    parses_as(span_make(v4, sizeof(v4) - 1), PROXY_COMPLETE, "192.0.2.1");
    for (size_t len = 1; len < sizeof(v4) - 1; len++)
        parses_as(span_make(v4, len), PROXY_INCOMPLETE, NULL);
    parses_as(span_make(local, sizeof(local) - 1), PROXY_COMPLETE, NULL);
    parses_as(span_make(old, sizeof(old) - 1), PROXY_BROKEN, NULL);
    parses_as(span_make(cut, sizeof(cut) - 1), PROXY_BROKEN, NULL);
}

/* bound: LIMIT_SANDBOX_PROXY_BYTES both */
static void headers_are_bounded(void **state)
{
    static char bytes[LIMIT_SANDBOX_PROXY_BYTES + 1];

    (void)state;
    for (size_t size = LIMIT_SANDBOX_PROXY_BYTES; size <= sizeof(bytes); size++) {
        size_t len = size - 16;

        memcpy(bytes, BINARY "\x21\0", 14);
        bytes[14] = (char)(len >> 8);
        bytes[15] = (char)(len & 0xff);
        assert_int_equal(sandbox_proxy_parse(span_make(bytes, size)).state,
                         size == LIMIT_SANDBOX_PROXY_BYTES ? PROXY_COMPLETE : PROXY_BROKEN);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_in_text),
        cmocka_unit_test(headers_in_binary),
        cmocka_unit_test(headers_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
