"""Time stamps of checkpoints (RFC 3161), from an authority of OpenSSL's own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from ledger.proof.checkpoint import Checkpoint
from ledger.proof.keys import Signer
from ledger.proof.merkle import EMPTY_ROOT
from tests.conftest import Typed

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="no OpenSSL is installed")

CONFIGURATION = """
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[stamper]
extendedKeyUsage = critical, timeStamping
[server]
extendedKeyUsage = critical, serverAuth
[tsa]
default_tsa = authority
[authority]
serial = serial
signer_cert = stamper.pem
signer_key = stamper.key
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
"""


class Authority:
    """A root certificate, and a server's certificate that stamps by it."""

    def __init__(self, folder: Path, use: str = "stamper") -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "openssl.cnf").write_text(CONFIGURATION)
        (folder / "serial").write_text("01\n")
        key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config openssl.cnf"
        self.run(f"req -x509 {key} -keyout root.key -out root.pem -subj /CN=Root -extensions root")
        self.run(f"req -new {key} -keyout stamper.key -out stamper.csr -subj /CN=Stamper")
        self.run(
            "x509 -req -in stamper.csr -CA root.pem -CAkey root.key -CAcreateserial "
            f"-out stamper.pem -extfile openssl.cnf -extensions {use}"
        )

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    def run(self, words: str, *more: object) -> str:
        done = subprocess.run(
            ["openssl", *words.split(), *map(str, more)],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def reply(self, query: bytes) -> bytes:
        (self.folder / "query").write_bytes(query)
        self.run("ts -reply -config openssl.cnf -queryfile query -out reply")
        return (self.folder / "reply").read_bytes()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa") / "authority")


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa") / "other")


TEXT = Checkpoint("example.com", 0, EMPTY_ROOT, "2024-03-31T09:00:00.000000Z", 0, EMPTY_ROOT).text


@pytest.fixture
def march(tmp_path: Path) -> Path:
    """A checkpoint of an empty ledger, in a file."""
    place = tmp_path / "march"
    place.write_text(TEXT)
    return place


@pytest.fixture
def capital(tmp_path: Path) -> Typed:
    typed = Typed(tmp_path / "capital.db")
    typed.ok("init")
    return typed


def requested(capital: Typed, march: Path) -> bytes:
    place = march.with_name(f"{march.name}.tsq")
    capital.ok("audit", "timestamp", march, "--request", place)
    return place.read_bytes()


@pytest.fixture
def stamped(capital: Typed, march: Path, authority: Authority) -> Path:
    """A checkpoint with its stamp beside it."""
    reply = march.with_name("reply")
    reply.write_bytes(authority.reply(requested(capital, march)))
    capital.ok("audit", "timestamp", march, "--reply", reply, "--authority", authority.root)
    return march


def verify(capital: Typed, place: Path, authority: Authority, code: int = 0) -> str:
    words = ("audit", "verify", "--checkpoint", place, "--authority", authority.root)
    result = capital(*words)
    assert result.exit_code == code, result.output
    return result.stdout


def beside(place: Path) -> Path:
    return place.with_name(place.name + ".tsr")


def test_a_checkpoint_is_stamped_by_hand_and_verified_without_a_network(
    capital: Typed, stamped: Path, authority: Authority
) -> None:
    said = verify(capital, stamped, authority)

    assert f"time-stamped at {datetime.now(UTC):%Y-%m-%dT}" in said
    (held,) = capital.json(
        *("audit", "verify", "--checkpoint", stamped, "--authority", authority.root)
    )["checkpoints"]
    assert held["stamped_at"] in said


def test_a_bundle_is_verified_with_the_stamp_of_its_checkpoint(
    capital: Typed, tmp_path: Path, authority: Authority
) -> None:
    capital.ok("issuer", "register", "ACME", "--name", "A", "--currency", "JPY", "--profile", "jp")
    april, bundle = tmp_path / "april", tmp_path / "acme.zip"
    capital.ok("audit", "checkpoint", "-o", april)
    capital.ok("audit", "bundle", "ACME", "--checkpoint", april, "-o", bundle)
    words = ("audit", "verify", bundle, "--checkpoint", april, "--authority", authority.root)

    assert "time stamp does not hold" in capital(*words).stdout
    beside(april).write_bytes(authority.reply(requested(capital, april)))

    assert f"{april}: time-stamped at 20" in capital.ok(*words)


def test_openssl_verifies_the_stamp_that_is_kept(stamped: Path, authority: Authority) -> None:
    said = authority.run("ts -verify -CAfile root.pem -data", stamped, "-in", beside(stamped))

    assert "Verification: OK" in said


def test_a_signature_added_later_leaves_the_stamp_valid(
    capital: Typed, stamped: Path, authority: Authority
) -> None:
    stamped.write_text(Signer.generate("example.com").signed(TEXT), "utf-8")

    verify(capital, stamped, authority)


def test_nothing_but_the_digest_is_sent(capital: Typed, march: Path, authority: Authority) -> None:
    requested(capital, march)

    told = authority.run("ts -query -text -in", march.with_name("march.tsq"))

    assert "Hash Algorithm: sha256" in told
    assert b"example.com" not in march.with_name("march.tsq").read_bytes()


def test_a_checkpoint_without_a_stamp_is_a_finding_where_one_is_asked_for(
    capital: Typed, march: Path, authority: Authority
) -> None:
    said = verify(capital, march, authority, code=1)

    assert f"time stamp does not hold: {march}: has no time stamp" in said
    capital.ok("audit", "verify", "--checkpoint", march)


def test_the_stamp_of_another_authority_is_a_finding(
    capital: Typed, stamped: Path, other: Authority
) -> None:
    assert "time stamp does not hold" in verify(capital, stamped, other, code=1)


def test_the_stamp_of_another_text_is_a_finding(
    capital: Typed, stamped: Path, authority: Authority
) -> None:
    stamped.write_text(TEXT.replace("2024", "2023"))

    assert "Mismatch between messages" in verify(capital, stamped, authority, code=1)


DAMAGED: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "text": lambda _: b"stamp",
    "cut off": lambda data: data[:-1],
    "longer": lambda data: data + b"\0",
    "the last byte": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    "another time": lambda data: data.replace(b"\x18\x0f20", b"\x18\x0f19", 1),
    "not granted": lambda data: data.replace(b"\x30\x03\x02\x01\x00", b"\x30\x03\x02\x01\x02", 1),
}


@pytest.mark.parametrize("what", DAMAGED)
def test_a_damaged_stamp_is_a_finding(
    capital: Typed, stamped: Path, authority: Authority, what: str
) -> None:
    data = beside(stamped).read_bytes()
    assert DAMAGED[what](data) != data
    beside(stamped).write_bytes(DAMAGED[what](data))

    assert "time stamp does not hold" in verify(capital, stamped, authority, code=1)


def test_a_reply_that_does_not_verify_is_not_kept(
    capital: Typed, march: Path, authority: Authority, other: Authority
) -> None:
    reply = march.with_name("reply")
    reply.write_bytes(other.reply(requested(capital, march)))

    said = capital.refused(
        *("audit", "timestamp", march, "--reply", reply, "--authority", authority.root)
    )

    assert "the time stamp of" in said
    assert not beside(march).exists()


def test_a_certificate_that_is_not_for_time_stamps_stamps_nothing(
    capital: Typed, march: Path, authority: Authority, tmp_path: Path
) -> None:
    server = Authority(tmp_path / "server", use="server")
    for file in ("stamper.pem", "stamper.key"):  # OpenSSL itself refuses to stamp with it
        shutil.copy(authority.folder / file, server.folder / file)
    reply = march.with_name("reply")
    reply.write_bytes(server.reply(requested(capital, march)))

    capital.refused("audit", "timestamp", march, "--reply", reply, "--authority", server.root)


def test_a_stamp_is_never_written_over_another(
    capital: Typed, stamped: Path, authority: Authority
) -> None:
    before = beside(stamped).read_bytes()
    reply = stamped.with_name("reply")

    said = capital.refused(
        *("audit", "timestamp", stamped, "--reply", reply, "--authority", authority.root), code=2
    )

    assert "already exists" in said
    assert beside(stamped).read_bytes() == before


@pytest.mark.parametrize("text", ["", "certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_what_holds_no_certificate_is_no_authority(
    capital: Typed, stamped: Path, text: str
) -> None:
    place = stamped.with_name("authority.pem")
    place.write_text(text)

    said = capital.refused(
        *("audit", "verify", "--checkpoint", stamped, "--authority", place), code=2
    )

    assert f"{place}: no certificates" in said


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--request", "a", "--reply", "b"),
        ("--reply", "a", "--url", "https://tsa.example.com"),
        ("--url", "https://tsa.example.com"),
        ("--url", "file:///etc/passwd", "--authority", "root.pem"),
        ("--url", "tsa.example.com", "--authority", "root.pem"),
    ],
    ids=" ".join,
)
def test_a_stamp_is_asked_for_in_one_way_with_an_authority(
    capital: Typed, march: Path, authority: Authority, words: tuple[str, ...]
) -> None:
    root = [authority.root if word == "root.pem" else word for word in words]

    capital.refused("audit", "timestamp", march, *root, code=2)


def test_an_authority_without_a_checkpoint_is_bad_usage(
    capital: Typed, authority: Authority
) -> None:
    capital.refused("audit", "verify", "--authority", authority.root, code=2)


# --- over a network ------------------------------------------------------------------------------


@contextmanager
def serving(answer: Callable[[bytes], tuple[int, bytes]]) -> Iterator[str]:
    """A server on this machine that answers one kind of request; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/timestamp-query"
            status, data = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/tsa"
        finally:
            server.shutdown()
            thread.join()


def test_an_authority_is_asked_at_its_address(
    capital: Typed, march: Path, authority: Authority
) -> None:
    with serving(lambda query: (200, authority.reply(query))) as url:
        capital.ok("audit", "timestamp", march, "--url", url, "--authority", authority.root)

    verify(capital, march, authority)


def test_the_answer_to_an_earlier_request_is_refused(
    capital: Typed, march: Path, authority: Authority
) -> None:
    earlier = authority.reply(requested(capital, march))

    with serving(lambda _: (200, earlier)) as url:
        said = capital.refused(
            *("audit", "timestamp", march, "--url", url, "--authority", authority.root)
        )

    assert "Nonce mismatch" in said
    assert not beside(march).exists()


@pytest.mark.parametrize(
    ("status", "data"), [(500, b""), (200, b""), (200, b"<html>"), (404, b"x" * 10_000)]
)
def test_an_authority_that_does_not_stamp_is_told(
    capital: Typed, march: Path, authority: Authority, status: int, data: bytes
) -> None:
    with serving(lambda _: (status, data)) as url:
        said = capital.refused(
            *("audit", "timestamp", march, "--url", url, "--authority", authority.root)
        )

    assert "time stamp" in said
    assert not beside(march).exists()


def test_an_authority_that_cannot_be_reached_is_told(
    capital: Typed, march: Path, authority: Authority
) -> None:
    with serving(lambda _: (200, b"")) as url:
        pass

    said = capital.refused(
        *("audit", "timestamp", march, "--url", url, "--authority", authority.root)
    )

    assert f"the authority at {url} gave no time stamp" in said


def test_nothing_of_time_stamps_is_loaded_where_none_is_asked_for() -> None:
    code = "import sys, commands.audit.verify; sys.exit('rfc3161_client' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
