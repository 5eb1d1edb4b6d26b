"""Who wrote: customers by any of their addresses, and their conversations, made when they are new, and locked."""
