"""What Postgres refuses, as a cause and a next step."""
