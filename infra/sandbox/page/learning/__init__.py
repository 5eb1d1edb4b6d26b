"""A front end of learning tracks, as small as it can be: an example to copy, and a window into a local stack."""
