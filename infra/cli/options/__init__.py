"""Values that several commands read from their options."""
