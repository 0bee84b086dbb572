/*
 * NAME
 *     engine - the libraries' results, from a confined child
 * DESCRIPTION
 *     libspf2, libopendkim and libopendmarc evaluate the same message, envelope
 *     and answers in a child process, one per subject, that can only compute: no
 *     files, no sockets, two pipes, rlimits and seccomp. A small process that
 *     engine_open() starts forks the children. A child's DNS is the ledger: a
 *     question carries all answers held; a name that the child lacks is noted in
 *     the ledger as wanted, and the verdict is pending. While queries or files
 *     over HTTPS are wanted, everything is pending and no child is started. If
 *     the child dies, hangs or grows, each question goes to a child of its own,
 *     and only a library that fails again has no result.
 * OWNERSHIP
 *     engine_open() gives a handle; call it first of all, because children have
 *     what is in memory by then. Verdicts live in the arena.
 * ERRORS
 *     engine_open() returns NULL and fills `why` if no process can be started.
 *     A later failure is a verdict with is_lost set.
 * BUGS
 *     libopendkim gets at most LIMIT_CHILD_BODY_BYTES of body; a longer
 *     message has the verdict "not asked".
 */
#ifndef ENGINE_H
#define ENGINE_H

#include "auth/auth_spf.h"
#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "ledger/ledger.h"
#include "model/engine_verdict.h"
#include "model/mail_message.h"

struct engine;

/* what the libraries are asked; parts that do not apply are NULL or 0 */
struct engine_request {
    const struct auth_spf_input *spf; /* array: mailfrom, helo */
    size_t spf_count;
    struct mail_message *message; /* for libopendkim; one verdict per signature */
    size_t signature_count;
    struct engine_dmarc *dmarc; /* for libopendmarc; NULL */
    int64_t now;
};

/* libopendmarc gets the results of our own evaluation, as a milter passes them */
struct engine_dmarc {
    const struct dns_name *author;
    const char *author_written;                   /* as From has it; NULL: its A-labels */
    const struct dns_name *organizational_domain; /* set only when the record is inherited */
    const char *record;                           /* the policy record's text; NULL: none */
    const struct dns_name *record_domain;
    const char *spf_domain; /* NULL: no SPF */
    bool spf_is_helo;
    const char *spf_result; /* RFC 8601 word */
    struct engine_dmarc_dkim {
        const char *domain;
        const char *selector;
        const char *result;
    } * dkim;
    size_t dkim_count;
};

struct engine *engine_open(struct err *why);
void engine_close(struct engine *engine); /* accepts NULL */

/* nothing more will be asked: what engine_close() waits for ends meanwhile; accepts NULL */
void engine_finish(struct engine *engine);

/* for a process that forks others: an engine that these share. What libraries load from files
 * is loaded first, in this process, and so in all others. */
struct engine *engine_open_to_share(struct err *why);
struct engine *engine_share(const struct engine *engine);
bool engine_is_alive(const struct engine *engine);

/* one subject will be asked about, and nothing of it is in memory yet: its child is started
 * now, to get ready meanwhile */
void engine_expect_one(struct engine *engine);
/* a hint that the library will be asked: what it loads from files is loaded meanwhile */
void engine_expect(struct engine *engine, enum engine_library library);
/* the same of libopendmarc, by the domains of its question: the list of public suffixes is read
 * meanwhile, as far as it is about them */
void engine_expect_dmarc(struct engine *engine, const struct engine_dmarc *dmarc);

/* verdicts in the order spf, dkim, dmarc; `*is_pending_out`: names were noted as wanted, fill
 * the ledger and judge again */
const struct engine_verdict *engine_judge(struct engine *engine, struct arena *arena,
                                          struct ledger *ledger,
                                          const struct engine_request *request,
                                          size_t *count_out, bool *is_pending_out);

#endif
