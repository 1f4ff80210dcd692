"""Proof of the history: verification, replay, proofs and bundles."""
