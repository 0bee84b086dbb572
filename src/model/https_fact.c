/* The words of a snapshot and of the report. */
#include "model/https_fact.h"

static const char *const words[] = {
    [HTTPS_PENDING] = "PENDING",
    [HTTPS_UNKNOWN] = "UNKNOWN",
    [HTTPS_UNRESOLVED] = "UNRESOLVED",
    [HTTPS_BUDGET] = "BUDGET",
    [HTTPS_TIMEOUT] = "TIMEOUT",
    [HTTPS_CONNECT] = "CONNECT",
    [HTTPS_REFUSED] = "REFUSED",
    [HTTPS_NO_ADDRESS] = "NO_ADDRESS",
    [HTTPS_TLS] = "TLS",
    [HTTPS_CERTIFICATE] = "CERTIFICATE",
    [HTTPS_MALFORMED] = "MALFORMED",
    [HTTPS_TOO_LARGE] = "TOO_LARGE",
    [HTTPS_REDIRECT] = "REDIRECT",
    [HTTPS_STATUS] = "STATUS",
    [HTTPS_OK] = "OK",
};

const char *https_status_to_text(enum https_status status)
{
    return words[status];
}

bool https_status_parse(struct span text, enum https_status *status_out)
{
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (span_equal_text(text, words[i])) {
            *status_out = (enum https_status)i;
            return true;
        }
    return false;
}

bool https_is_failure(enum https_status status)
{
    return status == HTTPS_UNRESOLVED || status == HTTPS_BUDGET || status == HTTPS_TIMEOUT ||
           status == HTTPS_CONNECT || status == HTTPS_TLS;
}

bool https_is_served_as(const struct https_fact *fact, const char *wanted)
{
    struct span type = span_of(fact->content_type);

    return fact->content_type == NULL ||
           span_equal_nocase(span_trim(span_cut(&type, ';')), wanted);
}
