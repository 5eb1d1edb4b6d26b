"""shared.courses."""
