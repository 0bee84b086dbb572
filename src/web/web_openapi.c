/* The programming interface, for programs that read such descriptions (OpenAPI 3.1). */
#include "base/arena.h"
#include "web/web_http.h"

#define TEXT(name) "\"" name "\":{\"type\":\"string\"}"
#define POST(path, summary, fields, required)                                                 \
    "\"" path "\":{\"post\":{\"summary\":\"" summary "\",\"requestBody\":{\"required\":true," \
    "\"content\":{\"application/"                                                             \
    "json\":{\"schema\":{\"type\":\"object\",\"properties\":{" fields                         \
    "},\"required\":[\"" required "\"]}},\"multipart/form-data\":{\"schema\":{\"type\":"      \
    "\"object\",\"properties\":{" fields "},\"required\":[\"" required "\"]}}}},"             \
    "\"responses\":{\"200\":{\"description\":\"the report, as --format json writes it\","     \
    "\"content\":{\"application/json\":{}}},\"400\":{\"description\":\"the input cannot be "  \
    "judged; error says why\"},\"413\":{\"description\":\"more than 25 MB\"},\"503\":{"       \
    "\"description\":\"too many at once; Retry-After says when\"}}}}"

#define OF_CHECK                                                                        \
    TEXT("domain")                                                                      \
    "," TEXT("message") "," TEXT("ip") "," TEXT("helo") "," TEXT("mail_from") "," TEXT( \
        "rcpt") "," TEXT("selector") "," TEXT("policy") "," TEXT("now")
#define OF_GATE TEXT("new") "," TEXT("old") "," TEXT("now")

/* the secret is a part of the address of all paths */
static const char description[] =
    "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"mailassay\",\"version\":\"1\"},"
    "\"servers\":[{\"url\":\"/%s\"}],\"paths\":{" POST(
        "/api/check", "audit a domain, with a message also evaluate it", OF_CHECK,
        "domain") "," POST("/api/explain", "explain a rejection", TEXT("message"),
                           "message") "," POST("/api/gate", "what a change of DNS breaks",
                                               OF_GATE, "new") "}}\n";

const char *web_openapi(struct arena *arena, const char *token)
{
    return arena_printf(arena, description, token);
}
