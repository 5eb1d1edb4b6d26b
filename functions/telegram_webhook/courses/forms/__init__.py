"""Forms: what staff write down field by field. A record of a kind, its fields, a draft of it, and its statements."""
