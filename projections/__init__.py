"""What the log says, at any date and any state of knowledge; never writes an event."""
