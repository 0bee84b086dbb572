/* Text with holes; zlib packs. */
#include "feedback_maker.h"

#include <zlib.h>

#include "base/must.h"

#define GZIP_WINDOW (MAX_WBITS + 16)

/* add_results - "domain:selector:result" or "domain:result" */
static void add_results(struct sbuf *out, struct span value, bool is_dkim)
{
    struct span domain = span_cut(&value, ':');
    struct span selector = is_dkim ? span_cut(&value, ':') : (struct span){NULL, 0};
    const char *what = is_dkim ? "dkim" : "spf";

    sbuf_addf(out, "<%s><domain>%.*s</domain>", what, SPAN_ARG(domain));
    if (selector.len > 0)
        sbuf_addf(out, "<selector>%.*s</selector>", SPAN_ARG(selector));
    sbuf_addf(out, "<result>%.*s</result></%s>", SPAN_ARG(value), what);
}

const char *maker_record(struct arena *arena, const char *text)
{
    struct span rest = span_of(text);
    struct sbuf out = sbuf_start(arena);
    struct sbuf evaluated = sbuf_start(arena);
    struct sbuf identifiers = sbuf_start(arena);
    struct sbuf results = sbuf_start(arena);
    struct span ip = span_cut(&rest, ' ');
    struct span count = span_cut(&rest, ' ');
    struct span disposition = span_cut(&rest, ' ');

    sbuf_addf(&evaluated, "<disposition>%.*s</disposition>", SPAN_ARG(disposition));
    while (rest.len > 0) {
        struct span value = span_cut(&rest, ' ');
        struct span key = span_cut(&value, '=');

        if (span_equal_text(key, "from"))
            sbuf_addf(&identifiers, "<header_from>%.*s</header_from>", SPAN_ARG(value));
        else if (span_equal_text(key, "envelope"))
            sbuf_addf(&identifiers, "<envelope_from>%.*s</envelope_from>", SPAN_ARG(value));
        else if (span_equal_text(key, "d"))
            add_results(&results, value, true);
        else if (span_equal_text(key, "s"))
            add_results(&results, value, false);
        else if (span_equal_text(key, "reason"))
            sbuf_addf(&evaluated, "<reason><type>%.*s</type></reason>", SPAN_ARG(value));
        else if (span_equal_text(key, "comment"))
            sbuf_addf(&evaluated,
                      "<reason><type>local_policy</type><comment>%.*s</comment></reason>",
                      SPAN_ARG(value));
        else
            sbuf_addf(&evaluated, "<%.*s>%.*s</%.*s>", SPAN_ARG(key), SPAN_ARG(value),
                      SPAN_ARG(key));
    }
    sbuf_addf(&out,
              "<record><row><source_ip>%.*s</source_ip><count>%.*s</count>\n"
              "<policy_evaluated>%s</policy_evaluated></row>\n"
              "<identifiers>%s</identifiers><auth_results>%s</auth_results></record>\n",
              SPAN_ARG(ip), SPAN_ARG(count), sbuf_text(&evaluated), sbuf_text(&identifiers),
              sbuf_text(&results));
    return sbuf_text(&out);
}

/* or_else - the text, or what stands for it */
static const char *or_else(const char *text, const char *other)
{
    return text != NULL ? text : other;
}

const char *maker_report(struct arena *arena, const struct maker_report *report)
{
    struct sbuf out = sbuf_start(arena);

    sbuf_add(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feedback");
    if (report->space != NULL)
        sbuf_addf(&out, " xmlns=\"%s\"", report->space);
    sbuf_addf(&out,
              ">\n<report_metadata><org_name>%s</org_name>"
              "<email>reports@receiver.example</email><report_id>%s</report_id>\n"
              "<date_range><begin>%s</begin><end>%s</end></date_range></report_metadata>\n",
              or_else(report->reporter, "receiver.example"), or_else(report->id, "1"),
              or_else(report->begin, "1793491200"), or_else(report->end, "1793577599"));
    sbuf_addf(&out,
              "<policy_published><domain>%s</domain>%s</policy_published>\n%s</feedback>\n",
              or_else(report->domain, "example.com"), or_else(report->published, "<p>none</p>"),
              or_else(report->records, ""));
    return sbuf_text(&out);
}

/* deflate_all - in one go */
static struct span deflate_all(struct arena *arena, struct span bytes, int window)
{
    z_stream stream = {.next_in = (Bytef *)bytes.at, .avail_in = (uInt)bytes.len};
    size_t room = bytes.len + bytes.len / 10 + 100;
    char *out = arena_alloc(arena, room);

    must(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) ==
         Z_OK);
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)room;
    must(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    deflateEnd(&stream);
    return span_make(out, room - stream.avail_out);
}

struct span maker_gzip(struct arena *arena, struct span bytes)
{
    return deflate_all(arena, bytes, GZIP_WINDOW);
}

/* add_number - little-endian */
static void add_number(struct sbuf *out, uint64_t number, unsigned octets)
{
    for (unsigned i = 0; i < octets; i++)
        sbuf_add_octet(out, (char)(number >> (8 * i)));
}

/* add_about - what local header and directory have in common */
static void add_about(struct sbuf *out, struct span packed, struct span bytes, const char *name)
{
    uLong sum = crc32(0, (const Bytef *)bytes.at, (uInt)bytes.len);

    add_number(out, 20, 2); /* version */
    add_number(out, 0, 2);  /* flags */
    add_number(out, 8, 2);  /* deflated */
    add_number(out, 0, 4);  /* time */
    add_number(out, sum, 4);
    add_number(out, packed.len, 4);
    add_number(out, bytes.len, 4);
    add_number(out, strlen(name), 2);
    add_number(out, 0, 2); /* extra */
}

/* add_entry - of the directory */
static void add_entry(struct sbuf *out, struct span packed, struct span bytes, const char *name)
{
    add_number(out, 0x02014b50, 4);
    add_number(out, 20, 2); /* made by */
    add_about(out, packed, bytes, name);
    add_number(out, 0, 6); /* comment, disk, attributes */
    add_number(out, 0, 4); /* attributes */
    add_number(out, 0, 4); /* where the local header is */
    sbuf_add(out, name);
}

/* add_archive - a member, and a directory that names it so many times */
static struct span add_archive(struct arena *arena, const char *name, struct span bytes,
                               unsigned times)
{
    struct span packed = deflate_all(arena, bytes, -MAX_WBITS);
    struct sbuf out = sbuf_start(arena);
    size_t directory = 0;
    size_t end = 0;

    add_number(&out, 0x04034b50, 4);
    add_about(&out, packed, bytes, name);
    sbuf_add(&out, name);
    sbuf_add_span(&out, packed);
    directory = out.len;
    for (unsigned i = 0; i < times; i++)
        add_entry(&out, packed, bytes, name);
    end = out.len;
    add_number(&out, 0x06054b50, 4);
    add_number(&out, 0, 4); /* disks */
    add_number(&out, times, 2);
    add_number(&out, times, 2);
    add_number(&out, end - directory, 4);
    add_number(&out, directory, 4);
    add_number(&out, 0, 2); /* comment */
    return sbuf_span(&out);
}

struct span maker_zip(struct arena *arena, const char *name, struct span bytes)
{
    return add_archive(arena, name, bytes, 1);
}

struct span maker_zip_times(struct arena *arena, struct span bytes, unsigned times)
{
    return add_archive(arena, "a.xml", bytes, times);
}

const char *maker_base64(struct arena *arena, struct span bytes)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct sbuf out = sbuf_start(arena);

    for (size_t i = 0; i < bytes.len; i += 3) {
        uint32_t bits = 0;

        for (size_t k = 0; k < 3; k++)
            bits = bits << 8 | (i + k < bytes.len ? (unsigned char)bytes.at[i + k] : 0u);
        for (size_t k = 0; k < 4; k++)
            sbuf_add_octet(&out, i + k > bytes.len ? '=' : letters[bits >> (18 - 6 * k) & 63]);
        if (i % 57 == 54)
            sbuf_add(&out, "\n");
    }
    return sbuf_text(&out);
}
