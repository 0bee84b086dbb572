/*
 * The texts about a recipient are classified, nearest first, and the first one that is known
 * decides.
 */
#include "bounce/bounce_settle.h"
#include "base/limits_bounce.h"
#include "base/sbuf.h"
#include "bounce/bounce_private.h"
#include "model/reply_class.h"
#include "model/reply_phrase.h"
#include "reply/reply_class.h"
#include "reply/reply_phrase.h"

#define SETTLE_TEXTS  6
#define SETTLE_LONG   (16 * 1024) /* octets of the whole text that are looked at */
#define SETTLE_SHARED 20          /* recipients that may share it */

/* texts about a recipient, the nearest first */
struct settle_texts {
    struct span list[SETTLE_TEXTS];
    size_t count;
};

/* words around the name of the host that answered, of several programs */
static const char *const settle_host_words[] = {
    "host {helo}",
    "while talking to {helo}",
    "recipient domain {domain} by {helo}",
    "connect to {helo}",
    "connected to {helo}",
    "deliver to {helo}",
    "host: {helo}",
    "remote-mta: dns; {helo}",
    "server {helo}",
    "mx = {helo}",
    "server at {helo}",
    "rejected by {helo}",
    "remote host {helo}",
    "generating server: {helo}",
    /* the same as the last, as Exchange writes it in other languages */
    "server di generazione: {helo}",
    "servidor de geração: {helo}",
    "serwer generujący: {helo}",
    "создающий сервер: {helo}",
    "生成服务器: {helo}",
    "生成伺服器: {helo}",
    "생성 서버: {helo}",
    "oluşturan sunucu: {helo}",
    "genererande server: {helo}",
    "genererende server: {helo}",
    "generující server: {helo}",
    "servidor de generación: {helo}",
    "serveur de génération : {helo}",
    "generierender server: {helo}",
    "生成サーバー: {helo}",
    "luova palvelin: {helo}",
    "bronserver: {helo}",
};

/* settle_is_name - a host has a dot and no "@" */
static bool settle_is_name(struct span host)
{
    ptrdiff_t dot = span_find(host, '.');

    return dot > 0 && (size_t)dot + 1 < host.len && span_find(host, '@') < 0 &&
           span_find(host, '/') < 0;
}

/* host_before - "mx.example.net [192.0.2.1] did not like our RCPT TO", as DragonFly writes; or
 * NULL */
static const char *host_before(struct arena *arena, struct span folded)
{
    ptrdiff_t at = span_find_nocase(folded, "] did not like our");
    struct span before = span_sub(folded, 0, at < 0 ? 0 : (size_t)at);
    ptrdiff_t open = span_find_last(before, '[');
    struct span host = span_trim(span_sub(before, 0, open < 0 ? 0 : (size_t)open));
    ptrdiff_t blank = span_find_last(host, ' ');

    host = span_from(host, (size_t)(blank + 1));
    return settle_is_name(host) ? arena_strdup_span(arena, host) : NULL;
}

/* host_in_error - "mx.example.net gave this error:", as Exchange writes about other servers,
 * where the "Generating server" is the sender's own; NULL */
static const char *host_in_error(struct arena *arena, struct span folded)
{
    ptrdiff_t at = span_find_nocase(folded, " gave this error");
    struct span host = span_trim(span_sub(folded, 0, at < 0 ? 0 : (size_t)at));

    host = span_from(host, (size_t)(span_find_last(host, ' ') + 1));
    return settle_is_name(host) ? arena_strdup_span(arena, host) : NULL;
}

/* settle_host - the host that a text names; NULL: none */
static const char *settle_host(struct arena *arena, struct span text)
{
    struct span folded = reply_text_fold(arena, reply_text_clean(arena, text));
    struct reply_match match;

    if (host_in_error(arena, folded) != NULL)
        return host_in_error(arena, folded);
    for (size_t i = 0; i < COUNT_OF(settle_host_words); i++) {
        struct span host = {0};
        size_t len = 0;

        if (!reply_phrase_find(settle_host_words[i], folded, &match))
            continue;
        host = match.facts[REPLY_FACT_HELO];
        while (len < host.len && (ascii_is_alnum(host.at[len]) || host.at[len] == '-' ||
                                  host.at[len] == '.' || host.at[len] == '_'))
            len++;
        while (len > 0 && host.at[len - 1] == '.')
            len--;
        if (settle_is_name(span_sub(host, 0, len)) &&
            !span_starts_with(span_from(folded, match.at + match.len), " not found"))
            return arena_strdup_span(arena, span_sub(host, 0, len));
    }
    return host_before(arena, folded);
}

/* settle_add - one more text, unless it is empty */
static void settle_add(struct settle_texts *texts, struct span text)
{
    if (span_trim(text).len > 0 && texts->count < SETTLE_TEXTS)
        texts->list[texts->count++] = text;
}

/* first_paragraph - up to the first empty line after some text */
static struct span first_paragraph(struct span text)
{
    size_t at = 0;
    bool has_text = false;

    while (at < text.len) {
        struct span rest = span_from(text, at);
        struct span line = span_cut(&rest, '\n');
        bool is_empty = span_trim(line).len == 0 || span_equal_text(span_trim(line), ":");

        if (is_empty && has_text)
            return span_sub(text, 0, at);
        has_text |= !is_empty;
        at += line.len + 1;
    }
    return text;
}

/* behind_marks - a line of a transcript without its prefix */
static struct span behind_marks(struct span line)
{
    static const char *const marks[] = {"<<<", ">>>", "Out:", "Received >>>", "SMTP error:"};

    line = span_trim(line);
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (span_starts_with(line, marks[i]))
            return span_trim(span_from(line, strlen(marks[i])));
    return line;
}

/* transcript_of - lines of replies that name the recipient, or all where it is the only one */
static struct span transcript_of(struct bounce_reader *in, const struct bounce_draft *draft)
{
    struct sbuf out = sbuf_start(in->arena);
    struct span rest = span_sub(in->everything, 0, LIMIT_REPLY_BYTES);

    while (rest.len > 0) {
        struct span line = behind_marks(span_cut(&rest, '\n'));

        if (!bounce_code_at(line) ||
            (in->count > 1 && (draft->said.address[0] == '\0' ||
                               span_find_nocase(line, draft->said.address) < 0)))
            continue;
        sbuf_add_span(&out, line);
        sbuf_add_octet(&out, '\n');
    }
    return sbuf_span(&out);
}

/* settle_cause - the cause, whatever the text says */
static void settle_cause(struct reply_class *class, enum reply_cause_id cause_id)
{
    class->cause_id = cause_id;
    class->cause = reply_cause_get(cause_id);
    class->means = class->cause->means;
    class->todo = class->cause->todo;
    class->because = "";
    class->move = class->cause->move;
}

/* settle_domain - a domain that the reporter itself did not find is the recipient's */
static void settle_domain(struct reply_class *class)
{
    if (class->input.code == 0 && class->cause_id == REPLY_CAUSE_SENDER_DOMAIN)
        settle_cause(class, REPLY_CAUSE_RECIPIENT_DOMAIN);
}

/* is_vague - a word in prose means little, one in a reply does not */
static bool is_vague(const struct reply_class *class)
{
    return class->evidence == REPLY_BY_WORD && class->input.code == 0 &&
           (class->input.enhanced.kind == 0 || class->input.enhanced.subject != 7);
}

/* settle_class - one text classified, with what the fields say */
static const struct reply_class *
settle_class(struct bounce_reader *in, const struct bounce_draft *draft, struct span text)
{
    struct reply_class *class = NULL;
    struct reply_input input;

    reply_input_read(in->arena, text, &input);
    if (draft->said.host != NULL)
        input.host = draft->said.host;
    if (input.enhanced.kind == 0 && draft->status.kind != 0 &&
        (input.code < 100 || input.code / 100 == draft->status.kind))
        input.enhanced = draft->status;
    class = reply_classify(in->arena, &input);
    if (is_vague(class)) {
        input.text = span_of("");
        class = reply_classify(in->arena, &input);
    }
    settle_domain(class);
    return class;
}

/* is_settled - no other text has to be asked */
static bool is_settled(const struct reply_class *class)
{
    return class->evidence >= REPLY_BY_WORD;
}

/* settle_best - the class of the first text that is known, else the one with most evidence */
static const struct reply_class *settle_best(struct bounce_reader *in,
                                             const struct bounce_draft *draft,
                                             const struct settle_texts *texts)
{
    const struct reply_class *best = NULL;

    for (size_t i = 0; i < texts->count; i++) {
        const struct reply_class *class = settle_class(in, draft, texts->list[i]);

        if (best == NULL || class->evidence > best->evidence)
            best = class;
        if (is_settled(best))
            return best;
    }
    return best != NULL ? best : settle_class(in, draft, span_of(""));
}

/* settle_codes - the reply code of the nearest text counts, wherever the cause comes from */
static void settle_codes(struct bounce_reader *in, const struct bounce_draft *draft,
                         const struct settle_texts *texts, struct reply_class *class)
{
    for (size_t i = 0; i < texts->count && class->input.code == 0; i++) {
        struct reply_input input;

        reply_input_read(in->arena, texts->list[i], &input);
        if (input.code != 0) {
            class->input.code = input.code;
            if (class->input.enhanced.kind == 0)
                class->input.enhanced = input.enhanced;
        }
    }
    if (class->input.enhanced.kind == 0)
        class->input.enhanced = draft->status;
}

/* settle_receiver - by the recipient's domain */
static const struct reply_speaker *settle_receiver(struct bounce_reader *in,
                                                   const struct bounce_draft *draft)
{
    const char *at = strrchr(draft->said.address, '@');
    struct reply_input input = {.text = span_of("")};

    if (at == NULL)
        return NULL;
    input.host = arena_strdup_span(in->arena, reply_text_fold(in->arena, span_of(at + 1)));
    return reply_classify(in->arena, &input)->receiver;
}

/* settle_is_signed - the host, or words that nobody else writes, show the receiver; a phrase
 * alone does not where a host of another name answered */
static bool settle_is_signed(struct arena *arena, const struct reply_class *class,
                             const char *host)
{
    struct reply_input input = {.text = span_of(""), .host = host};
    struct span folded = reply_text_fold(arena, class->input.text);
    struct reply_match match;

    if (reply_classify(arena, &input)->receiver == class->receiver)
        return true;
    for (const char *const *sign = class->receiver->signs; *sign != NULL; sign++)
        if (reply_phrase_find(*sign, folded, &match))
            return true;
    return false;
}

/* settle_shown - the nearest text, without the marks after the address */
static struct span settle_shown(struct arena *arena, const struct settle_texts *texts)
{
    struct span text = texts->count > 0 ? texts->list[0] : span_of("");

    while (text.len > 0 && strchr(":.-=_*| \t\r\n", text.at[0]) != NULL && text.at[0] != '\0')
        text = span_from(text, 1);
    return reply_text_clean(arena, span_sub(text, 0, LIMIT_BOUNCE_TEXT));
}

/* settle_words - what the reply says, if a text is one */
static struct span settle_words(struct arena *arena, struct span text)
{
    struct reply_input input;

    reply_input_read(arena, text, &input);
    return input.code >= 100 && input.text.len > 0 ? input.text : text;
}

/* settle_one - everything about one recipient */
static void settle_one(struct bounce_reader *in, struct bounce_draft *draft)
{
    struct settle_texts texts = {.count = 0};
    struct reply_class *class = arena_new_of(in->arena, struct reply_class);
    struct span transcript = transcript_of(in, draft);

    settle_add(&texts, draft->diagnostic);
    settle_add(&texts, first_paragraph(draft->excerpt));
    settle_add(&texts, transcript);
    settle_add(&texts, draft->excerpt);
    if (in->count == 1 || (texts.count == 0 && in->count <= SETTLE_SHARED))
        settle_add(&texts, span_sub(in->everything, 0, SETTLE_LONG));
    for (size_t i = 0; i < texts.count && draft->said.host == NULL; i++)
        draft->said.host = settle_host(in->arena, texts.list[i]);
    *class = *settle_best(in, draft, &texts);
    settle_codes(in, draft, &texts, class);
    if (draft->cause < REPLY_CAUSES) {
        settle_cause(class, draft->cause);
        class->evidence = REPLY_BY_MARK;
        class->confidence = REPLY_HIGH;
        class->phrase = NULL;
        class->row = NULL;
        class->finality = REPLY_NO_FAILURE;
    }
    if (class->receiver != NULL && draft->said.host != NULL &&
        !settle_is_signed(in->arena, class, draft->said.host))
        class->receiver = NULL;
    if (class->receiver == NULL)
        class->receiver = settle_receiver(in, draft);
    draft->said.class = class;
    draft->said.text = settle_shown(in->arena, &texts);
    draft->said.words = settle_words(in->arena, draft->said.text);
    if (draft->said.reporter == NULL)
        draft->said.reporter = in->reporter;
    if (!draft->said.has_time && in->has_time) {
        draft->said.has_time = true;
        draft->said.time = in->time;
    }
}

void bounce_settle(struct bounce_reader *in)
{
    struct bounce *out = in->out;

    for (size_t i = 0; i < in->count; i++) {
        settle_one(in, &in->drafts[i]);
        arena_append(in->arena, out->recipients, out->count, in->drafts[i].said);
    }
}
