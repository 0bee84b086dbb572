/*
 * Advice follows from the kind of damage. Where relaxed canonicalization would not have seen
 * it, signing relaxed is all that is needed; where it was signed relaxed already, somebody has
 * to stop.
 */
#include "check/check_damage.h"
#include "base/arena.h"
#include "base/escape.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/damage.h"
#include "model/facts.h"
#include "model/rec_dkim.h"

#define HOST_SHOWN 80

#define RELAXED "sign with c=relaxed/relaxed, which does not see such changes"
#define LIST                                                                               \
    "have the list or gateway pass messages on unchanged, or change them before they are " \
    "signed; a list that cannot should send as its own address and sign with its own domain"
#define ENCODE                                                                               \
    "encode text as quoted-printable or base64 before signing, so that no relay has reason " \
    "to convert it (RFC 6376, 5.3)"
#define FIND "find the relay behind the signer that does this, or let signing be the last step"

static const struct {
    enum auth_damage_kind kind;
    const char *advice;  /* NULL: `relaxed` is all there is */
    const char *relaxed; /* if the part was signed simple; NULL: the same */
} advice_rows[] = {
    {AUTH_DAMAGE_OTHER_KEY,
     "compare the public key of the signer with the published record: publish that of the key "
     "it signs with, or have it sign with the key and selector that are published",
     NULL},
    {AUTH_DAMAGE_WRONG_CANONICALIZATION,
     "update or replace the signing software: it does not hash in the form that it names",
     NULL},
    {AUTH_DAMAGE_EMPTY_BODY_HASH,
     "repair the signer: it must receive the body before it signs (a milter that requests it, "
     "a filter that passes it on); no later hop is at fault",
     NULL},
    {AUTH_DAMAGE_BODY_MISSING,
     "take the message as a whole: \"show original\" or \"save as .eml\" in the mail program",
     NULL},
    {AUTH_DAMAGE_BODY_APPENDED, LIST, NULL},
    {AUTH_DAMAGE_BODY_PREPENDED, LIST, NULL},
    {AUTH_DAMAGE_BODY_TRUNCATED,
     "find the hop that cuts the message off: a size limit, a filter, a delivery that broke "
     "off",
     NULL},
    {AUTH_DAMAGE_TRAILING_BLANKS, FIND, RELAXED},
    {AUTH_DAMAGE_TRAILING_LINES, FIND, RELAXED},
    {AUTH_DAMAGE_LINE_ENDINGS,
     "have the program that passed the message on, or saved it, keep CRLF at the end of lines",
     NULL},
    {AUTH_DAMAGE_BARE_LF_ADDED_CR,
     "have the sending program end each line in CRLF before the message is signed "
     "(RFC 5321, 2.3.8)",
     NULL},
    {AUTH_DAMAGE_DOT_STUFFED,
     "correct the program that doubles dots at the start of lines outside of SMTP, or twice "
     "(RFC 5321, 4.5.2)",
     NULL},
    {AUTH_DAMAGE_DOT_UNSTUFFED,
     "correct the program that takes dots at the start of lines away outside of SMTP, or does "
     "not double them (RFC 5321, 4.5.2)",
     NULL},
    {AUTH_DAMAGE_FROM_QUOTED,
     "the message went through an mbox file: check one that did not, or have text encoded as "
     "quoted-printable with \"From \" as \"=46rom \" before it is signed",
     NULL},
    {AUTH_DAMAGE_CHARSET_CONVERTED, ENCODE, NULL},
    {AUTH_DAMAGE_TRANSFER_ENCODING_CHANGED, ENCODE, NULL},
    {AUTH_DAMAGE_LINE_WRAPPED,
     "have the sending program keep lines below 998 octets, or encode text as "
     "quoted-printable, before the message is signed (RFC 5322, 2.1.1)",
     NULL},
    {AUTH_DAMAGE_TABS_CONVERTED, FIND, RELAXED},
    {AUTH_DAMAGE_HEADER_LINE_BROKEN,
     "have the sending program fold long fields at blanks, below 998 octets a line "
     "(RFC 5322, 2.1.1), or sign behind the program that breaks lines",
     NULL},
    {AUTH_DAMAGE_HEADER_FOLDED, FIND, RELAXED},
    {AUTH_DAMAGE_HEADER_UNFOLDED, FIND, RELAXED},
    {AUTH_DAMAGE_HEADER_CASE, FIND, RELAXED},
    {AUTH_DAMAGE_HEADER_BLANKS, FIND, RELAXED},
    {AUTH_DAMAGE_FIELD_REWRITTEN, LIST, NULL},
    {AUTH_DAMAGE_FIELD_ADDED, LIST, NULL},
    {AUTH_DAMAGE_FIELD_REMOVED,
     "find the relay behind the signer that removes the field, or leave the field out of h=",
     NULL},
    {AUTH_DAMAGE_FIELD_DUPLICATED, "find the relay behind the signer that doubles the field",
     NULL},
    {AUTH_DAMAGE_FIELD_REORDERED,
     "leave fields that occur several times out of h=, or find the relay that sorts them",
     NULL},
    {AUTH_DAMAGE_SIGNATURE_FIELD_CHANGED, FIND, RELAXED},
};

/* damage_advice - what to do about a kind, for a part that was signed in this form */
static const char *damage_advice(enum auth_damage_kind kind, enum rec_dkim_canon canon)
{
    size_t row = 0;

    while (advice_rows[row].kind != kind)
        row++;
    if (canon == REC_DKIM_SIMPLE && advice_rows[row].relaxed != NULL)
        return advice_rows[row].relaxed;
    return advice_rows[row].advice;
}

/* damage_add_hosts - who passed it on in between, where somebody says so */
static void damage_add_hosts(const struct message_facts *message, size_t index,
                             struct sbuf *text)
{
    const struct auth_damage_hosts *hosts = &message->damage_hosts[index];

    if (hosts->count == 0)
        return;
    sbuf_add(text, hosts->count == 1
                       ? "; behind the signer only this host wrote a Received field: "
                       : "; behind the signer these hosts wrote Received fields: ");
    for (size_t i = 0; i < hosts->count; i++)
        sbuf_addf(text, "%s%s", i > 0 ? ", " : "",
                  escape_to_text(text->arena, hosts->at[i], HOST_SHOWN));
    if (hosts->more > 0)
        sbuf_addf(text, " and %zu more", hosts->more);
}

/* from_advice - a list that sends as its own address has to sign as that; NULL: it does not */
static const char *from_advice(struct arena *arena, const struct message_facts *message,
                               const struct auth_damage *damage)
{
    if (damage->kind != AUTH_DAMAGE_FIELD_REWRITTEN || damage->field == NULL ||
        !span_equal_nocase(span_of(damage->field), "From") || message->author == NULL)
        return NULL;
    return arena_printf(arena,
                        "have the list or gateway sign with d=%s: it sends as its own address, "
                        "so the signature of the author no longer counts",
                        message->author->text);
}

struct check_damage check_damage_text(struct emitter *out, size_t index, bool is_body)
{
    const struct message_facts *message = &out->facts->message;
    const struct rec_dkim_signature *parsed = &message->dkim[index].signature->parsed;
    const struct auth_damage *damage = message->damage != NULL ? message->damage[index] : NULL;
    struct sbuf text = sbuf_start(out->arena);
    struct check_damage found = {NULL, NULL};

    for (; damage != NULL; damage = damage->next) {
        if ((damage->part == AUTH_DAMAGE_IN_BODY) != is_body)
            continue;
        if (found.advice == NULL)
            found.advice = from_advice(out->arena, message, damage);
        if (found.advice == NULL)
            found.advice = damage_advice(damage->kind,
                                         is_body ? parsed->body_canon : parsed->header_canon);
        sbuf_addf(&text, "%s%s; %s", text.len > 0 ? "; " : "", damage->text, damage->proof);
    }
    if (text.len == 0 || message->damage == NULL)
        return found;
    if (auth_damage_mover(message->damage[index]->kind) == AUTH_DAMAGE_BY_LIST ||
        auth_damage_mover(message->damage[index]->kind) == AUTH_DAMAGE_BY_RELAY)
        damage_add_hosts(message, index, &text);
    found.text = sbuf_text(&text);
    return found;
}
