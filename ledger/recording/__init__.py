"""Recording a command or a file: judged whole, saved as one entry an issuer."""
