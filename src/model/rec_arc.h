/*
 * NAME
 *     rec_arc - the status that an ARC seal gives to the chain before it
 * DESCRIPTION
 *     Read by record/rec_arc.h; a seal is a signature with fields of its own.
 * OWNERSHIP
 *     Static.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 8617, 4.1.3
 */
#ifndef MODEL_REC_ARC_H
#define MODEL_REC_ARC_H

/* chain-status of RFC 8617, 3.9 */
enum rec_arc_cv { REC_ARC_CV_NONE, REC_ARC_CV_PASS, REC_ARC_CV_FAIL, REC_ARC_CV_UNKNOWN };

const char *rec_arc_cv_to_text(enum rec_arc_cv cv); /* "unknown" for UNKNOWN */

#endif
