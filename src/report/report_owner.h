/*
 * NAME
 *     report_owner - who has to act on a finding
 * DESCRIPTION
 *     Most findings are for the domain to act on, in DNS or where its mail is sent. Here is
 *     who else it may be: the provider of a key, the owner of a name that an alias leads to,
 *     whoever changed a message behind its signer.
 * OWNERSHIP
 *     In the arena, or static.
 * ERRORS
 *     NULL: it is the domain's own, as far as anybody knows.
 */
#ifndef REPORT_OWNER_H
#define REPORT_OWNER_H

#include "report/report.h"

#define REPORT_YOU_IN_DNS    "you, in DNS"
#define REPORT_YOU_AT_SENDER "you, at the sending host"

/* whose key it is: an alias leads there, or the selector is known as theirs; NULL */
const char *report_key_provider(const struct report *report, const struct finding *finding);

const char *report_owner(struct arena *arena, const struct report *report,
                         const struct finding *finding);

#endif
