"""What all commands share: options, tables, pager, progress, completion."""
