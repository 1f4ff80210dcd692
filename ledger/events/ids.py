"""The ids of the logs: one for each issuer's register and each action."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID, uuid5

NAMESPACE = UUID("5c0f35b7-6f0f-5d3c-9d5e-0d9a2a6d7c11")


@lru_cache(maxsize=2**16)
def action_id(issuer: str, reference: str) -> UUID:
    """The id of one capital action: recording it twice collides rather than duplicates."""
    return uuid5(_issuer_id(issuer), "action:" + reference)


@lru_cache(maxsize=4096)
def register_id(issuer: str) -> UUID:
    """The id of one issuer's register."""
    return uuid5(_issuer_id(issuer), "register")


@lru_cache(maxsize=4096)
def _issuer_id(issuer: str) -> UUID:
    return uuid5(NAMESPACE, issuer)
