"""What managers do in their group: press, write, ask. Each works in the caller's transaction and sends nothing."""
