"""The words people type: parse, call, print. Only here is click, and only here is printing."""
