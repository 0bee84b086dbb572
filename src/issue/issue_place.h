/*
 * NAME
 *     issue_place - where CI shows an issue
 * DESCRIPTION
 *     Private to issue/. Services take paths from the top of the repository. What has no place
 *     is shown where the zone file of the domain begins. A proved remedy becomes lines of
 *     files.
 * OWNERSHIP
 *     In the arena of the list.
 * ERRORS
 *     None: a file that cannot be read again has no lines, and its issues keep their places.
 */
#ifndef ISSUE_PLACE_H
#define ISSUE_PLACE_H

#include "base/arena.h"
#include "model/facts.h"
#include "model/issue.h"
#include "model/remedy.h"

/* the path from the top of the repository that holds the file (where .git is), else from the
 * current folder; as given if it is in neither */
const char *issue_path(struct arena *arena, const char *path);

/* where the zone file of the domain begins; file NULL: no such file */
struct report_issue_place issue_zone_place(struct arena *arena, const struct facts *facts);

/* paths of all issues of the subject; what has no place gets that of the subject */
void issue_set_places(struct report_issues *issues, struct report_issue_subject *subject);

/* issue_edit.c: the lines that the remedy replaces, if all its edits are lines of zone files */
void issue_add_edits(struct report_issues *issues, struct report_issue *issue,
                     const struct remedy *remedy, const char *zone_file);

#endif
