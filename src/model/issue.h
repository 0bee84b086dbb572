/*
 * NAME
 *     issue - the findings of a run as CI shows them
 * DESCRIPTION
 *     Reports, comparisons and probes give one kind of list: subjects, and for each what is
 *     found about it, with words and place. The renderers of formats for CI (SARIF, JUnit and
 *     others) know this list only. Whatever makes the exit status 1 or 3 is in it: where no
 *     finding does, as with a verdict that fails by itself, report_issues_close() adds an issue
 *     that gives the reason.
 *
 *     The place of an issue is the line that CI should mark: a file relative to the top of the
 *     repository, and where two versions are compared a line that the change touches. The place
 *     that the finding speaks of is kept separately where that is another one.
 * OWNERSHIP
 *     Everything is copied into the arena of the list.
 * ERRORS
 *     None.
 */
#ifndef MODEL_ISSUE_H
#define MODEL_ISSUE_H

#include "base/arena.h"
#include "base/table.h"
#include "model/finding.h"
#include "model/report.h"

enum report_issue_kind {
    ISSUE_FINDING, /* of one world */
    ISSUE_LOSS,    /* of a comparison, as the next three */
    ISSUE_NEW,
    ISSUE_ALREADY,
    ISSUE_GAIN,
    ISSUE_REFUSAL, /* what came back, by its cause */
    ISSUE_STATUS   /* what makes the exit status, where no finding does */
};
const char *report_issue_kind_to_text(enum report_issue_kind kind);

struct report_issue_place {
    const char *file; /* NULL: none */
    int line;         /* from 1 on */
    int column;       /* 0: not known */
};

/* lines of a file that a proved remedy replaces */
struct report_issue_edit {
    const char *file;
    int line;         /* the first that goes, or before which `text` comes */
    int lines;        /* how many go; 0: `text` is inserted */
    const char *text; /* with its line end; "" */
    struct report_issue_edit *next;
};

struct report_issue {
    enum report_issue_kind kind;
    const char *id;
    enum severity severity;
    bool is_undetermined;
    bool is_known; /* dismissed: it is in a baseline */
    bool counts;   /* for the exit status */
    const char *text;
    const char *hint;    /* "" */
    const char *general; /* what the rule is about, whatever was found */
    const char *general_hint;
    const char *standards;
    const char *name; /* owner name, type and term of the record; NULL each */
    const char *type;
    const char *term;
    struct report_issue_place at;     /* to be marked */
    struct report_issue_place really; /* where the finding is, if that is elsewhere */
    const char *world;                /* of `really`: "old" or "new"; NULL */
    const char *fingerprint;
    const char *fix; /* what the edits do; NULL: there are none */
    struct report_issue_edit *edits;
    struct report_issue *next;
};

struct report_issue_subject {
    const char *name;
    const char *headline; /* of the report; NULL: none was made */
    enum report_result result;
    struct report_issue_place at; /* of what has no place; file NULL: no file names it */
    struct report_issue *issues;
    struct report_issue *last;
    size_t counting;
    size_t undetermined; /* that count */
    struct report_issue_subject *next;
};

struct report_issues {
    struct arena *arena;
    const char *command; /* "gate" */
    int64_t time;
    enum report_threshold threshold; /* of the exit status */
    struct report_issue_subject *subjects;
    struct report_issue_subject *last;
    size_t subject_count;
    struct table *files; /* private to issue/issue_edit.c: those that edits are of */
};

struct report_issues *report_issues_open(struct arena *arena, const char *command, int64_t time,
                                         enum report_threshold threshold);

/* one more subject, the last */
struct report_issue_subject *report_issues_add_subject(struct report_issues *issues,
                                                       const char *name,
                                                       enum report_result result);

/* an empty issue at the end of the subject */
struct report_issue *report_issues_add(struct report_issues *issues,
                                       struct report_issue_subject *subject);

/* a finding at the end of the subject, with words and place; its edits are left out */
struct report_issue *report_issues_add_finding(struct report_issues *issues,
                                               struct report_issue_subject *subject,
                                               const struct finding *finding);

/* sets `counts` of an issue that fires, or could not be determined */
void report_issue_weigh(struct report_issue *issue, enum report_threshold threshold);

/* counts, and adds `reason` as an issue where the status is not 0 and none counts; `reason`
 * NULL: the status is 0 */
void report_issues_close(struct report_issues *issues, struct report_issue_subject *subject,
                         const char *reason);

/* worth a line of CI: what counts, and what is undetermined and more than information */
bool report_issue_is_shown(const struct report_issue *issue);

#endif
