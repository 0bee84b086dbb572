/* A logo from a web server. */
#include "base/must.h"
#include "record/rec_svg.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    struct rec_svg svg;
    size_t count = 0;

    rec_svg_parse(arena, bytes, &svg);
    for (const struct fault *fault = svg.faults; fault != NULL; fault = fault->next) {
        must(fault->text != NULL);
        count++;
    }
    must(count == svg.fault_count);
    must(count > 0 || svg.title != NULL);
}
