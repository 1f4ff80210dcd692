"""Movements of shares, the one fold over them, and the counts it gives."""
