/* A line of what scan reads: whatever it holds, there is a domain or a fault. */
#include "app/app_subject.h"
#include "base/must.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    struct app_options options = {.arena = arena};
    struct app_subject subject;

    app_subject_parse(&options, bytes, &subject);
    must(subject.domain != NULL || subject.fault_count > 0);
    for (size_t i = 0; i < subject.fault_count; i++) {
        must(subject.faults[i].text != NULL && subject.faults[i].text[0] != '\0');
        must(subject.faults[i].column >= 1);
    }
}
