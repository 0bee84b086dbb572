"""Sign a message with openssl alone, simple/simple; print the signed message.

usage: dkim_sign.py KEY rsa|ed25519 DOMAIN SELECTOR
"""
import base64
import hashlib
import os
import subprocess
import sys
import tempfile

key, kind, domain, selector = sys.argv[1:5]
headers = b"From: A <a@%s>\r\nTo: b@example.net\r\nSubject: new key\r\n" % domain.encode()
body = b"Hello,\r\nthis is signed.\r\n"
digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
field = ("DKIM-Signature: v=1; a=%s-sha256; c=simple/simple; d=%s; s=%s;\r\n"
         "\th=from:to:subject; bh=%s;\r\n\tb=" % (kind, domain, selector, digest)).encode()
signed = headers + field
with tempfile.NamedTemporaryFile(delete=False) as file:
    # RFC 8463, 3: Ed25519 signs the SHA-256 hash
    file.write(signed if kind == "rsa" else hashlib.sha256(signed).digest())
command = (["openssl", "dgst", "-sha256", "-sign", key, file.name] if kind == "rsa" else
           ["openssl", "pkeyutl", "-sign", "-inkey", key, "-rawin", "-in", file.name])
signature = base64.b64encode(subprocess.run(command, check=True, capture_output=True).stdout)
os.unlink(file.name)
sys.stdout.buffer.write(field + signature + b"\r\n" + headers + b"\r\n" + body)
