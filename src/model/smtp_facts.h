/*
 * NAME
 *     smtp_facts - what a live session proved about a host
 * DESCRIPTION
 *     A question that the session did not reach is unknown, never no. Filled in by
 *     smtp/smtp_client.h.
 * OWNERSHIP
 *     In the arena of who fills them in.
 */
#ifndef SMTP_FACTS_H
#define SMTP_FACTS_H

#include <stdbool.h>

struct ip_address;

enum smtp_truth { SMTP_UNKNOWN, SMTP_NO, SMTP_YES };

struct smtp_facts {
    const char *host;
    const struct ip_address *address;
    unsigned port;
    enum smtp_truth serves;        /* it greets and takes EHLO */
    enum smtp_truth starttls;      /* offered in clear; unknown where TLS came first */
    enum smtp_truth tls;           /* a handshake succeeds */
    enum smtp_truth tls12;         /* with TLS 1.2 or newer */
    enum smtp_truth trusted;       /* the chain leads to a root */
    enum smtp_truth named;         /* the certificate is for the host */
    enum smtp_truth dane;          /* it matches TLSA; unknown without usable records */
    enum smtp_truth auth_in_clear; /* AUTH is offered without TLS */
    enum smtp_truth auth;          /* AUTH is offered at all, as far as EHLO was asked */
    enum smtp_truth login;         /* the login succeeded */
    enum smtp_truth recipient;     /* RCPT was taken; a temporary refusal is unknown */
    enum smtp_truth old_ciphers;   /* it takes RC4 or 3DES, or SSLv3 came about */
    const char *trouble;           /* why what is unknown is: one clause, safe to show */
    /* this machine has no route to the address, and another one of the host was reached: what
     * is unknown of it says nothing about the host */
    bool is_redundant;
};

#endif
