"""What tests of a system start from: its rows, what happens to them, and what came of it."""
