/*
 * NAME
 *     smtp_auth - logging in
 * DESCRIPTION
 *     PLAIN, LOGIN, CRAM-MD5 and XOAUTH2. smtp_auth_start() picks the mechanism
 *     and smtp_auth_next() makes the lines. What is sent is secret and never
 *     shown; smtp_auth_hide() hides secrets that the server repeats.
 * OWNERSHIP
 *     In the arena; the password stays the caller's.
 * ERRORS
 *     smtp_auth_start() returns false: the server offers none of the mechanisms, or
 *     not the one asked for.
 * STANDARDS
 *     RFC 4954; RFC 4616 (PLAIN); RFC 2195 (CRAM-MD5)
 */
#ifndef SMTP_AUTH_H
#define SMTP_AUTH_H

#include "base/arena.h"
#include "base/span.h"
#include "model/smtp_probe.h"
#include "smtp/smtp_ehlo.h"

struct smtp_login {
    const char *user;
    const char *password;  /* or the access token, for XOAUTH2 */
    const char *mechanism; /* NULL: the best that is offered */
    bool allows_clear;     /* also without TLS */
    bool allows_untrusted; /* also where the certificate does not verify */
};

#define SMTP_AUTH_SECRETS 6 /* lines and password */

struct smtp_auth {
    struct arena *arena;
    const struct smtp_login *login;
    int mechanism; /* index into our table */
    unsigned turn;
    struct span secrets[SMTP_AUTH_SECRETS];
    size_t secret_count;
};

/* the mechanisms known, "PLAIN, LOGIN, ..." */
const char *smtp_auth_names(struct arena *arena);
/* NULL: unknown */
const char *smtp_auth_find(const char *name);

bool smtp_auth_start(struct smtp_auth *auth, struct arena *arena,
                     const struct smtp_login *login, const struct smtp_ehlo *ehlo);
const char *smtp_auth_mechanism(const struct smtp_auth *auth);

/* the next line without CRLF. The first is the AUTH command; `challenge` is the text of the
 * 334 reply before. NULL: nothing more */
const char *smtp_auth_next(struct smtp_auth *auth, struct span challenge);

/* overwrite every secret in the bytes of a reply with "*"; reply codes stay */
void smtp_auth_hide(const struct smtp_auth *auth, char *bytes, size_t len);

#endif
