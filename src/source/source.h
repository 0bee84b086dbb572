/*
 * NAME
 *     source - where answers come from
 * DESCRIPTION
 *     "live[:ADDR[@PORT]]", "zone:FILE[@ORIGIN]", "plan:FILE[@ZONE]", "snapshot:FILE",
 *     "fail:KIND"
 *     and the overlay that several of them make: the first that speaks for a
 *     name answers, finally. "live:" takes up to three servers with commas between.
 *     A source is one struct of functions and one row of source_table.def.
 *
 *     submit() takes a query and a token; poll() returns finished
 *     answers by calling `answered` with the token, waits up to `timeout_ms`
 *     for the first one, and returns how many queries are still open. A
 *     source that knows the answer at once still returns it from poll(). `answered` may
 *     submit further queries. submit() returns false, and poll() will not answer,
 *     if the source does not speak for the name. An answer may be DNS_OK and end in
 *     a CNAME without a record of the type queried: the ledger then queries its
 *     target. DNS_NODATA or DNS_NXDOMAIN after a CNAME is final.
 *     The rest of a source's life: close().
 * OWNERSHIP
 *     source_open() gives a handle to be closed by source_close(). Answers
 *     live in the arena of the ledger that asks, or else in the one given at open; a
 *     record may belong to the source, which must live as long as the answer.
 * ERRORS
 *     source_open() returns NULL and fills `why` (ERR_USAGE for a spec that
 *     is not valid, ERR_INPUT for a file that cannot be used).
 */
#ifndef SOURCE_H
#define SOURCE_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "model/dns_answer.h"

struct https_fact;
struct source;
struct source_counts;

typedef void source_answered_fn(void *ctx, void *token, const struct dns_answer *answer);

/* `rr` NULL: an answer without a record */
typedef void source_entry_fn(void *ctx, const struct dns_question *question,
                             const struct dns_rr *rr);

struct source_ops {
    const char *type; /* "zone" in "zone:path" */
    bool (*submit)(struct source *source, const struct dns_question *question, void *token);
    int (*poll)(struct source *source, int timeout_ms, source_answered_fn *answered, void *ctx);
    bool (*speaks_for)(const struct source *source, const struct dns_name *name);
    /* the same about DS records of the name, which belong to the zone above it (RFC 4035,
     * 3.1.4.1); NULL: as speaks_for */
    bool (*speaks_for_ds)(const struct source *source, const struct dns_name *name);
    /* has the NS records that hand the name to another zone: its answer about NS is taken where
     * nobody speaks for the name; NULL: never */
    bool (*delegates)(const struct source *source, const struct dns_name *name);
    /* the same about a type, for a source that speaks for some types of a name only; NULL: all
     * types are alike */
    bool (*speaks_for_type)(const struct source *source, const struct dns_name *name,
                            enum dns_type type);
    /* an answer of a source below, with what this one changes of it; NULL: nothing */
    const struct dns_answer *(*amend)(const struct source *source, struct arena *arena,
                                      const struct dns_answer *answer);
    void (*close)(struct source *source); /* NULL: everything is in the arena */
    /* drop every open question: its token is never used again. NULL for a source whose
     * poll() leaves nothing open */
    void (*forget)(struct source *source);
    /* another source over what this one has read, which must live as long; NULL: nothing is
     * read that could be shared */
    struct source *(*open_again)(const struct source *source, struct arena *arena);
    /* every record or answer that is held; NULL: the source cannot list them */
    void (*each_entry)(const struct source *source, source_entry_fn *each, void *ctx);
    /* move what is on its way, for all sources over the same one, for at most `timeout_ms`;
     * what came is for poll() to return. NULL for a source that knows at once. */
    void (*wait)(struct source *source, int timeout_ms);
    /* a descriptor that is readable when wait() has something to do, and the milliseconds after
     * which it is to be called all the same, if they are less than `*timeout_ms` */
    int (*watch)(struct source *source, int *timeout_ms);
    /* with wait() */
    void (*count)(const struct source *source, struct source_counts *counts_out);
    /* what is held about a URL (https_fact.h); NULL: nothing, or the source never holds any */
    const struct https_fact *(*find_https)(const struct source *source, const char *url);
    /* the files and what they are the whole of; NULL: the source is not a file of zones */
    const struct source_world *(*world)(const struct source *source);
};

struct zone;
struct zone_remark;

struct source_place {
    const char *file;
    int line;
};

/* what a file of zones holds. In a closed world a name that is not there does not exist; an
 * open one changes some record sets, and the rest is as other sources have it. */
struct source_world {
    const char *name;   /* as answers name their source: "zone:FILE" */
    const char *file;   /* the file itself */
    const char *format; /* "zone file" */
    bool is_open;       /* it has sets of an open world, too */
    struct zone *const *zones;
    size_t zone_count;
    struct zone_remark
        *remarks; /* "mailassay: TEXT" of a format without zone files' comments */
    size_t remark_count;
    struct source_place *changes; /* open: the first change in each file */
    size_t change_count;
    const char *const *notes; /* what the file does that is not judged, with its place */
    size_t note_count;
    const char *const *variants; /* identifiers of answers that the service chooses from */
    size_t variant_count;
};

/* what became of queries, those of all sources over the same one together */
struct source_counts {
    uint64_t sent;
    uint64_t answered; /* packets that came */
    uint64_t failed;   /* of these */
    uint64_t lost;     /* not answered in time */
    unsigned silent;   /* lost ones and refused connections since the last packet came */
    uint64_t recalled; /* not sent, because the answer was still known */
    unsigned window;   /* as many may be on their way */
    unsigned in_flight;
    bool has_room; /* none waits for its turn, and one more could go */
};

/* every source begins with this */
struct source {
    const struct source_ops *ops;
    struct arena *arena;   /* what the source itself needs */
    struct arena *answers; /* answers live here: the arena of the ledger that asks */
    bool wants_proofs;     /* of the question being submitted: with its DNSSEC records */
    const char *spec;      /* as given */
    int64_t taken;         /* snapshot: when it was recorded; 0 elsewhere */
    int64_t idle_ms;       /* questions waited so long for us, not for a server */
    void (*wake)(
        void *ctx); /* called when poll() has something; NULL: nobody waits elsewhere */
    void *wake_ctx;
};

struct source_options {
    const char *tree;    /* folder that $INCLUDE of a zone file stays inside; NULL: its own */
    unsigned timeout_ms; /* per try; 0: 3000 */
    unsigned retries;    /* further tries, over all servers; 0 means none */
    unsigned rate;       /* queries a second; 0: as fast as the servers take them */
    bool trust_ad;       /* believe the AD bit of a resolver that is not on loopback */
};

struct source *source_open(struct arena *arena, const char *spec,
                           const struct source_options *options, struct err *why);

/* the same file for another run, without reading it again; NULL: the source holds none */
struct source *source_open_again(const struct source *source, struct arena *arena);

/* NULL: the source is not a file of zones */
const struct source_world *source_world_of(const struct source *source);
/* "plan.json: octoDNS YAML, a closed world: ..." */
const char *source_world_text(struct arena *arena, const struct source_world *world);

/* several sources, the first speaks first; owns them; `count` may be 1 */
struct source *source_overlay_open(struct arena *arena, struct source *const *sources,
                                   size_t count);
void source_close(struct source *source); /* accepts NULL */

#endif
