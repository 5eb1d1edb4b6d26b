"""What several functions know of salons: time zones, write-back, and the digest's picture (dispatch only)."""
