"""Pages on which somebody decides: alerts, settings, people, the audit."""
