/* Trace fields as the large servers write them, the hop that is taken from them, and results.
 */
#include "unit.h"

#include "base/limits.h"
#include "base/sbuf.h"
#include "mail/mail_message.h"
#include "mail/mail_trace.h"

/* a message of the given header lines (LF), read */
static struct mail_trace *trace_of(void **state, const char *header)
{
    const char *text = arena_printf(*state, "%s\nbody\n", header);
    struct mail_message *message = mail_message_parse(*state, span_of(text));

    return mail_trace_parse(*state, message, NULL);
}

static const char *text_of(void **state, const struct ip_address *address)
{
    return address->family == IP_NONE ? "none" : ip_to_text(*state, address);
}

static const char *or_none(const char *text)
{
    return text == NULL ? "none" : text;
}

struct hop_case {
    const char *value; /* of the Received field */
    const char *from;
    const char *client;
    const char *by;
    const char *protocol;
};

static const struct hop_case hop_cases[] = {
    /* Postfix */
    {"from helo.example.com (rdns.example.com [192.0.2.1])\n"
     "\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)\n"
     "\t key-exchange X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256)\n"
     "\t(Client did not present a certificate)\n"
     "\tby mx.example.net (Postfix) with ESMTPS id 4WxyZ1\n"
     "\tfor <joe@example.net>; Mon, 23 Nov 2026 10:00:00 +0000 (UTC)",
     "helo.example.com", "192.0.2.1", "mx.example.net", "ESMTPS"},
    {"from helo (unknown [IPv6:2001:db8::1]) by mx.example.net (Postfix) with ESMTP id 1; x",
     "helo", "2001:db8::1", "mx.example.net", "ESMTP"},
    {"from [10.0.0.5] (rdns.example.com [192.0.2.1]) (Authenticated sender: joe)\n"
     " by mx.example.net (Postfix) with ESMTPSA id 1; x",
     "[10.0.0.5]", "192.0.2.1", "mx.example.net", "ESMTPSA"},
    {"by mx.example.net (Postfix, from userid 1000) id ABC; x", "none", "none",
     "mx.example.net", "none"},
    /* Sendmail */
    {"from helo.example.com (rdns.example.com [192.0.2.1] (may be forged))\n"
     "\tby mx.example.net (8.17.1/8.17.1) with ESMTP id 3ANA; x",
     "helo.example.com", "192.0.2.1", "mx.example.net", "ESMTP"},
    {"from helo.example.com ([IPv6:2001:db8:0:0:0:0:0:1]) by mx (8.15.2) with ESMTP; x",
     "helo.example.com", "2001:db8::1", "mx", "ESMTP"},
    {"(from joe@localhost) by mx.example.net (8.15.2/Submit) id 1; x", "none", "none",
     "mx.example.net", "none"},
    /* Exim */
    {"from [192.0.2.1] (helo=helo.example.com)\n\tby mx.example.net with esmtp (Exim 4.96)\n"
     "\t(envelope-from <joe@example.com>)\n\tid 1abc-0002; x",
     "helo.example.com", "192.0.2.1", "mx.example.net", "esmtp"},
    {"from rdns.example.com ([192.0.2.1]:41234 helo=helo.example.com)\n"
     "\tby mx.example.net with esmtps (TLS1.3) tls TLS_AES_256_GCM_SHA384 (Exim 4.96) id 1; x",
     "helo.example.com", "192.0.2.1", "mx.example.net", "esmtps"},
    {"from rdns.example.com ([192.0.2.1]) by mx.example.net with esmtp (Exim) id 1; x",
     "rdns.example.com", "192.0.2.1", "mx.example.net", "esmtp"},
    {"from [192.0.2.1] (port=41234 helo=[10.0.0.5]) by mx with esmtpa id 1; x", "[10.0.0.5]",
     "192.0.2.1", "mx", "esmtpa"},
    {"from rdns.example.com ([2001:db8::1] helo=h) by mx with esmtp; x", "h", "2001:db8::1",
     "mx", "esmtp"},
    {"from joe by mx.example.net with local (Exim 4.96) id 1; x", "joe", "none",
     "mx.example.net", "local"},
    /* Microsoft */
    {"from mail.example.com (192.0.2.1) by\n"
     " AM1EUR01FT001.mail.protection.outlook.com (10.152.0.1) with Microsoft SMTP\n"
     " Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id\n"
     " 15.20.8182.16 via Frontend Transport; x",
     "mail.example.com", "192.0.2.1", "AM1EUR01FT001.mail.protection.outlook.com",
     "Microsoft SMTP Server"},
    {"from A.prod.outlook.com (2001:db8:10a6::1)\n by B.prod.outlook.com with HTTPS; x",
     "A.prod.outlook.com", "2001:db8:10a6::1", "B.prod.outlook.com", "HTTPS"},
    {"from A.prod.outlook.com ([fe80::1]) by A.prod.outlook.com ([fe80::1%4]) with mapi id 15;",
     "A.prod.outlook.com", "fe80::1", "A.prod.outlook.com", "mapi"},
    /* Gmail */
    {"by 2002:a05:6a10:1234:b0:1:2:3 with SMTP id abc;\n        Mon, 23 Nov 2026", "none",
     "none", "2002:a05:6a10:1234:b0:1:2:3", "SMTP"},
    {"from mail.example.com (mail.example.com. [192.0.2.1])\n"
     "        by mx.google.com with ESMTPS id abc\n        for <joe@example.net>\n"
     "        (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);\n        Mon",
     "mail.example.com", "192.0.2.1", "mx.google.com", "ESMTPS"},
    {"from [192.168.1.5] (host.example.com. [192.0.2.1]) by smtp.example.net with ESMTPSA; x",
     "[192.168.1.5]", "192.0.2.1", "smtp.example.net", "ESMTPSA"},
    /* Yahoo */
    {"from 192.0.2.1 (EHLO mail.example.com)\n by 10.197.1.2 with SMTPs; x", "mail.example.com",
     "192.0.2.1", "10.197.1.2", "SMTPs"},
    /* qmail */
    {"from unknown (HELO mail.example.com) (192.0.2.1)\n  by mx.example.net with SMTP; 23 Nov",
     "mail.example.com", "192.0.2.1", "mx.example.net", "SMTP"},
    {"from rdns.example.com (HELO mail.example.com) (joe@192.0.2.1) by mx with ESMTPA; x",
     "mail.example.com", "192.0.2.1", "mx", "ESMTPA"},
    {"from rdns.example.com (192.0.2.1) by mx with SMTP; x", "rdns.example.com", "192.0.2.1",
     "mx", "SMTP"},
    {"from unknown (192.0.2.1) by mx with SMTP; x", "none", "192.0.2.1", "mx", "SMTP"},
    {"(qmail 12345 invoked from network); 23 Nov 2026 10:00:00 -0000", "none", "none", "none",
     "none"},
    {"(qmail 12345 invoked by uid 89); x", "none", "none", "none", "none"},
    /* Courier, others, and odd ones */
    {"from mail.example.com (rdns.example.com [::ffff:192.0.2.1])\n  (TLS: TLSv1.3,256bits)\n"
     "  by mx with ESMTPS; x",
     "mail.example.com", "192.0.2.1", "mx", "ESMTPS"},
    {"from mail.example.com [192.0.2.1] by mx with ESMTP; x", "mail.example.com", "192.0.2.1",
     "mx", "ESMTP"},
    {"from mail.example.com[192.0.2.1] by mx; x", "mail.example.com", "192.0.2.1", "mx",
     "none"},
    {"from [192.0.2.1] by mx with ESMTP; x", "[192.0.2.1]", "192.0.2.1", "mx", "ESMTP"},
    {"FROM a BY b WITH c; x", "a", "none", "b", "c"},
    {"from by by mx; x", "by", "none", "mx", "none"},
    {"from a (comment (nested [192.0.2.9]) \\) more) by b; x", "a", "192.0.2.9", "b", "none"},
    {"from a by b (b [192.0.2.9]) with c; x", "a", "none", "b", "c"},
    {"from a ([999.0.2.1]) by b; x", "a", "none", "b", "none"},
    {"from a ([192.0.2.1) by b; x", "a", "none", "b", "none"},
    {"from a (never closed [192.0.2.1] by b; x", "a", "192.0.2.1", "none", "none"},
    {"from a\x1b[2J\x01 ([192.0.2.1]) by \xff; x", "a\\x1b[2J\\x01", "192.0.2.1", "\\xff",
     "none"},
    {"", "none", "none", "none", "none"},
    {"; x", "none", "none", "none", "none"},
    {"from", "none", "none", "none", "none"},
};

static void received_fields_of_every_hand_are_read(void **state)
{
    for (size_t i = 0; i < COUNT_OF(hop_cases); i++) {
        const struct hop_case *one = &hop_cases[i];
        struct mail_trace *trace =
            trace_of(state, arena_printf(*state, "Received: %s\n", one->value));
        const struct mail_hop *hop = &trace->hops[0];

        assert_int_equal(trace->hop_count, 1);
        if (strcmp(or_none(hop->from), one->from) != 0)
            fail_msg("%s\nfrom: %s", one->value, or_none(hop->from));
        if (strcmp(text_of(state, &hop->client), one->client) != 0)
            fail_msg("%s\nclient: %s", one->value, text_of(state, &hop->client));
        if (strcmp(or_none(hop->by), one->by) != 0)
            fail_msg("%s\nby: %s", one->value, or_none(hop->by));
        if (strcmp(or_none(hop->protocol), one->protocol) != 0)
            fail_msg("%s\nprotocol: %s", one->value, or_none(hop->protocol));
    }
}

struct envelope_case {
    const char *header;
    const char *client;
    const char *helo;
    const char *mail_from; /* "none" or what stands inside <> */
    const char *client_origin;
    const char *mail_from_origin;
    const char *note;
};

static const struct envelope_case envelope_cases[] = {
    {"Return-Path: <joe@example.com>\n"
     "Received: from helo.example.com (rdns.example.com [192.0.2.1]) by mx.example.net; x\n",
     "192.0.2.1", "helo.example.com", "joe@example.com", "Received field 1 (line 2)",
     "Return-Path (line 1)",
     "took the client 192.0.2.1 from Received field 1 (line 2): it is the first transfer "
     "between organisations"},
    {"Received: from localhost (localhost [127.0.0.1])\n\tby mx.example.net; x\n"
     "Received: from relay (relay [10.1.2.3]) by filter.example.net; x\n"
     "Subject: x\n"
     "Received: from helo.example.com (rdns.example.com [192.0.2.1]) by mx.example.net; x\n"
     "Received: from laptop (home [203.0.113.9]) by helo.example.com; x\n",
     "192.0.2.1", "helo.example.com", "none", "Received field 3 (line 5)", "none",
     "took the client 192.0.2.1 from Received field 3 (line 5): it is the first transfer "
     "between organisations; the fields above are not (1: private address 127.0.0.1, 2: "
     "private "
     "address 10.1.2.3)"},
    {"Received: by 2002:a05:6a10:1:b0:1:2:3 with SMTP id abc; x\n"
     "Return-Path: <>\n"
     "Received: from mail.example.com (mail.example.com. [2001:db8::1]) by mx.google.com; x\n",
     "2001:db8::1", "mail.example.com", "", "Received field 2 (line 3)", "Return-Path (line 2)",
     "took the client 2001:db8::1 from Received field 2 (line 3): it is the first transfer "
     "between organisations; the field above is not (1: no client address)"},
    {"Received: from a (a [10.0.0.1]) by b; x\nReceived: by b; x\n", "none", "none", "none",
     "none", "none",
     "none of the 2 Received fields is a transfer between organisations (1: private address "
     "10.0.0.1, 2: no client address)"},
    {"Subject: x\n", "none", "none", "none", "none", "none",
     "the message has no Received field, so its client is not known"},
    /* Received-SPF where Received shows nothing */
    {"Received-SPF: pass (mx.example.net: domain of joe@example.com designates 192.0.2.7 as\n"
     " permitted sender) client-ip=192.0.2.7; envelope-from=\"joe@example.com\";\n"
     " helo=mail.example.com; receiver=mx.example.net;\n"
     "Received: by mx.example.net; x\n",
     "192.0.2.7", "mail.example.com", "joe@example.com", "Received-SPF (line 1)",
     "Received-SPF (line 1)",
     "took the client 192.0.2.7 from Received-SPF (line 1), a guess: no Received field shows a "
     "client of SMTP"},
    {"Received-SPF: none client-ip=10.0.0.1; helo=x\n", "none", "none", "none", "none", "none",
     "the message has no Received field, so its client is not known"},
    /* HELO from Received-SPF */
    {"Received: from unknown (192.0.2.1) by mx with SMTP; x\n"
     "Received-SPF: softfail client-ip=192.0.2.1; helo=mail.example.com;\n"
     " envelope-from=<joe@example.com>\n",
     "192.0.2.1", "mail.example.com", "joe@example.com", "Received field 1 (line 1)",
     "Received-SPF (line 2)",
     "took the client 192.0.2.1 from Received field 1 (line 1): Received-SPF (line 2) names "
     "it; "
     "its HELO name is from Received-SPF (line 2)"},
    /* a provider that relays inside over public addresses */
    {"Received: from A.prod.provider.example (2001:db8:10a6::1) by B.prod.provider.example; x\n"
     "Received: from B.eop.provider.example (2001:db8:10a6::2) by A.provider.example; x\n"
     "Received-SPF: Pass (protection.provider.example: domain of example.com designates\n"
     " 192.0.2.1 as permitted sender) receiver=protection.provider.example;\n"
     " client-ip=192.0.2.1; helo=mail.example.com; pr=C\n"
     "Received: from mail.example.com (192.0.2.1) by B.mail.provider.example (10.1.1.1); x\n"
     "Return-Path: joe@example.com\n",
     "192.0.2.1", "mail.example.com", "joe@example.com", "Received field 3 (line 6)",
     "Return-Path (line 7)",
     "took the client 192.0.2.1 from Received field 3 (line 6): Received-SPF (line 3) names "
     "it"},
    /* but a lower field is not believed when a stranger stands between */
    {"Received: from evil.example (evil.example [203.0.113.66]) by mx.example.net; x\n"
     "Received-SPF: pass client-ip=192.0.2.1; helo=mail.example.com\n"
     "Received: from mail.example.com (192.0.2.1) by evil.example; x\n",
     "203.0.113.66", "evil.example", "none", "Received field 1 (line 1)", "none",
     "took the client 203.0.113.66 from Received field 1 (line 1): it is the first transfer "
     "between organisations; the client is a forwarder (it took the message in by the field in "
     "line 3)"},
    /* the sender in Exim's words */
    {"Received: from [192.0.2.1] (helo=h.example) by mx with esmtp (Exim 4.96)\n"
     " (envelope-from <joe@example.com>) id 1; x\n",
     "192.0.2.1", "h.example", "joe@example.com", "Received field 1 (line 1)",
     "Received field 1 (line 1)",
     "took the client 192.0.2.1 from Received field 1 (line 1): it is the first transfer "
     "between organisations"},
    {"Return-Path: nonsense\nReceived: from [192.0.2.1] (helo=h.example) by mx; x\n",
     "192.0.2.1", "h.example", "none", "Received field 1 (line 2)", "none",
     "took the client 192.0.2.1 from Received field 1 (line 2): it is the first transfer "
     "between organisations"},
    {"RETURN-PATH: <a@example.com>\nReturn-Path: <b@example.com>\n", "none", "none",
     "a@example.com", "none", "Return-Path (line 1)",
     "the message has no Received field, so its client is not known"},
};

static void the_envelope_is_taken_from_the_border(void **state)
{
    for (size_t i = 0; i < COUNT_OF(envelope_cases); i++) {
        const struct envelope_case *one = &envelope_cases[i];
        const struct mail_envelope *got = &trace_of(state, one->header)->envelope;

        assert_string_equal(got->note, one->note);
        assert_string_equal(text_of(state, &got->client), one->client);
        assert_string_equal(or_none(got->helo), one->helo);
        assert_string_equal(or_none(got->mail_from), one->mail_from);
        assert_string_equal(or_none(got->client_origin), one->client_origin);
        assert_string_equal(or_none(got->mail_from_origin), one->mail_from_origin);
    }
}

struct result_case {
    const char *server;
    const char *method;
    const char *result;
    const char *properties;
};

static void assert_results(void **state, const char *value, const struct result_case *expected,
                           size_t count)
{
    struct mail_trace *trace =
        trace_of(state, arena_printf(*state, "X: y\nAuthentication-Results: %s\n", value));
    const struct mail_auth_result *result = trace->auth_results;

    for (size_t i = 0; i < count; i++, result = result->next) {
        if (result == NULL)
            fail_msg("%s\nonly %zu results", value, i);
        assert_string_equal(result->server, expected[i].server);
        assert_string_equal(result->method, expected[i].method);
        assert_string_equal(result->result, expected[i].result);
        assert_string_equal(result->properties, expected[i].properties);
        assert_int_equal(result->line, 2);
    }
    assert_null(result);
}

/* RFC 8601, appendix B, and what large receivers write */
static void authentication_results_are_read(void **state)
{
    const struct result_case standard[] = {
        {"example.com", "auth", "pass", "smtp.auth=sender@example.net"},
        {"example.com", "spf", "pass", "smtp.mailfrom=example.net"},
    };
    const struct result_case versions[] = {
        {"foo.example.net", "dkim", "fail",
         "reason=\"bad; signature\" policy.expired=1362471462"},
    };
    const struct result_case google[] = {
        {"mx.google.com", "dkim", "pass",
         "header.i=@example.com header.s=sel header.b=\"AbC/d+e=\""},
        {"mx.google.com", "spf", "pass", "smtp.mailfrom=joe@example.com"},
        {"mx.google.com", "dmarc", "pass", "header.from=example.com"},
    };
    const struct result_case microsoft[] = {
        {"", "spf", "pass", "smtp.mailfrom=example.com"},
        {"", "dkim", "pass", "header.d=example.com"},
        {"", "dmarc", "pass", "action=none header.from=example.com"},
        {"", "compauth", "pass", "reason=100"},
    };

    assert_results(state,
                   "example.com;\n auth=pass (cram-md5) smtp.auth=sender@example.net;\n"
                   " SPF=Pass smtp.mailfrom=example.net",
                   standard, COUNT_OF(standard));
    assert_results(state,
                   "foo.example.net (foobar) 1 (baz);\n dkim (Because I like it) / 1 "
                   "(One yay) = (wait for it) fail\n reason=\"bad; signature\"\n policy "
                   "(A dot can go here) . (like that) expired\n (this surprised me) = (as "
                   "I wasn't expecting it) 1362471462",
                   versions, COUNT_OF(versions));
    assert_results(state,
                   "mx.google.com;\n       dkim=pass header.i=@example.com header.s=sel "
                   "header.b=\"AbC/d+e=\";\n       spf=pass (google.com: domain of "
                   "joe@example.com designates 192.0.2.1 as permitted sender) "
                   "smtp.mailfrom=joe@example.com;\n       dmarc=pass (p=NONE sp=NONE "
                   "dis=NONE) header.from=example.com",
                   google, COUNT_OF(google));
    assert_results(state,
                   "spf=pass (sender IP is 192.0.2.1)\n smtp.mailfrom=example.com; "
                   "dkim=pass (signature was verified)\n header.d=example.com;dmarc=pass "
                   "action=none\n header.from=example.com;compauth=pass reason=100",
                   microsoft, COUNT_OF(microsoft));
}

static void results_that_are_none_or_nonsense_are_skipped(void **state)
{
    const struct result_case rest[] = {{"example.com", "spf", "pass", ""}};
    const struct result_case cut[] = {{"example.com", "spf", "pass", ""},
                                      {"example.com", "dkim", "pass", ""}};
    const struct result_case quoted[] = {{"example com", "spf", "none", ""}};

    assert_results(state, "example.com 1; none", NULL, 0);
    assert_results(state, "example.com; none", NULL, 0);
    assert_results(state, "", NULL, 0);
    assert_results(state, ";;;", NULL, 0);
    assert_results(state, "example.com; =pass; dkim=; foo bar; spf=pass", rest, 1);
    assert_results(state, "example.com; spf=pass; dkim=pass (never closed", cut, 2);
    assert_results(state, "\"example com\"; spf=none", quoted, 1);
}

static void results_of_several_fields_are_one_list(void **state)
{
    struct mail_trace *trace =
        trace_of(state, "Authentication-Results: a.example; spf=pass\n"
                        "Authentication-Results: b.example; none\n"
                        "authentication-results: c.example; dkim=fail\n");

    assert_string_equal(trace->auth_results->server, "a.example");
    assert_int_equal(trace->auth_results->line, 1);
    assert_string_equal(trace->auth_results->next->server, "c.example");
    assert_int_equal(trace->auth_results->next->line, 3);
    assert_null(trace->auth_results->next->next);
}

static void shown_text_is_escaped(void **state)
{
    struct mail_trace *trace = trace_of(
        state, "Authentication-Results: a\xc2\xad\xe2\x80\xae.example; spf=pa\xe2\x80\x8b"
               "ss x.y=\"\x1b[31m\"\n"
               "Received: from a\x1b]0;x by b\x01; x\n");

    assert_string_equal(trace->auth_results->server, "a\\u{ad}\\u{202e}.example");
    assert_string_equal(trace->auth_results->result, "pa\\u{200b}ss");
    assert_string_equal(trace->auth_results->properties, "x.y=\"\\x1b[31m\"");
    assert_string_equal(trace->hops[0].from, "a\\x1b]0");
}

static void long_fields_are_read_in_time(void **state)
{
    static const char *const units[] = {"(",     "[",       "([", "helo=", "a ", "((",
                                        "from ", "with x ", "=",  "a=b ",  "\"", "; a=b"};
    static const char *const names[] = {"Received: from x ", "Received: by b with c ",
                                        "Authentication-Results: x; ", "Received-SPF: pass "};

    for (size_t i = 0; i < COUNT_OF(units) * COUNT_OF(names); i++) {
        struct arena *arena = arena_open();
        const char *name = names[i % COUNT_OF(names)];
        const char *unit = units[i / COUNT_OF(names)];
        size_t len = 40000;
        char *text = arena_alloc(arena, len + 2);
        struct mail_message *message = NULL;

        for (size_t at = 0; at < len; at++)
            text[at] = unit[at % strlen(unit)];
        memcpy(text, name, strlen(name));
        text[len] = '\n';
        text[len + 1] = '\n';
        message = mail_message_parse(arena, span_make(text, len + 2));
        assert_non_null(mail_trace_parse(arena, message, NULL)->envelope.note);
        arena_close(arena);
    }
    (void)state;
}

/* trace_of_relays - so many hops over private addresses, and a public one below, which the field
 * on top names behind so many other addresses */
static const struct mail_client *trace_of_relays(void **state, size_t hops, size_t addresses)
{
    struct sbuf buf = sbuf_start(*state);

    sbuf_add(&buf, "Received-SPF: pass");
    for (size_t i = 0; i < addresses; i++)
        sbuf_addf(&buf, " 10.2.0.%zu", i);
    sbuf_add(&buf, " 192.0.2.1\n");
    for (size_t i = 0; i < hops; i++)
        sbuf_add(&buf, "Received: from a ([10.0.0.1]) by b with SMTP; x\n");
    sbuf_add(&buf, "Received: from a.example ([203.0.113.9]) by b.example with SMTP; x\n"
                   "Received: from c.example ([192.0.2.1]) by a.example with SMTP; x\n");
    return &trace_of(state, sbuf_text(&buf))->envelope.hop;
}

/* bound: LIMIT_HOPS both, LIMIT_RESULT_ADDRESSES both */
static void a_field_is_held_against_so_many_hops(void **state)
{
    assert_int_equal(trace_of_relays(state, LIMIT_HOPS - 2, 0)->kind, MAIL_CLIENT_NAMED);
    assert_int_equal(trace_of_relays(state, LIMIT_HOPS - 1, 0)->kind, MAIL_CLIENT_TRANSFER);
    assert_int_equal(trace_of_relays(state, 0, LIMIT_RESULT_ADDRESSES - 1)->kind,
                     MAIL_CLIENT_NAMED);
    assert_int_equal(trace_of_relays(state, 0, LIMIT_RESULT_ADDRESSES)->kind,
                     MAIL_CLIENT_TRANSFER);
}

static void mutated_fields_never_break_the_reader(void **state)
{
    static const char seed_text[] =
        "Return-Path: <joe@example.com>\n"
        "Received: from a (a [10.0.0.1] (x)) by b (c) with ESMTPS id 1; x\n"
        "Received-SPF: pass (x) client-ip=192.0.2.1; helo=\"h\"; envelope-from=<a@b.example>\n"
        "Received: from [192.0.2.1] (helo=h) (EHLO z) by m with esmtp (envelope-from <a@b>); "
        "x\n"
        "Authentication-Results: m (c) 1; spf=pass reason=\"x\" a.b=c@d; dkim/1=fail (x)\n\n";
    uint32_t seed = 8601;

    for (int round = 0; round < 3000; round++) {
        struct arena *arena = arena_open();
        char *text = arena_strdup(arena, seed_text);
        size_t len = strlen(text);
        struct mail_trace *trace = NULL;

        for (int i = 0; i < 1 + round % 9; i++) {
            seed = seed * 1664525U + 1013904223U;
            text[(seed >> 8) % len] = "\"\\()<>@,;:.[]=? \r\n\0\xc3\xff"
                                      "a"[(seed >> 24) % 22];
        }
        trace = mail_trace_parse(
            arena, mail_message_parse(arena, arena_span(arena, span_make(text, len))), NULL);
        assert_non_null(trace->envelope.note);
        for (const struct mail_auth_result *one = trace->auth_results; one != NULL;
             one = one->next)
            assert_true(one->method != NULL && one->result != NULL && one->properties != NULL);
        arena_close(arena);
    }
    (void)state;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, unit_open_arena, unit_close_arena)

struct recipient_case {
    const char *header;
    const char *rcpt;
    const char *origin;
};

static const struct recipient_case recipient_cases[] = {
    {"Delivered-To: joe@example.net\n"
     "Received: from a.example.com ([192.0.2.1]) by mx.example.net with ESMTP id 1\n"
     "\tfor <sales@example.net>; x\nTo: team@example.net\n",
     "sales@example.net", "\"for\" in Received field 1 (line 2)"},
    {"Received: from mx.example.net ([10.0.0.1]) by store.example.net with LMTP id 2\n"
     "\tfor <joe@example.net>; x\n"
     "Received: from a.example.com ([192.0.2.1]) by mx.example.net with ESMTP id 1; x\n",
     "joe@example.net", "\"for\" in Received field 1 (line 1)"},
    {"Received: from a.example.com ([192.0.2.1]) by mx.example.net with ESMTP id 1; x\n"
     "Received: from pc ([198.51.100.7]) by a.example.com with ESMTPSA id 0\n"
     "\tfor <other@example.org>; x\nDelivered-To: joe@example.net\n",
     "joe@example.net", "Delivered-To (line 4)"},
    {"X-Original-To: joe@example.net\nTo: a@example.net, b@example.net\n", "joe@example.net",
     "X-Original-To (line 1)"},
    {"X-Original-To: joe@example.net\nDelivered-To: box@example.net\n", "box@example.net",
     "Delivered-To (line 2)"},
    {"Received: from pc ([198.51.100.7]) by a.example.com with ESMTPSA id 0\n"
     "\tfor <other@example.org>; x\n",
     "other@example.org", "\"for\" in Received field 1 (line 1)"},
    {"To: Joe <joe@example.net>\n", "joe@example.net", "To (line 1), the only recipient there"},
    {"To: Joe <joe@example.net>\nCc: ann@example.net\n", NULL, NULL},
    {"To: joe@example.net, ann@example.net\n", NULL, NULL},
    {"To: undisclosed-recipients:;\n", NULL, NULL},
    {"Delivered-To: joe\nTo: <>\n", NULL, NULL},
    {"Subject: x\n", NULL, NULL},
};

static void the_recipient_comes_from_where_it_is_known_best(void **state)
{
    for (size_t i = 0; i < COUNT_OF(recipient_cases); i++) {
        const struct mail_trace *trace = trace_of(state, recipient_cases[i].header);

        assert_string_equal(or_none(trace->envelope.rcpt), or_none(recipient_cases[i].rcpt));
        assert_string_equal(or_none(trace->envelope.rcpt_origin),
                            or_none(recipient_cases[i].origin));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(received_fields_of_every_hand_are_read),
        TEST(the_envelope_is_taken_from_the_border),
        TEST(the_recipient_comes_from_where_it_is_known_best),
        TEST(authentication_results_are_read),
        TEST(results_that_are_none_or_nonsense_are_skipped),
        TEST(results_of_several_fields_are_one_list),
        TEST(shown_text_is_escaped),
        cmocka_unit_test(long_fields_are_read_in_time),
        TEST(a_field_is_held_against_so_many_hops),
        cmocka_unit_test(mutated_fields_never_break_the_reader),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
