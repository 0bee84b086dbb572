/* Files that hold no message as it was sent, told by their first octets. */
#include <string.h>

#include "mail/mail_unwrap.h"

/* foreign formats, told by their first octets */
static const struct {
    const char *magic;
    size_t len;
    const char *sentence;
} foreign[] = {
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8,
     "is an Outlook .msg file, which does not keep the message as it was sent; save the "
     "message as .eml (new Outlook and Outlook on the web: \"Download\" or \"Save as\") or "
     "copy its source"},
    {"!BDN", 4,
     "is an Outlook data file (.pst or .ost), which does not keep messages as they were sent; "
     "save the message as .eml or copy its source"},
    {"\xCF\xAD\x12\xFE", 4,
     "is a mailbox of Outlook Express (.dbx); save the message as .eml there"},
    {"-----BEGIN PGP MESSAGE-----", 27,
     "is encrypted with PGP; take the message as the mailbox holds it, with its header"},
    {"-----BEGIN PKCS7-----", 21,
     "is the content of an S/MIME message; take the message as the mailbox holds it, with its "
     "header"},
    {"-----BEGIN CMS-----", 19,
     "is the content of an S/MIME message; take the message as the mailbox holds it, with its "
     "header"},
    {"\xFF\xFE", 2, "is UTF-16 text; save the message as .eml, unchanged"},
    {"\xFE\xFF", 2, "is UTF-16 text; save the message as .eml, unchanged"},
    {"PK\x03\x04", 4, "is a ZIP archive; unpack it first"},
    {"\x1F\x8B", 2, "is compressed with gzip; unpack it first"},
};

const char *mail_unwrap_foreign(struct span head)
{
    for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
        if (head.len >= foreign[i].len &&
            memcmp(head.at, foreign[i].magic, foreign[i].len) == 0)
            return foreign[i].sentence;
    return NULL;
}
