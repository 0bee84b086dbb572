/*
 * NAME
 *     report_owner - who has to act on a finding
 * DESCRIPTION
 *     Private to report/. Most findings are for the domain to act on, in DNS or where its
 *     mail is sent. Others are for the provider of a key, the owner of the target of an
 *     alias, or the operator of a host that changed the message after it was signed.
 * OWNERSHIP
 *     In the arena, or static.
 * ERRORS
 *     NULL: the domain itself, as far as is known.
 */
#ifndef REPORT_OWNER_H
#define REPORT_OWNER_H

#include "base/arena.h"
#include "model/finding.h"
#include "model/report.h"

#define REPORT_YOU_IN_DNS    "you, in DNS"
#define REPORT_YOU_AT_SENDER "you, at the sending host"

/* whose key it is: an alias leads there, or the selector is known as theirs; NULL */
const char *report_key_provider(const struct report *report, const struct finding *finding);

const char *report_owner(struct arena *arena, const struct report *report,
                         const struct finding *finding);

#endif
