/* OpenSSL reads the text; smtp_certificate.c describes the certificate. */
#include "smtp/smtp_mark.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "smtp/smtp_certificate.h"

/* id-kp-BrandIndicatorforMessageIdentification */
static const char mark_usage[] = "1.3.6.1.5.5.7.3.31";

/* is_for_marks - the extended key usage says so */
static bool is_for_marks(X509 *certificate)
{
    EXTENDED_KEY_USAGE *usages = X509_get_ext_d2i(certificate, NID_ext_key_usage, NULL, NULL);
    bool is_found = false;

    for (int i = 0; usages != NULL && i < sk_ASN1_OBJECT_num(usages); i++) {
        char text[sizeof(mark_usage) + 1] = "";

        OBJ_obj2txt(text, sizeof(text), sk_ASN1_OBJECT_value(usages, i), 1);
        is_found = is_found || strcmp(text, mark_usage) == 0;
    }
    EXTENDED_KEY_USAGE_free(usages);
    return is_found;
}

/* no_password - OpenSSL would ask for one at the terminal */
static int no_password(char *password, int size, int is_writing, void *ctx)
{
    (void)password;
    (void)size;
    (void)is_writing;
    (void)ctx;
    return -1;
}

const struct smtp_mark *smtp_mark_read(struct arena *arena, struct span pem)
{
    struct smtp_mark *mark = NULL;
    BIO *bio = BIO_new_mem_buf(pem.at, (int)pem.len);
    X509 *certificate = NULL;

    if (bio == NULL)
        return NULL;
    certificate = PEM_read_bio_X509(bio, NULL, no_password, NULL);
    if (certificate != NULL) {
        mark = arena_new_of(arena, struct smtp_mark);
        mark->certificate = smtp_certificate_describe(arena, certificate);
        mark->is_for_marks = is_for_marks(certificate);
    }
    ERR_clear_error(); /* the end of the text is an error to OpenSSL */
    X509_free(certificate);
    BIO_free(bio);
    return mark;
}
