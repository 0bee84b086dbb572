/*
 * NAME
 *     smtp_auth_server - letting clients log in
 * DESCRIPTION
 *     The other side of smtp_auth.h: PLAIN, LOGIN, CRAM-MD5 and XOAUTH2. Without users all
 *     that is well formed is accepted. One exchange is smtp_auth_server_start() with what
 *     follows AUTH, and then smtp_auth_server_next() for each line of the client, until the
 *     code is not 334.
 * OWNERSHIP
 *     In the arena; users stay the caller's.
 * ERRORS
 *     smtp_auth_users_load() returns NULL and fills `why`, with file and line. The others
 *     answer with the code of the standard.
 * STANDARDS
 *     RFC 4954; RFC 4616 (PLAIN); RFC 2195 (CRAM-MD5)
 */
#ifndef SMTP_AUTH_SERVER_H
#define SMTP_AUTH_SERVER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

struct smtp_auth_users;

/* lines "user:password"; empty ones and those that begin with # are skipped */
const struct smtp_auth_users *smtp_auth_users_load(struct arena *arena, const char *path,
                                                   struct err *why);
const struct smtp_auth_users *smtp_auth_users_parse(struct arena *arena, const char *path,
                                                    struct span text, struct err *why);

struct smtp_auth_server {
    struct arena *arena;
    const struct smtp_auth_users *users; /* NULL: anybody */
    int mechanism;
    unsigned turn;
    const char *user;      /* once it is known */
    const char *challenge; /* of CRAM-MD5 */
};

struct smtp_auth_answer {
    unsigned code; /* 334: the text is for the client, and a line is awaited */
    const char *enhanced;
    const char *text;
    const char *user; /* 235 */
};

/* `words` is what follows AUTH: a mechanism, maybe an initial response */
struct smtp_auth_answer smtp_auth_server_start(struct smtp_auth_server *server,
                                               struct span words);
struct smtp_auth_answer smtp_auth_server_next(struct smtp_auth_server *server,
                                              struct span line);

#endif
