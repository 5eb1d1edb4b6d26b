"""Updates of a support desk's bot. Handlers work in the caller's transaction and send nothing."""
