/*
 * NAME
 *     rec_der - elements of DER, one after the other
 * DESCRIPTION
 *     As much as the keys of DKIM need: OpenSSL's own decoder costs six verifications.
 * OWNERSHIP
 *     Spans look into the octets.
 * ERRORS
 *     False: no such element, or not all of it, is there; the rest stays as it is.
 * STANDARDS
 *     X.690, 8.1
 */
#ifndef REC_DER_H
#define REC_DER_H

#include "base/span.h"

#define DER_INTEGER    0x02 /* X.690, 8.3 */
#define DER_BIT_STRING 0x03 /* X.690, 8.6 */
#define DER_SEQUENCE   0x30 /* X.690, 8.9 */

/* cut the element off that begins with the tag */
bool rec_der_take(struct span *rest, uint8_t tag, struct span *contents_out);

#endif
