"""Why a number is what it is: the sum behind it, line by line, each with its document."""
