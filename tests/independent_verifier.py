"""Verifies a bundle by what docs/audit.md says, with none of the program's code."""

import json
import sys
from base64 import b64decode
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FILES = "README.md answers.jsonl checkpoint.txt documents.json proof.json rows.jsonl".split()


class Refused(Exception): ...


def root(first: int, end: int, leaves: dict[int, str], others: list[str], path: bool) -> bytes:
    here = {index: leaf for index, leaf in leaves.items() if first <= index < end}
    if not here or end - first == 1:
        return sha256(f"\0{here[first]}".encode()).digest() if here else b64decode(others.pop(0))
    middle = first + (1 << (end - first - 1).bit_length() - 1)
    halves = [(first, middle), (middle, end)][:: -1 if path and max(here) >= middle else 1]
    roots = {half: root(*half, here, others, path) for half in halves}  # a path starts at the leaf
    return sha256(b"\1" + roots[first, middle] + roots[middle, end]).digest()


def verify(data: bytes, key: str) -> str:
    try:
        bundle, (name, key_id, public) = ZipFile(BytesIO(data)), key.strip().split("+", 2)
        assert sorted(bundle.namelist()) == FILES, "not the files of a bundle"
        _, _, note, _, proof, lines = (bundle.read(file).decode() for file in FILES)
        (text, notes), raw = note.split("\n\n"), b64decode(public)
        assert (raw[0], sha256(f"{name}\n".encode() + raw).hexdigest()[:8]) == (1, key_id), "key"
        marks = [b64decode(each.split("\n")[0]) for each in f"\n{notes}".split(f"\n— {name} ")[1:]]
        (signature,) = [mark[4:] for mark in marks if mark[:4].hex() == key_id]
        Ed25519PublicKey.from_public_bytes(raw[1:]).verify(signature, f"{text}\n".encode())
        size, top, _, _, _, issuers, second = text.replace("\n", " ").split(" ")[-7:]
        own, others = map(json.loads(proof).get, ("issuer", "hashes"))
        leaves, commit, times = dict[int, str](), list[object](), [""]
        for row in map(json.loads, lines.removesuffix("\n").split("\n")):
            state, at = json.loads(row["state"]), row["index"]
            made = (row["salt"], row["recorded_at"])
            number = state["number" if row["name"] == "Entry" else "version"]
            assert (state["issuer"], number) == (own["issuer"], row["version"]), "issuer or version"
            assert (at in leaves, not commit or at - 1 in leaves) == (False, True), "sequence"
            leaves[at] = "{salt}\n{recorded_at}\n{id}\n{version}\n{name}\n{state}".format(**row)
            assert leaves[at].split("\n", 5)[5] == row["state"], "a line feed before the state"
            commit.append((*made, state.get("action"), number))
            if row["name"] == "Entry":
                spans = [(e["action"], range(e["first"], e["last"] + 1)) for e in state["events"]]
                spans.append((None, range(len(times), len(times) + 1)))
                named = ((*made, action, n) for action, span in spans for n in span)
                assert all(is_ == due for is_, due in zip(commit, named, strict=True)), "events"
                commit, times = [], [*times, row["recorded_at"]]
        assert (commit, times) == ([], sorted(set(times))), "no entry at the end, or times"
        assert (own["last_entry"], own["salt"]) == (len(times) - 1, row["salt"]), "last entry"
        assert [-1, *leaves, int(size)] == sorted({-1, *leaves, int(size)}), "indices"
        assert (root(0, int(size), leaves, others, False), others) == (b64decode(top), []), "root"
        at, leaf = own["index"], "{salt}\n{issuer}\n{last_entry}".format(**own)
        whole = root(0, int(issuers), {range(int(issuers)).index(at): leaf}, own["path"], True)
        assert (whole, own["path"]) == (b64decode(second), []), "the issuer's last entry"
        return str(own["issuer"])
    except Exception as error:
        raise Refused(f"{type(error).__name__}: {error}") from error


if __name__ == "__main__":
    issuer = verify(Path(sys.argv[1]).read_bytes(), sys.argv[2])
    sys.stdout.write(f"verified: {issuer}\n")
