#!/usr/bin/env python3
"""An SMTP server that does what real ones refuse to do wrong.

usage: scripted.py BEHAVIOUR DIRECTORY [ADDRESS...]
       scripted.py all DIRECTORY

prints its port, serves at all addresses (127.0.0.1) until it is ended; "all" serves every behaviour,
each at a port of its own, and prints "BEHAVIOUR PORT" for each

DIRECTORY holds cert.pem and key.pem. Every line of a client is written to DIRECTORY/heard.
"""
import os
import select
import socket
import ssl
import sys
import time

EHLO = b"250-scripted.test\r\n250-SIZE 1000000\r\n250 HELP\r\n"
EHLO_TLS = b"250-scripted.test\r\n250-STARTTLS\r\n250 HELP\r\n"
EHLO_AUTH = b"250-scripted.test\r\n250 AUTH PLAIN LOGIN CRAM-MD5 XOAUTH2\r\n"

# handshake_failure, fatal: RFC 5246, 7.2
ALERT = b"\x15\x03\x01\x00\x02\x02\x28"

# behaviour: what differs from a plain server; by verb, "" is the greeting
BEHAVIOURS = {
    "plain": {},
    "implicit": {"implicit": True},
    "starttls": {"EHLO": EHLO_TLS, "tls": True},
    "auth_clear": {"EHLO": EHLO_AUTH},
    "auth_tls": {"EHLO": EHLO_TLS, "tls": True, "EHLO2": EHLO_AUTH},
    "bad_password": {"EHLO": EHLO_AUTH, "AUTH": b"535 5.7.8 wrong\r\n"},
    "no_mechanism": {"EHLO": EHLO_AUTH, "AUTH": b"504 5.5.4 no such mechanism\r\n"},
    "auth_down": {"EHLO": EHLO_AUTH, "AUTH": b"454 4.7.0 later\r\n"},
    "auth_wants_tls": {"EHLO": EHLO_AUTH, "AUTH": b"538 5.7.11 encrypt first\r\n"},
    "auth_echo": {"EHLO": EHLO_AUTH, "AUTH": "echo"},
    "starttls_refused": {"EHLO": EHLO_TLS, "STARTTLS": b"454 4.7.0 TLS not available\r\n"},
    "starttls_broken": {"EHLO": EHLO_TLS, "STARTTLS": b"220 go\r\nnot TLS at all\r\n"},
    "tls_alert": {"EHLO": EHLO_TLS, "STARTTLS": b"220 go\r\n" + ALERT},
    "tls_dies": {"EHLO": EHLO_TLS, "STARTTLS": b"220 go\r\n", "die": "STARTTLS"},
    "tls_old": {"EHLO": EHLO_TLS, "tls": True, "most": ssl.TLSVersion.TLSv1_1},
    "tls_mixed": {"EHLO": EHLO_TLS, "tls": True, "most": ssl.TLSVersion.TLSv1_3},
    "weak_key": {"EHLO": EHLO_TLS, "tls": True, "level": 0},
    "auth_refused": {"EHLO": EHLO_AUTH, "AUTH": b"554 5.7.0 not today\r\n"},
    "rset_refused": {"RSET": b"500 5.5.1 what?\r\n"},
    "quit_refused": {"QUIT": b"500 5.5.1 what?\r\n"},
    "quit_ignored": {"QUIT": "hang"},
    "quit_half": {"QUIT": b"221 by", "die": "QUIT"},
    "quit_garbled": {"QUIT": b"good bye\r\n"},
    "quit_dropped": {"QUIT": b"", "die": "QUIT"},
    "old_ciphers": {"EHLO": EHLO_TLS, "old": b"\x16\x03\x03\0\x2a\x02\0\0\x26\x03\x03"},
    "old_alert": {"EHLO": EHLO_TLS, "old": ALERT},
    "old_closed": {"EHLO": EHLO_TLS, "old": b""},
    "starttls_injected": {"EHLO": EHLO_TLS, "STARTTLS": b"220 go\r\n250 injected\r\n",
                          "tls_quietly": True},
    "refused": {"": b"554 5.7.1 no service for you\r\n"},
    "ehlo_refused": {"EHLO": b"501 5.5.4 bad name\r\n"},
    "no_such_user": {"RCPT": b"550 5.1.1 no such user\r\n"},
    "relay_denied": {"RCPT": b"554 5.7.1 <x>: Relay access denied\r\n"},
    "greylisted": {"RCPT": b"450 4.7.1 greylisted, come back\r\n"},
    "sender_refused": {"MAIL": b"550 5.7.1 not from there\r\n"},
    "slow_banner": {"pause": 5.5},
    "long_line": {"EHLO": b"250-" + b"x" * 600 + b"\r\n250 HELP\r\n"},
    "silent": {"": b""},
    "mute_ehlo": {"EHLO": b""},
    "dies": {"EHLO": b"250-scripted.test\r\n250-SI", "die": "EHLO"},
    "dies_at_once": {"": b"", "die": ""},
    "half": {"EHLO": b"250-scripted.test\r\n250-SI"},
    "out_of_step": {"": b"220 hello\r\n250 already\r\n"},
    "ssh": {"": b"SSH-2.0-OpenSSH_9.2p1\r\n"},
    "contradicts": {"MAIL": b"421 5.7.32 not aligned\r\n"},
    "stream": {"": "stream"},
    "drip": {"": "drip"},
    "lines": {"EHLO": "lines"},
    # refusals whose text says what the step does not: Postfix refuses clients, HELO and sender at RCPT
    "not_owned": {"RCPT": b"553 5.7.1 <other@sender.test>: Sender address rejected: not owned by user app\r\n"},
    "listed": {"RCPT": b"550 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org\r\n"},
    "listed_exim": {"RCPT": b"550 rejected because 192.0.2.1 is in a black list at dnsbl.list.example\r\n"},
    "spf": {"RCPT": b"550 5.7.23 SPF validation failed\r\n"},
    "unauthenticated": {"RCPT": b"550-5.7.26 This mail has been blocked because the sender is unauthenticated.\r\n"
                                b"550 5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM.\r\n"},
    "openspf": {"RCPT": b"550 5.7.1 <a@sender.test>: Sender address rejected: Please see http://www.openspf.org/Why?s=mfrom\r\n"},
    "banned": {"RCPT": b"550 5.7.606 Access denied, banned sending IP [192.0.2.1]\r\n"},
    "login_first": {"RCPT": b"530 5.7.1 Client was not authenticated\r\n"},
    "tenant": {"RCPT": b"550 5.7.64 TenantAttribution; Relay Access Denied\r\n"},
    "qmail": {"RCPT": b"553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)\r\n"},
    "haraka": {"RCPT": b"550 I cannot deliver mail for {<b@rcpt.test>}\r\n"},
    "full": {"RCPT": b"550 5.2.2 mailbox full\r\n"},
    "over_quota": {"RCPT": b"452 4.2.2 The email account that you tried to reach is over quota\r\n"},
    "wants_starttls": {"MAIL": b"530 5.7.0 Must issue a STARTTLS command first\r\n"},
    "wants_login": {"MAIL": b"530 5.7.0 Authentication required\r\n"},
    "no_domain": {"RCPT": b"450 4.1.8 <a@sender.test>: Sender address rejected: Domain not found\r\n"},
    "no_ptr": {"RCPT": b"450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.1]\r\n"},
    "misconfigured": {"RCPT": b"451 4.3.5 Server configuration error\r\n"},
    "no_storage": {"MAIL": b"452 4.3.1 Insufficient system storage\r\n"},
    "tss04": {"RCPT": b"421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or "
                      b"user complaints\r\n"},
    "tss09": {"MAIL": b"553 5.7.2 [TSS09] All messages from 192.0.2.1 will be permanently deferred\r\n"},
    "spf_dns": {"RCPT": b"451 SPF temporary DNS error\r\n"},
    "client_certificate": {"EHLO": b"421 4.7.1 scripted.test Error: No client certificate presented\r\n"},
    "helo_refused": {"RCPT": b"504 5.5.2 <x>: Helo command rejected: need fully-qualified hostname\r\n"},
    "helo_only": {"EHLO": b"502 5.5.1 Unrecognized command\r\n"},
    "helo_neither": {"EHLO": b"500 what?\r\n", "HELO": b"500 what?\r\n"},
    "greeting_busy": {"": b"421 4.7.0 scripted.test Error: too many connections from 192.0.2.1\r\n"},
    "greeting_later": {"": b"421 4.3.2 Service not available, closing\r\n"},
    "greeting_ptr": {"": b"554 scripted.test not accepting connections from 192.0.2.1: no PTR\r\n"},
    "greeting_reputation": {"": b"554-scripted.test\r\n554 Your access to this mail system has been rejected due to the "
                                b"sending MTA's poor reputation.\r\n"},
    "deferred": {"RCPT": b"451 4.0.0 zzz\r\n"},
    "edge": {"RCPT": b"550 5.4.1 Recipient address rejected: Access denied. AS(201806281)\r\n"},
    # logins
    "login_disabled": {"EHLO": EHLO_AUTH, "AUTH": b"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is "
                                                  b"disabled for the Tenant.\r\n"},
    "basic_disabled": {"EHLO": EHLO_AUTH,
                       "AUTH": b"535 5.7.139 Authentication unsuccessful, basic authentication is disabled.\r\n"},
    "app_password": {"EHLO": EHLO_AUTH, "AUTH": b"534-5.7.9 Application-specific password required.\r\n"
                                                b"534 5.7.9  https://support.google.com/mail/?p=InvalidSecondFactor\r\n"},
    "web_login": {"EHLO": EHLO_AUTH, "AUTH": b"534-5.7.14 <https://login.example/x> Please log in via\r\n"
                                             b"534 5.7.14 your web browser and then try again.\r\n"},
    "wrong_user": {"EHLO": EHLO_AUTH, "AUTH": b"530 5.7.57 Client not authenticated to send mail. Error: 535 5.7.139 "
                                              b"Authentication unsuccessful, the user credentials were incorrect.\r\n"},
    "token": {"EHLO": EHLO_AUTH, "AUTH": b"535 Authentication failed: The provided authorization grant is invalid, "
                                         b"expired, or revoked\r\n"},
    "country": {"EHLO": EHLO_AUTH, "AUTH": b"550 5.7.1 SMTP AUTH is not allowed from your country\r\n"},
    "account": {"EHLO": EHLO_AUTH, "AUTH": b"525 5.7.13 User account disabled\r\n"},
    "too_many_logins": {"EHLO": EHLO_AUTH, "AUTH": b"421 4.7.0 Too many failed login attempts, try again later\r\n"},
    "no_auth": {"EHLO": EHLO_AUTH, "AUTH": b"503 5.5.1 AUTH not available\r\n"},
    "other_auth": {"EHLO": b"250-scripted.test\r\n250 AUTH GSSAPI NTLM\r\n"},
    "xoauth2_only": {"EHLO": b"250-scripted.test\r\n250 AUTH XOAUTH2\r\n",
                     "AUTH": b"504 5.5.4 no such mechanism\r\n"},
    # what is no mail server, or not alone
    "imap": {"": b"* OK IMAP4rev1 ready\r\n"},
    "pop3": {"": b"+OK POP3 ready\r\n"},
    # a web server waits for a request, also behind TLS
    "web": {"": b"", "EHLO": b"", "QUIT": b"HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n"},
    "web_tls": {"implicit": True, "": b"", "QUIT": b"HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n"},
    "http": {"": b"HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n"},
    "inspected": {"": b"220 ****************************\r\n",
                  "EHLO": b"250-scripted.test\r\n250-XXXXXXXA\r\n250 HELP\r\n"},
    "escape": {"": b"220 \x1b[2J\x07hello\r\n"},
}


def log(line):
    with open(os.path.join(sys.argv[2], "heard"), "ab") as heard:
        heard.write(line)


def server_context(how):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if "level" in how:
        context.set_ciphers("DEFAULT@SECLEVEL=%d" % how["level"])
    context.load_cert_chain(os.path.join(sys.argv[2], "cert.pem"),
                            os.path.join(sys.argv[2], "key.pem"))
    if "most" in how:
        context.set_ciphers("DEFAULT@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = how["most"]
    return context


def say(link, what, line=b""):
    if what == "stream":
        while True:
            link.sendall(b"220" + b"x" * 4000)
    if what == "drip":
        while True:
            link.sendall(b"2")
            time.sleep(0.05)
    if what == "lines":
        while True:
            link.sendall(b"250-more\r\n")
    if what == "hang":
        link.recv(1)
        return
    if what == "echo":
        what = b"535 5.7.8 no: " + line.strip() + b"\r\n"
    link.sendall(what)


def login(link, words, reader):
    """Challenges for everything but PLAIN and XOAUTH2; any password but "wrong" is right."""
    if words[1] in (b"LOGIN", b"CRAM-MD5"):
        for _ in range(2 if words[1] == b"LOGIN" else 1):
            link.sendall(b"334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+\r\n")
            log(b"secret " + reader.readline())
    link.sendall(b"235 2.7.0 welcome\r\n")


def offered_old(link, old):
    """True: a modern client, whose handshake may begin. An offer of old ciphers is answered with
    what the behaviour has."""
    hello = b""
    while len(hello) < 11:
        hello = link.recv(4096, socket.MSG_PEEK)
        if not hello:
            return False
    is_modern = hello[0] == 22 and hello[9:11] == b"\x03\x03" and len(hello) > 150
    if is_modern:
        return True
    link.recv(4096)
    link.sendall(old)
    return False


def serve(link, how):
    is_encrypted = how.get("implicit", False)
    if is_encrypted:
        link = server_context(how).wrap_socket(link, server_side=True)
    time.sleep(how.get("pause", 0))
    say(link, how.get("", b"220 scripted.test ESMTP\r\n"))
    if how.get("die") == "":
        return
    reader = link.makefile("rb")
    while line := reader.readline():
        log(line)
        words = line.split()
        verb = words[0].upper().decode("latin-1") if words else ""
        name = "EHLO2" if verb == "EHLO" and is_encrypted and "EHLO2" in how else verb
        if verb == "AUTH" and "AUTH" not in how:
            login(link, words, reader)
            continue
        default = EHLO if verb == "EHLO" else b"221 bye\r\n" if verb == "QUIT" else b"250 ok\r\n"
        if verb == "STARTTLS" and "old" in how:
            link.sendall(b"220 go\r\n")
            if not offered_old(link, how["old"]):
                return
        if verb == "STARTTLS" and (how.get("tls") or "old" in how or how.get("tls_quietly")):
            if "old" not in how:
                link.sendall(how.get("STARTTLS", b"220 go\r\n"))
            link = server_context(how).wrap_socket(link, server_side=True)
            reader = link.makefile("rb")
            is_encrypted = True
            if name == "STARTTLS" and "EHLO2" not in how:
                how = dict(how, EHLO2=EHLO)
            continue
        say(link, how.get(name, default), line)
        if how.get("die") == verb:
            return
        if verb == "QUIT":
            return


def listen(addresses):
    """One port at all addresses."""
    listeners = []
    port = 0
    for address in addresses:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        listeners.append(socket.create_server((address, port), family=family))
        port = listeners[0].getsockname()[1]
    return listeners, port


def main():
    behaviours = {}  # by listener
    if sys.argv[1] == "all":
        lines = []
        for name, how in BEHAVIOURS.items():
            listeners, port = listen(["127.0.0.1"])
            behaviours[listeners[0]] = how
            lines.append(f"{name} {port}")
        print("\n".join(lines), "end 0", sep="\n", flush=True)
    else:
        listeners, port = listen(sys.argv[3:] or ["127.0.0.1"])
        behaviours = dict.fromkeys(listeners, BEHAVIOURS[sys.argv[1]])
        print(port, flush=True)
    while True:
        for listener in select.select(list(behaviours), [], [])[0]:
            link, _ = listener.accept()
            try:
                if os.fork() == 0:
                    serve(link, behaviours[listener])
                    os._exit(0)
            except (OSError, ssl.SSLError):
                os._exit(0)
            link.close()
        try:
            while os.waitpid(-1, os.WNOHANG)[0] > 0:
                pass
        except ChildProcessError:
            pass


main()
