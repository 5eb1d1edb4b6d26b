"""Health probes: one harmless call to each service outside."""
