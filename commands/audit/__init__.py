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
            "State what the ledger contains now, to be kept elsewhere.",
        ),
        "keygen": ("commands.audit.signing:keygen", "Make a key that signs checkpoints."),
        "sign": ("commands.audit.signing:sign", "Sign a checkpoint, without the ledger."),
        "witness": (
            "commands.audit.witness:witness",
            "Cosign a checkpoint that extends all that was seen.",
        ),
        "timestamp": (
            "commands.audit.stamps:timestamp",
            "Have an authority stamp a checkpoint with the time.",
        ),
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
    help="""Verify and prove the history and the figures that follow from it.

\b
Example:
  capital audit verify
  capital audit replay IIJ
""",
)
