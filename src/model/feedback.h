/*
 * NAME
 *     feedback - reports of receivers, read
 * DESCRIPTION
 *     Aggregate reports of DMARC and reports of TLS. Filled in by feedback/feedback.h.
 * OWNERSHIP
 *     In the arena of the set.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 7489, 7.2; RFC 9990; RFC 8460
 */
#ifndef MODEL_FEEDBACK_H
#define MODEL_FEEDBACK_H

#include "base/arena.h"
#include "base/ip.h"
#include "model/result.h"

/* what the receiver did */
enum feedback_disposition {
    FEEDBACK_UNKNOWN, /* no word that is known */
    FEEDBACK_NONE,
    FEEDBACK_PASS, /* RFC 9990; "none" means both in RFC 7489 */
    FEEDBACK_QUARANTINE,
    FEEDBACK_REJECT
};

/* why it did not do what the policy asks for: bits */
enum feedback_reason {
    FEEDBACK_FORWARDED = 1,
    FEEDBACK_SAMPLED_OUT = 2,
    FEEDBACK_TRUSTED_FORWARDER = 4,
    FEEDBACK_MAILING_LIST = 8,
    FEEDBACK_LOCAL_POLICY = 16,
    FEEDBACK_TEST_MODE = 32,
    FEEDBACK_OTHER = 64,
    FEEDBACK_ARC = 128 /* a comment that says "arc=pass" */
};

/* names are in lower case and safe to show, and may be anything: equal texts are the same
 * pointer */
struct feedback_dkim {
    const char *domain;   /* "" : not said */
    const char *selector; /* "": not said */
    enum dkim_result result;
};

struct feedback_spf {
    const char *domain;
    bool is_helo;
    enum spf_result result;
};

/* who a message said to be from: shared by all rows that have the same */
struct feedback_identity {
    const char *header_from;   /* that of the policy where a row has none */
    const char *envelope_from; /* ""; not said, or null */
    const struct feedback_dkim *dkim;
    size_t dkim_count;
    const struct feedback_spf *spf;
    size_t spf_count;
};

struct feedback_report;

struct feedback_row {
    struct ip_address ip;
    uint64_t count;
    const struct feedback_identity *identity;
    const struct feedback_report *report;
    enum feedback_disposition disposition;
    unsigned reasons; /* sum of enum feedback_reason */
    bool dkim_passed; /* aligned, as the reporter judged */
    bool spf_passed;
};

/* the record as the reporter saw it; words as written, safe to show; NULL: not said */
struct feedback_policy {
    const char *domain;
    const char *p;
    const char *sp;
    const char *np;
    const char *adkim;
    const char *aspf;
    const char *pct;
    const char *fo;
    const char *testing; /* "y": RFC 9990 */
    const char *method;  /* discovery_method: "psl", "treewalk" */
};

struct feedback_report {
    const char *reporter; /* organisation; its address, where it gives no name */
    const char *contact;  /* "": none */
    const char *id;
    const char *error; /* that it met; NULL */
    const char *place; /* the file, and the part of it */
    bool is_rfc9990;   /* by namespace or version */
    int64_t begin;     /* seconds since 1970 */
    int64_t end;
    struct feedback_policy policy;
    size_t rows;
    uint64_t messages;
    size_t bad_rows; /* left out */
    struct feedback_report *next;
};

struct feedback_tls_failure {
    const char *type; /* "certificate-expired": RFC 8460, 4.3 */
    const char *sending_ip;
    const char *mx;     /* receiving-mx-hostname; "" */
    const char *ip;     /* receiving-ip; "" */
    const char *reason; /* failure-reason-code; "" */
    uint64_t sessions;
    struct feedback_tls_failure *next;
};

struct feedback_tls_policy {
    const char *type; /* "sts", "tlsa", "no-policy-found" */
    const char *domain;
    const char **strings; /* policy-string */
    size_t string_count;
    uint64_t successful;
    uint64_t failed;
    struct feedback_tls_failure *failures;
    struct feedback_tls_policy *next;
};

struct feedback_tls {
    const char *reporter;
    const char *contact;
    const char *id;
    const char *place;
    int64_t begin;
    int64_t end;
    struct feedback_tls_policy *policies;
    struct feedback_tls *next;
};

enum feedback_note_kind {
    FEEDBACK_NOTE_REFUSED,   /* a report that was left out */
    FEEDBACK_NOTE_ROW,       /* a row that was left out, or an odd word */
    FEEDBACK_NOTE_DUPLICATE, /* counted once */
    FEEDBACK_NOTE_DIFFERS,   /* one report in two versions: the first counts */
    FEEDBACK_NOTE_FOREIGN,   /* a file that is not a report */
    FEEDBACK_NOTE_CUT        /* a bound was reached */
};

struct feedback_note {
    enum feedback_note_kind kind;
    const char *place; /* the file, and the part of it */
    const char *text;  /* what is wrong, one clause */
    struct feedback_note *next;
};

struct feedback_reading;

struct feedback_set {
    struct arena *arena;
    struct feedback_report *reports; /* in the order of reading */
    size_t report_count;
    struct feedback_row *rows; /* of all reports */
    size_t row_count;
    struct feedback_tls *tls;
    size_t tls_count;
    struct feedback_note *notes; /* at most LIMIT_FEEDBACK_NOTES */
    size_t note_count;
    size_t notes_left_off;
    size_t files;                     /* looked into */
    size_t messages;                  /* of mailboxes */
    size_t duplicates;                /* reports that were counted before */
    size_t refused;                   /* reports that were left out */
    size_t without;                   /* messages that hold no report */
    struct feedback_reading *reading; /* private */
};

#endif
