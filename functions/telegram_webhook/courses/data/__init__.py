"""What the screens read and write: people, consents, sessions, and what is noted of them."""
