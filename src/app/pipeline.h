/*
 * NAME
 *     pipeline - from the command line to facts
 * DESCRIPTION
 *     pipeline_open() finds whatever is wrong with the domain, the outputs, the
 *     message and the sources before a query is sent. The
 *     libraries' child is started before any of it is read. pipeline_run()
 *     gathers, and saves the snapshot that was asked for.
 * OWNERSHIP
 *     pipeline_close() gives back what pipeline_open() took, also after it
 *     failed; facts live in the arena of the run.
 * ERRORS
 *     Return false and fill `why`. That the libraries cannot be asked is
 *     not a failure: it is in the facts.
 */
#ifndef PIPELINE_H
#define PIPELINE_H

#include "app/app_options.h"
#include "app/app_run.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "fetch/fetch.h"
#include "gather/gather.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/subject.h"

struct line_reader;

struct pipeline_request {
    const char *domain;              /* NULL: that of the message or the envelope */
    const struct dns_name *name;     /* instead: a name from a file, maybe a wildcard; NULL */
    const char *message;             /* NULL: none; "-": standard input */
    struct mail_message *parsed;     /* a message that is in memory already; NULL */
    const struct line_reader *lines; /* whose line names the message; NULL: the user does */
    bool has_engines;                /* unless an option says otherwise */
    bool is_verdict_only;
    bool has_envelope; /* for the SMTP session */
    bool has_policy;   /* although there is no audit: the DMARC policy of the domain */
};

struct pipeline {
    struct app *app;
    struct subject subject;
    struct gather_work work;
    struct fetch_options fetch;
    bool has_policy;
    bool is_all_zones; /* every answer comes from a zone file that the user named */
    bool is_all_files; /* from such a file, or a snapshot */
};

/* open the sources of --dns once, for all pipelines of this app; pipeline_release() comes after
 * the last of them was closed. What a file holds is never changed; a live source is shared. */
bool pipeline_hold(struct app *app, struct err *why);
/* the same for zone files and snapshots alone, where they can be read: for what is forked */
void pipeline_hold_files(struct app *app);
void pipeline_release(struct app *app);
/* can sources and providers be opened? asked before the first subject comes */
bool pipeline_try(struct app *app, struct err *why);
bool pipeline_open(struct pipeline *pipeline, struct app *app,
                   const struct pipeline_request *request, struct err *why);
const struct facts *pipeline_run(struct pipeline *pipeline);
/* one query, answered now */
const struct dns_answer *pipeline_ask(struct pipeline *pipeline, const struct dns_name *name,
                                      enum dns_type type);
bool pipeline_save(const struct pipeline *pipeline, const char *path, struct err *why);
void pipeline_close(struct pipeline *pipeline);

/* how bodies are fetched */
struct fetch_options pipeline_fetch_options(const struct app_options *options);

#endif
