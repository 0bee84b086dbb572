/*
 * Every maker feeds labels into a `maker`, which checks the limits, folds case
 * and writes escapes; so all of them agree on one text for one name. Only text with octets
 * above 127 goes through libidn2.
 */
#include <string.h>

#include "base/dns_name.h"
#include "base/escape.h"
#include "base/ip.h"
#include "base/limits.h"

#define ESCAPE_OCTETS 4 /* "\032" */

struct maker {
    char text[DNS_NAME_MAX * ESCAPE_OCTETS + 1];
    size_t len;    /* of text */
    size_t octets; /* of the name without escapes, dots included */
    unsigned labels;
    const char *fault; /* the first one; NULL */
};

/* what of a name is written with a backslash: as ldns and most servers do */
enum octet_form { FORM_PLAIN, FORM_QUOTED, FORM_NUMBER };

static const char fault_empty_label[] = "it has an empty label (two dots, or one in front)";
static const char fault_long_label[] = "a label is longer than 63 octets";
static const char fault_long_name[] = "it is longer than 253 octets";

/* name_start - a maker without any label */
static void name_start(struct maker *maker)
{
    maker->len = 0;
    maker->octets = 0;
    maker->labels = 0;
    maker->fault = NULL;
}

/* name_form_of - how an octet is written */
static enum octet_form name_form_of(uint8_t octet)
{
    if (ascii_is_alnum((char)octet))
        return FORM_PLAIN;
    if (octet <= ' ' || octet > '~')
        return FORM_NUMBER;
    if (octet == '.' || octet == ';' || octet == '(' || octet == ')' || octet == '\\')
        return FORM_QUOTED;
    return FORM_PLAIN;
}

/* add_escaped - an octet that cannot stand for itself */
static void add_escaped(struct maker *maker, uint8_t octet, enum octet_form form)
{
    maker->text[maker->len++] = '\\';
    if (form == FORM_QUOTED) {
        maker->text[maker->len++] = (char)octet;
        return;
    }
    maker->text[maker->len++] = (char)('0' + octet / 100);
    maker->text[maker->len++] = (char)('0' + octet / 10 % 10);
    maker->text[maker->len++] = (char)('0' + octet % 10);
}

/* add_label - one more label; nothing after a fault */
static void add_label(struct maker *maker, struct span label)
{
    size_t room = DNS_NAME_MAX - maker->octets;

    if (maker->fault != NULL)
        return;
    if (maker->labels > 0 && room > 0) {
        maker->text[maker->len++] = '.';
        maker->octets++;
        room--;
    }
    if (label.len == 0)
        maker->fault = fault_empty_label;
    else if (label.len > DNS_LABEL_MAX && room >= DNS_LABEL_MAX)
        maker->fault = fault_long_label;
    else if (label.len > room)
        maker->fault = fault_long_name;
    if (maker->fault != NULL)
        return;
    for (size_t i = 0; i < label.len; i++) {
        enum octet_form form = name_form_of((uint8_t)label.at[i]);

        if (form == FORM_PLAIN)
            maker->text[maker->len++] = ascii_to_lower(label.at[i]);
        else
            add_escaped(maker, (uint8_t)label.at[i], form);
    }
    maker->octets += label.len;
    maker->labels++;
}

/* dns_name_of - a name whose text is canonical already */
static const struct dns_name *dns_name_of(struct arena *arena, struct span text,
                                          unsigned labels)
{
    struct dns_name *name = arena_alloc(arena, sizeof(*name) + text.len + 1);
    char *copy = (char *)(name + 1);

    if (text.len > 0)
        memcpy(copy, text.at, text.len);
    name->text = copy;
    name->len = (unsigned short)text.len;
    name->labels = (unsigned short)labels;
    name->hash = (uint32_t)span_hash(text);
    return name;
}

/* name_finish - the name that was fed; NULL if there was a fault */
static const struct dns_name *name_finish(struct arena *arena, const struct maker *maker)
{
    if (maker->fault != NULL)
        return NULL;
    return dns_name_of(arena, span_make(maker->text, maker->len), maker->labels);
}

/* feed_plain - labels of letters, digits, hyphens and underscores, as nearly all names have;
 * false: there is something else, and nothing was fed */
static bool feed_plain(struct maker *maker, struct span octets)
{
    size_t start = 0; /* of the label */
    unsigned labels = 1;

    if (octets.len > 0 && octets.at[octets.len - 1] == '.')
        octets.len--;
    if (maker->labels > 0 || octets.len > DNS_NAME_MAX)
        return false;
    for (size_t i = 0; i < octets.len; i++) {
        char octet = ascii_to_lower(octets.at[i]);

        if (octet == '.' && i > start && i - start <= DNS_LABEL_MAX) {
            start = i + 1;
            labels++;
        } else if (!ascii_is_alnum(octet) && octet != '-' && octet != '_') {
            return false;
        }
        maker->text[i] = octet;
    }
    if (start == octets.len || octets.len - start > DNS_LABEL_MAX)
        return false;
    maker->len = maker->octets = octets.len;
    maker->labels = labels;
    return true;
}

/* feed_octets - raw octets, dots between labels, one final dot dropped */
static void feed_octets(struct maker *maker, struct span octets)
{
    if (feed_plain(maker, octets))
        return;
    if (octets.len > 0 && octets.at[octets.len - 1] == '.')
        octets.len--;
    do
        add_label(maker, span_cut(&octets, '.'));
    while (octets.at != NULL);
}

size_t dns_escape_length(struct span text, uint8_t *octet_out)
{
    uint64_t number = 0;

    if (text.len < 2)
        return 0;
    if (!ascii_is_digit(text.at[1])) {
        *octet_out = (uint8_t)text.at[1];
        return 2;
    }
    if (text.len < ESCAPE_OCTETS ||
        !span_to_number(span_sub(text, 1, ESCAPE_OCTETS - 1), UINT8_MAX, &number))
        return 0;
    *octet_out = (uint8_t)number;
    return ESCAPE_OCTETS;
}

/* feed_text - presentation form; false for a malformed escape. A final dot ends the last
 * label. */
static bool feed_text(struct maker *maker, const char *text)
{
    char label[DNS_LABEL_MAX + 1]; /* one octet too many is as good as more */
    size_t len = 0;

    for (size_t i = 0; text[i] != '\0'; i++) {
        uint8_t octet = (uint8_t)text[i];

        if (octet == '.') {
            add_label(maker, span_make(label, len));
            len = 0;
            if (text[i + 1] == '\0')
                return true;
            continue;
        }
        if (octet == '\\') {
            struct span rest = span_make(text + i, strnlen(text + i, ESCAPE_OCTETS));
            size_t escape = dns_escape_length(rest, &octet);

            if (escape == 0)
                return false;
            i += escape - 1;
        }
        if (len < sizeof(label))
            label[len++] = (char)octet;
    }
    add_label(maker, span_make(label, len));
    return true;
}

/* feed_name - the labels of a name, which are canonical already */
static bool feed_name(struct maker *maker, const struct dns_name *name)
{
    size_t dot = maker->labels > 0;

    if (memchr(name->text, '\\', name->len) != NULL) /* octets have to be counted */
        return feed_text(maker, name->text);
    if (maker->fault != NULL || maker->octets + dot + name->len > DNS_NAME_MAX)
        return false;
    if (dot > 0)
        maker->text[maker->len++] = '.';
    memcpy(maker->text + maker->len, name->text, name->len);
    maker->len += name->len;
    maker->octets += dot + name->len;
    maker->labels += name->labels;
    return true;
}

const struct dns_name *dns_name_from_text(struct arena *arena, const char *text)
{
    struct maker maker;

    name_start(&maker);
    if (text[0] == '\0' || (text[0] == '.' && text[1] == '\0'))
        return name_finish(arena, &maker); /* the root */
    if (!feed_text(&maker, text))
        return NULL;
    return name_finish(arena, &maker);
}

const struct dns_name *dns_name_from_octets(struct arena *arena, struct span octets)
{
    struct maker maker;

    name_start(&maker);
    feed_octets(&maker, octets);
    return name_finish(arena, &maker);
}

const struct dns_name *dns_name_from_wire(struct arena *arena, const uint8_t *wire, size_t len)
{
    struct maker maker;
    size_t at = 0;

    name_start(&maker);
    while (at < len && wire[at] != 0) {
        size_t label = wire[at++];

        if (label > DNS_LABEL_MAX || label > len - at)
            return NULL;
        add_label(&maker, span_make((const char *)wire + at, label));
        at += label;
    }
    return at < len ? name_finish(arena, &maker) : NULL;
}

/* name_refuse - say what was typed and why it is not a name */
static const struct dns_name *name_refuse(struct arena *arena, struct span text,
                                          const char *because, struct err *why)
{
    if (text.len == 0)
        err_set_kind(why, ERR_USAGE, "the domain name is empty");
    else if (why != NULL)
        err_set_kind(why, ERR_USAGE, "\"%s\" is not a domain name: %s",
                     escape_to_text(arena, text, LIMIT_SHOWN_BYTES), because);
    return NULL;
}

/* fault_of_octet - why this octet cannot be in a name that a person typed; NULL: it can */
static const char *fault_of_octet(char octet)
{
    if (ascii_is_alnum(octet) || octet == '-' || octet == '_' || octet == '.' ||
        (uint8_t)octet > 127)
        return NULL;
    if (ascii_is_space(octet))
        return "it contains white space";
    if (octet == '@')
        return "it is a mail address; the domain is what follows the \"@\"";
    if (octet == '/' || octet == ':')
        return "it looks like a URL; give only the host name";
    if (octet == '*')
        return "a wildcard is not one name";
    return "only letters, digits, hyphens, underscores and dots are allowed";
}

/* fault_of_typed - why this text cannot be a name, before its labels are looked at */
static const char *fault_of_typed(struct span text)
{
    struct ip_address address;
    bool is_literal = text.len > 2 && text.at[0] == '[' && text.at[text.len - 1] == ']';
    bool may_be_address =
        text.len > 0 && (ascii_is_digit(text.at[text.len - 1]) || span_find(text, ':') >= 0);

    if (text.len > LIMIT_NAME_BYTES)
        return fault_long_name;
    if (is_literal || (may_be_address && ip_parse(text, &address)))
        return "it is an IP address";
    for (size_t i = 0; i < text.len; i++)
        if (fault_of_octet(text.at[i]) != NULL)
            return fault_of_octet(text.at[i]);
    return NULL;
}

/* name_is_ascii - no octet above 127 */
static bool name_is_ascii(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((uint8_t)text.at[i] > 127)
            return false;
    return true;
}

const struct dns_name *dns_name_parse(struct arena *arena, struct span text, struct err *why)
{
    struct span ascii = text;
    const char *because = NULL;
    struct maker maker;

    name_start(&maker);
    if (text.len > 0 && !ascii_is_digit(text.at[text.len - 1]) && feed_plain(&maker, text))
        return name_finish(arena, &maker);
    because = fault_of_typed(text);
    if (because == NULL && !name_is_ascii(text) &&
        dns_name_to_a_labels(arena, &ascii, &because))
        because = fault_of_typed(ascii); /* mapping may have made "192.0.2.1" or a blank */
    if (because != NULL)
        return name_refuse(arena, text, because, why);
    feed_octets(&maker, ascii);
    if (maker.fault != NULL)
        return name_refuse(arena, text, maker.fault, why);
    return name_finish(arena, &maker);
}

bool dns_name_equal(const struct dns_name *a, const struct dns_name *b)
{
    return a == b ||
           (a->hash == b->hash && a->len == b->len && memcmp(a->text, b->text, a->len) == 0);
}

/* label_end - where the first label ends: at its dot or at the end of the text */
static size_t label_end(struct span text)
{
    size_t i = 0;

    while (i < text.len && text.at[i] != '.')
        i += text.at[i] == '\\' ? 2 : 1; /* "\." and "\\"; digits hold no dot */
    return i < text.len ? i : text.len;
}

/* suffix_text - the text without its first `labels` labels */
static struct span suffix_text(const struct dns_name *name, unsigned labels)
{
    struct span text = {name->text, name->len};

    for (unsigned i = 0; i < labels; i++)
        text = span_from(text, label_end(text) + 1);
    return text;
}

/* name_next_octet - of a label in presentation form, which is cut; -1 at its end */
static int name_next_octet(struct span *label)
{
    uint8_t octet = 0;
    size_t len = 1;

    if (label->len == 0)
        return -1;
    octet = (uint8_t)label->at[0];
    if (octet == '\\')
        len = dns_escape_length(*label, &octet);
    *label = span_from(*label, len);
    return octet;
}

/* compare_labels - as octets without escapes; a label comes before those that it begins */
static int compare_labels(struct span a, struct span b)
{
    int left = 0;
    int right = 0;

    do {
        left = name_next_octet(&a);
        right = name_next_octet(&b);
    } while (left == right && left >= 0);
    return left - right;
}

/* names_meet - how many labels from the right are the same, and the order of the two before
 * them; one way through both texts */
static unsigned names_meet(const struct dns_name *a, const struct dns_name *b, int *order_out)
{
    unsigned shorter = a->labels < b->labels ? a->labels : b->labels;
    struct span left = suffix_text(a, a->labels - shorter);
    struct span right = suffix_text(b, b->labels - shorter);
    unsigned same = 0;

    *order_out = (int)a->labels - (int)b->labels;
    for (unsigned labels = shorter; labels > 0; labels--) {
        struct span one = span_sub(left, 0, label_end(left));
        struct span other = span_sub(right, 0, label_end(right));

        same = span_equal(one, other) ? same + 1 : 0;
        if (same == 0)
            *order_out = compare_labels(one, other);
        left = span_from(left, one.len + 1);
        right = span_from(right, other.len + 1);
    }
    return same;
}

int dns_name_compare(const struct dns_name *a, const struct dns_name *b)
{
    int order = 0;

    names_meet(a, b, &order);
    return order;
}

unsigned dns_name_shared(const struct dns_name *a, const struct dns_name *b)
{
    int order = 0;

    return names_meet(a, b, &order);
}

bool dns_name_is_below(const struct dns_name *name, const struct dns_name *ancestor)
{
    struct span want = {ancestor->text, ancestor->len};

    if (name->len < ancestor->len || name->labels < ancestor->labels)
        return false;
    if (memcmp(name->text + name->len - want.len, want.at, want.len) != 0)
        return false;
    return span_equal(suffix_text(name, (unsigned)(name->labels - ancestor->labels)), want);
}

const struct dns_name *dns_name_parent(struct arena *arena, const struct dns_name *name)
{
    return name->labels == 0 ? NULL : dns_name_suffix(arena, name, (unsigned)name->labels - 1);
}

const struct dns_name *dns_name_suffix(struct arena *arena, const struct dns_name *name,
                                       unsigned labels)
{
    if (labels >= name->labels)
        return name;
    return dns_name_of(arena, suffix_text(name, name->labels - labels), labels);
}

const struct dns_name *dns_name_prepend(struct arena *arena, const char *prefix,
                                        const struct dns_name *name)
{
    struct maker maker;

    name_start(&maker);
    if (!feed_text(&maker, prefix))
        return NULL;
    if (name->labels > 0 && !feed_name(&maker, name))
        return NULL;
    return name_finish(arena, &maker);
}

struct span dns_name_first_label(const struct dns_name *name)
{
    struct span text = {name->text, name->len};

    return span_sub(text, 0, label_end(text));
}
