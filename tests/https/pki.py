"""pki.py FOLDER - a private authority, and certificates good and bad for the server of this folder."""
import os
import subprocess
import sys

CONFIG = """[ca]
default_ca = d
[d]
database = index
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = p
unique_subject = no
x509_extensions = leaf
[p]
commonName = supplied
[leaf]
subjectAltName = ${{ENV::NAMES}}
[root]
basicConstraints = critical, CA:TRUE
[req]
distinguished_name = dn
[dn]
"""


def openssl(*arguments, names="DNS:unused.example"):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True,
                   env={**os.environ, "NAMES": names})


def key_and_request(name, subject):
    openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", f"{name}.key", "-out", f"{name}.req", "-subj", f"/CN={subject}",
            "-config", "openssl.cnf")


def authority(name):
    key_and_request(name, f"{name} of the tests")
    openssl("req", "-x509", "-key", f"{name}.key", "-in", f"{name}.req", "-out", f"{name}.pem",
            "-days", "30", "-config", "openssl.cnf", "-extensions", "root")


def leaf(name, issuer, names, start="20200101000000Z", end="20491231000000Z"):
    key_and_request(name, name)
    signer = ["-selfsign", "-keyfile", f"{name}.key"] if issuer is None else \
        ["-cert", f"{issuer}.pem", "-keyfile", f"{issuer}.key"]
    openssl("ca", "-batch", "-notext", "-config", "openssl.cnf", "-in", f"{name}.req",
            "-out", f"{name}.crt", "-startdate", start, "-enddate", end, *signer, names=names)


def main():
    os.chdir(sys.argv[1])
    with open("openssl.cnf", "w", encoding="ascii") as file:
        file.write(CONFIG.replace("{{", "{").replace("}}", "}"))
    with open("index", "w", encoding="ascii"):
        pass
    for name in ("trusted", "stranger"):
        authority(name)
    every = "DNS:*.example," + ",".join(
        f"DNS:mta-sts.{word}.example" for word in sys.argv[2:])
    leaf("good", "trusted", every)
    leaf("expired", "trusted", every, end="20210101000000Z")
    leaf("early", "trusted", every, start="20480101000000Z")
    leaf("wrongname", "trusted", "DNS:www.elsewhere.example")
    leaf("selfsigned", None, every)
    leaf("untrusted", "stranger", every)


main()
