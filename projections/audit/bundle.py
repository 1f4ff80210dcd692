"""One issuer's whole record in one file, with the proofs that nothing is altered or left out."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ledger.errors import Refused, Unknown
from ledger.history.history import KnownHistory
from ledger.history.knowledge import Knowledge
from ledger.proof.checkpoint import issuer_leaf, issuers_tree
from ledger.proof.merkle import Tree
from ledger.proof.note import Note
from ledger.recording.issuer_record import Book
from ledger.store.stored import Snapshot
from projections.audit.answers import answer_lines
from projections.audit.checkpoints import last_entries, tree_of, unaltered_rows
from projections.audit.contents import LastEntry, issuers_at
from projections.audit.fault import FaultKind
from projections.audit.proofs import hashes_text, row_json
from projections.audit.walk import Committed, commit_of_entry
from projections.checks.documents import documents

if TYPE_CHECKING:
    from ledger.store.ledger import Ledger

NAMES = (
    "README.md",
    "checkpoint.txt",
    "rows.jsonl",
    "proof.json",
    "documents.json",
    "answers.jsonl",
)
_EPOCH = (1980, 1, 1, 0, 0, 0)  # equal contents give equal files


def make_bundle(ledger: Ledger, issuer: str, note: Note, note_text: str, name: str) -> bytes:
    """The zip file of one issuer's rows up to a checkpoint.

    Raises Unknown if the issuer had no entry by then, Refused if the ledger is not what the
    checkpoint says, or a row of the issuer is not what was recorded.
    """
    ledger.entries(issuer)  # raises Unknown if there is no such issuer
    size = note.checkpoint.size
    with ledger.snapshot() as moment:
        lasts = last_entries(moment, size)
        if issuer not in lasts:
            raise Unknown(
                f"{issuer} has no entry among the {size:,} rows of {name}",
                "make a newer one with: capital audit checkpoint",
            )
        tree = tree_of(moment, note.checkpoint, name)
        last = lasts[issuer].number
        rows = [
            row_json(row, found.commit)
            for number, found in enumerate(_commits_of(moment, issuer, last), start=1)
            for row in unaltered_rows(found, issuer, number)
        ]
    if (note.checkpoint.issuers, note.checkpoint.issuers_root) != issuers_at(lasts):
        raise Refused(
            f"{FaultKind.ISSUERS_DIFFER}: the last entries of each issuer are not those of {name}",
            "find out what happened with: capital audit verify",
        )
    files = {
        "README.md": readme(issuer, last),
        "checkpoint.txt": note_text,
        "rows.jsonl": "".join(json_line(row) for row in rows),
        "proof.json": json_line(_proof(tree, lasts, issuer, [row["index"] for row in rows])),
        **derived(Book(ledger, issuer).history.as_of(Knowledge(last))),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for file in NAMES:
            bundle.writestr(zipfile.ZipInfo(file, _EPOCH), files[file], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def derived(known: KnownHistory) -> dict[str, str]:
    """The files of a bundle that follow from its rows: documents and answers."""
    named = [asdict(document) for document in documents(known)]
    return {
        "documents.json": json.dumps(named, ensure_ascii=False, indent=1) + "\n",
        "answers.jsonl": "".join(answer_lines(known)),
    }


def json_line(value: Any) -> str:
    """A value as one line of JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def _commits_of(moment: Snapshot, issuer: str, last: int) -> Iterator[Committed]:
    for number in range(1, last + 1):
        found = commit_of_entry(moment, issuer, number)
        if found is None:
            raise Unknown(
                f"entry {number} of {issuer} is not stored",
                "find out what happened with: capital audit verify",
            )
        yield found


def _proof(
    tree: Tree, lasts: dict[str, LastEntry], issuer: str, indices: list[int]
) -> dict[str, Any]:
    last = lasts[issuer]
    own = issuer_leaf(last.salt, issuer, last.number)
    ordered, issuers = issuers_tree(
        issuer_leaf(other.salt, code, other.number) for code, other in lasts.items()
    )
    place = ordered.index(own)
    return {
        "hashes": hashes_text(tree.complement(indices)),
        "issuer": {
            "issuer": issuer,
            "last_entry": last.number,
            "salt": last.salt.hex(),
            "index": place,
            "path": hashes_text(issuers.inclusion(place)),
        },
    }


def readme(issuer: str, last: int) -> str:
    """How to verify the bundle, with nothing but a standard library."""
    return _README.replace("LAST", str(last)).replace("ISSUER", issuer)


_README = '''# The capital actions of ISSUER, entries 1 to LAST

- `rows.jsonl`: every stored row of this issuer, verbatim: events, and the entries that name them
- `checkpoint.txt`: what the whole ledger held when this was made; signed, if it was
- `proof.json`: that these rows are in that ledger, and that none of this issuer's is left out
- `documents.json`: the documents the entries name, with their SHA-256 where recorded
- `answers.jsonl`: share counts, dividends and repurchases at every day that changes one

With the program: `capital audit verify THIS.zip --key KEY`. Without it, unpack the file and run
these lines of Python, which need nothing but its standard library; then compare `checkpoint.txt`
with the checkpoint you were given by another way, or check its signature (Ed25519, C2SP
signed-note). The answers follow from the rows; only the program computes them again.

```python
import base64, hashlib, json

def leaf(text): return hashlib.sha256(b"\\0" + text.encode()).digest()
def node(left, right): return hashlib.sha256(b"\\1" + left + right).digest()

def root(first, end, rows, hashes):
    """The root over leaves first..end: of rows that are here, and hashes for those that are not."""
    here = [row for row in rows if first <= row["index"] < end]
    if not here: return hashes.pop(0)
    if end - first == 1:
        row = here[0]
        parts = "salt recorded_at id version name state".split()
        return leaf("\\n".join(str(row[part]) for part in parts))
    middle = first + (1 << (end - first - 1).bit_length() - 1)
    return node(root(first, middle, here, hashes), root(middle, end, here, hashes))

lines = open("checkpoint.txt", encoding="utf-8").read().split("\\n")
rows = [json.loads(line) for line in open("rows.jsonl", encoding="utf-8")]
proof = json.load(open("proof.json", encoding="utf-8"))
hashes = [base64.b64decode(text) for text in proof["hashes"]]
assert root(0, int(lines[1]), rows, hashes) == base64.b64decode(lines[2]) and not hashes

own = proof["issuer"]
here, index, last = leaf(f"{own['salt']}\\n{own['issuer']}\\n{own['last_entry']}"), own["index"], \\
    int(lines[4].split()[1]) - 1
for text in own["path"]:
    sibling = base64.b64decode(text)
    if index % 2 or index == last:
        here = node(sibling, here)
        while index and not index % 2: index, last = index // 2, last // 2
    else:
        here = node(here, sibling)
    index, last = index // 2, last // 2
assert here == base64.b64decode(lines[4].split()[2]) and last == 0

entries = [json.loads(row["state"]) for row in rows if row["name"] == "Entry"]
assert [entry["number"] for entry in entries] == list(range(1, own["last_entry"] + 1))
named = [(part["action"], version) for entry in entries for part in entry["events"]
         for version in range(part["first"], part["last"] + 1)]
events = [json.loads(row["state"]) for row in rows if row["name"] != "Entry"]
assert named == [(event["action"], event["version"]) for event in events]
assert {each["issuer"] for each in entries + events} == {own["issuer"]}
print("verified:", own["issuer"], "entries 1 to", own["last_entry"], "of the ledger of", lines[3])
```
'''
