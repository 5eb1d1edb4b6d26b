"""The dispatcher under fire: real processes, a real Postgres, real HTTP, and whatever may happen to them."""
