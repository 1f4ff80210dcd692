"""The sum behind a number, line by line, each line with its document."""
