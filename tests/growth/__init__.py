"""What keeps every statement as cheap after years as on the first day."""
