/*
 * NAME
 *     remedy_private - how proposals are made and judged
 * DESCRIPTION
 *     Private to remedy/. Shared by remedy*.c only. A row of remedy_table.def
 *     names a function that looks at a finding and the facts and makes
 *     candidates: remedy_offer() begins one, remedy_add_text() and the like
 *     add its edits. A candidate may be wrong: the proof decides.
 * OWNERSHIP
 *     In the arena of the maker.
 * ERRORS
 *     A candidate whose edits cannot be made is dropped by the proof.
 */
#ifndef REMEDY_PRIVATE_H
#define REMEDY_PRIVATE_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "base/table.h"
#include "check/check_facts.h"
#include "dns/dns_rr.h"
#include "gather/gather.h"
#include "ledger/ledger.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/rec_spf.h"
#include "model/rec_tags.h"
#include "model/remedy.h"
#include "model/spf_verdict.h"
#include "remedy/remedy.h"

struct remedy_maker {
    struct arena *arena;
    const struct facts *facts;
    const struct finding *finding;
    struct remedy *candidates[LIMIT_REMEDY_CHOICES];
    size_t count;
    size_t left_out; /* offered when there were so many */
};

typedef void remedy_propose_fn(struct remedy_maker *maker);

#define REMEDY(id, propose) void remedy_##propose(struct remedy_maker *maker);
#include "remedy/remedy_table.def"

/* the candidates of the finding: remedy_table.c */
void remedy_propose(struct remedy_maker *maker);

/* ---- making candidates: remedy_make.c ---- */

/* one more candidate would be kept; if not, it is counted. Ask before the work of making one
 * that depends on how many records there are. */
bool remedy_may_offer(struct remedy_maker *maker);

/* a candidate without edits; more than LIMIT_REMEDY_CHOICES are counted and not kept, nor is
 * one that gets more than LIMIT_REMEDY_EDITS */
struct remedy *remedy_offer(struct remedy_maker *maker, const char *summary,
                            const char *condition);

/* the record may be edited: it is at or below the domain, and no wildcard made it */
bool remedy_is_ours(const struct remedy_maker *maker, const struct dns_rr *rr);

/* edits; `old` must be ours, else the candidate becomes void. A text that is the old one
 * makes it void too. */
void remedy_replace_text(struct remedy_maker *maker, struct remedy *remedy,
                         const struct dns_rr *old, struct span text);
void remedy_replace_value(struct remedy_maker *maker, struct remedy *remedy,
                          const struct dns_rr *old, const char *value);
void remedy_remove(struct remedy_maker *maker, struct remedy *remedy, const struct dns_rr *old);
void remedy_add_text(struct remedy_maker *maker, struct remedy *remedy,
                     const struct dns_name *name, const char *text);
void remedy_add_value(struct remedy_maker *maker, struct remedy *remedy,
                      const struct dns_name *name, const char *type_and_value);

/* records of which only one is allowed */
typedef bool remedy_is_record_fn(struct span text);
struct remedy_competing {
    const struct dns_answer *answer; /* NULL: none */
    remedy_is_record_fn *is_record;
    const char *keep; /* "keep the key that ends in "; its text follows */
    size_t tail_len;  /* the last octets of the text are shown; 0: the first of them */
    const char *condition;
};

/* a candidate for each of the rivals: it is kept, the others go */
void remedy_offer_each(struct remedy_maker *maker, const struct remedy_competing *competing);

/* the same for records that are known by their text */
void remedy_keep_one(struct remedy_maker *maker, const struct dns_answer *answer,
                     remedy_is_record_fn *is_record);

/* a broken SPF record next to one that counts: both in one, or without it: remedy_merge.c */
void remedy_spf_beside(struct remedy_maker *maker, const struct dns_rr *rr);

/* the broken record becomes what was meant; each of two readings is a choice. false: nobody
 * knows what was meant: remedy_meant.c */
bool remedy_offer_meant(struct remedy_maker *maker, const struct meant_facts *facts);
/* a DMARC record that counts would ask for less if it said what was meant */
bool remedy_is_weaker(struct arena *arena, const struct meant_facts *facts);
/* records at another name move; of several that contradict one another each is a
 * choice. false: none */
bool remedy_offer_moved(struct remedy_maker *maker, const struct misplaced_facts *first);
/* include: of what the providers that the message names publish, for mail sent through them */
void remedy_offer_includes(struct remedy_maker *maker, const struct auth_spf_node *root);

/* the alias that was meant, if one was: remedy_alias.c. One for a key that nobody has published
 * yet waits for its owner. */
void remedy_offer_key_alias(struct remedy_maker *maker, const struct selector_facts *selector);
/* false: none was */
bool remedy_offer_dmarc_alias(struct remedy_maker *maker);
/* an alias at another name moves: no foreign record is copied */
void remedy_move_alias(struct remedy_maker *maker, struct remedy *remedy,
                       const struct misplaced_facts *one);

/* text without what a DNS console left in it */
struct span remedy_unquoted(struct arena *arena, struct span text);

/* ---- SPF terms as a list that can be edited: remedy_draft.c ---- */

struct remedy_draft {
    struct arena *arena;
    struct span *terms;
    size_t count;
};

struct remedy_draft remedy_draft_of(struct arena *arena, const struct rec_spf *record);
void remedy_draft_add(struct remedy_draft *draft, struct span term);
void remedy_draft_add_text(struct remedy_draft *draft, const char *term);
void remedy_draft_drop(struct remedy_draft *draft, size_t index);
/* drop repetitions; networks without those inside others, neighbours merged; networks first,
 * "all" last. What the record lets pass stays the same. */
void remedy_draft_tidy(struct remedy_draft *draft);
struct span remedy_draft_text(const struct remedy_draft *draft);

/* "ip4:192.0.2.1" for each address of the answer, with the prefix lengths of `term` */
void remedy_draft_add_addresses(struct remedy_draft *draft, const struct dns_answer *answer,
                                const struct rec_spf_term *term);

/* ---- the domain's own SPF record: remedy_spf.c ---- */

/* the record that the finding is about, in the tree; NULL: none */
const struct auth_spf_node *remedy_spf_node_of(const struct remedy_maker *maker);
/* the term that the finding names; NULL: it names none */
const struct rec_spf_term *remedy_spf_term_of(const struct remedy_maker *maker,
                                              const struct auth_spf_node *node);
/* the record of the node becomes what the draft says */
struct remedy *remedy_offer_draft(struct remedy_maker *maker, const struct auth_spf_node *node,
                                  const struct remedy_draft *draft, const char *summary);
/* the draft of the record without one term */
struct remedy_draft remedy_spf_without(const struct remedy_maker *maker,
                                       const struct auth_spf_node *node,
                                       const struct rec_spf_term *term);
/* the mail hosts of an `mx` are the domain's, which knows when they move; other terms: true */
bool remedy_spf_has_own_hosts(const struct remedy_maker *maker,
                              const struct auth_spf_cost *cost);
/* the client of the message as one more term, if it is the domain's */
void remedy_spf_allow_client(const struct remedy_maker *maker, struct remedy_draft *draft);

/* ---- lists of tags: remedy_tags.c ---- */

struct remedy_tag {
    struct span name;
    struct span value;
};

struct remedy_tags {
    struct arena *arena;
    struct remedy_tag *tags;
    size_t count;
};

struct remedy_tags remedy_tags_of(struct arena *arena, const struct rec_tags *tags);
void remedy_tags_remove(struct remedy_tags *tags, const char *name);
/* in its place, or as the second tag if `is_early`, or at the end */
void remedy_tags_set(struct remedy_tags *tags, const char *name, struct span value,
                     bool is_early);
struct span remedy_tags_text(const struct remedy_tags *tags);

/* ---- the assumed world: remedy_world.c ---- */

struct remedy_world {
    struct arena *arena;
    struct ledger *below;
    struct dns_answer **changed;
    size_t count;
};

/* lay the edits over the world; false if one does not fit what is known */
bool remedy_world_edit(struct remedy_world *world, const struct remedy_edit *edits);

/* the facts of that world; NULL if something it needs is not known */
const struct facts *remedy_world_facts(const struct remedy_world *world,
                                       const struct facts *facts);

/* ---- what is lost: remedy_meaning.c ---- */

/* where what a remedy keeps or loses is noted */
struct remedy_meaning {
    struct arena *arena;
    const struct facts *before;
    struct remedy *remedy;
    struct remedy_effect **effects;
    size_t *count;
    struct table *noted; /* texts of the effects */
};

/* the texts of a record's terms in lower case; NULL record: none */
struct table *remedy_terms_of(struct arena *arena, const struct rec_spf *record);
/* the table has the term, in whatever case */
bool remedy_has_term(struct arena *arena, const struct table *terms, struct span term);

/* a name in its presentation form, whose backslashes are escaped once more: in one text with
 * other octets from outside they have to be distinguished */
const char *remedy_name_text(struct arena *arena, const struct dns_name *name);

/* one thing, once */
void remedy_meaning_note(struct remedy_meaning *meaning, const char *kind, const char *text);

/* one of the edits puts a reading of the broken record in its place */
bool remedy_publishes(const struct remedy *remedy, const struct meant_facts *facts);

/* what the edits take away as text: remedy_meaning_text.c */
void remedy_meaning_texts(struct remedy_meaning *meaning);

/* the world in which broken records say what they were meant to: the same one if none is
 * broken; NULL: it is not known */
const struct facts *remedy_meant_world(struct arena *arena, const struct facts *facts);

/* every record that is put somewhere is well-formed: remedy_meant.c */
bool remedy_is_sound(struct arena *arena, const struct remedy *remedy);

/* what has to be known before a remedy that loses nothing may be taken; NULL: nothing:
 * remedy_guard.c */
const char *remedy_guard(struct arena *arena, const struct facts *facts,
                         const struct remedy *remedy);

/* set kept and lost of a proof that holds, and a condition where something is lost */
void remedy_weigh(struct arena *arena, const struct facts *before, const struct facts *meant,
                  struct remedy *remedy);

/* have the libraries read what a remedy publishes, if they are asked at all; set readings of
 * its proof, and a condition where one reads it otherwise: remedy_read.c */
void remedy_read(struct arena *arena, struct remedy *remedy);

/* what remedies are looked for, and how much may still be spent on proofs */
struct remedy_search {
    struct arena *arena;
    const struct facts *facts;
    const struct finding *findings;
    size_t questions_left;     /* a proof costs as much as the world has questions */
    unsigned depth;            /* looking for what completes another remedy */
    const struct facts *meant; /* remedy_meant_world() of `facts`, once it was needed */
    bool has_meant;
    size_t unproved; /* out: candidates for the last finding that a bound left untried */
};

/* one more proof in the world of the search is within the bounds of this run */
bool remedy_may_prove(struct remedy_search *search);

/* the SPF record is of a size that people write; of another nothing is proposed */
bool remedy_is_reasonable(const struct facts *facts);

/* the remedies of a finding, proved; NULL: none */
const struct remedy *remedy_for(struct remedy_search *search, const struct finding *finding);

/* set finding->remedy of all that have one */
void remedy_find_all(struct remedy_search *search, struct finding *findings);

/* the first choice that nobody has to decide; NULL: none */
const struct remedy *remedy_unconditional(const struct remedy *remedy);

/* ---- lists of edits: remedy_join.c ---- */

/* one more edit: what an earlier one made is not made first and replaced then */
void remedy_join(struct arena *arena, struct remedy_edit **edits,
                 const struct remedy_edit *more);

#endif
