/* Files that hold no message as it was sent, recognised by their first octets. */
#include <string.h>

#include "mail/mail_unwrap.h"

static const struct {
    const char *magic;
    const char *sentence;
} foreign[] = {
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
     "is an Outlook .msg file, which does not keep the message as it was sent; save the "
     "message as .eml (new Outlook and Outlook on the web: \"Download\" or \"Save as\") or "
     "copy its source"},
    {"!BDN",
     "is an Outlook data file (.pst or .ost), which does not keep messages as they were sent; "
     "save the message as .eml or copy its source"},
    {"\xCF\xAD\x12\xFE",
     "is a mailbox of Outlook Express (.dbx); save the message as .eml there"},
    {"-----BEGIN PGP MESSAGE-----",
     "is encrypted with PGP; take the message as the mailbox holds it, with its header"},
    {"-----BEGIN PKCS7-----",
     "is the content of an S/MIME message; take the message as the mailbox holds it, with its "
     "header"},
    {"-----BEGIN CMS-----",
     "is the content of an S/MIME message; take the message as the mailbox holds it, with its "
     "header"},
    {"-----BEGIN PGP SIGNED MESSAGE-----",
     "is a text that was signed with PGP, which changes lines; take the message as the mailbox "
     "holds it, with its header"},
    {"\x78\x9F\x3E\x22",
     "is an attachment of Outlook (winmail.dat), which does not keep the message as it was "
     "sent; copy the message's source"},
    {"%PDF-", "is a PDF document; save the message as .eml or copy its source"},
    {"<!DOCTYPE", "is a web page; save the message as .eml or copy its source"},
    {"<html", "is a web page; save the message as .eml or copy its source"},
    {"\xFF\xFE", "is UTF-16 text; save the message as .eml, unchanged"},
    {"\xFE\xFF", "is UTF-16 text; save the message as .eml, unchanged"},
    {"PK\x03\x04", "is a ZIP archive; unpack it first"},
    {"\x1F\x8B", "is compressed with gzip; unpack it first"},
    {"BZh", "is compressed with bzip2; unpack it first"},
    {"\xFD"
     "7zXZ",
     "is compressed with xz; unpack it first"},
    {"\x28\xB5\x2F\xFD", "is compressed with zstd; unpack it first"},
};

/* the object identifiers of pkcs7-data, signedData and envelopedData but for the last octet:
 * RFC 5652, 4 to 6; near the start of every file that openssl or a mail program calls .p7m */
static const char cms_type[] = "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07";
#define CMS_TYPE_FRONT 8 /* octets of tag and length in front of it */
#define CMS_SEQUENCE   0x30

/* foreign_is_cms - an S/MIME message as octets */
static bool foreign_is_cms(struct span head)
{
    struct span front = span_sub(head, 0, CMS_TYPE_FRONT + sizeof(cms_type) - 1);

    return front.len > 0 && front.at[0] == CMS_SEQUENCE &&
           memmem(front.at, front.len, cms_type, sizeof(cms_type) - 1) != NULL;
}

const char *mail_unwrap_foreign(struct span head)
{
    for (size_t i = 0; i < COUNT_OF(foreign); i++)
        if (span_starts_with(head, foreign[i].magic))
            return foreign[i].sentence;
    if (foreign_is_cms(head))
        return "is the content of an S/MIME message (.p7m); take the message as the mailbox "
               "holds it, with its header";
    return NULL;
}
