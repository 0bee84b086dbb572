/*
 * NAME
 *     report - all that is said about a subject
 * DESCRIPTION
 *     Facts, findings, remedies, outcomes and the result. Filled in by report/ and by
 *     those whose work it puts together; renderers print it.
 * OWNERSHIP
 *     In the subject's arena.
 * ERRORS
 *     None.
 */
#ifndef MODEL_REPORT_H
#define MODEL_REPORT_H

#include "base/ip_ranges.h"
#include "model/dkim_verdict.h"
#include "model/dmarc_verdict.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/policy.h"
#include "model/remedy.h"
#include "model/smtp_dialogue.h"
#include "model/spf_verdict.h"
#include "model/traffic.h"

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
struct report_evidence;
struct report_spf;
struct report_steps;
struct report_traffic;
struct explain_stated;
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
    const struct remedy_spoof *spoof;       /* model/spoof.h; NULL: no audit */
    const struct report_summary *summary;   /* NULL: not made */
    const struct session_step *session;     /* NULL: not asked for */
    const struct report_what_if *what_if;   /* NULL: nobody asked */
    struct traffic *traffic;                /* reports of receivers; NULL: none were given */
    const struct report_steps *steps;       /* of the plan; NULL: not made */
    const struct report_spf *spf;           /* NULL without an audit */
    const struct report_evidence *evidence; /* of reports, or how to get it, by remedy */
    size_t evidence_count;
    const struct explain_stated *stated; /* what others wrote into the message */
    size_t stated_count;
    const struct report_traffic *traffic_worlds; /* by remedy */
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

const char *report_result_to_text(enum report_result result);

/* REPORT_UNDETERMINED for a word that is none; NULL: none */
enum report_result report_result_of_text(const char *word);

/* "zone.txt:12", or the name and type the finding speaks of; NULL: it has no place */
const char *report_place(struct arena *arena, const struct finding_where *where);

/* the finding is in the baseline */
bool report_is_known(const struct report *report, const struct finding *finding);

/* findings that fire, are not known and have this severity */
size_t report_count(const struct report *report, enum severity severity);

enum report_spf_state {
    REPORT_SPF_UNKNOWN,
    REPORT_SPF_ABSENT,
    REPORT_SPF_PERMERROR, /* for somebody */
    REPORT_SPF_OPEN,      /* a host that it cannot know passes */
    REPORT_SPF_SHUT, /* nobody passes, since "all" stands before the terms that list them */
    REPORT_SPF_USABLE
};

struct report_spf {
    enum report_spf_state state;
    /* PERMERROR: "every address that the terms before ... do not match"; OPEN: who passes */
    const char *whom;
    const char *why;      /* PERMERROR, SHUT and UNKNOWN: one clause */
    const char *unlisted; /* what an address gets that is not listed: "fail"; NULL: not known */
};

enum report_harm {
    REPORT_HARM_MESSAGE, /* receivers refuse the message */
    REPORT_HARM_ALL,     /* broken for everybody */
    REPORT_HARM_FORGERY, /* the domain is open */
    REPORT_HARM_BULK,    /* asked of bulk senders */
    REPORT_HARM_HYGIENE
};

struct report_step {
    enum report_harm harm;
    enum severity severity;       /* the worst of its findings */
    const char *who;              /* "you, in DNS", "Mailchimp" */
    const char *text;             /* one clause: what to do */
    const struct remedy *publish; /* as they are; NULL */
    const struct finding **rest;  /* findings of report->plan->rest: choices and hints */
    size_t rest_count;
    const struct finding **about; /* all findings that it is there for */
    size_t about_count;
};

struct report_steps {
    struct report_step *list;
    size_t count;
};

const char *report_harm_to_text(enum report_harm harm); /* "forgery" */

/* the step that is there because of the finding, counted from 1; 0: none */
size_t report_step_number(const struct report_steps *steps, const struct finding *finding);

enum report_forgery {
    REPORT_FORGERY_CLOSED, /* refused everywhere, as any name */
    REPORT_FORGERY_PARTLY, /* put into junk, or there is a hole */
    REPORT_FORGERY_OPEN,
    REPORT_FORGERY_UNKNOWN
};

enum report_own_mail {
    REPORT_OWN_MAIL_BELIEVED, /* these with a message */
    REPORT_OWN_MAIL_JUNKED,
    REPORT_OWN_MAIL_REFUSED,
    REPORT_OWN_MAIL_READY, /* these without one */
    REPORT_OWN_MAIL_MISSING,
    REPORT_OWN_MAIL_BROKEN, /* these in both cases */
    REPORT_OWN_MAIL_UNKNOWN
};

enum report_tone { REPORT_TONE_GOOD, REPORT_TONE_DOUBT, REPORT_TONE_BAD };

struct report_summary {
    enum report_forgery forgery;
    enum report_own_mail own_mail;
    enum report_tone tone;
    const char *word;           /* "NOT PROTECTED" */
    const char *clause;         /* "anyone can send as example.com: no DMARC record" */
    const char *const *reasons; /* ids of findings behind the two answers, each once */
    size_t reason_count;
    const char *const *receivers; /* a line for each that does not accept, else one for all */
    size_t receiver_count;
};

const char *report_forgery_to_text(enum report_forgery forgery);    /* "closed" */
const char *report_own_mail_to_text(enum report_own_mail own_mail); /* "ready" */

/* "NOT PROTECTED: anyone can send as example.com: no DMARC record" */
const char *report_headline(struct arena *arena, const struct report_summary *summary);

struct report_traffic {
    const struct remedy *remedy;
    struct traffic_sum sum;
    const char *evidence; /* one sentence */
    const char *effect;   /* its end: what the policy asks for; "": nothing */
};

/* a remedy that lets the policy act on more mail */
struct report_evidence {
    const struct remedy *remedy;
    const char *text; /* what the reports say, or what is missing */
};

/* NULL: another remedy */
const char *report_evidence_of(const struct report *report, const struct remedy *remedy);

/* the same for a list of choices: of the last of them, the end of the way; NULL likewise */
const char *report_evidence_of_all(const struct report *report, const struct remedy *choices);

/* NULL: not judged, or there are no reports */
const struct report_traffic *report_traffic_of(const struct report *report,
                                               const struct remedy *remedy);

/* without a message hardly anything is certain, least of all that it would be accepted; where
 * nobody asked for a policy by name, trouble alone is shown then */
bool report_outcome_is_shown(const struct report *report, const struct policy_outcome *outcome);

enum report_method { REPORT_SPF, REPORT_DKIM, REPORT_DMARC };

struct report_verdict {
    const char *word;    /* the result */
    const char *summary; /* what it is about and why, one clause; safe to show */
    int exit_status;     /* 0, 1 or 3 */
};

/* "d=example.com s=s1 a=rsa-sha256: why"; safe to show */
const char *report_signature_text(struct arena *arena, const struct auth_dkim_verdict *verdict);

/* "policy reject (p= at example.com)" */
const char *report_policy_text(struct arena *arena, const struct auth_dmarc_policy *policy);

#endif
