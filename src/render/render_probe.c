/* One host after the other: the dialogue, what it offers, its certificates, what to change. */
#include "render/render_probe.h"
#include "base/clock.h"
#include "base/ip.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "model/certificate.h"
#include "model/finding.h"
#include "model/probe_report.h"
#include "model/reply_class.h"
#include "model/smtp_dialogue.h"
#include "model/smtp_probe.h"
#include "render/render_json.h"
#include "render/render_page.h"
#include "render/render_policies.h"
#include "render/render_session.h"

#define COLUMN_TEXT 16

static const char *const dane_words[] = {
    "there are no TLSA records",           "the certificate matches TLSA",
    "the certificate does not match TLSA", "TLSA records that cannot be used for mail",
    "TLSA could not be looked up",         "TLSA records without DNSSEC do not count"};

/* probe_report_result - of all sessions together */
static enum report_result probe_report_result(const struct probe_report *report)
{
    enum report_result all = report->left_out > 0 ? REPORT_UNDETERMINED : REPORT_PASS;

    for (size_t i = 0; i < report->count; i++) {
        enum report_result one = probe_result(report->sessions[i]);

        if (one == REPORT_FAIL)
            return one;
        if (one == REPORT_UNDETERMINED && probe_counts(report->sessions[i]))
            all = one;
    }
    return all;
}

/* probe_field - "before TLS    PIPELINING, ..." */
static void probe_field(struct page *page, const char *label, const char *text)
{
    page_field(page, COLUMN_TEXT, label, text[0] != '\0' ? text : "nothing");
}

/* certificate_fields - one of the chain */
static void certificate_fields(struct page *page, const struct smtp_certificate *one)
{
    probe_field(page, "certificate",
                arena_printf(page->arena, "%s, %s, by %s (%s)", one->subject, one->key,
                             one->issuer, one->signature));
    if (one->names[0] != '\0')
        probe_field(page, "for", one->names);
    probe_field(page, "valid",
                arena_printf(page->arena, "%s to %s", one->not_before, one->not_after));
}

/* probe_versions - "TLSv1.2, TLSv1.3": all that are spoken */
static const char *probe_versions(struct arena *arena, const struct smtp_session *session)
{
    struct sbuf text = sbuf_start(arena);

    for (int i = SMTP_TLS_1_0; i < SMTP_TLS_VERSIONS; i++)
        if (session->speaks[i])
            sbuf_add_item(&text, ", ", smtp_tls_version_to_text((enum smtp_tls_version)i));
    return sbuf_text(&text);
}

/* tls_fields - protocol, chain and what it is worth */
static void tls_fields(struct page *page, const struct smtp_session *session)
{
    const struct smtp_tls_facts *tls = session->tls;

    probe_field(page, "TLS", arena_printf(page->arena, "%s, %s", tls->version, tls->cipher));
    if (session->has_versions)
        probe_field(page, "versions", probe_versions(page->arena, session));
    for (size_t i = 0; i < tls->chain_count; i++)
        certificate_fields(page, &tls->chain[i]);
    probe_field(page, "trust",
                tls->trust == TRUST_FINE ? "the chain leads to a trusted root"
                                         : tls->trust_text);
    probe_field(page, "name",
                arena_printf(page->arena, "%s %s",
                             tls->is_for_name ? "it is for" : "it is not for",
                             session->probe->host));
    probe_field(page, "DANE", dane_words[tls->dane]);
}

/* what_to_change - each diagnosis with its hint */
static void what_to_change(struct page *page, const struct smtp_session *session)
{
    for (const struct smtp_diagnosed *one = session->diagnosed; one != NULL; one = one->next) {
        page_cell(page, 2, page_severity_style(one->row->severity),
                  one->row->is_undetermined ? "undetermined"
                                            : severity_to_text(one->row->severity));
        page_cell(page, COLUMN_TEXT, PAGE_STRONG, smtp_diagnosis_id(page->arena, one->row));
        page_end(page);
        page_linef(page, COLUMN_TEXT, PAGE_PLAIN, "%s%s%s", one->row->text,
                   one->detail[0] != '\0' ? ": " : "", one->detail);
        page_linef(page, COLUMN_TEXT, PAGE_PLAIN, "-> %s", one->hint);
    }
    page_end(page);
}

/* one_host - everything about one session */
static void one_host(struct page *page, const struct smtp_session *session, bool is_quiet)
{
    enum report_result result = probe_result(session);

    page_put(page, page_result_style(result), report_result_to_text(result));
    page_put(page, PAGE_PLAIN, "  ");
    page_put(page, PAGE_STRONG, probe_where_text(page->arena, session->probe));
    page_end(page);
    page_end(page);
    if (is_quiet)
        return;
    if (session->probe->has_preference)
        probe_field(page, "MX",
                    arena_printf(page->arena,
                                 "preference %u: hosts with a lower value are tried first",
                                 session->probe->preference));
    render_session_steps(page, session->steps);
    if (session->before != NULL)
        probe_field(page, "in clear", session->before->list);
    if (session->after != NULL)
        probe_field(page, "under TLS", session->after->list);
    if (session->before != NULL && session->before->mechanisms != NULL)
        probe_field(page, "AUTH in clear", session->before->mechanisms);
    if (session->tls != NULL)
        tls_fields(page, session);
    page_end(page);
    what_to_change(page, session);
}

void render_probe_text(const struct probe_report *report, const struct report_options *options,
                       struct sbuf *out)
{
    struct page page = page_open(options, out);

    for (size_t i = 0; i < report->count; i++)
        one_host(&page, report->sessions[i], options->is_quiet);
    if (report->left_out > 0)
        page_wrapf(&page, PAGE_DOUBT,
                   "%zu further addresses were not connected to: the limit is %d",
                   report->left_out, LIMIT_PROBE_TARGETS);
    if (report->judged != NULL)
        render_text_receivers(&page, report->judged);
}

/* ---- JSON ---- */

/* certificates_json - the chain */
static json_t *certificates_json(struct arena *arena, const struct smtp_tls_facts *tls)
{
    json_t *array = json_array();

    for (size_t i = 0; i < tls->chain_count; i++) {
        const struct smtp_certificate *one = &tls->chain[i];

        json_array_append_new(array,
                              json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "subject",
                                        render_json_text(arena, one->subject), "issuer",
                                        render_json_text(arena, one->issuer), "names",
                                        render_json_text(arena, one->names), "key",
                                        render_json_text(arena, one->key), "not_before",
                                        render_json_text(arena, one->not_before), "not_after",
                                        render_json_text(arena, one->not_after), "signature",
                                        render_json_text(arena, one->signature)));
    }
    return array;
}

/* versions_json - those that are spoken; null where they were not asked for one by one */
static json_t *versions_json(const struct smtp_session *session)
{
    json_t *array = session->has_versions ? json_array() : json_null();

    for (int i = SMTP_TLS_1_0; i < SMTP_TLS_VERSIONS; i++)
        if (session->speaks[i])
            json_array_append_new(
                array, json_string(smtp_tls_version_to_text((enum smtp_tls_version)i)));
    return array;
}

/* tls_json - null without TLS */
static json_t *tls_json(struct arena *arena, const struct smtp_session *session)
{
    const struct smtp_tls_facts *tls = session->tls;
    static const char *const dane[] = {"none",     "match",   "mismatch",
                                       "unusable", "unknown", "insecure"};

    if (tls == NULL)
        return json_null();
    return json_pack(
        "{s:o, s:o, s:o, s:b, s:o, s:b, s:s, s:o}", "version",
        render_json_text(arena, tls->version), "cipher", render_json_text(arena, tls->cipher),
        "chain", certificates_json(arena, tls), "trusted", tls->trust == TRUST_FINE, "trust",
        render_json_text(arena, tls->trust_text), "for_name", tls->is_for_name, "dane",
        dane[tls->dane], "versions", versions_json(session));
}

/* diagnosed_json - what is wrong, with what to change */
static json_t *diagnosed_json(struct arena *arena, const struct smtp_session *session)
{
    json_t *array = json_array();

    for (const struct smtp_diagnosed *one = session->diagnosed; one != NULL; one = one->next) {
        const struct reply_class *meaning = one->meaning;

        json_array_append_new(
            array, json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:s?}", "id",
                             smtp_diagnosis_id(arena, one->row), "severity",
                             severity_to_text(one->row->severity), "status",
                             one->row->is_undetermined ? "undetermined" : "fires", "step",
                             smtp_dialogue_probe(one->state)->step, "text", one->row->text,
                             "detail", render_json_text(arena, one->detail), "hint",
                             render_json_text(arena, one->hint), "cause",
                             meaning != NULL ? meaning->cause->id : NULL));
    }
    return array;
}

/* host_json - one session */
static json_t *host_json(struct arena *arena, const struct smtp_session *session)
{
    static const struct smtp_ehlo none = {0};
    const struct smtp_ehlo *before = session->before != NULL ? session->before : &none;
    const struct smtp_ehlo *after = session->after != NULL ? session->after : &none;
    const struct smtp_probe *probe = session->probe;
    bool has_address = probe->address.family != IP_NONE;

    return json_pack(
        "{s:o, s:s?, s:I, s:s, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "host",
        render_json_text(arena, probe->host), "address",
        has_address ? ip_to_text(arena, &probe->address) : NULL, "port",
        (json_int_t)probe->port, "result", report_result_to_text(probe_result(session)),
        "connected", session->is_connected, "smtp", render_json_session(arena, session->steps),
        "capabilities", render_json_text(arena, before->list), "capabilities_tls",
        render_json_text(arena, after->list), "auth_in_clear",
        render_json_text(arena, before->mechanisms), "auth_tls",
        render_json_text(arena, after->mechanisms), "tls", tls_json(arena, session),
        "diagnoses", diagnosed_json(arena, session), "preference",
        probe->has_preference ? json_integer((json_int_t)probe->preference) : json_null(),
        "alias_of", render_json_text(arena, probe->alias_of));
}

json_t *render_probe_document(const struct probe_report *report,
                              const struct report_options *options, struct arena *arena)
{
    json_t *hosts = json_array();

    (void)options;
    for (size_t i = 0; i < report->count; i++)
        json_array_append_new(hosts, host_json(arena, report->sessions[i]));
    return json_pack("{s:i, s:o, s:s, s:o, s:s, s:I, s:o, s:o}", "schema", REPORT_SCHEMA,
                     "tool", render_json_tool(), "time", clock_to_text(arena, report->now),
                     "domain", render_json_text(arena, report->domain), "result",
                     report_result_to_text(probe_report_result(report)), "left_out",
                     (json_int_t)report->left_out, "hosts", hosts, "receivers",
                     report->judged != NULL ? render_json_receivers(arena, report->judged)
                                            : json_array());
}

void render_probe_jsonl(const struct probe_report *report, const struct report_options *options,
                        struct sbuf *out)
{
    (void)options;
    for (size_t i = 0; i < report->count; i++) {
        json_t *line = json_pack("{s:i, s:o, s:o, s:o}", "schema", REPORT_SCHEMA, "tool",
                                 render_json_tool(), "time",
                                 json_string(clock_to_text(out->arena, report->now)), "domain",
                                 render_json_text(out->arena, report->domain));
        json_t *host = host_json(out->arena, report->sessions[i]);

        json_object_update(line, host);
        json_decref(host);
        render_json_write_line(line, out);
    }
}
