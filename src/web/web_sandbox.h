/*
 * NAME
 *     web_sandbox - the page and the interface of a sandbox
 * DESCRIPTION
 *     Serves the folder of a sandbox over HTTP: a page without script, records and reports as
 *     JSON, a wait for messages, events as they come, and the part of Mailpit's v1 interface
 *     that test helpers use. It runs in the loop of the sandbox.
 *
 *     A secret in the address keeps other users out, as in serve. Helpers for Mailpit do not
 *     know the secret: their paths are at the root too, on loopback only. There the Host field
 *     must be one of our names, and no other site may read an answer or delete (no CORS), so
 *     only users of the same machine can read the mail of tests.
 * OWNERSHIP
 *     In the arena; web_sandbox_close() closes the sockets. The caller owns the folder.
 * ERRORS
 *     web_sandbox_open() returns NULL and fills `why`.
 * BUGS
 *     A message that is deleted leaves list and interface; its files stay, since the result
 *     of the run is about them. Of tags, read marks and attachments' contents there are none.
 */
#ifndef WEB_SANDBOX_H
#define WEB_SANDBOX_H

#include "base/arena.h"
#include "base/err.h"

struct web_sandbox;

/* `listen` is ADDR:PORT */
struct web_sandbox *web_sandbox_open(struct arena *arena, const char *listen,
                                     const char *folder, struct err *why);
void web_sandbox_close(struct web_sandbox *web); /* accepts NULL */

/* to be polled for reading */
int web_sandbox_fd(const struct web_sandbox *web);
/* requests, and waits that are over; never waits itself */
void web_sandbox_turn(struct web_sandbox *web);
/* the record of a message is in the folder */
void web_sandbox_came(struct web_sandbox *web, uint64_t number);

/* "http://127.0.0.1:8025", and the secret that follows it and a slash */
const char *web_sandbox_root(const struct web_sandbox *web);
const char *web_sandbox_secret(const struct web_sandbox *web);

#endif
