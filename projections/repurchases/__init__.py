"""The progress of repurchase programs."""
