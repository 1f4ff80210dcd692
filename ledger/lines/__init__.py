"""Import lines: how they are read, written and described."""
