"""A DKIM signer that can write what no sound signer would: each tag and each field is as told.

It uses dkimpy's canonicalisation and RSA, which makes it independent of the program under test.
"""
import base64
import hashlib
import pathlib
import subprocess
import tempfile
import time

NOW = int(time.time())  # the peers read the clock themselves
RSA_BITS = (512, 1024, 2048, 4096)
KEYS = {}  # {name: (what signs a digest, the value of p=)}
PEM = {}   # {name: the private key}


def rsa_key(path):
    from dkim.crypto import RSASSA_PKCS1_v1_5_sign, parse_pem_private_key
    der = subprocess.run(["openssl", "rsa", "-in", path, "-pubout", "-outform", "DER"],
                         check=True, capture_output=True).stdout
    private = parse_pem_private_key(path.read_bytes())
    return (lambda hashed: RSASSA_PKCS1_v1_5_sign(hashed, private),
            base64.b64encode(der).decode())


def make_keys():
    """Once a process; they are new each time, as no secret belongs into a repository."""
    import nacl.signing
    if KEYS:
        return
    with tempfile.TemporaryDirectory() as directory:
        for bits in RSA_BITS:
            path = pathlib.Path(directory) / f"rsa{bits}.pem"
            subprocess.run(["openssl", "genrsa", "-traditional", "-out", path, str(bits)],
                           check=True, capture_output=True)
            KEYS[f"rsa{bits}"] = rsa_key(path)
            PEM[f"rsa{bits}"] = path.read_bytes()
    key = nacl.signing.SigningKey.generate()
    KEYS["ed25519"] = (lambda hashed: key.sign(hashed.digest()).signature,
                       base64.b64encode(bytes(key.verify_key)).decode())


def policy_of(canon):
    """What is written, as far as it means something; else the default (RFC 6376, 3.5)."""
    from dkim.canonicalization import (CanonicalizationPolicy,
                                       InvalidCanonicalizationPolicyError)
    try:
        return CanonicalizationPolicy.from_c_value((canon or "simple/simple").encode())
    except InvalidCanonicalizationPolicyError:
        return CanonicalizationPolicy.from_c_value(b"simple/simple")


def selected(fields, names):
    """The fields that h= means, the last one of a name first (RFC 6376, 5.4.2)."""
    pool = [(name.lower().strip(), (name, text + b"\r\n"))
            for name, text in (tuple(field.split(b":", 1)) for field in fields)]
    found = []
    for name in names:
        for at in range(len(pool) - 1, -1, -1):
            if pool[at][0] == name.strip().lower().encode("latin-1"):
                found.append(pool.pop(at)[1])
                break
    return found


def sign(fields, body, tags, key="rsa2048", separator="; ", name=b"DKIM-Signature: ",
         length=None):
    """The signature field over fields and body; `tags` are (name, value) in their order, bh=
    and b= are added. `length` is how much of the canonical body is hashed."""
    told = dict(tags)
    policy = policy_of(told.get("c"))
    canonical = policy.canonicalize_body(body)[:length]
    digest = base64.b64encode(hashlib.sha256(canonical).digest()).decode()
    tags = [(tag, digest if tag == "bh" and value is None else value) for tag, value in tags]
    value = separator.join(f"{tag}={text}" for tag, text in tags) + separator + "b="
    field = name + value.encode("latin-1")
    own = tuple(field.split(b":", 1))
    hashed = hashlib.sha256()
    for pair in policy.canonicalize_headers(selected(fields, told.get("h", "").split(":"))):
        hashed.update(pair[0] + b":" + pair[1])
    [(name, text)] = policy.canonicalize_headers([(own[0], own[1] + b"\r\n")])
    hashed.update(name + b":" + text.rstrip(b"\r\n"))
    signed = base64.b64encode(KEYS[key][0](hashed)).decode()
    return field + (signed[:60] + "\r\n " + signed[60:]).encode()


def message_of(fields, body):
    return b"".join(field + b"\r\n" for field in fields) + b"\r\n" + body


def world_text(keys):
    from spf_cases import quoted
    return "\n".join(f"{name} TXT " + " ".join(
        quoted(text[at:at + 200]) for at in range(0, max(len(text), 1), 200))
        for name, text in keys.items()) + "\n"


def case_of(number, message, keys, **more):
    return {"id": number, "keys": keys, "now": NOW, "world": world_text(keys),
            "message": base64.b64encode(message).decode(), **more}
