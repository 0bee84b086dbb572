/* Every error and warning of the catalogue has somebody who proposes a remedy, or says why no
 * edit of the zone can be one. */
#include <string.h>

#include "unit.h"

#include "model/finding.h"
#include "remedy/remedy.h"

static void every_error_and_warning_has_a_remedy_or_a_reason(void **state)
{
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < check_row_count(); i++) {
        const struct check_row *row = check_row_get(i);
        const char *reason = remedy_none_because(row->number);

        if (row->severity <= SEV_WARNING && !remedy_is_proposed(row->number) &&
            reason == NULL) {
            fprintf(stderr, "%s: neither REMEDY nor NO_REMEDY\n", row->id);
            wrong++;
        }
        if (reason != NULL && (strlen(reason) < 10 || strpbrk(reason, "\n{") != NULL)) {
            fprintf(stderr, "%s: \"%s\" is no reason\n", row->id, reason);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void every_row_of_the_table_names_a_finding(void **state)
{
    static const char *const ids[] = {
#define REMEDY(id, propose)            #id,
#define REMEDY_OR(id, propose, reason) #id,
#define NO_REMEDY(id, reason)          #id,
#define NO_REMEDIES(prefix, reason)
#include "remedy/remedy_table.def"
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        if (check_row_find(ids[i]) == NULL)
            fail_msg("%s is not in the catalogue", ids[i]);
        for (size_t j = 0; j < i; j++)
            if (strcmp(ids[i], ids[j]) == 0)
                fail_msg("%s has two rows", ids[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_error_and_warning_has_a_remedy_or_a_reason),
        cmocka_unit_test(every_row_of_the_table_names_a_finding),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
