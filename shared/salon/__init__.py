"""What several functions know of salons: what became of their messages, what a picture shows."""
