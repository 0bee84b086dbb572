/*
 * A login at a server that sends anything: each line is the text of a 334 reply, the first octet
 * says which mechanism. Nothing of the password may be left in what is shown.
 */
#include <string.h>

#include "base/must.h"
#include "fuzz.h"
#include "smtp/smtp_auth.h"

static const char secret[] = "Passw0rd-of-the-test";

FUZZ(arena, bytes)
{
    static const char *const mechanisms[] = {"PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2"};
    const size_t which = bytes.len > 0 ? (unsigned char)bytes.at[0] % 4 : 0;
    const struct smtp_ehlo ehlo = {.mechanisms = "PLAIN LOGIN CRAM-MD5 XOAUTH2"};
    const struct smtp_login login = {
        .user = "user", .password = secret, .mechanism = smtp_auth_find(mechanisms[which])};
    struct smtp_auth auth;
    struct span rest = span_from(bytes, 1);
    char *shown = arena_strdup_span(arena, rest);

    must(smtp_auth_start(&auth, arena, &login, &ehlo));
    for (int turn = 0; turn < 8 && smtp_auth_next(&auth, span_cut(&rest, '\n')) != NULL; turn++)
        continue;
    smtp_auth_hide(&auth, shown, bytes.len > 0 ? bytes.len - 1 : 0);
    must(strstr(shown, secret) == NULL);
}
