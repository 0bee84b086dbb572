/* spf: check_host() for one client and one sender. */
#include "app/app_options.h"
#include "app/app_run.h"
#include "app/app_verdict.h"
#include "app/pipeline.h"
#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "base/ip.h"
#include "base/span.h"
#include "model/report.h"

/* cmd_spf_sender_domain - whose SPF: the argument, else that of the sender, else HELO; NULL: it
 * is not a domain name, as an address literal is not, and the result is none (RFC 7208, 4.3) */
static const char *cmd_spf_sender_domain(const struct app *app)
{
    const char *mail_from = app->options.mail_from;
    ptrdiff_t at = span_find_last(span_of(mail_from), '@');
    const char *domain = at >= 0 ? mail_from + at + 1 : app->options.helo;
    struct err unused = {0};

    if (app->line.argument_count > 0)
        return app->line.arguments[0];
    if (domain == NULL || domain[0] == '[' ||
        dns_name_parse(app->arena, span_of(domain), &unused) == NULL)
        return NULL;
    return domain;
}

int cmd_spf(struct app *app)
{
    struct pipeline_request request = {.domain = cmd_spf_sender_domain(app),
                                       .is_verdict_only = true};
    struct app_options *options = &app->options;
    struct err why = {0};

    if (options->ip.family == IP_NONE) {
        err_set_kind(&why, ERR_USAGE, "spf needs the address of the client: --ip ADDR");
        return app_fail(app, &why);
    }
    if (request.domain == NULL && options->helo == NULL &&
        (options->mail_from == NULL || options->mail_from[0] == '\0')) {
        err_set_kind(&why, ERR_USAGE,
                     "spf needs a sender: --mail-from ADDR, --helo NAME or "
                     "DOMAIN");
        return app_fail(app, &why);
    }
    /* a sender without local part is the postmaster: RFC 7208, 4.3 */
    if (options->mail_from == NULL && app->line.argument_count > 0)
        options->mail_from = arena_printf(app->arena, "postmaster@%s", app->line.arguments[0]);
    return app_verdict(app, &request, REPORT_SPF);
}
