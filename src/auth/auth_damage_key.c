/*
 * A signature of RSA, raised with the public key, shows the hash that was signed, or no block
 * of PKCS #1 at all: then it was made with another key.
 */
#include "auth/auth_damage_header.h"
#include "base/arena.h"
#include "model/dns_answer.h"
#include "record/rec_dkim.h"

#define DIGEST_OCTETS 32 /* SHA-256 */
#define USUAL_OCTETS  64 /* moduli in use are multiples of 512 bits */

/* RFC 8017, 9.2, note 1: DigestInfo of SHA-256 in front of the hash */
static const unsigned char sha256_info[] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60,
                                            0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
                                            0x01, 0x05, 0x00, 0x04, 0x20};

enum block { BLOCK_NONE, BLOCK_OTHER_HASH, BLOCK_SHA256 };

/* block_parse - 00 01 FF ... FF 00 and what follows (RFC 8017, 9.2) */
static enum block block_parse(struct span block, struct span *digest_out)
{
    struct span rest = span_from(block, 2);
    size_t padding = 0;

    if (block.len < 11 || block.at[0] != 0 || block.at[1] != 1)
        return BLOCK_NONE;
    while (padding < rest.len && (unsigned char)rest.at[padding] == 0xFF)
        padding++;
    if (padding < 8 || padding == rest.len || rest.at[padding] != 0)
        return BLOCK_NONE;
    rest = span_from(rest, padding + 1);
    if (rest.len != sizeof(sha256_info) + DIGEST_OCTETS ||
        memcmp(rest.at, sha256_info, sizeof(sha256_info)) != 0)
        return BLOCK_OTHER_HASH;
    *digest_out = span_from(rest, sizeof(sha256_info));
    return BLOCK_SHA256;
}

/* head_raise - raise the signature with each key that is published; the best block */
static enum block head_raise(struct damage_head *head, size_t *keys_out)
{
    const struct auth_dkim_verdict *verdict = &head->work->verdicts[head->index];
    struct arena *scratch = head->work->scratch;
    enum block best = BLOCK_NONE;

    for (const struct dns_rr *rr = dns_answer_first(verdict->answer);
         rr != NULL && best != BLOCK_SHA256; rr = dns_answer_next(verdict->answer, rr)) {
        struct rec_dkim_key *key = arena_new_of(scratch, struct rec_dkim_key);
        struct auth_dkim_decoded *decoded = NULL;
        struct span block = {NULL, 0};
        enum block found = BLOCK_NONE;

        if (!rec_dkim_key_is_record(rr->joined) || head->work->checks_left == 0)
            continue;
        rec_dkim_key_parse(scratch, rr->joined, key);
        if (key->type != REC_DKIM_KEY_RSA || key->is_fatal || key->is_revoked ||
            (decoded = auth_dkim_key_get(key)) == NULL)
            continue;
        head->work->checks_left--;
        (*keys_out)++;
        block = auth_dkim_key_raise(scratch, decoded, head->signature->parsed.signature);
        found = block_parse(block, &head->signed_digest);
        if (found > best)
            best = found;
    }
    return best;
}

/* head_has_whole_value - is b= as long as a signature is: that of the published key, or a
 * usual one */
static bool head_has_whole_value(const struct damage_head *head)
{
    size_t len = head->signature->parsed.signature.len;

    return len % USUAL_OCTETS == 0 ||
           len == (head->work->verdicts[head->index].key_bits + 7) / 8;
}

/* report_other_key - no published key made the signature */
static void report_other_key(struct damage_head *head)
{
    const struct rec_dkim_signature *parsed = &head->signature->parsed;

    damage_report(head->work, head->index,
                  (struct auth_damage){
                      .kind = AUTH_DAMAGE_OTHER_KEY,
                      .part = AUTH_DAMAGE_IN_KEY,
                      .field = "DKIM-Signature",
                      .line = head->signature->header->line,
                      .text = arena_printf(head->work->arena,
                                           "b= was made with another key than the one at %s",
                                           parsed->key_name->text),
                      .proof = "raised with the published key it gives no PKCS #1 block",
                  });
}

bool damage_head_key(struct damage_head *head)
{
    const struct auth_dkim_verdict *verdict = &head->work->verdicts[head->index];
    size_t keys = 0;
    enum block block = BLOCK_NONE;

    if (verdict->key == NULL || (head->key = auth_dkim_key_get(verdict->key)) == NULL)
        return false;
    if (verdict->key->type == REC_DKIM_KEY_ED25519)
        return true;
    block = head_raise(head, &keys);
    if (block == BLOCK_NONE && keys > 0 && head_has_whole_value(head))
        report_other_key(head);
    return block == BLOCK_SHA256;
}
