"""The monthly report of a repurchase program."""
