/* The first octets of an answer to what nobody should speak: taken, refused, or more to come. */
#include "smtp/smtp_old.h"
#include "unit.h"

/* octets - of a string with NUL in it */
#define OCTETS(text)           \
    {                          \
        text, sizeof(text) - 1 \
    }

static void what_is_offered_has_the_length_that_it_says(void **state)
{
    struct span hello = smtp_old_hello();
    const uint8_t *at = (const uint8_t *)hello.at;

    (void)state;
    assert_int_equal(at[0], 22);
    assert_int_equal(at[3] << 8 | at[4], hello.len - 5);
    assert_int_equal(at[7] << 8 | at[8], hello.len - 9);
    assert_int_equal(at[9] << 8 | at[10], 0x0303);
}

static void answers_are_told_apart(void **state)
{
    static const struct {
        const char *about;
        struct span bytes;
        enum smtp_old_answer answer;
    } rows[] = {
        {"nothing yet", {"", 0}, OLD_UNKNOWN},
        {"the header of a record", OCTETS("\x16\x03\x03\0\x50"), OLD_UNKNOWN},
        {"a hello", OCTETS("\x16\x03\x03\0\x50\x02\0\0\x4c\x03\x03"), OLD_TAKEN},
        {"an alert", OCTETS("\x15"), OLD_REFUSED},
        {"plain text", OCTETS("500 what?"), OLD_REFUSED},
        {"another message", OCTETS("\x16\x03\x03\0\x50\x0b\0\0\x4c\x03\x03"), OLD_REFUSED},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (smtp_old_read(rows[i].bytes) != rows[i].answer)
            fail_msg("%s: %d", rows[i].about, (int)smtp_old_read(rows[i].bytes));
}

static void old_ciphers_are_known_by_name(void **state)
{
    (void)state;
    assert_true(smtp_old_is_cipher("ECDHE-RSA-RC4-SHA"));
    assert_true(smtp_old_is_cipher("DES-CBC3-SHA"));
    assert_false(smtp_old_is_cipher("ECDHE-RSA-AES128-GCM-SHA256"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_offered_has_the_length_that_it_says),
        cmocka_unit_test(answers_are_told_apart),
        cmocka_unit_test(old_ciphers_are_known_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
