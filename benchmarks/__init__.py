"""How fast the ledger is, told in ratios of paired runs on generated workloads."""
