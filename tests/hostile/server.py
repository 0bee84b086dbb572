"""An SMTP server on loopback whose every word holds hostile octets."""
import socket
import ssl
import subprocess
import threading

# what ends an option of openssl, or means something in it
SYNTAX = b"\0\n\r/\\+=,\"'$;#`{}<>&%[]:"


def certificate(kind):
    """cert.pem and key.pem, with octets in the subject and among the names"""
    form = ["-utf8"] if kind.is_utf8() else []
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem", "-out",
                    "cert.pem", "-days", "2", *form,
                    "-subj", b"/CN=" + kind.raw("zqsubject", SYNTAX),
                    "-addext", b"subjectAltName=DNS:" + kind.raw("zqsan", SYNTAX)],
                   check=True, capture_output=True)


class Server:
    def __init__(self, kind):
        certificate(kind)
        self.kind = kind
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain("cert.pem", "key.pem")
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                link, _ = self.listener.accept()
                threading.Thread(target=self.serve, args=(link,), daemon=True).start()
            except OSError:
                return

    def close(self):
        self.listener.close()

    def replies(self):
        def raw(token):
            return self.kind.raw(token, b"\r\n")
        return {
            b"EHLO": b"250-" + raw("zqhost") + b"\r\n250-" + raw("zqcapability") +
                     b"\r\n250-AUTH " + raw("zqmechanisms") +
                     b"\r\n250-STARTTLS\r\n250 HELP\r\n",
            b"STARTTLS": b"220 " + raw("zqgo") + b"\r\n",
            b"MAIL": b"250 " + raw("zqmail") + b"\r\n",
            b"RCPT": b"550 5.1.1 " + raw("zqrefused") + b"\r\n",
            b"QUIT": b"221 " + raw("zqbye") + b"\r\n",
        }

    def serve(self, link):
        replies = self.replies()
        try:
            link.sendall(b"220 " + self.kind.raw("zqgreeting") + b"\r\n")
            reader = link.makefile("rb")
            while line := reader.readline():
                verb = line[:4].upper() if line[:8].upper() != b"STARTTLS" else b"STARTTLS"
                link.sendall(replies.get(verb, b"250 ok\r\n"))
                if verb == b"STARTTLS":
                    link = self.context.wrap_socket(link, server_side=True)
                    reader = link.makefile("rb")
        except (OSError, ValueError):
            pass
        finally:
            link.close()
