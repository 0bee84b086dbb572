/*
 * NAME
 *     smtp_mark - the certificate that proves the right to a logo
 * DESCRIPTION
 *     Reads certificates in PEM form, as BIMI's a= names them: the mark certificate
 *     first, then those that issued it.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     NULL: the text has no certificate.
 * STANDARDS
 *     RFC 7468; RFC 5280; the extended key usage of draft-fetch-validation-vmc-wchuang
 * BUGS
 *     The chain is not followed to a root: issuers of mark certificates are not among the
 *     system's roots. The logo in the certificate is not compared with l=.
 */
#ifndef SMTP_MARK_H
#define SMTP_MARK_H

#include "base/arena.h"
#include "base/span.h"
#include "model/certificate.h"

const struct smtp_mark *smtp_mark_read(struct arena *arena, struct span pem);

#endif
