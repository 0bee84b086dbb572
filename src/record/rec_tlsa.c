/* Three numbers, then hexadecimal digits that blanks may interrupt (RFC 6698, 2.2). */
#include "record/rec_tlsa.h"

#define NUMBER_MAX 255  /* each is one octet: RFC 6698, 2.1 */
#define DER_START  0x30 /* a certificate and a key are SEQUENCEs */

enum { USAGE_PKIX_TA, USAGE_PKIX_EE, USAGE_DANE_TA, USAGE_DANE_EE }; /* RFC 7218, 2.1 */
enum { MATCHING_FULL, MATCHING_SHA_256, MATCHING_SHA_512 };          /* RFC 7218, 2.3 */

static const char *const usages[] = {"PKIX-TA", "PKIX-EE", "DANE-TA", "DANE-EE"};
static const char *const selectors[] = {"certificate", "public key"};
static const char *const matchings[] = {"in full", "SHA-256", "SHA-512"};
static const size_t hash_octets[] = {0, 32, 64}; /* FIPS 180-4 */

struct reading {
    struct arena *arena;
    struct rec_tlsa *record;
};

/* tlsa_note - a fault at a part of the rdata */
static void tlsa_note(struct reading *reading, int kind, struct span part, const char *text)
{
    struct rec_tlsa *record = reading->record;
    size_t at = (size_t)(part.at - record->text.at);

    fault_add(
        reading->arena, &record->faults,
        (struct fault){.kind = kind, .is_fatal = true, .at = at, .part = part, .text = text});
}

/* tlsa_next_word - cut the first word off */
static struct span tlsa_next_word(struct span *rest)
{
    size_t len = 0;
    struct span word;

    while (rest->len > 0 && ascii_is_space(rest->at[0]))
        *rest = span_from(*rest, 1);
    while (len < rest->len && !ascii_is_space(rest->at[len]))
        len++;
    word = span_sub(*rest, 0, len);
    *rest = span_from(*rest, len);
    return word;
}

/* read_data - the octets that the digits stand for; false if they are none */
static bool read_data(struct arena *arena, struct span digits, struct span *data_out)
{
    char *octets = arena_alloc(arena, digits.len / 2 + 1);
    size_t count = 0;

    for (size_t i = 0; i < digits.len; i++) {
        int value = ascii_hex_value(digits.at[i]);

        if (ascii_is_space(digits.at[i]))
            continue;
        if (value < 0)
            return false;
        octets[count / 2] = (char)((unsigned char)octets[count / 2] << 4 | value);
        count++;
    }
    *data_out = span_make(octets, count / 2);
    return count > 0 && count % 2 == 0;
}

/* judge_numbers - values that nobody knows, or that SMTP has no use for */
static void judge_numbers(struct reading *reading, const struct span words[3])
{
    const struct rec_tlsa *record = reading->record;
    struct arena *arena = reading->arena;

    if (record->usage >= COUNT_OF(usages))
        tlsa_note(reading, REC_TLSA_FAULT_USAGE, words[0],
                  arena_printf(arena, "certificate usage %u is unknown", record->usage));
    else if (record->usage < USAGE_DANE_TA)
        tlsa_note(reading, REC_TLSA_FAULT_PKIX, words[0],
                  arena_printf(arena, "certificate usage %u (%s) is not for SMTP",
                               record->usage, usages[record->usage]));
    if (record->selector >= COUNT_OF(selectors))
        tlsa_note(reading, REC_TLSA_FAULT_SELECTOR, words[1],
                  arena_printf(arena, "selector %u is unknown", record->selector));
    if (record->matching >= COUNT_OF(matchings))
        tlsa_note(reading, REC_TLSA_FAULT_MATCHING, words[2],
                  arena_printf(arena, "matching type %u is unknown", record->matching));
}

/* judge_data - a hash has its length, and DER its first octet */
static void judge_data(struct reading *reading, struct span digits)
{
    const struct rec_tlsa *record = reading->record;

    if (record->matching == MATCHING_FULL) {
        if ((unsigned char)record->data.at[0] != DER_START)
            tlsa_note(reading, REC_TLSA_FAULT_DATA, digits,
                      "matching type 0 wants the certificate or key in full, and this is none");
        return;
    }
    if (record->matching < COUNT_OF(hash_octets) &&
        record->data.len != hash_octets[record->matching])
        tlsa_note(reading, REC_TLSA_FAULT_LENGTH, digits,
                  arena_printf(reading->arena, "%s has %zu octets, found %zu",
                               matchings[record->matching], hash_octets[record->matching],
                               record->data.len));
}

/* tlsa_word_of - the word for a number, or the number */
static const char *tlsa_word_of(struct arena *arena, unsigned number, const char *const *words,
                                size_t count)
{
    return number < count ? words[number] : arena_printf(arena, "%u", number);
}

/* tlsa_words - what the numbers mean */
static const char *tlsa_words(struct arena *arena, const struct rec_tlsa *record)
{
    return arena_printf(arena, "%s, %s, %s",
                        tlsa_word_of(arena, record->usage, usages, COUNT_OF(usages)),
                        tlsa_word_of(arena, record->selector, selectors, COUNT_OF(selectors)),
                        tlsa_word_of(arena, record->matching, matchings, COUNT_OF(matchings)));
}

void rec_tlsa_parse(struct arena *arena, struct span rdata, struct rec_tlsa *record_out)
{
    unsigned *numbers[] = {&record_out->usage, &record_out->selector, &record_out->matching};
    struct reading reading = {.arena = arena, .record = record_out};
    struct span words[3];
    struct span rest = rdata;
    bool is_readable = true;

    *record_out = (struct rec_tlsa){.text = rdata};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        uint64_t number = 0;

        words[i] = tlsa_next_word(&rest);
        is_readable = is_readable && span_to_number(words[i], NUMBER_MAX, &number);
        *numbers[i] = (unsigned)number;
    }
    rest = span_trim(rest);
    is_readable = is_readable && read_data(arena, rest, &record_out->data);
    record_out->is_readable = is_readable;
    if (!is_readable) {
        record_out->words = "unreadable";
        tlsa_note(&reading, REC_TLSA_FAULT_SYNTAX, rdata,
                  "not three numbers from 0 to 255 and an even number of hexadecimal digits");
        return;
    }
    judge_numbers(&reading, words);
    judge_data(&reading, rest);
    record_out->words = tlsa_words(arena, record_out);
    record_out->is_usable = record_out->faults == NULL;
}
