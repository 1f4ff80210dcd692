"""How a command that records an event is made from the event itself."""
