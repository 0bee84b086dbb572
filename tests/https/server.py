"""server.py FOLDER - a web server that behaves by the name in TLS: mta-sts.BEHAVIOUR.example.

Prints its port. Certificates are those of pki.py in FOLDER. A file "connections" in FOLDER gets a
line for each connection, "requests" what was said, in lower case."""
import os
import socket
import ssl
import sys
import threading

POLICY = b"version: STSv1\r\nmode: enforce\r\nmx: mx.%s.example\r\nmax_age: 604800\r\n"
SVG = (b'<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" '
       b'viewBox="0 0 8 8"><title>Example</title></svg>')


def answer(status, body, *fields):
    lines = [f"HTTP/1.1 {status}", "Connection: close", *fields]
    if not any(field.startswith("Transfer-Encoding") for field in fields):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def text(body, kind="text/plain"):
    return answer("200 OK", body, f"Content-Type: {kind}")


def endless(tls, _):
    tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
    while True:
        tls.sendall(b"version: STSv1\r\n" * 1000)


def slow(_, stop):
    stop.wait(60)


def drip(tls, stop):
    tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
    while not stop.wait(0.2):
        tls.sendall(b"x")


def chunked(tls, _):
    body = POLICY % b"chunked"
    parts = b"".join(b"%x\r\n%s\r\n" % (len(body[i:i + 7]), body[i:i + 7])
                     for i in range(0, len(body), 7))
    tls.sendall(answer("200 OK", parts + b"0\r\n\r\n", "Content-Type: text/plain",
                       "Transfer-Encoding: chunked"))


def extensions(tls, _):
    """A chunk whose extension (RFC 9112, 7.1.1) does not end."""
    tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n5")
    while True:
        tls.sendall(b";a=b" * 4000)


def interim(tls, _):
    while True:
        tls.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" * 400)


def fields(tls, _):
    tls.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        tls.sendall(b"X-Field: of many\r\n" * 1000)


def crumbs(tls, _):
    """Chunks of one octet, of which no body is made that is too long."""
    tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        tls.sendall((b"00000000000001;" + b"x" * 200 + b"\r\nv\r\n") * 100)


ANSWERS = {
    "missing": answer("404 Not Found", b"no"),
    "error": answer("503 Service Unavailable", b"later"),
    "redirect": answer("301 Moved", b"", "Location: https://mta-sts.good.example/"),
    "html": text(POLICY % b"html", "text/html"),
    "huge": text(b"x" * 2000000),
    "garbage": bytes(range(256)) * 4,
    "binary": text(bytes(range(256))),
}
TALKS = {"endless": endless, "slow": slow, "drip": drip, "chunked": chunked,
         "extensions": extensions, "interim": interim, "fields": fields, "crumbs": crumbs}


def sized(body, name, kind):
    """What the name in "/32768.svg" is: the body, and blanks up to so many octets"""
    size = int(name.split(b".")[0])
    return text(body + b"\n" * (size - len(body)), kind)


def talk(tls, name, path, stop):
    behaviour = name.split(".")[-2] if name else ""
    if path == b"/logo.svg":
        tls.sendall(text(SVG, "image/svg+xml"))
    elif path == b"/moved.svg":
        tls.sendall(answer("302 Found", b"", "Location: /logo.svg"))
    elif path.startswith(b"/round"):
        tls.sendall(answer("302 Found", b"", "Location: %s0" % path.decode()))
    elif path[1:2].isdigit():
        tls.sendall(sized(SVG, path[1:], "image/svg+xml"))
    elif behaviour.startswith("octets"):
        size = behaviour[len("octets"):].encode()
        tls.sendall(sized(POLICY % behaviour.encode(), size, "text/plain"))
    elif path == b"/mark.pem":
        tls.sendall(text(b"no certificate\n"))
    elif behaviour in TALKS:
        TALKS[behaviour](tls, stop)
    else:
        tls.sendall(ANSWERS.get(behaviour, text(POLICY % behaviour.encode())))


def serve(connection, contexts, stop):
    names = {}

    def choose(tls, name, _):
        names["name"] = name
        words = (name or "").split(".")
        tls.context = contexts.get(words[-2] if len(words) > 1 else "", contexts["good"])

    try:
        contexts["first"].sni_callback = choose
        with contexts["first"].wrap_socket(connection, server_side=True) as tls:
            request = tls.recv(65536)
            with open(os.path.join(sys.argv[1], "requests"), "ab") as file:
                file.write(request.lower().replace(b"\r", b""))
            talk(tls, tls_name(names), request.split(b" ")[1], stop)
    except (OSError, IndexError):
        pass


def tls_name(names):
    return names.get("name")


def main():
    folder = sys.argv[1]
    stop = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    print(listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        with open(os.path.join(folder, "connections"), "a", encoding="ascii") as file:
            file.write("one\n")
        contexts = {}
        for word in ("first", "good", "expired", "early", "wrongname", "selfsigned", "untrusted"):
            contexts[word] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            base = os.path.join(folder, "good" if word == "first" else word)
            contexts[word].load_cert_chain(base + ".crt", base + ".key")
        threading.Thread(target=serve, args=(connection, contexts, stop), daemon=True).start()


main()
