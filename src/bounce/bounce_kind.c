/*
 * What a message is: a delivery report, a warning of a delay, an automatic reply, a receipt.
 * The form decides where there is one; else words, in many languages.
 */
#include "base/limits_bounce.h"
#include "bounce/bounce_private.h"
#include "reply/reply_class.h"

/* who sends reports, by the local part of From */
static const char *const report_senders[] = {
    "mailer-daemon",    "postmaster",  "mail-daemon",
    "double-bounce",    "bounce",      "mail-delivery",
    "maildelivery",     "post_master", "no-reply@sns.amazonaws.com",
    "microsoftexchange"};

/* their subjects, in lower case: programs and sending services write English, Exchange and
 * large hosters the language of the sender */
static const char *const report_subjects[] = {"undeliver",
                                              "delivery status",
                                              "delivery fail",
                                              "delivery notification",
                                              "mail delivery",
                                              "returned mail",
                                              "failure notice",
                                              "delivery failure",
                                              "could not send",
                                              "delivery report",
                                              "not delivered",
                                              "message delivery",
                                              "could not be delivered",
                                              "delivery problem",
                                              "returned to sender",
                                              "mail failure",
                                              "notification of delivery",
                                              "delayed mail",
                                              "warning: could not",
                                              "message you sent blocked",
                                              "rejected",
                                              "mail failed",
                                              "returning to sender",
                                              "smtp server: errors",
                                              "bounce",
                                              "delivery has failed",
                                              "mail system error",
                                              "error sending",
                                              "undelivered",
                                              "unable to deliver",
                                              "failed mail",
                                              "amazon ses email event",
                                              "abuse report",
                                              "не удалось отправить",
                                              "nepodařilo doručit",
                                              "zwrot:",
                                              "nie została dostarczona",
                                              "nella consegna",
                                              "non distribuable",
                                              "unzustellbare",
                                              "送信できません",
                                              "宛先不明",
                                              "가 반송",
                                              "could not deliver",
                                              "not yet delivered",
                                              "message delayed",
                                              "delivery delayed",
                                              "delivery incomplete",
                                              "warning: message",
                                              "unzustellbar",
                                              "nicht zugestellt",
                                              "zustellung fehlgeschlagen",
                                              "zustellung verzögert",
                                              "non remis",
                                              "non distribué",
                                              "non délivré",
                                              "échec de la remise",
                                              "échec de remise",
                                              "échec de livraison",
                                              "no se puede entregar",
                                              "no se pudo entregar",
                                              "no entregado",
                                              "error en la entrega",
                                              "non recapitabile",
                                              "impossibile recapitare",
                                              "mancata consegna",
                                              "mancato recapito",
                                              "não é possível entregar",
                                              "não foi possível entregar",
                                              "não entregue",
                                              "falha na entrega",
                                              "niet bestelbaar",
                                              "onbestelbaar",
                                              "niet bezorgd",
                                              "bezorging mislukt",
                                              "niedostarczone",
                                              "nie dostarczono",
                                              "nie można dostarczyć",
                                              "nedoručiteln",
                                              "nedoručen",
                                              "nelze doručit",
                                              "kézbesíthetetlen",
                                              "imposibil de livrat",
                                              "nelivrat",
                                              "kan inte levereras",
                                              "gick inte att leverera",
                                              "kan ikke leveres",
                                              "ikke leveret",
                                              "ei voi toimittaa",
                                              "teslim edilemedi",
                                              "iletilemedi",
                                              "μη παραδοτέ",
                                              "не удается доставить",
                                              "не удаётся доставить",
                                              "не удалось доставить",
                                              "недоставлен",
                                              "не доставлен",
                                              "ошибка доставки",
                                              "не вдалося доставити",
                                              "未送达",
                                              "未传递",
                                              "无法送达",
                                              "无法传递",
                                              "無法傳遞",
                                              "無法送達",
                                              "投递失败",
                                              "退信",
                                              "配信不能",
                                              "配信できません",
                                              "配信エラー",
                                              "배달되지",
                                              "배달할 수 없",
                                              "배달 실패",
                                              "전송 실패",
                                              "반송"};

/* words of their text, in lower case: qmail and others have no header of their own */
static const char *const report_phrases[] = {
    "this is the qmail-send program",
    "this is the mail system at host",
    "a message that you sent could not be delivered",
    "your message was not delivered",
    "your message wasn't delivered",
    "did not reach the following recipient",
    "could not be delivered to",
    "final-recipient:",
    "delivery to the following recipient",
    "the following addresses had permanent fatal errors",
    "the following address(es) failed",
    "there was an error delivering your mail",
    "was undeliverable",
    "was not delivered to:",
    "could not deliver your message",
    "rejected by a remote mail server",
    "<<< rcpt to",
    ">>> rcpt to",
    "error message below",
    "notificationtype",
    "has not yet been delivered",
    "delivery has failed to these recipients",
    "diagnostic information for administrators",
    "remote server returned '",
    "] said: 4",
    "] said: 5",
    "smtp error from remote mail server after",
    "the response from the remote server was",
};

/* says_any - one of the words is in the text, ASCII case ignored */
static bool says_any(struct span text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (span_find_nocase(text, words[i]) >= 0)
            return true;
    return false;
}

/* kind_subject - the Subject in lower case, decoded */
static struct span kind_subject(struct arena *arena, const struct bounce_parts *parts)
{
    return reply_text_fold(
        arena, bounce_words_decode(arena, bounce_fields_find(&parts->fields, "Subject")));
}

/* is_null_sender - the message has no envelope sender */
static bool is_null_sender(const struct bounce_parts *parts)
{
    struct span path = span_trim(bounce_fields_find(&parts->fields, "Return-Path"));

    return span_equal_text(path, "<>") || span_equal_text(path, "<MAILER-DAEMON>");
}

/* header_points - how many fields look like those of a report */
static unsigned header_points(struct arena *arena, const struct bounce_parts *parts)
{
    const struct bounce_fields *fields = &parts->fields;
    unsigned points = is_null_sender(parts) ? 1 : 0;

    points +=
        says_any(bounce_fields_find(fields, "From"), report_senders, COUNT_OF(report_senders));
    points += says_any(kind_subject(arena, parts), report_subjects, COUNT_OF(report_subjects));
    points +=
        span_starts_with_nocase(bounce_fields_find(fields, "Auto-Submitted"), "auto-generated");
    return points;
}

bool bounce_is_of_person(struct arena *arena, const struct bounce_parts *parts)
{
    return bounce_fields_has(&parts->fields, "From") &&
           bounce_fields_has(&parts->fields, "Date") &&
           bounce_fields_has(&parts->fields, "Received") && header_points(arena, parts) == 0;
}

bool bounce_is_report(struct arena *arena, const struct bounce_parts *parts)
{
    const struct bounce_fields *fields = &parts->fields;
    const struct bounce_part *text = bounce_parts_find(parts, BOUNCE_PART_TEXT);
    unsigned points = 0;

    if (bounce_parts_find(parts, BOUNCE_PART_STATUS) != NULL || bounce_feedback_is(parts) ||
        bounce_fields_find(fields, "X-Failed-Recipients").len > 0 ||
        bounce_fields_has(fields, "X-MS-Exchange-Message-Is-Ndr"))
        return true;
    if (text == NULL)
        text = bounce_parts_find(parts, BOUNCE_PART_HTML);
    points = header_points(arena, parts);
    if (text != NULL && bounce_text_says(arena, text->content))
        points += 2;
    return points >= 2;
}

bool bounce_is_auto_reply(struct arena *arena, const struct bounce_parts *parts)
{
    static const char *const subjects[] = {"automatic reply",
                                           "auto reply",
                                           "auto-reply",
                                           "autoreply",
                                           "out of office",
                                           "abwesenheit",
                                           "automatische antwort",
                                           "respuesta autom",
                                           "ponse automatique",
                                           "risposta automatica",
                                           "resposta autom",
                                           "automatisch antwoord",
                                           "automatyczna odpowied",
                                           "automatick",
                                           "autosvar",
                                           "automaattinen vastaus",
                                           "automatiskt svar",
                                           "automatisk svar",
                                           "otomatik yan",
                                           "автоответ",
                                           "автоматический ответ",
                                           "自动答复",
                                           "自动回复",
                                           "自動回覆",
                                           "自動応答",
                                           "自動返信",
                                           "자동 회신",
                                           "부재중"};
    const struct bounce_fields *fields = &parts->fields;

    return span_starts_with_nocase(bounce_fields_find(fields, "Auto-Submitted"),
                                   "auto-replied") ||
           bounce_fields_find(fields, "X-Auto-Response-Suppress").len > 0 ||
           bounce_fields_find(fields, "X-Autoreply").len > 0 ||
           bounce_fields_find(fields, "X-Autorespond").len > 0 || bounce_is_receipt(parts) ||
           says_any(kind_subject(arena, parts), subjects, COUNT_OF(subjects));
}

bool bounce_is_receipt(const struct bounce_parts *parts)
{
    return span_find_nocase(bounce_fields_find(&parts->fields, "Content-Type"),
                            "disposition-notification") >= 0;
}

bool bounce_text_says(struct arena *arena, struct span text)
{
    struct span folded = reply_text_fold(arena, span_sub(text, 0, LIMIT_REPLY_BYTES));

    for (size_t i = 0; folded.len > 0 && i < COUNT_OF(report_phrases); i++)
        if (memmem(folded.at, folded.len, report_phrases[i], strlen(report_phrases[i])) != NULL)
            return true;
    return false;
}

/* words for a message that is still in the queue, in lower case */
static const char *const warning_words[] = {
    "notification (delay)",
    "has not yet been delivered",
    "not yet been delivered",
    "will retry for",
    "delivery attempts will continue",
    "still being retried",
    "you do not need to resend",
    "no need to resend",
    "this is a warning message only",
    "delivery incomplete",
    "delivery delayed",
    "message delayed",
    "delivery is delayed",
    "delivery has been delayed",
    "delivery to these recipients has been delayed",
    "zustellung verzögert",
    "retrasado la entrega",
    "remise retardée",
    "recapito ritardato",
    "entrega atrasada",
    "dostarczenie opóźnione",
    "доставка задерживается",
    "配信が遅れ",
    "延迟",
};

bool bounce_is_warning(struct arena *arena, const struct bounce_parts *parts, struct span text)
{
    struct span subject = kind_subject(arena, parts);
    struct span folded = reply_text_fold(arena, span_sub(text, 0, LIMIT_REPLY_BYTES));

    return bounce_fields_find(&parts->fields, "X-Failed-Recipients").len == 0 &&
           (says_any(subject, warning_words, COUNT_OF(warning_words)) ||
            says_any(folded, warning_words, COUNT_OF(warning_words)));
}
