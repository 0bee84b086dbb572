/*
 * NAME
 *     report - facts and findings, rendered
 * DESCRIPTION
 *     A report is facts plus findings plus the overall result. Renderers are
 *     rows of render_table.def and write bytes into a buffer; they neither
 *     print nor send queries. The exit status follows from the report alone.
 *
 *     Findings can be excused: those of an ignored id are taken out by
 *     report_ignore(), those of a baseline stay and are shown as known. Neither
 *     counts for the exit status.
 * OWNERSHIP
 *     In the subject's arena.
 * ERRORS
 *     report_read_baseline() returns false and fills `why`.
 */
#ifndef REPORT_H
#define REPORT_H

#include "base/sbuf.h"
#include "check/check.h"
#include "policy/policy.h"
#include "remedy/remedy.h"
#include "smtp/smtp_dialogue.h"

#define REPORT_SCHEMA 1

enum report_result { REPORT_PASS, REPORT_FAIL, REPORT_UNDETERMINED };
enum report_threshold { THRESHOLD_ERROR, THRESHOLD_WARNING, THRESHOLD_NOTICE, THRESHOLD_NEVER };

/* what a receiver says otherwise once a remedy is published */
struct report_change {
    const struct remedy *remedy;
    struct policy_outcome before;
    struct policy_outcome after; /* says for whom: bulk senders, others, or both */
};

/* --spf-add: the record with more terms */
struct report_what_if {
    const char *const *terms;
    size_t term_count;
    const char *impossible; /* why nothing can be added; NULL */
    const char *record;     /* then; NULL if impossible, as all that follows */
    const struct facts *before;
    const struct facts *after;
    struct remedy_proof proof; /* findings that go, errors and warnings that come */
    struct ip_ranges gained[AUTH_SPF_SET_FAMILIES]; /* pass then and did not */
    struct ip_ranges lost[AUTH_SPF_SET_FAMILIES];
};

struct remedy_spoof;
struct report_issues;
struct report_summary;
struct report_traffic;
struct traffic;
struct session_step;

struct report {
    const struct facts *facts;
    struct finding *findings;
    enum report_result result;
    const char *const *known; /* fingerprints of the baseline */
    size_t known_count;
    struct finding *ignored; /* what report_ignore() took out */
    size_t ignored_count;
    const struct remedy_plan *plan; /* what to publish and to do; NULL: not asked for */
    int record_form;                /* enum render_record_form: how remedies show records */
    const struct policy_outcome *outcomes; /* what receivers would do */
    size_t outcome_count;
    const struct remedy_spoof *spoof;     /* model/spoof.h; NULL: no audit */
    const struct report_summary *summary; /* report_summary.h; NULL: not made */
    const struct session_step *session;   /* session/session.h; NULL: not asked for */
    const struct report_what_if *what_if; /* NULL: nobody asked */
    struct traffic *traffic;              /* reports of receivers; NULL: none were given */
    const struct report_traffic *traffic_worlds; /* report_traffic.h: by remedy */
    size_t traffic_world_count;
    const struct report_change *changes; /* of all remedies that are shown */
    size_t change_count;
    const struct remedy *const *unjudged; /* those beyond LIMIT_REMEDIES_JUDGED */
    size_t unjudged_count;
    const struct report_issues *issues; /* what formats for CI show; NULL: not made */
    bool has_chosen_policies;           /* somebody named them, or the domain is parked */
    bool has_named_policies;            /* somebody named them: their rules count */
    /* where the shown session takes place */
    unsigned port; /* of smtp_dialogue.def; 0: 25 */
    enum smtp_tls_mode tls;
    uint64_t size_limit; /* octets that the server takes; 0: not known */
};

/* what receivers would make of the remedy is not known: it is one of too many */
bool report_is_unjudged(const struct report *report, const struct remedy *remedy);

#define REPORT_WIDTH_LEAST 40  /* below it columns make no sense */
#define REPORT_WIDTH_MOST  110 /* longer lines are hard to read */

/* parts of the text beyond the first screen */
enum report_part {
    REPORT_PART_EVIDENCE = 1,
    REPORT_PART_SESSION = 2,
    REPORT_PART_FINDINGS = 4,
    REPORT_PARTS = 7
};

struct report_options {
    bool has_color;
    bool is_verbose;  /* -v: every answer, every finding's standards */
    bool is_redacted; /* --redact: without what names people */
    bool is_quiet;    /* -q: the headline and the errors */
    unsigned shown;   /* sum of enum report_part: what follows the first screen */
    unsigned width;   /* columns for text; 0: 80 */
    enum report_threshold threshold;
};

/* fail: a verdict fails or a finding of severity error fires; undetermined: something needed
 * could not be queried and nothing fails; else pass */
enum report_result report_judge(const struct facts *facts, const struct finding *findings);
const char *report_result_to_text(enum report_result result);
/* REPORT_UNDETERMINED for a word that is none; NULL: none */
enum report_result report_result_of_text(const char *word);

/* 0, 1 or 3 of the contract; 1 wins over 3 */
int report_exit_status(const struct report *report, enum report_threshold threshold);

/* "zone.txt:12", or the name and type the finding speaks of; NULL: it has no place */
const char *report_place(struct arena *arena, const struct finding_where *where);

/* one clause: why the status is not 0; NULL for 0 */
const char *report_exit_reason(struct arena *arena, const struct report *report,
                               enum report_threshold threshold);

/* take out the findings of one id */
void report_ignore(struct report *report, const char *id);

/* the fingerprints of an earlier report; `path` is for the reason */
bool report_read_baseline(struct arena *arena, struct report *report, const char *path,
                          struct err *why);

/* the finding is in the baseline */
bool report_is_known(const struct report *report, const struct finding *finding);

/* findings that fire, are not known and have this severity */
size_t report_count(const struct report *report, enum severity severity);

#endif
