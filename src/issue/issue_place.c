/* Paths as services for CI want them; what has no place is shown where its subject is. */
#include "issue/issue_place.h"

#include <string.h>
#include <unistd.h>

#include "base/dns_name.h"
#include "base/file.h"
#include "base/span.h"
#include "ledger/ledger.h"
#include "model/dns_answer.h"

/* repository_top - the folder with .git that a file is below; NULL */
static const char *repository_top(struct arena *arena, const char *real)
{
    const char *folder = file_folder_of(arena, real);

    while (strcmp(folder, "/") != 0) {
        if (access(arena_printf(arena, "%s/.git", folder), F_OK) == 0)
            return folder;
        folder = file_folder_of(arena, folder);
    }
    return NULL;
}

const char *issue_path(struct arena *arena, const char *path)
{
    const char *real = path != NULL ? file_real_path(arena, path) : NULL;
    const char *folder = NULL;
    const char *rest = NULL;

    if (real != NULL)
        folder = repository_top(arena, real);
    if (folder == NULL)
        folder = file_real_path(arena, ".");
    if (real != NULL && folder != NULL)
        rest = file_below(real, folder);
    if (rest != NULL)
        return arena_strdup(arena, rest);
    while (path != NULL && path[0] == '/') /* services take no absolute one */
        path++;
    return path;
}

struct report_issue_place issue_zone_place(struct arena *arena, const struct facts *facts)
{
    struct report_issue_place place = {0};

    for (size_t i = 0; i < ledger_count(facts->ledger); i++) {
        const struct dns_answer *answer = ledger_get(facts->ledger, i);

        for (const struct dns_rr *rr = answer->records; rr != NULL; rr = rr->next) {
            if (rr->file == NULL || facts->domain.name == NULL ||
                !dns_name_is_below(facts->domain.name, rr->owner))
                continue;
            if (place.file == NULL || rr->type == DNS_SOA)
                place = (struct report_issue_place){arena_strdup(arena, rr->file), rr->line, 0};
            if (rr->type == DNS_SOA)
                return place;
        }
    }
    return place;
}

void issue_set_places(struct report_issues *issues, struct report_issue_subject *subject)
{
    subject->at.file = issue_path(issues->arena, subject->at.file);
    for (struct report_issue *one = subject->issues; one != NULL; one = one->next) {
        one->at.file = issue_path(issues->arena, one->at.file);
        one->really.file = issue_path(issues->arena, one->really.file);
        if (one->at.file == NULL)
            one->at = subject->at;
        for (struct report_issue_edit *edit = one->edits; edit != NULL; edit = edit->next)
            edit->file = issue_path(issues->arena, edit->file);
    }
}
