/*
 * NAME
 *     rec_dmarc - a DMARC record
 * DESCRIPTION
 *     Filled in by record/rec_dmarc.h, which says what the faults mean.
 * OWNERSHIP
 *     In the arena; spans look into the text.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 9989, 4.7 and 4.8; RFC 7489, 6.3
 */
#ifndef MODEL_REC_DMARC_H
#define MODEL_REC_DMARC_H

#include "base/dns_name.h"
#include "base/fault.h"
#include "base/span.h"
#include "model/rec_tags.h"

enum rec_dmarc_fault {
    REC_DMARC_FAULT_VERSION = REC_TAG_FAULT_KINDS, /* v= not first, or not exactly DMARC1 */
    REC_DMARC_FAULT_POLICY,                        /* p= sp= np= with an unknown word */
    REC_DMARC_FAULT_NO_POLICY,                     /* p= absent */
    REC_DMARC_FAULT_VALUE, /* adkim aspf t psd fo with an unknown word */
    /* rua= ruf= entry that is not a mailto: URI, or has "!size" syntax wrong */
    REC_DMARC_FAULT_URI,
    REC_DMARC_FAULT_REMOVED, /* pct, rf, ri: RFC 9989 removed them */
    REC_DMARC_FAULT_UNKNOWN, /* unknown tag, ignored; says which one was probably meant */
    REC_DMARC_FAULT_TAGS     /* the tag list itself is malformed */
};

enum rec_dmarc_policy { REC_DMARC_NONE, REC_DMARC_QUARANTINE, REC_DMARC_REJECT };
enum rec_dmarc_psd { REC_DMARC_PSD_U, REC_DMARC_PSD_Y, REC_DMARC_PSD_N };

struct rec_dmarc_uri {
    struct span text; /* as written, trimmed */
    /* of the mailto address; NULL if malformed or not mailto */
    const struct dns_name *domain;
    bool is_valid; /* a URI by its syntax, of whatever scheme */
    size_t at;
    struct rec_dmarc_uri *next;
};

struct rec_dmarc {
    struct rec_tags tags;
    bool is_record;                                 /* begins with a valid v=DMARC1 */
    bool has_policy, has_sub_policy, has_np_policy; /* written and valid */
    enum rec_dmarc_policy policy;                   /* p */
    enum rec_dmarc_policy sub_policy;               /* sp, default p */
    enum rec_dmarc_policy np_policy;                /* np, default sp, then p */
    bool adkim_strict, aspf_strict;
    bool is_testing; /* t=y */
    enum rec_dmarc_psd psd;
    bool has_percent;
    unsigned percent; /* pct of RFC 7489, default 100 */
    struct rec_dmarc_uri *rua;
    struct rec_dmarc_uri *ruf;
    struct fault *faults;
    /* p, sp or np is absent or unusable, and a valid rua makes it p=none: RFC 9989, 4.10.1 */
    bool is_replaced_by_none;
    bool is_fatal; /* not usable as a policy, though is_record */
    /* the same for a reader of RFC 7489, 6.6.3, who knows no np */
    bool rfc7489_is_fatal;
    enum rec_dmarc_policy rfc7489_policy;
    enum rec_dmarc_policy rfc7489_sub_policy;
};

/* the text begins as a record does: v=DMARC1 */
bool rec_dmarc_is_record(struct span text);
const char *rec_dmarc_policy_to_text(enum rec_dmarc_policy policy);

/* the words of policies, in the order of the enum; ends in NULL */
extern const char *const rec_dmarc_policies[];

#endif
