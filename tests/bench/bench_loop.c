/*
 * Messages a second in one process: parse, SPF, DKIM and DMARC by the standard judge, with a
 * fresh arena and a fresh ledger for every message and answers from a snapshot, beside what
 * RSA-2048 verification and SHA-256 alone allow on the same core in the same run.
 *
 * usage: bench_loop SNAPSHOT MESSAGE IP HELO MAIL-FROM SECONDS
 */
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/limits.h"
#include "gather/gather.h"
#include "mail/mail_message.h"
#include "source/source.h"

#define DIGEST_OCTETS 32
#define KEY_BITS      2048

struct load {
    struct source *source;
    struct span bytes;
    struct subject subject; /* the envelope; copied for every message */
};

/* die - this is a tool for people at a terminal */
static void die(const char *what)
{
    fprintf(stderr, "bench_loop: %s\n", what);
    exit(1);
}

/* processor_seconds - of this process: what else the machine does costs nothing here */
static double processor_seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

/* judge_one - one message from bytes to verdicts; they must all be pass */
static void judge_one(struct arena *arena, const struct load *load)
{
    struct subject subject = load->subject;
    struct gather_work work = {
        .arena = arena,
        .ledger = ledger_open(arena),
        .source = load->source,
        .is_verdict_only = true,
    };
    const struct facts *facts = NULL;

    subject.message = mail_message_parse(arena, load->bytes);
    facts = gather_run(&work, &subject);
    if (facts->spf_count == 0 || facts->spf[0]->result != SPF_PASS ||
        facts->message.dkim_count == 0 || facts->message.dkim[0].result != DKIM_PASS ||
        facts->message.dmarc == NULL || facts->message.dmarc->result != DMARC_PASS)
        die("a verdict is not pass: the measurement would be of something else");
}

/* messages_a_second - as many as fit into the time */
static double messages_a_second(const struct load *load, double seconds)
{
    struct arena *arena = arena_open();
    double start = processor_seconds();
    double spent = 0;
    unsigned long count = 0;

    do {
        for (int i = 0; i < 100; i++) {
            judge_one(arena, load);
            arena_reset(arena);
        }
        count += 100;
        spent = processor_seconds() - start;
    } while (spent < seconds);
    arena_close(arena);
    return (double)count / spent;
}

/* verifications_a_second - RSA-2048 over one digest, nothing else */
static double verifications_a_second(double seconds)
{
    EVP_PKEY *key = EVP_RSA_gen(KEY_BITS);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
    unsigned char digest[DIGEST_OCTETS] = {0};
    unsigned char signature[KEY_BITS / 8];
    size_t len = sizeof(signature);
    double start = 0;
    double spent = 0;
    unsigned long count = 0;

    if (EVP_PKEY_sign_init(ctx) != 1 || EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) != 1 ||
        EVP_PKEY_sign(ctx, signature, &len, digest, sizeof(digest)) != 1 ||
        EVP_PKEY_verify_init(ctx) != 1 || EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) != 1)
        die("no RSA");
    start = processor_seconds();
    do {
        for (int i = 0; i < 200; i++)
            if (EVP_PKEY_verify(ctx, signature, len, digest, sizeof(digest)) != 1)
                die("RSA verification failed");
        count += 200;
        spent = processor_seconds() - start;
    } while (spent < seconds);
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(key);
    return (double)count / spent;
}

/* octets_a_second - SHA-256 over the message, again and again */
static double octets_a_second(struct span bytes, double seconds)
{
    EVP_MD *sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    unsigned char digest[DIGEST_OCTETS];
    double start = processor_seconds();
    double spent = 0;
    double octets = 0;

    do {
        for (int i = 0; i < 200; i++) {
            EVP_DigestInit_ex2(ctx, sha256, NULL);
            EVP_DigestUpdate(ctx, bytes.at, bytes.len);
            EVP_DigestFinal_ex(ctx, digest, NULL);
        }
        octets += 200.0 * (double)bytes.len;
        spent = processor_seconds() - start;
    } while (spent < seconds);
    EVP_MD_CTX_free(ctx);
    EVP_MD_free(sha256);
    return octets / spent;
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_open();
    struct source_options options = {0};
    struct err why = {0};
    struct load load = {0};
    double seconds = 0;
    double verifications = 0;
    double octets = 0;
    double bound = 0;
    double measured = 0;

    if (argc != 7)
        die("usage: bench_loop SNAPSHOT MESSAGE IP HELO MAIL-FROM SECONDS");
    load.source =
        source_open(arena, arena_printf(arena, "snapshot:%s", argv[1]), &options, &why);
    if (load.source == NULL || !file_load(arena, argv[2], LIMIT_STDIN_BYTES, &load.bytes, &why))
        die(why.text);
    if (!ip_parse(span_of(argv[3]), &load.subject.ip))
        die("that is no address");
    load.subject.helo = argv[4];
    load.subject.mail_from = argv[5];
    load.subject.now = load.source->taken;
    seconds = strtod(argv[6], NULL);
    verifications = verifications_a_second(seconds);
    octets = octets_a_second(load.bytes, seconds);
    bound = 1 / (1 / verifications + (double)load.bytes.len / octets);
    measured = messages_a_second(&load, seconds);
    printf("{\"message_octets\": %zu, \"rsa2048_verifications\": %.0f, "
           "\"sha256_megabytes\": %.0f, \"bound\": %.0f, \"messages\": %.0f, "
           "\"ratio\": %.2f}\n",
           load.bytes.len, verifications, octets / 1e6, bound, measured, measured / bound);
    source_close(load.source);
    arena_close(arena);
    return 0;
}
