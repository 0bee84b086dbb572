/*
 * NAME
 *     engine_answers - the DNS of a child: the answers that came with its question
 * DESCRIPTION
 *     Private to engine/. The parent writes the answers of the ledger that a
 *     library may ask for; the child reads them into a table and looks up names
 *     as the libraries spell them. A name that is not there is noted as missed.
 * OWNERSHIP
 *     In the child's arena.
 * ERRORS
 *     engine_answers_read() is total; what is malformed breaks the reader.
 * STANDARDS
 *     RFC 1035, 3.1 and 4.1 (names and messages)
 */
#ifndef ENGINE_ANSWERS_H
#define ENGINE_ANSWERS_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/limits.h"
#include "base/span.h"
#include "base/table.h"
#include "engine/engine_wire.h"
#include "ledger/ledger.h"
#include "model/dns_answer.h"

struct engine_rr {
    enum dns_type type;  /* the type asked for, or DNS_CNAME in the chain before it */
    const char *owner;   /* presentation form; NULL unless it is a CNAME */
    const char *target;  /* CNAME, MX, PTR: presentation form */
    struct span octets;  /* A, AAAA: the address; TXT: the strings as on the wire */
    uint16_t preference; /* MX */
};

struct engine_answer {
    const char *name; /* as in struct dns_name */
    enum dns_type type;
    enum dns_status status;
    struct engine_rr *records; /* the chain first */
    size_t record_count;
};

struct engine_answers {
    struct arena *arena;
    size_t count;
    struct table *all; /* struct engine_answer by type and name; NULL: missed */
    struct dns_question missed[LIMIT_CHILD_MISSED];
    size_t missed_count;
};

/* what became of a lookup */
enum engine_lookup {
    ENGINE_LOOKUP_FOUND,
    ENGINE_LOOKUP_MISSED, /* noted; the library's result will not count */
    ENGINE_LOOKUP_NO_NAME /* not a name that fits into a query */
};

/* parent: the answers a library of the kind may ask for */
void engine_answers_write(struct sbuf *out, const struct ledger *ledger, enum engine_kind kind);

/* one TXT answer in the same form; `strings` as on the wire */
void engine_answers_write_txt(struct sbuf *out, const char *name, struct span strings);

/* child */
void engine_answers_read(struct engine_answers *answers, struct engine_reader *in,
                         struct arena *arena);
enum engine_lookup engine_answers_find(struct engine_answers *answers, const char *name,
                                       enum dns_type type, const struct engine_answer **out);

/* the names that were missed; the parent notes them in the ledger; false: malformed */
void engine_missed_write(struct sbuf *out, const struct engine_answers *answers);
bool engine_missed_read(struct engine_reader *in, struct arena *arena, struct ledger *ledger);

/* the answer as a server's message (RFC 1035, 4.1); empty: longer than `max` octets */
struct span engine_answer_to_message(struct arena *arena, const struct engine_answer *answer,
                                     size_t max);

#endif
