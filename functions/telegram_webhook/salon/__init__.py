"""Updates of a salon's bot. Handlers work in the caller's transaction and send nothing."""
