/* The list is looked at in place: it is larger than what is taken from it. */
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/engine_suffixes.h"
#include "base/dns_name.h"
#include "base/file_write.h"
#include "base/span.h"

#define PICKED_ROOM 8192   /* octets that are written at a time */
#define A_LABEL     "xn--" /* RFC 5890, 2.3.1 */

/* is_plain_label - letters, digits and hyphens, and not the form of a name in another script */
static bool is_plain_label(struct span label)
{
    for (size_t i = 0; i < label.len; i++)
        if (!ascii_is_alnum(label.at[i]) && label.at[i] != '-')
            return false;
    return label.len > 0 && !span_starts_with_nocase(label, A_LABEL);
}

/* is_held - the label is one of the text */
static bool is_held(struct span held, struct span label)
{
    while (held.len > 0)
        if (span_same_nocase(span_cut(&held, ' '), label))
            return true;
    return false;
}

/* suffixes_add - one label to a text; false if there is not room for it, or it is not plain */
static bool suffixes_add(char labels[ENGINE_LABELS_ROOM], struct span label)
{
    size_t len = strlen(labels);

    if (!is_plain_label(label))
        return false;
    if (is_held(span_of(labels), label))
        return true;
    if (len + 1 + label.len >= ENGINE_LABELS_ROOM)
        return false;
    if (len > 0)
        labels[len++] = ' ';
    memcpy(labels + len, label.at, label.len);
    labels[len + label.len] = '\0';
    return true;
}

/* last_label - what stands behind the last dot but for one at the end */
static struct span last_label(struct span domain)
{
    size_t at = 0;

    if (domain.len > 0 && domain.at[domain.len - 1] == '.')
        domain.len--;
    at = domain.len;
    while (at > 0 && domain.at[at - 1] != '.')
        at--;
    return span_from(domain, at);
}

/* suffixes_add_domain - its last label; accepts NULL */
static bool suffixes_add_domain(char labels[ENGINE_LABELS_ROOM], const char *domain)
{
    return domain == NULL || suffixes_add(labels, last_label(span_of(domain)));
}

/* suffixes_add_name - the last label of a name; accepts NULL */
static bool suffixes_add_name(char labels[ENGINE_LABELS_ROOM], const struct dns_name *name)
{
    return name == NULL || suffixes_add_domain(labels, name->text);
}

void engine_suffixes_labels(const struct engine_dmarc *dmarc, char labels[ENGINE_LABELS_ROOM])
{
    bool is_plain = false;

    labels[0] = '\0';
    is_plain = suffixes_add_name(labels, dmarc->author) &&
               suffixes_add_domain(labels, dmarc->author_written) &&
               suffixes_add_name(labels, dmarc->organizational_domain) &&
               suffixes_add_domain(labels, dmarc->spf_domain);
    for (size_t i = 0; i < dmarc->dkim_count; i++)
        is_plain = is_plain && suffixes_add_domain(labels, dmarc->dkim[i].domain);
    if (!is_plain)
        labels[0] = '\0';
}

bool engine_suffixes_are_in(const char *labels, const char *held)
{
    struct span rest = span_of(labels);

    while (rest.len > 0)
        if (!is_held(span_of(held), span_cut(&rest, ' ')))
            return false;
    return true;
}

bool engine_suffixes_join(char held[ENGINE_LABELS_ROOM], const char *labels)
{
    struct span rest = span_of(labels);

    while (rest.len > 0)
        if (!suffixes_add(held, span_cut(&rest, ' ')))
            return false;
    return true;
}

/* a file that is written piece by piece */
struct picked {
    int fd;
    size_t len;
    char bytes[PICKED_ROOM];
};

/* picked_flush - what was collected; false with errno */
static bool picked_flush(struct picked *picked)
{
    bool is_written = file_write_all(picked->fd, span_make(picked->bytes, picked->len));

    picked->len = 0;
    return is_written;
}

/* picked_add - one line with its end; a line longer than the buffer is not a rule */
static bool picked_add(struct picked *picked, struct span line)
{
    if (line.len + 1 > sizeof(picked->bytes))
        return true;
    if (picked->len + line.len + 1 > sizeof(picked->bytes) && !picked_flush(picked))
        return false;
    memcpy(picked->bytes + picked->len, line.at, line.len);
    picked->len += line.len;
    picked->bytes[picked->len++] = '\n';
    return true;
}

/* suffixes_rule_of - the first word of a line; empty: a comment or nothing */
static struct span suffixes_rule_of(struct span line)
{
    size_t len = 0;

    line = span_trim(line);
    if (span_starts_with(line, "//"))
        return (struct span){NULL, 0};
    while (len < line.len && !ascii_is_blank(line.at[len]))
        len++;
    return span_sub(line, 0, len);
}

/* suffixes_is_about - may the rule be about a domain that ends in one of the labels */
static bool suffixes_is_about(struct span rule, struct span labels)
{
    struct span label = last_label(rule);

    return label.len > 0 && (is_held(labels, label) || span_equal_text(label, "*"));
}

/* suffixes_end_of - the last octet, in lower case */
static unsigned char suffixes_end_of(struct span text)
{
    return (unsigned char)ascii_to_lower(text.at[text.len - 1]);
}

/* note_ends - the octets that a rule of the labels can end in */
static void note_ends(struct span labels, bool ends[UCHAR_MAX + 1])
{
    ends['*'] = ends['\r'] = true;
    while (labels.len > 0) {
        struct span label = span_cut(&labels, ' ');

        if (label.len > 0)
            ends[suffixes_end_of(label)] = true;
    }
}

/* is_other_word - as most lines are: one word, and it ends in another octet */
static bool is_other_word(struct span line, const bool ends[UCHAR_MAX + 1])
{
    return line.len == 0 ||
           (!ends[suffixes_end_of(line)] && memchr(line.at, ' ', line.len) == NULL &&
            memchr(line.at, '\t', line.len) == NULL);
}

/* pick_lines - those whose rules count */
static bool pick_lines(struct picked *picked, struct span list, struct span labels)
{
    bool ends[UCHAR_MAX + 1] = {false};

    note_ends(labels, ends);
    while (list.len > 0) {
        struct span line = span_cut(&list, '\n');

        if (!is_other_word(line, ends) && suffixes_is_about(suffixes_rule_of(line), labels) &&
            !picked_add(picked, line))
            return false;
    }
    return picked_flush(picked);
}

/* pick_from - the same of a file that is open */
static int pick_from(int list, const char *labels)
{
    struct picked picked = {.fd = -1};
    struct stat status = {0};
    void *octets = MAP_FAILED;
    bool is_picked = false;

    if (fstat(list, &status) != 0 || status.st_size <= 0)
        return -1;
    octets = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, list, 0);
    if (octets == MAP_FAILED)
        return -1;
    picked.fd = memfd_create("suffixes", MFD_CLOEXEC);
    is_picked = picked.fd >= 0 &&
                pick_lines(&picked, span_make(octets, (size_t)status.st_size), span_of(labels));
    (void)munmap(octets, (size_t)status.st_size);
    if (picked.fd >= 0 && !is_picked) {
        (void)close(picked.fd);
        picked.fd = -1;
    }
    return picked.fd;
}

int engine_suffixes_pick(const char *path, const char *labels)
{
    int list = open(path, O_RDONLY | O_CLOEXEC);
    int picked = list < 0 ? -1 : pick_from(list, labels);

    if (list >= 0)
        (void)close(list);
    return picked;
}
