"""The Merkle tree over everything stored, its commits and signed checkpoints."""
