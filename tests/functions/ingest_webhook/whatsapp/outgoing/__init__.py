"""Who wrote: one person by any of their addresses."""
