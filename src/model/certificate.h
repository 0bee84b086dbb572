/*
 * NAME
 *     certificate - a certificate as it is shown, and one that proves the right to a logo
 * DESCRIPTION
 *     Filled in by smtp/smtp_certificate.h and smtp/smtp_mark.h.
 * OWNERSHIP
 *     In the arena of who fills them in.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 5280; draft-fetch-validation-vmc-wchuang
 */
#ifndef CERTIFICATE_H
#define CERTIFICATE_H

#include <stdbool.h>
#include <stdint.h>

struct smtp_certificate {
    const char *subject; /* escaped, as the issuer */
    const char *issuer;
    const char *names;       /* DNS names and addresses it is for, ", " between: all */
    const char *names_shown; /* the same, fit for a line of text: ends in "and 12 more" */
    const char *key;         /* "RSA 2048" */
    const char *signature;   /* hash that the issuer signed with: "SHA256"; "": not known */
    const char *not_before;  /* RFC 3339 */
    const char *not_after;
    int64_t expires; /* seconds since 1970 */
};

struct smtp_mark {
    struct smtp_certificate certificate; /* the first */
    bool is_for_marks;                   /* extended key usage 1.3.6.1.5.5.7.3.31 */
};

/* the certificate is for the domain, or for a name that the domain is below */
bool smtp_mark_covers(const struct smtp_mark *mark, const char *domain);

#endif
