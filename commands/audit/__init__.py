"""`capital audit …`: prove the history, and every number by it."""

from __future__ import annotations

from commands.terminal.lazy import LazyGroup

audit = LazyGroup(
    "audit",
    {
        "verify": ("commands.audit.verify:verify", "Verify the whole ledger, or a bundle."),
        "replay": ("commands.audit.replay:replay", "Walk the history again, entry by entry."),
        "checkpoint": (
            "commands.audit.checkpoint:checkpoint",
            "Say what the ledger holds now, to be kept elsewhere.",
        ),
        "keygen": ("commands.audit.checkpoint:keygen", "Make a key that signs checkpoints."),
        "prove": ("commands.audit.prove:prove", "Prove that an entry is in the ledger."),
        "consistency": (
            "commands.audit.prove:consistency",
            "Prove that one checkpoint extends another.",
        ),
        "bundle": (
            "commands.audit.bundle:bundle",
            "Write one issuer's record with its proofs into a file.",
        ),
        "documents": (
            "commands.audit.documents:documents",
            "Check the files of a folder against the entries.",
        ),
    },
    help="""Prove the history, and every number by it.

\b
Example:
  capital audit verify
  capital audit replay IIJ
""",
)
