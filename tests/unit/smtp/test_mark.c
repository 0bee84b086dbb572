/* Mark certificates: whom they are for, and text from outside that must not ask for anything.
 */
#include <unistd.h>

#include "smtp/smtp_mark.h"
#include "unit.h"

static void a_mark_covers_its_names_and_what_is_below(void **state)
{
    static const struct {
        const char *names;
        const char *domain;
        bool is_covered;
    } rows[] = {
        {"example.com", "example.com", true},
        {"example.com", "EXAMPLE.com", true},
        {"example.com", "mail.example.com", true},
        {"example.com", "badexample.com", false},
        {"mail.example.com", "example.com", false},
        {"example.net, example.com", "a.b.example.com", true},
        {"example.net, example.com", "example.org", false},
        {"com.example", "example.com", false},
        {"", "example.com", false},
        {",", "example.com", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct smtp_mark mark = {.certificate = {.names = rows[i].names}};

        if (smtp_mark_covers(&mark, rows[i].domain) != rows[i].is_covered)
            fail_msg("\"%s\" and %s", rows[i].names, rows[i].domain);
    }
}

static void encrypted_text_asks_nobody_for_a_password(void **state)
{
    static const char pem[] = "-----BEGIN CERTIFICATE-----\n"
                              "Proc-Type: 4,ENCRYPTED\n"
                              "DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n"
                              "AAAAAAAAAAAAAAAAAAAAAA==\n"
                              "-----END CERTIFICATE-----\n";
    struct arena *arena = arena_open();
    char left[16] = "";
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "secret\n", 7), 7);
    close(ends[1]);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    assert_null(smtp_mark_read(arena, span_of(pem)));
    assert_int_equal(read(STDIN_FILENO, left, sizeof(left)), 7);
    close(ends[0]);
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mark_covers_its_names_and_what_is_below),
        cmocka_unit_test(encrypted_text_asks_nobody_for_a_password),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
