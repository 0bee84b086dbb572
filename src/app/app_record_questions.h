/*
 * NAME
 *     app_record_questions - the questions on a terminal for each type of record
 * DESCRIPTION
 *     A list of questions ends with one without text. The answer to each
 *     becomes words, as if given on the command line, unless the
 *     question takes it otherwise.
 * OWNERSHIP
 *     Static.
 * ERRORS
 *     `take` returns false and fills `why`; the question is asked again.
 */
#ifndef APP_RECORD_QUESTIONS_H
#define APP_RECORD_QUESTIONS_H

#include "app/app_record.h"
#include "base/err.h"

struct app_record_question {
    const char *text;     /* NULL: the end of a list */
    const char *fallback; /* what an empty answer means; NULL: there must be one. After a
                           * final "@" the domain goes on */
    const char *choices;  /* "none quarantine": the only answers; NULL: free */
    const char *nothing;  /* the answer that adds no word; NULL: each does */
    const char *key;      /* goes before each word of the answer */
    bool (*take)(struct app_making *making, const char *answer, struct err *why); /* NULL */
};

/* type and domain, in this order, with a final end */
extern const struct app_record_question app_record_questions_first[];

#endif
