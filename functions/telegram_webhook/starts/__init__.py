"""People who press Start: who they are, what they hear, and what was waiting for them."""
