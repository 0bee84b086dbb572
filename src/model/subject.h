/*
 * NAME
 *     subject - what a report is about
 * DESCRIPTION
 *     A domain, optionally a message, the envelope it came with, the DKIM
 *     selectors to audit and the time. Every part of the envelope says where
 *     it came from: an option, or a trace field of the message.
 * OWNERSHIP
 *     All pointers live in the subject's arena.
 */
#ifndef SUBJECT_H
#define SUBJECT_H

#include "base/ip.h"

struct dnssec_anchor;
struct dns_name;
struct mail_message;

/* a key that signs, as somebody saw it */
struct subject_selector {
    const char *selector;
    const char *domain;
};

enum subject_session { SESSION_NOT_SEEN, SESSION_IN_CLEAR, SESSION_UNDER_TLS };

struct subject {
    const struct dns_name *domain;
    const char *domain_shown; /* as the user wrote it, escaped */

    struct ip_address ip; /* IP_NONE: not known */
    const char *helo;     /* NULL: not known */
    /* without <>; "" is the null reverse-path; NULL: not known */
    const char *mail_from;
    const char *rcpt;      /* NULL: not known */
    const char *ip_origin; /* "--ip", "Received field 2 (line 7)"; NULL: not known */
    const char *helo_origin;
    const char *mail_from_origin;
    const char *rcpt_origin; /* "--rcpt", "Delivered-To (line 2)"; NULL: not known */
    bool is_rcpt_traced;     /* the message says it, not an option */
    /* how it came: a session that was seen knows more than trace fields, which then count for
     * nothing */
    enum subject_session session;
    const char *envelope_note; /* which hop was taken and why; NULL if options gave all */

    const char *const *selectors; /* from --selector */
    size_t selector_count;

    /* selectors that are in a zone file: where they are absent, that proves nothing */
    const char *const *found_selectors;
    size_t found_selector_count;
    /* selectors that receivers reported */
    const struct subject_selector *reported;
    size_t reported_count;

    bool asks_common_selectors; /* although others are named */

    /* names at which the domain may accept the DMARC reports of others, to be looked at */
    const struct dns_name *const *accepts_reports;
    size_t accepts_report_count;

    bool is_parked; /* --parked: somebody says that it has no mail */

    struct mail_message *message;        /* NULL: a domain only */
    const struct dnssec_anchor *anchors; /* where DNSSEC begins; NULL: the keys of the root */
    int64_t now;                         /* seconds since 1970 */
};

#endif
