"""carillon learning: tracks, templates, settings and clients of learning apps."""
