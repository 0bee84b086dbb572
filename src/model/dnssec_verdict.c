/* Words and the registry of algorithms. */
#include "model/dnssec_verdict.h"
#include "base/span.h"

const char *dnssec_chain_state_to_text(enum dnssec_chain_state state)
{
    static const char *const words[] = {
        [DNSSEC_PENDING] = "pending",   [DNSSEC_BOGUS] = "bogus",
        [DNSSEC_SECURE] = "secure",     [DNSSEC_INDETERMINATE] = "indeterminate",
        [DNSSEC_INSECURE] = "insecure", [DNSSEC_ISLAND] = "island",
    };

    return words[state];
}

bool dnssec_chain_state_is_signed(enum dnssec_chain_state state)
{
    return state == DNSSEC_SECURE || state == DNSSEC_ISLAND;
}

/* The IANA registry "DNS Security Algorithm Numbers". Sound: to be used for signing by
 * RFC 8624, 3.1 and RFC 9905, 3. */
static const struct algorithm {
    uint8_t number;
    bool is_verified; /* by this program */
    bool is_sound;
    const char *name;
} algorithms[] = {
    {1, false, false, "RSAMD5"},
    {3, false, false, "DSA"},
    {5, true, false, "RSASHA1"},
    {6, false, false, "DSA-NSEC3-SHA1"},
    {7, true, false, "RSASHA1-NSEC3-SHA1"},
    {8, true, true, "RSASHA256"},
    {10, true, true, "RSASHA512"},
    {12, false, false, "ECC-GOST"},
    {13, true, true, "ECDSAP256SHA256"},
    {14, true, true, "ECDSAP384SHA384"},
    {15, true, true, "ED25519"},
    {16, true, true, "ED448"},
};

/* algorithm_of - its row; NULL */
static const struct algorithm *algorithm_of(unsigned number)
{
    for (size_t i = 0; i < COUNT_OF(algorithms); i++)
        if (algorithms[i].number == number)
            return &algorithms[i];
    return NULL;
}

const char *dnssec_chain_algorithm_to_text(unsigned algorithm)
{
    const struct algorithm *row = algorithm_of(algorithm);

    return row != NULL ? row->name : NULL;
}

bool dnssec_chain_algorithm_is_sound(unsigned algorithm)
{
    const struct algorithm *row = algorithm_of(algorithm);

    return row == NULL || row->is_sound; /* of a new one nothing bad is known */
}

bool dnssec_chain_algorithm_is_verified(unsigned algorithm)
{
    const struct algorithm *row = algorithm_of(algorithm);

    return row != NULL && row->is_verified;
}
