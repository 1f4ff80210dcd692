"""Dividends, one by one and by fiscal year."""
