/* Address lists and paths. */
#include "mail/mail_address.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    const char *path = NULL;

    mail_address_list_parse(arena, bytes);
    if (mail_path_parse(arena, bytes, &path))
        mail_path_domain(arena, path, NULL);
}
