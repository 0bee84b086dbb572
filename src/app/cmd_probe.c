/* probe: connect to a server, or to the mail hosts of a domain. "smtp --live" is the same. */
#include "app/app_live.h"
#include "app/app_run.h"
#include "base/ip.h"
#include "base/span.h"

/* names_host - an address, or a name with a port; else it is a domain, whose MX leads on */
static bool names_host(const char *target)
{
    struct ip_address unused;

    return span_find(span_of(target), ':') >= 0 || ip_parse(span_of(target), &unused);
}

int cmd_probe(struct app *app)
{
    app->options.live.target = app->line.arguments[0];
    if (names_host(app->options.live.target))
        app->line.argument_count = 0;
    else
        app->options.live.target = "mx";
    return app_live(app);
}
