/* What a session comes to. */
#include "model/probe_report.h"

#include <string.h>

#include "base/arena.h"
#include "base/ip.h"
#include "model/finding.h"
#include "model/smtp_dialogue.h"

const struct smtp_diagnosis_row *probe_worst(const struct smtp_session *session)
{
    const struct smtp_diagnosis_row *worst = NULL;

    for (const struct smtp_diagnosed *one = session->diagnosed; one != NULL; one = one->next)
        if (!one->row->is_undetermined && one->row->severity == SEV_ERROR)
            return one->row;
        else if (one->row->is_undetermined && worst == NULL)
            worst = one->row;
    return worst;
}

enum report_result probe_result(const struct smtp_session *session)
{
    const struct smtp_diagnosis_row *worst = probe_worst(session);

    if (worst == NULL)
        return REPORT_PASS;
    return worst->is_undetermined ? REPORT_UNDETERMINED : REPORT_FAIL;
}

bool probe_counts(const struct smtp_session *session)
{
    return probe_worst(session) != smtp_diagnosis_get(DIAGNOSIS_NO_ROUTE);
}

const char *probe_where_text(struct arena *arena, const struct smtp_probe *probe)
{
    const struct smtp_port *port = smtp_port_find(probe->port);
    bool has_address = probe->address.family != IP_NONE;
    const char *address = has_address ? ip_to_text(arena, &probe->address) : "";
    /* a host that is given by its address is reported once */
    bool is_shown = has_address && strcmp(address, probe->host) != 0;

    return arena_printf(arena, "%s%s%s%s port %u%s%s%s", probe->host, is_shown ? " [" : "",
                        is_shown ? address : "", is_shown ? "]" : "", probe->port,
                        port != NULL ? " (" : "", port != NULL ? port->name : "",
                        port != NULL ? ")" : "");
}
