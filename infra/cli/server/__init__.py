"""Commands of one small server."""
