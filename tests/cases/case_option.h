/*
 * NAME
 *     case_option - options in the file args of a case
 * DESCRIPTION
 *     What both programs of the cases read in the same way.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     A value that is not valid ends the test.
 */
#ifndef TEST_CASE_OPTION_H
#define TEST_CASE_OPTION_H

#include "unit.h"

#include "base/clock.h"
#include "mail/mail_address.h"
#include "model/subject.h"

/* false: another option; `selectors` has room for one more */
static inline bool case_option_take(struct arena *arena, struct subject *subject,
                                    const char **selectors, const char *option,
                                    const char *value)
{
    if (strcmp(option, "--ip") == 0)
        assert_true(ip_parse(span_of(value), &subject->ip));
    else if (strcmp(option, "--helo") == 0)
        subject->helo = value;
    else if (strcmp(option, "--mail-from") == 0)
        assert_true(mail_path_parse(arena, span_of(value), &subject->mail_from));
    else if (strcmp(option, "--selector") == 0)
        selectors[subject->selector_count++] = value;
    else if (strcmp(option, "--now") == 0)
        assert_true(clock_parse(span_of(value), &subject->now));
    else
        return false;
    return true;
}

#endif
